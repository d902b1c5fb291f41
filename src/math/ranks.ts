/** Midranks (1 … n, ties share the mean of their ranks) and the tie term Σ (t³ − t) over runs of equal values. */
export type Ranks = { ranks: Float64Array; ties: number };

/**
 * Midranks of finite values in O(n log n), as R's rank(): sorted once, each value finds its run by bisection. −0 equals 0.
 */
export function midranks(values: ArrayLike<number>): Ranks {
  const n = values.length;
  const sorted = Float64Array.from(values).sort();
  const distinct = new Float64Array(n);
  const rank = new Float64Array(n);
  let runs = 0;
  let ties = 0;
  for (let i = 0; i < n; ) {
    let j = i + 1;
    while (j < n && sorted[j] === sorted[i]) j++;
    const t = j - i;
    ties += (t * t - 1) * t;
    distinct[runs] = sorted[i];
    rank[runs++] = (i + j + 1) / 2;
    i = j;
  }
  const ranks = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let low = 0;
    let high = runs - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (distinct[middle] < values[i]) low = middle + 1;
      else high = middle;
    }
    ranks[i] = rank[low];
  }
  return { ranks, ties };
}
