import type { Box, Triple } from "../image/index.js";

/** Pole of the cubic B-spline prefilter. */
const pole = Math.sqrt(3) - 2;

/**
 * Samples that must lie between the wanted coefficients and a cut: pole^36 is 2.6e-21, and the two recursions then agree
 * with those over the whole line to the last bit (but for rare ties in rounding).
 */
export const splineMargin = 36;

/** Terms of the starting sum at the edge of the image, as ITK counts them: pole^n < 1e-10. */
const horizon = Math.ceil(Math.log(1e-10) / Math.log(-pole));

/**
 * Cubic B-spline coefficients of a part of an image: the spline through all voxels, mirrored at the outermost centres.
 * Recursive filter along x, y, z. Unser, Aldroubi, Eden, IEEE Trans Signal Process 1993;41:834; starting values and order of
 * operations as in ITK's BSplineDecompositionImageFilter (tolerance 1e-10), so the coefficients equal ITK's bit for bit.
 *
 * @param read  voxels of a box of the image, x fastest, as a new array
 * @param size  of the whole image
 * @param keep  box whose coefficients are wanted
 * @param along which axes the spline interpolates; an axis left out keeps its samples
 */
export function splineCoefficients(
  read: (box: Box) => Float64Array, size: Triple, keep: Box, along: readonly boolean[] = [true, true, true],
): Float64Array {
  const lower = [...keep.lower] as Triple;
  const part = [...keep.size] as Triple;
  for (let a = 0; a < 3; a++) {
    if (!along[a]) continue;
    lower[a] = Math.max(0, keep.lower[a] - splineMargin);
    part[a] = Math.min(size[a], keep.lower[a] + keep.size[a] + splineMargin) - lower[a];
  }
  let data = read({ lower, size: part });
  for (let a = 0; a < 3; a++) {
    if (!along[a]) continue;
    const inner = a === 0 ? 1 : a === 1 ? part[0] : part[0] * part[1];
    const outer = a === 0 ? part[1] * part[2] : a === 1 ? part[2] : 1;
    if (size[a] > 1) filterAxis(data, outer, part[a], inner, lower[a] === 0);
    data = trimmed(data, outer, part[a], inner, keep.lower[a] - lower[a], keep.size[a]);
    part[a] = keep.size[a];
  }
  return data;
}

/** In place; data is [outer][n][inner]. */
function filterAxis(data: Float64Array, outer: number, n: number, inner: number, atEdge: boolean): void {
  const gain = (1 - pole) * (1 - 1 / pole);
  for (let i = 0; i < data.length; i++) data[i] *= gain;
  for (let o = 0; o < outer; o++) {
    const base = o * n * inner;
    for (let i = base; i < base + inner; i++) data[i] = firstCausal(data, i, n, inner, atEdge);
    if (inner === 1) filterLine(data, base, n);
    else filterRows(data, base, n, inner);
  }
}

function filterLine(data: Float64Array, base: number, n: number): void {
  let value = data[base];
  for (let i = base + 1; i < base + n; i++) {
    value = data[i] + pole * value;
    data[i] = value;
  }
  value = lastAnticausal(data[base + n - 2], value);
  data[base + n - 1] = value;
  for (let i = base + n - 2; i >= base; i--) {
    value = pole * (value - data[i]);
    data[i] = value;
  }
}

function filterRows(data: Float64Array, base: number, n: number, inner: number): void {
  for (let i = base + inner; i < base + n * inner; i++) data[i] += pole * data[i - inner];
  const last = base + (n - 1) * inner;
  for (let i = last; i < last + inner; i++) data[i] = lastAnticausal(data[i - inner], data[i]);
  for (let i = last - 1; i >= base; i--) data[i] = pole * (data[i + inner] - data[i]);
}

/** c⁺(0) = Σ poleᵏ s(k) over the mirrored line; at a cut, as if the first sample went on for ever. */
function firstCausal(data: Float64Array, first: number, n: number, step: number, atEdge: boolean): number {
  if (!atEdge) return data[first] / (1 - pole);
  let sum = data[first];
  let power = pole;
  if (horizon < n) {
    for (let k = 1; k < horizon; k++) {
      sum += power * data[first + k * step];
      power *= pole;
    }
    return sum;
  }
  const inverse = 1 / pole;
  let mirrored = Math.pow(pole, n - 1);
  sum += mirrored * data[first + (n - 1) * step];
  mirrored *= mirrored * inverse;
  for (let k = 1; k <= n - 2; k++) {
    sum += (power + mirrored) * data[first + k * step];
    power *= pole;
    mirrored *= inverse;
  }
  return sum / (1 - power * power);
}

const lastAnticausal = (before: number, last: number): number => (pole / (pole * pole - 1)) * (pole * before + last);

/** `count` of the n samples of each line, from `from` on. */
function trimmed(data: Float64Array, outer: number, n: number, inner: number, from: number, count: number): Float64Array {
  if (count === n) return data;
  const out = new Float64Array(outer * count * inner);
  for (let o = 0; o < outer; o++) {
    const start = (o * n + from) * inner;
    out.set(data.subarray(start, start + count * inner), o * count * inner);
  }
  return out;
}
