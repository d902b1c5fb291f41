import { log, power } from "../math/index.js";
import type { Box, Triple } from "../image/index.js";

/** Pole of the cubic B-spline prefilter. */
const pole = Math.sqrt(3) - 2;
const gain = (1 - pole) * (1 - 1 / pole);

/**
 * Samples that must lie between the wanted coefficients and a cut: pole^36 is 2.6e-21, and the two recursions then agree
 * with those over the whole line to the last bit (but for rare ties in rounding).
 */
export const splineMargin = 36;

/** Terms of the starting sum at the edge of the image, as ITK counts them: pole^n < 1e-10. */
const horizon = Math.ceil(log(1e-10) / log(-pole));
/** poleᵏ, k < horizon */
const powers = Float64Array.from({ length: horizon }, (_, k) => power(pole, k));

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
  let data = read({ lower, size: [...part] });
  for (let a = 0; a < 3; a++) {
    if (!along[a] || size[a] === 1) continue;
    const inner = a === 0 ? 1 : a === 1 ? part[0] : part[0] * part[1];
    const outer = a === 0 ? part[1] * part[2] : a === 1 ? part[2] : 1;
    const line: Line = { n: part[a], from: keep.lower[a] - lower[a], count: keep.size[a], atEdge: lower[a] === 0 };
    data = inner === 1 ? filterLines(data, outer, line) : filterRows(data, outer, inner, line);
    part[a] = keep.size[a];
  }
  return data;
}

/** n samples, of which `count` from `from` on are wanted; atEdge: the first one is the first of the image. */
type Line = { n: number; from: number; count: number; atEdge: boolean };

/** Lines along y or z: whole rows of `inner` samples step together. Overwrites `data`. */
function filterRows(data: Float64Array, outer: number, inner: number, line: Line): Float64Array {
  const { n, from, count } = line;
  const out = new Float64Array(outer * count * inner);
  for (let o = 0; o < outer; o++) {
    const base = o * n * inner;
    recurse(data, base, inner, line);
    out.set(data.subarray(base + from * inner, base + (from + count) * inner), o * count * inner);
  }
  return out;
}

/** Lines along x, some of them side by side as rows: each step waits for the one before, but not for its neighbours. */
function filterLines(data: Float64Array, lines: number, line: Line): Float64Array {
  const { n, from, count } = line;
  const width = 16;
  const tile = new Float64Array(n * width);
  const out = new Float64Array(lines * count);
  for (let first = 0; first < lines; first += width) {
    const rows = Math.min(width, lines - first);
    for (let r = 0; r < rows; r++) {
      for (let i = (first + r) * n, t = r; t < tile.length; i++, t += width) tile[t] = data[i];
    }
    recurse(tile, 0, width, line);
    for (let r = 0; r < rows; r++) {
      const to = (first + r) * count;
      for (let i = 0, t = from * width + r; i < count; i++, t += width) out[to + i] = tile[t];
    }
  }
  return out;
}

/** Both recursions over n rows of `inner` samples from `base` on, in place; rows before `from` are left half done. */
function recurse(data: Float64Array, base: number, inner: number, { n, from, atEdge }: Line): void {
  const last = base + (n - 1) * inner;
  for (let i = base; i < base + inner; i++) data[i] = firstCausal(data, i, n, inner, atEdge);
  for (let i = base + inner; i < last + inner; i++) data[i] = data[i] * gain + pole * data[i - inner];
  for (let i = last; i < last + inner; i++) data[i] = (pole / (pole * pole - 1)) * (pole * data[i - inner] + data[i]);
  for (let i = last - 1; i >= base + from * inner; i--) data[i] = pole * (data[i + inner] - data[i]);
}

/** c⁺(0) = Σ poleᵏ · gain · s(k) over the mirrored line; at a cut, as if the first sample went on for ever. */
function firstCausal(data: Float64Array, first: number, n: number, step: number, atEdge: boolean): number {
  let sum = data[first] * gain;
  if (!atEdge) return sum / (1 - pole);
  let power = pole;
  if (horizon < n) {
    for (let k = 1; k < horizon; k++) {
      sum += power * (data[first + k * step] * gain);
      power *= pole;
    }
    return sum;
  }
  const inverse = 1 / pole;
  let mirrored = powers[n - 1];
  sum += mirrored * (data[first + (n - 1) * step] * gain);
  mirrored *= mirrored * inverse;
  for (let k = 1; k <= n - 2; k++) {
    sum += (power + mirrored) * (data[first + k * step] * gain);
    power *= pole;
    mirrored *= inverse;
  }
  return sum / (1 - power * power);
}
