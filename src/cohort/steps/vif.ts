import { correlationMatrix, InputError } from "../../math/index.js";
import type { Step } from "../step.js";
import { applyFilter, completeNumbers, fittedColumns, filterState, shown, type ColumnsOption, type FilterState } from "./stepColumns.js";

export type VifOptions = ColumnsOption & { /** the largest variance inflation that stays (default 10) */ limit?: number };

/**
 * Drops the column with the largest variance inflation factor, 1 / (1 − R²) from the others, until none is above the limit.
 * VIFs are the diagonal of the inverse correlation matrix (Marquardt, Technometrics 1970;12:591), as car::vif of a linear
 * model with these columns. A column that is a combination of columns before it has an infinite one and goes first.
 */
export const vifRemoval: Step<FilterState> = {
  name: "vif",
  fit(table, _outcome, options: VifOptions) {
    const { limit = 10 } = options;
    if (!(limit >= 1)) throw new InputError(`vif was given limit = ${limit}, but a number of 1 or more is expected (10 or 5 are usual).`);
    const names = fittedColumns("vif", table, options);
    const x = names.map((name) => completeNumbers("vif", table, name));
    const p = names.length;
    const r = correlationMatrix(x, "pearson");
    for (let j = 0; j < p; j++) for (let k = 0; k < j; k++) if (Number.isNaN(r[j * p + k])) r[j * p + k] = r[k * p + j] = 0;
    const why = new Map<string, string>();
    // swept one by one: a column without anything left beside those before it is their combination
    const inverse = Float64Array.from(r);
    const left: number[] = [];
    for (let j = 0; j < p; j++) {
      if (inverse[j * p + j] <= 1e-10) why.set(names[j], "a combination of other columns");
      else {
        sweep(inverse, p, j, 1);
        left.push(j);
      }
    }
    while (left.length > 1) {
      // a swept diagonal is minus the inverse's
      let worst = 0;
      left.forEach((j, k) => { if (-inverse[j * p + j] > -inverse[left[worst] * p + left[worst]]) worst = k; });
      const j = left[worst];
      const vif = -inverse[j * p + j];
      if (!(vif > limit)) break;
      why.set(names[j], `VIF ${shown(vif)}`);
      sweep(inverse, p, j, -1);
      left.splice(worst, 1);
    }
    return filterState(names, why);
  },
  apply: applyFilter,
};

/** Symmetric sweep of row k (sign 1) and its reverse (−1); swept entries hold −inverse. Goodnight, Am Stat 1979;33:149. */
function sweep(a: Float64Array, p: number, k: number, sign: 1 | -1): void {
  const d = a[k * p + k];
  for (let i = 0; i < p; i++) {
    if (i === k) continue;
    const f = a[i * p + k] / d;
    if (f === 0) continue;
    for (let j = 0; j < p; j++) if (j !== k) a[i * p + j] -= f * a[k * p + j];
  }
  for (let i = 0; i < p; i++) {
    if (i === k) continue;
    a[i * p + k] = a[k * p + i] = (sign * a[i * p + k]) / d;
  }
  a[k * p + k] = -1 / d;
}
