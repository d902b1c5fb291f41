import { selectOutcome } from "../../cohort/index.js";
import type { Comparison, Estimate, Performance } from "../../report/index.js";
import type { CrossValidationFacts } from "../facts.js";
import type { CohortData } from "../data.js";
import { eventsUnder, tooFew } from "./eventsUnder.js";
import { clusteredError, isShare, normalInterval, refitError, spreadOf, twoSided } from "./intervals.js";
import { scoresOf, type MeritAt } from "./merit.js";
import type { Prediction } from "../pipeline.js";
import { isPooled, pooledFigures, slopeTime } from "./pooledEstimates.js";

/** A judged part of the patients: who, what was predicted for them (by place in the training rows), under which repeat. */
type Part = { repeat: number; places: Int32Array; predictions: Record<string, Prediction>; thresholds: Record<string, number | undefined> };

/** Fold merit averaged within each repeat, and each place's influence on the mean over folds and repeats. */
export type FoldMean = { byRepeat: number[]; value: number; influence?: Float64Array; /** figure of each part, NaN where it has none */ values: Float64Array; folds: number; missing: number; /** places that a fold with the figure has a prediction of */ places: Int32Array };

/**
 * Mean over folds (then repeats) of a figure computed within each fold, and the influence of each patient on it: the sum over the folds of
 * ∂(fold figure)/∂(weight) over the number of folds, averaged over repeats; its variance is Σ influence² over patients. Folds that cannot
 * give the figure do not count. LeDell, Petersen & van der Laan, Electron J Stat 2015;9:1583 for AUC; for C the infinitesimal jackknife
 * within folds. A fold's own mean takes up part of each patient's deviation (1/m of m patients), which is given back.
 */
export function foldMeans(cohort: CohortData, training: Int32Array, parts: readonly Part[], model: string, at: Omit<MeritAt, "threshold">): Record<string, FoldMean> {
  const outcome = selectOutcome(cohort.outcome, training), n = training.length;
  const repeats = [...new Set(parts.map((p) => p.repeat))];
  const collected = new Map<string, { part: number; repeat: number; value: number; places: Int32Array; influence?: Float64Array }[]>();
  for (const [p, part] of parts.entries()) {
    const prediction = part.predictions[model];
    if (prediction === undefined) continue;
    const threshold = part.thresholds[model];
    const places = part.places.filter((k) => Number.isFinite(prediction.linear[k]));
    const scores = scoresOf(outcome, prediction, places, { ...at, ...(threshold !== undefined && { threshold }) }, true);
    for (const [measure, { value, influence }] of Object.entries(scores)) {
      const list = collected.get(measure) ?? [];
      collected.set(measure, list);
      if (Number.isFinite(value)) list.push({ part: p, repeat: part.repeat, value, places, ...(influence && { influence }) });
    }
  }
  const result: Record<string, FoldMean> = {};
  for (const [measure, list] of collected) {
    const byRepeat = repeats.map((r) => mean(list.filter((x) => x.repeat === r).map((x) => x.value)));
    const known = byRepeat.filter(Number.isFinite).length;
    const influence = new Float64Array(n);
    let complete = list.length > 0;
    for (const repeat of repeats) {
      const folds = list.filter((x) => x.repeat === repeat);
      for (const fold of folds) {
        if (fold.influence === undefined) { complete = false; continue; }
        const size = classSizes(measure, outcome.event, fold.places);
        fold.places.forEach((k, j) => {
          const m = size[outcome.event[k]];
          const back = m > 1 ? m / (m - 1) : 1;
          influence[k] += (fold.influence![j] * (repeats.length > 1 ? back : Math.sqrt(back))) / folds.length / known;
        });
      }
    }
    const values = new Float64Array(parts.length).fill(NaN);
    for (const fold of list) values[fold.part] = fold.value;
    result[measure] = { values, byRepeat, value: mean(byRepeat.filter(Number.isFinite)), ...(complete && { influence }), folds: list.length, missing: parts.length - list.length, places: Int32Array.from(new Set(list.flatMap((x) => Array.from(x.places)))).sort() };
  }
  return result;
}

export type FoldError = { se: number; method: string };

/**
 * Standard error of a mean over folds and repeats, of two variances added: Σ influence² by patient, which takes the fits as they are, and the
 * corrected resampled one, s²·(1/J + 1/(k − 1)) of the J fold figures of k-fold cross-validation, which sees how much the refits differ
 * (Nadeau & Bengio, Mach Learn 2003;52:239). Either alone, or the larger of them, is too small where selection is unstable; no unbiased estimate exists
 * (Bengio & Grandvalet, J Mach Learn Res 2004;5:1089). Both hold part of the chance of who is judged, so that the sum is large where fits hardly differ.
 * bench/coverage.ts tells how often the intervals hold the truth.
 */
