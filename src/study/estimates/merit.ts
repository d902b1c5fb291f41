import { selectOutcome, type BinaryOutcome, type SurvivalOutcome } from "../../cohort/index.js";
import { aucDelong, bestCut, brierSurvival, cutReaching, calibrationLine, concordance, kaplanMeier, rocCurve, survivalAt, timeRoc } from "../../evaluate/index.js";
import { exp, log, order } from "../../math/index.js";
import { coxFit } from "../../model/index.js";
import type { Merit } from "../facts.js";
import type { Prediction } from "../pipeline.js";
import type { Plan } from "../plan.js";

type StudyOutcome = BinaryOutcome | SurvivalOutcome;
/** What figures are to be computed at: survival times and window; the probability above which a binary prediction is positive. */
export type MeritAt = { times: number[]; window?: [number, number]; threshold?: number };
/** One figure: its value, and each patient's influence on it (variance = Σ influence²) where there is one. */
export type Scored = { value: number; influence?: Float64Array };

/** The first figure of merit: what models are compared by. */
export function headline(kind: StudyOutcome["kind"]): "C-index" | "AUC" { return kind === "survival" ? "C-index" : "AUC"; }
/** Measures of which larger is better; of Brier scores smaller is, calibration has a target. */
export const atTime = (measure: string, t: number): string => `${measure}(${t})`;

/** Rows of a prediction whose linear predictor and probabilities are known. */
export function scoredRows(prediction: Prediction, rows: ArrayLike<number> | Iterable<number>): Int32Array {
  return Int32Array.from(rows as Iterable<number>).filter((r) => Number.isFinite(prediction.linear[r]));
}

/** Rows of a prediction. */
export function selectPrediction(prediction: Prediction, rows: ArrayLike<number>): Prediction {
  const take = (v: Float64Array) => Float64Array.from(rows, (r) => v[r]);
  return { linear: take(prediction.linear), probability: prediction.probability.map(take) };
}

/**
 * Figures of merit of a prediction on rows. `linear` and `outcome` hold one value a row of the same table; rows without a prediction do not
 * count (the caller says how many). Binary: AUC, Brier, scaled Brier, calibration slope and in the large, accuracy, sensitivity,
 * specificity, balanced accuracy, no-information rate. Survival: Harrell's C, Uno's C up to the last time, AUC(t), Brier(t), IBS (trapezoid
 * between the times), observed/expected(t), calibration slope (Cox coefficient of the predictor). What the rows do not allow is NaN.
 */
export function meritOf(outcome: StudyOutcome, prediction: Prediction, rows: ArrayLike<number>, at: MeritAt): Merit {
  return Object.fromEntries(Object.entries(scoresOf(outcome, prediction, rows, at)).map(([name, s]) => [name, s.value]));
}

/** `meritOf` with each patient's influence, in the order of `scoredRows`. */
export function scoresOf(outcome: StudyOutcome, prediction: Prediction, rows: ArrayLike<number>, at: MeritAt, influence = false): Record<string, Scored> {
  const known = scoredRows(prediction, rows);
  const own = selectOutcome(outcome, known), mine = selectPrediction(prediction, known);
  return own.kind === "binary" ? binaryScores(own, mine, at, influence) : survivalScores(own, mine, at, influence);
}

function binaryScores({ event }: BinaryOutcome, { linear, probability: [risk] }: Prediction, at: MeritAt, influence: boolean): Record<string, Scored> {
  const n = event.length, events = event.reduce((a, b) => a + b, 0), both = events > 0 && events < n;
  const share = events / n;
  const losses = risk.map((p, i) => (p - event[i]) * (p - event[i]));
  const result: Record<string, Scored> = { AUC: both ? aucScore(linear, event, events, influence) : { value: NaN }, Brier: mean(losses, influence) };
  result["scaled Brier"] = { value: both ? 1 - result["Brier"].value / (share * (1 - share)) : NaN };
  const line = both ? calibrationLine(risk, event) : undefined;
  result["calibration slope"] = { value: line?.slope.estimate ?? NaN };
  result["calibration in the large"] = { value: line?.inTheLarge.estimate ?? NaN };
  if (at.threshold !== undefined) {
    const positive = risk.map((p) => (p >= at.threshold! ? 1 : 0));
    const right = positive.map((p, i) => (p === event[i] ? 1 : 0));
    result["accuracy"] = mean(right, influence);
    result["sensitivity"] = meanOf(right, event, 1, influence);
    result["specificity"] = meanOf(right, event, 0, influence);
    const [hit, spared] = [result["sensitivity"], result["specificity"]];
    result["balanced accuracy"] = { value: (hit.value + spared.value) / 2, ...(influence && both && { influence: hit.influence!.map((v, i) => (v + spared.influence![i]) / 2) }) };
  }
  result["no-information rate"] = { value: Math.max(share, 1 - share) };
  return result;
}

