import { exp, InputError, log, normalCdf, normalQuantile } from "../math/index.js";
import { concordantPairs, type PairSums } from "./concordantPairs.js";
import { checkLevel } from "./checkLevel.js";
import { checkFollowUp, checkWeights, groupCodes, type FollowUp } from "./followUp.js";

export type ConcordanceOptions = {
  weights?: ArrayLike<number>;
  /** pairs are compared within a stratum only (codes, whole numbers >= 0) */
  strata?: ArrayLike<number>;
  /**
   * weight of an event's pairs at time t: "n" (default, Harrell), "n/G2" (Uno: 1/G(t−)²), "S", "S/G" (equal to n/G2 in effect), "I" (1/n(t));
   * G is the censoring curve in which events come before censoring at the same time
   */
  timeWeight?: "n" | "n/G2" | "S" | "S/G" | "I";
  /** τ: only events at times <= tau count; Uno's τ. Default: all */
  tau?: number;
  level?: number;
};

export type Concordance = {
  /** (concordant + ½ tied in the predictor) / (concordant + discordant + tied in the predictor) */
  c: number; standardError: number; lower: number; upper: number; level: number;
  /** (weighted) pairs; tiedTime: both events at one time, tiedBoth: and the same predictor; neither enters c */
  concordant: number; discordant: number; tiedPredictor: number; tiedTime: number; tiedBoth: number;
  /** influence of each patient on c (sums to about 0); variance = Σ influence² */
  influence: Float64Array;
  n: number; events: number; warnings: string[];
};

/**
 * Concordance of a predictor with survival: of the pairs whose order in time is known (an event at t against follow-up beyond t, or censored at
 * t), the share in which the one with the earlier event has the higher predictor; predictor ties count ½. Standard error by the infinitesimal
 * jackknife √Σ (wᵢ ∂C/∂wᵢ)², the time weights held fixed; interval on the logit scale, which stays inside (0, 1).
 * Harrell et al., JAMA 1982;247:2543; Uno et al., Stat Med 2011;30:1105 with timeWeight "n/G2" and tau;
 * Therneau & Watson, Mayo technical report 2015. Agrees with R survival 3.5-3
 * `concordance(Surv(time, event) ~ predictor + strata(s), weights, timewt, ymax, reverse = TRUE)`. O(n log n).
 * R prints no interval; C ± z·se is `c ± z * standardError`.
 *
 * @param predictor  n finite numbers, higher = earlier event (a risk score or Cox linear predictor; turn a survival probability's sign)
 * @throws InputError on follow-up, weights and level as kaplanMeier; predictors or strata not finite, tau not above 0, an unknown timeWeight
 */
export function concordance(data: FollowUp, predictor: ArrayLike<number>, options: ConcordanceOptions = {}): Concordance {
  const n = checkFollowUp("concordance", data, { predictor, weights: options.weights, strata: options.strata });
  checkWeights("concordance", options.weights, n);
  const { level = 0.95, tau = Infinity, timeWeight = "n" } = options;
  checkLevel("concordance", level);
  if (!(tau > 0)) throw new InputError(`concordance: tau is ${tau}; it must be a time > 0.`);
  if (!["n", "n/G2", "S", "S/G", "I"].includes(timeWeight)) throw new InputError(`concordance: timeWeight "${timeWeight}" is not known; choose n, n/G2, S, S/G or I.`);
  const weights = options.weights ?? new Float64Array(n).fill(1);
  const sums = options.strata === undefined
    ? concordantPairs(data, predictor, weights, timeWeight, tau, true)
    : overStrata(data, predictor, weights, options.strata, timeWeight, tau);
  const usable = sums.concordant + sums.discordant + sums.tiedPredictor;
  const c = usable > 0 ? (sums.concordant + sums.tiedPredictor / 2) / usable : NaN;
  const influence = new Float64Array(n);
  let variance = 0;
  let events = 0;
  for (let i = 0; i < n; i++) {
    influence[i] = usable > 0 ? (weights[i] * (sums.concordantOf[i] + sums.tiedOf[i] / 2 - c * (sums.concordantOf[i] + sums.discordantOf[i] + sums.tiedOf[i]))) / usable : NaN;
    variance += influence[i] * influence[i];
    events += data.event[i];
  }
  const standardError = usable > 0 ? Math.sqrt(variance) : NaN;
  const warnings: string[] = [];
  if (!(usable > 0)) warnings.push(`No pair of patients can be put in order (${events} events among ${n}): C is not defined.`);
  else if (standardError === 0) warnings.push("Every comparable pair agrees (or every one is tied): the standard error is 0 and the interval has no width; do not read it as certainty.");
  const [lower, upper] = logitInterval(c, standardError, level);
  return {
    c, standardError, lower, upper, level, concordant: sums.concordant, discordant: sums.discordant, tiedPredictor: sums.tiedPredictor,
    tiedTime: sums.tiedTime, tiedBoth: sums.tiedBoth, influence, n, events, warnings,
  };
}

