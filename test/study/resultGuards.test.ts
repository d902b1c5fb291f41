// Traps planted in what a run finds: each is told with what to do instead, and a strict plan stops there.
import { expect, test } from "vitest";
import { categoryColumn } from "../../src/cohort/index.js";
import { pText, reportHtml, type Kind } from "../../src/report/index.js";
import { findFacts, frozenPipeline, noCache, resultsOf } from "../../src/study/index.js";
import type { CohortData, Plan } from "../../src/study/index.js";
import { guardAfter, guardBefore, judged } from "../../src/study/guards/guards.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const learner = (name: string) => ({ name, options: {} });
const one = (plan: Plan, from: string[], name: string, steps: Plan["models"][0]["steps"] = []): Plan => {
  const own = { ...plan, scores: [], models: [{ name: "m", kind: "model" as const, title: "m", from, steps, learner: learner(name) }], final: "m" };
  delete (own as { reference?: string }).reference;
  return own;
};
const find = async (plan: Plan, cohort: CohortData) => {
  const { facts } = await findFacts(plan, dataOf(cohort), memoryWorld(), { code: "t", cache: noCache });
  return { facts, findings: guardAfter(facts) };
};

test("separation, of a logistic and of a Cox model: the column is named and Firth offered; strict stops", async () => {
  for (const outcome of ["binary", "survival"] as const) {
    const cohort = generatedCohort({ n: 60, noise: 1, seed: `separated ${outcome}`, outcome, intercept: 0 });
    const events = Array.from(cohort.outcome.event);
    // nobody of type A has the event, as LVI in one arm of a paper
    let some = 0;
    cohort.table.columns["type"] = categoryColumn(events.map((e) => (e === 0 && some++ < 12 ? "A" : "B")), ["B", "A"]);
    const plan = { ...one(planFor(cohort), ["type", "age"], outcome === "binary" ? "logistic" : "cox"), strict: true };
    const { findings } = await find(plan, cohort);
    const finding = findings.find((f) => f.guard === "separation")!;
    expect(finding.message).toMatch(/type/);
    expect(finding.doInstead).toContain(outcome === "binary" ? "learner: firth)" : "learner: firthCox)");
    expect(() => judged(plan, findings)).toThrow(/separat[\s\S]*strict/);
    // Firth's estimates are finite and nothing is said
    const firth = await find(one(plan, ["type", "age"], outcome === "binary" ? "firth" : "firthCox"), cohort);
    expect(firth.findings.some((f) => f.guard === "separation")).toBe(false);
  }
});

test("few events in all, and at a time point where few are followed", async () => {
  const cohort = generatedCohort({ n: 60, noise: 1, age: 0.3, seed: "rare events", outcome: "survival", intercept: -0.5 });
  const { time, event } = cohort.outcome as { time: Float64Array; event: Uint8Array };
  const late = [...time].sort((a, b) => b - a)[4];
  const base = planFor(cohort);
  const { findings } = await find(one({ ...base, evaluation: { ...base.evaluation, times: [30, late] } }, ["age"], "cox"), cohort);
  const before = Array.from(event).filter((e, i) => e === 1 && time[i] <= late).length;
  expect(findings.map((f) => f.message)).toContain(`Generated (apparent) at ${late} months: 5 patients still at risk, ${before} events so far.`);
  const small = generatedCohort({ n: 40, noise: 1, seed: "few", outcome: "binary", intercept: -2.2 });
  const events = small.outcome.event.reduce((a, b) => a + b, 0);
  expect(events).toBeLessThan(10);
  expect((await find(one(planFor(small), ["age"], "firth"), small)).findings.find((f) => f.guard === "few events")!.message).toContain(`${events} events among 40 patients`);
});

test("a test between nested models on their training patients is told; on patients left out it is not", async () => {
  const cohort = generatedCohort({ n: 80, noise: 3, signals: [1], seed: "nested guard", outcome: "binary" });
  const plan = planFor(cohort, { validation: { leaveOneCentreOut: false, crossValidation: { folds: 4, repeats: 1 } } });
  const { facts, findings } = await find(plan, cohort);
  expect(findings.find((f) => f.guard === "nested models on training patients")!.message).toMatch(/clinical against combined.*not valid/);
  const honest = { ...facts, comparisons: facts.comparisons.filter((c) => c.difference.kind !== "apparent") };
  expect(honest.comparisons.length).toBeGreaterThan(0);
  expect(guardAfter(honest).some((f) => f.guard === "nested models on training patients")).toBe(false);
});

