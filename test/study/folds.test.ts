// Empty selections, folds without events, failing fits, centres, external cohorts, intervals of fold means by hand.
import { expect, test } from "vitest";
import { selectRows } from "../../src/cohort/index.js";
import { aucDelong, auc } from "../../src/evaluate/index.js";
import { findFacts, noCache, predictBlocks, runOn, workingTable } from "../../src/study/index.js";
import type { CohortData, Plan } from "../../src/study/index.js";
import { foldError, foldMeans } from "../../src/study/estimates/nestedEstimates.js";
import { clusteredError } from "../../src/study/estimates/intervals.js";
import { coxFit } from "../../src/model/index.js";
import { reportHtml, resultTables } from "../../src/report/index.js";
import { centrePerformance } from "../../src/study/estimates/centreEstimates.js";
import { hashOfSet } from "../../src/study/estimates/sealedSets.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const find = async (plan: Plan, cohort: CohortData, external: CohortData[] = []) => (await findFacts(plan, dataOf(cohort, external), memoryWorld(), { code: "t", cache: noCache })).facts;
const cv = (folds: number, repeats: number) => ({ leaveOneCentreOut: false, crossValidation: { folds, repeats } });

test("a selection that keeps nothing is counted, shown and scored as the null model", async () => {
  for (const outcome of ["binary", "survival"] as const) {
    const cohort = generatedCohort({ n: 60, noise: 5, seed: `empty ${outcome}`, outcome, age: 1.2 });
    const base = planFor(cohort, { validation: { ...cv(3, 2), bootstrap: { resamples: 4 } } });
    // a limit that no column reaches
    const plan: Plan = { ...base, scores: base.scores.map((s) => ({ ...s, steps: [{ name: "univariable", options: { alpha: 1e-12 } }] })) };
    const facts = await find(plan, cohort);
    const headline = outcome === "binary" ? "AUC" : "C-index";
    const own = facts.performance.filter((p) => p.model === "radiomics" && p.measure === headline);
    expect(own.length).toBeGreaterThanOrEqual(3);
    for (const p of own) expect(p.estimate.value).toBe(0.5);
    expect(own.find((p) => p.estimate.kind === "nested cross-validation")!.estimate.empty).toBe(6);
    expect(own.find((p) => p.estimate.kind === "optimism-corrected")!.estimate.empty).toBe(4);
    const [score] = facts.blocks;
    expect([score.model, score.selected]).toEqual([null, []]);
    expect(score.warnings.join()).toMatch(/Nothing was selected/);
    // the combined model is then the clinical one
    const value = (model: string) => facts.performance.find((p) => p.model === model && p.measure === headline && p.estimate.kind === "nested cross-validation")!.estimate.value;
    expect(value("combined")).toBeCloseTo(value("clinical"), 10);
    // the null model's risk is the prevalence, or the Kaplan–Meier-like baseline
    const [risk] = facts.sets[0].predictions["radiomics"].probability;
    expect(new Set(risk).size).toBe(1);
    if (outcome === "binary") expect(risk[0]).toBeCloseTo(cohort.outcome.event.reduce((a, b) => a + b, 0) / 60, 12);
  }
});

