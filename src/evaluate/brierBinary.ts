import { InputError, normalCdf, normalQuantile } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";
import { countClassesOfRisk, type Numbers } from "./binaryInput.js";

export type BrierScore = {
  brier: number; se: number; lower: number; upper: number;
  /** index of prediction accuracy: 1 − Brier / Brier of the prevalence for everyone (scaled Brier score) */
  ipa: number; nullBrier: number; level: number; n: number; events: number;
};
export type BrierComparison = { difference: number; se: number; lower: number; upper: number; z: number; p: number; level: number };

function losses(risk: Numbers, event: Numbers): Float64Array {
  return Float64Array.from(risk, (r, i) => (r - event[i]) * (r - event[i]));
}

/** Mean and its standard error, the standard deviation (n − 1) over √n. */
function meanAndError(values: Float64Array): { mean: number; se: number } {
  const n = values.length;
  let mean = 0;
  for (const v of values) mean += v;
  mean /= n;
  let squares = 0;
  for (const v of values) squares += (v - mean) * (v - mean);
  return { mean, se: Math.sqrt(squares / (n - 1) / n) };
}

/**
 * Brier score, the mean of (risk − outcome)², with its standard error sd/√n and normal interval, and the index of prediction accuracy
 * against giving everyone the prevalence. Brier, Mon Weather Rev 1950;78:1; Kattan & Gerds, Diagn Progn Res 2018;2:7.
 * Agrees with riskRegression 2022.11.28 Score(metrics = "brier", summary = "ipa").
 *
 * @param risk n probabilities, event n flags
 * @throws InputError on risks outside 0 … 1, unequal lengths, one class
 */
export function brierBinary(risk: Numbers, event: Numbers, { level = 0.95 }: { level?: number } = {}): BrierScore {
  checkLevel("Brier score", level);
  const { n, events, others } = countClassesOfRisk("Brier score", risk, event);
  const { mean, se } = meanAndError(losses(risk, event));
  const nullBrier = (events / n) * (others / n);
  const half = normalQuantile(0.5 + level / 2) * se;
  return { brier: mean, se, lower: mean - half, upper: mean + half, ipa: 1 - mean / nullBrier, nullBrier, level, n, events };
}

/**
 * Difference of two Brier scores of the same patients, first minus second, with the standard error of the paired losses.
 * Agrees with riskRegression Score's contrasts; "null" in place of the second stands for the prevalence for everyone. Brier, Mon Weather
 * Rev 1950;78:1.
 *
 * @param first n risks; second n risks; event n flags
 * @throws InputError on risks outside 0 … 1, unequal lengths, one class, a level outside 0 … 1
 */
export function compareBrier(first: Numbers, second: Numbers | "null", event: Numbers, { level = 0.95 }: { level?: number } = {}): BrierComparison {
  checkLevel("Brier score", level);
  const { n, events } = countClassesOfRisk("Brier score", first, event, "the first risk");
  const other = second === "null" ? new Float64Array(n).fill(events / n) : second;
  countClassesOfRisk("Brier score", other, event, "the second risk");
  if (n < 2) throw new InputError(`Brier score: ${n} patient, expected at least 2 for a comparison.`);
  const a = losses(first, event);
  const b = losses(other, event);
  const { mean, se } = meanAndError(a.map((v, i) => v - b[i]));
  const half = normalQuantile(0.5 + level / 2) * se;
  const z = mean === 0 && se === 0 ? 0 : mean / se;
  return { difference: mean, se, lower: mean - half, upper: mean + half, z, p: Math.min(1, 2 * normalCdf(Math.abs(z), { upper: true })), level };
}
