// An invented frozen pipeline for the tests of the calculator: a LASSO Cox Radscore of six features, and a Cox model of it with two clinical variables.
import { steps, type SurvivalOutcome, type Table } from "../../src/cohort/index.js";
import { exp, log, randomStream } from "../../src/math/index.js";
import { coxLearner, lassoCoxLearner } from "../../src/model/index.js";
import { baselineHazard } from "../../src/study/fit/baselineHazard.js";
import type { FittedBlock, FrozenPipeline } from "../../src/study/index.js";

const n = 161;
const random = randomStream("invented model");
const numbers = (draw: () => number) => ({ kind: "number" as const, values: Float64Array.from({ length: n }, draw) });
export const featureNames = Array.from({ length: 6 }, (_, k) => `T1_E_original_glcm_Feature${k + 1}`);
export const table: Table = {
  id: Array.from({ length: n }, (_, k) => `secret-name-${k + 1}`),
  columns: {
    ...Object.fromEntries(featureNames.map((name, k) => [name, numbers(() => 10 * k + (k + 1) * random.normal())])),
    "HR Pos": { kind: "category", levels: ["negative", "positive"], ordered: false, codes: Int32Array.from({ length: n }, () => random.below(2)) },
    "MRI LD Baseline": { ...numbers(() => Math.round(60 * exp(0.4 * random.normal()))), unit: "mm" },
  },
};
const column = (name: string) => { const c = table.columns[name]; return c.kind === "number" ? c.values : Float64Array.from((c as { codes: Int32Array }).codes); };
const risk = Float64Array.from({ length: n }, (_, i) => 0.9 * (column(featureNames[0])[i]) - 0.5 * (column(featureNames[2])[i] - 20) / 3 - 0.7 * column("HR Pos")[i] + 0.01 * column("MRI LD Baseline")[i]);
const event = new Uint8Array(n);
const time = Float64Array.from(risk, (r, i) => { const t = -log(1 - random.next()) / (0.006 * exp(r)), c = 24 + 60 * random.next(); event[i] = Number(t <= c); return Math.min(t, c); });
export const outcome: SurvivalOutcome = { kind: "survival", name: "recurrence-free survival", unit: "months", time, event };

const range = (values: Float64Array) => ({ low: Math.min(...values), high: Math.max(...values) });
const pick = (names: string[], more: Table["columns"] = {}): Table => ({ id: table.id, columns: { ...Object.fromEntries(names.filter((x) => table.columns[x] !== undefined).map((x) => [x, table.columns[x]])), ...more } });

export function sampleModel(): FrozenPipeline {
  const zScore = steps.find((s) => s.name === "zScore")!;
  const raw = pick(featureNames);
  const state = zScore.fit(raw, outcome, { columns: featureNames }, random.stream("scale"));
  const net = lassoCoxLearner.fit(zScore.apply(state, raw), outcome, { folds: 5 }, random.stream("net"));
  const radscore = lassoCoxLearner.predict(net, zScore.apply(state, raw));
  const trainedOn = { rows: Array.from({ length: n }, (_, k) => k), patients: n };
  const score: FittedBlock = {
    name: "Radscore", kind: "score", inputs: featureNames, blocks: [], via: {}, aside: [], steps: [{ name: "zScore", options: {}, state, before: featureNames, after: featureNames }], selected: net.selected,
    learner: { name: "lassoCox", options: {} }, model: net, constant: 0, baseline: baselineHazard(outcome, radscore), ranges: Object.fromEntries(featureNames.map((f) => [f, range(column(f))])), trainedOn, warnings: [],
  };
  const inputs = ["HR Pos", "MRI LD Baseline", "Radscore"];
  const design = pick(inputs, { Radscore: { kind: "number", values: radscore } });
  const cox = coxLearner.fit(design, outcome, { baseline: "spread" }, random.stream("cox"));
  const linear = coxLearner.predict(cox, design);
  const combined: FittedBlock = {
    name: "combined", kind: "model", inputs, blocks: ["Radscore"], via: {}, aside: [], steps: [], selected: inputs, learner: { name: "cox", options: {} }, model: { ...cox, leftOut: [{ row: 3, id: "secret-name-4", variables: ["HR Pos"] }] }, constant: 0, baseline: baselineHazard(outcome, linear),
    ranges: { "HR Pos": { levels: ["negative", "positive"] }, "MRI LD Baseline": { ...range(column("MRI LD Baseline")), unit: "mm" }, Radscore: range(radscore) }, trainedOn, warnings: [],
  };
  return JSON.parse(JSON.stringify({
    format: "radscore model", formatVersion: 1, program: "radscore 0.0.0 (sample)", title: "Recurrence-free survival in an invented cohort", plan: "cases: [secret-name-9]",
    outcome: { kind: "survival", name: outcome.name, event: "recurrence or death", unit: "months", times: [36, 60] },
    variables: { "HR Pos": { levels: { 0: "negative", 1: "positive" } } }, blocks: [score, combined], models: ["combined"], final: "combined",
  })) as FrozenPipeline;
}
