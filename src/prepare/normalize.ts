import { checkBox, cropGrid, forRows, type Box, type Volume, type Voxels } from "../image/index.js";
import { InputError } from "../math/index.js";
import { quantiles } from "./quantiles.js";
import { statistics } from "./statistics.js";

/** Mean and sample standard deviation (N − 1) that carry intensities to 0 and 1. */
export type ZScore = { mean: number; sd: number };

/** PyRadiomics' settings around the z-score. */
export type ZScoreOptions = {
  /** factor after the z-score and the clipping; 1 where absent */
  normalizeScale?: number;
  /** clips z-scores to ± this many standard deviations; null or absent keeps all */
  removeOutliers?: number | null;
};

/**
 * Mean and sd of a z-score, over the whole image (as ITK's NormalizeImageFilter, so PyRadiomics' `normalize`)
 * or over the voxels at `index` (the region).
 * @throws InputError voxels that are not finite, a constant image
 */
export function zScore(values: Voxels, index?: Int32Array, who = "The image"): ZScore {
  const { mean, sd, count } = statistics(values, index);
  if (!Number.isFinite(mean) || !Number.isFinite(sd)) {
    throw new InputError(count < 2
      ? `${who}: has ${count} voxel, but a z-score needs at least 2.`
      : `${who}: holds NaN or infinite voxels, so it has no mean and cannot be normalised; repair the image first.`);
  }
  if (sd === 0) {
    throw new InputError(`${who}: every voxel is ${mean}, so its standard deviation is 0 and it cannot be normalised; switch normalize off.`);
  }
  return { mean, sd };
}

/**
 * z = (v − mean) / sd, clipped to ± removeOutliers, times normalizeScale, on one box; float64.
 * Agrees with PyRadiomics' normalizeImage: v − mean is multiplied by 1 / sd, as ITK does.
 */
export function applyZScore(volume: Volume, box: Box, { mean, sd }: ZScore, options: ZScoreOptions = {}): Volume {
  const { normalizeScale = 1 } = options;
  const most = options.removeOutliers ?? Infinity;
  if (!(most > 0)) throw new InputError(`removeOutliers is ${most}, but it must be a number of standard deviations above 0.`);
  const perUnit = 1 / sd;
  return mapped(volume, box, (v, from, out, to, n) => {
    for (let i = 0; i < n; i++) {
      const z = (v[from + i] - mean) * perUnit;
      out[to + i] = (z > most ? most : z < -most ? -most : z) * normalizeScale;
    }
  });
}

/** `zScore` over the whole image, then `applyZScore` to all of it: PyRadiomics' normalizeImage. */
export function normalizeImage(volume: Volume, options: ZScoreOptions = {}, who = "The image"): Volume {
  return applyZScore(volume, wholeBox(volume), zScore(volume.data, undefined, who), options);
}

/** The intensities that a linear rescaling carries to 0 and 1. */
export type IntensityRange = { low: number; high: number };

/** Least and greatest voxel of the image, or of the region at `index`. */
export function extremes(values: Voxels, index?: Int32Array, who = "The image"): IntensityRange {
  const { minimum, maximum } = statistics(values, index);
  return checkedRange({ low: minimum, high: maximum }, who);
}

/**
 * Two percentiles (0–100, linear between order statistics as numpy.percentile) of the image, or of the region at `index`.
 * p1 to p99 is the usual choice for MRI.
 */
export function percentileRange(values: Voxels, percentiles: readonly [number, number], index?: Int32Array, who = "The image"): IntensityRange {
  const [low, high] = quantiles(values, percentiles.map((p) => p / 100), index);
  return checkedRange({ low, high }, who);
}

/**
 * (v − low) / (high − low), on one box; float64. `clip` holds values outside the range at 0 and 1.
 * With `extremes` it is min–max normalisation, with `percentileRange` percentile normalisation.
 */
export function rescale(volume: Volume, box: Box, { low, high }: IntensityRange, { clip = false } = {}): Volume {
  const width = high - low;
  return mapped(volume, box, (v, from, out, to, n) => {
    for (let i = 0; i < n; i++) {
      const share = (v[from + i] - low) / width;
      out[to + i] = !clip ? share : share < 0 ? 0 : share > 1 ? 1 : share;
    }
  });
}

/** Values held between two percentiles and otherwise unchanged, on one box; float64. */
export function clipRange(volume: Volume, box: Box, { low, high }: IntensityRange): Volume {
  return mapped(volume, box, (v, from, out, to, n) => {
    for (let i = 0; i < n; i++) {
      const value = v[from + i];
      out[to + i] = value < low ? low : value > high ? high : value;
    }
  });
}

/** The box that is the whole volume. */
export function wholeBox({ size }: { size: Volume["size"] }): Box {
  return { lower: [0, 0, 0], size: [...size] };
}

/** A float64 volume on the box, filled line by line. */
export function mapped(volume: Volume, box: Box, line: (v: Voxels, from: number, out: Float64Array, to: number, n: number) => void): Volume {
  checkBox(volume, box);
  const data = new Float64Array(box.size[0] * box.size[1] * box.size[2]);
  forRows(volume, box, (from, to, n) => line(volume.data, from, data, to, n));
  return { ...cropGrid(volume, box), data };
}

function checkedRange(range: IntensityRange, who: string): IntensityRange {
  if (!Number.isFinite(range.low) || !Number.isFinite(range.high)) {
    throw new InputError(`${who}: holds NaN or infinite voxels, so its intensity range is unknown; repair the image first.`);
  }
  if (!(range.high > range.low)) {
    throw new InputError(`${who}: the range from ${range.low} to ${range.high} is empty, so intensities cannot be scaled to it; ` +
      `the image is constant there, or the percentiles are in the wrong order.`);
  }
  return range;
}
