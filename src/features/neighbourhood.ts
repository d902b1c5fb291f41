import { InputError } from "../math/index.js";
import type { Levels } from "./region.js";
import type { Settings } from "./settings.js";

/** An axis of the box: 0 x, 1 y, 2 z. */
export type Axis = 0 | 1 | 2;

/**
 * Half of the neighbours at the given Chebyshev distances, the half that comes earlier in raster order (13 at distance 1,
 * 62 more at 2); the other half is their negatives. With `flat`, only those that stay in the plane across that axis.
 *
 * @returns triples dx, dy, dz
 */
export function directions(distances: readonly number[], flat?: Axis): Int16Array {
  const triples: number[] = [];
  for (const d of new Set(distances)) {
    for (let z = -d; z <= 0; z++) for (let y = -d; y <= d; y++) for (let x = -d; x <= d; x++) {
      if (Math.max(Math.abs(x), Math.abs(y), -z) !== d) continue;
      if (z === 0 && (y > 0 || (y === 0 && x >= 0))) continue;
      if (flat !== undefined && [x, y, z][flat] !== 0) continue;
      triples.push(x, y, z);
    }
  }
  return Int16Array.from(triples);
}

/** The axis that `force2D` leaves out, undefined in 3-D. PyRadiomics counts array axes: 0 is z. */
export function flatAxis(settings: Settings): Axis | undefined {
  return settings.force2D ? (2 - settings.force2Ddimension) as Axis : undefined;
}

/**
 * The directions in which a region's box is long enough to hold two voxels: by `settings.distances`, in the plane in force2D.
 * @throws InputError there is none; PyRadiomics stops here too
 */
export function fittingDirections({ size }: Levels, settings: Settings, distances: readonly number[] = settings.distances): Int16Array {
  const all = directions(distances, flatAxis(settings));
  const fits = (d: number) => Math.abs(all[d]) < size[0] && Math.abs(all[d + 1]) < size[1] && Math.abs(all[d + 2]) < size[2];
  const fitting: number[] = [];
  for (let d = 0; d < all.length; d += 3) if (fits(d)) fitting.push(all[d], all[d + 1], all[d + 2]);
  if (fitting.length === 0) {
    const plane = settings.force2D ? ` in planes across ${"xyz"[flatAxis(settings)!]}` : "";
    throw new InputError(`The region's box of ${size.join("×")} voxels holds no two voxels at distance ${distances.join(", ")}${plane}; `
      + "texture needs neighbours: choose another force2Ddimension or other distances, or leave the texture classes out.");
  }
  return fitting.length === all.length ? all : Int16Array.from(fitting);
}

/**
 * A region in a box with a rim of empty voxels, so that no neighbour needs a bounds check.
 * Levels are replaced by ranks: 1..occupied.length in the order of the levels present, 0 outside.
 */
export type Padded = {
  margin: number;
  size: [number, number, number];
  rank: Uint16Array | Int32Array;
  /** positions of the inside voxels in the padded box, ascending */
  at: Int32Array;
  /** level numbers present, ascending: rank r is level occupied[r − 1] */
  occupied: Int32Array;
};

const lastPadding = new WeakMap<Levels, Padded>();

/** The region with a rim of at least `margin` voxels; the classes of one image type share one padding. */
export function padded(levels: Levels, margin: number): Padded {
  const last = lastPadding.get(levels);
  if (last !== undefined && last.margin >= margin) return last;
  const { size: [nx, ny, nz], level, index } = levels;
  const size: [number, number, number] = [nx + 2 * margin, ny + 2 * margin, nz + 2 * margin];
  const occupied = occupiedLevels(levels);
  const voxels = size[0] * size[1] * size[2];
  const rank = occupied.length < 65536 ? new Uint16Array(voxels) : new Int32Array(voxels);
  const table = ranks(occupied);
  const at = new Int32Array(index.length);
  let row = -1;
  let rowEnd = 0;
  let shift = 0;
  for (let k = 0; k < index.length; k++) {
    const p = index[k];
    if (p >= rowEnd) {
      row = Math.floor(p / nx);
      rowEnd = (row + 1) * nx;
      const z = Math.floor(row / ny);
      shift = ((z + margin) * size[1] + row - z * ny + margin) * size[0] + margin - row * nx;
    }
    at[k] = p + shift;
    rank[p + shift] = table[level[p]];
  }
  const padding = { margin, size, rank, at, occupied };
  lastPadding.set(levels, padding);
  return padding;
}

/** Kernels look at so many directions in one pass: all 13 of distance 1. */
export const chunk = 13;

/** `chunk` steps from `first` on; missing ones are 0 and lead to the voxel itself. */
export function chunkOf(steps: Int32Array, first = 0): number[] {
  return Array.from({ length: chunk }, (_, s) => first + s < steps.length ? steps[first + s] : 0);
}

/** Padding that is wide enough for the offsets, and the offsets as steps in it. */
export function paddedFor(levels: Levels, offsets: Int16Array): { padding: Padded; steps: Int32Array } {
  let margin = 1;
  for (let k = 0; k < offsets.length; k++) margin = Math.max(margin, Math.abs(offsets[k]));
  const padding = padded(levels, margin);
  const [sx, sy] = padding.size;
  const steps = new Int32Array(offsets.length / 3);
  for (let d = 0; d < steps.length; d++) steps[d] = offsets[3 * d] + sx * (offsets[3 * d + 1] + sy * offsets[3 * d + 2]);
  return { padding, steps };
}

/** Level numbers present in the region, ascending. */
export function occupiedLevels({ level, highest, index }: Levels): Int32Array {
  const seen = new Uint8Array(highest + 1);
  for (let k = 0; k < index.length; k++) seen[level[index[k]]] = 1;
  let n = 0;
  for (let i = 1; i <= highest; i++) n += seen[i];
  const occupied = new Int32Array(n);
  for (let i = 1, k = 0; i <= highest; i++) if (seen[i] === 1) occupied[k++] = i;
  return occupied;
}

/** Rank (from 1) of each level number. */
function ranks(occupied: Int32Array): Int32Array {
  const table = new Int32Array(1 + (occupied.length > 0 ? occupied[occupied.length - 1] : 0));
  for (let k = 0; k < occupied.length; k++) table[occupied[k]] = k + 1;
  return table;
}
