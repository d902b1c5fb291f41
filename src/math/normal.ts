import { exp, log } from "./elementary.js";

/** `upper`: the probability above instead of below, computed for itself, so that far tails keep their digits. */
export type Tail = { upper?: boolean };

const ROOT_TWO_PI = 2.5066282746310002;
const ROOT_TWO = 1.4142135623730951;

/** Standard normal density e^(−z²/2) / √(2π). As R dnorm(). */
export function normalDensity(z: number): number {
  if (Math.abs(z) < 5) return exp(-0.5 * z * z) / ROOT_TWO_PI;
  if (Math.abs(z) > 40) return z === z ? 0 : NaN;
  // z² in two parts, the first exact
  const most = Math.fround(z);
  return (exp(-0.5 * most * most) * exp(-0.5 * (z - most) * (z + most))) / ROOT_TWO_PI;
}

/**
 * Standard normal distribution function Φ(z), or with `upper` 1 − Φ(z): series about 0 (Abramowitz & Stegun 26.2.11), from 2.2 on
 * the continued fraction of Mills' ratio (26.2.14). Relative error below 1e-14 in both tails, to 1e-308. As R pnorm().
 */
export function normalCdf(z: number, { upper = false }: Tail = {}): number {
  const x = upper ? -z : z;
  if (Math.abs(x) <= 2.2) return 0.5 + centre(x);
  if (x < 0) return mills(-x);
  return x === x ? 1 - mills(x) : NaN;
}

/** Φ(z) − ½ = φ(z) (z + z³/3 + z⁵/(3·5) + …) */
function centre(z: number): number {
  const q = z * z;
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= q / k;
    sum += term;
  }
  return normalDensity(z) * sum;
}

/** 1 − Φ(z) = φ(z) / (z + 1/(z + 2/(z + 3/(z + …)))) for z > 2. */
function mills(z: number): number {
  let tail = z;
  for (let k = Math.ceil(8 + 280 / (z * z)); k > 0; k--) tail = z + k / tail;
  return normalDensity(z) / tail;
}

/** Error function 2/√π ∫₀ˣ e^(−t²) dt. Abramowitz & Stegun, Handbook of Mathematical Functions 1964, 7.1, by way of `normalCdf`. */
export function erf(x: number): number {
  const z = x * ROOT_TWO;
  if (Math.abs(z) <= 2.2) return 2 * centre(z);
  return x > 0 ? 1 - 2 * mills(z) : x < 0 ? 2 * mills(-z) - 1 : NaN;
}

/** 1 − erf(x), its small values to full precision. Abramowitz & Stegun 1964, 7.1, by way of `normalCdf`. */
export function erfc(x: number): number {
  return 2 * normalCdf(x * ROOT_TWO, { upper: true });
}

/**
 * Standard normal quantile: z with Φ(z) = p, or with `upper` 1 − Φ(z) = p. Wichura's rational approximations PPND16 (Appl Stat
 * 1988;37:477, AS 241), relative error 1e-16. As R qnorm(). ∓Infinity at 0 and 1, NaN outside.
 */
export function normalQuantile(p: number, { upper = false }: Tail = {}): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  const sign = upper ? -1 : 1;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return sign * q * ratio(0.180625 - q * q, A, B);
  const least = q < 0 ? p : 1 - p;
  if (least === 0) return q < 0 ? -sign * Infinity : sign * Infinity;
  const r = Math.sqrt(-log(least));
  const z = r <= 5 ? ratio(r - 1.6, C, D) : ratio(r - 5, E, F);
  return q < 0 ? -sign * z : sign * z;
}

function ratio(r: number, above: readonly number[], below: readonly number[]): number {
  let top = above[7];
  let bottom = below[7];
  for (let k = 6; k >= 0; k--) {
    top = top * r + above[k];
    bottom = bottom * r + below[k];
  }
  return top / bottom;
}

const A = [3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227];
const B = [1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854];
const C = [1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414];
const D = [1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
  0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9];
const E = [6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7];
const F = [1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15];
