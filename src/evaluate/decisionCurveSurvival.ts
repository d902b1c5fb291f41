import { InputError, order } from "../math/index.js";
import { checkRisk, sameLengthNumbers, type Numbers } from "./binaryInput.js";
import { benefitOf, checkModels, checkThresholds, type DecisionCurve, type NetBenefit } from "./decisionCurve.js";

type FollowUp = { time: Numbers; event: Numbers };

/**
 * Decision curve at a time τ under censoring: with P the share treated (risk >= t) and S(τ) the Kaplan–Meier survival among the treated,
 * tp/n = P·(1 − S(τ)), fp/n = P·S(τ), net benefit = tp/n − fp/n · t/(1 − t). Vickers et al., BMC Med Inform Decis Mak 2008;8:53.
 * Agrees with R dcurves 0.5.1 dca(Surv(time, status) ~ …, time = τ), save where the treated's follow-up ends before τ: dcurves gives NA;
 * here it is NaN with a warning only where S(τ) is unknown, the value where all treated had the event (S = 0), and 0 where nobody is treated.
 *
 * @param risks n predicted risks of the event by τ, by model name
 * @param outcome follow-up of n patients, any one unit; event 1 or 0 censored
 * @param tau in the same unit
 * @throws InputError on risks or thresholds outside their range, unequal lengths, negative times, a τ that nobody's follow-up reaches
 */
export function decisionCurveSurvival(
  risks: Record<string, Numbers>, outcome: FollowUp, tau: number, { thresholds: wanted }: { thresholds?: Numbers } = {},
): DecisionCurve {
  const thresholds = checkThresholds(wanted);
  const entries = checkModels(risks);
  const { time, event } = outcome;
  const n = time.length;
  sameLengthNumbers("Decision curve", "follow-up time", time, "event", event);
  if (n === 0) throw new InputError("Decision curve: there are no patients; check how the set was chosen.");
  if (!(tau > 0 && tau < Infinity)) throw new InputError(`Decision curve: the time asked for is ${tau}, expected a positive number in the unit of the follow-up.`);
  for (let i = 0; i < n; i++) {
    if (!(time[i] >= 0 && time[i] < Infinity)) throw new InputError(`Decision curve: the follow-up of row ${i + 1} is ${time[i]}, expected a number of at least 0; leave the row out or correct it.`);
    if (event[i] !== 0 && event[i] !== 1) throw new InputError(`Decision curve: the event of row ${i + 1} is ${event[i]}, expected 0 or 1.`);
  }
  const by = order(time);
  const survival = survivalAt(time, event, by, tau, () => true);
  if (Number.isNaN(survival)) {
    throw new InputError(`Decision curve: no follow-up reaches ${tau}, the longest is ${time[by[n - 1]]}; choose an earlier time.`);
  }
  const prevalence = 1 - survival;
  const all = thresholds.map((t) => prevalence - survival * (t / (1 - t)));
  const warnings: string[] = [];
  const models: Record<string, NetBenefit> = {};
  for (const [name, risk] of entries) {
    sameLengthNumbers("Decision curve", `risk of ${name}`, risk, "follow-up", time);
    checkRisk("Decision curve", risk, `risk of ${name}`);
    const unknown: number[] = [];
    const tp = new Float64Array(thresholds.length);
    const fp = new Float64Array(thresholds.length);
    for (let k = 0; k < thresholds.length; k++) {
      const t = thresholds[k];
      let treated = 0;
      for (let i = 0; i < n; i++) if (risk[i] >= t) treated++;
      if (treated === 0) continue;
      const s = survivalAt(time, event, by, tau, (i) => risk[i] >= t, treated);
      if (Number.isNaN(s)) unknown.push(t);
      tp[k] = (treated / n) * (1 - s);
      fp[k] = (treated / n) * s;
    }
    if (unknown.length > 0) {
      warnings.push(`Decision curve of ${name}: at thresholds ${unknown.join(", ")} nobody treated is followed up to ${tau}, so the net benefit is unknown (NaN); stop the curve there or choose an earlier time.`);
    }
    models[name] = benefitOf(thresholds, tp, fp, all);
  }
  return { thresholds, models, all, none: new Float64Array(thresholds.length), prevalence, n, warnings };
}

/** Kaplan–Meier survival at τ of the patients that belong; NaN where the last is censored before τ. `by` is the order of all times. */
function survivalAt(time: Numbers, event: Numbers, by: Int32Array, tau: number, belongs: (i: number) => boolean, size = by.length): number {
  let survival = 1;
  let atRisk = size;
  let k = 0;
  while (k < by.length) {
    const t = time[by[k]];
    if (t > tau) return survival;
    let gone = 0;
    let events = 0;
    for (; k < by.length && time[by[k]] === t; k++) {
      if (!belongs(by[k])) continue;
      gone++;
      events += event[by[k]];
    }
    if (events > 0) survival *= (atRisk - events) / atRisk;
    atRisk -= gone;
    if (atRisk === 0) return survival === 0 || t === tau ? survival : NaN;
  }
  return survival;
}
