// What cannot be answered is refused in a sentence that names what was found, and never answered with a plausible number.
import { expect, test } from "vitest";
import { testRefused, type Refused } from "../refused.js";
import * as math from "../../src/math/index.js";

const x = [3, 1, 4, 1.5, 5, 9, 2.6], y = [2, 7, 1, 8, 2.8, 1.8, 4];
const floats = (...values: number[]) => Float64Array.from(values);
const rows = [[0, 1], [1, 0], [5, 6], [6, 5]];
const big = Array.from({ length: 6 }, (_, i) => Array.from({ length: 6 }, (__, j) => 3 + ((i * j) % 5)));

/** What is asked, what the sentence must name, and the call. */
const refused: Refused[] = [
  ["wilcoxonRankSum, mu NaN", /mu is NaN/, () => math.wilcoxonRankSum(x, y, { mu: NaN })],
  ["wilcoxonRankSum, mu infinite", /mu is Infinity/, () => math.wilcoxonRankSum(x, y, { mu: Infinity })],
  ["wilcoxonSignedRank, mu NaN", /mu is NaN/, () => math.wilcoxonSignedRank(x, y, { mu: NaN })],
  ["tTest, mu NaN", /mu is NaN/, () => math.tTest(x, y, { mu: NaN })],
  ["paired tTest, mu infinite", /mu is -Infinity/, () => math.tTest(x, y, { mu: -Infinity, paired: true })],
  ["fisherTest, no replicates", /replicates is 0/, () => math.fisherTest(big, { simulate: true, random: math.randomStream(1), replicates: 0 })],
  ["fisherTest, half a replicate", /replicates is 0\.5/, () => math.fisherTest(big, { simulate: true, random: math.randomStream(1), replicates: 0.5 })],
  ["fisherTest, budget NaN", /budget is NaN/, () => math.fisherTest(big, { budget: NaN })],
  ["fisherTest beyond 2 × 2, level 95", /level 95/, () => math.fisherTest([[3, 1, 2], [1, 4, 2]], { level: 95 })],
  ["varianceRatioTest, ratio 0", /is 0, expected/, () => math.varianceRatioTest(x, y, { ratio: 0 })],
  ["varianceRatioTest, ratio below 0", /is -1, expected/, () => math.varianceRatioTest(x, y, { ratio: -1 })],
  ["varianceRatioTest, ratio NaN", /is NaN, expected/, () => math.varianceRatioTest(x, y, { ratio: NaN })],
  ...(["pearson", "spearman", "kendall"] as const).flatMap((kind): Refused[] => [
    [`correlationMatrix, ${kind}, a missing value`, /Column 2 has NaN in row 3/, () => math.correlationMatrix([floats(1, 2, 3, 4), floats(1, 3, NaN, 2)], kind)],
    [`${kind}, y shorter`, /7 values against 6/, () => math[kind](x, y.slice(1))],
    [`${kind}, y longer`, /6 values against 7/, () => math[kind](x.slice(1), y)],
  ]),
  ["smoothingSpline, unsorted x", /1 after 2 at point 3/, () => math.smoothingSpline(floats(0, 2, 1, 3, 4), floats(1, 2, 3, 2, 1), 3)],
  ["smoothingSpline, x twice", /1 after 1 at point 3/, () => math.smoothingSpline(floats(0, 1, 1, 3, 4), floats(1, 2, 3, 2, 1), 3)],
  ["smoothingSpline, y missing", /point 2 is \(1, NaN\)/, () => math.smoothingSpline(floats(0, 1, 2, 3, 4), floats(1, NaN, 3, 2, 1), 3)],
  ["smoothingSpline, x infinite", /point 5 is \(Infinity, 1\)/, () => math.smoothingSpline(floats(0, 1, 2, 3, Infinity), floats(1, 2, 3, 2, 1), 3)],
  ["quantile, type 12", /type is 12/, () => math.quantile(x, 0.5, 12 as never)],
  ["quantile, type 0", /type is 0/, () => math.quantile(x, 0.5, 0 as never)],
  ["quantiles, type 2.5", /type is 2\.5/, () => math.quantiles(x, [0.5], 2.5 as never)],
  ["quantileSorted, type NaN", /type is NaN/, () => math.quantileSorted([1, 2, 3], 0.5, NaN as never)],
  ["leastSquares, few weights", /6 weights but the response has 7/, () => math.leastSquares([x], y, x.slice(1))],
  ["leastSquares, a weight missing", /weight of row 2 .* is NaN/, () => math.leastSquares([x], y, [1, NaN, 1, 1, 1, 1, 1])],
  ["leastSquares, a weight below 0", /weight of row 1 .* is -1/, () => math.leastSquares([x], y, [-1, 1, 1, 1, 1, 1, 1])],
  ["leastSquares, weights all 0", /All 7 weights/, () => math.leastSquares([x], y, y.map(() => 0))],
  ["leastSquares, a value missing in a column", /Column 2 .* NaN in row 1/, () => math.leastSquares([x, [NaN, 1, 2, 3, 4, 5, 6]], y)],
  ["leastSquares, a value missing in the response", /response .* NaN in row 7/, () => math.leastSquares([x], [1, 2, 3, 4, 5, 6, NaN])],
  ["poolRubin, level 1.5", /level 1\.5/, () => math.poolRubin([1, 2], [1, 1], 50, 1.5)],
  ["poolRubin, level NaN", /level NaN/, () => math.poolRubin([1, 2], [1, 1], 50, NaN)],
  ["poolRubin, variances all 0", /All 2 variances are 0/, () => math.poolRubin([1, 2], [0, 0])],
  ["poolRubin, no degrees of freedom", /given 0 degrees/, () => math.poolRubin([1, 2], [1, 1], 0)],
  ["poolWald, a short covariance", /Imputation 2 has 2 estimates and 3 covariances, but 2 and 4/, () => math.poolWald([[1, 2], [1, 3]], [[1, 0, 0, 1], [1, 0, 0]])],
  ["poolWald, fewer estimates", /Imputation 2 has 1 estimates/, () => math.poolWald([[1, 2], [1]], [[1, 0, 0, 1], [1, 0, 0, 1]])],
  ["poolWald, an estimate missing", /Imputation 1 .* no finite number/, () => math.poolWald([[1, NaN], [1, 3]], [[1, 0, 0, 1], [1, 0, 0, 1]])],
  ["poolWald, nothing to test", /Imputation 1 has 0 estimates/, () => math.poolWald([[], []], [[], []])],
  ["poolWald, degrees of freedom NaN", /given NaN degrees/, () => math.poolWald([[1], [2]], [[1], [1]], NaN)],
  ["crossTable, a code beyond the columns", /column code of entry 2 is 2/, () => math.crossTable([0, 1], [0, 2], 2, 2)],
  ["crossTable, a code beyond the rows", /row code of entry 1 is 2/, () => math.crossTable([2, 1], [0, 1], 2, 2)],
  ["crossTable, half a code", /row code of entry 1 is 0\.5/, () => math.crossTable([0.5, 1], [0, 1], 2, 2)],
  ["crossTable, a code NaN", /column code of entry 1 is NaN/, () => math.crossTable([0, 1], [NaN, 1], 2, 2)],
  ["crossTable, -1 rows", /-1 rows/, () => math.crossTable([], [], -1, 2)],
  ["kmeans, restarts NaN", /restarts is NaN/, () => math.kmeans(rows, { k: 2, random: math.randomStream(1), restarts: NaN })],
  ["kmeans, no restart", /restarts is 0/, () => math.kmeans(rows, { k: 2, random: math.randomStream(1), restarts: 0 })],
  ["kmeans, no iteration", /maxIterations is 0/, () => math.kmeans(rows, { k: 2, random: math.randomStream(1), maxIterations: 0 })],
  ["fftPlan, no lane", /lanes is 0/, () => math.fftPlan(8, 0)],
  ["fftPlan, lanes NaN", /lanes is NaN/, () => math.fftPlan(8, NaN)],
  ["fftPlan, one lane and a half", /lanes is 1\.5/, () => math.fftPlan(8, 1.5)],
  ...[math.rRandom(1), math.randomStream(1)].flatMap((random, k) => [0, -3, NaN].map((n): Refused =>
    [`${k === 0 ? "rRandom" : "randomStream"}, below(${n})`, new RegExp(`below ${n} was asked`), () => random.below(n)])),
];

testRefused(refused);

test("a correlation with a missing value is NaN, as R's cor()", () => {
  for (const kind of ["pearson", "spearman", "kendall"] as const) {
    expect(math[kind](x, y.map((v, i) => (i === 2 ? NaN : v)))).toBeNaN();
    expect(math[kind](x.map((v, i) => (i === 6 ? NaN : v)), y)).toBeNaN();
  }
});

test("a code below 0 stays missing in a cross table", () => expect(math.crossTable([0, -1, 1, 1], [1, 0, -1, 0], 2, 2)).toEqual([[0, 1], [1, 0]]));
