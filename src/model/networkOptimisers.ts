/** Value at w; fills `gradient`. */
export type Objective = (w: Float64Array, gradient: Float64Array) => number;
/** Called after each step; false ends the training (early stopping). */
export type AfterStep = (w: Float64Array, iteration: number) => boolean;
export type Trained = { weights: Float64Array; value: number; iterations: number; converged: boolean };
export type TrainingLimits = { maxIterations: number; tolerance: number };

/**
 * BFGS (variable metric) with a backtracking search that shortens a step to a fifth until the value falls by 1e-4 of what the slope promises,
 * the metric set back to the unit matrix where it fails. Nash, Compact Numerical Methods for Computers, 2nd ed. 1990, algorithm 21: the method of R's
 * optim and nnet, so that the same start finds the same minimum. Converged where a step from the unit metric lowers the value by less
 * than tolerance · (|value| + tolerance).
 */
export function bfgsTraining(objective: Objective, start: Float64Array, limits: TrainingLimits, after: AfterStep): Trained {
  const n = start.length;
  let w = Float64Array.from(start);
  let g = new Float64Array(n);
  let value = objective(w, g);
  const metric = new Float64Array(n * n);
  const unit = () => {
    metric.fill(0);
    for (let i = 0; i < n; i++) metric[i * n + i] = 1;
  };
  unit();
  let fresh = true;
  let iterations = 0;
  while (iterations < limits.maxIterations && Number.isFinite(value)) {
    const step = product(metric, g, n);
    let slope = 0;
    for (let i = 0; i < n; i++) slope -= step[i] * g[i];
    let moved = false;
    let small = true;
    if (slope < 0) {
      for (let length = 1; length > 1e-30; length *= 0.2) {
        const trial = w.map((v, i) => v - length * step[i]);
        if (trial.every((v, i) => v + 10 === w[i] + 10)) break;
        const slopeAt = new Float64Array(n);
        const next = objective(trial, slopeAt);
        if (!(next <= value + slope * length * 1e-4)) continue;
        small = Math.abs(next - value) <= limits.tolerance * (Math.abs(value) + limits.tolerance);
        update(metric, n, trial.map((v, i) => v - w[i]), slopeAt.map((v, i) => v - g[i]), unit);
        [w, g, value] = [trial, slopeAt, next];
        moved = true;
        break;
      }
    }
    iterations++;
    if (moved && !after(w, iterations)) return { weights: w, value, iterations, converged: false };
    if (moved && !small) {
      fresh = false;
      continue;
    }
    // come to rest: only once the unit metric finds nothing either
    if (fresh) return { weights: w, value, iterations, converged: true };
    unit();
    fresh = true;
  }
  return { weights: w, value, iterations, converged: false };
}

function product(metric: Float64Array, g: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let j = 0; j < n; j++) s += metric[i * n + j] * g[j];
    out[i] = s;
  }
  return out;
}

/** BFGS update of the inverse metric by a step s and the gradient's change y. */
function update(metric: Float64Array, n: number, s: Float64Array, y: Float64Array, unit: () => void): void {
  let sy = 0;
  for (let i = 0; i < n; i++) sy += s[i] * y[i];
  if (!(sy > 0)) return unit();
  const by = product(metric, y, n);
  let yby = 0;
  for (let i = 0; i < n; i++) yby += y[i] * by[i];
  const share = 1 + yby / sy;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) metric[i * n + j] += (share * s[i] * s[j] - s[i] * by[j] - by[i] * s[j]) / sy;
  }
}

/** Adam on the whole batch: Kingma & Ba, ICLR 2015 (beta .9, .999, epsilon 1e-8). Converged where no gradient exceeds tolerance·(1 + |value|). */
export function adamTraining(objective: Objective, start: Float64Array, limits: TrainingLimits & { learningRate: number }, after: AfterStep): Trained {
  const w = Float64Array.from(start);
  const g = new Float64Array(w.length);
  const mean = new Float64Array(w.length);
  const square = new Float64Array(w.length);
  let [one, two] = [1, 1];
  let value = objective(w, g);
  let iterations = 0;
  while (iterations < limits.maxIterations && Number.isFinite(value)) {
    if (g.every((v) => Math.abs(v) <= limits.tolerance * (1 + Math.abs(value)))) return { weights: w, value, iterations, converged: true };
    one *= 0.9;
    two *= 0.999;
    for (let i = 0; i < w.length; i++) {
      mean[i] = 0.9 * mean[i] + 0.1 * g[i];
      square[i] = 0.999 * square[i] + 0.001 * g[i] * g[i];
      w[i] -= (limits.learningRate * mean[i]) / (1 - one) / (Math.sqrt(square[i] / (1 - two)) + 1e-8);
    }
    value = objective(w, g);
    iterations++;
    if (!after(w, iterations)) break;
  }
  return { weights: w, value, iterations, converged: false };
}

/**
 * Resilient back-propagation, iRprop−: each weight has a step of its own, lengthened by 1.2 while its slope keeps its sign, halved where
 * it turns. Riedmiller & Braun, IEEE ICNN 1993; Igel & Hüsken, Neurocomputing 2003;50:105.
 */
export function rpropTraining(objective: Objective, start: Float64Array, limits: TrainingLimits, after: AfterStep): Trained {
  const w = Float64Array.from(start);
  const g = new Float64Array(w.length);
  const before = new Float64Array(w.length);
  const size = new Float64Array(w.length).fill(0.1);
  let value = objective(w, g);
  let iterations = 0;
  while (iterations < limits.maxIterations && Number.isFinite(value)) {
    if (g.every((v) => Math.abs(v) <= limits.tolerance * (1 + Math.abs(value)))) return { weights: w, value, iterations, converged: true };
    for (let i = 0; i < w.length; i++) {
      const turn = g[i] * before[i];
      if (turn > 0) size[i] = Math.min(50, 1.2 * size[i]);
      if (turn < 0) size[i] = Math.max(1e-12, 0.5 * size[i]);
      before[i] = turn < 0 ? 0 : g[i];
      w[i] -= Math.sign(before[i]) * size[i];
    }
    value = objective(w, g);
    iterations++;
    if (!after(w, iterations)) break;
  }
  return { weights: w, value, iterations, converged: false };
}
