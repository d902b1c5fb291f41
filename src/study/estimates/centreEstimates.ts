import { selectOutcome } from "../../cohort/index.js";
import { aucDelong, concordance } from "../../evaluate/index.js";
import { normalQuantile } from "../../math/index.js";
import type { Comparison, Estimate, Performance } from "../../report/index.js";
import type { CohortData } from "../data.js";
import type { CentreFacts, SetFacts } from "../facts.js";
import { normalInterval, refitError, twoSided } from "./intervals.js";
import { headline, scoredRows, type MeritAt } from "./merit.js";
import type { Plan } from "../plan.js";
import { setComparison, setPerformance } from "./setEstimates.js";

/** The set that a mean over centres is said to be of. */
export const CENTRES_MEAN = "mean over centres";
const kind = "leave-one-centre-out" as const;
const how = "standard errors within the centres plus corrected resampled variance of the centres' figures (Nadeau & Bengio)";

/** Each centre's own figures with their intervals, by the pipeline fitted without it, and their mean over the centres. */
export function centrePerformance(centres: readonly CentreFacts[], plan: Plan, cohort: CohortData, at: MeritAt, level: number): Performance[] {
  const measure = headline(cohort.outcome.kind);
  return plan.models.flatMap(({ name: model }): Performance[] => {
    const scored = centres.filter((c) => c.predictions[model] !== undefined);
    const own = scored.flatMap((centre) => setPerformance(setOf(centre, cohort, [model]), model, centre.merit[model], { times: at.times, level, seed: plan.seed, ...(centre.thresholds?.[model] !== undefined && { threshold: centre.thresholds[model] }) })
      .map((p): Performance => ({ ...p, estimate: { ...p.estimate, kind, method: "whole pipeline fitted on the other centres", ...emptyFits([centre], model) } })));
    const used = own.filter((p) => p.measure === measure && Number.isFinite(p.estimate.value)).map((p) => p.estimate);
    const errors = scored.filter((c) => Number.isFinite(c.merit[model][measure])).map((c) => headlineError(setOf(c, cohort, [model]), model));
    return used.length < 2 ? own : [...own, { model, measure, estimate: { ...meanOver(used, errorOf(used, errors), centres.length, plan.seed, level, true), ...emptyFits(scored, model) } }];
  });
}

/**
 * Two models in every centre left out, each pair fitted on the other centres: the difference in each centre (DeLong, jackknife), and its mean over the
 * centres with a z test. The mean's standard error adds two variances as that of nested cross-validation does (`foldError`): Σ se²/number², of the patients
 * within the centres, and the corrected resampled one of the centres' figures, which sees how fits and centres differ. From two centres there is none.
 */
export function centreComparison(centres: readonly CentreFacts[], plan: Plan, cohort: CohortData, first: string, second: string, level: number): Comparison[] {
  const measure = headline(cohort.outcome.kind);
  const own = centres.filter((c) => c.predictions[first] !== undefined && c.predictions[second] !== undefined)
    .flatMap((centre) => setComparison(setOf(centre, cohort, [first, second]), first, second, { times: plan.evaluation.times, level, seed: plan.seed }))
    .map((c): Comparison => ({ ...c, difference: { ...c.difference, kind, method: `${c.difference.method}; whole pipeline fitted on the other centres` } }));
  const used = own.filter((c) => c.measure === measure && Number.isFinite(c.difference.value)).map((c) => c.difference);
  if (used.length < 2) return own;
  // intervals of differences are value ± z·se; where both fits order a centre's patients alike there is no difference and no variance
  const z = normalQuantile(0.5 + level / 2), se = errorOf(used, used.map((e) => (e.low !== undefined && e.high !== undefined ? (e.high - e.low) / (2 * z) : e.value === 0 ? 0 : NaN)));
  const difference = meanOver(used, se, centres.length, plan.seed, level, false), few = used.some((e) => e.note?.includes("no test is given") === true);
  return [{ first, second, measure, difference, ...(se > 0 && !few && { test: { name: `z, ${how}`, statistic: difference.value / se, p: twoSided(difference.value, se) } }) }, ...own];
}

/** In how many of the fits without a centre the model kept nothing, of how many. */
function emptyFits(scored: readonly CentreFacts[], model: string): Pick<Estimate, "empty" | "fits"> {
  const kept = scored.flatMap((c) => (c.kept[model] === undefined ? [] : [c.kept[model]]));
  return kept.length === 0 ? {} : { empty: kept.filter((k) => k.length === 0).length, fits: kept.length };
}

/** A centre left out as a set of its own. */
const setOf = (centre: CentreFacts, cohort: CohortData, models: readonly string[]): SetFacts => ({
  name: centre.centre, kind: "external", rows: Int32Array.from(centre.rows.keys()), predictions: Object.fromEntries(models.map((m) => [m, centre.predictions[m]])),
  cohort: { ...cohort, table: { id: Array.from(centre.rows, (r) => cohort.table.id[r]), columns: {} }, outcome: selectOutcome(cohort.outcome, centre.rows) },
});

function meanOver(used: readonly Estimate[], se: number, centres: number, seed: number, level: number, share: boolean): Estimate {
  const values = used.map((e) => e.value), value = values.reduce((a, b) => a + b, 0) / values.length;
  const interval = normalInterval(value, se, level, share);
  const notes = [
    ...(used.length < centres ? [`${centres - used.length} of ${centres} centres have no figure and do not count.`] : []),
    ...("low" in interval ? [] : [used.length < 3 ? "No interval: two centres do not tell how centres differ." : "No interval: a centre's figure has none."]),
  ];
  return {
    value, ...interval, ...("low" in interval && { level, intervalMethod: `normal, ${how}` }),
    n: used.reduce((a, e) => a + e.n, 0), events: used.reduce((a, e) => a + (e.events ?? 0), 0), set: CENTRES_MEAN, kind,
    method: "mean of the centres' figures, each by the pipeline fitted on the others", min: Math.min(...values), max: Math.max(...values), count: used.length, seed, ...(notes.length > 0 && { note: notes.join(" ") }),
  };
}

/** √(Σ se²/number² + refits²); NaN where a centre has no error, or from fewer than three. */
function errorOf(used: readonly Estimate[], errors: readonly number[]): number {
  const within = errors.reduce((sum, se) => sum + se * se, 0) / (errors.length * errors.length), between = refitError(used.map((e) => e.value), used.length);
  return Math.sqrt(within + between * between);
}

/** DeLong's or the jackknife's standard error of a model's headline figure in a centre; NaN where there is none. */
function headlineError(set: SetFacts, model: string): number {
  const rows = scoredRows(set.predictions[model], set.rows.keys());
  const outcome = selectOutcome(set.cohort.outcome, rows), linear = Float64Array.from(rows, (k) => set.predictions[model].linear[k]);
  if (outcome.kind === "survival") return concordance({ time: outcome.time, event: outcome.event }, linear).standardError;
  const events = outcome.event.reduce((a, b) => a + b, 0);
  return Math.min(events, rows.length - events) < 2 ? NaN : aucDelong(linear, outcome.event).se;
}
