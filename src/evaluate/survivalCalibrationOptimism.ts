import { InputError, quantile, type Random } from "../math/index.js";
import { allRows, type Fitting, type Measure } from "./fitting.js";
import { checkFollowUp, type FollowUp } from "./followUp.js";
import { kaplanMeier, survivalAt } from "./kaplanMeier.js";
import { optimism } from "./optimism.js";
import { coxSplineAt } from "./survivalCalibration.js";

export type SurvivalCalibrationOptions = {
  random: Random;
  /** bootstrap samples (200) */
  resamples?: number;
  /** "groups" (default): Kaplan–Meier in groups of like prediction; "spline": a smooth curve */
  method?: "groups" | "spline";
  /** groups: their number (4), or about so many patients each, or the bounds between them, ascending, a group [a, b) */
  groups?: number; size?: number; cuts?: ArrayLike<number>;
  /** spline: predicted survivals to look at (50 between the fifth smallest and the fifth largest), and 3 … 7 knots (3) */
  at?: ArrayLike<number>; knots?: number;
};

export type SurvivalCalibrationPoint = {
  /** predicted survival: the group's mean, or the place of the curve */
  predicted: number;
  /** observed survival at the time, and the same with the optimism of observed − predicted taken off */
  observed: number; corrected: number;
  /** means over the samples of observed − predicted, on the sample and on the original rows, and their difference */
  training: number; test: number; optimism: number;
  /** samples that count here */
  used: number;
};

export type CorrectedSurvivalCalibration = {
  time: number; method: "groups" | "spline";
  /** bounds between the groups, found on the apparent predictions and kept for every sample */
  cuts: number[];
  points: SurvivalCalibrationPoint[];
  /** mean |corrected − predicted| over the points */
  meanError: number; warnings: string[];
};

/**
 * Calibration of predicted survival at t for a given way of making a model, corrected for optimism by the bootstrap: observed − predicted is the figure
 * (one a group, or one a place of the curve) that is corrected as in `optimism`. Harrell, Regression Modeling Strategies, 2nd ed., §20.11.
 * "groups": Kaplan–Meier survival of the group less its mean prediction; groups are cut once, at type-7 quantiles of the apparent predictions with
 * 0 and 1 among them, and a prediction belongs to [a, b). Agrees with rms 6.5 calibrate(cph, cmethod = "KM", u, m or cuts, B) sample for sample
 * where `random` is rRandom(seed). "spline": the Cox model on a restricted cubic spline of log(−log(1 − risk)) of `survivalCalibrationCurve` (Austin, Harrell &
 * van Klaveren, Stat Med 2020;39:2714), made anew on each sample; it stands where rms takes polspline's hare, whose knot search is another smoother.
 *
 * @param fitting  predicts the probability of being event-free at `time`, not a risk or a linear predictor
 * @param data     follow-up of n patients, any one unit
 * @throws InputError on predictions outside 0 … 1, an empty follow-up, too many groups
 */
export function survivalCalibrationOptimism<Model>(fitting: Fitting<Model>, data: FollowUp, time: number, options: SurvivalCalibrationOptions): CorrectedSurvivalCalibration {
  const who = "survivalCalibrationOptimism";
  const { random, resamples = 200, method = "groups", knots = 3 } = options;
  const n = checkFollowUp(who, data);
  if (!(time > 0 && time < Infinity)) throw new InputError(`${who}: the time is ${time}; give a finite time > 0 in the unit of the follow-up.`);
  if (method !== "groups" && method !== "spline") throw new InputError(`${who}: the method is "${method as string}"; expected "groups" or "spline".`);
  if (!(Number.isInteger(knots) && knots >= 3 && knots <= 7)) throw new InputError(`${who}: ${knots} knots asked for; a restricted cubic spline takes 3 to 7.`);
  const rows = allRows(n);
  const own = fitting.predict(fitting.fit(rows, random.stream("apparent")), rows);
  for (let i = 0; i < n; i++) if (!(own[i] >= 0 && own[i] <= 1)) throw new InputError(`${who}: the prediction of row ${i + 1} is ${own[i]}; the fitting must predict the probability of being event-free at the time, from 0 to 1.`);
  const cuts = method === "groups" ? bounds(who, own, options) : [];
  const grid = method === "groups" ? groupMeans(own, cuts) : gridOf(who, own, options.at);
  const measure = method === "groups" ? byGroups(data, time, cuts) : bySpline(data, time, grid, knots);
  const result = optimism(n, fitting, measure, { random, resamples });
  const points = Array.from(grid, (predicted, k): SurvivalCalibrationPoint => ({
    predicted, observed: predicted + result.apparent[k], corrected: predicted + result.corrected[k],
    training: result.training[k], test: result.test[k], optimism: result.optimism[k], used: result.used[k],
  }));
  const known = points.filter((p) => Number.isFinite(p.corrected));
  const fewest = points.reduce((least, p) => Math.min(least, p.used), resamples);
  const warnings = result.failures.length > 0 ? [`${who}: ${result.failures.length} of ${resamples} samples could not be fitted; first: ${result.failures[0]}`] : [];
  if (fewest < resamples / 2) warnings.push(`${who}: a place of the calibration rests on ${fewest} of ${resamples} samples, the others have no prediction there; use fewer groups, or read the middle.`);
  if (known.length < points.length) warnings.push(`${who}: at ${points.length - known.length} of ${points.length} places nothing can be said: no sample or no patient followed to ${time} reaches there.`);
  return { time, method, cuts, points, meanError: known.reduce((s, p) => s + Math.abs(p.corrected - p.predicted), 0) / known.length, warnings };
}

