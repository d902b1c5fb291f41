import { InputError, normalCdf, normalQuantile, orderWithTies, tCdf, tQuantile, type Alternative, type Ordered } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";
import { countClasses, countEvents, sameLengthNumbers, type Numbers } from "./binaryInput.js";

/** AUC with DeLong's variance and a normal interval, cut at 0 and 1. */
export type AucInterval = { auc: number; variance: number; se: number; lower: number; upper: number; level: number; events: number; others: number; warnings: string[] };

/** Two AUCs compared; `statistic` is z (paired) or t with `df` (unpaired); the interval is of auc[0] − auc[1]. */
export type AucComparison = {
  method: string; auc: [number, number]; difference: number; se: number; lower: number; upper: number; level: number;
  statistic: number; df: number; p: number; alternative: Alternative; covariance: number; warnings: string[];
};

const FEW = 10;

/**
 * DeLong's structural components, by patient, as whole numbers: of an event twice the others below it (a tied one counts 1), of another
 * twice the events above it. The component is this over twice the size of the other class.
 */
type Components = { auc: number; twice: Int32Array };

/** The components of a score; one that is not finite stands at an end of its order, and is then looked for. */
function componentsOf(who: string, name: string, score: Numbers, event: Uint8Array, events: number, others: number): Components {
  sameLengthNumbers(who, name, score, "outcome", event);
  const ordered = orderWithTies(score);
  const { by } = ordered;
  if (!Number.isFinite(score[by[0]]) || !Number.isFinite(score[by[by.length - 1]])) countClasses(who, score, event, name);
  return components(ordered, event, events, others);
}

/** O(n), once sorted. No step asks which class a patient is of: where a hundred thousand come in random order, such questions are guessed wrong. */
function components({ by, rises }: Ordered, event: Uint8Array, events: number, others: number): Components {
  const n = event.length;
  // the events stand where their components will: one place of memory is fetched in place of two
  const twice = new Int32Array(event);
  let all = 0;
  let eventsBelow = 0;
  for (let k = 0; k < n; ) {
    const i = by[k];
    const own = twice[i];
    if (k + 1 === n || rises[k + 1] === 1) {
      const ofEvent = 2 * (k - eventsBelow);
      const ofOther = 2 * (events - eventsBelow);
      twice[i] = ofOther + (-own & (ofEvent - ofOther));
      all += -own & ofEvent;
      eventsBelow += own;
      k++;
      continue;
    }
    let end = k;
    let here = 0;
    do here += twice[by[end++]]; while (end < n && rises[end] === 0);
    const ofEvent = 2 * (k - eventsBelow) + end - k - here;
    const ofOther = 2 * (events - eventsBelow) - here;
    all += here * ofEvent;
    eventsBelow += here;
    for (; k < end; k++) twice[by[k]] = ofOther + (-twice[by[k]] & (ofEvent - ofOther));
  }
  return { auc: all / (2 * events * others), twice };
}

/**
 * Variances and covariance of two AUCs, S₁₀/n₁ + S₀₁/n₀ with the sample covariances (n − 1) of the components; NaN where a class has one
 * patient. One pass for the three.
 */
function covariancesOf(a: Components, b: Components, event: Uint8Array, events: number, others: number): [number, number, number] {
  // over all patients, and over the events
  let xx = 0, yy = 0, xy = 0, xx1 = 0, yy1 = 0, xy1 = 0;
  const sizes = Float64Array.of(2 * events, 2 * others);
  const shares = Float64Array.of(0, 1);
  for (let i = 0; i < event.length; i++) {
    const size = sizes[event[i]];
    const own = shares[event[i]];
    const x = a.twice[i] / size - a.auc;
    const y = b.twice[i] / size - b.auc;
    xx += x * x;
    yy += y * y;
    xy += x * y;
    xx1 += own * (x * x);
    yy1 += own * (y * y);
    xy1 += own * (x * y);
  }
  const of = (all: number, own: number) => own / (events > 1 ? events - 1 : NaN) / events + (all - own) / (others > 1 ? others - 1 : NaN) / others;
  return [of(xx, xx1), of(yy, yy1), of(xy, xy1)];
}

