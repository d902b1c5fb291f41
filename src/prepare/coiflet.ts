import { one, over, polynomialProduct, times, nearestDouble } from "./fixedPoint.js";
import type { Fixed, FixedComplex } from "./fixedPoint.js";

/**
 * Coiflet of order k, length 6k: 2k vanishing moments of the wavelet and 2k − 1 of the scaling function.
 * H = M + Gᵏ F, where M is the maximally flat half-band filter of order k, G = sin²(ω)/4 and F an unknown polynomial of
 * 2k coefficients: every H of this form has the moments, and F follows from orthonormality by Newton's method from F = 0.
 * Daubechies, Ten Lectures on Wavelets (1992), section 8.2. Agrees with PyWavelets coif1–coif17 (Hatano's decimals).
 */
export function coiflet(k: number): Float64Array {
  const { flat, gain } = halfBand(k);
  const length = 6 * k;
  const free: Fixed[] = Array.from({ length: 2 * k }, () => 0n);
  const filter = (): Fixed[] => {
    const h: Fixed[] = Array.from({ length }, () => 0n);
    flat.forEach((m, i) => { h[i + 1] += m; });
    free.forEach((f, n) => gain.forEach((g, i) => { h[i + n] += times(g, f); }));
    return h;
  };
  for (let round = 0; round < 30; round++) {
    const h = filter();
    const at = (i: number): Fixed => h[i] ?? 0n;
    // Σ h[i] h[i + 2j] = 0 for j ≥ k; for smaller j it then holds through the moments
    const equations = Array.from({ length: 2 * k }, (_, row) => {
      const shift = 2 * (k + row);
      const slopes = free.map((_f, n) => gain.reduce((s, g, i) => (g === 0n ? s : s + times(g, at(i + n + shift) + at(i + n - shift))), 0n));
      let value = 0n;
      for (let i = 0; i + shift < length; i++) value += times(h[i], h[i + shift]);
      return [...slopes, -value];
    });
    const step = solve(equations);
    let largest = 0;
    step.forEach((s, n) => {
      free[n] += s;
      largest = Math.max(largest, Math.abs(nearestDouble(s)));
    });
    if (largest < 1e-40) break;
  }
  // PyWavelets rounds its decimals before and after the factor √2
  return Float64Array.from(filter(), (x) => nearestDouble(x) * Math.SQRT2);
}

/** cᵏ Σ C(k − 1 + i, i) sⁱ, i < k, and (c s)ᵏ, as coefficients, where c = (1 + cos ω)/2 and s = (1 − cos ω)/2. */
function halfBand(k: number): { flat: Fixed[]; gain: Fixed[] } {
  const q = one >> 2n;
  const c = [q, 2n * q, q].map(real);
  const s = [-q, 2n * q, -q].map(real);
  let ck = [real(one)];
  for (let i = 0; i < k; i++) ck = polynomialProduct(ck, c);
  const sum: Fixed[] = Array.from({ length: 2 * k - 1 }, () => 0n);
  let power = [real(one)];
  let binomial = 1n;
  for (let i = 0; i < k; i++) {
    power.forEach((x, j) => { sum[j + k - 1 - i] += binomial * x.re; });
    power = polynomialProduct(power, s);
    binomial = (binomial * BigInt(k + i)) / BigInt(i + 1);
  }
  return { flat: polynomialProduct(ck, sum.map(real)).map((x) => x.re), gain: polynomialProduct(ck, power).map((x) => x.re) };
}

const real = (re: Fixed): FixedComplex => ({ re, im: 0n });

/** Gaussian elimination with row pivots; each row holds its right-hand side last. */
function solve(rows: Fixed[][]): Fixed[] {
  const n = rows.length;
  const size = (x: Fixed): Fixed => (x < 0n ? -x : x);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (size(rows[r][c]) > size(rows[pivot][c])) pivot = r;
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    for (let r = c + 1; r < n; r++) {
      const factor = over(rows[r][c], rows[c][c]);
      for (let j = c; j <= n; j++) rows[r][j] -= times(factor, rows[c][j]);
    }
  }
  const x: Fixed[] = Array.from({ length: n }, () => 0n);
  for (let c = n - 1; c >= 0; c--) {
    let rest = rows[c][n];
    for (let j = c + 1; j < n; j++) rest -= times(rows[c][j], x[j]);
    x[c] = over(rest, rows[c][c]);
  }
  return x;
}
