import { exp, InputError, log, pretty } from "../math/index.js";
import { logistic } from "./logisticNewton.js";

/** A variable of a nomogram: what it adds to the linear predictor, per unit or by category. */
export type NomogramVariable =
  | { name: string; kind: "number"; coefficient: number; low: number; high: number; /** ticks where not round values: few distinct values */ ticks?: number[]; unit?: string }
  | { name: string; kind: "category"; levels: string[]; effects: number[] };

/** How the linear predictor becomes a probability: logistic, or survival exp(−H · e^lp) with H the cumulative hazard at `time` and lp 0. */
export type NomogramOutcome =
  | { label: string; kind: "logistic" }
  | { label: string; kind: "survival"; time: number; unit?: string; cumulativeHazard: number };

export type NomogramAxis =
  | { name: string; kind: "number"; coefficient: number; unit?: string; ticks: number[]; xbeta: number[]; points: number[]; low: number; high: number; zero: number }
  | { name: string; kind: "category"; levels: string[]; xbeta: number[]; points: number[]; zero: number };

export type ProbabilityEnd = { probability: number; points: number };

/** JSON. `zero` of an axis is the xbeta that gets 0 points; lp = atZero + total / scale. */
export type Nomogram = {
  kind: "nomogram";
  axes: NomogramAxis[];
  /** points per unit of the linear predictor */
  scale: number;
  /** linear predictor at 0 total points */
  atZero: number;
  maxPoints: number;
  total: { ticks: number[] };
  linearPredictor: { ticks: number[]; points: number[] };
  /** `ends`: where the axis begins and stops, at the least and the most total; absent where the ticks were given */
  outcomes: (NomogramOutcome & { ticks: number[]; points: number[]; ends?: [ProbabilityEnd, ProbabilityEnd] })[];
  warnings: string[];
};

export type NomogramSpec = {
  variables: readonly NomogramVariable[];
  /** added to Σ βx to give the linear predictor (a Cox model: minus the centre) */
  intercept: number;
  /** range of the patients' linear predictors: the lp axis covers it, and with given ticks totals and probabilities too */
  linearPredictor: readonly [number, number];
  outcomes?: readonly NomogramOutcome[];
  /** points of the variable with the widest span, default 100 */
  maxPoints?: number;
  /** ticks of the probability axes; left out: round ones over all that totals can reach */
  probabilities?: readonly number[];
};

const PROBABILITIES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

const FEWEST = 6;

/** Round probabilities between two: the usual ones, closer steps where fewer than FEWEST of them fall inside. */
function probabilityTicks(low: number, high: number): number[] {
  const inside = (ticks: readonly number[]) => ticks.filter((p) => p >= low && p <= high);
  const usual = inside(PROBABILITIES);
  if (usual.length >= FEWEST) return usual;
  const closer = [20, 50, 100, 200, 500, 1000].map((of) => Array.from({ length: of - 1 }, (_, k) => (k + 1) / of));
  // twentieths stand beside the usual ones: every tenth is among them
  closer[0] = [...new Set([...PROBABILITIES, ...closer[0]])].sort((a, b) => a - b);
  const found = closer.map(inside);
  return found.find((ticks) => ticks.length >= FEWEST) ?? found.reduce((a, b) => (b.length > a.length ? b : a), usual);
}

/**
 * A nomogram: each variable's axis in points, total points, linear predictor, probabilities. Axis of a number: round values
 * covering its range (10 steps), or the given ticks; points = (βx − least βx of the axis) · maxPoints / widest span, the spans those of the
 * axes (their ticks, which reach past the data); the lp axis has round values covering the patients' range, and a given
 * probability stands on its axis where its lp lies between them. Without given ones the totals run from 0 to the most
 * points that the variables' axes add up to, as do the probabilities under them, with closer ticks where few round ones fall inside. Harrell, Regression Modeling Strategies, 2015. Conventions of R rms::nomogram 6.5; the probability
 * axes are exact where rms interpolates (sixth digit).
 *
 * Points and cuts in points hold for these axes only: the axes are stored, read points from them.
 * @throws InputError for no variable, a repeated one, coefficients that are not finite, no variable with an effect
 */
