import { calibrationCurve, decisionCurve, decisionCurveSurvival, survivalCalibrationCurve, survivalCalibrationGroups } from "../../evaluate/index.js";
import { selectOutcome, type BinaryOutcome, type SurvivalOutcome } from "../../cohort/index.js";
import { InputError } from "../../math/index.js";
import type { CalibrationData, DecisionData, Figure } from "../../report/index.js";
import type { Facts } from "../facts.js";
import { slopeTime } from "../estimates/pooledEstimates.js";
import { modelsIn, percentOf, plainSet, scoredSets, tableEntry, trainingOutcome } from "./setsOf.js";

type Panel = CalibrationData["panels"][number];
const GRID = 60;

/** What cannot be drawn of a small set is left out of a panel; a mistake of the program is not. */
function attempt<T>(make: () => T): T | undefined {
  try { return make(); } catch (error) { if (error instanceof InputError) return undefined; throw error; }
}

/** The smooth curve at about GRID predictions from lowest to highest. */
function thinned(predicted: ArrayLike<number>, observed: ArrayLike<number>): { predicted: number[]; observed: number[] } {
  const by = Array.from({ length: predicted.length }, (_, k) => k).sort((a, b) => predicted[a] - predicted[b]);
  const step = Math.max(1, by.length / GRID);
  const picked = Array.from({ length: Math.min(GRID, by.length) }, (_, k) => by[Math.min(by.length - 1, Math.floor(k * step))]).concat(by.slice(-1));
  return { predicted: picked.map((k) => predicted[k]), observed: picked.map((k) => observed[k]) };
}

function smooth(outcome: BinaryOutcome | SurvivalOutcome, risk: ArrayLike<number>, time: number | undefined): { predicted: number[]; observed: number[]; ici: number } | undefined {
  return attempt(() => {
    if (outcome.kind === "binary") {
      const curve = calibrationCurve(risk, outcome.event);
      return { ...thinned(curve.points.map((p) => p.risk), curve.points.map((p) => p.observed)), ici: curve.ici };
    }
    const curve = survivalCalibrationCurve(outcome, risk, time!);
    return { ...thinned(curve.predicted, curve.observed), ici: curve.ici };
  });
}

/** Observed risk in quarters of the prediction. */
function groups(outcome: BinaryOutcome | SurvivalOutcome, risk: ArrayLike<number>, time: number | undefined, level: number): Panel["groups"] {
  return attempt(() => (outcome.kind === "binary"
    ? calibrationCurve(risk, outcome.event, { method: "groups", groups: 5, level }).points.map((p) => ({ predicted: p.risk, observed: p.observed, low: p.lower, high: p.upper, n: p.n ?? 0 }))
    : survivalCalibrationGroups(outcome, Float64Array.from(risk, (r) => 1 - r), time!, { groups: 4, level }).groups
      .map((g) => ({ predicted: 1 - g.predicted, observed: 1 - g.observed, low: 1 - g.upper, high: 1 - g.lower, n: g.n }))));
}

