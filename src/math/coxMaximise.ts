import { cholesky, inverseCholesky, solveCholesky } from "./cholesky.js";
import type { CoxData } from "./coxData.js";
import { withLayout } from "./coxLayout.js";
import { likelihoodAt, type CoxLikelihood, type CoxTies } from "./coxLikelihood.js";

/** Maximum of a Cox likelihood on the standardised scale; `inverse` (p × p) has zeros in the rows and columns of aliased ones. */
export type CoxMaximum = {
  beta: Float64Array; at: CoxLikelihood; atNull: CoxLikelihood; inverse: Float64Array;
  /** log likelihood at the maximum and at 0 */
  loglik: number; loglikNull: number;
  /** columns that earlier ones determine (or constant ones): their coefficient stays 0 */
  aliased: number[];
  /** columns whose coefficient still runs off where the likelihood no longer rises: monotone likelihood */
  diverging: number[];
  iterations: number; converged: boolean;
};

/**
 * Newton–Raphson from 0 with step-halving. Stops when a full step is below 1e-7 (in units of 1/SD of the column), which leaves
 * an error of its square; a step that stays large while the likelihood is flat is reported as `diverging`. Cox 1972; its maxima agree with
 * R survival 3.5-3 coxph.
 */
export function coxMaximise(data: CoxData, ties: CoxTies, maxIterations = 30): CoxMaximum {
  return withLayout(data, ties, (layout) => newtonMaximise((beta) => likelihoodAt(layout, beta), data.p, maxIterations));
}

/** The same for any concave likelihood of standardised columns. As `coxMaximise`; the Fine–Gray model is fitted by it. */
export function newtonMaximise(likelihood: (beta: Float64Array) => CoxLikelihood, p: number, maxIterations: number): CoxMaximum {
  let beta = new Float64Array(p);
  const atNull = likelihood(beta);
  const aliased = dependentColumns(atNull.information, p, 1e-11);
  const kept = Array.from({ length: p }, (_, j) => j).filter((j) => !aliased.includes(j));
  let at = atNull;
  let converged = kept.length === 0;
  let diverging: number[] = [];
  let iterations = 0;
  let before = Infinity;
  let slow = 0;
  while (!converged && iterations < maxIterations) {
    let step = newtonStep(at, kept, p);
    const collapsed = step === undefined;
    // where the information is singular to rounding, a little of the null information shows the way the likelihood still rises
    for (let ridge = 1e-9; step === undefined && ridge < 1; ridge *= 100) {
      const share = ridge;
      step = newtonStep({ ...at, information: at.information.map((v, a) => v + (a % (p + 1) === 0 ? share * atNull.information[a] : 0)) }, kept, p);
    }
    if (step === undefined) break;
    iterations++;
    let size = 0;
    let rise = 0;
    for (const j of kept) {
      size = Math.max(size, Math.abs(step[j]) / Math.max(1, Math.abs(beta[j])));
      rise += step[j] * at.gradient[j];
    }
    slow = rise <= 1e-5 * (1 + Math.abs(at.value)) && size > 0.5 * before && size > 1e-5 ? slow + 1 : 0;
    if (slow >= 4 || (collapsed && rise <= 1e-5 * (1 + Math.abs(at.value)))) {
      const last = step;
      const most = Math.max(...last.map(Math.abs));
      diverging = kept.filter((j) => Math.abs(last[j]) > 0.01 * most);
      break;
    }
    before = size;
    let share = 1;
    let next = moved(beta, step, share);
    let there = likelihood(next);
    const rises = (value: number) => value < Infinity && value >= at.value - 1e-10 * Math.abs(at.value);
    while (!rises(there.value) && share > 1e-8) {
      share /= 2;
      next = moved(beta, step, share);
      there = likelihood(next);
    }
    if (!rises(there.value)) break;
    beta = next;
    at = there;
    converged = share === 1 && size <= 1e-7;
  }
  // no maximum found, and far out: e^5 a standard deviation is no hazard ratio but a likelihood without one
  if (!converged && diverging.length === 0) diverging = kept.filter((j) => maxIterations > 5 && Math.abs(beta[j]) > 5);
  let inverse = inverseOf(at.information, kept, p);
  if (inverse.some(Number.isNaN)) inverse = inverseOf(at.information, kept.filter((j) => !diverging.includes(j)), p);
  return { beta, at, atNull, loglik: at.value, loglikNull: atNull.value, inverse, aliased, diverging, iterations, converged };
}

