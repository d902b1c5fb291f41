import { coxRiskSets, exp, InputError, normalQuantile, type CoxData, type CoxRiskSets, type CoxTies, type Design } from "../math/index.js";
import type { CoxModel } from "./cox.js";

/**
 * Cumulative baseline hazard of one stratum for a row at `means` (offset 0): `hazard[k]` from `time[k]` (event times, ascending) on, 0
 * before; no statement beyond `last`. `variance` and `drift` (∫ (x̄ − means) dH, a column an array) give intervals.
 */
export type CoxBaseline = { stratum: string; time: number[]; hazard: number[]; last: number; variance?: number[]; drift?: number[][] };

/**
 * Breslow's (Breslow and exact ties) or Efron's estimate at every event time, by stratum. Breslow 1974; Efron 1977. Agrees with R survival
 * 3.5-3 basehaz and survfit(coxph).
 */
export function coxBaseline(data: CoxData, beta: Float64Array, ties: CoxTies, means: readonly number[], spread: boolean): CoxBaseline[] {
  const { p, centre, scale, deaths, group, stratum, time } = data;
  const sets = coxRiskSets(data, beta, ties);
  // from the centre of the standardised columns to `means`
  let shift = 0;
  for (let j = 0; j < p; j++) shift += (beta[j] * (means[j] - centre[j])) / scale[j];
  const factor = exp(shift);
  const baselines = data.labels.map((label): CoxBaseline => ({
    stratum: label, time: [], hazard: [], last: 0, ...(spread && { variance: [], drift: means.map(() => []) }),
  }));
  for (let g = deaths.length - 1; g >= 0; g--) {
    const baseline = baselines[stratum[g]];
    baseline.last = Math.max(baseline.last, time[group[g]]);
    if (deaths[g] > 0) addEventTime(baseline, time[group[g]], sets.hazard[g] * factor, sets.variance[g] * factor * factor);
  }
  if (spread) for (let j = 0; j < p; j++) addDrift(baselines.map((b) => b.drift![j]), data, sets, j, scale[j] * factor, (centre[j] - means[j]) * factor);
  return baselines;
}

function addEventTime({ time, hazard, variance }: CoxBaseline, t: number, increment: number, spread: number): void {
  const k = time.length;
  time.push(t);
  hazard.push(k === 0 ? increment : hazard[k - 1] + increment);
  if (variance !== undefined) variance.push(k === 0 ? spread : variance[k - 1] + spread);
}

/** ∫ (x̄ − mean) dH of column j in each stratum, from Σ x̄ dH and Σ dH. */
function addDrift(drift: number[][], { deaths, stratum, p }: CoxData, sets: CoxRiskSets, j: number, scale: number, shift: number): void {
  for (let g = deaths.length - 1; g >= 0; g--) {
    if (deaths[g] === 0) continue;
    const sums = drift[stratum[g]];
    const step = sets.drift[g * p + j] * scale + shift * sets.hazard[g];
    sums.push(sums.length === 0 ? step : sums[sums.length - 1] + step);
  }
}

/**
 * The baseline of a stratum; the only one where the model has none. Plumbing: no source.
 * @throws InputError where the stratum is unknown or none is named
 */
export function baselineOf(model: CoxModel, stratum?: string | number): CoxBaseline {
  if (model.baseline.length === 0) throw new InputError('The model was fitted with baseline "none". Fit it with baseline "spread" to predict survival.');
  if (model.baseline.length === 1 && stratum === undefined) return model.baseline[0];
  const found = model.baseline.find((b) => b.stratum === String(stratum));
  if (found === undefined) throw new InputError(`Stratum "${stratum}" is not in the model. It knows ${model.strata.join(", ")}; name one of them for each row.`);
  return found;
}

