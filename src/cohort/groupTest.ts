import {
  anova, byGroup, chiSquaredTest, cochranArmitage, crossTable, fisherTest, InputError, kruskalWallis, levene, linearByLinear, shapiroWilk, tTest, welchAnova, wilcoxonRankSum,
  type Random, type TestResult,
} from "../math/index.js";
import { numberSummary } from "./numberSummary.js";

/** Tests that Table 1 chooses among, in the words in which they are printed. */
export const groupTestNames = [
  "Student's t test", "Welch's t test", "Mann-Whitney U test", "analysis of variance", "Welch's analysis of variance", "Kruskal-Wallis test",
  "chi-squared test", "chi-squared test with Yates' correction", "Fisher's exact test", "Cochran-Armitage trend test", "linear-by-linear association",
] as const;
export type GroupTestName = (typeof groupTestNames)[number];

/** The test of a variable against the groups: its plain name, why it was chosen, and R's result. */
export type GroupTest = { name: GroupTestName; why: string; method: string; statistic: number; df: number[]; p: number; warnings: string[] };

export type TestChoice = {
  /** level of Shapiro–Wilk's and Levene's tests in the choice; 0.05 */
  alpha?: number;
  /** "levene" (default): Welch where Levene's test (medians) rejects equal variances, else Student / ANOVA; or always one of them */
  variances?: "levene" | "equal" | "unequal";
  /** Yates' correction in 2 × 2 tables; true, as R */
  yates?: boolean;
  /** for Fisher's test of tables too large to enumerate */
  random?: Random;
};

/**
 * Why a variable is called normal or not: Shapiro–Wilk in every group (3 … 5000 values; above, |skewness| < 1 and |kurtosis| < 2). Shapiro
 * & Wilk, Biometrika 1965;52:591, by `shapiroWilk`; the limits for larger groups are a convention.
 * @throws InputError on a value that is not finite
 */
export function normalInGroups(samples: ArrayLike<number>[], alpha = 0.05): { normal: boolean; why: string } {
  let least = 1;
  for (const sample of samples) {
    if (sample.length < 3) return { normal: false, why: `a group has ${sample.length} values, too few to judge normality` };
    if (sample.length > 5000) {
      const { skewness, kurtosis } = numberSummary(sample);
      if (!(Math.abs(skewness) < 1 && Math.abs(kurtosis) < 2)) return { normal: false, why: `skewness ${skewness.toFixed(2)}, excess kurtosis ${kurtosis.toFixed(2)} in a large group` };
      continue;
    }
    const { p } = shapiroWilk(sample);
    if (Number.isNaN(p)) return { normal: false, why: "a group does not vary" };
    least = Math.min(least, p);
  }
  const normal = least >= alpha;
  return { normal, why: `${normal ? "normal" : "not normal"} (Shapiro-Wilk in each group, least p ${shownP(least)})` };
}

