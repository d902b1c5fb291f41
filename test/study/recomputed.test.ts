// Every figure of merit of two small studies against R (survival, pROC, riskRegression, base functions), from the same folds, predictions and bootstrap
// samples: golden/study/makeExpected.R. Influences there are numerical derivatives, hence 1e-6 of standard errors; glm and coxph stop at 1e-8.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { CohortData, SetFacts } from "../../src/study/index.js";
import { selectOutcome, type BinaryOutcome, type SurvivalOutcome } from "../../src/cohort/index.js";
import type { Estimate } from "../../src/report/index.js";
import { optimismPerformance, plus632Performance } from "../../src/study/estimates/bootstrapEstimates.js";
import { centreComparison, centrePerformance } from "../../src/study/estimates/centreEstimates.js";
import type { CentreFacts, CrossValidationFacts } from "../../src/study/facts.js";
import { meritOf } from "../../src/study/estimates/merit.js";
import { nestedComparison, nestedPerformance } from "../../src/study/estimates/nestedEstimates.js";
import { setComparison, setPerformance } from "../../src/study/estimates/setEstimates.js";
import { generatedCohort, planFor } from "./generated.js";

type Numbers = (number | null)[];
type Predicted = { linear: Numbers; probability: Numbers[] };
type Input = {
  outcome: "binary" | "survival"; times: number[]; id: string[]; centre: string[]; event: number[]; time?: number[]; thresholds: Record<string, number>;
  apparent: Record<string, Predicted>; repeats: { fold: number[]; predictions: Record<string, Predicted> }[]; foldThresholds: Record<string, number>[];
  samples: { fit: number[]; linear: Record<string, Numbers> }[]; centres: { centre: string; rows: number[]; linear: Record<string, Numbers>; probability: Record<string, Numbers[]> }[];
  external: { event: number[]; time?: number[]; predictions: Record<string, Predicted> };
};
type Figure = { value: number; sd?: number; n: number; se?: number };
type Expected = {
  nested: Record<string, Record<string, Figure>>; together: Record<string, Record<string, Figure>>; difference: Record<string, Figure>;
  bootstrap: Record<string, { apparent: number; samples: number[][]; corrected: number; plus: number }>; external: Record<string, Record<string, [number, number, number]>>;
  externalDifference: { difference: number; se: number; p: number }; centres: { centre: string; merit: Record<string, [number, number]>; difference: { difference: number; se: number; p: number } }[];
};
const at = (name: string) => new URL(`../golden/study/${name}`, import.meta.url);
const input = JSON.parse(readFileSync(at("input.json"), "utf8")) as Record<string, Input>;
const expected = JSON.parse(readFileSync(at("expected.json"), "utf8")) as Record<string, Expected>;
const models = ["clinical", "combined"];
const Z = 1.959963984540054;

const numbers = (x: Numbers) => Float64Array.from(x, (v) => v ?? NaN);
const predictions = (x: Record<string, Predicted>) => Object.fromEntries(models.map((m) => [m, { linear: numbers(x[m].linear), probability: x[m].probability.map(numbers) }]));
const outcomeOf = (s: { event: number[]; time?: number[] }): BinaryOutcome | SurvivalOutcome => {
  const event = Uint8Array.from(s.event);
  return s.time === undefined ? { kind: "binary", name: "y", event } : { kind: "survival", name: "y", unit: "months", event, time: Float64Array.from(s.time) };
};
/** Half the width of an interval that is value ± z·se, over z. */
const errorOf = (e: Estimate) => (e.high! - e.low!) / (2 * Z);

