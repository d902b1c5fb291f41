import { betaQuantile, InputError, normalQuantile } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";

export type Interval = { lower: number; upper: number };
/** k of n with Wilson's score interval and Clopper and Pearson's exact one; NaN where n is 0. */
export type Proportion = { k: number; n: number; estimate: number; wilson: Interval; exact: Interval };

/**
 * Wilson's score interval of k/n: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), without continuity correction.
 * Wilson, J Am Stat Assoc 1927;22:209. Agrees with Hmisc::binconf(method = "wilson"), save that ours is never cut to the estimate; n = 0 gives NaN.
 * @throws InputError where k and n are not whole numbers with 0 <= k <= n, a level outside 0 … 1
 */
export function wilson(k: number, n: number, level = 0.95): Interval {
  checkCounts(k, n, level);
  if (n === 0) return { lower: NaN, upper: NaN };
  const z = normalQuantile(0.5 + level / 2);
  const p = k / n;
  const z2 = (z * z) / n;
  const half = z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n));
  return {
    lower: k === 0 ? 0 : (p + z2 / 2 - half) / (1 + z2),
    upper: k === n ? 1 : (p + z2 / 2 + half) / (1 + z2),
  };
}

/**
 * Clopper and Pearson's exact interval: beta quantiles B(α/2; k, n − k + 1) and B(1 − α/2; k + 1, n − k).
 * Clopper & Pearson, Biometrika 1934;26:404. Agrees with R binom.test.
 * @throws InputError as `wilson`
 */
export function clopperPearson(k: number, n: number, level = 0.95): Interval {
  checkCounts(k, n, level);
  if (n === 0) return { lower: NaN, upper: NaN };
  const tail = (1 - level) / 2;
  return { lower: k === 0 ? 0 : betaQuantile(tail, k, n - k + 1), upper: k === n ? 1 : betaQuantile(1 - tail, k + 1, n - k) };
}

/**
 * Wald's interval p ± z √(p(1−p)/n), as Hmisc::binconf(method = "asymptotic"): too narrow in small samples, given for comparison only. Why
 * not to use it: Brown, Cai & DasGupta, Stat Sci 2001;16:101.
 * @throws InputError as `wilson`
 */
export function wald(k: number, n: number, level = 0.95): Interval {
  checkCounts(k, n, level);
  const p = k / n;
  const half = normalQuantile(0.5 + level / 2) * Math.sqrt((p * (1 - p)) / n);
  return { lower: p - half, upper: p + half };
}

/**
 * A share k/n with Wilson's and Clopper–Pearson's intervals (see `wilson`, `clopperPearson`). Agrees with Hmisc 4.8 binconf and R binom.test; n = 0 gives NaN.
 * @throws InputError where k and n are not whole numbers with 0 <= k <= n
 */
export function proportion(k: number, n: number, level = 0.95): Proportion {
  return { k, n, estimate: n === 0 ? NaN : k / n, wilson: wilson(k, n, level), exact: clopperPearson(k, n, level) };
}

function checkCounts(k: number, n: number, level: number): void {
  checkLevel("Proportion", level);
  if (!(Number.isInteger(k) && Number.isInteger(n) && k >= 0 && k <= n)) {
    throw new InputError(`Proportion: ${k} of ${n}, expected whole numbers with 0 <= k <= n.`);
  }
}
