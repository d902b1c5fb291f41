// What is left out leaves no trace: patients of a fold, of a test set or of an external cohort are spoilt (values, outcome), and nothing that was fitted or
// chosen without them may move by a bit. It finds every leak of whatever step, learner, threshold, cut or λ that looks at them.
import { describe, expect, test } from "vitest";
import type { SurvivalOutcome } from "../../src/cohort/index.js";
import { blockSteps } from "../../src/study/fit/fitBlock.js";
import { findFacts, noCache, type CohortData, type Plan } from "../../src/study/index.js";
import type { Facts } from "../../src/study/facts.js";
import { runResample } from "../../src/study/fit/resample.js";
import { frozenPipeline, resultsOf } from "../../src/study/resultsOf.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const text = (value: unknown) => JSON.stringify(value, (_, v: unknown) => (ArrayBuffer.isView(v) ? Array.from(v as unknown as number[], (x) => (Number.isNaN(x) ? "NaN" : x)) : v));

/** The cohort with the numbers, categories and outcomes of some rows turned into others. */
function spoilt(cohort: CohortData, rows: readonly number[]): CohortData {
  const copy = structuredClone(cohort);
  for (const column of Object.values(copy.table.columns)) for (const r of rows) {
    if (column.kind === "number") column.values[r] = Number.isNaN(column.values[r]) ? 3 : 5 - 7 * column.values[r];
    if (column.kind === "category") column.codes[r] = (column.codes[r] + 1) % column.levels.length;
  }
  for (const reader of copy.readers) reader.rows.forEach((r, k) => { if (rows.includes(r)) for (const column of Object.values(reader.table.columns)) if (column.kind === "number") column.values[k] = -4 * column.values[k]; });
  for (const r of rows) {
    copy.outcome.event[r] = 1 - copy.outcome.event[r];
    if (copy.outcome.kind === "survival") copy.outcome.time[r] = 61 - copy.outcome.time[r] / 3;
  }
  return copy;
}

function holed(outcome: "binary" | "survival"): CohortData {
  const cohort = generatedCohort({ n: 66, noise: 5, signals: [1.2, 0.8], age: 0.6, seed: `untouched ${outcome}`, outcome, centres: ["A", "B"], shift: 0.6, intercept: -0.3 });
  for (const [name, at] of [["f1", 3], ["f1", 50], ["s1", 7], ["f2", 60]] as const) (cohort.table.columns[name] as { values: Float64Array }).values[at] = NaN;
  const second = structuredClone(cohort.table);
  for (const column of Object.values(second.columns)) if (column.kind === "number") column.values.forEach((v, k) => { column.values[k] = v + 0.1 * Math.sin(17 * k); });
  return { ...cohort, readers: [{ name: "second", rows: Int32Array.from({ length: 66 }, (_, k) => k), table: second }] };
}

const options: Record<string, Record<string, unknown>> = {
  impute: { method: "knn" }, iccFilter: { min: 0.5 }, univariable: { alpha: 0.5 }, clusterRepresentatives: { cut: 0.6 }, mrmr: { number: 3 }, boruta: { runs: 12, trees: 20 }, lasso: { folds: 5 }, stabilitySelection: { samples: 10 }, stepwise: { criterion: "aic" },
};
const LEFT = 44, BYSTANDER = 50;

describe.each(["binary", "survival"] as const)("a %s fold", (outcome) => {
  const cohort = holed(outcome), training = Int32Array.from({ length: 66 }, (_, k) => k);
  const left = Array.from(training).filter((k) => k >= LEFT), others = left.filter((k) => k !== BYSTANDER);
  const other = spoilt(cohort, others);
  const balancing = ["smote", "upsample", "undersample"];
  test.each(blockSteps.map((s) => s.name).filter((name) => outcome === "binary" || !balancing.includes(name)))("after %s", (name) => {
    const learner = { name: outcome === "binary" ? "lasso" : "lassoCox", options: { folds: 5 } };
    const base = planFor(cohort);
    const steps = [...(name === "impute" ? [] : [{ name: "impute", options: {} }]), { name, options: options[name] ?? {} }];
    const plan: Plan = { ...base, scores: [{ ...base.scores[0], steps, learner }] };
    const fit = training.filter((k) => k < LEFT);
    const run = (of: CohortData) => runResample({ plan, cohort: of, training, grids: [] }, { name: "fold", fit, score: [{ name: "test", places: Int32Array.from(left), apart: true }] });
    const [honest, after] = [run(cohort), run(other)];
    const seen = (r: typeof honest) => text(Object.entries(r.blocks).map(([block, b]) => ({ block, kept: b.kept, hazard: b.hazard, failed: b.failed, linear: [...fit, BYSTANDER].map((k) => b.linear[k]) })));
    expect(honest.blocks["Radscore"].failed).toBeUndefined();
    expect(seen(after)).toBe(seen(honest));
    expect(after.thresholds).toEqual(honest.thresholds);
    // and the spoilt patients themselves are seen to be others
    expect(text(after.merit)).not.toBe(text(honest.merit));
  });

  test("the check sees a leak: one of them among those fitted on moves the others' predictions", () => {
    const plan = planFor(cohort, { scores: [{ ...planFor(cohort).scores[0], steps: [{ name: "impute", options: {} }, { name: "zScore", options: {} }] }] });
    const fit = training.filter((k) => k <= LEFT);
    const of = (c: CohortData) => runResample({ plan, cohort: c, training, grids: [] }, { name: "fold", fit, score: [] }).blocks["combined"].linear[BYSTANDER];
    expect(of(other)).not.toBe(of(cohort));
  });
});

