import { boundingBox, crop, cropped, requireSameGrid, selectLabel, type Box, type Grid, type Mask, type Triple, type Volume, type Voxels } from "../../image/index.js";
import { InputError } from "../../math/index.js";
import { ibsiLevels, ibsiResegment, mostBins, positions, type IbsiBins } from "../../prepare/index.js";
import { diagnosticsOf, type Stage } from "./diagnostics.js";
import { valuesOf } from "./feature.js";
import { intensityHistogram, levelHistogram } from "./intensityHistogram.js";
import { intensityVolumeHistogram, volumeHistogram, type VolumeHistogramAxis } from "./intensityVolumeHistogram.js";
import { interpolated } from "./interpolation.js";
import { ibsiFeatures } from "./list.js";
import { intensityPeaks, localIntensity, peakRadius } from "./localIntensity.js";
import { morphology, morphologyOf } from "./morphology.js";
import { notesOn } from "./notes.js";
import { families, ibsiOptions, type Family, type IbsiOptions } from "./options.js";
import { sample, statistics } from "./statistics.js";
import { textureFamilies, textureFeatures, type Aggregation } from "./texture.js";

/** Features of one region by the IBSI reference manual. */
export type IbsiProfile = {
  /** by tag, see `ibsiFeatures` for names, codes and units */
  values: Record<string, number>;
  /** under a value's tag: why it is NaN, or that it is a convention */
  notes: Record<string, string>;
  /** dimensions, voxel counts and intensities after each step of processing, as IBSI's reference tables report them */
  diagnostics: Record<string, number>;
};

/**
 * The whole chain of the image biomarker standardisation initiative: interpolation, rounding, filter, re-segmentation,
 * discretisation, features. IBSI 1: Zwanenburg et al., Radiology 2020;295:328, arXiv:1612.07003; filters come where IBSI 2
 * has them (Whybra et al., Radiology 2024;310:e231319).
 *
 * @param mask     on the image's grid; the voxels of `options.label` are the region
 * @param options  see `IbsiOptions`; what is not given takes `defaultIbsiOptions`
 * @throws InputError unknown or impossible options, image and mask on different grids, a region that is empty (before or
 *                    after interpolation and re-segmentation) or holds voxels that are not finite
 */
export function ibsiProfile(image: Volume, mask: Mask, options: Partial<IbsiOptions> = {}, who = "case"): IbsiProfile {
  const o = ibsiOptions(options, who);
  requireSameGrid(image, mask, who);
  const inside = selectLabel(mask, o.label, who);
  const initial: Stage = { image, intensityMask: inside, morphologicalMask: inside };
  const working = interpolated(initial, o, who);
  const index = resegmented(working, o, who);
  const unchanged = o.resegmentRange === null && o.resegmentOutliers === null;
  const final = unchanged ? working : { ...working, intensityMask: maskOf(index, working.intensityMask.length) };
  const values = inOrder(features(working, index, o, who));
  return { values, notes: notesOn(values), diagnostics: diagnosticsOf(initial, working, final) };
}

/** In the order of the feature table. */
function inOrder(values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(ibsiFeatures.flatMap(({ tag }) => (tag in values ? [[tag, values[tag]]] : [])));
}

/** Positions of the voxels whose intensities count: range and outlier re-segmentation of the unfiltered image. */
function resegmented({ image, intensityMask }: Stage, { resegmentRange: range, resegmentOutliers: sigmas }: IbsiOptions, who: string): Int32Array {
  const index = positions(intensityMask);
  if (index.length === 0) throw new InputError(`${who}: no voxel of the region is left after interpolation; choose a smaller spacing.`);
  for (const i of index) {
    if (!Number.isFinite(image.data[i])) {
      throw new InputError(`${who}: voxel ${i} of the region is ${image.data[i]}, but intensities must be finite numbers; repair the image or the mask.`);
    }
  }
  return ibsiResegment(image.data, index, { ...(range === null ? {} : { range }), ...(sigmas === null ? {} : { sigmas }) }, who);
}

function maskOf(index: Int32Array, length: number): Uint8Array {
  const mask = new Uint8Array(length);
  for (let k = 0; k < index.length; k++) mask[index[k]] = 1;
  return mask;
}

