import { log2, pairwiseSum } from "../math/index.js";
import type { Feature, FeatureClass } from "./featureClass.js";
import { orderStatistics } from "./orderStatistics.js";
import type { Levels, Region } from "./region.js";

/** Moments and percentiles of the region's values, worked out in a few passes; shares of the grey levels. */
type FirstOrder = {
  n: number;
  /** Σ (x + voxelArrayShift)² */
  energy: number;
  voxelVolume: number;
  minimum: number; maximum: number; mean: number; median: number;
  p10: number; p25: number; p75: number; p90: number;
  meanAbsolute: number; robustAbsolute: number;
  /** central moments, divided by n */
  m2: number; m3: number; m4: number;
  entropy: number; uniformity: number;
};

/**
 * Intensity statistics (definitions as in the IBSI reference manual, but kurtosis without −3; percentiles interpolated linearly
 * as numpy does). Entropy and uniformity are those of the grey levels. Agrees with PyRadiomics.
 */
export const firstorder: FeatureClass<FirstOrder> = {
  name: "firstorder",
  prepare(region, levels, settings) {
    const [sx, sy, sz] = region.grid.spacing;
    return { ...statistics(region, settings.voxelArrayShift), ...levelShares(levels()), voxelVolume: sx * sy * sz };
  },
  features: {
    "10Percentile": entry("p10", "QG58", "image"),
    "90Percentile": entry("p90", "8DWT", "image"),
    Energy: entry("energy", "N8CA", "image²"),
    Entropy: {
      ...entry("entropy", "TLU2", "bit"),
      note: (t) => t.uniformity === 1 ? "0 up to the 2⁻⁵² inside the logarithm: a single grey level" : undefined,
    },
    InterquartileRange: { ibsi: "SALO", unit: "image", of: (t) => t.p75 - t.p25 },
    Kurtosis: { unit: "1", of: (t) => t.m2 === 0 ? 0 : t.m4 / (t.m2 * t.m2), note: flatNote },
    Maximum: entry("maximum", "84IY", "image"),
    MeanAbsoluteDeviation: entry("meanAbsolute", "4FUA", "image"),
    Mean: entry("mean", "Q4LE", "image"),
    Median: entry("median", "Y12H", "image"),
    Minimum: entry("minimum", "1GSF", "image"),
    Range: { ibsi: "2OJQ", unit: "image", of: (t) => t.maximum - t.minimum },
    RobustMeanAbsoluteDeviation: {
      ...entry("robustAbsolute", "1128", "image"),
      note: (t) => Number.isNaN(t.robustAbsolute) ? "no voxel lies between the 10th and the 90th percentile" : undefined,
    },
    RootMeanSquared: { ibsi: "5ZWQ", unit: "image", of: (t) => Math.sqrt(t.energy / t.n) },
    Skewness: { ibsi: "KE2A", unit: "1", of: (t) => t.m2 === 0 ? 0 : t.m3 / (t.m2 * Math.sqrt(t.m2)), note: flatNote },
    TotalEnergy: { unit: "image² mm³", of: (t) => t.energy * t.voxelVolume },
    Uniformity: entry("uniformity", "BJ5W", "1"),
    Variance: entry("m2", "ECT3", "image²"),
    StandardDeviation: { unit: "image", deprecated: true, of: (t) => Math.sqrt(t.m2), note: () => "the square root of Variance" },
  },
};

function entry(name: keyof FirstOrder, ibsi: string, unit: string): Feature<FirstOrder> {
  return { ibsi, unit, of: (t) => t[name] };
}

function flatNote(t: FirstOrder): string | undefined {
  return t.m2 === 0 ? "0 by convention: all values are equal" : undefined;
}

function statistics({ values, index }: Region, shift: number) {
  const n = index.length;
  const { x, minimum, maximum, energy } = gathered(values, index, shift);
  const mean = pairwiseSum(x) / n;
  const work = new Float64Array(n);
  const { absolute, s3, s4 } = deviations(x, mean, work);
  const m2 = pairwiseSum(work) / n;
  const [p10, p25, median, p75, p90] = percentiles(x, minimum, maximum, [10, 25, 50, 75, 90]);
  return {
    n, energy, minimum, maximum, mean, median, p10, p25, p75, p90,
    meanAbsolute: absolute / n, robustAbsolute: robustDeviation(x, p10, p90), m2, m3: s3 / n, m4: s4 / n,
  };
}

// One loop per function: engines compile a loop with the function around it, and again for the rest when it ends.

/** The region's values in one array, their extremes, and Σ (x + shift)². */
function gathered(values: Region["values"], index: Int32Array, shift: number) {
  const x = new Float64Array(index.length);
  let minimum = Infinity, maximum = -Infinity, energy = 0;
  for (let k = 0; k < index.length; k++) {
    const v = values[index[k]];
    x[k] = v;
    minimum = Math.min(minimum, v);
    maximum = Math.max(maximum, v);
    energy += (v + shift) * (v + shift);
  }
  return { x, minimum, maximum, energy };
}

/** Σ |d|, Σ d³, Σ d⁴ of the deviations d from the mean; d² is written out to be summed pairwise. */
function deviations(x: Float64Array, mean: number, squares: Float64Array): { absolute: number; s3: number; s4: number } {
  let absolute = 0, s3 = 0, s4 = 0;
  for (let k = 0; k < x.length; k++) {
    const d = x[k] - mean;
    const square = d * d;
    absolute += Math.abs(d);
    s3 += square * d;
    s4 += square * square;
    squares[k] = square;
  }
  return { absolute, s3, s4 };
}

/** Mean absolute deviation of the values in [low, high] from their mean; NaN where there are none. */
function robustDeviation(x: Float64Array, low: number, high: number): number {
  const { sum, number } = within(x, low, high);
  return deviationWithin(x, low, high, sum / number) / number;
}

function within(x: Float64Array, low: number, high: number): { sum: number; number: number } {
  let sum = 0, number = 0;
  for (let k = 0; k < x.length; k++) {
    const v = x[k];
    if (v >= low && v <= high) {
      sum += v;
      number++;
    }
  }
  return { sum, number };
}

function deviationWithin(x: Float64Array, low: number, high: number, mean: number): number {
  let absolute = 0;
  for (let k = 0; k < x.length; k++) {
    const v = x[k];
    if (v >= low && v <= high) absolute += Math.abs(v - mean);
  }
  return absolute;
}

/** Percentiles by linear interpolation between the order statistics around (n − 1) · percent / 100, rounded as numpy does. */
function percentiles(x: Float64Array, minimum: number, maximum: number, percents: number[]): number[] {
  const places = percents.map((percent) => (x.length - 1) * (percent / 100));
  const wanted = places.flatMap((place) => [Math.floor(place), Math.min(Math.floor(place) + 1, x.length - 1)]);
  const found = orderStatistics(x, minimum, maximum, wanted);
  return places.map((place, k) => {
    const low = found[2 * k], high = found[2 * k + 1];
    const share = place - Math.floor(place);
    return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
  });
}

function levelShares(levels: Levels): { entropy: number; uniformity: number } {
  const counts = levelCounts(levels);
  let entropy = 0, squares = 0;
  for (let i = 1; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    const p = counts[i] / levels.index.length;
    entropy -= p * log2(p + 2 ** -52);
    squares += p * p;
  }
  return { entropy, uniformity: squares };
}

function levelCounts({ level, highest, index }: Levels): Int32Array {
  const counts = new Int32Array(highest + 1);
  for (let k = 0; k < index.length; k++) counts[level[index[k]]]++;
  return counts;
}
