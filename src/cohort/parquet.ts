import { parquetMetadata, parquetRead } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { InputError } from "../math/index.js";
import type { Column, Table } from "./table.js";
import { categoryColumn } from "./columns.js";
import { tableOfCells, type CellOptions, type CellReport } from "./tableOfCells.js";

const KEY = "radscore.table";
type Kept = { id: string; columns: Record<string, { kind: "number"; unit?: string } | { kind: "date" } | { kind: "category"; levels: string[]; ordered: boolean }> };

/**
 * A table from a Parquet file (uncompressed or Snappy). Files of writeParquet come back exactly, order of levels and units
 * included. In others numbers and whole numbers become numbers, booleans 0/1, dates and timestamps days, text goes by the rules of
 * `inferColumn`; the patient's column as in readCsv. A file that cannot be read, or holds lists or structures, is an InputError. The format
 * is Apache Parquet's; read by hyparquet.
 */
export async function readParquet(bytes: Uint8Array, options: CellOptions = {}): Promise<{ table: Table; report?: CellReport }> {
  // a copy of its own: slice of a Node Buffer would be a view of a larger memory
  const file = new Uint8Array(bytes).buffer;
  const data = new Map<string, unknown[]>();
  let rows: number;
  let kept: Kept | undefined;
  let names: string[];
  let nested: string | undefined;
  try {
    const metadata = parquetMetadata(file);
    const text = metadata.key_value_metadata?.find((k) => k.key === KEY)?.value;
    kept = text === undefined ? undefined : (JSON.parse(text) as Kept);
    names = metadata.schema.slice(1).filter((s) => s.num_children === undefined).map((s) => s.name);
    nested = metadata.schema.slice(1).find((s) => s.num_children !== undefined || s.repetition_type === "REPEATED")?.name;
    rows = Number(metadata.num_rows);
    // column by column: a row as an object of ten thousand names costs many times its numbers
    await parquetRead({ file, metadata, onChunk({ columnName, columnData, rowStart }) {
      let column = data.get(columnName);
      if (column === undefined) data.set(columnName, (column = Array.from({ length: rows }, () => NaN)));
      for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i];
    } });
  } catch (error) {
    throw new InputError(`The Parquet file cannot be read (${error instanceof Error ? error.message : String(error)}). Write it again, uncompressed or with Snappy.`);
  }
  if (nested !== undefined) throw severalValues(nested);
  if (kept === undefined) {
    const { table, report } = tableOfCells(names, Array.from({ length: rows }, (_, r) => names.map((name) => cellText(name, data.get(name)?.[r]))), { decimal: ".", ...options });
    return { table, report };
  }
  const columns: Record<string, Column> = {};
  for (const [name, rest] of Object.entries(kept.columns)) {
    const values = data.get(name) ?? Array.from({ length: rows }, () => null);
    if (rest.kind === "category") columns[name] = categoryColumn(values as (string | null)[], rest.levels, rest.ordered);
    else if (rest.kind === "date") columns[name] = { kind: "date", days: Float64Array.from(values, (v) => (v === null || v === undefined ? NaN : (v as number))) };
    else columns[name] = { ...rest, kind: "number", values: Float64Array.from(values, (v) => (v === null || v === undefined ? NaN : (v as number))) };
  }
  return { table: { id: [...(data.get(kept.id) ?? [])] as string[], columns } };
}

/**
 * A table as a Parquet file (Snappy): doubles, text, dates as days since 1970; levels, their order and units in the file's metadata. The
 * format is Apache Parquet's; written by hyparquet-writer.
 * @throws InputError where a column is called "id"
 */
export function writeParquet(table: Table): Uint8Array {
  const id = "id";
  if (Object.hasOwn(table.columns, id)) throw new InputError('A column is called "id", as the column of patients will be. Rename it first.');
  const orNull = (values: Float64Array) => Array.from(values, (v) => (Number.isNaN(v) ? null : v));
  const kept: Kept = { id, columns: {} };
  const columnData: { name: string; data: unknown[]; type: "DOUBLE" | "STRING"; nullable: boolean }[] = [{ name: id, data: [...table.id], type: "STRING", nullable: false }];
  for (const [name, column] of Object.entries(table.columns)) {
    if (column.kind === "category") {
      kept.columns[name] = { kind: column.kind, levels: column.levels, ordered: column.ordered };
      columnData.push({ name, data: Array.from(column.codes, (c) => (c < 0 ? null : column.levels[c])), type: "STRING", nullable: true });
    } else {
      kept.columns[name] = column.kind === "number" ? { kind: column.kind, ...(column.unit === undefined ? {} : { unit: column.unit }) } : { kind: column.kind };
      columnData.push({ name, data: orNull(column.kind === "number" ? column.values : column.days), type: "DOUBLE", nullable: true });
    }
  }
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata: [{ key: KEY, value: JSON.stringify(kept) }] }));
}

function cellText(name: string, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number") return Number.isNaN(value) ? "" : String(value);
  if (typeof value === "bigint" || typeof value === "string") return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString().slice(0, 10);
  throw severalValues(name);
}

const severalValues = (name: string) => new InputError(`${name} holds lists or structures, but single values are expected. Leave the column out of the file.`);
