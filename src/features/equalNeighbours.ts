import type { Levels } from "./region.js";
import { paddedFor } from "./neighbourhood.js";

const last = new WeakMap<Levels, { offsets: Int16Array; equal: Uint16Array }>();

/**
 * For every voxel the set of directions in which the neighbour has the same grey level: bit d of equal[p] is set where
 * the voxel at p + offset d does. Positions are those of the padded box; up to 16 directions.
 * Runs, zones and dependences of one image type all read this.
 */
export function equalNeighbours(levels: Levels, offsets: Int16Array): Uint16Array {
  const known = last.get(levels);
  if (known !== undefined && known.offsets.length === offsets.length && known.offsets.every((x, k) => x === offsets[k])) return known.equal;
  const { padding: { rank, at }, steps } = paddedFor(levels, offsets);
  const equal = new Uint16Array(rank.length);
  for (let d = 0; d < steps.length; d++) {
    const step = steps[d];
    for (let k = 0; k < at.length; k++) {
      const p = at[k];
      if (rank[p] === rank[p + step]) equal[p] |= 1 << d;
    }
  }
  last.set(levels, { offsets, equal });
  return equal;
}
