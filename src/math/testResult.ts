import { InputError } from "./check.js";

/** What is held against the null hypothesis, in R's words: greater = the effect lies above its null value. */
export type Alternative = "two.sided" | "less" | "greater";

/**
 * The outcome of a hypothesis test. `method` is R's own wording, `df` has no entry where the test has none and two for an F;
 * `estimate` is the effect each test names, `ci` its interval at `level`. What cannot be computed is NaN with a reason in `warnings`.
 */
export type TestResult = {
  method: string;
  statistic: number;
  df: number[];
  p: number;
  alternative: Alternative;
  n: number;
  estimate?: number;
  ci?: [number, number];
  level?: number;
  warnings: string[];
};

/** Who speaks in an error: the name of the variable, for instance a feature. */
export type Named = { name?: string };

/** Throws where a value is missing or infinite, or where there are fewer than `least` values. */
export function finiteSample(values: ArrayLike<number>, least: number, who: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new InputError(`${who}: value ${i + 1} of ${values.length} is ${values[i]}, expected a finite number; leave out or impute missing values first.`);
    }
  }
  if (values.length < least) {
    throw new InputError(`${who}: ${values.length} ${values.length === 1 ? "value" : "values"}, expected at least ${least}; the test needs more patients or a larger group.`);
  }
}

/** Throws where two samples that belong together row by row differ in length. */
export function pairedSamples(x: ArrayLike<number>, y: ArrayLike<number>, who: string): void {
  if (x.length !== y.length) throw new InputError(`${who}: ${x.length} values against ${y.length}, expected as many; both need one value a patient, in the same order.`);
}

/** Throws where a confidence level is no number between 0 and 1. */
export function confidenceLevel(level: number, who: string): void {
  if (!(level > 0 && level < 1)) throw new InputError(`${who}: confidence level ${level}, expected a number between 0 and 1 such as 0.95.`);
}

/** Throws where an option of a test (a null value, say) is missing or infinite. */
export function finiteOption(value: number, what: string, who: string): void {
  if (!Number.isFinite(value)) throw new InputError(`${who}: ${what} is ${value}, expected a finite number; give one, or leave it out for the default.`);
}

/** Throws where a number of draws, starts or lines is no whole number above 0. */
export function wholeAboveZero(value: number, what: string, who: string): void {
  if (!(Number.isSafeInteger(value) && value >= 1)) throw new InputError(`${who}: ${what} is ${value}, expected a whole number, 1 or more; give one, or leave it out for the default.`);
}

/**
 * Splits values by group code (0, 1, …, k − 1 in the order of the codes that occur); a code below 0 is left out as missing. Plumbing: no
 * source.
 * @throws InputError where values and groups differ in length
 */
export function byGroup(values: ArrayLike<number>, group: ArrayLike<number>, who: string): Float64Array[] {
  pairedSamples(values, group, who);
  const members = new Map<number, number[]>();
  for (let i = 0; i < values.length; i++) {
    if (!Number.isInteger(group[i])) throw new InputError(`${who}: group ${group[i]} of row ${i + 1}, expected a whole number (−1 for missing).`);
    if (group[i] < 0) continue;
    const list = members.get(group[i]);
    if (list === undefined) members.set(group[i], [values[i]]);
    else list.push(values[i]);
  }
  return [...members.keys()].sort((a, b) => a - b).map((code) => Float64Array.from(members.get(code)!));
}

export function sampleMean(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  const rough = sum / x.length;
  let rest = 0;
  for (let i = 0; i < x.length; i++) rest += x[i] - rough;
  return rough + rest / x.length;
}

/** Σ (x − centre)² */
export function squaresAbout(x: ArrayLike<number>, centre: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const d = x[i] - centre;
    sum += d * d;
  }
  return sum;
}

/** Variance with n − 1, about the mean; NaN below two values. */
export function sampleVariance(x: ArrayLike<number>): number {
  return x.length < 2 ? NaN : squaresAbout(x, sampleMean(x)) / (x.length - 1);
}
