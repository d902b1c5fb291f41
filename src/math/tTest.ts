import { tCdf, tQuantile } from "./distributions.js";
import { confidenceLevel, finiteOption, finiteSample, pairedSamples, sampleMean, squaresAbout, type Alternative, type Named, type TestResult } from "./testResult.js";

export type TTestOptions = Named & {
  alternative?: Alternative;
  /** null value of the mean, of the difference of means or of the mean difference; 0 */
  mu?: number;
  paired?: boolean;
  /** pooled variance (Student) instead of Welch's */
  equalVariances?: boolean;
  level?: number;
};
export type TTestResult = TestResult & { standardError: number; means: number[] };

/**
 * Student's and Welch's t test: one sample (y absent), two samples, paired. Statistic (estimate − mu) / SE.
 * Welch: SE² = s₁²/n₁ + s₂²/n₂ with Satterthwaite's df (Welch, Biometrika 1947;34:28); pooled: n₁ + n₂ − 2 df.
 * The estimate is the mean, the difference mean(x) − mean(y), or the mean difference; the interval is one-sided for a one-sided
 * alternative. Agrees with R 4.2 stats::t.test. A sample that does not vary gives statistic and p NaN with a warning.
 *
 * @param x n values
 * @param y the second sample; of the same length and order where `paired`
 * @throws InputError on fewer than 2 values (pooled: 1), values or mu not finite, pairs that differ in length, a level outside 0 … 1
 */
export function tTest(x: ArrayLike<number>, y?: ArrayLike<number>, options: TTestOptions = {}): TTestResult {
  const { alternative = "two.sided", mu = 0, paired = false, equalVariances = false, level = 0.95, name = "t test" } = options;
  confidenceLevel(level, name);
  finiteOption(mu, "mu", name);
  if (y !== undefined && paired) {
    pairedSamples(x, y, name);
    const other = y;
    const difference = Float64Array.from(x, (value, i) => value - other[i]);
    return { ...tTest(difference, undefined, { alternative, mu, level, name }), method: "Paired t-test" };
  }
  finiteSample(x, y === undefined || !equalVariances ? 2 : 1, name);
  const meanX = sampleMean(x);
  const nx = x.length;
  const ssX = squaresAbout(x, meanX);
  if (y === undefined) {
    const se = Math.sqrt(ssX / (nx - 1) / nx);
    return concluded("One Sample t-test", meanX, se, nx - 1, nx, [meanX], { alternative, mu, level, name });
  }
  finiteSample(y, equalVariances ? 1 : 2, name);
  const ny = y.length;
  const meanY = sampleMean(y);
  const ssY = squaresAbout(y, meanY);
  const means = [meanX, meanY];
  if (equalVariances) {
    const df = nx + ny - 2;
    const se = Math.sqrt((ssX + ssY) / df * (1 / nx + 1 / ny));
    return concluded(" Two Sample t-test", meanX - meanY, se, df, nx + ny, means, { alternative, mu, level, name });
  }
  const vx = ssX / (nx - 1) / nx;
  const vy = ssY / (ny - 1) / ny;
  // scaled by the larger, so that tiny variances do not underflow when squared
  const large = Math.max(vx, vy);
  const a = vx / large;
  const b = vy / large;
  const df = (a + b) * (a + b) / (a * a / (nx - 1) + b * b / (ny - 1));
  return concluded("Welch Two Sample t-test", meanX - meanY, Math.sqrt(vx + vy), df, nx + ny, means, { alternative, mu, level, name });
}

function concluded(method: string, estimate: number, se: number, df: number, n: number, means: number[],
  o: { alternative: Alternative; mu: number; level: number; name: string }): TTestResult {
  const base = { method, df: [df], alternative: o.alternative, n, estimate, level: o.level, standardError: se, means };
  const scale = Math.max(...means.map(Math.abs));
  if (!(se > 10 * Number.EPSILON * scale)) {
    const warnings = [`${o.name}: the values do not vary within the groups, so that there is no t statistic; look for a constant or copied column.`];
    return { ...base, statistic: NaN, p: NaN, ci: [NaN, NaN], warnings };
  }
  const t = (estimate - o.mu) / se;
  const { p, ci } = studentised(estimate, se, t, o.alternative, o.level, (x) => tCdf(x, df, { upper: true }), (q) => tQuantile(q, df));
  return { ...base, statistic: t, p, ci, warnings: [] };
}

/** p and interval of an estimate whose studentised value has a symmetric law given by its upper tail and quantile. */
export function studentised(estimate: number, se: number, t: number, alternative: Alternative, level: number,
  upper: (x: number) => number, quantile: (p: number) => number): { p: number; ci: [number, number] } {
  if (alternative === "less") return { p: upper(-t), ci: [-Infinity, estimate + se * quantile(level)] };
  if (alternative === "greater") return { p: upper(t), ci: [estimate - se * quantile(level), Infinity] };
  const half = se * quantile(1 - (1 - level) / 2);
  return { p: Math.min(1, 2 * upper(Math.abs(t))), ci: [estimate - half, estimate + half] };
}
