import { expect, test } from "vitest";
import { randomStream } from "../../src/math/index.js";
import { networkFit, networkOutputs, networkPredict, type NetworkOptions } from "../../src/model/index.js";
import { networkLoss, weightCount, type NetworkShape } from "../../src/model/networkLoss.js";
import { extendedTest, readJson } from "../data.js";
import { data, reference, unequal } from "../stats.js";
import { designFrom } from "./cohorts.js";

const d = data("bin_cohort.csv");
const { design } = designFrom("bin_cohort.csv", ["age", "size", "adc", "her2", "m1"]);
const { args, result: r } = reference("nnet");
const random = randomStream(1);
const fit = (target: ArrayLike<number>, o: NetworkOptions) => networkFit(design, target, { hidden: 3, start: args.w, ...o }, random);

test("a network without training predicts as R nnet with the same weights (nnet, forward)", () => {
  const start = fit(d.y, { maxIterations: 0 });
  expect(unequal(networkPredict(start, design), r.forward.pred, 1e-12)).toEqual([]);
  expect(unequal([start.loss], [r.forward.entropy], 1e-12)).toEqual([]);
});

extendedTest("a network on iris predicts as R nnet (nnet_forward_iris)", "stats/reference/nnet_forward_iris.json", (path) => {
  const { data: { x, y, w }, result } = readJson(path);
  const iris = { names: ["a", "b", "c", "d"], columns: [0, 1, 2, 3].map((j) => Float64Array.from(x as number[][], (row) => row[j])), n: y.length };
  const model = networkFit(iris, y, { hidden: 3, start: w, maxIterations: 0, standardise: false }, random);
  expect(unequal(networkPredict(model, iris), result.pred, 1e-12)).toEqual([]);
});

test("BFGS comes to the optimum of R nnet: entropy, least squares, linear output (nnet)", () => {
  for (const [theirs, ours] of [
    [r.entropy_decay01, fit(d.y, { decay: 0.1 })],
    [r.least_squares_decay005, fit(d.y, { decay: 0.05, loss: "leastSquares" })],
    [r.linear_output_m2_decay01, fit(d.m2, { decay: 0.1, output: "linear" })],
  ]) {
    expect(ours.converged).toBe(true);
    expect(unequal([ours.value], [theirs.value], 1e-6)).toEqual([]);
    expect(unequal(networkPredict(ours, design), theirs.pred, 1e-3)).toEqual([]);
  }
});

test("Rprop and Adam come to a minimum of no more than BFGS's value", () => {
  const best = fit(d.y, { decay: 0.5 }).value;
  for (const optimiser of ["rprop", "adam"] as const) {
    const model = fit(d.y, { decay: 0.5, optimiser });
    expect(model.converged).toBe(true);
    expect(model.value).toBeLessThan(best * (1 + 1e-6));
  }
});

test("the gradient is the slope of the loss, for every kind of network", () => {
  const x = design.columns.slice(0, 3).map((c) => c.slice(0, 12).map((v) => v / 50));
  for (const activation of ["logistic", "tanh"] as const) {
    for (const [output, loss] of [["logistic", "entropy"], ["logistic", "leastSquares"], ["linear", "leastSquares"], ["softmax", "entropy"]] as const) {
      const shape: NetworkShape = { inputs: 3, hidden: 2, outputs: output === "softmax" ? 3 : 1, skip: true, activation, output, loss };
      const y = Array.from({ length: shape.outputs }, (_, o) => Float64Array.from({ length: 12 }, (__, i) => Number(i % shape.outputs === o && (o > 0 || i % 2 === 0 || shape.outputs > 1))));
      const w = Float64Array.from({ length: weightCount(shape) }, (_, k) => Math.sin(k * 1.7));
      const v = Float64Array.from({ length: 12 }, (_, i) => 1 + (i % 3));
      const gradient = new Float64Array(w.length);
      networkLoss(shape, w, x, y, v, gradient);
      const numeric = w.map((_, k) => {
        const at = (h: number) => networkLoss(shape, w.map((u, j) => (j === k ? u + h : u)), x, y, v);
        return (at(1e-5) - at(-1e-5)) / 2e-5;
      });
      expect(unequal(gradient, numeric, 1e-6, 1e-2)).toEqual([]);
    }
  }
});

