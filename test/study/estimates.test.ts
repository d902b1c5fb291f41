// Bootstrap and paired estimates by hand, what they refuse, events under time-dependent figures, and groups at a cut.
import { expect, test } from "vitest";
import { concordance, timeRoc } from "../../src/evaluate/index.js";
import { findFacts, noCache } from "../../src/study/index.js";
import type { Plan } from "../../src/study/index.js";
import { optimismComparison, optimismPerformance, plus632Performance } from "../../src/study/estimates/bootstrapEstimates.js";
import { eventsUnder, tooFew } from "../../src/study/estimates/eventsUnder.js";
import type { CrossValidationFacts } from "../../src/study/facts.js";
import { groupOf } from "../../src/study/figures/riskGroupFigures.js";
import { nestedComparison, nestedPerformance } from "../../src/study/estimates/nestedEstimates.js";
import { riskCut } from "../../src/study/estimates/riskCut.js";
import { resultsOf } from "../../src/study/resultsOf.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const context = { n: 50, events: 20, set: "s", level: 0.5, seed: 1 };
/** 101 samples: own figure .70, .702 … .90 (mean .8), on the original patients .7, left out .66 */
const samples = (kept: string[] = ["x"]) => Array.from({ length: 101 }, (_, i) => ({ training: { m: { AUC: 0.7 + 0.002 * i } }, test: { m: { AUC: 0.7 } }, leftOut: { m: { AUC: 0.66 } }, kept: { m: kept } }));

test("optimism by hand: apparent − mean(own − original), the percentiles moved by as much", () => {
  const [{ estimate }] = optimismPerformance(samples(), ["m"], { ...context, apparent: { m: { AUC: 0.82 } } });
  expect(estimate.value).toBeCloseTo(0.82 - 0.1, 12);
  // type-7 quartiles are the 26th and 76th of the 101: .75 and .85
  expect([estimate.low, estimate.high]).toEqual([expect.closeTo(0.65, 12), expect.closeTo(0.75, 12)]);
  expect(estimate).toMatchObject({ count: 101, empty: 0, fits: 101, intervalMethod: "location-shifted bootstrap percentiles" });
});

test(".632+ by hand (Efron & Tibshirani 1997, eq. 29–32), errors 1 − AUC with γ = ½", () => {
  const [{ estimate }] = plus632Performance(samples(), ["m"], { ...context, apparent: { m: { AUC: 0.82 } } });
  const err = 0.18, err1 = 0.34, gamma = 0.5, R = (err1 - err) / (gamma - err);
  const err632 = 0.368 * err + 0.632 * err1;
  expect(1 - estimate.value).toBeCloseTo(err632 + ((err1 - err) * 0.368 * 0.632 * R) / (1 - 0.368 * R), 12);
  expect(estimate.method).toMatch(/overfitting 0\.5$/);
});

test("no percentile interval from few samples, none that misses its own figure, none beyond 0 and 1", () => {
  const few = optimismPerformance(samples().slice(0, 99), ["m"], { ...context, apparent: { m: { AUC: 0.82 } } })[0].estimate;
  expect([few.low, few.high, few.intervalMethod]).toEqual([undefined, undefined, undefined]);
  expect(few.note).toMatch(/99 samples are too few/);
  // apparent .6 lies below every sample's own .7 to .9: the moved interval would be .65 to .75 around a corrected .5
  const beside = optimismPerformance(samples(), ["m"], { ...context, apparent: { m: { AUC: 0.6 } } })[0].estimate;
  expect(beside.value).toBeCloseTo(0.5, 12);
  expect(beside.low).toBeUndefined();
  expect(beside.note).toMatch(/0\.650 to 0\.750\) lie beside the corrected one/);
  const wide = samples().map((s, i) => ({ ...s, training: { m: { sensitivity: i / 100 } }, test: { m: { sensitivity: 0.1 } } }));
  const share = optimismPerformance(wide, ["m"], { ...context, level: 0.98, apparent: { m: { sensitivity: 0.5 } } })[0].estimate;
  expect([share.value, share.low]).toEqual([expect.closeTo(0.1, 12), 0]);
  expect(share.high).toBeCloseTo(0.99 - 0.4, 12);
  const both = samples().map((s) => ({ ...s, training: { ...s.training, k: { AUC: 0.7 } }, test: { ...s.test, k: { AUC: 0.7 } } }));
  expect(optimismComparison(both.slice(0, 50), "k", "m", ["AUC"], { ...context, apparent: { k: { AUC: 0.7 }, m: { AUC: 0.82 } } })[0].difference.low).toBeUndefined();
});

