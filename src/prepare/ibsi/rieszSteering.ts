import { symmetricEigen } from "../../math/index.js";
import type { Box, Triple, Volume } from "../../image/index.js";
import type { Boundary } from "./boundary.js";
import { convolveAxis } from "./convolve.js";
import { type Field, grown } from "./field.js";
import { gaussianKernels } from "./log.js";

/** A Riesz transform of the base response, on a box: order along x, y, z. */
export type RieszTransform = (order: Triple, box: Box) => Field;

/**
 * Riesz transform steered to the local structure: order[axes[k]] counts derivatives along the k-th principal direction of the
 * structure tensor J = G_sigma ∗ (R_a R_b) of the first-order transforms, strongest direction first. A direction points
 * to where the first-order transform along it is not negative, which settles the sign of odd orders.
 * IBSI 2 manual (arXiv:2006.05470); Depeursinge et al., IEEE Trans Image Process 2014;23:898.
 * IBSI has no reference response for steering: tests check that it keeps energy and finds the direction of a plane wave.
 *
 * @param sigma mm, of the Gaussian that smooths the tensor (cut off at 4)
 */
export function steered(
  transform: RieszTransform, volume: Volume, box: Box, axes: number[], order: Triple, sigma: number, boundary: Boundary,
): Field {
  const d = axes.length;
  const tensor = structureTensor(transform, volume, box, axes, sigma, boundary);
  const first = axes.map((axis) => transform(unit(axis), box).data);
  const total = order.reduce((a, b) => a + b, 0);
  const monomials = exponents(d, total);
  // R = √(L! / m!) T for the plain derivative T of exponents m
  const derivatives = monomials.map((m) => {
    const { data } = transform(spread(m, axes), box);
    const norm = Math.sqrt(multinomial(m));
    return data.map((r) => r / norm);
  });
  const wanted = axes.map((axis) => order[axis]);
  const gain = Math.sqrt(multinomial(wanted));
  const contractions = Array.from({ length: total }, (_, n) => contraction(d, total - n));
  const tensorAt = new Float64Array(monomials.length);
  const out = new Float64Array(first[0].length);
  const matrix = new Float64Array(d * d);
  for (let i = 0; i < out.length; i++) {
    for (let a = 0, k = 0; a < d; a++) for (let b = a; b < d; b++, k++) matrix[a * d + b] = matrix[b * d + a] = tensor[k][i];
    const directions = symmetricEigen(matrix, d).vectors.map((u) =>
      (u.reduce((sum, part, a) => sum + part * first[a][i], 0) < 0 ? u.map((part) => -part) : u));
    for (let m = 0; m < monomials.length; m++) tensorAt[m] = derivatives[m][i];
    let n = 0;
    for (let k = 0; k < d; k++) for (let times = 0; times < wanted[k]; times++) contract(tensorAt, contractions[n++], directions[k]);
    out[i] = gain * tensorAt[0];
  }
  return { lower: [...box.lower], size: [...box.size], whole: [...volume.size], data: out };
}

/** Smoothed products R_a R_b, a <= b. */
function structureTensor(
  transform: RieszTransform, volume: Volume, box: Box, axes: number[], sigma: number, boundary: Boundary,
): Float64Array[] {
  const kernels = axes.map((axis) => gaussianKernels(sigma / volume.spacing[axis], 4));
  const needed = axes.reduce((b, axis, k) => grown(b, axis, kernels[k].radius, volume.size, boundary), box);
  const first = axes.map((axis) => transform(unit(axis), needed));
  return axes.flatMap((_, a) => axes.slice(a).map((__, beside) => {
    const product: Field = { ...first[a], data: first[a].data.map((r, i) => r * first[a + beside].data[i]) };
    return axes.reduce((field, axis, k) =>
      convolveAxis(field, axis, kernels[k].gaussian, boundary, box.lower[axis], box.lower[axis] + box.size[axis]), product).data;
  }));
}

const unit = (axis: number) => [0, 1, 2].map((a) => (a === axis ? 1 : 0)) as Triple;
const spread = (m: number[], axes: number[]) => [0, 1, 2].map((axis) => m[axes.indexOf(axis)] ?? 0) as Triple;

/** All exponents of d variables that sum to n. */
function exponents(d: number, n: number): number[][] {
  if (d === 1) return [[n]];
  return Array.from({ length: n + 1 }, (_, k) => exponents(d - 1, n - k).map((rest) => [k, ...rest])).flat();
}

/** For a symmetric tensor of order n by exponents: where exponents m + e_a stand, for every m of order n − 1 and every a. */
function contraction(d: number, n: number): Int32Array {
  const higher = new Map(exponents(d, n).map((m, k) => [m.join(), k]));
  return Int32Array.from(exponents(d, n - 1).flatMap((m) =>
    Array.from({ length: d }, (_, a) => higher.get(m.map((e, b) => (a === b ? e + 1 : e)).join())!)));
}

/** The tensor with one index summed against u, in place: T'(m) = Σ_a u_a T(m + e_a) */
function contract(tensor: Float64Array, places: Int32Array, u: Float64Array): void {
  const d = u.length;
  const lower = new Float64Array(places.length / d);
  for (let m = 0; m < lower.length; m++) for (let a = 0; a < d; a++) lower[m] += u[a] * tensor[places[m * d + a]];
  tensor.set(lower);
}

/** n! / (m₁! m₂! …), n = m₁ + m₂ + … */
export function multinomial(m: readonly number[]): number {
  let value = 1;
  let n = 0;
  for (const k of m) for (let j = 1; j <= k; j++) value = (value * ++n) / j;
  return value;
}
