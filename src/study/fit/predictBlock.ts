import { selectRows, type Column, type Table } from "../../cohort/index.js";
import { exp, InputError } from "../../math/index.js";
import { hazardAt } from "./baselineHazard.js";
import { blockTable, type Computed } from "./blockTable.js";
import { blockSteps } from "./fitBlock.js";
import { learnerOf, linearOf } from "./linearOf.js";
import type { FittedBlock, FittedStep, Prediction } from "../pipeline.js";

export type PredictOptions = {
  /** a category that training did not have: an InputError (default), or missing (resampling, where a rare level may be left out by chance) */
  unseen?: "refuse" | "missing";
  /** linear predictors that are given (a Radscore typed in): those blocks are not computed */
  given?: Readonly<Record<string, Float64Array>>;
  /** told of every step that was applied, with the table before and after it */
  watch?: (block: FittedBlock, step: FittedStep, before: Table, after: Table) => void;
};

/** One block for the rows of a working table: fitted steps (row-making ones pass by), then the model. A row that lacks a value it needs has NaN. */
export function computeBlock(block: FittedBlock, table: Table, done: ReadonlyMap<string, Computed>, options: PredictOptions = {}): Computed {
  const inputs = { columns: block.inputs, blocks: block.blocks ?? [], via: block.via ?? {}, aside: block.aside ?? [] };
  let work = blockTable(block.name, inputs, table, done);
  if (options.unseen === "missing") work = knownLevels(block, work);
  for (const fitted of block.steps) {
    const { name, state } = fitted;
    const step = blockSteps.find((s) => s.name === name);
    if (step === undefined) throw new InputError(`${block.name}: this program has no step "${name}". Use the version that made the model.`);
    if (state === null || step.trainingOnly) continue;
    const before = work;
    work = step.apply(state, before);
    options.watch?.(block, fitted, before, work);
  }
  const n = table.id.length;
  let linear: Float64Array;
  if (block.model === null) linear = new Float64Array(n).fill(block.constant);
  else {
    const learner = learnerOf(block.learner.name, block.baseline === undefined ? "binary" : "survival");
    const needed = { id: work.id, columns: Object.fromEntries(modelVariables(block.model).map((name) => [name, work.columns[name]])) };
    const complete = Array.from({ length: n }, (_, i) => i).filter((i) => Object.values(needed.columns).every((c) => present(c, i)));
    linear = new Float64Array(n).fill(NaN);
    const values = linearOf(learner, block.model, complete.length === n ? needed : selectRows(needed, complete));
    complete.forEach((row, k) => { linear[row] = values[k] + (block.recalibration?.intercept ?? 0); });
  }
  return { linear, columns: Object.fromEntries(block.selected.map((name) => [name, work.columns[name]])), selected: block.selected };
}

/** Every block in turn. */
export function computeBlocks(blocks: readonly FittedBlock[], table: Table, options: PredictOptions = {}): Map<string, Computed> {
  const done = new Map<string, Computed>();
  for (const [name, linear] of Object.entries(options.given ?? {})) done.set(name, { linear, columns: {}, selected: [] });
  for (const block of blocks) if (!done.has(block.name)) done.set(block.name, computeBlock(block, table, done, options));
  return done;
}

/** Probability of the event from a linear predictor, by each of `times` where survival. */
export function probabilityOf(block: Pick<FittedBlock, "baseline">, linear: Float64Array, times: readonly number[]): Float64Array[] {
  if (block.baseline === undefined) return [linear.map((v) => 1 / (1 + exp(-v)))];
  return times.map((t) => {
    const hazard = hazardAt(block.baseline!, t);
    return linear.map((v) => 1 - exp(-hazard * exp(v)));
  });
}

/**
 * Predictions of fitted blocks for the rows of a table (with the centre as column where ComBat needs it: `workingTable`).
 * @returns by block the linear predictor and the probability of the event (by each of `times`, where survival)
 * @throws InputError for a column or category that the blocks do not know; a missing value is NaN in its row
 */
export function predictBlocks(blocks: readonly FittedBlock[], table: Table, times: readonly number[], options: PredictOptions = {}): Record<string, Prediction> {
  const done = computeBlocks(blocks, table, options);
  return Object.fromEntries(blocks.map((b) => {
    const { linear } = done.get(b.name)!;
    return [b.name, { linear, probability: probabilityOf(b, linear, times) }];
  }));
}

/** The columns that a fitted model's coding reads. */
function modelVariables(model: unknown): string[] {
  return (model as { coding: { terms: { variable: string }[] } }).coding.terms.map((t) => t.variable);
}

function present(column: Column, row: number): boolean {
  return column.kind === "category" ? column.codes[row] >= 0 : !Number.isNaN(column.kind === "number" ? column.values[row] : column.days[row]);
}

/** Categories that training did not have become missing. */
function knownLevels(block: FittedBlock, table: Table): Table {
  const columns = { ...table.columns };
  for (const [name, range] of Object.entries(block.ranges)) {
    const column = columns[name];
    if (!("levels" in range) || column?.kind !== "category") continue;
    const known = new Set(range.levels);
    if (column.levels.every((l) => known.has(l))) continue;
    columns[name] = { ...column, codes: column.codes.map((c) => (c >= 0 && known.has(column.levels[c]) ? c : -1)) };
  }
  return { id: table.id, columns };
}
