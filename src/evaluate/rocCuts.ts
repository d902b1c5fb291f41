import { InputError } from "../math/index.js";
import type { RocCurve } from "./roc.js";

/** What a cut does on the curve's own patients; positive is score >= threshold. Shares without patients are NaN. */
export type RocPoint = {
  threshold: number; sensitivity: number; specificity: number; accuracy: number; ppv: number; npv: number;
  tp: number; fp: number; tn: number; fn: number;
  /** sensitivity + r·specificity − 1, with r = 1 unless weighted (pROC prints it without the − 1) */
  youden: number;
  /** (1 − sensitivity)² + r·(1 − specificity)² */
  distance: number;
};

export type BestCut = RocPoint & {
  method: "youden" | "closest";
  /** every threshold that reaches the same value; `threshold` is the lowest of them */
  tied: number[];
};

/** Relative cost of a false negative (against a false positive) and prevalence: r = (1 − prevalence) / (cost · prevalence). */
export type CutWeights = { cost: number; prevalence: number };

function weightOf(weights: CutWeights | undefined): number {
  if (weights === undefined) return 1;
  const { cost, prevalence } = weights;
  if (!(cost > 0 && cost < Infinity && prevalence > 0 && prevalence < 1)) {
    throw new InputError(`Best cut: weights are cost ${cost} and prevalence ${prevalence}, expected a positive cost and a prevalence between 0 and 1.`);
  }
  return (1 - prevalence) / (cost * prevalence);
}

function pointAt(curve: RocCurve, k: number, threshold: number, r: number): RocPoint {
  const { events, others } = curve;
  const sensitivity = curve.sensitivity[k];
  const specificity = curve.specificity[k];
  const tp = Math.round(sensitivity * events);
  const tn = Math.round(specificity * others);
  const fp = others - tn;
  const fn = events - tp;
  return {
    threshold, sensitivity, specificity, accuracy: (tp + tn) / (events + others), ppv: tp / (tp + fp), npv: tn / (tn + fn), tp, fp, tn, fn,
    youden: sensitivity + r * specificity - 1,
    distance: (1 - sensitivity) * (1 - sensitivity) + r * (1 - specificity) * (1 - specificity),
  };
}

/**
 * The cut with the largest Youden index (Youden, Cancer 1950;3:32) or the one closest to sensitivity = specificity = 1; optionally
 * weighted by cost and prevalence. A cut chosen on these patients flatters them: judge it on others.
 * Agrees with pROC::coords(x = "best", best.method = "youden" or "closest.topleft", best.weights).
 * @throws InputError on an unknown method, a cost not above 0, a prevalence outside 0 … 1
 */
export function bestCut(curve: RocCurve, { method = "youden", weights }: { method?: BestCut["method"]; weights?: CutWeights } = {}): BestCut {
  if (method !== "youden" && method !== "closest") throw new InputError(`Best cut: the method is "${method}", expected "youden" or "closest".`);
  const r = weightOf(weights);
  const points = Array.from(curve.thresholds, (t, k) => pointAt(curve, k, t, r));
  const value = method === "youden" ? (p: RocPoint) => p.youden : (p: RocPoint) => -p.distance;
  let best = points[0];
  for (const p of points) if (value(p) > value(best) + 1e-12) best = p;
  return { ...best, method, tied: points.filter((p) => Math.abs(value(p) - value(best)) <= 1e-12).map((p) => p.threshold) };
}

/**
 * The curve's point for any given cut, score >= threshold being positive. Agrees with pROC::coords(input = "threshold"). The counts of the
 * 2×2 table at the cut.
 * @throws InputError where the threshold is NaN
 */
export function pointAtThreshold(curve: RocCurve, threshold: number): RocPoint {
  if (Number.isNaN(threshold)) throw new InputError("ROC point: the threshold is NaN, expected a number.");
  let low = 0;
  let high = curve.values.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (curve.values[mid] >= threshold) high = mid;
    else low = mid + 1;
  }
  return pointAt(curve, low, threshold, 1);
}

/**
 * The highest cut that still reaches a sensitivity (so, the most specific one), or the lowest that reaches a specificity: a cut that exists
 * in the data, unlike the interpolated `specificityAt` and `sensitivityAt`, which are pROC's coords(input = "sensitivity" or
 * "specificity"). No program: it is read off the curve.
 * @throws InputError on a sensitivity or specificity outside 0 … 1
 */
export function cutReaching(curve: RocCurve, goal: { sensitivity: number } | { specificity: number }): RocPoint {
  const [name, value] = "sensitivity" in goal ? ["sensitivity", goal.sensitivity] as const : ["specificity", goal.specificity] as const;
  checkShare(name, value);
  const column = curve[name];
  let chosen = name === "sensitivity" ? 0 : column.length - 1;
  if (name === "sensitivity") while (chosen + 1 < column.length && column[chosen + 1] >= value) chosen++;
  else while (chosen > 0 && column[chosen - 1] >= value) chosen--;
  return pointAt(curve, chosen, curve.thresholds[chosen], 1);
}

/**
 * Specificity at a given sensitivity, linear between the curve's points (the best where several share it). Agrees with pROC::coords(input = "sensitivity").
 * @throws InputError on a sensitivity outside 0 … 1
 */
export function specificityAt(curve: RocCurve, sensitivity: number): number {
  checkShare("sensitivity", sensitivity);
  let k = curve.sensitivity.length - 1;
  while (curve.sensitivity[k] < sensitivity) k--;
  return between(curve.sensitivity, curve.specificity, k, k + 1, sensitivity);
}

/**
 * Sensitivity at a given specificity, linear between the curve's points (the best where several share it). Agrees with pROC::coords(input = "specificity").
 * @throws InputError on a specificity outside 0 … 1
 */
export function sensitivityAt(curve: RocCurve, specificity: number): number {
  checkShare("specificity", specificity);
  let k = 0;
  while (curve.specificity[k] < specificity) k++;
  return between(curve.specificity, curve.sensitivity, k, k - 1, specificity);
}

function between(x: Float64Array, y: Float64Array, k: number, other: number, at: number): number {
  if (x[k] === at) return y[k];
  return y[k] + (y[other] - y[k]) * ((at - x[k]) / (x[other] - x[k]));
}

function checkShare(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new InputError(`ROC point: the ${name} asked for is ${value}, expected a number in 0 … 1.`);
}
