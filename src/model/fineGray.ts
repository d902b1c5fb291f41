import {
  exp, InputError, newtonMaximise, normalCdf, normalQuantile, subdistributionData, subdistributionLikelihood, subdistributionScores, subdistributionSets,
  type Design,
} from "../math/index.js";
import { chiSquared, type ChiSquaredTest } from "./chiSquaredTest.js";
import { coefficient, countUpTo, knownTimes, matched } from "./coxBaseline.js";

/** A fitted Fine–Gray model, JSON; NaN where there is no estimate, `warnings` says why. */
export type FineGrayModel = {
  kind: "fineGray"; names: string[]; coefficients: number[]; se: number[]; z: number[]; p: number[];
  /** subdistribution hazard ratios */
  hazardRatio: number[]; ci: [number, number][]; level: number; covariance: number[][];
  loglik: [number, number]; likelihoodRatio: ChiSquaredTest;
  n: number; events: number; competing: number; censored: number; iterations: number; converged: boolean;
  aliased: string[]; monotone: string[]; warnings: string[];
  /** cumulative subdistribution hazard of a row with x = 0, from time[k] on; `last` ends the follow-up */
  baseline: { time: number[]; hazard: number[]; last: number };
};

export type FineGrayOptions = {
  /** the cause of interest, 1 by default; 0 is censored, any other number a competing event */
  cause?: number;
  /** rows of one label share a censoring distribution (cmprsk's cengroup); one for all by default */
  censoringGroups?: ArrayLike<number | string>;
  /** with censoring groups: crr's variance (below); false by default */
  asCrr?: boolean;
  level?: number; maxIterations?: number;
};

/**
 * Fine & Gray's regression on the subdistribution hazard of one cause (J Am Stat Assoc 1999;94:496): who had a competing event stays
 * at risk with weight G(t−)/G(T−), G the Kaplan–Meier estimate of the censoring distribution. Sandwich variance with the term for
 * estimating G; Breslow's ties. Agrees with R cmprsk::crr 2.2-11 (iterated to gtol 1e-13), a group's weight being 0 past the end of its follow-up.
 * Where censorings and events share a time, G counts who has the event then as at risk of censoring, as crr; R survival's finegray counts them as gone, and its
 * coefficients differ there.
 * With censoring groups the paper's variance is taken group by group. crr counts in a group's censoring term only the events of that group, though the baseline
 * hazard is common to all: standard errors differ by up to 2e-3; `asCrr` repeats that, to 1e-8. The likelihood ratio is that of the weighted likelihood: a guide only.
 *
 * @param design  n × p columns without intercept
 * @param time    follow-up >= 0;  @param cause  0 censored, else the kind of event, n each
 * @throws InputError on lengths, values not finite, negative times, no event of interest
 */
export function fineGray(design: Design, time: ArrayLike<number>, cause: ArrayLike<number>, options: FineGrayOptions = {}): FineGrayModel {
  const { cause: wanted = 1, level = 0.95, maxIterations = 30, censoringGroups, asCrr = false } = options;
  check(design, time, cause, wanted, censoringGroups);
  const labels = censoringGroups === undefined ? [] : [...new Set(Array.from(censoringGroups, String))];
  const groupOf = Int32Array.from(time, (_, k) => (censoringGroups === undefined ? 0 : labels.indexOf(String(censoringGroups[k]))));
  const status = Uint8Array.from(cause, (c) => (c === 0 ? 0 : c === wanted ? 1 : 2));
  const data = subdistributionData(design.columns, time, status, groupOf, Math.max(1, labels.length));
  const { n, p, scale, centre } = data;
  const best = newtonMaximise((beta) => subdistributionLikelihood(data, beta), p, maxIterations);
  const { aliased, diverging } = best;
  const unknown = new Set([...aliased, ...diverging]);

  const scores = subdistributionScores(data, best.beta, asCrr);
  const spread = new Float64Array(p * p);
  for (let i = 0; i < n; i++) {
    const moved = design.columns.map((_, j) => design.columns.reduce((sum, __, k) => sum + best.inverse[j * p + k] * scores[i * p + k], 0));
    for (let j = 0; j < p; j++) for (let k = 0; k < p; k++) spread[j * p + k] += moved[j] * moved[k];
  }
  const coefficients = design.columns.map((_, j) => (aliased.includes(j) ? NaN : best.beta[j] / scale[j]));
  const covariance = coefficients.map((_, j) => coefficients.map((__, k) => (unknown.has(j) || unknown.has(k) ? NaN : spread[j * p + k] / (scale[j] * scale[k]))));
  const se = covariance.map((row, j) => Math.sqrt(row[j]));
  const z = coefficients.map((b, j) => b / se[j]);
  const wide = normalQuantile((1 + level) / 2);

  const { hazard } = subdistributionSets(data, best.beta);
  let shift = 0;
  for (let j = 0; j < p; j++) shift -= (best.beta[j] * centre[j]) / scale[j];
  let sum = 0;
  const count = (s: number) => data.status.reduce((total, value) => total + Number(value === s), 0);
  return {
    kind: "fineGray", names: [...design.names], coefficients, se, z, p: z.map((v) => 2 * normalCdf(-Math.abs(v))),
    hazardRatio: coefficients.map((b, j) => (unknown.has(j) ? NaN : exp(b))),
    ci: coefficients.map((b, j) => [exp(b - wide * se[j]), exp(b + wide * se[j])]), level, covariance,
    loglik: [best.atNull.value, best.at.value], likelihoodRatio: chiSquared(2 * (best.at.value - best.atNull.value), p - aliased.length),
    n, events: count(1), competing: count(2), censored: count(0), iterations: best.iterations, converged: best.converged,
    aliased: aliased.map((j) => design.names[j]), monotone: diverging.map((j) => design.names[j]), warnings: warningsOf(design, best, count(1)),
    baseline: { time: Array.from(data.times), hazard: Array.from(hazard, (h) => (sum += h * exp(shift))), last: data.time[n - 1] },
  };
}

