import { InputError } from "./check.js";

export type BfgsOptions = {
  /** 500 */
  maxIterations?: number;
  /** stop where no part of the gradient exceeds this times max(1, |value|) (1e-8) */
  gradientTolerance?: number;
  /** stop where two steps running gain less than this times max(1, |value|) (1e-14; R's optim has 1e-8) */
  relativeTolerance?: number;
};

export type Minimum = {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
  iterations: number;
  evaluations: number;
  /** false where the iterations ran out or no step downhill was found; `warnings` says which */
  converged: boolean;
  warnings: string[];
};

/**
 * Minimum of a smooth function of p variables by the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno with the inverse
 * Hessian kept (Nocedal & Wright, Numerical Optimization, 6.1), and a line search by bisection to the weak Wolfe conditions (Lewis &
 * Overton, Math Program 2013;141:135). A local minimum, as R optim(method = "BFGS") finds. Infinity or NaN as value is uphill.
 *
 * @param objective  value at x; writes its p derivatives into `gradient`
 * @param start      p numbers with a finite value, else InputError
 */
export function bfgs(
  objective: (x: Float64Array, gradient: Float64Array) => number, start: ArrayLike<number>,
  { maxIterations = 500, gradientTolerance = 1e-8, relativeTolerance = 1e-14 }: BfgsOptions = {},
): Minimum {
  const p = start.length;
  let x = Float64Array.from(start);
  let gradient = new Float64Array(p);
  let value = objective(x, gradient);
  if (!Number.isFinite(value)) throw new InputError(`The minimisation starts where the function is ${value}; start where it is finite.`);
  const inverse = new Float64Array(p * p);
  const step = new Float64Array(p);
  const change = new Float64Array(p);
  let evaluations = 1;
  let fresh = true;
  let idle = 0;
  const done = (iterations: number, converged: boolean, warnings: string[] = []): Minimum =>
    ({ x, value, gradient, iterations, evaluations, converged, warnings });
  const flat = (tolerance = gradientTolerance) => gradient.every((g) => Math.abs(g) <= tolerance * Math.max(1, Math.abs(value)));
  // nothing more to gain: at a minimum to rounding, or where value and derivatives disagree
  const stuck = (iterations: number) => done(iterations, flat(1e-5),
    flat(1e-5) ? [] : ["no step downhill was found; check the derivatives, or scale the variables alike"]);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (flat()) return done(iteration, true);
    if (fresh) for (let i = 0; i < p * p; i++) inverse[i] = i % (p + 1) === 0 ? 1 : 0;
    let slope = direction(inverse, gradient, step);
    if (!(slope < 0)) {
      for (let i = 0; i < p; i++) step[i] = -gradient[i];
      slope = -dot(gradient, gradient);
      fresh = true;
    }
    // the first step goes about one unit far; later the whole quasi-Newton step is tried
    let t = fresh ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    let low = 0;
    let high = Infinity;
    let found: { x: typeof x; value: number; gradient: typeof x } | undefined;
    for (let k = 0; k < 60; k++) {
      const there = Float64Array.from(x, (xi, i) => xi + t * step[i]);
      const slopes = new Float64Array(p);
      const height = objective(there, slopes);
      evaluations++;
      if (!(height <= value + 1e-4 * t * slope)) high = t;
      else {
        found = { x: there, value: height, gradient: slopes };
        if (dot(slopes, step) >= 0.9 * slope) break;
        low = t;
      }
      t = high < Infinity ? 0.5 * (low + high) : 2 * t;
    }
    if (found === undefined) {
      // once more straight downhill; then rounding leaves nothing to gain
      if (!fresh) {
        fresh = true;
        continue;
      }
      return stuck(iteration);
    }
    if (low > 0 && high === Infinity && dot(found.gradient, step) < 0.9 * slope) {
      ({ x, value, gradient } = found);
      return done(iteration + 1, false, ["the function falls without end along a line; check it, or add a penalty"]);
    }
    idle = value - found.value <= relativeTolerance * Math.max(1, Math.abs(value)) ? idle + 1 : 0;
    for (let i = 0; i < p; i++) {
      step[i] = found.x[i] - x[i];
      change[i] = found.gradient[i] - gradient[i];
    }
    fresh = !update(inverse, step, change, fresh);
    ({ x, value, gradient } = found);
    if (idle >= 2) return stuck(iteration + 1);
  }
  if (flat()) return done(maxIterations, true);
  const advice = "allow more, or scale the variables alike";
  return done(maxIterations, false, [`the minimisation did not converge in ${maxIterations} iterations; ${advice}`]);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** step = −H g; returns gᵀ step. */
function direction(inverse: Float64Array, gradient: Float64Array, step: Float64Array): number {
  const p = gradient.length;
  for (let i = 0; i < p; i++) {
    let sum = 0;
    for (let j = 0; j < p; j++) sum += inverse[i * p + j] * gradient[j];
    step[i] = -sum;
  }
  return dot(gradient, step);
}

/** H + (1 + yᵀHy/sᵀy) s sᵀ/sᵀy − (H y sᵀ + s yᵀH)/sᵀy; false (H left alone) where the curvature sᵀy is not positive. */
function update(inverse: Float64Array, s: Float64Array, y: Float64Array, first: boolean): boolean {
  const p = s.length;
  const sy = dot(s, y);
  if (!(sy > 1e-300) || !(sy > 1e-16 * Math.sqrt(dot(s, s) * dot(y, y)))) return false;
  if (first) {
    const scale = sy / dot(y, y);
    for (let i = 0; i < p; i++) inverse[i * p + i] = scale;
  }
  const hy = new Float64Array(p);
  for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) hy[i] += inverse[i * p + j] * y[j];
  const factor = (1 + dot(y, hy) / sy) / sy;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) inverse[i * p + j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
  }
  return true;
}
