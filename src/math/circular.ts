/**
 * Circular functions from basic arithmetic alone, for the same bits in every engine (see elementary.ts).
 * Error of sin and cos below 1.2 units in the last place of the result for |x| up to 1e5, of atan2 and acos below 1.7.
 */
import { arctanHigh, arctanLow } from "./elementaryTables.js";

// π/2 in three parts, the first two of 33 bits: k times them is exact for |k| < 2^20
const HALF_PI_1 = 1.57079632673412561417;
const HALF_PI_2 = 6.07710050630396597660e-11;
const HALF_PI_3 = 2.02226624879595063154e-21;

/** Sine of x radians, |x| <= 1e5. Taylor series after exact reduction by π/2 (Cody & Waite 1980). Error below 1.2 units in the last place. */
export function sin(x: number): number {
  return turned(x, 0);
}

/** Cosine of x radians, |x| <= 1e5. As `sin`. Error below 1.2 units in the last place. */
export function cos(x: number): number {
  return turned(x, 1);
}

/** Sine of x + quarters · π/2. x = k π/2 + r + rest with |r| <= π/4, the part k π/2 taken off exactly. */
function turned(x: number, quarters: number): number {
  const k = Math.round(x * 0.6366197723675814);
  const a = x - k * HALF_PI_1;
  const b = k * HALF_PI_2;
  const c = a - b;
  const d = a - c - b - k * HALF_PI_3;
  const r = c + d;
  const rest = c - r + d;
  switch ((k + quarters) & 3) {
    case 0: return sinOf(r, rest);
    case 1: return cosOf(r, rest);
    case 2: return -sinOf(r, rest);
    default: return -cosOf(r, rest);
  }
}

function sinOf(r: number, rest: number): number {
  const q = r * r;
  const p = q * (-1 / 6 + q * (1 / 120 + q * (-1 / 5040 + q * (1 / 362880 + q * (-1 / 39916800 + q * (1 / 6227020800 - q / 1307674368000))))));
  return r + (r * p + rest);
}

function cosOf(r: number, rest: number): number {
  const q = r * r;
  const p = q * q * (1 / 24 + q * (-1 / 720 + q * (1 / 40320 + q * (-1 / 3628800 + q * (1 / 479001600 + q * (-1 / 87178291200 + q / 20922789888000))))));
  const h = 0.5 * q;
  const w = 1 - h;
  return w + (1 - w - h + (p - r * rest));
}

/**
 * Angle of the point (x, y), −π to π; signs of zero as in Math.atan2. Tables and Taylor series of the arctangent. Error below 1.7 units in
 * the last place.
 */
export function atan2(y: number, x: number): number {
  const [ax, ay] = [Math.abs(x), Math.abs(y)];
  const t = ax === ay ? (ax === 0 ? 0 : 1) : ax > ay ? ay / ax : ax / ay;
  // arctan t = arctan c + arctan d, c a sixteenth, |d| <= 1/32
  const k = Math.round(16 * t);
  const d = (t - k / 16) / (1 + t * (k / 16));
  const q = d * d;
  const series = d + (arctanLow[k] + d * q * (-1 / 3 + q * (1 / 5 + q * (-1 / 7 + q * (1 / 9 - q / 11)))));
  let upper = arctanHigh[k];
  let lower = series;
  if (ay > ax) [upper, lower] = [2 * arctanHigh[16] - upper, 2 * arctanLow[16] - lower];
  if (x < 0 || Object.is(x, -0)) [upper, lower] = [4 * arctanHigh[16] - upper, 4 * arctanLow[16] - lower];
  const angle = upper + lower;
  return y < 0 || Object.is(y, -0) ? -angle : angle;
}

/** Angle whose cosine is x, 0 to π. By atan2. Error below 1.7 units in the last place. */
export function acos(x: number): number {
  return atan2(Math.sqrt((1 - x) * (1 + x)), x);
}
