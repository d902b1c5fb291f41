import { exp, log } from "../math/index.js";
import type { Numbers } from "./binaryInput.js";

/** A small logistic fit for calibration: coefficients (intercept first), their covariance, log-likelihood. */
export type SmallLogistic = { coefficients: number[]; covariance: number[][]; logLikelihood: number; converged: boolean };

/** 1 / (1 + e⁻ˣ) without overflow. */
export function expit(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

/** ln(p / (1 − p)); ±Infinity at 1 and 0. */
export function logit(p: number): number {
  return log(p) - log(1 - p);
}

/** ln(1 + eˣ) without overflow. */
function softplus(x: number): number {
  const e = exp(-Math.abs(x));
  // ln(1 + e) for small e by its series, which keeps the last digits
  const l = e < 1e-5 ? e * (1 - e / 2) : log(1 + e);
  return x > 0 ? x + l : l;
}

/** Log-likelihood of linear predictors. */
export function bernoulliLogLikelihood(eta: Numbers, event: Numbers): number {
  let sum = 0;
  for (let i = 0; i < event.length; i++) sum += event[i] * eta[i] - softplus(eta[i]);
  return sum;
}

/**
 * Logistic regression of a few columns by Newton's method with step halving, at most 50 steps. Private to calibration, where the
 * model's own linear predictor is the only or first covariate. Separation ends in converged false.
 */
export function smallLogistic(columns: Float64Array[], event: Numbers, offset?: Numbers): SmallLogistic {
  const n = event.length;
  const p = columns.length + 1;
  // columns are centred and scaled, so that Newton's equations are well conditioned; results are turned back
  const centre = columns.map((c) => { let s = 0; for (let i = 0; i < n; i++) s += c[i]; return s / n; });
  const scale = columns.map((c, j) => { let s = 0; for (let i = 0; i < n; i++) s += (c[i] - centre[j]) * (c[i] - centre[j]); return Math.sqrt(s / n) || 1; });
  const x = columns.map((c, j) => c.map((v) => (v - centre[j]) / scale[j]));
  let beta = new Float64Array(p);
  let eta = linear(x, beta, offset, n);
  let loglik = bernoulliLogLikelihood(eta, event);
  let converged = false;
  let information = informationOf(x, eta, n);
  for (let step = 0; step < 50 && !converged; step++) {
    const score = new Float64Array(p);
    for (let i = 0; i < n; i++) {
      const r = event[i] - expit(eta[i]);
      score[0] += r;
      for (let j = 1; j < p; j++) score[j] += r * x[j - 1][i];
    }
    const inverse = invert(information);
    if (inverse === undefined) break;
    const move = inverse.map((row) => row.reduce((s, v, j) => s + v * score[j], 0));
    let size = 1;
    for (let half = 0; half < 30; half++, size /= 2) {
      const tried = beta.map((b, j) => b + size * move[j]);
      const etaTried = linear(x, tried, offset, n);
      const value = bernoulliLogLikelihood(etaTried, event);
      if (value >= loglik - 1e-12 * Math.abs(loglik)) {
        beta = tried;
        eta = etaTried;
        loglik = value;
        break;
      }
    }
    converged = move.every((m) => Math.abs(m) <= 1e-10);
    information = informationOf(x, eta, n);
    if (beta.some((b) => Math.abs(b) > 1e3)) break;
  }
  const inverse = invert(information);
  const slopes = Array.from(beta.subarray(1), (b, j) => b / scale[j]);
  const coefficients = [beta[0] - slopes.reduce((s, b, j) => s + b * centre[j], 0), ...slopes];
  // back to the raw columns: intercept loses centre/scale of every column
  const turn = Array.from({ length: p }, (_, r) => Array.from({ length: p }, (_, c) =>
    r === 0 ? (c === 0 ? 1 : -centre[c - 1] / scale[c - 1]) : r === c ? 1 / scale[c - 1] : 0));
  const covariance = inverse === undefined
    ? turn.map((row) => row.map(() => NaN))
    : turn.map((a) => turn.map((b) => a.reduce((s, v, j) => s + v * inverse[j].reduce((t, w, k) => t + w * b[k], 0), 0)));
  const separated = eta.every((e, i) => (event[i] === 1 ? e > 10 : e < -10));
  return { coefficients, covariance, logLikelihood: loglik, converged: converged && inverse !== undefined && !separated };
}

function linear(x: Float64Array[], beta: Float64Array, offset: Numbers | undefined, n: number): Float64Array {
  const eta = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let e = beta[0] + (offset === undefined ? 0 : offset[i]);
    for (let j = 1; j < beta.length; j++) e += beta[j] * x[j - 1][i];
    eta[i] = e;
  }
  return eta;
}

function informationOf(x: Float64Array[], eta: Float64Array, n: number): number[][] {
  const p = x.length + 1;
  const m = Array.from({ length: p }, () => Array.from({ length: p }, () => 0));
  for (let i = 0; i < n; i++) {
    const mu = expit(eta[i]);
    const w = mu * (1 - mu);
    m[0][0] += w;
    for (let a = 1; a < p; a++) {
      const wa = w * x[a - 1][i];
      m[a][0] += wa;
      for (let b = 1; b <= a; b++) m[a][b] += wa * x[b - 1][i];
    }
  }
  for (let a = 0; a < p; a++) for (let b = a + 1; b < p; b++) m[a][b] = m[b][a];
  return m;
}

/** Inverse of a small symmetric positive definite matrix by Gauss–Jordan; undefined where it is singular. */
function invert(matrix: number[][]): number[][] | undefined {
  const p = matrix.length;
  const a = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < p; k++) {
    const pivot = a[k][k];
    if (!(pivot > 1e-12 * matrix[k][k]) || !(pivot > 1e-280)) return undefined;
    for (let j = 0; j < 2 * p; j++) a[k][j] /= pivot;
    for (let i = 0; i < p; i++) {
      if (i === k) continue;
      const f = a[i][k];
      for (let j = 0; j < 2 * p; j++) a[i][j] -= f * a[k][j];
    }
  }
  return a.map((row) => row.slice(p));
}