test("softmax of two classes gives probabilities that sum to 1, and the same seed the same network", () => {
  const model = networkFit(design, d.y, { hidden: 2, output: "softmax", decay: 0.1 }, randomStream(5));
  const [no, yes] = networkOutputs(JSON.parse(JSON.stringify(model)), design);
  no.forEach((p, i) => expect(p + yes[i]).toBeCloseTo(1, 12));
  expect(JSON.stringify(networkFit(design, d.y, { hidden: 2, output: "softmax", decay: 0.1 }, randomStream(5)))).toBe(JSON.stringify(model));
});

test("early stopping keeps the weights with the least loss on the validation set", () => {
  const part = (from: number, to: number) => ({ ...design, columns: design.columns.map((c) => c.slice(from, to)), n: to - from });
  const free = networkFit(part(0, 100), d.y.slice(0, 100), { hidden: 6, maxIterations: 400 }, randomStream(3));
  const held = networkFit(part(0, 100), d.y.slice(0, 100), { hidden: 6, validation: { design: part(100, 160), target: d.y.slice(100) } }, randomStream(3));
  const loss = (model: typeof free) => networkPredict(model, part(100, 160)).reduce((s, p, i) => s - Math.log(d.y[100 + i] ? p : 1 - p), 0);
  expect(held.stoppedEarly).toBe(true);
  expect(held.validationLoss).toBeCloseTo(loss(held), 9);
  expect(held.validationLoss!).toBeLessThan(loss(free));
});

test("what a network cannot learn from is named", () => {
  expect(() => fit(new Float64Array(160), {})).toThrow(/all 160 patients have outcome 0/);
  expect(() => fit(d.m2, {})).toThrow(/expected 0 or 1; a number needs a linear output/);
  expect(() => fit(d.y, { start: [1, 2] })).toThrow(/2 start weights/);
  expect(() => fit(d.y, { decay: -1 })).toThrow(/weight decay is -1/);
  expect(() => networkFit({ ...design, columns: [...design.columns.slice(1), new Float64Array(160).fill(NaN)] }, d.y, {}, random)).toThrow(/"m1" is NaN in row 1/);
  expect(networkFit(design, d.y, { hidden: 40, maxIterations: 2 }, random).warnings.join()).toMatch(/281 weights for 160 patients.*stopped after 2 steps/s);
});

test("the best of several starts is kept: the least value, none worse than the first alone, the same again by the same seed", () => {
  const options: NetworkOptions = { hidden: 3, decay: 0.01, maxIterations: 300 };
  const one = networkFit(design, d.y, options, randomStream(4)), five = networkFit(design, d.y, { ...options, starts: 5 }, randomStream(4));
  expect(five.startValues).toHaveLength(5);
  expect(five.startValues![0]).toBe(one.value);
  expect(five.value).toBe(Math.min(...five.startValues!));
  expect(new Set(five.startValues).size).toBeGreaterThan(1);
  expect(networkFit(design, d.y, { ...options, starts: 5 }, randomStream(4)).weights).toEqual(five.weights);
  const half = (from: number) => ({ ...design, n: 80, columns: design.columns.map((c) => c.slice(from, from + 80)) });
  const watched = networkFit(half(0), d.y.slice(0, 80), { ...options, starts: 4, validation: { design: half(80), target: d.y.slice(80) } }, randomStream(4));
  expect(watched.validationLoss).toBe(Math.min(...watched.startValues!));
  expect(() => fit(d.y, { starts: 2 })).toThrow(/beside given start weights/);
  expect(() => networkFit(design, d.y, { starts: 0 }, randomStream(4))).toThrow(/0 starts/);
});
