import type { Outcome, Table } from "../cohort/index.js";
import { InputError, shuffle, type Random } from "../math/index.js";
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
 * source and agreement with R nnet as there. `earlyStopping`: share of the patients, drawn by class and each whole, on whom the training is
 * watched and who are not trained on (Prechelt, Neural Networks 1998;11:761).
 */
export const networkLearner: Learner<TableModel<Network>> = {
  name: "network",
  outcome: "binary",
  fit(table: Table, outcome: Outcome, options: TableModelOptions & Omit<NetworkOptions, "weights" | "validation"> & { earlyStopping?: number }, random: Random) {
    binary("Network", outcome);
    const { design, coding, leftOut, value, weights, rows } = coded(table, outcome, options);
    const { variables: _v, weights: _w, missing: _m, reference: _r, level: _l, earlyStopping, ...network } = options;
    const all = { decay: 0.1, ...network, output: "logistic" } as const;
    if (earlyStopping === undefined) return { kind: "networkTable", coding, model: networkFit(design, value, { ...all, ...weights }, random), leftOut };
    const watched = watchedRows(Array.from(rows, (r) => table.id[r]), value, earlyStopping, random.stream("early stopping"));
    const part = (of: number[]) => ({ design: { names: design.names, n: of.length, columns: design.columns.map((c) => Float64Array.from(of, (k) => c[k])) }, target: Float64Array.from(of, (k) => value[k]) });
    const taught = Array.from(value.keys()).filter((k) => !watched.has(k)), training = part(taught);
    const own = weights.weights === undefined ? {} : { weights: Float64Array.from(taught, (k) => weights.weights![k]) };
    return { kind: "networkTable", coding, model: networkFit(training.design, training.target, { ...all, ...own, validation: part([...watched]) }, random), leftOut };
  },
  predict: ({ coding, model }, table) => networkPredict(model, applyCoding(coding, table)),
};

/** Rows of a share of the patients, of each class alike (a patient with any event counts as one with it), at least one patient of each. */
function watchedRows(id: readonly string[], event: ArrayLike<number>, share: number, random: Random): Set<number> {
  if (!(share > 0 && share < 1)) throw new InputError(`Network: early stopping watches a share of ${share} of the patients, expected a number between 0 and 1.`);
  const has = new Map<string, number>();
  id.forEach((p, k) => has.set(p, Math.max(has.get(p) ?? 0, event[k])));
  const chosen = new Set<string>();
  for (const kind of [0, 1]) {
    const patients = [...has.keys()].filter((p) => has.get(p) === kind).sort();
    if (patients.length < 2) throw new InputError(`Network: early stopping needs two patients ${kind === 1 ? "with" : "without"} the event, one to train on and one to watch; there ${patients.length === 1 ? "is one" : "is none"}. Leave earlyStopping out.`);
    const order = Int32Array.from(patients.keys());
    shuffle(order, random);
    const wanted = Math.min(patients.length - 1, Math.max(1, Math.round(share * patients.length)));
    for (let k = 0; k < wanted; k++) chosen.add(patients[order[k]]);
  }
  return new Set(id.flatMap((p, k) => (chosen.has(p) ? [k] : [])));
}
