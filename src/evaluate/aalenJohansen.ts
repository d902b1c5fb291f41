import { exp, InputError, normalQuantile } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";
import { checkTimes, checkWeights, lastAtMost, membersBySlot, timeGrid } from "./followUp.js";

/** Follow-up with competing causes, time >= 0 in any one unit: 0 censored, 1, 2 … causes of the event. */
export type CompetingFollowUp = { time: ArrayLike<number>; cause: ArrayLike<number> };

export type IncidenceCurve = { cause: number; incidence: number[]; standardError: number[]; lower: number[]; upper: number[]; /** Aalen's variance, as cmprsk prints */ aalenVariance: number[] };
export type AalenJohansen = {
  time: number[]; atRisk: number[];
  /** free of every event, with its standard error */
  eventFree: number[]; eventFreeSe: number[];
  causes: IncidenceCurve[]; n: number; level: number; warnings: string[];
};

/**
 * Checks competing follow-up and gives the number of causes. Plumbing: no source.
 * @throws InputError on lengths that differ, nobody, times that are missing or negative, causes that are no whole numbers
 */
export function checkCompeting(who: string, data: CompetingFollowUp): { n: number; causes: number } {
  const n = data.time.length;
  if (n === 0) throw new InputError(`${who}: no patients were given; at least one follow-up time is needed.`);
  if (data.cause.length !== n) throw new InputError(`${who}: time has ${n} values but cause has ${data.cause.length}. They must stand for the same patients in the same order.`);
  let causes = 1;
  for (let i = 0; i < n; i++) {
    if (!(data.time[i] >= 0 && data.time[i] < Infinity)) throw new InputError(`${who}: time of row ${i + 1} is ${data.time[i]}; follow-up must be a finite number >= 0.`);
    const c = data.cause[i];
    if (!Number.isInteger(c) || c < 0 || c > 255) throw new InputError(`${who}: cause of row ${i + 1} is ${c}; give 0 censored, 1 the cause of interest, 2 … others.`);
    causes = Math.max(causes, c);
  }
  return { n, causes };
}

/**
 * Aalen–Johansen cumulative incidence of each cause: F_c(t) = Σ_{s <= t} S(s−) d_c(s)/n(s) with S the Kaplan–Meier curve of any event. Standard errors by the
 * infinitesimal jackknife and intervals on the log scale, F·exp(± z·se/F), cut at 1. Aalen & Johansen, Scand J Stat 1978;5:141. Agrees with R survival
 * 3.5-3 `survfit(Surv(time, factor(cause)) ~ 1)`; `aalenVariance` agrees with cmprsk 2.2-11 `cuminc`. One minus the Kaplan–Meier curve of one cause, with others
 * censored, overstates its incidence. O(n log n).
 * @throws InputError as checkCompeting; weights that are negative, all 0 or not n, a level outside 0 … 1
 */
export function aalenJohansen(data: CompetingFollowUp, options: { weights?: ArrayLike<number>; level?: number } = {}): AalenJohansen {
  const { n, causes } = checkCompeting("aalenJohansen", data);
  const { level = 0.95, weights } = options;
  checkLevel("aalenJohansen", level);
  if (weights !== undefined && weights.length !== n) throw new InputError(`aalenJohansen: ${weights.length} weights for ${n} patients.`);
  checkWeights("aalenJohansen", weights, n);
  const w = weights ?? new Float64Array(n).fill(1);
  const grid = timeGrid(data.time);
  const { start, member } = membersBySlot(grid);
  const m = grid.times.length;
  const atRisk = new Float64Array(m);
  const leftSquares = new Float64Array(m + 1);
  for (let k = m - 1, sum = 0; k >= 0; k--) {
    let squares = 0;
    for (let q = start[k]; q < start[k + 1]; q++) {
      sum += w[member[q]];
      squares += w[member[q]] * w[member[q]];
    }
    atRisk[k] = sum;
    leftSquares[k] = leftSquares[k + 1] + squares;
  }
  const z = normalQuantile(1 - (1 - level) / 2);
  const eventFree: number[] = [];
  const eventFreeSe: number[] = [];
  const curves: IncidenceCurve[] = Array.from({ length: causes }, (_, c) => ({ cause: c + 1, incidence: [], standardError: [], lower: [], upper: [], aalenVariance: [] }));
  const f = new Float64Array(causes);
  const common = new Float64Array(causes); // influence on F_c shared by all still at risk
  // of those who left with influence p on F_c and l on log S: Σ w²c², Σ w²cl with c = p − l·F_c(T), and Σ w²l²
  const cc = new Float64Array(causes);
  const cl = new Float64Array(causes);
  let [ll, survival, hazard] = [0, 1, 0];
  const dead = new Float64Array(causes);
  for (let k = 0; k < m; k++) {
    dead.fill(0);
    let d = 0;
    for (let q = start[k]; q < start[k + 1]; q++) {
      const cause = data.cause[member[q]];
      if (cause > 0) {
        dead[cause - 1] += w[member[q]];
        d += w[member[q]];
      }
    }
    const r = atRisk[k];
    const before = survival;
    for (let c = 0; c < causes; c++) {
      common[c] += r > 0 ? before * (hazard - 1 / r) * (dead[c] / r) : 0;
      f[c] += r > 0 ? (before * dead[c]) / r : 0;
    }
    const last = d >= r;
    if (d > 0) {
      survival = last ? 0 : survival * ((r - d) / r);
      if (!last) hazard += d / (r * (r - d));
    }
    for (let q = start[k]; q < start[k + 1]; q++) {
      const i = member[q];
      const cause = data.cause[i];
      const l = last ? 0 : hazard - (cause > 0 ? 1 / (r - d) : 0);
      const square = w[i] * w[i];
      ll += square * l * l;
      for (let c = 0; c < causes; c++) {
        const p = common[c] + (cause === c + 1 ? before / r : 0) - l * f[c];
        cc[c] += square * p * p;
        cl[c] += square * p * l;
      }
    }
    eventFree.push(survival);
    eventFreeSe.push(survival * Math.sqrt(Math.max(0, ll + leftSquares[k + 1] * hazard * hazard)));
    for (let c = 0; c < causes; c++) {
      const variance = cc[c] + 2 * f[c] * cl[c] + f[c] * f[c] * ll + leftSquares[k + 1] * common[c] * common[c];
      const se = Math.sqrt(Math.max(0, variance));
      curves[c].incidence.push(f[c]);
      curves[c].standardError.push(se);
      curves[c].lower.push(f[c] > 0 ? f[c] * exp((-z * se) / f[c]) : 0);
      curves[c].upper.push(f[c] > 0 ? Math.min(1, f[c] * exp((z * se) / f[c])) : 0);
    }
  }
  addAalenVariance(curves, data, grid.times, start, member);
  const warnings = curves.filter((x) => x.incidence[m - 1] === 0).map((x) => `Cause ${x.cause} never occurs: its incidence stays 0.`);
  return { time: Array.from(grid.times), atRisk: Array.from(atRisk), eventFree, eventFreeSe, causes: curves, n, level, warnings };
}

