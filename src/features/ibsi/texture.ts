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
import { meanOf, valuesOf, type IbsiFeatures } from "./feature.js";
import { cooccurrence, glcm } from "./glcm.js";
import { gldzm } from "./gldzm.js";
import { glrlm } from "./glrlm.js";
import { glszm } from "./glszm.js";
import { ngldm } from "./ngldm.js";
import { ngtdm, toneFeatures } from "./ngtdm.js";

/** How textures are aggregated: slice by slice and averaged, slices merged into one matrix, or in the volume. */
export type Aggregation = "2D" | "2.5D" | "3D";

/** All texture matrices of one slice, or of the volume. */
type Matrices = {
  voxels: number;
  cooccurrences: Cooccurrences[];
  runs: TextureMatrix[];
  sizes: TextureMatrix;
  distances: TextureMatrix;
  tones: ToneDifferences;
  dependences: TextureMatrix;
};

/**
 * GLCM, GLRLM, GLSZM, GLDZM, NGTDM and NGLDM features under their tags with the aggregation as suffix.
 *
 * @param levels  the region in grey levels (intensity mask)
 * @param mask    1 inside the morphological mask, on the same box: zone distances are counted to its border
 */
export function textureFeatures(levels: Levels, mask: Uint8Array, aggregations: readonly Aggregation[]): Record<string, number> {
  const values: Record<string, number> = {};
  if (aggregations.includes("2D") || aggregations.includes("2.5D")) {
    const border = borderDistance(levels.size, mask, true);
    const slices = slicesOf(levels).map(({ slice, first }) => matricesOf(slice, border.subarray(first, first + slice.level.length)));
    if (aggregations.includes("2D")) Object.assign(values, bySlice(slices, levels.highest));
    if (aggregations.includes("2.5D")) Object.assign(values, merged(slices, levels.highest, "_2_5D"));
  }
  if (aggregations.includes("3D")) {
    const volume = matricesOf(levels, borderDistance(levels.size, mask, false));
    Object.assign(values, merged([volume], levels.highest, "_3D"));
  }
  return values;
}

/** The slices that hold voxels of the region, each as a region of its own; `first` is its first voxel in the box. */
function slicesOf({ size: [nx, ny, nz], level, highest, index }: Levels): { slice: Levels; first: number }[] {
  const slab = nx * ny;
  const slices: { slice: Levels; first: number }[] = [];
  for (let z = 0, from = 0; z < nz; z++) {
    let to = from;
    while (to < index.length && index[to] < (z + 1) * slab) to++;
    if (to === from) continue;
    const first = z * slab;
    slices.push({
      first, slice: {
        size: [nx, ny, 1], level: level.subarray(first, first + slab), highest,
        index: index.subarray(from, to).map((p) => p - first),
      },
    });
    from = to;
  }
  return slices;
}

function matricesOf(levels: Levels, border: Int32Array): Matrices {
  const flat = levels.size[2] === 1 ? 2 : undefined;
  const offsets = directions([1], flat);
  const found = zones(levels, flat);
  return {
    voxels: levels.index.length,
    cooccurrences: cooccurrences(levels, offsets),
    runs: runLengths(levels, offsets),
    sizes: zoneMatrix(found, found.size),
    distances: zoneMatrix(found, zoneDistance(found, levels, border)),
    tones: toneDifferences(levels, offsets),
    dependences: dependences(levels, offsets),
  };
}

/** Least distance of each zone to the border. */
function zoneDistance({ zone, level }: Zones, { index }: Levels, border: Int32Array): Int32Array {
  const least = new Int32Array(level.length).fill(0x7fffffff);
  for (let k = 0; k < zone.length; k++) least[zone[k]] = Math.min(least[zone[k]], border[index[k]]);
  return least;
}

/** One cell per zone; merging adds them up. */
function zoneMatrix({ level }: Zones, column: Int32Array): TextureMatrix {
  return { level, row: Int32Array.from(level.keys()), column, count: new Float64Array(level.length).fill(1) };
}

/** Features of each slice averaged over the slices: `_2D_avg` each direction apart, `_2D_comb` directions merged, `_2D`. */
function bySlice(slices: Matrices[], highest: number): Record<string, number> {
  const sized = (prefix: string, features: IbsiFeatures<Emphasis>, of: (m: Matrices) => TextureMatrix) =>
    meanOf(prefix, features, slices.map((m) => emphasis([of(m)], m.voxels)), "_2D");
  return {
    ...meanOf("cm", glcm, slices.flatMap((m) => m.cooccurrences.flatMap((c) => cooccurrence([c], highest) ?? [])), "_2D_avg"),
    ...meanOf("cm", glcm, slices.flatMap((m) => cooccurrence(m.cooccurrences, highest) ?? []), "_2D_comb"),
    ...meanOf("rlm", glrlm, slices.flatMap((m) => m.runs.map((r) => emphasis([r], m.voxels))), "_2D_avg"),
    ...meanOf("rlm", glrlm, slices.map((m) => emphasis(m.runs, m.voxels * m.runs.length)), "_2D_comb"),
    ...sized("szm", glszm, (m) => m.sizes),
    ...sized("dzm", gldzm, (m) => m.distances),
    ...meanOf("ngt", ngtdm, slices.map((m) => toneFeatures([m.tones])), "_2D"),
    ...sized("ngl", ngldm, (m) => m.dependences),
  };
}

/** Slices merged into one matrix: `_avg` each direction apart, then averaged, `_comb` directions merged as well. */
function merged(slices: Matrices[], highest: number, suffix: string): Record<string, number> {
  const voxels = slices.reduce((sum, m) => sum + m.voxels, 0);
  const each = [...slices[0].runs.keys()];
  const sized = (prefix: string, features: IbsiFeatures<Emphasis>, of: (m: Matrices) => TextureMatrix) =>
    valuesOf(prefix, features, emphasis(slices.map(of), voxels), suffix);
  const perDirection = each.flatMap((d) => cooccurrence(slices.map((m) => m.cooccurrences[d]), highest) ?? []);
  const all = cooccurrence(slices.flatMap((m) => m.cooccurrences), highest);
  return {
    ...meanOf("cm", glcm, perDirection, `${suffix}_avg`),
    ...meanOf("cm", glcm, all === undefined ? [] : [all], `${suffix}_comb`),
    ...meanOf("rlm", glrlm, each.map((d) => emphasis(slices.map((m) => m.runs[d]), voxels)), `${suffix}_avg`),
    ...valuesOf("rlm", glrlm, emphasis(slices.flatMap((m) => m.runs), voxels * each.length), `${suffix}_comb`),
    ...sized("szm", glszm, (m) => m.sizes),
    ...sized("dzm", gldzm, (m) => m.distances),
    ...valuesOf("ngt", ngtdm, toneFeatures(slices.map((m) => m.tones)), suffix),
    ...sized("ngl", ngldm, (m) => m.dependences),
  };
}
