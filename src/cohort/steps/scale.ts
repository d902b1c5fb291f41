import { InputError } from "../../math/index.js";
import type { Step } from "../step.js";
import { fittedColumns, mapNumbers, meanVariance, presentNumbers, withoutUnit, type ColumnsOption } from "./stepColumns.js";

/** x → (x − centre) / scale, a column each; `constant` names columns without spread, which become 0. */
export type ScaleState = { names: string[]; centre: number[]; scale: number[]; constant: string[]; warnings: string[] };

function scaling(name: string, measure: (values: Float64Array) => [centre: number, scale: number]): Step<ScaleState> {
  return {
    name,
    fit(table, _outcome, options: ColumnsOption) {
      const names = fittedColumns(name, table, options);
      const state: ScaleState = { names, centre: [], scale: [], constant: [], warnings: [] };
      for (const column of names) {
        const values = presentNumbers(name, table, column);
        if (values.length === 0) throw new InputError(`${column} has no values in the training rows, but ${name} needs some. Leave the column out.`);
        const [centre, scale] = measure(values);
        const flat = !(scale > 1e-14 * Math.abs(centre));
        if (flat) {
          state.constant.push(column);
          state.warnings.push(`${column} has no spread in the training rows and becomes x − ${centre}: drop it with the variance filter.`);
        }
        state.centre.push(centre);
        state.scale.push(flat ? 1 : scale);
      }
      return state;
    },
    apply: (state, table) => withoutUnit(mapNumbers(table, state.names, (x, j) => (x - state.centre[j]) / state.scale[j]), state.names),
  };
}

/** z = (x − mean) / standard deviation (n − 1) of the training rows, as R scale(). Options: columns. Missing stays missing. */
export const zScore = scaling("zScore", (values) => {
  const { mean, variance } = meanVariance(values);
  return [mean, values.length > 1 ? Math.sqrt(variance) : 0];
});

/**
 * (x − minimum) / (maximum − minimum) of the training rows; other rows may lie outside 0…1. Options: columns. No program: judged by
 * hand-worked rows.
 */
export const minMax = scaling("minMax", (values) => {
  let low = Infinity, high = -Infinity;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return [low, high - low];
});

/** (x − median) / interquartile range (type-7 quantiles) of the training rows, as scikit-learn RobustScaler. Options: columns. */
export const robust = scaling("robust", (values) => {
  const sorted = values.slice().sort();
  const at = (p: number) => {
    const h = (sorted.length - 1) * p;
    const k = Math.floor(h);
    return k + 1 < sorted.length ? sorted[k] + (h - k) * (sorted[k + 1] - sorted[k]) : sorted[k];
  };
  return [at(0.5), at(0.75) - at(0.25)];
});
