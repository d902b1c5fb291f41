import { InputError, normalCdf, normalQuantile, order } from "../math/index.js";
import { censoringWeights, type CensoringWeights } from "./censoringWeights.js";
import { checkLevel } from "./checkLevel.js";
import { checkFollowUp, checkTimes, type FollowUp } from "./followUp.js";

export type TimeRocOptions = {
  level?: number;
  /** competing risks: 0 censored, 1 the cause of interest, 2 … others; data.event is then not looked at */
  cause?: ArrayLike<number>;
  /** who is a control where risks compete: "eventFree" (default; timeROC's AUC_1) or also those with another event before t (AUC_2) */
  controls?: "eventFree" | "eventFreeOrOther";
  /** tied times in the standard error: all at once (default; riskRegression's), or row after row (timeROC's); see `timeRoc` */
  ties?: "together" | "byRow";
  /** false leaves out standard errors, intervals (NaN) and influences (empty), as timeROC's iid = FALSE: for resampling, at a third of the cost */
  standardErrors?: boolean;
};

export type TimeRocAt = {
  time: number;
  auc: number; standardError: number; lower: number; upper: number;
  /** patients with the event before t, still followed beyond t, and lost (or tied) in between; other = events of other causes before t */
  cases: number; controls: number; other: number; censored: number;
  /** weighted share of cases: cumulative incidence just before t */
  incidence: number;
  /** each patient's influence on auc (empty without standard errors); standardError = sd(influence)/√n */
  influence: Float64Array;
};
export type TimeRoc = { n: number; level: number; times: TimeRocAt[]; warnings: string[] };

type Split = { w: Float64Array; v: Float64Array; ownTime: Uint8Array; cases: number; controls: number; other: number };

/**
 * Time-dependent AUC, cumulative cases and dynamic controls: the chance that a patient with the event before t has a higher marker than one still
 * event-free after t, ties ½, by inverse probability of censoring: cases T < t weigh 1/G(T−), controls T > t 1/G(t), those with T = t are
 * neither; G is the Kaplan–Meier curve of censoring. Standard error from the i.i.d. representation with the term for the estimated G.
 * Blanche, Dartigues & Jacqmin-Gadda, Stat Med 2013;32:5381; Uno et al., JASA 2007;102:527; Hung & Chiang 2010.
 * AUC agrees with timeROC 0.4.1 (weighting "marginal"), the standard error with riskRegression 2022.11's `Score`, to rounding (with
 * competing risks and controls free of the event or with another one Score's was up to 2 % off ours). With `ties: "byRow"` the
 * standard error and the comparison are those of timeROC, which takes tied patients one after another: the martingale of censoring is
 * ψₖ = (1 − eventₖ)/Y(Tₖ) at the first row of time Tₖ, less Σ 1/yₗ² over the censored rows l up to the one in question, yₗ = n, n − 1, … row by row. It depends on
 * the order of tied rows (2e-4 of the standard error where times are heavily tied, 2e-3 for AUC_2), so it is there to repeat published numbers.
 * O(n log n) once and O(n) a time.
 *
 * @param marker  n finite numbers, higher = earlier event
 * @param times   in the unit of follow-up, > 0
 * @throws InputError on follow-up and level as kaplanMeier; markers not finite, times < 0, causes that are not whole or negative, an unknown `ties`
 */
