import type { CoxData } from "./coxData.js";
import { exactLikelihood } from "./coxExact.js";
import { exp, log } from "./elementary.js";

export type CoxTies = "efron" | "breslow" | "exact";
/** Log partial likelihood with gradient (p) and information (p × p, row by row), on the standardised scale of the data. */
export type CoxLikelihood = { value: number; gradient: Float64Array; information: Float64Array };

// Loops over rows stand in small functions of their own, most of which end with their loop: the engine compiles those once and for good,
// while a long function entered in the middle of a loop is thrown away at its end, call after call.

/**
 * Relative risks w exp(η − shift) of each position; the largest η is the shift, so nothing overflows. Plumbing of the partial likelihood
 * (Cox 1972).
 */
export function relativeRisks(data: CoxData, beta: ArrayLike<number>): { risk: Float64Array; eta: Float64Array; shift: number } {
  const eta = linearPredictors(data, Float64Array.from(beta));
  const shift = largest(eta);
  return { risk: risksOf(data.weight, eta, shift), eta, shift };
}

function linearPredictors({ n, p, x, offset }: CoxData, beta: Float64Array): Float64Array {
  const eta = new Float64Array(n);
  for (let i = 0; i < n; i++) eta[i] = offset[i] + product(x, i * p, beta, p);
  return eta;
}
/** Σ x[o + j] b[j] */
function product(x: Float64Array, o: number, b: Float64Array, p: number): number {
  let sum = 0;
  for (let j = 0; j < p; j++) sum += x[o + j] * b[j];
  return sum;
}
function largest(eta: Float64Array): number {
  let most = -Infinity;
  for (let i = 0; i < eta.length; i++) if (eta[i] > most) most = eta[i];
  return most;
}
function risksOf(weight: Float64Array, eta: Float64Array, shift: number): Float64Array {
  const risk = new Float64Array(eta.length);
  for (let i = 0; i < eta.length; i++) risk[i] = weight[i] * exp(eta[i] - shift);
  return risk;
}
/** Adds r x[o … o + p − 1] to a sum. */
function addRow(sum: Float64Array, r: number, x: Float64Array, o: number, p: number): void {
  for (let j = 0; j < p; j++) sum[j] += r * x[o + j];
}

/**
 * Walks the event times of every stratum from the last to the first. At group g of `deaths` events with total weight w, the risk
 * set has S0 = Σ risk and S1 = Σ risk·x, the events among it s0 and s1 (arrays are reused from call to call). Cox, J R Stat Soc B
 * 1972;34:187; what rests on it agrees with R survival 3.5-3.
 */
export function walkRiskSets(
  data: CoxData, risk: Float64Array,
  visit: (g: number, deaths: number, w: number, S0: number, s0: number, S1: Float64Array, s1: Float64Array) => void,
): void {
  const { n, p, x, group, deaths, stratum, weight, time, start, leave } = data;
  const S1 = new Float64Array(p);
  const s1 = new Float64Array(p);
  let S0 = 0;
  let inside = 0;
  let gone = 0;
  for (let g = 0; g < deaths.length; g++) {
    if (g === 0 || stratum[g] !== stratum[g - 1]) {
      S0 = 0;
      inside = 0;
      S1.fill(0);
      gone = group[g];
    }
    if (start !== undefined) {
      // who enters at this time or later is not at risk; positions leave by start, latest first
      const t = time[group[g]];
      while (gone < n && start[leave![gone]] >= t && data.stratum[data.groupOf[leave![gone]]] === stratum[g]) {
        const i = leave![gone++];
        S0 -= risk[i];
        addRow(S1, -risk[i], x, i * p, p);
        if (--inside === 0) {
          S0 = 0;
          S1.fill(0);
        }
      }
    }
    const d = deaths[g];
    let w = 0;
    let s0 = 0;
    if (d > 0) s1.fill(0);
    const end = group[g] + d;
    for (let i = group[g]; i < end; i++) {
      w += weight[i];
      s0 += risk[i];
      addRow(s1, risk[i], x, i * p, p);
    }
    S0 += s0;
    if (d > 0) addRow(S1, 1, s1, 0, p);
    for (let i = end; i < group[g + 1]; i++) {
      S0 += risk[i];
      addRow(S1, risk[i], x, i * p, p);
    }
    inside += group[g + 1] - group[g];
    if (d > 0) visit(g, d, w, S0, s0, S1, s1);
  }
}