/** Area under the curve and each patient's part in it beyond the mean, over its class's number (DeLong's components, n in place of n − 1). */
function aucScore(score: Float64Array, event: Uint8Array, events: number, influence: boolean): Scored {
  const n = event.length, others = n - events;
  if (!influence) return { value: aucDelong(score, event).auc };
  const by = order(score);
  const part = new Float64Array(n);
  let eventsBelow = 0, othersBelow = 0, sum = 0;
  for (let k = 0; k < n;) {
    const first = k, value = score[by[k]];
    let here = 0;
    for (; k < n && score[by[k]] === value; k++) here += event[by[k]];
    const rest = k - first - here;
    for (let j = first; j < k; j++) {
      const i = by[j];
      part[i] = event[i] === 1 ? (othersBelow + rest / 2) / others : (events - eventsBelow - here / 2) / events;
      if (event[i] === 1) sum += part[i];
    }
    eventsBelow += here;
    othersBelow += rest;
  }
  const value = sum / events;
  return { value, influence: part.map((p, i) => (p - value) / (event[i] === 1 ? events : others)) };
}

function mean(values: Float64Array, influence: boolean): Scored {
  const n = values.length;
  let sum = 0;
  for (const v of values) sum += v;
  const value = n > 0 ? sum / n : NaN;
  return { value, ...(influence && { influence: values.map((v) => (v - value) / n) }) };
}

function meanOf(values: Float64Array, event: Uint8Array, of: number, influence: boolean): Scored {
  let sum = 0, n = 0;
  values.forEach((v, i) => { if (event[i] === of) { sum += v; n++; } });
  const value = n > 0 ? sum / n : NaN;
  return { value, ...(influence && { influence: values.map((v, i) => (event[i] === of ? (v - value) / n : 0)) }) };
}

function survivalScores(outcome: SurvivalOutcome, { linear, probability }: Prediction, at: MeritAt, influence: boolean): Record<string, Scored> {
  const n = outcome.time.length, follow = { time: outcome.time, event: outcome.event };
  const events = outcome.event.reduce((a, b) => a + b, 0);
  const result: Record<string, Scored> = {};
  const blank = (name: string) => { result[name] = { value: NaN }; };
  if (n < 2 || events === 0) {
    for (const name of ["C-index", "Uno C", ...at.times.flatMap((t) => [atTime("AUC", t), atTime("Brier", t), atTime("observed/expected", t)]), "IBS", "calibration slope"]) blank(name);
    return result;
  }
  const harrell = concordance(follow, linear);
  result["C-index"] = { value: harrell.c, ...(influence && { influence: harrell.influence }) };
  const uno = concordance(follow, linear, { timeWeight: "n/G2", ...(at.times.length > 0 && { tau: at.times[at.times.length - 1] }) });
  result["Uno C"] = { value: uno.c, ...(influence && { influence: uno.influence }) };
  const over = (x: Float64Array) => x.map((v) => v / n);
  if (at.times.length > 0) {
    timeRoc(follow, linear, at.times, { standardErrors: influence }).times.forEach((x) => { result[atTime("AUC", x.time)] = { value: x.auc, ...(influence && Number.isFinite(x.auc) && { influence: over(x.influence) }) }; });
    const usable = at.times.map((_, k) => k).filter((k) => probability[k].every((p) => p >= 0 && p <= 1));
    at.times.forEach((t, k) => { if (!usable.includes(k)) { blank(atTime("Brier", t)); blank(atTime("observed/expected", t)); } });
    if (usable.length > 0) {
      const brier = brierSurvival(follow, usable.map((k) => probability[k]), usable.map((k) => at.times[k]));
      brier.times.forEach((x) => { result[atTime("Brier", x.time)] = { value: x.brier, ...(influence && Number.isFinite(x.brier) && { influence: over(x.influence) }) }; });
      const whole = usable.length === at.times.length && usable.length > 1;
      result["IBS"] = { value: whole ? brier.integratedTrapezoid : NaN, ...(influence && whole && Number.isFinite(brier.integratedTrapezoid) && { influence: over(trapezoidInfluence(brier.times)) }) };
      const seen = survivalAt(kaplanMeier(follow), usable.map((k) => at.times[k]));
      usable.forEach((k, j) => {
        let sum = 0;
        for (const p of probability[k]) sum += p;
        result[atTime("observed/expected", at.times[k])] = { value: (1 - seen[j].survival) / (sum / n) };
      });
    } else blank("IBS");
  }
  if (at.window !== undefined) result[windowName(at.window)] = { value: windowMedian(follow, linear, at.window) };
  result["calibration slope"] = { value: slopeOf(follow, linear) };
  return result;
}

