import { InputError, median, quantiles } from "../math/index.js";

/** Description of one sample; NaN where there are too few values. */
export type NumberSummary = {
  n: number;
  missing: number;
  mean: number;
  sd: number;
  median: number;
  q1: number;
  q3: number;
  iqr: number;
  /** median absolute deviation × 1.4826, which estimates the SD of normal data */
  mad: number;
  min: number;
  max: number;
  skewness: number;
  kurtosis: number;
};

/**
 * Mean, SD (n − 1), median, quartiles (type 7, as R quantile), MAD, range, skewness and excess kurtosis. The last two are those of
 * e1071's default (type 3): m₃ / s³ and m₄ / s⁴ − 3 with central moments over n and s² over n − 1 (Joanes & Gill, Statistician
 * 1998;47:183). NaN counts as missing; an infinite value is an InputError.
 */
export function numberSummary(values: ArrayLike<number>, name = "variable"): NumberSummary {
  const known = Float64Array.from(values).filter((v) => !Number.isNaN(v)).sort();
  const n = known.length;
  const missing = values.length - n;
  if (n === 0) return { n, missing, mean: NaN, sd: NaN, median: NaN, q1: NaN, q3: NaN, iqr: NaN, mad: NaN, min: NaN, max: NaN, skewness: NaN, kurtosis: NaN };
  if (known[0] === -Infinity || known[n - 1] === Infinity) throw new InputError(`${name}: holds an infinite value, expected finite numbers or missing; look for a division by zero.`);
  // about the middle value, so that a large common level costs no digits
  const origin = known[n >> 1];
  const mean = origin + known.reduce((sum, v) => sum + (v - origin), 0) / n;
  let second = 0, third = 0, fourth = 0;
  for (const v of known) {
    const d = v - mean;
    second += d * d;
    third += d * d * d;
    fourth += d * d * d * d;
  }
  const variance = n > 1 ? second / (n - 1) : NaN;
  const sd = Math.sqrt(variance);
  const [q1, middle, q3] = quantiles(known, [0.25, 0.5, 0.75]);
  return {
    n, missing, mean, sd, median: middle, q1, q3, iqr: q3 - q1, mad: 1.4826 * median(known.map((v) => Math.abs(v - middle))), min: known[0], max: known[n - 1],
    skewness: variance > 0 ? third / n / (variance * sd) : NaN, kurtosis: variance > 0 ? fourth / n / (variance * variance) - 3 : NaN,
  };
}
