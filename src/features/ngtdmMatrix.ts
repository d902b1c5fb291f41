import type { Levels } from "./region.js";
import { paddedFor } from "./neighbourhood.js";

/**
 * Of each level present: `count` voxels with a neighbour in the region, Σ |level − mean level of the neighbours| over them,
 * and how many voxels are `isolated`, without any neighbour.
 */
export type ToneDifferences = { level: Int32Array; count: Float64Array; difference: Float64Array; isolated: Float64Array };

/** Neighbouring grey-tone difference matrix (Amadasun & King, IEEE Trans SMC 1989;19:1264); neighbours are ± each offset. */
export function toneDifferences(levels: Levels, offsets: Int16Array): ToneDifferences {
  const { padding: { rank, at, occupied }, steps } = paddedFor(levels, offsets);
  const count = new Float64Array(occupied.length);
  const difference = new Float64Array(occupied.length);
  const isolated = new Float64Array(occupied.length);
  const levelOf = new Int32Array(occupied.length + 1);
  levelOf.set(occupied, 1);
  for (let k = 0; k < at.length; k++) {
    const p = at[k];
    let sum = 0;
    let n = 0;
    for (const step of steps) {
      const a = rank[p + step];
      const b = rank[p - step];
      if (a > 0) n++;
      if (b > 0) n++;
      sum += levelOf[a] + levelOf[b];
    }
    const i = rank[p] - 1;
    if (n === 0) {
      isolated[i]++;
      continue;
    }
    count[i]++;
    difference[i] += Math.abs(occupied[i] - sum / n);
  }
  return { level: occupied, count, difference, isolated };
}
