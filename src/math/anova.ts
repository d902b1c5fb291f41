import { InputError } from "./check.js";
import { fCdf } from "./distributions.js";
import { finiteSample, sampleMean, squaresAbout, type Named, type TestResult } from "./testResult.js";

export type AnovaResult = TestResult & {
  /** sums of squares between and within groups, and their df (one-way analysis with equal variances only) */
  table?: { ss: [number, number]; df: [number, number]; ms: [number, number] };
  means: number[];
};

/** Checks k >= 2 groups of at least `least` finite values each. */
export function groupSamples(groups: ArrayLike<number>[], least: number, who: string): void {
  if (groups.length < 2) throw new InputError(`${who}: ${groups.length} group${groups.length === 1 ? "" : "s"} with data, expected at least 2; check the grouping variable.`);
  groups.forEach((g, k) => finiteSample(g, least, `${who}, group ${k + 1}`));
}

/**
 * One-way analysis of variance: F = (SSB / (k − 1)) / (SSW / (n − k)). Fisher 1925. Agrees with R anova(lm(y ~ g)) and
 * oneway.test(var.equal = TRUE). No variation within groups: F and p NaN with a warning.
 *
 * @param groups k samples
 * @throws InputError on fewer than 2 groups, an empty one, values not finite
 */
export function anova(groups: ArrayLike<number>[], { name = "Analysis of variance" }: Named = {}): AnovaResult {
  groupSamples(groups, 1, name);
  const k = groups.length;
  const n = groups.reduce((sum, g) => sum + g.length, 0);
  const means = groups.map(sampleMean);
  // the mean of the means about the first one keeps the digits of a large common level
  const grand = means[0] + means.reduce((sum, m, j) => sum + (m - means[0]) * groups[j].length, 0) / n;
  const within = groups.reduce((sum, g, j) => sum + squaresAbout(g, means[j]), 0);
  const between = means.reduce((sum, m, j) => sum + (m - grand) * (m - grand) * groups[j].length, 0);
  const df: [number, number] = [k - 1, n - k];
  const ms: [number, number] = [between / df[0], within / df[1]];
  const warnings: string[] = [];
  if (df[1] === 0) warnings.push(`${name}: as many groups as values, so that nothing is left to measure the variation within groups; the test is not defined.`);
  else if (!(within > 0)) warnings.push(`${name}: the values do not vary within the groups, so that F is not defined; look for a constant or copied column.`);
  const defined = warnings.length === 0;
  const statistic = defined ? ms[0] / ms[1] : NaN;
  return {
    method: "One-way analysis of means", statistic, df, p: defined ? fCdf(statistic, df[0], df[1], { upper: true }) : NaN,
    alternative: "two.sided", n, table: { ss: [between, within], df, ms }, means, warnings,
  };
}

/**
 * Welch's one-way analysis for unequal variances: weights nⱼ / sⱼ². Welch, Biometrika 1951;38:330.
 * Agrees with R stats::oneway.test. Groups need two values; a group without variation gives NaN with a warning.
 * @throws InputError on fewer than 2 groups or 2 values in one, values not finite
 */
export function welchAnova(groups: ArrayLike<number>[], { name = "Welch's analysis of variance" }: Named = {}): AnovaResult {
  groupSamples(groups, 2, name);
  const k = groups.length;
  const n = groups.reduce((sum, g) => sum + g.length, 0);
  const means = groups.map(sampleMean);
  const weights = groups.map((g, j) => g.length * (g.length - 1) / squaresAbout(g, means[j]));
  const method = "One-way analysis of means (not assuming equal variances)";
  const flat = weights.findIndex((w) => !Number.isFinite(w));
  if (flat >= 0) {
    return { method, statistic: NaN, df: [k - 1, NaN], p: NaN, alternative: "two.sided", n, means,
      warnings: [`${name}: group ${flat + 1} does not vary, so that Welch's weights are not defined; use a rank test.`] };
  }
  const total = weights.reduce((a, b) => a + b, 0);
  const grand = means.reduce((sum, m, j) => sum + m * weights[j], 0) / total;
  const uneven = weights.reduce((sum, w, j) => sum + (1 - w / total) * (1 - w / total) / (groups[j].length - 1), 0) / (k * k - 1);
  const statistic = means.reduce((sum, m, j) => sum + weights[j] * (m - grand) * (m - grand), 0) / ((k - 1) * (1 + 2 * (k - 2) * uneven));
  const df = [k - 1, 1 / (3 * uneven)];
  return { method, statistic, df, p: fCdf(statistic, df[0], df[1], { upper: true }), alternative: "two.sided", n, means, warnings: [] };
}
