// What a study says of a gain: shown, not shown, excluded; of null models, of pooled calibration of null fits, of too few events for a test.
import { expect, test } from "vitest";
import { checkTables, reportHtml, type Comparison, type Kind } from "../../src/report/index.js";
import { findFacts, guardBefore, noCache, predictBlocks, workingTable } from "../../src/study/index.js";
import type { CrossValidationFacts, Facts } from "../../src/study/facts.js";
import { nestedComparison, nestedPerformance } from "../../src/study/estimates/nestedEstimates.js";
import { setComparison } from "../../src/study/estimates/setEstimates.js";
import { verdictOf } from "../../src/study/verdictOf.js";
import { sampleResults } from "../report/sampleResults.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const cohort = generatedCohort({ n: 60, noise: 3, signals: [1.2], age: 1, seed: "verdict", outcome: "binary" });
const { facts } = await findFacts(planFor(cohort), dataOf(cohort), memoryWorld(), { code: "t", cache: noCache });
const difference = (value: number, low?: number, high?: number, kind: Kind = "nested cross-validation", set = "Generated"): Comparison => ({
  first: "clinical", second: "combined", measure: "AUC", difference: { value, ...(low !== undefined && { low, high: high!, level: 0.95, intervalMethod: "x" }), n: 60, events: 20, set, kind, method: "x", seed: 1 },
});
const verdict = (comparisons: Comparison[], of: Facts = facts) => verdictOf({ ...of, comparisons });

test("the level of the interval is told as it is", () => expect(verdict([{ ...difference(0.05, 0.01, 0.09), difference: { ...difference(0.05, 0.01, 0.09).difference, level: 0.975 } }]).sentence).toContain("(97.5 % CI +0.010"));

test.each<[string, Comparison, string, RegExp]>([
  ["shown", difference(0.05, 0.01, 0.09), "yes", /\+0\.050 \(95 % CI \+0\.010 to \+0\.090\).*it adds to prediction\.$/],
  ["not shown", difference(0.05, -0.01, 0.11), "uncertain", /an addition is not shown; one of more than \+0\.110 is excluded, a smaller one is not/],
  ["not shown where the difference is negative", difference(-0.01, -0.06, 0.04), "uncertain", /no addition is shown; one of more than \+0\.040 is excluded/],
  ["excluded", difference(-0.05, -0.09, -0.01), "no", /it predicts worse/],
  ["without an interval", difference(0.05), "uncertain", /not shown, and not excluded/],
  ["negative without an interval", difference(-0.05), "uncertain", /no addition is shown; without an interval none is excluded/],
])("a gain %s", (_, comparison, adds, words) => {
  const found = verdict([comparison]);
  expect(found.adds).toBe(adds);
  expect(found.sentence).toMatch(words);
});

test("where centres were to be left out and could not be compared, an addition among patients of the same source is not more than that", async () => {
  const three = generatedCohort({ n: 120, noise: 2, signals: [1.6], seed: "three centres", outcome: "binary", centres: ["A", "B", "C"] });
  const plan = planFor(three, { validation: { leaveOneCentreOut: true } });
  plan.scores[0].steps.unshift({ name: "combat", options: {} });
  expect(guardBefore(plan, dataOf(three)).filter((f) => /combat refuses a centre/.test(f.message)).map((f) => [f.where, f.severity])).toEqual([["Radscore", "warning"]]);
  // a plan's text names the centre's column as the batch
  plan.cohorts[0].centre = "site";
  plan.scores[0].steps[0].options = { batch: "site" };
  expect(guardBefore(plan, dataOf(three)).filter((f) => /combat refuses a centre/.test(f.message)).length).toBe(1);
  plan.scores[0].steps[0].options = {};
  const { facts: refused } = await findFacts(plan, dataOf(three), memoryWorld(), { code: "t", cache: noCache });
  const told = verdict([difference(0.176, 0.032, 0.32)], refused);
  expect(told).toMatchObject({ adds: "uncertain", sentence: expect.stringMatching(/an addition is shown among patients of the same source\. In centres not seen the two could not be compared\.$/) });
  plan.scores[0].steps[0].options = { newCentre: "passThrough" };
  expect(guardBefore(plan, dataOf(three)).filter((f) => /combat refuses/.test(f.message))).toEqual([]);
});

test("an external cohort of a centre that ComBat refuses stops the run before anything is fitted", () => {
  const of = (centres: string[]) => generatedCohort({ n: 60, noise: 2, signals: [1.6], seed: centres.join(), outcome: "binary", centres });
  const three = of(["A", "B", "C"]), elsewhere = (centres: string[]) => ({ ...dataOf(three), external: [{ ...dataOf(of(centres)).development, name: "elsewhere", role: "external" as const }] });
  const plan = planFor(three);
  plan.scores[0].steps.unshift({ name: "combat", options: {} });
  const stops = (centres: string[]) => guardBefore(plan, elsewhere(centres)).filter((f) => f.severity === "stop" && f.guard === "patients not scored").map((f) => f.message);
  expect(stops(["A", "D"])).toEqual([expect.stringMatching(/^Radscore: combat refuses "D" of elsewhere, which no patient of .* is of \(A, B, C\): the cohort could not be scored\.$/)]);
  expect(stops(["A", "B"])).toEqual([]);
  plan.scores[0].steps[0].options = { newCentre: "passThrough" };
  expect(stops(["A", "D"])).toEqual([]);
});