/**
 * Aalen's variance: Σ_s [S(s−)(1 − (F(t) − F(s))/S(s))]² d_c/n² · tie + Σ_s [S(s−)(F(t) − F(s))/S(s)]² d_other/n² · tie, tie = 1 − (d − 1)/(n − 1), unweighted;
 * gathered as a quadratic in F(t), so O(1) a time.
 */
function addAalenVariance(curves: IncidenceCurve[], data: CompetingFollowUp, times: Float64Array, start: Int32Array, member: Int32Array): void {
  const n = member.length;
  for (const curve of curves) {
    let [one, linear, square, survival, f] = [0, 0, 0, 1, 0]; // variance = one + linear·F + square·F²
    for (let k = 0; k < times.length; k++) {
      let [own, other] = [0, 0];
      for (let q = start[k]; q < start[k + 1]; q++) {
        if (data.cause[member[q]] === curve.cause) own++;
        else if (data.cause[member[q]] > 0) other++;
      }
      const r = n - start[k];
      const after = survival * ((r - own - other) / r);
      f += (survival * own) / r;
      const tie = (d: number) => (d > 1 ? 1 - (d - 1) / (r - 1) : 1);
      // slope of each term in F(t): S(s−)/S(s); where S(s) = 0 the curve moves no more
      const slope = after > 0 ? survival / after : 0;
      const a = (own * tie(own)) / (r * r);
      const b = (other * tie(other)) / (r * r);
      const level = survival + slope * f;
      one += a * level * level + b * slope * slope * f * f;
      linear -= 2 * slope * (a * level + b * slope * f);
      square += (a + b) * slope * slope;
      survival = after;
      curve.aalenVariance.push(Math.max(0, one + linear * f + square * f * f));
    }
  }
}

/**
 * Cumulative incidence of one cause at given times (in the unit of the follow-up), carried on after the last follow-up; 0 before the first. As R
 * summary(survfit, times, extend = TRUE); aalenVariance as cmprsk timepoints.
 * @throws InputError on a cause that the curve lacks
 */
export function incidenceAt(curve: AalenJohansen, cause: number, times: ArrayLike<number>): { time: number; incidence: number; standardError: number; lower: number; upper: number; aalenVariance: number }[] {
  checkTimes("incidenceAt", times);
  const one = curve.causes.find((c) => c.cause === cause);
  if (one === undefined) throw new InputError(`incidenceAt: cause ${cause} is not in the curve; it has ${curve.causes.map((c) => c.cause).join(", ")}.`);
  return Array.from(times, (time) => {
    const k = lastAtMost(curve.time, curve.time.length, time);
    return k < 0 ? { time, incidence: 0, standardError: 0, lower: 0, upper: 0, aalenVariance: 0 }
      : { time, incidence: one.incidence[k], standardError: one.standardError[k], lower: one.lower[k], upper: one.upper[k], aalenVariance: one.aalenVariance[k] };
  });
}
