import { log } from "./elementary.js";

/**
 * u with tail(u) = target > 0, for a tail probability over the log of a variable: Newton's method on log tail, which is concave for
 * the log-concave densities of log-gamma and log-odds-beta variables, bisecting where a step leaves the bracket.
 *
 * Infinity where the root lies beyond the largest double.
 *
 * @param slope  density at u
 * @param above  whether `tail` is the upper one, which falls with u
 */
export function solveTail(
  tail: (u: number) => number, slope: (u: number) => number, target: number, above: boolean, start: number,
): number {
  let low = -750;
  let high = 710;
  let u = Math.min(high, Math.max(low, start));
  for (let k = 0; k < 200; k++) {
    const value = tail(u);
    if (value === target) return u;
    const excess = value > 0 ? log(value / target) : -Infinity;
    if (excess > 0 === above) low = u;
    else high = u;
    const step = ((above ? -excess : excess) * value) / slope(u);
    // Newton's method being quadratic, what such a step leaves is below rounding
    if (Math.abs(step) < 1e-9) return u - step;
    const next = u - step > low && u - step < high ? u - step : 0.5 * (low + high);
    if (next === low || next === high) return next > 709 ? Infinity : next;
    u = next;
  }
  return u;
}
