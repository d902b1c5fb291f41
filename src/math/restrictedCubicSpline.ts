import { InputError } from "./check.js";
import { sorted } from "./sort.js";

/** Harrell's places of 3 to 7 knots, as quantiles of x (Regression Modeling Strategies, 2nd ed., table 2.3). */
const PLACES: Record<number, number[]> = {
  3: [0.1, 0.5, 0.9], 4: [0.05, 0.35, 0.65, 0.95], 5: [0.05, 0.275, 0.5, 0.725, 0.95],
  6: [0.05, 0.23, 0.41, 0.59, 0.77, 0.95], 7: [0.025, 0.18333333333333332, 0.3416666666666667, 0.5, 0.6583333333333333, 0.8166666666666667, 0.975],
};

/**
 * Knots of a restricted cubic spline at Harrell's quantiles (type 7) of x. Agrees with Hmisc::rcspline.eval(knots.only = TRUE) where
 * n >= 100; below, Hmisc puts the outer knots at the fifth smallest and fifth largest value, which is not done here. Harrell, Regression
 * Modeling Strategies, 2nd ed. 2015, §2.4.6.
 * @throws InputError where x has too few distinct values for that many knots
 */
export function splineKnots(x: ArrayLike<number>, count: number): number[] {
  const places = PLACES[count];
  if (places === undefined) throw new InputError(`Restricted cubic spline: ${count} knots asked for, expected 3 to 7.`);
  const s = sorted(x);
  const knots = places.map((p) => {
    const at = p * (s.length - 1);
    const low = Math.floor(at);
    return s[low] + (at - low) * (s[Math.min(s.length - 1, low + 1)] - s[low]);
  });
  if (knots.some((k, i) => !Number.isFinite(k) || (i > 0 && !(k > knots[i - 1])))) {
    throw new InputError(`Restricted cubic spline: ${count} knots fall on ${new Set(knots).size} distinct values; take fewer knots or a straight line.`);
  }
  return knots;
}

/**
 * Basis of a restricted cubic spline (cubic between the knots, straight beyond the outer ones): x itself and k − 2 columns
 * [(x − tⱼ)³₊ − (x − tₖ₋₁)³₊ (tₖ − tⱼ)/(tₖ − tₖ₋₁) + (x − tₖ)³₊ (tₖ₋₁ − tⱼ)/(tₖ − tₖ₋₁)] / (tₖ − t₁)².
 * Stone & Koo, Proc Stat Comp Sect ASA 1985:45; agrees with Hmisc::rcspline.eval(norm = 2, inclx = TRUE).
 *
 * @param x n numbers; the result is k − 1 columns of n
 * @throws InputError on fewer than 3 knots, or knots that do not rise
 */
export function restrictedCubicSpline(x: ArrayLike<number>, knots: number[]): Float64Array[] {
  const k = knots.length;
  if (k < 3 || knots.some((t, j) => !Number.isFinite(t) || (j > 0 && !(t > knots[j - 1])))) {
    throw new InputError(`Restricted cubic spline: the knots are ${knots.join(", ")}, expected at least 3 rising numbers.`);
  }
  const [first, before, end] = [knots[0], knots[k - 2], knots[k - 1]];
  const scale = (end - first) * (end - first);
  const cube = (d: number) => (d > 0 ? d * d * d : 0);
  const columns = [Float64Array.from(x)];
  for (let j = 0; j < k - 2; j++) {
    const toEnd = (end - knots[j]) / (end - before);
    const toBefore = (before - knots[j]) / (end - before);
    columns.push(columns[0].map((v) => (cube(v - knots[j]) - cube(v - before) * toEnd + cube(v - end) * toBefore) / scale));
  }
  return columns;
}
