import { didYouMean, InputError } from "../math/index.js";
import { isDay, isoDate, labelsOf } from "./columns.js";
import type { Table } from "./table.js";
import { tableOfCells, type CellOptions, type CellReport } from "./tableOfCells.js";
import { unzip, zipStored } from "./zip.js";

export type XlsxOptions = CellOptions & { /** default the first sheet */ sheet?: string };

/**
 * A table from a sheet of an .xlsx workbook: first filled row the header, numbers and dates as the cells hold them (values of formulas as
 * last computed; without one, as programs write that compute nothing, missing and with a warning), text by the rules of `inferColumn`. Cells with
 * an error value (#DIV/0!) count as missing. Times of day are dropped from dates. Empty rows are passed over. The format is ECMA-376's (Office Open XML).
 * @throws InputError where the bytes are no workbook, the sheet is not in it or empty, a cell stands beyond the header; as `tableOfCells`
 */
export async function readXlsx(bytes: Uint8Array, options: XlsxOptions = {}): Promise<{ table: Table; report: CellReport & { sheet: string } }> {
  const files = await unzip(bytes);
  const text = (name: string) => { const f = files.get(name); return f === undefined ? "" : new TextDecoder().decode(f); };
  const book = text("xl/workbook.xml");
  const sheets = tags(book, "sheet").map((s) => ({ name: attribute(s.head, "name"), id: attribute(s.head, "r:id") }));
  if (sheets.length === 0) throw new InputError("The workbook has no sheets. Save it again as .xlsx.");
  const sheet = options.sheet === undefined ? sheets[0] : sheets.find((s) => s.name === options.sheet);
  if (sheet === undefined) throw new InputError(`The workbook has no sheet "${options.sheet}". ${didYouMean(options.sheet!, sheets.map((s) => s.name))}`);
  const relation = tags(text("xl/_rels/workbook.xml.rels"), "Relationship").find((r) => attribute(r.head, "Id") === sheet.id);
  const target = relation === undefined ? "worksheets/sheet1.xml" : attribute(relation.head, "Target");
  const path = target.startsWith("/") ? target.slice(1) : `xl/${target}`;
  if (!files.has(path)) throw new InputError(`The sheet "${sheet.name}" is missing in the workbook. Save it again as .xlsx.`);
  const shared = tags(text("xl/sharedStrings.xml"), "si").map((s) => runs(s.body));
  const dated = dateStyles(text("xl/styles.xml"));
  const shift = /date1904="(1|true)"/.test(book) ? 24107 : 25569;
  const rows: string[][] = [];
  const uncomputed = new Map<number, number>();
  for (const row of tags(text(path), "row")) {
    const cells: string[] = [];
    for (const c of tags(row.body, "c")) {
      const at = columnNumber(attribute(c.head, "r"), cells.length);
      while (cells.length < at) cells.push("");
      cells[at] = cellText(c, shared, dated, shift);
      if (cells[at] === "" && notComputed(c)) uncomputed.set(at, (uncomputed.get(at) ?? 0) + 1);
    }
    if (cells.some((c) => c.trim() !== "")) rows.push(cells);
  }
  if (rows.length === 0) throw new InputError(`The sheet "${sheet.name}" is empty. A header row and one row per patient are expected.`);
  const width = rows[0].length;
  const long = rows.findIndex((r) => r.slice(width).some((c) => c.trim() !== ""));
  if (long >= 0) throw new InputError(`Row ${long} of "${sheet.name}" has a cell beyond the last named column (${width}). Name the column or clear the cell.`);
  const even = rows.slice(1).map((r) => Array.from({ length: width }, (_, j) => r[j] ?? ""));
  const { table, report } = tableOfCells(rows[0], even, { decimal: ".", ...options });
  const formulas = Array.from(uncomputed, ([at, count]) =>
    `${rows[0][at]}: ${count} ${count > 1 ? "cells hold formulas" : "cell holds a formula"} without a computed value, taken as missing. Open the workbook in a spreadsheet program and save it again.`);
  return { table, report: { ...report, warnings: [...report.warnings, ...formulas], sheet: sheet.name } };
}

type Tag = { head: string; body: string };

/** Elements of one name that do not nest. */
function tags(xml: string, name: string): Tag[] {
  const found: Tag[] = [];
  const form = new RegExp(`<(?:\\w+:)?${name}((?:\\s[^>]*?)?)(?:/>|>([\\s\\S]*?)</(?:\\w+:)?${name}>)`, "g");
  for (const m of xml.matchAll(form)) found.push({ head: m[1], body: m[2] ?? "" });
  return found;
}

const attribute = (head: string, name: string): string => unescape(new RegExp(`\\s${name}="([^"]*)"`).exec(head)?.[1] ?? "");

