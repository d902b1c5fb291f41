import { normalCdf, normalQuantile } from "./distributions.js";
import { midranks } from "./ranks.js";
import { confidenceLevel, finiteOption, finiteSample, pairedSamples, type Alternative, type Named, type TestResult } from "./testResult.js";
import { atMost, quantileOf, rankSumDistribution, signedRankDistribution, type RankDistribution } from "./wilcoxonDistribution.js";

export type WilcoxonOptions = Named & {
  alternative?: Alternative;
  /** exact law; when left out: every group (or the number of differences) below 50, no ties, no zeros. Far larger samples: normal, with a warning */
  exact?: boolean;
  /** continuity correction of the normal law; on when left out */
  correct?: boolean;
  /** null value of the shift; 0 */
  mu?: number;
  /** asks for the Hodges–Lehmann shift and its interval at this level (time and memory grow with the product of the sizes) */
  level?: number;
};

/**
 * Wilcoxon's rank-sum test (Mann–Whitney U): W = rank sum of x − n(n + 1)/2, the number of pairs x > y with ties as ½.
 * Exact below 50 a group without ties, else normal with the variance corrected for ties and a continuity correction of ½.
 * Wilcoxon, Biometrics Bull 1945;1:80. Agrees with R 4.2 stats::wilcox.test. With `level`, `estimate` is the median of all
 * differences (Hodges & Lehmann 1963) and `ci` their order statistics, exact as R's; under the normal law the rank of the order
 * statistic is the normal one (Hollander & Wolfe), where R searches a root to 1e-4. All values equal: p NaN with a warning.
 * @throws InputError on an empty sample, values or mu not finite, a level outside 0 … 1
 */
export function wilcoxonRankSum(x: ArrayLike<number>, y: ArrayLike<number>, options: WilcoxonOptions = {}): TestResult {
  const { alternative = "two.sided", correct = true, mu = 0, name = "Wilcoxon rank sum test" } = options;
  finiteOption(mu, "mu", name);
  finiteSample(x, 1, name);
  finiteSample(y, 1, name);
  const m = x.length;
  const n = y.length;
  const both = new Float64Array(m + n);
  for (let i = 0; i < m; i++) both[i] = x[i] - mu;
  for (let i = 0; i < n; i++) both[m + i] = y[i];
  const { ranks, ties } = midranks(both);
  let w = -m * (m + 1) / 2;
  for (let i = 0; i < m; i++) w += ranks[i];
  const warnings: string[] = [];
  const small = m * n * (m + n) * Math.min(m, n) < 1e9;
  const exact = (options.exact ?? (m < 50 && n < 50)) && ties === 0 && small;
  if (options.exact === true && !small) warnings.push(`${name}: groups of ${m} and ${n} are too large to count exactly, so that the p-value is the normal one.`);
  if (options.exact === true && ties > 0) warnings.push(`${name}: ties, so that the p-value is the normal one, not the exact one.`);
  const law = exact ? rankSumDistribution(m, n) : undefined;
  const total = m + n;
  const sigma = Math.sqrt(m * n / 12 * (total + 1 - ties / (total * (total - 1))));
  if (law === undefined && !(sigma > 0)) warnings.push(`${name}: all values are equal, so that there is nothing to rank; the test is not defined.`);
  const p = law === undefined ? normalP(w - m * n / 2, sigma, alternative, correct) : exactP(law, w, alternative);
  const method = law === undefined ? `Wilcoxon rank sum test${correct ? " with continuity correction" : ""}` : "Wilcoxon rank sum exact test";
  const result: TestResult = { method, statistic: w, df: [], p, alternative, n: total, warnings };
  if (options.level === undefined) return result;
  confidenceLevel(options.level, name);
  const differences = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) differences[i * n + j] = x[i] - y[j];
  return { ...result, ...shift(differences.sort(), law, sigma, alternative, options.level) };
}

/**
 * Wilcoxon's signed-rank test of differences (x, or x − y for pairs) being symmetric about `mu`: V = Σ ranks of |d| where d > 0.
 * Zeros are left out; exact below 50 without ties and zeros, else normal with tie and continuity correction.
 * Agrees with R 4.2 stats::wilcox.test(paired = TRUE). With `level`, the pseudo-median (median of the Walsh averages) and its
 * interval; all differences zero: p NaN with a warning. Wilcoxon, Biometrics Bull 1945;1:80.
 * @throws InputError on no values, values or mu not finite, pairs that differ in length, a level outside 0 … 1
 */