export function foldError(values: Float64Array, influence: Float64Array | undefined, patient: readonly string[], folds: number, difference = false): FoldError {
  const byPatient = influence === undefined ? NaN : clusteredError(influence, patient);
  const refits = refitError(values, folds);
  const first = `influence functions${difference ? " of the difference" : ""} by patient within folds`, second = `corrected resampled variance of the folds' ${difference ? "differences" : "figures"} (Nadeau & Bengio)`;
  if (Number.isNaN(refits)) return { se: byPatient, method: `${first}, averaged over repeats` };
  return Number.isNaN(byPatient) ? { se: refits, method: second } : { se: Math.sqrt(byPatient * byPatient + refits * refits), method: `${first} plus ${second}` };
}

/** How many patients share the mean that a patient's influence is taken from: those of the class for AUC and its like, else all of the fold. */
function classSizes(measure: string, event: Uint8Array, places: Int32Array): [number, number] {
  const events = places.reduce((a, k) => a + event[k], 0);
  if (measure === "AUC" || measure === "sensitivity" || measure === "specificity" || measure === "balanced accuracy") return [places.length - events, events];
  return [places.length, places.length];
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** The parts of a cross-validation: every fold's test places with the predictions of the fit without them. */
export function foldParts(facts: CrossValidationFacts): Part[] {
  return facts.results.map(({ repeat, fold, thresholds, failed }) => {
    const { fold: of, predictions } = facts.repeats[repeat - 1];
    const places = Int32Array.from(of.keys()).filter((k) => of[k] === fold - 1);
    const usable = Object.fromEntries(Object.entries(predictions).filter(([name]) => failed?.[name] === undefined));
    return { repeat, places, predictions: usable, thresholds: thresholds ?? {} };
  });
}

type Context = { cohort: CohortData; training: Int32Array; at: Omit<MeritAt, "threshold">; level: number; seed: number; set: string; unit?: string };

/** All figures of every model by nested cross-validation; fold figures averaged, calibration pooled within a repeat. */
export function nestedPerformance(facts: CrossValidationFacts, models: readonly string[], context: Context): { performance: Performance[]; means: Record<string, Record<string, FoldMean>> } {
  const { cohort, training, at, level, seed, set } = context;
  const parts = foldParts(facts);
  const outcome = selectOutcome(cohort.outcome, training), allPlaces = Int32Array.from(training.keys());
  const counted = (measure: string, places: Int32Array) => ({ n: places.length, ...eventsUnder(selectOutcome(outcome, places), measure, at.times) });
  const id = Array.from(training, (r) => cohort.table.id[r]);
  const performance: Performance[] = [];
  const means: Record<string, Record<string, FoldMean>> = {};
  for (const model of models) {
    const empty = facts.results.filter((f) => f.kept[model]?.length === 0 && f.failed?.[model] === undefined).length;
    const folds = foldMeans(cohort, training, parts, model, at);
    means[model] = folds;
    const method = `${facts.repeats.length} × ${facts.folds}-fold cross-validation of the whole pipeline`;
    for (const [measure, fold] of Object.entries(folds)) {
      if (isPooled(measure)) continue;
      const spread = spreadOf(fold.byRepeat);
      const { se, method: how } = foldError(fold.values, fold.influence, id, facts.folds);
      const interval = normalInterval(fold.value, se, level, isShare(measure));
      const estimate: Estimate = {
        value: fold.value, ...interval, ...("low" in interval && { level, intervalMethod: how }),
        ...counted(measure, fold.folds > 0 ? fold.places : allPlaces), set, kind: "nested cross-validation", method: `${method}, fold figures averaged`,
        sd: spread.sd, min: spread.min, max: spread.max, count: spread.count, empty, fits: facts.results.length, seed,
        ...(fold.missing > 0 ? { note: `${fold.missing} of ${parts.length} folds have too few events or patients for it, or could not be fitted, and do not count.` } : "low" in interval ? {} : { note: "No interval: every fold gives the same figure." }),
      };
      performance.push({ model, measure, estimate });
    }
    for (const [measure, { repeats, places, se, how, alike, note }] of Object.entries(pooledFigures(facts, model, outcome, id, at.times))) {
      const spread = spreadOf(repeats);
      const interval = normalInterval(spread.mean, se, level, false);
      const notes = [...(note === undefined ? [] : [note]), ...(measure === "no-information rate" ? ["No interval: it is these patients' own share."] : []), ...(spread.count + alike < repeats.length ? [`Not to be had in ${repeats.length - spread.count - alike} of ${repeats.length} repeats.`] : [])];
      const scale = measure === "calibration slope" && outcome.kind === "survival" ? `, Cox coefficient of log(−log(1 − risk by ${slopeTime(at.times)}))` : "";
      performance.push({ model, measure, estimate: {
        value: spread.mean, ...interval, ...("low" in interval && { level, intervalMethod: how }),
        ...counted(measure, places.length > 0 ? places : allPlaces), set, kind: "nested cross-validation", method: `${method}, predictions of a repeat taken together${scale}`,
        sd: spread.sd, min: spread.min, max: spread.max, count: spread.count, empty, fits: facts.results.length, seed, ...(notes.length > 0 && { note: notes.join(" ") }),
      } });
    }
  }
  return { performance, means };
}

/**
 * Differences second − first of the same figures, fold by fold, with the standard error of `foldError` and its z test. Both models are judged on the
 * same patients of the same folds: a fold that one of them failed in, and a patient whom one of them cannot score, count for neither.
 */
export function nestedComparison(means: Record<string, Record<string, FoldMean>>, first: string, second: string, measures: readonly string[], facts: CrossValidationFacts, context: Context): Comparison[] {
  const { cohort, training, at, level, seed, set } = context;
  const outcome = selectOutcome(cohort.outcome, training);
  const id = Array.from(training, (r) => cohort.table.id[r]);
  const all = foldParts(facts), parts = sharedParts(all, first, second);
  const whole = parts.length === all.length && parts.every((p, k) => p.places.length === all[k].places.length);
  const of = (model: string, some: readonly Part[]) => foldMeans(cohort, training, some, model, at);
  const own: Record<string, Record<string, FoldMean>> = whole ? means : { [first]: of(first, parts), [second]: of(second, parts) };
  return measures.flatMap((measure): Comparison[] => {
    let a = own[first]?.[measure], b = own[second]?.[measure];
    if (a === undefined || b === undefined) return [];
    const both = parts.filter((_, k) => Number.isFinite(a.values[k]) && Number.isFinite(b.values[k]));
    if (both.length === 0) return [];
    if (both.length < Math.max(a.folds, b.folds)) [a, b] = [of(first, both)[measure], of(second, both)[measure]];
    const value = b.value - a.value;
    const gap = a.influence === undefined || b.influence === undefined ? undefined : b.influence.map((v, k) => v - a.influence![k]);
    const { se, method: how } = foldError(b.values.map((v, k) => v - a.values[k]), gap, id, facts.folds, true);
    const interval = normalInterval(value, se, level, false);
    const spread = spreadOf(b.byRepeat.map((v, r) => v - a.byRepeat[r]));
    const judged = selectOutcome(outcome, a.places), few = tooFew(judged, measure, at.times);
    const notes = [
      ...(both.length < all.length ? [`${all.length - both.length} of ${all.length} folds do not give it for both models and do not count.`] : []),
      ...(whole ? [] : ["Only patients whom both models score count."]),
      ...(few === undefined ? [] : [few]),
    ];
    return [{
      first, second, measure,
      difference: {
        value, ...interval, ...("low" in interval && { level, intervalMethod: how }),
        n: a.places.length, ...eventsUnder(judged, measure, at.times), set, kind: "nested cross-validation", method: `${facts.repeats.length} × ${facts.folds}-fold cross-validation of the whole pipeline`,
        sd: spread.sd, min: spread.min, max: spread.max, count: spread.count, seed, ...(notes.length > 0 && { note: notes.join(" ") }),
      },
      ...(se > 0 && few === undefined && { test: { name: `z, ${how}`, statistic: value / se, p: twoSided(value, se) } }),
    }];
  });
}

/** The folds in which both models could be fitted, with the patients whom both score. */
function sharedParts(parts: readonly Part[], first: string, second: string): Part[] {
  return parts.flatMap((part) => {
    const { [first]: a, [second]: b } = part.predictions;
    return a === undefined || b === undefined ? [] : [{ ...part, places: part.places.filter((k) => Number.isFinite(a.linear[k]) && Number.isFinite(b.linear[k])) }];
  });
}
