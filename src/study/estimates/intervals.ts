import { normalCdf, normalQuantile } from "../../math/index.js";

/** value ± z·se; of shares (AUC, C, accuracy) cut at 0 and 1. */
export function normalInterval(value: number, se: number, level: number, share: boolean): { low: number; high: number } | object {
  if (!Number.isFinite(value) || !(se > 0)) return {};
  const half = normalQuantile(0.5 + level / 2) * se;
  return share ? { low: Math.max(0, value - half), high: Math.min(1, value + half) } : { low: value - half, high: value + half };
}

/** Two-sided p of a value against 0. */
export const twoSided = (value: number, se: number): number => (se > 0 ? 2 * normalCdf(-Math.abs(value / se)) : NaN);

/** √Σ of squares of influences, those of one patient summed first. */
export function clusteredError(influence: Float64Array, patient: readonly string[]): number {
  const sums = new Map<string, number>();
  influence.forEach((v, k) => sums.set(patient[k], (sums.get(patient[k]) ?? 0) + v));
  let squares = 0;
  for (const v of sums.values()) squares += v * v;
  return Math.sqrt(squares);
}

export type Spread = { mean: number; sd: number; min: number; max: number; count: number };
/** Of the finite values; sd with count − 1. */
export function spreadOf(values: readonly number[]): Spread {
  const known = values.filter(Number.isFinite), count = known.length;
  const mean = known.reduce((a, b) => a + b, 0) / count;
  const squares = known.reduce((a, b) => a + (b - mean) * (b - mean), 0);
  return { mean: count > 0 ? mean : NaN, sd: count > 1 ? Math.sqrt(squares / (count - 1)) : NaN, min: count > 0 ? Math.min(...known) : NaN, max: count > 0 ? Math.max(...known) : NaN, count };
}

/**
 * Corrected resampled standard error of a mean of J fold figures of k-fold cross-validation, s·√(1/J + 1/(k − 1)): the test patients of a fold, and how
 * much refits differ (Nadeau & Bengio, Mach Learn 2003;52:239). NaN of fewer than three.
 */
export function refitError(values: ArrayLike<number>, folds: number): number {
  const { sd, count } = spreadOf(Array.from(values));
  return count > 2 ? sd * Math.sqrt(1 / count + 1 / (folds - 1)) : NaN;
}

/** Measures between 0 and 1 whose intervals stay there. */
export function isShare(measure: string): boolean {
  return /^(AUC|C-index|Uno C|accuracy|sensitivity|specificity|balanced accuracy)/.test(measure);
}
