import { selectOutcome, selectRows, steps as cohortSteps, type BinaryOutcome, type Step, type SurvivalOutcome, type Table } from "../../cohort/index.js";
import { recalibration, stratifiedFolds } from "../../evaluate/index.js";
import { didYouMean, exp, InputError, log, type Random } from "../../math/index.js";
import { applyCoding, type DesignCoding } from "../../model/index.js";
import { baselineHazard, baselineSpread } from "./baselineHazard.js";
import { blockTable, CENTRE, resolveInputs, type Computed } from "./blockTable.js";
import { learnerOf, levelOf, linearOf, variablesOf } from "./linearOf.js";
import type { FittedBlock, FittedStep } from "../pipeline.js";
import type { BlockPlan, Plan } from "../plan.js";
import { stepwiseStep, varies } from "./stepwiseStep.js";
import { learnerOptions, stepOptions } from "../plan/useOptions.js";

/** Every step a block may have. */
export const blockSteps: readonly Step[] = [...cohortSteps, stepwiseStep];

/** What a fit gets: rows of the working table (a patient may stand there several times), their outcome, further readers' values of the same patients. */
export type Training = {
  table: Table; outcome: BinaryOutcome | SurvivalOutcome; readers: Table[];
  /** row numbers of the development cohort, for the record of who was seen */
  rows: ArrayLike<number>;
  /** steps in the order written, balanced rows included (reproduction); else row-making steps come last and the others see the patients as they are */
  asWritten?: boolean;
  /** keep the path and cross-validation curve of an elastic net in its model, to be drawn, and of a Cox model what intervals of its predictions need */
  trace?: boolean;
};
/** The fitted block, and what it gives for its training rows. */
export type BlockFit = { fitted: FittedBlock; computed: Computed; /** outcome and columns after balancing, where a step made or left out rows */ balanced?: { table: Table; outcome: BinaryOutcome | SurvivalOutcome } };

/** Steps that look at categories and numbers alike; the others get the number columns. */
const anyColumns = new Set(["impute", "univariable", "stepwise"]);
/** Steps that need nothing named, because they take whole rows. */
const wholeRows = new Set(["smote", "upsample", "undersample"]);

/**
 * Fits one block on training rows: its steps in order, each on what the one before left, then its learner. Row-making steps (SMOTE,
 * upsampling) come last and touch the learner alone: filters, tests, ranges, baseline hazard and prevalence are of the patients as they
 * are, and a binary block fitted on balanced rows has its intercept moved to their prevalence. An empty selection makes the null model.
 *
 * @param done what the blocks before gave for the same rows
 * @throws InputError, begun with the block's name, where a step or the learner cannot use the rows
 */
export function fitBlock(plan: Plan, block: BlockPlan, training: Training, done: ReadonlyMap<string, Computed>, random: Random): BlockFit {
  try {
    return fit(plan, block, training, done, random);
  } catch (error) {
    if (!(error instanceof InputError) || error.message.startsWith(`${block.name}: `)) throw error;
    throw new InputError(`${block.name}: ${error.message.replace("Impute them first or ask for such rows to be left out.", "Add impute to its steps, or exclude these patients with a reason.")}`);
  }
}

