import { cooccurrences, type Cooccurrences } from "../glcmMatrix.js";
import { dependences } from "../gldmMatrix.js";
import { runLengths } from "../glrlmMatrix.js";
import { zones, type Zones } from "../glszmMatrix.js";
import { directions } from "../neighbourhood.js";
import { toneDifferences, type ToneDifferences } from "../ngtdmMatrix.js";
import type { Levels } from "../region.js";
import type { TextureMatrix } from "../textureMatrix.js";
import { borderDistance } from "./borderDistance.js";
import { emphasis, type Emphasis } from "./emphasis.js";
import { meanOf, type IbsiFeatures } from "./feature.js";
import { cooccurrence, glcm } from "./glcm.js";
import { gldzm } from "./gldzm.js";
import { glrlm } from "./glrlm.js";
import { glszm } from "./glszm.js";
import { ngldm } from "./ngldm.js";
import { ngtdm, toneFeatures } from "./ngtdm.js";

/** How textures are aggregated: slice by slice and averaged, slices merged into one matrix, or in the volume. */
export type Aggregation = "2D" | "2.5D" | "3D";

export const textureFamilies = ["cm", "rlm", "szm", "dzm", "ngt", "ngl"] as const;
export type TextureFamily = (typeof textureFamilies)[number];

/** One slice of the region, or all of it. */
type Part = {
  levels: Levels;
  /** half of the neighbours at Chebyshev distance 1: 4 in a slice, 13 in the volume */
  offsets: Int16Array;
  zones(): Zones;
  /** to the border of the morphological mask, for each voxel of the box */
  border: Int32Array;
};

/** A family: its matrix or matrices (one per direction), and the features of a sum of them. */
type TextureClass<M, T> = {
  matrices(part: Part): M[];
  /** undefined where the matrices hold nothing; `voxels` of the region, once for every matrix that they are in */
  of(matrices: M[], voxels: number, highest: number): T | undefined;
  features: IbsiFeatures<T>;
  directed: boolean;
};

const cm: TextureClass<Cooccurrences, NonNullable<ReturnType<typeof cooccurrence>>> = {
  matrices: ({ levels, offsets }) => cooccurrences(levels, offsets),
  of: (matrices, _voxels, highest) => cooccurrence(matrices, highest), features: glcm, directed: true,
};
const sized = (
  matrices: (part: Part) => TextureMatrix[], features: IbsiFeatures<Emphasis>, directed = false,
): TextureClass<TextureMatrix, Emphasis> => ({ matrices, of: emphasis, features, directed });
const ngt: TextureClass<ToneDifferences, ReturnType<typeof toneFeatures>> = {
  matrices: ({ levels, offsets }) => [toneDifferences(levels, offsets)], of: toneFeatures, features: ngtdm, directed: false,
};

/**
 * Texture features under their tags with the aggregation as suffix: GLCM and GLRLM `_2D_avg` (mean over directions and slices),
 * `_2D_comb` (directions merged, mean over slices), `_2_5D_avg` (slices merged, mean over directions), `_2_5D_comb` (all merged),
 * `_3D_avg`, `_3D_comb`; GLSZM, GLDZM, NGTDM and NGLDM `_2D`, `_2_5D`, `_3D`.
 *
 * @param levels  the region in grey levels (intensity mask)
 * @param mask    1 inside the morphological mask, on the same box: zone distances are counted to its border
 */
