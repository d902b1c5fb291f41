import { expect, test } from "vitest";
import type { BinaryOutcome, Table } from "../../src/cohort/index.js";
import { randomStream } from "../../src/math/index.js";
import {
  firthLearner, forwardScoreLr, linearFit, linearLearner, logisticFit, logisticLearner, logisticProbability, logisticStepper, networkLearner, stepwise, type Learner,
} from "../../src/model/index.js";
import { extendedTest, readJson } from "../data.js";
import { data, unequal } from "../stats.js";
import { designFrom } from "./cohorts.js";

const d = data("bin_cohort.csv");
const { design } = designFrom("bin_cohort.csv", ["age", "size", "adc"]);
const column = (values: ArrayLike<number>) => ({ names: ["x"], columns: [Float64Array.from(values)], n: values.length });

extendedTest("logistic regression and its steps agree with R glm on infert (glm_infert)", "stats/reference/glm_infert.json", (path) => {
  const { data: t, result: r } = readJson(path);
  const names = ["age", "parity", "induced", "spontaneous"];
  const x = { names, columns: names.map((name) => Float64Array.from(t[name] as number[])), n: 248 };
  const fit = logisticFit(x, t.case, { informationAt: "glm" });
  expect(unequal(fit.coefficient, Object.values(r.coef), 1e-8)).toEqual([]);
  expect(unequal(fit.se, Object.values(r.se), 1e-8)).toEqual([]);
  expect(unequal(fit.p, Object.values(r.p), 1e-7)).toEqual([]);
  expect(unequal([fit.aic, fit.bic, fit.deviance, fit.nullDeviance], [r.aic, r.bic, r.deviance, r.null_deviance], 1e-10)).toEqual([]);
  const steps = stepwise(names, logisticStepper(x, t.case));
  expect(steps.terms).toEqual([r.step_aic.terms].flat());
  expect(unequal(steps.path.map((s) => s.criterion), [r.step_aic.steps].flat().map((s: any) => s.aic), 1e-10)).toEqual([]);
});

test("input that no logistic regression can use is named", () => {
  expect(() => logisticFit(design, new Uint8Array(160))).toThrow(/all 160 patients have outcome 0; both outcomes are needed/);
  expect(() => logisticFit(design, new Uint8Array(160).fill(1))).toThrow(/outcome 1/);
  expect(() => logisticFit(design, d.y.slice(1))).toThrow(/159 patients but the design 160/);
  expect(() => logisticFit(design, d.m1)).toThrow(/expected 0 or 1/);
  expect(() => logisticFit(design, d.y, { weights: new Float64Array(160).fill(Infinity) })).toThrow(/weights hold Infinity in row 1/);
  expect(() => logisticFit(design, d.y, { weights: new Float64Array(160) })).toThrow(/all weights are 0/);
  expect(() => logisticFit(design, d.y, { weights: d.y.map((y) => -y) })).toThrow(/weights hold -1/);
  expect(() => logisticFit(design, d.y, { offset: d.y.map(() => NaN) })).toThrow(/offsets hold NaN/);
  expect(() => logisticFit(design, d.y, { level: 95 })).toThrow(/level of the intervals is 95/);
  expect(() => logisticFit(column([1, NaN, 3, 4]), [0, 1, 0, 1])).toThrow(/"x" is NaN in row 2/);
  expect(() => logisticFit({ ...design, names: ["age", "age", "adc"] }, d.y)).toThrow(/two columns are named "age"/);
  const wide = { names: Array.from({ length: 9 }, (_, j) => `f${j}`), columns: Array.from({ length: 9 }, (_, j) => Float64Array.from({ length: 8 }, (__, i) => Math.sin(1 + i * j + j))), n: 8 };
  expect(() => logisticFit(wide, [0, 1, 0, 1, 0, 1, 0, 1])).toThrow(/coefficients \(intercept included\) for 8 patients/);
  expect(() => linearFit(design, new Float64Array(160).fill(3))).toThrow(/outcome is 3 in all 160/);
  expect(() => logisticProbability(logisticFit(design, d.y), column([1]))).toThrow(/fitted on age, size, adc, but the design holds x/);
});

test("constant and dependent columns are left out by name, and change nothing else", () => {
  const [age, size, adc] = design.columns;
  const fit = logisticFit({ names: ["age", "one", "size", "sum", "adc"], columns: [age, age.map(() => 7), size, age.map((v, i) => v - 2 * size[i] + 3), adc], n: 160 }, d.y);
  const plain = logisticFit(design, d.y);
  expect(fit.aliased).toEqual(["one", "sum"]);
  expect(fit.warnings).toEqual([
    "one: it has the one value 7 in all 160 patients; it has no coefficient. Leave it out.",
    "sum: it is a linear combination of age, size; it has no coefficient. Leave it out.",
  ]);
  expect(unequal([0, 1, 3, 5].map((j) => fit.coefficient[j]), plain.coefficient, 1e-12)).toEqual([]);
  expect([fit.aic, fit.df]).toEqual([plain.aic, plain.df]);
});

test("patients of weight 0 do not count, and weight 2 counts twice", () => {
  const w = Float64Array.from({ length: 160 }, (_, i) => i % 3);
  const rows = [...w.keys()].flatMap((i) => Array.from({ length: w[i] }, () => i));
  const twice = { ...design, columns: design.columns.map((c) => Float64Array.from(rows, (i) => c[i])), n: rows.length };
  const [a, b] = [logisticFit(design, d.y, { weights: w }), logisticFit(twice, rows.map((i) => d.y[i]))];
  expect(unequal(a.coefficient, b.coefficient, 1e-9)).toEqual([]);
  expect(unequal(a.se, b.se, 1e-9)).toEqual([]);
  expect(a.n).toBe(w.filter((v) => v > 0).length);
});

