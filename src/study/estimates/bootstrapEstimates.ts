import { quantile } from "../../math/index.js";
import type { Comparison, Estimate, Performance } from "../../report/index.js";
import type { BootstrapFacts, Merit } from "../facts.js";
import type { Under } from "./eventsUnder.js";
import { isShare, spreadOf } from "./intervals.js";
import { formatNumber } from "../words.js";

/** `empty`: models that selected nothing in the fit on all patients; `same`: pairs of models ("first|second") that are one and the same there; `under`: patients whom all of the named models score, and the events that a measure of them is of, where not all. */
type Context = { apparent: Record<string, Merit>; n: number; events: number; set: string; level: number; seed: number; empty?: readonly string[]; same?: ReadonlySet<string>; under?: (measure: string, models: readonly string[]) => Under & { n: number } };
type Resampled = BootstrapFacts["resamples"][number];

/** What optimism does not apply to: it says something of the outcome alone. */
const outcomeOnly = /^no-information rate/;
/** What is right on the sample by construction: its percentiles say nothing of the corrected figure. */
const byConstruction = /^(calibration|observed\/expected)/;
/** Figures that the null model, which ranks nobody and calls everybody alike, has ½ of, whoever the patients. */
const ranks = /^(AUC|C-index|Uno C|median AUC|balanced accuracy)/;
/** The fewest samples whose 2.5 % tails are looked at. */
export const PERCENTILE_FLOOR = 100;

/**
 * Optimism-corrected figures: apparent − mean over bootstrap samples of (figure on the sample − figure on the original patients), the whole
 * pipeline refitted in each. Efron & Gong, Am Stat 1983;37:36; Harrell, Lee & Mark, Stat Med 1996;15:361. Interval: the percentile interval
 * of the samples' apparent figures, moved by the optimism (location-shifted bootstrap: Noma, Shinozaki, Iba, Teramukai & Furukawa, Stat
 * Med 2021;40:5691). It takes the spread of the apparent figure for that of the corrected one. No interval is given, and a note says why, from
 * fewer than 100 samples, where heavy selection puts it beside the corrected figure, and where the final fit is the null model: that ranks nobody,
 * so that its AUC and C are ½ and the optimism of samples that selected something is not its own.
 */
export function optimismPerformance(resamples: readonly Resampled[], models: readonly string[], context: Context): Performance[] {
  return models.flatMap((model) => Object.keys(context.apparent[model] ?? {}).filter((m) => !outcomeOnly.test(m)).flatMap((measure): Performance[] => {
    const found = corrected(resamples, model, measure, context);
    return found === undefined ? [] : [{ model, measure, estimate: found }];
  }));
}

function corrected(resamples: readonly Resampled[], model: string, measure: string, context: Context): Estimate | undefined {
  const { n, events, set, level, seed, empty } = context;
  const own = context.apparent[model][measure];
  const pairs = resamples.map((r) => ({ training: r.training[model]?.[measure], test: r.test[model]?.[measure] })).filter((p): p is { training: number; test: number } => Number.isFinite(p.training) && Number.isFinite(p.test));
  if (!Number.isFinite(own) || pairs.length === 0) return undefined;
  const shift = spreadOf(pairs.map((p) => p.training - p.test));
  const none = empty?.includes(model) ?? false, exact = none && ranks.test(measure);
  const value = exact ? own : own - shift.mean;
  const { note, ...interval } = none || byConstruction.test(measure) ? { note: none ? nullNote(shift.mean, exact) : "No interval: on its own sample each fit is calibrated by construction, so that the percentiles tell nothing." } : shifted(pairs.map((p) => p.training), shift.mean, value, level, isShare(measure));
  const notes = [pairs.length < resamples.length ? `${resamples.length - pairs.length} of ${resamples.length} samples gave no value and do not count.` : undefined, note].filter((x) => x !== undefined);
  return {
    value, ...interval, n, ...(context.under?.(measure, [model]) ?? { events }), set, kind: "optimism-corrected",
    method: `whole-pipeline bootstrap, ${resamples.length} samples`, sd: shift.sd, count: pairs.length,
    empty: emptyFits(resamples, model), fits: resamples.length, seed, ...(notes.length > 0 && { note: notes.join(" ") }),
  };
}

