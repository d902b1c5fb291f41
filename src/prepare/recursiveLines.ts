import type { Triple, Voxels } from "../image/index.js";
import type { RecursiveFilter } from "./recursiveGaussian.js";

/** A box of voxels inside an array: voxel (x, y, z) is data[offset + x · stride[0] + y · stride[1] + z · stride[2]]. */
export type View = { data: Voxels; offset: number; stride: Triple; size: Triple };

/** lines filtered side by side, at most: their samples at one place lie in a row */
const widest = 128;

/**
 * Filters all lines of a view along one axis and keeps samples first … first + count − 1 of each.
 * Sums in double, result rounded to float32. Beyond its ends a line continues with its edge values.
 */
export function filterLines(source: View, axis: number, filter: RecursiveFilter, first: number, count: number): View {
  const size: Triple = [...source.size];
  size[axis] = count;
  const out = new Float32Array(size[0] * size[1] * size[2]);
  const stride: Triple = [1, size[0], size[0] * size[1]];
  const length = source.size[axis];
  const [u, v] = axis === 0 ? [1, 2] : axis === 1 ? [0, 2] : [0, 1];
  const width = Math.ceil(size[u] / Math.ceil(size[u] / widest));
  // four rows more at each end hold the line's continuation
  const x = new Float64Array((length + 8) * width);
  const causal = new Float64Array((length + 8) * width);
  const anticausal = new Float64Array((length + 8) * width);
  for (let j = 0; j < size[v]; j++) {
    for (let i = 0; i < size[u]; i += width) {
      const w = Math.min(width, size[u] - i);
      load(source, axis, source.offset + i * source.stride[u] + j * source.stride[v], source.stride[u], length, w, x);
      forward(x, causal, w, first + count, filter);
      backward(x, anticausal, w, first, length, filter);
      store(causal, anticausal, w, first, count, out, i * stride[u] + j * stride[v], stride[axis], stride[u]);
    }
  }
  return { data: out, offset: 0, stride, size };
}

/** Row k + 4 of x becomes sample k of w neighbouring lines. */
function load(source: View, axis: number, from: number, across: number, length: number, w: number, x: Float64Array): void {
  const { data } = source;
  const along = source.stride[axis];
  if (axis === 0) {
    for (let c = 0; c < w; c++) {
      for (let k = 0, p = from + c * across, q = 4 * w + c; k < length; k++, p += along, q += w) x[q] = data[p];
    }
  } else {
    for (let k = 0, q = 4 * w; k < length; k++) {
      for (let c = 0, p = from + k * along; c < w; c++) x[q++] = data[p++];
    }
  }
  for (let k = 0; k < 4; k++) {
    x.copyWithin(k * w, 4 * w, 5 * w);
    x.copyWithin((length + 4 + k) * w, (length + 3) * w, (length + 4) * w);
  }
}

/** Causal half of samples 0 … end − 1, four rows at a time, so up to three samples further. */
function forward(x: Float64Array, c: Float64Array, w: number, end: number, filter: RecursiveFilter): void {
  const [n0, n1, n2, n3] = filter.n;
  const [d1, d2, d3, d4] = filter.d;
  for (let q = 0; q < 4 * w; q++) c[q] = x[q] * filter.causalGain;
  for (let row = 4 * w; row < (end + 4) * w; row += 4 * w) {
    for (let q = row; q < row + w; q++) {
      const x0 = x[q - 3 * w], x1 = x[q - 2 * w], x2 = x[q - w], x3 = x[q], x4 = x[q + w], x5 = x[q + 2 * w], x6 = x[q + 3 * w];
      const c0 = c[q - 4 * w], c1 = c[q - 3 * w], c2 = c[q - 2 * w], c3 = c[q - w];
      const c4 = x3 * n0 + x2 * n1 + x1 * n2 + x0 * n3 - (c3 * d1 + c2 * d2 + c1 * d3 + c0 * d4);
      const c5 = x4 * n0 + x3 * n1 + x2 * n2 + x1 * n3 - (c4 * d1 + c3 * d2 + c2 * d3 + c1 * d4);
      const c6 = x5 * n0 + x4 * n1 + x3 * n2 + x2 * n3 - (c5 * d1 + c4 * d2 + c3 * d3 + c2 * d4);
      c[q] = c4;
      c[q + w] = c5;
      c[q + 2 * w] = c6;
      c[q + 3 * w] = x6 * n0 + x5 * n1 + x4 * n2 + x3 * n3 - (c6 * d1 + c5 * d2 + c4 * d3 + c3 * d4);
    }
  }
}

/** Anticausal half of samples length − 1 … first, four rows at a time, so up to three samples further down. */
function backward(x: Float64Array, a: Float64Array, w: number, first: number, length: number, filter: RecursiveFilter): void {
  const [m1, m2, m3, m4] = filter.m;
  const [d1, d2, d3, d4] = filter.d;
  for (let q = (length + 4) * w; q < (length + 8) * w; q++) a[q] = x[q] * filter.anticausalGain;
  for (let row = (length + 3) * w; row >= (first + 4) * w; row -= 4 * w) {
    for (let q = row; q < row + w; q++) {
      const x0 = x[q + 4 * w], x1 = x[q + 3 * w], x2 = x[q + 2 * w], x3 = x[q + w], x4 = x[q], x5 = x[q - w], x6 = x[q - 2 * w];
      const a0 = a[q + 4 * w], a1 = a[q + 3 * w], a2 = a[q + 2 * w], a3 = a[q + w];
      const a4 = x3 * m1 + x2 * m2 + x1 * m3 + x0 * m4 - (a3 * d1 + a2 * d2 + a1 * d3 + a0 * d4);
      const a5 = x4 * m1 + x3 * m2 + x2 * m3 + x1 * m4 - (a4 * d1 + a3 * d2 + a2 * d3 + a1 * d4);
      const a6 = x5 * m1 + x4 * m2 + x3 * m3 + x2 * m4 - (a5 * d1 + a4 * d2 + a3 * d3 + a2 * d4);
      a[q] = a4;
      a[q - w] = a5;
      a[q - 2 * w] = a6;
      a[q - 3 * w] = x6 * m1 + x5 * m2 + x4 * m3 + x3 * m4 - (a6 * d1 + a5 * d2 + a4 * d3 + a3 * d4);
    }
  }
}

function store(
  c: Float64Array, a: Float64Array, w: number, first: number, count: number, out: Float32Array, to: number, along: number, across: number,
): void {
  for (let k = 0; k < count; k++) {
    for (let i = 0, q = (first + k + 4) * w, p = to + k * along; i < w; i++, q++, p += across) out[p] = c[q] + a[q];
  }
}
