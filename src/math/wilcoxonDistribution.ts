/** Numbers of outcomes by value of a rank statistic: counts[w] of `total` equally likely ones; symmetric about (length − 1) / 2. */
export type RankDistribution = { counts: Float64Array; total: number };

const rankSums = new Map<number, RankDistribution>();
const signedRanks = new Map<number, RankDistribution>();

/**
 * Mann–Whitney's U (R's W) for group sizes m and n without ties: the number of subsets of m ranks among m + n with each sum,
 * by adding one rank at a time (only sums, thus no cancellation). Mann & Whitney, Ann Math Stat 1947;18:50.
 */
export function rankSumDistribution(m: number, n: number): RankDistribution {
  const k = Math.min(m, n);
  const key = k * 65536 + Math.max(m, n);
  const known = rankSums.get(key);
  if (known !== undefined) return known;
  const top = m * n;
  const half = top >> 1;
  // ways[j][u]: j of the ranks seen so far are taken, their sum exceeds the smallest possible j(j + 1)/2 by u
  const ways = Array.from({ length: k + 1 }, () => new Float64Array(half + 1));
  ways[0][0] = 1;
  for (let rank = 1; rank <= m + n; rank++) {
    for (let j = Math.min(k, rank); j >= 1; j--) {
      const more = rank - j;
      const from = ways[j - 1];
      const to = ways[j];
      for (let u = half; u >= more; u--) to[u] += from[u - more];
    }
  }
  const counts = new Float64Array(top + 1);
  for (let u = 0; u <= top; u++) counts[u] = ways[k][Math.min(u, top - u)];
  return kept(rankSums, key, counts);
}

/** Wilcoxon's V of n pairs without zeros and ties: the number of subsets of the ranks 1 … n with each sum. */
export function signedRankDistribution(n: number): RankDistribution {
  const known = signedRanks.get(n);
  if (known !== undefined) return known;
  const counts = new Float64Array(n * (n + 1) / 2 + 1);
  counts[0] = 1;
  for (let rank = 1, top = 0; rank <= n; rank++) {
    top += rank;
    for (let v = top; v >= rank; v--) counts[v] += counts[v - rank];
  }
  return kept(signedRanks, n, counts);
}

function kept(store: Map<number, RankDistribution>, key: number, counts: Float64Array): RankDistribution {
  let total = 0;
  for (const c of counts) total += c;
  const distribution = { counts, total };
  store.set(key, distribution);
  return distribution;
}

/** P(value <= w); the upper tail is P(value >= w) = atMost(length − 1 − w) by symmetry. */
export function atMost({ counts, total }: RankDistribution, w: number): number {
  const top = counts.length - 1;
  if (w < 0) return 0;
  if (w >= top) return 1;
  let sum = 0;
  if (w <= top / 2) {
    for (let v = 0; v <= w; v++) sum += counts[v];
    return sum / total;
  }
  for (let v = 0; v < top - w; v++) sum += counts[v];
  return 1 - sum / total;
}

/** Smallest w with P(value <= w) >= p. */
export function quantileOf({ counts, total }: RankDistribution, p: number): number {
  let sum = 0;
  for (let w = 0; w < counts.length; w++) {
    sum += counts[w];
    if (sum / total >= p * (1 - 64 * Number.EPSILON)) return w;
  }
  return counts.length - 1;
}
