import { correlationMatrix, InputError, type CorrelationMethod } from "../../math/index.js";
import type { Outcome } from "../outcome.js";
import type { Step } from "../step.js";
import { strengthOf } from "./association.js";
import { applyFilter, completeNumbers, fittedColumns, filterState, shown, type ColumnsOption, type FilterState } from "./stepColumns.js";

export type CorrelationFilterOptions = ColumnsOption & {
  method?: CorrelationMethod;
  /** pairs with |r| above it are too alike (default .9) */
  cutoff?: number;
  /**
   * Which of a pair goes. "largerMean" (default): that with the larger mean |r|, means taken anew as columns go (caret's exact
   * rule); "largerMeanOnce": means taken once (caret's rule for exact = FALSE); "weakerOutcome": the one that goes less with
   * the outcome (|AUC − ½|, |Spearman|, Cox score χ²); "random": the later in a seeded shuffle.
   */
  drop?: "largerMean" | "largerMeanOnce" | "weakerOutcome" | "random";
};

/**
 * Drops columns until no two kept ones correlate above the cutoff. Pearson, Spearman (default) or Kendall's τ-b.
 * "largerMean" and "largerMeanOnce" agree with R caret::findCorrelation 6.0 (exact TRUE and FALSE); the other two go through
 * the columns from the strongest (or first shuffled) and drop all that correlate with one already kept. Constant columns stay
 * (their correlation is not defined), with a warning.
 */
export const correlationFilter: Step<FilterState> = {
  name: "correlation",
  fit(table, outcome, options: CorrelationFilterOptions, random) {
    const { method = "spearman", cutoff = 0.9, drop = "largerMean" } = options;
    if (!(cutoff > 0 && cutoff <= 1)) throw new InputError(`correlation was given cutoff = ${cutoff}, but a number in 0 … 1 is expected.`);
    const names = fittedColumns("correlation", table, options);
    const x = names.map((name) => completeNumbers("correlation", table, name));
    const p = names.length;
    const r = correlationMatrix(x, method).map((v) => Math.abs(v));
    const flat = names.filter((_, j) => p > 1 && r.subarray(j * p, j * p + p).every((v, k) => k === j || Number.isNaN(v)));
    const warnings = flat.length > 0 && flat.length < p ? flat.map((n) => `${n} is constant: its correlation is not defined, so it stays. Drop it with the variance filter.`) : [];
    for (let k = 0; k < r.length; k++) if (Number.isNaN(r[k])) r[k] = 0;
    const gone = drop === "largerMean" ? findCorrelation(r, p, cutoff, true)
      : drop === "largerMeanOnce" ? findCorrelation(r, p, cutoff, false)
      : greedy(r, p, cutoff, drop === "weakerOutcome" ? byStrength(x, outcome, table.id.length) : shuffled(names, random.below));
    const why = new Map(gone.map((j) => {
      let partner = j === 0 ? 1 : 0;
      for (let k = 0; k < p; k++) if (k !== j && r[j * p + k] > r[j * p + partner]) partner = k;
      return [names[j], `|r| ${shown(r[j * p + partner])} with ${names[partner]}`];
    }));
    return filterState(names, why, warnings);
  },
  apply: applyFilter,
};

/**
 * Columns to drop by caret's rule, in the order in which it names them. r: p × p absolute correlations.
 * Exact: columns by falling mean |r|; of each pair above the cutoff the first goes if its mean |r| among those left exceeds
 * the mean of all other entries left, else the second. Not exact: of each pair that with the larger mean over all columns. Kuhn, J Stat
 * Softw 2008;28(5). Agrees with R caret 6.0 findCorrelation.
 */
export function findCorrelation(r: Float64Array, p: number, cutoff: number, exact: boolean): number[] {
  const sums = Array.from({ length: p }, (_, j) => {
    const sum = { high: 0, low: 0 };
    for (let k = 0; k < p; k++) if (k !== j) add(sum, r[j * p + k]);
    return sum;
  });
  const above = aboveCutoff(cutoff);
  if (!exact) {
    const columns: number[] = [], rows: number[] = [];
    const mean = sums.map((s) => Number(((valueOf(s) + 1) / p).toPrecision(15)));
    for (let j = 0; j < p; j++) {
      for (let i = 0; i < j; i++) {
        if (!above(r[i * p + j])) continue;
        if (mean[j] > mean[i]) columns.push(j);
        else rows.push(i);
      }
    }
    return [...new Set([...columns, ...rows])];
  }
  const order = Array.from(sums.keys()).sort((a, b) => valueOf(sums[b]) - valueOf(sums[a]) || a - b);
  const left = Array.from(sums, () => true);
  let count = p;
  const total = { high: 0, low: 0 };
  for (const s of sums) addPair(total, s, 1);
  const remove = (j: number) => {
    left[j] = false;
    addPair(total, sums[j], -2);
    count--;
    for (let k = 0; k < p; k++) if (left[k]) add(sums[k], -r[j * p + k]);
  };
  for (let a = 0; a < p; a++) {
    const i = order[a];
    for (let b = a + 1; b < p && left[i]; b++) {
      const j = order[b];
      if (!left[j] || !above(r[i * p + j])) continue;
      // all entries left but j's row: count − 1 rows of count − 1
      const others = { ...total };
      addPair(others, sums[j], -1);
      remove(valueOf(sums[i]) > valueOf(others) / (count - 1) ? i : j);
    }
  }
  return order.filter((j) => !left[j]);
}

/** A sum in two parts that keeps about 30 digits, so that means that are equal come out equal in any order. Dekker, Numer Math 1971;18:224. */
type Sum = { high: number; low: number };
const valueOf = (s: Sum): number => Number((s.high + s.low).toPrecision(15));

function add(s: Sum, x: number): void {
  const high = s.high + x, part = high - s.high;
  s.low += s.high - (high - part) + (x - part);
  s.high = high;
}

function addPair(s: Sum, other: Sum, times: number): void {
  add(s, times * other.high);
  add(s, times * other.low);
}

/** Above it, and not equal to it but for rounding. */
const aboveCutoff = (cutoff: number) => (r: number): boolean => r > cutoff + 1e-14;

function greedy(r: Float64Array, p: number, cutoff: number, order: number[]): number[] {
  const kept: number[] = [], gone: number[] = [], above = aboveCutoff(cutoff);
  for (const j of order) (kept.some((k) => above(r[j * p + k])) ? gone : kept).push(j);
  return gone;
}

function byStrength(x: Float64Array[], outcome: Outcome, n: number): number[] {
  const strength = strengthOf("correlation", outcome, n);
  const of = x.map(strength);
  return Array.from(x.keys()).sort((a, b) => of[b] - of[a] || a - b);
}

/** Fisher–Yates on the names in alphabetical order, so that the order of columns does not matter. */
function shuffled(names: string[], below: (n: number) => number): number[] {
  const order = Array.from(names.keys()).sort((a, b) => (names[a] < names[b] ? -1 : 1));
  for (let k = order.length - 1; k > 0; k--) {
    const other = below(k + 1);
    [order[k], order[other]] = [order[other], order[k]];
  }
  return order;
}
