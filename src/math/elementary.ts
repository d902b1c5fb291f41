/**
 * exp, log, log2, powers and roots from basic arithmetic alone. The language leaves Math.exp and its like to the engine, and
 * engines (even two versions of one) differ in the last bit; these give the same bits in Node and in every browser.
 * Error at most 1 unit in the last place of the result (hypot: 1.3). Tables: Tang, ACM Trans Math Softw 1989;15:144 and 1990;16:378.
 */
import { log2High, log2Low, lnHigh, lnLow, reciprocal, rootHigh, rootLow, twos } from "./elementaryTables.js";

const double = new Float64Array(1);
const word = new Int32Array(double.buffer);
/** index of the word with sign and exponent, by the machine's byte order */
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

// ln 2 in two parts: the first has trailing zero bits, so that a multiple of it is exact
const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const LOG2_E = 1.4426950408889634;

// terms of log2(1 + r) = (r − r²/2 + r³/3 − …) / ln 2
// and 1 / ln 2 in two parts, the first short
const LOG2_E_HIGH = 1.4375;
const LOG2_E_LOW = 0.005195040888963407;
const L2 = -LOG2_E / 2, L3 = LOG2_E / 3, L4 = -LOG2_E / 4, L5 = LOG2_E / 5, L6 = -LOG2_E / 6, L7 = LOG2_E / 7;

/** Binary logarithm; exact at powers of 2. −Infinity at 0, NaN below. Tables after Tang, ACM Trans Math Softw 1990;16:378; error at most 1 unit in the last place. */
export function log2(x: number): number {
  double[0] = x;
  const top = word[high];
  if (top < 0x00100000 || top >= 0x7ff00000) return outside(x, log2, 1, 0);
  // x = 2^k · m, m = (1 + r) / c with c from the table and |r| < 1/200; rounding to the nearest entry carries into k,
  // so that x near 1 on either side has k = 0 and c = 1 and nothing cancels
  const at = top + 0x1000;
  const biased = at >>> 20;
  const i = (at >>> 13) & 127;
  const m = x * twos[biased];
  const c = reciprocal[i];
  // m in two halves, whose products with the short c are exact; what is summed first is a multiple of 2^-48, thus exact
  const half = Math.fround(m);
  const upper = half * c - 1;
  const lower = (m - half) * c;
  const r = upper + lower;
  const q = r * r;
  return biased - 1023 + log2High[i] + upper * LOG2_E_HIGH +
    (lower * LOG2_E_HIGH + (r * LOG2_E_LOW + (log2Low[i] + q * (L2 + r * L3 + q * (L4 + r * L5 + q * (L6 + r * L7))))));
}

/** Natural logarithm. −Infinity at 0, NaN below. Tang, ACM Trans Math Softw 1990;16:378; error at most 1 unit in the last place. */
export function log(x: number): number {
  double[0] = x;
  const top = word[high];
  if (top < 0x00100000 || top >= 0x7ff00000) return outside(x, log, LN2_HIGH, LN2_LOW);
  const at = top + 0x1000;
  const k = (at >>> 20) - 1023;
  const i = (at >>> 13) & 127;
  const m = x * twos[k + 1023];
  const c = reciprocal[i];
  const half = Math.fround(m);
  const upper = half * c - 1;
  const lower = (m - half) * c;
  const r = upper + lower;
  const q = r * r;
  return k * LN2_HIGH + lnHigh[i] + upper +
    (lower + (lnLow[i] + k * LN2_LOW + q * (-1 / 2 + r * (1 / 3) + q * (-1 / 4 + r * (1 / 5) + q * (-1 / 6 + r * (1 / 7))))));
}

/** Logarithm of what is not a normal positive number; 2 has the logarithm `two` + `rest`. */
function outside(x: number, of: (x: number) => number, two: number, rest: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  return -54 * two + (of(x * 2 ** 54) - 54 * rest);
}

const SIXTY_FOURTHS = 64 * LOG2_E;
const STEP_HIGH = LN2_HIGH / 64;
const STEP_LOW = LN2_LOW / 64;
/** adding and subtracting it rounds to a whole number */
const ROUNDER = 1.5 * 2 ** 52;

/**
 * e to the x: x = k ln 2 / 64 + r, eˣ = 2^⌊k/64⌋ · 2^(k mod 64 / 64) · eʳ. Tang, ACM Trans Math Softw 1989;15:144; error at most 1 unit in
 * the last place.
 */
export function exp(x: number): number {
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = x * SIXTY_FOURTHS + ROUNDER - ROUNDER;
  const r = x - k * STEP_HIGH - k * STEP_LOW;
  const q = r * r;
  const p = r + q * (1 / 2 + r * (1 / 6) + q * (1 / 24 + r * (1 / 120) + q * (1 / 720)));
  const root = rootHigh[k & 63];
  return scaled(root + (rootLow[k & 63] + root * p), k >> 6);
}

/** y · 2^k, in two steps where one would over- or underflow. */
function scaled(y: number, k: number): number {
  if (k > 1023) return y * 2 ** 1023 * twos[2046 - k];
  if (k < -1022) return y * twos[963 - k] * 2 ** -60;
  return y * twos[1023 - k];
}

/** 2 to a whole power, exact. Built from the bits of the number: no source. */
export function powerOfTwo(k: number): number {
  return k > 1023 ? Infinity : k < -1074 ? 0 : twos[1023 - k];
}

/** √(x² + y² + z²) for numbers whose squares neither overflow nor vanish. Error at most 1.3 units in the last place. */
export function hypot(x: number, y: number, z = 0): number {
  return Math.sqrt(x * x + y * y + z * z);
}

/** Rest of the product a · b after rounding to p, for |a|, |b| < 2^995 (Dekker, Numer Math 1971;18:224). */
function lost(a: number, b: number, p: number): number {
  const s = 134217729 * a;
  const t = 134217729 * b;
  const a1 = s - (s - a);
  const b1 = t - (t - b);
  const a2 = a - a1;
  const b2 = b - b1;
  return a1 * b1 - p + a1 * b2 + a2 * b1 + a2 * b2;
}

/** x to a whole power n >= 0, by products in twice the precision. Error at most 1 unit in the last place. */
export function power(x: number, n: number): number {
  if (n === 1) return x;
  if (n === 2) return x * x;
  let upper = 1;
  let lower = 0;
  for (let k = 0; k < n; k++) {
    const p = upper * x;
    lower = lower * x + lost(upper, x, p);
    upper = p;
  }
  return upper + lower;
}

/** Cube root: one step of Newton's method on exp(ln x / 3), with the cube in twice the precision. Error at most 1 unit in the last place. */
export function cbrt(x: number): number {
  if (!(Math.abs(x) > 0 && Math.abs(x) < Infinity)) return x;
  const y = x < 0 ? -exp(log(-x) / 3) : exp(log(x) / 3);
  const square = y * y;
  const cube = square * y;
  const rest = lost(square, y, cube) + lost(y, y, square) * y;
  return y - (cube - x + rest) / (3 * square);
}
