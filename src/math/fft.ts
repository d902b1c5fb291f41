import { InputError } from "./check.js";
import { cos, sin } from "./circular.js";
import { anyRadix, radix2, radix3, radix4, radix5 } from "./fftPasses.js";

/** Everything that depends only on the length of a transform; make it once, use it for any number of lines. */
export type FftPlan = {
  length: number;
  /** lines that are transformed side by side in the scratch arrays */
  lanes: number;
  /** radices of the mixed-radix passes, product = length; empty for Bluestein */
  factors: number[];
  /** exp(−2πi t / length) */
  cos: Float64Array;
  sin: Float64Array;
  scratch: [Float64Array, Float64Array, Float64Array, Float64Array];
  /** lengths with a large prime factor: convolution with a chirp by transforms of a smooth length */
  bluestein: Bluestein | undefined;
};

type Bluestein = { inner: FftPlan; chirpRe: Float64Array; chirpIm: Float64Array; kernelRe: Float64Array; kernelIm: Float64Array };

const largestDirectPrime = 31;

/**
 * Plan for complex transforms of any length: X[k] = Σ x[j] exp(−2πi jk / n).
 * Self-sorting (Stockham) passes of radix 4, 2, 3, 5 and primes to 31 (fftPasses); any other length by Bluestein's chirp convolution
 * (IEEE Trans Audio Electroacoust 1970;18:451). Agrees with numpy.fft.fft.
 *
 * @param length n, a whole number > 0
 * @param lanes  lines transformed side by side (a matter of speed only)
 * @throws InputError on a length or lanes that are no whole number above 0
 */
export function fftPlan(length: number, lanes = 8): FftPlan {
  if (!Number.isSafeInteger(length) || length < 1) {
    throw new InputError(`fftPlan: length is ${length}. A transform needs a whole number of samples, at least 1.`);
  }
  if (!Number.isSafeInteger(lanes) || lanes < 1) throw new InputError(`fftPlan: lanes is ${lanes}, but a whole number of lines, at least 1, was expected; leave it out for 8.`);
  const cos = new Float64Array(length);
  const sin = new Float64Array(length);
  for (let t = 0; t < length; t++) [cos[t], sin[t]] = unitRoot(t, length);
  const factors = radices(length);
  const direct = factors.every((r) => r <= largestDirectPrime);
  const room = () => new Float64Array(length * lanes);
  return {
    length, lanes, cos, sin,
    factors: direct ? factors : [],
    scratch: [room(), room(), room(), room()],
    bluestein: direct ? undefined : bluesteinPlan(length, lanes),
  };
}

/** exp(−2πi t / n), exact at the eighths of the circle. */
function unitRoot(t: number, n: number): [number, number] {
  if (4 * t === n) return [0, -1];
  if (2 * t === n) return [-1, 0];
  if (4 * t === 3 * n) return [0, 1];
  const angle = (-2 * Math.PI * t) / n;
  return [cos(angle), sin(angle)];
}

function radices(length: number): number[] {
  const factors: number[] = [];
  let rest = length;
  for (const r of [4, 2, 3, 5]) for (; rest % r === 0; rest /= r) factors.push(r);
  for (let r = 7; r * r <= rest; r += 2) for (; rest % r === 0; rest /= r) factors.push(r);
  if (rest > 1) factors.push(rest);
  return factors;
}

function bluesteinPlan(n: number, lanes: number): Bluestein {
  const inner = fftPlan(fastLength(2 * n - 1), lanes);
  const m = inner.length;
  const chirpRe = new Float64Array(n);
  const chirpIm = new Float64Array(n);
  const kernelRe = new Float64Array(m);
  const kernelIm = new Float64Array(m);
  for (let j = 0; j < n; j++) {
    // j² modulo 2n keeps the angle small and exact for any j
    const [re, im] = unitRoot((j * j) % (2 * n), 2 * n);
    chirpRe[j] = re;
    chirpIm[j] = im;
    kernelRe[j] = kernelRe[(m - j) % m] = re;
    kernelIm[j] = kernelIm[(m - j) % m] = -im;
  }
  fftLines(inner, kernelRe, kernelIm, { start: 0, step: 1, lines: 1, lineStep: 0 });
  return { inner, chirpRe, chirpIm, kernelRe, kernelIm };
}

/**
 * Smallest length >= n whose only prime factors are 2, 3 and 5: the length to pad to. The lengths that the mixed-radix passes of `fftPlan`
 * take without Bluestein's detour.
 */
export function fastLength(n: number): number {
  for (let length = Math.max(1, Math.ceil(n)); ; length++) {
    let rest = length;
    for (const r of [2, 3, 5]) while (rest % r === 0) rest /= r;
    if (rest === 1) return length;
  }
}

/** Where lines lie: sample j of line q is at start + q · lineStep + j · step. */
export type Lines = { start: number; step: number; lines: number; lineStep: number };

/**
 * Transforms lines inside larger arrays, in place. The inverse is exp(+2πi jk / n) / n. Source and agreement as `fftPlan`.
 *
 * @param re real parts; @param im imaginary parts, same length
 */
