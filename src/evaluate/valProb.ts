import { chiSquaredCdf, exp, lowess, normalCdf, sorted } from "../math/index.js";
import { auc } from "./roc.js";
import { countClassesOfRisk, type Numbers } from "./binaryInput.js";
import { logOdds } from "./calibration.js";
import { bernoulliLogLikelihood, smallLogistic } from "./logisticFit.js";

/** Harrell's indexes of a validation; names as rms::val.prob. */
export type ValProb = {
  dxy: number; c: number; r2: number; d: number; dChiSquared: number; u: number; uChiSquared: number; uP: number; q: number; brier: number;
  intercept: number; slope: number; emax: number; e90: number; eavg: number; spiegelhalterZ: number; spiegelhalterP: number; warnings: string[];
};

/**
 * Harrell's validation of given risks: Somers' Dxy and C, Nagelkerke's R² and the discrimination index D = (χ² − 1)/n of the risks as they
 * are given (χ² twice the gain in log likelihood over one risk for all; negative where badly calibrated risks do worse), unreliability U = (gain of recalibration − 2)/n with its test on 2 df, Q = D − U, Brier score, intercept and slope,
 * the largest, 90th-percentile and mean distance of the risks from their lowess curve, Spiegelhalter's z.
 * Harrell, Regression Modeling Strategies, 2nd ed., §10.9; Spiegelhalter, Stat Med 1986;5:421. Agrees with rms 6.5 val.prob, save that
 * val.prob takes C and Dxy on risks cut to steps of .0002; `binned: true` does so too.
 *
 * @param risk n probabilities, event n flags
 * @throws InputError on risks outside 0 … 1, unequal lengths, one class
 */
export function valProb(risk: Numbers, event: Numbers, { binned = false }: { binned?: boolean } = {}): ValProb {
  const { n, events } = countClassesOfRisk("val.prob", risk, event);
  const warnings: string[] = [];
  const x = logOdds("val.prob", risk, warnings);
  const constant = x.every((v) => v === x[0]);
  const fit = constant ? undefined : smallLogistic([x], event);
  if (constant) warnings.push("val.prob: every patient has the same risk, so slope and intercept cannot be computed (NaN).");
  else if (!fit!.converged) warnings.push("val.prob: the risks separate events from the others, so slope and intercept have no finite estimate (NaN).");
  const good = fit?.converged === true ? fit : undefined;
  const c = auc(binned ? rankBins(risk) : risk, event);
  const logLikelihoodNull = bernoulliLogLikelihood(new Float64Array(n).fill(logOddsOf(events / n)), event);
  const asGiven = bernoulliLogLikelihood(x, event);
  const best = good === undefined ? NaN : good.logLikelihood;
  const chi = 2 * (asGiven - logLikelihoodNull);
  const uChiSquared = Math.max(0, 2 * (best - asGiven));
  const d = (chi - 1) / n;
  const u = (uChiSquared - 2) / n;
  let [brier, excess, spread] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const p = risk[i];
    brier += (event[i] - p) * (event[i] - p);
    excess += (event[i] - p) * (1 - 2 * p);
    spread += (1 - 2 * p) * (1 - 2 * p) * p * (1 - p);
  }
  const z = excess / Math.sqrt(spread);
  const distance = constant ? new Float64Array([Math.abs(risk[0] - events / n)]) : smoothDistance(risk, event);
  return {
    dxy: 2 * (c - 0.5), c, r2: (1 - exp(-chi / n)) / (1 - exp((2 * logLikelihoodNull) / n)), d, dChiSquared: chi, u, uChiSquared,
    uP: chiSquaredCdf(uChiSquared, 2, { upper: true }), q: d - u, brier: brier / n,
    intercept: good === undefined ? NaN : good.coefficients[0], slope: good === undefined ? NaN : good.coefficients[1],
    emax: distance[distance.length - 1], e90: quantile(distance, 0.9), eavg: distance.reduce((s, v) => s + v, 0) / distance.length,
    spiegelhalterZ: z, spiegelhalterP: 2 * normalCdf(Math.abs(z), { upper: true }), warnings,
  };
}

/** Risks cut down to steps of .0002, on which rms 6.5 ranks them. */
function rankBins(risk: Numbers): Float64Array {
  return Float64Array.from(risk, (p) => Math.floor(p * 5000));
}

function logOddsOf(p: number): number {
  return logOdds("", [p], [])[0];
}

/** |lowess(risk) − risk|, ascending. */
function smoothDistance(risk: Numbers, event: Numbers): Float64Array {
  const smooth = lowess(risk, event);
  return sorted(smooth.x.map((p, i) => Math.abs(p - smooth.y[i])));
}

/** Type 7, of ascending values. */
function quantile(ascending: Float64Array, p: number): number {
  const at = p * (ascending.length - 1);
  const low = Math.floor(at);
  return ascending[low] + (at - low) * (ascending[Math.min(ascending.length - 1, low + 1)] - ascending[low]);
}
