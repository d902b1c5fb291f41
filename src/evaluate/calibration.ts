import { chiSquaredCdf, InputError, normalCdf, normalQuantile } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";
import { checkRisk, countClassesOfRisk, type Numbers } from "./binaryInput.js";
import { bernoulliLogLikelihood, expit, logit, smallLogistic } from "./logisticFit.js";

/** An estimate with its normal interval and the Wald test of `null`. */
export type CalibrationEstimate = { estimate: number; se: number; lower: number; upper: number; null: number; z: number; p: number };

export type CalibrationLine = {
  n: number; events: number;
  /** slope of the outcome on logit(risk); 1 is right, below 1 too extreme risks */
  slope: CalibrationEstimate;
  /** intercept beside that slope; 0 is right */
  intercept: CalibrationEstimate;
  /** intercept with the slope held at 1; 0 is right, above 0 the risks are too low on the whole */
  inTheLarge: CalibrationEstimate;
  /** observed events per expected event */
  observedToExpected: number;
  /** likelihood ratio tests: slope 1 given the intercept; intercept 0 given slope 1; both at once (Miller's test of unreliability, 2 df) */
  tests: Record<"slope" | "inTheLarge" | "both", { chiSquared: number; df: number; p: number }>;
  level: number; warnings: string[];
};

/** Log-odds of risks; a risk of 0 or 1 is moved in by `margin` with a warning, since its log-odds is infinite. */
export function logOdds(who: string, risk: Numbers, warnings: string[], margin = 1e-10): Float64Array {
  let moved = 0;
  const odds = Float64Array.from(risk, (r) => {
    if (r >= margin && r <= 1 - margin) return logit(r);
    moved++;
    return logit(r < 0.5 ? margin : 1 - margin);
  });
  if (moved > 0) warnings.push(`${who}: ${moved} of ${risk.length} risks are 0 or 1 (or nearer than ${margin}); they were moved in to ${margin} of it, check the model for separation.`);
  return odds;
}

/**
 * Calibration slope, intercept and calibration-in-the-large of predicted risks, from logistic regressions of the outcome on logit(risk)
 * and on logit(risk) as an offset (Cox, Biometrika 1958;45:562; Miller et al., Stat Med 1991;10:1213), with Wald intervals and tests
 * (slope = 1, intercept = 0) and likelihood ratio tests. Agrees with R glm(y ~ qlogis(p)) and glm(y ~ offset(qlogis(p))), rms::val.prob.
 *
 * @param risk  n predicted probabilities
 * @param event n flags
 * @throws InputError on risks outside 0 … 1, unequal lengths, one class. Constant risks: slope NaN with a warning.
 */
export function calibrationLine(risk: Numbers, event: Numbers, { level = 0.95 }: { level?: number } = {}): CalibrationLine {
  checkLevel("Calibration", level);
  const { n, events } = countClassesOfRisk("Calibration", risk, event);
  const warnings: string[] = [];
  const x = logOdds("Calibration", risk, warnings);
  const constant = x.every((v) => v === x[0]);
  if (constant) warnings.push(`Calibration: every patient has the same risk ${risk[0]}, so slope and intercept cannot be computed (NaN); only calibration-in-the-large is given.`);
  const large = smallLogistic([], event, x);
  const line = constant ? undefined : smallLogistic([x], event);
  if (line !== undefined && !line.converged) {
    warnings.push("Calibration: the risks separate events from the others (or nearly), so the slope has no finite estimate; it is left out (NaN), more patients are needed.");
  }
  const z = normalQuantile(0.5 + level / 2);
  const estimate = (fit: typeof large | undefined, k: number, nullValue: number): CalibrationEstimate => {
    const known = fit?.converged === true;
    const value = known ? fit.coefficients[k] : NaN;
    const se = known ? Math.sqrt(fit.covariance[k][k]) : NaN;
    const statistic = (value - nullValue) / se;
    return { estimate: value, se, lower: value - z * se, upper: value + z * se, null: nullValue, z: statistic, p: 2 * normalCdf(Math.abs(statistic), { upper: true }) };
  };
  const asGiven = bernoulliLogLikelihood(x, event);
  const fitted = line?.converged === true ? line.logLikelihood : NaN;
  const test = (gain: number, df: number) => {
    const chiSquared = Math.max(0, 2 * gain);
    return { chiSquared, df, p: chiSquaredCdf(chiSquared, df, { upper: true }) };
  };
  let expected = 0;
  for (let i = 0; i < n; i++) expected += risk[i];
  return {
    n, events, slope: estimate(line, 1, 1), intercept: estimate(line, 0, 0), inTheLarge: estimate(large, 0, 0), observedToExpected: events / expected,
    tests: { slope: test(fitted - large.logLikelihood, 1), inTheLarge: test(large.logLikelihood - asGiven, 1), both: test(fitted - asGiven, 2) },
    level, warnings,
  };
}

/** risk′ = expit(intercept + slope · logit(risk)) */
export type Recalibration = { intercept: number; slope: number };

/**
 * What puts risks right: the intercept moved so that their mean meets the outcome (recalibration-in-the-large), or intercept and slope
 * refitted ("line"). For a model trained on balanced rows, or moved to another prevalence. Steyerberg et al., Stat Med 2004;23:2567.
 * Fit it on rows that are not the ones it will be judged on; `recalibrate` applies it.
 * @throws InputError as calibrationLine, and where no finite line can be fitted
 */
export function recalibration(risk: Numbers, event: Numbers, { what = "intercept" }: { what?: "intercept" | "line" } = {}): Recalibration {
  const fit = calibrationLine(risk, event);
  const found = what === "intercept" ? { intercept: fit.inTheLarge.estimate, slope: 1 } : { intercept: fit.intercept.estimate, slope: fit.slope.estimate };
  if (!Number.isFinite(found.intercept) || !Number.isFinite(found.slope)) {
    throw new InputError(`Recalibration: no finite ${what} can be fitted. ${fit.warnings.join(" ")}`);
  }
  return found;
}

/**
 * Risks put right by a recalibration: logit(new) = intercept + slope·logit(old); 0 and 1 stay. Steyerberg et al., Stat Med 2004;23:2567 (methods 2 and 3).
 * In R: plogis(intercept + slope * qlogis(risk)).
 * @throws InputError on risks outside 0 … 1, an intercept or slope that is not finite
 */
export function recalibrate(risk: Numbers, { intercept, slope }: Recalibration): Float64Array {
  checkRisk("Recalibration", risk);
  if (!Number.isFinite(intercept) || !Number.isFinite(slope)) throw new InputError(`Recalibration: intercept ${intercept} and slope ${slope}, expected finite numbers; take those that recalibration() fits.`);
  return Float64Array.from(risk, (r) => (r === 0 || r === 1 ? r : expit(intercept + slope * logit(r))));
}
