/**
 * The occupied cells of a texture matrix: `count[k]` cases have grey level `level[row[k]]` and column number `column[k]`
 * (a run length, a zone size, a dependence; in a co-occurrence matrix the place of the other level in `level`).
 */
export type TextureMatrix = {
  /** level numbers present in the region, ascending */
  level: Int32Array;
  row: Int32Array;
  column: Int32Array;
  count: Float64Array;
};

/** Room in which the cells of one matrix after the other are gathered. */
export type CellBuffer = { row: Int32Array; column: Int32Array; count: Float64Array; used: number };

/** @param most cells that one matrix can have at most */
export function cellBuffer(most: number): CellBuffer {
  return { row: new Int32Array(most), column: new Int32Array(most), count: new Float64Array(most), used: 0 };
}

/** Appends `count` at (row, column) of a sparse matrix, in place; the buffer must have room. Plumbing: no source. */
export function addCell(cells: CellBuffer, row: number, column: number, count: number): void {
  const k = cells.used++;
  cells.row[k] = row;
  cells.column[k] = column;
  cells.count[k] = count;
}

/** The matrix of the cells gathered so far; empties the room. */
export function takeMatrix(cells: CellBuffer, level: Int32Array): TextureMatrix {
  const n = cells.used;
  cells.used = 0;
  return { level, row: cells.row.slice(0, n), column: cells.column.slice(0, n), count: cells.count.slice(0, n) };
}

/** Σ weightₘ · matrixₘ: matrices of one region (equal `level`) added cell by cell; weight 1 where none are given. */
export function addMatrices(matrices: readonly TextureMatrix[], weights?: readonly number[]): TextureMatrix {
  const level = matrices[0].level;
  const place = new Map<number, number>();
  const cells = cellBuffer(matrices.reduce((sum, m) => sum + m.row.length, 0));
  for (let m = 0; m < matrices.length; m++) {
    const { row, column, count } = matrices[m];
    const weight = weights === undefined ? 1 : weights[m];
    for (let k = 0; k < row.length; k++) {
      const key = column[k] * level.length + row[k];
      const known = place.get(key);
      if (known !== undefined) {
        cells.count[known] += weight * count[k];
      } else {
        place.set(key, cells.used);
        addCell(cells, row[k], column[k], weight * count[k]);
      }
    }
  }
  return takeMatrix(cells, level);
}
