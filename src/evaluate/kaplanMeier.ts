import { exp, log, normalQuantile, InputError } from "../math/index.js";
import { checkLevel } from "./checkLevel.js";
import { checkFollowUp, checkTimes, checkWeights, lastAtMost, lastBelow, timeGrid, type FollowUp } from "./followUp.js";

export type SurvivalInterval = "plain" | "log" | "log-log";
export type KaplanMeierOptions = {
  weights?: ArrayLike<number>;
  /** scale on which the interval is symmetric; default "log-log" (R's survfit has "log", lifelines "log-log") */
  interval?: SurvivalInterval;
  level?: number;
  /** "kaplanMeier" (default), or exp(−H) with H Nelson–Aalen, or exp(−H) with H corrected for ties (Fleming–Harrington) */
  estimator?: "kaplanMeier" | "nelsonAalen" | "flemingHarrington";
  /** "greenwood" or "robust" (infinitesimal jackknife); default robust where a weight is not a whole number, as survfit */
  variance?: "greenwood" | "robust";
};

/** A step function over every distinct follow-up time: survival[k] holds from time[k] until time[k + 1]; before time[0] it is 1. */
export type SurvivalCurve = {
  time: number[];
  /** (weighted) numbers at risk just before, with the event at, and censored at time[k] */
  atRisk: number[]; events: number[]; censored: number[];
  survival: number[];
  /** standard error of log S(t) (= of the cumulative hazard); that of S(t) is survival · this */
  standardErrorOfLog: number[];
  lower: number[]; upper: number[];
  /** Nelson–Aalen (or its tie-corrected form with estimator "flemingHarrington") and its standard error */
  cumulativeHazard: number[]; cumulativeHazardSe: number[];
  /** patients, their weight, events (weighted) */
  n: number; weight: number; eventTotal: number;
  interval: SurvivalInterval; level: number; variance: "greenwood" | "robust";
  /** with variance "robust": Σ w² of those with the event at, and censored at time[k] */
  squares?: { events: number[]; censored: number[] };
  warnings: string[];
};

/**
 * Kaplan–Meier survival curve S(t) = ∏_{tᵢ ≤ t} (1 − dᵢ/nᵢ) with Greenwood's variance of log S, Σ dᵢ/(nᵢ(nᵢ − dᵢ)), and
 * pointwise intervals: plain S ± z·se, log exp(log S ± z·se/S), log-log exp(−exp(log(−log S) ± z·se/(S·log S))), cut at 0 and 1.
 * Kaplan & Meier, J Am Stat Assoc 1958;53:457; Greenwood 1926; Kalbfleisch & Prentice 1980 (log-log); Nelson 1972 and Aalen 1978.
 * Agrees with R survival 3.5-3 `survfit(Surv(time, event) ~ 1, weights, conf.type, stype, ctype)`, near-equal times merged.
 * With weights that are not whole the variance is the infinitesimal jackknife Σ wᵢ²(∂ log S/∂wᵢ)², as survfit's.
 * Where S = 0 the interval is not defined: NaN.
 *
 * @param data     time (any one unit, >= 0) and event (1/0) of n patients; censored at t counts as at risk at t
 * @throws InputError on unequal lengths, missing or negative times, events other than 0/1, bad weights or level
 */
