import type { CoxData } from "./coxData.js";
import { inverseOf } from "./coxMaximise.js";
import { relativeRisks } from "./coxSums.js";
import { log } from "./elementary.js";

/** Penalised log partial likelihood l + ½ log |I|, its gradient, and the information I (p × p), on the standardised scale. */
export type FirthLikelihood = { value: number; gradient: Float64Array; information: Float64Array };

/**
 * Firth's penalised Cox likelihood (Heinze & Schemper, Biometrics 2001;57:114): l(β) + ½ log |I(β)| and the modified score
 * U_j + ½ tr(I⁻¹ ∂I/∂β_j). ∂I/∂β_j is the third central moment of x over the risk sets, so that the trace is Σ over events of
 * E[q (x − x̄)_j] with q = (x − x̄)' I⁻¹ (x − x̄). Two passes, O(n p²) each and O(p²) an event. Efron's or Breslow's ties.
 */
export function firthLikelihood(data: CoxData, beta: ArrayLike<number>, ties: "efron" | "breslow", kept: readonly number[]): FirthLikelihood {
  const { p, x, weight, event, n } = data;
  const { risk, eta, shift } = relativeRisks(data, beta);
  let value = 0;
  const gradient = new Float64Array(p);
  const information = new Float64Array(p * p);
  for (let i = 0; i < n; i++) {
    if (event[i] === 0) continue;
    value += weight[i] * eta[i];
    for (let j = 0; j < p; j++) gradient[j] += weight[i] * x[i * p + j];
  }
  walkMoments(data, risk, ties, undefined, (share, S0, S1, S2) => {
    value -= share * (log(S0) + shift);
    for (let j = 0; j < p; j++) {
      gradient[j] -= (share * S1[j]) / S0;
      for (let k = 0; k < p; k++) information[j * p + k] += share * (S2[j * p + k] / S0 - ((S1[j] / S0) * S1[k]) / S0);
    }
  });
  const inverse = inverseOf(information, kept, p);
  value += 0.5 * logDeterminant(information, kept, p);
  const v = new Float64Array(p);
  walkMoments(data, risk, ties, inverse, (share, S0, S1, S2, Q, Qx) => {
    // E[(x−x̄)_j q], q = Q − 2 x'v + x̄'v with v = I⁻¹x̄: terms in E[Q x], E[Q], S2 v
    let constant = 0;
    for (let j = 0; j < p; j++) {
      v[j] = 0;
      for (let k = 0; k < p; k++) v[j] += (inverse[j * p + k] * S1[k]) / S0;
      constant += (v[j] * S1[j]) / S0;
    }
    for (let j = 0; j < p; j++) {
      let second = 0;
      for (let k = 0; k < p; k++) second += (S2[j * p + k] / S0) * v[k];
      gradient[j] += 0.5 * share * (Qx[j] / S0 - (S1[j] / S0) * (Q / S0) - 2 * (second - (S1[j] / S0) * constant));
    }
  });
  return { value, gradient, information };
}

/** Sums of risk × (1, x, xx', Q, Qx), Q = x' A x, over every risk set and, with Efron's ties, every step of it. */
function walkMoments(
  data: CoxData, risk: Float64Array, ties: "efron" | "breslow", quadratic: Float64Array | undefined,
  visit: (share: number, S0: number, S1: Float64Array, S2: Float64Array, Q: number, Qx: Float64Array) => void,
): void {
  const { n, p, x, group, deaths, stratum, weight, start, leave, time, groupOf } = data;
  const size = 2 + 2 * p + p * p;
  const all = new Float64Array(size);
  const dying = new Float64Array(size);
  const mixed = new Float64Array(size);
  const [S1, S2, Qx] = [mixed.subarray(2, 2 + p), mixed.subarray(2 + 2 * p), mixed.subarray(2 + p, 2 + 2 * p)];
  const add = (into: Float64Array, i: number, r: number) => {
    const o = i * p;
    let q = 0;
    if (quadratic !== undefined) for (let j = 0; j < p; j++) for (let k = 0; k < p; k++) q += x[o + j] * quadratic[j * p + k] * x[o + k];
    into[0] += r;
    into[1] += r * q;
    for (let j = 0; j < p; j++) {
      const rx = r * x[o + j];
      into[2 + j] += rx;
      into[2 + p + j] += rx * q;
      for (let k = 0, at = 2 + 2 * p + j * p; k < p; k++) into[at + k] += rx * x[o + k];
    }
  };
  let gone = 0;
  for (let g = 0; g < deaths.length; g++) {
    if (g === 0 || stratum[g] !== stratum[g - 1]) {
      all.fill(0);
      gone = group[g];
    }
    if (start !== undefined) {
      while (gone < n && start[leave![gone]] >= time[group[g]] && stratum[groupOf[leave![gone]]] === stratum[g]) {
        add(all, leave![gone], -risk[leave![gone]]);
        gone++;
      }
    }
    const d = deaths[g];
    dying.fill(0);
    let w = 0;
    for (let i = group[g]; i < group[g + 1]; i++) {
      add(all, i, risk[i]);
      if (i >= group[g] + d) continue;
      add(dying, i, risk[i]);
      w += weight[i];
    }
    if (d === 0) continue;
    const steps = ties === "efron" ? d : 1;
    for (let k = 0; k < steps; k++) {
      for (let c = 0; c < size; c++) mixed[c] = all[c] - (k / steps) * dying[c];
      visit(w / steps, mixed[0], S1, S2, mixed[1], Qx);
    }
  }
}

