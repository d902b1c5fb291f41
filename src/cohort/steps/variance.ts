import { InputError } from "../../math/index.js";
import type { Step } from "../step.js";
import { applyFilter, fittedColumns, filterState, meanVariance, presentNumbers, shown, type ColumnsOption, type FilterState } from "./stepColumns.js";

export type VarianceOptions = ColumnsOption & {
  /** columns whose variance (n − 1) is not above it go (default 0: only constant columns) */
  above?: number;
  /** columns go where one value fills more than this share of the rows (default 1: never) */
  mostShare?: number;
};

/** Drops columns that hardly vary in the training rows, and those without any value. Missing values do not count. Variance with n − 1, as R var(). */
export const varianceFilter: Step<FilterState> = {
  name: "variance",
  fit(table, _outcome, options: VarianceOptions) {
    const { above = 0, mostShare = 1 } = options;
    if (!(above >= 0)) throw new InputError(`variance was given above = ${above}, but a number of 0 or more is expected.`);
    const names = fittedColumns("variance", table, options);
    const why = new Map<string, string>();
    for (const name of names) {
      const values = presentNumbers("variance", table, name);
      const { mean, variance } = meanVariance(values);
      if (values.length === 0) why.set(name, "no value");
      else if (values.every((v) => v === values[0]) || variance <= 1e-28 * mean * mean) why.set(name, "constant");
      else if (!(variance > above)) why.set(name, `variance ${shown(variance)}`);
      else if (mostShare < 1) {
        const share = commonest(values) / values.length;
        if (share > mostShare) why.set(name, `one value fills ${shown(100 * share)} % of the rows`);
      }
    }
    return filterState(names, why);
  },
  apply: applyFilter,
};

function commonest(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  return Math.max(...counts.values());
}
