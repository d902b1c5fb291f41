import { exp, log } from "./elementary.js";

/** log(1 + x) without loss near 0: log of the rounded 1 + x, corrected for what rounding took. As R log1p(). */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  if (!(u > 0 && u < Infinity)) return log(u);
  return log(u) - (u - 1 - x) / u;
}

/** eˣ − 1 without loss near 0: by its series up to |x| = 0.3. As R expm1(). */
export function expm1(x: number): number {
  if (!(Math.abs(x) < 0.3)) return exp(x) - 1;
  let sum = 0;
  for (let k = 14; k >= 2; k--) sum = (sum + 1) * (x / k);
  return x + x * sum;
}
