import type { Levels } from "./region.js";
import { equalNeighbours } from "./equalNeighbours.js";
import { directions, paddedFor, type Axis, type Padded } from "./neighbourhood.js";
import { addCell, cellBuffer, takeMatrix, type TextureMatrix } from "./textureMatrix.js";

/** Connected zones of equal level: of inside voxel v (as in levels.index) the zone's number, and of each zone its level and size. */
export type Zones = { zone: Int32Array; level: Int32Array; size: Int32Array };

/** Zones of equal grey level, 26-connected, or 8-connected in the planes across axis `flat`; numbered in raster order. */
export function zones(levels: Levels, flat?: Axis): Zones {
  const { padding, first, size } = joined(levels, flat);
  const { rank, at, occupied } = padding;
  const zone = new Int32Array(at.length);
  const numbered = new Int32Array(rank.length);
  let number = 0;
  for (let v = 0; v < at.length; v++) {
    const p = at[v];
    if (first[p] === p) numbered[p] = number++;
    zone[v] = numbered[first[p]];
  }
  const level = new Int32Array(number);
  const sizes = new Int32Array(number);
  for (let v = 0; v < at.length; v++) {
    level[zone[v]] = occupied[rank[at[v]] - 1];
    sizes[zone[v]] = size[first[at[v]]];
  }
  return { zone, level, size: sizes };
}

/** Grey-level size-zone matrix (Thibault et al., 2009); columns are zone sizes in voxels. Connectivity as in `zones`. */
export function sizeZones(levels: Levels, flat?: Axis): TextureMatrix {
  const { padding: { rank, at, occupied }, first, size } = joined(levels, flat);
  const n = occupied.length;
  // small zones, nearly all there are, are counted in a table, the large ones sorted
  const small = 64;
  const counts = new Int32Array((n + 1) * small);
  const large: number[] = [];
  for (let v = 0; v < at.length; v++) {
    const p = at[v];
    if (first[p] !== p) continue;
    if (size[p] < small) counts[rank[p] * small + size[p]]++;
    else large.push(rank[p] * 2 ** 32 + size[p]);
  }
  const cells = cellBuffer(Math.min(counts.length + large.length, at.length));
  for (let i = 1; i <= n; i++) for (let j = 1; j < small; j++) {
    if (counts[i * small + j] > 0) addCell(cells, i - 1, j, counts[i * small + j]);
  }
  large.sort((a, b) => a - b);
  for (let z = 0; z < large.length;) {
    const key = large[z];
    let same = 0;
    while (large[z] === key) { same++; z++; }
    addCell(cells, Math.floor(key / 2 ** 32) - 1, key % 2 ** 32, same);
  }
  return takeMatrix(cells, occupied);
}

/**
 * Union–find in one raster pass: `first` leads every voxel to the first voxel of its zone, which also bears the zone's size.
 * Neighbours that touch each other are in one zone already, so of such a group one union is enough.
 */
function joined(levels: Levels, flat?: Axis): { padding: Padded; first: Int32Array; size: Int32Array } {
  const offsets = directions([1], flat);
  const { padding, steps } = paddedFor(levels, offsets);
  const { rank, at } = padding;
  const equal = equalNeighbours(levels, offsets);
  const { enough, order, touching } = representatives(offsets, flat);
  const first = new Int32Array(rank.length);
  for (let v = 0; v < at.length; v++) {
    const p = at[v];
    let root = p;
    first[p] = p;
    const same = equal[p];
    if (same === 0) continue;
    let rest: number = enough[same];
    if (rest === 0) rest = enough[same] = covering(same, order, touching);
    for (; rest !== 0; rest &= rest - 1) {
      let other = p + steps[31 - Math.clz32(rest & -rest)];
      while (first[other] !== other) {
        first[other] = first[first[other]];
        other = first[other];
      }
      if (other < root) {
        first[root] = other;
        root = other;
      } else first[other] = root;
    }
  }
  const size = new Int32Array(rank.length);
  for (let v = 0; v < at.length; v++) {
    const p = at[v];
    // its leader comes earlier and already leads straight to the first voxel
    first[p] = first[first[p]];
    size[first[p]]++;
  }
  return { padding, first, size };
}

/** enough[set]: a part of a set of equal earlier neighbours that touches all the rest, 0 where not yet worked out. */
type Representatives = { enough: Uint16Array; order: number[]; touching: number[] };

const tables = new Map<Axis | undefined, Representatives>();

/** Sets are bits as in `equalNeighbours`; neighbours along the axes, which touch most, come first in `order`. */
function representatives(offsets: Int16Array, flat: Axis | undefined): Representatives {
  const known = tables.get(flat);
  if (known !== undefined) return known;
  const places = Array.from({ length: offsets.length / 3 }, (_, d) => [...offsets.subarray(3 * d, 3 * d + 3)]);
  const touching = places.map((o) => places.reduce((set, q, e) => o.every((x, axis) => Math.abs(x - q[axis]) <= 1) ? set | 1 << e : set, 0));
  const axes = (d: number) => places[d].filter((x) => x !== 0).length;
  const order = [...places.keys()].sort((a, b) => axes(a) - axes(b));
  const table = { enough: new Uint16Array(1 << places.length), order, touching };
  tables.set(flat, table);
  return table;
}

function covering(set: number, order: number[], touching: number[]): number {
  let kept = 0;
  for (const d of order) {
    if ((set >> d & 1) === 0) continue;
    kept |= 1 << d;
    set &= ~touching[d];
  }
  return kept;
}