/** Everything that rests on the training patients. */
const chosen = ({ blocks, thresholds, cut, crossValidation, bootstrap }: Facts) => text({ blocks, thresholds, cut, crossValidation, bootstrap });
const find = async (plan: Plan, cohort: CohortData, external: CohortData[] = []) => (await findFacts(plan, dataOf(cohort, external), memoryWorld(), { code: "t", cache: noCache })).facts;
const validation = { leaveOneCentreOut: false, crossValidation: { folds: 3, repeats: 1 }, bootstrap: { resamples: 2 } };

describe.each(["binary", "survival"] as const)("a %s study", (outcome) => {
  const cutpoint = { method: outcome === "binary" ? ("youden" as const) : ("minimum-p" as const), groups: 2 as const };

  test("chooses fits, thresholds, risk groups and resamples without its sealed test set", async () => {
    const cohort = generatedCohort({ n: 90, noise: 5, signals: [1.2], age: 0.6, seed: `split ${outcome}`, outcome, centres: ["A", "B", "C"] });
    const base = planFor(cohort);
    const plan: Plan = { ...base, evaluation: { ...base.evaluation, cutpoint }, validation: { ...validation, split: { by: "centre", values: ["C"] } as never } };
    const honest = await find(plan, cohort), sealed = Array.from(honest.sets[1].rows);
    expect([honest.sets[1].kind, sealed.length]).toEqual(["test", 30]);
    const after = await find(plan, spoilt(cohort, sealed));
    expect(chosen(after)).toBe(chosen(honest));
    expect(after.performance.filter((p) => p.estimate.kind !== "test")).toEqual(honest.performance.filter((p) => p.estimate.kind !== "test"));
    expect(text(after.performance.filter((p) => p.estimate.kind === "test"))).not.toBe(text(honest.performance.filter((p) => p.estimate.kind === "test")));
    expect(text(frozenPipeline(after, "p", ""))).toBe(text(frozenPipeline(honest, "p", "")));
    // the verdict rests on the training patients; what the test set shows is a sentence of its own
    const [one, two] = [after, honest].map((f) => resultsOf(f, "p").verdict);
    expect(one.comparison).toEqual(two.comparison);
    expect(one.comparison!.difference.kind).toBe("nested cross-validation");
    expect(one.sentence.split(" In the test set")[0]).toBe(two.sentence.split(" In the test set")[0]);
    expect(one.further!.map((f) => f.comparison.difference.kind)).toEqual(["test"]);
  });

  test("chooses nothing by an external cohort: no threshold, cut, scaling or model", async () => {
    const cohort = generatedCohort({ n: 70, noise: 4, signals: [1.2], age: 0.6, seed: `outside ${outcome}`, outcome });
    const there = generatedCohort({ n: 50, noise: 4, signals: [1.2], age: 0.6, seed: `there ${outcome}`, outcome, name: "There", first: 500 }, "external");
    const base = planFor(cohort);
    const plan: Plan = { ...base, cohorts: [...base.cohorts, { ...base.cohorts[0], name: "There", role: "external" }], evaluation: { ...base.evaluation, cutpoint }, validation };
    const honest = await find(plan, cohort, [there]), after = await find(plan, cohort, [spoilt(there, Array.from({ length: 50 }, (_, k) => k).filter((k) => k !== 9))]);
    expect(chosen(after)).toBe(chosen(honest));
    const own = (f: Facts) => text(f.performance.filter((p) => p.estimate.kind !== "external"));
    expect(own(after)).toBe(own(honest));
    // a patient who was left alone is predicted as before: nothing was scaled or harmonised by the cohort
    for (const model of Object.keys(honest.sets[1].predictions)) expect(after.sets[1].predictions[model].linear[9]).toBe(honest.sets[1].predictions[model].linear[9]);
  });
});

test("a centre left out moves nothing that the others fitted", async () => {
  const cohort = generatedCohort({ n: 90, noise: 4, signals: [1.2], age: 0.6, seed: "centre", outcome: "survival", centres: ["A", "B", "C"] });
  const plan = planFor(cohort, { validation: { leaveOneCentreOut: true } });
  const honest = (await find(plan, cohort)).centres![1], rows = Array.from(honest.rows).slice(1);
  const moved = spoilt(cohort, rows);
  (moved.outcome as SurvivalOutcome).time[honest.rows[0]] = 1;
  const after = (await find(plan, moved)).centres![1];
  expect(after.kept).toEqual(honest.kept);
  expect(after.predictions["combined"].linear[0]).toBe(honest.predictions["combined"].linear[0]);
  expect(after.predictions["combined"].probability[0][0]).toBe(honest.predictions["combined"].probability[0][0]);
  expect(after.predictions["combined"].linear[1]).not.toBe(honest.predictions["combined"].linear[1]);
});