test("folds without an event are named and do not count", async () => {
  const many = generatedCohort({ n: 200, noise: 2, signals: [1], seed: "rare", outcome: "binary", intercept: -1 });
  // four events in all, six folds
  const events = Array.from(many.outcome.event.keys()).filter((i) => many.outcome.event[i] === 1).slice(0, 4);
  const others = Array.from(many.outcome.event.keys()).filter((i) => many.outcome.event[i] === 0).slice(0, 56);
  const rows = [...events, ...others].sort((a, b) => a - b);
  const cohort: CohortData = { ...many, table: selectRows(many.table, rows), outcome: { kind: "binary", name: "y", event: Uint8Array.from(rows, (r) => many.outcome.event[r]) } };
  const base = planFor(cohort, { validation: cv(6, 1) });
  const plan: Plan = { ...base, scores: [], models: [{ name: "clinical", kind: "model", title: "c", from: ["age"], steps: [], learner: { name: "logistic", options: {} } }], final: "clinical", reference: "clinical" };
  const facts = await find(plan, cohort);
  expect(facts.findings.find((f) => f.guard === "folds")!.message).toMatch(/2 of 6 folds have no patient with the event \(repeat 1 fold \d, repeat 1 fold \d\)/);
  const estimate = facts.performance.find((p) => p.measure === "AUC" && p.estimate.kind === "nested cross-validation")!.estimate;
  const finite = facts.crossValidation!.results.map((f) => f.merit["clinical"]["AUC"]).filter(Number.isFinite);
  expect(finite.length).toBe(4);
  expect(estimate.value).toBeCloseTo(finite.reduce((a, b) => a + b, 0) / 4, 12);
  expect(estimate.note).toMatch(/2 of 6 folds/);
});

test("the mean of fold AUCs has DeLong's variance where there is one repeat, fold by fold", () => {
  const cohort = generatedCohort({ n: 40, noise: 1, seed: "means", outcome: "binary", intercept: 0 });
  const training = Int32Array.from({ length: 40 }, (_, i) => i);
  const score = (cohort.table.columns["f1"] as { values: Float64Array }).values;
  const folds = [training.slice(0, 20), training.slice(20)];
  const prediction = { linear: score, probability: [score.map((v) => 1 / (1 + Math.exp(-v)))] };
  const parts = folds.map((places) => ({ repeat: 1, places, predictions: { m: prediction }, thresholds: {} }));
  const found = foldMeans(cohort, training, parts, "m", { times: [] })["AUC"];
  const own = folds.map((rows) => aucDelong(Float64Array.from(rows, (r) => score[r]), Uint8Array.from(rows, (r) => cohort.outcome.event[r])));
  expect(found.value).toBeCloseTo((own[0].auc + own[1].auc) / 2, 12);
  const error = clusteredError(found.influence!, cohort.table.id);
  expect(error * error).toBeCloseTo((own[0].variance + own[1].variance) / 4, 12);
});

test("the error of a mean over folds sees both the patients and how much the refits differ", () => {
  const patients = ["a", "b", "b", "c"];
  // influences by patient: .1, .2 − .05, −.1; fold figures .6, .7, .8, .7: s² = .02/3, times 1/4 + 1/(2 − 1)
  const influence = Float64Array.of(0.1, 0.2, -0.05, -0.1);
  const refits = foldError(Float64Array.of(0.6, 0.7, 0.8, 0.7), influence, patients, 2);
  expect(refits.se).toBeCloseTo(Math.sqrt(0.0425 + (0.02 / 3) * 1.25), 12);
  expect(refits.method).toMatch(/^influence functions by patient .* plus .*Nadeau & Bengio/);
  // one fold, or two, tell nothing of how refits differ
  expect(foldError(Float64Array.of(0.6, 0.7), influence, patients, 2).se).toBeCloseTo(Math.sqrt(0.0425), 12);
  const wide = foldError(Float64Array.of(0.4, 0.7, 1, 0.7), influence, patients, 2);
  expect(wide.se).toBeCloseTo(Math.sqrt(0.0425 + (0.18 / 3) * 1.25), 12);
  // folds without the figure do not count
  expect(foldError(Float64Array.of(0.4, NaN, 0.7, 1, 0.7), undefined, patients, 2).se).toBeCloseTo(Math.sqrt((0.18 / 3) * 1.25), 12);
});

