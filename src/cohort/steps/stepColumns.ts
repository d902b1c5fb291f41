import { InputError } from "../../math/index.js";
import { columnOf, dropColumns, numberColumns, numbersOf, withColumns } from "../columns.js";
import type { NumberColumn, Table } from "../table.js";

/** Every step takes the columns it works on; without them all number columns. */
export type ColumnsOption = { columns?: string[] };
/** A filter's state: what stays and what goes, and why. Columns that the filter did not look at always stay. */
export type FilterState = { kept: string[]; dropped: { name: string; why: string }[]; warnings: string[] };

/** The columns of a fit; InputError where there is none, or no row. */
export function fittedColumns(step: string, table: Table, options: ColumnsOption): string[] {
  const names = numberColumns(table, options.columns);
  if (table.id.length === 0) throw new InputError(`${step} was given no rows. Fit it on training rows.`);
  if (names.length === 0) throw new InputError(`${step} was given no number columns. Name them in columns.`);
  if (new Set(names).size < names.length) throw new InputError(`${step}: a column is named twice in columns. Name each once.`);
  return names;
}

/** A number column without missing or infinite values; InputError tells how many there are. */
export function completeNumbers(step: string, table: Table, name: string): Float64Array {
  const values = numbersOf(table, name);
  let missing = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== values[i]) missing++;
    else if (values[i] === Infinity || values[i] === -Infinity) throw new InputError(`${name} is infinite in row ${i + 1} (patient ${table.id[i]}), but ${step} expects finite numbers. Correct it.`);
  }
  if (missing > 0) throw new InputError(`${name} has ${missing} missing value${missing > 1 ? "s" : ""} of ${values.length}, but ${step} expects none. Impute first or leave the column out.`);
  return values;
}

/** Present values of a number column; InputError where one is infinite. */
export function presentNumbers(step: string, table: Table, name: string): Float64Array {
  const values = numbersOf(table, name);
  const present = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (v === Infinity || v === -Infinity) throw new InputError(`${name} is infinite in row ${i + 1} (patient ${table.id[i]}), but ${step} expects finite numbers. Correct it.`);
    if (v === v) present[count++] = v;
  }
  return count === present.length ? present : present.slice(0, count);
}

/** Columns with each present value changed; missing stays missing. `of` gets the value and the number of its column in `names`. */
export function mapNumbers(table: Table, names: readonly string[], of: (value: number, column: number) => number): Table {
  return withColumns(table, Object.fromEntries(names.map((name, j) => {
    const values = numbersOf(table, name);
    const column = columnOf(table, name) as NumberColumn;
    return [name, { ...column, values: values.map((v) => (Number.isNaN(v) ? NaN : of(v, j))) }];
  })));
}

/** Columns that carry a changed scale lose their unit. */
export function withoutUnit(table: Table, names: readonly string[]): Table {
  return withColumns(table, Object.fromEntries(names.map((name) => [name, { kind: "number", values: numbersOf(table, name) }])));
}

/** What a filter's apply does: the dropped columns leave the table; a kept one that the table lacks is an error. */
export function applyFilter(state: FilterState, table: Table): Table {
  for (const name of state.kept) columnOf(table, name);
  return dropColumns(table, state.dropped.map((d) => d.name));
}

/** The state of a filter from a reason per dropped column. */
export function filterState(names: readonly string[], why: ReadonlyMap<string, string>, warnings: string[] = []): FilterState {
  if (why.size === names.length) warnings = [...warnings, "No column was kept: loosen the filter or look at the outcome's coding."];
  return { kept: names.filter((n) => !why.has(n)), dropped: names.filter((n) => why.has(n)).map((name) => ({ name, why: why.get(name)! })), warnings };
}

/** A number for a sentence: four digits at most. */
export const shown = (x: number): string => String(Number(x.toPrecision(4)));

/** Mean and variance (n − 1) of numbers, two passes. */
export function meanVariance(values: ArrayLike<number>): { mean: number; variance: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0, rest = 0;
  for (let i = 0; i < values.length; i++) {
    const d = values[i] - mean;
    squares += d * d;
    rest += d;
  }
  return { mean, variance: (squares - (rest * rest) / values.length) / (values.length - 1) };
}

/** As meanVariance, of some rows. */
export function meanVarianceAt(values: ArrayLike<number>, rows: Int32Array): { mean: number; variance: number } {
  const n = rows.length;
  let sum = 0;
  for (let k = 0; k < n; k++) sum += values[rows[k]];
  const mean = sum / n;
  let squares = 0, rest = 0;
  for (let k = 0; k < n; k++) {
    const d = values[rows[k]] - mean;
    squares += d * d;
    rest += d;
  }
  return { mean, variance: (squares - (rest * rest) / n) / (n - 1) };
}
