import { expect, test } from "vitest";
import { InputError, multinomialLogistic, proportionalOdds, type Design } from "../../src/math/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const design = (...names: string[]): Design => ({ names, columns: names.map((n) => d[n]), n: d.time.length });
const { multinom, polr } = reference("categorical_regression").result;

// Expected: R nnet 7.3-18 multinom, weighted (makeMethods.R); 1e-5 as its search stops at a gradient of about that
test("polytomous regression agrees with multinom", () => {
  const fit = multinomialLogistic(design("age", "nodes", "rad"), d.text.grade.map((g) => ["G1", "G2", "G3"].indexOf(g)), { weights: d.w });
  expect(fit.converged).toBe(true);
  expect(unequal(fit.coefficients.flat(), multinom.coef.flat(), 1e-5)).toEqual([]);
  expect(unequal(fit.covariance.flat(), multinom.vcov.flat(), 1e-5)).toEqual([]);
  expect(-2 * fit.logLik).toBeCloseTo(multinom.deviance, 9);
});

// Expected: R MASS 7.3-58.2 polr, weighted; its Hessian is by differences, hence 1e-4 on the covariance
test("proportional odds agree with polr", () => {
  const fit = proportionalOdds(design("age", "ki67", "rad"), d.nodes.map((v) => Math.min(v, 2)), { weights: d.w });
  expect(fit.converged).toBe(true);
  expect(unequal([...fit.slopes, ...fit.cuts], [...polr.coef, ...polr.zeta], 1e-4)).toEqual([]);
  expect(unequal(fit.covariance.flat(), polr.vcov.flat(), 1e-3)).toEqual([]);
  expect(-2 * fit.logLik).toBeCloseTo(polr.deviance, 9);
});

test("without variables the fits give the classes' shares", () => {
  const none: Design = { names: [], columns: [], n: 10 };
  const classes = [0, 0, 1, 1, 1, 2, 2, 2, 2, 2];
  expect(unequal(multinomialLogistic(none, classes).coefficients.flat(), [Math.log(3 / 2), Math.log(5 / 2)], 1e-12)).toEqual([]);
  expect(unequal(proportionalOdds(none, classes).cuts, [Math.log(2 / 8), 0], 1e-12, 1)).toEqual([]);
});

test("separation is told, and a ridge settles it; a class that is not met is an error", () => {
  const apart: Design = { names: ["x"], columns: [Float64Array.of(1, 2, 3, 4, 5, 6)], n: 6 };
  const classes = [0, 0, 0, 1, 1, 1];
  for (const fit of [multinomialLogistic, proportionalOdds]) {
    expect(fit(apart, classes).converged, fit.name).toBe(false);
    expect(fit(apart, classes).warnings[0]).toMatch(/separate/);
    expect(fit(apart, classes, { ridge: 0.1 }).converged).toBe(true);
    expect(() => fit(apart, [0, 0, 0, 2, 2, 2])).toThrow(/classes 0 … 2/);
    expect(() => fit(apart, [0, 1])).toThrow(InputError);
  }
});
