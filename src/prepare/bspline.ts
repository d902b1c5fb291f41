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

/** Lines along x, four at a time: each step waits for the one before, so four run side by side. */
function filterLines(data: Float64Array, lines: number, { n, from, count, atEdge }: Line): Float64Array {
  const out = new Float64Array(lines * count);
  const causal = new Float64Array(4 * n);
  for (let line = 0; line < lines; line += 4) {
    // the last group repeats its last line
    const at = [0, 1, 2, 3].map((k) => Math.min(line + k, lines - 1) * n);
    const [p0, p1, p2, p3] = at;
    let [c0, c1, c2, c3] = at.map((p) => firstCausal(data, p, n, 1, atEdge));
    for (let i = 0, t = 0; ; t += 4) {
      causal[t] = c0;
      causal[t + 1] = c1;
      causal[t + 2] = c2;
      causal[t + 3] = c3;
      if (++i === n) break;
      c0 = data[p0 + i] * gain + pole * c0;
      c1 = data[p1 + i] * gain + pole * c1;
      c2 = data[p2 + i] * gain + pole * c2;
      c3 = data[p3 + i] * gain + pole * c3;
    }
    const before = 4 * (n - 2);
    c0 = lastAnticausal(causal[before], c0);
    c1 = lastAnticausal(causal[before + 1], c1);
    c2 = lastAnticausal(causal[before + 2], c2);
    c3 = lastAnticausal(causal[before + 3], c3);
    const [q0, q1, q2, q3] = at.map((p) => (p / n) * count - from);
    for (let i = n - 1; ; ) {
      if (i < from + count) {
        out[q0 + i] = c0;
        out[q1 + i] = c1;
        out[q2 + i] = c2;
        out[q3 + i] = c3;
      }
      if (--i < from) break;
      c0 = pole * (c0 - causal[4 * i]);
      c1 = pole * (c1 - causal[4 * i + 1]);
      c2 = pole * (c2 - causal[4 * i + 2]);
      c3 = pole * (c3 - causal[4 * i + 3]);
    }
  }
  return out;
}

/** Lines along y or z: whole rows of `inner` samples step together. */
function filterRows(data: Float64Array, outer: number, inner: number, { n, from, count, atEdge }: Line): Float64Array {
  const out = new Float64Array(outer * count * inner);
  const causal = new Float64Array(n * inner);
  const row = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    const base = o * n * inner;
    for (let i = 0; i < inner; i++) causal[i] = firstCausal(data, base + i, n, inner, atEdge);
    for (let i = inner; i < n * inner; i++) causal[i] = data[base + i] * gain + pole * causal[i - inner];
    const last = (n - 1) * inner;
    for (let i = 0; i < inner; i++) row[i] = lastAnticausal(causal[last - inner + i], causal[last + i]);
    for (let k = n - 1; ; ) {
      if (k < from + count) out.set(row, (o * count + k - from) * inner);
      if (--k < from) break;
      for (let i = 0, c = k * inner; i < inner; i++, c++) row[i] = pole * (row[i] - causal[c]);
    }
  }
  return out;
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
  let mirrored = Math.pow(pole, n - 1);
  sum += mirrored * (data[first + (n - 1) * step] * gain);
  mirrored *= mirrored * inverse;
  for (let k = 1; k <= n - 2; k++) {
    sum += (power + mirrored) * (data[first + k * step] * gain);
    power *= pole;
    mirrored *= inverse;
  }
  return sum / (1 - power * power);
}

const lastAnticausal = (before: number, last: number): number => (pole / (pole * pole - 1)) * (pole * before + last);
