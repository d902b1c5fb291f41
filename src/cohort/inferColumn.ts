import { InputError } from "../math/index.js";
import { categoryColumn, daysOf } from "./columns.js";
import type { Column } from "./table.js";

export type DateOrder = "ymd" | "dmy" | "mdy";
export type InferOptions = {
  /** the mark before decimals: found out from the cells where not given */
  decimal?: "." | ",";
  /** cells that mean missing, compared without case; default: see `missingCodes` */
  missing?: readonly string[];
  /** the kind of a column, by name: nothing is inferred there, and a cell that does not fit is an error */
  kinds?: Record<string, "number" | "category" | "date">;
  /** the order of dates with slashes, dashes or dots; without it see `inferColumn` */
  dates?: DateOrder;
};
/** What was made of a column and why; `warnings` names cells that hindered a reading as numbers or dates. */
export type ColumnReport = { name: string; kind: Column["kind"]; rule: string; missing: number; levels?: string[]; warnings: string[] };

/** Cells that count as missing (compared in lower case, without spaces around) unless `missing` lists others. Our own list: no standard names one. */
export const missingCodes: readonly string[] = ["", "na", "n/a", "nan", "null", "none", "#n/a", "missing", "."];

const DOT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const COMMA = /^[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$/;
const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/;
const DAYS = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})$/;

/**
 * The decimal mark of a whole file. A file with numbers of both kinds ("1.5" and "1,5"), or whose only commas stand where
 * thousands could ("1,234"), is ambiguous: InputError asks for `decimal`. Rules of our own: nothing is guessed where two readings are
 * possible.
 */
export function decimalMark(cells: Iterable<string>): "." | "," {
  let dot: string | undefined, comma: string | undefined, sureComma = false;
  for (const raw of cells) {
    const cell = raw.trim();
    if (cell.includes(",")) {
      if (!COMMA.test(cell)) continue;
      comma ??= cell;
      if (!/^[+-]?[1-9]\d{0,2},\d{3}$/.test(cell)) sureComma = true;
    } else if (dot === undefined && cell.includes(".") && DOT.test(cell)) dot = cell;
  }
  if (comma === undefined) return ".";
  if (dot !== undefined) throw new InputError(`Both "${dot}" and "${comma}" are among the cells: is the decimal mark a dot or a comma? State decimal, or make the cells alike.`);
  if (!sureComma) throw new InputError(`"${comma}" may be a decimal number or thousands. State decimal as "," or ".", and write no marks between thousands.`);
  return ",";
}

/**
 * Cells as a column. In this order: all cells (but the missing) numbers → number; all dates → date; else category, levels sorted.
 * Dates: yyyy-mm-dd, or d.m.yyyy (dots are day first). With slashes or dashes, day first where some day is over 12, month
 * first where that is so; where neither or both is so, and for years of two digits, InputError asks for `dates` or four digits. Rules of
 * our own: nothing is guessed where two readings are possible. Days count from 1970-01-01 (`daysOf`).
 */
