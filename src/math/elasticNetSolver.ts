import { changeRidge, enlarge, rebuild } from "./elasticNetQuadratic.js";
import { log } from "./elementary.js";
import type { Prepared } from "./elasticNetPrepare.js";
import { estimate, netScreen, remember } from "./elasticNetScreen.js";
import { excess, extrapolate, gradient, netState, newtonStep } from "./elasticNetState.js";

/** cost of a product in a Gram matrix, as a share of one in a step: it serves several times from the processor's cache */
const REBUILD = 0.5;
/** steps a λ may take before they are held against the Hessian */
const FREE_STEPS = 2;

export type NetFit = { kkt: number; converged: boolean };

/** The state of one path: b on standardised columns, warm from one λ to the next. */
export type NetSolver = {
  b: Float64Array; lambdaMax: number; nullDeviance: number; atInfinity: NetFit;
  solve(lambda: number): NetFit;
  loss(): number; intercept(): number;
};

/**
 * Fits the model without penalised columns (and finds λmax there), then one λ after the other as asked, starting where the last two
 * solutions point to. A Newton step minimises the quadratic model over a working set, which starts from the columns whose gradient
 * exceeds the penalty and grows until no column outside violates the conditions; the step is halved until the objective falls. The
 * Hessian is kept from λ to λ until the steps it costs too much outweigh a new one.
 */
export function netSolver(data: Prepared, alpha: number, nonNegative: boolean, tolerance: number, maxIterations: number): NetSolver {
  const { n, p, usable, factor, family } = data;
  const state = netState(data, alpha, nonNegative);
  const { b, g, r, model } = state;
  const screen = netScreen(data);
  const outside = new Int32Array(p);
  let scale = 1;
  // λmax is wanted to the last digits, so the null model is
  let tight = 1e-13;
  // spent on steps that a new Hessian would have spared
  let regret = 0;

  /** columns outside the set that violate the conditions, and by how much at most */
  const missing = (lambda: number): { columns: number[]; worst: number } => {
    let count = 0;
    for (let j = 0; j < p; j++) if (usable[j] === 1 && model.place[j] < 0) outside[count++] = j;
    const rest = estimate(screen, r, outside, count, g);
    const open: number[] = [];
    for (let k = 0; k < count; k++) {
      const j = outside[k];
      if (!(Math.abs(g[j]) + screen.norm[j] * rest <= lambda * alpha * factor[j])) open.push(j);
    }
    if (open.length <= count / 3) gradient(state, open, open.length);
    else {
      gradient(state, outside, count);
      remember(screen, r, g);
    }
    let worst = 0;
    const columns = open.filter((j) => {
      const e = excess(state, j, lambda);
      if (e > worst) worst = e;
      return e > tight;
    });
    return { columns, worst };
  };

  const solve = (lambda: number): NetFit => {
    extrapolate(state, lambda);
    const entering: number[] = [];
    for (let j = 0; j < p; j++) if (usable[j] === 1 && model.place[j] < 0 && excess(state, j, lambda) > 0) entering.push(j);
    if (entering.length > 0) enlarge(model, data, entering);
    if (alpha < 1 && (lambda > model.ridgeLambda || lambda < 0.7 * model.ridgeLambda)) changeRidge(model, lambda);
    let last = Infinity;
    let current = family.quadratic;
    for (let iteration = 0, steps = 0; ; iteration++) {
      let sumR = 0;
      if (family.intercept) for (let i = 0; i < n; i++) sumR += r[i];
      let worst = Math.abs(sumR);
      gradient(state, model.set, model.size);
      for (let a = 0; a < model.size; a++) worst = Math.max(worst, excess(state, model.set[a], lambda));
      if (worst <= tight || iteration >= maxIterations) {
        const more = missing(lambda);
        worst = Math.max(worst, more.worst);
        if (more.columns.length === 0 || iteration >= maxIterations) return { kkt: worst / scale, converged: worst <= tight };
        enlarge(model, data, more.columns);
        last = Infinity;
        continue;
      }
      if (!family.quadratic && outworn(worst / last, worst, steps)) {
        refresh(lambda);
        current = true;
      }
      last = worst;
      steps++;
      if (!newtonStep(state, lambda, sumR, Math.max(tight / 2, worst / 5))) {
        if (current) return { kkt: worst / scale, converged: worst <= tight };
        refresh(lambda);
        current = true;
        last = Infinity;
        continue;
      }
      current = family.quadratic;
    }
  };
  /** whether a new Hessian costs less than the steps wasted and still to be taken with the old one, of which the last left `rate` of the error */
  const outworn = (rate: number, worst: number, steps: number): boolean => {
    if (rate >= 0.95) return true;
    const { size } = model;
    const stepCost = size * (3 * n + 4 * size);
    if (steps >= FREE_STEPS) regret += stepCost;
    if (rate <= 0) return false;
    const ahead = (log(tight / worst) / log(rate)) * stepCost;
    return regret + ahead > REBUILD * size * size * (0.5 * model.width + size / 6) + 3 * stepCost;
  };
  const refresh = (lambda: number): void => {
    regret = 0;
    model.ridgeLambda = lambda;
    const keep: number[] = [];
    for (let a = 0; a < model.size; a++) {
      const j = model.set[a];
      if (b[j] !== 0 || Math.abs(g[j]) > 0.8 * lambda * alpha * factor[j]) keep.push(j);
    }
    rebuild(model, data, keep);
  };

  // the intercept alone, then with the columns that are never penalised
  rebuild(model, data, []);
  const withheld = usable.slice();
  usable.fill(0);
  let fit = solve(0);
  const nullDeviance = family.deviance(state.loss);
  const free = outside.map((_, j) => j).filter((j) => withheld[j] === 1 && factor[j] === 0);
  if (free.length > 0) {
    for (const j of free) usable[j] = 1;
    rebuild(model, data, free);
    fit = solve(0);
  }
  usable.set(withheld);
  const every = outside.map((_, j) => j).filter((j) => usable[j] === 1);
  gradient(state, every, every.length);
  scale = every.reduce((most, j) => (factor[j] > 0 ? Math.max(most, Math.abs(g[j]) / factor[j]) : most), 0);
  if (!(scale > 0)) scale = 1;
  tight = tolerance * scale;
  fit = { kkt: fit.kkt / scale, converged: fit.kkt <= tight };
  return { b, lambdaMax: scale / Math.max(alpha, 1e-3), nullDeviance, atInfinity: fit, solve, loss: () => state.loss, intercept: () => state.b0 };
}
