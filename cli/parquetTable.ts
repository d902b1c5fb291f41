import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { Sink } from "./files.js";
import { cellOf, columnsOf, shown, type Row, type Table } from "./table.js";

/** Rows held in memory at a time. */
const groupSize = 500;

/**
 * Parquet with one DOUBLE column per number and text for everything else; NaN stays NaN, what a case lacks is null.
 * A column is numeric where every value of ours in it is a number; columns of the table of cases stay text.
 */
export function writeParquet(table: Table, sink: Sink): void {
  const names = columnsOf(table);
  const text = new Set<string>([...table.input, "Error"]);
  for (const row of table.rows()) {
    for (const [name, value] of Object.entries(row.values)) if (typeof value !== "number") text.add(name);
  }
  for (const name of table.columns) if (table.input.includes(name)) text.add(name);
  const column = (name: string, rows: readonly Row[]) => ({
    name, type: text.has(name) ? ("STRING" as const) : ("DOUBLE" as const), nullable: true,
    data: rows.map((row) => {
      const value = cellOf(table, row, name);
      return value === undefined ? null : text.has(name) ? shown(value) : value;
    }),
  });
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaFromColumnData({ columnData: names.map((name) => column(name, [])) }), createdBy: "radscore" });
  const flush = () => { sink.write(bytes.getBytes().slice()); bytes.index = 0; };
  let held: Row[] = [];
  const group = () => {
    if (held.length > 0) void writer.write({ columnData: names.map((name) => column(name, held)), rowGroupSize: groupSize });
    held = [];
    flush();
  };
  for (const row of table.rows()) {
    held.push(row);
    if (held.length === groupSize) group();
  }
  group();
  void writer.finish();
  flush();
}