test("a validated calibration slope wholly under 1, or above, is told with its numbers, stands in the caveats and in model.json", async () => {
  // 14 columns of noise beside one signal, all kept: the overfitted model's risks are too extreme
  const cohort = generatedCohort({ n: 90, noise: 14, signals: [0.5], seed: "overfitted", outcome: "binary" });
  const base = planFor(cohort, { validation: { leaveOneCentreOut: false, crossValidation: { folds: 5, repeats: 2 } } });
  const { facts, findings } = await find(one(base, ["radiomics"], "logistic"), cohort);
  const slope = facts.performance.find((p) => p.measure === "calibration slope" && p.estimate.kind === "nested cross-validation")!;
  expect(slope.estimate.high).toBeLessThan(1);
  const own = findings.filter((f) => f.guard === "calibration");
  expect(own.map((f) => [f.severity, f.where])).toEqual([["warning", "m"]]);
  expect(own[0].message).toContain(`m: calibration slope ${slope.estimate.value.toFixed(2).replace("-", "−")} (95 % CI ${slope.estimate.low!.toFixed(2).replace("-", "−")} to ${slope.estimate.high!.toFixed(2)}; nested cross-validation), wholly under 1`);
  expect(own[0].doInstead).toMatch(/too extreme, high ones too high and low ones too low.*shrink or penalise.*recalibrate/);
  facts.findings.push(...findings);
  expect(frozenPipeline(facts, "p", "").blocks.find((b) => b.name === "m")!.warnings.at(-1)).toBe(`${own[0].message} ${own[0].doInstead}`);
  // it comes before what else is warned of
  const others = Array.from({ length: 6 }, (_, k) => ({ guard: `other ${k}`, severity: "warning" as const, where: "plan", message: "x" }));
  const first = reportHtml({ ...resultsOf(facts, "p"), findings: [...others, own[0]] });
  expect(/<div class="caveats">.*?<\/h2>.*?<\/a>/.exec(first)![0]).toContain("calibration slope");
  // by hand: which intervals speak
  const told = (kind: Kind, low: number | undefined, high: number | undefined, blocks = facts.blocks) => guardAfter({ ...facts, blocks, performance: [{ ...slope, estimate: { ...slope.estimate, kind, value: 0.8, low: low!, high: high! } }] }).filter((f) => f.guard === "calibration").map((f) => f.message);
  for (const kind of ["nested cross-validation", "optimism-corrected", "test", "external"] as const) {
    expect(told(kind, 0.6, 0.99)).toEqual([expect.stringMatching(/0\.80 \(95 % CI 0\.60 to 0\.99; .*wholly under 1\.$/)]);
    expect(told(kind, 0.6, 1.01)).toEqual([]);
    expect(told(kind, 1.01, 1.6)).toEqual([expect.stringMatching(/wholly above 1\.$/)]);
  }
  expect(told("external", -0.1, 0.5)).toEqual([expect.stringMatching(/external, Generated\), .*0, risks that say nothing, is not excluded\.$/)]);
  // an end that two decimals would round to 1 has three
  expect(told("external", 0.6, 0.998)).toEqual([expect.stringContaining("0.800 (95 % CI 0.600 to 0.998;")]);
  for (const kind of ["apparent", "tuning"] as const) expect(told(kind, 0.6, 0.99)).toEqual([]);
  expect(told("optimism-corrected", undefined, undefined)).toEqual([]);
  // a null model has one risk for everybody
  expect(told("external", 0.1, 0.5, facts.blocks.map((b) => ({ ...b, model: null })))).toEqual([]);
});

test("the remedy names the likelihood-ratio test only where the report shows it", async () => {
  const cohort = generatedCohort({ n: 80, noise: 3, signals: [1], seed: "nested guard", outcome: "binary" });
  const base = planFor(cohort), age = { ...base.models[0], from: ["age"], steps: [] };
  const plan: Plan = { ...base, scores: [], models: [{ ...age, name: "clinical" }, { ...age, name: "combined", from: ["age", "s1"] }] };
  const { facts, findings } = await find(plan, cohort);
  const remedy = (all: typeof findings) => all.find((f) => f.guard === "nested models on training patients")!.doInstead;
  expect(remedy(findings)).toMatch(/likelihood-ratio test/);
  const test = facts.comparisons.find((c) => c.measure === "log-likelihood")!.test!;
  // also where so many comparisons are made that the table keeps to the headline measure
  const results = resultsOf(facts, "p"), [auc] = results.comparisons;
  results.comparisons = [...results.comparisons, ...Array.from({ length: 16 }, () => ({ ...auc, measure: "Brier" }))];
  const row = /<tr[^>]*>(?:(?!<\/tr>).)*Log-likelihood.*?<\/tr>/.exec(reportHtml(results))![0];
  expect(row.replace(/<[^>]+>/g, " ")).toContain(`likelihood ratio: χ² ${test.statistic.toFixed(2)}, 1 df`);
  expect(row).toContain("Apparent");
  expect(row).toContain(pText(test.p).replace("<", "&lt;"));
  const none = { ...facts, comparisons: facts.comparisons.filter((c) => c.measure !== "log-likelihood") };
  expect(remedy(guardAfter(none))).toBe("Read the difference on patients left out of the fits.");
});

test("counts in warnings are written as in the tables: 3,046", () => {
  const cohort = generatedCohort({ n: 60, noise: 1200, seed: "many", outcome: "binary" });
  const [told] = guardBefore(planFor(cohort), dataOf(cohort)).filter((f) => f.guard === "sample size");
  expect(told.message).toMatch(/for 1,20\d candidate parameters .* ask for \d+,\d{3} patients with about \d+,\d{3} events/);
  expect(told.message).not.toMatch(/\d{4}/);
});

