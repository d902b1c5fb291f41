import { didYouMean, InputError } from "../math/index.js";
import { biorthogonal, biorthogonalNames } from "./biorthogonal.js";
import { coiflet } from "./coiflet.js";
import { discreteMeyer } from "./discreteMeyer.js";
import { filterFromRoots, halfBandRoots } from "./halfBand.js";
import { symlets } from "./symlets.js";

/** Decomposition filters of a discrete wavelet, both of the same even length. */
export type WaveletFilters = { lowpass: Float64Array; highpass: Float64Array };

const orders = (family: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${family}${from + i}`);

/** Every discrete wavelet of PyWavelets. */
export const waveletNames: readonly string[] = [
  "haar", ...orders("db", 1, 38), ...orders("sym", 2, 20), ...orders("coif", 1, 17),
  ...biorthogonalNames.map((n) => `bior${n}`), ...biorthogonalNames.map((n) => `rbio${n}`), "dmey",
];

const made = new Map<string, WaveletFilters>();

/**
 * Decomposition filters of a discrete wavelet under PyWavelets' name: haar, db1–db38, sym2–sym20, coif1–coif17,
 * bior and rbio N.M, dmey. The low-pass sums to √2; the high-pass is hₖ = (−1)ᵏ⁺¹ rₖ of the reconstruction low-pass r,
 * which for an orthogonal wavelet is the decomposition low-pass reversed. Agrees with PyWavelets dec_lo and dec_hi.
 * Most are derived when first asked for, then remembered; do not change them.
 */
export function waveletFilters(name: string): WaveletFilters {
  const key = name.toLowerCase();
  let filters = made.get(key);
  if (filters === undefined) {
    if (!waveletNames.includes(key)) {
      throw new InputError(`Wavelet "${name}" is not known. ${didYouMean(key, ["haar", "db1", "sym2", "coif1", "bior2.2", "rbio2.2", "dmey"])} ` +
        "There are db1–db38, sym2–sym20, coif1–coif17, bior and rbio 1.1 to 6.8, haar and dmey.");
    }
    filters = derive(key);
    made.set(key, filters);
  }
  return filters;
}

function derive(name: string): WaveletFilters {
  const family = name.replace(/[\d.]+$/, "");
  const order = name.slice(family.length);
  switch (family) {
    case "db": return orthogonal(daubechies(Number(order)));
    case "sym": return orthogonal(Float64Array.from(symlets[Number(order) - 2]));
    case "coif": return orthogonal(coiflet(Number(order)));
    case "bior": {
      const { reconstruction, decomposition } = biorthogonal(order);
      return { lowpass: decomposition, highpass: alternating(reconstruction) };
    }
    case "rbio": {
      const { reconstruction, decomposition } = biorthogonal(order);
      return { lowpass: reconstruction.reverse(), highpass: alternating(decomposition.reverse()) };
    }
    case "dmey": return orthogonal(discreteMeyer());
    default: return orthogonal(daubechies(1));
  }
}

/** Daubechies' extremal-phase filter with n vanishing moments, length 2n: all roots inside the unit circle. Ten Lectures on Wavelets (1992), section 6.4. */
function daubechies(n: number): Float64Array {
  return filterFromRoots(n, halfBandRoots(n));
}

/** @param scaling  reconstruction low-pass */
function orthogonal(scaling: Float64Array): WaveletFilters {
  return { lowpass: scaling.slice().reverse(), highpass: alternating(scaling) };
}

const alternating = (h: Float64Array): Float64Array => h.map((x, k) => (k % 2 === 0 ? -x : x));
