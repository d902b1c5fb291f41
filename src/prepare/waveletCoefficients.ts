import { InputError } from "../math/index.js";
import { filterFromRoots, halfBandRoots } from "./halfBand.js";

/** Decomposition filters of a discrete wavelet, both of the same even length. */
export type WaveletFilters = { lowpass: Float64Array; highpass: Float64Array };

const made = new Map<string, WaveletFilters>();

/**
 * Decomposition filters of a discrete wavelet under PyWavelets' name: haar, db1–db38, coif1.
 * The low-pass filter sums to √2; the high-pass of an orthogonal wavelet is hₖ = (−1)ᵏ⁺¹ l₍ₙ₋₁₋ₖ₎. Agrees with PyWavelets dec_lo and dec_hi.
 */
export function waveletFilters(name: string): WaveletFilters {
  const key = name.toLowerCase();
  let filters = made.get(key);
  if (filters === undefined) {
    filters = make(key);
    made.set(key, filters);
  }
  return filters;
}

function make(name: string): WaveletFilters {
  if (name === "haar") return orthogonal(daubechies(1));
  const db = /^db(\d+)$/.exec(name);
  if (db !== null && Number(db[1]) >= 1 && Number(db[1]) <= 38) return orthogonal(daubechies(Number(db[1])));
  if (name === "coif1") {
    const r = Math.sqrt(7);
    const c = 1 / (16 * Math.SQRT2);
    return orthogonal(Float64Array.of(c * (1 - r), c * (5 + r), c * (14 + 2 * r), c * (14 - 2 * r), c * (1 - r), c * (-3 + r)));
  }
  throw new InputError(`Wavelet "${name}" is not known.`);
}

/** Daubechies' extremal-phase filter with n vanishing moments (length 2n): all roots inside the unit circle. */
function daubechies(n: number): Float64Array {
  return filterFromRoots(n, halfBandRoots(n));
}

/** @param scaling  reconstruction low-pass; the decomposition filters are its reversal and its alternating-sign mirror */
function orthogonal(scaling: Float64Array): WaveletFilters {
  return { lowpass: scaling.slice().reverse(), highpass: scaling.map((h, k) => (k % 2 === 0 ? -h : h)) };
}