test("a final fit that selected nothing ranks nobody: ½, not ½ less other fits' optimism", () => {
  const apparent = { m: { AUC: 0.5, Brier: 0.2 } };
  const mixed = samples([]).map((s) => ({ ...s, training: { m: { ...s.training.m, Brier: 0.15 } }, test: { m: { ...s.test.m, Brier: 0.18 } } }));
  const found = optimismPerformance(mixed, ["m"], { ...context, apparent, empty: ["m"] });
  const [auc, brier] = found.map((p) => p.estimate);
  expect([auc.value, auc.low, auc.empty, auc.fits]).toEqual([0.5, undefined, 101, 101]);
  expect(auc.note).toMatch(/selected nothing.*\+0\.100/);
  expect([brier.value, brier.low]).toEqual([expect.closeTo(0.23, 12), undefined]);
  // one class for everybody: ½ of the one class right, none of the other
  const halves = samples([]).map((s) => ({ ...s, training: { m: { "balanced accuracy": 0.6 } }, test: { m: { "balanced accuracy": 0.53 } } }));
  expect(optimismPerformance(halves, ["m"], { ...context, apparent: { m: { "balanced accuracy": 0.5 } }, empty: ["m"] })[0].estimate.value).toBe(0.5);
  const plus = plus632Performance(mixed, ["m"], { ...context, apparent, empty: ["m"] })[0].estimate;
  expect([plus.value, plus.low]).toEqual([0.5, undefined]);
  // k: apparent .8, optimism .05; against the null model that is .75, as the two figures by themselves
  const two = mixed.map((s) => ({ ...s, training: { ...s.training, k: { AUC: 0.85 } }, test: { ...s.test, k: { AUC: 0.8 } } }));
  const pair = (same: string[], empty: string[], own = apparent.m.AUC) => optimismComparison(two, "m", "k", ["AUC"], { ...context, apparent: { k: { AUC: 0.8 }, m: { AUC: own } }, same: new Set(same), empty })[0].difference;
  expect([pair([], ["m"]).value, pair([], ["m"]).low]).toEqual([expect.closeTo(0.75 - 0.5, 12), undefined]);
  expect([pair(["m|k"], []).value, pair(["m|k"], []).low]).toEqual([expect.closeTo(0.3 - (0.05 - 0.1), 12), undefined]);
  const usual = pair([], [], 0.75);
  expect([usual.value, usual.low, usual.high]).toEqual([expect.closeTo(0.05 - (0.05 - 0.1), 12), expect.closeTo(0.85 - 0.85 + 0.05, 12), expect.closeTo(0.85 - 0.75 + 0.05, 12)]);
});

test("a run in which nothing is selected says so in its verdict and claims no interval", async () => {
  const cohort = generatedCohort({ n: 60, noise: 5, seed: "empty", outcome: "binary", age: 1.2 });
  const base = planFor(cohort, { validation: { leaveOneCentreOut: false, bootstrap: { resamples: 12 } } });
  const plan: Plan = { ...base, scores: base.scores.map((s) => ({ ...s, steps: [{ name: "univariable", options: { alpha: 1e-12 } }] })) };
  const { facts } = await findFacts(plan, dataOf(cohort), memoryWorld(), { code: "t", cache: noCache });
  const own = facts.performance.find((p) => p.model === "radiomics" && p.measure === "AUC" && p.estimate.kind === "optimism-corrected")!.estimate;
  expect([own.value, own.low]).toEqual([0.5, undefined]);
  const { verdict } = resultsOf(facts, "p");
  expect(verdict.adds).toBe("no");
  expect(verdict.sentence).toMatch(/\(optimism-corrected\).*The combined model fitted on all patients is the clinical model/);
});

