import { InputError, tCdf, tQuantile, type Named } from "../math/index.js";

export type BlandAltman = {
  /** the points of the plot: mean of both, and first − second */
  mean: Float64Array;
  difference: Float64Array;
  bias: number;
  sd: number;
  limits: [number, number];
  biasCi: [number, number];
  lowerCi: [number, number];
  upperCi: [number, number];
  /** paired t test of bias = 0 */
  biasTest: { t: number; df: number; p: number };
  /** difference = intercept + slope · mean: a slope away from 0 is a bias that grows with the size */
  proportional: { intercept: number; slope: number; se: number; t: number; df: number; p: number };
  n: number;
  leftOut: number;
  level: number;
  warnings: string[];
};

/**
 * Bland–Altman agreement of two measurements of the same subjects: bias = mean difference, limits = bias ± 1.96 SD.
 * Bland & Altman, Lancet 1986;1:307. Intervals by their 1999 paper (Stat Methods Med Res 8:135): bias ± t SD/√n, each limit
 * ± t SD √(1/n + 1.96²/(2(n − 1))), t with n − 1 df (the approximate ones; exact tolerance limits differ below n = 30).
 * Proportional bias: least squares of the difference on the mean. Pairs with a missing value are left out and counted.
 * Differences that do not vary, or means that do not: NaN where not defined, with a warning.
 *
 * @param multiplier of the SD in the limits; 1.96 as published
 * @throws InputError on lists of unequal length, infinite values, fewer than 3 complete pairs
 */
export function blandAltman(first: ArrayLike<number>, second: ArrayLike<number>,
  { level = 0.95, multiplier = 1.96, name = "Bland-Altman" }: Named & { level?: number; multiplier?: number } = {}): BlandAltman {
  if (first.length !== second.length) throw new InputError(`${name}: ${first.length} measurements against ${second.length}, expected both for the same subjects.`);
  if (!(level > 0 && level < 1)) throw new InputError(`${name}: confidence level ${level}, expected a number between 0 and 1 such as 0.95.`);
  const rows: number[] = [];
  for (let i = 0; i < first.length; i++) {
    if (Math.abs(first[i]) === Infinity || Math.abs(second[i]) === Infinity) throw new InputError(`${name}: measurement ${i + 1} is infinite, expected a finite number or NaN for missing.`);
    if (!Number.isNaN(first[i]) && !Number.isNaN(second[i])) rows.push(i);
  }
  const n = rows.length;
  if (n < 3) throw new InputError(`${name}: ${n} complete pairs, expected at least 3; check how the measurements were matched.`);
  const warnings = n < first.length ? [`${name}: ${first.length - n} of ${first.length} subjects lack a measurement and are left out.`] : [];
  const difference = Float64Array.from(rows, (i) => first[i] - second[i]);
  const mean = Float64Array.from(rows, (i) => first[i] / 2 + second[i] / 2);
  const bias = difference.reduce((a, b) => a + b, 0) / n;
  const sd = Math.sqrt(difference.reduce((sum, d) => sum + (d - bias) * (d - bias), 0) / (n - 1));
  const limits: [number, number] = [bias - multiplier * sd, bias + multiplier * sd];
  const t = tQuantile(1 - (1 - level) / 2, n - 1);
  const about = (centre: number, half: number): [number, number] => [centre - half, centre + half];
  const ofLimit = t * sd * Math.sqrt(1 / n + multiplier * multiplier / (2 * (n - 1)));
  const still = !(sd > 0);
  if (still) warnings.push(`${name}: all differences are ${bias}, so that there is no spread to test; check that one measurement is not computed from the other.`);
  const biasT = still ? NaN : bias / (sd / Math.sqrt(n));
  return {
    mean, difference, bias, sd, limits, biasCi: about(bias, t * sd / Math.sqrt(n)), lowerCi: about(limits[0], ofLimit), upperCi: about(limits[1], ofLimit),
    biasTest: { t: biasT, df: n - 1, p: twoSided(biasT, n - 1) }, proportional: proportionalBias(mean, difference, bias, warnings, name),
    n, leftOut: first.length - n, level, warnings,
  };
}

const twoSided = (t: number, df: number) => (Number.isNaN(t) ? NaN : Math.min(1, 2 * tCdf(Math.abs(t), df, { upper: true })));

function proportionalBias(x: Float64Array, y: Float64Array, bias: number, warnings: string[], name: string): BlandAltman["proportional"] {
  const n = x.length;
  const centre = x.reduce((a, b) => a + b, 0) / n;
  let sxx = 0, sxy = 0;
  for (let i = 0; i < n; i++) {
    sxx += (x[i] - centre) * (x[i] - centre);
    sxy += (x[i] - centre) * (y[i] - bias);
  }
  if (!(sxx > 0)) {
    warnings.push(`${name}: all subjects have the same mean of both measurements, so that a proportional bias cannot be judged.`);
    return { intercept: NaN, slope: NaN, se: NaN, t: NaN, df: n - 2, p: NaN };
  }
  const slope = sxy / sxx;
  let rest = 0;
  for (let i = 0; i < n; i++) {
    const e = y[i] - bias - slope * (x[i] - centre);
    rest += e * e;
  }
  const se = Math.sqrt(rest / (n - 2) / sxx);
  if (!(se > 0)) warnings.push(`${name}: the differences lie on a line over the means without any scatter, so that its slope has no test; check that one measurement is not computed from the other.`);
  const t = se > 0 ? slope / se : NaN;
  return { intercept: bias - slope * centre, slope, se, t, df: n - 2, p: twoSided(t, n - 2) };
}
