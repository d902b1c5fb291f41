import type { Triple, Voxels } from "../image/index.js";
import type { RecursiveFilter } from "./recursiveGaussian.js";

/** A box of voxels inside an array: voxel (x, y, z) is data[offset + x · stride[0] + y · stride[1] + z · stride[2]]. */
export type View = { data: Voxels; offset: number; stride: Triple; size: Triple };

/** lines filtered side by side: their samples at one place lie in a row */
const width = 32;

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

function forward(x: Float64Array, c: Float64Array, w: number, end: number, filter: RecursiveFilter): void {
  const [n0, n1, n2, n3] = filter.n;
  const [d1, d2, d3, d4] = filter.d;
  for (let q = 0; q < 4 * w; q++) c[q] = x[q] * filter.causalGain;
  for (let q = 4 * w; q < (end + 4) * w; q++) {
    c[q] = x[q] * n0 + x[q - w] * n1 + x[q - 2 * w] * n2 + x[q - 3 * w] * n3
      - (c[q - w] * d1 + c[q - 2 * w] * d2 + c[q - 3 * w] * d3 + c[q - 4 * w] * d4);
  }
}

function backward(x: Float64Array, a: Float64Array, w: number, first: number, length: number, filter: RecursiveFilter): void {
  const [m1, m2, m3, m4] = filter.m;
  const [d1, d2, d3, d4] = filter.d;
  for (let q = (length + 4) * w; q < (length + 8) * w; q++) a[q] = x[q] * filter.anticausalGain;
  for (let q = (length + 4) * w - 1; q >= (first + 4) * w; q--) {
    a[q] = x[q + w] * m1 + x[q + 2 * w] * m2 + x[q + 3 * w] * m3 + x[q + 4 * w] * m4
      - (a[q + w] * d1 + a[q + 2 * w] * d2 + a[q + 3 * w] * d3 + a[q + 4 * w] * d4);
  }
}

function store(
  c: Float64Array, a: Float64Array, w: number, first: number, count: number, out: Float32Array, to: number, along: number, across: number,
): void {
  for (let k = 0; k < count; k++) {
    for (let i = 0, q = (first + k + 4) * w, p = to + k * along; i < w; i++, q++, p += across) out[p] = c[q] + a[q];
  }
}
