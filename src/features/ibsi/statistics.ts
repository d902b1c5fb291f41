import type { IbsiFeatures } from "./feature.js";

/** Intensities of a region, sorted, with what several statistics share. */
export type Sample = {
  sorted: Float64Array;
  mean: number;
  /** Σ (x − mean)ᵏ / n for k = 2, 3, 4 */
  m2: number;
  m3: number;
  m4: number;
  /** Σ x² */
  energy: number;
  p10: number;
  p25: number;
  p50: number;
  p75: number;
  p90: number;
};

/** Sorts a copy of the region's intensities and takes their population moments and percentiles (linear between ranks). */
export function sample(values: Float64Array): Sample {
  const sorted = values.slice().sort();
  const n = sorted.length;
  let sum = 0;
  let energy = 0;
  for (let k = 0; k < n; k++) {
    sum += sorted[k];
    energy += sorted[k] * sorted[k];
  }
  // of equal values the mean is that value, whatever the sum rounds to
  const mean = sorted[0] === sorted[n - 1] ? sorted[0] : sum / n;
  let m2 = 0;
  let m3 = 0;
  let m4 = 0;
  for (let k = 0; k < n; k++) {
    const d = sorted[k] - mean;
    const d2 = d * d;
    m2 += d2;
    m3 += d2 * d;
    m4 += d2 * d2;
  }
  const at = (p: number) => {
    const rank = p * (n - 1);
    const below = Math.floor(rank);
    const x = sorted[below];
    return below + 1 < n ? x + (rank - below) * (sorted[below + 1] - x) : x;
  };
  return {
    sorted, mean, m2: m2 / n, m3: m3 / n, m4: m4 / n, energy,
    p10: at(0.1), p25: at(0.25), p50: at(0.5), p75: at(0.75), p90: at(0.9),
  };
}

/** Mean |x − centre| of the values within [low, high]. */
function meanDeviation(sorted: Float64Array, centre: number, low = -Infinity, high = Infinity): number {
  let sum = 0;
  let n = 0;
  for (let k = 0; k < sorted.length; k++) {
    const x = sorted[k];
    if (x < low || x > high) continue;
    sum += Math.abs(x - centre);
    n++;
  }
  return sum / n;
}

/** Mean |x − mean of these| of the values within [p10, p90], both included. */
function robustDeviation({ sorted, p10, p90 }: Sample): number {
  let sum = 0;
  let n = 0;
  for (let k = 0; k < sorted.length; k++) {
    if (sorted[k] < p10 || sorted[k] > p90) continue;
    sum += sorted[k];
    n++;
  }
  return n === 0 ? NaN : meanDeviation(sorted, sum / n, p10, p90);
}

const least = (s: Sample) => s.sorted[0];
const most = (s: Sample) => s.sorted[s.sorted.length - 1];

/**
 * Intensity-based statistics (IBSI UHIW): population moments, kurtosis − 3. Skewness and kurtosis of a flat region are 0,
 * as IBSI sets them; a coefficient whose denominator is 0 is NaN.
 */
export const statistics: IbsiFeatures<Sample> = {
  mean: { name: "Mean", ibsi: "Q4LE", unit: "I", of: (s) => s.mean },
  var: { name: "Variance", ibsi: "ECT3", unit: "I²", of: (s) => s.m2 },
  skew: { name: "Skewness", ibsi: "KE2A", unit: "1", of: (s) => (s.m2 === 0 ? 0 : s.m3 / (s.m2 * Math.sqrt(s.m2))) },
  kurt: { name: "(Excess) kurtosis", ibsi: "IPH6", unit: "1", of: (s) => (s.m2 === 0 ? 0 : s.m4 / (s.m2 * s.m2) - 3) },
  median: { name: "Median", ibsi: "Y12H", unit: "I", of: (s) => s.p50 },
  min: { name: "Minimum", ibsi: "1GSF", unit: "I", of: least },
  p10: { name: "10th percentile", ibsi: "QG58", unit: "I", of: (s) => s.p10 },
  p90: { name: "90th percentile", ibsi: "8DWT", unit: "I", of: (s) => s.p90 },
  max: { name: "Maximum", ibsi: "84IY", unit: "I", of: most },
  iqr: { name: "Interquartile range", ibsi: "SALO", unit: "I", of: (s) => s.p75 - s.p25 },
  range: { name: "Range", ibsi: "2OJQ", unit: "I", of: (s) => most(s) - least(s) },
  mad: { name: "Mean absolute deviation", ibsi: "4FUA", unit: "I", of: (s) => meanDeviation(s.sorted, s.mean) },
  rmad: { name: "Robust mean absolute deviation", ibsi: "1128", unit: "I", of: robustDeviation },
  medad: { name: "Median absolute deviation", ibsi: "N72L", unit: "I", of: (s) => meanDeviation(s.sorted, s.p50) },
  cov: { name: "Coefficient of variation", ibsi: "7TET", unit: "1", of: (s) => (s.mean === 0 ? NaN : Math.sqrt(s.m2) / s.mean) },
  qcod: {
    name: "Quartile coefficient of dispersion", ibsi: "9S40", unit: "1",
    of: (s) => (s.p75 + s.p25 === 0 ? NaN : (s.p75 - s.p25) / (s.p75 + s.p25)),
  },
  energy: { name: "Energy", ibsi: "N8CA", unit: "I²", of: (s) => s.energy },
  rms: { name: "Root mean square intensity", ibsi: "5ZWQ", unit: "I", of: (s) => Math.sqrt(s.energy / s.sorted.length) },
};
