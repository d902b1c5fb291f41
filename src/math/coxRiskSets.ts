import type { CoxData } from "./coxData.js";
import type { CoxTies } from "./coxLikelihood.js";
import { cumulativeByRow, eventWeights, relativeRisks, sumOverRiskSets } from "./coxSums.js";
import { exp } from "./elementary.js";

/** What residuals, baseline and tests of hazards need of every event time; groups as in the data, columns standardised. */
export type CoxRiskSets = {
  /** increments of the hazard at the centre of the columns (offset 0): at risk, and for the row whose event it is */
  hazard: Float64Array; own: Float64Array;
  /** Σ_k w̄ / S0_k², the variance of the increment */
  variance: Float64Array;
  /** groups × p: mean of x over the risk set (with Efron's ties averaged over the d steps), Σ_k increment_k x̄_k, and its own part */
  mean: Float64Array; drift: Float64Array; ownDrift: Float64Array;
  /** exp(η) of each position, η from the centre */
  relative: Float64Array;
};

/**
 * Breslow's or Efron's estimates at every event time, at coefficients `beta` (standardised); exact ties use Breslow's. Breslow 1974; Efron,
 * J Am Stat Assoc 1977;72:557. Agrees with R survival 3.5-3 basehaz through `coxBaseline`.
 */
export function coxRiskSets(data: CoxData, beta: ArrayLike<number>, ties: CoxTies): CoxRiskSets {
  const { p, x, deaths } = data;
  const groups = deaths.length;
  const { risk, eta, shift } = relativeRisks(data, beta);
  const back = exp(-shift);
  const sets: CoxRiskSets = {
    hazard: new Float64Array(groups), own: new Float64Array(groups), variance: new Float64Array(groups),
    mean: new Float64Array(groups * p), drift: new Float64Array(groups * p), ownDrift: new Float64Array(groups * p),
    relative: eta.map((e) => exp(e)),
  };
  const [S0, s0, S1, s1] = Array.from({ length: 4 }, () => new Float64Array(groups));
  sumOverRiskSets(data, risk, S0, s0);
  const weight = eventWeights(data);
  eachStep(data, ties, (g, f, steps) => {
    const sum = S0[g] - f * s0[g];
    const increment = (weight[g] / steps / sum) * back;
    sets.hazard[g] += increment;
    sets.own[g] += (1 - f) * increment;
    sets.variance[g] += (increment / sum) * back;
  });
  for (let j = 0; j < p; j++) {
    sumOverRiskSets(data, risk.map((r, i) => r * x[i * p + j]), S1, s1);
    eachStep(data, ties, (g, f, steps) => {
      const sum = S0[g] - f * s0[g];
      const increment = (weight[g] / steps / sum) * back;
      const mean = (S1[g] - f * s1[g]) / sum;
      sets.mean[g * p + j] += mean / steps;
      sets.drift[g * p + j] += increment * mean;
      sets.ownDrift[g * p + j] += (1 - f) * increment * mean;
    });
  }
  return sets;
}

/** The steps in which the events of each group leave the risk set, a share f of them gone before: d with Efron's ties, else one. */
function eachStep({ deaths }: CoxData, ties: CoxTies, visit: (g: number, f: number, steps: number) => void): void {
  for (let g = 0; g < deaths.length; g++) {
    const steps = deaths[g] === 0 ? 0 : ties === "efron" ? deaths[g] : 1;
    for (let k = 0; k < steps; k++) visit(g, k / steps, steps);
  }
}

/**
 * Martingale residuals δ − e^η H by position. Therneau, Grambsch & Fleming, Biometrika 1990;77:147. Agrees with residuals(coxph,
 * "martingale") of R survival 3.5-3.
 */
export function martingaleResiduals(data: CoxData, sets: CoxRiskSets): Float64Array {
  const cumulative = cumulativeByRow(data, sets);
  return cumulative.map((h, i) => data.event[i] - sets.relative[i] * h);
}

/**
 * Score residuals by position, n × p: δ (x − x̄) − e^η ∫ (x − x̄) dH; their weighted sum is the gradient. Efron's ties: an event is
 * compared with the mean over the d steps and lives through the shares of increments (Therneau & Grambsch 2000, section 4.6). Agrees with
 * residuals(coxph, "score") of R survival 3.5-3.
 */
export function scoreResiduals(data: CoxData, sets: CoxRiskSets): Float64Array {
  const { n, p, x, event, groupOf } = data;
  const groups = data.deaths.length;
  const cumulative = cumulativeByRow(data, sets);
  const score = new Float64Array(n * p);
  const hazard = new Float64Array(groups);
  const own = new Float64Array(groups);
  for (let j = 0; j < p; j++) {
    for (let g = 0; g < groups; g++) {
      hazard[g] = sets.drift[g * p + j];
      own[g] = sets.ownDrift[g * p + j];
    }
    const drift = cumulativeByRow(data, { hazard, own });
    for (let i = 0; i < n; i++) {
      const at = i * p + j;
      const seen = event[i] === 1 ? x[at] - sets.mean[groupOf[i] * p + j] : 0;
      score[at] = seen - sets.relative[i] * (x[at] * cumulative[i] - drift[i]);
    }
  }
  return score;
}
