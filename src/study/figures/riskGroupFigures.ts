import { selectOutcome, type SurvivalOutcome } from "../../cohort/index.js";
import { aalenJohansen, grayTest, kaplanMeier, logRank } from "../../evaluate/index.js";
import { InputError } from "../../math/index.js";
import { coxFit, fineGray } from "../../model/index.js";
import type { Figure, SurvivalData } from "../../report/index.js";
import type { Facts } from "../facts.js";
import { notDrawn, percentOf, scoredSets, trainingOutcome, trainingText } from "./setsOf.js";

/** at risk, below which a curve is drawn pale: one event moves it far */
const FEW = 5;

export const groupNames = (cuts: number): string[] => (cuts === 1 ? ["Low risk", "High risk"] : ["Low risk", "Middle risk", "High risk"]);

/** Group of a linear predictor: the number of cuts below it. A patient at a cut is of the lower group, as where the cut was searched. */
export const groupOf = (value: number, cuts: readonly number[]): number => cuts.reduce((g, cut) => g + Number(value > cut), 0);

/** Another event came first in some patients: 1 − Kaplan–Meier would overstate the risk, and curves are cumulative incidences. */
const competes = (outcome: SurvivalOutcome): boolean => outcome.cause?.some((c) => c > 1) ?? false;
const curvesIn = (outcome: SurvivalOutcome, percent: string): string => `${competes(outcome) ? `Cumulative incidence (Aalen–Johansen; patients with another event first cannot have this one any more) with ${percent} intervals on the log scale` : `Kaplan–Meier curves with ${percent} log-log intervals`}, pale and without interval where fewer than ${FEW} are left at risk`;

