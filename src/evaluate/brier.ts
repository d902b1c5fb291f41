import { InputError, normalCdf, normalQuantile } from "../math/index.js";
import { censoringWeights } from "./censoringWeights.js";
import { checkLevel } from "./checkLevel.js";
import { checkFollowUp, checkTimes, type FollowUp } from "./followUp.js";
import { kaplanMeier, survivalAt } from "./kaplanMeier.js";

export type BrierAt = {
  time: number; brier: number; standardError: number; lower: number; upper: number;
  /** score of the Kaplan–Meier prediction, the same for everyone, and IPA = 1 − brier/null (index of prediction accuracy, scaled Brier) */
  nullBrier: number; ipa: number;
  influence: Float64Array;
};
export type BrierSurvival = {
  n: number; level: number; times: BrierAt[];
  /** riskRegression's: Σ_{i<k} Brier(tᵢ)(tᵢ₊₁ − tᵢ)/t_k up to each time (what lies before the first time counts 0) */
  integratedLeft: number[]; nullIntegratedLeft: number[];
  /** trapezoid over all times, divided by their span; NaN with one time */
  integratedTrapezoid: number; nullIntegratedTrapezoid: number;
  warnings: string[];
};

/**
 * Brier score of predicted risks for survival: (1/n) Σ [1(T <= t, event)·(1 − risk)²/G(T−) + 1(T > t)·risk²/G(t)], G the Kaplan–Meier curve of
 * censoring with events first. Graf et al., Stat Med 1999;18:2529; Gerds & Schumacher, Biom J 2006;48:1029. Standard error from the i.i.d.
 * representation with the term for the estimated G; the null model's curve counts as given. IPA: Kattan & Gerds, Diagn Progn Res 2018;2:7. Agrees with
 * riskRegression 2022.11 `Score(..., cens.model = "km", null.model = TRUE)`: Brier, se, IPA, and its left-step IBS.
 *
 * @param risk   one array of n predicted probabilities of the event by that time for each of `times`
 * @param times  ascending, >= 0
 * @throws InputError on follow-up and level as kaplanMeier; risks outside 0 … 1 or not n a time, no times, times that do not ascend
 */
export function brierSurvival(data: FollowUp, risk: ArrayLike<ArrayLike<number>>, times: ArrayLike<number>, level = 0.95): BrierSurvival {
  const n = checkFollowUp("brierSurvival", data);
  checkLevel("brierSurvival", level);
  checkTimes("brierSurvival", times);
  if (times.length === 0 || risk.length !== times.length) throw new InputError(`brierSurvival: ${risk.length} columns of risks for ${times.length} times; give one column of ${n} risks a time, and at least one time.`);
  for (let k = 0; k < times.length; k++) {
    if (k > 0 && !(times[k] > times[k - 1])) throw new InputError(`brierSurvival: time ${times[k]} follows ${times[k - 1]}; times must ascend.`);
    if (risk[k].length !== n) throw new InputError(`brierSurvival: ${risk[k].length} risks at time ${times[k]} for ${n} patients.`);
    for (let i = 0; i < n; i++) if (!(risk[k][i] >= 0 && risk[k][i] <= 1)) throw new InputError(`brierSurvival: risk of row ${i + 1} at time ${times[k]} is ${risk[k][i]}; it must be a probability of the event by then, from 0 to 1.`);
  }
  const weights = censoringWeights(data);
  const overall = survivalAt(kaplanMeier(data), times);
  const z = normalQuantile(1 - (1 - level) / 2);
  const warnings: string[] = n === 1 ? ["There is one patient: no standard error."] : [];
  const results = Array.from(times, (time, k): BrierAt => {
    const late = weights.at(time);
    const own = new Float64Array(n); // terms carrying 1/G(T−)
    const term = new Float64Array(n);
    const nullRisk = 1 - overall[k].survival;
    let [brier, nullBrier, beyond, followed] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const r = risk[k][i];
      if (data.time[i] > time) {
        term[i] = late * r * r;
        beyond += term[i] / n;
        nullBrier += (late * nullRisk * nullRisk) / n;
        followed++;
      } else if (data.event[i] === 1) {
        own[i] = term[i] = weights.atOwnTime[i] * (1 - r) * (1 - r);
        nullBrier += (weights.atOwnTime[i] * (1 - nullRisk) * (1 - nullRisk)) / n;
      }
      brier += term[i] / n;
    }
    if (followed === 0) warnings.push(`Nobody is followed beyond ${time}: the score there stands on the events alone.`);
    if (nullBrier === 0 && brier > 0) warnings.push(`At ${time} the Kaplan–Meier prediction is perfect, nobody or everybody has had the event: no IPA there.`);
    const influence = weights.adjust(own, time, beyond);
    let squares = 0;
    for (let i = 0; i < n; i++) {
      influence[i] += term[i] - brier;
      squares += influence[i] * influence[i];
    }
    const standardError = n > 1 ? Math.sqrt(squares / (n - 1) / n) : NaN;
    return { time, brier, standardError, lower: Math.max(0, brier - z * standardError), upper: Math.min(1, brier + z * standardError), nullBrier, ipa: nullBrier > 0 ? 1 - brier / nullBrier : brier === 0 ? 0 : NaN, influence };
  });
  return {
    n, level, times: results, integratedLeft: leftSteps(results, "brier"), nullIntegratedLeft: leftSteps(results, "nullBrier"),
    integratedTrapezoid: trapezoid(results, "brier"), nullIntegratedTrapezoid: trapezoid(results, "nullBrier"), warnings,
  };
}

function leftSteps(at: BrierAt[], key: "brier" | "nullBrier"): number[] {
  let sum = 0;
  return at.map((x, k) => {
    if (k > 0) sum += at[k - 1][key] * (x.time - at[k - 1].time);
    return x.time > 0 ? sum / x.time : 0;
  });
}

function trapezoid(at: BrierAt[], key: "brier" | "nullBrier"): number {
  let sum = 0;
  for (let k = 1; k < at.length; k++) sum += ((at[k][key] + at[k - 1][key]) / 2) * (at[k].time - at[k - 1].time);
  return at.length > 1 ? sum / (at[at.length - 1].time - at[0].time) : NaN;
}

/**
 * Difference of two Brier scores on the same patients and times, second − first; its standard error is sd(influence₂ − influence₁)/√n, p two-sided of
 * z = difference / standard error. Gerds & Schumacher, Biom J 2006;48:1029. Agrees with the contrasts of riskRegression 2022.11 `Score`.
 * @throws InputError where the two stand for different patients or times
 */
export function compareBrierSurvival(first: BrierSurvival, second: BrierSurvival): { time: number; difference: number; standardError: number; lower: number; upper: number; p: number }[] {
  if (first.n !== second.n || first.times.length !== second.times.length || first.times.some((a, k) => a.time !== second.times[k].time)) throw new InputError("compareBrierSurvival: the two results stand for different patients or times.");
  const z = normalQuantile(1 - (1 - first.level) / 2);
  return first.times.map((a, k) => {
    const b = second.times[k];
    let squares = 0;
    for (let i = 0; i < first.n; i++) squares += (b.influence[i] - a.influence[i]) * (b.influence[i] - a.influence[i]);
    const difference = b.brier - a.brier;
    const standardError = Math.sqrt(squares / (first.n - 1) / first.n);
    return { time: a.time, difference, standardError, lower: difference - z * standardError, upper: difference + z * standardError, p: standardError > 0 ? 2 * normalCdf(-Math.abs(difference / standardError)) : NaN };
  });
}