function bounds(who: string, own: Float64Array, { groups = 4, size, cuts }: SurvivalCalibrationOptions): number[] {
  if (cuts !== undefined) {
    const given = Array.from(cuts);
    if (given.some((c, k) => !(c > (k === 0 ? -Infinity : given[k - 1])))) throw new InputError(`${who}: the cuts ${given.join(", ")} do not ascend; give the bounds between groups of predicted survival.`);
    return given.filter((c) => c > 0 && c < 1);
  }
  const g = size === undefined ? groups : Math.max(1, Math.floor(own.length / size));
  if (!(Number.isInteger(g) && g >= 1 && g <= own.length)) throw new InputError(`${who}: ${g} groups of ${own.length} patients; give a whole number from 1 to the number of patients.`);
  const ends = [0, 1, ...own];
  const [low, high] = [own.reduce((a, b) => Math.min(a, b)), own.reduce((a, b) => Math.max(a, b))];
  return [...new Set(Array.from({ length: g - 1 }, (_, k) => quantile(ends, (k + 1) / g)))].filter((c) => c > low && c <= high);
}

/** The group of each prediction: how many bounds are at or below it. */
function groupOf(prediction: number, cuts: readonly number[]): number {
  let k = 0;
  while (k < cuts.length && cuts[k] <= prediction) k++;
  return k;
}

function groupMeans(own: Float64Array, cuts: readonly number[]): Float64Array {
  const [sum, count] = [new Float64Array(cuts.length + 1), new Float64Array(cuts.length + 1)];
  for (const p of own) {
    const k = groupOf(p, cuts);
    sum[k] += p;
    count[k]++;
  }
  return sum.map((s, k) => s / count[k]);
}

function byGroups(data: FollowUp, time: number, cuts: readonly number[]): Measure {
  return (prediction, rows) => {
    const members: number[][] = Array.from({ length: cuts.length + 1 }, () => []);
    prediction.forEach((p, i) => members[groupOf(p, cuts)].push(i));
    return Object.fromEntries(members.map((own, k) => {
      if (own.length === 0) return [k, NaN];
      const [{ survival }] = survivalAt(kaplanMeier({ time: own.map((i) => data.time[rows[i]]), event: own.map((i) => data.event[rows[i]]) }), [time]);
      return [k, survival - own.reduce((s, i) => s + prediction[i], 0) / own.length];
    }));
  };
}

function gridOf(who: string, own: Float64Array, at: ArrayLike<number> | undefined): Float64Array {
  if (at !== undefined) return Float64Array.from(at);
  if (own.length < 10) throw new InputError(`${who}: there are ${own.length} patients; at least 10 are needed for a curve.`);
  const sorted = Float64Array.from(own).sort();
  const [low, high] = [sorted[4], sorted[own.length - 5]];
  return Float64Array.from({ length: 50 }, (_, k) => low + ((high - low) * k) / 49);
}

function bySpline(data: FollowUp, time: number, grid: Float64Array, knots: number): Measure {
  const risks = grid.map((s) => 1 - s);
  return (prediction, rows) => {
    const sample = { time: Float64Array.from(rows, (i) => data.time[i]), event: Float64Array.from(rows, (i) => data.event[i]) };
    const observed = coxSplineAt(sample, prediction.map((s) => 1 - s), time, risks, knots);
    return Object.fromEntries(Array.from(grid, (s, k) => [k, 1 - observed[k] - s]));
  };
}
