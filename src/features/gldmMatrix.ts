import type { Levels } from "./region.js";
import { paddedFor } from "./neighbourhood.js";
import { textureMatrix, type Cells, type TextureMatrix } from "./textureMatrix.js";

/**
 * Grey-level dependence matrix (Sun & Wee, Comput Vis Graph Image Process 1983;23:341). The column is 1 + the number of
 * neighbours (± each offset) in the region whose level differs by at most `alpha`: IBSI's neighbouring grey-level dependence
 * with the centre counted, PyRadiomics' GLDM.
 */
export function dependences(levels: Levels, offsets: Int16Array, alpha = 0): TextureMatrix {
  const { padding: { rank, at, occupied }, steps } = paddedFor(levels, offsets);
  const most = 2 * steps.length + 2;
  const dependence = new Uint16Array(rank.length);
  const levelOf = new Int32Array(occupied.length + 1);
  levelOf[0] = -0x7fffffff;
  levelOf.set(occupied, 1);
  for (const step of steps) {
    for (let k = 0; k < at.length; k++) {
      const p = at[k];
      const q = p + step;
      if (rank[q] === 0 || Math.abs(levelOf[rank[p]] - levelOf[rank[q]]) > alpha) continue;
      dependence[p]++;
      dependence[q]++;
    }
  }
  const counts = new Int32Array((occupied.length + 1) * most);
  for (let k = 0; k < at.length; k++) counts[rank[at[k]] * most + dependence[at[k]] + 1]++;
  const cells: Cells = { row: [], column: [], count: [] };
  for (let c = 0; c < counts.length; c++) {
    if (counts[c] === 0) continue;
    cells.row.push(Math.floor(c / most) - 1);
    cells.column.push(c % most);
    cells.count.push(counts[c]);
  }
  return textureMatrix(occupied, cells);
}
