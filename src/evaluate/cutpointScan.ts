import { chiSquaredCdf, InputError } from "../math/index.js";
import { membersBySlot, timeGrid, type FollowUp } from "./followUp.js";

/** What a scan over cuts needs of the follow-up, by patient in ascending order of the marker. */
export type LogRankTerms = {
  /** event − Nelson–Aalen hazard at the own time: sums over a group are observed − expected */
  excess: Float64Array;
  /** Σ_{t ≤ T} c_t/n_t and the place of T among the event times; c_t = d(n − d)/(n − 1) */
  linear: Float64Array; place: Int32Array;
  /** by place: Σ_{s ≤ t} c_s/n_s² */
  square: Float64Array;
};

/** O(n log n) preparation, from `rows` = patients in ascending order of the marker. */
export function logRankTerms(data: FollowUp, rows: ArrayLike<number>): LogRankTerms {
  const n = rows.length;
  const { time, event } = takeRows(data, rows);
  const grid = timeGrid(time);
  const { start, member } = membersBySlot(grid);
  const m = grid.times.length;
  const excess = new Float64Array(n);
  const linear = new Float64Array(n);
  const square = new Float64Array(m);
  let [hazard, a, b] = [0, 0, 0];
  for (let k = 0; k < m; k++) {
    const left = n - start[k];
    let d = 0;
    for (let q = start[k]; q < start[k + 1]; q++) d += event[member[q]];
    if (d > 0) {
      hazard += d / left;
      const c = left > 1 ? (d * (left - d)) / (left - 1) : 0;
      a += c / left;
      b += c / left / left;
    }
    square[k] = b;
    for (let q = start[k]; q < start[k + 1]; q++) {
      excess[member[q]] = event[member[q]] - hazard;
      linear[member[q]] = a;
    }
  }
  return { excess, linear, place: grid.slot, square };
}

function takeRows(data: FollowUp, rows: ArrayLike<number>): { time: Float64Array; event: Uint8Array } {
  const time = new Float64Array(rows.length);
  const event = new Uint8Array(rows.length);
  for (let k = 0; k < rows.length; k++) {
    time[k] = data.time[rows[k]];
    event[k] = data.event[rows[k]];
  }
  return { time, event };
}

/**
 * Log-rank numerator u and variance v of "the first k patients against the rest" for every k = 1 … n − 1 (index k − 1), in O(n log n) in all:
 * u is a running sum, and v = Σ linear − Σ_{i,j in group} square(min(Tᵢ, Tⱼ)) grows by one patient with two binary indexed sums.
 */
export function scanFromBelow(terms: LogRankTerms): { u: Float64Array; v: Float64Array } {
  const n = terms.excess.length;
  const m = terms.square.length;
  const u = new Float64Array(Math.max(0, n - 1));
  const v = new Float64Array(u.length);
  const counts = new Int32Array(m + 1);
  const squares = new Float64Array(m + 1);
  const { excess, linear, place, square } = terms;
  let [sum, expected, pairs] = [0, 0, 0];
  for (let k = 0; k < n - 1; k++) {
    const at = place[k];
    const own = square[at];
    let [earlier, weight] = [0, 0];
    for (let i = at; i > 0; i -= i & -i) {
      earlier += counts[i];
      weight += squares[i];
    }
    pairs += own + 2 * (weight + own * (k - earlier));
    for (let i = at + 1; i <= m; i += i & -i) {
      counts[i]++;
      squares[i] += own;
    }
    sum += excess[k];
    expected += linear[k];
    u[k] = sum;
    v[k] = expected - pairs;
  }
  return { u, v };
}

/** χ² from u and v; 0 where the group never shares a risk set with the rest. */
export function chisqOf(u: number, v: number): number {
  return v > 1e-10 ? (u * u) / v : 0;
}

/** Places k (group = the first k of the ascending marker) after which the marker changes and both sides keep at least `least` patients. */
export function cutPlaces(sorted: ArrayLike<number>, least: number): Int32Array {
  const n = sorted.length;
  const places = new Int32Array(n);
  let count = 0;
  for (let k = Math.max(1, least); k <= n - Math.max(1, least); k++) if (sorted[k - 1] !== sorted[k]) places[count++] = k;
  return places.slice(0, count);
}

/** Smallest whole number of patients that is at least the share `minimum` of n. */
export function leastGroup(who: string, minimum: number, n: number): number {
  if (!(minimum > 0 && minimum < 0.5)) throw new InputError(`${who}: minimum is ${minimum}; the smallest group must be a share of the patients between 0 and 0.5, for example 0.1.`);
  return Math.max(1, Math.ceil(minimum * n - 1e-9));
}

const upper = { upper: true };
/** Upper tail of χ² on 1 df, NaN for NaN. */
export const p1 = (chisq: number): number => chiSquaredCdf(chisq, 1, upper);