/** Curves of the final model's risk groups in every set (Kaplan–Meier; with competing events Aalen–Johansen), and of patients left out in the first repeat of the cross-validation. */
export function survivalFigures(facts: Facts): Figure[] {
  const { cut, plan } = facts;
  if (plan.outcome.kind !== "survival" || cut === undefined || cut.values.length === 0) return [];
  const figures: Figure[] = [];
  const { level } = plan.evaluation, percent = percentOf(facts);
  const fitted = `cut of the linear predictor by ${cut.method}, chosen on the training patients`;
  const caution = cut.correctedP !== undefined ? `P corrected for the search (${cut.correction ?? "permutation"}): ${shown(cut.correctedP).replace(/^P (= )?/, "")}.`
    : /^(median|tertiles)$/.test(cut.method) ? "No P or HR: the model was fitted on these patients." : "No P or HR: model and cut were chosen on these patients.";
  for (const set of scoredSets(facts)) {
    const lp = set.from.predictions[cut.model]?.linear;
    if (lp === undefined) continue;
    const group = Int32Array.from(lp, (x) => groupOf(x, cut.values));
    const outcome = set.outcome as SurvivalOutcome;
    const data = curves(outcome, group, cut.values.length, plan.outcome, { kind: set.title, test: set.kind !== "apparent", level });
    if (data === undefined) continue;
    figures.push({
      id: set.kind === "apparent" ? "survival" : `survival-${set.kind}-${set.set.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`, section: "survival",
      front: set.kind === "apparent" && facts.crossValidation === undefined, title: `Risk groups, ${set.title}`, chart: "survival",
      caption: `${curvesIn(outcome, percent)}; ${fitted}. ${set.kind === "apparent" ? `The same patients chose model and cut: the distance between the curves is optimistic.${cut.correctedP === undefined ? "" : ` ${caution}`}` : `Patients the model has not seen${/^s?HR .*\(/.test(data.ratio ?? "") ? `; ${competes(outcome) ? "subdistribution hazard ratio (sHR) by Fine–Gray regression" : "HR by Cox regression"} with ${percent} intervals` : ""}.`}`,
      data: { ...data, ...(set.kind === "apparent" && caution !== "" ? { note: caution } : {}) },
    });
  }
  const left = leftOutGroups(facts);
  if (left !== undefined) figures.unshift(left);
  return figures;
}

/** Simon et al., Brief Bioinform 2011;12:203: groups from predictions for patients left out. The probability that the cut stands for is the yardstick, since linear predictors of different folds have different scales. */
function leftOutGroups(facts: Facts): Figure | undefined {
  const { cut, plan, crossValidation: cv } = facts;
  if (cv === undefined || cut === undefined || plan.outcome.kind !== "survival") return undefined;
  const last = plan.evaluation.times.length - 1;
  const own = facts.sets[0].predictions[cut.model];
  const probability = cv.repeats[0].predictions[cut.model]?.probability[last];
  if (own === undefined || probability === undefined || probability.some((p) => !Number.isFinite(p))) return undefined;
  // the probability at each cut: that of the training patient with the highest linear predictor at or below it
  const yardsticks = cut.values.map((value) => {
    let best = -Infinity, at = NaN;
    own.linear.forEach((lp, k) => { if (lp <= value && lp > best) { best = lp; at = own.probability[last][k]; } });
    return at;
  });
  const group = Int32Array.from(probability, (p) => groupOf(p, yardsticks));
  const data = curves(trainingOutcome(facts) as SurvivalOutcome, group, cut.values.length, plan.outcome, { kind: `${facts.sets[0].name}, nested cross-validation`, test: false, level: plan.evaluation.level });
  if (data === undefined) return undefined;
  return {
    id: "survival-left-out", section: "survival", front: true, title: "Risk groups of patients left out", chart: "survival",
    caption: `${curvesIn(trainingOutcome(facts) as SurvivalOutcome, percentOf(facts))}. Each patient stands in the group of a model that was fitted without that patient (first repeat of the cross-validation, groups by the predicted risk by ${plan.evaluation.times[last]} ${plan.outcome.unit} that the cut stands for). Folds share patients, so no P is given (Simon 2011).`,
    data,
  };
}

function curves(outcome: SurvivalOutcome, group: Int32Array, cuts: number, of: { unit: string; name: string; eventName: string }, { kind, test, level }: { kind: string; test: boolean; level: number }): SurvivalData | undefined {
  const names = groupNames(cuts), rising = competes(outcome);
  const present = names.map((_, g) => g).filter((g) => group.includes(g));
  const most = Math.max(...outcome.time);
  const step = niceStep(most / 6);
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, k) => k * step);
  const groups = present.map((g) => {
    const own = selectOutcome(outcome, Array.from(group.keys()).filter((k) => group[k] === g));
    const leaving = Array.from(own.time).sort((a, b) => a - b), { time, at, low, high } = curveOf(own, rising, level), start = rising ? 0 : 1;
    return {
      name: names[g], n: own.time.length, events: own.event.reduce((s, e) => s + e, 0), time: [0, ...time, Math.max(...own.time)],
      survival: [start, ...at, at.at(-1) ?? start], low: [start, ...low, low.at(-1) ?? start], high: [start, ...high, high.at(-1) ?? start],
      censored: [...new Set(Array.from(own.time).filter((_, k) => (own.cause?.[k] ?? own.event[k]) === 0).map((t) => Math.round(t * 10) / 10))].sort((a, b) => a - b),
      fewFrom: leaving[leaving.length - FEW] ?? 0, atRisk: ticks.map((t) => own.time.reduce((s, x) => s + Number(x >= t), 0)),
    };
  });
  const data: SurvivalData = { unit: of.unit, yLabel: rising ? `Cumulative incidence of ${of.eventName}` : withoutEvent(of.name), kind, groups, ticks, ...(rising && { rising }) };
  if (!test || present.length < 2) return data;
  const p = rising ? grayTest({ time: outcome.time, cause: outcome.cause! }, group).p : logRank(outcome, group).p;
  return { ...data, test: `${rising ? "Gray" : "Log-rank"} ${shown(p)}`, ratio: ratio(outcome, group, present, names, level) };
}