test("where leave-one-centre-out or another cohort does not show it, nothing adds; each has its sentence", () => {
  const nested = difference(0.176, 0.032, 0.32), centres = difference(0.084, -0.076, 0.243, "leave-one-centre-out", "mean over centres"), one = difference(0.2, 0.1, 0.3, "leave-one-centre-out", "A");
  const outside = difference(0.151, 0.003, 0.299, "external", "Centre D");
  const found = verdict([nested, one, centres, outside]);
  expect(found.adds).toBe("uncertain");
  expect(found.sentence).toBe("Adding Radscore to the clinical model changes the AUC by +0.176 (95 % CI +0.032 to +0.320) (nested cross-validation): an addition is shown among patients of the same source. "
    + "In centres not seen the change is +0.084 (95 % CI −0.076 to +0.243): the addition is not shown there. In Centre D (external) the change is +0.151 (95 % CI +0.003 to +0.299): the addition is shown there too.");
  expect(found.comparison).toBe(nested);
  expect(found.further!.map((f) => f.comparison)).toEqual([centres, outside]);
  // all agree; a set in which nothing can be said does not count
  const agreed = verdict([nested, outside, { ...centres, difference: { ...centres.difference, low: 0.01 } }]);
  expect([agreed.adds, agreed.sentence]).toEqual(["yes", expect.stringMatching(/it adds to prediction\. In centres not seen .* too\. In Centre D .* too\.$/)]);
  const tiny = { ...outside, difference: { ...outside.difference, low: -0.3, note: "Only 4 patients in the smaller class: no test is given below 10." } };
  expect(verdict([nested, tiny])).toMatchObject({ adds: "yes", sentence: expect.stringMatching(/In Centre D \(external\) .*: too few had the event to say\.$/) });
  // two centres give no interval, and so show nothing
  expect(verdict([nested, difference(0.1, undefined, undefined, "leave-one-centre-out", "mean over centres")])).toMatchObject({ adds: "uncertain", sentence: expect.stringMatching(/In centres not seen the change is \+0\.100: the addition is not shown there\.$/) });
  // what is worse here and better there is neither
  expect(verdict([difference(-0.05, -0.09, -0.01), outside])).toMatchObject({ adds: "uncertain", sentence: expect.stringMatching(/it predicts worse\. In Centre D .* an addition is shown there\.$/) });
  expect(verdict([difference(-0.05, -0.09, -0.01), centres]).adds).toBe("no");
});

test("the report checks the verdict against every comparison beside it", () => {
  const results = { ...sampleResults(), verdict: verdict([difference(0.176, 0.032, 0.32), difference(0.084, -0.076, 0.243, "leave-one-centre-out", "mean over centres")]) };
  const told = (adds: "yes" | "uncertain") => checkTables({ ...results, verdict: { ...results.verdict, adds } }).filter((f) => /verdict is "yes"/.test(f.message));
  expect(told("uncertain")).toEqual([]);
  expect(told("yes").map((f) => f.message)).toEqual([expect.stringMatching(/in mean over centres .*not shown/)]);
  const page = reportHtml(results);
  expect(page).toContain('<div class="verdict uncertain"');
  expect(page).toMatch(/<p>Adding [^<]*same source\.<\/p><p class="further">In centres not seen [^<]*<\/p><p class="basis">Generated: 60 patients[^<]*<br>Mean over centres: 60 patients/);
});

test("fewer than ten events decide nothing, whatever their interval", () => {
  const few = { ...difference(0.3, 0.1, 0.5, "external", "There"), difference: { ...difference(0.3, 0.1, 0.5, "external", "There").difference, note: "Only 4 patients in the smaller class: no test is given below 10." } };
  expect(verdict([few])).toMatchObject({ adds: "uncertain", sentence: expect.stringMatching(/\(external\): too few had the event to say/) });
  // as a set of patients gives it
  const there = generatedCohort({ n: 40, noise: 3, signals: [1.2], age: 1, seed: "few there", outcome: "binary", intercept: -2.6, name: "There", first: 500 }, "external");
  expect(there.outcome.event.reduce((a, b) => a + b, 0)).toBeLessThan(10);
  const predictions = predictBlocks(facts.blocks, workingTable(there), []);
  const own = setComparison({ name: "There", kind: "external", cohort: there, rows: Int32Array.from({ length: 40 }, (_, k) => k), predictions }, "clinical", "combined", { times: [], level: 0.95, seed: 1 });
  expect(own[0].test).toBeUndefined();
  expect(verdict(own).sentence).toMatch(/too few had the event to say/);
});

