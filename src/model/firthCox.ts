import {
  chiSquaredQuantile, coxData, coxLikelihood, dependentColumns, exp, firthLikelihood, firthMaximise, InputError, inverseOf, log, normalCdf, quadraticForm,
  type CoxData, type CoxRows, type Design, type FollowUp,
} from "../math/index.js";
import { chiSquared, type ChiSquaredTest } from "./chiSquaredTest.js";

export type FirthCoxModel = {
  kind: "firthCox"; ties: "efron" | "breslow"; names: string[]; coefficients: number[]; se: number[]; hazardRatio: number[];
  /** profile penalised likelihood intervals (NaN bound: not found, with a warning), and Wald's beside them */
  ci: [number, number][]; waldCi: [number, number][]; level: number;
  /** p of the penalised likelihood-ratio test of each coefficient, and Wald's */
  p: number[]; waldP: number[];
  covariance: number[][]; penalisedLoglik: [number, number];
  tests: { likelihoodRatio: ChiSquaredTest; wald: ChiSquaredTest };
  n: number; events: number; iterations: number; converged: boolean; aliased: string[]; warnings: string[];
};

export type FirthCoxOptions = CoxRows & { ties?: "efron" | "breslow"; level?: number; maxIterations?: number; profile?: boolean };

/**
 * Cox regression with Firth's penalty: maximises l(β) + ½ log |I(β)|, which has a finite maximum where the plain likelihood is monotone
 * and takes off the first-order bias. Heinze & Schemper, Biometrics 2001;57:114 (R coxphf, SAS PHREG FIRTH, with their Breslow ties:
 * ties: "breslow"; Efron by default here, as coxFit). Standard errors from I⁻¹ at the estimate; intervals and p from the profile
 * penalised likelihood, the other coefficients maximised and the penalty kept whole (Heinze & Ploner 2002).
 * The global test compares the penalised likelihood with its value at β = 0.
 * @throws InputError as coxFit, and for as many variables as rows; with more variables than events there are no profile intervals
 */
