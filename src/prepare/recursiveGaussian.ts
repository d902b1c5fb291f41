import { cos, exp, log, power, sin } from "../math/index.js";
import { polynomialProduct } from "./polynomial.js";

/**
 * A recursive filter of order 4 along one axis: the sum of a causal and an anticausal recursion
 *   c[i] = Σ n[k] x[i − k] − Σ d[k] c[i − 1 − k],   a[i] = Σ m[k] x[i + 1 + k] − Σ d[k] a[i + 1 + k],   k = 0 … 3.
 */
export type RecursiveFilter = {
  n: Float64Array; m: Float64Array; d: Float64Array;
  /** what c and a settle at on a constant 1: outside the line its edge value goes on for ever */
  causalGain: number; anticausalGain: number;
  /** samples after which the response has decayed below 1e-16 of its size */
  reach: number;
};

/** Series Σᵢ (aᵢ cos(ωᵢ t) + bᵢ sin(ωᵢ t)) exp(λᵢ t), t = x/σ ≥ 0: fits of order 4 to the Gaussian and its second derivative. */
const omega = [0.6681, 2.0787];
const lambda = [-1.3932, -1.3732];
const gaussianSeries = { a: [1.3530, -0.3531], b: [1.8151, 0.0902] };
const secondDerivativeSeries = { a: [-1.3563, 0.3446], b: [5.2318, -2.2355] };

/**
 * Deriche's recursive Gaussian (order 0) with unit sum, or its second derivative (order 2) with zero sum and response
 * 1 to x²/2, both made exact for sampled data.
 * Deriche, Recursively implementing the Gaussian and its derivatives, INRIA RR-1893 (1993);
 * Farnebäck & Westin, Improving Deriche-style recursive Gaussian filters, J Math Imaging Vis 2006;26:293.
 * Agrees with ITK RecursiveGaussianImageFilter.
 * @param sigma  in voxels
 * @param gain   factor of the response
 */
export function recursiveGaussian(order: 0 | 2, sigma: number, gain = 1): RecursiveFilter {
  const smooth = rational(gaussianSeries, sigma);
  const { d } = smooth;
  const full = [1, ...d];
  let n = smooth.n;
  if (order === 0) {
    const total = bothSides(n, full);
    n = n.map((x) => x * (gain / total));
  } else {
    const second = rational(secondDerivativeSeries, sigma).n;
    const beta = -bothSides(second, full) / bothSides(n, full);
    n = second.map((x, k) => x + beta * n[k]);
    const curvature = secondMoment(n, full);
    n = n.map((x) => x * (gain / curvature));
  }
  // symmetric: the anticausal half is the causal one without its sample at 0
  const m = d.map((x, k) => (n[k + 1] ?? 0) - x * n[0]);
  const settled = sum(full);
  return {
    n: Float64Array.from(n), m: Float64Array.from(m), d: Float64Array.from(d),
    causalGain: sum(n) / settled, anticausalGain: sum(m) / settled,
    reach: Math.ceil((log(1e-16) / Math.max(...lambda)) * sigma),
  };
}

/** z-transform of the sampled series as n(w) / (1 + Σ d[k] wᵏ⁺¹), w = 1/z: two sections of order 2 on one denominator. */
function rational({ a, b }: { a: number[]; b: number[] }, sigma: number): { n: number[]; d: number[] } {
  const [p, q] = [0, 1].map((i) => {
    const decay = exp(lambda[i] / sigma);
    const c = cos(omega[i] / sigma);
    const s = sin(omega[i] / sigma);
    return { n: [a[i], decay * (b[i] * s - a[i] * c)], d: [1, -2 * decay * c, decay * decay] };
  });
  const left = polynomialProduct(p.n, q.d);
  const right = polynomialProduct(q.n, p.d);
  return { n: left.map((x, k) => x + right[k]), d: polynomialProduct(p.d, q.d).slice(1) };
}

const sum = (a: number[]): number => a.reduce((s, x) => s + x, 0);
/** Σ kᵖ aₖ: derivative of order p of a polynomial in w = eˢ at s = 0 */
const moment = (a: number[], p: number): number => a.reduce((s, x, k) => s + power(k, p) * x, 0);

/** Sum of the symmetric response over all samples. */
function bothSides(n: number[], d: number[]): number {
  return (2 * sum(n)) / sum(d) - n[0];
}

/** Σ k² h[k] over k ≥ 0, the second derivative by s of n/d at w = eˢ, s = 0: half of Σ k² h[|k|]. */
function secondMoment(n: number[], d: number[]): number {
  const [n0, n1, n2] = [0, 1, 2].map((p) => moment(n, p));
  const [d0, d1, d2] = [0, 1, 2].map((p) => moment(d, p));
  return (n2 * d0 * d0 - d2 * n0 * d0 - 2 * n1 * d1 * d0 + 2 * d1 * d1 * n0) / (d0 * d0 * d0);
}
