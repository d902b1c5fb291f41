import { quantile } from "../math/index.js";
import type { Comparison, Estimate, Performance } from "../report/index.js";
import type { BootstrapFacts, Merit } from "./facts.js";
import { spreadOf } from "./intervals.js";

type Context = { apparent: Record<string, Merit>; n: number; events: number; set: string; level: number; seed: number; unit?: string };
type Resampled = BootstrapFacts["resamples"][number];

/** What optimism does not apply to: it says something of the outcome alone. */
const outcomeOnly = /^no-information rate/;
/** What is right on the sample by construction: its percentiles say nothing of the corrected figure. */
const byConstruction = /^(calibration|observed\/expected)/;

/**
 * Optimism-corrected figures: apparent − mean over bootstrap samples of (figure on the sample − figure on the original patients), the whole
 * pipeline refitted in each. Efron & Gong, Am Stat 1983;37:36; Harrell, Lee & Mark, Stat Med 1996;15:361. Interval: the percentile interval
 * of the samples' apparent figures, moved by the optimism (location-shifted bootstrap: Noma, Shinozaki, Iba, Teramukai & Furukawa, Stat
 * Med 2021;40:5691). It takes the spread of the apparent figure for that of the corrected one: where selection overfits heavily it is too
 * narrow and may even miss the corrected figure, which the note then says.
 */
export function optimismPerformance(resamples: readonly Resampled[], models: readonly string[], context: Context): Performance[] {
  return models.flatMap((model) => Object.keys(context.apparent[model] ?? {}).filter((m) => !outcomeOnly.test(m)).flatMap((measure): Performance[] => {
    const found = corrected(resamples, model, measure, context);
    return found === undefined ? [] : [{ model, measure, estimate: found }];
  }));
}

function corrected(resamples: readonly Resampled[], model: string, measure: string, context: Context): Estimate | undefined {
  const { n, events, set, level, seed } = context;
  const own = context.apparent[model][measure];
  const pairs = resamples.map((r) => ({ training: r.training[model]?.[measure], test: r.test[model]?.[measure] })).filter((p): p is { training: number; test: number } => Number.isFinite(p.training) && Number.isFinite(p.test));
  if (!Number.isFinite(own) || pairs.length === 0) return undefined;
  const shift = spreadOf(pairs.map((p) => p.training - p.test));
  const value = own - shift.mean;
  const low = quantile(pairs.map((p) => p.training), (1 - level) / 2) - shift.mean, high = quantile(pairs.map((p) => p.training), (1 + level) / 2) - shift.mean;
  const notes = [
    ...(pairs.length < resamples.length ? [`${resamples.length - pairs.length} of ${resamples.length} samples gave no value and do not count.`] : []),
    ...(!byConstruction.test(measure) && (value < low || value > high) ? ["The shifted interval does not hold the corrected figure: the samples' apparent figures lie beside the apparent one, as after heavy selection. Read the nested cross-validation's interval."] : []),
  ];
  return {
    value, ...(!byConstruction.test(measure) && high > low && { low, high, level, intervalMethod: "location-shifted bootstrap percentiles" }), n, events, set, kind: "optimism-corrected",
    method: `whole-pipeline bootstrap, ${resamples.length} samples`, sd: shift.sd, count: pairs.length,
    empty: resamples.filter((r) => r.kept[model]?.length === 0 && r.failed?.[model] === undefined).length, seed,
    ...(notes.length > 0 && { note: notes.join(" ") }),
  };
}

/** Figures whose no-information value is known: ½ for ranks, and for Brier the prevalence's own. */
const uninformed: Record<string, number> = { AUC: 0.5, "C-index": 0.5, "Uno C": 0.5 };

/**
 * .632+ of AUC and C: (1 − w)·apparent + w·left-out with w = .632/(1 − .368 R), R how far the left-out figure has fallen from the apparent
 * one towards ½. Efron & Tibshirani, J Am Stat Assoc 1997;92:548; for AUC Adler & Lausen, Comput Stat Data Anal 2009;53:718.
 */
export function plus632Performance(resamples: readonly Resampled[], models: readonly string[], context: Context): Performance[] {
  const { n, events, set, level, seed } = context;
  return models.flatMap((model) => Object.keys(uninformed).flatMap((measure): Performance[] => {
    const apparent = context.apparent[model]?.[measure];
    const left = spreadOf(resamples.map((r) => r.leftOut[model]?.[measure] ?? NaN));
    if (apparent === undefined || !Number.isFinite(apparent) || left.count === 0) return [];
    const none = uninformed[measure];
    const bounded = Math.max(left.mean, none);
    const rate = apparent > none && bounded < apparent ? Math.min(1, (apparent - bounded) / (apparent - none)) : 0;
    const weight = 0.632 / (1 - 0.368 * rate);
    const value = (1 - weight) * apparent + weight * bounded;
    const own = resamples.map((r) => r.training[model]?.[measure] ?? NaN).filter(Number.isFinite);
    const shift = apparent - value;
    return [{ model, measure, estimate: {
      value, low: quantile(own, (1 - level) / 2) - shift, high: quantile(own, (1 + level) / 2) - shift, level, intervalMethod: "location-shifted bootstrap percentiles",
      n, events, set, kind: "632+", method: `.632+ bootstrap of the whole pipeline, ${resamples.length} samples, relative overfitting ${Number(rate.toPrecision(3))}`, sd: left.sd, count: left.count, seed,
    } }];
  }));
}

/** Optimism-corrected differences second − first, each sample's two models beside each other. */
export function optimismComparison(resamples: readonly Resampled[], first: string, second: string, measures: readonly string[], context: Context): Comparison[] {
  const { n, events, set, level, seed, apparent } = context;
  return measures.flatMap((measure): Comparison[] => {
    const own = (apparent[second]?.[measure] ?? NaN) - (apparent[first]?.[measure] ?? NaN);
    const gap = (m: Record<string, Merit>) => (m[second]?.[measure] ?? NaN) - (m[first]?.[measure] ?? NaN);
    const pairs = resamples.map((r) => ({ training: gap(r.training), test: gap(r.test) })).filter((p) => Number.isFinite(p.training) && Number.isFinite(p.test));
    if (!Number.isFinite(own) || pairs.length === 0) return [];
    const shift = spreadOf(pairs.map((p) => p.training - p.test));
    return [{ first, second, measure, difference: {
      value: own - shift.mean, low: quantile(pairs.map((p) => p.training), (1 - level) / 2) - shift.mean, high: quantile(pairs.map((p) => p.training), (1 + level) / 2) - shift.mean,
      level, intervalMethod: "location-shifted bootstrap percentiles", n, events, set, kind: "optimism-corrected", method: `whole-pipeline bootstrap, ${resamples.length} samples`, sd: shift.sd, count: pairs.length, seed,
    } }];
  });
}
