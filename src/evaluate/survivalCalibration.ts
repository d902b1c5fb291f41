import { exp, InputError, leastSquares, log, quantile, restrictedCubicSpline, splineKnots, type Design } from "../math/index.js";
import { coxFit, coxSurvival, type CoxModel } from "../model/index.js";
import { checkFollowUp, type FollowUp } from "./followUp.js";
import { kaplanMeier, survivalAt } from "./kaplanMeier.js";
import { pseudoValues } from "./pseudoValues.js";

export type CalibrationGroup = {
  /** mean predicted survival, patients, events by the end of follow-up, Kaplan–Meier survival at the time */
  predicted: number; n: number; events: number; observed: number;
  /** standard error of log S, and the log-log interval of S */
  standardErrorOfLog: number; lower: number; upper: number;
  /** observed − predicted */
  difference: number; atRisk: number;
};

/**
 * Calibration of predicted survival at t by Kaplan–Meier in groups of like prediction: quantile groups, equal predictions kept together, ascending. Agrees
 * with rms 6.5-0 `groupkm(predicted, Surv(time, event), g or m, u = t)` and the apparent columns (mean.predicted, KM, std.err, index.orig) of `calibrate(cph,
 * cmethod = "KM")`. Groups hide what happens inside them: show a smooth curve (survivalCalibrationCurve) beside them. Harrell, Regression
 * Modeling Strategies, 2nd ed. 2015, §20.11.
 *
 * @param survival  n predicted probabilities of being event-free at t
 * @param options   groups (4) or size (about so many patients a group)
 * @throws InputError on follow-up and level as kaplanMeier; predictions outside 0 … 1, a time not above 0, groups outside 1 … n, a size below 1
 */
export function survivalCalibrationGroups(data: FollowUp, survival: ArrayLike<number>, time: number, options: { groups?: number; size?: number; level?: number } = {}): { time: number; groups: CalibrationGroup[]; warnings: string[] } {
  const n = checkPredictions("survivalCalibrationGroups", data, survival, time);
  const { size } = options;
  if (size !== undefined && !(size >= 1 && size < Infinity)) throw new InputError(`survivalCalibrationGroups: groups of ${size} patients; give a finite number, 1 or more, for example 50.`);
  const g = size === undefined ? (options.groups ?? 4) : Math.max(1, Math.floor(n / size));
  if (!(Number.isInteger(g) && g >= 1 && g <= n)) throw new InputError(`survivalCalibrationGroups: ${g} groups of ${n} patients; give a whole number from 1 to the number of patients.`);
  const sorted = Float64Array.from(survival).sort();
  // a group ends with the value that completes its share, as Hmisc::cut2
  const ends = [...new Set(Array.from({ length: g - 1 }, (_, k) => sorted[Math.ceil(((k + 1) * n) / g - 1e-9) - 1]))].filter((v) => v < sorted[n - 1]);
  const members: number[][] = Array.from({ length: ends.length + 1 }, () => []);
  for (let i = 0; i < n; i++) members[ends.filter((e) => survival[i] > e).length].push(i);
  const warnings = members.length < g ? [`Only ${members.length} of ${g} groups could be made: many predictions are equal.`] : [];
  const groups = members.map((rows): CalibrationGroup => {
    const one = { time: rows.map((i) => data.time[i]), event: rows.map((i) => data.event[i]) };
    const [at] = survivalAt(kaplanMeier(one, options.level === undefined ? {} : { level: options.level }), [time]);
    const predicted = rows.reduce((a, i) => a + survival[i], 0) / rows.length;
    if (at.atRisk < 10) warnings.push(`In the group predicted ${predicted.toFixed(3)} only ${at.atRisk} patients are still followed at ${time}.`);
    return {
      predicted, n: rows.length, events: one.event.reduce((a, b) => a + b, 0), observed: at.survival, standardErrorOfLog: at.survival > 0 ? at.standardError / at.survival : NaN,
      lower: at.lower, upper: at.upper, difference: at.survival - predicted, atRisk: at.atRisk,
    };
  });
  return { time, groups, warnings };
}