function logDeterminant(a: Float64Array, kept: readonly number[], p: number): number {
  const m = kept.length;
  const l = new Float64Array(m * m);
  let sum = 0;
  for (let j = 0; j < m; j++) {
    for (let i = j; i < m; i++) {
      let s = a[kept[i] * p + kept[j]];
      for (let k = 0; k < j; k++) s -= l[i * m + k] * l[j * m + k];
      l[i * m + j] = i === j ? Math.sqrt(s) : s / l[j * m + j];
    }
    sum += 2 * log(l[j * m + j]);
  }
  return sum;
}

/**
 * Maximum of the penalised likelihood over the columns `free` (others of `kept` stay as in `from`; the penalty is that of all
 * `kept`), by quasi-Newton steps (BFGS) from the inverse information, at most 2 standardised units a step and halved while the
 * value falls. The information alone is no safe Hessian: the penalty can double the curvature, and steps would swing for ever. Firth,
 * Biometrika 1993;80:27. The maximum agrees with R's optim on the same penalised likelihood to 1e-8.
 */
export function firthMaximise(
  data: CoxData, ties: "efron" | "breslow", kept: readonly number[], free: readonly number[], from: Float64Array, maxIterations: number,
): { beta: Float64Array; at: FirthLikelihood; iterations: number; converged: boolean } {
  const p = data.p;
  let beta = Float64Array.from(from);
  let at = firthLikelihood(data, beta, ties, kept);
  const inverse = inverseOf(at.information, free, p);
  let converged = free.length === 0;
  let iterations = 0;
  let again = false;
  while (!converged && iterations < maxIterations) {
    iterations++;
    const step = new Float64Array(p);
    for (const j of free) for (const k of free) step[j] += inverse[j * p + k] * at.gradient[k];
    const size = Math.max(...step.map(Math.abs));
    if (!Number.isFinite(size)) break;
    let share = Math.min(1, 2 / size);
    let next = plus(beta, step, share);
    let there = firthLikelihood(data, next, ties, kept);
    // flat to rounding: the gradient decides, not the value
    const enough = (value: number) => value >= at.value - 1e-11 * (1 + Math.abs(at.value));
    while (!enough(there.value) && share > 1e-8) {
      share /= 2;
      next = plus(beta, step, share);
      there = firthLikelihood(data, next, ties, kept);
    }
    if (!enough(there.value)) {
      if (again) break;
      // the collected curvature misleads: once more from the information
      inverse.set(inverseOf(at.information, free, p));
      again = true;
      continue;
    }
    again = false;
    updateInverse(inverse, p, free, plus(next, beta, -1), plus(at.gradient, there.gradient, -1));
    beta = next;
    at = there;
    converged = share === 1 && size <= 1e-8 * Math.max(1, ...beta.map(Math.abs));
  }
  return { beta, at, iterations, converged };
}

const plus = (a: Float64Array, b: Float64Array, share: number) => a.map((v, j) => v + share * b[j]);

/** BFGS update of an inverse Hessian from a move s and the fall y of the gradient (Nocedal & Wright 2006, 6.17). */
function updateInverse(inverse: Float64Array, p: number, free: readonly number[], s: Float64Array, y: Float64Array): void {
  let sy = 0;
  let yy = 0;
  const hy = new Float64Array(p);
  for (const j of free) {
    sy += s[j] * y[j];
    for (const k of free) hy[j] += inverse[j * p + k] * y[k];
    yy += hy[j] * y[j];
  }
  if (!(sy > 1e-300)) return;
  const factor = (1 + yy / sy) / sy;
  for (const j of free) for (const k of free) inverse[j * p + k] += factor * s[j] * s[k] - (hy[j] * s[k] + s[j] * hy[k]) / sy;
}
