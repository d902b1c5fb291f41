// Resampling of real learners on bad cohorts: an error by name, or figures of which each NaN is explained by a warning; nothing hangs.
import { describe, expect, test } from "vitest";
import { makeTable, numberColumn, type Outcome, type Table } from "../../src/cohort/index.js";
import { bootstrap632, coxIndexes, crossValidate, learnerFitting, lrmIndexes, optimism, riskMeasures, type Fitting, type Measure } from "../../src/evaluate/index.js";
import { logit } from "../../src/evaluate/logisticFit.js";
import { randomStream } from "../../src/math/index.js";
import { learners, type Learner } from "../../src/model/index.js";
import { outcomeOf, silent } from "./silence.js";

const n = 40;
const u = randomStream("bad resampling");
const [a, b, noise] = [0, 1, 2].map(() => Float64Array.from({ length: n }, () => u.normal()));
const score = a.map((v, i) => v - 0.5 * b[i] + noise[i]);
type Cohort = { columns: Record<string, Float64Array>; event: Uint8Array; time: Float64Array };
const good: Cohort = { columns: { a, b }, event: Uint8Array.from(score, (v) => Number(v > 0)), time: score.map((v, i) => 40 - 4 * v + (i % 7)) };

const events = (...rows: number[]) => Uint8Array.from({ length: n }, (_, i) => Number(rows.includes(i)));
const wide = Object.fromEntries(Array.from({ length: 45 }, (_, j) => [`x${j}`, a.map((v, i) => Math.sin(1 + i * (j + 1)) + (j === 0 ? v : 0))]));
const cases: Record<string, (c: Cohort) => Cohort> = {
  "one event": (c) => ({ ...c, event: events(5) }),
  "three events, so that folds and samples lack one": (c) => ({ ...c, event: events(5, 9, 21) }),
  "no event, or one class": (c) => ({ ...c, event: events() }),
  "everybody with the event": (c) => ({ ...c, event: c.event.map(() => 1) }),
  "a column that separates": (c) => ({ ...c, columns: { ...c.columns, answer: Float64Array.from(c.event) } }),
  "a column that differs in one patient": (c) => ({ ...c, columns: { ...c.columns, rare: Float64Array.from(events(7)) } }),
  "nothing but constant columns": (c) => ({ ...c, columns: { still: c.columns.a.map(() => 2) } }),
  "more columns than patients": (c) => ({ ...c, columns: wide }),
  "all times equal": (c) => ({ ...c, time: c.time.map(() => 12) }),
  "a missing value": (c) => ({ ...c, columns: { ...c.columns, a: c.columns.a.map((v, i) => (i === 3 ? NaN : v)) } }),
  "six patients": (c) => ({ columns: { a: c.columns.a.slice(0, 6) }, event: Uint8Array.of(0, 1, 0, 1, 0, 1), time: c.time.slice(0, 6) }),
  "two patients": (c) => ({ columns: { a: c.columns.a.slice(0, 2) }, event: Uint8Array.of(0, 1), time: c.time.slice(0, 2) }),
};

const tableOf = ({ columns, event }: Cohort): Table => makeTable(Array.from(event, (_, i) => `P${i}`), Object.fromEntries(Object.entries(columns).map(([name, v]) => [name, numberColumn(v)])));
const survival = (c: Cohort): Outcome => ({ kind: "survival", name: "death", unit: "months", time: c.time, event: c.event });
const binary = (c: Cohort): Outcome => ({ kind: "binary", name: "response", event: c.event });
/** Figures of risks and, as log-odds, of a linear predictor in one. */
const figures = (event: Uint8Array): Measure => {
  const [ofRisk, ofOdds] = [riskMeasures(event), lrmIndexes(event)];
  return (risk, rows) => ({ ...ofRisk(risk, rows), ...ofOdds(risk.map(logit), rows) });
};