test("a searched cut without correction is told; one with it, a median and tertiles are not", async () => {
  const told = async (outcome: "binary" | "survival", cutpoint: Plan["evaluation"]["cutpoint"]) => {
    const cohort = generatedCohort({ n: 70, noise: 1, age: 1, seed: "searched", outcome });
    const base = planFor(cohort);
    const { facts, findings } = await find(one({ ...base, evaluation: { ...base.evaluation, cutpoint } }, ["age"], outcome === "binary" ? "logistic" : "cox"), cohort);
    expect(facts.cut).toBeDefined();
    return { cut: facts.cut!, told: findings.some((f) => f.guard === "data-driven cuts") };
  };
  expect((await told("binary", { method: "youden", groups: 2 })).told).toBe(true);
  expect((await told("binary", { method: "median", groups: 3 })).told).toBe(false);
  expect((await told("survival", { method: "median", groups: 2 })).told).toBe(false);
  for (const method of ["minimum-p", "maxstat", "x-tile"] as const) {
    const found = await told("survival", { method, groups: 2 });
    expect(found.told, method).toBe(false);
    expect(found.cut.correctedP!, method).toBeGreaterThanOrEqual(found.cut.p!);
  }
});

test("balanced rows and empty selections are told where they happen", async () => {
  const cohort = generatedCohort({ n: 70, noise: 3, seed: "told", outcome: "binary", intercept: -1 });
  const balanced = await find(one(planFor(cohort), ["radiomics"], "logistic", [{ name: "upsample", options: {} }]), cohort);
  expect(balanced.findings.find((f) => f.guard === "balanced rows")!.message).toMatch(/m was fitted on rows balanced by upsample.*intercept was moved/);
  const plan = one(planFor(cohort, { validation: { leaveOneCentreOut: false, crossValidation: { folds: 3, repeats: 2 }, bootstrap: { resamples: 4 } } }), ["radiomics"], "logistic", [{ name: "univariable", options: { alpha: 1e-12 } }]);
  const none = await find(plan, cohort);
  expect(none.findings.find((f) => f.guard === "empty selection")).toMatchObject({ severity: "warning", where: "m", message: expect.stringMatching(/In 10 of 10 resampled fits nothing was kept/) });
  expect(() => judged({ ...plan, strict: true }, none.findings)).toThrow(/nothing was selected/i);
});

test("a patient written anew, to fewer decimals, is found in another cohort; different patients with whole numbers are not", () => {
  const cohort = generatedCohort({ n: 100, noise: 6, seed: "twins", outcome: "binary" });
  const other = generatedCohort({ n: 60, noise: 6, seed: "others", outcome: "binary", name: "Other" }, "external");
  for (const column of Object.values(other.table.columns)) if (column.kind === "number") for (let k = 0; k < 60; k++) column.values[k] = Math.round(column.values[k] * 1e4) / 1e4;
  for (const [name, column] of Object.entries(other.table.columns)) if (column.kind === "number") column.values[7] = Number((cohort.table.columns[name] as { values: Float64Array }).values[33].toFixed(4));
  const found = guardBefore(planFor(cohort), dataOf(cohort, [other])).filter((f) => f.guard === "duplicated patients");
  expect(found.map((f) => f.message)).toEqual([expect.stringMatching(/Generated and Other: 1 pair of rows .*rows 34 and 8/)]);
  // three columns of some 40 whole numbers cannot tell 100 patients apart
  const coarse = generatedCohort({ n: 100, noise: 2, seed: "coarse", outcome: "binary" });
  for (const column of Object.values(coarse.table.columns)) if (column.kind === "number") column.values.forEach((v, k) => { column.values[k] = Math.round(v * 4); });
  coarse.table.columns["age"] = { kind: "number", values: (coarse.table.columns["f1"] as { values: Float64Array }).values };
  expect(guardBefore(planFor(coarse), dataOf(coarse)).some((f) => f.guard === "duplicated patients")).toBe(false);
});

test("a LASSO that chose its λ and kept nothing is no separation, though its path ends in one", async () => {
  const cohort = generatedCohort({ n: 40, noise: 30, seed: 8, outcome: "binary" });
  const { facts } = await find(one(planFor(cohort), ["radiomics"], "lasso"), cohort);
  const [block] = facts.blocks;
  const separated = ["At the smallest λ the two classes are separated: coefficients there grow without bound as λ falls."];
  for (const model of [null, block.model]) {
    expect(guardAfter({ ...facts, blocks: [{ ...block, model, warnings: separated }] }).filter((f) => f.guard === "separation")).toEqual([]);
  }
  expect(guardAfter({ ...facts, blocks: [{ ...block, model: null, learner: learner("logistic"), warnings: separated }] }).filter((f) => f.guard === "separation")).toHaveLength(1);
});
