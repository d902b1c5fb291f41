import { power } from "../math/index.js";
import { chunk, chunkOf, paddedFor, type Padded } from "./neighbourhood.js";
import type { Levels } from "./region.js";
import { addCell, cellBuffer, takeMatrix, type TextureMatrix } from "./textureMatrix.js";

/**
 * A co-occurrence matrix. `symmetric`: counts of (i, j) and (j, i) together, kept in cells with row >= column;
 * a cell off the diagonal stands for two equal cells. Otherwise a cell (i, j) counts voxels of level i whose neighbour
 * on the later side (−offset) has level j.
 */
export type Cooccurrences = TextureMatrix & { symmetric: boolean };

/** Grey-level co-occurrence matrix of each offset (Haralick et al., IEEE Trans SMC 1973;3:610); one without pairs has no cells. */
export function cooccurrences(levels: Levels, offsets: Int16Array, symmetric = true): Cooccurrences[] {
  const { padding, steps } = paddedFor(levels, offsets);
  const cellsOfTable = power(padding.occupied.length + 1, 2);
  return cellsOfTable <= Math.max(2048, 2 * padding.at.length)
    ? countedInTables(padding, steps, symmetric) : countedByLevel(padding, steps, symmetric);
}

/**
 * Few levels: one raster pass over the voxels counts `chunk` directions at once in whole tables [level][direction][neighbour];
 * column 0 takes the pairs that leave the region.
 */
function countedInTables({ rank, at, occupied }: Padded, steps: Int32Array, symmetric: boolean): Cooccurrences[] {
  const n = occupied.length + 1;
  const matrices: Cooccurrences[] = [];
  const cells = cellBuffer(n * n);
  for (let first = 0; first < steps.length; first += chunk) {
    const table = pairTables(rank, at, steps, first, n);
    for (let d = 0; d < Math.min(chunk, steps.length - first); d++) {
      // a table's row is the later voxel of the pair, the column its earlier neighbour
      for (let i = 1; i < n; i++) {
        const last = symmetric ? i : n - 1;
        for (let j = 1; j <= last; j++) {
          const earlier = table[(j * chunk + d) * n + i];
          const c = symmetric ? earlier + table[(i * chunk + d) * n + j] : earlier;
          if (c > 0) addCell(cells, i - 1, j - 1, c);
        }
      }
      matrices.push({ ...takeMatrix(cells, occupied), symmetric });
    }
  }
  return matrices;
}

/** Missing directions take step 0 and fill a table that nobody reads. */
function pairTables(rank: Padded["rank"], at: Int32Array, steps: Int32Array, first: number, n: number): Int32Array {
  const [a, b, c, d, e, f, g, h, i, j, k, l, m] = chunkOf(steps, first);
  const table = new Int32Array(n * n * chunk);
  const width = n * chunk;
  for (let v = 0; v < at.length; v++) {
    const p = at[v];
    let row = rank[p] * width;
    table[row + rank[p + a]]++;
    table[(row += n) + rank[p + b]]++;
    table[(row += n) + rank[p + c]]++;
    table[(row += n) + rank[p + d]]++;
    table[(row += n) + rank[p + e]]++;
    table[(row += n) + rank[p + f]]++;
    table[(row += n) + rank[p + g]]++;
    table[(row += n) + rank[p + h]]++;
    table[(row += n) + rank[p + i]]++;
    table[(row += n) + rank[p + j]]++;
    table[(row += n) + rank[p + k]]++;
    table[(row += n) + rank[p + l]]++;
    table[(row += n) + rank[p + m]]++;
  }
  return table;
}

/** Many levels: voxels are taken level by level, so that one row of counts serves all levels and only met cells are visited. */
function countedByLevel({ rank, at, occupied }: Padded, steps: Int32Array, symmetric: boolean): Cooccurrences[] {
  const { order, ends } = byLevel(rank, at, occupied.length);
  const counts = new Int32Array(occupied.length + 1);
  const met = new Int32Array(occupied.length + 1);
  const cells = cellBuffer(2 * at.length);
  const matrices: Cooccurrences[] = [];
  for (const step of steps) {
    for (let i = 1, v = 0; i <= occupied.length; i++) {
      let columns = 0;
      for (; v < ends[i]; v++) {
        const p = order[v];
        const later = rank[p - step];
        if (later > 0 && (!symmetric || later <= i) && counts[later]++ === 0) met[columns++] = later;
        if (!symmetric) continue;
        const earlier = rank[p + step];
        if (earlier > 0 && earlier <= i && counts[earlier]++ === 0) met[columns++] = earlier;
      }
      for (let c = 0; c < columns; c++) {
        addCell(cells, i - 1, met[c] - 1, counts[met[c]]);
        counts[met[c]] = 0;
      }
    }
    matrices.push({ ...takeMatrix(cells, occupied), symmetric });
  }
  return matrices;
}

/** Voxels in the order of their levels (a counting sort); those of rank r end at ends[r]. */
function byLevel(rank: Padded["rank"], at: Int32Array, highest: number): { order: Int32Array; ends: Int32Array } {
  const ends = new Int32Array(highest + 2);
  for (let v = 0; v < at.length; v++) ends[rank[at[v]] + 1]++;
  for (let r = 1; r < ends.length; r++) ends[r] += ends[r - 1];
  const order = new Int32Array(at.length);
  for (let v = 0; v < at.length; v++) order[ends[rank[at[v]]]++] = at[v];
  return { order, ends };
}
