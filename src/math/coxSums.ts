import type { CoxData } from "./coxData.js";
import { exp } from "./elementary.js";

/**
 * Relative risks w exp(η − shift) of each position; the largest η is the shift, so nothing overflows. Plumbing of the partial likelihood
 * (Cox 1972).
 */
export function relativeRisks(data: CoxData, beta: ArrayLike<number>): { risk: Float64Array; eta: Float64Array; shift: number } {
  const { n, p, x, offset } = data;
  const eta = Float64Array.from(offset);
  for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) eta[i] += x[i * p + j] * beta[j];
  return { ...risksAt(data, eta), eta };
}

/** The same at given linear predictors. */
export function risksAt({ n, weight }: CoxData, eta: Float64Array): { risk: Float64Array; shift: number } {
  let shift = -Infinity;
  for (let i = 0; i < n; i++) if (eta[i] > shift) shift = eta[i];
  const risk = new Float64Array(n);
  for (let i = 0; i < n; i++) risk[i] = weight[i] * exp(eta[i] - shift);
  return { risk, shift };
}

/**
 * Sums of a quantity r (one number a position) over the rows at risk at each group, `all`, and over the events among them, `dying`; groups are
 * walked from the last time of each stratum to the first. Cox, J R Stat Soc B 1972;34:187; what rests on it agrees with R survival 3.5-3.
 */
export function sumOverRiskSets(data: CoxData, r: Float64Array, all: Float64Array, dying: Float64Array): void {
  const { group, deaths, emptied, leave, left } = data;
  let sum = 0;
  for (let g = 0, gone = 0; g < deaths.length; g++) {
    // who enters at this time or later is not at risk
    if (left !== undefined) for (; gone < left[g]; gone++) sum -= r[leave![gone]];
    if (emptied[g] === 1) sum = 0;
    const end = group[g] + deaths[g];
    let own = 0;
    for (let i = group[g]; i < end; i++) own += r[i];
    sum += own;
    for (let i = end; i < group[g + 1]; i++) sum += r[i];
    all[g] = sum;
    dying[g] = own;
  }
}

/** Total weight of the events of each group. */
export function eventWeights({ group, deaths, weight }: CoxData): Float64Array {
  const sum = new Float64Array(deaths.length);
  for (let g = 0; g < deaths.length; g++) for (let i = group[g]; i < group[g] + deaths[g]; i++) sum[g] += weight[i];
  return sum;
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
