// Every learner meets every bad table: a named error, or a finite prediction with a warning in the model, never a hang or a silent NaN.
import { describe, expect, test } from "vitest";
import { testRefused, type Refused } from "../refused.js";
import { categoryColumn, makeTable, numberColumn, type Outcome, type SurvivalOutcome, type Table } from "../../src/cohort/index.js";
import { InputError, randomStream, type Design } from "../../src/math/index.js";
import { baselineHazard, coxFit, coxSurvival, fineGray, fineGrayIncidence, learners, type Learner } from "../../src/model/index.js";

const n = 60;
const u = randomStream("bad tables");
const [a, b, noise] = [0, 1, 2].map(() => Float64Array.from({ length: n }, () => u.normal()));
const numbers = (columns: Record<string, ArrayLike<number>>): Table => makeTable(Array.from({ length: Object.values(columns)[0].length }, (_, i) => `P${i}`), Object.fromEntries(Object.entries(columns).map(([k, v]) => [k, numberColumn(Float64Array.from(v))])));
const table = numbers({ a, b });
const risk = a.map((v, i) => v - 0.5 * b[i] + noise[i]);
const good: Record<Learner["outcome"], Outcome> = {
  binary: { kind: "binary", name: "response", event: Uint8Array.from(risk, (v) => Number(v > 0)) },
  survival: { kind: "survival", name: "death", unit: "months", time: risk.map((v, i) => 40 - 4 * v + (i % 7)), event: Uint8Array.from(risk, (_, i) => Number(i % 3 !== 0)) },
  competing: { kind: "survival", name: "relapse", unit: "months", time: risk.map((v, i) => 40 - 4 * v + (i % 7)), event: Uint8Array.from(risk, (_, i) => Number(i % 3 === 1)), cause: Uint8Array.from(risk, (_, i) => i % 3) },
  continuous: { kind: "continuous", name: "size", value: risk },
};

type Case = { table?: Table; outcome?: Outcome | undefined };
const put = (v: Float64Array, value: number) => v.map((x, i) => (i === 3 ? value : x));
/** The outcome changed, or undefined where the change has no meaning for its kind. */
function changed(kind: Learner["outcome"], change: { event?: (e: number, i: number) => number; time?: (t: number, i: number) => number; value?: (v: number, i: number) => number }): Outcome | undefined {
  const o = good[kind];
  if (o.kind === "binary") return change.event === undefined ? undefined : { ...o, event: o.event.map(change.event) };
  if (o.kind === "continuous") return change.value === undefined ? undefined : { ...o, value: o.value.map(change.value) };
  if (change.event === undefined && change.time === undefined) return undefined;
  const event = change.event === undefined ? o.event : o.event.map(change.event);
  const cause = o.cause === undefined ? {} : { cause: change.event === undefined ? o.cause : o.cause.map((c, i) => (event[i] === 0 && o.event[i] === 1 ? 0 : event[i] === 1 ? 1 : c)) };
  return { ...o, time: change.time === undefined ? o.time : o.time.map(change.time), event, ...cause };
}

/** Must be refused by name. */
const wrong: [string, (kind: Learner["outcome"]) => Case | undefined][] = [
  ["a missing value", () => ({ table: numbers({ a: put(a, NaN), b }) })],
  ["an infinite value", () => ({ table: numbers({ a: put(a, Infinity), b }) })],
  ["nobody", (kind) => ({ table: numbers({ a: [], b: [] }), outcome: { ...good[kind], ...(kind === "binary" ? { event: new Uint8Array(0) } : kind === "continuous" ? { value: new Float64Array(0) } : { time: new Float64Array(0), event: new Uint8Array(0), ...(kind === "competing" ? { cause: new Uint8Array(0) } : {}) }) } as Outcome })],
  ["an outcome of another length", () => ({ table: numbers({ a: a.slice(1), b: b.slice(1) }) })],
  ["no event at all, or one class", (kind) => ({ outcome: changed(kind, { event: () => 0 }) })],
  ["everybody with the event", (kind) => (kind === "binary" ? { outcome: changed(kind, { event: () => 1 }) } : undefined)],
  ["a negative time", (kind) => ({ outcome: changed(kind, { time: (t, i) => (i === 3 ? -1 : t) }) })],
  ["a missing time", (kind) => ({ outcome: changed(kind, { time: (t, i) => (i === 3 ? NaN : t) }) })],
  ["a missing outcome", (kind) => ({ outcome: changed(kind, { value: (v, i) => (i === 3 ? NaN : v) }) })],
  ["the outcome of another kind", (kind) => ({ outcome: kind === "binary" ? good.continuous : good.binary })],
];

