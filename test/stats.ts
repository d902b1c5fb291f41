// R's results and the data they belong to (golden/stats), ready for comparison.
import { existsSync, readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { golden, readJson } from "./data.js";

export type Reference = { name: string; call: string; data: string; args: any; result: any };

/** reference/<name>.json, or toy/<name>.json; strings "NA", "NaN", "Inf", "-Inf" become numbers, {rows, cols, values} stays. */
export function reference(name: string): Reference {
  const path = golden(`stats/reference/${name}.json`);
  return revive(readJson(existsSync(path) ? path : golden(`stats/toy/${name}.json`))) as Reference;
}

function revive(value: any): any {
  if (value === "NA" || value === "NaN") return NaN;
  if (value === "Inf") return Infinity;
  if (value === "-Inf") return -Infinity;
  if (Array.isArray(value)) return value.map(revive);
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, revive(v)]));
  return value;
}

/** A column-wise csv of golden/stats: numbers where every cell is one, else text. */
export function data(file: string): Record<string, Float64Array> & { text: Record<string, string[]> } {
  const rows = csvParse(readFileSync(golden(`stats/${file}`), "utf8"));
  const columns: any = { text: {} };
  for (const name of rows.columns) {
    columns.text[name] = rows.map((row) => row[name]);
    columns[name] = Float64Array.from(rows, (row) => (row[name] === "" ? NaN : Number(row[name])));
  }
  return columns;
}

/** |a − b| <= relative · max(|b|, floor) everywhere; returns what differs, for readable failures. */
export function unequal(ours: ArrayLike<number>, theirs: ArrayLike<number>, relative: number, floor = 1e-12): string[] {
  const lines: string[] = ours.length === theirs.length ? [] : [`length ${ours.length}, expected ${theirs.length}`];
  for (let i = 0; i < theirs.length; i++) {
    const [a, b] = [ours[i], theirs[i]];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (!(Math.abs(a - b) <= relative * Math.max(Math.abs(b), floor))) lines.push(`[${i}] ${a}, expected ${b}`);
  }
  return lines;
}
