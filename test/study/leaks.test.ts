// The evaluator's door, sealed sets, and the planted null.
import { describe, expect, test } from "vitest";
import { auc } from "../../src/evaluate/index.js";
import { randomStream } from "../../src/math/index.js";
import { findFacts, fitPipeline, judge, kindOf, noCache, open, predictBlocks, sealLog, workingTable } from "../../src/study/index.js";
import { selectRows } from "../../src/cohort/index.js";
import { meritOf } from "../../src/study/estimates/merit.js";
import { refuseShared } from "../../src/study/estimates/sealedSets.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const cohort = generatedCohort({ n: 80, noise: 12, signals: [1], seed: "leaks", outcome: "binary" });
const plan = planFor(cohort);
const training = Array.from({ length: 60 }, (_, i) => i);
const blocks = fitPipeline(plan, cohort, training, randomStream(1));
const at = { times: [] };

describe("a score of patients whom any fit has seen", () => {
  const predictions = predictBlocks(blocks, workingTable(cohort), []);
  const of = (rows: number[]) => ({ linear: Float64Array.from(rows, (r) => predictions["combined"].linear[r]), probability: [Float64Array.from(rows, (r) => predictions["combined"].probability[0][r])] });

  test("is refused as a test, with how many and which rows", () => {
    const rows = [58, 59, 60, 61];
    expect(() => judge(blocks, "combined", cohort, cohort, rows, of(rows), at, "test")).toThrow(/2 of its patients were seen by the fits behind "combined" \(rows 59, 60 of Generated\)/);
  });

  test("is refused where only the score behind the model saw the patient", () => {
    // the models claim to be fitted on the first 50 alone; the Radscore still saw all 60
    const claimed = blocks.map((b) => (b.name === "Radscore" ? b : { ...b, trainedOn: { rows: b.trainedOn.rows.slice(0, 50), patients: 50 } }));
    const rows = [55, 70, 71, 72];
    expect(() => judge(claimed, "clinical", cohort, cohort, rows, of(rows), at, "test")).not.toThrow();
    expect(() => judge(claimed, "combined", cohort, cohort, rows, of(rows), at, "test")).toThrow(/rows 56/);
  });

  test("is refused by patient, not by row: an external cohort that holds a training patient", () => {
    const elsewhere = { ...cohort, name: "Elsewhere", role: "external" as const, table: { ...selectRows(cohort.table, Array.from({ length: 20 }, (_, i) => 60 + i)) } };
    elsewhere.outcome = { ...cohort.outcome, event: (cohort.outcome as { event: Uint8Array }).event.slice(60) } as typeof cohort.outcome;
    elsewhere.table.id[3] = cohort.table.id[10];
    const rows = Array.from({ length: 20 }, (_, i) => i);
    expect(() => judge(blocks, "clinical", cohort, elsewhere, rows, of(rows), at, "external")).toThrow(/Elsewhere: 1 of its patients were seen.*rows 4/);
  });

  test("may be had as apparent, and of unseen patients as a test", () => {
    expect(() => judge(blocks, "combined", cohort, cohort, training, of(training), at, "apparent")).not.toThrow();
    const rows = Array.from({ length: 20 }, (_, i) => 60 + i);
    const merit = judge(blocks, "combined", cohort, cohort, rows, of(rows), at, "test");
    expect(merit["AUC"]).toBeCloseTo(auc(Float64Array.from(rows, (r) => predictions["combined"].linear[r]), Uint8Array.from(rows, (r) => cohort.outcome.event[r])), 12);
  });

  test("between folds is looked at by patient as well", () => {
    expect(() => refuseShared("fold", ["a", "b", "a", "c"], [0, 1], [2, 3])).toThrow(/1 patients .* \(rows 3\)/);
    expect(() => refuseShared("fold", ["a", "b", "a", "c"], [0, 1, 2], [3])).not.toThrow();
  });
});

