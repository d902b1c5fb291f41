import type { Outcome, Table } from "../cohort/index.js";
import { InputError, type Random } from "../math/index.js";
import { applyCoding, designOf, type CodedTable, type DesignCoding, type DesignOptions } from "./designOf.js";
import { firthLogistic, type FirthLogisticFit } from "./firthLogistic.js";
import type { Learner } from "./learner.js";
import { linearFit, type LinearFit } from "./linear.js";
import { logisticFit, logisticLinear, logisticProbability, type LogisticFit } from "./logistic.js";
import { networkFit, networkPredict, type Network, type NetworkOptions } from "./network.js";

export type TableModelOptions = DesignOptions & {
  /** columns of the table to use; all but dates (and the weights) where not given */
  variables?: readonly string[];
  /** a number of the table that holds case weights */
  weights?: string;
  level?: number;
};
export type TableModel<Model> = { kind: string; coding: DesignCoding; model: Model; leftOut: CodedTable["leftOut"] };

/** Rows, outcome and weights of a table, coded. */
function coded(table: Table, outcome: Outcome, options: TableModelOptions): CodedTable & { value: Float64Array; weights: { weights?: Float64Array } } {
  const given = outcome.kind === "binary" ? outcome.event : outcome.kind === "continuous" ? outcome.value : outcome.time;
  if (given.length !== table.id.length) throw new InputError(`The outcome "${outcome.name}" has ${given.length} rows, the table ${table.id.length}. They must be of the same patients.`);
  const variables = options.variables ?? Object.keys(table.columns).filter((name) => table.columns[name].kind !== "date" && name !== options.weights);
  const part = designOf(table, variables, options);
  const weight = options.weights === undefined ? undefined : table.columns[options.weights];
  if (options.weights !== undefined && weight?.kind !== "number") throw new InputError(`Weights "${options.weights}" must be a number of the table.`);
  return {
    ...part, value: Float64Array.from(part.rows, (r) => given[r]),
    weights: weight?.kind === "number" ? { weights: Float64Array.from(part.rows, (r) => weight.values[r]) } : {},
  };
}

function binary(who: string, outcome: Outcome): void {
  if (outcome.kind !== "binary") throw new InputError(`${who} needs a binary outcome; "${outcome.name}" is ${outcome.kind}. Take a model for ${outcome.kind} outcomes, or a status at a landmark.`);
}

const level = (options: TableModelOptions) => (options.level === undefined ? {} : { level: options.level });

/**
 * Logistic regression (`logisticFit`) on a table's columns; predict gives the probability of the event. Formula, source and agreement with
 * R glm as there.
 */
export const logisticLearner: Learner<TableModel<LogisticFit>> = {
  name: "logistic",
  outcome: "binary",
  fit(table: Table, outcome: Outcome, options: TableModelOptions) {
    binary("Logistic regression", outcome);
    const { design, coding, leftOut, value, weights } = coded(table, outcome, options);
    return { kind: "logisticTable", coding, model: logisticFit(design, value, { ...weights, ...level(options) }), leftOut };
  },
  predict: ({ coding, model }, table) => logisticProbability(model, applyCoding(coding, table)),
};

/**
 * Firth's logistic regression (`firthLogistic`) on a table's columns; predict gives the probability of the event. Profile intervals where
 * `profile` is true. Formula, source and agreement with R brglm2 as there.
 */
export const firthLearner: Learner<TableModel<FirthLogisticFit>> = {
  name: "firth",
  outcome: "binary",
  fit(table: Table, outcome: Outcome, options: TableModelOptions & { profile?: boolean }) {
    binary("Firth's logistic regression", outcome);
    const { design, coding, leftOut, value, weights } = coded(table, outcome, options);
    return { kind: "firthTable", coding, model: firthLogistic(design, value, { ...weights, ...level(options), profile: options.profile === true }), leftOut };
  },
  predict: ({ coding, model }, table) => logisticProbability(model, applyCoding(coding, table)),
};

/** Linear regression (`linearFit`) on a table's columns; predict gives the expected number. Formula, source and agreement with R lm as there. */
export const linearLearner: Learner<TableModel<LinearFit>> = {
  name: "linear",
  outcome: "continuous",
  fit(table: Table, outcome: Outcome, options: TableModelOptions) {
    if (outcome.kind !== "continuous") throw new InputError(`Linear regression needs a continuous outcome; "${outcome.name}" is ${outcome.kind}.`);
    const { design, coding, leftOut, value, weights } = coded(table, outcome, options);
    return { kind: "linearTable", coding, model: linearFit(design, value, { ...weights, ...level(options) }), leftOut };
  },
  predict: ({ coding, model }, table) => logisticLinear(model, applyCoding(coding, table)),
};

/**
 * Back-propagation network (`networkFit`) on a table's columns; predict gives the probability of the event. Default decay .1. Formula,
 * source and agreement with R nnet as there.
 */
export const networkLearner: Learner<TableModel<Network>> = {
  name: "network",
  outcome: "binary",
  fit(table: Table, outcome: Outcome, options: TableModelOptions & Omit<NetworkOptions, "weights" | "validation">, random: Random) {
    binary("Network", outcome);
    const { design, coding, leftOut, value, weights } = coded(table, outcome, options);
    const { variables: _v, weights: _w, missing: _m, reference: _r, level: _l, ...network } = options;
    return { kind: "networkTable", coding, model: networkFit(design, value, { decay: 0.1, ...network, ...weights, output: "logistic" }, random), leftOut };
  },
  predict: ({ coding, model }, table) => networkPredict(model, applyCoding(coding, table)),
};
