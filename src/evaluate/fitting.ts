import type { Outcome, Table } from "../cohort/index.js";
import { selectOutcome, selectRows } from "../cohort/index.js";
import type { Random } from "../math/index.js";
import type { Learner } from "../model/index.js";

/**
 * A whole way of making a model, selection and tuning included, from row numbers 0 … n − 1 into data that the caller keeps.
 * `fit` may get a row several times; `predict` gives one number a row (risk, or linear predictor where the measure asks for it).
 */
export type Fitting<Model = any> = { fit(rows: Int32Array, random: Random): Model; predict(model: Model, rows: Int32Array): Float64Array };

/** Figures of merit by name, of predictions for rows; what cannot be computed on those rows is NaN. */
export type Measure = (prediction: Float64Array, rows: Int32Array) => Record<string, number>;

/** A learner on a table as a fitting function, for optimism, cross-validation and .632+. Plumbing: no source. @throws InputError on a row that the table has not */
export function learnerFitting<Model>(learner: Learner<Model>, table: Table, outcome: Outcome, options: object = {}): Fitting<Model> {
  return {
    fit: (rows, random) => learner.fit(selectRows(table, rows), selectOutcome(outcome, rows), options, random),
    predict: (model, rows) => learner.predict(model, selectRows(table, rows)),
  };
}

/** 0 … n − 1 */
export function allRows(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}