/** Everything that resamples, with few samples: what is judged is what it says, not its numbers. */
const ways: Record<string, (fitting: Fitting, measure: Measure, c: Cohort) => unknown> = {
  optimism: (fitting, measure, c) => optimism(c.event.length, fitting, measure, { random: randomStream(1), resamples: 6 }),
  crossValidate: (fitting, measure, c) => crossValidate(c.event.length, fitting, measure, { random: randomStream(1), folds: 5, event: c.event }),
  "crossValidate without strata": (fitting, measure, c) => crossValidate(c.event.length, fitting, measure, { random: randomStream(1), folds: 6 }),
};
const losses: Record<string, (fitting: Fitting, c: Cohort) => unknown> = Object.fromEntries((["brier", "error", "auc"] as const).map((loss) =>
  [`bootstrap632 ${loss}`, (fitting: Fitting, c: Cohort) => bootstrap632(fitting, c.event, { random: randomStream(1), resamples: 4, loss })]));

/** Runs one on a case: nothing of the result may be NaN without a warning; returns whether it was an error by name. */
function judged(name: string, run: () => unknown): boolean {
  const { error, result } = outcomeOf(run);
  if (error === undefined) expect(silent(name.split(" ")[0], result), name).toEqual([]);
  else expect(error.length, name).toBeGreaterThan(20);
  return error !== undefined;
}

/** Short fits; of the elastic nets LASSO and ridge stand for those between. */
const options = (learner: Learner) => (learner.name === "network" ? { maxIterations: 30 } : /lasso|ridge/i.test(learner.name) ? { folds: 4, lambdas: 15 } : {});
const judgedLearners = (kind: Learner["outcome"]) => learners.filter((l) => l.outcome === kind && !l.name.startsWith("elasticNet")).map((l) => [l.name, l] as const);
describe.each(judgedLearners("binary"))("%s", (_, learner) => {
  const fitting = (c: Cohort) => learnerFitting(learner, tableOf(c), binary(c), options(learner));
  test("a good cohort has figures of every kind", () => {
    for (const way of Object.values(ways)) expect(silent("crossValidate", way(fitting(good), (p, rows) => ({ brier: riskMeasures(good.event)(p, rows).brier }), good))).toEqual([]);
    for (const way of Object.values(losses)) expect(silent("", way(fitting(good), good))).toEqual([]);
  });
  test.each(Object.entries(cases).filter(([name]) => name !== "all times equal"))("%s", (_name, spoil) => {
    const c = spoil(good);
    for (const [name, way] of Object.entries(ways)) judged(name, () => way(fitting(c), figures(c.event), c));
    for (const [name, way] of Object.entries(losses)) judged(name, () => way(fitting(c), c));
  });
  test("one class is an error of .632+", () => {
    for (const way of Object.values(losses)) expect(judged("", () => way(fitting({ ...good, event: events() }), { ...good, event: events() }))).toBe(true);
  });
});

describe.each(judgedLearners("survival"))("%s", (_, learner) => {
  test.each(Object.entries(cases))("%s", (_name, spoil) => {
    const c = spoil(good);
    for (const [name, way] of Object.entries(ways)) judged(name, () => way(learnerFitting(learner, tableOf(c), survival(c), options(learner)), coxIndexes(c.time, c.event), c));
  });
});

/** Fittings that break in their own ways. */
const broken: Record<string, Fitting> = {
  "predictions that are NaN": { fit: () => 0, predict: (_, rows) => Float64Array.from(rows, () => NaN) },
  "some predictions that are NaN": { fit: () => 0, predict: (_, rows) => Float64Array.from(rows, (i) => (i % 5 === 0 ? NaN : 0.2 + 0.6 * good.event[i])) },
  "NaN on samples only": { fit: (rows) => rows.length === n && rows[1] === 1, predict: (whole, rows) => Float64Array.from(rows, (i) => (whole === true ? 0.2 + 0.01 * i : NaN)) },
  "one risk for everybody": { fit: () => 0, predict: (_, rows) => Float64Array.from(rows, () => 0.4) },
  "risks of 0 and 1": { fit: () => 0, predict: (_, rows) => Float64Array.from(rows, (i) => good.event[i]) },
  "risks above 1": { fit: () => 0, predict: (_, rows) => Float64Array.from(rows, (i) => i) },
};
test.each(Object.entries(broken))("a fitting function with %s", (_name, fitting) => {
  for (const [name, way] of Object.entries(ways)) judged(name, () => way(fitting, riskMeasures(good.event), good));
  for (const [name, way] of Object.entries(losses)) judged(name, () => way(fitting, good));
});

