/**
 * Densities, distribution functions and quantiles as in R: d, p, q of norm, t, chisq, f, beta, gamma (binom and pois beside them).
 * Both tails are exact: `{ upper: true }` gives the probability above (or takes it, in a quantile) without 1 − p.
 * Parameters outside their range give NaN. Relative error about 1e-14; a quantile's relative error too.
 */
import { exp, log } from "./elementary.js";
import { betaTerm, incompleteBeta } from "./incompleteBeta.js";
import { gammaTerm, incompleteGamma } from "./incompleteGamma.js";
import { logBeta, logGamma } from "./logGamma.js";
import { normalCdf, normalDensity, normalQuantile, type Tail } from "./normal.js";
import { solveTail } from "./solveTail.js";

export { erf, erfc, normalCdf, normalDensity, normalQuantile, type Tail } from "./normal.js";

/** Gamma density of shape a and rate: rateᵃ xᵃ⁻¹ e^(−rate x) / Γ(a). As R dgamma(). Abramowitz & Stegun 1964, 26.1. */
export function gammaDensity(x: number, shape: number, rate = 1): number {
  if (!(shape > 0 && rate > 0) || Number.isNaN(x)) return NaN;
  if (x < 0 || x === Infinity) return 0;
  if (x === 0) return shape < 1 ? Infinity : shape === 1 ? rate : 0;
  return (gammaTerm(shape, x * rate) * shape) / x;
}

/** Gamma distribution function P(shape, rate x). As R pgamma(). Abramowitz & Stegun 1964, 6.5. */
export function gammaCdf(x: number, shape: number, rate = 1, { upper = false }: Tail = {}): number {
  return rate > 0 ? incompleteGamma(shape, x * rate, upper) : NaN;
}

/** Gamma quantile: Newton's method on the logarithm of the smaller tail, over log x. As R qgamma(). */
export function gammaQuantile(p: number, shape: number, rate = 1, { upper = false }: Tail = {}): number {
  if (!(shape > 0 && rate > 0 && p >= 0 && p <= 1)) return NaN;
  if (p === 0 || p === 1) return (p === 0) === upper ? Infinity : 0;
  const [tail, above] = p > 0.5 ? [1 - p, !upper] : [p, upper];
  const z = normalQuantile(tail, { upper: above });
  // Wilson & Hilferty 1931; in the lower tail no less than what the first term of the series gives
  const root = 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape));
  const floor = (log(above ? 1 - tail : tail) + logGamma(shape + 1)) / shape;
  const start = root > 0 ? Math.max(floor, log(shape) + 3 * log(root)) : floor;
  if (floor < -745) return 0;
  const u = solveTail((v) => incompleteGamma(shape, exp(v), above), (v) => gammaTerm(shape, exp(v)) * shape, tail, above, start);
  return exp(u) / rate;
}

/** χ² density with df degrees of freedom. As R dchisq(). Abramowitz & Stegun 1964, 26.4. */
export function chiSquaredDensity(x: number, df: number): number {
  return gammaDensity(x, df / 2, 0.5);
}

/** χ² distribution function with df degrees of freedom. As R pchisq(). Abramowitz & Stegun 1964, 26.4. */
export function chiSquaredCdf(x: number, df: number, tail: Tail = {}): number {
  return gammaCdf(x, df / 2, 0.5, tail);
}

/** χ² quantile with df degrees of freedom. As R qchisq(). Inverse of `chiSquaredCdf`, as `gammaQuantile`. */
export function chiSquaredQuantile(p: number, df: number, tail: Tail = {}): number {
  return gammaQuantile(p, df / 2, 0.5, tail);
}

/** Beta density xᵃ⁻¹ (1 − x)ᵇ⁻¹ / B(a, b). As R dbeta(). Abramowitz & Stegun 1964, 26.1. */
export function betaDensity(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0) || Number.isNaN(x)) return NaN;
  if (x < 0 || x > 1) return 0;
  if (x === 0) return a < 1 ? Infinity : a === 1 ? b : 0;
  if (x === 1) return b < 1 ? Infinity : b === 1 ? a : 0;
  return (betaTerm(a, b, x, 1 - x) * (a / (a + b)) * b) / (x * (1 - x));
}

/** Beta distribution function I(x; a, b). As R pbeta(). Abramowitz & Stegun 1964, 26.5. */
export function betaCdf(x: number, a: number, b: number, { upper = false }: Tail = {}): number {
  return incompleteBeta(a, b, x, upper);
}

/** Beta quantile. As R qbeta(). Inverse of `betaCdf`. */
export function betaQuantile(p: number, a: number, b: number, { upper = false }: Tail = {}): number {
  if (!(a > 0 && b > 0 && p >= 0 && p <= 1)) return NaN;
  if (p === 0 || p === 1) return (p === 0) === upper ? 1 : 0;
  return 1 / (1 + exp(-betaLogOdds(p, a, b, upper)));
}

