import { selectOutcome, type BinaryOutcome, type SurvivalOutcome } from "../../cohort/index.js";
import { calibrationLine, kaplanMeier, survivalAt } from "../../evaluate/index.js";
import type { CrossValidationFacts } from "../facts.js";
import { clusteredError, refitError } from "./intervals.js";
import { atTime, complementaryLogLog, slopeAndError } from "./merit.js";
import type { Prediction } from "../pipeline.js";

/** Figures that few events a fold do not carry: they are taken from each repeat's predictions together. */
export const isPooled = (measure: string): boolean => /^(calibration slope|calibration in the large|observed\/expected|scaled Brier|no-information rate)/.test(measure);

type One = { value: number; /** of the patients, the predictions as they are; NaN where there is none */ se: number; how: string };
/** A figure by repeat; its standard error and how it was made; the places with a prediction; repeats without it because every fit kept nothing. */
export type Pooled = { repeats: number[]; se: number; how: string; places: Int32Array; alike: number; note?: string };

/** The time whose risks the calibration slope of survival is of: the middle one. */
export const slopeTime = (times: readonly number[]): number => times[Math.floor((times.length - 1) / 2)];

/** Calibration of a mixture of fits that all predict everybody alike follows from the folds' prevalences alone. */
const alike = "Every fit kept nothing and predicts all patients of its fold alike: there is no slope.";

/**
 * Calibration slope, in the large (binary), observed/expected by each time (survival), scaled Brier score and no-information rate of a model by nested
 * cross-validation, each from one repeat's predictions together and averaged over repeats. A survival slope is the Cox coefficient of
 * log(−log(1 − risk)) at the middle time, the one scale that fits of different folds share.
 *
 * Standard error: two variances added as in `foldError`. That of the patients, the predictions as they are: Wald (slope, in the large), Greenwood
 * over the mean risk (observed/expected: the risks count as given), influence by patient (scaled Brier), averaged over repeats. And that of the
 * refits: the corrected resampled one (Nadeau & Bengio) of the folds' pseudo-values k·θ − (k − 1)·θ₋f, θ₋f without fold f, because folds are too small for
 * figures of their own. Wald's alone held the truth of a slope in 78 % of cohorts where selection is heavy (bench/coverage.ts).
 */
export function pooledFigures(facts: CrossValidationFacts, model: string, outcome: BinaryOutcome | SurvivalOutcome, id: readonly string[], times: readonly number[]): Record<string, Pooled> {
  const found = new Map<string, { repeats: number[]; errors: number[]; pseudo: number[]; how: string; alike: number }>();
  const scored = new Set<number>();
  facts.repeats.forEach(({ fold, predictions }, r) => {
    const prediction = predictions[model];
    if (prediction === undefined) return;
    const keep = Int32Array.from(fold.keys()).filter((k) => Number.isFinite(prediction.linear[k]) && (prediction.probability[0] === undefined || Number.isFinite(prediction.probability[0][k])));
    for (const k of keep) scored.add(k);
    const own = facts.results.filter((f) => f.repeat === r + 1 && f.failed?.[model] === undefined);
    const nothing = own.length > 0 && own.every((f) => f.kept[model]?.length === 0);
    const whole = figuresOf(outcome, prediction, keep, id, times);
    const labels = [...new Set(Array.from(keep, (k) => fold[k]))];
    const without = labels.map((f) => figuresOf(outcome, prediction, keep.filter((k) => fold[k] !== f), id, times));
    for (const [measure, { value, se, how }] of Object.entries(whole)) {
      const list = found.get(measure) ?? { repeats: [], errors: [], pseudo: [], how, alike: 0 };
      found.set(measure, list);
      const none = measure === "calibration slope" && nothing;
      if (none) list.alike++;
      list.repeats.push(none ? NaN : value);
      if (none || !Number.isFinite(value)) continue;
      list.errors.push(se);
      if (measure !== "no-information rate") for (const one of without) list.pseudo.push(labels.length * value - (labels.length - 1) * (one[measure]?.value ?? NaN));
    }
  });
  const places = Int32Array.from(scored).sort();
  return Object.fromEntries([...found].map(([measure, { repeats, errors, pseudo, how, alike: flat }]): [string, Pooled] => {
    const own = errors.reduce((a, b) => a + b, 0) / errors.length;
    const refits = pseudo.every(Number.isFinite) ? refitError(pseudo, facts.folds) : NaN;
    const both = Number.isFinite(refits);
    return [measure, {
      repeats, places, alike: flat, se: both ? Math.sqrt(own * own + refits * refits) : own,
      how: `${how} of one repeat's predictions together, averaged over repeats${both ? ", plus corrected resampled variance of the folds' pseudo-values (Nadeau & Bengio)" : ""}`,
      ...(flat > 0 && { note: flat === repeats.length ? alike : `In ${flat} of ${repeats.length} repeats every fit kept nothing and there is no slope.` }),
    }];
  }));
}

