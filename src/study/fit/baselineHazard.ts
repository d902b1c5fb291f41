import type { SurvivalOutcome } from "../../cohort/index.js";
import { exp, order } from "../../math/index.js";

/**
 * Cumulative hazard of a patient whose linear predictor is 0, by Breslow: H(t) = Σ over event times of deaths / Σ at risk exp(lp).
 * Breslow, discussion of Cox, J R Stat Soc B 1972;34:216. Agrees with R basehaz(coxph(ties = "breslow"), centered = FALSE) for that
 * model's linear predictor. The last entry is the end of follow-up. Rows without a finite predictor do not count.
 */
export function baselineHazard(outcome: SurvivalOutcome, linear: ArrayLike<number>): { time: number[]; hazard: number[] } {
  const rising = Array.from(order(outcome.time)).filter((i) => Number.isFinite(linear[i]));
  const n = rising.length;
  let atRisk = 0;
  const after = new Float64Array(n + 1);
  for (let k = n - 1; k >= 0; k--) after[k] = atRisk += exp(linear[rising[k]]);
  const time: number[] = [], hazard: number[] = [];
  let sum = 0;
  for (let k = 0; k < n;) {
    const t = outcome.time[rising[k]], first = k;
    let deaths = 0;
    for (; k < n && outcome.time[rising[k]] === t; k++) deaths += outcome.event[rising[k]];
    if (deaths === 0) continue;
    sum += deaths / after[first];
    time.push(t);
    hazard.push(sum);
  }
  const last = n > 0 ? outcome.time[rising[n - 1]] : 0;
  if (time.length === 0 || time[time.length - 1] < last) { time.push(last); hazard.push(sum); }
  return { time, hazard };
}

/**
 * What the variance of log H(t | x) needs beside the coefficients' covariance V: Σ d/S₀²/H² and m = Σ (d/S₀) x̄(tᵢ)/H over event times tᵢ ≤ t, S₀ = Σ exp(lp) and
 * x̄ the weighted mean of the columns at risk. Then var log H(t | x) = variance + (x − m)'V(x − m). Tsiatis, Ann Stat 1981;9:93; Link, Biometrics
 * 1984;40:601. Agrees with R survfit(coxph(ties = "breslow"), newdata) where V is the model's. NaN before the first event.
 */
export function baselineSpread(outcome: SurvivalOutcome, linear: ArrayLike<number>, columns: readonly ArrayLike<number>[], times: readonly number[]): { variance: number[]; mean: number[][] } {
  const rising = Array.from(order(outcome.time)).filter((i) => Number.isFinite(linear[i]));
  const found = { variance: times.map(() => 0), mean: times.map(() => columns.map(() => 0)) }, hazard = times.map(() => 0);
  const sums = new Float64Array(columns.length);
  let atRisk = 0;
  for (let k = rising.length - 1; k >= 0;) {
    const t = outcome.time[rising[k]];
    let deaths = 0;
    for (; k >= 0 && outcome.time[rising[k]] === t; k--) {
      const i = rising[k], weight = exp(linear[i]);
      atRisk += weight;
      columns.forEach((c, j) => { sums[j] += weight * c[i]; });
      deaths += outcome.event[i];
    }
    if (deaths === 0) continue;
    times.forEach((until, m) => {
      if (t > until) return;
      hazard[m] += deaths / atRisk;
      found.variance[m] += deaths / (atRisk * atRisk);
      for (let j = 0; j < columns.length; j++) found.mean[m][j] += ((deaths / atRisk) * sums[j]) / atRisk;
    });
  }
  return { variance: found.variance.map((v, m) => v / (hazard[m] * hazard[m])), mean: found.mean.map((row, m) => row.map((v) => v / hazard[m])) };
}

/** The cumulative hazard at a time; NaN beyond the end of follow-up. */
export function hazardAt(baseline: { time: number[]; hazard: number[] }, t: number): number {
  const { time, hazard } = baseline;
  if (t > time[time.length - 1]) return NaN;
  let low = 0, high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time[middle] <= t) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : hazard[low - 1];
}
