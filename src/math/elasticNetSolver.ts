import { descend, workspace } from "./elasticNetDescent.js";
import { changeRidge, enlarge, quadraticModel, rebuild } from "./elasticNetQuadratic.js";
import { log } from "./elementary.js";
import type { Prepared } from "./elasticNetPrepare.js";
import { addVectors, allocate, dotVectors } from "./vectorHeap.js";

const REBUILD = 0.5;

export type NetFit = { kkt: number; converged: boolean };

/** The state of one path: b on standardised columns, warm from one λ to the next. */
export type NetSolver = {
  b: Float64Array; lambdaMax: number; nullDeviance: number; atInfinity: NetFit;
  solve(lambda: number): NetFit;
  loss(): number; intercept(): number;
};

/**
 * Fits the model without penalised columns (and finds λmax there), then one λ after the other as asked. A Newton step minimises the
 * quadratic model over a working set, which starts from the columns whose gradient exceeds the penalty and grows until no column
 * outside violates the conditions; the step is halved until the objective falls.
 */
export function netSolver(data: Prepared, alpha: number, nonNegative: boolean, tolerance: number, maxIterations: number): NetSolver {
  const { n, p, heap, x, stride, usable, factor, family } = data;
  const b = new Float64Array(p);
  const g = new Float64Array(p);
  const eta = Float64Array.from(data.offset, (o) => o + data.start);
  const trial = new Float64Array(n);
  const r = new Float64Array(n);
  // r and the direction of a step, in the heap
  const rAt = allocate(heap, stride);
  const direction = allocate(heap, stride);
  const moved = new Int32Array(p);
  const moves = new Float64Array(p);
  const model = quadraticModel(data, factor.map((f) => (1 - alpha) * f));
  let b0 = data.start;
  let loss = family.loss(eta, r);
  let scale = 1;
  // λmax is wanted to the last digits, so the null model is
  let tight = 1e-13;
  let work = workspace(heap, 64);

  /** g of the given columns at the present r */
  const gradient = (which: ArrayLike<number>, count: number): void => {
    heap.f.set(r, rAt);
    dotVectors(heap, x, stride, which, count, rAt, stride, g);
  };
  const excess = (j: number, lambda: number): number => {
    const rest = g[j] - lambda * (1 - alpha) * factor[j] * b[j];
    const bound = lambda * alpha * factor[j];
    if (b[j] !== 0) return Math.abs(rest - Math.sign(b[j]) * bound);
    return Math.max(0, (nonNegative ? rest : Math.abs(rest)) - bound);
  };
  const penalty = (lambda: number, at: (a: number) => number): number => {
    let sum = 0;
    for (let a = 0; a < model.size; a++) {
      const beta = at(a);
      if (beta !== 0) sum += factor[model.set[a]] * (alpha * Math.abs(beta) + ((1 - alpha) / 2) * beta * beta);
    }
    return lambda * sum;
  };

  /** one Newton step; false where the objective cannot be brought down */
  const step = (lambda: number, sumR: number, accuracy: number): boolean => {
    const { size, set, means } = model;
    if (work.room < model.stride) work = workspace(heap, model.stride);
    for (let a = 0; a < size; a++) {
      const j = set[a];
      work.b[a] = b[j];
      heap.f[work.g + a] = g[j] - means[a] * sumR - lambda * (1 - alpha) * factor[j] * b[j];
      work.l1[a] = lambda * alpha * factor[j];
    }
    descend(model, work, nonNegative, accuracy, 50);
    const bs = work.b;
    let d0 = family.intercept ? sumR / model.weightTotal : 0;
    let count = 0;
    for (let a = 0; a < size; a++) {
      const d = bs[a] - b[set[a]];
      if (d === 0) continue;
      if (family.intercept) d0 -= means[a] * d;
      moved[count] = set[a];
      moves[count++] = d;
    }
    heap.f.fill(0, direction, direction + stride);
    addVectors(heap, x, stride, moved, moves, count, direction, stride);
    const along = heap.f.subarray(direction, direction + n);
    const before = loss + penalty(lambda, (a) => b[set[a]]);
    for (let t = 1; t > 1e-9; t /= 2) {
      for (let i = 0; i < n; i++) trial[i] = eta[i] + t * (along[i] + d0);
      const now = family.loss(trial, r);
      const after = now + penalty(lambda, (a) => b[set[a]] + t * (bs[a] - b[set[a]]));
      if (after <= before + 1e-14 * (1 + Math.abs(before))) {
        for (let a = 0; a < size; a++) b[set[a]] = t === 1 ? bs[a] : b[set[a]] + t * (bs[a] - b[set[a]]);
        eta.set(trial);
        b0 += t * d0;
        loss = now;
        return true;
      }
      if (t < 0.05 && !family.quadratic) break;
    }
    loss = family.loss(eta, r);
    return false;
  };

  const solve = (lambda: number): NetFit => {
    const entering: number[] = [];
    for (let j = 0; j < p; j++) if (usable[j] === 1 && model.place[j] < 0 && excess(j, lambda) > 0) entering.push(j);
    if (entering.length > 0) enlarge(model, data, entering);
    if (alpha < 1 && (lambda > model.ridgeLambda || lambda < 0.7 * model.ridgeLambda)) changeRidge(model, lambda);
    let last = Infinity;
    let current = family.quadratic;
    let best = Infinity;
    for (let iteration = 0; ; iteration++) {
      let sumR = 0;
      if (family.intercept) for (let i = 0; i < n; i++) sumR += r[i];
      let worst = Math.abs(sumR);
      gradient(model.set, model.size);
      for (let a = 0; a < model.size; a++) worst = Math.max(worst, excess(model.set[a], lambda));
      best = worst;
      if (worst <= tight || iteration >= maxIterations) {
        const more: number[] = [];
        let count = 0;
        for (let j = 0; j < p; j++) if (usable[j] === 1 && model.place[j] < 0) moved[count++] = j;
        gradient(moved, count);
        for (let k = 0; k < count; k++) {
          const j = moved[k];
          const e = excess(j, lambda);
          if (e > tight) more.push(j);
          if (e > best) best = e;
        }
        if (more.length === 0 || iteration >= maxIterations) return { kkt: best / scale, converged: best <= tight };
        enlarge(model, data, more);
        last = Infinity;
        continue;
      }
      if (!family.quadratic && outworn(worst / last, worst)) {
        refresh(lambda);
        current = true;
      }
      last = worst;
      if (!step(lambda, sumR, Math.max(tight / 2, worst / 5))) {
        if (current) return { kkt: worst / scale, converged: worst <= tight };
        refresh(lambda);
        current = true;
        last = Infinity;
        continue;
      }
      current = family.quadratic;
    }
  };
  /** whether a new Hessian costs less than the steps still to be taken with the old one, of which the last left `rate` of the error */
  const outworn = (rate: number, worst: number): boolean => {
    if (rate >= 0.95) return true;
    if (rate <= 0) return false;
    const { size } = model;
    const stepCost = size * (3 * n + 4 * size);
    const steps = log(tight / worst) / log(rate);
    return steps * stepCost > REBUILD * size * size * (0.5 * model.width + size / 6) + 3 * stepCost;
  };
  const refresh = (lambda: number): void => {
    model.ridgeLambda = lambda;
    const keep: number[] = [];
    for (let a = 0; a < model.size; a++) {
      const j = model.set[a];
      if (b[j] !== 0 || Math.abs(g[j]) > 0.8 * lambda * alpha * factor[j]) keep.push(j);
    }
    rebuild(model, data, keep);
  };

  // the intercept alone, then with the columns that are never penalised
  let fit: NetFit = { kkt: 0, converged: true };
  rebuild(model, data, []);
  const withheld = usable.slice();
  usable.fill(0);
  fit = solve(0);
  const nullDeviance = family.deviance(loss);
  const free: number[] = [];
  for (let j = 0; j < p; j++) if (withheld[j] === 1 && factor[j] === 0) free.push(j);
  if (free.length > 0) {
    for (const j of free) usable[j] = 1;
    rebuild(model, data, free);
    fit = solve(0);
  }
  usable.set(withheld);
  scale = 0;
  const every = Int32Array.from({ length: p }, (_, j) => j).filter((j) => usable[j] === 1);
  gradient(every, every.length);
  for (const j of every) {
    if (factor[j] > 0) scale = Math.max(scale, Math.abs(g[j]) / factor[j]);
  }
  if (!(scale > 0)) scale = 1;
  tight = tolerance * scale;
  fit = { kkt: fit.kkt / scale, converged: fit.kkt <= tight };
  const lambdaMax = scale / Math.max(alpha, 1e-3);
  return { b, lambdaMax, nullDeviance, atInfinity: fit, solve, loss: () => loss, intercept: () => b0 };
}