/** log(x / (1 − x)) of the beta quantile x, which keeps its digits at both ends; 0 < p < 1. */
function betaLogOdds(p: number, a: number, b: number, upper: boolean): number {
  const [tail, above] = p > 0.5 ? [1 - p, !upper] : [p, upper];
  let start = log(a / b) + normalQuantile(tail, { upper: above }) * Math.sqrt(1 / a + 1 / b);
  // one power of x (or of 1 − x) governs the far tail
  if (!above && a < 1) start = Math.min(0, (log(tail * a) + logBeta(a, b)) / a);
  if (above && b < 1) start = Math.max(0, -(log(tail * b) + logBeta(a, b)) / b);
  const share = (a / (a + b)) * b;
  return solveTail(
    (v) => incompleteBeta(a, b, 1 / (1 + exp(-v)), above, 1 / (1 + exp(v))),
    (v) => betaTerm(a, b, 1 / (1 + exp(-v)), 1 / (1 + exp(v))) * share, tail, above, start);
}

/** Density of F with d1 and d2 degrees of freedom. As R df(). Abramowitz & Stegun 1964, 26.6. */
export function fDensity(x: number, d1: number, d2: number): number {
  if (!(d1 > 0 && d2 > 0) || Number.isNaN(x)) return NaN;
  if (x < 0 || x === Infinity) return 0;
  if (x === 0) return d1 < 2 ? Infinity : d1 === 2 ? 1 : 0;
  if (d1 === Infinity) return d2 === Infinity ? NaN : (chiSquaredDensity(d2 / x, d2) * d2) / (x * x);
  if (d2 === Infinity) return d1 * chiSquaredDensity(d1 * x, d1);
  const a = d1 / 2;
  const b = d2 / 2;
  return (betaTerm(a, b, (d1 * x) / (d1 * x + d2), d2 / (d1 * x + d2)) * (a / (a + b)) * b) / x;
}

/** Distribution function of F with d1 and d2 degrees of freedom; either may be Infinity (χ²/d1, d2/χ²). As R pf(). Abramowitz & Stegun 1964, 26.6. */
export function fCdf(x: number, d1: number, d2: number, { upper = false }: Tail = {}): number {
  if (!(d1 > 0 && d2 > 0) || Number.isNaN(x)) return NaN;
  if (x <= 0) return upper ? 1 : 0;
  if (d2 === Infinity) return chiSquaredCdf(d1 * x, d1, { upper });
  if (d1 === Infinity) return chiSquaredCdf(d2 / x, d2, { upper: !upper });
  if (d1 * x === Infinity) return upper ? 0 : 1;
  return incompleteBeta(d1 / 2, d2 / 2, (d1 * x) / (d1 * x + d2), upper, d2 / (d1 * x + d2));
}

/** Quantile of F with d1 and d2 degrees of freedom. As R qf(). Inverse of `fCdf`. */
export function fQuantile(p: number, d1: number, d2: number, { upper = false }: Tail = {}): number {
  if (!(d1 > 0 && d2 > 0 && p >= 0 && p <= 1)) return NaN;
  if (p === 0 || p === 1) return (p === 0) === upper ? Infinity : 0;
  if (d2 === Infinity) return chiSquaredQuantile(p, d1, { upper }) / d1;
  if (d1 === Infinity) return d2 / chiSquaredQuantile(p, d2, { upper: !upper });
  return exp(betaLogOdds(p, d1 / 2, d2 / 2, upper)) * (d2 / d1);
}

/** Density of Student's t with df degrees of freedom (not necessarily whole; Infinity is the normal). As R dt(). Abramowitz & Stegun 1964, 26.7. */
export function tDensity(t: number, df: number): number {
  if (!(df > 0) || Number.isNaN(t)) return NaN;
  if (df === Infinity) return normalDensity(t);
  const half = df / 2;
  if (t === 0) return exp(-logBeta(half, 0.5)) / Math.sqrt(df);
  // t² = F with 1 and df degrees of freedom
  const q = t * t;
  return q === Infinity ? 0 : (betaTerm(half, 0.5, df / (df + q), q / (df + q)) * (half / (half + 0.5)) * 0.5) / Math.abs(t);
}

/**
 * Distribution function of Student's t with df degrees of freedom (not necessarily whole; Infinity is the normal). As R pt(). Abramowitz &
 * Stegun 1964, 26.7.
 */
export function tCdf(t: number, df: number, { upper = false }: Tail = {}): number {
  if (!(df > 0) || Number.isNaN(t)) return NaN;
  if (df === Infinity) return normalCdf(t, { upper });
  // beyond 1e150 the square would overflow, and the tail is a power of t
  const q = Math.abs(t) > 1e150 ? Infinity : t * t;
  const tail = q === Infinity ? 0 : 0.5 * incompleteBeta(df / 2, 0.5, df / (df + q), false, q / (df + q));
  return t < 0 === upper ? 1 - tail : tail;
}

/** Quantile of Student's t with df degrees of freedom (not necessarily whole; Infinity is the normal). As R qt(). Inverse of `tCdf`. */
export function tQuantile(p: number, df: number, { upper = false }: Tail = {}): number {
  if (!(df > 0 && p >= 0 && p <= 1)) return NaN;
  if (df === Infinity) return normalQuantile(p, { upper });
  if (p === 0.5) return 0;
  const tail = p > 0.5 ? 1 - p : p;
  const sign = p > 0.5 === upper ? -1 : 1;
  if (tail === 0) return sign * Infinity;
  // |t|² / df is the odds of a beta variable with ½ and df/2; near the centre its lower tail 1 − 2p is the exact one
  const logOdds = tail > 0.25 ? betaLogOdds(1 - 2 * tail, 0.5, df / 2, false) : betaLogOdds(2 * tail, 0.5, df / 2, true);
  return sign * Math.sqrt(df) * exp(0.5 * logOdds);
}
