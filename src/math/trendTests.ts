import { InputError } from "./check.js";
import { countTable } from "./countTable.js";
import { chiSquaredCdf } from "./distributions.js";
import { finiteSample, type Named, type TestResult } from "./testResult.js";

/**
 * Cochran–Armitage test for a trend of proportions over ordered groups: χ² = (Σ sᵢ(xᵢ − nᵢ p))² / (p(1 − p) Σ nᵢ(sᵢ − s̄)²), 1 df,
 * with p the overall proportion. Cochran, Biometrics 1954;10:417; Armitage 1955;11:375. Agrees with R stats::prop.trend.test
 * (divisor N; the linear-by-linear test divides by N − 1). `estimate` is the slope of the proportion per unit of score.
 *
 * @param events events in each group
 * @param totals patients in each group
 * @param scores of the groups; 1, 2, … when left out
 * @throws InputError on lists that differ in length, fewer than 2 groups, scores not finite, counts not whole, negative or above the total
 */
export function cochranArmitage(events: ArrayLike<number>, totals: ArrayLike<number>, { scores, name = "Trend test" }: Named & { scores?: ArrayLike<number> } = {}): TestResult {
  const k = events.length;
  const score = scores ?? Array.from({ length: k }, (_, i) => i + 1);
  if (totals.length !== k || score.length !== k) throw new InputError(`${name}: ${k} event counts, ${totals.length} totals and ${score.length} scores, expected as many of each.`);
  finiteSample(score, 2, name);
  let x = 0, n = 0, s = 0;
  for (let i = 0; i < k; i++) {
    if (!(Number.isInteger(events[i]) && Number.isInteger(totals[i]) && events[i] >= 0 && totals[i] >= events[i])) {
      throw new InputError(`${name}: ${events[i]} events among ${totals[i]} in group ${i + 1}, expected whole counts with events not above the total.`);
    }
    x += events[i];
    n += totals[i];
    s += totals[i] * score[i];
  }
  const share = x / n;
  let cross = 0, spread = 0;
  for (let i = 0; i < k; i++) {
    const d = score[i] - s / n;
    cross += d * (events[i] - totals[i] * share);
    spread += totals[i] * d * d;
  }
  return chiSquared1("Chi-squared Test for Trend in Proportions", cross, share * (1 - share) * spread, cross / spread, n, name, []);
}

/**
 * Linear-by-linear association of two ordered variables: M² = (n − 1) r², 1 df, r the Pearson correlation of the scores.
 * Mantel, J Am Stat Assoc 1963;58:690; Agresti, Categorical Data Analysis. The formula of coin::lbl_test; for 2 columns it is
 * Cochran–Armitage × (n − 1)/n. `estimate` is r.
 *
 * @param counts rows × columns of whole counts, both in their order; scores 1, 2, … when left out
 * @throws InputError as chiSquaredTest; scores not finite, or not one a row and one a column
 */
export function linearByLinear(counts: ArrayLike<number>[],
  { rowScores, columnScores, name = "Linear-by-linear association test" }: Named & { rowScores?: ArrayLike<number>; columnScores?: ArrayLike<number> } = {}): TestResult {
  const { total: n, warnings } = countTable(counts, name);
  const width = counts[0].length;
  const u = rowScores ?? counts.map((_, i) => i + 1);
  const v = columnScores ?? Array.from({ length: width }, (_, j) => j + 1);
  if (u.length !== counts.length || v.length !== width) throw new InputError(`${name}: ${u.length} row and ${v.length} column scores for a ${counts.length} × ${width} table, expected one for each.`);
  finiteSample(u, 2, name);
  finiteSample(v, 2, name);
  let mu = 0, mv = 0;
  counts.forEach((row, i) => {
    for (let j = 0; j < width; j++) {
      mu += row[j] * u[i] / n;
      mv += row[j] * v[j] / n;
    }
  });
  let suu = 0, svv = 0, suv = 0;
  counts.forEach((row, i) => {
    for (let j = 0; j < width; j++) {
      suu += row[j] * (u[i] - mu) * (u[i] - mu);
      svv += row[j] * (v[j] - mv) * (v[j] - mv);
      suv += row[j] * (u[i] - mu) * (v[j] - mv);
    }
  });
  return chiSquared1("Asymptotic Linear-by-Linear Association Test", suv, suu * svv / (n - 1), suv / Math.sqrt(suu * svv), n, name, warnings);
}

function chiSquared1(method: string, cross: number, variance: number, estimate: number, n: number, name: string, warnings: string[]): TestResult {
  if (!(variance > 0)) {
    return { method, statistic: NaN, df: [1], p: NaN, alternative: "two.sided", n, warnings: [...warnings, `${name}: one of the two variables does not vary, so that there is no trend to test.`] };
  }
  const statistic = cross * cross / variance;
  return { method, statistic, df: [1], p: chiSquaredCdf(statistic, 1, { upper: true }), alternative: "two.sided", n, estimate, warnings };
}
