import type { Triple } from "../image/index.js";
import { samples, type AxisMix } from "./axisMix.js";

/**
 * The value with the greatest sum of weights among the voxels that take part, at every sample: interpolation of labels
 * that makes no new ones. A value that reaches the greatest sum first, x fastest, wins a tie.
 * ITK's LabelImageGaussianInterpolateImageFunction.
 */
export function labelVote(data: Float64Array, size: Triple, mixes: readonly [AxisMix, AxisMix, AxisMix]): Float64Array {
  const [mx, my, mz] = mixes;
  const [nx, ny, nz] = mixes.map(samples);
  const out = new Float64Array(nx * ny * nz);
  const votes = new Map<number, number>();
  for (let z = 0, to = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, to++) {
        if (mixes.some((m, a) => m.inside !== undefined && m.inside[[x, y, z][a]] === 0)) continue;
        votes.clear();
        let most = 0;
        for (let c = z * mz.taps; c < (z + 1) * mz.taps; c++) {
          for (let b = y * my.taps; b < (y + 1) * my.taps; b++) {
            const row = (mz.source[c] * size[1] + my.source[b]) * size[0];
            const weight = mz.weight[c] * my.weight[b];
            if (weight === 0) continue;
            for (let a = x * mx.taps; a < (x + 1) * mx.taps; a++) {
              const value = data[row + mx.source[a]];
              const sum = (votes.get(value) ?? 0) + weight * mx.weight[a];
              votes.set(value, sum);
              if (sum > most) [most, out[to]] = [sum, value];
            }
          }
        }
      }
    }
  }
  return out;
}
