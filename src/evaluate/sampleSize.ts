import { exp, InputError, log } from "../math/index.js";

/** What each of Riley's criteria asks for, rounded up; `n` is the largest. */
export type SampleSize = {
  n: number; events: number; eventsPerParameter: number;
  criteria: { name: string; n: number; meaning: string }[];
  /** which criterion decides */
  decides: string;
  maxR2: number; nagelkerkeR2: number;
  /** expected shrinkage with n patients */
  shrinkage: number;
  warnings: string[];
};

type Common = {
  /** candidate parameters: every term looked at, selection included, not only those in the final model */
  parameters: number;
  /** expected Cox–Snell R² of the new model; or, where not known, a share of the largest possible one */
  coxSnellR2: number | { nagelkerke: number };
  /** wanted shrinkage (.9) and difference of apparent and adjusted Nagelkerke R² (.05) */
  shrinkage?: number; r2Difference?: number;
  /** half-width of the 95 % interval of the overall risk (.05) */
  riskMargin?: number;
};

const Z = 1.96;

/** Patients for an expected shrinkage S: p / ((S − 1) ln(1 − R²/S)). */
function forShrinkage(parameters: number, r2: number, s: number): number {
  return parameters / ((s - 1) * log(1 - r2 / s));
}

function check(who: string, o: Common): { s: number; difference: number; margin: number } {
  const { shrinkage: s = 0.9, r2Difference: difference = 0.05, riskMargin: margin = 0.05 } = o;
  if (!(Number.isInteger(o.parameters) && o.parameters > 0)) throw new InputError(`${who}: ${o.parameters} candidate parameters, expected a whole number above 0.`);
  for (const [name, value] of Object.entries({ shrinkage: s, r2Difference: difference, riskMargin: margin })) {
    if (!(value > 0 && value < 1)) throw new InputError(`${who}: ${name} is ${value}, expected a number between 0 and 1.`);
  }
  return { s, difference, margin };
}

function r2Of(who: string, given: Common["coxSnellR2"], maxR2: number, s: number): number {
  const r2 = typeof given === "number" ? given : given.nagelkerke * maxR2;
  if (!(r2 > 0 && r2 < maxR2 && r2 < s)) {
    throw new InputError(`${who}: the expected Cox–Snell R² is ${r2}, but it must lie above 0 and below the largest possible ${maxR2.toPrecision(4)} (and below the shrinkage ${s}); 15 % of the largest is a careful choice.`);
  }
  return r2;
}

function assemble(criteria: SampleSize["criteria"], share: number, parameters: number, r2: number, maxR2: number, extra: string[]): SampleSize {
  const n = criteria.reduce((most, c) => Math.max(most, c.n), 0);
  const events = n * share;
  // S solves n = p / ((S − 1) ln(1 − R²/S)) on (R², 1)
  let [low, high] = [r2, 1];
  for (let k = 0; k < 100; k++) {
    const mid = (low + high) / 2;
    if (forShrinkage(parameters, r2, mid) < n) low = mid;
    else high = mid;
  }
  return {
    n, events, eventsPerParameter: events / parameters, criteria, decides: criteria.find((c) => c.n === n)!.name,
    maxR2, nagelkerkeR2: r2 / maxR2, shrinkage: (low + high) / 2, warnings: extra,
  };
}

/**
 * Smallest sample for a new logistic prediction model, the largest of four criteria: (1) overall risk within ± margin,
 * (1.96/δ)² φ(1 − φ); (2) mean absolute error of the risks at most `meanAbsoluteError`, exp((−.508 + .259 ln φ + .504 ln p − ln MAPE)/.544),
 * for p <= 30; (3) expected shrinkage S, p/((S − 1) ln(1 − R²/S)); (4) optimism of Nagelkerke's R² at most δ, as (3) with
 * S = R²/(R² + δ max R²). Riley et al., BMJ 2020;368:m441; Riley et al., Stat Med 2019;38:1276; van Smeden et al., Stat Methods Med Res 2019;28:2455.
 * Agrees with the papers' worked examples (R pmsampsize, type "b", uses 1, 3 and 4).
 *
 * @throws InputError on a prevalence outside 0 … 1, an R² that cannot be reached
 */
export function sampleSizeBinary(options: Common & { prevalence: number; meanAbsoluteError?: number | false }): SampleSize {
  const who = "Sample size (binary)";
  const { parameters, prevalence: f, meanAbsoluteError = 0.05 } = options;
  const { s, difference, margin } = check(who, options);
  if (!(f > 0 && f < 1)) throw new InputError(`${who}: the prevalence is ${f}, expected a number between 0 and 1.`);
  const maxR2 = 1 - exp(2 * (f * log(f) + (1 - f) * log(1 - f)));
  const r2 = r2Of(who, options.coxSnellR2, maxR2, s);
  const criteria: SampleSize["criteria"] = [
    { name: "overall risk", n: Math.ceil((Z / margin) * (Z / margin) * f * (1 - f)), meaning: `95 % interval of the overall risk within ±${margin}` },
  ];
  const warnings: string[] = [];
  if (meanAbsoluteError !== false) {
    if (!(meanAbsoluteError > 0 && meanAbsoluteError < 1)) throw new InputError(`${who}: meanAbsoluteError is ${meanAbsoluteError}, expected a number between 0 and 1, or false.`);
    if (parameters > 30) warnings.push(`${who}: the criterion of the mean absolute error was found for up to 30 parameters; with ${parameters} it is left out.`);
    else {
      criteria.push({
        name: "mean absolute error", meaning: `mean absolute error of the risks at most ${meanAbsoluteError}`,
        n: Math.ceil(exp((-0.508 + 0.259 * log(f) + 0.504 * log(parameters) - log(meanAbsoluteError)) / 0.544)),
      });
    }
  }
  criteria.push(
    { name: "shrinkage", n: Math.ceil(forShrinkage(parameters, r2, s)), meaning: `expected shrinkage of the coefficients at least ${s}` },
    { name: "optimism of R²", n: Math.ceil(forShrinkage(parameters, r2, r2 / (r2 + difference * maxR2))), meaning: `apparent and adjusted Nagelkerke R² differ by at most ${difference}` },
  );
  return assemble(criteria, f, parameters, r2, maxR2, warnings);
}

