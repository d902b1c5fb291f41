import type { Outcome, Table } from "../cohort/index.js";
import { InputError } from "../math/index.js";
import { coxFit, type CoxModel, type CoxOptions } from "./cox.js";
import { coxLinearPredictor } from "./coxBaseline.js";
import { applyCoding, designOf, type DesignCoding, type DesignOptions } from "./designOf.js";
import type { Learner } from "./learner.js";

export type CoxLearnerOptions = DesignOptions & Pick<CoxOptions, "ties" | "level" | "maxIterations" | "baseline"> & {
  /** columns of the table to use; all but dates where not given */
  variables?: readonly string[];
  /** a category or number of the table whose values are strata, and a number that holds weights */
  strata?: string; weights?: string; robust?: boolean;
  /** rows of one patient are one unit of the sandwich variance */
  clusterByPatient?: boolean;
};
export type CoxTableModel = { kind: "coxTable"; coding: DesignCoding; model: CoxModel; leftOut: { row: number; id: string; variables: string[] }[] };

/**
 * Cox regression on the columns of a table: numbers as they are, categories against their first level. `predict` gives the
 * linear predictor Σ β (x − mean) (higher: earlier event), as R predict(coxph) with reference "sample".
 * @throws InputError for an outcome that is not survival, missing values (or `missing: "leaveOut"`), an unknown category at prediction
 */
export const coxLearner: Learner<CoxTableModel> = {
  name: "cox",
  outcome: "survival",
  fit(table: Table, outcome: Outcome, options: CoxLearnerOptions) {
    if (outcome.kind !== "survival") throw new InputError(`Cox regression needs a survival outcome; "${outcome.name}" is ${outcome.kind}. Use logistic regression for a binary one.`);
    const { strata, weights, clusterByPatient } = options;
    const aside = [strata, weights].filter((name) => name !== undefined);
    const variables = options.variables ?? Object.keys(table.columns).filter((name) => table.columns[name].kind !== "date" && !aside.includes(name));
    const { design, coding, rows, leftOut } = designOf(table, variables, options);
    if (outcome.time.length !== table.id.length) throw new InputError(`The outcome has ${outcome.time.length} rows, the table ${table.id.length}. They must be of the same patients.`);
    const model = coxFit(design, { time: Array.from(rows, (r) => outcome.time[r]), event: Array.from(rows, (r) => outcome.event[r]) }, {
      ...options,
      strata: strata === undefined ? undefined : Array.from(rows, (r) => labelOf(table, strata, r)),
      weights: weights === undefined ? undefined : Array.from(rows, (r) => numberOf(table, weights, r)),
      ...(clusterByPatient === true && { cluster: Array.from(rows, (r) => table.id[r]) }),
    });
    return { kind: "coxTable", coding, model, leftOut };
  },
  predict({ coding, model }, table) {
    return coxLinearPredictor(model, applyCoding(coding, table)).value;
  },
};

function labelOf(table: Table, name: string, row: number): string {
  const column = table.columns[name];
  if (column === undefined || column.kind === "date") throw new InputError(`Strata "${name}" must be a category or number of the table.`);
  if (column.kind === "number") return String(column.values[row]);
  if (column.codes[row] < 0) throw new InputError(`${table.id[row]}: stratum "${name}" is missing. Leave the row out.`);
  return column.levels[column.codes[row]];
}

function numberOf(table: Table, name: string, row: number): number {
  const column = table.columns[name];
  if (column?.kind !== "number") throw new InputError(`Weights "${name}" must be a number of the table.`);
  return column.values[row];
}
