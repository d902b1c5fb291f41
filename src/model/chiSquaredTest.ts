import { chiSquaredCdf } from "../math/index.js";

export type ChiSquaredTest = { statistic: number; df: number; p: number };

/** χ² with its upper tail; p is NaN where the statistic is, or where nothing was estimated. */
export function chiSquared(statistic: number, df: number): ChiSquaredTest {
  return { statistic, df, p: df === 0 || Number.isNaN(statistic) ? NaN : chiSquaredCdf(Math.max(0, statistic), df, { upper: true }) };
}
