import { bootstrapRows, InputError, normalCdf, order, sorted, type Random } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";
import { countClasses, type Numbers } from "./binaryInput.js";

export type BootstrapAuc = { auc: number; se: number; lower: number; upper: number; level: number; resamples: number; values: Float64Array };
export type BootstrapAucDifference = {
  auc: [number, number]; difference: number; se: number; lower: number; upper: number; z: number; p: number; level: number; resamples: number;
};
export type BootstrapOptions = { random: Random; resamples?: number; level?: number };

/** Distinct values' places of a score, and the rows with and without the event. */
function prepared(who: string, score: Numbers, event: Numbers) {
  const { n, events, others } = countClasses(who, score, event);
  const place = new Int32Array(n);
  let last = 0;
  order(score).forEach((i, k, by) => {
    if (k > 0 && score[i] !== score[by[k - 1]]) last++;
    place[i] = last;
  });
  const ofEvents = new Int32Array(events);
  const ofOthers = new Int32Array(others);
  for (let i = 0, a = 0, b = 0; i < n; i++) if (event[i] === 1) ofEvents[a++] = place[i]; else ofOthers[b++] = place[i];
  return { places: last + 1, ofEvents, ofOthers };
}

/** AUC of drawn members, by counting them per distinct value: no sorting. */
function areaOf({ places, ofEvents, ofOthers }: ReturnType<typeof prepared>, drawnEvents: Int32Array, drawnOthers: Int32Array): number {
  const one = new Int32Array(places);
  const zero = new Int32Array(places);
  for (const k of drawnEvents) one[ofEvents[k]]++;
  for (const k of drawnOthers) zero[ofOthers[k]]++;
  let [below, twice] = [0, 0];
  for (let k = 0; k < places; k++) {
    twice += one[k] * (2 * below + zero[k]);
    below += zero[k];
  }
  return twice / (2 * drawnEvents.length * drawnOthers.length);
}

/**
 * Bootstrap interval of the AUC: events and others are drawn with replacement within their class (stratified), the interval is of
 * percentiles (type 7). Efron & Tibshirani, An Introduction to the Bootstrap, 1993; as pROC::ci.auc(method = "bootstrap"), whose draws
 * R makes in another order, so that numbers agree within chance only. O(n) a sample.
 *
 * @param score n finite numbers, high means event; event n flags
 * @param options seeded `random`, `resamples` (2000), `level`
 * @throws InputError on missing scores, unequal lengths, one class
 */
export function bootstrapAuc(score: Numbers, event: Numbers, { random, resamples = 2000, level = 0.95 }: BootstrapOptions): BootstrapAuc {
  checkOptions(resamples, level);
  const parts = prepared("Bootstrap AUC", score, event);
  const [n1, n0] = [parts.ofEvents.length, parts.ofOthers.length];
  const values = Float64Array.from({ length: resamples }, () => areaOf(parts, bootstrapRows(n1, random), bootstrapRows(n0, random)));
  const auc = areaOf(parts, Int32Array.from({ length: n1 }, (_, i) => i), Int32Array.from({ length: n0 }, (_, i) => i));
  return { auc, se: deviation(values), ...percentiles(values, level), level, resamples, values };
}

/**
 * Paired bootstrap comparison of two AUCs on the same patients, stratified: z = difference / SD of the resampled differences, normal p,
 * percentile interval. As pROC::roc.test(method = "bootstrap", paired = TRUE), within chance. Hanley & McNeil 1983 for the paired
 * comparison; Robin et al., BMC Bioinformatics 2011;12:77 for this way of it.
 * @throws InputError as bootstrapAuc
 */
export function bootstrapAucDifference(a: Numbers, b: Numbers, event: Numbers, { random, resamples = 2000, level = 0.95 }: BootstrapOptions): BootstrapAucDifference {
  checkOptions(resamples, level);
  const [x, y] = [prepared("Bootstrap AUC", a, event), prepared("Bootstrap AUC", b, event)];
  const [n1, n0] = [x.ofEvents.length, x.ofOthers.length];
  const differences = Float64Array.from({ length: resamples }, () => {
    const [one, zero] = [bootstrapRows(n1, random), bootstrapRows(n0, random)];
    return areaOf(x, one, zero) - areaOf(y, one, zero);
  });
  const everyone = [Int32Array.from({ length: n1 }, (_, i) => i), Int32Array.from({ length: n0 }, (_, i) => i)] as const;
  const auc: [number, number] = [areaOf(x, ...everyone), areaOf(y, ...everyone)];
  const difference = auc[0] - auc[1];
  const se = deviation(differences);
  const z = difference === 0 && se === 0 ? 0 : difference / se;
  return { auc, difference, se, ...percentiles(differences, level), z, p: Math.min(1, 2 * normalCdf(Math.abs(z), { upper: true })), level, resamples };
}

function checkOptions(resamples: number, level: number): void {
  checkLevel("Bootstrap AUC", level);
  if (!(Number.isInteger(resamples) && resamples >= 2)) throw new InputError(`Bootstrap AUC: ${resamples} samples asked for, expected a whole number of at least 2 (2000 for an interval).`);
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((s, v) => s + v, 0) / values.length;
  return Math.sqrt(values.reduce((s, v) => s + (v - mean) * (v - mean), 0) / (values.length - 1));
}

function percentiles(values: Float64Array, level: number): { lower: number; upper: number } {
  const s = sorted(values);
  const at = (p: number) => {
    const place = p * (s.length - 1);
    const low = Math.floor(place);
    return s[low] + (place - low) * (s[Math.min(s.length - 1, low + 1)] - s[low]);
  };
  return { lower: at((1 - level) / 2), upper: at((1 + level) / 2) };
}
