import { InputError, type Random } from "../../math/index.js";
import { columnOf, numbersOf, withColumns } from "../columns.js";
import type { Outcome } from "../outcome.js";
import type { Step } from "../step.js";
import type { Column, Table } from "../table.js";
import { meanVariance } from "./stepColumns.js";
import { applyMice, fitMice, type MiceState } from "./mice.js";
import type { MiceMethod } from "./miceModels.js";
import { median } from "./median.js";

export type ImputeOptions = {
  /** columns to fill (and, for knn and mice, to fill from); default all number and category columns */
  columns?: string[];
  /** "median" (default): numbers by the median, categories by the commonest level; "mode": the commonest value of both; "knn"; "mice" */
  method?: "median" | "mode" | "knn" | "mice";
  /** knn: neighbours (default 5). mice: donors (default 5) */
  neighbours?: number;
  /** mice: rounds through the columns (default 10) */
  rounds?: number;
  /** mice: "pmm" (default) predictive mean matching, or "normal" Bayesian normal regression, for number columns */
  numbers?: "pmm" | "normal";
  /** mice: the method of single columns; default `numbers`, logistic (two levels), polytomous, proportionalOdds (ordered) */
  methods?: Record<string, MiceMethod>;
  /** mice: which of the multiple imputations this is (1, 2, …; default 1): fit one a number, as `imputedFit` of the model room does, and pool the results by Rubin's rules */
  imputation?: number;
};
type Fill = { name: string; kind: "number"; value: number } | { name: string; kind: "category"; value: string };
export type ImputeState =
  | { method: "median" | "mode"; fills: Fill[]; filled: Record<string, number>; warnings: string[] }
  | { method: "knn"; neighbours: number; fills: Fill[]; scale: number[]; rows: (number | null)[][]; filled: Record<string, number>; warnings: string[] }
  | { method: "mice"; fills: Fill[]; mice: MiceState; filled: Record<string, number>; warnings: string[] };

/**
 * Fills missing values from the training rows alone.
 * median / mode: one value a column (of equally common ones the smallest, or the first level).
 * knn: the mean (category: the commonest) of the k nearest training rows that have the value; distance² is the mean, over the
 * columns present in both rows, of squared differences in training standard deviations (categories: 0 or 2). A row that
 * shares no column with any other gets the median. Troyanskaya et al., Bioinformatics 2001;17:520. O(rows × training rows).
 * mice: chained equations, each column by a regression on the others, see `fitMice`.
 * `filled` counts the missing values of the training rows by column. A column without any training value is an InputError.
 */
export const impute: Step<ImputeState> = {
  name: "impute",
  fit(table, _outcome, options: ImputeOptions, random) {
    const { method = "median", neighbours = 5, rounds = 10, imputation = 1, numbers = "pmm", methods = {} } = options;
    const names = options.columns ?? Object.keys(table.columns).filter((n) => table.columns[n].kind !== "date");
    const fills = names.map((name) => fillOf(table, name, method === "mode"));
    const filled = Object.fromEntries(names.map((name) => [name, missingOf(columnOf(table, name))]));
    const warnings = names.filter((n) => filled[n] > table.id.length / 2).map((n) => `${n} is missing in ${filled[n]} of ${table.id.length} training rows: what is filled in outweighs what was measured. Consider leaving it out.`);
    if (method === "median" || method === "mode") return { method, fills, filled, warnings };
    if (!(Number.isInteger(neighbours) && neighbours >= 1)) throw new InputError(`impute was given neighbours = ${neighbours}, but a whole number of 1 or more is expected.`);
    if (method === "mice") {
      if (!(Number.isInteger(rounds) && rounds >= 1)) throw new InputError(`impute was given rounds = ${rounds}, but a whole number of 1 or more is expected.`);
      if (numbers !== "pmm" && numbers !== "normal") throw new InputError(`impute was given numbers = "${String(numbers)}", but pmm or normal is expected.`);
      const basic = applyFills(table, fills, names);
      return { method, fills, mice: fitMice(table, basic, names, { donors: neighbours, rounds, imputation, numbers, methods }, random).state, filled, warnings };
    }
    if (method !== "knn") throw new InputError(`impute knows median, mode, knn and mice, but was given "${String(method)}".`);
    const scale = names.map((name) => {
      const column = columnOf(table, name);
      if (column.kind !== "number") return 1;
      const { variance } = meanVariance(column.values.filter((v) => !Number.isNaN(v)));
      return variance > 0 ? Math.sqrt(variance) : 0;
    });
    return { method, neighbours, fills, scale, rows: table.id.map((_, r) => names.map((name) => cell(columnOf(table, name), r))), filled, warnings };
  },
  apply(state, table) {
    const names = state.fills.map((f) => f.name);
    for (const fill of state.fills) checkColumn(table, fill);
    if (state.method === "knn") return nearest(state, table, names);
    const basic = applyFills(table, state.fills, names);
    return state.method === "mice" ? applyMice(state.mice, table, basic) : basic;
  },
};

/**
 * The rows of a fit by mice as the chain itself leaves them, for inference on these rows: `apply` fills them anew by the last round's models, as it does new
 * rows, and since parameters drawn in turn do not quite belong together, the spread between imputations is then not Rubin's. van Buuren & Groothuis-Oudshoorn, J Stat Softw 2011;45(3); agrees with R mice but for chance.
 * @throws InputError as impute's fit
 */
