import { groupSamples } from "./anova.js";
import { InputError } from "./check.js";
import { chiSquaredCdf } from "./distributions.js";
import { midranks } from "./ranks.js";
import { finiteSample, type Named, type TestResult } from "./testResult.js";

/**
 * Kruskal–Wallis rank sum test: H = (12 Σ Rⱼ²/nⱼ / (n(n + 1)) − 3(n + 1)) / (1 − Σ(t³ − t)/(n³ − n)), χ² with k − 1 df.
 * Kruskal & Wallis, J Am Stat Assoc 1952;47:583. Agrees with R stats::kruskal.test. All values equal: NaN with a warning.
 *
 * @param groups k samples
 * @throws InputError on fewer than 2 groups, an empty one, values not finite
 */
export function kruskalWallis(groups: ArrayLike<number>[], { name = "Kruskal-Wallis test" }: Named = {}): TestResult {
  groupSamples(groups, 1, name);
  const n = groups.reduce((sum, g) => sum + g.length, 0);
  const all = new Float64Array(n);
  let at = 0;
  for (const g of groups) for (let i = 0; i < g.length; i++) all[at++] = g[i];
  const { ranks, ties } = midranks(all);
  let sum = 0;
  at = 0;
  for (const g of groups) {
    let excess = 0;
    for (let i = 0; i < g.length; i++) excess += ranks[at++] - (n + 1) / 2;
    sum += excess * excess / g.length;
  }
  const df = groups.length - 1;
  const free = 1 - ties / (n * n * n - n);
  const warnings = free > 0 ? [] : [`${name}: all values are equal, so that there is nothing to rank; the test is not defined.`];
  const statistic = free > 0 ? 12 * sum / (n * (n + 1)) / free : NaN;
  return {
    method: "Kruskal-Wallis rank sum test", statistic, df: [df],
    p: free > 0 ? chiSquaredCdf(statistic, df, { upper: true }) : NaN, alternative: "two.sided", n, warnings,
  };
}

/**
 * Friedman's rank sum test of k treatments measured in the same n blocks, with ties; χ² with k − 1 df.
 * Friedman, J Am Stat Assoc 1937;32:675. Agrees with R stats::friedman.test.
 *
 * @param treatments k columns of n values, row i of each belonging to block i
 * @throws InputError on fewer than 2 treatments, no block, treatments of different length, values not finite
 */
export function friedman(treatments: ArrayLike<number>[], { name = "Friedman test" }: Named = {}): TestResult {
  groupSamples(treatments, 1, name);
  const k = treatments.length;
  const n = treatments[0].length;
  treatments.forEach((t, j) => {
    finiteSample(t, 1, name);
    if (t.length !== n) throw new InputError(`${name}: treatment ${j + 1} has ${t.length} values, treatment 1 has ${n}; expected one value a block in each.`);
  });
  const sums = new Float64Array(k);
  let ties = 0;
  for (let i = 0; i < n; i++) {
    const row = midranks(treatments.map((t) => t[i]));
    ties += row.ties;
    for (let j = 0; j < k; j++) sums[j] += row.ranks[j];
  }
  const squares = sums.reduce((sum, s) => sum + (s - n * (k + 1) / 2) * (s - n * (k + 1) / 2), 0);
  const divisor = n * k * (k + 1) - ties / (k - 1);
  const statistic = divisor > 0 ? 12 * squares / divisor : NaN;
  return {
    method: "Friedman rank sum test", statistic, df: [k - 1], p: divisor > 0 ? chiSquaredCdf(statistic, k - 1, { upper: true }) : NaN, alternative: "two.sided", n,
    warnings: divisor > 0 ? [] : [`${name}: all values within every block are equal, so that there is nothing to rank; the test is not defined.`],
  };
}
