import { exp, log, powerOfTwo } from "../math/index.js";
import type { Voxels } from "../image/index.js";

/**
 * Quantiles of the image, or of the voxels at `index`: linear between order statistics at (n − 1) p.
 * Agrees with numpy.quantile (method "linear"). Counting for 8- and 16-bit voxels, selection for others
 * (Hoare's quickselect with Floyd & Rivest's pivot range, Commun ACM 1975;18:173): no sorting.
 *
 * @param shares numbers from 0 to 1
 * @returns one quantile for each share; NaN where there is no voxel
 */
export function quantiles(values: Voxels, shares: readonly number[], index?: Int32Array): number[] {
  const n = index === undefined ? values.length : index.length;
  if (n === 0) return shares.map(() => NaN);
  const at = values.BYTES_PER_ELEMENT <= 2 ? byCounting(values, index) : bySelection(values, index);
  return shares.map((share) => {
    const position = (n - 1) * share;
    const below = Math.floor(position);
    const rest = position - below;
    const a = at(below);
    if (rest === 0) return a;
    const b = at(below + 1);
    // as numpy: from the nearer end, so that the result grows with the share
    return rest < 0.5 ? a + (b - a) * rest : b - (b - a) * (1 - rest);
  });
}

/** Different values in ascending order, and how many voxels bear each. */
export type Counted = { value: Float64Array; count: Float64Array };

/** Different values of the image, or of the voxels at `index`, with their counts. */
export function countValues(values: Voxels, index?: Int32Array): Counted {
  if (values.BYTES_PER_ELEMENT <= 2) {
    const { lowest, counts } = histogram16(values, index);
    const present = [...counts.keys()].filter((k) => counts[k] > 0);
    return { value: Float64Array.from(present, (k) => k + lowest), count: Float64Array.from(present, (k) => counts[k]) };
  }
  const sorted = copied(values, index).sort();
  const value = new Float64Array(sorted.length);
  const count = new Float64Array(sorted.length);
  let n = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) value[n++] = sorted[i];
    count[n - 1]++;
  }
  return { value: value.slice(0, n), count: count.slice(0, n) };
}

function byCounting(values: Voxels, index?: Int32Array): (rank: number) => number {
  const { lowest, counts } = histogram16(values, index);
  return (rank) => {
    let k = 0;
    for (let seen = counts[0]; seen <= rank; seen += counts[++k]);
    return k + lowest;
  };
}

/** Counts of 8- or 16-bit values: counts[k] voxels are k + lowest. */
function histogram16(values: Voxels, index?: Int32Array): { lowest: number; counts: Uint32Array } {
  const lowest = values instanceof Int8Array || values instanceof Int16Array ? -powerOfTwo(8 * values.BYTES_PER_ELEMENT - 1) : 0;
  const counts = new Uint32Array(powerOfTwo(8 * values.BYTES_PER_ELEMENT));
  if (index === undefined) for (let i = 0; i < values.length; i++) counts[values[i] - lowest]++;
  else for (let k = 0; k < index.length; k++) counts[values[index[k]] - lowest]++;
  return { lowest, counts };
}

function bySelection(values: Voxels, index?: Int32Array): (rank: number) => number {
  const own = copied(values, index);
  return (rank) => select(own, rank);
}

function copied(values: Voxels, index?: Int32Array): Float64Array {
  if (index === undefined) return Float64Array.from(values);
  const out = new Float64Array(index.length);
  for (let k = 0; k < index.length; k++) out[k] = values[index[k]];
  return out;
}

/** The value of this rank (from 0); reorders `v`. */
function select(v: Float64Array, rank: number, from = 0, to = v.length - 1): number {
  let [left, right] = [from, to];
  while (right > left) {
    if (right - left > 600) {
      // choose the pivot from a sample around the wanted rank
      const n = right - left + 1;
      const at = rank - left + 1;
      const ln = log(n);
      const s = 0.5 * exp((2 * ln) / 3);
      const spread = 0.5 * Math.sqrt((ln * s * (n - s)) / n) * (at < n / 2 ? -1 : 1);
      select(v, rank, Math.max(left, Math.floor(rank - (at * s) / n + spread)), Math.min(right, Math.floor(rank + ((n - at) * s) / n + spread)));
    }
    const pivot = v[rank];
    let i = left;
    let j = right;
    while (i <= j) {
      while (v[i] < pivot) i++;
      while (v[j] > pivot) j--;
      if (i <= j) {
        const t = v[i];
        v[i++] = v[j];
        v[j--] = t;
      }
    }
    if (j < rank) left = i;
    if (rank < i) right = j;
  }
  return v[rank];
}
