import type { Outcome, SurvivalOutcome, Table } from "../cohort/index.js";
import { InputError, type Design, type FollowUp } from "../math/index.js";
import { coxFit, type CoxModel, type CoxOptions } from "./cox.js";
import { coefficient, coxLinearPredictor } from "./coxBaseline.js";
import { applyCoding, designOf, type CodedTable, type DesignCoding, type DesignOptions } from "./designOf.js";
import { fineGray, type FineGrayModel, type FineGrayOptions } from "./fineGray.js";
import { firthCox, type FirthCoxModel, type FirthCoxOptions } from "./firthCox.js";
import type { Learner } from "./learner.js";

/** How a learner reads its table; strata and weights (Cox and Firth–Cox) name a column whose values they are. */
export type TableOptions = DesignOptions & {
  /** columns of the table to use; all but dates where not given */
  variables?: readonly string[]; strata?: string; weights?: string;
};
export type CoxLearnerOptions = TableOptions & Pick<CoxOptions, "ties" | "level" | "maxIterations" | "baseline" | "robust"> & {
  /** rows of one patient are one unit of the sandwich variance */
  clusterByPatient?: boolean;
};
export type CoxTableModel = { kind: "coxTable"; coding: DesignCoding; model: CoxModel; leftOut: CodedTable["leftOut"] };

/**
 * Cox regression on the columns of a table: numbers as they are, categories against their first level. `predict` gives the
 * linear predictor Σ β (x − mean) (higher: earlier event), as R predict(coxph) with reference "sample".
 * @throws InputError for an outcome that is not survival, missing values (or `missing: "leaveOut"`), an unknown category at prediction
 */
export const coxLearner: Learner<CoxTableModel> = {
  name: "cox",
  outcome: "survival",
  fit(table: Table, outcome: Outcome, options: CoxLearnerOptions) {
    const { coded, followUp, rest } = codedSurvival(table, outcome, options);
    const cluster = options.clusterByPatient === true ? { cluster: Array.from(coded.rows, (r) => table.id[r]) } : {};
    return { kind: "coxTable", coding: coded.coding, model: coxFit(coded.design, followUp, { ...options, ...rest, ...cluster }), leftOut: coded.leftOut };
  },
  predict({ coding, model }, table) {
    return coxLinearPredictor(model, applyCoding(coding, table), { standardErrors: false }).value;
  },
};

export type FirthCoxTableModel = { kind: "firthCoxTable"; coding: DesignCoding; model: FirthCoxModel; leftOut: CodedTable["leftOut"] };

/**
 * Firth-penalised Cox regression (firthCox) on the columns of a table, as coxLearner; `predict` gives Σ β x. Heinze & Schemper, Biometrics
 * 2001;57:114.
 */
export const firthCoxLearner: Learner<FirthCoxTableModel> = {
  name: "firthCox",
  outcome: "survival",
  fit(table: Table, outcome: Outcome, options: TableOptions & Pick<FirthCoxOptions, "ties" | "level" | "maxIterations" | "profile">) {
    const { coded, followUp, rest } = codedSurvival(table, outcome, options);
    return { kind: "firthCoxTable", coding: coded.coding, model: firthCox(coded.design, followUp, { ...options, ...rest }), leftOut: coded.leftOut };
  },
  predict: ({ coding, model }, table) => plainPredictor(model, applyCoding(coding, table)),
};

export type FineGrayTableModel = { kind: "fineGrayTable"; coding: DesignCoding; model: FineGrayModel; leftOut: CodedTable["leftOut"] };

/**
 * Fine–Gray regression on the columns of a table; the outcome carries `cause` (0 censored, 1 of interest, 2 … others).
 * `predict` gives Σ β x (higher: larger cumulative incidence). Fine & Gray, J Am Stat Assoc 1999;94:496; as `fineGray`.
 * @throws InputError for an outcome without causes, and as coxLearner
 */
export const fineGrayLearner: Learner<FineGrayTableModel> = {
  name: "fineGray",
  outcome: "competing",
  fit(table: Table, outcome: Outcome, options: TableOptions & Pick<FineGrayOptions, "cause" | "level" | "maxIterations">) {
    const { coded, followUp } = codedSurvival(table, outcome, options);
    const { cause } = outcome as SurvivalOutcome;
    if (cause === undefined) throw new InputError(`"${outcome.name}" has no causes of events; Fine–Gray regression needs them. Give the outcome a cause, or use Cox regression.`);
    const model = fineGray(coded.design, followUp.time, Array.from(coded.rows, (r) => cause[r]), options);
    return { kind: "fineGrayTable", coding: coded.coding, model, leftOut: coded.leftOut };
  },
  predict: ({ coding, model }, table) => plainPredictor(model, applyCoding(coding, table)),
};

function plainPredictor(model: FirthCoxModel | FineGrayModel, design: Design): Float64Array {
  const value = new Float64Array(design.n);
  design.columns.forEach((column, j) => {
    const b = coefficient(model, j);
    if (b !== 0) for (let i = 0; i < design.n; i++) value[i] += b * column[i];
  });
  return value;
}

/** Design, follow-up, strata and weights of the rows that are complete. */
function codedSurvival(table: Table, outcome: Outcome, options: TableOptions): { coded: CodedTable; followUp: FollowUp; rest: { strata: string[] | undefined; weights: number[] | undefined } } {
  if (outcome.kind !== "survival") throw new InputError(`Cox regression needs a survival outcome; "${outcome.name}" is ${outcome.kind}. Use logistic regression for a binary one.`);
  const { strata, weights } = options;
  const aside = [strata, weights].filter((name) => name !== undefined);
  const variables = options.variables ?? Object.keys(table.columns).filter((name) => table.columns[name].kind !== "date" && !aside.includes(name));
  if (outcome.time.length !== table.id.length) throw new InputError(`The outcome has ${outcome.time.length} rows, the table ${table.id.length}. They must be of the same patients.`);
  const coded = designOf(table, variables, options);
  return {
    coded,
    followUp: { time: Array.from(coded.rows, (r) => outcome.time[r]), event: Array.from(coded.rows, (r) => outcome.event[r]) },
    rest: {
      strata: strata === undefined ? undefined : Array.from(coded.rows, (r) => labelOf(table, strata, r)),
      weights: weights === undefined ? undefined : Array.from(coded.rows, (r) => numberOf(table, weights, r)),
    },
  };
}

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
