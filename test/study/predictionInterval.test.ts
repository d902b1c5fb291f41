// Limits of predicted probabilities against R 4.2.2 (predict.glm, survfit.coxph, survival 3.5-3): golden/stats/makePredictionIntervals.R.
import { expect, test } from "vitest";
import type { BinaryOutcome, SurvivalOutcome, Table } from "../../src/cohort/index.js";
import { randomStream } from "../../src/math/index.js";
import { coxLearner, firthCoxLearner, lassoLearner, logisticLearner } from "../../src/model/index.js";
import { findFacts, noCache, probabilityIntervals, type FittedBlock } from "../../src/study/index.js";
import { baselineHazard, baselineSpread, hazardAt } from "../../src/study/fit/baselineHazard.js";
import { frozenBlock } from "../../src/study/fit/frozenBlock.js";
import { refitSpread } from "../../src/study/estimates/refitSpread.js";
import type { ResampleResult } from "../../src/study/fit/resample.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

const numbers = (columns: Record<string, number[]>): Table => ({
  id: Object.values(columns)[0].map((_, k) => String(k)), columns: Object.fromEntries(Object.entries(columns).map(([name, v]) => [name, { kind: "number" as const, values: Float64Array.from(v) }])),
});
const block = (more: Partial<FittedBlock>): FittedBlock => ({ name: "m", kind: "model", inputs: [], steps: [], selected: [], learner: { name: "", options: {} }, model: null, constant: 0, ranges: {}, trainedOn: { rows: [], patients: 0 }, warnings: [], ...more });
const through = <T>(value: T): T => JSON.parse(JSON.stringify(value));

// R's mtcars
const wt = [2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25, 5.424, 5.345, 2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17, 2.77, 3.57, 2.78];
const hp = [110, 110, 93, 110, 175, 105, 245, 62, 95, 123, 123, 180, 180, 180, 205, 215, 230, 66, 52, 65, 97, 150, 150, 245, 175, 66, 91, 113, 264, 175, 335, 109];
const am: BinaryOutcome = { kind: "binary", name: "am", event: Uint8Array.of(1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1) };
// R's survival::ovarian
const futime = [59, 115, 156, 421, 431, 448, 464, 475, 477, 563, 638, 744, 769, 770, 803, 855, 1040, 1106, 1129, 1206, 1227, 268, 329, 353, 365, 377];
const fustat = [1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0];
const age = [72.3315, 74.4932, 66.4658, 53.3644, 50.3397, 56.4301, 56.937, 59.8548, 64.1753, 55.1781, 56.7562, 50.1096, 59.6301, 57.0521, 39.2712, 43.1233, 38.8932, 44.6, 53.9068, 44.2055, 59.589, 74.5041, 43.137, 63.2192, 64.4247, 58.3096];
const rx = [1, 1, 1, 2, 1, 1, 2, 2, 1, 2, 1, 2, 2, 2, 1, 1, 1, 1, 2, 2, 2, 1, 1, 2, 2, 2];

test("logistic: plogis(lp ± z se) of predict.glm, also after a round through JSON", () => {
  const model = through(logisticLearner.fit(numbers({ wt, hp }), am, {}, randomStream(1)));
  const columns = numbers({ wt: [2.5, 3.2], hp: [110, 200] }).columns;
  const p = logisticLearner.predict(model, { id: ["1", "2"], columns });
  const linear = p.map((v) => Math.log(v / (1 - v)));
  const golden = [[0.933747096099, 0.469620413331, 0.995562076424], [0.562249687459, 0.158576895024, 0.897472342548]];
  golden.forEach(([value, low, high], row) => {
    expect(p[row]).toBeCloseTo(value, 9);
    const found = probabilityIntervals(block({ model }), { linear, columns, selected: ["wt", "hp"] }, row, []);
    // glm's information is of the last but one iterate: the sixth digit
    // the linear predictor's limits are those of the probability on its own scale
    if ("linear" in found) expect(1 / (1 + Math.exp(-found.linear[0]))).toBeCloseTo(found.low[0], 12);
    expect("low" in found && found.low[0]).toBeCloseTo(low, 5);
    expect("low" in found && found.high[0]).toBeCloseTo(high, 5);
  });
});