export function firthCox(design: Design, followUp: FollowUp, options: FirthCoxOptions = {}): FirthCoxModel {
  const { ties = "efron", level = 0.95, maxIterations = 100, profile = true } = options;
  if (design.columns.length === 0) throw new InputError("Firth's penalty needs at least one variable; the design has none.");
  if (!(level > 0 && level < 1)) throw new InputError(`level is ${level}; it must lie between 0 and 1, as 0.95.`);
  const data = coxData(design, followUp, options);
  const { p, scale, n, events } = data;
  const zero = new Float64Array(p);
  const gone = dependentColumns(coxLikelihood(data, zero, ties).information, p, 1e-11);
  const kept = Array.from({ length: p }, (_, j) => j).filter((j) => !gone.includes(j));
  if (kept.length >= n) throw new InputError(`Firth's Cox regression: ${kept.length} variables for ${n} rows fit anything; select variables first or use the elastic net.`);
  const best = firthMaximise(data, ties, kept, kept, zero, maxIterations);
  const inverse = inverseOf(best.at.information, kept, p);
  const warnings = gone.map((j) => `"${design.names[j]}" is constant or determined by the variables before it: no coefficient. Leave it out.`);
  if (!best.converged) warnings.push(`No convergence after ${best.iterations} iterations; the estimates are where it stopped.`);
  if (p > events) warnings.push(`${p} variables for ${events} events: the fit is arbitrary. Select variables.`);

  const estimate = (j: number, value: number) => (gone.includes(j) ? NaN : value);
  const coefficients = Array.from(scale, (s, j) => estimate(j, best.beta[j] / s));
  const covariance = coefficients.map((_, j) => coefficients.map((__, k) => (gone.includes(j) || gone.includes(k) ? NaN : inverse[j * p + k] / (scale[j] * scale[k]))));
  const se = covariance.map((row, j) => Math.sqrt(row[j]));
  const nullValue = firthLikelihood(data, zero, ties, kept).value;
  // |I| per unit of the columns, not of their standard deviations
  const unit = kept.reduce((sum, j) => sum + log(scale[j]), 0);
  const cut = chiSquaredQuantile(level, 1);
  const wide = Math.sqrt(cut);
  const model: FirthCoxModel = {
    kind: "firthCox", ties, names: [...design.names], coefficients, se, hazardRatio: coefficients.map(exp),
    ci: coefficients.map(() => [NaN, NaN]), waldCi: coefficients.map((b, j) => [exp(b - wide * se[j]), exp(b + wide * se[j])]), level,
    p: coefficients.map(() => NaN), waldP: coefficients.map((b, j) => 2 * normalCdf(-Math.abs(b / se[j]))), covariance,
    penalisedLoglik: [nullValue + unit, best.at.value + unit],
    tests: {
      likelihoodRatio: chiSquared(2 * (best.at.value - nullValue), kept.length),
      wald: chiSquared(quadraticForm(best.at.information, best.beta.map((b, j) => (gone.includes(j) ? 0 : b)), p), kept.length),
    },
    n, events, iterations: best.iterations, converged: best.converged, aliased: gone.map((j) => design.names[j]), warnings,
  };
  if (!profile || !best.converged) return model;
  // as many fits as variables, bounds and steps: hours, for a fit that says nothing
  if (kept.length > events) {
    warnings.push("No profile intervals and tests with more variables than events; Wald's are beside them.");
    return model;
  }
  for (const j of kept) {
    const at = profileOf(data, ties, kept, j, best.beta, maxIterations);
    model.p[j] = chiSquared(2 * (best.at.value - at(0)), 1).p;
    const spread = se[j] * scale[j] * wide;
    const bounds = [-1, 1].map((side) => bound((b) => 2 * (best.at.value - at(b)) - cut, best.beta[j], side * spread));
    model.ci[j] = [exp(bounds[0] / scale[j]), exp(bounds[1] / scale[j])];
    if (bounds.some(Number.isNaN)) warnings.push(`"${design.names[j]}": a bound of the profile interval was not found; use the Wald interval with care.`);
  }
  return model;
}

/** Penalised likelihood maximised over all columns but j, as a function of coefficient j; each search starts from the one before. */
function profileOf(data: CoxData, ties: "efron" | "breslow", kept: number[], j: number, beta: Float64Array, maxIterations: number): (b: number) => number {
  const free = kept.filter((k) => k !== j);
  let from = beta;
  return (b) => {
    const start = Float64Array.from(from);
    start[j] = b;
    const found = firthMaximise(data, ties, kept, free, start, maxIterations);
    if (found.converged) from = found.beta;
    return found.converged ? found.at.value : NaN;
  };
}

/** Root of f between `from` (f < 0) and beyond from + step, widened up to 2^6 steps, by the Illinois variant of false position. */
function bound(f: (b: number) => number, from: number, step: number): number {
  let a = from;
  let fa = -1;
  let b = from + step;
  let fb = f(b);
  for (let k = 0; k < 6 && fb < 0; k++) {
    [a, fa] = [b, fb];
    step *= 2;
    b = from + step;
    fb = f(b);
  }
  if (!(fb >= 0)) return NaN;
  for (let k = 0, side = 0; k < 100 && Math.abs(b - a) > 1e-10 * (1 + Math.abs(b)); k++) {
    const c = (a * fb - b * fa) / (fb - fa);
    const fc = f(c);
    if (Number.isNaN(fc)) return NaN;
    if (Math.abs(fc) < 1e-11) return c;
    if (fc >= 0) {
      [b, fb] = [c, fc];
      if (side === 1) fa /= 2;
      side = 1;
    } else {
      [a, fa] = [c, fc];
      if (side === -1) fb /= 2;
      side = -1;
    }
  }
  return b;
}
