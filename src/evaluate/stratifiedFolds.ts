import { InputError, permutation, type Random } from "../math/index.js";
import type { Numbers } from "./binaryInput.js";
import { rowsByPatient } from "./optimism.js";

/**
 * Folds 0 … k − 1 of n rows: patients are shuffled within each class and dealt out in turn, so that fold sizes, and events per fold,
 * differ by at most one patient. All rows of a patient share a fold; a patient with any event counts as an event. Kohavi, IJCAI 1995:1137; the folds
 * themselves are those of our generator, not of R's caret::createFolds.
 * @param classes n codes to balance (for instance the event), or undefined for plain folds
 * @throws InputError on k that is no whole number from 2 to the patients there are, classes or patients that are not n
 */
export function stratifiedFolds(n: number, k: number, random: Random, { classes, patients }: { classes?: Numbers; patients?: ArrayLike<string> } = {}): Int32Array {
  const members = patients === undefined ? Array.from({ length: n }, (_, i) => [i]) : rowsByPatient(n, patients, "Folds");
  if (!(Number.isInteger(k) && k >= 2 && k <= members.length)) {
    throw new InputError(`Folds: ${k} folds asked for, expected a whole number from 2 to the ${members.length} patients there are.`);
  }
  if (classes !== undefined && classes.length !== n) throw new InputError(`Folds: there are ${classes.length} classes but ${n} rows; give one a row.`);
  const byClass = new Map<number, number[]>();
  members.forEach((rows, p) => {
    const code = classes === undefined ? 0 : rows.reduce((most, i) => Math.max(most, classes[i]), -Infinity);
    const found = byClass.get(code);
    if (found === undefined) byClass.set(code, [p]);
    else found.push(p);
  });
  const fold = new Int32Array(n);
  // which fold gets the odd ones is chance too, and dealing goes on where the last class ended
  const seat = permutation(k, random);
  let dealt = 0;
  for (const code of [...byClass.keys()].sort((a, b) => b - a)) {
    const patientsHere = byClass.get(code)!;
    for (const at of permutation(patientsHere.length, random)) {
      for (const row of members[patientsHere[at]]) fold[row] = seat[dealt % k];
      dealt++;
    }
  }
  return fold;
}