test("Cox: with the baseline's variance as survfit.coxph, without it from the linear predictor alone and saying so", () => {
  const outcome: SurvivalOutcome = { kind: "survival", name: "death", unit: "days", time: Float64Array.from(futime), event: Uint8Array.from(fustat) };
  const columns = numbers({ age: [50, 65], rx: [1, 2] }).columns;
  const fit = (baseline: "spread" | "hazard") => through(coxLearner.fit(numbers({ age, rx }), outcome, { ties: "breslow", baseline }, randomStream(1)));
  const whole = fit("spread");
  const linear = coxLearner.predict(whole, { id: ["1", "2"], columns });
  const { time, hazard, last } = whole.model.baseline[0];
  const own = (model: unknown) => probabilityIntervals(block({ model, baseline: { time: [...time, last], hazard: [...hazard, hazard[hazard.length - 1]] } }), { linear, columns, selected: ["age", "rx"] }, 0, [300, 600]);
  const found = own(whole);
  if ("none" in found) throw new Error(found.none);
  [0.00569498988897, 0.08860383265445].forEach((low, k) => expect(found.low[k]).toBeCloseTo(low, 8));
  [0.252155670852, 0.726297043339].forEach((high, k) => expect(found.high[k]).toBeCloseTo(high, 8));
  expect(found.covers).toContain("and of the baseline hazard");
  const part = own(fit("hazard"));
  if ("none" in part) throw new Error(part.none);
  expect(part.linear[1] - linear[0]).toBeCloseTo(1.959963984540054 * 0.4580175807, 8);
  // lp −0.506347118421, se 0.45801758070 (predict.coxph), H(600) exp(lp) = −log 0.707005009707
  const risk = -Math.log(0.707005009707);
  expect(part.high[1]).toBeCloseTo(1 - Math.exp(-risk * Math.exp(1.959963984540054 * 0.4580175807)), 8);
  expect(part.covers).toContain("not that of the baseline hazard");
});

test("Firth's Cox: the variance of survfit.coxph, with Firth's coefficients and penalised information in their place", () => {
  const outcome: SurvivalOutcome = { kind: "survival", name: "death", unit: "days", time: Float64Array.from(futime), event: Uint8Array.from(fustat) };
  const design = [Float64Array.from(age), Float64Array.from(rx)], point = [50, 1];
  const quadratic = (v: number[][], x: number[]) => x.reduce((sum, a, j) => sum + x.reduce((part, b, k) => part + a * v[j][k] * b, 0), 0);
  // with a Cox model's own numbers the parts give R's limits, those of the test above
  const cox = coxLearner.fit(numbers({ age, rx }), outcome, { ties: "breslow" }, randomStream(1)).model;
  const linear = Float64Array.from(age, (a, i) => cox.coefficients[0] * a + cox.coefficients[1] * rx[i]), own = cox.coefficients[0] * 50 + cox.coefficients[1];
  const spread = baselineSpread(outcome, linear, design, [300, 600]), baseline = baselineHazard(outcome, linear);
  [[0.00569498988897, 0.252155670852], [0.08860383265445, 0.726297043339]].forEach((limits, k) => {
    const se = Math.sqrt(spread.variance[k] + quadratic(cox.covariance, point.map((x, j) => x - spread.mean[k][j])));
    limits.forEach((limit, side) => expect(1 - Math.exp(-hazardAt(baseline, [300, 600][k]) * Math.exp(own + (2 * side - 1) * 1.959963984540054 * se))).toBeCloseTo(limit, 8));
  });
  // and a frozen Firth model uses them with its own covariance
  const model = through(firthCoxLearner.fit(numbers({ age, rx }), outcome, { ties: "breslow" }, randomStream(1)));
  const lp = firthCoxLearner.predict(model, numbers({ age, rx })), at = firthCoxLearner.predict(model, numbers({ age: [50], rx: [1] }));
  const frozen = through(block({ model, baseline: baselineHazard(outcome, lp), spread: baselineSpread(outcome, lp, design, [300, 600]) }));
  const found = probabilityIntervals(frozen, { linear: at, columns: numbers({ age: [50], rx: [1] }).columns, selected: ["age", "rx"] }, 0, [300, 600]);
  if ("none" in found) throw new Error(found.none);
  const se = Math.sqrt(frozen.spread!.variance[1] + quadratic(model.model.covariance, point.map((x, j) => x - frozen.spread!.mean[1][j])));
  expect(found.high[1]).toBeCloseTo(1 - Math.exp(-hazardAt(frozen.baseline!, 600) * Math.exp(at[0] + 1.959963984540054 * se)), 10);
  expect(found.covers).toMatch(/Wald interval from the inverse penalised information/);
});

