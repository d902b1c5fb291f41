import {
  asVolume, boundingBox, channel, correctMask, crop, gridDifference, requireSameGrid, selectLabel,
  type Box, type Grid, type Image, type Triple, type Volume,
} from "../image/index.js";
import { InputError } from "../math/index.js";
import { applyZScore, positions, resampleImage, resegment, zScore } from "../prepare/index.js";
import { describeImage, describeMask, type Diagnostic } from "./diagnostics.js";
import type { Region } from "./region.js";
import type { Settings } from "./settings.js";

/** A case ready for its image types: one image, the region on its grid, and what was noted on the way. */
export type PreparedCase = {
  /** what filters see: the whole image, or its crop after resampling or preCrop */
  image: Volume;
  /** the region's bounding box in `image` */
  box: Box;
  /** 1 in the (re-segmented) region, on the box */
  inside: Uint8Array;
  /** positions of the region's voxels in the box, ascending */
  index: Int32Array;
  /** what shape features see */
  shapeRegion: Region;
  /** dimensions of the image: 2 or 3 */
  dimension: number;
  diagnostics: Record<string, Diagnostic>;
  warnings: string[];
};

/**
 * Everything before the image types, in PyRadiomics' order: geometry, normalisation, resampling or preCrop,
 * checks of the region, re-segmentation; with the diagnostics of each step.
 */
export async function prepareCase(image: Image | Volume, mask: Image | Volume, settings: Settings, who: string): Promise<PreparedCase> {
  const warnings: string[] = [];
  const original = "frames" in image ? asVolume(image, `${who}: the image`) : image;
  const dimension = "frames" in image && image.dimension === 2 ? 2 : 3;
  const labels = oneChannel(mask, settings, who);
  const note = settings.additionalInfo
    ? async (description: () => Promise<Record<string, Diagnostic>>) => { Object.assign(diagnostics, await description()); }
    : async () => {};
  const diagnostics: Record<string, Diagnostic> = {};

  await note(() => describeImage("original", original, dimension));
  const corrected = onImageGrid(original, labels, settings, who, warnings);
  let inside = selectLabel(corrected, settings.label, `${who}: the mask`);
  await note(() => describeMask("original", labels, corrected === labels ? inside : selectLabel(labels, settings.label), dimension, undefined, labels.data));
  if (corrected !== labels && corrected.data !== labels.data) await note(() => describeMask("corrected", original, inside, dimension, original.data));

  const scores = settings.normalize ? zScore(original.data, undefined, `${who}: the image`) : undefined;
  const normalized = (box: Box) => applyZScore(original, box, scores!, settings);
  let current: Volume;
  if (settings.resampledPixelSpacing !== null && settings.interpolator !== null) {
    ({ image: current, inside } = resampleImage(original, inside, {
      resampledPixelSpacing: settings.resampledPixelSpacing, interpolator: settings.interpolator, padDistance: settings.padDistance,
    }, who, scores && normalized));
    await note(() => describeImage("interpolated", current, dimension));
    await note(() => describeMask("interpolated", current, inside, dimension, current.data));
  } else {
    const whole: Box = { lower: [0, 0, 0], size: original.size };
    const kept = settings.preCrop ? paddedBox(boundingBox(inside, original.size), settings.padDistance, original.size) : whole;
    current = scores ? normalized(kept) : settings.preCrop ? crop(original, kept) : original;
    if (settings.preCrop) inside = crop({ ...original, data: inside }, kept).data as Uint8Array;
  }
  checkRegion(inside, current, settings, who);

  const whole = inside;
  if (settings.resegmentRange !== null) {
    inside = resegmented(current, inside, settings, who);
    await note(() => describeMask("resegmented", current, inside, dimension, current.data));
  }
  const box = boundingBox(inside, current.size);
  const region = regionIn(current, inside, box);
  requireFinite(region, who);
  // without resegmentShape, shape sees the mask as it was, cut off at the re-segmented region's box (as PyRadiomics does)
  const shapeRegion = whole === inside || settings.resegmentShape ? region : regionIn(current, whole, box);
  return { image: current, box, inside: region.inside, index: region.index, shapeRegion, dimension, diagnostics, warnings };
}

