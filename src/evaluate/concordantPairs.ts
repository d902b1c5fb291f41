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
 * Without `byPatient` only the sums are made, and the arrays are empty.
 */
export function concordantPairs(data: FollowUp, predictor: ArrayLike<number>, weights: ArrayLike<number>, timeWeight: TimeWeight, tau: number, censoredLater: boolean, byPatient = true): PairSums {
  const grid = timeGrid(data.time);
  const { start, member } = membersBySlot(grid);
  const all = inTimeOrder(data, predictor, weights, start, member);
  const { weight, concordant, discordant, tied, middle } = all;
  const byTime = timeWeights(all, grid.times, start, timeWeight, tau);
  const sums = { concordant: 0, discordant: 0, tiedPredictor: 0, tiedTime: 0, tiedBoth: 0 };
  for (let k = byTime.length - 1; k >= 0; k--) {
    if (censoredLater) enter(all, 1, middle[k], start[k + 1]);
    if (byTime[k] > 0) meetLonger(all, byTime[k], start[k], middle[k]);
    enterEvents(sums, all, byTime[k], start[k], middle[k]);
    if (!censoredLater) enter(all, 1, middle[k], start[k + 1]);
  }
  for (let q = 0; q < weight.length; q++) {
    sums.concordant += weight[q] * concordant[q];
    sums.discordant += weight[q] * discordant[q];
    sums.tiedPredictor += weight[q] * tied[q];
  }
  if (!byPatient) return { ...sums, concordantOf: new Float64Array(0), discordantOf: new Float64Array(0), tiedOf: new Float64Array(0) };

  all.at.fill(0);
  all.below.fill(0);
  for (let k = 0; k < byTime.length; k++) {
    // those censored at the time itself meet its events too, where they count as living longer
    meetEarlier(all, start[k], censoredLater ? middle[k] : start[k + 1]);
    if (byTime[k] > 0) enter(all, byTime[k], start[k], middle[k]);
    if (censoredLater) meetEarlier(all, middle[k], start[k + 1]);
  }
  return { ...sums, concordantOf: asGiven(concordant, all.member), discordantOf: asGiven(discordant, all.member), tiedOf: asGiven(tied, all.member) };
}

/** Weight of an event's pairs at each time; 0 beyond tau. Numbers at risk include those who leave at the time. */
function timeWeights({ weight, middle }: Pass, times: Float64Array, start: Int32Array, kind: TimeWeight, tau: number): Float64Array {
  const out = new Float64Array(times.length);
  let total = 0;
  for (let q = 0; q < weight.length; q++) total += weight[q];
  let left = total;
  let survival = 1; // S and G just before the time
  let censoring = 1;
  for (let k = 0; k < times.length; k++) {
    let dead = 0;
    for (let q = start[k]; q < middle[k]; q++) dead += weight[q];
    let gone = dead;
    for (let q = middle[k]; q < start[k + 1]; q++) gone += weight[q];
    if (times[k] <= tau && left > 0) {
      out[k] = kind === "n" ? 1 : kind === "n/G2" ? 1 / (censoring * censoring) : kind === "S" ? (total * survival) / left : kind === "S/G" ? (total * survival) / censoring / left : 1 / left;
    }
    if (dead > 0) survival *= (left - dead) / left;
    if (gone > dead) censoring *= Math.max(0, left - gone) / (left - dead);
    left -= gone;
  }
  return out;
}

/** Rank 0 … levels − 1 of each value, equal values sharing one. */
function ranksOf(values: ArrayLike<number>): { rank: Int32Array; levels: number } {
  const n = values.length;
  const by = order(values);
  const rank = new Int32Array(n);
  let last = -1;
  let before = NaN;
  for (let k = 0; k < n; k++) {
    const here = values[by[k]];
    if (here !== before) last++;
    rank[by[k]] = last;
    before = here;
  }
  return { rank, levels: last + 1 };
}

/** Ranks come in blocks of so many (a power of 2): the tree over blocks stays in the nearest cache, where one over 1e5 ranks would not. */
const SHIFT = 4;

/**
 * Patients in the order of time (`member`), at a time events first (up to `middle`), so that all but the tree is read in order; and those
 * entered so far: their weight at each rank, and the sums of the blocks of ranks in a binary indexed tree (Fenwick, Softw Pract Exp
 * 1994;24:327); below[0] is the total.
 */
