import { InputError } from "./check.js";
import { countTable, type CountTable } from "./countTable.js";
import { exp, log } from "./elementary.js";
import { enumerateTables, sampleTables } from "./fisherTables.js";
import type { Random } from "./random.js";
import { confidenceLevel, wholeAboveZero, type Alternative, type Named, type TestResult } from "./testResult.js";

export type FisherOptions = Named & {
  alternative?: Alternative;
  level?: number;
  /** needed where a table is too large to enumerate: p is then the share of random tables */
  random?: Random;
  /** random tables drawn; 10,000 */
  replicates?: number;
  /** always draw random tables, as R's simulate.p.value */
  simulate?: boolean;
  /** largest number of steps of the enumeration; 1e7, at most a few seconds */
  budget?: number;
};

/**
 * Fisher's exact test. 2 × 2: p sums the tables not more probable than the one seen (relative slack 1e-7, as R); `estimate` is the
 * conditional maximum likelihood odds ratio and `ci` Clopper–Pearson-like limits from Fisher's noncentral hypergeometric law,
 * both solved to full precision (R's fisher.test stops its root search at 1e-4). Fisher 1935; Agresti 2002.
 * r × c: the same sum by enumeration along the columns with bounds on what is left (after Mehta & Patel, J Am Stat Assoc
 * 1983;78:427), within `budget`; above it p = (1 + hits) / (1 + replicates) over random tables with the same margins.
 * Agrees with R stats::fisher.test. `statistic` is the probability of the table seen.
 * @throws InputError as chiSquaredTest; a direction beyond 2 × 2, too large a table (or `simulate`) without `random`, a level outside 0 … 1,
 * replicates that are no whole number above 0, a budget not above 0
 */
export function fisherTest(counts: ArrayLike<number>[], options: FisherOptions = {}): TestResult {
  const { alternative = "two.sided", level = 0.95, name = "Fisher's exact test", random, replicates = 10000, budget = 1e7 } = options;
  confidenceLevel(level, name);
  wholeAboveZero(replicates, "replicates", name);
  if (!(budget > 0)) throw new InputError(`${name}: budget is ${budget}, expected a number of steps above 0; leave it out for 1e7.`);
  const table = countTable(counts, name);
  const { rows, columns, total: n, warnings } = table;
  if (rows.length === 2 && columns.length === 2 && options.simulate !== true) return fisher2x2(table, alternative, level);
  if (alternative !== "two.sided") throw new InputError(`${name}: alternative "${alternative}" for a ${rows.length} × ${columns.length} table; only 2 × 2 tables have a direction, use "two.sided" or a trend test.`);
  const base = { df: [], alternative, n, warnings };
  const method = "Fisher's Exact Test for Count Data";
  if (options.simulate !== true) {
    const exact = enumerateTables(table.counts, rows, columns, budget);
    if (exact !== undefined) return { method, statistic: exact.observed, p: exact.p, ...base };
  }
  if (random === undefined) {
    throw new InputError(`${name}: a ${rows.length} × ${columns.length} table of ${n} is too large to enumerate; hand in a random stream for a simulated p-value, merge rare categories, or use the chi-squared test.`);
  }
  const { p, observed } = sampleTables(table.counts, rows, columns, replicates, random);
  return { method: `${method} with simulated p-value (based on ${replicates} replicates)`, statistic: observed, p, ...base };
}

function fisher2x2({ counts, rows, columns, total, warnings }: CountTable, alternative: Alternative, level: number): TestResult {
  const x = counts[0][0];
  const low = Math.max(0, rows[0] - columns[1]);
  const high = Math.min(rows[0], columns[0]);
  // log weight of each possible count, by the ratio of neighbours
  const weights = new Float64Array(high - low + 1);
  for (let k = low; k < high; k++) {
    weights[k - low + 1] = weights[k - low] + log((columns[0] - k) * (rows[0] - k) / ((k + 1) * (columns[1] - rows[0] + k + 1)));
  }
  const at = x - low;
  const d = tilted(weights, 0);
  const sum = (from: number, to: number) => {
    let total = 0;
    for (let k = from; k < to; k++) total += d[k];
    return Math.min(1, total);
  };
  const p = alternative === "less" ? sum(0, at + 1) : alternative === "greater" ? sum(at, d.length)
    : Math.min(1, d.reduce((total, value) => (value <= d[at] * (1 + 1e-7) ? total + value : total), 0));
  const tail = alternative === "two.sided" ? (1 - level) / 2 : 1 - level;
  const last = weights.length - 1;
  const mean = (theta: number) => tilted(weights, theta).reduce((total, value, k) => total + value * k, 0);
  const below = (theta: number) => tilted(weights, theta).reduce((total, value, k) => (k <= at ? total + value : total), 0);
  const above = (theta: number) => tilted(weights, theta).reduce((total, value, k) => (k >= at ? total + value : total), 0);
  const estimate = at === 0 ? (last === 0 ? NaN : 0) : at === last ? Infinity : exp(rootOfRising((theta) => mean(theta) - at));
  const lower = alternative === "less" || at === 0 ? 0 : exp(rootOfRising((theta) => above(theta) - tail));
  const upper = alternative === "greater" || at === last ? Infinity : exp(rootOfRising((theta) => tail - below(theta)));
  return { method: "Fisher's Exact Test for Count Data", statistic: d[at], df: [], p, alternative, n: total, estimate, ci: [lower, upper], level, warnings };
}

/** Probabilities ∝ exp(weight + k θ): Fisher's noncentral hypergeometric law with odds ratio exp(θ). */
function tilted(weights: Float64Array, theta: number): Float64Array {
  let most = -Infinity;
  const d = weights.map((w, k) => {
    const value = w + k * theta;
    if (value > most) most = value;
    return value;
  });
  let sum = 0;
  for (let k = 0; k < d.length; k++) sum += d[k] = exp(d[k] - most);
  for (let k = 0; k < d.length; k++) d[k] /= sum;
  return d;
}

/** Root of a rising function, bracketed from 0 outwards and halved to the last digits; secant steps where they fall inside. */
function rootOfRising(f: (x: number) => number): number {
  let a = -1, b = 1;
  let fa = f(a), fb = f(b);
  while (fa > 0 && a > -1e4) fa = f((a *= 2));
  while (fb < 0 && b < 1e4) fb = f((b *= 2));
  for (let i = 0; i < 200 && b - a > 1e-15 * Math.max(1, Math.abs(a)); i++) {
    const secant = a - fa * (b - a) / (fb - fa);
    const x = i % 3 === 0 || !(secant > a && secant < b) ? (a + b) / 2 : secant;
    const fx = f(x);
    if (fx === 0) return x;
    if (fx < 0) [a, fa] = [x, fx];
    else [b, fb] = [x, fx];
  }
  return (a + b) / 2;
}