test("each centre is scored by the pipeline fitted on the others; ComBat refuses a centre it does not know", async () => {
  const cohort = generatedCohort({ n: 90, noise: 4, signals: [1.5], seed: "centres", outcome: "binary", centres: ["A", "B", "C"], shift: 0.7 });
  const plan = planFor(cohort, { validation: { leaveOneCentreOut: true } });
  const facts = await find(plan, cohort);
  expect(facts.centres!.map((c) => [c.centre, c.rows.length])).toEqual([["A", 30], ["B", 30], ["C", 30]]);
  const b = facts.centres![1];
  const own = auc(b.predictions["combined"].linear, Uint8Array.from(b.rows, (r) => cohort.outcome.event[r]));
  expect(facts.performance.find((p) => p.model === "combined" && p.measure === "AUC" && p.estimate.kind === "leave-one-centre-out" && p.estimate.set === "B")!.estimate.value).toBeCloseTo(own, 12);
  // a fit that kept nothing counts in its centre, and in the mean over the centres
  const empty = facts.centres!.map((c) => (c.centre === "B" ? { ...c, kept: { ...c.kept, radiomics: [] } } : c));
  const counted = (model: string) => centrePerformance(empty, plan, cohort, { times: [] }, 0.95).filter((p) => p.model === model && p.measure === "AUC").map(({ estimate: e }) => [e.set, e.empty, e.fits]);
  expect(counted("radiomics")).toEqual([["A", 0, 1], ["B", 1, 1], ["C", 0, 1], ["mean over centres", 1, 3]]);
  expect(counted("combined").at(-1)).toEqual(["mean over centres", 0, 3]);
  const harmonised: Plan = { ...plan, scores: plan.scores.map((s) => ({ ...s, steps: [{ name: "combat", options: {} }, ...s.steps] })) };
  const refused = await find(harmonised, cohort);
  expect(refused.centres![0].failed!["Radscore"]).toMatch(/Centre "A" was not among the training rows/);
  expect(refused.centres![0].failed!["clinical"]).toBeUndefined();
  // known centres are harmonised with the rows of the fit alone
  expect((refused.blocks[0].steps[0].state as { centres: string[] }).centres).toEqual(["A", "B", "C"]);
});

test("an ICC filter uses the readings of training patients alone", async () => {
  const cohort = generatedCohort({ n: 60, noise: 4, signals: [1], seed: "readers", outcome: "binary" });
  const second = selectRows(cohort.table, Array.from({ length: 60 }, (_, i) => i));
  const noise = generatedCohort({ n: 60, noise: 6, seed: "second reader", outcome: "binary" });
  for (const name of ["s1", "f1", "f2", "f3"]) {
    const spread = name === "f3" ? 2 : 0.2;
    (second.columns[name] as { values: Float64Array }).values.forEach((v, i, all) => { all[i] = v + spread * (noise.table.columns[name === "s1" ? "f5" : name] as { values: Float64Array }).values[i]; });
  }
  delete (second.columns as Record<string, unknown>)["f4"];
  second.columns["f4"] = { kind: "number", values: (noise.table.columns["f4"] as { values: Float64Array }).values };
  const read: CohortData = { ...cohort, readers: [{ name: "second", rows: Int32Array.from({ length: 60 }, (_, i) => i), table: second }] };
  const base = planFor(read, { validation: cv(3, 1) });
  const plan: Plan = { ...base, scores: base.scores.map((s) => ({ ...s, steps: [{ name: "zScore", options: {} }, { name: "iccFilter", options: { min: 0.75 } }] })) };
  const facts = await find(plan, read);
  const state = facts.blocks[0].steps[1].state as { subjects: number; kept: string[] };
  expect(state.subjects).toBe(60);
  expect(state.kept).toEqual(["s1", "f1", "f2"]);
  expect(facts.crossValidation!.results.every((f) => f.failed === undefined)).toBe(true);
});