type Pass = {
  member: Int32Array; middle: Int32Array; rank: Int32Array; weight: Float64Array; at: Float64Array; below: Float64Array;
  concordant: Float64Array; discordant: Float64Array; tied: Float64Array;
};

function inTimeOrder({ event }: FollowUp, predictor: ArrayLike<number>, weights: ArrayLike<number>, start: Int32Array, given: Int32Array): Pass {
  const n = given.length;
  const { rank, levels } = ranksOf(predictor);
  const { member, middle } = eventsFirst(event, start, given);
  const pass: Pass = {
    member, middle, rank: new Int32Array(n), weight: new Float64Array(n),
    at: new Float64Array(levels), below: new Float64Array(((levels - 1) >> SHIFT) + 2),
    concordant: new Float64Array(n), discordant: new Float64Array(n), tied: new Float64Array(n),
  };
  for (let q = 0; q < n; q++) {
    pass.rank[q] = rank[member[q]];
    pass.weight[q] = weights[member[q]];
  }
  return pass;
}

function eventsFirst(event: ArrayLike<number>, start: Int32Array, given: Int32Array): { member: Int32Array; middle: Int32Array } {
  const member = new Int32Array(given.length);
  const middle = new Int32Array(start.length - 1);
  for (let k = 0; k < middle.length; k++) {
    let to = start[k];
    for (let q = start[k]; q < start[k + 1]; q++) if (event[given[q]] === 1) member[to++] = given[q];
    middle[k] = to;
    for (let q = start[k]; q < start[k + 1]; q++) if (event[given[q]] !== 1) member[to++] = given[q];
  }
  return { member, middle };
}

function asGiven(values: Float64Array, member: Int32Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let q = 0; q < member.length; q++) out[member[q]] = values[q];
  return out;
}

/** Enters those of places from … to − 1, their weight times `share`. */
function enter({ rank, weight, at, below }: Pass, share: number, from: number, to: number): void {
  const end = below.length;
  for (let q = from; q < to; q++) {
    const w = weight[q] * share;
    at[rank[q]] += w;
    below[0] += w;
    for (let b = (rank[q] >> SHIFT) + 1; b < end; b += b & -b) below[b] += w;
  }
}

/** Weight entered at the ranks below r. */
function under(at: Float64Array, below: Float64Array, r: number): number {
  let sum = 0;
  for (let k = (r >> SHIFT) << SHIFT; k < r; k++) sum += at[k];
  for (let b = r >> SHIFT; b > 0; b -= b & -b) sum += below[b];
  return sum;
}

/** Each event of the places meets the ranks of those who live longer; `tied` is not yet times the share. */
function meetLonger({ rank, at, below, concordant, discordant, tied }: Pass, share: number, from: number, to: number): void {
  for (let q = from; q < to; q++) {
    const lower = under(at, below, rank[q]);
    const same = at[rank[q]];
    concordant[q] = share * lower;
    discordant[q] = share * (below[0] - lower - same);
    tied[q] = same;
  }
}

/** Enters the events of one time, and counts their pairs: what their rank holds more than when they met those who live longer is of this time. */
function enterEvents(sums: { tiedTime: number; tiedBoth: number }, pass: Pass, share: number, from: number, to: number): void {
  const { rank, weight, at, tied } = pass;
  let total = 0;
  let squares = 0;
  let both = 0;
  for (let q = from; q < to; q++) {
    const w = weight[q];
    total += w;
    squares += w * w;
    both += w * (at[rank[q]] - tied[q]);
    tied[q] *= share;
    enter(pass, 1, q, q + 1);
  }
  sums.tiedBoth += share * both;
  sums.tiedTime += share * ((total * total - squares) / 2 - both);
}

/** Each of the places meets the (time-weighted) events before it. */
function meetEarlier({ rank, at, below, concordant, discordant, tied }: Pass, from: number, to: number): void {
  for (let q = from; q < to; q++) {
    const lower = under(at, below, rank[q]);
    const same = at[rank[q]];
    concordant[q] += below[0] - lower - same;
    discordant[q] += lower;
    tied[q] += same;
  }
}
