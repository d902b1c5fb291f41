import { InputError } from "../math/index.js";

/** Numbers read by position: a typed array or a plain one. */
export type Numbers = ArrayLike<number>;

/** Checks a score (any finite number a patient) against its outcome (0 or 1 a patient) and counts the events; both classes must occur. */
export function countClasses(who: string, score: Numbers, event: Numbers, name = "score"): { n: number; events: number; others: number } {
  sameLengthNumbers(who, name, score, "outcome", event);
  const counts = countEvents(who, event);
  for (let i = 0; i < score.length; i++) {
    if (!Number.isFinite(score[i])) throw new InputError(`${who}: ${name} of row ${i + 1} is ${score[i]}, expected a finite number; leave the row out or impute first.`);
  }
  return counts;
}

/** The same of the outcome alone. */
export function countEvents(who: string, event: Numbers): { n: number; events: number; others: number } {
  const n = event.length;
  if (n === 0) throw new InputError(`${who}: there are no patients, at least one with and one without the event are needed; check how the set was chosen.`);
  let events = 0;
  for (let i = 0; i < n; i++) {
    // 0 for 0 and 1 alone: one question with one answer is quicker than two
    if (event[i] * (event[i] - 1) !== 0) throw new InputError(`${who}: the outcome of row ${i + 1} is ${event[i]}, expected 0 or 1; leave out rows without an outcome.`);
    events += event[i];
  }
  if (events === 0 || events === n) {
    throw new InputError(`${who}: all ${n} patients are ${events === 0 ? "without" : "with"} the event, both classes are needed; join sets or take another outcome.`);
  }
  return { n, events, others: n - events };
}

/** As countClasses, for predicted risks, which must lie in 0 … 1. */
export function countClassesOfRisk(who: string, risk: Numbers, event: Numbers, name = "risk"): { n: number; events: number; others: number } {
  const counts = countClasses(who, risk, event, name);
  checkRisk(who, risk, name);
  return counts;
}

/** Every risk is a number in 0 … 1. */
export function checkRisk(who: string, risk: Numbers, name = "risk"): void {
  for (let i = 0; i < risk.length; i++) {
    if (!(risk[i] >= 0 && risk[i] <= 1)) {
      throw new InputError(`${who}: ${name} of row ${i + 1} is ${risk[i]}, expected a probability in 0 … 1; turn linear predictors into risks first.`);
    }
  }
}

export function sameLengthNumbers(who: string, a: string, x: Numbers, b: string, y: Numbers): void {
  if (x.length !== y.length) throw new InputError(`${who}: ${a} has ${x.length} rows but ${b} has ${y.length}; they must be of the same patients in the same order.`);
}
