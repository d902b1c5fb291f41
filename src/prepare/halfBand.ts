import { cos, exp, log, sin } from "../math/index.js";
import { complex, fixed, minus, one, over, plus, polynomialProduct, product, quotient, root, nearestDouble } from "./fixedPoint.js";
import type { Fixed, FixedComplex } from "./fixedPoint.js";

/**
 * Roots of Daubechies' polynomial P(y) = Σ C(n − 1 + k, k) yᵏ, k < n, where y = (2 − z − 1/z) / 4, each as the root z
 * inside the unit circle. ((1 + z)(1 + 1/z) / 4)ⁿ P is the maximally flat half-band filter of order n.
 * Daubechies, Ten Lectures on Wavelets (1992), section 6.1.
 * One entry for a real root, one (with im > 0) for a conjugate pair.
 */
export function halfBandRoots(n: number): FixedComplex[] {
  const p: bigint[] = [1n];
  for (let k = 1; k < n; k++) p.push((p[k - 1] * BigInt(n - 1 + k)) / BigInt(k));
  return simultaneousRoots(p).map(insideUnitCircle)
    .filter((z) => nearestDouble(z.im) >= -1e-30).map((z) => (Math.abs(nearestDouble(z.im)) < 1e-30 ? { re: z.re, im: 0n } : z));
}

/** All roots at once by Aberth's method: first in double, then a few cubic steps in high precision. */
function simultaneousRoots(p: bigint[]): FixedComplex[] {
  const degree = p.length - 1;
  const scale = Number(p[0]) / Number(p[degree]);
  const radius = exp(log(scale) / degree);
  let roots: FixedComplex[] = Array.from({ length: degree }, (_, k) => {
    const angle = (2 * Math.PI * (k + 0.35)) / degree;
    return complex(radius * cos(angle), radius * sin(angle));
  });
  const coefficients = p.map((c) => ({ re: c * one, im: 0n }));
  for (let round = 0; round < 200; round++) {
    let largest = 0;
    roots = roots.map((z, i) => {
      let value: FixedComplex = { re: 0n, im: 0n };
      let slope: FixedComplex = { re: 0n, im: 0n };
      for (let k = degree; k >= 0; k--) {
        slope = plus(product(slope, z), value);
        value = plus(product(value, z), coefficients[k]);
      }
      const newton = quotient(value, slope);
      let repulsion: FixedComplex = { re: 0n, im: 0n };
      roots.forEach((other, j) => {
        if (j !== i) repulsion = plus(repulsion, quotient({ re: one, im: 0n }, minus(z, other)));
      });
      const step = quotient(newton, minus({ re: one, im: 0n }, product(newton, repulsion)));
      largest = Math.max(largest, Math.abs(nearestDouble(step.re)) + Math.abs(nearestDouble(step.im)));
      return minus(z, step);
    });
    if (largest < 1e-60) return roots;
  }
  throw new Error("halfBandRoots: Aberth iteration did not settle");
}

/** z² − (2 − 4y) z + 1 = 0 has two roots whose product is 1: the one inside the unit circle. */
function insideUnitCircle(y: FixedComplex): FixedComplex {
  const half: FixedComplex = { re: one - 2n * y.re, im: -2n * y.im };
  const square = minus(product(half, half), { re: one, im: 0n });
  const size = root(timesSelf(square));
  // principal square root of a complex number
  const re = root((size + square.re) >> 1n);
  const imSize = root((size - square.re) >> 1n);
  const branch: FixedComplex = { re, im: square.im < 0n ? -imSize : imSize };
  const a = plus(half, branch);
  const b = minus(half, branch);
  return timesSelf(a) < timesSelf(b) ? a : b;
}

function timesSelf(a: FixedComplex): Fixed {
  return product(a, { re: a.re, im: -a.im }).re;
}

/**
 * ((1 + w) / 2)ⁿ ∏ (1 − zᵢ w), coefficients of rising powers of w = 1/z, scaled so that they sum to √2.
 * @param roots  a root with im ≠ 0 stands for itself and its conjugate
 */
export function filterFromRoots(n: number, roots: FixedComplex[]): Float64Array {
  let h: FixedComplex[] = [{ re: one, im: 0n }];
  for (let k = 0; k < n; k++) h = polynomialProduct(h, [{ re: one, im: 0n }, { re: one, im: 0n }]);
  for (const z of roots) {
    h = z.im === 0n
      ? polynomialProduct(h, [{ re: one, im: 0n }, { re: -z.re, im: 0n }])
      : polynomialProduct(h, [{ re: one, im: 0n }, { re: -2n * z.re, im: 0n }, { re: timesSelf(z), im: 0n }]);
  }
  const total = h.reduce((s, c) => s + c.re, 0n);
  const gain = over(root(fixed(2)), total);
  return Float64Array.from(h, (c) => nearestDouble((c.re * gain) >> 480n));
}
