import { InputError } from "../math/index.js";

/** Counts of one variable of a table of patients: for each level (or "missing") one count a column. */
export type CountBlock = {
  variable: string;
  rows: { level: string; counts: number[]; percents?: number[] }[];
};

/**
 * The arithmetic of a table of patients, ours or a printed one: in each column the counts of a variable (its missing ones included)
 * must sum to the column's number of patients, and each printed percentage must fit its count. Returns one sentence a fault;
 * an empty list means that all columns sum. Plain arithmetic: no source.
 *
 * @param totals   patients in each column
 * @param options.decimals  of the printed percentages; they may differ by half a unit of the last one
 * @param options.of        what 100 % is: the column's patients, or those whose value is known (rows called "missing" left out)
 * @throws InputError where a level has not one count (and percentage) a column
 */
export function checkCounts(blocks: CountBlock[], totals: number[], { decimals = 1, of = "column" }: { decimals?: number; of?: "column" | "known" } = {}): string[] {
  const faults: string[] = [];
  let half = 0.5;
  for (let k = 0; k < decimals; k++) half /= 10;
  for (const { variable, rows } of blocks) {
    for (const { level, counts, percents } of rows) {
      if (counts.length !== totals.length || (percents !== undefined && percents.length !== totals.length)) {
        throw new InputError(`${variable}, ${level}: ${counts.length} counts for ${totals.length} columns, expected one for each.`);
      }
    }
    totals.forEach((total, j) => {
      const sum = rows.reduce((s, row) => s + row.counts[j], 0);
      if (sum !== total) faults.push(`${variable}: column ${j + 1} sums to ${sum}, but has ${total} patients (${sum > total ? `${sum - total} too many` : `${total - sum} not accounted for`}).`);
      const known = of === "column" ? total : rows.reduce((s, row) => (row.level === "missing" ? s : s + row.counts[j]), 0);
      for (const { level, counts, percents } of rows) {
        if (percents === undefined || Number.isNaN(percents[j]) || known === 0) continue;
        const right = 100 * counts[j] / known;
        if (Math.abs(right - percents[j]) > half * (1 + 1e-9)) faults.push(`${variable}, ${level}: column ${j + 1} prints ${percents[j]} %, but ${counts[j]} of ${known} is ${right.toFixed(decimals)} %.`);
      }
    });
  }
  return faults;
}
