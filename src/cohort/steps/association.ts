import { chiSquaredCdf, coxData, coxLikelihood, dependentColumns, InputError, inverseForm, midranks, order, pearson } from "../../math/index.js";
import type { Outcome, SurvivalOutcome } from "../outcome.js";
import { meanVariance } from "./stepColumns.js";

/** A chi-squared statistic with its degrees of freedom (1 where not given) and its p. */
export type ScoreTest = { chiSquared: number; df?: number; p: number };

/**
 * Score test of one variable in a Cox model, without fitting it: U²/V at β = 0 with Efron's ties, one pass over rows sorted by
 * time. Agrees with R coxph(...)$score. The returned function shares the sorting among variables. Cox 1972; Efron, J Am Stat Assoc
 * 1977;72:557. A variable that does not vary while patients are at risk, or has a missing value, and an outcome without events: NaN.
 * @throws InputError on times and events that differ in length, times < 0 or not finite, events other than 0 and 1; the returned function
 * on a variable of another length
 */
export function coxVariableTest(outcome: SurvivalOutcome): (x: ArrayLike<number>) => ScoreTest {
  checkSurvival("coxVariableTest", outcome);
  const rising = order(outcome.time);
  const { time, event } = outcome;
  return (x) => {
    if (x.length !== time.length) throw new InputError(`coxVariableTest: the variable has ${x.length} values, but the outcome has ${time.length} rows; give both of the same patients in the same order.`);
    let n = 0, s1 = 0, s2 = 0, score = 0, information = 0;
    const { mean } = meanVariance(x);
    for (let k = rising.length - 1; k >= 0; ) {
      const t = time[rising[k]];
      let d = 0, d1 = 0, d2 = 0;
      for (; k >= 0 && time[rising[k]] === t; k--) {
        const v = x[rising[k]] - mean;
        n++;
        s1 += v;
        s2 += v * v;
        if (event[rising[k]] === 1) {
          d++;
          d1 += v;
          d2 += v * v;
        }
      }
      score += d1;
      for (let tied = 0; tied < d; tied++) {
        const away = tied / d;
        const left = n - tied;
        const m = (s1 - away * d1) / left;
        score -= m;
        information += (s2 - away * d2) / left - m * m;
      }
    }
    const chiSquared = information > 0 ? (score * score) / information : NaN;
    return { chiSquared, p: Number.isNaN(chiSquared) ? NaN : chiSquaredCdf(chiSquared, 1, { upper: true }) };
  };
}

/**
 * Score test of a category's k levels together in a Cox model, on k − 1 degrees of freedom, without fitting it: U'I⁻¹U at β = 0 of the
 * levels' indicators, Efron's ties (Cox, J R Stat Soc B 1972;34:187). Agrees with R coxph(Surv ~ factor)$score. Levels that no row has do not
 * count; one of which no row is at risk at an event is left out of the test as R leaves its NA. NaN where nothing is left.
 * @throws InputError on lengths that differ, times < 0, events other than 0 and 1, no event
 */
export function coxCategoryTest(codes: ArrayLike<number>, outcome: SurvivalOutcome): ScoreTest & { df: number } {
  const levels = [...new Set(Array.from(codes))].sort((a, b) => a - b).slice(1);
  const p = levels.length;
  const columns = levels.map((level) => Float64Array.from(codes, (c) => (c === level ? 1 : 0)));
  const data = coxData({ names: levels.map(String), columns, n: codes.length }, outcome);
  const { gradient, information } = coxLikelihood(data, new Float64Array(p), "efron");
  const aliased = dependentColumns(information, p, 1e-11);
  const kept = [...levels.keys()].filter((j) => !aliased.includes(j));
  if (kept.length === 0) return { chiSquared: NaN, df: 0, p: NaN };
  const chiSquared = inverseForm(information, kept, p, gradient);
  return { chiSquared, df: kept.length, p: chiSquaredCdf(chiSquared, kept.length, { upper: true }) };
}

/**
 * Martingale residuals of the model without variables: event − H(t), H the Nelson–Aalen hazard. Their sum over a group is its log-rank
 * score, observed − expected. Therneau, Grambsch & Fleming, Biometrika 1990;77:147. As R residuals(coxph(Surv ~ 1, ties = "breslow")).
 * @throws InputError on times and events that differ in length, times < 0 or not finite, events other than 0 and 1
 */