function figuresOf(outcome: BinaryOutcome | SurvivalOutcome, prediction: Prediction, places: Int32Array, id: readonly string[], times: readonly number[]): Record<string, One> {
  const own = selectOutcome(outcome, places);
  return own.kind === "binary" ? binary(own, Float64Array.from(places, (k) => prediction.probability[0][k]), Array.from(places, (k) => id[k])) : survival(own, prediction, places, times);
}

function binary({ event }: BinaryOutcome, risk: Float64Array, id: readonly string[]): Record<string, One> {
  const n = event.length, share = event.reduce((a, b) => a + b, 0) / n;
  if (!(share > 0 && share < 1)) return {};
  const line = calibrationLine(risk, event);
  return {
    "calibration slope": { value: line.slope.estimate, se: line.slope.se, how: "Wald" },
    "calibration in the large": { value: line.inTheLarge.estimate, se: line.inTheLarge.se, how: "Wald" },
    "scaled Brier": scaledBrier(risk, event, id),
    "no-information rate": { value: Math.max(share, 1 - share), se: NaN, how: "" },
  };
}

/** 1 − Brier / (share (1 − share)), and the standard error from each patient's influence on both. */
export function scaledBrier(risk: Float64Array, event: Uint8Array, id: readonly string[]): One {
  const n = event.length, share = event.reduce((a, b) => a + b, 0) / n, none = share * (1 - share);
  const losses = risk.map((p, i) => (p - event[i]) * (p - event[i])), brier = losses.reduce((a, b) => a + b, 0) / n;
  const influence = losses.map((l, i) => (-(l - brier) / none + (brier * (1 - 2 * share) * (event[i] - share)) / (none * none)) / n);
  return { value: 1 - brier / none, se: clusteredError(influence, id), how: "influence functions by patient" };
}

function survival(own: SurvivalOutcome, { probability }: Prediction, places: Int32Array, times: readonly number[]): Record<string, One> {
  const result: Record<string, One> = {};
  if (!own.event.includes(1)) return result;
  times.forEach((t, j) => {
    const risk = Float64Array.from(places, (k) => probability[j][k]);
    if (risk.every(Number.isFinite)) result[atTime("observed/expected", t)] = observedToExpected(own, risk, t);
    if (t !== slopeTime(times)) return;
    const slope = risk.every(Number.isFinite) ? slopeAndError({ time: own.time, event: own.event }, complementaryLogLog(risk)) : { value: NaN, se: NaN };
    result["calibration slope"] = { ...slope, how: "Wald" };
  });
  return result;
}

/** (1 − Kaplan–Meier) over the mean risk by t; standard error: Greenwood's over the mean risk. Riley et al., Prognosis Research in Health Care 2019. */
export function observedToExpected(own: SurvivalOutcome, risk: Float64Array, t: number): One {
  const [seen] = survivalAt(kaplanMeier({ time: own.time, event: own.event }), [t]);
  const expected = risk.reduce((a, b) => a + b, 0) / risk.length;
  return { value: (1 - seen.survival) / expected, se: seen.standardError / expected, how: "Greenwood" };
}
