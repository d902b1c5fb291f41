import type { Sink } from "./files.js";
import type { Value } from "./oneCase.js";

export const formats = ["csv", "json", "txt", "parquet"] as const;
export type Format = (typeof formats)[number];

export type Row = {
  number: number;
  /** columns of the table of cases */
  input: Record<string, string>;
  values: Record<string, Value>;
  notes: Record<string, string>;
  error?: string;
};

export type Table = {
  /** columns of the table of cases, in its order */
  input: readonly string[];
  /** all names of values, in PyRadiomics' order */
  columns: readonly string[];
  /** the rows from the first; called again for a second pass */
  rows(): Iterable<Row>;
  anyError: boolean;
  /** one case of the command line: JSON is then one object, not an array */
  single: boolean;
  skipNans: boolean;
};

/** A number as PyRadiomics' table shows it: shortest form that reads back the same; nan, inf. A list as "(1, 2, 3)". */
export function shown(value: Value): string {
  if (Array.isArray(value)) return `(${value.map(shown).join(", ")})`;
  if (typeof value === "string") return value;
  return Number.isNaN(value) ? "nan" : value === Infinity ? "inf" : value === -Infinity ? "-inf" : String(value);
}

const skipped = (table: Table, value: Value | undefined) => value === undefined || (table.skipNans && Number.isNaN(value));

/** Names of the output's columns: those of the table of cases, Error where a case failed, then the values. */
export function columnsOf(table: Table): string[] {
  const input = table.input.filter((name) => name !== "Error");
  const own = new Set(input);
  return [...input, ...(table.anyError ? ["Error"] : []), ...table.columns.filter((name) => !own.has(name))];
}

/** What stands in one cell; a value of ours wins over a column of the same name in the table of cases. */
export function cellOf(table: Table, row: Row, name: string): Value | undefined {
  if (table.anyError && name === "Error") return row.error;
  const value = row.values[name];
  return value === undefined ? row.input[name] : skipped(table, value) ? undefined : value;
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function csvLine(cells: Iterable<Value | undefined>): string {
  const texts: string[] = [];
  for (const cell of cells) texts.push(cell === undefined ? "" : quoted(shown(cell)));
  return `${texts.join(",")}\n`;
}

/** One row per case, the columns of the table of cases first, as PyRadiomics writes it. */
export function writeCsv(table: Table, sink: Sink): void {
  const columns = columnsOf(table);
  sink.write(csvLine(columns));
  for (const row of table.rows()) sink.write(csvLine(columns.map((name) => cellOf(table, row, name))));
}

/** `Case-1_name: value`, one line each, as PyRadiomics prints it. */
export function writeTxt(table: Table, sink: Sink): void {
  const columns = columnsOf(table);
  for (const row of table.rows()) {
    for (const name of columns) {
      const value = cellOf(table, row, name);
      if (value !== undefined) sink.write(`Case-${row.number}_${name}: ${shown(value).replaceAll("\n", " ")}\n`);
    }
  }
}

/**
 * One object for one case, an array of objects for a batch. NaN and infinities are null, with the reason under `notes`;
 * a failed case has `error` and no values.
 */
export function writeJson(table: Table, sink: Sink): void {
  const columns = columnsOf(table);
  let before = table.single ? "" : "[\n";
  for (const row of table.rows()) {
    sink.write(before + jsonObject(table, row, columns));
    before = ",\n";
  }
  sink.write(table.single ? "\n" : "\n]\n");
}

function jsonObject(table: Table, row: Row, columns: readonly string[]): string {
  const lines: string[] = [];
  const notes = { ...row.notes };
  for (const name of columns) {
    const value = name === "Error" ? undefined : cellOf(table, row, name);
    if (value === undefined) continue;
    if (typeof value === "number" && !Number.isFinite(value)) notes[name] ??= `is ${shown(value)}`;
    lines.push(`  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  }
  if (row.error !== undefined) lines.push(`  "error": ${JSON.stringify(row.error)}`);
  if (Object.keys(notes).length > 0) lines.push(`  "notes": ${JSON.stringify(notes, undefined, 2).replaceAll("\n", "\n  ")}`);
  return `{\n${lines.join(",\n")}\n}`;
}

/** What writes each format. Parquet is loaded when it is asked for. */
export async function writeTable(format: Format, table: Table, sink: Sink): Promise<void> {
  if (format === "csv") writeCsv(table, sink);
  else if (format === "txt") writeTxt(table, sink);
  else if (format === "json") writeJson(table, sink);
  else (await import("./parquetTable.js")).writeParquet(table, sink);
}
