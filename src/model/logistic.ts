import { cholesky, InputError, inverseCholesky, log, type Design } from "../math/index.js";
import { glmInformation, logistic, logisticNewton } from "./logisticNewton.js";
import { findSeparation, separationWarning, type Separation } from "./separation.js";
import { checkPerPatient, originalCoefficients, originalCovariance, standardDesign, unknown, type StandardDesign } from "./standardDesign.js";
import { chiSquaredTail, normalCritical, normalTails } from "./tails.js";
import type { TermTest } from "./stepwise.js";

export type LogisticOptions = {
  /** case weights, at least 0; patients of weight 0 do not count */
  weights?: ArrayLike<number>;
  /** added to the linear predictor, coefficient 1 */
  offset?: ArrayLike<number>;
  /** default true */
  intercept?: boolean;
  /** of the intervals, default .95 */
  level?: number;
  /**
   * where the information behind se is taken: "maximum" (default, exact), or "glm": at the last but one iterate of R's IRLS with its
   * stop rule (deviance changes by < 1e-8), which is what R prints; the two differ in the fifth digit at most
   */
  informationAt?: "maximum" | "glm";
};

/** A coefficient table's columns, one entry a name; "(Intercept)" first where there is one. NaN: not to be had, `warnings` says why. */
export type CoefficientTable = {
  names: string[]; coefficient: number[]; se: number[]; z: number[]; p: number[]; lower: number[]; upper: number[]; level: number;
};

export type LogisticFit = CoefficientTable & {
  kind: "logistic";
  intercept: boolean;
  covariance: number[][];
  logLik: number;
  nullLogLik: number;
  deviance: number;
  nullDeviance: number;
  /** parameters estimated, intercept included */
  df: number;
  dfResidual: number;
  dfNull: number;
  n: number;
  events: number;
  aic: number;
  bic: number;
  bicEvents: number;
  /** all coefficients but the intercept against none */
  likelihoodRatio: TermTest;
  wald: TermTest;
  separation?: Separation;
  /** constant or dependent columns, left out (coefficient NaN) */
  aliased: string[];
  iterations: number;
  converged: boolean;
  warnings: string[];
};

export const INTERCEPT = "(Intercept)";

/**
 * Logistic regression by maximum likelihood: log(p / (1 − p)) = β₀ + Σ βⱼ xⱼ + offset, weights multiplying each patient's
 * log-likelihood. Newton's method (= IRLS) with step-halving on standardised columns; Wald tests and intervals β ± z·se,
 * likelihood-ratio test against the intercept, deviance, AIC, BIC with log(patients) and with log(events). McCullagh & Nelder,
 * Generalized Linear Models, 1989. Agrees with R 4.2.2 glm(binomial), summary, confint.default (profile: `logisticProfile`).
 *
 * A constant or dependent column gets NaN and a warning, as R's NA. Under separation the coefficients are those at which the
 * likelihood came to rest, good for prediction only: se, z, p and interval of the named variables (and the intercept) are NaN with a warning.
 *
 * @param design  columns without intercept, n patients
 * @param event   n flags, 1 event
 * @throws InputError: one-class outcome, values not finite, lengths that differ, negative or infinite weights, at least as many columns as patients
 */
