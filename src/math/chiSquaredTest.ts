import { countTable } from "./countTable.js";
import { chiSquaredCdf } from "./distributions.js";
import type { Named, TestResult } from "./testResult.js";

export type ChiSquaredResult = TestResult & {
  expected: number[][];
  /** (observed − expected) / √(expected (1 − row share)(1 − column share)): about standard normal under independence */
  standardisedResiduals: number[][];
  /** smallest expected count; below 5 the χ² law is doubtful and Fisher's test is the choice */
  smallestExpected: number;
};

/** Expected counts under independence. rowᵢ · columnⱼ / total; Pearson 1900. Agrees with chisq.test(…)$expected of R. */
export function expectedCounts(rows: number[], columns: number[], total: number): number[][] {
  return rows.map((r) => columns.map((c) => r * c / total));
}

/**
 * Pearson's χ² test of independence, (r − 1)(c − 1) df; for 2 × 2 with Yates' continuity correction unless `correct` is false
 * (the correction never exceeds |observed − expected|, as R's). Pearson 1900; Yates 1934. Agrees with R stats::chisq.test.
 * Empty rows and columns are left out with a warning (R gives NaN there).
 *
 * @param counts rows × columns of whole counts
 * @throws InputError on rows of different length, cells that are no whole counts, fewer than 2 rows or columns with counts
 */
export function chiSquaredTest(counts: ArrayLike<number>[], { correct = true, name = "Chi-squared test" }: Named & { correct?: boolean } = {}): ChiSquaredResult {
  const { counts: x, rows, columns, total, warnings } = countTable(counts, name);
  const expected = expectedCounts(rows, columns, total);
  const yates = correct && rows.length === 2 && columns.length === 2;
  const shift = yates ? Math.min(0.5, Math.abs(x[0][0] - expected[0][0])) : 0;
  let statistic = 0;
  let smallestExpected = Infinity;
  const standardisedResiduals = x.map((row, i) => row.map((count, j) => {
    const e = expected[i][j];
    const d = Math.abs(count - e) - shift;
    statistic += d * d / e;
    smallestExpected = Math.min(smallestExpected, e);
    return (count - e) / Math.sqrt(e * (1 - rows[i] / total) * (1 - columns[j] / total));
  }));
  if (smallestExpected < 5) warnings.push(`${name}: smallest expected count ${smallestExpected.toFixed(2)} is below 5, so that the χ² law is doubtful; use Fisher's exact test.`);
  const df = (rows.length - 1) * (columns.length - 1);
  return {
    method: `Pearson's Chi-squared test${yates ? " with Yates' continuity correction" : ""}`, statistic, df: [df],
    p: chiSquaredCdf(statistic, df, { upper: true }), alternative: "two.sided", n: total, expected, standardisedResiduals, smallestExpected, warnings,
  };
}
