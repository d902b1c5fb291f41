import { InputError, normalCdf, normalQuantile } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";
import { checkFollowUp, type FollowUp } from "./followUp.js";
import { kaplanMeier, type SurvivalCurve } from "./kaplanMeier.js";

export type RestrictedMean = { tau: number; rmst: number; standardError: number; lower: number; upper: number; timeLost: number; warnings: string[] };

/**
 * Restricted mean survival time: the area under the Kaplan–Meier curve from 0 to tau, ∫₀^τ S(t) dt, in the unit of the follow-up, with
 * variance Σ (∫_{tᵢ}^τ S)² dᵢ/(nᵢ(nᵢ − dᵢ)) and a normal interval. Irwin, J Hyg 1949;47:188; Royston & Parmar, BMC Med Res Methodol 2013;13:152.
 * Agrees with R `summary(survfit, rmean = tau)` (no small-sample factor, unlike early survRM2). timeLost = τ − RMST. Where the curve was fitted
 * with variance "robust" the variance is the infinitesimal jackknife of the area, Σ wᵢ²·influence² (survfit prints
 * Greenwood's there; fit with variance "greenwood" for that).
 * Beyond the last follow-up the curve is carried on level and a warning says so.
 * @throws InputError on tau that is no finite time > 0, a level outside 0 … 1
 */
export function restrictedMean(curve: SurvivalCurve, tau: number, level = 0.95): RestrictedMean {
  checkLevel("restrictedMean", level);
  if (!(tau > 0 && tau < Infinity)) throw new InputError(`restrictedMean: tau is ${tau}; it must be a finite time > 0 in the unit of the follow-up.`);
  const m = curve.time.length;
  const warnings: string[] = [];
  if (tau > curve.time[m - 1] && curve.survival[m - 1] > 0) warnings.push(`The horizon ${tau} lies beyond the last follow-up (${curve.time[m - 1]}); the curve was carried on level. Choose a horizon within the follow-up of every group.`);
  let last = m - 1;
  while (last >= 0 && curve.time[last] >= tau) last--;
  let area = 0;
  let variance = 0;
  for (let k = last, end = tau; k >= 0; k--) {
    area += curve.survival[k] * (end - curve.time[k]);
    end = curve.time[k];
    const [d, r] = [curve.events[k], curve.atRisk[k]];
    if (d > 0 && r > d) variance += (area * area * d) / (r * (r - d));
  }
  if (curve.squares !== undefined) variance = robustVariance(curve, tau, last, curve.squares);
  const rmst = area + Math.min(tau, last >= 0 ? curve.time[0] : tau);
  const standardError = Math.sqrt(variance);
  const z = normalQuantile(1 - (1 - level) / 2);
  return { tau, rmst, standardError, lower: Math.max(0, rmst - z * standardError), upper: Math.min(tau, rmst + z * standardError), timeLost: tau - rmst, warnings };
}

/** Influence of a patient: Σ_{tₖ <= T} dₖ/(nₖ(nₖ − dₖ))·areaₖ, less area/(n − d) at the own event; areaₖ = ∫_{tₖ}^τ S. */
function robustVariance(curve: SurvivalCurve, tau: number, last: number, squares: { events: number[]; censored: number[] }): number {
  const area = new Float64Array(last + 1);
  for (let k = last, end = tau; k >= 0; k--) {
    area[k] = (k < last ? area[k + 1] : 0) + curve.survival[k] * (end - curve.time[k]);
    end = curve.time[k];
  }
  let [shared, variance] = [0, 0];
  curve.time.forEach((_, k) => {
    const left = curve.atRisk[k] - curve.events[k];
    const own = k <= last && left > 0 ? area[k] / left : 0;
    shared += (curve.events[k] / curve.atRisk[k]) * own;
    variance += squares.events[k] * (shared - own) * (shared - own) + squares.censored[k] * shared * shared;
  });
  return variance;
}

export type RestrictedMeanDifference = { tau: number; groups: [RestrictedMean, RestrictedMean]; difference: number; standardError: number; lower: number; upper: number; z: number; p: number; ratio: number; warnings: string[] };

/**
 * Difference of two groups' restricted mean survival times, second minus first, with the two-sided normal test z = Δ/√(se₁² + se₂²).
 * Uno et al., J Clin Oncol 2014;32:2380. R: from `summary(survfit(Surv(time, event) ~ group), rmean = tau)`.
 * @throws InputError as kaplanMeier and restrictedMean
 */
export function restrictedMeanDifference(first: FollowUp, second: FollowUp, tau: number, level = 0.95): RestrictedMeanDifference {
  checkFollowUp("restrictedMeanDifference, first group", first);
  checkFollowUp("restrictedMeanDifference, second group", second);
  const a = restrictedMean(kaplanMeier(first), tau, level);
  const b = restrictedMean(kaplanMeier(second), tau, level);
  const difference = b.rmst - a.rmst;
  const standardError = Math.sqrt(a.standardError * a.standardError + b.standardError * b.standardError);
  const q = normalQuantile(1 - (1 - level) / 2);
  const z = difference / standardError;
  const warnings = [...a.warnings.map((w) => `First group: ${w}`), ...b.warnings.map((w) => `Second group: ${w}`)];
  if (standardError === 0) warnings.push("Neither group has an event before the horizon; the difference has no standard error and no test.");
  return {
    tau, groups: [a, b], difference, standardError, lower: difference - q * standardError, upper: difference + q * standardError,
    z: standardError > 0 ? z : NaN, p: standardError > 0 ? 2 * normalCdf(-Math.abs(z)) : NaN, ratio: b.rmst / a.rmst, warnings,
  };
}
