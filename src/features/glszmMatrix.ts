import type { Levels } from "./region.js";
import { equalNeighbours } from "./equalNeighbours.js";
import { directions, padded, paddedFor, type Axis } from "./neighbourhood.js";
import { textureMatrix, type Cells, type TextureMatrix } from "./textureMatrix.js";

/** Connected zones of equal level: of inside voxel k (as in levels.index) the zone number, and of each zone its level and size. */
export type Zones = { zone: Int32Array; level: Int32Array; size: Int32Array };

/** Zones of equal grey level, 26-connected, or 8-connected in the planes across axis `flat`. Union–find over one raster pass. */
export function zones(levels: Levels, flat?: Axis): Zones {
  const offsets = directions([1], flat);
  const { padding: { rank, at, occupied }, steps } = paddedFor(levels, offsets);
  const equal = equalNeighbours(levels, offsets);
  const parent = new Int32Array(rank.length);
  for (let k = 0; k < at.length; k++) {
    const p = at[k];
    let root = p;
    parent[p] = p;
    for (let rest = equal[p]; rest !== 0; rest &= rest - 1) {
      let other = p + steps[31 - Math.clz32(rest & -rest)];
      while (parent[other] !== other) other = parent[other] = parent[parent[other]];
      if (other < root) [parent[root], root] = [other, other];
      else parent[other] = root;
    }
  }
  const zone = new Int32Array(at.length);
  const numbered = new Int32Array(rank.length);
  const level: number[] = [];
  const size: number[] = [];
  for (let k = 0; k < at.length; k++) {
    const p = at[k];
    // a root is the first voxel of its zone, so its number is known by now
    if (parent[p] === p) {
      numbered[p] = level.length;
      level.push(occupied[rank[p] - 1]);
      size.push(0);
    } else numbered[p] = numbered[parent[p]];
    zone[k] = numbered[p];
    size[zone[k]]++;
  }
  return { zone, level: Int32Array.from(level), size: Int32Array.from(size) };
}

/** Grey-level size-zone matrix (Thibault et al., 2009); columns are zone sizes in voxels. Connectivity as in `zones`. */
export function sizeZones(levels: Levels, flat?: Axis): TextureMatrix {
  const { level, size } = zones(levels, flat);
  const { occupied } = padded(levels, 1);
  const place = new Map<number, number>();
  occupied.forEach((l, k) => place.set(l, k));
  const keys = new Float64Array(level.length);
  for (let z = 0; z < level.length; z++) keys[z] = place.get(level[z])! * 2 ** 32 + size[z];
  keys.sort();
  const cells: Cells = { row: [], column: [], count: [] };
  for (let z = 0; z < keys.length; z++) {
    if (z > 0 && keys[z] === keys[z - 1]) {
      cells.count[cells.count.length - 1]++;
    } else {
      cells.row.push(Math.floor(keys[z] / 2 ** 32));
      cells.column.push(keys[z] % 2 ** 32);
      cells.count.push(1);
    }
  }
  return textureMatrix(occupied, cells);
}