function fewWarnings(who: string, events: number, others: number, variances: number[]): string[] {
  const warnings: string[] = [];
  const least = Math.min(events, others);
  if (least === 1) warnings.push(`${who}: only one patient ${events === 1 ? "with" : "without"} the event, so the variance cannot be computed (NaN); report the AUC without interval.`);
  else if (least < FEW) warnings.push(`${who}: only ${least} patients ${events <= others ? "with" : "without"} the event; DeLong's normal approximation is poor, use a bootstrap or permutation beside it.`);
  if (variances.some((v) => v === 0)) warnings.push(`${who}: the variance is 0 (classes separated or score constant), the interval has no width; it is not certainty, use an exact or bootstrap method.`);
  return warnings;
}

/**
 * Area under the ROC curve with DeLong's variance, S₁₀/n₁ + S₀₁/n₀, and the interval AUC ± z·SE cut at 0 and 1.
 * DeLong, DeLong & Clarke-Pearson, Biometrics 1988;44:837, by ranks (Sun & Xu, IEEE Signal Process Lett 2014;21:1389): O(n log n).
 * Agrees with R pROC 1.18.0 ci.auc and var. Fewer than 2 patients in a class give a NaN variance with a warning.
 *
 * @param score n finite numbers, high means event
 * @param event n flags, 1 event, 0 none
 * @throws InputError on missing scores, unequal lengths, one class only
 */
export function aucDelong(score: Numbers, event: Numbers, { level = 0.95 }: { level?: number } = {}): AucInterval {
  checkLevel("AUC", level);
  const { events, others } = countEvents("AUC", event);
  const flags = Uint8Array.from(event);
  const parts = componentsOf("AUC", "score", score, flags, events, others);
  const [variance] = covariancesOf(parts, parts, flags, events, others);
  const se = Math.sqrt(variance);
  const half = normalQuantile(0.5 + level / 2) * se;
  return {
    auc: parts.auc, variance, se, lower: Math.max(0, parts.auc - half), upper: Math.min(1, parts.auc + half), level, events, others,
    warnings: fewWarnings("AUC", events, others, [variance]),
  };
}

/**
 * Covariance matrix of the AUCs of several scores of the same patients. DeLong 1988; agrees with pROC::cov.
 * @param scores m scores of n patients each
 * @returns AUCs (m) and the m×m matrix
 * @throws InputError on scores not finite, unequal lengths, one class
 */
export function aucCovariance(scores: Numbers[], event: Numbers): { auc: number[]; covariance: number[][] } {
  const { events, others } = countEvents("AUC covariance", event);
  const flags = Uint8Array.from(event);
  const parts = scores.map((score, k) => componentsOf("AUC covariance", `score ${k + 1}`, score, flags, events, others));
  return { auc: parts.map((p) => p.auc), covariance: parts.map((a) => parts.map((b) => covariancesOf(a, b, flags, events, others)[2])) };
}

/**
 * Comparison of two AUCs on the same patients: z = (A − B) / √(V_A + V_B − 2 C_AB), two-sided p from the normal distribution.
 * DeLong, DeLong & Clarke-Pearson 1988. Agrees with pROC::roc.test(method = "delong", paired = TRUE).
 * For nested models on the data they were fitted on the test is not valid (Demler et al., Stat Med 2012;31:2577): use the likelihood ratio test.
 *
 * @param a, b scores of the same n patients
 * @throws InputError as aucDelong. Equal scores give difference 0 and p 1.
 */
