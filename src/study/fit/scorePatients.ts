import type { Column, Table } from "../../cohort/index.js";
import { InputError, nearestWord } from "../../math/index.js";
import { asTrained, documentedCodes, requireNumbers } from "./asTrained.js";
import { CENTRE, type Computed } from "./blockTable.js";
import { deriveColumns, lineage } from "../load/deriveColumns.js";
import { mixesColumns } from "./frozenBlock.js";
import { imputedText, watchImputation, type ImputedValues } from "./imputedValues.js";
import type { FittedBlock, FrozenPipeline, Prediction } from "../pipeline.js";
import type { VariablePlan } from "../plan.js";
import { computeBlocks, probabilityOf } from "./predictBlock.js";
import { recode } from "../load/recode.js";

/**
 * Predictions of the models asked for, row by row, and for each row what is to be known about it (a missing value, a value outside the
 * training range). `computed`: every block that was computed, with the columns its model read.
 */
export type ScoredPatients = { models: Record<string, Prediction>; times: number[]; remarks: string[][]; computed: Map<string, Computed> };
/** Scores that are given (a Radscore typed in), one value a row: what only they rest on is not needed. */
export type GivenScores = Readonly<Record<string, Float64Array>>;

/** Blocks that a model rests on, itself included; what stands behind a given score is left out. */
function chain(model: FrozenPipeline, name: string, given: GivenScores = {}): FittedBlock[] {
  const wanted = new Set<string>();
  const visit = (block: string) => {
    const found = model.blocks.find((b) => b.name === block);
    if (found === undefined || wanted.has(block)) return;
    wanted.add(block);
    if (Object.hasOwn(given, block)) return;
    for (const up of [...(found.blocks ?? []), ...Object.values(found.via ?? {})]) visit(up);
  };
  visit(name);
  return model.blocks.filter((b) => wanted.has(b.name));
}

/** Raw columns whose values a block's prediction depends on: what it kept, and everything where a step mixes columns (kNN, MICE, ComBat). */
function neededBy(block: FittedBlock): string[] {
  const raw = block.inputs.filter((name) => !(block.blocks ?? []).includes(name));
  return mixesColumns(block) ? raw : raw.filter((name) => block.selected.includes(name));
}

/** Columns that the named models cannot do without. */
export function neededColumns(model: FrozenPipeline, models: readonly string[] = [model.final], given: GivenScores = {}): string[] {
  return [...new Set(models.flatMap((name) => chain(model, name, given).filter((b) => !Object.hasOwn(given, b.name)).flatMap(neededBy)))];
}

/**
 * Scores new patients by a frozen pipeline: nothing is fitted. Columns that selection dropped need not be there. A missing value that the
 * pipeline does not impute gives NaN with a remark; a number outside the training range, or a category that training did not have,
 * is named.
 * @param table  raw columns, as in the files the pipeline was made from
 * @param given  scores typed in, in place of their columns
 * @throws InputError columns that are lacking (all of them), a format that is not this program's, a model that is not there
 */
export function scorePatients(model: FrozenPipeline, table: Table, models: readonly string[] = [model.final], given: GivenScores = {}): ScoredPatients {
  if (model.format !== "radscore model" || model.formatVersion !== 1) throw new InputError(`This is no model of radscore that this version reads (format "${String(model.format)}" ${String(model.formatVersion)}). Give a model.json written by radscore run.`);
  for (const name of models) if (!model.models.includes(name)) throw new InputError(`The model "${name}" is not in the file; it has ${model.models.join(", ")}.`);
  const blocks = model.blocks.filter((b) => models.some((name) => chain(model, name, given).includes(b)));
  const needed = neededColumns(model, models, given);
  table = withDerived(model, table, needed);
  const lacking = needed.filter((name) => !Object.hasOwn(table.columns, name));
  if (lacking.length > 0) throw new InputError(`The table lacks ${lacking.length} ${lacking.length === 1 ? "column" : "columns"} that the model needs: ${lacking.join(", ")}. ${meant(lacking, Object.keys(table.columns).filter((name) => !needed.includes(name)))}Add ${lacking.length === 1 ? "it" : "them"}, under the same ${lacking.length === 1 ? "name" : "names"}.`);
  // what no prediction depends on is not looked at
  const used = new Set([...needed, ...blocks.flatMap((b) => b.aside ?? [])]);
  const own: Table = { id: table.id, columns: Object.fromEntries(Object.entries(table.columns).filter(([name]) => used.has(name))) };
  const variables = Object.fromEntries(Object.entries(model.variables as Record<string, VariablePlan>).filter(([name]) => Object.hasOwn(own.columns, name)));
  const rows = Int32Array.from(table.id.keys(), (r) => r + 1);
  const known = documentedCodes(own, variables), ranges = Object.assign({}, ...blocks.map((b) => b.ranges)) as FittedBlock["ranges"];
  requireNumbers(own, needed, variables, ranges);
  const recoded = asTrained(recode(known.table, variables, rows, "The table"), needed, ranges);
  const columns = { ...recoded.columns };
  for (const block of blocks) for (const name of [...block.inputs, ...(block.aside ?? [])]) if (!Object.hasOwn(columns, name) && !model.blocks.some((b) => b.name === name)) columns[name] = empty(block, name, table.id.length);
  const remarks = Array.from(rows, (_, row) => [...known.remarks[row], ...blocks.flatMap((block) => remarksOf(block, recoded, row, needed.filter((name) => !known.remarks[row].some((r) => r.startsWith(`${name} is "`)))))]);
  for (const block of blocks) for (const [name, values] of Object.entries(given)) {
    const range = block.ranges[name];
    if (range === undefined || !("low" in range)) continue;
    values.forEach((v, row) => { if (v < range.low || v > range.high) remarks[row].push(`${name} is ${short(v)}, outside the training range ${short(range.low)} to ${short(range.high)}`); });
  }
  const { times } = model.outcome;
  const imputed: ImputedValues = new Map();
  const computed = computeBlocks(blocks, { id: table.id, columns }, { unseen: "missing", given, watch: watchImputation(imputed) });
  const result = Object.fromEntries(models.map((name) => { const { linear } = computed.get(name)!; return [name, { linear, probability: probabilityOf(blocks.find((b) => b.name === name)!, linear, times) }]; }));
  const unscored = (row: number) => models.filter((name) => Number.isNaN(result[name].linear[row]));
  return {
    models: result, times, computed,
    remarks: remarks.map((r, row) => [...new Set(r)].map((remark) => withImputed(remark, needed, imputed.get(row), unscored(row), models.length))),
  };
}

