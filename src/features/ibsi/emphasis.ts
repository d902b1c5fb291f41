import type { TextureMatrix } from "../textureMatrix.js";
import type { IbsiFeatures } from "./feature.js";

/** A count matrix by its occupied cells: `count[k]` items of grey level `level[k]` and size (run length, zone size …) `size[k]`. */
export type CountMatrix = {
  level: Float64Array;
  size: Float64Array;
  count: Float64Array;
  /** voxels the items were drawn from, for percentages (several directions count a voxel several times) */
  voxels: number;
};

/** What the sixteen or seventeen features of a run length, size zone, distance zone or dependence matrix are made of. */
export type Emphasis = {
  voxels: number;
  /** Ns: all items */
  items: number;
  /** Σ n·sᵃ·gᵇ / Ns for a, b in {−2, 0, 2}, read as weighted[(a + 2) / 2 · 3 + (b + 2) / 2] */
  weighted: Float64Array;
  /** Σ over levels, over sizes, of the squared marginal count */
  levelSquares: number;
  sizeSquares: number;
  levelVariance: number;
  sizeVariance: number;
  /** −Σ p log2 p and Σ p² over cells */
  entropy: number;
  energy: number;
};

/** Adds matrices of slices or directions, level number by level number. Cells come out by level, then size. */
export function countMatrix(matrices: readonly TextureMatrix[], voxels: number): CountMatrix {
  const rows = new Map<number, Map<number, number>>();
  for (const { level, row, column, count } of matrices) {
    for (let k = 0; k < count.length; k++) {
      const g = level[row[k]];
      let sizes = rows.get(g);
      if (sizes === undefined) rows.set(g, (sizes = new Map<number, number>()));
      sizes.set(column[k], (sizes.get(column[k]) ?? 0) + count[k]);
    }
  }
  const cells = [...rows].sort(byFirst).flatMap(([g, sizes]) => [...sizes].sort(byFirst).map(([size, n]) => [g, size, n]));
  const column = (c: number) => Float64Array.from(cells, (cell) => cell[c]);
  return { level: column(0), size: column(1), count: column(2), voxels };
}

const byFirst = (a: readonly [number, unknown], b: readonly [number, unknown]) => a[0] - b[0];

/** One sum over all cells for every feature of a count matrix. An empty matrix gives NaN throughout. */
export function emphasis({ level, size, count, voxels }: CountMatrix): Emphasis {
  let items = 0;
  let meanLevel = 0;
  let meanSize = 0;
  for (let k = 0; k < count.length; k++) {
    items += count[k];
    meanLevel += count[k] * level[k];
    meanSize += count[k] * size[k];
  }
  meanLevel /= items;
  meanSize /= items;
  const weighted = new Float64Array(9);
  const perLevel = new Map<number, number>();
  const perSize = new Map<number, number>();
  let levelVariance = 0;
  let sizeVariance = 0;
  let entropy = 0;
  let energy = 0;
  for (let k = 0; k < count.length; k++) {
    const p = count[k] / items;
    const g2 = level[k] * level[k];
    const s2 = size[k] * size[k];
    for (let a = 0, ps = p / s2; a < 3; a++, ps *= s2) {
      weighted[3 * a] += ps / g2;
      weighted[3 * a + 1] += ps;
      weighted[3 * a + 2] += ps * g2;
    }
    levelVariance += p * (level[k] - meanLevel) ** 2;
    sizeVariance += p * (size[k] - meanSize) ** 2;
    entropy -= p * Math.log2(p);
    energy += p * p;
    perLevel.set(level[k], (perLevel.get(level[k]) ?? 0) + count[k]);
    perSize.set(size[k], (perSize.get(size[k]) ?? 0) + count[k]);
  }
  const squares = (marginal: Map<number, number>) => [...marginal.values()].reduce((sum, n) => sum + n * n, 0);
  return {
    voxels, items, weighted, levelSquares: squares(perLevel), sizeSquares: squares(perSize), levelVariance, sizeVariance,
    entropy, energy,
  };
}

/** Mean of n·sᵃ·gᵇ over items; NaN for an empty matrix. */
const mean = (a: -2 | 0 | 2, b: -2 | 0 | 2) => (e: Emphasis) => (e.items === 0 ? NaN : e.weighted[(3 * (a + 2) + (b + 2)) / 2]);
const orNaN = (f: (e: Emphasis) => number) => (e: Emphasis) => (e.items === 0 ? NaN : f(e));

/** The sixteen definitions, in IBSI's order, and the seventeenth that only the dependence matrix has. */
const definitions: { unit: string; of(e: Emphasis): number }[] = [
  { unit: "1", of: mean(-2, 0) },
  { unit: "1", of: mean(2, 0) },
  { unit: "1", of: mean(0, -2) },
  { unit: "1", of: mean(0, 2) },
  { unit: "1", of: mean(-2, -2) },
  { unit: "1", of: mean(-2, 2) },
  { unit: "1", of: mean(2, -2) },
  { unit: "1", of: mean(2, 2) },
  { unit: "1", of: orNaN((e) => e.levelSquares / e.items) },
  { unit: "1", of: orNaN((e) => e.levelSquares / e.items ** 2) },
  { unit: "1", of: orNaN((e) => e.sizeSquares / e.items) },
  { unit: "1", of: orNaN((e) => e.sizeSquares / e.items ** 2) },
  { unit: "1", of: orNaN((e) => e.items / e.voxels) },
  { unit: "level²", of: orNaN((e) => e.levelVariance) },
  { unit: "1", of: orNaN((e) => e.sizeVariance) },
  { unit: "bit", of: orNaN((e) => e.entropy) },
  { unit: "1", of: orNaN((e) => e.energy) },
];

/** A family's features: [tag, code, name] in the order small, large, low level, high level … entropy (, energy). */
export function emphasisFeatures(rows: [tag: string, ibsi: string, name: string][]): IbsiFeatures<Emphasis> {
  return Object.fromEntries(rows.map(([tag, ibsi, name], k) => [tag, { name, ibsi, ...definitions[k] }]));
}
