import type { Feature, FeatureClass } from "./featureClass.js";
import { fittingDirections } from "./neighbourhood.js";
import { toneDifferences, type ToneDifferences } from "./ngtdmMatrix.js";

/** Features of a neighbouring grey-tone difference matrix, NaN-free: what cannot be formed takes PyRadiomics' conventional value. */
export type NgtdmFeatures = ReturnType<typeof ngtdmFeatures>;

/**
 * Amadasun & King, IEEE Trans SMC 1989;19:1264; with pᵢ the share of level i and sᵢ the sum of its tone differences.
 *
 * @param withIsolated voxels without a neighbour count in pᵢ, as in PyRadiomics; IBSI leaves them out
 */
export function ngtdmFeatures({ level, count, difference, isolated }: ToneDifferences, withIsolated: boolean) {
  let voxels = 0, differences = 0, neighboured = 0;
  for (let k = 0; k < level.length; k++) {
    voxels += count[k] + (withIsolated ? isolated[k] : 0);
    neighboured += count[k];
    differences += difference[k];
  }
  const i: number[] = [], p: number[] = [], s: number[] = [];
  let weighted = 0;
  for (let k = 0; k < level.length; k++) {
    const share = (count[k] + (withIsolated ? isolated[k] : 0)) / voxels;
    if (!(share > 0)) continue;
    i.push(level[k]);
    p.push(share);
    s.push(difference[k]);
    weighted += share * difference[k];
  }
  let spread = 0, busy = 0, complex = 0, strong = 0;
  for (let a = 1; a < i.length; a++) for (let b = 0; b < a; b++) {
    const apart = i[a] - i[b];
    spread += p[a] * p[b] * apart * apart;
    busy += Math.abs(i[a] * p[a] - i[b] * p[b]);
    complex += apart * (p[a] * s[a] + p[b] * s[b]) / (p[a] + p[b]);
    strong += (p[a] + p[b]) * apart * apart;
  }
  const n = i.length;
  return {
    Busyness: busy === 0 ? 0 : weighted / (2 * busy),
    Coarseness: weighted === 0 ? 1e6 : 1 / weighted,
    Complexity: voxels === 0 ? 0 : 2 * complex / voxels,
    Contrast: n < 2 ? 0 : 2 * spread / (n * (n - 1)) * differences / voxels,
    Strength: differences === 0 ? 0 : 2 * strong / differences,
    /** levels, voxels with a neighbour, and Σ s: what the notes are about */
    levels: n,
    neighboured,
    differences,
  };
}

/** The neighbouring grey-tone difference class. */
export const ngtdm: FeatureClass<NgtdmFeatures> = {
  name: "ngtdm",
  prepare: (_region, levels, settings) => ngtdmFeatures(toneDifferences(levels(), fittingDirections(levels(), settings)), true),
  features: {
    Busyness: entry("Busyness", "NQ30", "1", "0 by convention"),
    Coarseness: entry("Coarseness", "QCDE", "1", "1000000 by convention"),
    Complexity: entry("Complexity", "HDEZ", "1", "0"),
    Contrast: entry("Contrast", "65HE", "1", "0 by convention"),
    Strength: entry("Strength", "1X9X", "1", "0 by convention"),
  },
};

function entry(name: keyof NgtdmFeatures, ibsi: string, unit: string, value: string): Feature<NgtdmFeatures> {
  return {
    ibsi, unit, of: (t) => t[name],
    note: (t) => t.neighboured === 0 ? `${value}: no voxel has a neighbour in the region`
      : t.differences === 0 || (t.levels === 1 && name !== "Coarseness") ? `${value}: the grey levels do not differ from those around them` : undefined,
  };
}
