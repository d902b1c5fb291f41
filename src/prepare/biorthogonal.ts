import { fixed, root, times, nearestDouble } from "./fixedPoint.js";
import { polynomialProduct } from "./polynomial.js";

/** Symmetric filters from the centre outwards: the coefficient at the centre, then those at distance 1, 2, … */
type Half = readonly number[];

/**
 * The pairs that share the roots of the half-band polynomial (Cohen, Daubechies & Feauveau's section 8): decimals as
 * PyWavelets 1.x (MIT) and MATLAB's Wavelet Toolbox publish them, good to about 1e-12.
 */
const published: Record<string, { reconstruction: Half; decomposition: Half }> = {
  "4.4": {
    reconstruction: [0.7884856164055829, 0.41809227322161724, -0.040689417609164058, -0.064538882628697058],
    decomposition: [0.85269867900889385, 0.37740285561283066, -0.11062440441843718, -0.023849465019556843, 0.03782845550726404],
  },
  "5.5": {
    reconstruction: [0.89950610974864842, 0.47680326579848425, -0.093504697400938863, -0.13670658466432914,
      -0.0026949668801115071, 0.013456709459118716],
    decomposition: [0.73666018142821055, 0.34560528195603346, -0.054463788468236907, 0.0079481086372403219, 0.03968708834740544],
  },
  "6.8": {
    reconstruction: [0.75890772945365415, 0.41784910915027457, -0.040367979030339923, -0.078722001062628819,
      0.014467504896790148, 0.014426282505624435],
    decomposition: [0.82592299745840225, 0.42079628460982682, -0.09405920349573646, -0.077263173167204144, 0.04973290349094079,
      0.01193456527972926, -0.016990639867602342, -0.0019142861290887667, 0.0019088317364812906],
  },
};

const splines = ["1.1", "1.3", "1.5", "2.2", "2.4", "2.6", "2.8", "3.1", "3.3", "3.5", "3.7", "3.9"];

export const biorthogonalNames = [...splines, ...Object.keys(published)];

/**
 * Low-pass filters of the symmetric biorthogonal pair N.M, both of one even length, padded with zeros as PyWavelets pads.
 * Spline pairs (1.x to 3.x): reconstruction √2 ((1 + w)/2)ᴺ, decomposition √2 ((1 + w)/2)ᴹ Σ C(k − 1 + i, i) yⁱ over
 * i < k = (N + M)/2, y = sin²(ω/2).
 * Cohen, Daubechies & Feauveau, Comm Pure Appl Math 1992;45:485. Agrees with PyWavelets bior.
 */
export function biorthogonal(name: string): { reconstruction: Float64Array; decomposition: Float64Array } {
  const known = published[name];
  const [n, m] = name.split(".").map(Number);
  const low = known === undefined ? spline(n, 1) : mirrored(known.reconstruction);
  const dual = known === undefined ? spline(m, (n + m) / 2) : mirrored(known.decomposition);
  const length = 2 * Math.ceil(Math.max(low.length, dual.length) / 2);
  return { reconstruction: padded(low, length, -1), decomposition: padded(dual, length, 1) };
}

const mirrored = (half: Half): number[] => [...half.slice(1).reverse(), ...half];

/** √2 ((1 + w)/2)ⁿ Σ C(k − 1 + i, i) yⁱ over i < k, with y = (1 − w)² / (−4w): exact in double but for the factor √2 */
function spline(n: number, k: number): number[] {
  let sum: number[] = Array.from({ length: 2 * k - 1 }, () => 0);
  let power = [1];
  let binomial = 1;
  for (let i = 0; i < k; i++) {
    power.forEach((x, j) => { sum[j + k - 1 - i] += binomial * x; });
    power = polynomialProduct(power, [-0.25, 0.5, -0.25]);
    binomial = (binomial * (k + i)) / (i + 1);
  }
  for (let i = 0; i < n; i++) sum = polynomialProduct(sum, [0.5, 0.5]);
  // x · Math.SQRT2 would round twice: ¾ √2 of bior2.2 then misses the nearest double
  const sqrt2 = root(fixed(2));
  return sum.map((x) => nearestDouble(times(fixed(x), sqrt2)));
}

/** @param side  a filter of odd length is centred half a sample after (1) or before (−1) the middle */
function padded(h: number[], length: number, side: 1 | -1): Float64Array {
  const out = new Float64Array(length);
  out.set(h, (length - h.length + (h.length % 2) * side) / 2);
  return out;
}