export function wilcoxonSignedRank(x: ArrayLike<number>, y?: ArrayLike<number>, options: WilcoxonOptions = {}): TestResult {
  const { alternative = "two.sided", correct = true, mu = 0, name = "Wilcoxon signed rank test" } = options;
  finiteOption(mu, "mu", name);
  finiteSample(x, 1, name);
  if (y !== undefined) {
    finiteSample(y, 1, name);
    pairedSamples(x, y, name);
  }
  const all = Float64Array.from(x, (value, i) => value - (y === undefined ? 0 : y[i]) - mu);
  const d = all.filter((value) => value !== 0);
  const n = d.length;
  const { ranks, ties } = midranks(d.map(Math.abs));
  let v = 0;
  for (let i = 0; i < n; i++) if (d[i] > 0) v += ranks[i];
  const warnings: string[] = [];
  const plain = ties === 0 && n === all.length;
  const exact = (options.exact ?? n < 50) && plain && n > 0 && n <= 1000;
  if (options.exact === true && n > 1000) warnings.push(`${name}: ${n} differences are too many to count exactly, so that the p-value is the normal one.`);
  if (options.exact === true && !plain) warnings.push(`${name}: ties or zero differences, so that the p-value is the normal one, not the exact one.`);
  if (n === 0) warnings.push(`${name}: all differences are zero, so that there is nothing to rank; the test is not defined.`);
  const law = exact ? signedRankDistribution(n) : undefined;
  const sigma = Math.sqrt(n * (n + 1) * (2 * n + 1) / 24 - ties / 48);
  const p = law === undefined ? normalP(v - n * (n + 1) / 4, sigma, alternative, correct) : exactP(law, v, alternative);
  const method = law === undefined ? `Wilcoxon signed rank test${correct ? " with continuity correction" : ""}` : "Wilcoxon signed rank exact test";
  const result: TestResult = { method, statistic: v, df: [], p, alternative, n: all.length, warnings };
  if (options.level === undefined || n === 0) return result;
  confidenceLevel(options.level, name);
  const walsh = new Float64Array(n * (n + 1) / 2);
  for (let i = 0, k = 0; i < n; i++) for (let j = i; j < n; j++) walsh[k++] = (d[i] + d[j]) / 2 + mu;
  return { ...result, ...shift(walsh.sort(), law, sigma, alternative, options.level) };
}

function exactP(law: RankDistribution, w: number, alternative: Alternative): number {
  const lower = atMost(law, w);
  const upper = atMost(law, law.counts.length - 1 - w);
  return alternative === "less" ? lower : alternative === "greater" ? upper : Math.min(1, 2 * Math.min(lower, upper));
}

function normalP(excess: number, sigma: number, alternative: Alternative, correct: boolean): number {
  if (!(sigma > 0)) return NaN;
  const correction = !correct ? 0 : alternative === "two.sided" ? Math.sign(excess) / 2 : alternative === "greater" ? 0.5 : -0.5;
  const z = (excess - correction) / sigma;
  if (alternative === "less") return normalCdf(z);
  if (alternative === "greater") return normalCdf(z, { upper: true });
  return Math.min(1, 2 * normalCdf(Math.abs(z), { upper: true }));
}

/** Median of the sorted differences and the order statistics that make its interval. */
function shift(sorted: Float64Array, law: RankDistribution | undefined, sigma: number, alternative: Alternative, level: number):
  { estimate: number; ci: [number, number]; level: number } {
  const count = sorted.length;
  const estimate = (sorted[(count - 1) >> 1] + sorted[count >> 1]) / 2;
  const tail = alternative === "two.sided" ? (1 - level) / 2 : 1 - level;
  const rank = law === undefined ? Math.round(count / 2 + sigma * normalQuantile(tail)) : quantileOf(law, tail);
  const k = Math.max(1, rank);
  const lower = alternative === "less" ? -Infinity : sorted[k - 1];
  const upper = alternative === "greater" ? Infinity : sorted[count - k];
  return { estimate, ci: [lower, upper], level };
}