export function imputeTraining(table: Table, options: Omit<ImputeOptions, "method">, random: Random): Table {
  const { neighbours = 5, rounds = 10, imputation = 1, numbers = "pmm", methods = {} } = options;
  const { fills } = impute.fit(table, noOutcome, { ...options, method: "median" }, random) as ImputeState;
  const names = fills.map((f) => f.name);
  return fitMice(table, applyFills(table, fills, names), names, { donors: neighbours, rounds, imputation, numbers, methods }, random).training;
}

const noOutcome: Outcome = { kind: "continuous", name: "", value: new Float64Array() };

function missingOf(column: Column): number {
  if (column.kind === "category") return column.codes.reduce((n, c) => n + (c < 0 ? 1 : 0), 0);
  return (column.kind === "number" ? column.values : column.days).reduce((n, v) => n + (Number.isNaN(v) ? 1 : 0), 0);
}

function fillOf(table: Table, name: string, mode: boolean): Fill {
  const column = columnOf(table, name);
  if (column.kind === "date") throw new InputError(`${name} is a date, which impute does not fill. Leave it out of columns.`);
  if (missingOf(column) === table.id.length) throw new InputError(`${name} has no values in the training rows, so it cannot be imputed. Leave the column out.`);
  if (column.kind === "category") return { name, kind: "category", value: column.levels[commonest(column.codes.filter((c) => c >= 0))] };
  const values = column.values.filter((v) => !Number.isNaN(v));
  if (values.some((v) => !Number.isFinite(v))) throw new InputError(`${name} has infinite values, but impute expects finite numbers. Correct them.`);
  return { name, kind: "number", value: mode ? commonest(values) : median(values) };
}

/** The most frequent value; of several the smallest. */
function commonest(values: Float64Array | Int32Array | number[]): number {
  const counts = new Map<number, number>();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  let best = NaN, most = 0;
  for (const [v, n] of counts) if (n > most || (n === most && v < best)) [best, most] = [v, n];
  return best;
}

function checkColumn(table: Table, fill: Fill): void {
  const column = columnOf(table, fill.name);
  if (column.kind !== fill.kind) throw new InputError(`${fill.name} is a ${column.kind} column, but it was a ${fill.kind} column in the training rows. Read it the same way.`);
  if (column.kind === "category" && fill.kind === "category" && missingOf(column) > 0 && !column.levels.includes(fill.value)) {
    throw new InputError(`${fill.name} is to be filled with "${fill.value}", which is not among its levels (${column.levels.join(", ")}). Read both tables with the same levels.`);
  }
}

function applyFills(table: Table, fills: Fill[], names: string[]): Table {
  const chosen = new Set(names);
  return withColumns(table, Object.fromEntries(fills.filter((f) => chosen.has(f.name)).map((fill) => {
    const column = columnOf(table, fill.name);
    if (column.kind === "category") {
      const code = column.levels.indexOf(fill.value as string);
      return [fill.name, { ...column, codes: column.codes.map((c) => (c < 0 ? code : c)) }];
    }
    return [fill.name, { ...column, values: numbersOf(table, fill.name).map((v) => (Number.isNaN(v) ? (fill.value as number) : v)) } as Column];
  })));
}

/** A number or a category's code, null where missing. */
function cell(column: Column, r: number): number | null {
  const v = column.kind === "number" ? column.values[r] : column.kind === "category" ? column.codes[r] : NaN;
  return Number.isNaN(v) || (column.kind === "category" && v < 0) ? null : v;
}

function nearest(state: Extract<ImputeState, { method: "knn" }>, table: Table, names: string[]): Table {
  const columns = names.map((name) => columnOf(table, name));
  const made = applyFills(table, state.fills, names);
  table.id.forEach((_, r) => {
    const row = columns.map((c) => cell(c, r));
    const gaps = row.flatMap((v, j) => (v === null ? [j] : []));
    if (gaps.length === 0) return;
    const distance = state.rows.map((other) => {
      let sum = 0, shared = 0;
      for (let j = 0; j < row.length; j++) {
        const [a, b] = [row[j], other[j]];
        if (a === null || b === null) continue;
        shared++;
        if (columns[j].kind === "category") sum += a === b ? 0 : 2;
        else if (state.scale[j] > 0) sum += ((a - b) / state.scale[j]) * ((a - b) / state.scale[j]);
      }
      return shared === 0 ? Infinity : sum / shared;
    });
    // of equally near rows the smaller value comes first, so that the order of rows does not matter
    for (const j of gaps) {
      const near = Array.from(state.rows.keys()).filter((k) => state.rows[k][j] !== null && distance[k] < Infinity)
        .sort((a, b) => distance[a] - distance[b] || state.rows[a][j]! - state.rows[b][j]!).slice(0, state.neighbours).map((k) => state.rows[k][j]!);
      if (near.length === 0) continue;
      const column = made.columns[names[j]];
      if (column.kind === "number") column.values[r] = near.reduce((a, b) => a + b, 0) / near.length;
      else if (column.kind === "category") column.codes[r] = commonest(near);
    }
  });
  return made;
}
