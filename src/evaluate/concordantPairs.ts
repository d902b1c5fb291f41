import { order } from "../math/index.js";
import { membersBySlot, timeGrid, type FollowUp } from "./followUp.js";

export type TimeWeight = "n" | "n/G2" | "S" | "S/G" | "I";

/** Weighted pairs by their agreement, in all, and for each patient the weight of the others it forms such pairs with (as either member). */
export type PairSums = {
  concordant: number; discordant: number; tiedPredictor: number; tiedTime: number; tiedBoth: number;
  concordantOf: Float64Array; discordantOf: Float64Array; tiedOf: Float64Array;
};

/**
 * All comparable pairs in O(n log n): once downwards in time, where each event meets the ranks of those who live longer, and once
 * upwards, where each patient meets the (time-weighted) events before it; both with a binary indexed tree over the predictor's ranks.
 * `censoredLater`: a patient censored at the very time of an event counts as living longer (survival), or the pair is left out (survcomp).
 */
export function concordantPairs(data: FollowUp, predictor: ArrayLike<number>, weights: ArrayLike<number>, timeWeight: TimeWeight, tau: number, censoredLater: boolean): PairSums {
  const n = weights.length;
  const grid = timeGrid(data.time);
  const { start, member } = membersBySlot(grid);
  const { rank, levels } = ranksOf(predictor);
  const byTime = timeWeights(data, weights, grid.times, start, member, timeWeight, tau);
  const concordantOf = new Float64Array(n);
  const discordantOf = new Float64Array(n);
  const tiedOf = new Float64Array(n);
  const sums = { concordant: 0, discordant: 0, tiedPredictor: 0, tiedTime: 0, tiedBoth: 0 };

  let tree = fenwick(levels);
  for (let k = grid.times.length - 1; k >= 0; k--) {
    const k1 = start[k + 1];
    if (censoredLater) for (let q = start[k]; q < k1; q++) if (data.event[member[q]] === 0) tree.add(rank[member[q]], weights[member[q]]);
    if (byTime[k] > 0) {
      let [dead, squares] = [0, 0];
      const atRank: [number, number][] = [];
      for (let q = start[k]; q < k1; q++) {
        const i = member[q];
        if (data.event[i] !== 1) continue;
        const below = tree.below(rank[i]);
        const same = tree.at(rank[i]);
        const above = tree.total - below - same;
        concordantOf[i] = byTime[k] * below;
        discordantOf[i] = byTime[k] * above;
        tiedOf[i] = byTime[k] * same;
        sums.concordant += weights[i] * concordantOf[i];
        sums.discordant += weights[i] * discordantOf[i];
        sums.tiedPredictor += weights[i] * tiedOf[i];
        dead += weights[i];
        squares += weights[i] * weights[i];
        atRank.push([rank[i], weights[i]]);
      }
      if (atRank.length > 1) {
        const both = pairsWithin(atRank);
        sums.tiedBoth += byTime[k] * both;
        sums.tiedTime += byTime[k] * ((dead * dead - squares) / 2 - both);
      }
    }
    for (let q = start[k]; q < k1; q++) if (!censoredLater || data.event[member[q]] === 1) tree.add(rank[member[q]], weights[member[q]]);
  }

  tree = fenwick(levels);
  for (let k = 0; k < grid.times.length; k++) {
    const meet = (i: number) => {
      const below = tree.below(rank[i]);
      const same = tree.at(rank[i]);
      concordantOf[i] += tree.total - below - same;
      discordantOf[i] += below;
      tiedOf[i] += same;
    };
    for (let q = start[k]; q < start[k + 1]; q++) if (data.event[member[q]] === 1 || !censoredLater) meet(member[q]);
    if (byTime[k] > 0) for (let q = start[k]; q < start[k + 1]; q++) if (data.event[member[q]] === 1) tree.add(rank[member[q]], weights[member[q]] * byTime[k]);
    if (censoredLater) for (let q = start[k]; q < start[k + 1]; q++) if (data.event[member[q]] === 0) meet(member[q]);
  }
  return { ...sums, concordantOf, discordantOf, tiedOf };
}

/** Weight of an event's pairs at each time; 0 beyond tau. Numbers at risk include those who leave at the time. */
function timeWeights(data: FollowUp, weights: ArrayLike<number>, times: Float64Array, start: Int32Array, member: Int32Array, kind: TimeWeight, tau: number): Float64Array {
  const out = new Float64Array(times.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i];
  let [left, survival, censoring] = [total, 1, 1]; // S and G just before the time
  for (let k = 0; k < times.length; k++) {
    let [dead, gone] = [0, 0];
    for (let q = start[k]; q < start[k + 1]; q++) {
      gone += weights[member[q]];
      if (data.event[member[q]] === 1) dead += weights[member[q]];
    }
    if (times[k] <= tau && left > 0) {
      out[k] = kind === "n" ? 1 : kind === "n/G2" ? 1 / (censoring * censoring) : kind === "S" ? (total * survival) / left : kind === "S/G" ? (total * survival) / censoring / left : 1 / left;
    }
    if (dead > 0) survival *= (left - dead) / left;
    if (gone > dead) censoring *= Math.max(0, left - gone) / (left - dead);
    left -= gone;
  }
  return out;
}

/** Σ over pairs of equal rank of wᵢ wⱼ. */
function pairsWithin(atRank: [number, number][]): number {
  atRank.sort((a, b) => a[0] - b[0]);
  let sum = 0;
  let earlier = 0;
  atRank.forEach(([r, w], q) => {
    earlier = q > 0 && atRank[q - 1][0] === r ? earlier + atRank[q - 1][1] : 0;
    sum += w * earlier;
  });
  return sum;
}

/** Rank 1 … levels of each value, equal values sharing one. */
export function ranksOf(values: ArrayLike<number>): { rank: Int32Array; levels: number } {
  const n = values.length;
  const by = order(values);
  const rank = new Int32Array(n);
  let levels = 0;
  for (let k = 0; k < n; k++) {
    if (k === 0 || values[by[k]] !== values[by[k - 1]]) levels++;
    rank[by[k]] = levels;
  }
  return { rank, levels };
}

/** Sums of weights over ranks 1 … n (Fenwick, Softw Pract Exp 1994;24:327). */
type Fenwick = { add(rank: number, w: number): void; below(rank: number): number; at(rank: number): number; total: number };
function fenwick(levels: number): Fenwick {
  const sums = new Float64Array(levels + 1);
  const each = new Float64Array(levels + 1);
  const tree: Fenwick = {
    total: 0,
    add(rank, w) {
      tree.total += w;
      each[rank] += w;
      for (let i = rank; i <= levels; i += i & -i) sums[i] += w;
    },
    below(rank) {
      let s = 0;
      for (let i = rank - 1; i > 0; i -= i & -i) s += sums[i];
      return s;
    },
    at: (rank) => each[rank],
  };
  return tree;
}
