import { InputError, normalQuantile } from "../math/index.js";
import { checkCompeting, type CompetingFollowUp } from "./aalenJohansen.js";
import { checkLevel } from "./checkLevel.js";
import { checkWeights, membersBySlot, timeGrid } from "./followUp.js";

export type MeanTime = { mean: number; standardError: number; lower: number; upper: number };
/** `causes[c − 1]`: time lost to cause c; the means of all add up to tau. */
export type TimeLost = { tau: number; eventFree: MeanTime; causes: ({ cause: number } & MeanTime)[]; n: number; level: number; warnings: string[] };

/**
 * Mean time lost to each cause up to tau, ∫₀^τ F_c(t) dt under the Aalen–Johansen curve, and the mean time free of every event, ∫₀^τ S(t) dt; together they
 * are tau. Standard errors by the infinitesimal jackknife, √Σ wᵢ²·influence², normal intervals kept within 0 … τ. Andersen, Stat Med 2013;32:5278.
 * Agrees with R survival 3.5-3 `summary(survfit(Surv(time, factor(cause)) ~ 1, influence = TRUE), rmean = tau)`; with weights the means do, while the
 * standard errors are √Σ (wᵢ ∂mean/∂wᵢ)² (by finite differences in a test), which R's table does not give. O(n log n + causes · n).
 *
 * @param tau horizon, > 0, in the unit of the follow-up; beyond the last follow-up the curves are carried on level, with a warning
 * @throws InputError as aalenJohansen, and on a horizon that is no finite time above 0
 */
export function meanTimeLost(data: CompetingFollowUp, tau: number, options: { weights?: ArrayLike<number>; level?: number } = {}): TimeLost {
  const { n, causes } = checkCompeting("meanTimeLost", data);
  const { level = 0.95, weights } = options;
  checkLevel("meanTimeLost", level);
  if (weights !== undefined && weights.length !== n) throw new InputError(`meanTimeLost: ${weights.length} weights for ${n} patients; give one a patient.`);
  checkWeights("meanTimeLost", weights, n);
  if (!(tau > 0 && tau < Infinity)) throw new InputError(`meanTimeLost: tau is ${tau}; it must be a finite time > 0 in the unit of the follow-up.`);
  const w = weights ?? new Float64Array(n).fill(1);
  const grid = timeGrid(data.time);
  const { times } = grid;
  const { start, member } = membersBySlot(grid);
  const m = times.length;
  const atRisk = new Float64Array(m);
  for (let k = m - 1, sum = 0; k >= 0; k--) {
    for (let q = start[k]; q < start[k + 1]; q++) sum += w[member[q]];
    atRisk[k] = sum;
  }
  const z = normalQuantile(1 - (1 - level) / 2);
  const warnings: string[] = [];
  const summed = (mean: number, influence: Float64Array): MeanTime => {
    let variance = 0;
    for (let i = 0; i < n; i++) variance += w[i] * w[i] * influence[i] * influence[i];
    const standardError = Math.sqrt(variance);
    return { mean, standardError, lower: Math.max(0, mean - z * standardError), upper: Math.min(tau, mean + z * standardError) };
  };
  const states = Array.from({ length: causes + 1 }, (_, state) => integral({ data, w, times, start, member, atRisk, tau }, state, summed));
  if (tau > times[m - 1] && !(states[0].last === 0)) {
    warnings.push(`The horizon ${tau} lies beyond the last follow-up (${times[m - 1]}); the curves were carried on level. Choose a horizon within the follow-up of every group.`);
  }
  for (let c = 1; c <= causes; c++) if (states[c].last === 0) warnings.push(`Cause ${c} never occurs up to ${tau}: no time is lost to it.`);
  return { tau, eventFree: states[0].time, causes: states.slice(1).map(({ time }, k) => ({ cause: k + 1, ...time })), n, level, warnings };
}

type Follow = { data: CompetingFollowUp; w: ArrayLike<number>; times: Float64Array; start: Int32Array; member: Int32Array; atRisk: Float64Array; tau: number };

/**
 * The curve P of one state (0: free of events; else F_c) integrated, and everyone's influence on that: a patient at risk shares `common` with all;
 * once gone, at T, the influence is own + slope·P(t), slope that on log S (for the event-free state own is 0).
 */
function integral({ data, w, times, start, member, atRisk, tau }: Follow, state: number, summed: (mean: number, influence: Float64Array) => MeanTime): { time: MeanTime; last: number } {
  const influence = new Float64Array(w.length);
  const [own, slope] = [new Float64Array(w.length), new Float64Array(w.length)];
  // integrals up to the time reached: of P, and of what those at risk share
  let [areaP, areaShared] = [0, 0];
  let [survival, hazard, p, common, reached] = [1, 0, state === 0 ? 1 : 0, 0, 0];
  // of those gone: the time, and the area of P by then
  const [goneP, goneTime] = [new Float64Array(w.length), new Float64Array(w.length).fill(NaN)];
  const onTo = (t: number) => {
    areaP += p * (t - reached);
    areaShared += common * (t - reached);
    reached = t;
  };
  for (let k = 0; k < times.length && times[k] < tau; k++) {
    onTo(times[k]);
    let [d, mine] = [0, 0];
    for (let q = start[k]; q < start[k + 1]; q++) {
      const cause = data.cause[member[q]];
      if (cause > 0) d += w[member[q]];
      if (cause === state && state > 0) mine += w[member[q]];
    }
    const r = atRisk[k];
    const before = survival;
    const last = d >= r;
    if (r > 0) {
      if (state > 0) common += before * (hazard - 1 / r) * (mine / r);
      survival = last ? 0 : survival * ((r - d) / r);
      if (d > 0 && !last) hazard += d / (r * (r - d));
      if (state > 0) p += (before * mine) / r;
      else [p, common] = [survival, survival * hazard];
    }
    for (let q = start[k]; q < start[k + 1]; q++) {
      const i = member[q];
      const cause = data.cause[i];
      const l = last ? 0 : hazard - (cause > 0 ? 1 / (r - d) : 0);
      slope[i] = l;
      own[i] = state === 0 ? 0 : common + (cause === state ? before / r : 0) - l * p;
      influence[i] = areaShared;
      [goneP[i], goneTime[i]] = [areaP, times[k]];
    }
  }
  onTo(tau);
  for (let i = 0; i < influence.length; i++) {
    influence[i] = Number.isNaN(goneTime[i]) ? areaShared : influence[i] + own[i] * (tau - goneTime[i]) + slope[i] * (areaP - goneP[i]);
  }
  return { time: summed(areaP, influence), last: p };
}
