import { InputError } from "./check.js";

/**
 * About n + 1 equally spaced round values (steps 1, 2 or 5 times a power of ten) that cover low … high. The rule of R's pretty()
 * with its defaults (Becker, Chambers & Wilks, The New S Language, 1988): a step is preferred to the next smaller where it is at
 * most 1.5 (for 5: 2.75) times as far from the ideal step (high − low) / n. Equal low and high give ticks around them.
 * @throws InputError for limits that are not finite or out of order
 */
export function pretty(low: number, high: number, n = 5): number[] {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high && n >= 1)) throw new InputError(`Axis ticks: the range is ${low} to ${high} in ${n} steps, expected finite limits in order and at least one step.`);
  const most = Math.max(Math.abs(low), Math.abs(high));
  const least = Math.floor(n / 3);
  let ideal = (high - low) / n;
  // equal limits, but for rounding: a step from their size
  if (high === low || high - low < most * 1.4 * n * 2.220446049250313e-16 * 3) {
    ideal = (0.75 * (most === 0 ? 1 : most > 10 ? 9 + most / 10 : most)) / Math.max(1, least);
  }
  // power of ten at or below the ideal step, by its decimal digits
  const exponent = Number(ideal.toExponential(15).split("e")[1]);
  const base = Number(`1e${exponent}`);
  let factor = 1;
  if (2 * base - ideal < 1.5 * (ideal - base)) factor = 2;
  if (factor === 2 && 5 * base - ideal < 2.75 * (ideal - 2 * base)) factor = 5;
  if (factor === 5 && 10 * base - ideal < 1.5 * (ideal - 5 * base)) factor = 10;
  const step = factor * base;
  let first = Math.floor(low / step + 1e-7);
  let last = Math.ceil(high / step - 1e-7);
  const missing = least - (last - first);
  if (missing > 0) {
    const [less, more] = [Math.floor(missing / 2), Math.ceil(missing / 2)];
    if (low === 0 && first === 0 && high !== 0) last += missing;
    else if (first >= 0) [first, last] = [first - more, last + less];
    else [first, last] = [first - less, last + more];
  }
  const power = Number(`1e${Math.abs(exponent)}`);
  // k · step with one rounding
  return Array.from({ length: last - first + 1 }, (_, k) => (exponent < 0 ? ((first + k) * factor) / power : (first + k) * factor * power));
}
