import { cholesky, InputError, inverseCholesky, log, type Design } from "../math/index.js";
import { chiSquared, coefficientTable, INTERCEPT, logisticInput, type CoefficientTable, type LogisticOptions } from "./logistic.js";
import { logisticNewton } from "./logisticNewton.js";
import { logisticProfile, type ProfileResult } from "./logisticProfile.js";
import { originalCoefficients, originalCovariance } from "./standardDesign.js";
import type { TermTest } from "./stepwise.js";

export type FirthLogisticFit = CoefficientTable & {
  kind: "firthLogistic";
  intercept: boolean;
  covariance: number[][];
  /** log L + ½ log |I| */
  penalizedLogLik: number;
  /** of all slopes held at 0, |I| of the full model */
  nullPenalizedLogLik: number;
  likelihoodRatio: TermTest;
  /** penalised profile intervals and tests, to be preferred to the Wald columns; null where not asked for */
  profile: ProfileResult | null;
  df: number;
  n: number;
  events: number;
  aliased: string[];
  iterations: number;
  converged: boolean;
  warnings: string[];
};

/**
 * Firth's logistic regression: maximises log L + ½ log |I(β)|, which removes the first-order bias and gives finite estimates under
 * separation. Firth, Biometrika 1993;80:27; Heinze & Schemper, Stat Med 2002;21:2409. Steps I⁻¹ U*, U* = Σ xᵢ (yᵢ − pᵢ + hᵢ (½ − pᵢ)).
 * Covariance I⁻¹ at the estimate; intervals and tests both Wald and by the penalised profile likelihood (|I| of the full model).
 * Agrees with R brglm2 (type "AS_mean"); logistf's profile is the same construction.
 * @throws InputError as `logisticFit`
 */
export function firthLogistic(design: Design, event: ArrayLike<number>, options: LogisticOptions & { profile?: boolean } = {}): FirthLogisticFit {
  const { intercept = true, level = 0.95 } = options;
  const { s, y, weights, offset } = logisticInput("Firth's logistic regression", design, event, options);
  const at = logisticNewton(s.columns, y, weights, offset, { firth: true });
  const p = s.columns.length;
  const factor = cholesky(at.information, p);
  const names = [...(intercept ? [INTERCEPT] : []), ...design.names];
  const covariance = factor === undefined
    ? names.map(() => names.map(() => NaN))
    : originalCovariance(s, inverseCholesky(factor, p), design.columns.length);
  const warnings = s.aliased.map(({ name, why }) => `${name}: ${why}; it has no coefficient. Leave it out.`);
  if (!at.converged || factor === undefined) warnings.push(`The iteration stopped after ${at.iterations} steps without coming to rest; coefficients are not reliable. Rescale or leave out variables.`);
  const profile = options.profile === false ? null : logisticProfile(design, event, { ...options, firth: true });
  // log |I| of the design's own columns, from that of the standardised ones
  const shift = s.scale.reduce((sum, scale) => sum + log(scale), 0);
  const none = nullPenalized(s.columns, y, weights, offset, intercept);
  return {
    kind: "firthLogistic", intercept, ...coefficientTable(names, originalCoefficients(s, at.gamma, design.columns.length), covariance, level),
    covariance, penalizedLogLik: at.logLik + shift, nullPenalizedLogLik: none + shift,
    likelihoodRatio: chiSquared(2 * (at.logLik - none), p - (intercept ? 1 : 0)),
    profile, df: p, n: s.n, events: y.reduce((a, b) => a + b, 0), aliased: s.aliased.map((a) => a.name),
    iterations: at.iterations, converged: at.converged, warnings: [...warnings, ...(profile?.warnings ?? [])],
  };
}

/**
 * Penalised likelihood-ratio test that the coefficients of these columns (a factor's, say) are all 0 given the others: 2 (max − max with
 * them held at 0), |I| that of the whole model on both sides; df the columns that can be estimated (0 and p NaN where none can).
 * Heinze & Schemper, Stat Med 2002;21:2409, as R logistf's logistftest.
 * @throws InputError as `logisticFit`; no column named, or one that the design has not
 */
export function firthTermTest(design: Design, event: ArrayLike<number>, columns: readonly number[], options: LogisticOptions = {}): TermTest {
  if (columns.length === 0 || columns.some((j) => !(Number.isInteger(j) && j >= 0 && j < design.columns.length))) {
    throw new InputError(`firthTermTest was given columns ${columns.join(", ") || "none"} of a design of ${design.columns.length}. Name at least one of 0 … ${design.columns.length - 1}.`);
  }
  const { s, y, weights, offset } = logisticInput("Firth's logistic regression", design, event, options);
  const first = s.intercept ? 1 : 0;
  const heldAll = s.kept.flatMap((j, k) => (columns.includes(j) ? [k + first] : []));
  if (heldAll.length === 0) return chiSquared(0, 0);
  const best = logisticNewton(s.columns, y, weights, offset, { firth: true });
  const held = logisticNewton(s.columns, y, weights, offset, { firth: true, heldAll });
  if (!best.converged || !held.converged) return { statistic: NaN, df: heldAll.length, p: NaN };
  return chiSquared(2 * (best.logLik - held.logLik), heldAll.length);
}

/** Penalised likelihood with all slopes 0, maximised over the intercept; |I| of all columns. */
function nullPenalized(columns: Float64Array[], y: Uint8Array, weights: Float64Array, offset: Float64Array, intercept: boolean): number {
  const held = columns.map((_, j) => j).filter((j) => !(intercept && j === 0));
  return logisticNewton(columns, y, weights, offset, { firth: true, heldAll: held }).logLik;
}
