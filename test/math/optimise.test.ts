import { expect, test } from "vitest";
import { bfgs, brentMinimum, brentRoot, nelderMead } from "../../src/math/index.js";
import { data, reference, unequal } from "../stats.js";

/** Rosenbrock's valley, Comput J 1960;3:175: least at (1, 1), value 0. */
const valley = (x: ArrayLike<number>) => 100 * (x[1] - x[0] * x[0]) ** 2 + (1 - x[0]) ** 2;
const valleyWithSlopes = (x: Float64Array, g: Float64Array) => {
  g[0] = -400 * x[0] * (x[1] - x[0] * x[0]) - 2 * (1 - x[0]);
  g[1] = 200 * (x[1] - x[0] * x[0]);
  return valley(x);
};

test("Rosenbrock's valley from (−1.2, 1), with and without derivatives", () => {
  const quasi = bfgs(valleyWithSlopes, [-1.2, 1]);
  expect(quasi.converged).toBe(true);
  expect(unequal(quasi.x, [1, 1], 1e-7)).toEqual([]);
  expect(quasi.iterations).toBeLessThan(60);
  const simplex = nelderMead(valley, [-1.2, 1]);
  expect(simplex.converged).toBe(true);
  expect(unequal(simplex.x, [1, 1], 1e-4)).toEqual([]);
});

test("bfgs finds the coefficients of R's logistic regression", () => {
  const { coef, deviance } = reference("glm_logit").result;
  const d = data("bin_cohort.csv");
  const shape = (name: string) => Float64Array.from(d.text.shape, (s) => (s === name ? 1 : 0));
  const columns = [d.y.map(() => 1), d.age, d.size, d.adc, d.her2, d.multi, shape("irregular"), shape("round")];
  const fit = bfgs((beta, gradient) => {
    let value = 0;
    gradient.fill(0);
    d.y.forEach((y, i) => {
      const eta = columns.reduce((sum, x, j) => sum + x[i] * beta[j], 0);
      value += 2 * (Math.log1p(Math.exp(eta)) - y * eta);
      columns.forEach((x, j) => (gradient[j] += 2 * (1 / (1 + Math.exp(-eta)) - y) * x[i]));
    });
    return value;
  }, new Float64Array(8), { gradientTolerance: 1e-10 });
  expect(fit.converged).toBe(true);
  expect(unequal(fit.x, Object.values(coef) as number[], 1e-6)).toEqual([]);
  expect(unequal([fit.value], [deviance], 1e-12)).toEqual([]);
});

test("bounded iterations end with a warning, walls of Infinity are not crossed, a false derivative is told", () => {
  const short = bfgs(valleyWithSlopes, [-1.2, 1], { maxIterations: 3 });
  expect([short.converged, short.iterations, short.warnings.length]).toEqual([false, 3, 1]);
  // x − log x on x > 0: least at 1
  const wall = bfgs((x, g) => { g[0] = 1 - 1 / x[0]; return x[0] > 0 ? x[0] - Math.log(x[0]) : Infinity; }, [1e-3]);
  expect(unequal(wall.x, [1], 1e-6)).toEqual([]);
  const wrong = bfgs((x, g) => { g[0] = -2 * x[0]; return x[0] * x[0]; }, [1]);
  expect(wrong.converged).toBe(false);
  expect(wrong.warnings[0]).toMatch(/derivatives/);
  // no minimum at all
  expect(bfgs((x, g) => { g[0] = -1; return -x[0]; }, [0], { maxIterations: 20 }).converged).toBe(false);
  expect(() => bfgs(() => NaN, [0])).toThrow(/function is NaN/);
  expect(nelderMead(valley, [-1.2, 1], { maxEvaluations: 20 }).warnings.length).toBe(1);
});

test("zeros between bounds", () => {
  const { root, converged, iterations } = brentRoot((x) => x * x * x - 2, 0, 2);
  expect(unequal([root], [1.259921049894873], 1e-14)).toEqual([]);
  expect(converged && iterations < 15).toBe(true);
  // Brent's hard case: a root of high order
  expect(Math.abs(brentRoot((x) => (x - 0.3) ** 9, -1, 4).root - 0.3)).toBeLessThan(1e-3);
  expect(brentRoot((x) => x, 0, 5).root).toBe(0);
  expect(brentRoot((x) => (x < 0.7 ? -1 : 1), 0, 1).root).toBeCloseTo(0.7, 11);
  expect(() => brentRoot((x) => x * x + 1, -1, 1)).toThrow(/change its sign/);
  expect(() => brentRoot(() => NaN, -1, 1)).toThrow(/NaN/);
});

test("a minimum between bounds, inside and at the end", () => {
  expect(brentMinimum((x) => (x - 1 / 3) ** 2, 0, 1).x).toBeCloseTo(1 / 3, 7);
  expect(brentMinimum((x) => Math.exp(x) - 2 * x, -5, 5).x).toBeCloseTo(Math.LN2, 6);
  expect(brentMinimum((x) => x, 2, 3).x).toBeCloseTo(2, 6);
  expect(() => brentMinimum((x) => x, 3, 2)).toThrow(/below the second/);
});
