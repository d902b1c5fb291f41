import { InputError } from "./check.js";

/** A cross-table of counts, checked, without empty rows and columns; margins and total beside it. */
export type CountTable = { counts: number[][]; rows: number[]; columns: number[]; total: number; warnings: string[] };

/**
 * Checks a table of counts (rows of equal length, whole numbers >= 0) and leaves out empty rows and columns with a warning.
 * Fewer than two rows or columns with counts: InputError. Plumbing of the tests of tables: no source.
 */
export function countTable(counts: ArrayLike<number>[], who: string): CountTable {
  const width = counts.length > 0 ? counts[0].length : 0;
  counts.forEach((row, i) => {
    if (row.length !== width) throw new InputError(`${who}: row ${i + 1} of the table has ${row.length} cells, row 1 has ${width}; expected as many in each.`);
    for (let j = 0; j < width; j++) {
      if (!(Number.isInteger(row[j]) && row[j] >= 0)) {
        throw new InputError(`${who}: cell (${i + 1}, ${j + 1}) is ${row[j]}, expected a count (a whole number, 0 or more); give counts, not shares.`);
      }
    }
  });
  const warnings: string[] = [];
  let kept = counts.map((row) => Array.from(row));
  const full = kept.filter((row) => row.some((c) => c > 0));
  if (full.length < kept.length) warnings.push(`${who}: ${kept.length - full.length} of ${kept.length} rows are empty and left out.`);
  kept = full;
  const used = Array.from({ length: width }, (_, j) => j).filter((j) => kept.some((row) => row[j] > 0));
  if (used.length < width) warnings.push(`${who}: ${width - used.length} of ${width} columns are empty and left out.`);
  kept = kept.map((row) => used.map((j) => row[j]));
  if (kept.length < 2 || used.length < 2) {
    throw new InputError(`${who}: ${kept.length} × ${used.length} table after leaving out empty rows and columns, expected at least 2 × 2; one of the variables has a single category.`);
  }
  const rows = kept.map((row) => row.reduce((a, b) => a + b, 0));
  const columns = used.map((_, j) => kept.reduce((sum, row) => sum + row[j], 0));
  return { counts: kept, rows, columns, total: rows.reduce((a, b) => a + b, 0), warnings };
}

/**
 * Counts of a × b for codes 0 … (k − 1); rows where either code is negative (missing) are left out. As R table().
 * @throws InputError where a and b differ in length, or a code is no whole number below the number of rows or columns
 */
export function crossTable(a: ArrayLike<number>, b: ArrayLike<number>, rows: number, columns: number): number[][] {
  if (a.length !== b.length) throw new InputError(`cross table: ${a.length} rows against ${b.length}, expected as many.`);
  wholeCodes(a, rows, "row");
  wholeCodes(b, columns, "column");
  const counts = Array.from({ length: rows }, () => Array.from({ length: columns }, () => 0));
  for (let i = 0; i < a.length; i++) if (a[i] >= 0 && b[i] >= 0) counts[a[i]][b[i]]++;
  return counts;
}

function wholeCodes(codes: ArrayLike<number>, k: number, what: string): void {
  if (!(Number.isInteger(k) && k >= 0)) throw new InputError(`cross table: ${k} ${what}s, expected a whole number, 0 or more.`);
  for (let i = 0; i < codes.length; i++) {
    if (!(Number.isInteger(codes[i]) && codes[i] < k)) throw new InputError(`cross table: the ${what} code of entry ${i + 1} is ${codes[i]}, expected a whole number below ${k} (negative for missing); give the table that many ${what}s or correct the code.`);
  }
}
