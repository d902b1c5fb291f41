import { InputError, order } from "../math/index.js";
import { countClassesOfRisk, type Numbers } from "./binaryInput.js";

/** One strategy by threshold; rates are shares of all patients. */
export type NetBenefit = {
  netBenefit: Float64Array; truePositive: Float64Array; falsePositive: Float64Array;
  /** interventions avoided per patient against treating all, at no loss of true positives: (net benefit − treat-all's)·(1 − t)/t */
  avoided: Float64Array;
};

/** Net benefit of each model, of treating all, and of treating nobody (0 everywhere). */
export type DecisionCurve = {
  thresholds: Float64Array; models: Record<string, NetBenefit>; all: Float64Array; none: Float64Array;
  /** share with the event (by τ, where survival) that treat-all rests on */
  prevalence: number; n: number; warnings: string[];
};

/** .01, .02 … .99 */
const DEFAULT = Float64Array.from({ length: 99 }, (_, k) => (k + 1) / 100);

export function checkThresholds(thresholds: Numbers | undefined): Float64Array {
  if (thresholds === undefined) return DEFAULT.slice();
  if (thresholds.length === 0) throw new InputError("Decision curve: no thresholds were given, expected at least one between 0 and 1.");
  for (let k = 0; k < thresholds.length; k++) {
    if (!(thresholds[k] > 0 && thresholds[k] < 1)) throw new InputError(`Decision curve: threshold ${k + 1} is ${thresholds[k]}, expected a probability between 0 and 1 (both excluded).`);
  }
  return Float64Array.from(thresholds);
}

export function checkModels(risks: Record<string, Numbers>): [string, Numbers][] {
  const models = Object.entries(risks);
  if (models.length === 0) throw new InputError("Decision curve: no model's risks were given, expected at least one list of risks by name.");
  return models;
}

/** Net benefit from rates, and what is avoided against treating all. */
export function benefitOf(thresholds: Float64Array, truePositive: Float64Array, falsePositive: Float64Array, all: Float64Array): NetBenefit {
  const netBenefit = thresholds.map((t, k) => truePositive[k] - falsePositive[k] * (t / (1 - t)));
  return { netBenefit, truePositive, falsePositive, avoided: netBenefit.map((b, k) => (b - all[k]) * ((1 - thresholds[k]) / thresholds[k])) };
}

/**
 * Decision curve of predicted risks: treating where risk >= t, net benefit = tp/n − fp/n · t/(1 − t).
 * Vickers & Elkin, Med Decis Making 2006;26:565. With a `prevalence` (case-control data), tp/n = sensitivity · prevalence and
 * fp/n = (1 − specificity)(1 − prevalence). Agrees with R dcurves 0.5.1 dca(). Give each set (training, test, centre) its own curve:
 * see decisionCurvesBySet. O(n log n).
 *
 * @param risks n probabilities by model name
 * @param event n flags
 * @param thresholds between 0 and 1, both excluded; .01 … .99 where not given
 * @throws InputError on risks or thresholds outside their range, unequal lengths, one class
 */
export function decisionCurve(
  risks: Record<string, Numbers>, event: Numbers, { thresholds: wanted, prevalence }: { thresholds?: Numbers; prevalence?: number } = {},
): DecisionCurve {
  const thresholds = checkThresholds(wanted);
  const entries = checkModels(risks);
  if (prevalence !== undefined && !(prevalence > 0 && prevalence < 1)) throw new InputError(`Decision curve: the prevalence is ${prevalence}, expected a number between 0 and 1.`);
  const { n, events, others } = countClassesOfRisk("Decision curve", entries[0][1], event, `risk of ${entries[0][0]}`);
  const share = prevalence ?? events / n;
  const all = thresholds.map((t) => share - (1 - share) * (t / (1 - t)));
  const models: Record<string, NetBenefit> = {};
  for (const [name, risk] of entries) {
    countClassesOfRisk("Decision curve", risk, event, `risk of ${name}`);
    const by = order(risk);
    const ascending = Float64Array.from(by, (i) => risk[i]);
    const eventsBelow = new Float64Array(n + 1);
    for (let k = 0; k < n; k++) eventsBelow[k + 1] = eventsBelow[k] + event[by[k]];
    const positive = thresholds.map((t) => firstAtLeast(ascending, t));
    const tp = positive.map((k) => events - eventsBelow[k]);
    const fp = positive.map((k, j) => n - k - tp[j]);
    models[name] = benefitOf(thresholds,
      tp.map((v) => (prevalence === undefined ? v / n : (v / events) * prevalence)),
      fp.map((v) => (prevalence === undefined ? v / n : (v / others) * (1 - prevalence))), all);
  }
  return { thresholds, models, all, none: new Float64Array(thresholds.length), prevalence: share, n, warnings: [] };
}

/** Position of the first value >= t in ascending values. */
export function firstAtLeast(ascending: Float64Array, t: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const mid = (low + high) >> 1;
    if (ascending[mid] >= t) high = mid;
    else low = mid + 1;
  }
  return low;
}

/**
 * A decision curve for each set (training, internal test, a centre, …), by the set's name; a curve of merged sets would hide that a
 * model helps only where it was fitted. Each is a `decisionCurve` (Vickers & Elkin, Med Decis Making 2006;26:565).
 * @param set n names of sets
 * @throws InputError as decisionCurve, naming the set; where there is not one set name a patient
 */
export function decisionCurvesBySet(
  risks: Record<string, Numbers>, event: Numbers, set: ArrayLike<string>, options: { thresholds?: Numbers; prevalence?: number } = {},
): Record<string, DecisionCurve> {
  if (set.length !== event.length) throw new InputError(`Decision curve: there are ${set.length} set names but ${event.length} outcomes; give one name a patient.`);
  const rows = new Map<string, number[]>();
  for (let i = 0; i < set.length; i++) {
    const members = rows.get(set[i]);
    if (members === undefined) rows.set(set[i], [i]);
    else members.push(i);
  }
  return Object.fromEntries(Array.from(rows, ([name, members]) => {
    const pick = (v: Numbers) => Float64Array.from(members, (i) => v[i]);
    try {
      return [name, decisionCurve(Object.fromEntries(Object.entries(risks).map(([model, r]) => [model, pick(r)])), pick(event), options)];
    } catch (error) {
      if (error instanceof InputError) throw new InputError(`Set ${name}: ${error.message}`);
      throw error;
    }
  }));
}
