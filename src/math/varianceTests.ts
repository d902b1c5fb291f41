import { anova, groupSamples } from "./anova.js";
import { InputError } from "./check.js";
import { chiSquaredCdf, fCdf, fQuantile } from "./distributions.js";
import { log } from "./elementary.js";
import { confidenceLevel, finiteSample, sampleMean, sampleVariance, type Alternative, type Named, type TestResult } from "./testResult.js";

/**
 * F test of two variances: F = s²(x) / s²(y), with the interval of their ratio. Agrees with R stats::var.test.
 * A group without variation: NaN with a warning. Sensitive to non-normal data; prefer `levene`. Fisher's variance ratio, a textbook test.
 * @throws InputError on fewer than 2 values in a sample, values not finite, a ratio not above 0 or infinite, a level outside 0 … 1
 */
export function varianceRatioTest(x: ArrayLike<number>, y: ArrayLike<number>,
  { alternative = "two.sided", ratio = 1, level = 0.95, name = "F test of variances" }: Named & { alternative?: Alternative; ratio?: number; level?: number } = {}): TestResult {
  finiteSample(x, 2, name);
  finiteSample(y, 2, name);
  confidenceLevel(level, name);
  if (!(ratio > 0 && ratio < Infinity)) throw new InputError(`${name}: the ratio of variances under the null hypothesis is ${ratio}, expected a finite number above 0; leave it out for 1.`);
  const estimate = sampleVariance(x) / sampleVariance(y);
  const [a, b] = [x.length - 1, y.length - 1];
  const base = { method: "F test to compare two variances", df: [a, b], alternative, n: a + b + 2, level };
  if (!(estimate > 0 && estimate < Infinity)) {
    return { ...base, statistic: NaN, p: NaN, warnings: [`${name}: one of the two groups does not vary, so that the ratio of variances is not defined; look for a constant column.`] };
  }
  const statistic = estimate / ratio;
  const lower = fCdf(statistic, a, b);
  const upper = fCdf(statistic, a, b, { upper: true });
  const tail = alternative === "two.sided" ? (1 - level) / 2 : 1 - level;
  // the lower quantile as the reciprocal of the upper one of F(b, a), which keeps its digits
  const low = estimate / fQuantile(1 - tail, a, b);
  const high = estimate * fQuantile(1 - tail, b, a);
  const ci: [number, number] = [alternative === "less" ? 0 : low, alternative === "greater" ? Infinity : high];
  const p = alternative === "less" ? lower : alternative === "greater" ? upper : Math.min(1, 2 * Math.min(lower, upper));
  return { ...base, statistic, p, estimate, ci, warnings: [] };
}

/**
 * Bartlett's test of k equal variances, χ² with k − 1 df. Bartlett, Proc R Soc A 1937;160:268. Agrees with R stats::bartlett.test.
 *
 * @param groups k samples
 * @throws InputError on fewer than 2 groups or 2 values in one, values not finite
 */
export function bartlett(groups: ArrayLike<number>[], { name = "Bartlett test" }: Named = {}): TestResult {
  groupSamples(groups, 2, name);
  const k = groups.length;
  const variances = groups.map(sampleVariance);
  const df = groups.map((g) => g.length - 1);
  const total = df.reduce((a, b) => a + b, 0);
  const pooled = variances.reduce((sum, v, j) => sum + v * df[j], 0) / total;
  const base = { method: "Bartlett test of homogeneity of variances", df: [k - 1], alternative: "two.sided" as const, n: total + k };
  const flat = variances.findIndex((v) => !(v > 0));
  if (flat >= 0) return { ...base, statistic: NaN, p: NaN, warnings: [`${name}: group ${flat + 1} does not vary, so that the test is not defined; use Levene's test.`] };
  const spread = variances.reduce((sum, v, j) => sum + df[j] * log(pooled / v), 0);
  const statistic = spread / (1 + (df.reduce((sum, f) => sum + 1 / f, 0) - 1 / total) / (3 * (k - 1)));
  return { ...base, statistic, p: chiSquaredCdf(statistic, k - 1, { upper: true }), warnings: [] };
}

/**
 * Levene's test: analysis of variance of |x − centre of its group|. `center` "median" (Brown & Forsythe, J Am Stat Assoc
 * 1974;69:364, the robust one and the variant R car::leveneTest takes unless told) or "mean" (Levene 1960, SPSS "based on mean").
 * @throws InputError on fewer than 2 groups, an empty one, values not finite
 */
export function levene(groups: ArrayLike<number>[], { center = "median", name = "Levene test" }: Named & { center?: "median" | "mean" } = {}): TestResult {
  groupSamples(groups, 1, name);
  const distances = groups.map((g) => {
    const middle = center === "mean" ? sampleMean(g) : medianOf(g);
    return Float64Array.from(g, (value) => Math.abs(value - middle));
  });
  const { statistic, df, p, n, warnings } = anova(distances, { name });
  return { method: `Levene's Test for Homogeneity of Variance (center = ${center})`, statistic, df, p, alternative: "two.sided", n, warnings };
}

function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  return (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2;
}
