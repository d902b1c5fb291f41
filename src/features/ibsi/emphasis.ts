import { levelBySize, type LevelBySize } from "../levelBySize.js";
import type { TextureMatrix } from "../textureMatrix.js";
import type { IbsiFeatures } from "./feature.js";

/** What the features of a run length, size zone, distance zone or dependence matrix read, and the voxels that percentages refer to. */
export type Emphasis = LevelBySize & { regionVoxels: number };

/**
 * The matrices of slices or directions added level number by level number, and their sums.
 *
 * @param voxels  voxels of the region that the counts were made on; those of several directions count several times
 */
export function emphasis(matrices: readonly TextureMatrix[], voxels: number): Emphasis {
  return { ...levelBySize(added(matrices)), regionVoxels: voxels };
}

/** Cells come out by level, then by column, whatever the order of the matrices. */
function added(matrices: readonly TextureMatrix[]): TextureMatrix {
  const rows = new Map<number, Map<number, number>>();
  for (const { level, row, column, count } of matrices) {
    for (let k = 0; k < count.length; k++) {
      const g = level[row[k]];
      let columns = rows.get(g);
      if (columns === undefined) rows.set(g, (columns = new Map<number, number>()));
      columns.set(column[k], (columns.get(column[k]) ?? 0) + count[k]);
    }
  }
  const levels = [...rows.keys()].sort((a, b) => a - b);
  const cells = { row: [] as number[], column: [] as number[], count: [] as number[] };
  levels.forEach((g, row) => {
    for (const [column, count] of [...rows.get(g)!].sort((a, b) => a[0] - b[0])) {
      cells.row.push(row);
      cells.column.push(column);
      cells.count.push(count);
    }
  });
  return {
    level: Int32Array.from(levels), row: Int32Array.from(cells.row), column: Int32Array.from(cells.column), count: Float64Array.from(cells.count),
  };
}

/** The sixteen definitions in IBSI's order, and a seventeenth that only the dependence matrix has. An empty matrix gives NaN. */
const definitions: { unit: string; of(e: Emphasis): number }[] = [
  { unit: "1", of: (e) => e.small },
  { unit: "1", of: (e) => e.large },
  { unit: "1", of: (e) => e.low },
  { unit: "1", of: (e) => e.high },
  { unit: "1", of: (e) => e.smallLow },
  { unit: "1", of: (e) => e.smallHigh },
  { unit: "1", of: (e) => e.largeLow },
  { unit: "1", of: (e) => e.largeHigh },
  { unit: "1", of: (e) => e.levelNonUniformity },
  { unit: "1", of: (e) => e.levelNonUniformityNormalized },
  { unit: "1", of: (e) => e.sizeNonUniformity },
  { unit: "1", of: (e) => e.sizeNonUniformityNormalized },
  { unit: "1", of: (e) => e.number / e.regionVoxels },
  { unit: "level²", of: (e) => e.levelVariance },
  { unit: "1", of: (e) => e.sizeVariance },
  { unit: "bit", of: (e) => e.entropy },
  { unit: "1", of: (e) => e.energy },
];

/** A family's features: [tag, code, name] in the order small, large, low level, high level … entropy (, energy). */
export function emphasisFeatures(rows: [tag: string, ibsi: string, name: string][]): IbsiFeatures<Emphasis> {
  return Object.fromEntries(rows.map(([tag, ibsi, name], k) => [tag, { name, ibsi, ...definitions[k] }]));
}
