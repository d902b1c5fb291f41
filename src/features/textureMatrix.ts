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

/** Gathers cells whose number is not known beforehand. */
export type Cells = { row: number[]; column: number[]; count: number[] };

export function textureMatrix(level: Int32Array, cells: Cells): TextureMatrix {
  return { level, row: Int32Array.from(cells.row), column: Int32Array.from(cells.column), count: Float64Array.from(cells.count) };
}

/** Σ weightₘ · matrixₘ: matrices of one region (equal `level`) added cell by cell; weight 1 where none are given. */
export function addMatrices(matrices: readonly TextureMatrix[], weights?: readonly number[]): TextureMatrix {
  const level = matrices[0].level;
  const place = new Map<number, number>();
  const cells: Cells = { row: [], column: [], count: [] };
  for (let m = 0; m < matrices.length; m++) {
    const { row, column, count } = matrices[m];
    const weight = weights === undefined ? 1 : weights[m];
    for (let k = 0; k < row.length; k++) {
      const key = column[k] * level.length + row[k];
      let at = place.get(key);
      if (at === undefined) {
        at = cells.row.length;
        place.set(key, at);
        cells.row.push(row[k]);
        cells.column.push(column[k]);
        cells.count.push(0);
      }
      cells.count[at] += weight * count[k];
    }
  }
  return textureMatrix(level, cells);
}
