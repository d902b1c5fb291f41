import { InputError } from "./check.js";

/** R's names; "fdr" is "BH". The methods that `adjustP` knows, by R's names of p.adjust. */
export const adjustments = ["holm", "hochberg", "hommel", "bonferroni", "BH", "BY", "fdr", "none"] as const;
export type Adjustment = (typeof adjustments)[number];

/** Throws where a p-value is no number in 0 … 1 (NaN passes: a test that could not be done). */
export function probabilities(p: ArrayLike<number>, who: string): void {
  for (let i = 0; i < p.length; i++) {
    if (p[i] < 0 || p[i] > 1) throw new InputError(`${who}: p-value ${i + 1} is ${p[i]}, expected a number from 0 to 1.`);
  }
}

/**
 * Adjusted p-values in the order given. Family-wise: bonferroni, holm (Scand J Stat 1979;6:65), hochberg (Biometrika 1988;75:800),
 * hommel (Biometrika 1988;75:383). False discovery rate: BH (Benjamini & Hochberg 1995), BY (Benjamini & Yekutieli 2001).
 * NaN stays NaN and does not count. Agrees with R stats::p.adjust. O(m log m), hommel O(m²).
 *
 * @param p     m p-values
 * @param count size of the family where it is larger than the values given (tests not listed)
 * @throws InputError on p outside 0 … 1, an unknown method, a count that is not whole or below the p-values known
 */
export function adjustP(p: ArrayLike<number>, method: Adjustment, count?: number): Float64Array {
  probabilities(p, "p-value adjustment");
  if (!adjustments.includes(method)) throw new InputError(`p-value adjustment: method "${String(method)}", expected one of ${adjustments.join(", ")}.`);
  const known = Int32Array.from(Array.from(p, (_, i) => i).filter((i) => !Number.isNaN(p[i]))).sort((a, b) => p[a] - p[b] || a - b);
  const m = known.length;
  const n = count ?? m;
  if (!(Number.isInteger(n) && n >= m)) throw new InputError(`p-value adjustment: family of ${n} with ${m} p-values, expected a whole number not below ${m}.`);
  const sorted = Float64Array.from(known, (i) => p[i]);
  const adjusted = n <= 1 ? sorted : adjustSorted(sorted, method, n);
  const result = new Float64Array(p.length).fill(NaN);
  known.forEach((i, k) => (result[i] = adjusted[k]));
  return result;
}

/** Ascending p-values; n is the size of the family. */
function adjustSorted(p: Float64Array, method: Adjustment, n: number): Float64Array {
  switch (method) {
    case "none": return p;
    case "bonferroni": return p.map((value) => Math.min(1, n * value));
    case "holm": return rising(p.map((value, i) => (n - i) * value));
    case "hochberg": return falling(p.map((value, i) => (n - i) * value));
    case "BH": case "fdr": return falling(p.map((value, i) => n / (i + 1) * value));
    case "BY": {
      let harmonic = 0;
      for (let i = 1; i <= n; i++) harmonic += 1 / i;
      return falling(p.map((value, i) => harmonic * n / (i + 1) * value));
    }
    case "hommel": return hommel(p, n);
  }
}

/** Running maximum from the smallest p on, at most 1. */
function rising(values: Float64Array): Float64Array {
  for (let i = 0, most = 0; i < values.length; i++) values[i] = most = Math.max(most, Math.min(1, values[i]));
  return values;
}

/** Running minimum from the largest p down, at most 1. */
function falling(values: Float64Array): Float64Array {
  for (let i = values.length - 1, least = 1; i >= 0; i--) values[i] = least = Math.min(least, values[i]);
  return values;
}

/**
 * Hommel by closed testing with Simes' test of every subset size s: the hardest subset of size s that holds hypothesis i is
 * made of the s largest p-values, or of the s − 1 largest and i; adjusted pᵢ = max over s of min(s · p₍ⱼ₎ / j) there.
 * After Wright, Biometrics 1992;48:1005. Values not listed count as p = 1.
 */
function hommel(given: Float64Array, n: number): Float64Array {
  const p = new Float64Array(n).fill(1);
  p.set(given);
  const simes = (from: number, s: number, first: number) => {
    let least = Infinity;
    for (let j = first; j <= s; j++) least = Math.min(least, s * p[from + j - 1] / j);
    return least;
  };
  const all = simes(0, n, 1);
  const adjusted = new Float64Array(n).fill(all);
  for (let s = n - 1; s >= 1; s--) {
    // the s − 1 largest, at their places 2 … s
    const others = simes(n - s, s, 2);
    for (let i = 0; i < n; i++) {
      // i among the s largest: Simes of those; else i stands first before the s − 1 largest
      const own = i >= n - s ? Math.min(others, s * p[n - s]) : Math.min(others, s * p[i]);
      if (own > adjusted[i]) adjusted[i] = own;
    }
  }
  return adjusted.map((value, i) => Math.max(value, p[i])).subarray(0, given.length);
}