export function kaplanMeier(data: FollowUp, options: KaplanMeierOptions = {}): SurvivalCurve {
  const n = checkFollowUp("kaplanMeier", data, { weights: options.weights });
  checkWeights("kaplanMeier", options.weights, n);
  const { interval = "log-log", level = 0.95, estimator = "kaplanMeier" } = options;
  checkLevel("kaplanMeier", level);
  if (!["plain", "log", "log-log"].includes(interval)) throw new InputError(`kaplanMeier: interval "${interval}" is not known; choose plain, log or log-log.`);
  const weights = options.weights;
  const robust = (options.variance ?? (weights !== undefined && !Array.from(weights).every(Number.isInteger) ? "robust" : "greenwood")) === "robust";
  const { times, slot } = timeGrid(data.time);
  const m = times.length;
  const events = new Float64Array(m);
  const heads = new Float64Array(m); // events counted as heads, for the tie correction
  const leaving = new Float64Array(m);
  const square = new Float64Array(m); // Σ w² of those who leave
  const squareEvents = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    const w = weights === undefined ? 1 : weights[i];
    const k = slot[i];
    leaving[k] += w;
    square[k] += w * w;
    if (data.event[i] === 1) {
      events[k] += w;
      heads[k] += 1;
      squareEvents[k] += w * w;
    }
  }
  const atRisk = new Float64Array(m);
  let squaresLeft = 0;
  for (let k = m - 1, sum = 0; k >= 0; k--) {
    atRisk[k] = sum += leaving[k];
    squaresLeft += square[k];
  }
  const curve: SurvivalCurve = {
    time: Array.from(times), atRisk: Array.from(atRisk), events: Array.from(events), censored: Array.from(leaving, (l, k) => l - events[k]),
    survival: [], standardErrorOfLog: [], lower: [], upper: [], cumulativeHazard: [], cumulativeHazardSe: [],
    n, weight: atRisk[0], eventTotal: events.reduce((a, b) => a + b, 0), interval, level, variance: robust ? "robust" : "greenwood",
    ...(robust ? { squares: { events: Array.from(squareEvents), censored: Array.from(square, (s, k) => s - squareEvents[k]) } } : {}), warnings: [],
  };
  const z = normalQuantile(1 - (1 - level) / 2);
  let [survival, greenwood, hazard, hazardVariance] = [1, 0, 0, 0];
  let [gone, goneHazard, hazardSpread] = [0, 0, 0]; // Σ w²·influence² of those who left: on log S, on H
  for (let k = 0; k < m; k++) {
    const [d, r] = [events[k], atRisk[k]];
    if (d > 0) {
      survival = d >= r ? 0 : survival * ((r - d) / r);
      greenwood += d / (r * (r - d));
      if (estimator === "flemingHarrington") {
        const each = d / heads[k];
        for (let j = 0; j < heads[k]; j++) {
          const left = r - j * each;
          hazard += each / left;
          hazardVariance += each / (left * left);
        }
      } else {
        hazard += d / r;
        hazardVariance += d / (r * r);
      }
      hazardSpread += d / (r * r);
    }
    const [inEvent, inHazard] = d > 0 ? [1 / (r - d), 1 / r] : [0, 0];
    const censoredSquares = square[k] - squareEvents[k];
    gone += squareEvents[k] * (greenwood - inEvent) * (greenwood - inEvent) + censoredSquares * greenwood * greenwood;
    goneHazard += squareEvents[k] * (inHazard - hazardSpread) * (inHazard - hazardSpread) + censoredSquares * hazardSpread * hazardSpread;
    squaresLeft = k === m - 1 ? 0 : squaresLeft - square[k];
    const s = estimator === "kaplanMeier" ? survival : exp(-hazard);
    const chazSe = Math.sqrt(robust ? goneHazard + squaresLeft * hazardSpread * hazardSpread : hazardVariance);
    const se = estimator === "kaplanMeier" ? Math.sqrt(robust ? gone + squaresLeft * greenwood * greenwood : greenwood) : chazSe;
    curve.survival.push(s);
    curve.standardErrorOfLog.push(s === 0 ? NaN : se);
    const [lower, upper] = survivalInterval(s, se, z, interval);
    curve.lower.push(lower);
    curve.upper.push(upper);
    curve.cumulativeHazard.push(hazard);
    curve.cumulativeHazardSe.push(chazSe);
  }
  if (curve.eventTotal === 0) curve.warnings.push("No event was seen: the curve stays at 1, its interval has no width and no median exists. Report the follow-up instead.");
  return curve;
}

/**
 * Interval of S from the standard error of log S, as R survfit's conf.type: plain S ± z·S·se, log S·e^{±z·se}, log-log exp(−exp(log(−log S) ± z·se/log S)),
 * cut to 0 … 1 (Borgan & Liestøl, Scand J Stat 1990;17:35); [1, 1] at S = 1 and NaN at S = 0.
 */
export function survivalInterval(s: number, se: number, z: number, interval: SurvivalInterval): [number, number] {
  if (s === 0) return [NaN, NaN];
  if (se === 0) return [s, s];
  if (interval === "plain") return [Math.max(0, s - z * se * s), Math.min(1, s + z * se * s)];
  if (interval === "log") return [exp(log(s) - z * se), Math.min(1, exp(log(s) + z * se))];
  if (s === 1) return [1, 1];
  const centre = log(-log(s));
  return [exp(-exp(centre - (z * se) / log(s))), exp(-exp(centre + (z * se) / log(s)))];
}

export type SurvivalAt = { time: number; atRisk: number; survival: number; standardError: number; lower: number; upper: number; cumulativeHazard: number };

