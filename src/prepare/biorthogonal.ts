import { filterFromRoots, halfBandRoots, mirrored } from "./halfBand.js";

/** Zeros at −1 of the reconstruction and the decomposition low-pass; root groups (by rising real part) that the reconstruction takes. */
type Split = { rec: number; dec: number; roots: number[] };

/** All biorthogonal wavelets by name: 1.x–3.x are splines (all roots in the decomposition), the others share the roots. */
const splits: Record<string, Split> = {
  ...Object.fromEntries(["1.1", "1.3", "1.5", "2.2", "2.4", "2.6", "2.8", "3.1", "3.3", "3.5", "3.7", "3.9"]
    .map((name) => [name, { rec: Number(name[0]), dec: Number(name[2]), roots: [] } satisfies Split])),
  "4.4": { rec: 4, dec: 4, roots: [1] },
  "5.5": { rec: 6, dec: 4, roots: [1] },
  "6.8": { rec: 6, dec: 8, roots: [1] },
};

export const biorthogonalNames = Object.keys(splits);

/**
 * Low-pass filters of the symmetric biorthogonal pair N.M, both of one even length, padded with zeros as PyWavelets pads.
 * Their product is the maximally flat half-band filter, its roots divided between the two.
 * Cohen, Daubechies & Feauveau, Comm Pure Appl Math 1992;45:485. Agrees with PyWavelets bior.
 */
export function biorthogonal(name: string): { reconstruction: Float64Array; decomposition: Float64Array } {
  const { rec, dec, roots } = splits[name];
  const groups = halfBandRoots((rec + dec) / 2).sort((a, b) => Number(a.re - b.re > 0n) - Number(a.re - b.re < 0n));
  const taken = groups.filter((_, i) => roots.includes(i));
  const left = groups.filter((z) => !taken.includes(z));
  const low = filterFromRoots(rec, taken.flatMap((z) => [z, mirrored(z)]));
  const dual = filterFromRoots(dec, left.flatMap((z) => [z, mirrored(z)]));
  const length = 2 * Math.ceil(Math.max(low.length, dual.length) / 2);
  // of odd length: the decomposition filter is centred after the middle, the reconstruction filter before it
  const place = (h: Float64Array, after: number): Float64Array => {
    const padded = new Float64Array(length);
    padded.set(h, h.length % 2 === 0 ? (length - h.length) / 2 : (length - h.length + (after === 1 ? 1 : -1)) / 2);
    return padded;
  };
  return { reconstruction: place(low, 0), decomposition: place(dual, 1) };
}