/** Number of entries of an ascending array that are <= t. Bisection; as R findInterval(). */
export function countUpTo(time: readonly number[], t: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time[middle] <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Cumulative baseline hazard at given times, at the model's `means` (centred) or at x = 0; NaN beyond the stratum's last follow-up.
 * Agrees with R survival::basehaz(fit, centered = TRUE | FALSE).
 *
 * @param times in the unit of the follow-up
 * @throws InputError on a time that is NaN, a stratum that is unknown or not named, a model without baseline
 */
export function baselineHazard(model: CoxModel, times: ArrayLike<number>, options: { centred?: boolean; stratum?: string | number } = {}): Float64Array {
  knownTimes("baselineHazard", times);
  const baseline = baselineOf(model, options.stratum);
  let shift = 0;
  if (options.centred === false) model.means.forEach((mean, j) => (shift -= mean * (coefficient(model, j))));
  const factor = exp(shift);
  return Float64Array.from(times, (t) => (t > baseline.last ? NaN : factor * (baseline.hazard[countUpTo(baseline.time, t) - 1] ?? 0)));
}

/** Every time is a number. Plumbing: no source. @throws InputError on NaN */
export function knownTimes(who: string, times: ArrayLike<number>): void {
  for (let k = 0; k < times.length; k++) {
    if (Number.isNaN(times[k])) throw new InputError(`${who}: time ${k + 1} of ${times.length} is ${times[k]}, but a number in the unit of the follow-up was expected; leave it out.`);
  }
}

/** Coefficient for predictions: aliased ones (NaN, or null read from JSON) count as 0. As R predict(coxph) does. Plumbing. */
export function coefficient(model: { coefficients: readonly number[] }, j: number): number {
  const b: number | null = model.coefficients[j];
  return b === null || Number.isNaN(b) ? 0 : b;
}

/**
 * Linear predictors Σ β (x − means) (or Σ β x with reference "zero"), and their standard errors from the model's covariance (robust
 * where the model has it). Agrees with R predict(coxph, type = "lp", reference = "sample" | "zero"). An offset is not included. A model with
 * a monotone likelihood predicts from where its iteration stopped, without a standard error and with a warning. `standardErrors` false
 * leaves `se` empty: for resampling.
 * @throws InputError on a column that the design lacks
 */
export function coxLinearPredictor(model: CoxModel, design: Design, options: { reference?: "means" | "zero"; standardErrors?: boolean } = {}): { value: Float64Array; se: Float64Array; warnings: string[] } {
  const columns = matched(model, design);
  const centre = options.reference === "zero" ? model.means.map(() => 0) : model.means;
  const value = new Float64Array(design.n);
  columns.forEach((column, j) => {
    const b = coefficient(model, j);
    if (b !== 0) for (let i = 0; i < design.n; i++) value[i] += b * (column[i] - centre[j]);
  });
  const se = options.standardErrors === false ? new Float64Array(0) : predictorErrors(model, columns, centre, design.n);
  return { value, se, warnings: predictionWarnings(model) };
}

/** √(x − centre)′ V (x − centre) by row; NaN where a coefficient without a finite variance (monotone likelihood) leaves no standard error. */
function predictorErrors(model: CoxModel, columns: Float64Array[], centre: readonly number[], n: number): Float64Array {
  const v = model.robustCovariance ?? model.covariance;
  const used = columns.flatMap((_, j) => (Number.isFinite(v[j][j] ?? NaN) ? [j] : []));
  return Float64Array.from({ length: n }, (_, i) => {
    if (model.monotone.length > 0) return NaN;
    let sum = 0;
    for (const j of used) for (const k of used) sum += (columns[j][i] - centre[j]) * v[j][k] * (columns[k][i] - centre[k]);
    return Math.sqrt(sum);
  });
}

/** What a reader of predictions must know of the model: coefficients that run to infinity. Plumbing: no source. */
export function predictionWarnings({ monotone }: Pick<CoxModel, "monotone">): string[] {
  return monotone.map((name) => `"${name}" has no finite coefficient in the model (monotone likelihood): predictions use the value at which the iteration stopped. ` +
    "They order rows that differ in it, but their size, survival included, means nothing and has no standard error. Fit with Firth's penalty (firthCox).");
}

/** The design's columns in the model's order. Plumbing: no source. @throws InputError on a column that the design lacks */
export function matched(model: { names: readonly string[] }, design: Design): Float64Array[] {
  return model.names.map((name) => {
    const at = design.names.indexOf(name);
    if (at < 0) throw new InputError(`The design lacks "${name}", which the model needs. It has ${design.names.join(", ")}.`);
    return design.columns[at];
  });
}

export type CoxSurvival = { time: number[]; survival: Float64Array[]; se: Float64Array[]; lower: Float64Array[]; upper: Float64Array[]; cumulativeHazard: Float64Array[]; warnings: string[] };

/**
 * Predicted survival exp(−H(t) e^η) of new rows at given times; arrays by time, then row. Standard error (of the survival) from
 * Var H(t) + a'Va with a = ∫ (x − x̄) dH (Tsiatis 1981; Link 1984), interval on the log scale, cut at 1. NaN beyond the last
 * follow-up of the row's stratum; `warnings` of a monotone likelihood. Agrees with R summary(survfit(coxph, newdata), times), conf.type "log".
 *
 * @param times in the unit of the follow-up
 * @throws InputError on a column that the design lacks, strata or offsets that are not one a row, an offset that is not finite, a time that is NaN,
 * a level outside 0 … 1, a stratum that is unknown or not named, a model without baseline
 */
export function coxSurvival(
  model: CoxModel, design: Design, times: ArrayLike<number>,
  options: { strata?: ArrayLike<string | number>; offset?: ArrayLike<number>; level?: number } = {},
): CoxSurvival {
  const columns = matched(model, design);
  const n = design.n;
  const { strata, offset, level = model.level } = options;
  knownTimes("coxSurvival", times);
  if (!(level > 0 && level < 1)) throw new InputError(`coxSurvival: the confidence level is ${level}, expected a number between 0 and 1 such as 0.95.`);
  for (const [name, given] of Object.entries({ strata, offset })) {
    if (given !== undefined && given.length !== n) throw new InputError(`coxSurvival: ${name} has ${given.length} values, but the design has ${n} rows; give one a row.`);
  }
  for (let i = 0; offset !== undefined && i < n; i++) {
    if (!Number.isFinite(offset[i])) throw new InputError(`coxSurvival: the offset of row ${i + 1} is ${offset[i]}, expected a finite number; give 0 for none.`);
  }
  const { value } = coxLinearPredictor(model, design, { standardErrors: false });
  const p = columns.length;
  const wide = normalQuantile((1 + level) / 2);
  const v = model.robustCovariance ?? model.covariance;
  const result: CoxSurvival = { time: Array.from(times), survival: [], se: [], lower: [], upper: [], cumulativeHazard: [], warnings: predictionWarnings(model) };
  for (const t of result.time) {
    const [survival, se, lower, upper, cumulative] = Array.from({ length: 5 }, () => new Float64Array(n).fill(NaN));
    for (let i = 0; i < n; i++) {
      const baseline = baselineOf(model, strata?.[i]);
      if (!(t <= baseline.last)) continue;
      const k = countUpTo(baseline.time, t) - 1;
      const relative = exp(value[i] + (offset?.[i] ?? 0));
      const hazard = k < 0 ? 0 : baseline.hazard[k];
      cumulative[i] = hazard * relative;
      survival[i] = exp(-cumulative[i]);
      if (baseline.variance === undefined || model.monotone.length > 0) continue;
      const a = columns.map((column, j) => (Number.isFinite(v[j][j] ?? NaN) ? (column[i] - model.means[j]) * hazard - (k < 0 ? 0 : baseline.drift![j][k]) : 0));
      let variance = k < 0 ? 0 : baseline.variance[k];
      for (let j = 0; j < p; j++) for (let l = 0; l < p; l++) if (a[j] !== 0 && a[l] !== 0) variance += a[j] * v[j][l] * a[l];
      const spread = relative * Math.sqrt(variance);
      se[i] = survival[i] * spread;
      lower[i] = exp(-cumulative[i] - wide * spread);
      upper[i] = Math.min(1, exp(-cumulative[i] + wide * spread));
    }
    result.survival.push(survival);
    result.se.push(se);
    result.lower.push(lower);
    result.upper.push(upper);
    result.cumulativeHazard.push(cumulative);
  }
  return result;
}
