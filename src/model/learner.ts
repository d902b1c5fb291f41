import type { Outcome, Table } from "../cohort/index.js";
import type { Random } from "../math/index.js";

/**
 * A model: fitted it is JSON; predict gives the linear predictor or the probability its doc comment names, one number a row.
 * @throws InputError, `fit` on another kind of outcome and as the regression behind it, `predict` on columns that are missing or of another kind
 */
export type Learner<Model = any> = {
  name: string;
  outcome: "binary" | "survival" | "competing" | "continuous";
  fit(table: Table, outcome: Outcome, options: object, random: Random): Model;
  predict(model: Model, table: Table): Float64Array;
};