const moved = (from: Float64Array, step: Float64Array, share: number) => from.map((b, j) => b + share * step[j]);

function newtonStep(at: CoxLikelihood, kept: readonly number[], p: number): Float64Array | undefined {
  const step = solveKept(at.information, kept, p, at.gradient);
  return step?.every(Number.isFinite) ? step : undefined;
}

/**
 * Columns of a Gram-like matrix whose pivot, once earlier columns are taken out, is below `tolerance` of its own diagonal. Linear algebra
 * alone (pivots of Cholesky's factor).
 */
export function dependentColumns(a: Float64Array, p: number, tolerance: number): number[] {
  const l = new Float64Array(p * p);
  const gone: number[] = [];
  for (let j = 0; j < p; j++) {
    let pivot = a[j * p + j];
    for (let k = 0; k < j; k++) pivot -= l[j * p + k] * l[j * p + k];
    // a tiny diagonal beside standardised others is a column that never varies within a risk set
    if (!(pivot > tolerance * a[j * p + j] && a[j * p + j] > 0)) {
      gone.push(j);
      continue;
    }
    const root = Math.sqrt(pivot);
    l[j * p + j] = root;
    for (let i = j + 1; i < p; i++) {
      let sum = a[i * p + j];
      for (let k = 0; k < j; k++) sum -= l[i * p + k] * l[j * p + k];
      l[i * p + j] = sum / root;
    }
  }
  return gone;
}

/** Factor of the rows and columns `kept` after division by the roots of their diagonals, so that scales do not matter; `root` holds 1 / root. */
function scaledFactor(a: Float64Array, kept: readonly number[], p: number): { factor: Float64Array; root: Float64Array } | undefined {
  const m = kept.length;
  const place = Int32Array.from(kept);
  const root = new Float64Array(m);
  const scaled = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    root[i] = 1 / Math.sqrt(a[place[i] * p + place[i]]);
    for (let j = 0; j <= i; j++) scaled[i * m + j] = a[place[i] * p + place[j]] * root[i] * root[j];
  }
  const factor = cholesky(scaled, m, 0);
  return factor && { factor, root };
}

/** x with A x = b in the rows and columns `kept` of A (p × p), 0 elsewhere; undefined where A is not positive definite there. */
function solveKept(a: Float64Array, kept: readonly number[], p: number, b: ArrayLike<number>): Float64Array | undefined {
  const found = scaledFactor(a, kept, p);
  if (found === undefined) return undefined;
  const { factor, root } = found;
  const solved = solveCholesky(factor, kept.length, root.map((r, i) => r * b[kept[i]]));
  const x = new Float64Array(p);
  for (let i = 0; i < kept.length; i++) x[kept[i]] = root[i] * solved[i];
  return x;
}

/** uᵀ A⁻¹ u over the rows and columns `kept` of a symmetric matrix; NaN where it is not positive definite. Linear algebra alone. */
export function inverseForm(a: Float64Array, kept: readonly number[], p: number, u: ArrayLike<number>): number {
  const x = solveKept(a, kept, p, u);
  return x === undefined ? NaN : x.reduce((sum, v, j) => sum + v * u[j], 0);
}

/** Inverse of the rows and columns `kept` of a symmetric positive definite matrix, by Cholesky; NaN there if it is not. Linear algebra alone. */
export function inverseOf(a: Float64Array, kept: readonly number[], p: number): Float64Array {
  const m = kept.length;
  const result = new Float64Array(p * p);
  const found = scaledFactor(a, kept, p);
  const inverse = found === undefined ? new Float64Array(m * m).fill(NaN) : inverseCholesky(found.factor, m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) result[kept[i] * p + kept[j]] = found === undefined ? NaN : inverse[i * m + j] * found.root[i] * found.root[j];
  }
  return result;
}

/** vᵀ A v for a p × p matrix. Linear algebra alone. */
export function quadraticForm(a: Float64Array, v: ArrayLike<number>, p: number): number {
  let sum = 0;
  for (let j = 0; j < p; j++) for (let k = 0; k < p; k++) sum += v[j] * a[j * p + k] * v[k];
  return sum;
}
