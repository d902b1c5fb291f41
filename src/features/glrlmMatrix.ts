import type { Levels } from "./region.js";
import { equalNeighbours } from "./equalNeighbours.js";
import { chunk, chunkOf, paddedFor } from "./neighbourhood.js";
import { addCell, cellBuffer, takeMatrix, type TextureMatrix } from "./textureMatrix.js";

/**
 * Grey-level run-length matrix of each offset (Galloway, Comput Graph Image Process 1975;4:172); columns are run lengths in voxels.
 *
 * In raster order a voxel is one step further into a run than its earlier neighbour of the same level. With C(k) voxels
 * that stand k-th in their run there are C(k) − C(k + 1) runs of length k.
 */
export function runLengths(levels: Levels, offsets: Int16Array): TextureMatrix[] {
  const { padding: { rank, at, occupied }, steps } = paddedFor(levels, offsets);
  const equal = equalNeighbours(levels, offsets);
  const n = occupied.length;
  const longest = Math.max(...levels.size);
  const counts = furtherInto(rank, at, equal, steps, n, longest);
  const voxels = new Int32Array(n + 1);
  for (let v = 0; v < at.length; v++) voxels[rank[at[v]]]++;
  const cells = cellBuffer(Math.min(n * longest, at.length));
  return Array.from(steps, (_, d) => {
    for (let i = 1; i <= n; i++) {
      const from = (i * chunk + d) * longest;
      let here = voxels[i];
      for (let k = 1; k < longest && counts[from + k] > 0; k++) here -= counts[from + k];
      for (let k = 1; here > 0; k++) {
        const further = k < longest ? counts[from + k] : 0;
        if (here > further) addCell(cells, i - 1, k, here - further);
        here = further;
      }
    }
    return takeMatrix(cells, occupied);
  });
}

/**
 * counts[(level rank · chunk + d) · longest + k]: voxels that are k steps into a run of direction d, k > 0.
 * The steps of the voxels last visited are kept in a ring long enough to reach back to every neighbour.
 */
function furtherInto(
  rank: Uint16Array | Int32Array, at: Int32Array, equal: Uint16Array, steps: Int32Array, n: number, longest: number,
): Int32Array {
  const [a, b, c, d, e, f, g, h, i, j, l, m, o] = chunkOf(steps);
  const counts = new Int32Array((n + 1) * chunk * longest);
  const farthest = Math.max(...steps.map(Math.abs));
  let slots = 1;
  while (slots <= farthest) slots *= 2;
  const within = slots - 1;
  const width = 16;
  const ring = new Uint16Array(slots * width);
  const quarters = new Float64Array(ring.buffer);
  for (let v = 0; v < at.length; v++) {
    const p = at[v];
    const same = equal[p];
    const slot = (p & within) * width;
    let row = rank[p] * chunk * longest;
    let k: number;
    const butOne = same & same - 1;
    if ((butOne & butOne - 1) === 0) {
      // at most two directions, as in noise: clear all sixteen places and fill those
      const quarter = slot >> 2;
      quarters[quarter] = 0; quarters[quarter + 1] = 0; quarters[quarter + 2] = 0; quarters[quarter + 3] = 0;
      for (let rest: number = same; rest !== 0; rest &= rest - 1) {
        const direction = 31 - Math.clz32(rest & -rest);
        k = ring[(p + steps[direction] & within) * width + direction] + 1;
        ring[slot + direction] = k;
        counts[row + direction * longest + k]++;
      }
      continue;
    }
    k = (ring[(p + a & within) * width] + 1) * (same & 1); ring[slot] = k; counts[row + k]++;
    k = (ring[(p + b & within) * width + 1] + 1) * (same >> 1 & 1); ring[slot + 1] = k; counts[(row += longest) + k]++;
    k = (ring[(p + c & within) * width + 2] + 1) * (same >> 2 & 1); ring[slot + 2] = k; counts[(row += longest) + k]++;
    k = (ring[(p + d & within) * width + 3] + 1) * (same >> 3 & 1); ring[slot + 3] = k; counts[(row += longest) + k]++;
    k = (ring[(p + e & within) * width + 4] + 1) * (same >> 4 & 1); ring[slot + 4] = k; counts[(row += longest) + k]++;
    k = (ring[(p + f & within) * width + 5] + 1) * (same >> 5 & 1); ring[slot + 5] = k; counts[(row += longest) + k]++;
    k = (ring[(p + g & within) * width + 6] + 1) * (same >> 6 & 1); ring[slot + 6] = k; counts[(row += longest) + k]++;
    k = (ring[(p + h & within) * width + 7] + 1) * (same >> 7 & 1); ring[slot + 7] = k; counts[(row += longest) + k]++;
    k = (ring[(p + i & within) * width + 8] + 1) * (same >> 8 & 1); ring[slot + 8] = k; counts[(row += longest) + k]++;
    k = (ring[(p + j & within) * width + 9] + 1) * (same >> 9 & 1); ring[slot + 9] = k; counts[(row += longest) + k]++;
    k = (ring[(p + l & within) * width + 10] + 1) * (same >> 10 & 1); ring[slot + 10] = k; counts[(row += longest) + k]++;
    k = (ring[(p + m & within) * width + 11] + 1) * (same >> 11 & 1); ring[slot + 11] = k; counts[(row += longest) + k]++;
    k = (ring[(p + o & within) * width + 12] + 1) * (same >> 12 & 1); ring[slot + 12] = k; counts[(row += longest) + k]++;
  }
  return counts;
}
