import { powerOfTwo } from "../math/index.js";
import type { Triple, Voxels } from "../image/index.js";
import { samples, type AxisMix } from "./axisMix.js";

/** What a B-spline sample is made of, to work it out again in ITK's order of operations. */
export type Spline = { coefficients: Float64Array; size: Triple; mixes: readonly [AxisMix, AxisMix, AxisMix] };

/**
 * Samples in the number type of `element`: floats rounded, integers cut toward 0 and held inside the type's range, as ITK casts.
 * A B-spline sample within rounding of a whole number is summed again over its 64 coefficients in ITK's order (x fastest,
 * weight x · y · z): there the last bit decides which whole number it is cut to.
 */
export function truncated(data: Float64Array, element: Voxels, spline?: Spline): Voxels {
  if (element instanceof Float64Array) return data;
  if (element instanceof Float32Array) return Float32Array.from(data);
  const out = new (element.constructor as new (n: number) => Exclude<Voxels, Float64Array>)(data.length);
  const signed = element instanceof Int8Array || element instanceof Int16Array || element instanceof Int32Array;
  const bits = 8 * element.BYTES_PER_ELEMENT;
  const [least, most] = signed ? [-powerOfTwo(bits - 1), powerOfTwo(bits - 1) - 1] : [0, powerOfTwo(bits) - 1];
  if (spline !== undefined) resolveTies(data, spline);
  for (let i = 0; i < data.length; i++) {
    const v = data[i];
    out[i] = v < least ? least : v > most ? most : v;
  }
  return out;
}

/** In place. Around 0 both sides are cut to 0, so nothing needs to be decided there. */
function resolveTies(data: Float64Array, spline: Spline): void {
  const [nx, ny] = spline.mixes.map(samples);
  let greatest = 0;
  for (const c of spline.coefficients) if (Math.abs(c) > greatest) greatest = Math.abs(c);
  const rounding = 1e-13 * greatest;
  for (let i = 0; i < data.length; i++) {
    const v = data[i];
    const whole = Math.round(v);
    if (Math.abs(v - whole) > rounding || whole === 0) continue;
    const line = Math.floor(i / nx);
    if (spline.mixes.every((m, a) => m.inside === undefined || m.inside[[i % nx, line % ny, Math.floor(line / ny)][a]] === 1)) {
      data[i] = inOrder(spline, i % nx, line % ny, Math.floor(line / ny));
    }
  }
}

function inOrder({ coefficients, size, mixes: [mx, my, mz] }: Spline, x: number, y: number, z: number): number {
  let sum = 0;
  for (let c = 4 * z; c < 4 * z + 4; c++) {
    for (let b = 4 * y; b < 4 * y + 4; b++) {
      const row = (mz.source[c] * size[1] + my.source[b]) * size[0];
      for (let a = 4 * x; a < 4 * x + 4; a++) {
        sum += mx.weight[a] * my.weight[b] * mz.weight[c] * coefficients[row + mx.source[a]];
      }
    }
  }
  return sum;
}
