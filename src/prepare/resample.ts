import { boundingBox, crop, forRows, type Box, type Grid, type Triple, type Volume, type Voxels } from "../image/index.js";
import { InputError } from "../math/index.js";
import { mixAxes, pick, samples, sourceRange, shifted, type AxisMix } from "./axisMix.js";
import { splineCoefficients } from "./bspline.js";
import { interpolatorOf, mixFor, nearestMix, type Interpolator } from "./interpolators.js";
import { labelVote } from "./labelVote.js";
import { axisPositions, continuousToWorld, insideAxis } from "./positions.js";
import { truncated } from "./truncate.js";

/** PyRadiomics' settings of resampling. */
export type ResampleOptions = {
  /** mm, x y z; 0 keeps the axis as it is */
  resampledPixelSpacing: readonly number[];
  /** "sitkBSpline" …, with or without "sitk", or SimpleITK's number */
  interpolator?: string | number;
  /** voxels of the new grid around the region */
  padDistance?: number;
};

/** Most voxels of a resampled crop: beyond it the spacing is a slip of the pen. */
const mostVoxels = 2 ** 30;

/**
 * Image and region on a new grid, cropped to the region and `padDistance` voxels around it. Agrees with PyRadiomics'
 * resampleImage (ITK's ResampleImageFilter) bit for bit in integer images and in nearest and linear interpolation.
 *
 * The new grid shares the corner of the old one, not its first centre. An axis along which the region has one slice is not
 * resampled. Where nothing changes, image and region are only cropped. The image keeps its number type: integers are cut
 * toward 0 and held inside the type's range. The region is read at the nearest voxel. Outside the image both are 0.
 *
 * @param inside not 0 in the region, one entry per voxel of the image
 * @param values what to resample instead of the image's own voxels, made box by box (e.g. its z-scores, float64):
 *               only what the result depends on is asked for
 * @throws InputError spacing, interpolator, empty region, or a grid too large
 */
export function resampleImage(
  image: Volume, inside: Uint8Array, options: ResampleOptions, who = "The image", values?: (box: Box) => Volume,
): { image: Volume; inside: Uint8Array } {
  const { padDistance = 5 } = options;
  const interpolator = interpolatorOf(options.interpolator ?? "sitkBSpline");
  const region = boundingBox(inside, image.size);
  const mask = { ...image, data: inside };
  const spacing = newSpacing(image, region, options.resampledPixelSpacing, who);
  if (spacing.every((s, a) => s === image.spacing[a])) {
    const box = padded(region, padDistance, image.size);
    return { image: values === undefined ? crop(image, box) : values(box), inside: crop(mask, box).data as Uint8Array };
  }
  const grid = resampledGrid(image, region, spacing, padDistance, who);
  const positions = axisPositions(grid, image);
  const read = values === undefined ? (box: Box) => float64(image, box) : (box: Box) => values(box).data as Float64Array;
  const nearest = axisMixes(positions, image.size, nearestMix);
  return {
    image: { ...grid, data: interpolated(read, image.size, positions, interpolator, values === undefined ? image.data : new Float64Array(0)) },
    inside: pick(inside, image.size, nearest, new Uint8Array(grid.size[0] * grid.size[1] * grid.size[2])),
  };
}

/** The corner-aligned grid of PyRadiomics around a region, cut to the image. */
export function resampledGrid(from: Grid, region: Box, spacing: Triple, padDistance: number, who = "The image"): Grid {
  const size: Triple = [0, 0, 0];
  const origin: Triple = [0, 0, 0];
  for (let a = 0; a < 3; a++) {
    const ratio = from.spacing[a] / spacing[a];
    const lower = Math.max(0, Math.floor((region.lower[a] - 0.5) * ratio - padDistance));
    const last = Math.ceil((region.lower[a] + region.size[a] - 0.5) * ratio + padDistance);
    size[a] = Math.min(last, Math.ceil(from.size[a] * ratio) - 1) - lower + 1;
    origin[a] = (0.5 * (spacing[a] - from.spacing[a])) / from.spacing[a] + lower / ratio;
  }
  if (!(size[0] * size[1] * size[2] <= mostVoxels)) {
    throw new InputError(`${who}: at ${spacing.join(" × ")} mm its region needs ${size.join(" × ")} voxels, more than 2^30; choose a larger spacing.`);
  }
  return { size, spacing, origin: continuousToWorld(from, origin), direction: [...from.direction] };
}

