import { powerOfTwo } from "../math/index.js";
import type { Levels } from "./region.js";
import { paddedFor, type Padded } from "./neighbourhood.js";

/**
 * Of each level present: `count` voxels with a neighbour in the region, Σ |level − mean level of the neighbours| over them,
 * and how many voxels are `isolated`, without any neighbour.
 */
export type ToneDifferences = { level: Int32Array; count: Float64Array; difference: Float64Array; isolated: Float64Array };

/** Neighbouring grey-tone difference matrix (Amadasun & King, IEEE Trans SMC 1989;19:1264); neighbours are ± each offset. */
export function toneDifferences(levels: Levels, offsets: Int16Array): ToneDifferences {
  const { padding, steps } = paddedFor(levels, offsets);
  const { rank, at, occupied } = padding;
  const { sum, number } = surroundings(padding, offsets, steps);
  const share = Float64Array.from({ length: 2 * steps.length + 1 }, (_, n) => 1 / n);
  const count = new Float64Array(occupied.length);
  const difference = new Float64Array(occupied.length);
  const isolated = new Float64Array(occupied.length);
  for (let v = 0; v < at.length; v++) {
    const i = rank[at[v]] - 1;
    const n = number[v];
    if (n === 0) {
      isolated[i]++;
      continue;
    }
    count[i]++;
    // whole numbers up to the division: a voxel like its surroundings adds exactly 0
    difference[i] += Math.abs(occupied[i] * n - sum[v]) * share[n];
  }
  return { level: occupied, count, difference, isolated };
}

/** Of every voxel the sum of its neighbours' levels and their number. */
type Surroundings = { sum: Int32Array | Float64Array; number: Uint16Array };

function surroundings(padding: Padded, offsets: Int16Array, steps: Int32Array): Surroundings {
  const reach = [0, 1, 2].map((axis) => radius(offsets, axis));
  const inBox = reach.reduce((product, r) => product * (2 * r + 1), 1);
  const bits = 32 - Math.clz32(inBox);
  const { occupied } = padding;
  const fits = occupied[occupied.length - 1] * inBox < powerOfTwo(30 - bits);
  return fits && 2 * steps.length + 1 === inBox ? boxSums(padding, reach, bits) : stepSums(padding, steps);
}

/**
 * Neighbours that fill a box: sums along x, then y, then z. Level and presence travel in one number, level · 2^bits + 1.
 */
function boxSums({ rank, at, occupied, size }: Padded, [rx, ry, rz]: number[], bits: number): Surroundings {
  const packed = Int32Array.from(occupied, (level) => (level << bits) + 1);
  const box = new Int32Array(rank.length);
  for (let v = 0; v < at.length; v++) box[at[v]] = packed[rank[at[v]] - 1];
  const spare = new Int32Array(rank.length);
  const rows = sumAlong(box, 1, rx, spare);
  const planes = sumAlong(rows, size[0], ry, rows === box ? spare : box);
  const sum = new Int32Array(at.length);
  const number = new Uint16Array(at.length);
  for (let v = 0; v < at.length; v++) {
    const p = at[v];
    let total = planes[p] - packed[rank[p] - 1];
    for (let r = 1, step = size[0] * size[1]; r <= rz; r++) total += planes[p + r * step] + planes[p - r * step];
    sum[v] = total >> bits;
    number[v] = total & (1 << bits) - 1;
  }
  return { sum, number };
}

/** Sums of each voxel and its `reach` neighbours on both sides along one axis, written into another array; meaningless in the rim. */
function sumAlong(box: Int32Array, stride: number, reach: number, into: Int32Array): Int32Array {
  if (reach === 0) return box;
  for (let p = stride; p < box.length - stride; p++) into[p] = box[p] + box[p - stride] + box[p + stride];
  for (let r = 2; r <= reach; r++) {
    const step = r * stride;
    for (let p = step; p < box.length - step; p++) into[p] += box[p - step] + box[p + step];
  }
  return into;
}

/** Any other set of neighbours, one after the other. */
function stepSums({ rank, at, occupied }: Padded, steps: Int32Array): Surroundings {
  const level = new Float64Array(occupied.length + 1);
  level.set(occupied, 1);
  const sum = new Float64Array(at.length);
  const number = new Uint16Array(at.length);
  for (let v = 0; v < at.length; v++) {
    for (let s = 0; s < steps.length; s++) {
      const before = rank[at[v] + steps[s]], after = rank[at[v] - steps[s]];
      sum[v] += level[before] + level[after];
      number[v] += (before > 0 ? 1 : 0) + (after > 0 ? 1 : 0);
    }
  }
  return { sum, number };
}

function radius(offsets: Int16Array, axis: number): number {
  let most = 0;
  for (let k = axis; k < offsets.length; k += 3) most = Math.max(most, Math.abs(offsets[k]));
  return most;
}