export function textureFeatures(
  levels: Levels, mask: Uint8Array, aggregations: readonly Aggregation[], wanted: readonly TextureFamily[] = textureFamilies,
): Record<string, number> {
  const values: Record<string, number> = {};
  const bySlice = aggregations.filter((a) => a !== "3D");
  const add = (parts: Part[], how: readonly Aggregation[]) => {
    if (how.length === 0) return;
    const of = <M, T>(family: TextureFamily, c: TextureClass<M, T>) => {
      if (wanted.includes(family)) Object.assign(values, aggregated(family, c, parts, levels.highest, how));
    };
    of("cm", cm);
    of("rlm", sized((p) => runLengths(p.levels, p.offsets), glrlm, true));
    of("szm", sized((p) => [zoneMatrix(p.zones(), p.zones().size)], glszm));
    of("dzm", sized((p) => [zoneMatrix(p.zones(), zoneDistance(p))], gldzm));
    of("ngt", ngt);
    of("ngl", sized((p) => [dependences(p.levels, p.offsets)], ngldm));
  };
  if (bySlice.length > 0) add(slicesOf(levels, borderDistance(levels.size, mask, true)), bySlice);
  if (aggregations.includes("3D")) add([part(levels, borderDistance(levels.size, mask, false))], ["3D"]);
  return values;
}

/** One family's features in the aggregations asked for. */
function aggregated<M, T>(family: string, c: TextureClass<M, T>, parts: Part[], highest: number, how: readonly Aggregation[]): Record<string, number> {
  const matrices = parts.map(c.matrices);
  const voxels = parts.map((p) => p.levels.index.length);
  const all = voxels.reduce((sum, n) => sum + n, 0);
  const each = [...matrices[0].keys()];
  const mean = (list: (T | undefined)[], suffix: string) => meanOf(family, c.features, list.filter((t) => t !== undefined) as T[], suffix);
  const [avg, comb] = c.directed ? ["_avg", "_comb"] : ["", ""];
  const values: Record<string, number> = {};
  if (how.includes("2D")) {
    if (c.directed) Object.assign(values, mean(matrices.flatMap((ms, k) => ms.map((m) => c.of([m], voxels[k], highest))), `_2D${avg}`));
    Object.assign(values, mean(matrices.map((ms, k) => c.of(ms, voxels[k] * each.length, highest)), `_2D${comb}`));
  }
  for (const suffix of how.filter((a) => a !== "2D").map((a) => `_${a.replace(".", "_")}`)) {
    if (c.directed) Object.assign(values, mean(each.map((d) => c.of(matrices.map((ms) => ms[d]), all, highest)), suffix + avg));
    Object.assign(values, mean([c.of(matrices.flat(), all * each.length, highest)], suffix + comb));
  }
  return values;
}

/** A slice is looked at in its plane, a volume in all directions, even where the region lies in one slice of it. */
function part(levels: Levels, border: Int32Array, flat?: 2): Part {
  let found: Zones | undefined;
  return { levels, border, offsets: directions([1], flat), zones: () => (found ??= zones(levels, flat)) };
}

/** The slices that hold voxels of the region, each as a region of its own. */
function slicesOf({ size: [nx, ny, nz], level, highest, index }: Levels, border: Int32Array): Part[] {
  const slab = nx * ny;
  const slices: Part[] = [];
  for (let z = 0, from = 0; z < nz; z++) {
    let to = from;
    while (to < index.length && index[to] < (z + 1) * slab) to++;
    if (to === from) continue;
    const first = z * slab;
    const inSlice = index.subarray(from, to).map((p) => p - first);
    slices.push(part({ size: [nx, ny, 1], level: level.subarray(first, first + slab), highest, index: inSlice }, border.subarray(first, first + slab), 2));
    from = to;
  }
  return slices;
}

/** Least distance of each zone to the border. */
function zoneDistance({ levels: { index }, border, zones: found }: Part): Int32Array {
  const { zone, level } = found();
  const least = new Int32Array(level.length).fill(0x7fffffff);
  for (let k = 0; k < zone.length; k++) least[zone[k]] = Math.min(least[zone[k]], border[index[k]]);
  return least;
}

/** One cell per zone; `emphasis` adds equal ones up. */
function zoneMatrix({ level }: Zones, column: Int32Array): TextureMatrix {
  return { level, row: Int32Array.from(level.keys()), column, count: new Float64Array(level.length).fill(1) };
}