test("models are compared in the folds, and on the patients, that both of them have", () => {
  const cohort = generatedCohort({ n: 60, noise: 0, seed: "pairs", outcome: "binary", intercept: 0 });
  const event = (cohort.outcome as { event: Uint8Array }).event;
  const fold = Int32Array.from({ length: 60 }, (_, k) => k % 3);
  const noise = generatedCohort({ n: 60, noise: 2, seed: "pair noise", outcome: "binary" });
  const linear = (name: string) => (noise.table.columns[name] as { values: Float64Array }).values.slice();
  const first = linear("f1"), second = linear("f2");
  // the first model fails in fold 1, where the second is perfect; and cannot score patient 1, of fold 2
  for (let k = 0; k < 60; k++) if (fold[k] === 0) { first[k] = NaN; second[k] = event[k]; }
  first[1] = NaN;
  second[1] = event[1] === 1 ? 99 : -99;
  const prediction = (l: Float64Array) => ({ linear: l, probability: [l.map((v) => 1 / (1 + Math.exp(-v)))] });
  const facts: CrossValidationFacts = {
    folds: 3, repeats: [{ fold, predictions: { first: prediction(first), second: prediction(second) } }],
    results: [1, 2, 3].map((f) => ({ repeat: 1, fold: f, n: 20, events: 0, merit: {}, kept: { first: ["a"], second: ["b"] }, ...(f === 1 && { failed: { first: "no" } }) })),
  };
  const training = Int32Array.from({ length: 60 }, (_, i) => i);
  const more = { cohort, training, at: { times: [] }, level: 0.95, seed: 1, set: "s" };
  const { means } = nestedPerformance(facts, ["first", "second"], more);
  const [{ difference }] = nestedComparison(means, "first", "second", ["AUC"], facts, more);
  const area = (score: Float64Array, rows: number[]) => {
    let [sum, pairs] = [0, 0];
    for (const i of rows) for (const j of rows) if (event[i] === 1 && event[j] === 0) { pairs++; sum += score[i] > score[j] ? 1 : score[i] === score[j] ? 0.5 : 0; }
    return sum / pairs;
  };
  const shared = [1, 2].map((f) => Array.from(fold.keys()).filter((k) => fold[k] === f && k !== 1));
  expect(difference.value).toBeCloseTo((area(second, shared[0]) - area(first, shared[0]) + area(second, shared[1]) - area(first, shared[1])) / 2, 12);
  expect(difference.note).toMatch(/1 of 3 folds.*Only patients whom both/);
  // the two models' own figures keep all that each has
  expect(means["second"]["AUC"].folds).toBe(3);
});

