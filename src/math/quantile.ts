import { InputError } from "./check.js";
import { sorted } from "./sort.js";

/** The nine definitions of Hyndman & Fan, Am Stat 1996;50:361; 7 is the default of R and of numpy, 6 that of SPSS. */
export type QuantileType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

const ROUNDING = 4 * 2.220446049250313e-16;

/**
 * Sample quantiles, as R quantile(type = 1 … 9).
 *
 * @param values         n numbers in any order; NaN among them, or none at all, gives NaN
 * @param probabilities  each in 0 … 1
 * @throws InputError on a probability outside 0 … 1, a type outside 1 … 9
 */
export function quantiles(values: ArrayLike<number>, probabilities: ArrayLike<number>, type: QuantileType = 7): Float64Array {
  const ascending = sorted(values);
  return Float64Array.from(probabilities, (p) => quantileSorted(ascending, p, type));
}

/** One sample quantile; see `quantiles`. Hyndman & Fan 1996; as R quantile(). @throws InputError as `quantiles` */
export function quantile(values: ArrayLike<number>, probability: number, type: QuantileType = 7): number {
  return quantileSorted(sorted(values), probability, type);
}

/** The median; the mean of the two middle values where their number is even. NaN of nothing. As R median(). */
export function median(values: ArrayLike<number>): number {
  return quantileSorted(sorted(values), 0.5);
}

/**
 * A quantile of values that stand in ascending order already (NaN last). See `quantiles`; the order is not checked.
 * @throws InputError on p outside 0 … 1, a type outside 1 … 9
 */
export function quantileSorted(ascending: ArrayLike<number>, p: number, type: QuantileType = 7): number {
  if (!(p >= 0 && p <= 1)) {
    throw new InputError(`Quantile probability is ${p}, but a number from 0 to 1 was expected; give .25 for the first quartile.`);
  }
  if (!(Number.isInteger(type) && type >= 1 && type <= 9)) throw new InputError(`Quantile type is ${String(type)}, but a whole number from 1 to 9 was expected; leave it out for 7, the default of R.`);
  const n = ascending.length;
  if (n === 0 || Number.isNaN(ascending[n - 1])) return NaN;
  const place = type <= 3 ? n * p - (type === 3 ? 0.5 : 0) : plottingPlace(n, p, type);
  let below = Math.floor(place + ROUNDING);
  let share = place - below;
  if (Math.abs(share) < ROUNDING) share = 0;
  if (type === 1) share = share > 0 ? 1 : 0;
  else if (type === 2) share = share > 0 ? 1 : 0.5;
  else if (type === 3) share = share > 0 || Math.abs(below % 2) === 1 ? 1 : 0;
  // places count from 1, and stay within the sample
  below -= 1;
  const low = ascending[Math.min(n - 1, Math.max(0, below))];
  const high = ascending[Math.min(n - 1, Math.max(0, below + 1))];
  return share === 0 || low === high ? low : share === 1 ? high : (1 - share) * low + share * high;
}

/** Continuous types: a + p (n + 1 − a − b), b = a. */
function plottingPlace(n: number, p: number, type: QuantileType): number {
  if (type === 4) return n * p;
  const a = type === 5 ? 0.5 : type === 6 ? 0 : type === 7 ? 1 : type === 8 ? 1 / 3 : 3 / 8;
  return a + p * (n + 1 - 2 * a);
}
