import { normalCdf } from "./distributions.js";
import { exp } from "./elementary.js";
import type { RankDistribution } from "./wilcoxonDistribution.js";

/**
 * What Kendall's tau needs: score = concordant − discordant pairs, pairs not tied in x and in y, and the variance of the score
 * under independence with ties. O(n log n): sorted by x then y, the discordant pairs are the exchanges of a merge sort by y
 * (Knight, J Am Stat Assoc 1966;61:436).
 */
export function kendallCounts(x: ArrayLike<number>, y: ArrayLike<number>): { score: number; pairs: number; untiedX: number; untiedY: number; variance: number } {
  const n = x.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => x[a] - x[b] || y[a] - y[b]);
  const pairs = n * (n - 1) / 2;
  let tiedBoth = 0;
  const tx: TieSums = { two: 0, three: 0, weighted: 0 };
  const ty: TieSums = { two: 0, three: 0, weighted: 0 };
  for (let i = 0, runX = 1, runBoth = 1; i < n; i++) {
    const more = i + 1 < n && x[order[i + 1]] === x[order[i]];
    if (more && y[order[i + 1]] === y[order[i]]) runBoth++;
    else {
      tiedBoth += runBoth * (runBoth - 1) / 2;
      runBoth = 1;
    }
    if (more) runX++;
    else {
      addRun(tx, runX);
      runX = 1;
    }
  }
  const values = Float64Array.from(order, (i) => y[i]);
  const discordant = exchanges(values);
  for (let i = 0, run = 1; i < n; i++) {
    if (i + 1 < n && values[i + 1] === values[i]) run++;
    else {
      addRun(ty, run);
      run = 1;
    }
  }
  const untiedX = pairs - tx.two / 2;
  const untiedY = pairs - ty.two / 2;
  const score = pairs - tx.two / 2 - ty.two / 2 + tiedBoth - 2 * discordant;
  const v0 = n * (n - 1) * (2 * n + 5);
  const variance = (v0 - tx.weighted - ty.weighted) / 18 + tx.two * ty.two / (2 * n * (n - 1)) +
    (n > 2 ? tx.three * ty.three / (9 * n * (n - 1) * (n - 2)) : 0);
  return { score, pairs, untiedX, untiedY, variance };
}

/** Σ t(t − 1), Σ t(t − 1)(t − 2) and Σ t(t − 1)(2t + 5) over runs of t equal values. */
type TieSums = { two: number; three: number; weighted: number };

function addRun(sums: TieSums, t: number): void {
  sums.two += t * (t - 1);
  sums.three += t * (t - 1) * (t - 2);
  sums.weighted += t * (t - 1) * (2 * t + 5);
}

/** Sorts the values in place by merging; returns the number of pairs that stood in falling order. */
function exchanges(values: Float64Array): number {
  const n = values.length;
  let from: Float64Array = values;
  let to: Float64Array = new Float64Array(n);
  let count = 0;
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(n, start + width);
      const end = Math.min(n, start + 2 * width);
      for (let i = start, j = middle, k = start; k < end; k++) {
        if (j >= end || (i < middle && from[i] <= from[j])) to[k] = from[i++];
        else {
          count += middle - i;
          to[k] = from[j++];
        }
      }
    }
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from);
  return count;
}

const inversions = new Map<number, RankDistribution>();

/** Law of the number of concordant pairs of n untied values: that of inversions of a random permutation. */
export function kendallDistribution(n: number): RankDistribution {
  const known = inversions.get(n);
  if (known !== undefined) return known;
  const top = n * (n - 1) / 2;
  let p = new Float64Array(top + 1);
  p[0] = 1;
  for (let k = 2; k <= n; k++) {
    // the k-th value brings 0 … k − 1 more, each with probability 1/k; upper half by symmetry, where sums from below lose digits
    const next = new Float64Array(top + 1);
    const reach = k * (k - 1) / 2;
    let window = 0;
    for (let s = 0; s <= reach >> 1; s++) {
      window += p[s];
      if (s >= k) window -= p[s - k];
      next[s] = next[reach - s] = window / k;
    }
    p = next;
  }
  const law = { counts: p, total: 1 };
  inversions.set(n, law);
  return law;
}

const squaredDistances = new Map<number, Float64Array>();

/** P(S >= s) of Spearman's S = Σ d² without ties: exact up to n = 9, else the Edgeworth series of AS 89 (Best & Roberts 1975). */
export function spearmanTail(s: number, n: number): number {
  const most = n * (n * n - 1) / 3;
  if (s <= 0) return 1;
  if (s > most) return 0;
  if (n <= 9) {
    const counts = squaredDistanceCounts(n);
    let hits = 0, total = 0;
    for (let k = 0; k < counts.length; k++) {
      total += counts[k];
      if (k >= s) hits += counts[k];
    }
    return hits / total;
  }
  const b = 1 / n;
  const x = (6 * (s - 1) * b / (n * n - 1) - 1) * Math.sqrt(1 / b - 1);
  const y = x * x;
  const u = x * b * (0.2274 + b * (0.2531 + 0.1745 * b) + y * (-0.0758 + b * (0.1033 + 0.3932 * b) -
    y * b * (0.0879 + 0.0151 * b - y * (0.0072 - 0.0831 * b + y * b * (0.0131 - 4.6e-4 * y)))));
  return Math.max(0, Math.min(1, u / exp(y / 2) + normalCdf(x, { upper: true })));
}

/** Numbers of permutations of n by Σ (i − π(i))², one place after the other over the sets of values used. */
function squaredDistanceCounts(n: number): Float64Array {
  const known = squaredDistances.get(n);
  if (known !== undefined) return known;
  const most = n * (n * n - 1) / 3;
  const ways: Float64Array[] = Array.from({ length: 1 << n }, () => new Float64Array(most + 1));
  ways[0][0] = 1;
  for (let used = 0; used < 1 << n; used++) {
    let place = 0;
    for (let bits = used; bits > 0; bits >>= 1) place += bits & 1;
    for (let value = 0; value < n; value++) {
      if (used & (1 << value)) continue;
      const d = (place - value) * (place - value);
      const to = ways[used | (1 << value)];
      const from = ways[used];
      for (let s = 0; s + d <= most; s++) to[s + d] += from[s];
    }
  }
  const counts = ways[(1 << n) - 1];
  squaredDistances.set(n, counts);
  return counts;
}