test("repeated readings may stand as columns of the same table; new patients need none", async () => {
  const cohort = generatedCohort({ n: 50, noise: 2, signals: [1], seed: "repeats", outcome: "binary" });
  const number = (name: string) => (cohort.table.columns[name] as { values: Float64Array }).values;
  cohort.table.columns["s1 again"] = { kind: "number", values: number("s1").map((v, i) => v + 0.1 * number("f2")[i]) };
  cohort.table.columns["f1 again"] = { kind: "number", values: number("f2").slice() };
  const base = planFor(cohort, { validation: cv(3, 1) });
  const plan: Plan = { ...base, scores: base.scores.map((s) => ({ ...s, steps: [{ name: "iccFilter", options: { repeats: { s1: ["s1 again"], f1: ["f1 again"] } } }] })) };
  const facts = await find(plan, cohort);
  expect(facts.blocks[0].steps[0]).toMatchObject({ before: ["s1", "f1", "f2"], after: ["s1", "f2"] });
  const fresh = generatedCohort({ n: 10, noise: 2, signals: [1], seed: "new", outcome: "binary", name: "New" });
  expect(predictBlocks(facts.blocks, workingTable(fresh), [])["combined"].linear.every(Number.isFinite)).toBe(true);
});

test("an external cohort is opened once, scored by the frozen models it may be scored by, and logged", async () => {
  const cohort = generatedCohort({ n: 80, noise: 3, signals: [1.2], age: 0.6, seed: "here", outcome: "survival" });
  const there = generatedCohort({ n: 50, noise: 0, age: 0.6, seed: "there", outcome: "survival", name: "There" }, "external");
  const base = planFor(cohort);
  const plan: Plan = { ...base, cohorts: [...base.cohorts, { ...base.cohorts[0], name: "There", role: "external", models: ["clinical"] }] };
  const { results, facts } = await runOn(plan, "", dataOf(cohort, [there]), memoryWorld(), { program: "p" });
  expect(facts.openings).toEqual([{ set: "There", order: 1, purpose: "the frozen models are scored: clinical", hash: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  // the log tells other data under the same name, in whatever cell they differ
  const rows = Int32Array.from({ length: 50 }, (_, i) => i), own = facts.openings[0].hash;
  expect(hashOfSet(there, rows)).toBe(own);
  const [edited, followed] = [structuredClone(there), structuredClone(there)];
  (edited.table.columns["age"] as { values: Float64Array }).values[49] += 1e-9;
  (followed.outcome as { time: Float64Array }).time[0] += 1;
  expect(new Set([own, hashOfSet(edited, rows), hashOfSet(followed, rows), hashOfSet(there, rows.subarray(1))]).size).toBe(4);
  expect(results.openings).toEqual(facts.openings);
  expect(resultTables(results).find((t) => t.name === "sealed-sets.csv")!.csv).toBe(`set,order_of_opening,purpose,sha256_of_its_data\nThere,1,the frozen models are scored: clinical,${own}\n`);
  expect(reportHtml(results)).toMatch(/Order of opening<[\s\S]*?>There<[\s\S]*?title="[0-9a-f]{64}"/);
  expect(Object.keys(facts.sets[1].predictions)).toEqual(["clinical"]);
  const external = results.performance.filter((p) => p.estimate.kind === "external");
  expect(new Set(external.map((p) => p.model))).toEqual(new Set(["clinical"]));
  expect(external.find((p) => p.measure === "C-index")!.estimate).toMatchObject({ n: 50, set: "There", intervalMethod: "infinitesimal jackknife, logit scale" });
  // without the restriction the columns that it lacks are named
  const all: Plan = { ...plan, cohorts: plan.cohorts.map((c) => ({ ...c, models: ["clinical", "combined"] })) };
  await expect(find(all, cohort, [there])).rejects.toThrow(/There cannot be scored: .*"s1"/);
});

test("a level that a fold has never seen, and a block that cannot be fitted, are told and not dropped in silence", async () => {
  const many = generatedCohort({ n: 60, noise: 2, signals: [1], seed: "levels", outcome: "binary" });
  const rare = structuredClone(many);
  const grade = rare.table.columns["grade"] as { codes: Int32Array; levels: string[] };
  grade.levels.push("G9");
  grade.codes[5] = 3;
  const base = planFor(rare, { validation: { ...cv(3, 1), bootstrap: { resamples: 3 } } });
  const plan: Plan = { ...base, models: [
    { name: "clinical", kind: "model", title: "c", from: ["age", "grade"], steps: [], learner: { name: "logistic", options: {} } },
    // more variables than a logistic regression of 40 patients can hold
    { name: "combined", kind: "model", title: "too many", from: ["radiomics", "age"], steps: [{ name: "lasso", options: { folds: 70 } }], learner: { name: "logistic", options: {} } },
  ] };
  // the final fit must be possible: the whole run says why it is not
  await expect(find(plan, rare)).rejects.toThrow(/^combined: 70 inner folds were asked for, but there are 60 patients/);
  const smaller: Plan = { ...plan, models: [plan.models[0], { ...plan.models[1], steps: [{ name: "lasso", options: { folds: 50 } }] }] };
  const facts = await find(smaller, rare);
  const told = facts.findings.map((f) => f.message).join("\n");
  expect(told).toMatch(/clinical: 1 of 60 predictions of cross-validation could not be made/);
  expect(told).toMatch(/combined could not be fitted in 3 of 3 folds; .* First reason: combined: 50 inner folds were asked for, but there are 40 patients/);
  expect(told).toMatch(/combined could not be fitted in 3 of 3 bootstrap samples/);
  expect(facts.performance.some((p) => p.model === "combined" && p.estimate.kind === "nested cross-validation" && Number.isFinite(p.estimate.value))).toBe(false);
  expect(facts.performance.find((p) => p.model === "clinical" && p.measure === "AUC" && p.estimate.kind === "nested cross-validation")!.estimate.value).toBeGreaterThan(0);
});

test("nested models: the likelihood ratio of the fits themselves, told to be apparent", async () => {
  const cohort = generatedCohort({ n: 90, noise: 0, signals: [0.8], age: 0.7, seed: "nested", outcome: "survival" });
  const cox = { name: "cox", options: {} };
  const plan: Plan = { ...planFor(cohort), scores: [], models: [
    { name: "clinical", kind: "model", title: "c", from: ["age"], steps: [], learner: cox }, { name: "combined", kind: "model", title: "b", from: ["age", "s1", "grade"], steps: [], learner: cox },
  ] };
  const facts = await find(plan, cohort);
  const found = facts.comparisons.find((c) => c.measure === "log-likelihood")!;
  const number = (name: string) => (cohort.table.columns[name] as { values: Float64Array }).values;
  const grade = (cohort.table.columns["grade"] as { codes: Int32Array }).codes;
  const design = (columns: Float64Array[]) => ({ names: columns.map((_, k) => `x${k}`), columns, n: 90 });
  const follow = cohort.outcome as { time: Float64Array; event: Uint8Array };
  const small = coxFit(design([number("age")]), follow), large = coxFit(design([number("age"), number("s1"), Float64Array.from(grade, (g) => Number(g === 1)), Float64Array.from(grade, (g) => Number(g === 2))]), follow);
  expect(found.test!.statistic).toBeCloseTo(2 * (large.loglik[1] - small.loglik[1]), 8);
  expect(found.test!.df).toBe(3);
  expect(found.difference.kind).toBe("apparent");
});

test("an external set with one class has no AUC, and says so", async () => {
  const cohort = generatedCohort({ n: 70, noise: 2, signals: [1], seed: "two", outcome: "binary" });
  const there = generatedCohort({ n: 30, noise: 2, signals: [1], seed: "one", outcome: "binary", name: "There" }, "external");
  (there.outcome as { event: Uint8Array }).event.fill(0);
  const base = planFor(cohort);
  const { results } = await runOn({ ...base, cohorts: [...base.cohorts, { ...base.cohorts[0], name: "There", role: "external" }] }, "", dataOf(cohort, [there]), memoryWorld(), { program: "p" });
  const area = results.performance.find((p) => p.model === "combined" && p.measure === "AUC" && p.estimate.kind === "external")!.estimate;
  expect([area.value, area.low, area.n, area.events, area.note]).toEqual([NaN, undefined, 30, 0, "Not to be had on these patients."]);
});