/** Text of rich or plain strings, phonetic hints left out. */
const runs = (xml: string): string => tags(xml.replace(/<rPh[\s\S]*?<\/rPh>/g, ""), "t").map((t) => unescape(t.body)).join("");

function unescape(text: string): string {
  const names: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) =>
    hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : names[name] ?? whole);
}

function columnNumber(reference: string, next: number): number {
  const letters = /^[A-Z]+/.exec(reference)?.[0];
  if (letters === undefined) return next;
  let n = 0;
  for (const c of letters) n = n * 26 + c.charCodeAt(0) - 64;
  return n - 1;
}

/** A, B, … Z, AA, … for 0, 1, … */
function columnLetters(column: number): string {
  let letters = "";
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) letters = String.fromCharCode(65 + ((n - 1) % 26)) + letters;
  return letters;
}

/** Numbers of the cell styles that show dates: built-in formats 14–22, 27–36, 50–58, or own ones with a day or year in them. */
function dateStyles(styles: string): Set<number> {
  const own = new Set(tags(tags(styles, "numFmts")[0]?.body ?? "", "numFmt")
    .filter((f) => /[dy]/i.test(attribute(f.head, "formatCode").replace(/"[^"]*"|\[[^\]]*\]|\\./g, ""))).map((f) => Number(attribute(f.head, "numFmtId"))));
  const dated = new Set<number>();
  tags(tags(styles, "cellXfs")[0]?.body ?? "", "xf").forEach((xf, k) => {
    const id = Number(attribute(xf.head, "numFmtId"));
    if ((id >= 14 && id <= 22 && !(id >= 18 && id <= 21)) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58) || own.has(id)) dated.add(k);
  });
  return dated;
}

function cellText(cell: Tag, shared: string[], dated: Set<number>, shift: number): string {
  const type = attribute(cell.head, "t");
  if (type === "inlineStr") return runs(cell.body);
  const value = unescape(tags(cell.body, "v")[0]?.body ?? "");
  if (type === "s") return shared[Number(value)] ?? "";
  if (type === "e" || value === "") return "";
  if (type === "d") return value.slice(0, 10);
  const style = attribute(cell.head, "s");
  const days = Number(value) - shift;
  // a number that is no day of the calendar stays the number, where Excel shows ####
  return type !== "str" && type !== "b" && style !== "" && dated.has(Number(style)) && isDay(days) ? isoDate(days) : value;
}

/** A formula without a value, as against one that gave an error or an empty text. */
function notComputed(cell: Tag): boolean {
  return tags(cell.body, "f").length > 0 && !["e", "str"].includes(attribute(cell.head, "t"));
}

/**
 * A table as an .xlsx workbook of one sheet: numbers as numbers, dates as dates, categories as text, missing cells left empty; first column
 * `id`. The format is ECMA-376's (Office Open XML).
 * @throws InputError where a column is called "id"
 */
export function writeXlsx(table: Table, sheet = "table"): Uint8Array {
  if (Object.hasOwn(table.columns, "id")) throw new InputError('A column is called "id", as the column of patients will be. Rename it first.');
  const escape = (s: string) => s.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  // programs differ in what they do without: every cell bears its address
  const cell = (column: number, row: number, rest: string) => `<c r="${columnLetters(column)}${row + 1}"${rest}</c>`;
  const string = (column: number, row: number, s: string) => cell(column, row, ` t="inlineStr"><is><t${s === s.trim() ? "" : ' xml:space="preserve"'}>${escape(s)}</t></is>`);
  const columns = Object.entries(table.columns).map(([name, column], j) => labelsOf(table, name).map((label, r) => {
    if (label === "") return "";
    if (column.kind === "category") return string(j + 1, r + 1, label);
    return column.kind === "number" ? cell(j + 1, r + 1, `><v>${label}</v>`) : cell(j + 1, r + 1, ` s="1"><v>${column.days[r] + 25569}</v>`);
  }));
  const rows = [["id", ...Object.keys(table.columns)].map((name, j) => string(j, 0, name)), ...table.id.map((id, r) => [string(0, r + 1, id), ...columns.map((c) => c[r])])];
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packed = "http://schemas.openxmlformats.org/package/2006", type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return zipStored([
    ["[Content_Types].xml", `${head}<Types xmlns="${packed}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/></Types>`],
    ["_rels/.rels", `${head}<Relationships xmlns="${packed}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
    ["xl/workbook.xml", `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`],
    ["xl/_rels/workbook.xml.rels", `${head}<Relationships xmlns="${packed}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`],
    ["xl/styles.xml", `${head}<styleSheet xmlns="${main}"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`],
    ["xl/worksheets/sheet1.xml", `${head}<worksheet xmlns="${main}"><sheetData>${rows.map((r, k) => `<row r="${k + 1}">${r.join("")}</row>`).join("")}</sheetData></worksheet>`],
  ]);
}
