import { bootstrapRows, InputError, type Random } from "../math/index.js";
import { allRows, type Fitting, type Measure } from "./fitting.js";

export type OptimismOptions = {
  random: Random;
  /** bootstrap samples (200) */
  resamples?: number;
  /** given samples in place of drawn ones: row numbers from 0 */
  indices?: ArrayLike<number>[];
  /** one name a row: whole patients are drawn where some have several rows */
  patients?: ArrayLike<string>;
};

export type Optimism = {
  n: number;
  /** the model fitted and judged on all rows */
  apparent: Record<string, number>;
  /** means over the samples: judged on its own sample, and on the original rows */
  training: Record<string, number>; test: Record<string, number>;
  /** training − test, and apparent − that */
  optimism: Record<string, number>; corrected: Record<string, number>;
  /** samples that count for each figure (both values finite) */
  used: Record<string, number>;
  resamples: { training: Record<string, number>; test: Record<string, number> }[];
  failures: string[]; warnings: string[];
};

/**
 * Optimism of a given way of making a model: it is repeated, with all its selection, on bootstrap samples, and judged on its sample and
 * on the original rows; apparent − mean(training − test) is the corrected figure. Efron & Gong, Am Stat 1983;37:36; Harrell, Lee & Mark,
 * Stat Med 1996;15:361. A fitting function that only reads a finished formula has no optimism to find: give the whole pipeline.
 * With `rRandom(seed)` the samples are those of R's set.seed(seed) and one sample(n, replace = TRUE) each, as in rms::validate.
 * Samples are drawn first, so a fit's own use of chance (its own stream) does not move them.
 *
 * @param n rows
 * @returns means over samples where both values are finite; failed fits are named, not hidden
 * @throws InputError where the fit on all rows fails, or no sample gives a value
 */
export function optimism<Model>(n: number, fitting: Fitting<Model>, measure: Measure, options: OptimismOptions): Optimism {
  if (!(Number.isInteger(n) && n > 0)) throw new InputError(`Optimism: there are ${n} rows, expected at least one.`);
  const samples = drawSamples(n, options);
  const rows = allRows(n);
  const model = fitting.fit(rows, options.random.stream("apparent"));
  const apparent = measure(fitting.predict(model, rows), rows);
  const resamples: Optimism["resamples"] = [];
  const failures: string[] = [];
  for (const [b, sample] of samples.entries()) {
    try {
      const fitted = fitting.fit(sample, options.random.stream(b));
      resamples.push({ training: measure(fitting.predict(fitted, sample), sample), test: measure(fitting.predict(fitted, rows), rows) });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failures.push(`Sample ${b + 1}: ${error.message}`);
    }
  }
  if (resamples.length === 0) throw new InputError(`Optimism: none of ${samples.length} bootstrap samples could be fitted. ${failures[0]}`);
  const result: Optimism = { n, apparent, training: {}, test: {}, optimism: {}, corrected: {}, used: {}, resamples, failures, warnings: [] };
  for (const name of Object.keys(apparent)) {
    let [training, test, used] = [0, 0, 0];
    for (const r of resamples) {
      if (!Number.isFinite(r.training[name]) || !Number.isFinite(r.test[name])) continue;
      training += r.training[name];
      test += r.test[name];
      used++;
    }
    result.training[name] = training / used;
    result.test[name] = test / used;
    result.optimism[name] = (training - test) / used;
    result.corrected[name] = apparent[name] - result.optimism[name];
    result.used[name] = used;
    if (!Number.isFinite(apparent[name])) result.warnings.push(`Optimism of ${name}: it could not be computed on all rows either (one class, separated, or no finite predictions), so that there is nothing to correct.`);
    if (used < samples.length) result.warnings.push(`Optimism of ${name}: ${samples.length - used} of ${samples.length} samples gave no value and do not count; look at the failures, or use a penalised model.`);
  }
  return result;
}

function drawSamples(n: number, { random, resamples = 200, indices, patients }: OptimismOptions): Int32Array[] {
  if (indices !== undefined) {
    if (indices.length === 0) throw new InputError("Optimism: the list of given samples is empty, expected at least one.");
    return indices.map((sample, b) => Int32Array.from(sample, (i) => {
      if (!(Number.isInteger(i) && i >= 0 && i < n)) throw new InputError(`Optimism: given sample ${b + 1} holds row ${i}, expected whole numbers from 0 to ${n - 1}.`);
      return i;
    }));
  }
  if (!(Number.isInteger(resamples) && resamples > 0)) throw new InputError(`Optimism: ${resamples} bootstrap samples asked for, expected a whole number above 0.`);
  if (patients === undefined) return Array.from({ length: resamples }, () => bootstrapRows(n, random));
  const members = rowsByPatient(n, patients, "Optimism");
  return Array.from({ length: resamples }, () => Int32Array.from(Array.from(bootstrapRows(members.length, random)).flatMap((p) => members[p])));
}

/** The rows of each patient, patients in order of appearance. */
export function rowsByPatient(n: number, patients: ArrayLike<string>, who: string): number[][] {
  if (patients.length !== n) throw new InputError(`${who}: there are ${patients.length} patient names but ${n} rows; give one name a row.`);
  const rows = new Map<string, number[]>();
  for (let i = 0; i < n; i++) {
    const found = rows.get(patients[i]);
    if (found === undefined) rows.set(patients[i], [i]);
    else found.push(i);
  }
  return [...rows.values()];
}