/** May be fitted, with a warning where the fit is not what it seems. */
const thin: [string, (kind: Learner["outcome"]) => Case | undefined, { warns?: boolean }?][] = [
  ["a constant column", () => ({ table: numbers({ a, b, still: a.map(() => 2) }) })],
  ["nothing but a constant column", () => ({ table: numbers({ still: a.map(() => 2) }) })],
  ["a column twice", () => ({ table: numbers({ a, b, again: a.map((v) => 3 * v - 1) }) })],
  ["complete separation", (kind) => (kind === "binary" ? { table: numbers({ a: risk, b }) } : undefined)],
  ["quasi-complete separation", (kind) => (kind === "binary" ? { table: numbers({ a: risk.map((v, i) => (i < 2 ? 0 : v > 0 ? 1 : 0)), b }) } : undefined)],
  ["a monotone likelihood", (kind) => (kind === "binary" || kind === "continuous" ? undefined : { table: numbers({ a: Float64Array.from((good[kind] as { event: Uint8Array }).event), b }) })],
  ["one event", (kind) => ({ outcome: changed(kind, { event: (_, i) => Number(i === 5) }) })],
  ["nobody censored", (kind) => (kind === "binary" ? undefined : { outcome: changed(kind, { event: () => 1 }) })],
  ["all times equal", (kind) => ({ outcome: changed(kind, { time: () => 12 }) })],
  ["times of 0", (kind) => ({ outcome: changed(kind, { time: (t, i) => (i < 5 ? 0 : t) }) })],
  ["a constant outcome", (kind) => ({ outcome: changed(kind, { value: () => 1 }) })],
  ["more columns than patients", () => ({ table: numbers(Object.fromEntries(Array.from({ length: 90 }, (_, j) => [`x${j}`, a.map((v, i) => Math.sin(1 + i * (j + 1)) + (j === 0 ? v : 0))]))) })],
  ["a column of huge numbers", () => ({ table: numbers({ a: a.map((v) => 1e9 * v), b: b.map((v) => 1e-9 * v) }) })],
];

const warningsOf = (model: any): string[] => (model === null || typeof model !== "object" || ArrayBuffer.isView(model) ? [] : Object.entries(model).flatMap(([k, v]) => (k === "warnings" ? (v as string[]) : warningsOf(v))));

function fitAndPredict(learner: Learner, { table: t = table, outcome: o = good[learner.outcome] }: Case): { error?: string; prediction: number[]; warnings: string[] } {
  try {
    const model = learner.fit(t, o, {}, randomStream(3));
    return { prediction: [...learner.predict(model, t)], warnings: warningsOf(model) };
  } catch (error) {
    if (error instanceof InputError) return { error: error.message, prediction: [], warnings: [] };
    throw error;
  }
}

describe.each(learners.map((learner) => [learner.name, learner] as const))("%s", (_, learner) => {
  for (const [name, make] of wrong) {
    const one = make(learner.outcome);
    if (one === undefined || ("outcome" in one && one.outcome === undefined)) continue;
    test(`${name} is refused by name`, () => expect(fitAndPredict(learner, one).error).toBeTypeOf("string"));
  }
  for (const [name, make] of thin) {
    const one = make(learner.outcome);
    if (one === undefined || ("outcome" in one && one.outcome === undefined)) continue;
    test(`${name}: refused by name, or a finite prediction, or a warning`, () => {
      const { error, prediction, warnings } = fitAndPredict(learner, one);
      if (error !== undefined) return;
      expect(prediction.length).toBe((one.table ?? table).id.length);
      if (warnings.length === 0) expect(prediction.every(Number.isFinite)).toBe(true);
      expect(prediction.every((v) => !(Math.abs(v) > 1e6)), String(prediction.slice(0, 5))).toBe(true);
    });
  }
  test("a column that is missing, and a category that is new, at prediction time are named", () => {
    const grades = (levels: string[]) => makeTable(table.id, { ...table.columns, grade: categoryColumn(Array.from({ length: n }, (_i, i) => levels[i % levels.length])) });
    const model = learner.fit(grades(["G1", "G2"]), good[learner.outcome], { variables: ["a", "b", "grade"] }, randomStream(3));
    expect(() => learner.predict(model, numbers({ a }))).toThrow(InputError);
    expect(() => learner.predict(model, grades(["G1", "G2", "G3"]))).toThrow(/G3/);
    expect(() => learner.predict(model, makeTable(table.id, { ...grades(["G1", "G2"]).columns, a: numberColumn(put(a, NaN)) }))).toThrow(InputError);
  });
});

const column: Design = { names: ["a"], columns: [a], n };
const { time, event, cause } = good.competing as SurvivalOutcome;
const cox = coxFit(column, { time, event }), competing = fineGray(column, time, cause!);
/** What only single functions take: the call, and what the sentence must say. */
const refused: Refused[] = [
  ["baselineHazard, a time NaN", /baselineHazard: time 2 of 2 is NaN/, () => baselineHazard(cox, [1, NaN])],
  ["fineGrayIncidence, a time NaN", /fineGrayIncidence: time 1 of 1 is NaN/, () => fineGrayIncidence(competing, column, [NaN])],
  ["coxSurvival, a time NaN", /coxSurvival: time 1 of 1 is NaN/, () => coxSurvival(cox, column, [NaN])],
  ["coxSurvival, a short offset", /offset has 2 values, but the design has 60 rows/, () => coxSurvival(cox, column, [12], { offset: [0, 1] })],
  ["coxSurvival, an offset missing", /offset of row 4 is NaN/, () => coxSurvival(cox, column, [12], { offset: put(a, NaN) })],
  ["coxSurvival, few strata", /strata has 1 values, but the design has 60 rows/, () => coxSurvival(cox, column, [12], { strata: ["all"] })],
  ...[95, 0, 1, NaN].map((level): Refused => [`coxSurvival, level ${level}`, new RegExp(`level is ${level},`), () => coxSurvival(cox, column, [12], { level })]),
];

testRefused(refused);

test("before the first event the hazard is 0, beyond the follow-up NaN", () => {
  expect([...baselineHazard(cox, [-1, 0, 1e6])]).toEqual([0, 0, NaN]);
  expect(fineGrayIncidence(competing, column, [0, 1e6]).map((row) => row[0])).toEqual([0, NaN]);
});
