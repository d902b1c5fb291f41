import type { Voxels } from "../image/index.js";
import { InputError } from "../math/index.js";

/** Fixed bin width (the image's unit), or a number of bins over the region's range where `binCount` is given. */
export type BinOptions = { binWidth: number; binCount?: number | null };

/** A region in grey levels: 1..highest inside, 0 elsewhere, one entry per voxel of the box. */
export type GreyLevels = { level: Uint16Array | Int32Array; highest: number };

/** More bins than any texture matrix can hold. */
export const mostBins = 10_000_000;

/**
 * Ascending bin edges of a region as PyRadiomics sets them; bin k is edges[k − 1] <= v < edges[k].
 *
 * binWidth W: from min − (min mod W), floored modulo, in steps of W up to max + 2 W, so the edges are multiples of W
 * and stay the same between regions. binCount n: n equal bins over [min, max] (over min ± 0.5 where the region is flat),
 * the last edge raised by 1 so that the maximum falls into bin n. Edges are float64; with binCount they are rounded to
 * float32 for a float32 image. Agrees with PyRadiomics 8ed5793 on numpy 1.24 bit for bit.
 *
 * @param values all voxels of the box
 * @param index  positions of the region's voxels in `values`, at least one
 * @throws InputError voxels that are not finite, width or count not positive, more than 10 million bins
 */
export function binEdges(values: Voxels, index: Int32Array, options: BinOptions, who = "The region"): Float64Array {
  const { low, high } = rangeInside(values, index, who);
  const { binWidth, binCount } = options;
  if (binCount !== null && binCount !== undefined) {
    return countEdges(low, high, checkedCount(binCount, who), values instanceof Float32Array);
  }
  return widthEdges(low, high, checkedWidth(binWidth, low, high, who));
}

/**
 * Grey levels of a region: the number of edges that are not above the value, so a value equal to an edge goes up.
 * Agrees with numpy.digitize(values, edges).
 *
 * @param edges ascending and, but for the last one, evenly spaced up to rounding (as `binEdges` makes them)
 * @returns level 0 outside the region (and below the first edge); Uint16Array where the levels fit
 */
export function digitize(values: Voxels, index: Int32Array, edges: Float64Array): GreyLevels {
  const n = edges.length;
  const level = levelArray(values.length, n);
  const low = edges[0];
  const perUnit = n > 2 ? (n - 2) / (edges[n - 2] - low) : 0;
  const last = n - 1;
  let highest = 0;
  for (let k = 0; k < index.length; k++) {
    const i = index[k];
    const v = values[i];
    // the bin by arithmetic, then moved to where the edges themselves put the value
    let below = (v - low) * perUnit;
    below = below < last ? below | 0 : last;
    while (below > 0 && v < edges[below]) below--;
    while (below < last && v >= edges[below + 1]) below++;
    const bin = v < low ? 0 : below + 1;
    level[i] = bin;
    if (bin > highest) highest = bin;
  }
  return { level, highest };
}

/** How IBSI turns intensities into levels: a number of bins, a bin size from an origin, or as they are (whole numbers >= 1). */
export type IbsiBins =
  | { binNumber: number }
  | { binSize: number; /** lower bound of the re-segmentation range; the region's minimum where absent */ origin?: number }
  | { asTheyAre: true };

/**
 * Grey levels as IBSI defines them (reference manual 2.7; Zwanenburg et al., Radiology 2020;295:328).
 * Fixed bin number N: floor(N (v − min) / (max − min)) + 1, and N at the maximum; 1 where the region is flat.
 * Fixed bin size w: floor((v − origin) / w) + 1.
 *
 * @param index positions of the region's voxels in `values`, at least one
 * @throws InputError voxels that are not finite, fewer than 1 or more than 10 million bins, values below the origin,
 *         intensities that are not whole numbers >= 1 where they shall stay as they are
 */
export function ibsiLevels(values: Voxels, index: Int32Array, bins: IbsiBins, who = "The region"): GreyLevels {
  const { low, high } = rangeInside(values, index, who);
  if ("asTheyAre" in bins) return wholeLevels(values, index, low, high, who);
  if ("binNumber" in bins) {
    const count = checkedCount(bins.binNumber, who);
    const range = high - low;
    return filled(values, index, count, (v) => (v === high ? (range === 0 ? 1 : count) : Math.floor((count * (v - low)) / range) + 1));
  }
  const origin = bins.origin ?? low;
  const width = checkedWidth(bins.binSize, Math.min(origin, low), high, who);
  if (low < origin) {
    throw new InputError(`${who}: its least intensity ${low} lies below the first bin, which starts at ${origin}; ` +
      `re-segment to a range that starts there, or lower the origin.`);
  }
  return filled(values, index, Math.floor((high - origin) / width) + 1, (v) => Math.floor((v - origin) / width) + 1);
}