export function nullMartingale(outcome: SurvivalOutcome): Float64Array {
  checkSurvival("nullMartingale", outcome);
  const { time, event } = outcome;
  const rising = order(time);
  const n = time.length;
  const residual = new Float64Array(n);
  let hazard = 0;
  for (let k = 0; k < n; ) {
    let end = k, deaths = 0;
    for (; end < n && time[rising[end]] === time[rising[k]]; end++) deaths += event[rising[end]];
    hazard += deaths / (n - k);
    for (; k < end; k++) residual[rising[k]] = event[rising[k]] - hazard;
  }
  return residual;
}

/**
 * Rao score test of one variable in a logistic model: n·r² with the 0/1 outcome. Agrees with R anova(glm, test = "Rao"). Rao 1948. NaN where
 * the variable or the outcome does not vary, or a value is missing.
 * @throws InputError on lengths that differ, events other than 0 and 1
 */
export function logisticVariableTest(x: ArrayLike<number>, event: ArrayLike<number>): ScoreTest {
  if (x.length !== event.length) throw new InputError(`logisticVariableTest: the variable has ${x.length} values, but the outcome has ${event.length} rows; give both of the same patients in the same order.`);
  checkEvents("logisticVariableTest", event);
  return logisticScore(x, event);
}

/** `logisticVariableTest` for a step that has checked its outcome once for all columns. */
export function logisticScore(x: ArrayLike<number>, event: ArrayLike<number>): ScoreTest {
  const r = pearson(x, event);
  const chiSquared = x.length * r * r;
  return { chiSquared, p: Number.isNaN(chiSquared) ? NaN : chiSquaredCdf(chiSquared, 1, { upper: true }) };
}

function checkEvents(who: string, event: ArrayLike<number>): void {
  for (let i = 0; i < event.length; i++) {
    if (event[i] !== 0 && event[i] !== 1) throw new InputError(`${who}: event of row ${i + 1} is ${event[i]}, expected 1 (event) or 0; leave out rows without an outcome.`);
  }
}

function checkSurvival(who: string, { time, event }: SurvivalOutcome): void {
  if (time.length !== event.length) throw new InputError(`${who}: ${time.length} times against ${event.length} events, expected as many; give both of the same patients in the same order.`);
  for (let i = 0; i < time.length; i++) {
    if (!(time[i] >= 0 && time[i] < Infinity)) throw new InputError(`${who}: time of row ${i + 1} is ${time[i]}, expected a finite number, 0 or more; leave out rows without follow-up.`);
  }
  checkEvents(who, event);
}

/**
 * How strongly a variable goes with the outcome, for choosing between variables: |AUC − ½| (binary), |Spearman| (continuous),
 * score-test χ² of Cox (survival). A constant variable has −1.
 */
export function strengthOf(step: string, outcome: Outcome, n: number): (x: Float64Array) => number {
  checkOutcome(step, outcome, n);
  const positive = (v: number) => (Number.isNaN(v) ? -1 : v);
  switch (outcome.kind) {
    case "survival": {
      const test = coxVariableTest(outcome);
      return (x) => positive(test(x).chiSquared);
    }
    case "continuous": {
      const ranks = midranks(outcome.value).ranks;
      return (x) => positive(Math.abs(pearson(midranks(x).ranks, ranks)));
    }
    case "binary": {
      const events = outcome.event.reduce((a, b) => a + b, 0);
      return (x) => {
        if (x.every((v) => v === x[0])) return -1;
        const { ranks } = midranks(x);
        let sum = 0;
        for (let i = 0; i < n; i++) if (outcome.event[i] === 1) sum += ranks[i];
        return Math.abs((sum - (events * (events + 1)) / 2) / (events * (n - events)) - 0.5);
      };
    }
  }
}

/** InputError where the outcome does not fit the table or says nothing: one class, no event. */
export function checkOutcome(step: string, outcome: Outcome, n: number): void {
  const length = outcome.kind === "continuous" ? outcome.value.length : outcome.event.length;
  if (length !== n) throw new InputError(`The outcome has ${length} rows, but the table given to ${step} has ${n}. Select the same rows of both.`);
  if (outcome.kind === "continuous") {
    if (outcome.value.some((v) => !Number.isFinite(v))) throw new InputError(`The outcome ${outcome.name} has missing or infinite values, but ${step} expects every row's. Leave those rows out.`);
    return;
  }
  const events = outcome.event.reduce((a, b) => a + b, 0);
  if (events === 0) throw new InputError(`The outcome ${outcome.name} has no event in ${n} rows, so ${step} cannot be fitted. Check its coding or the split.`);
  if (outcome.kind === "binary" && events === n) throw new InputError(`The outcome ${outcome.name} is 1 in all ${n} rows, so ${step} cannot be fitted. Check its coding or the split.`);
}