export function timeRoc(data: FollowUp, marker: ArrayLike<number>, times: ArrayLike<number>, options: TimeRocOptions = {}): TimeRoc {
  const { level = 0.95, ties = "together", standardErrors = true } = options;
  if (ties !== "together" && ties !== "byRow") throw new InputError(`timeRoc: ties is "${ties as string}"; expected "together" or "byRow".`);
  checkLevel("timeRoc", level);
  checkTimes("timeRoc", times);
  const follow = options.cause === undefined ? data : { time: data.time, event: causesAsEvents(data, options.cause) };
  const n = checkFollowUp("timeRoc", follow, { marker });
  const weights = censoringWeights(follow);
  const sorted = order(marker);
  const z = normalQuantile(1 - (1 - level) / 2);
  const warnings: string[] = [];
  const results = Array.from(times, (time): TimeRocAt => {
    const split = splitAt(follow, options, weights, time);
    const area = aucOf(split, marker, sorted);
    const { auc } = area;
    const influence = standardErrors ? influenceOf(area, split, weights, time, ties) : new Float64Array(0);
    const standardError = standardErrors && n > 1 ? errorOfMean(influence, ties === "byRow") : NaN;
    if (Number.isNaN(auc)) warnings.push(`At ${time} there are ${split.cases} cases and ${split.controls} controls: no AUC. Choose a time with events before it and patients followed beyond it.`);
    else if (Math.min(split.cases, split.controls) < 10) warnings.push(`At ${time} only ${split.cases} cases and ${split.controls} controls stand behind the AUC; its interval is rough.`);
    return {
      time, auc, standardError, lower: Math.max(0, auc - z * standardError), upper: Math.min(1, auc + z * standardError),
      cases: split.cases, controls: split.controls, other: split.other, censored: n - split.cases - split.controls - split.other, incidence: area.f, influence,
    };
  });
  return { n, level, times: results, warnings };
}

function causesAsEvents(data: FollowUp, cause: ArrayLike<number>): Uint8Array {
  for (let i = 0; i < cause.length; i++) {
    if (!Number.isInteger(cause[i]) || cause[i] < 0) throw new InputError(`timeRoc: cause of row ${i + 1} is ${cause[i]}; give 0 censored, 1 the cause of interest, 2 … others.`);
  }
  if (cause.length !== data.time.length) throw new InputError(`timeRoc: time has ${data.time.length} values but cause has ${cause.length}.`);
  return Uint8Array.from(cause, (c) => (c > 0 ? 1 : 0));
}

function splitAt(follow: FollowUp, options: TimeRocOptions, weights: CensoringWeights, t: number): Split {
  const n = follow.time.length;
  const split: Split = { w: new Float64Array(n), v: new Float64Array(n), ownTime: new Uint8Array(n), cases: 0, controls: 0, other: 0 };
  const late = weights.at(t);
  const withOther = options.controls === "eventFreeOrOther";
  for (let i = 0; i < n; i++) {
    const time = follow.time[i];
    if (time > t) {
      split.v[i] = late;
      split.controls++;
    } else if (time < t && follow.event[i] === 1) {
      if (options.cause === undefined || options.cause[i] === 1) {
        split.w[i] = weights.atOwnTime[i];
        split.cases++;
      } else {
        split.other++;
        if (withOther) {
          split.v[i] = weights.atOwnTime[i];
          split.ownTime[i] = 1;
        }
      }
    }
  }
  return split;
}

/** Weighted shares f of cases and s of controls; by patient the mean over controls beaten and over cases beating; Σ w beaten / n. */
type Area = { auc: number; f: number; s: number; beaten: Float64Array; beating: Float64Array; both: number };

function aucOf({ w, v }: Split, marker: ArrayLike<number>, sorted: Int32Array): Area {
  const n = w.length;
  let [f, s] = [0, 0];
  for (let i = 0; i < n; i++) {
    f += w[i] / n;
    s += v[i] / n;
  }
  const beaten = new Float64Array(n);
  const beating = new Float64Array(n);
  for (let a = 0, below = 0, casesBelow = 0; a < n; ) {
    let b = a, tied = 0, casesTied = 0;
    while (b < n && marker[sorted[b]] === marker[sorted[a]]) {
      tied += v[sorted[b]] / n;
      casesTied += w[sorted[b]] / n;
      b++;
    }
    for (; a < b; a++) {
      beaten[sorted[a]] = below + tied / 2;
      beating[sorted[a]] = f - casesBelow - casesTied / 2;
    }
    below += tied;
    casesBelow += casesTied;
  }
  let both = 0;
  for (let i = 0; i < n; i++) both += (w[i] * beaten[i]) / n;
  return { auc: f > 0 && s > 0 ? both / (f * s) : NaN, f, s, beaten, beating, both };
}

