import { rowNumbers } from "./rowNumbers.js";

/** Numbers with a unit; NaN is missing. */
export type NumberColumn = { kind: "number"; values: Float64Array; unit?: string };
/** Categories by code into `levels` (the order of levels is the order of the categories); −1 is missing. */
export type CategoryColumn = { kind: "category"; codes: Int32Array; levels: string[]; ordered: boolean };
/** Days since 1970-01-01 (UTC); NaN is missing. */
export type DateColumn = { kind: "date"; days: Float64Array };
export type Column = NumberColumn | CategoryColumn | DateColumn;

/** A table by columns. Row k belongs to patient id[k]; a patient may have several rows. JSON-like, never changed in place. */
export type Table = { id: string[]; columns: Record<string, Column> };

/**
 * Row numbers in the order wanted: a new table, patients' ids travel along (a repeated row is the same patient). As R's d[rows, ].
 * @throws InputError on a row that the table has not
 */
export function selectRows(table: Table, rows: ArrayLike<number>): Table {
  const pick = rowNumbers(rows, table.id.length, "table");
  return {
    id: Array.from(pick, (r) => table.id[r]),
    columns: Object.fromEntries(Object.entries(table.columns).map(([name, column]) => [name, selectColumn(column, pick)])),
  };
}

function selectColumn(column: Column, rows: Int32Array): Column {
  switch (column.kind) {
    case "number": return { ...column, values: taken(column.values, rows, new Float64Array(rows.length)) };
    case "date": return { ...column, days: taken(column.days, rows, new Float64Array(rows.length)) };
    case "category": return { ...column, codes: taken(column.codes, rows, new Int32Array(rows.length)) };
  }
}

function taken<A extends Float64Array | Int32Array>(from: A, rows: Int32Array, to: A): A {
  for (let k = 0; k < rows.length; k++) to[k] = from[rows[k]];
  return to;
}