describe.each(["binary", "survival"] as const)("a %s study", (which) => {
  const s = input[which], r = expected[which];
  const outcome = outcomeOf(s), n = s.id.length;
  const cohort: CohortData = { name: "Golden", role: "development", table: { id: s.id, columns: {} }, outcome, centre: s.centre, readers: [], flow: [] };
  const training = Int32Array.from({ length: n }, (_, k) => k);
  const headline = which === "binary" ? "AUC" : "C-index";
  const folds = new Set(s.repeats[0].fold).size;
  const facts: CrossValidationFacts = {
    folds, repeats: s.repeats.map((q) => ({ fold: Int32Array.from(q.fold), predictions: predictions(q.predictions) })),
    results: s.repeats.flatMap((_, q) => Array.from({ length: folds }, (__, f) => ({ repeat: q + 1, fold: f + 1, n: 28, events: 0, merit: {}, kept: { clinical: ["age"], combined: ["age"] }, thresholds: s.foldThresholds[q * folds + f] }))),
  };
  const context = { cohort, training, at: { times: s.times }, level: 0.95, seed: 1, set: "Golden" };
  const { performance, means } = nestedPerformance(facts, models, context);
  const nested = (model: string, measure: string) => performance.find((p) => p.model === model && p.measure === measure)!.estimate;

  test("nested cross-validation: mean, SD over repeats, patients and standard error of every fold figure", () => {
    for (const model of models) for (const [measure, golden] of Object.entries(r.nested[model])) {
      const e = nested(model, measure);
      expect(e.value, `${model} ${measure}`).toBeCloseTo(golden.value, 10);
      expect(e.sd!, `${model} ${measure} SD`).toBeCloseTo(golden.sd!, 10);
      expect(e.n).toBe(golden.n);
      if (typeof golden.se === "number") expect(errorOf(e) / golden.se, `${model} ${measure} se`).toBeCloseTo(1, 6);
      else expect(e.low).toBeLessThan(e.value);
    }
  });

  test("calibration of a repeat's predictions together", () => {
    for (const model of models) for (const [measure, golden] of Object.entries(r.together[model])) {
      const e = nested(model, measure);
      expect(e.value, `${model} ${measure}`).toBeCloseTo(golden.value, 7);
      expect(e.sd!, `${model} ${measure} SD`).toBeCloseTo(golden.sd!, 7);
      expect(errorOf(e) / golden.se!, `${model} ${measure} se`).toBeCloseTo(1, 6);
      expect(e.intervalMethod).toMatch(/pseudo-values/);
      if (which === "survival" && measure === "calibration slope") expect(e.method).toMatch(/together, Cox coefficient of log\(−log\(1 − risk by 24\)\)$/);
    }
  });

  test("the models against each other, on the patients that both score", () => {
    const found = nestedComparison(means, "clinical", "combined", Object.keys(r.difference), facts, context);
    for (const c of found) {
      const golden = r.difference[c.measure];
      expect(c.difference.value, c.measure).toBeCloseTo(golden.value, 10);
      expect(c.difference.n).toBe(golden.n);
      if (typeof golden.se === "number") expect(errorOf(c.difference) / golden.se, c.measure).toBeCloseTo(1, 6);
    }
    expect(found.length).toBe(Object.keys(r.difference).length);
  });

  test("optimism and .632+", () => {
    const everyone = Array.from(training);
    const of = (linear: Float64Array, rows: number[]) => meritOf(outcome, { linear, probability: outcome.kind === "binary" ? [linear.map(() => 0.5)] : s.times.map(() => linear.map(() => 0.5)) }, rows, { times: s.times })[headline];
    const resamples = s.samples.map(({ fit, linear }) => {
      const inside = new Set(fit), left = everyone.filter((k) => !inside.has(k));
      const each = (rows: number[]) => Object.fromEntries(models.map((m) => [m, { [headline]: of(numbers(linear[m]), rows) }]));
      return { training: each(fit), test: each(everyone), leftOut: each(left), kept: { clinical: ["age"], combined: ["age"] } };
    });
    const more = { apparent: Object.fromEntries(models.map((m) => [m, { [headline]: of(numbers(s.apparent[m].linear), everyone) }])), n, events: 1, set: "Golden", level: 0.95, seed: 1 };
    for (const model of models) {
      const golden = r.bootstrap[model];
      resamples.forEach((x, k) => [x.training, x.test, x.leftOut].forEach((m, j) => expect(m[model][headline]).toBeCloseTo(golden.samples[k][j], 10)));
      expect(optimismPerformance(resamples, [model], more)[0].estimate.value).toBeCloseTo(golden.corrected, 10);
      expect(plus632Performance(resamples, [model], more)[0].estimate.value).toBeCloseTo(golden.plus, 10);
    }
  });

  test("an external set: figures, intervals and the test between models", () => {
    const there = outcomeOf(s.external), rows = Int32Array.from(s.external.event.keys());
    const set: SetFacts = { name: "There", kind: "external", rows, predictions: predictions(s.external.predictions), cohort: { ...cohort, name: "There", outcome: there, table: { id: Array.from(rows, (k) => `T${k}`), columns: {} } } };
    for (const model of models) {
      const threshold = s.thresholds[model];
      const merit = meritOf(there, set.predictions[model], rows, { times: s.times, ...(threshold !== undefined && { threshold }) });
      const found = setPerformance(set, model, merit, { times: s.times, level: 0.95, seed: 1, ...(threshold !== undefined && { threshold }) });
      for (const [measure, golden] of Object.entries(r.external[model])) {
        const { value, low, high } = found.find((p) => p.measure === measure)!.estimate;
        [value, low, high].forEach((v, k) => expect(v, `${model} ${measure}`).toBeCloseTo(golden[k], 6));
      }
    }
    const [{ difference, test: tested }] = setComparison(set, "clinical", "combined", { times: s.times, level: 0.95, seed: 1 });
    expect(difference.value).toBeCloseTo(r.externalDifference.difference, 10);
    expect(errorOf(difference)).toBeCloseTo(r.externalDifference.se, 8);
    expect(tested!.p).toBeCloseTo(r.externalDifference.p, 8);
  });

  test("leave one centre out: each centre, their mean, and the models against each other", () => {
    const plan = planFor(generatedCohort({ n: 10, noise: 1, seed: 1, outcome: which }));
    const centres: CentreFacts[] = s.centres.map((c) => {
      const own = Object.fromEntries(models.map((m) => [m, { linear: numbers(c.linear[m]), probability: c.probability[m].map(numbers) }])), rows = Int32Array.from(c.rows);
      return { centre: c.centre, rows, predictions: own, kept: {}, merit: Object.fromEntries(models.map((m) => [m, meritOf(selectOutcome(outcome, rows), own[m], Int32Array.from(rows.keys()), { times: s.times })])) };
    });
    const found = centrePerformance(centres, plan, cohort, { times: s.times }, 0.95);
    const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length, joined = (v: number[], se: number[]) => Math.sqrt(se.reduce((a, b) => a + b * b, 0) / 9 + (v.reduce((a, b) => a + (b - mean(v)) * (b - mean(v)), 0) / 2) * (1 / 3 + 1 / 2));
    for (const model of models) {
      for (const c of r.centres) expect(found.find((p) => p.model === model && p.measure === headline && p.estimate.set === c.centre)!.estimate.value).toBeCloseTo(c.merit[model][0], 10);
      const e = found.find((p) => p.model === model && p.estimate.set === "mean over centres")!.estimate;
      expect(e.value).toBeCloseTo(mean(r.centres.map((c) => c.merit[model][0])), 10);
      expect(e.value - e.low!).toBeCloseTo(Z * joined(r.centres.map((c) => c.merit[model][0]), r.centres.map((c) => c.merit[model][1])), 8);
      expect(e).toMatchObject({ n, count: 3, kind: "leave-one-centre-out", intervalMethod: expect.stringMatching(/within the centres plus corrected resampled variance/) });
    }
    const compared = centreComparison(centres, plan, cohort, "clinical", "combined", 0.95).filter((c) => c.measure === headline);
    expect(compared.map((c) => c.difference.set)).toEqual(["mean over centres", "A", "B", "C"]);
    r.centres.forEach((c, k) => expect(compared[k + 1].difference.value).toBeCloseTo(c.difference.difference, 10));
    const [{ difference }] = compared;
    expect(difference.value).toBeCloseTo(mean(r.centres.map((c) => c.difference.difference)), 10);
    expect(errorOf(difference)).toBeCloseTo(joined(r.centres.map((c) => c.difference.difference), r.centres.map((c) => c.difference.se)), 8);
    // in centre A of the binary study both fits order the patients alike
    if (which === "binary") expect(compared[1].difference).toMatchObject({ value: 0, note: "Both models order these patients alike." });
    const [two] = centreComparison(centres.slice(1), plan, cohort, "clinical", "combined", 0.95);
    expect([two.difference.set, two.difference.low, two.test, two.difference.note]).toEqual(["mean over centres", undefined, undefined, expect.stringMatching(/two centres do not tell how centres differ/)]);
    expect([difference.min, difference.max]).toEqual([Math.min(...compared.slice(1).map((c) => c.difference.value)), Math.max(...compared.slice(1).map((c) => c.difference.value))]);
  });
});
