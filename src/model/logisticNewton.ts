import { cholesky, exp, log, solveCholesky } from "../math/index.js";
import { leverages, weightedGram } from "./weightedGram.js";

export type NewtonOptions = {
  start?: ArrayLike<number>;
  /** this coefficient is held at its start value (profile likelihood) */
  held?: number;
  /** these are */
  heldAll?: readonly number[];
  /** Firth's penalty ½ log |I| */
  firth?: boolean;
  maxIterations?: number;
};

export type NewtonResult = {
  gamma: Float64Array;
  eta: Float64Array;
  mu: Float64Array;
  /** information Xᵀ W X of all columns at gamma, row by row */
  information: Float64Array;
  /** log-likelihood, penalised where Firth's penalty is on */
  logLik: number;
  /** (modified) score at gamma, the held coefficient's too */
  score: Float64Array;
  iterations: number;
  converged: boolean;
  /** the last step's change of the linear predictor: large where a coefficient runs away */
  drift: Float64Array;
};

/** 1 / (1 + e^−x) */
export function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

/** log(1 + eˣ) */
export function softplus(x: number): number {
  return x > 0 ? x + logOnePlus(exp(-x)) : logOnePlus(exp(x));
}

/** log(1 + u) for u in [0, 1], exact for small u too */
function logOnePlus(u: number): number {
  const v = 1 + u;
  return v === 1 ? u : (log(v) * u) / (v - 1);
}

/**
 * Maximum (penalised) likelihood of a logistic regression by Newton's method, a step halved while it lowers the likelihood.
 * Ends where the Newton decrement uᵀ I⁻¹ u is below 1e-14 |log L| and no linear predictor moves by 1e-4 (or one by
 * 0.3: it runs away), or below 1e-20 (with
 * Firth's penalty, whose steps converge linearly, 1e-22), or without `converged` after `maxIterations`. Columns should be standardised.
 */
export function logisticNewton(
  columns: readonly Float64Array[], event: ArrayLike<number>, weights: Float64Array, offset: Float64Array, options: NewtonOptions = {},
): NewtonResult {
  const { held, firth = false } = options;
  const maxIterations = options.maxIterations ?? (firth ? 500 : 60);
  const p = columns.length;
  const n = weights.length;
  const free = columns.map((_, j) => j).filter((j) => j !== held && !(options.heldAll?.includes(j) ?? false));
  let gamma = Float64Array.from({ length: p }, (_, j) => options.start?.[j] ?? 0);
  const scratch: [Float64Array, Float64Array] = [new Float64Array(n), new Float64Array(n)];
  let at: Evaluation | undefined = evaluate(columns, event, weights, offset, gamma, firth, scratch);
  const drift = new Float64Array(n);
  let iterations = 0;
  let converged = false;
  let before = Infinity;
  while (at !== undefined && iterations < maxIterations && Number.isFinite(at.logLik)) {
    const here: Evaluation = at;
    const m = free.length;
    const sub = Float64Array.from({ length: m * m }, (_, k) => here.information[free[Math.floor(k / m)] * p + free[k % m]]);
    const factor = cholesky(sub, m);
    if (factor === undefined) break;
    const u = free.map((j) => here.score[j]);
    const step = solveCholesky(factor, m, u);
    const decrement = step.reduce((s, d, k) => s + d * u[k], 0);
    iterations++;
    let share = 1;
    let next: Evaluation | undefined;
    let trial = new Float64Array(p);
    for (let halvings = 0; halvings < 40; halvings++, share /= 2) {
      trial.set(gamma);
      free.forEach((j, k) => (trial[j] += share * step[k]));
      next = evaluate(columns, event, weights, offset, trial, firth, scratch);
      if (next !== undefined && next.logLik >= here.logLik - 1e-10 * (1 + Math.abs(here.logLik))) break;
      next = undefined;
    }
    if (firth && next !== undefined) {
      // the penalty bends what I⁻¹ does not see, up to a factor of 2: correct the step's length by the slope at its end
      const end = free.reduce((s, j, k) => s + step[k] * next!.score[j], 0) / decrement;
      const better = share / Math.min(4, Math.max(0.25, 1 - end));
      if (Math.abs(end) > 0.05 && Number.isFinite(better)) {
        const other = Float64Array.from(gamma);
        free.forEach((j, k) => (other[j] += better * step[k]));
        const found = evaluate(columns, event, weights, offset, other, firth, scratch);
        if (found !== undefined && found.logLik >= next.logLik - 1e-12 * (1 + Math.abs(next.logLik))) [next, trial] = [found, other];
      }
    }
    if (next === undefined) {
      converged = decrement < 1e-10;
      break;
    }
    for (let i = 0; i < n; i++) drift[i] = next.eta[i] - here.eta[i];
    gamma = trial;
    at = next;
    // Firth's steps end in rounding: below 1e-14 and no longer falling
    const settled = firth && decrement < 1e-14 && decrement >= before;
    before = decrement;
    // the likelihood at rest, and every predictor too, or one plainly running away (about 1 a step under separation); between the two: on
    const far = largest(drift);
    const rest = !firth && decrement < 1e-6 && decrement < 1e-14 * Math.abs(here.logLik) && (far < 1e-4 || far > 0.3);
    if (settled || rest || decrement < (firth ? 1e-22 * (1 + Math.abs(here.logLik)) : 1e-20)) {
      converged = true;
      break;
    }
  }
  const last = at ?? evaluate(columns, event, weights, offset, gamma, false, scratch)!;
  return { ...last, gamma, iterations, converged: converged || free.length === 0, drift };
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

type Evaluation = { eta: Float64Array; mu: Float64Array; information: Float64Array; logLik: number; score: Float64Array };

/** `scratch`: two arrays of n, used up. */
function evaluate(
  columns: readonly Float64Array[], event: ArrayLike<number>, weights: Float64Array, offset: Float64Array, gamma: Float64Array, firth: boolean, scratch: [Float64Array, Float64Array],
): Evaluation | undefined {
  const p = columns.length;
  const n = weights.length;
  const eta = offset.slice();
  for (let j = 0; j < p; j++) {
    const x = columns[j];
    const g = gamma[j];
    if (g !== 0) for (let i = 0; i < n; i++) eta[i] += g * x[i];
  }
  const mu = new Float64Array(n);
  const [w, residual] = scratch;
  let logLik = 0;
  for (let i = 0; i < n; i++) {
    const e = eta[i];
    const small = exp(-Math.abs(e));
    const tail = small / (1 + small);
    mu[i] = e >= 0 ? 1 - tail : tail;
    w[i] = weights[i] * tail * (1 - tail);
    // y − mu without cancellation in the tails
    residual[i] = weights[i] * (event[i] ? (e >= 0 ? tail : 1 - tail) : e >= 0 ? tail - 1 : -tail);
    logLik -= weights[i] * ((e > 0 ? e : 0) + logOnePlus(small) - (event[i] ? e : 0));
  }
  const information = weightedGram(columns, w);
  if (firth) {
    const factor = cholesky(information, p);
    if (factor === undefined) return undefined;
    for (let j = 0; j < p; j++) logLik += log(factor[j * p + j]);
    const leverage = leverages(columns, factor, w);
    for (let i = 0; i < n; i++) residual[i] += leverage[i] * (0.5 - mu[i]);
  }
  const score = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    const x = columns[j];
    let s = 0;
    for (let i = 0; i < n; i++) s += x[i] * residual[i];
    score[j] = s;
  }
  return { eta, mu, information, logLik, score };
}