function widthEdges(low: number, high: number, width: number): Float64Array {
  const start = low - flooredModulo(low, width);
  const count = Math.ceil((high + 2 * width - start) / width);
  // numpy.arange: the step is what is left of the width after adding it to the start
  const step = start + width - start;
  const edges = new Float64Array(count);
  for (let k = 0; k < count; k++) edges[k] = start + k * step;
  return edges;
}

function countEdges(low: number, high: number, count: number, float32: boolean): Float64Array {
  const round = float32 ? Math.fround : (x: number) => x;
  const [from, to] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  const step = (to - from) / count;
  const edges = new Float64Array(count + 1);
  for (let k = 0; k < count; k++) edges[k] = round(k * step + from);
  edges[count] = round(round(to) + 1);
  return edges;
}

/** Remainder with the sign of the divisor, as Python's %: the remainder of truncated division, moved up where negative. */
function flooredModulo(value: number, width: number): number {
  const rest = value % width;
  return rest < 0 ? rest + width : rest;
}

function rangeInside(values: Voxels, index: Int32Array, who: string): { low: number; high: number } {
  if (index.length === 0) throw new InputError(`${who}: the region has no voxel, so it has no grey levels; check the mask and its label.`);
  let low = Infinity;
  let high = -Infinity;
  let total = 0;
  for (let k = 0; k < index.length; k++) {
    const v = values[index[k]];
    if (v < low) low = v;
    if (v > high) high = v;
    total += v;
  }
  // a sum can overflow without any voxel being infinite: look again before refusing
  if (!Number.isFinite(total)) refuseNotFinite(values, index, who);
  return { low, high };
}

function refuseNotFinite(values: Voxels, index: Int32Array, who: string): void {
  let bad = 0;
  for (const i of index) if (!Number.isFinite(values[i])) bad++;
  if (bad > 0) {
    throw new InputError(`${who}: ${bad} of ${index.length} voxels are NaN or infinite, but grey levels need numbers; ` +
      `repair the image, or leave these voxels out of the mask.`);
  }
}

function checkedWidth(width: number, low: number, high: number, who: string): number {
  // edges go up to two widths beyond the maximum and must be numbers too
  if (!(width > 0) || !Number.isFinite(4 * width)) {
    throw new InputError(`${who}: the bin width is ${width}, but it must be a number above 0 and below 1e307; choose one that suits the intensities.`);
  }
  const bins = (high - low) / width + 1;
  if (bins > mostBins) {
    throw new InputError(`${who}: intensities from ${low} to ${high} in bins of ${width} make ${bins.toExponential(1)} bins, ` +
      `but at most ${mostBins.toLocaleString("en")} are possible; choose a larger bin width, or a bin count.`);
  }
  return width;
}

function checkedCount(count: number, who: string): number {
  if (!Number.isInteger(count) || count < 1 || count > mostBins) {
    throw new InputError(`${who}: the number of bins is ${count}, but it must be a whole number from 1 to ${mostBins.toLocaleString("en")}.`);
  }
  return count;
}

function levelArray(length: number, highest: number): Uint16Array | Int32Array {
  return highest <= 65535 ? new Uint16Array(length) : new Int32Array(length);
}

function filled(values: Voxels, index: Int32Array, most: number, of: (v: number) => number): GreyLevels {
  const level = levelArray(values.length, most);
  let highest = 0;
  for (let k = 0; k < index.length; k++) {
    const bin = of(values[index[k]]);
    level[index[k]] = bin;
    if (bin > highest) highest = bin;
  }
  return { level, highest };
}

function wholeLevels(values: Voxels, index: Int32Array, low: number, high: number, who: string): GreyLevels {
  let fraction: number | undefined;
  for (let k = 0; k < index.length && fraction === undefined; k++) {
    const v = values[index[k]];
    if (v !== Math.floor(v)) fraction = v;
  }
  if (fraction !== undefined || low < 1 || high > mostBins) {
    throw new InputError(`${who}: intensities ${fraction === undefined ? `from ${low} to ${high}` : `such as ${fraction}`} cannot serve as ` +
      `grey levels as they are; they must be whole numbers from 1 to ${mostBins.toLocaleString("en")}, so choose a bin number or a bin size.`);
  }
  return filled(values, index, high, (v) => v);
}
