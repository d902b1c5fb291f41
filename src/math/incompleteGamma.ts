import { exp, log } from "./elementary.js";
import { expm1 } from "./log1p.js";
import { logGamma } from "./logGamma.js";
import { normalCdf } from "./normal.js";
import { deviance, stirlingError } from "./saddlePoint.js";

const TWO_PI = 6.283185307179586;
/** from here on Temme's expansion is exact to rounding, and the sums would need √a terms and more */
const LARGE = 1e9;

/** xᵃ e⁻ˣ / Γ(a + 1), for a, x > 0. */
export function gammaTerm(a: number, x: number): number {
  if (a < 1) return exp(a * log(x) - x - logGamma(a + 1));
  return exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(TWO_PI * a);
}

/**
 * Regularised incomplete gamma function P(a, x) = ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt / Γ(a), or with `upper` Q = 1 − P, each tail computed for itself:
 * power series for x < a + 1, else Legendre's continued fraction (Abramowitz & Stegun 6.5.29, 6.5.31), beyond a = 1e9 Temme's
 * expansion (SIAM J Math Anal 1979;10:757). Relative error about 1e-14, in far tails that of the exponent times 1e-16.
 * As R pgamma(x, a). NaN unless a > 0, finite.
 */
export function incompleteGamma(a: number, x: number, upper = false): number {
  if (!(a > 0 && a < Infinity) || Number.isNaN(x)) return NaN;
  if (x <= 0) return upper ? 1 : 0;
  if (x === Infinity) return upper ? 0 : 1;
  if (a >= LARGE) return temme(a, x, upper);
  if (x < a + 1) {
    if (upper && a < 1) return complement(a, x);
    const lower = gammaTerm(a, x) * lowerSum(a, x);
    return upper ? 1 - lower : lower;
  }
  const tail = gammaTerm(a, x) * a * upperFraction(a, x);
  return upper ? tail : 1 - tail;
}

/** 1 + x/(a + 1) + x²/((a + 1)(a + 2)) + … */
function lowerSum(a: number, x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

/** Q(a, x) for a < 1 and small x, where 1 − P would cancel: the leading power apart from the rest of the series. */
function complement(a: number, x: number): number {
  const exponent = a * log(x) - logGamma(a + 1);
  let sum = 0;
  let term = 1;
  for (let k = 1; k < 200; k++) {
    term *= -x / k;
    sum += term / (a + k);
    if (Math.abs(term) < 1e-18) break;
  }
  return -expm1(exponent) - exp(exponent) * a * sum;
}

/** 1/(x + 1 − a − 1(1 − a)/(x + 3 − a − 2(2 − a)/(x + 5 − a − …))), by Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let k = 1; k < 1000000; k++) {
    const factor = -k * (k - a);
    b += 2;
    d = factor * d + b;
    if (d === 0) d = 1e-300;
    c = b + factor / c;
    if (c === 0) c = 1e-300;
    d = 1 / d;
    const change = c * d;
    h *= change;
    if (!(Math.abs(change - 1) >= 2e-16)) break;
  }
  return h;
}

function temme(a: number, x: number, upper: boolean): number {
  const half = deviance(a, x);
  const lambda = x / a - 1;
  const eta = (x < a ? -1 : 1) * Math.sqrt((2 * half) / a);
  const c0 = Math.abs(eta) < 1e-3 ? -1 / 3 + eta / 12 - (2 / 135) * eta * eta : 1 / lambda - 1 / eta;
  const correction = (exp(-half) / Math.sqrt(TWO_PI * a)) * c0;
  const z = eta * Math.sqrt(a);
  return upper ? normalCdf(z, { upper: true }) + correction : normalCdf(z) - correction;
}