export type SurvivalCalibration = {
  time: number; method: "cox spline" | "pseudo-values"; knots: number[];
  /** for each patient: predicted risk, and the smooth observed risk of those with that prediction */
  predicted: number[]; observed: number[];
  /** mean, median and 90th percentile of |observed − predicted| */
  ici: number; e50: number; e90: number;
  /** Kaplan–Meier risk at t over the mean predicted risk; 1 is right in the large */
  observedOverExpected: number;
  /** Cox coefficient of log(−log(1 − risk)) and its standard error; 1 is right */
  slope: number; slopeSe: number; warnings: string[];
};

/**
 * Smooth calibration of predicted risks at t, with ICI, E50 and E90 (Austin, Harrell & van Klaveren, Stat Med 2020;39:2714).
 * "cox spline" (default): a Cox model of the outcome on a restricted cubic spline (3 knots at Harrell's quantiles) of log(−log(1 − risk)), and its predicted
 * risk at t (Breslow's baseline with Efron ties, as coxph and predict). "pseudo-values": least squares of the pseudo-values of the risk on a spline of the risk
 * itself (a calibrated prediction is a straight line there), cut to [0, 1]; it needs no proportional hazards (Royston, Stata J 2015;15:275). E90 is a type-7 quantile. Slope and observed/expected as usual.
 * In R: `coxph(Surv(time, event) ~ rcs(log(-log(1 - risk)), 3))`. Risks of 0 or 1 are moved to 1e-8 and 1 − 1e-8 with a warning; fewer distinct predictions than
 * knots make the spline a straight line, with a warning.
 *
 * @param risk  n predicted probabilities of the event by t
 * @throws InputError on follow-up as kaplanMeier; risks outside 0 … 1 or all equal, a time not above 0 or without event by then, knots other than 3 … 7
 */
export function survivalCalibrationCurve(data: FollowUp, risk: ArrayLike<number>, time: number, options: CurveOptions = {}): SurvivalCalibration {
  const n = risk.length;
  const { observed, x, knots, method, warnings } = smoothObservedRisk(data, risk, time, options);
  const line = coxFit(design([x]), { time: data.time, event: data.event });
  const [atTime] = survivalAt(kaplanMeier(data), [time]);
  const gaps = observed.map((o, i) => Math.abs(o - risk[i]));
  let [sum, expected] = [0, 0];
  for (let i = 0; i < n; i++) {
    sum += gaps[i];
    expected += risk[i];
  }
  return {
    time, method, knots, predicted: Array.from(risk), observed, ici: sum / n, e50: quantile(gaps, 0.5), e90: quantile(gaps, 0.9),
    observedOverExpected: (1 - atTime.survival) / (expected / n), slope: line.coefficients[0], slopeSe: line.se[0], warnings: [...warnings, ...line.warnings.map((w) => `Slope: ${w}`)],
  };
}

type CurveOptions = { method?: "cox spline" | "pseudo-values"; knots?: number };

/** The smooth observed risk of `survivalCalibrationCurve` alone, at a third of its cost; `x` is log(−log(1 − risk)). Errors as there. */
export function smoothObservedRisk(data: FollowUp, risk: ArrayLike<number>, time: number, options: CurveOptions = {}): { observed: number[]; x: Float64Array; knots: number[]; method: "cox spline" | "pseudo-values"; warnings: string[] } {
  checkPredictions("survivalCalibrationCurve", data, risk, time);
  const { method = "cox spline", knots: count = 3 } = options;
  const warnings: string[] = [];
  const inside = Float64Array.from(risk, (r) => Math.min(1 - 1e-8, Math.max(1e-8, r)));
  if (inside.some((r, i) => r !== risk[i])) warnings.push("Some risks are 0 or 1, which no probability of a living patient is; they were moved inside by 1e-8.");
  const x = inside.map((r) => log(-log(1 - r)));
  if (x.every((v) => v === x[0])) throw new InputError("survivalCalibrationCurve: all predicted risks are equal; there is no curve. Compare the risk with the Kaplan–Meier estimate instead.");
  if (!data.event || !Array.from(data.event).some((e, i) => e === 1 && data.time[i] <= time)) throw new InputError(`survivalCalibrationCurve: no event is seen by ${time}; calibration there cannot be judged.`);
  let knots: number[] = [];
  const scale = method === "cox spline" ? x : inside;
  let columns: Float64Array[] = [scale];
  try {
    knots = splineKnots(scale, count);
    columns = restrictedCubicSpline(scale, knots);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (![3, 4, 5, 6, 7].includes(count)) throw error;
    warnings.push("Too few distinct predictions for a spline: a straight line was fitted.");
  }
  const observed = method === "cox spline" ? byCox(data, columns, time, warnings) : byPseudoValues(data, columns, time);
  return { observed, x, knots, method, warnings };
}