function fit(plan: Plan, block: BlockPlan, training: Training, done: ReadonlyMap<string, Computed>, random: Random): BlockFit {
  const { outcome, rows } = training;
  const warnings: string[] = [];
  const inputs = resolveInputs(plan, block, (name) => done.get(name)!.selected, training.table);
  let table = blockTable(block.name, inputs, training.table, done);
  const ranges = rangesOf(table, inputs.columns);
  let readers = training.readers.map((r) => readerTable(r, inputs, training.table));
  const aside = new Set(inputs.aside);
  const fittedSteps: FittedStep[] = [];
  let work = table, workOutcome = outcome, madeRows = false;
  const rowMaking = (name: string) => wholeRows.has(name);
  const order = training.asWritten ? block.steps : [...block.steps.filter((s) => !rowMaking(s.name)), ...block.steps.filter((s) => rowMaking(s.name))];
  if (order.some((s, k) => s !== block.steps[k])) warnings.push(`${block.steps.filter((s) => rowMaking(s.name)).map((s) => s.name).join(", ")} balances the rows for the learner alone: the steps written after it are fitted before it, on the patients as they are.`);
  for (const use of order) {
    const step = blockSteps.find((s) => s.name === use.name);
    if (step === undefined) throw new InputError(`There is no step "${use.name}". ${didYouMean(use.name, blockSteps.map((s) => s.name))}`);
    const before = Object.keys(work.columns).filter((n) => !aside.has(n));
    const takes = before.filter((n) => (anyColumns.has(step.name) ? work.columns[n].kind !== "date" : work.columns[n].kind === "number"));
    const options: Record<string, unknown> = stepOptions(use);
    if (rowMaking(step.name) && before.length === 0) {
      // nothing was selected: there is nothing to balance rows for, and the block is the null model
      fittedSteps.push({ name: step.name, options: use.options, state: null, before, after: before });
      continue;
    }
    if (!rowMaking(step.name)) {
      if (options["columns"] !== undefined) options["columns"] = (options["columns"] as string[]).filter((n) => before.includes(n));
      if (((options["columns"] as string[] | undefined) ?? takes).length === 0) {
        fittedSteps.push({ name: step.name, options: use.options, state: null, before, after: before });
        continue;
      }
      if (!(step.name === "iccFilter" && options["repeats"] !== undefined && readers.length === 0)) options["columns"] ??= takes;
    }
    if (step.name === "combat") options["batch"] ??= CENTRE;
    if (step.name === "iccFilter") options["readings"] = readers;
    if (step.name === "lasso") options["foldOf"] = innerFolds(work.id, workOutcome, (options["folds"] as number | undefined) ?? 10, random.stream(`folds ${fittedSteps.length}`));
    const state = step.fit(work, workOutcome, options, random.stream(`step ${fittedSteps.length} ${step.name}`));
    if (step.trainingOnly) {
      work = step.apply(state, work);
      workOutcome = selectOutcome(workOutcome, (state as { rows: number[] }).rows);
      madeRows = true;
    } else {
      const same = work === table;
      work = step.apply(state, work);
      table = same ? work : step.apply(state, table);
      readers = readers.map((r) => step.apply(state, r));
    }
    for (const warning of (state as { warnings?: string[] }).warnings ?? []) warnings.push(`${step.name}: ${warning}`);
    const after = Object.keys(work.columns).filter((n) => !aside.has(n));
    const { readings: _readings, foldOf: _folds, columns: _columns, ...shown } = options;
    fittedSteps.push({ name: step.name, options: { ...use.options, ...(use.options["columns"] === undefined ? {} : { columns: options["columns"] }), ...(shown["batch"] === undefined ? {} : { batch: shown["batch"] }) }, state, before, after });
  }
  const left = Object.keys(work.columns).filter((n) => !aside.has(n) && work.columns[n].kind !== "date");
  const variables = left.filter((n) => varies(work, n));
  const flat = left.filter((n) => !variables.includes(n) && !inputs.blocks.includes(n));
  if (flat.length > 0) warnings.push(`${flat.slice(0, 5).join(", ")}${flat.length > 5 ? ` and ${flat.length - 5} more` : ""} take one value among the training patients and are left out.`);
  const base: FittedBlock = {
    name: block.name, kind: block.kind, inputs: inputs.columns, blocks: inputs.blocks, via: inputs.via, aside: inputs.aside,
    steps: fittedSteps, selected: [], learner: { name: block.learner.name, options: block.learner.options }, model: null,
    constant: constantOf(outcome), ranges, trainedOn: { rows: Array.from(rows), patients: new Set(training.table.id).size }, warnings,
  };
  const learner = learnerOf(block.learner.name, outcome.kind);
  if (variables.length > 0) {
    const options: Record<string, unknown> = { ...levelOf(plan, learner.name), ...learnerOptions(block.learner), variables };
    if (learner.name !== "logistic" && /lasso|elasticNet|ridge/i.test(learner.name) && (options["folds"] === undefined || typeof options["folds"] === "number")) {
      options["folds"] = innerFolds(work.id, workOutcome, (options["folds"] as number | undefined) ?? 10, random.stream("folds"));
      if (training.trace) options["trace"] = true;
    }
    if (learner.name === "cox") options["baseline"] ??= training.trace ? "spread" : "hazard";
    const model = learner.fit(work, workOutcome, options, random.stream("learner")) as { warnings?: string[]; model?: { warnings?: string[] } };
    base.selected = variablesOf(model, variables);
    warnings.push(...(model.warnings ?? model.model?.warnings ?? []));
    if (base.selected.length > 0) base.model = model;
  }
  if (base.selected.length === 0) warnings.push("Nothing was selected: the block is the null model, the same prediction for every patient.");
  const linear = base.model === null ? new Float64Array(table.id.length).fill(base.constant) : linearOf(learner, base.model, table);
  if (madeRows && outcome.kind === "binary" && base.model !== null) {
    try {
      base.recalibration = recalibration(linear.map((v) => 1 / (1 + exp(-v))), outcome.event);
      warnings.push(`Fitted on balanced rows; the intercept is moved by ${Number(base.recalibration.intercept.toPrecision(4))} to the patients' own prevalence.`);
      for (let i = 0; i < linear.length; i++) linear[i] += base.recalibration.intercept;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      warnings.push("Fitted on balanced rows; its intercept could not be moved to the patients' own prevalence, because the model separates them: read no probability from it.");
    }
  }
  if (outcome.kind === "survival") {
    base.baseline = baselineHazard(outcome, linear);
    const firth = base.model as { kind: string; coding: DesignCoding } | null;
    if (training.trace && firth?.kind === "firthCoxTable") base.spread = baselineSpread(outcome, linear, applyCoding(firth.coding, table, { missing: "NaN" }).columns, plan.evaluation.times);
  }
  const columns = Object.fromEntries(base.selected.map((n) => [n, table.columns[n]]));
  return { fitted: base, computed: { linear, columns, selected: base.selected }, ...(madeRows && { balanced: { table: work, outcome: workOutcome } }) };
}