/**
 * Samples of an image at positions on its axes; 0 outside it.
 * @param read      voxels of a box of the image, as a new float64 array
 * @param positions along x, y, z, in voxels from the first centre
 * @param element   an array of the number type to return
 */
export function interpolated(
  read: (box: Box) => Float64Array, size: Triple, positions: readonly Float64Array[], interpolator: Interpolator, element: Voxels,
): Voxels {
  const mixes = axisMixes(positions, size, (p, n) => mixFor(interpolator, p, n));
  const box = sourceBox(mixes);
  const own = mixes.map((mix, a) => shifted(mix, box.lower[a])) as typeof mixes;
  if (interpolator === "sitkNearestNeighbor") return pick(read(box), box.size, own, like(element, mixes.reduce((n, m) => n * samples(m), 1)) as Float64Array);
  if (interpolator === "sitkLabelGaussian") return truncated(labelVote(read(box), box.size, own), element);
  if (interpolator !== "sitkBSpline") return truncated(mixAxes(read(box), box.size, own), element);
  const coefficients = splineCoefficients(read, size, box);
  return truncated(mixAxes(coefficients, box.size, own), element, { coefficients, size: box.size, mixes: own });
}

/** The box of voxels that the mixes read. */
export function sourceBox(mixes: readonly AxisMix[]): Box {
  const ranges = mixes.map(sourceRange);
  return { lower: ranges.map(([low]) => low) as Triple, size: ranges.map(([low, high]) => high - low + 1) as Triple };
}

/** Voxels of a box as float64. */
export function float64(volume: Volume, box: Box): Float64Array {
  const { data } = volume;
  const out = new Float64Array(box.size[0] * box.size[1] * box.size[2]);
  forRows(volume, box, (from, to, n) => {
    for (let i = 0; i < n; i++) out[to + i] = data[from + i];
  });
  return out;
}

function axisMixes(
  positions: readonly Float64Array[], size: Triple, make: (positions: Float64Array, n: number) => AxisMix,
): [AxisMix, AxisMix, AxisMix] {
  return positions.map((p, a) => {
    const inside = insideAxis(p, size[a]);
    if (!inside.includes(0)) return make(p, size[a]);
    // what lies outside is 0 whatever is read there; the half voxel around the outermost centres is inside and keeps its place
    return { ...make(p.map((v, k) => (inside[k] === 1 ? v : Math.min(Math.max(v, 0), size[a] - 1))), size[a]), inside };
  }) as [AxisMix, AxisMix, AxisMix];
}

function newSpacing(image: Grid, region: Box, wanted: readonly number[], who: string): Triple {
  if (region.size[0] === 0) throw new InputError(`${who}: the region to resample has no voxel; check the mask and its label.`);
  const spacing = wanted.length === 2 && image.size[2] === 1 ? [...wanted, 0] : wanted;
  if (spacing.length !== 3 || !spacing.every((s) => s >= 0 && Number.isFinite(s))) {
    throw new InputError(`${who}: resampledPixelSpacing is [${wanted.join(", ")}], but it must hold three numbers in mm (x, y, z), each 0 (keep) or above.`);
  }
  return spacing.map((s, a) => (s === 0 || region.size[a] === 1 ? image.spacing[a] : s)) as Triple;
}

function padded(box: Box, pad: number, size: Triple): Box {
  const lower = box.lower.map((l) => Math.max(0, l - pad)) as Triple;
  return { lower, size: lower.map((l, a) => Math.min(size[a], box.lower[a] + box.size[a] + pad) - l) as Triple };
}

const like = (data: Voxels, n: number) => new (data.constructor as new (n: number) => Voxels)(n);
