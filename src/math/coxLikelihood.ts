import type { CoxData } from "./coxData.js";
import { exactLikelihood } from "./coxExact.js";
import { BLOCK, PLAN, withLayout, type CoxLayout } from "./coxLayout.js";
import { risksAt } from "./coxSums.js";
import { log } from "./elementary.js";
import { EVENT } from "./riskSetKernels.js";
import { roundUp, SCRATCH } from "./vectorHeap.js";

export type CoxTies = "efron" | "breslow" | "exact";
/** Log partial likelihood with gradient (p) and information (p × p, row by row), on the standardised scale of the data. */
export type CoxLikelihood = { value: number; gradient: Float64Array; information: Float64Array };

/**
 * Information Σ_g multiplier_g V_g at the relative risks laid out, V_g the variance of x over the risk set summed over the events of group g
 * (multiplier 1 everywhere: the observed information). Efron's and Breslow's ties: the k-th of d events sees S0 − (k/d) s0, and Σ_k x̄_k x̄_k′ is
 * quadratic in the sums S1 and s1, two outer products instead of d. The first part of V, Σ over events S2/S0, is Σ over rows of
 * risk · cumulative hazard · x x′, so that no p × p sums are carried through the risk sets. Therneau & Grambsch 2000, ch. 3; its
 * inverse agrees with vcov(coxph) of R survival 3.5-3.
 */
export function coxInformation(layout: CoxLayout): Float64Array {
  const { data: { n, p }, heap: { f, kernels }, width, events, x, c, sums, own, risk, records, atRisk, dying, leave, gram } = layout;
  kernels.runningSums(layout.ones, 2, risk, atRisk, leave, events, records + EVENT.total, EVENT.size);
  kernels.runningSums(layout.ones, 2, risk, dying, leave, events, records + EVENT.dying, EVENT.size);
  kernels.eventTerms(records, events, c + n, c + n + events, layout.steps);
  kernels.cumulativeRisks(records, events, layout.hazards, layout.reached, risk, n, c);
  if (layout.passed !== undefined) kernels.takePassed(layout.hazards, layout.passed, risk, n, c);
  f.fill(0, gram, gram + width * width);
  for (let i = 0; i < n; i += BLOCK) kernels.addGram(x + i * width, width, Math.min(BLOCK, n - i), c + i, gram);
  f.fill(0, sums - width, sums);
  for (let e = 0; e < events; e += BLOCK) {
    const count = Math.min(BLOCK, events - e);
    const at = PLAN * e;
    for (let j = 0; j < p; j += 2) {
      kernels.runningSums(x + j, width, risk, atRisk + at, leave, count, sums + j, width);
      kernels.runningSums(x + j, width, risk, dying + at, leave, count, own + j, width);
    }
    // the next block goes on from the last sums of this one
    const last = sums + (count - 1) * width;
    f.copyWithin(sums - width, last, last + width);
    kernels.meanRows(sums, own, width, records + EVENT.size * e, count);
    kernels.addGram(sums, width, count, c + n + e, gram);
    kernels.addGram(own, width, count, c + n + events + e, gram);
  }
  const product = new Float64Array(p * p);
  for (let j = 0; j < p; j++) for (let k = 0; k <= j; k++) product[j * p + k] = product[k * p + j] = f[gram + j * width + k];
  return product;
}

/** Multiplies what the events of each group count (see `coxInformation`), in the order of the groups with events. Plumbing: no source. */
export function setMultiplier({ heap: { f }, records, weight }: CoxLayout, multiplier: ArrayLike<number>): void {
  for (let e = 0; e < weight.length; e++) f[records + EVENT.size * e + EVENT.load] = weight[e] * multiplier[e];
}

/**
 * Cox's log partial likelihood at `beta` (of the standardised columns) with its gradient and information, in one pass over the
 * sorted rows, O(n p²):
 *   Efron (1977)   Σ_events w η − Σ_times w̄ Σ_k log(S0 − (k/d) s0), w̄ the mean weight of the d tied events
 *   Breslow (1974) the same with k = 0 throughout
 *   exact (Cox 1972, discrete time) Σ_times [Σ_events η − log Σ over all sets of d at risk of Π exp η]
 * The gradient is Σ x (w δ − risk·H), H the cumulative hazard. Agrees with R survival::coxph.
 */
export function coxLikelihood(data: CoxData, beta: ArrayLike<number>, ties: CoxTies): CoxLikelihood {
  return withLayout(data, ties, (layout) => likelihoodAt(layout, beta));
}

/** The same on rows that are laid out. Cox 1972; agrees with R survival::coxph. */
export function likelihoodAt(layout: CoxLayout, at: ArrayLike<number>): CoxLikelihood {
  const { data, ties, heap: { f, kernels }, x, c, width, beta, eta, eventOf, residual, score } = layout;
  const { n, p } = data;
  f.set(at, beta);
  f.set(data.offset, eta);
  kernels.rowProducts(x, width, n, beta, eta);
  const predictor = f.slice(eta, eta + n);
  const { risk, shift } = risksAt(data, predictor);
  if (ties === "exact") return exactLikelihood(data, predictor, risk, shift);
  f.set(risk, layout.risk);
  const information = coxInformation(layout);
  // Σ w η over the events
  f[SCRATCH] = -shift * layout.eventWeight;
  kernels.rowProducts(eventOf, roundUp(n), 1, eta, SCRATCH);
  const value = f[SCRATCH] - logOfSteps(f, layout.steps, layout.stepsOf, layout.weight);
  // w δ − risk · cumulative hazard
  f.copyWithin(residual, eventOf, eventOf + n);
  f[SCRATCH] = -1;
  kernels.addMultiple(SCRATCH, c, residual, roundUp(n));
  for (let j = 0; j < p; j += 2) kernels.runningSums(x + j, width, residual, layout.all, layout.leave, 1, score + j, width);
  return { value, gradient: f.slice(score, score + p), information };
}

/** Σ over groups of the mean weight of their events times Σ log of the sums at their steps */
function logOfSteps(f: Float64Array, at: number, stepsOf: Int32Array, weight: Float64Array): number {
  let sum = 0;
  for (let e = 0; e < stepsOf.length; e++) {
    const share = weight[e] / stepsOf[e];
    for (let k = 0; k < stepsOf[e]; k++) sum += share * log(f[at++]);
  }
  return sum;
}
