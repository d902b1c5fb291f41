import { exp, log } from "../math/index.js";
import { logistic, softplus } from "./logisticNewton.js";

/**
 * One hidden layer. Weights in nnet's order: for each hidden unit its bias then one weight an input; for each output its bias, one a
 * hidden unit, and with `skip` one an input.
 */
export type NetworkShape = {
  inputs: number; hidden: number; outputs: number; skip: boolean;
  activation: "logistic" | "tanh"; output: "logistic" | "linear" | "softmax"; loss: "entropy" | "leastSquares";
};

export function weightCount({ inputs, hidden, outputs, skip }: NetworkShape): number {
  return hidden * (inputs + 1) + outputs * (1 + hidden + (skip ? inputs : 0));
}

/** tanh from the exponential */
const tanh = (x: number) => 2 * logistic(2 * x) - 1;

/** Linear predictors of the outputs (outputs × n) and, where wanted, the hidden units (hidden × n). */
function forward(shape: NetworkShape, w: ArrayLike<number>, x: readonly Float64Array[], n: number): { eta: Float64Array[]; h: Float64Array[] } {
  const { inputs, hidden, outputs, skip } = shape;
  const squash = shape.activation === "tanh" ? tanh : logistic;
  const h = Array.from({ length: hidden }, (_, k) => {
    const at = k * (inputs + 1);
    const a = new Float64Array(n).fill(w[at]);
    for (let j = 0; j < inputs; j++) addScaled(a, w[at + 1 + j], x[j]);
    for (let i = 0; i < n; i++) a[i] = squash(a[i]);
    return a;
  });
  const size = 1 + hidden + (skip ? inputs : 0);
  const eta = Array.from({ length: outputs }, (_, o) => {
    const at = hidden * (inputs + 1) + o * size;
    const a = new Float64Array(n).fill(w[at]);
    h.forEach((unit, k) => addScaled(a, w[at + 1 + k], unit));
    if (skip) x.forEach((column, j) => addScaled(a, w[at + 1 + hidden + j], column));
    return a;
  });
  return { eta, h };
}

/** What the network gives: outputs × n, through the output function. */
export function networkOutput(shape: NetworkShape, w: ArrayLike<number>, x: readonly Float64Array[], n: number): Float64Array[] {
  const { eta } = forward(shape, w, x, n);
  if (shape.output === "linear") return eta;
  if (shape.output === "logistic") return eta.map((e) => e.map(logistic));
  return softmax(eta, n);
}

function softmax(eta: Float64Array[], n: number): Float64Array[] {
  const out = eta.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    let top = -Infinity;
    for (const e of eta) top = Math.max(top, e[i]);
    let sum = 0;
    eta.forEach((e, o) => (sum += out[o][i] = exp(e[i] - top)));
    for (const p of out) p[i] /= sum;
  }
  return out;
}

/**
 * Loss over patients (weighted): entropy −Σ [y log p + (1 − y) log(1 − p)] for logistic outputs, −Σ y log p for softmax, Σ (y − p)² for least
 * squares; `gradient`, where given, receives its derivative. Weight decay is not in it.
 */
export function networkLoss(
  shape: NetworkShape, w: ArrayLike<number>, x: readonly Float64Array[], target: readonly Float64Array[], patientWeight: Float64Array, gradient?: Float64Array,
): number {
  const { inputs, hidden, outputs, skip } = shape;
  const n = patientWeight.length;
  const { eta, h } = forward(shape, w, x, n);
  const p = shape.output === "softmax" ? softmax(eta, n) : undefined;
  let loss = 0;
  // derivative of the loss by each output's linear predictor
  const delta = eta.map((e, o) => {
    const y = target[o];
    const d = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const v = patientWeight[i];
      if (p !== undefined) {
        if (y[i] > 0) loss -= v * y[i] * log(Math.max(p[o][i], 1e-300));
        d[i] = v * (p[o][i] - y[i]);
      } else if (shape.loss === "entropy") {
        loss += v * (softplus(e[i]) - y[i] * e[i]);
        d[i] = v * (logistic(e[i]) - y[i]);
      } else {
        const q = shape.output === "linear" ? e[i] : logistic(e[i]);
        const slope = shape.output === "linear" ? 1 : q * (1 - q);
        loss += v * (q - y[i]) * (q - y[i]);
        d[i] = 2 * v * (q - y[i]) * slope;
      }
    }
    return d;
  });
  if (gradient === undefined) return loss;
  const size = 1 + hidden + (skip ? inputs : 0);
  const first = hidden * (inputs + 1);
  delta.forEach((d, o) => {
    const at = first + o * size;
    gradient[at] = total(d);
    h.forEach((unit, k) => (gradient[at + 1 + k] = dot(d, unit)));
    if (skip) x.forEach((column, j) => (gradient[at + 1 + hidden + j] = dot(d, column)));
  });
  h.forEach((unit, k) => {
    const back = new Float64Array(n);
    for (let o = 0; o < outputs; o++) addScaled(back, w[first + o * size + 1 + k], delta[o]);
    for (let i = 0; i < n; i++) back[i] *= shape.activation === "tanh" ? 1 - unit[i] * unit[i] : unit[i] * (1 - unit[i]);
    const at = k * (inputs + 1);
    gradient[at] = total(back);
    x.forEach((column, j) => (gradient[at + 1 + j] = dot(back, column)));
  });
  return loss;
}

function addScaled(a: Float64Array, by: number, x: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] += by * x[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}

function total(a: Float64Array): number {
  let s = 0;
  for (const v of a) s += v;
  return s;
}