function influenceOf({ auc, f, s, beaten, beating, both }: Area, { w, v, ownTime }: Split, weights: CensoringWeights, t: number, ties: "together" | "byRow"): Float64Array {
  const n = w.length;
  const x = new Float64Array(n);
  let y = 0;
  // the share of controls: its own influence, or that of 1 − incidence, the same but for tied times, which timeROC takes where all others are controls
  const byRest = ties === "byRow" && ownTime.includes(1);
  for (let i = 0; i < n; i++) {
    const asControl = v[i] * (beating[i] / (f * s) - (byRest ? 0 : auc / s));
    x[i] = w[i] * (beaten[i] / (f * s) - auc / f + (byRest ? auc / s : 0)) + (ownTime[i] === 1 ? asControl : 0);
    if (ownTime[i] === 0) y += asControl / n;
  }
  const influence = ties === "byRow" ? weights.adjustByRow(x, t, y) : weights.adjust(x, t, y);
  for (let i = 0; i < n; i++) {
    const control = byRest ? (f - w[i]) / s : v[i] / s - 1;
    influence[i] += (w[i] * beaten[i] + v[i] * beating[i] - 2 * both) / (f * s) - auc * (w[i] / f - 1 + control);
  }
  return influence;
}

/** sd / √n; the influences sum to 0 by construction, but for timeROC's ties, which take their sd about the mean. */
function errorOfMean(influence: Float64Array, aboutMean: boolean): number {
  const n = influence.length;
  let mean = 0, squares = 0;
  if (aboutMean) for (let i = 0; i < n; i++) mean += influence[i] / n;
  for (let i = 0; i < n; i++) squares += (influence[i] - mean) * (influence[i] - mean);
  return Math.sqrt(squares / (n - 1) / n);
}

export type TimeRocComparison = { time: number; auc: [number, number]; difference: number; standardError: number; lower: number; upper: number; z: number; p: number };

/**
 * Two markers of the same patients at the same times: difference second − first, its standard error sd(influence₂ − influence₁)/√n, z and
 * two-sided p. This is what papers call "DeLong's test" on time-dependent AUC. Agrees with timeROC's `compare` as timeRoc does. Blanche,
 * Dartigues & Jacqmin-Gadda, Stat Med 2013;32:5381.
 * @throws InputError where the two stand for different patients or times, or were computed without standard errors
 */
export function compareTimeRoc(first: TimeRoc, second: TimeRoc): TimeRocComparison[] {
  if ([first, second].some(({ times }) => times.some((at) => at.influence.length === 0))) {
    throw new InputError("compareTimeRoc: a result was computed with standardErrors false; compute both with standard errors.");
  }
  if (first.n !== second.n || first.times.length !== second.times.length || first.times.some((a, k) => a.time !== second.times[k].time)) {
    throw new InputError("compareTimeRoc: the two results stand for different patients or times; compute both for the same patients at the same times.");
  }
  const z = normalQuantile(1 - (1 - first.level) / 2);
  return first.times.map((a, k) => {
    const b = second.times[k];
    let [mean, squares] = [0, 0];
    for (let i = 0; i < first.n; i++) mean += (b.influence[i] - a.influence[i]) / first.n;
    for (let i = 0; i < first.n; i++) {
      const gap = b.influence[i] - a.influence[i] - mean;
      squares += gap * gap;
    }
    const difference = b.auc - a.auc;
    const standardError = Math.sqrt(squares / (first.n - 1) / first.n);
    const ratio = standardError > 0 ? difference / standardError : NaN;
    return { time: a.time, auc: [a.auc, b.auc], difference, standardError, lower: difference - z * standardError, upper: difference + z * standardError, z: ratio, p: Number.isNaN(ratio) ? NaN : 2 * normalCdf(-Math.abs(ratio)) };
  });
}

