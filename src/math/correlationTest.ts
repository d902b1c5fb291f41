import { normalCdf, normalQuantile, tCdf } from "./distributions.js";
import { exp, log } from "./elementary.js";
import { kendallCounts, kendallDistribution, spearmanTail } from "./rankCorrelation.js";
import { midranks } from "./ranks.js";
import { confidenceLevel, finiteSample, pairedSamples, sampleMean, type Alternative, type Named, type TestResult } from "./testResult.js";
import { atMost } from "./wilcoxonDistribution.js";

export type CorrelationMethod = "pearson" | "spearman" | "kendall";
export type CorrelationOptions = Named & { method?: CorrelationMethod; alternative?: Alternative; level?: number; exact?: boolean };

/**
 * Correlation of two variables and its test; `estimate` is r, rho or tau-b. Agrees with R stats::cor.test:
 * pearson: t = r √((n − 2)/(1 − r²)), n − 2 df, interval by Fisher's z (n > 3).
 * spearman: statistic S = (n³ − n)(1 − rho)/6; without ties exact up to n = 9 and the Edgeworth series of Best & Roberts (AS 89,
 * Appl Stat 1975;24:377) up to 1,290; with ties, or above, the t law of rho, n − 2 df.
 * kendall: without ties below 50 exact (statistic T, the concordant pairs), else z with the variance for ties (Kendall 1970).
 * A variable that does not vary: estimate and p NaN with a warning.
 * @throws InputError on lengths that differ, fewer than 3 pairs (kendall: 2), values not finite, a level outside 0 … 1
 */
export function correlationTest(x: ArrayLike<number>, y: ArrayLike<number>, options: CorrelationOptions = {}): TestResult {
  const { method = "pearson", name = "Correlation test", level = 0.95 } = options;
  confidenceLevel(level, name);
  finiteSample(x, method === "kendall" ? 2 : 3, name);
  finiteSample(y, method === "kendall" ? 2 : 3, name);
  pairedSamples(x, y, name);
  if (method === "kendall") return kendallTest(x, y, options, name);
  return method === "spearman" ? spearmanTest(x, y, options, name) : pearsonTest(x, y, options, name);
}

/**
 * Pearson's r in [−1, 1]; NaN where a variable does not vary, or has a value that is missing. Pearson 1895; agrees with R cor().
 * @throws InputError on lengths that differ
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  pairedSamples(x, y, "Correlation");
  const mx = sampleMean(x);
  const my = sampleMean(y);
  let sxx = 0, syy = 0, sxy = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i] - mx;
    const dy = y[i] - my;
    sxx += dx * dx;
    syy += dy * dy;
    sxy += dx * dy;
  }
  const r = sxy / (Math.sqrt(sxx) * Math.sqrt(syy));
  return Math.max(-1, Math.min(1, r));
}

/**
 * Spearman's rho: Pearson's r of midranks; NaN as `pearson`. Spearman 1904; agrees with R cor(method = "spearman").
 * @throws InputError on lengths that differ
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  pairedSamples(x, y, "Correlation");
  // a missing value has no rank
  if (hasNaN(x) || hasNaN(y)) return NaN;
  return pearson(midranks(x).ranks, midranks(y).ranks);
}

/**
 * Kendall's tau-b in O(n log n). Kendall 1938, ties as in 1945 (τ-b); Knight, J Am Stat Assoc 1966;61:436 for the algorithm. Agrees with R
 * cor(method = "kendall"). NaN as `pearson`.
 * @throws InputError on lengths that differ
 */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>): number {
  pairedSamples(x, y, "Correlation");
  if (hasNaN(x) || hasNaN(y)) return NaN;
  const { score, untiedX, untiedY } = kendallCounts(x, y);
  return score / Math.sqrt(untiedX) / Math.sqrt(untiedY);
}

function hasNaN(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return true;
  return false;
}

function still(method: string, alternative: Alternative, n: number, name: string): TestResult {
  return { method, statistic: NaN, df: [], p: NaN, alternative, n, estimate: NaN, warnings: [`${name}: one of the two variables does not vary, so that there is no correlation.`] };
}

/** p of t = r √(df / (1 − r²)) against 0; 1 − r² as (1 − r)(1 + r). */
function tOf(r: number, df: number): number {
  return r * Math.sqrt(df) / Math.sqrt((1 - r) * (1 + r));
}