/**
 * Smallest sample for a new survival prediction model: expected shrinkage, optimism of Nagelkerke's R² (as sampleSizeBinary, (3) and (4)), and the
 * overall risk at the time of interest within ± margin, from an exponential model: 1 − exp(−(λ ± 1.96 √(λ/(n T)))·t).
 * The largest R² is that of the same model with the mean follow-up T as unit of time: 1 − exp(2 λT (ln λT − 1)). Riley et al., Stat Med 2019;38:1276; BMJ 2020;368:m441.
 * Agrees with R pmsampsize, type "s", save that it rounds events up in 10,000 patients for the largest R² (at most one patient's difference).
 *
 * @param options rate: events per unit of time; meanFollowUp and time of interest in the same unit
 * @throws InputError on parameters not whole, shares outside 0 … 1, a rate or time not above 0, an event or more a patient, an R² out of reach
 */
export function sampleSizeSurvival(options: Common & { rate: number; meanFollowUp: number; time: number }): SampleSize & { personTime: number } {
  const who = "Sample size (survival)";
  const { parameters, rate, meanFollowUp, time } = options;
  const { s, difference, margin } = check(who, options);
  for (const [name, value] of Object.entries({ rate, meanFollowUp, time })) {
    if (!(value > 0 && value < Infinity)) throw new InputError(`${who}: ${name} is ${value}, expected a positive number in one unit of time.`);
  }
  const perPatient = rate * meanFollowUp;
  // an event count above one a patient cannot be
  if (perPatient >= 1) throw new InputError(`${who}: rate × meanFollowUp is ${perPatient}, expected below 1 event a patient; give both in the same unit of time.`);
  const maxR2 = 1 - exp(2 * perPatient * (log(perPatient) - 1));
  const r2 = r2Of(who, options.coxSnellR2, maxR2, s);
  const shrink = Math.ceil(forShrinkage(parameters, r2, s));
  const optimism = Math.ceil(forShrinkage(parameters, r2, r2 / (r2 + difference * maxR2)));
  const width = (n: number) => {
    const half = Z * Math.sqrt(rate / (n * meanFollowUp));
    const risk = 1 - exp(-rate * time);
    return Math.max(1 - exp(-(rate + half) * time) - risk, risk - 1 + exp(-Math.max(0, rate - half) * time));
  };
  let [low, high] = [1, 1];
  while (width(high) > margin) high *= 2;
  while (low < high) {
    const mid = Math.floor((low + high) / 2);
    if (width(mid) <= margin) high = mid;
    else low = mid + 1;
  }
  const criteria = [
    { name: "shrinkage", n: shrink, meaning: `expected shrinkage of the coefficients at least ${s}` },
    { name: "optimism of R²", n: optimism, meaning: `apparent and adjusted Nagelkerke R² differ by at most ${difference}` },
    { name: "overall risk", n: high, meaning: `95 % interval of the overall risk at ${time} within ±${margin}` },
  ];
  const result = assemble(criteria, perPatient, parameters, r2, maxR2, []);
  return { ...result, personTime: result.n * meanFollowUp };
}

/**
 * Events per candidate parameter, with a warning where a model of that many candidates is bound to overfit. `events` is the smaller class of a
 * binary outcome, or the events of a survival outcome; candidates are all terms looked at, selected or not.
 * Peduzzi et al., J Clin Epidemiol 1996;49:1373 (10 a parameter); for a size made for the study take Riley's criteria.
 * @throws InputError on events that are no whole number >= 0, no candidate, a final model of no parameter
 */
export function eventsPerParameter(events: number, candidates: number, final?: number): { perCandidate: number; perFinal: number; warnings: string[] } {
  if (!(Number.isInteger(events) && events >= 0 && Number.isInteger(candidates) && candidates > 0)) {
    throw new InputError(`Events per parameter: ${events} events and ${candidates} candidate parameters, expected whole numbers with at least one candidate.`);
  }
  if (final !== undefined && !(Number.isInteger(final) && final >= 1)) {
    throw new InputError(`Events per parameter: ${final} parameters in the final model, expected a whole number, 1 or more; leave it out where no variable stayed.`);
  }
  const perCandidate = events / candidates;
  const warnings: string[] = [];
  if (perCandidate < 10) {
    warnings.push(`${events} events for ${candidates} candidate parameters are ${perCandidate.toPrecision(2)} each, below 10; shrink (penalised fit), take fewer candidates, and correct figures by whole-pipeline resampling.`);
  }
  return { perCandidate, perFinal: final === undefined ? NaN : events / final, warnings };
}
