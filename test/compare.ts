// How two sets of feature values are compared: names and order of the reference, relative tolerance, reasons told.
import { toNumber } from "./data.js";

/** Relative 1e-9; 1e-6 where the reference computes in float32 (LoG, Gradient). */
export const tolerance = (feature: string) => (/^(log-sigma|gradient)/.test(feature) ? 1e-6 : 1e-9);

/**
 * Square roots of an eigenvalue that is truly 0: the reference prints the root of LAPACK's rounding noise (an eigenvalue of 2^-54
 * instead of 0 gives MCC 7.5e-9 in one angle, or a minor axis of 4·2^-27 mm), ours is 0. The root of one unit of rounding,
 * 2^-26 of the largest eigenvalue's root, is what such a value may be off by.
 */
function rootOfRounding(name: string, reference: Record<string, number | string>): number {
  if (/glcm_MCC$|_(Elongation|Flatness)$/.test(name)) return 2 ** -26;
  const axis = /^(.*_)(Minor|Least)AxisLength$/.exec(name);
  return axis === null ? 0 : 2 ** -26 * toNumber(reference[`${axis[1]}MajorAxisLength`] ?? 0);
}

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
    const within = Math.max(rootOfRounding(name, reference), Math.abs(expected) < 1e-9 ? 1e-12 : allowed(name) * Math.abs(expected));
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