test("figures at a time carry the events by then, and who is still followed", async () => {
  const outcome = { kind: "survival" as const, name: "s", unit: "months", time: Float64Array.of(5, 10, 24, 24, 30, 40, 60), event: Uint8Array.of(1, 0, 1, 0, 1, 1, 0) };
  // an event at 24 months has happened by then (Brier), but is neither a case nor a control of AUC(24)
  expect(eventsUnder(outcome, "Brier(24)", [24, 48])).toEqual({ events: 2, atRisk: 5 });
  const { cases, controls } = timeRoc({ time: outcome.time, event: outcome.event }, Float64Array.of(7, 6, 5, 4, 3, 2, 1), [24]).times[0];
  expect(eventsUnder(outcome, "AUC(24)", [24, 48])).toEqual({ events: cases, atRisk: controls });
  expect([cases, controls]).toEqual([1, 3]);
  expect(eventsUnder(outcome, "observed/expected(36.5)", [24, 48])).toEqual({ events: 3, atRisk: 2 });
  expect(eventsUnder(outcome, "median AUC(12–30)", [24, 48])).toEqual({ events: 3 });
  expect([eventsUnder(outcome, "Uno C", [24]).events, eventsUnder(outcome, "IBS", [24, 30]).events, eventsUnder(outcome, "C-index", [24]).events]).toEqual([2, 3, 4]);
  const cohort = generatedCohort({ n: 80, noise: 2, signals: [1], age: 0.6, seed: "at t", outcome: "survival" });
  const plan = planFor(cohort, { validation: { leaveOneCentreOut: false, crossValidation: { folds: 3, repeats: 1 }, bootstrap: { resamples: 3 } } });
  const { facts } = await findFacts(plan, dataOf(cohort), memoryWorld(), { code: "t", cache: noCache });
  const { time, event } = cohort.outcome as { time: Float64Array; event: Uint8Array };
  const by24 = Array.from(time.keys()).filter((i) => event[i] === 1 && time[i] <= 24).length, at24 = time.filter((t) => t >= 24).length;
  const own = [...facts.performance.map((p) => ({ measure: p.measure, e: p.estimate })), ...facts.comparisons.map((c) => ({ measure: c.measure, e: c.difference }))].filter((x) => x.measure === "AUC(24)" || x.measure === "Brier(24)");
  expect(new Set(own.map((x) => x.e.kind))).toEqual(new Set(["apparent", "nested cross-validation", "optimism-corrected"]));
  for (const { e } of own) expect([e.events, e.atRisk]).toEqual([by24, at24]);
});

test("a test needs ten of the smaller class; at a time ten events by it and ten patients followed so long", () => {
  const survival = (n: number, events: number) => ({ kind: "survival" as const, name: "s", unit: "months", time: Float64Array.from({ length: n }, (_, k) => k + 1), event: Uint8Array.from({ length: n }, (_, k) => Number(k < events)) });
  expect(tooFew({ kind: "binary", name: "y", event: Uint8Array.from({ length: 30 }, (_, k) => Number(k < 21)) }, "AUC", [])).toBe("Only 9 patients in the smaller class: no test is given below 10.");
  expect(tooFew(survival(40, 12), "C-index", [5])).toBeUndefined();
  expect(tooFew(survival(40, 12), "AUC(10)", [10])).toBe("Only 9 events by then: no test is given below 10.");
  expect(tooFew(survival(40, 12), "AUC(36)", [36])).toBe("Only 4 patients followed so long: no test is given below 10.");
  expect(tooFew(survival(40, 12), "AUC(20)", [20])).toBeUndefined();
});

test("a patient at the cut stands in the group that the search put her into", () => {
  const cohort = generatedCohort({ n: 60, noise: 0, age: 1, seed: "cut", outcome: "survival" });
  // a rounded score, so that patients stand at the cut
  const linear = (cohort.table.columns["age"] as { values: Float64Array }).values.map((v) => Math.round(v / 5) / 2);
  const plan = planFor(cohort, { evaluation: { ...planFor(cohort).evaluation, cutpoint: { method: "minimum-p", groups: 2 } } });
  const cut = riskCut(plan, { name: "s", kind: "apparent", cohort, rows: Int32Array.from(linear.keys()), predictions: { combined: { linear, probability: [] } } })!;
  expect(linear.some((v) => v === cut.values[0])).toBe(true);
  const low = Array.from(linear).filter((v) => v <= cut.values[0]).length;
  expect(Array.from(linear).filter((v) => groupOf(v, cut.values) === 0).length).toBe(low);
  expect(cut.correctedP!).toBeGreaterThanOrEqual(cut.p!);
  // and the search does see the worse group as the higher one
  expect(concordance(cohort.outcome as never, linear).c).toBeGreaterThan(0.5);
});
