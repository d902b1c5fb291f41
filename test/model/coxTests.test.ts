import { expect, test } from "vitest";
import type { SurvivalOutcome, Table } from "../../src/cohort/index.js";
import { InputError, randomStream, type Design } from "../../src/math/index.js";
import {
  coxAnova, coxDropOne, coxFit, coxLearner, coxLikelihoodRatio, coxScoreTest, coxStepFitter, coxUnivariable, fineGrayLearner, firthCoxLearner, forwardScoreLr, stepwise,
} from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const column = (name: string): Float64Array =>
  name.startsWith("grade") ? Float64Array.from(d.text.grade, (g) => Number(g === name.slice(5))) : d[name];
const designOn = (...names: string[]): Design => ({ names, columns: names.map(column), n: d.time.length });
const followUp = { time: d.time, event: d.status };
const design = designOn("age", "size", "nodes", "er", "ki67", "rad", "gradeG2", "gradeG3", "meno");
const terms = { grade: ["gradeG2", "gradeG3"] };

test("nested, sequential and drop-one tests agree with R anova and drop1", () => {
  const r = reference("cox_anova").result;
  const nested = coxLikelihoodRatio(coxFit(designOn("age", "size"), followUp), coxFit(designOn("age", "size", "gradeG2", "gradeG3", "rad"), followUp));
  expect(unequal([nested.statistic, nested.df, nested.p], [r.nested.chisq, r.nested.df, r.nested.p], 1e-8)).toEqual([]);
  const rows = coxAnova(design, followUp, { terms });
  expect(rows.map((row) => row.term)).toEqual(r.sequential.rows);
  expect(unequal(rows.slice(1).flatMap((row) => [row.loglik, row.statistic, row.df, row.p]), r.sequential.values.slice(1).flat(), 1e-8)).toEqual([]);
  const drop = coxDropOne(design, followUp, { terms });
  expect(drop.map((row) => row.term)).toEqual(r.drop1.rows.slice(1));
  expect(unequal(drop.flatMap((row) => [row.df, row.aic, row.statistic, row.p]), r.drop1.values.slice(1).flat(), 1e-8)).toEqual([]);
});

test("univariable fits agree with R, the multivariable model takes those below the threshold", () => {
  const r = reference("cox_univariable").result;
  const table = coxUnivariable(design, followUp, { terms });
  for (const row of table.univariable.rows) {
    const e = r[row.term];
    expect(unequal([row.coefficient, row.se, row.z, row.p, row.hazardRatio, row.lower, row.upper],
      [e.coef, e.se, e.z, e.p, e.hr, e.hr_lower95, e.hr_upper95].map((o) => o[row.name]), 1e-7)).toEqual([]);
  }
  for (const t of table.univariable.tests) {
    const e = r[t.term];
    expect(unequal([t.likelihoodRatio, t.score, t.wald].flatMap((x) => [x.statistic, x.p]), [e.lr_test, e.p_lr, e.score_test, e.p_score, e.wald_test, e.p_wald], 1e-7)).toEqual([]);
  }
  expect(table.selected).toEqual(Object.keys(r).filter((v) => r[v].p_wald < 0.05));
  expect(table.multivariable!.rows.map((row) => row.name)).toEqual(table.selected);
});

test.each(["forward", "backward", "both"] as const)("stepwise %s by AIC and both BIC takes the steps of R step(coxph)", (direction) => {
  const r = reference(`cox_step_${direction}`).result;
  const fitter = coxStepFitter(design, followUp, { terms });
  for (const [key, criterion] of [["aic", "AIC"], ["bic_events", "BIC (events)"], ["bic_n", "BIC"]] as const) {
    const found = stepwise(fitter.candidates, fitter, { direction, criterion });
    expect(found.terms).toEqual(r[key].terms);
    expect(unequal(found.path.map((s) => s.criterion), r[key].steps.map((s: any) => s.aic), 1e-9)).toEqual([]);
    expect(unequal(found.fit.model.coefficients, found.terms.map((t) => r[key].coef[t]), 1e-7)).toEqual([]);
  }
});

test("the score test of a first column is the univariable one; Forward: LR enters by it", () => {
  const r = reference("cox_univariable").result;
  for (const name of ["age", "rad"]) expect(coxScoreTest(design, [], [name], followUp).statistic).toBeCloseTo(r[name].score_test, 7);
  // without ties the score test equals the log-rank test and, near 0, Wald's and the LR test; by hand below, at 4 patients
  const four: Design = { names: ["x"], columns: [Float64Array.of(1, 1, 0, 0)], n: 4 };
  const { statistic } = coxScoreTest(four, [], ["x"], { time: [1, 3, 2, 4], event: [1, 1, 1, 1] });
  // observed − expected of x: 1 − 2/4, 0 − 1/3, 1 − 1/2, 0; variance 1/4, 2/9, 1/4, 0
  expect(statistic).toBeCloseTo((2 - 0.5 - 1 / 3 - 0.5) * (2 - 0.5 - 1 / 3 - 0.5) / (1 / 4 + 2 / 9 + 1 / 4), 12);
  const fitter = coxStepFitter(design, followUp, { terms });
  const found = forwardScoreLr(fitter.candidates, fitter);
  expect(found.path[0].term).toBe("rad");
  expect(unequal([found.path[0].statistic, found.path[0].p], [r.rad.score_test, r.rad.p_score], 1e-7)).toEqual([]);
  expect(found.path.every((s) => (s.action === "enter" ? s.p < 0.05 : s.p > 0.1))).toBe(true);
});

test("coxLearner codes categories, survives JSON, and names what it has not seen", () => {
  const number = (name: string) => ({ kind: "number" as const, values: d[name] });
  const grades = { kind: "category" as const, levels: ["G1", "G2", "G3"], codes: Int32Array.from(d.text.grade, (g) => Number(g[1]) - 1), ordered: true };
  const table: Table = { id: d.text.id, columns: { age: number("age"), grade: grades, er: number("er") } };
  const outcome: SurvivalOutcome = { kind: "survival", time: d.time, event: Uint8Array.from(d.status), unit: "months", name: "DFS" };
  const model = coxLearner.fit(table, outcome, {}, randomStream(1));
  expect(model.model.names).toEqual(["age", "gradeG2", "gradeG3", "er"]);
  const direct = coxFit(designOn("age", "gradeG2", "gradeG3", "er"), followUp);
  expect(model.model.coefficients).toEqual(direct.coefficients);
  expect(coxLearner.predict(JSON.parse(JSON.stringify(model)), table)).toEqual(coxLearner.predict(model, table));
  for (const learner of [firthCoxLearner, fineGrayLearner]) {
    const other = learner.fit(table, { ...outcome, cause: Uint8Array.from(d.cause) }, {}, randomStream(1));
    const again = JSON.parse(JSON.stringify(other));
    expect(learner.predict(again, table)).toEqual(learner.predict(other as any, table));
    expect(other.model.names).toEqual(model.model.names);
  }
  expect(() => fineGrayLearner.fit(table, outcome, {}, randomStream(1))).toThrow(/no causes/);
  const stranger: Table = { id: ["Z"], columns: { age: { kind: "number", values: Float64Array.of(50) }, er: { kind: "number", values: Float64Array.of(1) },
    grade: { kind: "category", levels: ["G4"], codes: Int32Array.of(0), ordered: false } } };
  expect(() => coxLearner.predict(model, stranger)).toThrow(/Z: "grade" is "G4"/);
  expect(() => coxLearner.fit(table, { kind: "binary", event: Uint8Array.from(d.status), name: "pCR" }, {}, randomStream(1))).toThrow(InputError);
});
