import { InputError } from "../src/math/index.js";

/**
 * Turns decimal commas of a table into points, in place, and refuses a table in which they cannot be told from
 * thousands separators. "54,3" is a decimal comma; "1,234" alone can be both; a table has one kind of number.
 * @param kept columns that hold paths and names and stay as they are
 */
export function decimalPoints(path: string, header: string[], rows: { row: number; cells: string[] }[], kept: number[]): void {
  const commas: number[] = [];
  let sure: string | undefined, unsure: string | undefined, points: string | undefined;
  header.forEach((name, k) => {
    if (kept.includes(k)) return;
    const filled = rows.map(({ row, cells }) => ({ row, text: (cells[k] ?? "").trim() })).filter(({ text }) => text !== "");
    const numeric = filled.filter(({ text }) => !/^(na|nan|null|none|-|\?)$/i.test(text));
    if (numeric.length === 0 || !numeric.every(({ text }) => /^[+-]?\d[\d.,]*(e[+-]?\d+)?$/i.test(text))) return;
    const where = ({ row, text }: { row: number; text: string }) => `"${text}" (column ${name}, row ${row})`;
    const comma = numeric.filter(({ text }) => /^[+-]?\d+,\d+(e[+-]?\d+)?$/i.test(text));
    const point = numeric.find(({ text }) => /^[+-]?\d+\.\d+(e[+-]?\d+)?$/i.test(text));
    if (point !== undefined) points ??= where(point);
    if (comma.length === 0) return;
    commas.push(k);
    const clear = comma.find(({ text }) => !/^[+-]?[1-9]\d{0,2},\d{3}$/.test(text));
    if (clear !== undefined) sure ??= where(clear); else unsure ??= where(comma[0]);
  });
  if (commas.length === 0) return;
  if (points !== undefined) {
    throw new InputError(`${path}: numbers with comma ${sure ?? unsure} and with point ${points} stand in one table; write all decimals with a point.`);
  }
  if (sure === undefined) {
    throw new InputError(`${path}: ${unsure} can be a decimal or a number in thousands; write decimals with a point and thousands without a separator.`);
  }
  for (const { cells } of rows) for (const k of commas) cells[k] = (cells[k] ?? "").trim().replace(/^([+-]?\d+),(\d)/, "$1.$2");
}
