import { InputError } from "../math/index.js";
import { selectRows, type Column, type Table } from "./table.js";

export type Joined = {
  table: Table;
  /** patients of the left table that the right one lacks, and the reverse, in the order of their tables */
  leftOnly: string[];
  rightOnly: string[];
};

/**
 * Two tables side by side by patient. Rows and their order are the left table's (which may have several rows a patient); the
 * right table has one row a patient. "inner" keeps patients of both; "left" keeps every left row, the right columns missing
 * where the right table lacks the patient. What did not match is always listed. A patient twice on the right, or a column of
 * both, is an InputError. Plumbing: no source.
 */
export function joinByPatient(left: Table, right: Table, how: "inner" | "left" = "inner"): Joined {
  const at = new Map<string, number>();
  right.id.forEach((id, r) => {
    if (at.has(id)) throw new InputError(`Patient ${id} has rows ${at.get(id)! + 1} and ${r + 1} in the table to be joined, but one is expected. Choose one of them first.`);
    at.set(id, r);
  });
  const both = Object.keys(right.columns).filter((name) => Object.hasOwn(left.columns, name));
  if (both.length > 0) throw new InputError(`Both tables have a column "${both[0]}"${both.length > 1 ? ` (and ${both.length - 1} more)` : ""}. Rename or drop it in one of them.`);
  const rows: number[] = [], partner: number[] = [];
  const known = new Set<string>(), leftOnly = new Set<string>();
  left.id.forEach((id, r) => {
    known.add(id);
    const p = at.get(id);
    if (p === undefined) leftOnly.add(id);
    if (p === undefined && how === "inner") return;
    rows.push(r);
    partner.push(p ?? -1);
  });
  const kept = selectRows(left, rows);
  const added = Object.fromEntries(Object.entries(right.columns).map(([name, column]) => [name, takeOrMissing(column, partner)]));
  return { table: { id: kept.id, columns: { ...kept.columns, ...added } }, leftOnly: [...leftOnly], rightOnly: right.id.filter((id) => !known.has(id)) };
}

/** Rows of a column by number; −1 gives missing. */
function takeOrMissing(column: Column, rows: number[]): Column {
  switch (column.kind) {
    case "number": return { ...column, values: Float64Array.from(rows, (r) => (r < 0 ? NaN : column.values[r])) };
    case "date": return { ...column, days: Float64Array.from(rows, (r) => (r < 0 ? NaN : column.days[r])) };
    case "category": return { ...column, codes: Int32Array.from(rows, (r) => (r < 0 ? -1 : column.codes[r])) };
  }
}
