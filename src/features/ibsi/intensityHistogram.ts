import { log2 } from "../../math/index.js";
import type { IbsiFeatures } from "./feature.js";
import { sample, statistics, type Sample } from "./statistics.js";

/** A region's grey levels: their statistics, how often each level occurs and the slope of that histogram. */
export type LevelHistogram = Sample & {
  /** count[g − 1] voxels of level g = 1..Ng */
  count: Float64Array;
  /** slope[g − 1] in voxels per level: central differences, one-sided at both ends */
  slope: Float64Array;
};

/** Histogram of grey levels 1..highest. */
export function levelHistogram(levels: Float64Array, highest: number): LevelHistogram {
  const count = new Float64Array(highest);
  for (let k = 0; k < levels.length; k++) count[levels[k] - 1]++;
  const slope = new Float64Array(highest).fill(NaN);
  for (let g = 0; g < highest && highest > 1; g++) {
    const before = Math.max(g - 1, 0);
    const after = Math.min(g + 1, highest - 1);
    slope[g] = (count[after] - count[before]) / (after - before);
  }
  return { ...sample(levels), count, slope };
}

/** The most frequent level; of several the one nearest to the mean, then the lowest. */
function mode({ count, mean }: LevelHistogram): number {
  let best = 0;
  for (let g = 1; g < count.length; g++) {
    const nearer = Math.abs(g + 1 - mean) < Math.abs(best + 1 - mean);
    if (count[g] > count[best] || (count[g] === count[best] && nearer)) best = g;
  }
  return best + 1;
}

function extreme(slope: Float64Array, sign: 1 | -1): { at: number; value: number } {
  let at = 0;
  for (let g = 1; g < slope.length; g++) if (sign * slope[g] > sign * slope[at]) at = g;
  return Number.isNaN(slope[at]) ? { at: NaN, value: NaN } : { at: at + 1, value: slope[at] };
}

function sumOver({ count, sorted }: LevelHistogram, term: (p: number) => number): number {
  let sum = 0;
  for (let g = 0; g < count.length; g++) if (count[g] > 0) sum += term(count[g] / sorted.length);
  return sum;
}

const codes: Record<string, string> = {
  mean: "X6K6", var: "CH89", skew: "88K1", kurt: "C3I7", median: "WIFQ", min: "1PR8", p10: "GPMT", p90: "OZ0C", max: "3NCY",
  iqr: "WR0O", range: "5Z3W", mad: "D2ZX", rmad: "WRZB", medad: "4RNL", cov: "CWYJ", qcod: "SLWD",
};

/**
 * Intensity histogram (IBSI ZVCW): the statistics of the discretised intensities (energy and root mean square are not
 * among them), mode, entropy, uniformity and the steepest slopes. A single level has no slope: NaN.
 */
export const intensityHistogram: IbsiFeatures<LevelHistogram> = {
  ...Object.fromEntries(Object.keys(codes).map((tag) => {
    const { name, unit, of } = statistics[tag];
    return [tag, { name: `Intensity histogram ${name.toLowerCase()}`, ibsi: codes[tag], unit: unit.replace("I", "level"), of }];
  })),
  mode: { name: "Intensity histogram mode", ibsi: "AMMC", unit: "level", of: mode },
  entropy: { name: "Discretised intensity entropy", ibsi: "TLU2", unit: "bit", of: (h) => -sumOver(h, (p) => p * log2(p)) },
  uniformity: { name: "Discretised intensity uniformity", ibsi: "BJ5W", unit: "1", of: (h) => sumOver(h, (p) => p * p) },
  max_grad: { name: "Maximum histogram gradient", ibsi: "12CE", unit: "voxel/level", of: (h) => extreme(h.slope, 1).value },
  max_grad_g: { name: "Maximum histogram gradient intensity", ibsi: "8E6O", unit: "level", of: (h) => extreme(h.slope, 1).at },
  min_grad: { name: "Minimum histogram gradient", ibsi: "VQB3", unit: "voxel/level", of: (h) => extreme(h.slope, -1).value },
  min_grad_g: { name: "Minimum histogram gradient intensity", ibsi: "RHQZ", unit: "level", of: (h) => extreme(h.slope, -1).at },
};
