import { ngtdmFeatures, type NgtdmFeatures } from "../ngtdm.js";
import type { ToneDifferences } from "../ngtdmMatrix.js";
import type { IbsiFeatures } from "./feature.js";

/** Features of the tone differences of several slices added level number by level number. */
export function toneFeatures(slices: readonly ToneDifferences[]): NgtdmFeatures {
  const rows = new Map<number, { count: number; difference: number; isolated: number }>();
  for (const { level, count, difference, isolated } of slices) {
    for (let k = 0; k < level.length; k++) {
      const row = rows.get(level[k]) ?? { count: 0, difference: 0, isolated: 0 };
      rows.set(level[k], { count: row.count + count[k], difference: row.difference + difference[k], isolated: row.isolated + isolated[k] });
    }
  }
  const sorted = [...rows].sort((a, b) => a[0] - b[0]);
  const column = (of: "count" | "difference" | "isolated") => Float64Array.from(sorted, ([, row]) => row[of]);
  const merged = { count: column("count"), difference: column("difference"), isolated: column("isolated") };
  return ngtdmFeatures({ level: Int32Array.from(sorted, ([level]) => level), ...merged }, false);
}

/** Not defined where no voxel has a neighbour in the region. */
const whereAny = (f: (m: NgtdmFeatures) => number) => (m: NgtdmFeatures) => (m.levels === 0 ? NaN : f(m));

/**
 * Neighbourhood grey tone difference (IBSI IPET; Amadasun & King 1989), neighbours at Chebyshev distance 1 inside the region.
 * Where nothing differs IBSI sets coarseness to 10⁶ and contrast, busyness and strength to 0.
 */
export const ngtdm: IbsiFeatures<NgtdmFeatures> = {
  coarseness: { name: "Coarseness", ibsi: "QCDE", unit: "1", of: whereAny((m) => m.Coarseness) },
  contrast: { name: "Contrast", ibsi: "65HE", unit: "1", of: whereAny((m) => m.Contrast) },
  busyness: { name: "Busyness", ibsi: "NQ30", unit: "1", of: whereAny((m) => m.Busyness) },
  complexity: { name: "Complexity", ibsi: "HDEZ", unit: "1", of: whereAny((m) => m.Complexity) },
  strength: { name: "Strength", ibsi: "1X9X", unit: "1", of: whereAny((m) => m.Strength) },
};
