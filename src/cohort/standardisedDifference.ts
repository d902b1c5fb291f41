import { InputError } from "../math/index.js";

/**
 * Standardised difference of two samples of numbers: |x̄₁ − x̄₂| / √((s₁² + s₂²)/2). Above 0.1 is commonly called an imbalance.
 * Cohen 1988; Austin, Stat Med 2009;28:3083. 0 where neither varies and the means agree, Infinity where they do not.
 */
export function standardisedDifference(first: { mean: number; sd: number }, second: { mean: number; sd: number }): number {
  return ratio(Math.abs(first.mean - second.mean), Math.sqrt((first.sd * first.sd + second.sd * second.sd) / 2));
}

/** Of two shares: |p₁ − p₂| / √((p₁(1 − p₁) + p₂(1 − p₂))/2). Austin, Stat Med 2009;28:3083. */
export function standardisedDifferenceBinary(first: number, second: number): number {
  return ratio(Math.abs(first - second), Math.sqrt((first * (1 - first) + second * (1 - second)) / 2));
}

/**
 * Of a category with any number of levels: √((T − C)ᵀ S⁻¹ (T − C)) over all levels but one, S the mean of the two multinomial
 * covariance matrices. Yang & Dalton, SAS Global Forum 2012, paper 335. Levels empty in both groups are left out; with two levels
 * it is the binary one. Infinity where the groups share no level.
 *
 * @param first  counts by level in the first group, weighted ones (not whole) allowed
 * @param second in the second
 * @throws InputError where the two have different numbers of levels, or a count is negative or not finite
 */
export function standardisedDifferenceMultinomial(first: ArrayLike<number>, second: ArrayLike<number>): number {
  if (first.length !== second.length) throw new InputError(`standardised difference: ${first.length} levels against ${second.length}, expected the same levels in both groups.`);
  for (const counts of [first, second]) {
    for (let k = 0; k < counts.length; k++) {
      if (!(counts[k] >= 0 && counts[k] < Infinity)) throw new InputError(`standardised difference: level ${k + 1} of the ${counts === first ? "first" : "second"} group has count ${counts[k]}, expected a finite number, 0 or more; give 0 where nobody has it.`);
    }
  }
  const used = Array.from({ length: first.length }, (_, k) => k).filter((k) => first[k] + second[k] > 0);
  const n1 = used.reduce((sum, k) => sum + first[k], 0);
  const n2 = used.reduce((sum, k) => sum + second[k], 0);
  if (n1 === 0 || n2 === 0) return NaN;
  const size = used.length - 1;
  if (size === 0) return 0;
  const p = used.map((k) => first[k] / n1);
  const q = used.map((k) => second[k] / n2);
  const s = Array.from({ length: size }, (_, a) => Array.from({ length: size }, (_, b) =>
    (a === b ? p[a] * (1 - p[a]) + q[a] * (1 - q[a]) : -(p[a] * p[b] + q[a] * q[b])) / 2));
  const d = Array.from({ length: size }, (_, k) => p[k] - q[k]);
  // Gauss with the largest pivot; a vanishing pivot means a direction in which neither group varies
  const rest = d.slice();
  for (let c = 0; c < size; c++) {
    let best = c;
    for (let r = c + 1; r < size; r++) if (Math.abs(s[r][c]) > Math.abs(s[best][c])) best = r;
    if (Math.abs(s[best][c]) < 1e-13) return d.every((v) => v === 0) ? 0 : Infinity;
    [s[c], s[best]] = [s[best], s[c]];
    [rest[c], rest[best]] = [rest[best], rest[c]];
    for (let r = c + 1; r < size; r++) {
      const f = s[r][c] / s[c][c];
      for (let k = c; k < size; k++) s[r][k] -= f * s[c][k];
      rest[r] -= f * rest[c];
    }
  }
  const x = rest.slice();
  for (let r = size - 1; r >= 0; r--) {
    for (let k = r + 1; k < size; k++) x[r] -= s[r][k] * x[k];
    x[r] /= s[r][r];
  }
  return Math.sqrt(Math.max(0, d.reduce((sum, v, k) => sum + v * x[k], 0)));
}

function ratio(difference: number, spread: number): number {
  return spread > 0 ? difference / spread : difference === 0 ? 0 : difference > 0 ? Infinity : NaN;
}
