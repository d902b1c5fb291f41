import type { Params } from "./params.js";
import { defaultSettings } from "./settings.js";
import { sha1 } from "./hash.js";
import { connectedComponents, indexToWorld, type BoxedRegion, type Grid, type Triple, type Volume, type Voxels } from "../image/index.js";

/** One diagnostics_* column: text, a number, or a list of numbers. */
export type Diagnostic = string | number | number[];

/**
 * What made a row, in its first columns as in PyRadiomics: version, every setting in force and the image types, as JSON.
 * The IBSI profile shows what was given for it.
 * @param version of the program, known to the door that calls; without one there is no such column
 */
export function describeRun({ profile, setting, imageType, ibsi }: Params, version?: string): Record<string, Diagnostic> {
  const settings = profile === "ibsi" ? { profile, ...setting, ibsi } : { ...defaultSettings, ...setting };
  return {
    ...(version !== undefined && { diagnostics_Versions_radscore: version }),
    diagnostics_Configuration_Settings: asJson(settings),
    diagnostics_Configuration_EnabledImageTypes: asJson(imageType),
  };
}

/** JSON that keeps initValue: nan, which JSON has no number for. */
const asJson = (value: unknown) => JSON.stringify(value, (_, v) => (typeof v === "number" && !Number.isFinite(v) ? String(v).toLowerCase() : v));

/**
 * What PyRadiomics notes of an image: spacing, size, mean, least and greatest voxel; for the original also the hash.
 * @param stage "original" or "interpolated"
 */
export async function describeImage(stage: string, image: Volume, dimension: number): Promise<Record<string, Diagnostic>> {
  const name = `diagnostics_Image-${stage}`;
  const { mean, minimum, maximum } = summary(image.data);
  return {
    ...(stage === "original" && { [`${name}_Hash`]: await sha1(image.data), [`${name}_Dimensionality`]: `${dimension}D` }),
    [`${name}_Spacing`]: image.spacing.slice(0, dimension),
    [`${name}_Size`]: image.size.slice(0, dimension),
    [`${name}_Mean`]: mean,
    [`${name}_Minimum`]: minimum,
    [`${name}_Maximum`]: maximum,
  };
}

/**
 * What PyRadiomics notes of a mask: bounding box (x y z, then size), voxels, 26-connected volumes, centre of mass;
 * with values also their mean, least and greatest inside.
 * @param grid   of the whole mask
 * @param values of the region's box
 * @param labels the whole mask, for the hash of the original (as PyRadiomics: all labels, as uint32)
 */
export async function describeMask(
  stage: string, grid: Grid, region: BoxedRegion, dimension: number, values?: Voxels, labels?: Voxels,
): Promise<Record<string, Diagnostic>> {
  const name = `diagnostics_Mask-${stage}`;
  const { box, inside } = region;
  const { voxels, centre } = centreOfMass(region);
  return {
    ...(labels !== undefined && { [`${name}_Hash`]: await sha1(labels, true) }),
    [`${name}_Spacing`]: grid.spacing.slice(0, dimension),
    [`${name}_Size`]: grid.size.slice(0, dimension),
    [`${name}_BoundingBox`]: [...box.lower.slice(0, dimension), ...box.size.slice(0, dimension)],
    [`${name}_VoxelNum`]: voxels,
    [`${name}_VolumeNum`]: connectedComponents(inside, box.size),
    [`${name}_CenterOfMassIndex`]: centre.slice(0, dimension),
    [`${name}_CenterOfMass`]: indexToWorld(grid, centre).slice(0, dimension),
    ...(values !== undefined && insideSummary(name, values, inside)),
  };
}

function insideSummary(name: string, values: Voxels, inside: Uint8Array): Record<string, Diagnostic> {
  let sum = 0, n = 0, minimum = Infinity, maximum = -Infinity;
  for (let i = 0; i < inside.length; i++) {
    if (inside[i] === 0) continue;
    const v = values[i];
    sum += v; n++;
    if (v < minimum) minimum = v;
    if (v > maximum) maximum = v;
  }
  return { [`${name}_Mean`]: sum / n, [`${name}_Minimum`]: minimum, [`${name}_Maximum`]: maximum };
}

function summary(data: Voxels) {
  let sum = 0, minimum = Infinity, maximum = -Infinity;
  for (let i = 0; i < data.length; i++) {
    const v = data[i];
    sum += v;
    if (v < minimum) minimum = v;
    if (v > maximum) maximum = v;
  }
  return { mean: sum / data.length, minimum, maximum };
}

function centreOfMass({ box: { lower, size }, inside }: BoxedRegion): { voxels: number; centre: Triple } {
  let n = 0, sx = 0, sy = 0, sz = 0;
  for (let z = 0, i = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++, i++) {
        if (inside[i] === 0) continue;
        n++; sx += lower[0] + x; sy += lower[1] + y; sz += lower[2] + z;
      }
    }
  }
  return { voxels: n, centre: [sx / n, sy / n, sz / n] };
}
