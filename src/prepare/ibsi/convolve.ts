import type { Triple } from "../../image/index.js";
import { type Boundary, boundaryIndex } from "./boundary.js";
import type { Field } from "./field.js";

/** A 1-D filter: response(i) = Σ taps[t] · image(i + offsets[t]). */
export type Kernel = { taps: Float64Array; offsets: Int32Array };

/** Kernel of a convolution Σ h[k] · image(i + centre − k · step); zero taps are left out. */
export function kernelOf(h: ArrayLike<number>, centre: number, step = 1): Kernel {
  const taps: number[] = [];
  const offsets: number[] = [];
  for (let k = h.length - 1; k >= 0; k--) {
    if (h[k] === 0) continue;
    taps.push(h[k]);
    offsets.push(centre - k * step);
  }
  return { taps: Float64Array.from(taps), offsets: Int32Array.from(offsets) };
}

/** The kernel seen in a mirror: what it becomes when the image is turned by 180°. */
export function mirrored({ taps, offsets }: Kernel): Kernel {
  return { taps: taps.slice().reverse(), offsets: offsets.map((o) => -o).reverse() };
}

/** Farthest voxel a kernel looks at. */
export function reachOf({ offsets }: Kernel): number {
  return offsets.reduce((farthest, o) => Math.max(farthest, Math.abs(o)), 0);
}

const chunk = 1024;

/**
 * Convolves along one axis, positions from … to − 1 of the image. The field must hold what the boundary rule needs
 * (neededRange). The sum runs over taps in kernel order, so a voxel's value does not depend on the box.
 *
 * @param into room for the result, used where it is given
 */
export function convolveAxis(
  field: Field, axis: number, kernel: Kernel, boundary: Boundary, from: number, to: number, into?: Float64Array,
): Field {
  const { lower, size, whole, data } = field;
  const { taps, offsets } = kernel;
  const outSize = [...size] as Triple;
  const outLower = [...lower] as Triple;
  outSize[axis] = to - from;
  outLower[axis] = from;
  const out = roomFor(outSize, into);
  const first = Math.min(...offsets);
  const last = Math.max(...offsets);
  const source = boundaryIndex(whole[axis], from + first, to + last, boundary);
  for (let i = 0; i < source.length; i++) if (source[i] >= 0) source[i] -= lower[axis];
  if (axis === 0) alongRows(data, size[0], out, outSize[0], size[1] * size[2], source, taps, offsets, first);
  else {
    const inner = axis === 1 ? size[0] : size[0] * size[1];
    acrossRows(data, size[axis], out, outSize[axis], inner, axis === 1 ? size[2] : 1, source, taps, offsets, first);
  }
  return { lower: outLower, size: outSize, whole, data: out };
}

function roomFor(size: Triple, into: Float64Array | undefined): Float64Array {
  const n = size[0] * size[1] * size[2];
  return into !== undefined && into.length >= n ? into.subarray(0, n) : new Float64Array(n);
}

function alongRows(
  data: Float64Array, nIn: number, out: Float64Array, nOut: number, rows: number,
  source: Int32Array, taps: Float64Array, offsets: Int32Array, first: number,
): void {
  const line = new Float64Array(source.length);
  const shifts = offsets.map((o) => o - first);
  for (let row = 0; row < rows; row++) {
    const base = row * nIn;
    for (let i = 0; i < line.length; i++) line[i] = source[i] < 0 ? 0 : data[base + source[i]];
    weightedSum(out, row * nOut, nOut, line, shifts, taps, taps.length);
  }
}

/** Whole rows at a time; rows of the axis are `inner` numbers long and lie `inner` apart. */
function acrossRows(
  data: Float64Array, nIn: number, out: Float64Array, nOut: number, inner: number, outer: number,
  source: Int32Array, taps: Float64Array, offsets: Int32Array, first: number,
): void {
  const weights = new Float64Array(taps.length);
  const bases = new Int32Array(taps.length);
  for (let o = 0; o < outer; o++) {
    for (let begin = 0; begin < inner; begin += chunk) {
      for (let i = 0; i < nOut; i++) {
        let used = 0;
        for (let t = 0; t < taps.length; t++) {
          const row = source[i + offsets[t] - first];
          if (row < 0) continue;
          weights[used] = taps[t];
          bases[used++] = (o * nIn + row) * inner + begin;
        }
        weightedSum(out, (o * nOut + i) * inner + begin, Math.min(chunk, inner - begin), data, bases, weights, used);
      }
    }
  }
}

