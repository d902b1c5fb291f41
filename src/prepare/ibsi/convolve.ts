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
  return { taps: taps.slice().reverse(), offsets: offsets.map((o) => -o || 0).reverse() };
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
    const outer = axis === 1 ? size[2] : 1;
    acrossRows(data, size[axis], out, outSize[axis], inner, outer, source, taps, offsets, first);
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
  for (let row = 0; row < rows; row++) {
    const base = row * nIn;
    for (let i = 0; i < line.length; i++) line[i] = source[i] < 0 ? 0 : data[base + source[i]];
    const at = row * nOut;
    for (let t = 0; t < taps.length; t++) {
      const w = taps[t];
      const shift = offsets[t] - first;
      if (t === 0) for (let i = 0; i < nOut; i++) out[at + i] = w * line[i + shift];
      else for (let i = 0; i < nOut; i++) out[at + i] += w * line[i + shift];
    }
  }
}

/** Whole rows at a time; rows of the axis are `inner` numbers long and lie `inner` apart. */
function acrossRows(
  data: Float64Array, nIn: number, out: Float64Array, nOut: number, inner: number, outer: number,
  source: Int32Array, taps: Float64Array, offsets: Int32Array, first: number,
): void {
  for (let o = 0; o < outer; o++) {
    for (let begin = 0; begin < inner; begin += chunk) {
      const n = Math.min(chunk, inner - begin);
      for (let i = 0; i < nOut; i++) {
        const at = (o * nOut + i) * inner + begin;
        out.fill(0, at, at + n);
        for (let t = 0; t < taps.length; t++) {
          const row = source[i + offsets[t] - first];
          if (row < 0) continue;
          const w = taps[t];
          const base = (o * nIn + row) * inner + begin;
          for (let q = 0; q < n; q++) out[at + q] += w * data[base + q];
        }
      }
    }
  }
}

/**
 * Mean over the 2 · radius + 1 voxels around each, along one axis. Sums are built from blocks that start at multiples of the
 * width (van Herk, Pattern Recognit Lett 1992;13:517, there for maxima): about three additions a voxel at any width,
 * no cancellation, and a value that does not depend on the box.
 */
export function averageAxis(field: Field, axis: number, radius: number, boundary: Boundary, from: number, to: number): Field {
  const { lower, size, whole, data } = field;
  const width = 2 * radius + 1;
  const outSize = [...size] as Triple;
  const outLower = [...lower] as Triple;
  outSize[axis] = to - from;
  outLower[axis] = from;
  const out = roomFor(outSize, undefined);
  const inner = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const outer = axis === 2 ? 1 : axis === 1 ? size[2] : size[1] * size[2];
  const source = boundaryIndex(whole[axis], from - radius, to + radius, boundary);
  const n = source.length;
  const lanes = Math.min(inner, 64);
  const ahead = new Float64Array(n * lanes);
  const behind = new Float64Array(n * lanes);
  // true where a block of `width` positions begins
  const begins = Uint8Array.from({ length: n + 1 }, (_, i) => ((from - radius + i) % width === 0 ? 1 : 0));
  for (let o = 0; o < outer; o++) {
    for (let begin = 0; begin < inner; begin += lanes) {
      const count = Math.min(lanes, inner - begin);
      const value = (i: number, q: number) =>
        source[i] < 0 ? 0 : data[(o * size[axis] + source[i] - lower[axis]) * inner + begin + q];
      for (let i = 0; i < n; i++) {
        const fresh = i === 0 || begins[i] === 1;
        for (let q = 0; q < count; q++) behind[i * lanes + q] = value(i, q) + (fresh ? 0 : behind[(i - 1) * lanes + q]);
      }
      for (let i = n - 1; i >= 0; i--) {
        const fresh = i === n - 1 || begins[i + 1] === 1;
        for (let q = 0; q < count; q++) ahead[i * lanes + q] = value(i, q) + (fresh ? 0 : ahead[(i + 1) * lanes + q]);
      }
      for (let i = 0; i < to - from; i++) {
        const at = (o * (to - from) + i) * inner + begin;
        const end = (i + width - 1) * lanes;
        for (let q = 0; q < count; q++) {
          out[at + q] = (begins[i] === 1 ? ahead[i * lanes + q] : ahead[i * lanes + q] + behind[end + q]) / width;
        }
      }
    }
  }
  return { lower: outLower, size: outSize, whole, data: out };
}
