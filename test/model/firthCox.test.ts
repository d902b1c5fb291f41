import { expect, test } from "vitest";
import { InputError, type Design } from "../../src/math/index.js";
import { coxFit, firthCox } from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const designOn = (...names: string[]): Design => ({ names, columns: names.map((name) => d[name]), n: d.time.length });

// One event among two at risk, x = 1 against 0: l* = log π + ½ log π(1 − π), π = e^β/(1 + e^β). By hand: 1.5/π = .5/(1 − π), π = ¾, β = log 3
test("two patients with a monotone likelihood: by hand β = log 3", () => {
  const design: Design = { names: ["x"], columns: [Float64Array.of(1, 0)], n: 2 };
  const model = firthCox(design, { time: [1, 2], event: [1, 0] });
  expect(model.coefficients[0]).toBeCloseTo(Math.log(3), 10);
  // I = π(1 − π) = 3/16
  expect(model.se[0]).toBeCloseTo(Math.sqrt(16 / 3), 9);
  const penalised = (b: number) => 1.5 * Math.log(1 / (1 + Math.exp(-b))) + 0.5 * Math.log(1 / (1 + Math.exp(b)));
  expect(model.penalisedLoglik[0]).toBeCloseTo(penalised(0), 12);
  expect(model.penalisedLoglik[1]).toBeCloseTo(penalised(Math.log(3)), 12);
  // the profile interval is where twice the drop is the 95 % point of χ²(1), 3.841458820694124
  for (const hazardRatio of model.ci[0]) expect(2 * (penalised(Math.log(3)) - penalised(Math.log(hazardRatio)))).toBeCloseTo(3.841458820694124, 8);
});

// plain likelihood and information of coxFit (which agree with R) on a grid around the estimate
test.each(["efron", "breslow"] as const)("no neighbour has a larger penalised likelihood, ties %s", (ties) => {
  const design = designOn("er", "rad");
  const followUp = { time: d.time, event: d.status };
  const options = { ties, weights: d.w, strata: d.text.centre };
  const model = firthCox(design, followUp, options);
  expect(model.converged).toBe(true);
  // l + ½ log|I| at β through an offset and the fit's null model
  const at = (beta: number[]) => {
    const offset = d.time.map((_, k) => beta[0] * d.er[k] + beta[1] * d.rad[k]);
    const { loglik } = coxFit(design, followUp, { ...options, offset, maxIterations: 0 });
    const { covariance: v } = coxFit(design, followUp, { ...options, offset, maxIterations: 0 });
    return loglik[0] - 0.5 * Math.log(v[0][0] * v[1][1] - v[0][1] * v[1][0]);
  };
  const [a, b] = model.coefficients;
  const top = at([a, b]);
  const h = 1e-3;
  for (const [i, j] of [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1], [1, -1]]) expect(at([a + i * h, b + j * h])).toBeLessThan(top);
  expect((at([a + h, b]) - at([a - h, b])) / (2 * h)).toBeCloseTo(0, 4);
  expect((at([a, b + h]) - at([a, b - h])) / (2 * h)).toBeCloseTo(0, 4);
  // same constant (the scale of columns) in both
  expect(2 * (top - at([0, 0]))).toBeCloseTo(model.tests.likelihoodRatio.statistic, 8);
});

test("where coxFit flags a monotone likelihood, the penalty gives a finite hazard ratio with an interval", () => {
  const x = Float64Array.of(1, 1, 1, 0, 0, 0, 0, 0);
  const design: Design = { names: ["x", "age"], columns: [x, Float64Array.of(3, 1, 2, 4, 2, 3, 1, 2)], n: 8 };
  const followUp = { time: [1, 2, 3, 4, 5, 6, 7, 8], event: [1, 1, 1, 0, 0, 0, 0, 0] };
  const plain = coxFit(design, followUp);
  expect(plain.monotone).toContain("x");
  expect(plain.hazardRatio[0]).toBeNaN();
  expect(plain.warnings.join()).toMatch(/"x": the likelihood is monotone, the estimate runs to \+infinity.*firthCox/);
  const model = firthCox(design, followUp);
  expect(model.converged).toBe(true);
  expect(model.hazardRatio[0]).toBeGreaterThan(1);
  expect(model.ci[0][0]).toBeLessThan(model.hazardRatio[0]);
  expect(model.ci[0][1]).toBeGreaterThan(model.hazardRatio[0]);
  expect(model.p[0]).toBeLessThan(0.1);
  expect(() => firthCox({ names: [], columns: [], n: 8 }, followUp)).toThrow(InputError);
});

// R: loglik and information of survival::coxph(init, iter.max = 0), maximised by optim and Newton steps (coxphf is not among R's packages of Debian)
test.each([
  ["efron", ["age", "er", "rad"], 180, { ties: "efron" }], ["breslow", ["age", "er", "rad"], 180, { ties: "breslow" }],
  ["breslow_strata_first60", ["er", "rad"], 60, { ties: "breslow", strata: d.text.centre.slice(0, 60) }], ["monotone_efron", ["x", "age"], 10, { ties: "efron" }],
] as const)("estimates, covariance, penalised likelihood, profile intervals and tests agree with R: %s (firth_cox)", (name, names, n, options) => {
  const { result } = reference("firth_cox");
  const r = result[name];
  const from = name === "monotone_efron" ? result.monotone : d;
  const columns = names.map((v) => Float64Array.from(from[v]).slice(0, n));
  const event = name === "monotone_efron" ? from.event : d.status.slice(0, n);
  const model = firthCox({ names: [...names], columns, n }, { time: Array.from(from.time as number[]).slice(0, n), event }, options);
  expect(unequal(model.coefficients, r.coef, 1e-8)).toEqual([]);
  expect(unequal(model.covariance.flat(), r.var.flat(), 1e-8, 1e-3)).toEqual([]);
  expect(unequal(model.penalisedLoglik, r.penalised_loglik, 1e-10)).toEqual([]);
  expect(unequal(model.ci.map((v) => v[0]), r.lower, 1e-6)).toEqual([]);
  expect(unequal(model.ci.map((v) => v[1]), r.upper, 1e-6)).toEqual([]);
  expect(unequal(model.p, r.p, 1e-6)).toEqual([]);
});
