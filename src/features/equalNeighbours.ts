import type { Levels } from "./region.js";
import { chunkOf, paddedFor, type Padded } from "./neighbourhood.js";

const last = new WeakMap<Levels, { padding: Padded; offsets: Int16Array; equal: Uint16Array }>();

/**
 * For every voxel the set of directions in which the neighbour has the same grey level: bit d of equal[p] is set where
 * the voxel at p + offset d does. Positions are those of the padded box; up to 13 directions.
 * Runs and zones of one image type both read this.
 */
export function equalNeighbours(levels: Levels, offsets: Int16Array): Uint16Array {
  const { padding, steps } = paddedFor(levels, offsets);
  const known = last.get(levels);
  if (known !== undefined && known.padding === padding && known.offsets.length === offsets.length
    && known.offsets.every((x, k) => x === offsets[k])) return known.equal;
  const { rank, at } = padding;
  const [a, b, c, d, e, f, g, h, i, j, k, l, m] = chunkOf(steps);
  const wanted = (1 << steps.length) - 1;
  const equal = new Uint16Array(rank.length);
  for (let v = 0; v < at.length; v++) {
    const p = at[v];
    const own = rank[p];
    // (x ^ own) − 1 is negative only where x equals own: its sign bit, moved down, is the answer
    equal[p] = wanted & (
      ((rank[p + a] ^ own) - 1 >>> 31) | ((rank[p + b] ^ own) - 1 >>> 31) << 1 | ((rank[p + c] ^ own) - 1 >>> 31) << 2
      | ((rank[p + d] ^ own) - 1 >>> 31) << 3 | ((rank[p + e] ^ own) - 1 >>> 31) << 4 | ((rank[p + f] ^ own) - 1 >>> 31) << 5
      | ((rank[p + g] ^ own) - 1 >>> 31) << 6 | ((rank[p + h] ^ own) - 1 >>> 31) << 7 | ((rank[p + i] ^ own) - 1 >>> 31) << 8
      | ((rank[p + j] ^ own) - 1 >>> 31) << 9 | ((rank[p + k] ^ own) - 1 >>> 31) << 10 | ((rank[p + l] ^ own) - 1 >>> 31) << 11
      | ((rank[p + m] ^ own) - 1 >>> 31) << 12
    );
  }
  last.set(levels, { padding, offsets, equal });
  return equal;
}
