// Agreement of readers on bad ratings: an error that names what is wrong, or NaN with a warning.
import { describe, expect, test } from "vitest";
import * as evaluate from "../../src/evaluate/index.js";
import { randomStream } from "../../src/math/index.js";
import { outcomeOf, silent } from "./silence.js";

/** Three readers of the same subjects: measurements, and codes 0 … 3. */
type Readers = { value: number[][]; code: number[][] };

const n = 30;
const u = randomStream("bad readers");
const subject = Array.from({ length: n }, () => u.normal());
const value = [0, 1, 2].map((r) => subject.map((v) => 3 * v + u.normal() + r / 10));
const good: Readers = { value, code: value.map((list) => list.map((v) => Math.min(3, Math.max(0, Math.round(v / 2 + 1.5))))) };

const measures: Record<string, { uses: keyof Readers; run: (r: Readers) => unknown }> = {
  cohenKappa: { uses: "code", run: (r) => evaluate.cohenKappa(r.code[0], r.code[1]) },
  cohenKappaLinear: { uses: "code", run: (r) => evaluate.cohenKappa(r.code[0], r.code[1], { weights: "linear" }) },
  cohenKappaQuadratic: { uses: "code", run: (r) => evaluate.cohenKappa(r.code[0], r.code[1], { weights: "quadratic", categories: 4 }) },
  fleissKappa: { uses: "code", run: (r) => evaluate.fleissKappa(r.code) },
  icc: { uses: "value", run: (r) => evaluate.icc(r.value) },
  iccOfTwo: { uses: "value", run: (r) => evaluate.icc(r.value.slice(0, 2)) },
  blandAltman: { uses: "value", run: (r) => evaluate.blandAltman(r.value[0], r.value[1]) },
};

const each = (r: Readers, change: (list: number[], reader: number) => number[]): Readers => ({ value: r.value.map(change), code: r.code.map(change) });
const put = (list: number[], v: number) => list.map((x, i) => (i === 3 ? v : x));

const wrong: [string, (r: Readers) => Readers][] = [
  ["a reading too few", (r) => each(r, (list, k) => (k === 1 ? list.slice(1) : list))],
  ["an infinite reading", (r) => each(r, (list, k) => (k === 1 ? put(list, Infinity) : list))],
  ["nobody", (r) => each(r, () => [])],
  ["every second reading missing, every other of the first", (r) => ({
    value: r.value.map((list, k) => list.map((v, i) => (i % 2 === k % 2 ? NaN : v))), code: r.code.map((list, k) => list.map((v, i) => (i % 2 === k % 2 ? -1 : v))),
  })],
];
const wrongCodes: [string, (r: Readers) => Readers][] = [
  ["a code between two categories", (r) => each(r, (list, k) => (k === 0 ? put(list, 1.5) : list))],
  ["a code that is NaN", (r) => each(r, (list, k) => (k === 0 ? put(list, NaN) : list))],
  ["a code past all bounds", (r) => each(r, (list, k) => (k === 0 ? put(list, 1e9) : list))],
];

const thin: [string, (r: Readers) => Readers][] = [
  ["one value for everybody", (r) => each(r, (list) => list.map(() => 1))],
  ["one value by one reader", (r) => each(r, (list, k) => (k === 0 ? list.map(() => 1) : list))],
  ["each reader a value of their own", (r) => each(r, (list, k) => list.map(() => k))],
  ["readers that agree in everything", (r) => ({ value: r.value.map(() => r.value[0]), code: r.code.map(() => r.code[0]) })],
  ["readers that differ by a constant", (r) => ({ value: r.value.map((_, k) => r.value[0].map((v) => v + k)), code: r.code.map((_, k) => r.code[0].map((c) => (c + k) % 4)) })],
  ["readers of opposite minds", (r) => ({ value: r.value.map((_, k) => r.value[0].map((v) => (k % 2 === 0 ? v : -v))), code: r.code.map((_, k) => r.code[0].map((c) => (k % 2 === 0 ? c : 3 - c))) })],
  ["two categories", (r) => each(r, (list) => list.map((v) => Number(v > 1)))],
  ["a category of one reader alone", (r) => each(r, (list, k) => list.map((v) => (k === 0 ? Number(v > 1) : 0)))],
  ["three subjects", (r) => each(r, (list) => list.slice(0, 3))],
  ["two subjects", (r) => each(r, (list) => list.slice(0, 2))],
  ["one subject", (r) => each(r, (list) => list.slice(0, 1))],
  ["a missing reading", (r) => ({ value: r.value.map((list, k) => (k === 0 ? put(list, NaN) : list)), code: r.code.map((list, k) => (k === 0 ? put(list, -1) : list)) })],
  ["huge values", (r) => ({ ...r, value: r.value.map((list) => list.map((v) => 1e150 * v)) })],
  ["values of the last digit", (r) => ({ ...r, value: r.value.map((list) => list.map((v) => 1e9 + 1e-7 * Math.round(v))) })],
];

describe.each(Object.entries(measures))("%s", (measure, { uses, run }) => {
  test("the good readers give numbers without NaN", () => expect(silent(measure, run(good))).toEqual([]));
  test.each(uses === "code" ? [...wrong, ...wrongCodes] : wrong)("%s: named", (_name, spoil) => expect(outcomeOf(() => run(spoil(good))).error).toBeTypeOf("string"));
  test.each(thin)("%s: a result, an error that says so, or NaN with a warning", (_name, spoil) => {
    const { error, result } = outcomeOf(() => run(spoil(good)));
    if (error === undefined) expect(silent(measure, result)).toEqual([]);
  });
});

test.each<[string, number[][]]>([
  ["no category", []], ["one category", [[5]]], ["a table that is not square", [[1, 2, 3], [4, 5, 6]]], ["half a patient", [[1.5, 2], [3, 4]]], ["a count below 0", [[1, -2], [3, 4]]],
  ["a missing count", [[1, NaN], [3, 4]]], ["an empty table", [[0, 0], [0, 0]]],
])("kappaOfTable: %s is named", (_name, counts) => expect(outcomeOf(() => evaluate.kappaOfTable(counts)).error).toBeTypeOf("string"));