function oneChannel(mask: Image | Volume, settings: Settings, who: string): Volume {
  if (!("frames" in mask)) return mask;
  if (mask.components === 1) return asVolume(mask, `${who}: the mask`);
  if (settings.label_channel >= mask.components) {
    throw new InputError(`${who}: label_channel is ${settings.label_channel} but the mask has ${mask.components} components; choose 0 to ${mask.components - 1}.`);
  }
  return asVolume(channel(mask, settings.label_channel), `${who}: the mask`);
}

/** The mask on the image's grid: as it is, resampled on request, or accepted within the tolerance the user set. */
function onImageGrid(image: Volume, mask: Volume, settings: Settings, who: string, warnings: string[]): Volume {
  const difference = gridDifference(image, mask);
  if (difference === undefined) return mask;
  const { differs, displacement } = difference;
  if (settings.correctMask) {
    warnings.push(`The mask was resampled to the image's grid (nearest neighbour); they differed in ${differs.join(", ")}.`);
    return correctMask(mask, image, settings.label, who);
  }
  if (settings.geometryTolerance !== null && displacement <= settings.geometryTolerance) {
    warnings.push(`Image and mask lie up to ${displacement.toPrecision(3)} voxels apart (${differs.join(", ")}); accepted because geometryTolerance is ${settings.geometryTolerance}.`);
    return { ...image, data: mask.data };
  }
  requireSameGrid(image, mask, who);
  return mask;
}

function checkRegion(inside: Uint8Array, grid: Grid, settings: Settings, who: string): void {
  const { size } = boundingBox(inside, grid.size);
  const voxels = count(inside);
  if (voxels === 0) throw new InputError(`${who}: no voxel of label ${settings.label} is left after resampling; use a finer resampledPixelSpacing.`);
  if (voxels === 1) throw new InputError(`${who}: the region of label ${settings.label} is a single voxel; features need two or more.`);
  const dimensions = size.filter((n) => n > 1).length;
  if (dimensions < settings.minimumROIDimensions) {
    throw new InputError(`${who}: the region of label ${settings.label} is ${size.join("×")} voxels, extended along ${dimensions} axes; ` +
      `minimumROIDimensions asks for ${settings.minimumROIDimensions}. Lower it to accept the region.`);
  }
  if (settings.minimumROISize !== null && voxels <= settings.minimumROISize) {
    throw new InputError(`${who}: the region of label ${settings.label} has ${voxels} voxels; minimumROISize asks for more than ${settings.minimumROISize}.`);
  }
}

function resegmented(image: Volume, inside: Uint8Array, settings: Settings, who: string): Uint8Array {
  const kept = resegment(image.data, positions(inside), { resegmentRange: settings.resegmentRange!, resegmentMode: settings.resegmentMode }, who);
  if (kept.length <= 1) {
    throw new InputError(`${who}: resegmentRange ${settings.resegmentRange!.join(" to ")} (${settings.resegmentMode}) leaves ${kept.length} voxel of label ${settings.label}; features need two or more. Widen the range.`);
  }
  const result = new Uint8Array(inside.length);
  for (const i of kept) result[i] = 1;
  return result;
}

function regionIn(image: Volume, inside: Uint8Array, box: Box): Region {
  const { data: values, ...grid } = crop(image, box);
  const own = crop({ ...image, data: inside }, box).data as Uint8Array;
  return { grid, values, inside: own, index: positions(own) };
}

function requireFinite({ values, index }: Region, who: string): void {
  let wrong = 0;
  for (const i of index) if (!Number.isFinite(values[i])) wrong++;
  if (wrong > 0) throw new InputError(`${who}: ${wrong} of the region's ${index.length} voxels are NaN or infinite; mend the image, or leave these voxels out of the mask.`);
}

function count(inside: Uint8Array): number {
  let n = 0;
  for (let i = 0; i < inside.length; i++) n += inside[i];
  return n;
}

function paddedBox({ lower, size }: Box, pad: number, whole: Triple): Box {
  const from = lower.map((l) => Math.max(0, l - pad)) as Triple;
  return { lower: from, size: lower.map((l, k) => Math.min(whole[k], l + size[k] + pad) - from[k]) as Triple };
}
