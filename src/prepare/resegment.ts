import { selectLabel, type Mask, type Volume, type Voxels } from "../image/index.js";
import { InputError } from "../math/index.js";
import { statistics } from "./statistics.js";

export type ResegmentMode = "absolute" | "relative" | "sigma";

/** PyRadiomics' settings: one threshold (lower) or two, in any order. */
export type ResegmentOptions = { resegmentRange: readonly number[]; resegmentMode?: ResegmentMode };

/**
 * Keeps the region's voxels between thresholds, both included. Agrees with PyRadiomics' resegmentMask.
 * absolute: the thresholds are intensities; relative: times the region's maximum; sigma: region mean + t · region sd
 * (population sd, N in the denominator). A single threshold is the lower one.
 *
 * @param values all voxels
 * @param index  positions of the region's voxels, at least one
 * @returns positions of the voxels that stay, in the order of `index`
 * @throws InputError no or more than two thresholds, unknown mode, fewer than two voxels left
 */
export function resegment(values: Voxels, index: Int32Array, options: ResegmentOptions, who = "The region"): Int32Array {
  const { lower, upper } = thresholds(values, index, options, who);
  const kept = between(values, index, lower, upper);
  if (kept.length <= 1) {
    throw new InputError(`${who}: re-segmentation to ${shown(lower, upper)} leaves ${kept.length} of ${index.length} voxels, ` +
      `but at least 2 are needed; widen resegmentRange (${options.resegmentRange.join(", ")}, mode ${options.resegmentMode ?? "absolute"}).`);
  }
  return kept;
}

/** `resegment` on a mask of the image's grid: the label where voxels stay, 0 elsewhere (other labels too, as PyRadiomics). */
export function resegmentMask(image: Volume, mask: Mask, options: ResegmentOptions & { label?: number }, who = "The region"): Mask {
  const { label = 1 } = options;
  const kept = resegment(image.data, positions(selectLabel(mask, label, who)), options, who);
  const data = new (mask.data.constructor as new (n: number) => Voxels)(mask.data.length);
  for (const i of kept) data[i] = label;
  return { ...mask, data };
}

/** IBSI's two re-segmentations; with both, a voxel must pass both. */
export type IbsiResegmentation = {
  /** least and greatest intensity kept, both included; ±Infinity leaves a side open */
  range?: readonly [number, number];
  /** keeps mean ± this many standard deviations (population) */
  sigmas?: number;
};

/**
 * Re-segmentation as IBSI defines it (reference manual 2.6, arXiv:1612.07003): a closed intensity range, an outlier filter,
 * or the intersection of both ranges. Mean and standard deviation are those of the region as given.
 *
 * @returns positions of the voxels that stay, in the order of `index`
 * @throws InputError no voxel left
 */
export function ibsiResegment(values: Voxels, index: Int32Array, { range, sigmas }: IbsiResegmentation, who = "The region"): Int32Array {
  let [lower, upper] = range ?? [-Infinity, Infinity];
  if (sigmas !== undefined) {
    const { mean, populationSd } = statistics(values, index);
    lower = Math.max(lower, mean - sigmas * populationSd);
    upper = Math.min(upper, mean + sigmas * populationSd);
  }
  const kept = between(values, index, lower, upper);
  if (kept.length === 0) {
    throw new InputError(`${who}: re-segmentation to ${shown(lower, upper)} leaves none of ${index.length} voxels; widen the range.`);
  }
  return kept;
}

/** Ascending positions of the voxels that are not 0. */
export function positions(inside: Uint8Array): Int32Array {
  let n = 0;
  for (let i = 0; i < inside.length; i++) if (inside[i] !== 0) n++;
  const index = new Int32Array(n);
  for (let i = 0, k = 0; k < n; i++) if (inside[i] !== 0) index[k++] = i;
  return index;
}

function thresholds(values: Voxels, index: Int32Array, options: ResegmentOptions, who: string): { lower: number; upper: number } {
  const { resegmentRange, resegmentMode = "absolute" } = options;
  if (resegmentRange.length < 1 || resegmentRange.length > 2 || !resegmentRange.every(Number.isFinite)) {
    throw new InputError(`${who}: resegmentRange is [${resegmentRange.join(", ")}], but it must hold one number (lower) or two (lower, upper).`);
  }
  const of = scale(values, index, resegmentMode, who);
  const [lower, upper = Infinity] = [...resegmentRange].sort((a, b) => a - b).map(of);
  return { lower, upper };
}

/** How a threshold becomes an intensity. */
function scale(values: Voxels, index: Int32Array, mode: ResegmentMode, who: string): (t: number) => number {
  if (mode === "absolute") return (t) => t;
  const { mean, populationSd, maximum } = statistics(values, index);
  if (mode === "relative") return (t) => maximum * t;
  if (mode === "sigma") return (t) => mean + populationSd * t;
  throw new InputError(`${who}: resegmentMode is "${String(mode)}", but it must be absolute, relative or sigma.`);
}

function between(values: Voxels, index: Int32Array, lower: number, upper: number): Int32Array {
  const kept = new Int32Array(index.length);
  let n = 0;
  for (let k = 0; k < index.length; k++) {
    const v = values[index[k]];
    if (v >= lower && v <= upper) kept[n++] = index[k];
  }
  return kept.slice(0, n);
}

const shown = (lower: number, upper: number) =>
  `${Number(lower.toPrecision(7))} … ${upper === Infinity ? "the maximum" : Number(upper.toPrecision(7))}`;