/**
 * Information at the last but one iterate of R's glm.fit: IRLS from mu = (w y + ½) / (w + 1), ended where the deviance changes by
 * less than 1e-8 (|deviance| + .1). R takes its standard errors there.
 */
export function glmInformation(columns: readonly Float64Array[], event: ArrayLike<number>, weights: Float64Array, offset: Float64Array): Float64Array {
  const p = columns.length;
  let eta = Float64Array.from(weights, (w, i) => log((w * event[i] + 0.5) / (w + 1 - (w * event[i] + 0.5))));
  let deviance = NaN;
  let information: Float64Array = new Float64Array(p * p);
  for (let iteration = 0; iteration < 25; iteration++) {
    const w = eta.map((e, i) => weights[i] * logistic(e) * logistic(-e));
    // W (z − offset), z the working response
    const response = eta.map((e, i) => w[i] * (e - offset[i]) + weights[i] * (event[i] - logistic(e)));
    const next = weightedGram(columns, w);
    const factor = cholesky(next, p);
    if (factor === undefined) break;
    information = next;
    const gamma = solveCholesky(factor, p, columns.map((x) => x.reduce((s, v, i) => s + v * response[i], 0)));
    eta = offset.map((o, i) => columns.reduce((s, x, j) => s + gamma[j] * x[i], o));
    const before = deviance;
    deviance = eta.reduce((s, e, i) => s + 2 * weights[i] * (softplus(e) - (event[i] ? e : 0)), 0);
    const from = iteration === 0 ? startDeviance(event, weights) : before;
    if (Math.abs(deviance - from) / (Math.abs(deviance) + 0.1) < 1e-8) break;
  }
  return information;
}

function startDeviance(event: ArrayLike<number>, weights: Float64Array): number {
  return weights.reduce((s, w, i) => s - 2 * w * log(event[i] ? (w + 0.5) / (w + 1) : 1 - 0.5 / (w + 1)), 0);
}
