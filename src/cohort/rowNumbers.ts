import { InputError } from "../math/index.js";

/** Row numbers, each a whole number from 0 to n − 1. */
export function rowNumbers(rows: ArrayLike<number>, n: number, of: string): Int32Array {
  for (let k = 0; k < rows.length; k++) {
    if (!(Number.isInteger(rows[k]) && rows[k] >= 0 && rows[k] < n)) throw new InputError(`Row ${rows[k]} of the ${of} was selected, but ${n === 0 ? "it has no rows" : `it has rows 0 to ${n - 1}`}; give row numbers counted from 0.`);
  }
  return Int32Array.from(rows);
}