test("apparent and tuning differences show nothing; the mean over centres stands for leave-one-centre-out, after nested and external figures", () => {
  for (const kind of ["apparent", "tuning"] as const) expect(verdict([difference(0.2, 0.1, 0.3, kind)])).toMatchObject({ adds: "uncertain", sentence: expect.stringMatching(/was not validated/) });
  const centres = [difference(0.3, 0.2, 0.4, "leave-one-centre-out", "A"), difference(0.01, -0.05, 0.07, "leave-one-centre-out", "mean over centres")];
  expect(verdict(centres).comparison).toBe(centres[1]);
  const outside = difference(0.02, -0.1, 0.14, "external", "There"), nested = difference(-0.02, -0.1, 0.06);
  expect(verdict([...centres, outside]).comparison).toBe(outside);
  expect(verdict([...centres, outside, nested]).comparison).toBe(nested);
});

test("a final model that is the reference, or nothing, adds nothing, whatever the resampled difference", () => {
  const alike: Facts = { ...facts, sets: [{ ...facts.sets[0], predictions: { ...facts.sets[0].predictions, combined: facts.sets[0].predictions["clinical"] } }] };
  expect(verdict([difference(0.02, -0.03, 0.07)], alike)).toMatchObject({ adds: "no", sentence: expect.stringMatching(/The combined model fitted on all patients is the clinical model: nothing more was selected\.$/) });
  const empty: Facts = { ...alike, blocks: facts.blocks.map((b) => (b.name === "combined" ? { ...b, model: null, selected: [] } : b)) };
  expect(verdict([difference(0.02, -0.03, 0.07)], empty).sentence).toMatch(/neither model selected anything/);
});

/** Cross-validation of two models on 60 patients, three folds twice; `first` as told, `second` a column of noise. */
function crossValidated(event: Uint8Array, first: (repeat: number, k: number, fold: number) => number, kept: (repeat: number) => string[]): { found: CrossValidationFacts; context: Parameters<typeof nestedPerformance>[2] } {
  const noise = (cohort.table.columns["f1"] as { values: Float64Array }).values;
  const of = (linear: Float64Array) => ({ linear, probability: [linear.map((v) => 1 / (1 + Math.exp(-v)))] });
  const fold = Int32Array.from({ length: 60 }, (_, k) => k % 3);
  const found: CrossValidationFacts = {
    folds: 3, repeats: [0, 1].map((r) => ({ fold, predictions: { first: of(Float64Array.from(fold, (f, k) => first(r, k, f))), second: of(noise) } })),
    results: [1, 2].flatMap((repeat) => [1, 2, 3].map((f) => ({ repeat, fold: f, n: 20, events: 0, merit: {}, kept: { first: kept(repeat), second: ["f1"] } }))),
  };
  return { found, context: { cohort: { ...cohort, outcome: { kind: "binary", name: "y", event } }, training: Int32Array.from({ length: 60 }, (_, k) => k), at: { times: [] }, level: 0.95, seed: 1, set: "s" } };
}

test("fits that kept nothing have no calibration slope: their risks differ by the folds' prevalences alone", () => {
  const { event } = cohort.outcome as { event: Uint8Array };
  // as stratified folds leave them: the fewer events in a fold, the higher the prevalence among the others
  const prevalence = [0, 1, 2].map((f) => { const rest = Array.from(event).filter((_, k) => k % 3 !== f); return rest.reduce((a, b) => a + b, 0) / rest.length; });
  const flat = (_: number, __: number, f: number) => Math.log(prevalence[f] / (1 - prevalence[f]));
  const { found, context } = crossValidated(event, flat, () => []);
  const slope = (x: typeof found) => nestedPerformance(x, ["first"], context).performance.find((p) => p.measure === "calibration slope")!.estimate;
  expect([slope(found).value, slope(found).low, slope(found).note]).toEqual([NaN, undefined, expect.stringMatching(/kept nothing.*there is no slope/)]);
  // the same risks as if something had been kept: far from 1, and about nothing
  const pretended = slope({ ...found, results: found.results.map((f) => ({ ...f, kept: { first: ["x"] } })) });
  expect(Math.abs(pretended.value - 1)).toBeGreaterThan(1);
  const half = slope({ ...found, results: found.results.map((f) => ({ ...f, kept: { first: f.repeat === 1 ? [] : ["x"] } })) });
  expect(half).toMatchObject({ count: 1, value: pretended.value, note: "In 1 of 2 repeats every fit kept nothing and there is no slope." });
});

test("below ten events the folds' difference has no test, as on a set", () => {
  const noise = (cohort.table.columns["f2"] as { values: Float64Array }).values;
  for (const events of [9, 12]) {
    const { found, context } = crossValidated(Uint8Array.from({ length: 60 }, (_, k) => Number(k < events)), (_, k) => noise[k], () => ["f2"]);
    const { means } = nestedPerformance(found, ["first", "second"], context);
    const [c] = nestedComparison(means, "first", "second", ["AUC"], found, context);
    expect(c.difference.low).toBeLessThan(c.difference.value);
    if (events === 9) expect([c.test, c.difference.note]).toEqual([undefined, expect.stringMatching(/Only 9 patients in the smaller class: no test is given below 10/)]);
    else expect(c.test!.p).toBeGreaterThan(0);
  }
});
