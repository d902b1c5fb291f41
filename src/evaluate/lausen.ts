import { exp, InputError, log, normalCdf, normalDensity } from "../math/index.js";

/**
 * Upper bound on P(max |Z| >= b) over all cuts between the shares low and high of the patients, from the maximum of a standardised Brownian bridge:
 * φ(b)(b − 1/b) log(high(1 − low)/((1 − high) low)) + 4 φ(b)/b. Miller & Siegmund, Biometrics 1982;38:1011; Lausen & Schumacher, Biometrics
 * 1992;48:73. At most 1; for b <= 1, where it says nothing, 1. R: maxstat `pmethod = "Lau92"`.
 * @throws InputError on b that is NaN, shares that do not ascend between 0 and 1
 */
export function lausen92(b: number, low: number, high: number): number {
  if (!(low > 0 && high < 1 && low <= high)) throw new InputError(`lausen92: the shares ${low} and ${high} must be ascending and lie between 0 and 1.`);
  if (Number.isNaN(b)) throw new InputError("lausen92: the statistic is NaN, expected a number; where no cut can be judged (no event) there is no bound.");
  if (!(b > 1)) return 1;
  const density = normalDensity(b);
  return Math.min(1, density * (b - 1 / b) * log((high * (1 - low)) / ((1 - high) * low)) + (4 * density) / b);
}

/**
 * Improved Bonferroni bound with the correlation of neighbouring cuts: P(|Z| >= b) + Σ D(mᵢ, mᵢ₊₁) over the sizes m of the low group,
 * D = exp(−b²/2)/π · (t − (b²/4 − 1) t³/6), t = √(1 − mᵢ(n − mᵢ₊₁)/((n − mᵢ) mᵢ₊₁)). Worsley 1982; Lausen, Sauerbrei & Schumacher 1994;
 * Lausen & Schumacher, Comput Stat Data Anal 1996;21:307. At most 1. R: maxstat `pmethod = "Lau94"`.
 *
 * @param sizes  ascending numbers of patients in the low group, one a cut; n patients in all
 * @throws InputError on b that is NaN, sizes that do not ascend between 0 and n
 */
export function lausen94(b: number, sizes: ArrayLike<number>, n: number): number {
  if (Number.isNaN(b)) throw new InputError("lausen94: the statistic is NaN, expected a number; where no cut can be judged (no event) there is no bound.");
  for (let k = 0; k < sizes.length; k++) {
    if (!(sizes[k] > (k === 0 ? 0 : sizes[k - 1]) && sizes[k] < n)) throw new InputError(`lausen94: the low group of cut ${k + 1} has ${sizes[k]} of ${n} patients, expected sizes that ascend between 0 and all; give each cut once, the lowest first.`);
  }
  let p = 2 * normalCdf(-Math.abs(b));
  const density = exp((-b * b) / 2) / Math.PI;
  for (let k = 0; k + 1 < sizes.length; k++) {
    const t = Math.sqrt(Math.max(0, 1 - (sizes[k] * (n - sizes[k + 1])) / ((n - sizes[k]) * sizes[k + 1])));
    p += density * (t - ((b * b) / 4 - 1) * (t * t * t) / 6);
  }
  return Math.max(0, Math.min(1, p));
}
