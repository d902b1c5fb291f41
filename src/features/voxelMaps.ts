import { crop, cropped, type Box, type Triple, type Volume } from "../image/index.js";
import { InputError } from "../math/index.js";
import { binEdges, digitize, positions } from "../prepare/index.js";
import type { Feature, FeatureClass } from "./featureClass.js";
import { featureClasses } from "./featureClasses.js";
import { flatAxis } from "./neighbourhood.js";
import type { Levels, Region } from "./region.js";
import type { Settings } from "./settings.js";

/** A feature's value around every voxel of the region. */
export type VoxelMap = {
  /** class_Feature, e.g. glcm_Contrast */
  name: string;
  /** on the grid of `voxelBox`; initValue outside the region */
  volume: Volume;
  /** how many values are NaN, and why */
  note?: string;
};

export type VoxelMapOptions = {
  /** the case's name in errors */
  who?: string;
  /** called now and then with the voxels done and the voxels to do, over all classes */
  progress?: (done: number, of: number) => void;
};

/** The grid of the maps: the region's bounding box, wider by kernelRadius on every side as far as the image reaches. */
export function voxelBox({ lower, size }: Box, image: Triple, kernelRadius: number): Box {
  const from = lower.map((l) => Math.max(0, l - kernelRadius)) as Triple;
  return { lower: from, size: from.map((f, a) => Math.min(image[a], lower[a] + size[a] + kernelRadius) - f) as Triple };
}

/**
 * Voxel-wise features: every feature of the cube of (2 kernelRadius + 1)³ voxels (a square in force2D) around each voxel of the region.
 * With maskedKernel only voxels of the region count and set the bins; without it every voxel of the box does. Bins, and the highest
 * level that normalises Idn and Idmn, are those of the whole region (box). One neighbourhood is in memory
 * at a time, whatever voxelBatch says. Agrees with PyRadiomics' voxel-based extraction; its MCC with voxelBatch 1: in larger batches it loses
 * the MCC of all voxels where one of them has a direction without pairs.
 *
 * @param image  one image type on `voxelBox`
 * @param inside 1 in the region, one entry per voxel of the box
 * @param wanted classes with the features asked for, all that are not deprecated where the list is empty; shape has no maps
 */
export function* voxelMaps(
  image: Volume, inside: Uint8Array, settings: Settings, wanted: Record<string, string[]>, { who = "case", progress }: VoxelMapOptions = {},
): Generator<VoxelMap> {
  checkKernel(settings, who);
  const classes = featureClasses.filter((c) => !c.name.startsWith("shape") && wanted[c.name] !== undefined);
  const at = positions(inside);
  const counted = settings.maskedKernel ? at : Int32Array.from(inside.keys());
  const { level, highest } = digitize(image.data, counted, binEdges(image.data, counted, settings, who));
  const several = counted.some((k) => level[k] !== level[counted[0]]);
  const kernels = kernelReader(image, settings.maskedKernel ? inside : undefined, level, highest, settings);
  const columns = classes.map((c) => chosen(c, wanted[c.name]).map(([name, feature]): Column => ({ name, feature, values: new Float64Array(0), reason: undefined })));
  const together = columns.flat().length * at.length <= mostTogether ? [classes.map((_, c) => c)] : classes.map((_, c) => [c]);
  for (const [g, group] of together.entries()) {
    for (const column of group.flatMap((c) => columns[c])) column.values = new Float64Array(at.length);
    for (let v = 0; v < at.length; v++) {
      if (progress !== undefined && v % 1000 === 0) progress(g * at.length + v, together.length * at.length);
      const { region, levels } = kernels(at[v]);
      const flatRegion = several && oneLevel(levels);
      for (const c of group) {
        const prepared = attempt(classes[c], region, levels, settings);
        for (const column of columns[c]) fill(column, v, prepared, flatRegion);
      }
    }
    for (const c of group) {
      for (const column of columns[c]) {
        yield mapOf(`${classes[c].name}_${column.name}`, image, at, column, settings.initValue);
        column.values = new Float64Array(0);
      }
    }
  }
  progress?.(together.length * at.length, together.length * at.length);
}

/** Values of one feature in the order of the region's voxels; why the first of them that is NaN is so. */
type Column = { name: string; feature: Feature<unknown>; values: Float64Array; reason: string | undefined };

/** So many values are gathered at once, so that the classes share what they read of a neighbourhood; above, one class at a time. */
const mostTogether = 2 ** 23;

