import type { Levels } from "./region.js";
import { equalNeighbours } from "./equalNeighbours.js";
import { chunk, chunkOf, paddedFor } from "./neighbourhood.js";
import { addCell, cellBuffer, takeMatrix, type TextureMatrix } from "./textureMatrix.js";

/**
 * Grey-level dependence matrix (Sun & Wee, Comput Vis Graph Image Process 1983;23:341). The column is 1 + the number of
 * neighbours (± each offset) in the region whose level differs by at most `alpha`: IBSI's neighbouring grey-level dependence
 * with the centre counted, PyRadiomics' GLDM.
 */
export function dependences(levels: Levels, offsets: Int16Array, alpha = 0): TextureMatrix {
  const { padding: { rank, at, occupied }, steps } = paddedFor(levels, offsets);
  const similar = alpha === 0 && steps.length <= chunk ? equalAround(levels, offsets) : similarAround(levels, offsets, alpha);
  const most = 2 * steps.length + 1;
  const counts = new Int32Array((occupied.length + 1) * most);
  for (let v = 0; v < at.length; v++) counts[rank[at[v]] * most + similar[v]]++;
  const cells = cellBuffer(Math.min(counts.length, at.length));
  for (let i = 1; i <= occupied.length; i++) for (let j = 0; j < most; j++) {
    if (counts[i * most + j] > 0) addCell(cells, i - 1, j + 1, counts[i * most + j]);
  }
  return takeMatrix(cells, occupied);
}

/** Of every voxel the number of neighbours with its own level: those before it, and those after it that find it before them. */
function equalAround(levels: Levels, offsets: Int16Array): Uint16Array {
  const { padding: { at }, steps } = paddedFor(levels, offsets);
  const equal = equalNeighbours(levels, offsets);
  const [a, b, c, d, e, f, g, h, i, j, k, l, m] = chunkOf(steps);
  const similar = new Uint16Array(at.length);
  for (let v = 0; v < at.length; v++) {
    const p = at[v];
    const after = equal[p - a] & 1 | equal[p - b] & 2 | equal[p - c] & 4 | equal[p - d] & 8 | equal[p - e] & 16
      | equal[p - f] & 32 | equal[p - g] & 64 | equal[p - h] & 128 | equal[p - i] & 256 | equal[p - j] & 512
      | equal[p - k] & 1024 | equal[p - l] & 2048 | equal[p - m] & 4096;
    similar[v] = ones(equal[p] | after << 16);
  }
  return similar;
}

/** Number of bits set (Warren, Hacker's Delight, 5-1). */
function ones(x: number): number {
  const pairs = x - (x >>> 1 & 0x55555555);
  const fours = (pairs & 0x33333333) + (pairs >>> 2 & 0x33333333);
  return Math.imul(fours + (fours >>> 4) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The same for any distance and tolerance. */
function similarAround(levels: Levels, offsets: Int16Array, alpha: number): Uint16Array {
  const { padding: { rank, at, occupied }, steps } = paddedFor(levels, offsets);
  const level = new Float64Array(occupied.length + 1).fill(-Infinity);
  level.set(occupied, 1);
  const similar = new Uint16Array(at.length);
  for (let v = 0; v < at.length; v++) {
    const p = at[v];
    const own = level[rank[p]];
    let n = 0;
    for (let s = 0; s < steps.length; s++) {
      if (Math.abs(level[rank[p + steps[s]]] - own) <= alpha) n++;
      if (Math.abs(level[rank[p - steps[s]]] - own) <= alpha) n++;
    }
    similar[v] = n;
  }
  return similar;
}