test("a set by which something is chosen is a tuning set from then on", () => {
  const log = sealLog();
  open(log, "B", "the frozen models are scored", "00");
  expect(kindOf(log, "B", "external")).toBe("external");
  open(log, "B", "ring width chosen", "00", true);
  expect(kindOf(log, "B", "external")).toBe("tuning");
  expect(kindOf(log, "C", "external")).toBe("external");
  expect(log.openings.map((o) => o.order)).toEqual([1, 2]);
});

test("a planted null stays at chance inside the folds, while selection before them does not", async () => {
  const inside: number[] = [], outside: number[] = [], apparent: number[] = [];
  for (let k = 0; k < 6; k++) {
    const noise = generatedCohort({ n: 70, noise: 150, seed: `null ${k}`, outcome: "binary" });
    const first = planFor(noise, { seed: k, groups: {}, validation: { leaveOneCentreOut: false, crossValidation: { folds: 5, repeats: 2 } } });
    const features = Object.keys(noise.table.columns).filter((c) => c.startsWith("f"));
    const own = {
      ...first, groups: { radiomics: features }, scores: [], final: "radiomics",
      models: [{ name: "radiomics", kind: "model" as const, title: "r", from: ["radiomics"], steps: [{ name: "univariable", options: { alpha: 0.05 } }], learner: { name: "logistic", options: {} } }],
    };
    delete (own as { reference?: string }).reference;
    const run = async (p: typeof own) => (await findFacts(p, dataOf(noise), memoryWorld(), { code: "t", cache: noCache })).facts;
    const value = (f: Awaited<ReturnType<typeof run>>, kind: string) => f.performance.find((p) => p.measure === "AUC" && p.estimate.kind === kind)!.estimate.value;
    const honest = await run(own);
    inside.push(value(honest, "nested cross-validation"));
    apparent.push(value(honest, "apparent"));
    // the same folds, but the features were chosen on everybody first
    const chosen = honest.blocks[0].selected;
    if (chosen.length > 0) outside.push(value(await run({ ...own, groups: { radiomics: chosen }, models: [{ ...own.models[0], steps: [] }] }), "nested cross-validation"));
  }
  const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  // one AUC of 70 patients has a standard error of about .07; six of them .03
  expect(Math.abs(mean(inside) - 0.5)).toBeLessThan(0.09);
  expect(mean(outside)).toBeGreaterThan(0.65);
  expect(mean(apparent)).toBeGreaterThan(0.75);
});

test("what a learner makes up never reaches a figure: SMOTE's rows are in no count, threshold, range or prevalence", async () => {
  const rare = generatedCohort({ n: 90, noise: 3, signals: [1.2], seed: "rare", outcome: "binary", intercept: -1.8 });
  const base = planFor(rare);
  const own = { ...base, scores: [], models: [{ name: "m", kind: "model" as const, title: "m", from: ["radiomics"], steps: [{ name: "smote", options: {} }, { name: "univariable", options: { alpha: 1 } }], learner: { name: "logistic", options: {} } }], final: "m" };
  delete (own as { reference?: string }).reference;
  const { facts } = await findFacts(own, dataOf(rare), memoryWorld(), { code: "t", cache: noCache });
  const [block] = facts.blocks;
  const events = rare.outcome.event.reduce((a, b) => a + b, 0);
  // the test came before the synthetic rows although it was written after them
  expect(block.steps.map((s) => s.name)).toEqual(["univariable", "smote"]);
  expect((block.steps[1].state as { after: number[] }).after).toEqual([90 - events, 90 - events]);
  expect(block.trainedOn.rows.length).toBe(90);
  for (const p of facts.performance) expect([p.estimate.n, p.estimate.events]).toEqual([90, events]);
  // and the probabilities are of the patients as they are
  const risk = facts.sets[0].predictions["m"].probability[0];
  expect(risk.reduce((a, b) => a + b, 0) / 90).toBeCloseTo(events / 90, 6);
  expect(block.recalibration!.intercept).toBeLessThan(-0.5);
  // meritOf sees the same patients
  expect(meritOf(rare.outcome, facts.sets[0].predictions["m"], Array.from({ length: 90 }, (_, i) => i), { times: [] })["AUC"]).toBeCloseTo(facts.performance.find((p) => p.measure === "AUC")!.estimate.value, 12);
});