export function fftLines(plan: FftPlan, re: Float64Array, im: Float64Array, where: Lines, inverse = false): void {
  if (inverse) [re, im] = [im, re];
  const { length, lanes, scratch: [aRe, aIm] } = plan;
  const { start, step, lines, lineStep } = where;
  const scale = inverse ? 1 / length : 1;
  for (let line = 0; line < lines; line += lanes) {
    const count = Math.min(lanes, lines - line);
    const base = start + line * lineStep;
    for (let j = 0; j < length; j++) {
      for (let q = 0, from = base + j * step, to = j * count; q < count; q++, from += lineStep, to++) {
        aRe[to] = re[from];
        aIm[to] = im[from];
      }
    }
    const [rRe, rIm] = fftScratch(plan, count);
    for (let j = 0; j < length; j++) {
      for (let q = 0, to = base + j * step, from = j * count; q < count; q++, to += lineStep, from++) {
        re[to] = rRe[from] * scale;
        im[to] = rIm[from] * scale;
      }
    }
  }
}

/**
 * The transform without copies: the caller fills scratch[0] (real) and scratch[1] (imaginary) with `count` <= lanes lines, sample j of line q
 * at j · count + q, and finds the result in the two arrays returned. Real and imaginary parts exchanged, on the way in and out, give
 * n times the inverse. Source as `fftPlan`.
 */
export function fftScratch(plan: FftPlan, count: number): [Float64Array, Float64Array] {
  return plan.bluestein === undefined ? stockham(plan, count) : chirpTransform(plan, plan.bluestein, count);
}

/**
 * One line, in place: re + i im becomes its transform, or its inverse transform (with 1 / n). Formula and source as `fftPlan`; agrees with
 * numpy.fft.fft and ifft.
 * @throws InputError where re and im differ in length
 */
export function fft(re: Float64Array, im: Float64Array, inverse = false): void {
  fftN(re, im, [re.length], inverse);
}

/**
 * Transform over every axis of a 1-D, 2-D or 3-D array, in place. Agrees with numpy.fft.fftn (1 / n on the inverse).
 *
 * @param size samples per axis, the first axis fastest
 * @throws InputError where re or im has not as many samples as `size` says
 */
export function fftN(re: Float64Array, im: Float64Array, size: readonly number[], inverse = false): void {
  const total = size.reduce((product, n) => product * n, 1);
  if (re.length !== total || im.length !== total) {
    throw new InputError(`fftN: re has ${re.length} and im ${im.length} samples but size ${size.join("×")} needs ${total}.`);
  }
  let step = 1;
  for (const n of size) {
    if (n > 1) {
      const plan = fftPlan(n);
      if (step === 1) fftLines(plan, re, im, { start: 0, step: 1, lines: total / n, lineStep: n }, inverse);
      else for (let start = 0; start < total; start += step * n) fftLines(plan, re, im, { start, step, lines: step, lineStep: 1 }, inverse);
    }
    step *= n;
  }
}

/** Passes over the scratch arrays, sample j of lane q at j · lanes + q; returns those that hold the result. */
function stockham(plan: FftPlan, lanes: number): [Float64Array, Float64Array] {
  let [xr, xi, yr, yi] = plan.scratch;
  let n = plan.length;
  let s = lanes;
  for (const r of plan.factors) {
    const m = n / r;
    if (r === 4) radix4(plan, xr, xi, yr, yi, m, s, lanes);
    else if (r === 2) radix2(plan, xr, xi, yr, yi, m, s, lanes);
    else if (r === 3) radix3(plan, xr, xi, yr, yi, m, s, lanes);
    else if (r === 5) radix5(plan, xr, xi, yr, yi, m, s, lanes);
    else anyRadix(plan, xr, xi, yr, yi, r, m, s, lanes);
    [xr, xi, yr, yi] = [yr, yi, xr, xi];
    n = m;
    s *= r;
  }
  return [xr, xi];
}

/** X[k] = w[k] Σ (x[j] w[j]) conj(w[k − j]) with the chirp w[j] = exp(−πi j² / n). */
function chirpTransform(plan: FftPlan, b: Bluestein, lanes: number): [Float64Array, Float64Array] {
  const { inner, chirpRe, chirpIm, kernelRe, kernelIm } = b;
  const m = inner.length;
  const [xr, xi] = plan.scratch;
  const wr = new Float64Array(m * lanes);
  const wi = new Float64Array(m * lanes);
  multiplyRows(wr, wi, xr, xi, chirpRe, chirpIm, plan.length, lanes);
  const all = { start: 0, step: lanes, lines: lanes, lineStep: 1 };
  fftLines(inner, wr, wi, all);
  multiplyRows(wr, wi, wr, wi, kernelRe, kernelIm, m, lanes);
  fftLines(inner, wr, wi, all, true);
  multiplyRows(xr, xi, wr, wi, chirpRe, chirpIm, plan.length, lanes);
  return [xr, xi];
}

function multiplyRows(
  outRe: Float64Array, outIm: Float64Array, re: Float64Array, im: Float64Array,
  byRe: Float64Array, byIm: Float64Array, rows: number, lanes: number,
): void {
  for (let j = 0, at = 0; j < rows; j++) {
    const c = byRe[j];
    const d = byIm[j];
    for (let q = 0; q < lanes; q++, at++) {
      const x = re[at];
      const y = im[at];
      outRe[at] = c * x - d * y;
      outIm[at] = c * y + d * x;
    }
  }
}
