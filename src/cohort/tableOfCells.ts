import { didYouMean, InputError } from "../math/index.js";
import { decimalMark, inferColumn, type ColumnReport, type InferOptions } from "./inferColumn.js";
import type { Column, Table } from "./table.js";

export type CellOptions = InferOptions & {
  /** the column that names the patient; by default one called id, patient, patient id, case, subject; false numbers the rows */
  id?: string | false;
};
/** How a file was read: what stands for the patient, and what was made of each column. */
export type CellReport = { id: string; decimal: "." | ","; rows: number; columns: ColumnReport[]; warnings: string[] };

const ID = /^(id|pid|name_?id|(patient|case|subject|study)([ _.-]?(id|no|nr|number))?)$/i;

/** A header and rows of text as a table; every row as long as the header. InputError names the row or column that is wrong. */
export function tableOfCells(header: readonly string[], rows: readonly (readonly string[])[], options: CellOptions = {}): { table: Table; report: CellReport } {
  const names = header.map((h) => h.trim());
  names.forEach((name, j) => {
    if (name === "") throw new InputError(`Column ${j + 1} has no name. Name it in the header row.`);
    const first = names.indexOf(name);
    if (first !== j) throw new InputError(`Columns ${first + 1} and ${j + 1} are both called "${name}". Give every column its own name.`);
  });
  for (const stated of Object.keys(options.kinds ?? {})) if (!names.includes(stated)) throw new InputError(`kinds names a column "${stated}" that is not there. ${didYouMean(stated, names)}`);
  const idAt = typeof options.id === "string" ? names.indexOf(options.id) : options.id === false ? -1 : names.findIndex((n) => ID.test(n));
  if (typeof options.id === "string" && idAt < 0) throw new InputError(`There is no column "${options.id}" for the patient. ${didYouMean(options.id, names)}`);
  const id = rows.map((row, r) => {
    const cell = idAt < 0 ? String(r + 1) : row[idAt].trim();
    if (cell === "") throw new InputError(`Row ${r + 1} has no patient in "${names[idAt]}". Fill it, or leave the row out.`);
    return cell;
  });
  const decimal = options.decimal ?? decimalMark(candidates(names, rows, idAt, options));
  const columns: Record<string, Column> = {};
  const reports: ColumnReport[] = [];
  names.forEach((name, j) => {
    if (j === idAt) return;
    const { column, report } = inferColumn(name, rows.map((row) => row[j]), decimal, options);
    columns[name] = column;
    reports.push(report);
  });
  const warnings = reports.flatMap((r) => r.warnings);
  return { table: { id, columns }, report: { id: idAt < 0 ? "row number" : names[idAt], decimal, rows: rows.length, columns: reports, warnings } };
}

function* candidates(names: string[], rows: readonly (readonly string[])[], idAt: number, options: CellOptions): Generator<string> {
  for (let j = 0; j < names.length; j++) {
    const kind = options.kinds?.[names[j]];
    if (j === idAt || (kind !== undefined && kind !== "number")) continue;
    for (const row of rows) yield row[j];
  }
}