/** Folds inside a fit: a patient's copies together, events spread evenly. */
export function innerFolds(id: readonly string[], outcome: BinaryOutcome | SurvivalOutcome, folds: number, random: Random): Int32Array {
  const patients = new Set(id).size;
  if (patients < folds) throw new InputError(`${folds} inner folds were asked for, but there are ${patients} patients to train on.`);
  return stratifiedFolds(id.length, folds, random, { classes: outcome.event, patients: id });
}

/** The null model's linear predictor: log-odds of the prevalence, or 0. */
function constantOf(outcome: BinaryOutcome | SurvivalOutcome): number {
  if (outcome.kind === "survival") return 0;
  const events = outcome.event.reduce((a, b) => a + b, 0);
  return log(events / (outcome.event.length - events));
}

/** A reader's rows with the columns that the block starts from; a column that was not read again is filled from the patient's own row. */
function readerTable(reader: Table, inputs: { columns: string[]; aside: string[] }, own: Table): Table {
  const at = new Map(own.id.map((id, r) => [id, r]));
  const rows = Array.from(reader.id.keys()).filter((r) => at.has(reader.id[r]));
  const read = selectRows(reader, rows), mine = selectRows(own, rows.map((r) => at.get(reader.id[r])!));
  const names = [...inputs.columns, ...inputs.aside].filter((n) => Object.hasOwn(read.columns, n) || Object.hasOwn(mine.columns, n));
  return { id: read.id, columns: Object.fromEntries(names.map((n) => [n, read.columns[n] ?? mine.columns[n]])) };
}

function rangesOf(table: Table, names: readonly string[]): FittedBlock["ranges"] {
  return Object.fromEntries(names.flatMap((name): [string, FittedBlock["ranges"][string]][] => {
    const column = table.columns[name];
    if (column.kind === "category") {
      const seen = new Set(column.codes);
      return [[name, { levels: column.levels.filter((_, k) => seen.has(k)) }]];
    }
    let low = Infinity, high = -Infinity;
    for (const v of column.kind === "number" ? column.values : column.days) { if (v < low) low = v; if (v > high) high = v; }
    return [[name, { low, high, ...(column.kind === "number" && column.unit !== undefined && { unit: column.unit }) }]];
  }));
}
