import type { Levels } from "./region.js";
import { equalNeighbours } from "./equalNeighbours.js";
import { paddedFor } from "./neighbourhood.js";
import { textureMatrix, type Cells, type TextureMatrix } from "./textureMatrix.js";

/** Grey-level run-length matrix of each offset (Galloway, Comput Graph Image Process 1975;4:172); columns are run lengths in voxels. */
export function runLengths(levels: Levels, offsets: Int16Array): TextureMatrix[] {
  const { padding: { rank, at, occupied }, steps } = paddedFor(levels, offsets);
  const equal = equalNeighbours(levels, offsets);
  const longest = Math.max(...levels.size) + 1;
  const n = occupied.length;
  const runs = new Int32Array(steps.length * n * longest);
  for (let k = 0; k < at.length; k++) {
    const p = at[k];
    for (let rest = equal[p]; rest !== 0; rest &= rest - 1) {
      const d = 31 - Math.clz32(rest & -rest);
      if ((equal[p + steps[d]] >> d & 1) === 1) continue;
      // p is the second voxel of a run: walk to its end
      let length = 2;
      for (let q = p - steps[d]; (equal[q] >> d & 1) === 1; q -= steps[d]) length++;
      runs[(d * n + rank[p] - 1) * longest + length]++;
    }
  }
  const voxels = new Int32Array(n);
  for (let k = 0; k < at.length; k++) voxels[rank[at[k]] - 1]++;
  const matrices: TextureMatrix[] = [];
  for (let d = 0; d < steps.length; d++) {
    const cells: Cells = { row: [], column: [], count: [] };
    for (let i = 0; i < n; i++) {
      let single = voxels[i];
      for (let length = 2; length < longest; length++) {
        const c = runs[(d * n + i) * longest + length];
        if (c === 0) continue;
        single -= c * length;
        cells.row.push(i);
        cells.column.push(length);
        cells.count.push(c);
      }
      if (single > 0) {
        cells.row.push(i);
        cells.column.push(1);
        cells.count.push(single);
      }
    }
    matrices.push(textureMatrix(occupied, cells));
  }
  return matrices;
}