/** A p as text: three decimals, "< 0.001" below. A convention: no source. */
export function shownP(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/**
 * Numbers against k >= 2 groups of known values. `named` forces a test; `normal` comes from `normalInGroups` or from choice. Formula,
 * source and agreement of each test with math's function of its name.
 * @throws InputError as math's function of the test's name; a test of counts, or of two groups where there are more
 */
export function numberTest(samples: Float64Array[], normal: boolean, why: string, { alpha = 0.05, variances = "levene" }: TestChoice, name: string, named?: GroupTestName): GroupTest {
  if (named !== undefined) return told(named, "chosen by the user", numberTests(samples, named, name));
  if (!normal) {
    const test: GroupTestName = samples.length === 2 ? "Mann-Whitney U test" : "Kruskal-Wallis test";
    return told(test, why, numberTests(samples, test, name));
  }
  let equal = variances === "equal";
  let reason = `${why}, variances taken as ${equal ? "equal" : "unequal"} by choice`;
  if (variances === "levene") {
    const { p } = levene(samples, { name });
    equal = !(p < alpha);
    reason = Number.isNaN(p) ? `${why}, Levene's test not defined` : `${why}, ${equal ? "equal" : "unequal"} variances (Levene p ${shownP(p)})`;
  }
  const test: GroupTestName = samples.length === 2 ? (equal ? "Student's t test" : "Welch's t test") : equal ? "analysis of variance" : "Welch's analysis of variance";
  return told(test, reason, numberTests(samples, test, name));
}

function numberTests(samples: Float64Array[], test: GroupTestName, name: string): TestResult {
  const two = test === "Student's t test" || test === "Welch's t test" || test === "Mann-Whitney U test";
  if (two && samples.length !== 2) throw new InputError(`${name}: ${test} compares two groups, but there are ${samples.length}; use Kruskal-Wallis or an analysis of variance.`);
  switch (test) {
    case "Student's t test": return tTest(samples[0], samples[1], { equalVariances: true, name });
    case "Welch's t test": return tTest(samples[0], samples[1], { name });
    case "Mann-Whitney U test": return wilcoxonRankSum(samples[0], samples[1], { name });
    case "analysis of variance": return anova(samples, { name });
    case "Welch's analysis of variance": return welchAnova(samples, { name });
    case "Kruskal-Wallis test": return kruskalWallis(samples, { name });
    default: throw new InputError(`${name}: ${test} is a test of counts, but the variable is a number; list it as a category or choose a t or rank test.`);
  }
}

/**
 * Categories against groups. Ordered levels (three or more): Cochran–Armitage against two groups, linear-by-linear against ordered
 * groups, Kruskal–Wallis of the level numbers against unordered ones. Else χ² where every expected count is 5 or more, Fisher's
 * exact test where one is below. The rule of 5: Cochran, Biometrics 1954;10:417. Sources and agreement with math's functions of the tests'
 * names.
 * @throws InputError as math's function of the test's name; a test of numbers, or Cochran–Armitage without two groups or two categories
 */
export function categoryTest(codes: Int32Array, group: Int32Array, levels: number, groups: number, ordered: { variable: boolean; groups: boolean },
  { yates = true, random }: TestChoice, name: string, named?: GroupTestName): GroupTest {
  const counts = crossTable(codes, group, levels, groups);
  const usedLevels = counts.filter((row) => row.some((c) => c > 0)).length;
  const run = (test: GroupTestName, why: string) => told(test, why, categoryTests(counts, codes, group, test, name, random));
  if (named !== undefined) return run(named, "chosen by the user");
  const trend = ordered.variable && usedLevels > 2;
  const groupTrend = ordered.groups && groups > 2;
  if (trend && groups === 2) return run("Cochran-Armitage trend test", "ordered categories, two groups");
  if (groupTrend && usedLevels === 2) return run("Cochran-Armitage trend test", "two categories, ordered groups");
  if (trend && groupTrend) return run("linear-by-linear association", "ordered categories, ordered groups");
  if (trend) return run("Kruskal-Wallis test", "ordered categories, unordered groups");
  const { smallestExpected: least } = chiSquaredTest(counts, { name });
  if (least < 5) {
    const why = `smallest expected count ${least.toFixed(1)} < 5`;
    try {
      return run("Fisher's exact test", why);
    } catch (error) {
      if (!(error instanceof InputError && random === undefined)) throw error;
      return run("chi-squared test", `${why}, but the table is too large to enumerate and no random stream was given`);
    }
  }
  return run(yates && usedLevels === 2 && groups === 2 ? "chi-squared test with Yates' correction" : "chi-squared test", `expected counts 5 or more (least ${least.toFixed(1)})`);
}

function categoryTests(counts: number[][], codes: Int32Array, group: Int32Array, test: GroupTestName, name: string, random: Random | undefined): TestResult {
  switch (test) {
    case "chi-squared test": return chiSquaredTest(counts, { correct: false, name });
    case "chi-squared test with Yates' correction": return chiSquaredTest(counts, { name });
    case "Fisher's exact test": return fisherTest(counts, { name, ...(random === undefined ? {} : { random: random.stream(name) }) });
    case "linear-by-linear association": return linearByLinear(counts, { name });
    case "Kruskal-Wallis test": return kruskalWallis(byGroup(codes, group.map((g, i) => (codes[i] < 0 ? -1 : g)), name), { name });
    case "Cochran-Armitage trend test": {
      const filled = counts.filter((row) => row.some((c) => c > 0));
      if (counts[0].length === 2) return cochranArmitage(counts.map((row) => row[1]), counts.map((row) => row[0] + row[1]), { name });
      if (filled.length === 2) return cochranArmitage(filled[1], filled[1].map((c, j) => c + filled[0][j]), { name });
      throw new InputError(`${name}: the Cochran-Armitage test needs two groups or two categories; use linear-by-linear association.`);
    }
    default: throw new InputError(`${name}: ${test} needs numbers, but the variable is a category; choose a test of counts.`);
  }
}

function told(name: GroupTestName, why: string, { method, statistic, df, p, warnings }: TestResult): GroupTest {
  return { name, why, method, statistic, df, p, warnings };
}
