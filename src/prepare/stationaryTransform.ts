import type { Triple, Volume } from "../image/index.js";
import type { WaveletFilters } from "./waveletCoefficients.js";

/**
 * Part of an image that is periodic along its axes: samples lower … lower + size − 1, in coordinates that may lie
 * outside [0, period). Where size equals the period the tile is the whole image and wraps.
 */
export type Tile = { data: Float32Array | Float64Array; lower: Triple; size: Triple };

/** Both filters cut into groups of six taps, padded with zeros. */
export type GroupedFilters = { length: number; lowpass: Float64Array; highpass: Float64Array };

const group = 6;

export function grouped({ lowpass, highpass }: WaveletFilters): GroupedFilters {
  const padded = (taps: Float64Array): Float64Array => {
    const p = new Float64Array(Math.ceil(taps.length / group) * group);
    p.set(taps);
    return p;
  };
  return { length: lowpass.length, lowpass: padded(lowpass), highpass: padded(highpass) };
}

/** Samples that outputs lower … lower + size − 1 need: out[n] = Σₖ f[k] in[n + length/2 − k], cut to one period. */
export function reach(lower: number, size: number, f: GroupedFilters, period: number): { lower: number; size: number } {
  const wanted = size + f.length - 1;
  return wanted >= period ? { lower: 0, size: period } : { lower: lower - f.length / 2 + 1, size: wanted };
}

/** The tile of a volume made periodic; an odd axis first gets one wrapped sample at its end, so its period is even. */
export function tileOf(volume: Volume, period: Triple, lower: Triple, size: Triple): Tile {
  const { data: source } = volume;
  const [nx, ny] = volume.size;
  const [sx, sy, sz] = size;
  const n = sx * sy * sz;
  const data = source instanceof Float32Array ? new Float32Array(n) : new Float64Array(n);
  const column = places(lower[0], sx, period[0], volume.size[0]);
  const row = places(lower[1], sy, period[1], volume.size[1]);
  const slice = places(lower[2], sz, period[2], volume.size[2]);
  const contiguous = column[sx - 1] - column[0] === sx - 1;
  for (let z = 0, to = 0; z < sz; z++) {
    for (let y = 0; y < sy; y++, to += sx) {
      const from = (slice[z] * ny + row[y]) * nx;
      if (contiguous) for (let x = 0, at = from + column[0]; x < sx; x++) data[to + x] = source[at + x];
      else for (let x = 0; x < sx; x++) data[to + x] = source[from + column[x]];
    }
  }
  return { data, lower, size };
}

function places(lower: number, size: number, period: number, n: number): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => {
    const p = modulo(lower + i, period);
    return p === n ? 0 : p;
  });
}

const modulo = (p: number, period: number): number => ((p % period) + period) % period;

/** Low-pass and high-pass of a tile along one axis, at outputs lower … lower + size − 1 of that axis. */
export function split(
  tile: Tile, axis: number, f: GroupedFilters, lower: number, size: number, period: number,
): [low: Tile, high: Tile] {
  const outSize: Triple = [...tile.size];
  const outLower: Triple = [...tile.lower];
  outSize[axis] = size;
  outLower[axis] = lower;
  const count = outSize[0] * outSize[1] * outSize[2];
  const single = tile.data instanceof Float32Array;
  const low = single ? new Float32Array(count) : new Float64Array(count);
  const high = single ? new Float32Array(count) : new Float64Array(count);
  const whole = tile.size[axis] === period;
  const inner = axis === 0 ? 1 : axis === 1 ? tile.size[0] : tile.size[0] * tile.size[1];
  const outer = count / (size * inner);
  const length = tile.size[axis];
  const at = new Int32Array(group);
  /** where tap k of output n lies along the axis */
  const place = (n: number, k: number): number => {
    const p = lower + n + f.length / 2 - Math.min(k, f.length - 1) - tile.lower[axis];
    return whole ? modulo(p, length) : p;
  };
  if (axis === 0) {
    const reachLength = size + f.length - 1;
    const line = whole ? (single ? new Float32Array(reachLength) : new Float64Array(reachLength)) : tile.data;
    const first = place(0, f.length - 1);
    for (let o = 0; o < outer; o++) {
      if (whole) for (let i = 0; i < reachLength; i++) line[i] = tile.data[o * length + ((first + i) % length)];
      const start = whole ? 0 : o * length + first;
      for (let g = 0; g < f.lowpass.length; g += group) {
        for (let k = 0; k < group; k++) at[k] = start + f.length - 1 - Math.min(g + k, f.length - 1);
        accumulate(line, at, f, g, low, high, o * size, size);
      }
    }
  } else {
    for (let o = 0; o < outer; o++) {
      for (let n = 0; n < size; n++) {
        for (let g = 0; g < f.lowpass.length; g += group) {
          for (let k = 0; k < group; k++) at[k] = (o * length + place(n, g + k)) * inner;
          accumulate(tile.data, at, f, g, low, high, (o * size + n) * inner, inner);
        }
      }
    }
  }
  return [{ data: low, lower: outLower, size: outSize }, { data: high, lower: outLower, size: outSize }];
}

