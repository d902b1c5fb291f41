import { expect, test } from "vitest";
import { pretty, InputError, type Design } from "../../src/math/index.js";
import {
  coxFit, logisticFit, nomogram, nomogramLinear, nomogramOf, nomogramPoints, nomogramProbability, nomogramTotal, nomogramTotalAt, readNomogram, type DesignCoding,
  type CoxModel, type Nomogram,
} from "../../src/model/index.js";
import { extendedTest, readJson } from "../data.js";
import { data, reference, unequal } from "../stats.js";
import { designFrom } from "./cohorts.js";

/** Axes as R nomogram() prints them; `functions` are its probability axes by our labels. */
function same(n: Nomogram, r: any, functions: Record<string, string>) {
  for (const axis of n.axes) {
    const theirs = r.nomogram[axis.name];
    if (axis.kind === "number") expect(unequal(axis.ticks, theirs[axis.name], 1e-12)).toEqual([]);
    else expect(axis.levels).toEqual(theirs[axis.name]);
    expect(unequal(axis.xbeta, theirs.Xbeta, 1e-6, 1e-2)).toEqual([]);
    expect(unequal(axis.points, theirs.points, 1e-6, 1)).toEqual([]);
  }
  expect(n.total.ticks).toEqual(r.nomogram["total.points"].x);
  expect(unequal(n.linearPredictor.ticks, r.nomogram.lp["x.real"], 1e-12)).toEqual([]);
  expect(unequal(n.linearPredictor.points, r.nomogram.lp.x, 1e-6)).toEqual([]);
  expect(unequal([n.scale, n.atZero], [r.info.sc, r.info.Intercept], 1e-6)).toEqual([]);
  // rms finds probabilities by interpolation, good to 1e-5; ours are exact
  for (const [label, name] of Object.entries(functions)) {
    const axis = n.outcomes.find((o) => o.label === label)!;
    expect(unequal(axis.ticks, r.nomogram[name]["x.real"].toReversed(), 1e-12)).toEqual([]);
    expect(unequal(axis.points, r.nomogram[name].x.toReversed(), 1e-5)).toEqual([]);
  }
}

function coding(design: Design, factor?: { variable: string; reference: string; levels: string[] }): DesignCoding {
  const names = factor?.levels.map((level) => factor.variable + level) ?? [];
  const numbers = design.names.filter((name) => !names.includes(name)).map((variable) => ({ variable, kind: "number" as const, names: [variable] }));
  return { terms: factor === undefined ? numbers : [...numbers, { ...factor, kind: "category" as const, names }] };
}

/** rms cph ends its iteration early (eps 1e-4, coefficients to 4 digits): our model with its coefficients, and the baseline they give. */
function withCoefficients(model: CoxModel, design: Design, followUp: { time: Float64Array; event: Float64Array }, coefficients: number[]): CoxModel {
  const offset = Float64Array.from({ length: design.n }, (_, i) => design.columns.reduce((sum, c, j) => sum + c[i] * coefficients[j], 0));
  const { baseline } = coxFit({ names: [], columns: [], n: design.n }, followUp, { offset });
  return { ...model, coefficients, baseline, means: coefficients.map(() => 0) };
}

test("a Cox nomogram has the axes of R rms (nomogram_cph)", () => {
  const { result: r } = reference("nomogram_cph");
  const d = data("surv_cohort.csv");
  const { design } = designFrom("surv_cohort.csv", ["age", "size", "nodes", "er", "rad", "grade:G1,G2,G3"]);
  const followUp = { time: d.time, event: d.status };
  const fitted = coxFit(design, followUp);
  expect(unequal(fitted.coefficients, Object.values(r.coef), 1e-3)).toEqual([]);
  const model = withCoefficients(fitted, design, followUp, Object.values(r.coef));
  const n = nomogramOf(model, coding(design, { variable: "grade", reference: "G1", levels: ["G2", "G3"] }), design, { times: [36, 60], unit: "months", probabilities: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95] });
  same(n, r, { "36 months": "S36", "60 months": "S60" });
});

const lrm = (() => {
  const { design } = designFrom("bin_cohort.csv", ["age", "size", "adc", "her2", "shape:oval,round,irregular"]);
  return { design, coding: coding(design, { variable: "shape", reference: "oval", levels: ["round", "irregular"] }), model: logisticFit(design, data("bin_cohort.csv").y) };
})();
const drawn = nomogramOf(lrm.model, lrm.coding, lrm.design, { label: "risk", probabilities: [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95] });

test("a logistic nomogram has the axes of R rms (nomogram_lrm)", () => {
  const { result: r } = reference("nomogram_lrm");
  const rising = { ...r, nomogram: { ...r.nomogram, risk: { "x.real": r.nomogram.risk["x.real"].toReversed(), x: r.nomogram.risk.x.toReversed() } } };
  same(drawn, rising, { risk: "risk" });
});

extendedTest("a Cox nomogram of the veterans has the axes of R rms (nomogram_veteran)", "stats/reference/nomogram_veteran.json", (path) => {
  const { data: d, result: r } = readJson(path);
  const names = ["karno", "age", "trt"];
  const design = { names, columns: names.map((name) => Float64Array.from(d[name] as number[])), n: d.time.length };
  const followUp = { time: Float64Array.from(d.time as number[]), event: Float64Array.from(d.status as number[]) };
  const model = withCoefficients(coxFit(design, followUp), design, followUp, Object.values(r.coef));
  same(nomogramOf(model, coding(design), design, { times: [90, 180], probabilities: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] }), r, { 90: "S90", 180: "S180" });
});

