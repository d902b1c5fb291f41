import type { Box, Volume, Voxels } from "../image/index.js";
import { InputError, powerOfTwo } from "../math/index.js";
import { mapped } from "./normalize.js";
import { countValues, type Counted } from "./quantiles.js";
import { statistics } from "./statistics.js";

/** A rising piecewise linear map of intensities, flat beyond its ends: `from` (ascending) goes to `to`. */
export type IntensityCurve = { from: Float64Array; to: Float64Array };

/**
 * The curve of histogram equalisation: the centre of each of `bins` equal bins over [min, max] goes to the share of voxels
 * up to and in that bin, so intensities become ranks from 0 to 1, about evenly spread.
 * Agrees with numpy.interp(v, centres, cumsum(histogram(v, bins)) / n), scikit-image's equalize_hist.
 *
 * @param index voxels that count (the region); all where absent
 * @throws InputError a constant image, voxels that are not finite, fewer than 2 bins
 */
export function equalizationCurve(values: Voxels, { bins = 256 } = {}, index?: Int32Array, who = "The image"): IntensityCurve {
  if (!Number.isInteger(bins) || bins < 2 || bins > 1 << 24) throw new InputError(`${who}: histogram equalisation needs 2 or more bins, not ${bins}.`);
  const { minimum, maximum, mean, count } = statistics(values, index);
  if (!Number.isFinite(mean) || !(maximum > minimum)) {
    throw new InputError(Number.isFinite(mean)
      ? `${who}: every voxel is ${minimum}, so there is no histogram to equalise.`
      : `${who}: holds NaN or infinite voxels, so its histogram cannot be equalised; repair the image first.`);
  }
  const width = (maximum - minimum) / bins;
  const edge = (k: number) => (k === bins ? maximum : minimum + k * width);
  const counts = new Float64Array(bins);
  for (let k = 0; k < count; k++) {
    const v = values[index === undefined ? k : index[k]];
    let bin = Math.min(bins - 1, Math.floor((v - minimum) / width));
    // numpy.histogram: the edges decide, and the last bin holds the maximum
    if (v < edge(bin)) bin--;
    else if (bin < bins - 1 && v >= edge(bin + 1)) bin++;
    counts[bin]++;
  }
  let seen = 0;
  return {
    from: Float64Array.from({ length: bins }, (_, k) => (edge(k) + edge(k + 1)) / 2),
    to: counts.map((c) => (seen += c) / count),
  };
}

/**
 * The curve of histogram matching: every intensity of the image goes to the reference intensity of the same rank,
 * linear between the reference's ranks. A rank is the share of voxels not above.
 * Agrees with scikit-image's match_histograms: numpy.interp(ranks of the image, ranks of the reference, its values).
 *
 * @param reference values of the image whose histogram is wanted
 * @throws InputError no voxels, voxels that are not finite
 */
export function matchingCurve(
  values: Voxels, reference: Voxels, { index, referenceIndex }: { index?: Int32Array; referenceIndex?: Int32Array } = {}, who = "The image",
): IntensityCurve {
  const own = ranks(countValues(values, index), who);
  const wanted = ranks(countValues(reference, referenceIndex), `${who}: the reference`);
  return { from: own.value, to: own.rank.map((r) => interpolate(r, wanted.rank, wanted.value)) };
}

/** The image with its intensities taken along the curve, on one box; float64. */
export function applyCurve(volume: Volume, box: Box, { from, to }: IntensityCurve): Volume {
  const voxels = box.size[0] * box.size[1] * box.size[2];
  const { data } = volume;
  if (data.BYTES_PER_ELEMENT > 2 || voxels < 1 << 16) {
    return mapped(volume, box, (v, at, out, start, n) => {
      for (let i = 0; i < n; i++) out[start + i] = interpolate(v[at + i], from, to);
    });
  }
  // few different values: look each one up
  const lowest = data instanceof Int8Array || data instanceof Int16Array ? -powerOfTwo(8 * data.BYTES_PER_ELEMENT - 1) : 0;
  const table = Float64Array.from({ length: powerOfTwo(8 * data.BYTES_PER_ELEMENT) }, (_, k) => interpolate(k + lowest, from, to));
  return mapped(volume, box, (v, at, out, start, n) => {
    for (let i = 0; i < n; i++) out[start + i] = table[v[at + i] - lowest];
  });
}

function ranks({ value, count }: Counted, who: string): { value: Float64Array; rank: Float64Array } {
  const total = count.reduce((sum, c) => sum + c, 0);
  if (total === 0 || !Number.isFinite(value[0]) || !Number.isFinite(value[value.length - 1])) {
    throw new InputError(`${who}: ${total === 0 ? "has no voxel" : "holds NaN or infinite voxels"}, so its histogram cannot be matched; check image and mask.`);
  }
  let seen = 0;
  return { value, rank: count.map((c) => (seen += c) / total) };
}

/** Piecewise linear through (x, y), x ascending, flat beyond the ends; as numpy.interp. */
function interpolate(at: number, x: Float64Array, y: Float64Array): number {
  const last = x.length - 1;
  if (!(at > x[0])) return Number.isNaN(at) ? NaN : y[0];
  if (at >= x[last]) return y[last];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  return y[low] + ((y[high] - y[low]) / (x[high] - x[low])) * (at - x[low]);
}