type Samples = Float32Array | Float64Array;

/** Six taps of both filters for n outputs from `to` on, added to what earlier groups gave; tap k reads from at[k] on. */
function accumulate(source: Samples, at: Int32Array, f: GroupedFilters, g: number, low: Samples, high: Samples, to: number, n: number): void {
  if (source instanceof Float64Array) accumulate64(source, at, f.lowpass, f.highpass, g, low as Float64Array, high as Float64Array, to, n);
  else accumulate32(source, at, f.lowpass, f.highpass, g, low as Float32Array, high as Float32Array, to, n);
}

function accumulate64(
  s: Float64Array, at: Int32Array, l: Float64Array, h: Float64Array, g: number, low: Float64Array, high: Float64Array, to: number, n: number,
): void {
  const a0 = at[0], a1 = at[1], a2 = at[2], a3 = at[3], a4 = at[4], a5 = at[5];
  const l0 = l[g], l1 = l[g + 1], l2 = l[g + 2], l3 = l[g + 3], l4 = l[g + 4], l5 = l[g + 5];
  const h0 = h[g], h1 = h[g + 1], h2 = h[g + 2], h3 = h[g + 3], h4 = h[g + 4], h5 = h[g + 5];
  if (g === 0) {
    for (let i = 0; i < n; i++) {
      const b0 = s[a0 + i], b1 = s[a1 + i], b2 = s[a2 + i], b3 = s[a3 + i], b4 = s[a4 + i], b5 = s[a5 + i];
      low[to + i] = l0 * b0 + l1 * b1 + l2 * b2 + l3 * b3 + l4 * b4 + l5 * b5;
      high[to + i] = h0 * b0 + h1 * b1 + h2 * b2 + h3 * b3 + h4 * b4 + h5 * b5;
    }
    return;
  }
  for (let i = 0; i < n; i++) {
    const b0 = s[a0 + i], b1 = s[a1 + i], b2 = s[a2 + i], b3 = s[a3 + i], b4 = s[a4 + i], b5 = s[a5 + i];
    low[to + i] = low[to + i] + l0 * b0 + l1 * b1 + l2 * b2 + l3 * b3 + l4 * b4 + l5 * b5;
    high[to + i] = high[to + i] + h0 * b0 + h1 * b1 + h2 * b2 + h3 * b3 + h4 * b4 + h5 * b5;
  }
}

function accumulate32(
  s: Float32Array, at: Int32Array, l: Float64Array, h: Float64Array, g: number, low: Float32Array, high: Float32Array, to: number, n: number,
): void {
  const r = Math.fround;
  const a0 = at[0], a1 = at[1], a2 = at[2], a3 = at[3], a4 = at[4], a5 = at[5];
  const l0 = r(l[g]), l1 = r(l[g + 1]), l2 = r(l[g + 2]), l3 = r(l[g + 3]), l4 = r(l[g + 4]), l5 = r(l[g + 5]);
  const h0 = r(h[g]), h1 = r(h[g + 1]), h2 = r(h[g + 2]), h3 = r(h[g + 3]), h4 = r(h[g + 4]), h5 = r(h[g + 5]);
  if (g === 0) {
    for (let i = 0; i < n; i++) {
      const b0 = s[a0 + i], b1 = s[a1 + i], b2 = s[a2 + i], b3 = s[a3 + i], b4 = s[a4 + i], b5 = s[a5 + i];
      low[to + i] = r(r(r(r(r(r(l0 * b0) + r(l1 * b1)) + r(l2 * b2)) + r(l3 * b3)) + r(l4 * b4)) + r(l5 * b5));
      high[to + i] = r(r(r(r(r(r(h0 * b0) + r(h1 * b1)) + r(h2 * b2)) + r(h3 * b3)) + r(h4 * b4)) + r(h5 * b5));
    }
    return;
  }
  for (let i = 0; i < n; i++) {
    const b0 = s[a0 + i], b1 = s[a1 + i], b2 = s[a2 + i], b3 = s[a3 + i], b4 = s[a4 + i], b5 = s[a5 + i];
    low[to + i] = r(r(r(r(r(r(low[to + i] + r(l0 * b0)) + r(l1 * b1)) + r(l2 * b2)) + r(l3 * b3)) + r(l4 * b4)) + r(l5 * b5));
    high[to + i] = r(r(r(r(r(r(high[to + i] + r(h0 * b0)) + r(h1 * b1)) + r(h2 * b2)) + r(h3 * b3)) + r(h4 * b4)) + r(h5 * b5));
  }
}
