import type { Random } from "../math/index.js";
import type { Outcome } from "./outcome.js";
import type { Table } from "./table.js";

/**
 * A step of a pipeline: fitted on training rows, applied to others; its state is JSON. Row-making steps (SMOTE, upsampling)
 * are `trainingOnly`: they change the training table and pass every other table through.
 * @throws InputError, `fit` on columns of a kind it does not take, options out of range, an outcome it cannot use; `apply` on columns that are missing
 */
export type Step<State = any> = {
  name: string;
  trainingOnly?: true;
  fit(table: Table, outcome: Outcome, options: object, random: Random): State;
  apply(state: State, table: Table): Table;
};