export function inferColumn(name: string, cells: readonly string[], decimal: "." | ",", options: InferOptions = {}): { column: Column; report: ColumnReport } {
  const codes = new Set((options.missing ?? missingCodes).map((m) => m.toLowerCase()));
  codes.add("");
  const longest = Math.max(...Array.from(codes, (c) => c.length));
  const text = cells.map((cell) => { const t = cell.trim(); return t.length <= longest && codes.has(t.toLowerCase()) ? "" : t; });
  const missing = text.reduce((n, t) => n + (t === "" ? 1 : 0), 0);
  const kind = options.kinds?.[name];
  const is = decimal === "," ? COMMA : DOT;
  const notNumber = text.findIndex((t) => t !== "" && !is.test(t));
  const present = missing < text.length;
  if (kind === "number" || (kind === undefined && notNumber < 0)) {
    if (notNumber >= 0) throw new InputError(`${name}: "${text[notNumber]}" in row ${notNumber + 1} is not a number. Correct it or list it among the missing codes.`);
    const values = Float64Array.from(text, (t) => (t === "" ? NaN : Number(decimal === "," ? t.replace(",", ".") : t)));
    const endless = values.findIndex((v) => v === Infinity || v === -Infinity);
    if (endless >= 0) throw new InputError(`${name}: "${text[endless]}" in row ${endless + 1} is too large for a number. Correct it.`);
    const rule = kind ? "stated" : present ? "every cell is a number" : "no cell is filled";
    return { column: { kind: "number", values }, report: { name, kind: "number", rule, missing, warnings: [] } };
  }
  const notDate = text.findIndex((t) => t !== "" && !ISO.test(t) && !DAYS.test(t));
  if (kind === "date" || (kind === undefined && notDate < 0)) {
    if (notDate >= 0) throw new InputError(`${name}: "${text[notDate]}" in row ${notDate + 1} is not a date. Write yyyy-mm-dd or d.m.yyyy.`);
    const { days, rule } = readDates(name, text, options.dates);
    return { column: { kind: "date", days }, report: { name, kind: "date", rule, missing, warnings: [] } };
  }
  const column = categoryColumn(text);
  return { column, report: { name, kind: "category", rule: kind ? "stated" : "cells are neither all numbers nor all dates", missing, levels: column.levels, warnings: kind ? [] : mixed(name, text, is) } };
}

function mixed(name: string, text: string[], is: RegExp): string[] {
  const odd = text.filter((t) => t !== "" && !is.test(t) && !ISO.test(t) && !DAYS.test(t));
  const filled = text.reduce((n, t) => n + (t === "" ? 0 : 1), 0);
  if (odd.length * 2 >= filled) return [];
  const shown = [...new Set(odd)].slice(0, 5).map((t) => `"${t}"`).join(", ");
  return [`${name} is read as categories because ${odd.length} of ${filled} cells are no numbers or dates: ${shown}. List them as missing codes or correct them.`];
}

function readDates(name: string, text: string[], stated?: DateOrder): { days: Float64Array; rule: string } {
  let dayFirst: string | undefined, monthFirst: string | undefined, undecided: string | undefined;
  for (const t of text) {
    const m = DAYS.exec(t);
    if (!m || (m[2] === "." && stated !== "mdy")) continue;
    undecided ??= t;
    if (Number(m[1]) > 12) dayFirst ??= t;
    if (Number(m[3]) > 12) monthFirst ??= t;
  }
  let order = stated;
  if (order === undefined && undecided !== undefined) {
    if (dayFirst !== undefined && monthFirst !== undefined) throw new InputError(`${name}: "${dayFirst}" has the day first and "${monthFirst}" the month. Write all dates as yyyy-mm-dd.`);
    if (dayFirst === undefined && monthFirst === undefined) throw new InputError(`${name}: "${undecided}" may have the day or the month first. State dates as "dmy" or "mdy", or write yyyy-mm-dd.`);
    order = dayFirst !== undefined ? "dmy" : "mdy";
  }
  const days = Float64Array.from(text, (t, row) => {
    if (t === "") return NaN;
    const iso = ISO.exec(t);
    const m = iso ?? DAYS.exec(t)!;
    if (!iso && m[4].length === 2) throw new InputError(`${name}: the year of "${t}" in row ${row + 1} has two digits. Write four.`);
    const [y, a, b] = iso ? [Number(m[1]), Number(m[2]), Number(m[3])] : [Number(m[4]), Number(m[1]), Number(m[3])];
    const found = iso || order === "mdy" ? daysOf(y, a, b) : daysOf(y, b, a);
    if (Number.isNaN(found)) throw new InputError(`${name}: "${t}" in row ${row + 1} is no day of the calendar. Correct it or state the order of day and month.`);
    return found;
  });
  const rule = undecided === undefined ? "yyyy-mm-dd or d.m.yyyy" : `${order === "mdy" ? "month" : "day"} first${stated ? ", stated" : `, as in "${dayFirst ?? monthFirst}"`}`;
  return { days, rule };
}
