import { expect, test } from "vitest";
import type { Design } from "../../src/math/index.js";
import { coxFit, coxResiduals, coxZph, type ZphTransform } from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const column = (name: string): Float64Array =>
  name.startsWith("grade") ? Float64Array.from(d.text.grade, (g) => Number(g === name.slice(5))) : d[name];
const designOn = (...names: string[]): Design => ({ names, columns: names.map(column), n: d.time.length });
const followUp = { time: d.time, event: d.status };
const flat = (rows: ArrayLike<number>[]) => rows.flatMap((row) => Array.from(row));

test("residuals agree with R residuals(coxph)", () => {
  const design = designOn("age", "size", "er", "rad");
  const r = reference("coxph_residuals").result;
  const ours = coxResiduals(coxFit(design, followUp), design, followUp);
  // R's coefficients stop 1e-8 from the maximum
  expect(unequal(ours.martingale, r.martingale, 1e-7, 1e-1)).toEqual([]);
  expect(unequal(ours.deviance, r.deviance, 1e-7, 1e-1)).toEqual([]);
  expect(unequal(flat(ours.score), r.score.flat(), 1e-7, 1)).toEqual([]);
  expect(unequal(flat(ours.schoenfeld), r.schoenfeld.flat(), 1e-7, 1)).toEqual([]);
  expect(unequal(flat(ours.scaledSchoenfeld), r.scaledsch.flat(), 1e-7, 1)).toEqual([]);
  expect(unequal(flat(ours.dfbeta), r.dfbeta.flat(), 1e-7, 1e-2)).toEqual([]);
  expect(unequal(flat(ours.dfbetas), r.dfbetas.flat(), 1e-7, 1e-1)).toEqual([]);
});

const all = ["age", "size", "nodes", "er", "ki67", "rad", "gradeG2", "gradeG3", "meno"];
const tests = (z: ReturnType<typeof coxZph>) => [...z.tests, z.global].flatMap((t) => [t.statistic, t.df, t.p]);

test("coxZph agrees with R cox.zph, four transforms, strata, columns alone", () => {
  const design = designOn(...all);
  const model = coxFit(design, followUp);
  const r = reference("cox_zph").result;
  const terms = { grade: ["gradeG2", "gradeG3"] };
  for (const transform of ["km", "rank", "identity", "log"] as ZphTransform[]) {
    const z = coxZph(model, design, followUp, { transform, terms });
    expect([...z.tests.map((t) => t.term), "GLOBAL"]).toEqual(r[transform].rows);
    expect(unequal(tests(z), r[transform].values.flat(), 1e-6)).toEqual([]);
  }
  const z = coxZph(model, design, followUp);
  expect(unequal(tests(z), r.terms_false.values.flat(), 1e-6)).toEqual([]);
  expect(unequal(z.x, r.x, 1e-10)).toEqual([]);
  expect([...z.time]).toEqual(r.time);
  expect(unequal(coxZph(model, design, followUp, { terms }).y.map((y) => y[0]), r.y_age, 1e-6, 1e-1)).toEqual([]);
  const { scaledSchoenfeld } = coxResiduals(model, design, followUp);
  expect(unequal(z.y.map((y) => y[1]), scaledSchoenfeld.map((y) => y[1]), 1e-9, 1e-2)).toEqual([]);
  const strata = d.text.centre;
  expect(unequal(tests(coxZph(coxFit(design, followUp, { strata }), design, followUp, { strata, terms })), r.strata.values.flat(), 1e-6)).toEqual([]);
});

test.each(["efron", "breslow"] as const)("late entry with strata, weights and a time at which nobody is at risk agrees with R, ties %s", (ties) => {
  const r = reference("coxph_late").result;
  const design = designOn("age", "size", "er", "rad");
  const late = { ...followUp, start: r.start };
  const options = { weights: d.w, strata: d.text.centre };
  const model = coxFit(design, late, { ...options, ties, robust: false });
  expect(unequal(model.coefficients, Object.values(r[ties].coef), 1e-9)).toEqual([]);
  expect(unequal(model.covariance.flat(), r[ties].vcov.flat(), 1e-9, 1e-6)).toEqual([]);
  expect(unequal([...model.loglik, model.tests.score.statistic], [...r[ties].loglik, r[ties].score], 1e-10)).toEqual([]);
  const { martingale, score } = coxResiduals(model, design, late, options);
  expect(unequal(martingale, r[ties].martingale, 1e-8, 1e-2)).toEqual([]);
  expect(unequal(score.flatMap((u) => [...u]), r[ties].scores.flat(), 1e-7, 1e-1)).toEqual([]);
  const z = coxZph(model, design, late, { ...options, transform: "log" });
  expect(unequal([...z.tests, z.global].map((t) => t.statistic), r[ties].zph, 1e-7)).toEqual([]);
});

test("martingale residuals add to 0, scores to the gradient, which is 0", () => {
  const design = designOn("age", "er");
  const start = d.time.map((t, k) => (k % 3 === 0 ? t / 3 : 0));
  const late = { ...followUp, start };
  const options = { weights: d.w, strata: d.text.centre };
  const { martingale, score } = coxResiduals(coxFit(design, late, options), design, late, options);
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, v, k) => a + d.w[k] * v, 0);
  expect(sum(martingale)).toBeCloseTo(0, 9);
  expect(sum(score.map((u) => u[0]))).toBeCloseTo(0, 7);
  expect(sum(score.map((u) => u[1]))).toBeCloseTo(0, 8);
});
