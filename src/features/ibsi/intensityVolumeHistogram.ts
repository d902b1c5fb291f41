import type { IbsiFeatures } from "./feature.js";

/** Fractions along an intensity–volume histogram: at intensity[k] (ascending) volume[k] of the region is at least as bright. */
export type VolumeHistogram = {
  intensity: Float64Array;
  /** (intensity − lowest) / (highest − lowest) */
  fraction: Float64Array;
  /** share of voxels with at least this intensity */
  volume: Float64Array;
};

/**
 * The axis an intensity–volume histogram is made on.
 * - `low`, `high`: the range that intensity fractions refer to
 * - `width`: bin width; bins start at `low` and are known by their centres. Without it every step counts, in whole units.
 * - `bins`: that many bins between the region's extremes; intensities are then bin numbers 1..bins.
 */
export type VolumeHistogramAxis =
  | { low: number; high: number; width?: number }
  | { bins: number };

/** Counts a region's sorted intensities on the axis. */
export function volumeHistogram(sorted: Float64Array, axis: VolumeHistogramAxis): VolumeHistogram {
  const n = sorted.length;
  const { intensity, level, low, high } = grid(sorted, axis);
  const count = new Float64Array(intensity.length);
  for (let k = 0; k < n; k++) count[Math.min(Math.max(level(sorted[k]), 0), count.length - 1)]++;
  const volume = new Float64Array(count.length);
  for (let g = count.length - 1, above = 0; g >= 0; g--) {
    above += count[g];
    volume[g] = above / n;
  }
  const fraction = intensity.map((x) => (high > low ? (x - low) / (high - low) : 0));
  return { intensity, fraction, volume };
}

function grid(sorted: Float64Array, axis: VolumeHistogramAxis) {
  if ("bins" in axis) {
    const { bins } = axis;
    const min = sorted[0];
    const range = sorted[sorted.length - 1] - min;
    return {
      intensity: Float64Array.from({ length: bins }, (_, g) => g + 1), low: 1, high: bins,
      level: (x: number) => (range === 0 ? 0 : Math.min(Math.floor((bins * (x - min)) / range), bins - 1)),
    };
  }
  const { low, high, width } = axis;
  if (width === undefined) {
    const steps = Math.floor(high - low + 1e-9) + 1;
    return {
      intensity: Float64Array.from({ length: steps }, (_, g) => low + g), low, high,
      level: (x: number) => Math.floor(x - low + 1e-9),
    };
  }
  const bins = Math.max(Math.ceil((high - low) / width - 1e-9), 1);
  return {
    intensity: Float64Array.from({ length: bins }, (_, g) => low + (g + 0.5) * width), low, high,
    level: (x: number) => Math.floor((x - low) / width),
  };
}

/** The largest volume fraction at an intensity fraction of at least x. */
function volumeAt({ fraction, volume }: VolumeHistogram, x: number): number {
  for (let g = 0; g < fraction.length; g++) if (fraction[g] >= x - 1e-12) return volume[g];
  return 0;
}

/** The lowest intensity that at most the share x of the volume reaches. */
function intensityAt({ intensity, volume }: VolumeHistogram, x: number): number {
  for (let g = 0; g < intensity.length; g++) if (volume[g] <= x + 1e-12) return intensity[g];
  return intensity[intensity.length - 1];
}

/** Trapezoidal area under volume over intensity fraction. */
function area({ fraction, volume }: VolumeHistogram): number {
  let sum = 0;
  for (let g = 1; g < fraction.length; g++) sum += ((volume[g] + volume[g - 1]) / 2) * (fraction[g] - fraction[g - 1]);
  return sum;
}

/** Intensity–volume histogram (IBSI P88C) at 10 and 90 %. The area has no consensus value. */
export const intensityVolumeHistogram: IbsiFeatures<VolumeHistogram> = {
  v10: { name: "Volume at intensity fraction 0.10", ibsi: "BC2M", unit: "1", of: (h) => volumeAt(h, 0.1) },
  v90: { name: "Volume at intensity fraction 0.90", ibsi: "BC2M", unit: "1", of: (h) => volumeAt(h, 0.9) },
  i10: { name: "Intensity at volume fraction 0.10", ibsi: "GBPN", unit: "I", of: (h) => intensityAt(h, 0.1) },
  i90: { name: "Intensity at volume fraction 0.90", ibsi: "GBPN", unit: "I", of: (h) => intensityAt(h, 0.9) },
  diff_v10_v90: {
    name: "Volume fraction difference between intensity fractions 0.10 and 0.90", ibsi: "DDTU", unit: "1",
    of: (h) => volumeAt(h, 0.1) - volumeAt(h, 0.9),
  },
  diff_i10_i90: {
    name: "Intensity difference between volume fractions 0.10 and 0.90", ibsi: "CNV2", unit: "I",
    of: (h) => intensityAt(h, 0.1) - intensityAt(h, 0.9),
  },
  auc: { name: "Area under the IVH curve", ibsi: "9CMM", unit: "1", of: area },
};
