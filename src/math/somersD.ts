import { order } from "./sort.js";

/**
 * Somers' D of right-censored survival given a predictor, 2C − 1 with Harrell's C: of the pairs whose order in time is known (an event
 * against follow-up beyond it, or censored at its time) the share with the higher predictor earlier less the share with the lower, predictor ties
 * counting for neither. Somers, Am Sociol Rev 1962;27:799; Harrell et al., JAMA 1982;247:2543. Agrees with R survival::concordance
 * (2C − 1, reverse = TRUE). O(n log n). Evaluate's `concordance` has weights, strata and standard errors. Returns a function of the
 * predictor, so that many share the sorting. NaN where no pair is comparable. Trusts its input.
 */
export function survivalSomersD(time: ArrayLike<number>, event: ArrayLike<number>): (predictor: ArrayLike<number>) => number {
  const n = time.length;
  const rising = order(time);
  return (predictor) => {
    const byPredictor = order(predictor);
    const rank = new Int32Array(n);
    let ranks = 0;
    for (let k = 0; k < n; k++) {
      if (k === 0 || predictor[byPredictor[k]] !== predictor[byPredictor[k - 1]]) ranks++;
      rank[byPredictor[k]] = ranks;
    }
    // Fenwick's tree: how many of those followed up longer have a rank up to r
    const tree = new Int32Array(ranks + 1);
    const upTo = (r: number) => {
      let sum = 0;
      for (; r > 0; r -= r & -r) sum += tree[r];
      return sum;
    };
    let inside = 0, difference = 0, pairs = 0;
    const enter = (i: number) => {
      for (let r = rank[i]; r <= ranks; r += r & -r) tree[r]++;
      inside++;
    };
    for (let k = n - 1; k >= 0; ) {
      const end = k;
      const t = time[rising[k]];
      for (; k >= 0 && time[rising[k]] === t; k--) if (event[rising[k]] === 0) enter(rising[k]);
      for (let a = end; a > k; a--) {
        const i = rising[a];
        if (event[i] === 0) continue;
        const lower = upTo(rank[i] - 1);
        difference += lower - (inside - upTo(rank[i]));
        pairs += inside;
      }
      for (let a = end; a > k; a--) if (event[rising[a]] === 1) enter(rising[a]);
    }
    return pairs > 0 ? difference / pairs : NaN;
  };
}
