import { InputError, type Random } from "../math/index.js";
import type { Numbers } from "./binaryInput.js";
import { allRows, type Fitting, type Measure } from "./fitting.js";
import { stratifiedFolds } from "./stratifiedFolds.js";

export type CrossValidateOptions = {
  random: Random;
  /** folds (5) and repeats (1) */
  folds?: number; repeats?: number;
  /** n flags: folds are balanced by them, and folds without an event are named */
  event?: Numbers;
  /** one name a row: a patient's rows never stand on both sides */
  patients?: ArrayLike<string>;
  /** given folds in place of drawn ones, one list of fold codes a repeat */
  foldOf?: ArrayLike<number>[];
};

/** Of the finite values; sd with count − 1, NaN of a single one; all NaN where count is 0. */
export type Spread = { mean: number; sd: number; min: number; max: number; count: number };

export type CrossValidation = {
  n: number;
  /** every fold of every repeat, from 1, in the order they ran */
  folds: { repeat: number; fold: number; n: number; figures: Record<string, number> }[];
  /** over all folds of all repeats */
  summary: Record<string, Spread>;
  /** over repeats, of the figures of a repeat's out-of-fold predictions taken together: steadier where folds are small */
  pooled: Record<string, Spread>;
  /** mean out-of-fold prediction of each row over the repeats */
  prediction: Float64Array;
  withoutEvent: string[]; failures: string[]; warnings: string[];
};

/**
 * Repeated k-fold cross-validation of a given way of making a model, selection included: mean, SD, minimum and maximum of every figure
 * over the folds, and of each repeat's pooled predictions. Stone, J R Stat Soc B 1974;36:111; Kohavi, IJCAI 1995:1137.
 * Folds are balanced by the event. A fold without an event (or without others) gives NaN for figures that need both classes; it is
 * named and left out of their means. Same seed, same folds.
 *
 * @param n rows
 * @throws InputError on more folds than patients, or where no fold could be fitted
 */
export function crossValidate<Model>(n: number, fitting: Fitting<Model>, measure: Measure, options: CrossValidateOptions): CrossValidation {
  const { random, folds: k = 5, repeats = options.foldOf?.length ?? 1, event, patients, foldOf } = options;
  if (!(Number.isInteger(repeats) && repeats > 0)) throw new InputError(`Cross-validation: ${repeats} repeats asked for, expected a whole number above 0.`);
  if (event !== undefined && event.length !== n) throw new InputError(`Cross-validation: there are ${event.length} outcomes but ${n} rows; give one a row.`);
  const result: CrossValidation = { n, folds: [], summary: {}, pooled: {}, prediction: new Float64Array(n), withoutEvent: [], failures: [], warnings: [] };
  const everyone = allRows(n);
  const pooled: Record<string, number>[] = [];
  const seen = new Int32Array(n);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const stream = random.stream(`repeat ${repeat + 1}`);
    const fold = foldOf === undefined
      ? stratifiedFolds(n, k, stream, { ...(event === undefined ? {} : { classes: event }), ...(patients === undefined ? {} : { patients }) })
      : given(foldOf[repeat], n);
    const own = new Float64Array(n).fill(NaN);
    for (const code of [...new Set(fold)].sort((a, b) => a - b)) {
      const test = everyone.filter((i) => fold[i] === code);
      const training = everyone.filter((i) => fold[i] !== code);
      const name = `repeat ${repeat + 1}, fold ${result.folds.filter((f) => f.repeat === repeat + 1).length + 1}`;
      if (event !== undefined) nameEmpty(event, test, training, name, result.withoutEvent);
      try {
        const model = fitting.fit(training, stream.stream(code));
        const prediction = fitting.predict(model, test);
        test.forEach((row, j) => { own[row] = prediction[j]; });
        result.folds.push({ repeat: repeat + 1, fold: code + (foldOf === undefined ? 1 : 0), n: test.length, figures: measure(prediction, test) });
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        result.failures.push(`${name}: ${error.message}`);
      }
    }
    own.forEach((p, i) => { if (Number.isFinite(p)) { result.prediction[i] += p; seen[i]++; } });
    const rows = everyone.filter((i) => Number.isFinite(own[i]));
    if (rows.length > 0) {
      try { pooled.push(measure(Float64Array.from(rows, (i) => own[i]), rows)); } catch (error) { if (!(error instanceof InputError)) throw error; }
    }
  }
  if (result.folds.length === 0) throw new InputError(`Cross-validation: no fold could be fitted. ${result.failures[0]}`);
  result.prediction = result.prediction.map((p, i) => p / seen[i]);
  const unpredicted = seen.filter((count) => count === 0).length;
  if (unpredicted > 0) result.warnings.push(`Cross-validation: ${unpredicted} of ${n} rows have no out-of-fold prediction (NaN); they are not in the pooled figures.`);
  const names = Object.keys(result.folds[0].figures);
  for (const name of names) {
    result.summary[name] = spread(result.folds.map((f) => f.figures[name]));
    result.pooled[name] = spread(pooled.map((f) => f[name]));
    const lost = result.folds.length - result.summary[name].count;
    if (lost > 0) result.warnings.push(`Cross-validation: ${name} could not be computed in ${lost} of ${result.folds.length} folds (one class, or separated); its summary leaves them out, the pooled figures use all rows.`);
  }
  if (result.withoutEvent.length > 0) {
    result.warnings.push(`Cross-validation: ${result.withoutEvent.length} folds lack a class (${result.withoutEvent.slice(0, 3).join("; ")}${result.withoutEvent.length > 3 ? "; …" : ""}); take fewer folds.`);
  }
  if (result.failures.length > 0) result.warnings.push(`Cross-validation: ${result.failures.length} folds could not be fitted; first: ${result.failures[0]}`);
  return result;
}

function given(codes: ArrayLike<number> | undefined, n: number): Int32Array {
  if (codes === undefined || codes.length !== n) throw new InputError(`Cross-validation: the given folds have ${codes?.length ?? 0} codes but there are ${n} rows; give one a row for every repeat.`);
  const fold = Int32Array.from(codes, (c) => {
    if (!Number.isInteger(c)) throw new InputError(`Cross-validation: a given fold code is ${c}, expected whole numbers.`);
    return c;
  });
  if (new Set(fold).size < 2) throw new InputError("Cross-validation: the given folds are all one, expected at least two.");
  return fold;
}

function nameEmpty(event: Numbers, test: Int32Array, training: Int32Array, name: string, into: string[]): void {
  for (const [rows, part] of [[test, "test part"], [training, "training part"]] as const) {
    let events = 0;
    for (const i of rows) events += event[i];
    if (events === 0) into.push(`${name}: no event in the ${part}`);
    else if (events === rows.length) into.push(`${name}: only events in the ${part}`);
  }
}

function spread(values: number[]): Spread {
  const finite = values.filter((v) => Number.isFinite(v));
  const count = finite.length;
  const mean = finite.reduce((s, v) => s + v, 0) / count;
  const squares = finite.reduce((s, v) => s + (v - mean) * (v - mean), 0);
  return {
    mean, sd: count > 1 ? Math.sqrt(squares / (count - 1)) : NaN, count,
    min: count > 0 ? finite.reduce((a, b) => Math.min(a, b)) : NaN, max: count > 0 ? finite.reduce((a, b) => Math.max(a, b)) : NaN,
  };
}
