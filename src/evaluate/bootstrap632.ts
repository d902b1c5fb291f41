import { bootstrapRows, InputError, type Random } from "../math/index.js";
import { checkRisk, countClasses, type Numbers } from "./binaryInput.js";
import { allRows, type Fitting } from "./fitting.js";
import { auc } from "./roc.js";

export type Bootstrap632 = {
  loss: string;
  /** error on the training rows, on the rows left out of each sample, and if predictions had nothing to do with outcomes */
  apparent: number; leftOut: number; noInformation: number;
  /** relative overfitting rate in 0 … 1, and the weight of leftOut, .632 … 1 */
  overfitting: number; weight: number;
  error632: number; error632plus: number;
  used: number; failures: string[]; warnings: string[];
};

/**
 * The .632+ estimate of a binary model's prediction error: (1 − w)·apparent + w·min(left-out, γ) with w = .632/(1 − .368 R),
 * R = (left-out − apparent)/(γ − apparent) in 0 … 1, γ the no-information error. Efron & Tibshirani, J Am Stat Assoc 1997;92:548.
 * Loss "brier" (squared distance of the risk), "error" (share wrong at `threshold`), each left-out error a mean over rows of means over the samples
 * that lack the row; or "auc" for 1 − AUC of the left-out rows, γ = ½ (Adler & Lausen, Comput Stat Data Anal 2009;53:718).
 *
 * @param fitting predicts risks; the whole selection belongs inside
 * @param event n flags
 * @throws InputError on one class, predictions on all rows that are no risks, or where no sample could be fitted; a sample that fails is named in `failures`
 */
export function bootstrap632<Model>(
  fitting: Fitting<Model>, event: Numbers,
  { random, resamples = 200, loss = "brier", threshold = 0.5 }: { random: Random; resamples?: number; loss?: "brier" | "error" | "auc"; threshold?: number },
): Bootstrap632 {
  const n = event.length;
  const { events } = countClasses(".632+", event, event, "outcome");
  if (!["brier", "error", "auc"].includes(loss)) throw new InputError(`.632+: the loss is "${loss as string}", expected "brier", "error" or "auc".`);
  if (!(Number.isInteger(resamples) && resamples > 0)) throw new InputError(`.632+: ${resamples} bootstrap samples asked for, expected a whole number above 0.`);
  if (!Number.isFinite(threshold)) throw new InputError(`.632+: the threshold is ${threshold}, expected a number such as 0.5.`);
  const rows = allRows(n);
  const samples = Array.from({ length: resamples }, () => bootstrapRows(n, random));
  const own = fitting.predict(fitting.fit(rows, random.stream("apparent")), rows);
  if (loss !== "auc") checkRisk(".632+", own);
  const lossOf = (p: number, y: number) => (loss === "brier" ? (p - y) * (p - y) : (p >= threshold) === (y === 1) ? 0 : 1);
  const total = new Float64Array(n);
  const count = new Int32Array(n);
  let [areas, areaCount] = [0, 0];
  const failures: string[] = [];
  for (const [b, sample] of samples.entries()) {
    const inside = new Uint8Array(n);
    for (const i of sample) inside[i] = 1;
    const outside = rows.filter((i) => inside[i] === 0);
    try {
      const p = fitting.predict(fitting.fit(sample, random.stream(b)), outside);
      if (loss !== "auc") checkRisk(".632+", p);
      if (loss === "auc") {
        const y = Float64Array.from(outside, (i) => event[i]);
        if (y.includes(1) && y.includes(0)) { areas += 1 - auc(p, y); areaCount++; }
      } else outside.forEach((i, k) => { total[i] += lossOf(p[k], event[i]); count[i]++; });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failures.push(`Sample ${b + 1}: ${error.message}`);
    }
  }
  const used = loss === "auc" ? areaCount : resamples - failures.length;
  if (used === 0) throw new InputError(`.632+: none of ${resamples} bootstrap samples gave a value. ${failures[0] ?? "Every left-out part has one class only."}`);
  let [apparent, leftOut, never] = [0, 0, 0];
  if (loss === "auc") {
    apparent = 1 - auc(own, event);
    leftOut = areas / areaCount;
  } else {
    for (let i = 0; i < n; i++) {
      apparent += lossOf(own[i], event[i]) / n;
      if (count[i] === 0) never++;
      else leftOut += total[i] / count[i];
    }
    leftOut /= n - never;
  }
  const share = events / n;
  let noInformation = 0.5;
  if (loss === "brier") {
    const mean = own.reduce((s, p) => s + p, 0) / n;
    noInformation = share - 2 * share * mean + own.reduce((s, p) => s + p * p, 0) / n;
  } else if (loss === "error") {
    const positive = own.filter((p) => p >= threshold).length / n;
    noInformation = share * (1 - positive) + (1 - share) * positive;
  }
  const bounded = Math.min(leftOut, noInformation);
  const overfitting = leftOut > apparent && noInformation > apparent ? Math.min(1, (leftOut - apparent) / (noInformation - apparent)) : 0;
  const weight = 0.632 / (1 - 0.368 * overfitting);
  const warnings: string[] = [];
  if (never > 0) warnings.push(`.632+: ${never} rows were in every sample and have no left-out error; draw more samples.`);
  if (failures.length > 0) warnings.push(`.632+: ${failures.length} of ${resamples} samples could not be fitted; first: ${failures[0]}`);
  return {
    loss, apparent, leftOut, noInformation, overfitting, weight, error632: 0.368 * apparent + 0.632 * leftOut,
    error632plus: (1 - weight) * apparent + weight * bounded, used, failures, warnings,
  };
}
