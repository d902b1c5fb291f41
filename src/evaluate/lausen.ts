import { exp, InputError, log, normalCdf, normalDensity } from "../math/index.js";

/**
 * Upper bound on P(max |Z| >= b) over all cuts between the shares low and high of the patients, from the maximum of a standardised Brownian bridge:
 * φ(b)(b − 1/b) log(high(1 − low)/((1 − high) low)) + 4 φ(b)/b. Miller & Siegmund, Biometrics 1982;38:1011; Lausen & Schumacher, Biometrics
 * 1992;48:73. At most 1; for b <= 1, where it says nothing, 1. R: maxstat `pmethod = "Lau92"`.
 * @throws InputError on shares that do not ascend between 0 and 1
 */
export function lausen92(b: number, low: number, high: number): number {
  if (!(low > 0 && high < 1 && low <= high)) throw new InputError(`lausen92: the shares ${low} and ${high} must be ascending and lie between 0 and 1.`);
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
 */
export function lausen94(b: number, sizes: ArrayLike<number>, n: number): number {
  let p = 2 * normalCdf(-Math.abs(b));
  const density = exp((-b * b) / 2) / Math.PI;
  for (let k = 0; k + 1 < sizes.length; k++) {
    const t = Math.sqrt(Math.max(0, 1 - (sizes[k] * (n - sizes[k + 1])) / ((n - sizes[k]) * sizes[k + 1])));
    p += density * (t - ((b * b) / 4 - 1) * (t * t * t) / 6);
  }
  return Math.max(0, Math.min(1, p));
}