function fill(column: Column, v: number, prepared: unknown, oneOfSeveral: boolean): void {
  const value = prepared === undefined ? NaN : column.feature.of(prepared);
  // a neighbourhood of one level in a region of several: PyRadiomics keeps the region's levels, so the second eigenvalue is 0
  column.values[v] = oneOfSeveral && column.name === "MCC" && value === 1 ? 0 : value;
  if (Number.isNaN(value)) {
    column.reason ??= prepared === undefined ? noNeighbours : column.feature.note?.(prepared) ?? "not defined on the neighbourhood";
  }
}

const noNeighbours = "the neighbourhood holds no two voxels at these distances";

function checkKernel({ kernelRadius: r, voxelBatch }: Settings, who: string): void {
  if (!(Number.isInteger(r) && r >= 1)) throw new InputError(`${who}: kernelRadius is ${r}; expected a whole number of voxels from 1 on.`);
  if (!(voxelBatch === -1 || voxelBatch > 0)) throw new InputError(`${who}: voxelBatch is ${voxelBatch}; expected a number of voxels above 0, or -1 for no limit.`);
}

function chosen<T>({ features }: FeatureClass<T>, wanted: string[]): [string, Feature<T>][] {
  const all = Object.entries(features);
  return wanted.length === 0 ? all.filter(([, feature]) => !feature.deprecated) : all.filter(([name]) => wanted.includes(name));
}

/** Undefined where the neighbourhood, cut off at the box, is too small for any direction. */
function attempt<T>(featureClass: FeatureClass<T>, region: Region, levels: Levels, settings: Settings): T | undefined {
  try {
    return featureClass.prepare(region, () => levels, settings);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function oneLevel({ level, index }: Levels): boolean {
  for (let k = 1; k < index.length; k++) if (level[index[k]] !== level[index[0]]) return false;
  return true;
}

function mapOf(name: string, box: Volume, at: Int32Array, { values, reason }: Column, initValue: number): VoxelMap {
  const data = new Float64Array(box.data.length).fill(initValue);
  let missing = 0;
  for (let v = 0; v < at.length; v++) {
    data[at[v]] = values[v];
    if (Number.isNaN(values[v])) missing++;
  }
  const map = { name, volume: { ...box, data } };
  return missing === 0 ? map : { ...map, note: `${missing} of ${at.length} voxels are NaN: ${reason}` };
}

/**
 * Reads the neighbourhood of a voxel as a region of its own. Its arrays are written over by the next call.
 * @param mask voxels that count; undefined: all
 */
function kernelReader(image: Volume, mask: Uint8Array | undefined, level: Levels["level"], highest: number, settings: Settings) {
  const [nx, ny, nz] = image.size;
  const flat = flatAxis(settings);
  const [rx, ry, rz] = [0, 1, 2].map((axis) => (axis === flat ? 0 : settings.kernelRadius));
  const most = (2 * rx + 1) * (2 * ry + 1) * (2 * rz + 1);
  const values = new Float64Array(most);
  const inside = new Uint8Array(most);
  const levels = level instanceof Uint16Array ? new Uint16Array(most) : new Int32Array(most);
  const index = new Int32Array(most);
  const { data } = image;
  return (at: number): { region: Region; levels: Levels } => {
    const x = at % nx;
    const row = (at - x) / nx;
    const y = row % ny;
    const z = (row - y) / ny;
    const x0 = Math.max(0, x - rx), x1 = Math.min(nx - 1, x + rx);
    const y0 = Math.max(0, y - ry), y1 = Math.min(ny - 1, y + ry);
    const z0 = Math.max(0, z - rz), z1 = Math.min(nz - 1, z + rz);
    let k = 0;
    let n = 0;
    for (let w = z0; w <= z1; w++) for (let v = y0; v <= y1; v++) for (let u = x0, p = (w * ny + v) * nx + x0; u <= x1; u++, p++, k++) {
      const counts = mask === undefined || mask[p] === 1;
      values[k] = data[p];
      inside[k] = counts ? 1 : 0;
      levels[k] = counts ? level[p] : 0;
      if (counts) index[n++] = k;
    }
    const size: Triple = [x1 - x0 + 1, y1 - y0 + 1, z1 - z0 + 1];
    const own = index.subarray(0, n);
    return {
      region: { grid: { ...image, size }, values, inside, index: own },
      levels: { size, level: levels, highest, index: own },
    };
  };
}

/** A region on the box of its maps: image and mask cut out of whole volumes. */
export function onVoxelBox(image: Volume, inside: Uint8Array, regionBox: Box, kernelRadius: number): { box: Box; image: Volume; inside: Uint8Array } {
  const box = voxelBox(regionBox, image.size, kernelRadius);
  return { box, image: crop(image, box), inside: cropped(inside, image.size, box) };
}