const nullNote = (optimism: number, exact: boolean) => exact
  ? `The fit on all patients selected nothing: it ranks nobody, which is 0.5 whoever is judged. The mean optimism of the samples (${formatNumber(optimism, true)}) is that of fits that did select and is not subtracted.`
  : "The fit on all patients selected nothing; the samples' spread is that of other models, so that no interval is given.";

const emptyFits = (resamples: readonly Resampled[], model: string) => resamples.filter((r) => r.kept[model]?.length === 0 && r.failed?.[model] === undefined).length;

/** The percentile interval of the samples' own figures less a shift; or why there is none. */
function shifted(own: readonly number[], shift: number, value: number, level: number, share: boolean): { low?: number; high?: number; level?: number; intervalMethod?: string; note?: string } {
  if (own.length < PERCENTILE_FLOOR) return { note: `No interval: ${own.length} samples are too few for percentiles, ${PERCENTILE_FLOOR} are needed.` };
  let low = quantile(own, (1 - level) / 2) - shift, high = quantile(own, (1 + level) / 2) - shift;
  if (!(high > low)) return {};
  if (value < low || value > high) return { note: `No interval: moved by the optimism, the samples' apparent figures (${formatNumber(low)} to ${formatNumber(high)}) lie beside the corrected one, as after heavy selection. Read the nested cross-validation's.` };
  if (share) [low, high] = [Math.max(0, low), Math.min(1, high)];
  return { low, high, level, intervalMethod: "location-shifted bootstrap percentiles" };
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
    const empty = context.empty?.includes(model) ?? false;
    const value = empty ? apparent : (1 - weight) * apparent + weight * bounded;
    const own = resamples.map((r) => r.training[model]?.[measure] ?? NaN).filter(Number.isFinite);
    const interval = empty ? { note: "The fit on all patients selected nothing: it ranks nobody, which is 0.5 whoever is judged." } : shifted(own, apparent - value, value, level, true);
    return [{ model, measure, estimate: {
      value, ...interval, n, ...(context.under?.(measure, [model]) ?? { events }), set, kind: "632+", method: `.632+ bootstrap of the whole pipeline, ${resamples.length} samples, relative overfitting ${Number(rate.toPrecision(3))}`,
      sd: left.sd, count: left.count, empty: emptyFits(resamples, model), fits: resamples.length, seed,
    } }];
  }));
}

/**
 * Optimism-corrected differences second − first, each sample's two models beside each other: the difference of the corrected figures above. No interval
 * where a model is the null model or both are one and the same: the spread of the samples is then that of other models.
 */
export function optimismComparison(resamples: readonly Resampled[], first: string, second: string, measures: readonly string[], context: Context): Comparison[] {
  const { n, events, set, level, seed, apparent } = context;
  return measures.flatMap((measure): Comparison[] => {
    const gap = (m: Record<string, Merit>) => (m[second]?.[measure] ?? NaN) - (m[first]?.[measure] ?? NaN);
    const own = gap(apparent);
    const pairs = resamples.map((r) => ({ training: gap(r.training), test: gap(r.test), of: (m: string) => r.training[m][measure] - r.test[m][measure] })).filter((p) => Number.isFinite(p.training) && Number.isFinite(p.test));
    if (!Number.isFinite(own) || pairs.length === 0) return [];
    const counts = (model: string) => !((context.empty?.includes(model) ?? false) && ranks.test(measure));
    const shift = spreadOf(pairs.map((p) => (counts(second) ? p.of(second) : 0) - (counts(first) ? p.of(first) : 0)));
    const value = own - shift.mean;
    const note = context.same?.has(`${first}|${second}`) ? "Fitted on all patients the two models are the same: the difference is that of how they are made. No interval is given."
      : [first, second].some((m) => context.empty?.includes(m)) ? "Fitted on all patients one of the models selected nothing. No interval is given." : undefined;
    const interval = note === undefined ? shifted(pairs.map((p) => p.training), shift.mean, value, level, false) : { note };
    return [{ first, second, measure, difference: {
      value, ...interval, n, ...(context.under?.(measure, [first, second]) ?? { events }), set, kind: "optimism-corrected", method: `whole-pipeline bootstrap, ${resamples.length} samples`, sd: shift.sd, count: pairs.length, seed,
    } }];
  });
}