/** Calibration of the final model: out of fold, apparent with its bootstrap correction, and in every further set; one figure a time. */
export function calibrationFigures(facts: Facts): Figure[] {
  const { plan } = facts;
  const times: (number | undefined)[] = plan.outcome.kind === "survival" ? plan.evaluation.times : [undefined];
  return times.flatMap((time, at) => {
    const panels: Panel[] = [];
    const own = trainingOutcome(facts);
    const cv = facts.crossValidation;
    if (cv !== undefined && cv.repeats[0].predictions[plan.final] !== undefined) {
      const curves = averaged(cv.repeats.flatMap(({ predictions }) => smoothKnown(own, predictions[plan.final].probability[at], time) ?? []), plan.final);
      // the table's; of survival it is that of the risks by one time, which the panels of the others name
      const slope = tableEntry(facts, plan.final, "calibration slope", "nested cross-validation", facts.sets[0].name);
      const of = time === undefined || time === slopeTime(plan.evaluation.times) ? "slope" : `slope by ${slopeTime(plan.evaluation.times)} ${(own as SurvivalOutcome).unit}`;
      if (curves.length > 0) {
        panels.push({
          title: facts.sets[0].name, kind: "nested cross-validation", n: own.event.length, ...eventsBy(own, time), curves,
          rug: rug(cv.repeats[0].predictions[plan.final].probability[at]),
          statistics: slope === undefined ? [] : [{ name: of, text: fixed(slope.value) }],
        });
      }
    }
    for (const set of scoredSets(facts)) {
      const risk = set.from.predictions[plan.final]?.probability[at];
      if (risk === undefined) continue;
      const corrected = set.kind === "apparent" ? facts.bootstrap?.calibration.find((c) => c.model === plan.final && c.time === time) : undefined;
      const curve = smoothKnown(set.outcome, risk, time);
      const curves = corrected !== undefined
        ? [{ name: plan.final, predicted: corrected.predicted, observed: corrected.apparent, corrected: corrected.apparent.map((a, k) => a - corrected.optimism[k]) }]
        : curve === undefined ? [] : [{ name: plan.final, predicted: curve.predicted, observed: curve.observed }];
      const observed = groups(set.outcome, risk, time, plan.evaluation.level);
      if (curves.length === 0 && observed === undefined) continue;
      const inTable = (measure: string) => tableEntry(facts, plan.final, measure, set.kind, set.set)?.value ?? NaN;
      panels.push({
        title: plainSet(set.set), kind: set.kind, n: set.n, ...eventsBy(set.outcome, time), curves, ...(observed === undefined ? {} : { groups: observed }), rug: rug(risk),
        statistics: [
          ...(set.outcome.kind === "binary" ? [["slope", "calibration slope"], ["in the large", "calibration in the large"]].flatMap(([name, measure]) => (Number.isFinite(inTable(measure)) ? [{ name, text: fixed(inTable(measure)) }] : [])) : []),
          ...(curve === undefined ? [] : [{ name: "ICI", text: curve.ici.toFixed(3) }]),
        ],
      });
    }
    if (panels.length === 0) return [];
    const what = time === undefined ? facts.plan.outcome.eventName : `${facts.plan.outcome.eventName} by ${time} ${plan.outcome.kind === "survival" ? plan.outcome.unit : ""}`;
    const figure: Figure = {
      id: time === undefined ? "calibration" : `calibration-${time}`, section: "calibration", front: at === Math.min(1, times.length - 1), title: `Calibration of the ${plan.final} model${time === undefined ? "" : ` at ${time} ${plan.outcome.kind === "survival" ? plan.outcome.unit : ""}`}`, chart: "calibration",
      caption: `Predicted against observed risk of ${what}. ${cv === undefined ? "" : "First panel: predictions for patients left out, the mean curve of the repeats and the range of their curves, which is no interval; "}apparent curve ${facts.bootstrap === undefined ? "without" : "with"} bootstrap correction; dots: groups of equal size with ${percentOf(facts)} intervals; ticks: predictions. ${plan.outcome.kind === "survival" ? "Smooth: Cox regression on a restricted cubic spline of the complementary log-log of the prediction (Austin 2020)." : "Smooth: loess."}`,
      data: { panels, xLabel: what.length > (panels.length > 2 ? 16 : 24) ? `Predicted risk${time === undefined ? "" : ` by ${time} ${plan.outcome.kind === "survival" ? plan.outcome.unit : ""}`}` : `Predicted risk of ${what}`, yLabel: "Observed risk", level: plan.evaluation.level },
    };
    return [figure];
  });
}

/** Mean of several curves at common predictions, where at least half of them reach; low and high: their range. */
function averaged(curves: { predicted: number[]; observed: number[] }[], name: string): Panel["curves"] {
  if (curves.length === 0) return [];
  const grid = Array.from({ length: GRID + 1 }, (_, k) => k / GRID);
  const kept = grid.flatMap((at) => {
    const values = curves.map((c) => between(c, at)).filter(Number.isFinite);
    return values.length < curves.length / 2 ? [] : [{ at, mean: values.reduce((s, v) => s + v, 0) / values.length, low: Math.min(...values), high: Math.max(...values) }];
  });
  return kept.length < 2 ? [] : [{ name, predicted: kept.map((k) => k.at), observed: kept.map((k) => k.mean), low: kept.map((k) => k.low), high: kept.map((k) => k.high) }];
}

/** A curve's value at x, straight between its points; NaN outside them. */
function between({ predicted, observed }: { predicted: number[]; observed: number[] }, x: number): number {
  const k = predicted.findIndex((p) => p >= x);
  if (k < 0 || x < predicted[0]) return NaN;
  if (k === 0 || predicted[k] === x) return observed[k];
  return observed[k - 1] + ((x - predicted[k - 1]) / (predicted[k] - predicted[k - 1])) * (observed[k] - observed[k - 1]);
}

