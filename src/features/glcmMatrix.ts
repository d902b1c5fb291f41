import type { Levels } from "./region.js";
import { paddedFor } from "./neighbourhood.js";
import { textureMatrix, type Cells, type TextureMatrix } from "./textureMatrix.js";

/**
 * A co-occurrence matrix. `symmetric`: counts of (i, j) and (j, i) together, kept in cells with row >= column;
 * a cell off the diagonal stands for two equal cells. Otherwise a cell (i, j) counts voxels of level i whose neighbour
 * on the later side (−offset) has level j.
 */
export type Cooccurrences = TextureMatrix & { symmetric: boolean };

/** Grey-level co-occurrence matrix of each offset (Haralick et al., IEEE Trans SMC 1973;3:610); one without pairs has no cells. */
export function cooccurrences(levels: Levels, offsets: Int16Array, symmetric = true): Cooccurrences[] {
  const { padding: { rank, at, occupied }, steps } = paddedFor(levels, offsets);
  const n = occupied.length + 1;
  const matrices: Cooccurrences[] = [];
  const counts = new Int32Array(n * n);
  for (const step of steps) {
    counts.fill(0);
    for (let k = 0; k < at.length; k++) {
      const p = at[k];
      counts[rank[p + step] * n + rank[p]]++;
    }
    const cells: Cells = { row: [], column: [], count: [] };
    for (let i = 1; i < n; i++) for (let j = 1; j < (symmetric ? i + 1 : n); j++) {
      const c = counts[i * n + j] + (symmetric ? counts[j * n + i] : 0);
      if (c === 0) continue;
      cells.row.push(i - 1);
      cells.column.push(j - 1);
      cells.count.push(c);
    }
    matrices.push({ ...textureMatrix(occupied, cells), symmetric });
  }
  return matrices;
}