/**
 * Hazard increments at group g: of a row at risk (`hazard`) and of one that has its event there (`own`; smaller with Efron's
 * ties, where an event leaves the risk set by shares), in units of 1 / exp(η − shift).
 */
export type Increments = { hazard: Float64Array; own: Float64Array };

/**
 * Σ over the increments that each position lives through: its cumulative hazard per unit of exp(η − shift). Therneau & Grambsch, Modeling
 * Survival Data 2000, ch. 4.
 */
export function cumulativeByRow(data: CoxData, { hazard, own }: Increments): Float64Array {
  const { n, group, deaths, stratum, before } = data;
  const sum = new Float64Array(n);
  let total = 0;
  // groups stand from the last time to the first: what is lived through at g is the sum of the groups from g to the stratum's end
  for (let g = deaths.length - 1; g >= 0; g--) {
    if (g + 1 < deaths.length && stratum[g + 1] !== stratum[g]) total = 0;
    total += hazard[g];
    const end = group[g] + deaths[g];
    for (let i = group[g]; i < end; i++) sum[i] = total - hazard[g] + own[g];
    for (let i = end; i < group[g + 1]; i++) sum[i] = total;
  }
  if (before !== undefined) takeBefore(sum, data, before, hazard);
  return sum;
}

/** Takes away what passed before a late entry. */
function takeBefore(sum: Float64Array, { groupOf, stratum }: CoxData, before: Int32Array, hazard: Float64Array): void {
  const groups = hazard.length;
  const total = new Float64Array(groups);
  for (let g = groups - 1; g >= 0; g--) total[g] = hazard[g] + (g + 1 < groups && stratum[g + 1] === stratum[g] ? total[g + 1] : 0);
  for (let i = 0; i < sum.length; i++) if (before[i] < groups && stratum[before[i]] === stratum[groupOf[i]]) sum[i] -= total[before[i]];
}

/**
 * Adds Σ h_i x_i x_iᵀ to the lower triangle of `into` (p × p), h = risk × cumulative hazard: the first part of the
 * information, Σ over events S2/S0 = Σ over rows, so that no p × p sums are carried through the risk sets.
 */
function addGram(data: CoxData, risk: Float64Array, cumulative: Float64Array, into: Float64Array): void {
  const { n, p, x } = data;
  // two rows at a time: half the traffic on `into`
  for (let i = 0; i + 1 < n; i += 2) addTwo(into, x, i * p, p, risk[i] * cumulative[i], risk[i + 1] * cumulative[i + 1]);
  if (n % 2 === 1) subtractOuter(into, p, -risk[n - 1] * cumulative[n - 1], x.subarray((n - 1) * p, n * p));
}

/** Adds a u uᵀ + b v vᵀ to the lower triangle, u the row at o and v the next. */
function addTwo(into: Float64Array, x: Float64Array, o: number, p: number, a: number, b: number): void {
  const v = o + p;
  for (let j = 0, at = 0; j < p; j++, at += p) {
    const c = a * x[o + j];
    const d = b * x[v + j];
    for (let k = 0; k <= j; k++) into[at + k] += c * x[o + k] + d * x[v + k];
  }
}

/** Subtracts c v vᵀ from the lower triangle of `from`. */
function subtractOuter(from: Float64Array, p: number, c: number, v: Float64Array): void {
  for (let j = 0, at = 0; j < p; j++, at += p) {
    const a = c * v[j];
    for (let k = 0; k <= j; k++) from[at + k] -= a * v[k];
  }
}