test("refits that are lines in the model's columns: the interval is the spread of their own predictions; what the columns do not tell is added", () => {
  const random = randomStream("refits"), n = 60, samples = 150;
  const x = Float64Array.from({ length: n }, () => 3 + 2 * random.normal()), y = Float64Array.from({ length: n }, () => random.normal());
  const model = lassoLearner.fit({ id: Array.from(x, String), columns: { x: { kind: "number", values: x }, y: { kind: "number", values: y } } }, { kind: "binary", name: "z", event: Uint8Array.from(x, (v, i) => Number(v + y[i] > 3)) }, { folds: 4 }, randomStream(1));
  const table: Table = { id: Array.from(x, String), columns: Object.fromEntries(model.coding.terms.map((t) => [t.variable, { kind: "number" as const, values: t.variable === "x" ? x : y }])) };
  expect(Object.keys(table.columns)).toEqual(["x", "y"]);
  const lines = Array.from({ length: samples }, () => [random.normal(), 1 + 0.3 * random.normal(), 0.5 * random.normal()]);
  const refits = (extra: (b: number, i: number) => number): ResampleResult[] => lines.map(([a, b, c], s) => ({ blocks: { m: { kept: [], linear: x.map((v, i) => a + b * v + c * y[i] + extra(s, i)) } }, fitted: [], merit: {}, thresholds: {}, curves: {} }));
  const at = (results: ResampleResult[]) => {
    const spread = refitSpread(block({ model }), table, results, "binary", []);
    const found = probabilityIntervals(through(block({ model, refits: spread })), { linear: Float64Array.of(0.4), columns: numbers({ x: [5], y: [-1] }).columns, selected: ["x", "y"] }, 0, []);
    if ("none" in found) throw new Error(found.none);
    const odds = [found.low[0], found.high[0]].map((p) => Math.log(p / (1 - p)));
    expect((odds[0] + odds[1]) / 2).toBeCloseTo(0.4, 8);
    return (odds[1] - odds[0]) / (2 * 1.959963984540054);
  };
  const own = lines.map(([a, b, c]) => a + 5 * b - c), mean = own.reduce((s, v) => s + v, 0) / samples;
  const sd = Math.sqrt(own.reduce((s, v) => s + (v - mean) * (v - mean), 0) / (samples - 1));
  expect(at(refits(() => 0))).toBeCloseTo(sd, 8);
  // columns that other refits used: their part stands in the residual
  expect(at(refits(() => random.normal()))).toBeGreaterThan(Math.sqrt(sd * sd + 0.8));
  expect(refitSpread(block({ model }), table, refits(() => 0).slice(0, 99), "binary", [])).toEqual({ none: expect.stringMatching(/fewer than 100 bootstrap samples/) });
});

test.each(["binary", "survival"] as const)("a %s study whose final model is penalised gives intervals from its own refits, and no patients with them", async (outcome) => {
  const cohort = generatedCohort({ n: 80, noise: 2, signals: [1.2], age: 0.6, seed: `penalised ${outcome}`, outcome });
  const learner = { name: outcome === "binary" ? "ridge" : "ridgeCox", options: { folds: 4 } };
  const plan = planFor(cohort, { scores: [], models: [{ name: "m", kind: "model", title: "m", from: ["radiomics", "age"], steps: [{ name: "zScore", options: {} }], learner }], final: "m", reference: "m", validation: { leaveOneCentreOut: false, bootstrap: { resamples: 100 } } });
  const { facts } = await findFacts(plan, dataOf(cohort), memoryWorld(), { code: "t", cache: noCache });
  const [fitted] = facts.blocks.map((b) => through(frozenBlock(b)));
  const refits = fitted.refits!;
  if ("none" in refits) throw new Error(refits.none);
  expect([refits.samples, refits.covariance.length, refits.covariance[0].length]).toEqual([100, outcome === "binary" ? 1 : 2, 1 + refits.names.length]);
  const columns = Object.fromEntries(fitted.selected.map((name) => [name, { kind: "number" as const, values: Float64Array.of(0.2, 3) }]));
  const limits = [0, 1].map((row) => probabilityIntervals(fitted, { linear: Float64Array.of(0, 0), columns, selected: fitted.selected }, row, plan.evaluation.times));
  const width = limits.map((l) => { if ("none" in l) throw new Error(l.none); expect(l.covers).toMatch(/spread of 100 bootstrap refits of the whole pipeline.*leaves out the bias/); return l.high[0] - l.low[0]; });
  // far from the patients it is wider
  expect(width[1]).toBeGreaterThan(width[0]);
});

test("no covariance, no interval: penalised models and the null model say why", () => {
  const model = lassoLearner.fit(numbers({ wt, hp }), am, { folds: 4 }, randomStream(1));
  const columns = numbers({ wt: [2.5], hp: [110] }).columns;
  expect(probabilityIntervals(block({ model }), { linear: Float64Array.of(1), columns, selected: ["wt"] }, 0, [])).toEqual({ none: expect.stringContaining("no covariance") });
  expect(probabilityIntervals(block({ model, refits: { none: "too many columns" } }), { linear: Float64Array.of(1), columns, selected: ["wt"] }, 0, [])).toEqual({ none: expect.stringMatching(/no covariance.*too many columns/) });
  expect(probabilityIntervals(block({}), { linear: Float64Array.of(0), columns: {}, selected: [] }, 0, [])).toEqual({ none: expect.stringContaining("null model") });
});