test("the scale and origin of a variable change its coefficient only, even far from 0", () => {
  const days = design.columns[1].map((v) => 1e7 + v);
  const fit = logisticFit({ ...design, columns: [design.columns[0], days, design.columns[2]] }, d.y);
  const plain = logisticFit(design, d.y);
  expect(unequal(fit.coefficient.slice(1), plain.coefficient.slice(1), 1e-6)).toEqual([]);
  expect(fit.logLik).toBeCloseTo(plain.logLik, 8);
});

test("one patient far out is no separation: the estimate is finite and said to have converged", () => {
  const x = Float64Array.from({ length: 200 }, (_, i) => (i === 0 ? 1e9 : Math.sin(i * 7.7)));
  const fit = logisticFit(column(x), Uint8Array.from(x, (_, i) => i % 2));
  expect([fit.converged, fit.separation, fit.warnings]).toEqual([true, undefined, []]);
});

test("searches name unknown terms and thresholds that could go round", () => {
  const fitter = logisticStepper(design, d.y);
  expect(() => stepwise(["age", "siize"], fitter)).toThrow(/"siize" is no term/);
  expect(() => stepwise(["age", "size"], fitter, { start: ["sise"] })).toThrow(/Did you mean "size"/);
  expect(() => stepwise(["age"], fitter, { criterion: "BIK" as "BIC" })).toThrow(/unknown criterion "BIK"/);
  expect(() => forwardScoreLr(["age"], fitter, { enter: 0.2, remove: 0.1 })).toThrow(/enters at p < 0.2 but leaves at p > 0.1/);
});

test("a search passes over what adds nothing, keeps what must stay, and never takes both of a copied pair", () => {
  const [age, size, adc] = design.columns;
  const copied = { names: ["age", "size", "adc", "copy"], columns: [age, size, adc, adc.map((v) => 3 - v)], n: 160 };
  const found = stepwise(copied.names, logisticStepper(copied, d.y), { direction: "forward", always: ["age"] });
  expect(found.terms[0]).toBe("age");
  expect(found.terms.filter((t) => t === "adc" || t === "copy")).toHaveLength(1);
  expect(found.warnings.join()).toMatch(/(copy|adc): adds nothing to age/);
  expect(forwardScoreLr(["adc", "copy"], logisticStepper(copied, d.y)).warnings.join()).toMatch(/no score test beside/);
});

// 400 cohorts of 120: coverage of the 95 % Wald and the uniform p of a null variable, within 3 Monte Carlo standard errors
test("Wald intervals cover the truth in 95 % and p of a null variable is uniform (400 simulated cohorts)", () => {
  const random = randomStream(20);
  let [covered, below] = [0, 0];
  for (let k = 0; k < 400; k++) {
    const x = Float64Array.from({ length: 120 }, () => random.normal());
    const z = Float64Array.from({ length: 120 }, () => random.normal());
    const y = Uint8Array.from(x, (v) => Number(random.next() < 1 / (1 + Math.exp(0.2 - 0.7 * v))));
    const fit = logisticFit({ names: ["x", "z"], columns: [x, z], n: 120 }, y);
    if (fit.lower[1] <= 0.7 && fit.upper[1] >= 0.7) covered++;
    if (fit.p[2] < 0.25) below++;
  }
  expect(Math.abs(covered / 400 - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / 400));
  expect(Math.abs(below / 400 - 0.25)).toBeLessThan(3 * Math.sqrt((0.25 * 0.75) / 400));
});

test("learners fit tables, name unknown categories, and predict the same from JSON", () => {
  const levels = ["oval", "round", "irregular"];
  const table: Table = { id: Array.from(d.y, (_, i) => `P${i}`), columns: {
    age: { kind: "number", values: d.age }, adc: { kind: "number", values: d.adc },
    shape: { kind: "category", codes: Int32Array.from(d.text.shape, (v) => levels.indexOf(v)), levels, ordered: false },
  } };
  const outcome: BinaryOutcome = { kind: "binary", event: Uint8Array.from(d.y), name: "pCR" };
  const strange: Table = { ...table, columns: { ...table.columns, shape: { kind: "category", codes: Int32Array.from(d.y, () => 0), levels: ["square"], ordered: false } } };
  for (const learner of [logisticLearner, firthLearner, networkLearner] as Learner[]) {
    const model = learner.fit(table, outcome, {}, randomStream(1));
    const p = learner.predict(model, table);
    expect(learner.predict(JSON.parse(JSON.stringify(model)), table)).toEqual(p);
    expect(p.every((v) => v > 0 && v < 1)).toBe(true);
    expect(() => learner.predict(model, strange)).toThrow(/"shape" is "square"/);
    expect(() => learner.fit(table, { kind: "continuous", value: d.m1, name: "m1" }, {}, randomStream(1))).toThrow(/needs a binary outcome; "m1" is continuous/);
  }
  const linear = linearLearner.fit(table, { kind: "continuous", value: d.m1, name: "m1" }, {}, randomStream(1));
  expect(unequal(linearLearner.predict(linear, table), linear.model.fitted, 1e-10)).toEqual([]);
});