test("points lead back to the model's linear predictor and probability, and probabilities to points", () => {
  const patient = { age: 61, size: 23.5, adc: 1.02, her2: 1, shape: "irregular" };
  const b = Object.fromEntries(lrm.model.names.map((name, j) => [name, lrm.model.coefficient[j]]));
  const lp = b["(Intercept)"] + b.age * 61 + b.size * 23.5 + b.adc * 1.02 + b.her2 + b.shapeirregular;
  const read = readNomogram(JSON.parse(JSON.stringify(drawn)), patient);
  expect(read.linearPredictor).toBeCloseTo(lp, 12);
  expect(read.probability.risk).toBeCloseTo(1 / (1 + Math.exp(-lp)), 12);
  expect(nomogramLinear(drawn, read.total)).toBeCloseTo(lp, 12);
  expect(nomogramTotal(drawn, lp)).toBeCloseTo(read.total, 9);
  expect(nomogramProbability(drawn, "risk", nomogramTotalAt(drawn, "risk", 0.37))).toBeCloseTo(0.37, 12);
  const table = { id: ["a"], columns: {
    ...Object.fromEntries(["age", "size", "adc", "her2"].map((name) => [name, { kind: "number" as const, values: Float64Array.of(patient[name as "age"]) }])),
    shape: { kind: "category" as const, codes: Int32Array.of(1), levels: ["oval", "irregular"], ordered: false },
  } };
  expect(nomogramPoints(drawn, table)[0]).toBeCloseTo(read.total, 9);
  expect(readNomogram(drawn, { ...patient, age: 140 }).warnings.join()).toMatch(/^age: 140 lies outside/);
});

test("without given ticks a probability stands under every total that the axes add up to, with round ones between the ends", () => {
  // two yes/no variables that move the risk from .11 to .62: of the usual ticks five fall inside
  const variables = [{ name: "a", kind: "category", levels: ["no", "yes"], effects: [0, 1.62] }, { name: "b", kind: "category", levels: ["no", "yes"], effects: [0, 0.94] }] as const;
  const n = nomogram({ variables: variables.map((v) => ({ ...v, levels: [...v.levels], effects: [...v.effects] })), intercept: -2.06, linearPredictor: [-1.12, 0.5], outcomes: [{ label: "risk", kind: "logistic" }, { label: "24 months", kind: "survival", time: 24, cumulativeHazard: 0.4 }] });
  const most = 100 + (0.94 / 1.62) * 100;
  for (const { label, ticks, points, ends } of n.outcomes) {
    expect(ends!.map((e) => e.points)).toEqual([0, expect.closeTo(most, 9)]);
    for (const e of ends!) expect(e.probability).toBeCloseTo(nomogramProbability(n, label, e.points), 12);
    expect(ticks.length).toBeGreaterThanOrEqual(6);
    ticks.forEach((p, k) => expect(nomogramProbability(n, label, points[k])).toBeCloseTo(p, 12));
    expect(points.every((p) => p >= 0 && p <= most)).toBe(true);
  }
  expect(n.outcomes[0].ticks).toEqual([0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6]);
  expect([n.total.ticks[0], n.total.ticks.at(-1)! >= most]).toEqual([0, true]);
  for (const { ticks } of nomogram({ variables: n.axes.map((x) => ({ name: x.name, kind: "category", levels: ["no", "yes"], effects: [0, 0.0021] })), intercept: 0, linearPredictor: [0, 0], outcomes: [{ label: "risk", kind: "logistic" }] }).outcomes) expect(ticks).toEqual([0.5, 0.501]);
});

test("what a nomogram cannot read is named", () => {
  const patient = { age: 61, size: 23.5, adc: 1.02, her2: 1, shape: "square" };
  expect(() => readNomogram(drawn, patient)).toThrow(/"shape" is "square", expected one of oval, round, irregular/);
  expect(() => readNomogram(drawn, { ...patient, shape: "oval", age: NaN })).toThrow(/"age" is NaN/);
  expect(() => readNomogram(drawn, { ...patient, agee: 3 })).toThrow(/Did you mean "age"/);
  const flat = { name: "x", kind: "number", coefficient: 0, low: 0, high: 1 } as const;
  expect(() => nomogram({ variables: [flat], intercept: 0, linearPredictor: [0, 1] })).toThrow(InputError);
  expect(() => nomogram({ variables: [{ ...flat, coefficient: Infinity }], intercept: 0, linearPredictor: [0, 1] })).toThrow(/coefficient of "x" is Infinity/);
});

// Hand-worked by the rule of R's pretty: steps of 1, 2, 5 · 10^k
test("axis ticks are round and cover the range", () => {
  expect(pretty(30, 86, 10)).toEqual([30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90]);
  expect(pretty(0, 10, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(pretty(0.6, 1.48, 10)).toEqual([0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5]);
  for (const [low, high] of [[-3, 1234], [0.001, 0.0011], [5, 5], [0, 0], [-1e-9, 1e9]]) {
    const ticks = pretty(low, high, 10);
    expect(ticks[0]).toBeLessThanOrEqual(low + 1e-6 * (high - low));
    expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(high - 1e-6 * (high - low));
    expect(ticks.length).toBeLessThan(25);
  }
});
