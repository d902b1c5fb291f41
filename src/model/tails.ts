import { chiSquaredCdf, chiSquaredQuantile, fCdf, normalCdf, normalQuantile, tCdf, tQuantile } from "../math/index.js";

/** Two-sided p of a standard normal z. */
export const normalTails = (z: number) => 2 * normalCdf(-Math.abs(z));
/** Half width, in standard errors, of a normal interval of this level. */
export const normalCritical = (level: number) => normalQuantile((1 - level) / 2, { upper: true });
/** Upper tail of chi-squared. */
export const chiSquaredTail = (x: number, df: number) => chiSquaredCdf(x, df, { upper: true });
export const chiSquaredCritical = (level: number, df: number) => chiSquaredQuantile(1 - level, df, { upper: true });
/** Two-sided p of Student's t. */
export const tTails = (t: number, df: number) => 2 * tCdf(-Math.abs(t), df);
export const tCritical = (level: number, df: number) => tQuantile((1 - level) / 2, df, { upper: true });
/** Upper tail of F. */
export const fTail = (f: number, df1: number, df2: number) => fCdf(f, df1, df2, { upper: true });