/** Influence on the trapezoid over the times from those of the scores at the times. */
function trapezoidInfluence(times: { time: number; influence: Float64Array }[]): Float64Array {
  const span = times[times.length - 1].time - times[0].time;
  const weight = times.map((_, k) => ((times[k + 1]?.time ?? times[k].time) - (times[k - 1]?.time ?? times[k].time)) / 2 / span);
  return times[0].influence.map((_, i) => times.reduce((sum, x, k) => sum + weight[k] * x.influence[i], 0));
}

export const windowName = ([from, to]: [number, number]): string => `median AUC(${from}–${to})`;

/** Median of AUC(t) over the distinct event times of the window. */
function windowMedian(follow: { time: Float64Array; event: Uint8Array }, linear: Float64Array, [from, to]: [number, number]): number {
  const times = [...new Set(follow.time.filter((t, i) => t >= from && t <= to && follow.event[i] === 1))].sort((a, b) => a - b);
  if (times.length === 0) return NaN;
  const areas = timeRoc(follow, linear, times, { standardErrors: false }).times.map((x) => x.auc).filter(Number.isFinite).sort((a, b) => a - b);
  const m = areas.length;
  return m === 0 ? NaN : m % 2 === 1 ? areas[(m - 1) / 2] : (areas[m / 2 - 1] + areas[m / 2]) / 2;
}

/** Cox coefficient of a predictor; NaN where the predictor is constant or separates. */
export function slopeOf(follow: { time: ArrayLike<number>; event: ArrayLike<number> }, x: Float64Array): number {
  return slopeAndError(follow, x).value;
}

/** The same with its standard error. */
export function slopeAndError(follow: { time: ArrayLike<number>; event: ArrayLike<number> }, x: Float64Array): { value: number; se: number } {
  if (x.every((v) => v === x[0])) return { value: NaN, se: NaN };
  const fit = coxFit({ names: ["prediction"], columns: [x], n: x.length }, { time: follow.time, event: follow.event }, { baseline: "none" });
  return fit.monotone.length > 0 || !fit.converged ? { value: NaN, se: NaN } : { value: fit.coefficients[0], se: fit.se[0] };
}

/** log(−log(1 − risk)): what predictions of different fits share in scale. */
export function complementaryLogLog(risk: Float64Array): Float64Array {
  return risk.map((r) => log(-log(1 - Math.min(1 - 1e-10, Math.max(1e-10, r)))));
}

/** Probability above which a binary prediction counts as positive, from training rows alone: a cut of their ROC curve, the prevalence or a given number. */
export function thresholdOf(plan: Plan, outcome: StudyOutcome, risk: Float64Array): number | undefined {
  if (outcome.kind !== "binary") return undefined;
  const { threshold } = plan.evaluation;
  if (typeof threshold === "number") return threshold;
  const known = Array.from(risk.keys()).filter((i) => Number.isFinite(risk[i]));
  const event = Uint8Array.from(known, (i) => outcome.event[i]), p = Float64Array.from(known, (i) => risk[i]);
  const prevalence = event.reduce((a, b) => a + b, 0) / event.length;
  if (threshold === "prevalence" || p.every((v) => v === p[0])) return Math.max(prevalence, p.every((v) => v === p[0]) ? p[0] + 1e-12 : 0);
  const curve = rocCurve(p, event);
  const { threshold: cut } = typeof threshold === "object" ? cutReaching(curve, threshold) : bestCut(curve, { method: threshold });
  return Number.isFinite(cut) ? cut : cut > 0 ? 1 : 0;
}

/** Logistic function, for risks from log-odds. */
export const expit = (x: number): number => 1 / (1 + exp(-x));
