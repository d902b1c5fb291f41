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
  const sums = Array.from({ length: p }, (_, j) => r.subarray(j * p, j * p + p).reduce((a, b) => a + b, 0) - r[j * p + j]);
  if (!exact) {
    const columns: number[] = [], rows: number[] = [];
    const mean = sums.map((s) => Number(((s + 1) / p).toPrecision(15)));
    for (let j = 0; j < p; j++) {
      for (let i = 0; i < j; i++) {
        if (!(r[i * p + j] > cutoff)) continue;
        if (mean[j] > mean[i]) columns.push(j);
        else rows.push(i);
      }
    }
    return [...new Set([...columns, ...rows])];
  }
  const order = Array.from(sums.keys()).sort((a, b) => sums[b] - sums[a] || a - b);
  const left = Array.from(sums, () => true);
  let count = p, total = sums.reduce((a, b) => a + b, 0);
  const remove = (j: number) => {
    left[j] = false;
    total -= 2 * sums[j];
    count--;
    for (let k = 0; k < p; k++) if (left[k]) sums[k] -= r[j * p + k];
  };
  for (let a = 0; a < p; a++) {
    const i = order[a];
    for (let b = a + 1; b < p && left[i]; b++) {
      const j = order[b];
      if (!left[j] || !(r[i * p + j] > cutoff)) continue;
      // all entries left but j's row: count − 1 rows of count − 1
      const mine = sums[i] / (count - 1), others = (total - sums[j]) / ((count - 1) * (count - 1));
      remove(mine > others ? i : j);
    }
  }
  return order.filter((j) => !left[j]);
}

function greedy(r: Float64Array, p: number, cutoff: number, order: number[]): number[] {
  const kept: number[] = [], gone: number[] = [];
  for (const j of order) (kept.some((k) => r[j * p + k] > cutoff) ? gone : kept).push(j);
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