export type TimeRocCurve = { time: number; threshold: number[]; sensitivity: number[]; falsePositive: number[] };

/**
 * The ROC curve at one time: sensitivity and 1 − specificity of "marker >= threshold", weighted as in timeRoc; from (0, 0) at threshold ∞ down
 * the distinct markers. Agrees with timeROC's TP and FP. Source as timeRoc.
 * @throws InputError as timeRoc; a time without cases or without controls
 */
export function timeRocCurve(data: FollowUp, marker: ArrayLike<number>, time: number, options: TimeRocOptions = {}): TimeRocCurve {
  checkTimes("timeRocCurve", [time]);
  const follow = options.cause === undefined ? data : { time: data.time, event: causesAsEvents(data, options.cause) };
  const n = checkFollowUp("timeRocCurve", follow, { marker });
  const { w, v, cases, controls } = splitAt(follow, options, censoringWeights(follow), time);
  if (cases === 0 || controls === 0) throw new InputError(`timeRocCurve: at ${time} there are ${cases} cases and ${controls} controls; both are needed. Choose another time.`);
  const [f, s] = [w.reduce((a, b) => a + b, 0), v.reduce((a, b) => a + b, 0)];
  const curve: TimeRocCurve = { time, threshold: [Infinity], sensitivity: [0], falsePositive: [0] };
  const sorted = order(marker);
  for (let a = n - 1, tp = 0, fp = 0; a >= 0; ) {
    const threshold = marker[sorted[a]];
    for (; a >= 0 && marker[sorted[a]] === threshold; a--) {
      tp += w[sorted[a]];
      fp += v[sorted[a]];
    }
    curve.threshold.push(threshold);
    curve.sensitivity.push(tp / f);
    curve.falsePositive.push(fp / s);
  }
  return curve;
}

/**
 * AUC(t) over a window with its median, as papers report "median time-dependent AUC between 24 and 60 months": at the distinct event times
 * in [from, to], or at `times`. Times without both cases and controls are left out and counted in `warnings`. Each AUC(t) is timeRoc's,
 * with its source and agreement; the median over a window is what articles print, no program's.
 * @throws InputError as timeRoc; a window without 0 <= from < to
 */
export function timeRocWindow(data: FollowUp, marker: ArrayLike<number>, from: number, to: number, options: TimeRocOptions & { times?: ArrayLike<number> } = {}): { curve: TimeRocAt[]; median: number; lowest: number; highest: number; warnings: string[] } {
  if (!(from >= 0 && to > from && to < Infinity)) throw new InputError(`timeRocWindow: the window ${from} to ${to} is empty; give 0 <= from < to in the unit of the follow-up.`);
  checkFollowUp("timeRocWindow", options.cause === undefined ? data : { time: data.time, event: causesAsEvents(data, options.cause) }, { marker });
  const own = [...new Set(Array.from(data.time).filter((t, i) => t >= from && t <= to && (options.cause === undefined ? data.event[i] === 1 : options.cause[i] === 1)))].sort((a, b) => a - b);
  const all = timeRoc(data, marker, options.times ?? own, options);
  const curve = all.times.filter((x) => !Number.isNaN(x.auc));
  const sorted = curve.map((x) => x.auc).sort((a, b) => a - b);
  const warnings = curve.length < all.times.length ? [`${all.times.length - curve.length} of ${all.times.length} times have no cases or no controls and were left out.`] : [];
  const m = sorted.length;
  if (m === 0) warnings.push(`No AUC could be computed between ${from} and ${to}.`);
  const median = m === 0 ? NaN : m % 2 === 1 ? sorted[(m - 1) / 2] : (sorted[m / 2 - 1] + sorted[m / 2]) / 2;
  return { curve, median, lowest: sorted[0] ?? NaN, highest: sorted[m - 1] ?? NaN, warnings };
}