/** out[at + q] = Σ weights[t] · data[bases[t] + q] for q < n, summed in order of t, four at a time. */
function weightedSum(
  out: Float64Array, at: number, n: number, data: Float64Array, bases: Int32Array, weights: Float64Array, used: number,
): void {
  out.fill(0, at, at + n);
  let t = 0;
  for (; t + 4 <= used; t += 4) {
    const [w0, w1, w2, w3] = [weights[t], weights[t + 1], weights[t + 2], weights[t + 3]];
    const [b0, b1, b2, b3] = [bases[t], bases[t + 1], bases[t + 2], bases[t + 3]];
    for (let q = 0; q < n; q++) {
      out[at + q] = out[at + q] + w0 * data[b0 + q] + w1 * data[b1 + q] + w2 * data[b2 + q] + w3 * data[b3 + q];
    }
  }
  for (; t < used; t++) {
    const w = weights[t];
    const b = bases[t];
    for (let q = 0; q < n; q++) out[at + q] += w * data[b + q];
  }
}

/**
 * Mean over the 2 · radius + 1 voxels around each, along one axis. Sums are built from blocks that start at multiples of the
 * width (van Herk, Pattern Recognit Lett 1992;13:517, there for maxima): three additions a voxel at any width,
 * no cancellation, and a value that does not depend on the box.
 */
export function averageAxis(field: Field, axis: number, radius: number, boundary: Boundary, from: number, to: number): Field {
  const { lower, size, whole, data } = field;
  const outSize = [...size] as Triple;
  const outLower = [...lower] as Triple;
  outSize[axis] = to - from;
  outLower[axis] = from;
  const out = roomFor(outSize, undefined);
  const source = boundaryIndex(whole[axis], from - radius, to + radius, boundary);
  // lines of the axis side by side: all rows for x, the numbers of a row or slice for y and z
  const step = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const lines = axis === 0 ? size[1] * size[2] : step;
  const outer = axis === 1 ? size[2] : 1;
  const [laneIn, laneOut] = axis === 0 ? [size[0], to - from] : [1, 1];
  const sums = blockSums(source.length, radius, from);
  for (let o = 0; o < outer; o++) {
    for (let line = 0; line < lines; line += sums.lanes) {
      const count = Math.min(sums.lanes, lines - line);
      const base = o * size[axis] * step + line * laneIn - lower[axis] * step;
      for (let i = 0; i < source.length; i++) {
        const at = base + source[i] * step;
        if (source[i] < 0) sums.value.fill(0, i * count, (i + 1) * count);
        else for (let q = 0; q < count; q++) sums.value[i * count + q] = data[at + q * laneIn];
      }
      sums.average(count, out, o * (to - from) * step + line * laneOut, step, laneOut);
    }
  }
  return { lower: outLower, size: outSize, whole, data: out };
}

/** Sums of `width` successive numbers in `lanes` sequences side by side: `value[i · count + q]` is number i of sequence q. */
function blockSums(n: number, radius: number, first: number) {
  const lanes = 32;
  const width = 2 * radius + 1;
  const value = new Float64Array(n * lanes);
  const behind = new Float64Array(n * lanes);
  const ahead = new Float64Array(n * lanes);
  // 1 where a block begins
  const begins = Uint8Array.from({ length: n + 1 }, (_, i) => ((first - radius + i) % width === 0 ? 1 : 0));
  const average = (count: number, out: Float64Array, start: number, step: number, laneStep: number) => {
    behind.set(value.subarray(0, count));
    for (let i = 1; i < n; i++) {
      const at = i * count;
      if (begins[i] === 1) for (let q = at; q < at + count; q++) behind[q] = value[q];
      else for (let q = at; q < at + count; q++) behind[q] = behind[q - count] + value[q];
    }
    ahead.set(value.subarray((n - 1) * count, n * count), (n - 1) * count);
    for (let i = n - 2; i >= 0; i--) {
      const at = i * count;
      if (begins[i + 1] === 1) for (let q = at; q < at + count; q++) ahead[q] = value[q];
      else for (let q = at; q < at + count; q++) ahead[q] = value[q] + ahead[q + count];
    }
    const end = (width - 1) * count;
    for (let i = 0; i + width <= n; i++) {
      const at = i * count;
      const to = start + i * step;
      if (begins[i] === 1) for (let q = 0; q < count; q++) out[to + q * laneStep] = ahead[at + q] / width;
      else for (let q = 0; q < count; q++) out[to + q * laneStep] = (ahead[at + q] + behind[at + end + q]) / width;
    }
  };
  return { lanes, value, average };
}
