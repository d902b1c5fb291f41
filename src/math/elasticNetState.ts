import { descend, workspace, type Workspace } from "./elasticNetDescent.js";
import { quadraticModel, type QuadraticModel } from "./elasticNetQuadratic.js";
import type { Prepared } from "./elasticNetPrepare.js";
import { addVectors, allocate, dotVectors } from "./vectorHeap.js";

/** Where the solver stands on a path: coefficients on standardised columns with all that follows from them, and the model it steps by. */
export type NetState = {
  data: Prepared; alpha: number; nonNegative: boolean;
  b: Float64Array; b0: number; eta: Float64Array; loss: number;
  /** −∂loss/∂η, and X′r by column as far as it was asked for */
  r: Float64Array; g: Float64Array;
  model: QuadraticModel; work: Workspace;
  /** solution and λ before this one */
  before: { b: Float64Array; b0: number; lambda: number }; lambda: number;
  /** for use within a step: columns that move and by how much, the way of η; r and that way also lie in the heap */
  moved: Int32Array; moves: Float64Array; trial: Float64Array; rAt: number; wayAt: number;
};

export function netState(data: Prepared, alpha: number, nonNegative: boolean): NetState {
  const { n, p, heap, stride, family } = data;
  const eta = Float64Array.from(data.offset, (o) => o + data.start);
  const r = new Float64Array(n);
  return {
    data, alpha, nonNegative, b: new Float64Array(p), b0: data.start, eta, loss: family.loss(eta, r), r, g: new Float64Array(p),
    model: quadraticModel(data, data.factor.map((f) => (1 - alpha) * f)), work: workspace(heap, 64),
    before: { b: new Float64Array(p), b0: 0, lambda: 0 }, lambda: 0,
    moved: new Int32Array(p), moves: new Float64Array(p), trial: new Float64Array(n), rAt: allocate(heap, stride), wayAt: allocate(heap, stride),
  };
}

/** g of the first `count` columns listed, at the present r. */
export function gradient({ data, r, g, rAt }: NetState, which: ArrayLike<number>, count: number): void {
  data.heap.f.set(r, rAt);
  dotVectors(data.heap, data.x, data.stride, which, count, rAt, data.stride, g);
}

/** By how much column j violates the Karush–Kuhn–Tucker conditions. */
export function excess({ data, alpha, nonNegative, b, g }: NetState, j: number, lambda: number): number {
  const f = data.factor[j];
  const rest = g[j] - lambda * (1 - alpha) * f * b[j];
  const bound = lambda * alpha * f;
  if (b[j] !== 0) return Math.abs(rest - Math.sign(b[j]) * bound);
  return Math.max(0, (nonNegative ? rest : Math.abs(rest)) - bound);
}

/** One Newton step; false where the objective cannot be brought down. `sumR` is Σ r where an intercept is fitted. */
export function newtonStep(state: NetState, lambda: number, sumR: number, accuracy: number): boolean {
  const { data, alpha, b, g, model, nonNegative } = state;
  const { size, set, means } = model;
  const work = roomyWork(state);
  const { f } = data.heap;
  for (let a = 0; a < size; a++) {
    const j = set[a];
    work.b[a] = b[j];
    f[work.g + a] = g[j] - means[a] * sumR - lambda * (1 - alpha) * data.factor[j] * b[j];
    work.l1[a] = lambda * alpha * data.factor[j];
  }
  descend(model, work, nonNegative, accuracy, 50);
  if (!data.family.intercept) return move(state, lambda, 0, 1e-9);
  let d0 = sumR / model.weightTotal;
  for (let a = 0; a < size; a++) d0 -= means[a] * (work.b[a] - b[set[a]]);
  return move(state, lambda, d0, 1e-9);
}

/** Goes on from the last two solutions in a straight line, no coefficient beyond 0, unless the objective is lower where it stands. */
export function extrapolate(state: NetState, lambda: number): void {
  const { b, b0, before, model } = state;
  const share = (state.lambda - lambda) / (before.lambda - state.lambda);
  const work = roomyWork(state);
  for (let a = 0; a < model.size; a++) {
    const j = model.set[a];
    const to = b[j] + share * (b[j] - before.b[j]);
    work.b[a] = to * b[j] > 0 ? to : 0;
  }
  const d0 = share * (b0 - before.b0);
  Object.assign(before, { b0, lambda: state.lambda });
  before.b.set(b);
  state.lambda = lambda;
  // not at the start of a path, nor far beyond what is known
  if (share > 0 && share < 1.5 && !state.data.family.quadratic) move(state, lambda, state.data.family.intercept ? d0 : 0, 0.6);
}

function roomyWork(state: NetState): Workspace {
  if (state.work.room < state.model.stride) state.work = workspace(state.data.heap, state.model.stride);
  return state.work;
}

/** To work.b, or a half, a quarter … of the way (more than `least` of it), where the objective is not higher; false where it is. */
function move(state: NetState, lambda: number, d0: number, least: number): boolean {
  const { data, alpha, b, eta, r, trial, model, work, moved, moves, wayAt } = state;
  const { n, x, stride, heap, family, factor } = data;
  const { size, set } = model;
  let count = 0;
  let still = 0;
  const cost = (j: number, beta: number) => factor[j] * (alpha * Math.abs(beta) + ((1 - alpha) / 2) * beta * beta);
  let penalty = 0;
  for (let a = 0; a < size; a++) {
    const j = set[a];
    if (b[j] !== 0) penalty += cost(j, b[j]);
    if (work.b[a] === b[j]) {
      still += cost(j, b[j]);
      continue;
    }
    moved[count] = j;
    moves[count++] = work.b[a] - b[j];
  }
  heap.f.fill(0, wayAt, wayAt + stride);
  addVectors(heap, x, stride, moved, moves, count, wayAt, stride);
  const way = heap.f.subarray(wayAt, wayAt + n);
  const start = state.loss + lambda * penalty;
  for (let t = 1; t > least; t /= 2) {
    for (let i = 0; i < n; i++) trial[i] = eta[i] + t * (way[i] + d0);
    const now = family.loss(trial, r);
    let there = still;
    for (let k = 0; k < count; k++) there += cost(moved[k], b[moved[k]] + t * moves[k]);
    if (now + lambda * there <= start + 1e-14 * (1 + Math.abs(start))) {
      for (let a = 0; a < size; a++) b[set[a]] = t === 1 ? work.b[a] : b[set[a]] + t * (work.b[a] - b[set[a]]);
      eta.set(trial);
      state.b0 += t * d0;
      state.loss = now;
      return true;
    }
    if (t < 0.05 && !family.quadratic) break;
  }
  state.loss = family.loss(eta, r);
  return false;
}