/**
 * Predicted cumulative incidence 1 − exp(−H(t) e^{Σ β x}) of new rows; arrays by time, then row; NaN beyond the last follow-up. Agrees with
 * R predict(crr), whose steps stand at the event times. Fine & Gray, J Am Stat Assoc 1999;94:496.
 * @throws InputError on a column that the design lacks, a time that is NaN
 */
export function fineGrayIncidence(model: FineGrayModel, design: Design, times: ArrayLike<number>): Float64Array[] {
  knownTimes("fineGrayIncidence", times);
  const columns = matched(model, design);
  const { time, hazard, last } = model.baseline;
  const relative = Float64Array.from({ length: design.n }, (_, i) => exp(columns.reduce((sum, column, j) => sum + coefficient(model, j) * column[i], 0)));
  return Array.from(times, (t) => {
    const h = t > last ? NaN : hazard[countUpTo(time, t) - 1] ?? 0;
    return relative.map((r) => 1 - exp(-h * r));
  });
}

function warningsOf(design: Design, best: ReturnType<typeof newtonMaximise>, events: number): string[] {
  const p = design.names.length;
  return [
    ...best.aliased.map((j) => `"${design.names[j]}" is constant or determined by the variables before it: no coefficient. Leave it out.`),
    ...best.diverging.map((j) => `"${design.names[j]}": the likelihood is monotone, the estimate runs to ${best.beta[j] > 0 ? "+" : "−"}infinity; hazard ratio and interval are not given. Merge groups.`),
    ...(best.converged || best.diverging.length > 0 ? [] : [`No convergence after ${best.iterations} iterations; the estimates are where it stopped.`]),
    ...(events === 1 ? ["Only one event of interest: the estimates rest on one patient."] : []),
    ...(p > events ? [`${p} variables for ${events} events of interest: the fit is arbitrary. Select variables.`] : []),
  ];
}

function check(design: Design, time: ArrayLike<number>, cause: ArrayLike<number>, wanted: number, groups: ArrayLike<number | string> | undefined): void {
  const n = design.n;
  for (const [name, values] of Object.entries({ time, cause, censoringGroups: groups })) {
    if (values !== undefined && values.length !== n) throw new InputError(`${name} has ${values.length} values but the design has ${n} rows. Give one for each row.`);
  }
  if (wanted === 0) throw new InputError("The cause of interest is 0, which means censored. Name the number of an event.");
  let events = 0;
  for (let k = 0; k < n; k++) {
    if (!Number.isFinite(time[k]) || time[k] < 0) throw new InputError(`Row ${k + 1}: time is ${time[k]}; follow-up must be a finite number >= 0. Correct it or leave the row out.`);
    if (!Number.isInteger(cause[k]) || cause[k] < 0) throw new InputError(`Row ${k + 1}: cause is ${cause[k]}; expected 0 (censored) or the number of a cause.`);
    if (cause[k] === wanted) events++;
  }
  if (events === 0) throw new InputError(`None of ${n} rows has an event of cause ${wanted}; a model of it needs some. Check the coding of the cause.`);
  design.columns.forEach((column, j) => {
    const bad = column.findIndex((value) => !Number.isFinite(value));
    if (column.length !== n || bad >= 0) throw new InputError(`Variable "${design.names[j]}" needs ${n} finite numbers; ${bad >= 0 ? `row ${bad + 1} has ${column[bad]}` : `it has ${column.length}`}.`);
  });
}