function mirrorLower(a: Float64Array, p: number): void {
  for (let j = 0; j < p; j++) for (let k = 0; k < j; k++) a[k * p + j] = a[j * p + k];
}

/**
 * Information Σ_g multiplier_g V_g, V_g the variance of x over the risk set summed over the events of group g (multiplier 1
 * everywhere: the observed information), with the increments it rests on. Efron's and Breslow's ties. Therneau & Grambsch 2000, ch. 3; its
 * inverse agrees with vcov(coxph) of R survival 3.5-3.
 */
export function coxInformation(
  data: CoxData, risk: Float64Array, ties: "efron" | "breslow", multiplier?: Float64Array,
  each?: (g: number, deaths: number, w: number, S0: number, s0: number) => void,
): { information: Float64Array; increments: Increments; cumulative: Float64Array } {
  const { p, deaths } = data;
  const information = new Float64Array(p * p);
  const outer = new Float64Array(p * p);
  const hazard = new Float64Array(deaths.length);
  const own = new Float64Array(deaths.length);
  const mixed = new Float64Array(p);
  walkRiskSets(data, risk, (g, d, w, S0, s0, S1, s1) => {
    const c = multiplier === undefined ? 1 : multiplier[g];
    each?.(g, d, w, S0, s0);
    if (ties === "breslow" || d === 1) {
      hazard[g] = own[g] = (c * w) / S0;
      subtractOuter(outer, p, -(c * w) / (S0 * S0), S1);
      return;
    }
    // Efron: k-th of d events sees S0 − (k/d) s0. Σ_k x̄_k x̄_kᵀ is quadratic in (S1, s1): two outer products instead of d
    let A = 0, B = 0, C = 0;
    const share = (c * w) / d;
    for (let k = 0; k < d; k++) {
      const f = k / d;
      const at = 1 / (S0 - f * s0);
      hazard[g] += share * at;
      own[g] += share * (1 - f) * at;
      A += share * at * at;
      B -= share * f * at * at;
      C += share * f * f * at * at;
    }
    if (A === 0) return;
    for (let j = 0; j < p; j++) mixed[j] = S1[j] + (B / A) * s1[j];
    subtractOuter(outer, p, -A, mixed);
    subtractOuter(outer, p, -(C - (B * B) / A), s1);
  });
  const cumulative = cumulativeByRow(data, { hazard, own });
  addGram(data, risk, cumulative, information);
  for (let k = 0; k < p * p; k++) information[k] -= outer[k];
  mirrorLower(information, p);
  return { information, increments: { hazard, own }, cumulative };
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
  const { risk, eta, shift } = relativeRisks(data, beta);
  if (ties === "exact") return exactLikelihood(data, eta, risk, shift);
  let sum = 0;
  const { information, cumulative } = coxInformation(data, risk, ties, undefined, (_, d, w, S0, s0) => {
    const step = ties === "efron" ? s0 / d : 0;
    for (let k = 0; k < d; k++) sum += (w / d) * (log(S0 - k * step) + shift);
  });
  return { value: predictorOfEvents(data, eta) - sum, gradient: scoreOf(data, risk, cumulative), information };
}

/** Σ w η over events */
function predictorOfEvents({ n, event, weight }: CoxData, eta: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < n; i++) if (event[i] === 1) sum += weight[i] * eta[i];
  return sum;
}

/** Σ x (w δ − risk · cumulative) */
function scoreOf({ n, p, x, event, weight }: CoxData, risk: Float64Array, cumulative: Float64Array): Float64Array {
  const score = new Float64Array(p);
  for (let i = 0; i < n; i++) addRow(score, (event[i] === 1 ? weight[i] : 0) - risk[i] * cumulative[i], x, i * p, p);
  return score;
}