/** A remark on a missing value, and what was put in its place, or that the row has no score for want of it. */
function withImputed(remark: string, needed: readonly string[], imputed: Map<string, { block: string; text: string }[]> | undefined, unscored: readonly string[], models: number): string {
  if (!/( is missing|; it counts as missing)$/.test(remark)) return remark;
  const name = needed.filter((n) => remark.startsWith(`${n} is `)).sort((a, b) => b.length - a.length)[0];
  const values = name === undefined ? undefined : imputed?.get(name);
  if (values !== undefined) return `${remark}; ${imputedText(values)}`;
  return unscored.length === 0 ? remark : `${remark}; nothing is put in its place, so that ${models > 1 ? unscored.join(" and ") : "the model"} cannot score the patient`;
}

/** `Did you mean "age" for "Age"? `: columns whose name differs in letter case, marks or a slip of the pen. */
function meant(lacking: readonly string[], others: readonly string[]): string {
  const plain = (name: string) => name.toLowerCase().replace(/[\s_.-]+/g, "");
  const pairs = lacking.flatMap((name) => {
    const near = others.find((o) => plain(o) === plain(name)) ?? (name.length > 4 ? nearestWord(name, others) : undefined);
    return near === undefined ? [] : [`"${near}" for "${name}"`];
  });
  return pairs.length === 0 ? "" : `Did you mean ${pairs.slice(0, 8).join(", ")}${pairs.length > 8 ? ", …" : ""}? `;
}

/** The table with the derived variables that the models need and the table has not got itself. */
function withDerived(model: FrozenPipeline, table: Table, needed: readonly string[]): Table {
  const wanted = new Set(needed.flatMap((name) => lineage(name, model.derive)));
  const entries = (model.derive ?? []).filter((d) => wanted.has(d.name) && !Object.hasOwn(table.columns, d.name));
  return entries.length === 0 ? table : deriveColumns({ table, row: table.id.map((_, r) => r + 1) }, entries, model.variables as Record<string, VariablePlan>, "The table", "pass").table;
}

/** A column that nothing depends on any more, all missing, of the kind that training had. */
function empty(block: FittedBlock, name: string, n: number): Column {
  const range = block.ranges[name];
  return range !== undefined && "levels" in range
    ? { kind: "category", codes: new Int32Array(n).fill(-1), levels: range.levels, ordered: false }
    : name === CENTRE ? { kind: "category", codes: new Int32Array(n).fill(-1), levels: [], ordered: false } : { kind: "number", values: new Float64Array(n).fill(NaN) };
}

function remarksOf(block: FittedBlock, table: Table, row: number, needed: readonly string[]): string[] {
  const found: string[] = [];
  for (const name of needed) {
    const [range, column] = [block.ranges[name], table.columns[name]];
    if (range === undefined || column === undefined) continue;
    if (column.kind === "category") {
      if (column.codes[row] < 0) found.push(`${name} is missing`);
      else if ("levels" in range && !range.levels.includes(column.levels[column.codes[row]])) found.push(`${name} is "${column.levels[column.codes[row]]}", which no training patient had (${range.levels.join(", ")}); it counts as missing`);
      continue;
    }
    const value = column.kind === "number" ? column.values[row] : column.days[row];
    if (Number.isNaN(value)) found.push(`${name} is missing`);
    else if ("low" in range && (value < range.low || value > range.high)) found.push(`${name} is ${short(value)}, outside the training range ${short(range.low)} to ${short(range.high)}`);
  }
  return found;
}

const short = (x: number) => String(Number(x.toPrecision(4)));

/** What probability number k of a model's predictions is. */
export function labelOfTime(model: FrozenPipeline, k: number): string {
  const { kind, event, times, unit } = model.outcome;
  return kind === "binary" ? `probability of ${event}` : `risk of ${event} by ${times[k]} ${unit ?? ""}`.trim();
}