/**
 * The curve at given times: S(t), its standard error and interval, and the (weighted) number still at risk, i.e. with a follow-up >= t.
 * Beyond the last follow-up the last value is carried on with 0 at risk. Agrees with R `summary(survfit, times =, extend = TRUE)`.
 * @throws InputError on times that are negative or not finite
 */
export function survivalAt(curve: SurvivalCurve, times: ArrayLike<number>): SurvivalAt[] {
  checkTimes("survivalAt", times);
  const m = curve.time.length;
  return Array.from(times, (time) => {
    const k = lastAtMost(curve.time, m, time);
    const next = lastBelow(curve.time, m, time) + 1;
    const atRisk = next < m ? curve.atRisk[next] : 0;
    if (k < 0) return { time, atRisk, survival: 1, standardError: 0, lower: 1, upper: 1, cumulativeHazard: 0 };
    return { time, atRisk, survival: curve.survival[k], standardError: curve.survival[k] * curve.standardErrorOfLog[k], lower: curve.lower[k], upper: curve.upper[k], cumulativeHazard: curve.cumulativeHazard[k] };
  });
}

export type SurvivalQuantile = { probability: number; time: number; lower: number; upper: number };

/**
 * Times by which a share p of the patients has had the event: the first time with S(t) <= 1 − p. Where S equals 1 − p exactly
 * (within 1.5e-8) the time lies half-way along that plateau, which ends at the next drop or, without one, at the last follow-up.
 * The limits are the crossings of the curve's own lower and upper limits (Brookmeyer & Crowley, Biometrics 1982;38:29), so they depend on
 * `interval`; NaN: not reached. Agrees with R `quantile(survfit)`; the median printed by survfit differs in one case, see medianSurvival.
 * @throws InputError on a probability not between 0 and 1
 */
export function survivalQuantiles(curve: SurvivalCurve, probabilities: ArrayLike<number> = [0.25, 0.5, 0.75]): SurvivalQuantile[] {
  return Array.from(probabilities, (probability) => {
    if (!(probability > 0 && probability < 1)) throw new InputError(`survivalQuantiles: probability ${probability} must lie between 0 and 1.`);
    const level = 1 - probability;
    return { probability, time: crossing(curve, curve.survival, level, true), lower: crossing(curve, curve.lower, level, true), upper: crossing(curve, curve.upper, level, true) };
  });
}

/**
 * Median survival with its interval, as survfit prints it: the first time with S <= .5, the middle of the plateau where S is .5 exactly and
 * drops later; where the curve ends on the plateau, its beginning (survivalQuantiles takes the middle there). Brookmeyer & Crowley,
 * Biometrics 1982;38:29. Agrees with print(survfit) of R survival 3.5-3.
 */
export function medianSurvival(curve: SurvivalCurve): SurvivalQuantile {
  return { probability: 0.5, time: crossing(curve, curve.survival, 0.5, false), lower: crossing(curve, curve.lower, 0.5, false), upper: crossing(curve, curve.upper, 0.5, false) };
}

function crossing(curve: SurvivalCurve, values: number[], level: number, toEnd: boolean): number {
  const near = 1.490116119384766e-8;
  const first = values.findIndex((v) => v <= level + near);
  if (first < 0) return NaN;
  if (values[first] < level - near) return curve.time[first];
  const drop = values.findIndex((v, k) => k > first && v < level - near);
  if (drop >= 0) return (curve.time[first] + curve.time[drop]) / 2;
  return toEnd ? (curve.time[first] + curve.time[curve.time.length - 1]) / 2 : curve.time[first];
}

/**
 * Follow-up by the reverse Kaplan–Meier method: events and censoring change roles, so a patient who died is censored for follow-up.
 * Median and quartiles with intervals. Schemper & Smith, Control Clin Trials 1996;17:343. R: `quantile(survfit(Surv(time, 1 − event) ~ 1))`.
 * @throws InputError as kaplanMeier
 */
export function reverseKaplanMeier(data: FollowUp, options: KaplanMeierOptions = {}): { curve: SurvivalCurve; median: SurvivalQuantile; quartiles: SurvivalQuantile[] } {
  checkFollowUp("reverseKaplanMeier", data);
  const curve = kaplanMeier({ time: data.time, event: Uint8Array.from(data.event, (e) => 1 - e) }, options);
  curve.warnings = curve.eventTotal === 0 ? ["Nobody was censored: every follow-up ended with the event, so the follow-up has no reverse Kaplan–Meier median."] : [];
  const [first, median, third] = survivalQuantiles(curve);
  return { curve, median, quartiles: [first, median, third] };
}