export function logisticFit(design: Design, event: ArrayLike<number>, options: LogisticOptions = {}): LogisticFit {
  const { intercept = true, level = 0.95 } = options;
  const { s, y, weights, offset } = logisticInput("Logistic regression", design, event, options);
  const at = logisticNewton(s.columns, y, weights, offset);
  const p = s.columns.length;
  const warnings = s.aliased.map(({ name, why }) => `${name}: ${why}; it has no coefficient. Leave it out.`);
  const separation = findSeparation(design, s, event, offset, at);
  if (separation !== undefined) warnings.push(separationWarning(separation));
  else if (!at.converged) warnings.push(`The iteration stopped after ${at.iterations} steps without coming to rest; coefficients are not reliable. Rescale or leave out variables.`);
  const names = [...(intercept ? [INTERCEPT] : []), ...design.names];
  const information = options.informationAt === "glm" ? glmInformation(s.columns, y, weights, offset) : at.information;
  const factor = cholesky(information, p);
  const covariance = factor && (separation === undefined || separation.kind === "quasi")
    ? originalCovariance(s, inverseCholesky(factor, p), design.columns.length)
    : names.map(() => unknown(names.length));
  // what runs away has no Wald test: the variables that separate, and the intercept with them
  names.forEach((name, a) => {
    if (separation === undefined || !(separation.variables.includes(name) || name === INTERCEPT)) return;
    for (let b = 0; b < names.length; b++) covariance[a][b] = covariance[b][a] = NaN;
  });
  const nullLogLik = logisticNull(y, weights, offset, intercept);
  const likelihoodRatio = chiSquared(2 * (at.logLik - nullLogLik), p - (intercept ? 1 : 0));
  const events = y.reduce((a, b) => a + b, 0);
  return {
    kind: "logistic", intercept,
    ...coefficientTable(names, originalCoefficients(s, at.gamma, design.columns.length), covariance, level),
    covariance, logLik: at.logLik, nullLogLik, deviance: -2 * at.logLik, nullDeviance: -2 * nullLogLik,
    df: p, dfResidual: s.n - p, dfNull: s.n - (intercept ? 1 : 0), n: s.n, events,
    aic: -2 * at.logLik + 2 * p, bic: -2 * at.logLik + log(s.n) * p, bicEvents: -2 * at.logLik + log(events) * p,
    likelihoodRatio, wald: waldTest(s, at.gamma, information, separation !== undefined),
    ...(separation === undefined ? {} : { separation }),
    aliased: s.aliased.map((a) => a.name), iterations: at.iterations, converged: at.converged && separation === undefined, warnings,
  };
}

/**
 * Linear predictor of each row of a design with the fit's columns, in its order. Aliased columns count 0. As R predict(glm, type = "link").
 * @throws InputError where the columns are not those of the fit
 */
export function logisticLinear(fit: { names: string[]; coefficient: (number | null)[]; intercept: boolean }, design: Design, offset?: ArrayLike<number>): Float64Array {
  const first = fit.intercept ? 1 : 0;
  const expected = fit.names.slice(first);
  if (expected.length !== design.names.length || expected.some((name, j) => name !== design.names[j])) {
    throw new InputError(`Logistic regression: the model was fitted on ${expected.join(", ")}, but the design holds ${design.names.join(", ")}; give the same columns in the same order.`);
  }
  if (offset !== undefined) checkPerPatient("Logistic regression", "offsets", offset, design.n);
  const eta = Float64Array.from({ length: design.n }, (_, i) => (first ? Number(fit.coefficient[0]) : 0) + (offset?.[i] ?? 0));
  design.columns.forEach((column, j) => {
    const b = fit.coefficient[j + first];
    if (b !== null && !Number.isNaN(b)) for (let i = 0; i < design.n; i++) eta[i] += b * column[i];
  });
  return eta;
}

/** Probability of the event of each row: 1 / (1 + e^−lp). As R predict(glm, type = "response"). @throws InputError as logisticLinear */
export function logisticProbability(fit: Parameters<typeof logisticLinear>[0], design: Design, offset?: ArrayLike<number>): Float64Array {
  return logisticLinear(fit, design, offset).map(logistic);
}

