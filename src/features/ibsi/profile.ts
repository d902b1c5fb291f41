import { boundingBox, requireSameGrid, selectLabel, type Box, type Mask, type Triple, type Volume } from "../../image/index.js";
import { InputError } from "../../math/index.js";
import { ibsiLevels, ibsiResegment, positions, type IbsiBins } from "../../prepare/index.js";
import type { Levels } from "../region.js";
import { imageDiagnostics, regionDiagnostics, type Stage } from "./diagnostics.js";
import { valuesOf } from "./feature.js";
import { intensityHistogram, levelHistogram } from "./intensityHistogram.js";
import { intensityVolumeHistogram, volumeHistogram, type VolumeHistogramAxis } from "./intensityVolumeHistogram.js";
import { interpolated } from "./interpolation.js";
import { ibsiFeatures } from "./list.js";
import { intensityPeaks, localIntensity } from "./localIntensity.js";
import { families, ibsiOptions, type Family, type IbsiOptions } from "./options.js";
import { sample, statistics } from "./statistics.js";
import { textureFeatures, type Aggregation } from "./texture.js";

/** Features of one region by the IBSI reference manual. */
export type IbsiProfile = {
  /** by tag, see `ibsiFeatures` for names, codes and units */
  values: Record<string, number>;
  /** under a value's tag: why it is NaN */
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
  const working = o.spacing === null ? initial : interpolated(initial, o, who);
  const index = resegmented(working, o, who);
  const final: Stage = { ...working, intensityMask: maskOf(index, working.intensityMask.length) };
  const response: Stage = o.filter === null ? final : { ...final, image: o.filter(working.image) };
  const values = inOrder(features(response, index, o, who));
  return {
    values, notes: notesOn(values),
    diagnostics: {
      ...imageDiagnostics(image, "init"), ...imageDiagnostics(working.image, "interp"), ...regionDiagnostics(initial, "init"),
      ...regionDiagnostics(working, "interp"), ...regionDiagnostics(final, "reseg"),
    },
  };
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

/** All families asked for. */
function features(stage: Stage, index: Int32Array, o: IbsiOptions, who: string): Record<string, number> {
  const { image, morphologicalMask } = stage;
  const wanted = new Set<Family>(o.families ?? families);
  const intensities = Float64Array.from(index, (i) => image.data[i]);
  const values: Record<string, number> = {};
  if (wanted.has("loc")) Object.assign(values, valuesOf("loc", localIntensity, intensityPeaks(image, index)));
  const all = sample(intensities);
  if (wanted.has("stat")) Object.assign(values, valuesOf("stat", statistics, all));
  if (wanted.has("ivh")) {
    Object.assign(values, valuesOf("ivh", intensityVolumeHistogram, volumeHistogram(all.sorted, ivhAxis(all.sorted, o))));
  }
  const textures = (["cm", "rlm", "szm", "dzm", "ngt", "ngl"] as const).filter((family) => wanted.has(family));
  if (!wanted.has("ih") && textures.length === 0) return values;
  const box = boundingBox(morphologicalMask, image.size);
  const levels = levelsIn(box, image, index, bins(o), who);
  if (wanted.has("ih")) {
    const greys = Float64Array.from(levels.index, (i) => levels.level[i]);
    Object.assign(values, valuesOf("ih", intensityHistogram, levelHistogram(greys, levels.highest)));
  }
  if (textures.length > 0) {
    const aggregation: Aggregation[] = o.aggregation ?? (box.size[2] === 1 ? ["2D"] : ["3D"]);
    Object.assign(values, textureFeatures(levels, croppedMask(morphologicalMask, image.size, box), aggregation, textures));
  }
  return values;
}

/** Fixed-size bins start where the re-segmentation range does; a filter's response has another unit than that range. */
function bins({ discretisation, resegmentRange, filter }: IbsiOptions): IbsiBins {
  const start = resegmentRange?.[0];
  if (!("binSize" in discretisation) || discretisation.origin !== undefined || filter !== null || start === undefined || !Number.isFinite(start)) {
    return discretisation;
  }
  return { ...discretisation, origin: start };
}

/** The region in grey levels on its box. */
function levelsIn({ lower, size }: Box, { data, size: [nx, ny] }: Volume, index: Int32Array, scheme: IbsiBins, who: string): Levels {
  const intensity = new Float64Array(size[0] * size[1] * size[2]);
  const inBox = index.map((at) => {
    const x = at % nx;
    const y = ((at - x) / nx) % ny;
    const z = Math.floor(at / (nx * ny));
    return ((z - lower[2]) * size[1] + y - lower[1]) * size[0] + x - lower[0];
  });
  for (let k = 0; k < index.length; k++) intensity[inBox[k]] = data[index[k]];
  return { size, index: inBox, ...ibsiLevels(intensity, inBox, scheme, who) };
}

function croppedMask(mask: Uint8Array, [nx, ny]: Triple, { lower, size }: Box): Uint8Array {
  const cropped = new Uint8Array(size[0] * size[1] * size[2]);
  for (let z = 0, to = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++, to += size[0]) {
      const from = ((z + lower[2]) * ny + y + lower[1]) * nx + lower[0];
      cropped.set(mask.subarray(from, from + size[0]), to);
    }
  }
  return cropped;
}

/** The axis of the intensity–volume histogram: over the re-segmentation range where there is one, else over the region. */
function ivhAxis(sorted: Float64Array, { ivh, resegmentRange, filter }: IbsiOptions): VolumeHistogramAxis {
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const range = filter === null && resegmentRange !== null ? resegmentRange : [-Infinity, Infinity];
  const low = Number.isFinite(range[0]) ? range[0] : least;
  const high = Number.isFinite(range[1]) ? range[1] : most;
  const scheme = ivh ?? (high - low <= 65_536 && sorted.every(Number.isInteger) ? { asTheyAre: true } : { binNumber: 1000 });
  if ("binNumber" in scheme) return { bins: scheme.binNumber };
  return "binSize" in scheme ? { low, high, width: scheme.binSize } : { low, high };
}

/** Why values are NaN, by the prefix of their tag. */
const reasons: Record<string, string> = {
  stat_cov: "the mean is 0", stat_qcod: "the quartiles add up to 0",
  ih: "the region has a single grey level",
  cm: "the region has a single grey level or no pair of neighbouring voxels",
  ngt: "no voxel has a neighbour in the region",
};

function notesOn(values: Record<string, number>): Record<string, string> {
  const notes: Record<string, string> = {};
  for (const tag in values) {
    if (Number.isNaN(values[tag])) notes[tag] = reasons[tag] ?? reasons[tag.split("_")[0]] ?? "cannot be computed on this region";
  }
  return notes;
}