function overStrata(data: FollowUp, predictor: ArrayLike<number>, weights: ArrayLike<number>, strata: ArrayLike<number>, timeWeight: NonNullable<ConcordanceOptions["timeWeight"]>, tau: number): PairSums {
  const { codes, of } = groupCodes("concordance", "stratum", strata);
  const n = weights.length;
  const all: PairSums = { concordant: 0, discordant: 0, tiedPredictor: 0, tiedTime: 0, tiedBoth: 0, concordantOf: new Float64Array(n), discordantOf: new Float64Array(n), tiedOf: new Float64Array(n) };
  const members: number[][] = codes.map(() => []);
  of.forEach((s, i) => members[s].push(i));
  for (const rows of members) {
    const take = (x: ArrayLike<number>) => Float64Array.from(rows, (i) => x[i]);
    const one = concordantPairs({ time: take(data.time), event: take(data.event) }, take(predictor), take(weights), timeWeight, tau, true);
    for (const key of ["concordant", "discordant", "tiedPredictor", "tiedTime", "tiedBoth"] as const) all[key] += one[key];
    rows.forEach((i, k) => {
      all.concordantOf[i] = one.concordantOf[k];
      all.discordantOf[i] = one.discordantOf[k];
      all.tiedOf[i] = one.tiedOf[k];
    });
  }
  return all;
}

function logitInterval(c: number, se: number, level: number): [number, number] {
  if (Number.isNaN(c) || c <= 0 || c >= 1) return [c, c];
  const z = normalQuantile(1 - (1 - level) / 2);
  const centre = log(c / (1 - c));
  const half = (z * se) / (c * (1 - c));
  return [1 / (1 + exp(half - centre)), 1 / (1 + exp(-half - centre))];
}

export type ConcordanceComparison = { c: [number, number]; covariance: [[number, number], [number, number]]; difference: number; standardError: number; lower: number; upper: number; z: number; p: number; level: number; warnings: string[] };

/**
 * Do two predictors of the same patients differ in concordance? first − second, with the covariance Σ influence₁·influence₂ of the infinitesimal
 * jackknife; z and p two-sided. Agrees with R survival 3.5-3 `concordance(fit1, fit2)` and its `vcov`; `timeWeight: "n/G2"` compares Uno's C.
 * @throws InputError as concordance
 */
export function compareConcordance(data: FollowUp, first: ArrayLike<number>, second: ArrayLike<number>, options: ConcordanceOptions = {}): ConcordanceComparison {
  const a = concordance(data, first, options);
  const b = concordance(data, second, options);
  let shared = 0;
  let variance = 0;
  for (let i = 0; i < a.n; i++) {
    shared += a.influence[i] * b.influence[i];
    variance += (a.influence[i] - b.influence[i]) * (a.influence[i] - b.influence[i]);
  }
  const difference = a.c - b.c;
  const standardError = Math.sqrt(variance);
  const z = standardError > 0 ? difference / standardError : NaN;
  const half = normalQuantile(1 - (1 - a.level) / 2) * standardError;
  const warnings = [...new Set([...a.warnings, ...b.warnings])];
  if (standardError === 0) warnings.push("The two predictors order every pair alike: their difference has no spread and no test.");
  return {
    c: [a.c, b.c], covariance: [[a.standardError * a.standardError, shared], [shared, b.standardError * b.standardError]], difference, standardError,
    lower: difference - half, upper: difference + half, z, p: Number.isNaN(z) ? NaN : 2 * normalCdf(-Math.abs(z)), level: a.level, warnings,
  };
}