/** Two decimals, and no "−0.00". */
const fixed = (x: number) => { const text = x.toFixed(2); return text === "-0.00" ? "0.00" : text.replace("-", "−"); };

/** Events of the outcome; of a figure at one time those by it, and the words for it. */
function eventsBy(outcome: BinaryOutcome | SurvivalOutcome, time: number | undefined): { events: number; by?: string } {
  if (outcome.kind === "binary" || time === undefined) return { events: outcome.event.reduce((s, e) => s + e, 0) };
  return { events: outcome.event.reduce((s, e, k) => s + Number(e === 1 && outcome.time[k] <= time), 0), by: `by ${time} ${outcome.unit}` };
}

function smoothKnown(outcome: BinaryOutcome | SurvivalOutcome, risk: ArrayLike<number>, time: number | undefined) {
  const places = Array.from({ length: risk.length }, (_, k) => k).filter((k) => Number.isFinite(risk[k]));
  return places.length === risk.length ? smooth(outcome, risk, time) : smooth(selectOutcome(outcome, places), places.map((k) => risk[k]), time);
}

/** Predictions to the nearest half percent: where they lie, not whose they are. */
const rug = (risk: ArrayLike<number>) => Array.from(risk).filter(Number.isFinite).map((r) => Math.round(r * 200) / 200).sort((a, b) => a - b);

/** Net benefit of every model: out of fold (mean over repeats), apparent and in further sets. */
export function decisionFigure(facts: Facts): Figure[] {
  const { plan } = facts;
  const at = plan.outcome.kind === "survival" ? Math.min(1, plan.evaluation.times.length - 1) : 0;
  const time = plan.outcome.kind === "survival" ? plan.evaluation.times[at] : undefined;
  if (plan.outcome.kind === "survival" && time === undefined) return [];
  const [low, high] = plan.evaluation.thresholds;
  const threshold = Array.from({ length: 60 }, (_, k) => low + ((high - low) * (k + 0.5)) / 60);
  const curve = (outcome: BinaryOutcome | SurvivalOutcome, risks: Record<string, ArrayLike<number>>) => attempt(() => (outcome.kind === "binary"
    ? decisionCurve(risks, outcome.event, { thresholds: threshold }) : decisionCurveSurvival(risks, outcome, time!, { thresholds: threshold })));
  const panels: DecisionData["panels"] = [];
  const own = trainingOutcome(facts);
  const cv = facts.crossValidation;
  if (cv !== undefined) {
    const names = modelsIn(facts, cv.repeats[0].predictions);
    const whole = cv.repeats.filter((r) => names.every((name) => r.predictions[name].probability[at].every((p) => Number.isFinite(p))));
    const each = whole.flatMap((r) => curve(own, Object.fromEntries(names.map((name) => [name, r.predictions[name].probability[at]]))) ?? []);
    if (each.length > 0) {
      const mean = (of: (c: (typeof each)[number]) => ArrayLike<number>) => threshold.map((_, k) => each.reduce((s, c) => s + of(c)[k], 0) / each.length);
      panels.push({
        title: facts.sets[0].name, kind: "nested cross-validation", n: own.event.length, ...eventsBy(own, time), threshold, all: mean((c) => c.all),
        curves: names.map((name) => ({ name, netBenefit: mean((c) => c.models[name].netBenefit) })),
      });
    }
  }
  for (const set of scoredSets(facts)) {
    const names = modelsIn(facts, set.from.predictions);
    const result = curve(set.outcome, Object.fromEntries(names.map((name) => [name, set.from.predictions[name].probability[at]])));
    if (result === undefined || names.length === 0) continue;
    panels.push({ title: plainSet(set.set), kind: set.kind, n: set.n, ...eventsBy(set.outcome, time), threshold, all: Array.from(result.all), curves: names.map((name) => ({ name, netBenefit: Array.from(result.models[name].netBenefit) })) });
  }
  if (panels.length === 0) return [];
  const what = time === undefined ? plan.outcome.eventName : `${plan.outcome.eventName} by ${time} ${plan.outcome.kind === "survival" ? plan.outcome.unit : ""}`;
  return [{
    id: "decision", section: "use", front: true, title: "Decision curves", chart: "decision",
    caption: `Net benefit for ${what} (Vickers & Elkin 2006). Cross-validation: probabilities for patients left out, pooled within a repeat, net benefit averaged over repeats. Each set has its own panel; sets are not merged.`,
    data: { panels, label: what.length > 20 ? "Threshold probability" : `Threshold probability of ${what}` },
  }];
}
