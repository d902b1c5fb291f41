import { expect, test } from "vitest";
import { elasticNetPath, flattenRadscore, logisticFit, logisticLinear, radscore, radscoreFormula, radscoreFromFormula, radscoreOf, radscoreOfModel, radscoreOfNet, withRadscores } from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";
import { designFrom } from "./cohorts.js";

const d = data("bin_cohort.csv");
const { design } = designFrom("bin_cohort.csv", ["age", "size", "adc", "her2"]);

test("a Radscore prints its formula and the formula reads back", () => {
  const score = radscore("Radscore", [{ name: "wavelet-HLH_glcm_Idn", coefficient: -0.0123456 }, { name: "shape", coefficient: 2e-7 }], -1.5);
  expect(radscoreFormula(score, 3)).toBe("Radscore = −1.5 − 0.0123 × wavelet-HLH_glcm_Idn + 2e−7 × shape");
  expect(radscoreFromFormula(radscoreFormula(score))).toEqual(score);
  expect(radscoreFromFormula("R = 0.5 * a - 2 * b-c + 1")).toMatchObject({ intercept: 1, terms: [{ name: "a", coefficient: 0.5 }, { name: "b-c", coefficient: -2 }] });
  expect(radscoreFormula(radscore("empty", []))).toBe("empty = 0");
  expect(() => radscoreFromFormula("R = 0.5 a + b")).toThrow(/"0.5 a" is no "number"/);
});

// R glmnet 4.1, cv.glmnet's coefficients at lambda.min (tight threshold); tolerance of STATISTICS: 1e-5 of a coefficient times its sd
test("the score of an elastic-net fit holds R glmnet's coefficients at lambda.min (glmnet_binomial_a1)", () => {
  const { cv } = reference("glmnet_binomial_a1").result;
  const x = designFrom("bin_cohort.csv", ["age", "size", "adc", "her2", "multi", "shape:irregular,oval,round", "m1", "m2"]).design;
  const path = elasticNetPath(x, { kind: "binary", event: Uint8Array.from(d.y), name: "y" }, { tolerance: 1e-9 });
  const score = radscoreOfNet("Radscore", path, cv.lambda_min);
  expect(score.terms.map((t) => t.name)).toEqual(["size", "adc"]);
  expect(unequal([score.intercept, score.terms[1].coefficient], [cv.coef_min[0], cv.coef_min[3]], 1e-5)).toEqual([]);
  // size has sd 10
  expect(Math.abs(score.terms[0].coefficient - cv.coef_min[2]) * 10).toBeLessThan(1e-5);
});

test("a model's score is its linear predictor", () => {
  const fit = logisticFit(design, d.y);
  expect(unequal(radscoreOf(radscoreOfModel("lp", fit), design), logisticLinear(fit, design), 1e-12)).toEqual([]);
});

test("a signature of signatures equals its features written out", () => {
  const table = { id: ["a", "b"], columns: Object.fromEntries(["x", "y"].map((name, k) => [name, { kind: "number" as const, values: Float64Array.of(1 + k, NaN) }])) };
  const us = radscore("ultrasound", [{ name: "x", coefficient: 2 }], 1);
  const mri = radscore("mri", [{ name: "x", coefficient: 1 }, { name: "y", coefficient: -1 }]);
  const gross = radscore("gross", [{ name: "ultrasound", coefficient: 0.5 }, { name: "mri", coefficient: 3 }], 0.25);
  const scored = withRadscores(table, [us, mri, gross]).columns;
  // us 3, mri −1, gross .25 + 1.5 − 3
  expect((scored.gross as { values: Float64Array }).values).toEqual(Float64Array.of(-1.25, NaN));
  const flat = flattenRadscore(gross, [us, mri]);
  expect(flat).toEqual(radscore("gross", [{ name: "x", coefficient: 4 }, { name: "y", coefficient: -3 }], 0.75));
  expect(() => withRadscores(table, [gross])).toThrow(/the table lacks "ultrasound"/);
  expect(() => flattenRadscore(gross, [us, radscore("mri", [{ name: "gross", coefficient: 1 }]), gross])).toThrow(/holds itself/);
  expect(() => radscore("r", [{ name: "x", coefficient: NaN }])).toThrow(/coefficient of "x" is NaN/);
  expect(radscore("r", []).warnings).toHaveLength(1);
});
