import { selectOutcome } from "../cohort/index.js";
import { aucDelong, concordance } from "../evaluate/index.js";
import { normalQuantile } from "../math/index.js";
import type { Comparison, Estimate, Performance } from "../report/index.js";
import type { CohortData } from "./data.js";
import type { CentreFacts, SetFacts } from "./facts.js";
import { normalInterval, twoSided } from "./intervals.js";
import { headline, scoredRows, type MeritAt } from "./merit.js";
import type { Plan } from "./plan.js";
import { setComparison, setPerformance } from "./setEstimates.js";

/** The set that a mean over centres is said to be of. */
export const CENTRES_MEAN = "mean over centres";
const kind = "leave-one-centre-out" as const;
const within = "standard errors within the centres";

/** Each centre's own figures with their intervals, by the pipeline fitted without it, and their mean over the centres. */
export function centrePerformance(centres: readonly CentreFacts[], plan: Plan, cohort: CohortData, at: MeritAt, level: number): Performance[] {
  const measure = headline(cohort.outcome.kind);
  return plan.models.flatMap(({ name: model }): Performance[] => {
    const scored = centres.filter((c) => c.predictions[model] !== undefined);
    const own = scored.flatMap((centre) => setPerformance(setOf(centre, cohort, [model]), model, centre.merit[model], { times: at.times, level, seed: plan.seed })
      .map((p): Performance => ({ ...p, estimate: { ...p.estimate, kind, method: "whole pipeline fitted on the other centres", ...(centre.kept[model]?.length === 0 && { empty: 1, fits: 1 }) } })));
    const used = own.filter((p) => p.measure === measure && Number.isFinite(p.estimate.value)).map((p) => p.estimate);
    const errors = scored.filter((c) => Number.isFinite(c.merit[model][measure])).map((c) => headlineError(setOf(c, cohort, [model]), model));
    return used.length < 2 ? own : [...own, { model, measure, estimate: meanOver(used, errorOf(errors), centres.length, plan.seed, level, true) }];
  });
}

/**
 * Two models in every centre left out, each pair fitted on the other centres: the difference in each centre (DeLong, jackknife), and its mean over the
 * centres with a z test. The mean's standard error is √Σ se²/number, of the patients within these centres: it does not speak of other centres, nor
 * of how much the fits, which share patients, would differ; smallest and largest difference stand beside it.
 */
export function centreComparison(centres: readonly CentreFacts[], plan: Plan, cohort: CohortData, first: string, second: string, level: number): Comparison[] {
  const measure = headline(cohort.outcome.kind);
  const own = centres.filter((c) => c.predictions[first] !== undefined && c.predictions[second] !== undefined)
    .flatMap((centre) => setComparison(setOf(centre, cohort, [first, second]), first, second, { times: plan.evaluation.times, level, seed: plan.seed }))
    .map((c): Comparison => ({ ...c, difference: { ...c.difference, kind, method: `${c.difference.method}; whole pipeline fitted on the other centres` } }));
  const used = own.filter((c) => c.measure === measure && Number.isFinite(c.difference.value)).map((c) => c.difference);
  if (used.length < 2) return own;
  // intervals of differences are value ± z·se; where both fits order a centre's patients alike there is no difference and no variance
  const z = normalQuantile(0.5 + level / 2), se = errorOf(used.map((e) => (e.low !== undefined && e.high !== undefined ? (e.high - e.low) / (2 * z) : e.value === 0 ? 0 : NaN)));
  const difference = meanOver(used, se, centres.length, plan.seed, level, false), few = used.some((e) => e.note?.includes("no test is given") === true);
  return [{ first, second, measure, difference, ...(se > 0 && !few && { test: { name: `z, ${within}`, statistic: difference.value / se, p: twoSided(difference.value, se) } }) }, ...own];
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
    "low" in interval ? "The interval is of the patients of these centres; how centres differ is the range." : "No interval: a centre's figure has none.",
  ];
  return {
    value, ...interval, ...("low" in interval && { level, intervalMethod: `normal, ${within}` }),
    n: used.reduce((a, e) => a + e.n, 0), events: used.reduce((a, e) => a + (e.events ?? 0), 0), set: CENTRES_MEAN, kind,
    method: "mean of the centres' figures, each by the pipeline fitted on the others", min: Math.min(...values), max: Math.max(...values), count: used.length, seed, note: notes.join(" "),
  };
}

/** √Σ se²/number; NaN where a centre has none. */
const errorOf = (errors: readonly number[]): number => Math.sqrt(errors.reduce((sum, se) => sum + se * se, 0)) / errors.length;

/** DeLong's or the jackknife's standard error of a model's headline figure in a centre; NaN where there is none. */
function headlineError(set: SetFacts, model: string): number {
  const rows = scoredRows(set.predictions[model], set.rows.keys());
  const outcome = selectOutcome(set.cohort.outcome, rows), linear = Float64Array.from(rows, (k) => set.predictions[model].linear[k]);
  if (outcome.kind === "survival") return concordance({ time: outcome.time, event: outcome.event }, linear).standardError;
  const events = outcome.event.reduce((a, b) => a + b, 0);
  return Math.min(events, rows.length - events) < 2 ? NaN : aucDelong(linear, outcome.event).se;
}
