// How two sets of feature values are compared: names and order of the reference, relative tolerance, reasons told.
import { toNumber } from "./data.js";

/** Relative 1e-9; 1e-6 where the reference computes in float32 (LoG, Gradient). */
export const tolerance = (feature: string) => (/^(log-sigma|gradient)/.test(feature) ? 1e-6 : 1e-9);

/** One line for every reference value that ours does not meet: |ours − ref| <= tolerance · |ref|, absolute 1e-12 where |ref| < 1e-9. */
export function differences(
  ours: Record<string, unknown>, reference: Record<string, number | string>, allowed: (feature: string) => number = tolerance,
): string[] {
  const lines: string[] = [];
  for (const [name, written] of Object.entries(reference)) {
    const expected = toNumber(written);
    const found = ours[name];
    if (typeof found !== "number") { lines.push(`${name}: missing, expected ${expected}`); continue; }
    if (Object.is(found, expected) || found === expected || (Number.isNaN(found) && Number.isNaN(expected))) continue;
    const within = Math.abs(expected) < 1e-9 ? 1e-12 : allowed(name) * Math.abs(expected);
    if (!(Math.abs(found - expected) <= within)) {
      lines.push(`${name}: ${found}, expected ${expected} (relative ${Math.abs((found - expected) / expected).toExponential(1)})`);
    }
  }
  return lines;
}

/** Largest relative difference over values above 1e-9 in size, for reports. */
export function largestDifference(ours: Record<string, unknown>, reference: Record<string, number | string>): number {
  let largest = 0;
  for (const [name, written] of Object.entries(reference)) {
    const expected = toNumber(written);
    if (Number.isFinite(expected) && Math.abs(expected) >= 1e-9) largest = Math.max(largest, Math.abs(((ours[name] as number) - expected) / expected));
  }
  return largest;
}
