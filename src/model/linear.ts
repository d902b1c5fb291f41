import { cholesky, InputError, inverseCholesky, log, solveCholesky, type Design } from "../math/index.js";
import { leverages, weightedGram } from "./weightedGram.js";
import { INTERCEPT } from "./logistic.js";
import { checkPerPatient, originalCoefficients, originalCovariance, standardDesign } from "./standardDesign.js";
import { fTail, tCritical, tTails } from "./tails.js";

export type LinearOptions = { weights?: ArrayLike<number>; offset?: ArrayLike<number>; intercept?: boolean; level?: number };
export type LinearFit = {
  kind: "linear"; intercept: boolean; names: string[]; coefficient: number[]; se: number[]; t: number[]; p: number[]; lower: number[]; upper: number[]; level: number;
  covariance: number[][];
  /** residual standard deviation, in the outcome's unit */
  sigma: number;
  r2: number; adjustedR2: number;
  f: { value: number; df1: number; df2: number; p: number };
  /** parameters, intercept and sigma included (as R's logLik of an lm) */
  df: number; dfResidual: number; logLik: number; aic: number; bic: number; n: number;
  fitted: number[]; residual: number[]; leverage: number[]; cook: number[];
  aliased: string[]; warnings: string[];
};

/**
 * Linear regression by (weighted) least squares: t tests and intervals, R², F against the intercept, residuals, leverage, Cook's
 * distance (Cook, Technometrics 1977;19:15), AIC and BIC with sigma counted as a parameter. Agrees with R 4.2.2 lm, summary, confint, AIC, BIC.
 * `fitted`, `residual`, `leverage`, `cook` are those of the patients with a weight above 0, in their order.
 * @throws InputError: values not finite, lengths that differ, negative or infinite weights, a constant outcome, at least as many columns as patients
 */
export function linearFit(design: Design, value: ArrayLike<number>, options: LinearOptions = {}): LinearFit {
  const who = "Linear regression";
  const { intercept = true, level = 0.95, weights, offset } = options;
  checkPerPatient(who, "outcomes", value, design.n);
  if (!(level > 0 && level < 1)) throw new InputError(`${who}: the level of the intervals is ${level}, expected a number between 0 and 1 such as .95.`);
  if (weights !== undefined) checkPerPatient(who, "weights", weights, design.n, 0);
  if (offset !== undefined) checkPerPatient(who, "offsets", offset, design.n);
  const s = standardDesign(who, design, { intercept, weights });
  const p = s.columns.length;
  const { n } = s;
  if (p >= n) throw new InputError(`${who}: ${p} coefficients (intercept included) for ${n} patients fit anything; select variables first or use the elastic net.`);
  const y = Float64Array.from(s.rows, (i) => value[i] - (offset?.[i] ?? 0));
  const w = Float64Array.from(s.rows, (i) => weights?.[i] ?? 1);
  const total = w.reduce((a, b) => a + b, 0);
  const mean = intercept ? y.reduce((a, v, i) => a + w[i] * v, 0) / total : 0;
  const around = y.reduce((a, v, i) => a + w[i] * (v - mean) * (v - mean), 0);
  if (!(around > 0)) throw new InputError(`${who}: the outcome is ${value[s.rows[0]]} in all ${n} patients; it must vary. Choose another outcome.`);
  const factor = cholesky(weightedGram(s.columns, w), p) ?? new Float64Array(p * p).fill(NaN);
  const centred = y.map((v) => v - mean);
  const gamma = solveCholesky(factor, p, s.columns.map((x) => x.reduce((a, v, i) => a + v * w[i] * centred[i], 0)));
  if (intercept) gamma[0] += mean;
  const fitted = Float64Array.from(y, (_, i) => s.columns.reduce((a, x, j) => a + x[i] * gamma[j], 0));
  const residual = y.map((v, i) => v - fitted[i]);
  const rss = residual.reduce((a, e, i) => a + w[i] * e * e, 0);
  const dfResidual = n - p;
  const variance = rss / dfResidual;
  const covariance = originalCovariance(s, inverseCholesky(factor, p).map((v) => v * variance), design.columns.length);
  const coefficient = originalCoefficients(s, gamma, design.columns.length);
  const se = covariance.map((row, j) => Math.sqrt(row[j]));
  const t = coefficient.map((b, j) => b / se[j]);
  const width = tCritical(level, dfResidual);
  const df1 = p - (intercept ? 1 : 0);
  const f = df1 > 0 ? (around - rss) / df1 / variance : NaN;
  const logLik = 0.5 * (w.reduce((a, v) => a + log(v), 0) - n * (log(2 * Math.PI) + 1 - log(n) + log(rss)));
  const leverage = leverages(s.columns, factor, w);
  const warnings = s.aliased.map(({ name, why }) => `${name}: ${why}; it has no coefficient. Leave it out.`);
  if (rss < 1e-24 * around) warnings.push("The fit is perfect: every residual is 0 to rounding, so standard errors mean nothing. Is the outcome among the variables?");
  return {
    kind: "linear", intercept, names: [...(intercept ? [INTERCEPT] : []), ...design.names], coefficient, se, t, p: t.map((v) => tTails(v, dfResidual)),
    lower: coefficient.map((b, j) => b - width * se[j]), upper: coefficient.map((b, j) => b + width * se[j]), level,
    covariance, sigma: Math.sqrt(variance), r2: 1 - rss / around, adjustedR2: 1 - (rss / dfResidual) / (around / (n - (intercept ? 1 : 0))),
    f: { value: f, df1, df2: dfResidual, p: fTail(f, df1, dfResidual) },
    df: p + 1, dfResidual, logLik, aic: -2 * logLik + 2 * (p + 1), bic: -2 * logLik + log(n) * (p + 1), n,
    fitted: Array.from(fitted, (v, i) => v + (offset?.[s.rows[i]] ?? 0)), residual: [...residual], leverage: [...leverage],
    cook: Array.from(residual, (e, i) => ((w[i] * e * e) / variance / p) * (leverage[i] / ((1 - leverage[i]) * (1 - leverage[i])))),
    aliased: s.aliased.map((a) => a.name), warnings,
  };
}