export function delongPaired(
  a: Numbers, b: Numbers, event: Numbers, { level = 0.95, alternative = "two.sided" }: { level?: number; alternative?: Alternative } = {},
): AucComparison {
  checkLevel("DeLong's test", level);
  checkAlternative(alternative);
  sameLengthNumbers("DeLong's test", "the first score", a, "the second score", b);
  const { events, others } = countEvents("DeLong's test", event);
  const flags = Uint8Array.from(event);
  const x = componentsOf("DeLong's test", "the first score", a, flags, events, others);
  const y = componentsOf("DeLong's test", "the second score", b, flags, events, others);
  const [vx, vy, c] = covariancesOf(x, y, flags, events, others);
  const difference = x.auc - y.auc;
  // rounding leaves a trace where both rank all patients alike
  const left = vx + vy - 2 * c;
  const variance = left <= 1e-14 * (vx + vy) ? 0 : left;
  const se = Math.sqrt(variance);
  const half = normalQuantile(0.5 + level / 2) * se;
  const statistic = variance === 0 && difference === 0 ? 0 : difference / se;
  const warnings = fewWarnings("DeLong's test", events, others, []);
  if (variance === 0) warnings.push("DeLong's test: the difference has no variance (both scores rank the patients alike, or separate them wholly), so p says nothing.");
  return {
    method: "DeLong's test for two correlated ROC curves", auc: [x.auc, y.auc], difference, se, lower: difference - half, upper: difference + half, level,
    statistic, df: Infinity, p: tail(alternative, (upper) => normalCdf(statistic, { upper }), statistic), alternative, covariance: c, warnings,
  };
}

type Sample = { score: Numbers; event: Numbers };

/**
 * Comparison of two AUCs on different patients: t = (A − B) / √(V_A + V_B) with Welch–Satterthwaite degrees of freedom
 * (V_A + V_B)² / (V_A²/(n_A − 1) + V_B²/(n_B − 1)). Agrees with pROC::roc.test(method = "delong", paired = FALSE), which gives no interval.
 * DeLong, DeLong & Clarke-Pearson, Biometrics 1988;44:837.
 * @throws InputError as aucDelong
 */
export function delongUnpaired(
  a: Sample, b: Sample, { level = 0.95, alternative = "two.sided" }: { level?: number; alternative?: Alternative } = {},
): AucComparison {
  checkLevel("DeLong's test", level);
  checkAlternative(alternative);
  const [x, y] = [aucDelong(a.score, a.event), aucDelong(b.score, b.event)];
  const difference = x.auc - y.auc;
  const variance = x.variance + y.variance;
  const se = Math.sqrt(variance);
  const df = (variance * variance) /
    ((x.variance * x.variance) / (a.event.length - 1) + (y.variance * y.variance) / (b.event.length - 1));
  const known = variance > 0;
  const statistic = known ? difference / se : difference === 0 && variance === 0 ? 0 : difference / se;
  const half = known ? tQuantile(0.5 + level / 2, df) * se : variance === 0 ? 0 : NaN;
  const warnings = [...x.warnings.map((w) => `First set: ${w}`), ...y.warnings.map((w) => `Second set: ${w}`)];
  return {
    method: "DeLong's test for two ROC curves", auc: [x.auc, y.auc], difference, se, lower: difference - half, upper: difference + half, level, statistic, df,
    p: known ? tail(alternative, (upper) => tCdf(statistic, df, { upper }), statistic) : NaN, alternative, covariance: 0, warnings,
  };
}

function tail(alternative: Alternative, cdf: (upper: boolean) => number, statistic: number): number {
  if (Number.isNaN(statistic)) return NaN;
  if (alternative === "two.sided") return Math.min(1, 2 * cdf(statistic > 0));
  return cdf(alternative === "greater");
}

function checkAlternative(alternative: string): void {
  if (!["two.sided", "less", "greater"].includes(alternative)) {
    throw new InputError(`DeLong's test: the alternative is "${alternative}", expected "two.sided", "less" or "greater".`);
  }
}
