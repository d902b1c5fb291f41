import {
  asMask, asVolume, boundingBox, channel, correctMask, crop, cropped, gridDifference, isColour, labelRegion, requireSameGrid, selectLabel,
  type Box, type BoxedRegion, type Image, type Triple, type Volume, type Voxels,
} from "../image/index.js";
import { InputError } from "../math/index.js";
import { positions, resampleImage, resegment, wholeBox } from "../prepare/index.js";
import { changedIntensities } from "./intensities.js";
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
  const { original, dimension, labels, corrected } = openCase(image, mask, settings, who, warnings);
  const note = settings.additionalInfo
    ? async (description: () => Promise<Record<string, Diagnostic>>) => { Object.assign(diagnostics, await description()); }
    : async () => {};
  const diagnostics: Record<string, Diagnostic> = {};

  await note(() => describeImage("original", original, dimension));
  let region = labelRegion(corrected, settings.label, `${who}: the mask`);
  await note(() => describeMask("original", labels, corrected.data === labels.data ? region : labelRegion(labels, settings.label, `${who}: the mask`), dimension, undefined, labels.data));
  if (corrected.data !== labels.data) {
    await note(() => describeMask("corrected", original, region, dimension, crop(original, region.box).data));
  }

  const changed = changedIntensities(original, region, settings, who);
  let current: Volume;
  if (settings.resampledPixelSpacing !== null && settings.interpolator !== null) {
    const resampled = resampleImage(original, selectLabel(corrected, settings.label, `${who}: the mask`), {
      resampledPixelSpacing: settings.resampledPixelSpacing, interpolator: settings.interpolator, padDistance: settings.padDistance,
    }, who, changed);
    current = resampled.image;
    region = boxed(resampled.inside, current.size);
    if (region.inside.length === 0) throw new InputError(`${who}: no voxel of label ${settings.label} is left after resampling; use a finer resampledPixelSpacing.`);
    await note(() => describeImage("interpolated", current, dimension));
    await note(() => describeMask("interpolated", current, region, dimension, crop(current, region.box).data));
  } else if (settings.preCrop) {
    const kept = paddedBox(region.box, settings.padDistance, original.size);
    current = changed?.(kept) ?? crop(original, kept);
    region = { ...region, box: { ...region.box, lower: region.box.lower.map((l, k) => l - kept.lower[k]) as Triple } };
  } else {
    current = changed?.(wholeBox(original)) ?? original;
  }
  checkRegion(region, settings, who);

  let shapeRegion = asRegion(current, region);
  if (settings.resegmentRange !== null) {
    const whole = region;
    region = resegmented(shapeRegion, whole, settings, who);
    await note(() => describeMask("resegmented", current, region, dimension, crop(current, region.box).data));
    // without resegmentShape, shape sees the mask as it was, cut off at the re-segmented region's box (as PyRadiomics does)
    shapeRegion = asRegion(current, settings.resegmentShape ? region : cutTo(whole, region.box));
  }
  const { values, index } = settings.resegmentRange === null ? shapeRegion : asRegion(current, region);
  requireFinite(values, index, who);
  return { image: current, box: region.box, inside: region.inside, index, shapeRegion, dimension, diagnostics, warnings };
}

/** The two volumes of a case on one grid: the first step of every profile. */
export function openCase(image: Image | Volume, mask: Image | Volume, settings: Settings, who: string, warnings: string[]) {
  requireVoxels(image, `${who}: the image`);
  requireVoxels(mask, `${who}: the mask`);
  const original = "frames" in image ? asVolume(image, `${who}: the image`) : { ...image };
  const dimension = "frames" in image && image.dimension === 2 ? 2 : 3;
  const labels = oneChannel(mask, settings, who);
  return { original, dimension, labels, corrected: onImageGrid(original, labels, settings, who, warnings) };
}

/** A volume that was put together by hand may have fewer voxels than it says. */
function requireVoxels(image: Image | Volume, who: string): void {
  const expected = "frames" in image ? image.frames * image.components : 1;
  const declared = image.size[0] * image.size[1] * image.size[2] * expected;
  if (image.data.length !== declared) {
    throw new InputError(`${who} declares ${image.size.join(" × ")} voxels${expected === 1 ? "" : ` of ${expected} numbers`} but holds ${image.data.length.toLocaleString("en")} numbers; ` +
      "size and data must agree.");
  }
}

function oneChannel(mask: Image | Volume, { label_channel: chosen }: Settings, who: string): Volume {
  if (!("frames" in mask)) return mask;
  if (chosen === null && (mask.components === 1 || isColour(mask))) return asMask(mask, `${who}: the mask`);
  const k = chosen ?? 0;
  if (k >= mask.components) {
    throw new InputError(`${who}: label_channel is ${k} but the mask has ${mask.components} component${mask.components === 1 ? "" : "s"}; choose 0 to ${mask.components - 1}.`);
  }
  return asVolume(channel(mask, k), `${who}: the mask`);
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

function boxed(inside: Uint8Array, size: Triple): BoxedRegion {
  const box = boundingBox(inside, size);
  return { box, inside: cropped(inside, size, box) };
}

/** The part of a region inside another's box. */
function cutTo({ box, inside }: BoxedRegion, to: Box): BoxedRegion {
  const lower = to.lower.map((l, k) => l - box.lower[k]) as Triple;
  return { box: to, inside: cropped(inside, box.size, { lower, size: to.size }) };
}

function asRegion(image: Volume, { box, inside }: BoxedRegion): Region {
  const { data: values, ...grid } = crop(image, box);
  return { grid, values, inside, index: positions(inside) };
}

function checkRegion({ box: { size }, inside }: BoxedRegion, settings: Settings, who: string): void {
  const voxels = positions(inside).length;
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

function resegmented({ values, index }: Region, { box, inside }: BoxedRegion, settings: Settings, who: string): BoxedRegion {
  const range = settings.resegmentRange!;
  const kept = resegment(values, index, { resegmentRange: range, resegmentMode: settings.resegmentMode }, who);
  if (kept.length <= 1) {
    throw new InputError(`${who}: resegmentRange ${range.join(" to ")} (${settings.resegmentMode}) leaves ${kept.length} voxel of label ${settings.label}; features need two or more. Widen the range.`);
  }
  const left = new Uint8Array(inside.length);
  for (const i of kept) left[i] = 1;
  const part = boxed(left, box.size);
  return { inside: part.inside, box: { size: part.box.size, lower: part.box.lower.map((l, k) => l + box.lower[k]) as Triple } };
}

function requireFinite(values: Voxels, index: Int32Array, who: string): void {
  let wrong = 0;
  for (const i of index) if (!Number.isFinite(values[i])) wrong++;
  if (wrong > 0) throw new InputError(`${who}: ${wrong} of the region's ${index.length} voxels are NaN or infinite; mend the image, or leave these voxels out of the mask.`);
}

function paddedBox({ lower, size }: Box, pad: number, whole: Triple): Box {
  const from = lower.map((l) => Math.max(0, l - pad)) as Triple;
  return { lower: from, size: lower.map((l, k) => Math.min(whole[k], l + size[k] + pad) - from[k]) as Triple };
}
