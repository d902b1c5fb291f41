import { InputError } from "../math/index.js";
import { labelsOf } from "./columns.js";
import type { Table } from "./table.js";
import { tableOfCells, type CellOptions, type CellReport } from "./tableOfCells.js";

export type CsvOptions = CellOptions & { /** found out from the first records where not given */ delimiter?: string };

/**
 * A table from comma-, semicolon- or tab-separated text (UTF-8 with or without a byte-order mark; RFC 4180 quotes, CRLF or LF)
 * with a header row, and a report of what was recognised. Decimal comma or dot, kinds of columns, dates and missing codes
 * follow the rules of `inferColumn`; where two readings are possible InputError asks for the option that decides.
 */
export function readCsv(text: string | Uint8Array, options: CsvOptions = {}): { table: Table; report: CellReport & { delimiter: string } } {
  const source = (typeof text === "string" ? text : decode(text)).replace(/^\uFEFF/, "");
  const delimiter = options.delimiter ?? findDelimiter(source);
  if (delimiter.length !== 1 || delimiter === '"' || delimiter === "\n") throw new InputError(`The delimiter is ${JSON.stringify(delimiter)}, but one character other than a quote is expected.`);
  const records = parseRecords(source, delimiter);
  if (records.length === 0) throw new InputError("The table is empty. A header row and one row per patient are expected.");
  const [header, ...rows] = records;
  rows.forEach((row, r) => {
    if (row.length !== header.length) throw new InputError(`Row ${r + 1} has ${row.length} cells, but the header has ${header.length}. Check the delimiter (${JSON.stringify(delimiter)}) and the quotes.`);
  });
  // where commas part the cells and none is quoted, no cell holds one, so that the mark need not be looked for
  const decimal = options.decimal ?? (delimiter === "," && !source.includes('"') ? "." : undefined);
  const { table, report } = tableOfCells(header, rows, { ...options, ...(decimal === undefined ? {} : { decimal }) });
  return { table, report: { ...report, delimiter } };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError("The table is not UTF-8 text. Save it as UTF-8 (\"CSV UTF-8\" in a spreadsheet).");
  }
}

/** Records of quoted text; blank lines are passed over. `limit` stops after so many. */
function parseRecords(source: string, delimiter: string, limit = Infinity): string[][] {
  const records: string[][] = [];
  let at = 0, line = 1;
  while (at < source.length && records.length < limit) {
    const record: string[] = [];
    for (;;) {
      let cell: string;
      if (source[at] === '"') {
        const opened = line;
        cell = "";
        for (at++; ; at += 2) {
          const close = source.indexOf('"', at);
          if (close < 0) throw new InputError(`A quote opened in line ${opened} is never closed. Close it, or double quotes inside quoted cells.`);
          const piece = source.slice(at, close);
          for (const c of piece) if (c === "\n") line++;
          cell += piece;
          at = close;
          if (source[at + 1] !== '"') break;
          cell += '"';
        }
        at++;
        if (at < source.length && source[at] !== delimiter && source[at] !== "\n" && source[at] !== "\r") throw new InputError(`Line ${line}: text follows a closing quote. Double quotes inside quoted cells.`);
      } else {
        const start = at;
        while (at < source.length && source[at] !== delimiter && source[at] !== "\n" && source[at] !== "\r") at++;
        cell = source.slice(start, at);
      }
      record.push(cell);
      if (source[at] !== delimiter) break;
      at++;
    }
    if (source[at] === "\r") at++;
    if (source[at] === "\n") at++;
    line++;
    if (record.length > 1 || record[0].trim() !== "") records.push(record);
  }
  return records;
}

/** The one of tab, semicolon, comma that cuts the header and the first 50 records into equally many cells. */
function findDelimiter(source: string): string {
  const cut = (delimiter: string): number[] => {
    try {
      return parseRecords(source, delimiter, 50).map((r) => r.length);
    } catch {
      return [];
    }
  };
  const inHeader = ["\t", ";", ","].map((d) => ({ d, cells: cut(d) })).filter(({ cells }) => cells.length > 0 && cells[0] > 1);
  // a bar parts cells only where nothing else does: it also stands inside of cells
  if (inHeader.length === 0) return cut("|")[0] > 1 ? "|" : ",";
  const even = inHeader.filter(({ cells }) => cells.every((c) => c === cells[0]));
  if (even.length > 1) throw new InputError(`The cells may be parted by ${even.map(({ d }) => JSON.stringify(d)).join(" or ")}. State the delimiter.`);
  return (even.length === 1 ? even[0] : inHeader.reduce((a, b) => (b.cells[0] > a.cells[0] ? b : a))).d;
}

export type CsvWriteOptions = { delimiter?: "," | ";" | "\t"; decimal?: "." | ","; missing?: string };

/**
 * A table as UTF-8 text (no byte-order mark), first column `id`, numbers with all their digits, dates as yyyy-mm-dd, LF at line ends. Units
 * and the order of levels are not in it. RFC 4180 quotes.
 * @throws InputError where a column is called "id"
 */
export function writeCsv(table: Table, options: CsvWriteOptions = {}): string {
  const { delimiter = ",", decimal = ".", missing = "" } = options;
  if (Object.hasOwn(table.columns, "id")) throw new InputError('A column is called "id", as the column of patients will be. Rename it first.');
  const quote = (cell: string) => (cell.includes(delimiter) || /["\n\r]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const columns = Object.entries(table.columns).map(([name, column]) => labelsOf(table, name).map((cell) =>
    cell === "" ? missing : column.kind === "number" && decimal === "," ? quote(cell.replace(".", ",")) : quote(cell)));
  const lines = [["id", ...Object.keys(table.columns)].map(quote).join(delimiter)];
  table.id.forEach((id, r) => lines.push([quote(id), ...columns.map((c) => c[r])].join(delimiter)));
  return `${lines.join("\n")}\n`;
}