/** Where a curve steps, and its interval there: the share without the event, or with competing events (`rising`) the cumulative incidence of this one. */
function curveOf(own: SurvivalOutcome, rising: boolean, level: number): { time: number[]; at: number[]; low: number[]; high: number[] } {
  if (rising) {
    const { time, causes: [{ incidence, lower, upper }] } = aalenJohansen({ time: own.time, cause: own.cause! }, { level });
    const steps = time.map((_, k) => k).filter((k) => incidence[k] > (incidence[k - 1] ?? 0)), take = (v: readonly number[]) => steps.map((k) => v[k]);
    return { time: take(time), at: take(incidence), low: take(lower), high: take(upper) };
  }
  const km = kaplanMeier(own, { interval: "log-log", level });
  const steps = km.time.map((_, k) => k).filter((k) => km.events[k] > 0), take = (v: ArrayLike<number>) => steps.map((k) => v[k]);
  return { time: take(km.time), at: take(km.survival), low: take(km.lower), high: take(km.upper) };
}

/** Cox hazard ratio, with competing events Fine and Gray's of the subdistribution, of each higher group against the lowest with its interval, in words. */
function ratio(outcome: SurvivalOutcome, group: Int32Array, present: readonly number[], names: readonly string[], level: number): string {
  const higher = present.slice(1);
  try {
    const columns = higher.map((high) => Float64Array.from(group, (g) => Number(g === high)));
    const design = { names: higher.map((h) => names[h]), columns, n: group.length }, short = competes(outcome) ? "sHR" : "HR";
    const { hazardRatio, ci, monotone } = competes(outcome) ? fineGray(design, outcome.time, outcome.cause!, { level }) : coxFit(design, outcome, { level });
    if (monotone.length > 0) return "HR not estimable: no event in one group";
    const texts = higher.map((h, k) => `${higher.length === 1 ? "" : `${names[h].replace(/ risk$/, "").toLowerCase()} `}${hazardRatio[k].toFixed(2)} (${ci[k][0].toFixed(2)}–${ci[k][1].toFixed(2)})`);
    return `${short}${higher.length === 1 ? "" : ` against ${names[present[0]].toLowerCase()}:`} ${texts.join(", ")}`;
  } catch (error) {
    if (error instanceof InputError) return "";
    throw error;
  }
}

/** What falls from 1: an outcome that bears the name of its event is told as the share without it. */
const withoutEvent = (name: string) => (/surviv|free|without|S$/.test(name) ? capital(name) : `${capital(name)}: share without the event`);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const shown = (p: number) => `P ${p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`}`;

/** 1, 2, 2.5, 3, 5, 6 or 12 times a power of ten (or a dozen months) at or above x. */
function niceStep(x: number): number {
  let unit = 1;
  while (unit * 10 <= x) unit *= 10;
  while (unit > x && unit > 1e-9) unit /= 10;
  for (const m of [1, 1.2, 2, 2.4, 3, 5, 6, 10]) if (m * unit >= x * (1 - 1e-9)) return m * unit;
  return 10 * unit;
}

/** Patients of the training set by the final score, coloured by outcome: values to three figures, no names. */
export function waterfallFigure(facts: Facts): Figure[] {
  const { plan } = facts;
  const name = plan.scores[0]?.name ?? plan.final;
  const set = facts.sets[0];
  const linear = set.predictions[name]?.linear;
  if (linear === undefined) return [];
  const why = notDrawn(facts, name), names = { eventName: plan.outcome.eventName, otherName: plan.outcome.kind === "binary" ? plan.outcome.otherName : "censored" };
  const base = { id: "waterfall", section: "use", title: `${name} of every patient`, chart: "waterfall" as const };
  if (why !== undefined) return [{ ...base, caption: `Not drawn: ${why}.`, data: { scores: [], events: [], label: name, ...names, why: `Not drawn: ${why}` } }];
  const outcome = trainingOutcome(facts);
  const middle = [...linear].sort((a, b) => a - b)[Math.floor(linear.length / 2)];
  const by = Array.from(linear.keys()).sort((a, b) => linear[b] - linear[a]);
  return [{
    ...base,
    caption: `${name} minus its median, highest first, of ${trainingText(facts)}; apparent: the score was fitted on these patients.`,
    data: {
      scores: by.map((k) => Number((linear[k] - middle).toPrecision(3))), events: by.map((k) => outcome.event[k]), label: `${name} (centred)`, ...names,
    },
  }];
}