export function nomogram(spec: NomogramSpec): Nomogram {
  const { maxPoints = 100, intercept, probabilities, outcomes = [] } = spec;
  const [low, high] = spec.linearPredictor;
  if (spec.variables.length === 0) throw new InputError("Nomogram: the model has no variable; fit one with at least one.");
  if (!(maxPoints > 0 && maxPoints < Infinity)) throw new InputError(`Nomogram: the longest axis has ${maxPoints} points, expected a number above 0 such as 100.`);
  if (!(Number.isFinite(intercept) && Number.isFinite(low) && low <= high && Number.isFinite(high))) {
    throw new InputError(`Nomogram: the intercept is ${intercept} and the linear predictor runs from ${low} to ${high}, expected finite numbers in order.`);
  }
  const bad = probabilities?.find((p) => !(p > 0 && p < 1));
  if (bad !== undefined) throw new InputError(`Nomogram: ${bad} is wanted on a probability axis, expected numbers between 0 and 1.`);
  const seen = new Set<string>();
  const raw = spec.variables.map((variable) => {
    if (seen.has(variable.name)) throw new InputError(`Nomogram: "${variable.name}" is listed twice; list each variable once.`);
    seen.add(variable.name);
    return rawAxis(variable);
  });
  const spans = raw.map(({ xbeta }) => Math.max(...xbeta) - Math.min(...xbeta));
  const widest = Math.max(...spans);
  if (!(widest > 0)) throw new InputError("Nomogram: no variable has an effect, so there is nothing to give points to.");
  const scale = maxPoints / widest;
  const axes = raw.map((axis): NomogramAxis => {
    const zero = Math.min(...axis.xbeta);
    return { ...axis, zero, points: axis.xbeta.map((v) => (v - zero) * scale) };
  });
  const atZero = axes.reduce((sum, axis) => sum + axis.zero, intercept);
  const lpTicks = pretty(low, high, 10);
  const points = lpTicks.map((lp) => (lp - atZero) * scale);
  const [least, most] = [lpTicks[0], lpTicks[lpTicks.length - 1]];
  const reach = axes.reduce((sum, axis) => sum + Math.max(...axis.points), 0);
  return {
    kind: "nomogram", axes, scale, atZero, maxPoints,
    total: { ticks: probabilities === undefined ? pretty(0, reach, 10) : pretty(Math.min(0, points[0]), Math.max(points[points.length - 1], maxPoints / 10), 10) },
    linearPredictor: { ticks: lpTicks, points },
    outcomes: outcomes.map((outcome) => {
      const placed = (ticks: number[]) => ({ ...outcome, ticks, points: ticks.map((p) => (inverse(outcome, p) - atZero) * scale) });
      if (probabilities !== undefined) {
        return placed(probabilities.filter((p) => {
          const lp = inverse(outcome, p);
          return lp >= least && lp <= most;
        }));
      }
      const end = (points: number): ProbabilityEnd => ({ probability: outcomeProbability(outcome, atZero + points / scale), points });
      const ends: [ProbabilityEnd, ProbabilityEnd] = [end(0), end(reach)];
      const [a, b] = ends.map((e) => e.probability);
      return { ...placed(probabilityTicks(Math.min(a, b), Math.max(a, b))), ends };
    }),
    warnings: spec.variables.flatMap((v, k) => (spans[k] === 0 ? [`${v.name}: has no effect in the model and always 0 points.`] : [])),
  };
}

type RawAxis =
  | { name: string; kind: "number"; coefficient: number; unit?: string; ticks: number[]; xbeta: number[]; low: number; high: number }
  | { name: string; kind: "category"; levels: string[]; xbeta: number[] };

function rawAxis(variable: NomogramVariable): RawAxis {
  const { name } = variable;
  if (variable.kind === "category") {
    if (variable.levels.length !== variable.effects.length || variable.levels.length === 0 || !variable.effects.every(Number.isFinite)) {
      throw new InputError(`Nomogram: "${name}" has ${variable.levels.length} categories and effects ${variable.effects.join(", ")}; give each category a finite effect.`);
    }
    return { name, kind: "category", levels: [...variable.levels], xbeta: [...variable.effects] };
  }
  const { coefficient, low, high, unit } = variable;
  if (!Number.isFinite(coefficient)) throw new InputError(`Nomogram: the coefficient of "${name}" is ${coefficient}, expected a finite number; leave the variable out of the model or use Firth's penalty.`);
  if (!(Number.isFinite(low) && low <= high && Number.isFinite(high))) throw new InputError(`Nomogram: "${name}" runs from ${low} to ${high}, expected finite limits in order.`);
  const ticks = [...(variable.ticks ?? pretty(low, high, 10))];
  return { name, kind: "number", coefficient, ...(unit === undefined ? {} : { unit }), ticks, xbeta: ticks.map((v) => v * coefficient), low, high };
}

/** Linear predictor at a probability. */
function inverse(outcome: NomogramOutcome, p: number): number {
  return outcome.kind === "logistic" ? log(p / (1 - p)) : log(-log(p) / outcome.cumulativeHazard);
}

/**
 * Probability of an outcome of the nomogram at a linear predictor: of the event (logistic) or of survival. expit(lp), or S₀(t)^exp(lp) for
 * survival; agrees with R rms 6.5-0 nomogram.
 */
export function outcomeProbability(outcome: NomogramOutcome, lp: number): number {
  return outcome.kind === "logistic" ? logistic(lp) : exp(-outcome.cumulativeHazard * exp(lp));
}

/** total points → linear predictor. lp at 0 points + points / (points a unit of lp); agrees with R rms 6.5-0 nomogram. */
export function nomogramLinear(n: Nomogram, total: number): number {
  return n.atZero + total / n.scale;
}

/** linear predictor → total points. The inverse of `nomogramLinear`. */
export function nomogramTotal(n: Nomogram, lp: number): number {
  return (lp - n.atZero) * n.scale;
}

/** total points → probability of the outcome of this label. As `outcomeProbability`. @throws InputError for an unknown label */
export function nomogramProbability(n: Nomogram, label: string, total: number): number {
  return outcomeProbability(outcomeOf(n, label), nomogramLinear(n, total));
}

/** probability of the outcome of this label → total points. The inverse of `nomogramProbability`. @throws InputError for an unknown label */
export function nomogramTotalAt(n: Nomogram, label: string, probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new InputError(`Nomogram: the probability is ${probability}, expected a number between 0 and 1.`);
  return nomogramTotal(n, inverse(outcomeOf(n, label), probability));
}

function outcomeOf(n: Nomogram, label: string): NomogramOutcome {
  const outcome = n.outcomes.find((o) => o.label === label);
  if (outcome === undefined) throw new InputError(`Nomogram: it has no outcome "${label}"; its outcomes are ${n.outcomes.map((o) => o.label).join(", ") || "none"}.`);
  return outcome;
}
