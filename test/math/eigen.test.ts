import { expect, test } from "vitest";
import { dominantEigenvalue, dominantEigenvalueOf, eigenvalueOf, eigenvaluesBelow, tridiagonal } from "../../src/math/index.js";

/** The same numbers on every machine, in [−0.5, 0.5). */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296 - 0.5;
}

function randomSymmetric(n: number, seed: number): Float64Array {
  const next = chance(seed);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = next();
  return a;
}

const times = (a: Float64Array, n: number) => (x: Float64Array, y: Float64Array) => {
  for (let i = 0; i < n; i++) {
    y[i] = 0;
    for (let j = 0; j < n; j++) y[i] += a[i * n + j] * x[j];
  }
};

// numpy 2.4.6: numpy.linalg.eigvalsh of the 6 × 6 Hilbert matrix 1 / (i + j + 1)
test("eigenvalues of the Hilbert matrix agree with numpy", () => {
  const t = tridiagonal(Float64Array.from({ length: 36 }, (_, k) => 1 / (Math.floor(k / 6) + (k % 6) + 1)), 6);
  const expected = [1.0827994844532908e-07, 1.257075712262841e-05, 0.000615748354182639, 0.016321521319875815, 0.24236087057520933, 1.618899858924339];
  expected.forEach((value, rank) => expect(Math.abs(eigenvalueOf(t, rank) - value)).toBeLessThan(1e-15));
  expect(eigenvaluesBelow(t, 0.01)).toBe(3);
});

// −1, 2, −1 along the diagonals: 2 − 2 cos(k π / (n + 1)) (Golub & Van Loan, 4.8.6)
test("eigenvalues of the second difference are known in closed form", () => {
  const n = 12;
  const t = { d: new Float64Array(n).fill(2), e: new Float64Array(n - 1).fill(-1) };
  for (let k = 1; k <= n; k++) expect(eigenvalueOf(t, k - 1)).toBeCloseTo(2 - 2 * Math.cos((k * Math.PI) / (n + 1)), 14);
});

test("reduction keeps the trace and the sum of squares", () => {
  for (const n of [1, 2, 3, 9, 40]) {
    const a = randomSymmetric(n, n);
    const { d, e } = tridiagonal(a, n);
    const trace = d.reduce((sum, x) => sum + x, 0);
    const squares = d.reduce((sum, x) => sum + x * x, 0) + 2 * e.reduce((sum, x) => sum + x * x, 0);
    expect(trace).toBeCloseTo(Array.from({ length: n }, (_, i) => a[i * n + i]).reduce((x, y) => x + y, 0), 12);
    expect(squares).toBeCloseTo(a.reduce((sum, x) => sum + x * x, 0), 12);
  }
});

test("iteration and reduction find the same dominant eigenvalue", () => {
  for (const n of [1, 2, 5, 30, 90]) {
    const a = randomSymmetric(n, 100 + n);
    const value = dominantEigenvalue(a, n);
    expect(Math.abs(dominantEigenvalueOf(times(a, n), n)! - value)).toBeLessThan(1e-12);
    const t = tridiagonal(a, n);
    expect(Math.abs(value)).toBeCloseTo(Math.max(-eigenvalueOf(t, 0), eigenvalueOf(t, n - 1)), 13);
  }
});

test("a dominant eigenvalue may be negative, repeated, or zero", () => {
  expect(dominantEigenvalue(Float64Array.of(0, -2, -2, -3), 2)).toBeCloseTo(-4, 14);
  expect(dominantEigenvalueOf(times(Float64Array.of(0, -2, -2, -3), 2), 2)).toBeCloseTo(-4, 14);
  expect(dominantEigenvalue(Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, -0.5), 3)).toBeCloseTo(1, 14);
  const crowd = Float64Array.from({ length: 900 }, (_, k) => (k % 31 === 0 ? 1 - 1e-13 * k : 0));
  expect(dominantEigenvalue(crowd, 30)).toBeCloseTo(1, 14);
  expect(dominantEigenvalue(new Float64Array(9), 3)).toBeCloseTo(0, 14);
  expect(dominantEigenvalueOf((_, y) => y.fill(0), 30)).toBeCloseTo(0, 14);
  expect(dominantEigenvalue(new Float64Array(0), 0)).toBe(0);
});
