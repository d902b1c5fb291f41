/**
 * Tables for elementary.ts and circular.ts, computed once in whole numbers that stand for multiples of 2^-112, so that
 * they do not lean on the functions that engines round differently. Each value is the sum of two doubles.
 */
const places = 112n;
const one = 1n << places;
/** 2^-40 and the parts of a number above and below it */
const cut = places - 40n;

/** ln(a / b) for a >= b: 2 (z + z³/3 + z⁵/5 + …), z = (a − b) / (a + b). */
function logOfRatio(a: bigint, b: bigint): bigint {
  const z = ((a - b) << places) / (a + b);
  const square = (z * z) >> places;
  let sum = 0n;
  for (let power = z, n = 1n; power > 0n; power = (power * square) >> places, n += 2n) sum += power / n;
  return 2n * sum;
}

/** eˣ for 0 <= x < 1. */
function expOf(x: bigint): bigint {
  let sum = 0n;
  for (let term = one, n = 1n; term > 0n; term = ((term * x) >> places) / n, n++) sum += term;
  return sum;
}

/** arctan(a / b) for 0 <= a <= b, by Euler's series Σ (2 · 4 … 2n) / (3 · 5 … (2n + 1)) z^(2n+1) / (1 + z²)^(n+1). */
function arctanOfRatio(a: bigint, b: bigint): bigint {
  const norm = a * a + b * b;
  let sum = 0n;
  for (let term = ((a * b) << places) / norm, n = 1n; term > 0n; term = (term * 2n * n * a * a) / ((2n * n + 1n) * norm), n++) sum += term;
  return sum;
}

/** x as a multiple of 2^-40 and the rest: sums of the first with whole numbers are exact. */
function coarse(x: bigint): [number, number] {
  const upper = x >> cut;
  return [Number(upper) * 2 ** -40, Number(x - (upper << cut)) * 2 ** -112];
}

/** x as the nearest double and the rest, for 1 <= x < 2. */
function fine(x: bigint): [number, number] {
  const upper = Number(x) * 2 ** -112;
  return [upper, Number(x - (BigInt(upper * 2 ** 52) << (places - 52n))) * 2 ** -112];
}

const ln2 = logOfRatio(2n, 1n);

/** For i < 128: 1 / (1 + i/128) cut to 20 bits, and minus its logarithm (natural, binary) in two parts each. */
export const reciprocal = new Float64Array(128);
export const lnHigh = new Float64Array(128);
export const lnLow = new Float64Array(128);
export const log2High = new Float64Array(128);
export const log2Low = new Float64Array(128);
for (let i = 0, ln = 0n, before = 2 ** 20; i < 128; i++) {
  const c = Math.round(2 ** 20 / (1 + i / 128));
  reciprocal[i] = c / 2 ** 20;
  ln += logOfRatio(BigInt(before), BigInt(c)); // from entry to entry: a few terms each
  before = c;
  [lnHigh[i], lnLow[i]] = coarse(ln);
  [log2High[i], log2Low[i]] = coarse((ln << places) / ln2);
}

/** For j < 64: 2^(j/64) in two parts. */
export const rootHigh = new Float64Array(64);
export const rootLow = new Float64Array(64);
const root = expOf(ln2 >> 6n);
for (let j = 0, value = one; j < 64; j++, value = (value * root) >> places) [rootHigh[j], rootLow[j]] = fine(value);

/** For k <= 16: arctan(k / 16) in two parts. */
export const arctanHigh = new Float64Array(17);
export const arctanLow = new Float64Array(17);
for (let k = 0, angle = 0n; k <= 16; k++) {
  if (k > 0) angle += arctanOfRatio(16n, BigInt(256 + k * (k - 1))); // arctan(k / 16) − arctan((k − 1) / 16)
  [arctanHigh[k], arctanLow[k]] = coarse(angle);
}

/** For i <= 2097: 2^(1023 − i), down to the smallest number there is. */
export const twos = new Float64Array(2098);
for (let i = 0, two = 2 ** 1023; i < 2098; i++, two /= 2) twos[i] = two;
