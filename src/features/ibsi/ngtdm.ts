import type { ToneDifferences } from "../ngtdmMatrix.js";
import type { IbsiFeatures } from "./feature.js";

/** A neighbourhood grey tone difference matrix: entry k describes level[k], only levels with at least one valid voxel. */
export type ToneDifference = {
  level: Float64Array;
  /** share of the valid voxels (those with a neighbour in the region) */
  p: Float64Array;
  /** Σ |level − mean of neighbours| over the level's voxels */
  s: Float64Array;
  /** valid voxels */
  voxels: number;
};

/** Merges the differences of several slices, level number by level number, and keeps the levels with a valid voxel. */
export function toneDifference(slices: readonly ToneDifferences[]): ToneDifference {
  const rows = new Map<number, { n: number; s: number }>();
  let voxels = 0;
  for (const { level, count, difference } of slices) {
    for (let k = 0; k < level.length; k++) {
      if (count[k] === 0) continue;
      const row = rows.get(level[k]) ?? { n: 0, s: 0 };
      rows.set(level[k], { n: row.n + count[k], s: row.s + difference[k] });
      voxels += count[k];
    }
  }
  const sorted = [...rows].sort((a, b) => a[0] - b[0]);
  return {
    level: Float64Array.from(sorted, ([level]) => level), p: Float64Array.from(sorted, ([, { n }]) => n / voxels),
    s: Float64Array.from(sorted, ([, { s }]) => s), voxels,
  };
}

/** Σ over ordered pairs of levels that occur. */
function overPairs({ level }: ToneDifference, term: (k: number, l: number) => number): number {
  let sum = 0;
  for (let k = 0; k < level.length; k++) for (let l = 0; l < level.length; l++) sum += term(k, l);
  return sum;
}

const total = (s: Float64Array) => s.reduce((a, b) => a + b, 0);
const weighted = ({ p, s }: ToneDifference) => p.reduce((sum, share, k) => sum + share * s[k], 0);

function contrast(m: ToneDifference): number {
  const { level: { length: n }, level, p } = m;
  if (n < 2) return 0;
  return (overPairs(m, (k, l) => p[k] * p[l] * (level[k] - level[l]) ** 2) / (n * (n - 1))) * (total(m.s) / m.voxels);
}

function busyness(m: ToneDifference): number {
  const { level, p } = m;
  if (level.length < 2) return 0;
  const spread = overPairs(m, (k, l) => Math.abs(level[k] * p[k] - level[l] * p[l]));
  return spread === 0 ? 0 : weighted(m) / spread;
}

const whereAny = (f: (m: ToneDifference) => number) => (m: ToneDifference) => (m.voxels === 0 ? NaN : f(m));

/**
 * Neighbourhood grey tone difference (IBSI IPET; Amadasun & King 1989), neighbours at Chebyshev distance 1 inside the region.
 * Where nothing differs IBSI sets coarseness to 10⁶ and contrast, busyness and strength to 0.
 */
export const ngtdm: IbsiFeatures<ToneDifference> = {
  coarseness: { name: "Coarseness", ibsi: "QCDE", unit: "1", of: whereAny((m) => (weighted(m) === 0 ? 1e6 : 1 / weighted(m))) },
  contrast: { name: "Contrast", ibsi: "65HE", unit: "1", of: whereAny(contrast) },
  busyness: { name: "Busyness", ibsi: "NQ30", unit: "1", of: whereAny(busyness) },
  complexity: {
    name: "Complexity", ibsi: "HDEZ", unit: "1",
    of: whereAny((m) => overPairs(m, (k, l) =>
      (Math.abs(m.level[k] - m.level[l]) * (m.p[k] * m.s[k] + m.p[l] * m.s[l])) / (m.p[k] + m.p[l])) / m.voxels),
  },
  strength: {
    name: "Strength", ibsi: "1X9X", unit: "1",
    of: whereAny((m) => {
      const s = total(m.s);
      return s === 0 ? 0 : overPairs(m, (k, l) => (m.p[k] + m.p[l]) * (m.level[k] - m.level[l]) ** 2) / s;
    }),
  },
};
