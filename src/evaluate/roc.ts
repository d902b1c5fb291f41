import { order } from "../math/index.js";
import { countClasses, type Numbers } from "./binaryInput.js";

/**
 * Points by rising threshold: a patient is positive where score >= threshold. First −Infinity (all positive), last Infinity (none);
 * thresholds[k] lies between values[k − 1] and values[k], the distinct scores in ascending order.
 */
export type RocCurve = {
  thresholds: Float64Array; sensitivity: Float64Array; specificity: Float64Array; values: Float64Array; events: number; others: number; auc: number;
};

/**
 * ROC curve of a score. High scores always mean the event: the direction is never chosen from the data, so an AUC below .5 shows as
 * such (give −score where low values mean the event). Thresholds lie midway between neighbouring distinct scores. O(n log n).
 * Agrees with R pROC 1.18.0, roc(event, score, levels = c(0, 1), direction = "<").
 *
 * @param score n finite numbers
 * @param event n flags, 1 event, 0 none
 * @throws InputError on missing scores, unequal lengths, one class only
 */
export function rocCurve(score: Numbers, event: Numbers): RocCurve {
  const { n, events, others } = countClasses("ROC curve", score, event);
  const by = order(score);
  const thresholds: number[] = [];
  const values: number[] = [];
  const sensitivity: number[] = [];
  const specificity: number[] = [];
  let eventsBelow = 0;
  let othersBelow = 0;
  let twiceArea = 0;
  for (let k = 0; k < n; ) {
    const value = score[by[k]];
    thresholds.push(k === 0 ? -Infinity : midway(score[by[k - 1]], value));
    values.push(value);
    sensitivity.push((events - eventsBelow) / events);
    specificity.push(othersBelow / others);
    let eventsHere = 0;
    let here = 0;
    for (; k < n && score[by[k]] === value; k++, here++) eventsHere += event[by[k]];
    twiceArea += eventsHere * (2 * othersBelow + here - eventsHere);
    eventsBelow += eventsHere;
    othersBelow += here - eventsHere;
  }
  thresholds.push(Infinity);
  sensitivity.push(0);
  specificity.push(1);
  return {
    thresholds: Float64Array.from(thresholds), sensitivity: Float64Array.from(sensitivity), specificity: Float64Array.from(specificity),
    values: Float64Array.from(values), events, others, auc: twiceArea / (2 * events * others),
  };
}

/** A number above `a` and at most `b`, midway where floating point has one. */
function midway(a: number, b: number): number {
  const middle = a / 2 + b / 2;
  const exact = (a + b) / 2;
  const m = Number.isFinite(exact) ? exact : middle;
  return m > a ? m : b;
}

/**
 * Area under the ROC curve: the chance that a patient with the event scores above one without, ties counted one half
 * (Mann–Whitney U / n₁n₀; Bamber, J Math Psychol 1975;12:387). O(n log n). Agrees with pROC::auc.
 *
 * @param score n finite numbers, high means event; event n flags
 * @throws InputError on scores not finite, unequal lengths, one class
 */
export function auc(score: Numbers, event: Numbers): number {
  const { n, events, others } = countClasses("AUC", score, event);
  const by = order(score);
  let othersBelow = 0;
  let twice = 0;
  for (let k = 0; k < n; ) {
    const value = score[by[k]];
    let eventsHere = 0;
    let here = 0;
    for (; k < n && score[by[k]] === value; k++, here++) eventsHere += event[by[k]];
    twice += eventsHere * (2 * othersBelow + here - eventsHere);
    othersBelow += here - eventsHere;
  }
  return twice / (2 * events * others);
}
