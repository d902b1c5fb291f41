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
 * Without `byPatient` only the sums are meant; the arrays then tell of events alone.
 */
export function concordantPairs(data: FollowUp, predictor: ArrayLike<number>, weights: ArrayLike<number>, timeWeight: TimeWeight, tau: number, censoredLater: boolean, byPatient = true): PairSums {
  const n = weights.length;
  const grid = timeGrid(data.time);
  const { start, member } = membersBySlot(grid);
  const { rank, levels } = ranksOf(predictor);
  const { times } = grid;
  const byTime = timeWeights(data, weights, times, start, member, timeWeight, tau);
  const concordantOf = new Float64Array(n);
  const discordantOf = new Float64Array(n);
  const tiedOf = new Float64Array(n);
  const all: Pass = { member, rank, event: data.event, weights, at: new Float64Array(levels + 1), below: new Float64Array(levels + 1), concordantOf, discordantOf, tiedOf };
  const sums = { concordant: 0, discordant: 0, tiedPredictor: 0, tiedTime: 0, tiedBoth: 0 };

  for (let k = times.length - 1; k >= 0; k--) {
    const k0 = start[k];
    const k1 = start[k + 1];
    if (censoredLater) enter(all, 0, 1, k0, k1);
    if (byTime[k] > 0) {
      const deaths = meetLonger(all, byTime[k], k0, k1);
      if (deaths > 1) addTies(sums, all, byTime[k], k0, k1);
    }
    enter(all, 1, 1, k0, k1);
    if (!censoredLater) enter(all, 0, 1, k0, k1);
  }
  for (let i = 0; i < n; i++) {
    sums.concordant += weights[i] * concordantOf[i];
    sums.discordant += weights[i] * discordantOf[i];
    sums.tiedPredictor += weights[i] * tiedOf[i];
  }
  if (!byPatient) return { ...sums, concordantOf, discordantOf, tiedOf };

  all.at.fill(0);
  all.below.fill(0);
  for (let k = 0; k < times.length; k++) {
    const k0 = start[k];
    const k1 = start[k + 1];
    // those censored at the time itself meet its events too, where they count as living longer
    meetEarlier(all, 1, k0, k1);
    if (!censoredLater) meetEarlier(all, 0, k0, k1);
    if (byTime[k] > 0) enter(all, 1, byTime[k], k0, k1);
    if (censoredLater) meetEarlier(all, 0, k0, k1);
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

/** Pairs of events at one time, places from … to − 1. */
function addTies(sums: { tiedTime: number; tiedBoth: number }, { member, rank, event, weights }: Pass, share: number, from: number, to: number): void {
  const dead: number[] = [];
  let total = 0;
  let squares = 0;
  for (let q = from; q < to; q++) {
    const i = member[q];
    if (event[i] !== 1) continue;
    dead.push(i);
    total += weights[i];
    squares += weights[i] * weights[i];
  }
  dead.sort((a, b) => rank[a] - rank[b]);
  let both = 0;
  let earlier = 0;
  for (let k = 1; k < dead.length; k++) {
    earlier = rank[dead[k]] === rank[dead[k - 1]] ? earlier + weights[dead[k - 1]] : 0;
    both += weights[dead[k]] * earlier;
  }
  sums.tiedBoth += share * both;
  sums.tiedTime += share * ((total * total - squares) / 2 - both);
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

/**
 * Patients in the order of time, and those entered so far: their weight at each rank 1 … levels, and its sums in a binary indexed tree
 * (Fenwick, Softw Pract Exp 1994;24:327); below[0] is the total.
 */
type Pass = {
  member: Int32Array; rank: Int32Array; event: ArrayLike<number>; weights: ArrayLike<number>; at: Float64Array; below: Float64Array;
  concordantOf: Float64Array; discordantOf: Float64Array; tiedOf: Float64Array;
};

/** Enters those of places from … to − 1 with the event or without (`dead`), their weight times `share`. */
function enter({ member, rank, event, weights, at, below }: Pass, dead: number, share: number, from: number, to: number): void {
  const end = below.length;
  for (let q = from; q < to; q++) {
    const i = member[q];
    if (event[i] !== dead) continue;
    const w = weights[i] * share;
    at[rank[i]] += w;
    below[0] += w;
    for (let r = rank[i]; r < end; r += r & -r) below[r] += w;
  }
}

/** Each event of the places meets the ranks of those who live longer; returns the number of events. */
function meetLonger({ member, rank, event, at, below, concordantOf, discordantOf, tiedOf }: Pass, share: number, from: number, to: number): number {
  let deaths = 0;
  for (let q = from; q < to; q++) {
    const i = member[q];
    if (event[i] !== 1) continue;
    let under = 0;
    for (let r = rank[i] - 1; r > 0; r -= r & -r) under += below[r];
    const same = at[rank[i]];
    concordantOf[i] = share * under;
    discordantOf[i] = share * (below[0] - under - same);
    tiedOf[i] = share * same;
    deaths++;
  }
  return deaths;
}

/** Each of the places, with the event or without (`dead`), meets the (time-weighted) events before it. */
function meetEarlier({ member, rank, event, at, below, concordantOf, discordantOf, tiedOf }: Pass, dead: number, from: number, to: number): void {
  for (let q = from; q < to; q++) {
    const i = member[q];
    if (event[i] !== dead) continue;
    let under = 0;
    for (let r = rank[i] - 1; r > 0; r -= r & -r) under += below[r];
    const same = at[rank[i]];
    concordantOf[i] += below[0] - under - same;
    discordantOf[i] += under;
    tiedOf[i] += same;
  }
}
