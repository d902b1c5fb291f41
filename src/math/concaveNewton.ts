import { cholesky, inverseCholesky, solveCholesky } from "./cholesky.js";

/** A concave function with its gradient (k) and minus its Hessian (k × k, row by row). */
export type Curved = { value: number; gradient: Float64Array; information: Float64Array };
/** `factor` is the Cholesky factor of the information at the maximum; undefined where it is singular. */
export type ConcaveMaximum = { at: Float64Array; value: number; factor?: Float64Array; covariance?: Float64Array; iterations: number; converged: boolean };

/**
 * Maximum of a concave function by Newton's method with step-halving; converged where a full step promises a gain below 1e-12 · (1 + |value|), and the
 * gains fell fast (a maximum at infinity, as under separation, never converges).
 * A singular information gets a ridge for the step. Nocedal & Wright, Numerical Optimization, 2nd ed. 2006, 3.3–3.4.
 */
export function concaveNewton(f: (at: Float64Array) => Curved, start: Float64Array, maxIterations = 50): ConcaveMaximum {
  const k = start.length;
  let at = start;
  let now = f(at);
  let converged = k === 0;
  let iterations = 0;
  let gain = Infinity;
  while (!converged && iterations < maxIterations) {
    let factor = cholesky(now.information, k);
    for (let ridge = 1e-8; factor === undefined && ridge < 1; ridge *= 100) {
      const share = ridge;
      factor = cholesky(now.information.map((v, a) => (a % (k + 1) === 0 ? v * (1 + share) + 1e-12 : v)), k);
    }
    if (factor === undefined) break;
    const step = solveCholesky(factor, k, now.gradient);
    let rise = 0;
    for (let a = 0; a < k; a++) rise += step[a] * now.gradient[a];
    if (!(rise < Infinity)) break;
    iterations++;
    let length = 1;
    const from = at, before = now.value;
    let next = now;
    for (; length > 1e-8; length /= 2) {
      const share = length;
      at = from.map((v, a) => v + share * step[a]);
      next = f(at);
      if (next.value >= before - 1e-12 * Math.abs(before)) break;
    }
    if (!(next.value >= before - 1e-12 * Math.abs(before))) {
      at = from;
      break;
    }
    now = next;
    // near a maximum the gain falls by squares; where it only shrinks by a share, the maximum is at infinity
    converged = length === 1 && rise <= 1e-12 * (1 + Math.abs(before)) && rise <= 0.05 * gain;
    gain = rise;
  }
  const factor = cholesky(now.information, k);
  return { at, value: now.value, ...(factor && { factor, covariance: inverseCholesky(factor, k) }), iterations, converged: converged && (k === 0 || factor !== undefined) };
}
