import { betaCdf, exp, InputError, log, normalQuantile } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";
import { countClasses, type Numbers } from "./binaryInput.js";
import { countTable, type Counts } from "./countTable.js";
import { proportion, type Interval, type Proportion } from "./proportion.js";

export type Confusion = Counts & {
  n: number; events: number; level: number;
  /** the cut that made the table, where there was one: positive is score >= threshold */
  threshold?: number;
  sensitivity: Proportion; specificity: Proportion; ppv: Proportion; npv: Proportion; accuracy: Proportion; prevalence: Proportion;
  /** share of the larger class: what always guessing it would reach */
  noInformationRate: number;
  /** one-sided exact binomial p of an accuracy this high or higher where the truth is the no-information rate */
  pAboveNoInformation: number;
  balancedAccuracy: number; youden: number; f1: number; mcc: number; kappa: number;
  positiveLikelihoodRatio: { estimate: number } & Interval; negativeLikelihoodRatio: { estimate: number } & Interval;
  diagnosticOddsRatio: { estimate: number } & Interval;
  warnings: string[];
};

/**
 * All measures of a 2×2 table of prediction against truth: shares with Wilson and Clopper–Pearson intervals, likelihood ratios
 * (Simel et al., J Clin Epidemiol 1991;44:763) and odds ratio with log-normal intervals, F1 = 2tp/(2tp+fp+fn),
 * MCC = (tp·tn − fp·fn)/√((tp+fp)(tp+fn)(tn+fp)(tn+fn)) (Matthews 1975), Cohen's kappa, and accuracy against the no-information rate.
 * What has no denominator is NaN and named in `warnings`. Intervals agree with Hmisc::binconf and R binom.test, the accuracy test with
 * binom.test(tp + tn, n, nir, "greater") as in caret::confusionMatrix.
 * @throws InputError on counts that are not whole or negative, no patients, a level outside 0 … 1
 */
export function confusionOf({ tp, fp, tn, fn }: Counts, { level = 0.95 }: { level?: number } = {}): Confusion {
  checkLevel("Confusion table", level);
  for (const [name, k] of Object.entries({ tp, fp, tn, fn })) {
    if (!(Number.isSafeInteger(k) && k >= 0)) throw new InputError(`Confusion table: ${name} is ${k}, expected a whole number of patients.`);
  }
  const n = tp + fp + tn + fn;
  if (n === 0) throw new InputError("Confusion table: there are no patients, at least one is needed; check how the set was chosen.");
  const events = tp + fn;
  const others = fp + tn;
  const right = tp + tn;
  const warnings: string[] = [];
  const note = (empty: boolean, what: string, why: string) => { if (empty) warnings.push(`${what} cannot be computed (NaN): ${why}.`); };
  note(events === 0, "Sensitivity", "no patient has the event");
  note(others === 0, "Specificity", "every patient has the event");
  note(tp + fp === 0, "Positive predictive value", "no patient is predicted positive");
  note(tn + fn === 0, "Negative predictive value", "no patient is predicted negative");
  const sensitivity = proportion(tp, events, level);
  const specificity = proportion(tn, others, level);
  const noInformationRate = Math.max(events, others) / n;
  const product = Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn);
  note(product === 0, "MCC", "a margin of the table is empty");
  const expected = ((tp + fp) / n) * (events / n) + ((tn + fn) / n) * (others / n);
  const z = normalQuantile(0.5 + level / 2);
  const ratio = (estimate: number, variance: number) => {
    const defined = estimate > 0 && estimate < Infinity;
    const half = z * Math.sqrt(variance);
    return { estimate, lower: defined ? exp(log(estimate) - half) : NaN, upper: defined ? exp(log(estimate) + half) : NaN };
  };
  const ratios = {
    positiveLikelihoodRatio: ratio(tp / events / (fp / others), 1 / tp - 1 / events + 1 / fp - 1 / others),
    negativeLikelihoodRatio: ratio(fn / events / (tn / others), 1 / fn - 1 / events + 1 / tn - 1 / others),
    diagnosticOddsRatio: ratio((tp * tn) / (fp * fn), 1 / tp + 1 / fp + 1 / tn + 1 / fn),
  };
  const open = Object.entries(ratios).filter(([, r]) => Number.isNaN(r.lower)).map(([name]) => ({ positiveLikelihoodRatio: "positive likelihood ratio", negativeLikelihoodRatio: "negative likelihood ratio" })[name] ?? "diagnostic odds ratio");
  note(open.length > 0, `The interval of the ${open.join(", ")}`, "a cell of the table is empty");
  return {
    tp, fp, tn, fn, n, events, level, sensitivity, specificity,
    ppv: proportion(tp, tp + fp, level), npv: proportion(tn, tn + fn, level), accuracy: proportion(right, n, level), prevalence: proportion(events, n, level),
    noInformationRate,
    // P(X >= right) of a binomial is a beta probability
    pAboveNoInformation: right === 0 ? 1 : noInformationRate === 1 ? 1 : betaCdf(noInformationRate, right, n - right + 1),
    balancedAccuracy: (sensitivity.estimate + specificity.estimate) / 2, youden: sensitivity.estimate + specificity.estimate - 1,
    f1: (2 * tp) / (2 * tp + fp + fn), mcc: product === 0 ? NaN : (tp * tn - fp * fn) / product, kappa: expected === 1 ? NaN : (right / n - expected) / (1 - expected),
    ...ratios, warnings,
  };
}

/**
 * The 2×2 table of a score cut at `threshold` (positive: score >= threshold) and all its measures, as confusionOf. Sources and agreement
 * with R as confusionOf.
 * @throws InputError on missing scores, unequal lengths, an outcome of one class, a threshold that is no number
 */
export function confusion(score: Numbers, event: Numbers, { threshold = 0.5, level = 0.95 }: { threshold?: number; level?: number } = {}): Confusion {
  if (Number.isNaN(threshold)) throw new InputError("Confusion table: the threshold is NaN, expected a number.");
  countClasses("Confusion table", score, event);
  return { ...confusionOf(countTable(score, event, threshold), { level }), threshold };
}