/** Checked and standardised input of a logistic regression, rows of weight 0 left out. */
export function logisticInput(
  who: string, design: Design, event: ArrayLike<number>, options: LogisticOptions & { centre?: boolean },
): { s: StandardDesign; y: Uint8Array; weights: Float64Array; offset: Float64Array } {
  const { weights, offset, intercept = true, level = 0.95 } = options;
  if (event.length !== design.n) throw new InputError(`${who}: the outcome has ${event.length} patients but the design ${design.n}; give the same patients in the same order.`);
  if (!(level > 0 && level < 1)) throw new InputError(`${who}: the level of the intervals is ${level}, expected a number between 0 and 1 such as .95.`);
  if (weights !== undefined) checkPerPatient(who, "weights", weights, design.n, 0);
  if (offset !== undefined) checkPerPatient(who, "offsets", offset, design.n);
  for (let i = 0; i < design.n; i++) {
    if (event[i] !== 0 && event[i] !== 1) throw new InputError(`${who}: the outcome is ${event[i]} in row ${i + 1}, expected 0 or 1.`);
  }
  const s = standardDesign(who, design, { intercept, weights, centre: options.centre !== false });
  const y = new Uint8Array(s.n);
  const own = new Float64Array(s.n).fill(1);
  const ownOffset = new Float64Array(s.n);
  let events = 0;
  for (let k = 0; k < s.n; k++) {
    const i = s.rows[k];
    y[k] = event[i];
    events += y[k];
    if (weights !== undefined) own[k] = weights[i];
    if (offset !== undefined) ownOffset[k] = offset[i];
  }
  if (events === 0 || events === s.n) {
    throw new InputError(`${who}: all ${s.n} patients have outcome ${events === 0 ? 0 : 1}; both outcomes are needed. Choose other patients or another outcome.`);
  }
  if (s.columns.length >= s.n) {
    throw new InputError(`${who}: ${s.columns.length} coefficients (intercept included) for ${s.n} patients fit anything; select variables first or use the elastic net.`);
  }
  return { s, y, weights: own, offset: ownOffset };
}

/** Log-likelihood of the intercept alone (or of nothing) beside the offset. */
export function logisticNull(y: Uint8Array, weights: Float64Array, offset: Float64Array, intercept: boolean): number {
  if (intercept && offset.every((o) => o === 0)) {
    // the maximum is at the share of events
    let [events, all] = [0, 0];
    for (let i = 0; i < y.length; i++) {
      all += weights[i];
      if (y[i] === 1) events += weights[i];
    }
    return events * log(events / all) + (all - events) * log((all - events) / all);
  }
  return logisticNewton(intercept ? [new Float64Array(y.length).fill(1)] : [], y, weights, offset).logLik;
}

/** se, z, p and Wald interval of coefficients with a covariance. */
export function coefficientTable(names: string[], coefficient: number[], covariance: number[][], level: number): CoefficientTable {
  const se = covariance.map((row, j) => Math.sqrt(row[j]));
  const z = coefficient.map((b, j) => b / se[j]);
  const width = normalCritical(level);
  return {
    names, coefficient, se, z, p: z.map(normalTails),
    lower: coefficient.map((b, j) => b - width * se[j]), upper: coefficient.map((b, j) => b + width * se[j]), level,
  };
}

/** A chi-squared statistic with its upper tail; with 0 degrees of freedom p is NaN. */
export function chiSquared(statistic: number, df: number): TermTest {
  return { statistic, df, p: df > 0 ? chiSquaredTail(Math.max(0, statistic), df) : NaN };
}

/** γᵀ V⁻¹ γ of all slopes, V their block of the inverse information. */
function waldTest(s: StandardDesign, gamma: Float64Array, information: Float64Array, separated: boolean): TermTest {
  const p = gamma.length;
  const first = s.intercept ? 1 : 0;
  if (separated) return { statistic: NaN, df: p - first, p: NaN };
  let statistic = 0;
  for (let a = first; a < p; a++) {
    for (let b = first; b < p; b++) {
      // V⁻¹ is the information with the intercept swept out
      const swept = information[a * p + b] - (first ? (information[a * p] * information[b]) / information[0] : 0);
      statistic += gamma[a] * swept * gamma[b];
    }
  }
  return chiSquared(statistic, p - first);
}