test("predictions that are NaN are not counted as low risks", () => {
  const { brier, accuracy, sensitivity, specificity, auc } = riskMeasures(good.event)(good.time.map((_, i) => (i === 3 ? NaN : 0.5)), Int32Array.from(good.time.keys()));
  expect([brier, accuracy, sensitivity, specificity, auc]).toEqual([NaN, NaN, NaN, NaN, NaN]);
  const cv = crossValidate(n, broken["some predictions that are NaN"], riskMeasures(good.event), { random: randomStream(1) });
  expect(cv.prediction.filter(Number.isNaN).length).toBe(8);
  expect(cv.warnings.some((w) => w.includes("8 of 40 rows have no out-of-fold prediction"))).toBe(true);
  const corrected = optimism(n, broken["some predictions that are NaN"], riskMeasures(good.event), { random: randomStream(1), resamples: 4 });
  expect(corrected.warnings.some((w) => w.startsWith("Optimism of auc: it could not be computed on all rows"))).toBe(true);
  expect(() => bootstrap632(broken["NaN on samples only"], good.event, { random: randomStream(1), resamples: 4 })).toThrow(/none of 4 bootstrap samples.*probability/s);
});

const plain = { random: randomStream(1) };
const fitting = learnerFitting(learners[0], tableOf(good), binary(good));
test.each<[string, () => unknown]>([
  ["no rows", () => optimism(0, fitting, riskMeasures(good.event), plain)],
  ["no samples", () => optimism(n, fitting, riskMeasures(good.event), { ...plain, resamples: 0 })],
  ["half a sample", () => optimism(n, fitting, riskMeasures(good.event), { ...plain, resamples: 1.5 })],
  ["an empty list of samples", () => optimism(n, fitting, riskMeasures(good.event), { ...plain, indices: [] })],
  ["a row that is not there", () => optimism(n, fitting, riskMeasures(good.event), { ...plain, indices: [[0, n]] })],
  ["patients of another length", () => optimism(n, fitting, riskMeasures(good.event), { ...plain, patients: ["A"] })],
  ["no rows to fold", () => crossValidate(0, fitting, riskMeasures(good.event), plain)],
  ["one fold", () => crossValidate(n, fitting, riskMeasures(good.event), { ...plain, folds: 1 })],
  ["more folds than patients", () => crossValidate(n, fitting, riskMeasures(good.event), { ...plain, folds: n + 1 })],
  ["no repeats", () => crossValidate(n, fitting, riskMeasures(good.event), { ...plain, repeats: 0 })],
  ["given folds that are all one", () => crossValidate(n, fitting, riskMeasures(good.event), { ...plain, foldOf: [new Int32Array(n)] })],
  ["given folds of another length", () => crossValidate(n, fitting, riskMeasures(good.event), { ...plain, foldOf: [[0, 1]] })],
  ["fold codes that are NaN", () => crossValidate(n, fitting, riskMeasures(good.event), { ...plain, foldOf: [Array.from({ length: n }, (_, i) => (i === 3 ? NaN : i % 2))] })],
  ["events of another length", () => crossValidate(n, fitting, riskMeasures(good.event), { ...plain, event: [0, 1] })],
  ["events that are NaN", () => crossValidate(n, fitting, riskMeasures(good.event), { ...plain, event: good.event.map((e) => e).fill(NaN as never), foldOf: undefined as never, patients: ["A"] })],
  [".632+ without samples", () => bootstrap632(fitting, good.event, { ...plain, resamples: 0 })],
  [".632+ with half a sample", () => bootstrap632(fitting, good.event, { ...plain, resamples: 2.5 })],
  [".632+ of an unknown loss", () => bootstrap632(fitting, good.event, { ...plain, loss: "deviance" as never })],
  [".632+ with a threshold that is none", () => bootstrap632(fitting, good.event, { ...plain, loss: "error", threshold: NaN })],
  [".632+ of nobody", () => bootstrap632(fitting, [], plain)],
  ["an event of 2", () => bootstrap632(fitting, Array.from(good.event, (e, i) => (i === 3 ? 2 : e)), plain)],
])("%s: named", (_name, run) => expect(outcomeOf(run).error).toBeTypeOf("string"));
