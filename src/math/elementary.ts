/**
 * exp, log, log2, sin, cos from basic arithmetic alone. The language leaves Math.exp and its like to the engine, and engines
 * (even two versions of one) differ in the last bit; these give the same bits in Node and in every browser.
 * Error below 1 unit in the last place of the result over the ranges tested (sin and cos: |x| up to 1e5).
 */

const double = new Float64Array(1);
const word = new Uint32Array(double.buffer);
/** index of the word with sign and exponent, by the machine's byte order */
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

// ln 2 and π/2 in two parts: the first has trailing zero bits, so that a multiple of it is exact
const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const LOG2_E = 1.4426950408889634;
const SQRT_HALF = Math.SQRT1_2;

/** x = m · 2^k with √½ <= m < √2, for finite x > 0. Sets `exponent` and returns m. */
let exponent = 0;
function mantissa(x: number): number {
  double[0] = x;
  exponent = (word[high] >>> 20) - 1023;
  if (exponent === -1023) {
    double[0] = x * 18014398509481984; // 2^54: subnormal numbers
    exponent = (word[high] >>> 20) - 1023 - 54;
  }
  word[high] = (word[high] & 0x000fffff) | 0x3ff00000;
  let m = double[0];
  if (m >= 2 * SQRT_HALF) {
    m /= 2;
    exponent++;
  }
  return m;
}

/** ln m for √½ <= m < √2: with s = (m − 1)/(m + 1), ln m = 2 (s + s³/3 + s⁵/5 + …), the leading term kept apart. */
function logOfMantissa(m: number): number {
  const f = m - 1;
  const s = f / (2 + f);
  const q = s * s;
  const w = q * q; // even and odd terms side by side: a chain half as long
  const series = q * (1 / 3 + w * (1 / 7 + w * (1 / 11 + w * (1 / 15 + w * (1 / 19 + w * (1 / 23)))))) +
    w * (1 / 5 + w * (1 / 9 + w * (1 / 13 + w * (1 / 17 + w * (1 / 21)))));
  // 2s = f − s·f exactly, so ln m = f − s (f − 2·series) loses nothing where f is small
  return f - s * (f - 2 * series);
}

/** Natural logarithm. −Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  const m = mantissa(x);
  const k = exponent;
  const part = logOfMantissa(m);
  return k === 0 ? part : k * LN2_HIGH + (part + k * LN2_LOW);
}

/** Binary logarithm; exact at powers of 2. */
export function log2(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  const m = mantissa(x);
  return exponent + logOfMantissa(m) * LOG2_E;
}

/** e to the x: x = k ln 2 + r, |r| <= ln 2 / 2, Taylor series of e^r to degree 13. */
export function exp(x: number): number {
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  if (Number.isNaN(x)) return NaN;
  const k = Math.round(x * LOG2_E);
  const upper = x - k * LN2_HIGH;
  const lower = k * LN2_LOW;
  const r = upper - lower;
  const rest = upper - r - lower;
  const tail = r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * (1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600 + r / 6227020800)))))))))));
  return scaled(1 + (r + (tail + rest)), k);
}

/** y · 2^k, in two steps where one would over- or underflow. */
function scaled(y: number, k: number): number {
  if (k > 1023) return y * powerOfTwo(1023) * powerOfTwo(k - 1023);
  if (k < -1022) return y * powerOfTwo(k + 60) * powerOfTwo(-60);
  return y * powerOfTwo(k);
}

function powerOfTwo(k: number): number {
  word[1 - high] = 0;
  word[high] = (k + 1023) << 20;
  return double[0];
}

// π/2 in three parts of 33 bits: k · part is exact for |k| < 2^20
const HALF_PI = [1.57079632673412561417, 6.07710050630396597660e-11, 2.02226624879595063154e-21];

/** r = x − k π/2 with |r| <= π/4 as a sum of two numbers; sets `quadrant` to k mod 4 and `rest` to the smaller. */
let quadrant = 0;
let rest = 0;
function reduced(x: number): number {
  const k = Math.round(x * 0.6366197723675814);
  quadrant = ((k % 4) + 4) % 4;
  const a = x - k * HALF_PI[0];
  const b = k * HALF_PI[1];
  const c = a - b;
  const lost = a - c - b;
  const d = lost - k * HALF_PI[2];
  const r = c + d;
  rest = c - r + d;
  return r;
}

function sinOf(r: number, e: number): number {
  const q = r * r;
  const p = q * (-1 / 6 + q * (1 / 120 + q * (-1 / 5040 + q * (1 / 362880 + q * (-1 / 39916800 + q * (1 / 6227020800 - q / 1307674368000))))));
  return r + (r * p + e);
}

function cosOf(r: number, e: number): number {
  const q = r * r;
  const p = q * q * (1 / 24 + q * (-1 / 720 + q * (1 / 40320 + q * (-1 / 3628800 + q * (1 / 479001600 + q * (-1 / 87178291200 + q / 20922789888000))))));
  const h = 0.5 * q;
  const w = 1 - h;
  return w + (1 - w - h + (p - r * e));
}

/** Sine of x radians, |x| <= 1e5. */
export function sin(x: number): number {
  const r = reduced(x);
  const e = rest;
  switch (quadrant) {
    case 0: return sinOf(r, e);
    case 1: return cosOf(r, e);
    case 2: return -sinOf(r, e);
    default: return -cosOf(r, e);
  }
}

/** Cosine of x radians, |x| <= 1e5. */
export function cos(x: number): number {
  const r = reduced(x);
  const e = rest;
  switch (quadrant) {
    case 0: return cosOf(r, e);
    case 1: return -sinOf(r, e);
    case 2: return -cosOf(r, e);
    default: return sinOf(r, e);
  }
}
