import { expect, test } from "vitest";
import { cholesky, inverse, inverseCholesky, inverseSymmetric, leastSquares, qr, randomStream, solve, solveCholesky } from "../../src/math/index.js";
import { data, reference, unequal } from "../stats.js";

const times = (a: ArrayLike<number>, b: ArrayLike<number>, n: number) => Float64Array.from({ length: n * n }, (_, at) => {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += a[Math.floor(at / n) * n + k] * b[k * n + (at % n)];
  return sum;
});
const identity = (n: number) => Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
const differ = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i])));

test("Cholesky by hand: 4 2 / 2 5 = (2 0 / 1 2)(2 1 / 0 2)", () => {
  const factor = cholesky([4, 2, 2, 5], 2)!;
  expect([...factor]).toEqual([2, 0, 1, 2]);
  expect([...solveCholesky(factor, 2, [8, 12])]).toEqual([1, 2]);
  expect([...inverseCholesky(factor, 2)]).toEqual([5 / 16, -2 / 16, -2 / 16, 4 / 16]);
  expect(cholesky([1, 2, 2, 1], 2)).toBeUndefined();
  expect(cholesky([1, 1, 1, 1], 2)).toBeUndefined();
  expect(cholesky([NaN], 1)).toBeUndefined();
});

test("inverses and solutions of random matrices", () => {
  const random = randomStream("matrices");
  for (const n of [1, 2, 5, 20]) {
    const a = Float64Array.from({ length: n * n }, () => random.normal());
    const symmetric = times(a, Float64Array.from(a, (_, at) => a[(at % n) * n + Math.floor(at / n)]), n).map((x, at) => x + (at % (n + 1) === 0 ? 1 : 0));
    expect(differ(times(a, inverse(a, n)!, n), identity(n))).toBeLessThan(1e-11);
    expect(differ(times(symmetric, inverseSymmetric(symmetric, n)!, n), identity(n))).toBeLessThan(1e-10);
    const x = Float64Array.from({ length: n }, () => random.normal());
    const b = Float64Array.from({ length: n }, (_, i) => x.reduce((s, v, j) => s + a[i * n + j] * v, 0));
    expect(differ(solve(a, n, b)!, x)).toBeLessThan(1e-11);
  }
  // symmetric but indefinite, and singular
  expect([...inverseSymmetric([0, 1, 1, 0], 2)!]).toEqual([0, 1, 1, 0]);
  expect(inverseSymmetric([1, 2, 2, 4], 2)).toBeUndefined();
  expect(solve([1, 2, 2, 4], 2, [1, 1])).toBeUndefined();
});

test("a straight line by hand: (0, 1), (1, 3), (2, 5), (3, 8)", () => {
  const fit = leastSquares([[1, 1, 1, 1], [0, 1, 2, 3]], [1, 3, 5, 8]);
  // slope Σ(x − x̄)(y − ȳ)/Σ(x − x̄)² = 11.5/5, intercept 4.25 − 2.3·1.5
  expect(unequal(fit.coefficients, [0.8, 2.3], 1e-14)).toEqual([]);
  expect(unequal([fit.residualSquares], [0.3], 1e-13)).toEqual([]);
  expect(unequal(fit.unscaledCovariance, [0.7, -0.3, -0.3, 0.2], 1e-14)).toEqual([]);
});

test("columns that depend on earlier ones are aliased in R's order, and do not change the fit", () => {
  const random = randomStream("alias");
  const n = 40;
  const draw = () => Float64Array.from({ length: n }, () => random.normal());
  const [one, a, b, y] = [new Float64Array(n).fill(1), draw(), draw(), draw()];
  const combination = a.map((x, i) => 3 - 2 * x + 1e3 * b[i]);
  const full = leastSquares([one, a, b], y);
  const fit = leastSquares([one, a, new Float64Array(n), b, combination], y);
  expect([fit.rank, fit.aliased]).toEqual([3, [2, 4]]);
  expect(unequal(fit.coefficients, [full.coefficients[0], full.coefficients[1], NaN, full.coefficients[2], NaN], 1e-12)).toEqual([]);
  expect(fit.unscaledCovariance[2]).toBeNaN();
  // just inside and just outside of the tolerance
  const near = (share: number) => qr([one.slice(), a.slice(), a.map((x, i) => x + share * b[i])]).rank;
  expect([near(1e-5), near(1e-9)]).toEqual([3, 2]);
  // more columns than rows
  expect(leastSquares([one, a, b, y].map((c) => c.slice(0, 2)), [1, 2]).rank).toBe(2);
});

test("weights are as rows repeated; residuals stand at right angles to the columns", () => {
  const x = [1, 2, 4, 7];
  const y = [2, 1, 5, 5];
  const weighted = leastSquares([[1, 1, 1, 1], x], y, [1, 2, 1, 3]);
  const again = [0, 1, 1, 2, 3, 3, 3];
  const repeated = leastSquares([again.map(() => 1), again.map((i) => x[i])], again.map((i) => y[i]));
  expect(unequal(weighted.coefficients, repeated.coefficients, 1e-13)).toEqual([]);
  expect(unequal([weighted.residualSquares], [repeated.residualSquares], 1e-13)).toEqual([]);
  const { residuals } = leastSquares([[1, 1, 1, 1], x], y);
  expect(Math.abs(residuals.reduce((s, r) => s + r, 0))).toBeLessThan(1e-13);
  expect(() => leastSquares([[1, 2]], [1, 2, 3])).toThrow(/Column 1 has 2 rows/);
});

// One weighted step from R's own fitted probabilities stays where R stopped: its working response gives its coefficients and covariance.
test("a weighted fit stands still at R's logistic regression", () => {
  const { coef, vcov, fitted } = reference("glm_logit").result;
  const d = data("bin_cohort.csv");
  const shape = (name: string) => Float64Array.from(d.text.shape, (s) => (s === name ? 1 : 0));
  const columns = [d.y.map(() => 1), d.age, d.size, d.adc, d.her2, d.multi, shape("irregular"), shape("round")];
  const beta = Object.values(coef) as number[];
  const weights = fitted.map((mu: number) => mu * (1 - mu));
  const working = Float64Array.from(d.y, (y, i) => columns.reduce((sum, x, j) => sum + x[i] * beta[j], 0) + (y - fitted[i]) / weights[i]);
  const fit = leastSquares(columns, working, weights);
  expect(unequal(fit.coefficients, beta, 1e-6)).toEqual([]);
  // in units of the two standard errors; R's weights are those of its last step but one
  const unit = (v: ArrayLike<number>) => Array.from(v, (x, at) => x / Math.sqrt(vcov[at >> 3][at >> 3] * vcov[at & 7][at & 7]));
  expect(unequal(unit(fit.unscaledCovariance), unit(vcov.flat()), 1e-5, 1)).toEqual([]);
});
