import type { Triple } from "../image/index.js";

/**
 * How the samples along one axis of a new grid are mixed from the voxels of the old one: sample k is
 * Σ weight[k · taps + t] · voxel[source[k · taps + t]]. Grids that share their axes are resampled axis by axis.
 */
export type AxisMix = {
  taps: number;
  source: Int32Array;
  weight: Float64Array;
  /** 1 where the sample lies inside the old grid (half a voxel beyond the outermost centres); absent: everywhere */
  inside?: Uint8Array;
};

/** Least and greatest voxel position that a mix reads. */
export function sourceRange({ source }: AxisMix): [number, number] {
  let low = source[0];
  let high = source[0];
  for (const s of source) {
    if (s < low) low = s;
    if (s > high) high = s;
  }
  return [low, high];
}

/** The mix with its sources counted from `offset`. */
export function shifted(mix: AxisMix, offset: number): AxisMix {
  return offset === 0 ? mix : { ...mix, source: mix.source.map((s) => s - offset) };
}

/** One voxel per sample, unmixed. */
export function isPick(mix: AxisMix): boolean {
  return mix.taps === 1 && mix.weight.every((w) => w === 1);
}

/**
 * Mixes a volume along x, then y, then z (this order fixes the rounding).
 * Two taps are evaluated as a + w (b − a), as ITK's linear interpolator does, so a flat image stays exactly flat.
 *
 * @param data x fastest, of `size`
 * @returns x fastest, of the mixes' sample counts
 */
export function mixAxes(data: Float64Array, size: Triple, mixes: readonly [AxisMix, AxisMix, AxisMix]): Float64Array {
  const [nx, ny, nz] = mixes.map(samples);
  const alongX = mixAxis(data, size[1] * size[2], size[0], 1, mixes[0]);
  const alongY = mixAxis(alongX, size[2], size[1], nx, mixes[1]);
  const mixed = mixAxis(alongY, 1, size[2], nx * ny, mixes[2]);
  return blankOutside(mixed, [nx, ny, nz], mixes);
}

/** Number of samples a mix makes. */
export const samples = (mix: AxisMix): number => mix.source.length / mix.taps;

/** One voxel per sample, in the volume's own number type; 0 outside. */
export function pick<T extends Float64Array | { [i: number]: number; length: number }>(
  from: T, [nx, ny]: Triple, mixes: readonly [AxisMix, AxisMix, AxisMix], out: T,
): T {
  const [sx, sy, sz] = mixes.map((m) => m.source);
  for (let z = 0, to = 0; z < sz.length; z++) {
    for (let y = 0; y < sy.length; y++) {
      const row = (sz[z] * ny + sy[y]) * nx;
      for (let x = 0; x < sx.length; x++) out[to++] = from[row + sx[x]];
    }
  }
  return blankOutside(out, [sx.length, sy.length, sz.length], mixes);
}

/** Sets samples outside the old grid to 0, in place. */
function blankOutside<T extends { [i: number]: number }>(data: T, [nx, ny, nz]: readonly number[], mixes: readonly AxisMix[]): T {
  const [ix, iy, iz] = mixes.map((m) => m.inside);
  if (ix === undefined && iy === undefined && iz === undefined) return data;
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const line = (iz === undefined || iz[z] === 1) && (iy === undefined || iy[y] === 1);
      for (let x = 0; x < nx; x++, i++) if (!line || (ix !== undefined && ix[x] === 0)) data[i] = 0;
    }
  }
  return data;
}

/** One pass: data is [outer][n][inner], the result [outer][samples][inner]. */
function mixAxis(data: Float64Array, outer: number, n: number, inner: number, mix: AxisMix): Float64Array {
  const { taps, source, weight } = mix;
  const m = samples(mix);
  if (taps === 1 && m === n && isPick(mix) && source.every((s, k) => s === k)) return data;
  const out = new Float64Array(outer * m * inner);
  for (let o = 0; o < outer; o++) {
    const from = o * n * inner;
    const to = o * m * inner;
    if (inner === 1) mixLine(data, from, out, to, m, mix);
    else for (let k = 0; k < m; k++) mixRow(data, from, inner, source, weight, k * taps, taps, out, to + k * inner);
  }
  return out;
}

function mixLine(data: Float64Array, from: number, out: Float64Array, to: number, m: number, { taps, source, weight }: AxisMix): void {
  if (taps === 2) {
    for (let k = 0, t = 0; k < m; k++, t += 2) {
      const a = data[from + source[t]];
      out[to + k] = a + (data[from + source[t + 1]] - a) * weight[t + 1];
    }
  } else if (taps === 4) {
    for (let k = 0, t = 0; k < m; k++, t += 4) {
      out[to + k] = weight[t] * data[from + source[t]] + weight[t + 1] * data[from + source[t + 1]] +
        weight[t + 2] * data[from + source[t + 2]] + weight[t + 3] * data[from + source[t + 3]];
    }
  } else {
    for (let k = 0, t = 0; k < m; k++) {
      let sum = 0;
      for (let last = t + taps; t < last; t++) sum += weight[t] * data[from + source[t]];
      out[to + k] = sum;
    }
  }
}

function mixRow(
  data: Float64Array, from: number, inner: number, source: Int32Array, weight: Float64Array, t: number, taps: number,
  out: Float64Array, to: number,
): void {
  const a = from + source[t] * inner;
  if (taps === 2) {
    const b = from + source[t + 1] * inner;
    const share = weight[t + 1];
    for (let i = 0; i < inner; i++) out[to + i] = data[a + i] + (data[b + i] - data[a + i]) * share;
  } else if (taps === 4) {
    const [w0, w1, w2, w3] = [weight[t], weight[t + 1], weight[t + 2], weight[t + 3]];
    const b = from + source[t + 1] * inner;
    const c = from + source[t + 2] * inner;
    const d = from + source[t + 3] * inner;
    for (let i = 0; i < inner; i++) out[to + i] = w0 * data[a + i] + w1 * data[b + i] + w2 * data[c + i] + w3 * data[d + i];
  } else {
    for (let j = t; j < t + taps; j++) {
      const w = weight[j];
      const row = from + source[j] * inner;
      for (let i = 0; i < inner; i++) out[to + i] += w * data[row + i];
    }
  }
}
