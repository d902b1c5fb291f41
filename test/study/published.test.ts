// Reproduction mode on pure noise: the published order's figures rise, the honest ones do not.
import { expect, test } from "vitest";
import { runOn } from "../../src/study/index.js";
import type { Plan } from "../../src/study/index.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const noisePlan = (n: number, intercept: number, steps: Plan["models"][0]["steps"], seed: string) => {
  const cohort = generatedCohort({ n, noise: 120, seed, outcome: "binary", intercept });
  const base = planFor(cohort, { order: "as-published", validation: { leaveOneCentreOut: false, crossValidation: { folds: 5, repeats: 3 }, bootstrap: { resamples: 20 } } });
  const plan: Plan = { ...base, scores: [], models: [{ name: "m", kind: "model", title: "m", from: ["radiomics"], steps, learner: { name: "logistic", options: {} } }], final: "m" };
  delete plan.reference;
  return { cohort, plan };
};

test("selection outside the folds, and a bootstrap of the finished formula, flatter pure noise", async () => {
  const { cohort, plan } = noisePlan(80, 0, [{ name: "univariable", options: { alpha: 0.04 } }], "published");
  const { results } = await runOn(plan, "", dataOf(cohort), memoryWorld(), { program: "p" });
  const fault = (name: string) => results.faults.find((f) => f.fault === name && f.measure === "AUC")!;
  expect(results.order).toBe("as-published");
  for (const name of ["figures of the training patients", "selection outside the folds", "bootstrap of the finished formula"]) {
    expect(fault(name).asPublished.value, name).toBeGreaterThan(0.66);
    expect(fault(name).asPublished.value - fault(name).honest.value, name).toBeGreaterThan(0.05);
    // what is not validation is not called so
    expect(fault(name).asPublished.kind).toBe("apparent");
  }
  expect(fault("selection outside the folds").honest.kind).toBe("nested cross-validation");
  expect(Math.abs(fault("selection outside the folds").honest.value - 0.5)).toBeLessThan(0.17);
  // the headline figures of the run are the honest ones
  expect(results.performance.find((p) => p.measure === "AUC" && p.estimate.kind === "nested cross-validation")!.estimate.value).toBe(fault("selection outside the folds").honest.value);
});

test("the methods say in words how variables were chosen", async () => {
  const cohort = generatedCohort({ n: 70, noise: 0, seed: "words", outcome: "binary", age: 1 });
  const base = planFor(cohort);
  const sentence = async (options: Record<string, unknown>) => {
    const plan: Plan = { ...base, scores: [], models: [{ ...base.models[0], steps: [{ name: "stepwise", options }] }], final: "clinical" };
    delete plan.reference;
    const { results } = await runOn(plan, "", dataOf(cohort), memoryWorld(), { program: "p" });
    return results.methods.find((m) => m.heading === "Predictors and models")!.sentences.join(" ");
  };
  expect(await sentence({ criterion: "aic" })).toMatch(/: variables were chosen stepwise in both directions by AIC \((1 of 2 remained|all 2 remained)\); and fitted/);
  expect(await sentence({ criterion: "bic", direction: "backward" })).toMatch(/variables were chosen stepwise backwards by BIC \(/);
  expect(await sentence({ criterion: "p", enter: 0.6, stay: 0.7, direction: "forward" })).toMatch(/variables were chosen stepwise forwards by likelihood-ratio tests, p < 0\.6 to enter \(/);
});

test("balanced rows counted as patients", async () => {
  const { cohort, plan } = noisePlan(90, -1.6, [{ name: "upsample", options: {} }, { name: "univariable", options: { alpha: 0.001 } }], "balanced");
  const { results } = await runOn(plan, "", dataOf(cohort), memoryWorld(), { program: "p" });
  const events = cohort.outcome.event.reduce((a, b) => a + b, 0);
  const own = results.faults.filter((f) => f.fault === "figures of balanced rows");
  expect(own.map((f) => f.measure)).toContain("sensitivity");
  for (const f of own) {
    expect([f.asPublished.n, f.asPublished.events]).toEqual([2 * (90 - events), 90 - events]);
    expect([f.honest.n, f.honest.events]).toEqual([90, events]);
  }
  // nothing but the faults tells of other rows than patients
  for (const p of results.performance) expect(p.estimate.n).toBe(90);
  expect(results.faults.find((f) => f.fault === "selection outside the folds" && f.measure === "AUC")!.what).toMatch(/copies of a patient stand on both sides/);
});

test("each fault names what was done before the folds; the cut and the bootstrap of copied rows are faults of their own", async () => {
  const cohort = generatedCohort({ n: 90, noise: 60, seed: "cuts", outcome: "binary", intercept: -1.2 });
  const base = planFor(cohort, { order: "as-published", validation: { leaveOneCentreOut: false, crossValidation: { folds: 3, repeats: 3 }, bootstrap: { resamples: 20 } } });
  const learner = { name: "logistic", options: {} };
  const plan: Plan = {
    ...base, groups: { ...base.groups, radiomics: base.groups["radiomics"].filter((f) => f.startsWith("f")) },
    scores: [{ ...base.scores[0], steps: [{ name: "zScore", options: {} }, { name: "univariable", options: { alpha: 0.05 } }], learner }],
    models: [
      { name: "plain", kind: "model", title: "p", from: ["age"], steps: [], learner },
      { name: "m", kind: "model", title: "m", from: ["Radscore"], steps: [{ name: "upsample", options: {} }], learner },
    ],
    final: "m", reference: "plain",
  };
  const { results } = await runOn(plan, "", dataOf(cohort), memoryWorld(), { program: "p" });
  const of = (model: string) => results.faults.filter((f) => f.model === model);
  // a model that learns nothing before its learner has nothing outside the folds to be blamed for
  expect(of("plain").map((f) => f.fault)).toEqual(["figures of the training patients", "cut chosen and tested on the same patients"]);
  const outside = of("m").find((f) => f.fault === "selection outside the folds" && f.measure === "AUC")!;
  expect(outside.what).toMatch(/all rows, before the folds: zScore \(Radscore\), univariable \(Radscore\), the fit of Radscore, upsample \(m\)\./);
  expect(outside.asPublished.value - outside.honest.value).toBeGreaterThan(0.1);
  const cut = of("m").find((f) => f.fault === "cut chosen and tested on the same patients")!;
  expect(cut.measure).toBe("balanced accuracy");
  expect(cut.asPublished.value).toBeGreaterThan(cut.honest.value);
  const bootstrap = of("m").find((f) => f.fault === "bootstrap of the finished formula")!;
  expect(bootstrap.what).toMatch(/copies/);
  expect(bootstrap.asPublished.n).toBeGreaterThan(90);
  expect(bootstrap.asPublished.value - bootstrap.honest.value).toBeGreaterThan(0.05);
});