/** All families asked for, of the image or of its filtered response; morphology reads the unfiltered intensities. */
function features({ image, morphologicalMask }: Stage, at: Int32Array, o: IbsiOptions, who: string): Record<string, number> {
  const wanted = new Set<Family>(o.families ?? families);
  const tight = boundingBox(morphologicalMask, image.size);
  const box = wanted.has("loc") ? grown(tight, image) : tight;
  const part = o.filter === null ? crop(image, box) : o.filter(image, box);
  const index = moved(at, image.size, box);
  const all = sample(gathered(part.data, index));
  const values: Record<string, number> = {};
  if (wanted.has("loc")) Object.assign(values, valuesOf("loc", localIntensity, intensityPeaks(part, index)));
  if (wanted.has("stat")) Object.assign(values, valuesOf("stat", statistics, all));
  if (wanted.has("ivh")) {
    Object.assign(values, valuesOf("ivh", intensityVolumeHistogram, volumeHistogram(all.sorted, ivhAxis(all.sorted, o, who))));
  }
  const textures = textureFamilies.filter((family) => wanted.has(family));
  const inTight = moved(at, image.size, tight);
  const mask = cropped(morphologicalMask, image.size, tight);
  if (wanted.has("morph")) Object.assign(values, valuesOf("morph", morphology, morphologyOf(crop(image, tight), mask, inTight)));
  if (!wanted.has("ih") && textures.length === 0) return values;
  const intensity = new Float64Array(tight.size[0] * tight.size[1] * tight.size[2]);
  for (let k = 0; k < index.length; k++) intensity[inTight[k]] = part.data[index[k]];
  const levels = { size: tight.size, index: inTight, ...ibsiLevels(intensity, inTight, bins(o), who) };
  if (wanted.has("ih")) {
    Object.assign(values, valuesOf("ih", intensityHistogram, levelHistogram(gathered(levels.level, inTight), levels.highest)));
  }
  if (textures.length > 0) {
    const aggregation: Aggregation[] = o.aggregation ?? (tight.size[2] === 1 ? ["2D"] : ["3D"]);
    Object.assign(values, textureFeatures(levels, mask, aggregation, textures));
  }
  return values;
}

/** The box with what the spheres of the local intensity peaks reach around it. */
function grown({ lower, size }: Box, image: Grid): Box {
  const reach = image.spacing.map((s) => Math.floor(peakRadius / s));
  const from = lower.map((l, a) => Math.max(0, l - reach[a])) as Triple;
  return { lower: from, size: from.map((f, a) => Math.min(image.size[a], lower[a] + size[a] + reach[a]) - f) as Triple };
}

function gathered(values: Voxels, index: Int32Array): Float64Array {
  const some = new Float64Array(index.length);
  for (let k = 0; k < index.length; k++) some[k] = values[index[k]];
  return some;
}

/** Positions in a volume as positions in a box of it. */
function moved(index: Int32Array, [nx, ny]: Triple, { lower, size }: Box): Int32Array {
  return index.map((at) => {
    const x = at % nx;
    const row = (at - x) / nx;
    const y = row % ny;
    return (((row - y) / ny - lower[2]) * size[1] + y - lower[1]) * size[0] + x - lower[0];
  });
}

/** Fixed-size bins start where the re-segmentation range does; a filter's response has another unit than that range. */
function bins({ discretisation, resegmentRange, filter }: IbsiOptions): IbsiBins {
  const start = resegmentRange?.[0];
  if (!("binSize" in discretisation) || discretisation.origin !== undefined || filter !== null || start === undefined || !Number.isFinite(start)) {
    return discretisation;
  }
  return { ...discretisation, origin: start };
}

/** The axis of the intensity–volume histogram: over the re-segmentation range where there is one, else over the region. */
function ivhAxis(sorted: Float64Array, { ivh, resegmentRange, filter }: IbsiOptions, who: string): VolumeHistogramAxis {
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const range = filter === null && resegmentRange !== null ? resegmentRange : [-Infinity, Infinity];
  const low = Number.isFinite(range[0]) ? range[0] : least;
  const high = Number.isFinite(range[1]) ? range[1] : most;
  const scheme = ivh ?? (high - low <= 65_536 && sorted.every(Number.isInteger) ? { asTheyAre: true } : { binNumber: 1000 });
  if ("binNumber" in scheme) return { bins: scheme.binNumber };
  const width = "binSize" in scheme ? scheme.binSize : 1;
  if ((high - low) / width > mostBins) {
    throw new InputError(`${who}: the intensity–volume histogram from ${low} to ${high} in steps of ${width} has more than ` +
      `${mostBins.toLocaleString("en")} bins; choose a number of bins, e.g. ivh: { binNumber: 1000 }.`);
  }
  return "binSize" in scheme ? { low, high, width } : { low, high };
}
