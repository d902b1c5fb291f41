import { resolve } from "node:path";
import { InputError } from "../src/math/index.js";
import type { Triple } from "../src/image/index.js";

/** One region of one image: one row of the output. */
export type Case = {
  /** 1, 2, … in the order of the output */
  number: number;
  /** row of the table as a spreadsheet counts (the header is row 1); undefined where the case comes from the command line */
  row?: number;
  id?: string;
  /** the columns of the table as they are carried into the output */
  input: Record<string, string>;
  image: string;
  mask: string;
  label?: number;
  labelChannel?: number;
  /** mm per pixel of a picture (PNG, JPEG), which knows none itself */
  spacing?: Triple;
  /** why this row cannot be extracted at all */
  error?: string;
};

export type CaseTable = {
  columns: string[];
  /** which columns hold the two paths */
  imageColumn: string;
  maskColumn: string;
  cases: Case[];
};

/** One image with one or several masks and labels, from the command line. */
export function casesOfFiles(image: string, masks: readonly string[], labels: readonly number[], spacing?: Triple): CaseTable {
  const cases: Case[] = [];
  for (const mask of masks) {
    for (const label of labels.length === 0 ? [undefined] : labels) {
      const input = { Image: image, Mask: mask, ...(labels.length > 1 && { Label: String(label) }) };
      cases.push({ number: cases.length + 1, input, image: resolve(image), mask: resolve(mask), ...(label !== undefined && { label }), ...(spacing && { spacing }) });
    }
  }
  return { columns: Object.keys(cases[0].input), imageColumn: "Image", maskColumn: "Mask", cases };
}

/** "0.08", "0.08,0.09" or "0.08,0.09,2": mm along x, y, z; one number holds for x and y. */
export function spacingOf(text: string, what: string): Triple {
  const numbers = text.trim().split(/[\s,;x×]+/).map(Number);
  if (numbers.length < 1 || numbers.length > 3 || !numbers.every((n) => n > 0 && Number.isFinite(n))) {
    throw new InputError(`${what} is "${text}"; expected the pixel size in mm, e.g. 0.08 or 0.08,0.09.`);
  }
  const [x, y = x, z = 1] = numbers;
  return [x, y, z];
}
