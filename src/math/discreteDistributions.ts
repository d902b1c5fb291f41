import { exp } from "./elementary.js";
import { betaTerm, incompleteBeta } from "./incompleteBeta.js";
import { gammaTerm, incompleteGamma } from "./incompleteGamma.js";
import { log1p } from "./log1p.js";
import { normalQuantile, type Tail } from "./normal.js";

/**
 * Probability of k successes in n trials of probability p. As R dbinom(); 0 where k is not whole or outside 0 … n. Abramowitz & Stegun
 * 1964, 26.1.
 */
export function binomialDensity(k: number, n: number, p: number): number {
  if (!(n >= 0 && Number.isInteger(n) && p >= 0 && p <= 1) || Number.isNaN(k)) return NaN;
  if (k < 0 || k > n || !Number.isInteger(k)) return 0;
  if (p === 0 || p === 1) return k === (p === 0 ? 0 : n) ? 1 : 0;
  if (k === 0) return exp(n * log1p(-p));
  if (k === n) return exp(n * log1p(p - 1));
  return betaTerm(k, n - k, p, 1 - p);
}

/**
 * Probability of at most k successes (with `upper`: more than k) in n trials of probability p. As R pbinom(). By the incomplete beta
 * function, Abramowitz & Stegun 1964, 26.5.
 */
export function binomialCdf(k: number, n: number, p: number, { upper = false }: Tail = {}): number {
  if (!(n >= 0 && Number.isInteger(n) && p >= 0 && p <= 1) || Number.isNaN(k)) return NaN;
  const whole = Math.floor(k + 1e-7);
  if (whole < 0) return upper ? 1 : 0;
  if (whole >= n) return upper ? 0 : 1;
  return incompleteBeta(whole + 1, n - whole, p, !upper, 1 - p);
}

/** Least k with P(at most k) ≥ p (with `upper`: P(more than k) ≤ p). As R qbinom(). */
export function binomialQuantile(p: number, n: number, probability: number, { upper = false }: Tail = {}): number {
  if (!(p >= 0 && p <= 1 && n >= 0 && Number.isInteger(n) && probability >= 0 && probability <= 1)) return NaN;
  const mean = n * probability;
  return leastWhole((k) => binomialCdf(k, n, probability, { upper }), p, upper, mean, Math.sqrt(mean * (1 - probability)), n);
}

/** Probability of k events where `mean` are expected. As R dpois(). Abramowitz & Stegun 1964, 26.1. */
export function poissonDensity(k: number, mean: number): number {
  if (!(mean >= 0 && mean < Infinity) || Number.isNaN(k)) return NaN;
  if (k < 0 || !Number.isInteger(k)) return 0;
  if (mean === 0) return k === 0 ? 1 : 0;
  return k === 0 ? exp(-mean) : gammaTerm(k, mean);
}

/**
 * Probability of at most k events (with `upper`: more than k) where `mean` are expected. As R ppois(). By the incomplete gamma function,
 * Abramowitz & Stegun 1964, 26.4.
 */
export function poissonCdf(k: number, mean: number, { upper = false }: Tail = {}): number {
  if (!(mean >= 0 && mean < Infinity) || Number.isNaN(k)) return NaN;
  if (k < 0) return upper ? 1 : 0;
  return incompleteGamma(Math.floor(k + 1e-7) + 1, mean, !upper);
}

/** Least k with P(at most k) ≥ p (with `upper`: P(more than k) ≤ p). As R qpois(). */
export function poissonQuantile(p: number, mean: number, { upper = false }: Tail = {}): number {
  if (!(p >= 0 && p <= 1 && mean >= 0 && mean < Infinity)) return NaN;
  return leastWhole((k) => poissonCdf(k, mean, { upper }), p, upper, mean, Math.sqrt(mean), Infinity);
}

/** Bisection over whole numbers, from a bracket about the normal quantile; p is given the last 64 rounding errors, as in R. */
function leastWhole(cdf: (k: number) => number, p: number, upper: boolean, mean: number, sd: number, most: number): number {
  if (p === (upper ? 1 : 0)) return 0;
  if (p === (upper ? 0 : 1)) return most;
  // where neighbouring whole numbers are one double the normal quantile is all there is to say
  if (mean + 50 * sd > 2 ** 52) return Math.min(most, Math.floor(mean + normalQuantile(p, { upper }) * sd));
  const fuzz = p * 64 * 2.220446049250313e-16;
  const enough = upper ? (k: number) => cdf(k) <= p + fuzz : (k: number) => cdf(k) >= p - fuzz;
  let high = Math.min(most, Math.max(0, Math.floor(mean + normalQuantile(p, { upper }) * sd)));
  let low = high;
  for (let width = 1 + Math.floor(sd / 4); !enough(high) && width < 2 ** 60; width *= 2) {
    low = high + 1;
    high = Math.min(most, high + width);
  }
  for (let width = 1 + Math.floor(sd / 4); low > 0 && enough(low - 1); width *= 2) {
    high = low - 1;
    low = Math.max(0, low - width);
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