function byCox(data: FollowUp, columns: Float64Array[], time: number, warnings: string[]): number[] {
  const fit: CoxModel = coxFit(design(columns), { time: data.time, event: data.event });
  warnings.push(...fit.warnings);
  const { survival } = coxSurvival(fit, design(columns), [time]);
  return Array.from(survival[0], (s) => 1 - s);
}

/** The Cox spline's observed risk at the risks of `at`; NaN beyond the predictions, and everywhere without an event by the time or without spread. */
export function coxSplineAt(data: FollowUp, risk: ArrayLike<number>, time: number, at: ArrayLike<number>, count: number): Float64Array {
  const scale = (r: number) => log(-log(1 - Math.min(1 - 1e-8, Math.max(1e-8, r))));
  const [x, wanted] = [Float64Array.from(risk, scale), Float64Array.from(at, scale)];
  const [low, high] = [x.reduce((a, b) => Math.min(a, b)), x.reduce((a, b) => Math.max(a, b))];
  const out = new Float64Array(at.length).fill(NaN);
  let seen = false;
  for (let i = 0; i < x.length; i++) if (data.event[i] === 1 && data.time[i] <= time) seen = true;
  if (!seen || low === high) return out;
  let knots: number[] | undefined;
  try { knots = splineKnots(x, count); } catch (error) { if (!(error instanceof InputError)) throw error; }
  const basis = (values: Float64Array) => (knots === undefined ? [values] : restrictedCubicSpline(values, knots));
  const fit = coxFit(design(basis(x)), { time: data.time, event: data.event });
  const [survival] = coxSurvival(fit, design(basis(wanted)), [time]).survival;
  return out.map((_, k) => (wanted[k] >= low && wanted[k] <= high ? 1 - survival[k] : NaN));
}

function byPseudoValues(data: FollowUp, columns: Float64Array[], time: number): number[] {
  const [pseudo] = pseudoValues(data, [time]);
  const all = [new Float64Array(pseudo.length).fill(1), ...columns];
  const { coefficients } = leastSquares(all, pseudo.map((p) => 1 - p));
  return Array.from(pseudo, (_, i) => Math.min(1, Math.max(0, all.reduce((a, c, j) => a + (Number.isFinite(coefficients[j]) ? coefficients[j] * c[i] : 0), 0))));
}

function design(columns: Float64Array[]): Design {
  return { names: columns.map((_, j) => (j === 0 ? "log(-log(1 - risk))" : `spline ${j}`)), columns, n: columns[0].length };
}

function checkPredictions(who: string, data: FollowUp, probability: ArrayLike<number>, time: number): number {
  const n = checkFollowUp(who, data, { prediction: probability });
  if (!(time > 0 && time < Infinity)) throw new InputError(`${who}: the time is ${time}; give a finite time > 0 in the unit of the follow-up.`);
  for (let i = 0; i < n; i++) if (!(probability[i] >= 0 && probability[i] <= 1)) throw new InputError(`${who}: the prediction of row ${i + 1} is ${probability[i]}; it must be a probability from 0 to 1.`);
  return n;
}

/**
 * Predicted survival from a linear predictor and a baseline survival at the same time: S₀(t)^exp(η). Cox 1972.
 * @throws InputError on a baseline outside 0 … 1, a linear predictor that is not finite
 */
export function survivalFromPredictor(baseline: number, linearPredictor: ArrayLike<number>): Float64Array {
  if (!(baseline >= 0 && baseline <= 1)) throw new InputError(`survivalFromPredictor: the baseline survival is ${baseline}; it must lie from 0 to 1.`);
  for (let i = 0; i < linearPredictor.length; i++) {
    if (!Number.isFinite(linearPredictor[i])) throw new InputError(`survivalFromPredictor: the linear predictor of row ${i + 1} is ${linearPredictor[i]}; it must be a finite number, leave the row out or impute its variables first.`);
  }
  return Float64Array.from(linearPredictor, (eta) => (baseline === 0 || baseline === 1 ? baseline : exp(log(baseline) * exp(eta))));
}
