import type { Box, Triple, Volume } from "../image/index.js";

const pole = Math.sqrt(3) - 2;
/** samples after which pole^n is so far below 1e-16 that what a recursion started with has left no trace in its rounding */
const decay = 36;

/**
 * Cubic B-spline interpolation of all voxels of a box shifted by the same offset (voxels), 0 where the place lies outside
 * the image. The image continues by mirroring at its first and last voxel.
 * Unser, IEEE Signal Process Mag 1999;16:22. Agrees with scipy.ndimage.map_coordinates, order 3, mode constant.
 * @param reach  the largest offset along any axis
 */
export function cubicSampler(volume: Volume, box: Box, reach: number): (offset: Triple) => Float64Array {
  const pad = Math.ceil(reach) + 2;
  const { data, lower, size } = coefficients(volume, box, pad);
  return (offset) => {
    let values = data;
    const shape: Triple = [...size];
    for (let axis = 0; axis < 3; axis++) {
      const whole = Math.floor(offset[axis]);
      const weights = cubicWeights(offset[axis] - whole);
      values = fourTaps(values, shape, axis, weights, box.lower[axis] - lower[axis] + whole - 1, box.size[axis]);
      shape[axis] = box.size[axis];
    }
    clearOutside(values, volume, box, offset);
    return values;
  };
}

/** Weights of the four B-splines around a place t voxels after the second of them. */
function cubicWeights(t: number): [number, number, number, number] {
  const u = 1 - t;
  return [(u * u * u) / 6, (4 - 6 * t * t + 3 * t * t * t) / 6, (4 - 6 * u * u + 3 * u * u * u) / 6, (t * t * t) / 6];
}

function fourTaps(source: Float64Array, size: Triple, axis: number, w: number[], first: number, count: number): Float64Array {
  const step = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const outer = (size[0] * size[1] * size[2]) / (step * size[axis]);
  const out = new Float64Array(outer * count * step);
  const [w0, w1, w2, w3] = w;
  for (let o = 0, to = 0; o < outer; o++) {
    let p = (o * size[axis] + first) * step;
    for (let i = 0; i < count * step; i++, p++, to++) {
      out[to] = w0 * source[p] + w1 * source[p + step] + w2 * source[p + 2 * step] + w3 * source[p + 3 * step];
    }
  }
  return out;
}

function clearOutside(values: Float64Array, volume: Volume, box: Box, offset: Triple): void {
  const outside = [0, 1, 2].map((axis) => Array.from({ length: box.size[axis] }, (_, i) => {
    const place = box.lower[axis] + i + offset[axis];
    return place < 0 || place > volume.size[axis] - 1;
  }));
  if (!outside.some((o) => o.includes(true))) return;
  let to = 0;
  for (let z = 0; z < box.size[2]; z++) {
    for (let y = 0; y < box.size[1]; y++) {
      for (let x = 0; x < box.size[0]; x++, to++) if (outside[0][x] || outside[1][y] || outside[2][z]) values[to] = 0;
    }
  }
}

/** B-spline coefficients of the box and `pad` voxels around it, mirrored where that leaves the image. */
function coefficients(volume: Volume, box: Box, pad: number): { data: Float64Array; lower: Triple; size: Triple } {
  const size = box.size.map((s) => s + 2 * (pad + decay)) as Triple;
  const index = [0, 1, 2].map((axis) =>
    Int32Array.from({ length: size[axis] }, (_, i) => mirror(box.lower[axis] - pad - decay + i, volume.size[axis])));
  let data: Float64Array = new Float64Array(size[0] * size[1] * size[2]);
  const [nx, ny] = volume.size;
  let to = 0;
  for (let z = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const row = (index[2][z] * ny + index[1][y]) * nx;
      for (let x = 0; x < size[0]; x++) data[to++] = volume.data[row + index[0][x]];
    }
  }
  for (let axis = 0; axis < 3; axis++) {
    prefilter(data, size, axis);
    data = trimmed(data, size, axis);
    size[axis] -= 2 * decay;
  }
  return { data, lower: box.lower.map((l) => l - pad) as Triple, size };
}

/** Without the first and last `decay` samples along an axis. */
function trimmed(data: Float64Array, size: Triple, axis: number): Float64Array {
  const step = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const length = size[axis] * step;
  const kept = length - 2 * decay * step;
  const out = new Float64Array((data.length / length) * kept);
  for (let from = decay * step, to = 0; to < out.length; from += length, to += kept) out.set(data.subarray(from, from + kept), to);
  return out;
}

function mirror(i: number, n: number): number {
  if (n === 1) return 0;
  const period = 2 * n - 2;
  const p = ((i % period) + period) % period;
  return p < n ? p : period - p;
}

/** Recursions of the cubic spline along one axis, a row of neighbouring lines at a time; what they start with has decayed inside. */
function prefilter(data: Float64Array, size: Triple, axis: number): void {
  const step = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const length = size[axis];
  const outer = data.length / (step * length);
  const gain = (1 - pole) * (1 - 1 / pole);
  for (let o = 0; o < outer; o++) {
    const first = o * length * step;
    const end = first + length * step;
    for (let p = first; p < first + step; p++) data[p] *= gain / (1 - pole);
    for (let p = first + step; p < end; p++) data[p] = data[p] * gain + pole * data[p - step];
    for (let p = end - step; p < end; p++) data[p] *= -pole / (1 - pole);
    for (let p = end - step - 1; p >= first; p--) data[p] = pole * (data[p + step] - data[p]);
  }
}