function tailP(alternative: Alternative, statistic: number, upper: (x: number) => number): number {
  return alternative === "greater" ? upper(statistic) : alternative === "less" ? upper(-statistic) : Math.min(1, 2 * upper(Math.abs(statistic)));
}

function pearsonTest(x: ArrayLike<number>, y: ArrayLike<number>, { alternative = "two.sided", level = 0.95 }: CorrelationOptions, name: string): TestResult {
  const n = x.length;
  const method = "Pearson's product-moment correlation";
  const r = pearson(x, y);
  if (Number.isNaN(r)) return still(method, alternative, n, name);
  const df = n - 2;
  const statistic = tOf(r, df);
  const result: TestResult = { method, statistic, df: [df], p: tailP(alternative, statistic, (t) => tCdf(t, df, { upper: true })), alternative, n, estimate: r, level, warnings: [] };
  if (n <= 3) return { ...result, warnings: [`${name}: 3 values, too few for an interval.`] };
  const z = log((1 + r) / (1 - r)) / 2;
  const half = normalQuantile(alternative === "two.sided" ? 1 - (1 - level) / 2 : level) / Math.sqrt(n - 3);
  const back = (value: number) => (Math.abs(value) === Infinity ? Math.sign(value) : 1 - 2 / (exp(2 * value) + 1));
  return { ...result, ci: [alternative === "less" ? -1 : back(z - half), alternative === "greater" ? 1 : back(z + half)] };
}

function spearmanTest(x: ArrayLike<number>, y: ArrayLike<number>, { alternative = "two.sided", exact }: CorrelationOptions, name: string): TestResult {
  const n = x.length;
  const method = "Spearman's rank correlation rho";
  const rx = midranks(x);
  const ry = midranks(y);
  const rho = pearson(rx.ranks, ry.ranks);
  if (Number.isNaN(rho)) return still(method, alternative, n, name);
  const cube = n * (n * n - 1);
  const untied = rx.ties === 0 && ry.ties === 0;
  let statistic = cube * (1 - rho) / 6;
  let p: number;
  let df: number[] = [];
  if (untied && n <= 1290 && exact !== false) {
    // without ties S is a whole even number
    statistic = Math.round(statistic);
    const falling = () => spearmanTail(statistic, n);
    const rising = () => 1 - spearmanTail(statistic + 2, n);
    p = alternative === "less" ? falling() : alternative === "greater" ? rising()
      : Math.min(1, 2 * (statistic > cube / 6 ? falling() : rising()));
  } else {
    df = [n - 2];
    p = tailP(alternative, tOf(rho, n - 2), (t) => tCdf(t, n - 2, { upper: true }));
  }
  return { method, statistic, df, p, alternative, n, estimate: rho, warnings: [] };
}

function kendallTest(x: ArrayLike<number>, y: ArrayLike<number>, { alternative = "two.sided", exact }: CorrelationOptions, name: string): TestResult {
  const n = x.length;
  const method = "Kendall's rank correlation tau";
  const { score, untiedX, untiedY, pairs, variance } = kendallCounts(x, y);
  if (untiedX === 0 || untiedY === 0) return still(method, alternative, n, name);
  const tau = score / Math.sqrt(untiedX) / Math.sqrt(untiedY);
  const base = { method, df: [], alternative, n, estimate: tau };
  const untied = untiedX === pairs && untiedY === pairs;
  if (untied && n <= 500 && (exact ?? n < 50)) {
    const concordant = (pairs + score) / 2;
    const law = kendallDistribution(n);
    const lower = atMost(law, concordant);
    const upper = atMost(law, pairs - concordant);
    const p = alternative === "less" ? lower : alternative === "greater" ? upper : Math.min(1, 2 * Math.min(lower, upper));
    return { ...base, statistic: concordant, p, warnings: [] };
  }
  const warnings = exact === true ? [`${name}: ${untied ? `${n} pairs are too many to count exactly` : "ties"}, so that the p-value is the normal one, not the exact one.`] : [];
  const z = score / Math.sqrt(variance);
  return { ...base, statistic: z, p: tailP(alternative, z, (value) => normalCdf(value, { upper: true })), warnings };
}
