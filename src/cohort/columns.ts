import { didYouMean, InputError } from "../math/index.js";
import type { CategoryColumn, Column, DateColumn, NumberColumn, Table } from "./table.js";

/** Numbers, NaN (or null, undefined) where missing, with their unit. Plumbing: no source. */
export function numberColumn(values: ArrayLike<number | null | undefined>, unit?: string): NumberColumn {
  return { kind: "number", values: Float64Array.from(values, (v) => v ?? NaN), ...(unit === undefined ? {} : { unit }) };
}

/**
 * Categories from labels; "", null and undefined are missing. Without `levels` the levels are the labels met, sorted by code
 * point and not ordered; given levels hold every label (else InputError) and are ordered where `ordered` says so.
 */
export function categoryColumn(labels: ArrayLike<string | null | undefined>, levels?: string[], ordered = false): CategoryColumn {
  const present = (label: string | null | undefined): label is string => label !== undefined && label !== null && label !== "";
  const names = levels ?? [...new Set(Array.from(labels).filter(present))].sort();
  const code = new Map(names.map((name, k) => [name, k]));
  const codes = Int32Array.from(labels, (label) => {
    if (!present(label)) return -1;
    const found = code.get(label);
    if (found === undefined) throw new InputError(`"${label}" is not one of the categories. ${didYouMean(label, names)}`);
    return found;
  });
  return { kind: "category", codes, levels: [...names], ordered };
}

/** Days since 1970-01-01, NaN where missing. */
export function dateColumn(days: ArrayLike<number>): DateColumn {
  return { kind: "date", days: Float64Array.from(days) };
}

/** A table of columns that all have one row per entry of `id`; InputError names the column that has not. */
export function makeTable(id: ArrayLike<string>, columns: Record<string, Column>): Table {
  const ids = Array.from(id);
  for (const [name, column] of Object.entries(columns)) {
    const n = columnLength(column);
    if (n !== ids.length) throw new InputError(`${name}: ${n} rows, but there are ${ids.length} patients' rows. Give every column one entry a row.`);
  }
  return { id: ids, columns: { ...columns } };
}

/** Rows of a column, of whatever kind. */
export function columnLength(column: Column): number {
  return column.kind === "number" ? column.values.length : column.kind === "date" ? column.days.length : column.codes.length;
}

/** The column of that name, or InputError with the nearest name there is. */
export function columnOf(table: Table, name: string): Column {
  if (!Object.hasOwn(table.columns, name)) throw new InputError(`The table has no column "${name}". ${didYouMean(name, Object.keys(table.columns))}`);
  return table.columns[name];
}

/** The numbers of a number column, NaN where missing; InputError where the column is of another kind. */
export function numbersOf(table: Table, name: string): Float64Array {
  const column = columnOf(table, name);
  if (column.kind !== "number") throw new InputError(`${name} is a ${column.kind} column, but numbers are expected. Choose another column or code it as numbers.`);
  return column.values;
}

/**
 * A column as labels, "" where missing: categories by their level, numbers as JavaScript prints them, dates as ISO.
 * @throws InputError as `columnOf` and `isoDate`
 */
export function labelsOf(table: Table, name: string): string[] {
  const column = columnOf(table, name);
  switch (column.kind) {
    case "category": return Array.from(column.codes, (c) => (c < 0 ? "" : column.levels[c]));
    case "number": return Array.from(column.values, (v) => (Number.isNaN(v) ? "" : String(v)));
    case "date": return Array.from(column.days, (d) => (Number.isNaN(d) ? "" : isoDate(d)));
  }
}

/** Names of the number columns, or `names` after a check that each is one. @throws InputError naming the column that is missing or of another kind */
export function numberColumns(table: Table, names?: readonly string[]): string[] {
  if (names === undefined) return Object.keys(table.columns).filter((name) => table.columns[name].kind === "number");
  for (const name of names) numbersOf(table, name);
  return [...names];
}

/** The table with some columns replaced or added (at the end); the table itself is unchanged. @throws InputError as `makeTable` */
export function withColumns(table: Table, columns: Record<string, Column>): Table {
  return makeTable(table.id, { ...table.columns, ...columns });
}

/** The table without the named columns. Names that it does not have are passed over. */
export function dropColumns(table: Table, names: readonly string[]): Table {
  const gone = new Set(names);
  return { id: [...table.id], columns: Object.fromEntries(Object.entries(table.columns).filter(([name]) => !gone.has(name))) };
}

/** Days since 1970-01-01 of a day of the (proleptic Gregorian) calendar, or NaN where there is no such day. */
export function daysOf(year: number, month: number, day: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= length[month - 1])) return NaN;
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468;
}

/** The first and the last day that yyyy-mm-dd can write: 0000-01-01 and 9999-12-31, in days since 1970-01-01. */
const [FIRST_DAY, LAST_DAY] = [-719528, 2932896];

/** Whether a day number (a part of a day allowed) has a yyyy-mm-dd. Plumbing of `isoDate`. */
export const isDay = (days: number): boolean => days >= FIRST_DAY && days < LAST_DAY + 1;

/** A day number as yyyy-mm-dd. @throws InputError on NaN (missing), and on days outside the years 0000 to 9999 */
export function isoDate(days: number): string {
  if (!isDay(days)) throw new InputError(`Day ${days} cannot be written as a date: days since 1970-01-01 from ${FIRST_DAY} (year 0000) to ${LAST_DAY} (year 9999) were expected; leave missing dates empty and check the unit.`);
  return new Date(Math.floor(days) * 86400000).toISOString().slice(0, 10);
}
