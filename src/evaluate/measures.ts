import { exp, InputError, sorted } from "../math/index.js";
import type { Numbers } from "./binaryInput.js";
import { countTable, ratios } from "./countTable.js";
import type { Measure } from "./fitting.js";
import { bernoulliLogLikelihood, expit, logit, smallLogistic } from "./logisticFit.js";
import { auc } from "./roc.js";

function picked(event: Numbers, rows: Int32Array): { y: Float64Array; events: number } {
  const y = Float64Array.from(rows, (i) => event[i]);
  return { y, events: y.reduce((s, v) => s + v, 0) };
}

/**
 * Figures of merit of predicted risks for resampling: auc, brier, accuracy, sensitivity, specificity, ppv, npv, balancedAccuracy, f1, mcc
 * at a cut (risk >= threshold), calibration slope, intercept and inTheLarge, and the noInformationRate. On rows of one class, what
 * needs both classes is NaN; with a risk that is NaN, all but the noInformationRate. Each figure is that of its own function (`auc`, `brierBinary`, `confusion`, `calibrationLine`), whose sources hold.
 * @param event n flags of all patients; the rows come with each call
 * @throws InputError on a threshold outside 0 … 1
 */
export function riskMeasures(event: Numbers, { threshold = 0.5 }: { threshold?: number } = {}): Measure {
  if (!(threshold >= 0 && threshold <= 1)) throw new InputError(`Figures of merit: the threshold is ${threshold}, expected a probability in 0 … 1.`);
  return (risk, rows) => {
    const { y, events } = picked(event, rows);
    const n = y.length;
    const known = risk.every((r) => Number.isFinite(r));
    const both = events > 0 && events < n && known;
    const eta = risk.map((r) => logit(Math.min(1 - 1e-10, Math.max(1e-10, r))));
    const line = both && eta.some((e) => e !== eta[0]) ? smallLogistic([eta], y) : undefined;
    const large = both ? smallLogistic([], y, eta) : undefined;
    const shares = ratios(countTable(risk, y, threshold));
    let brier = 0;
    for (let i = 0; i < n; i++) brier += (risk[i] - y[i]) * (risk[i] - y[i]);
    return {
      auc: both ? auc(risk, y) : NaN, brier: brier / n, ...(known ? shares : Object.fromEntries(Object.keys(shares).map((name) => [name, NaN]))),
      slope: line?.converged === true ? line.coefficients[1] : NaN, intercept: line?.converged === true ? line.coefficients[0] : NaN,
      inTheLarge: large?.converged === true ? large.coefficients[0] : NaN, noInformationRate: Math.max(events, n - events) / n,
    };
  };
}

/**
 * Harrell's indexes of a linear predictor (log-odds), as rms 6.5 validate.lrm: dxy, r2, intercept, slope, d, u, q, b, g, gp.
 * dxy and b (Brier score) are of the predictor as it is; intercept, slope, r2, d, u, q, g and gp (Gini's mean difference of log-odds and
 * of risk) of the predictor recalibrated on the rows by its logistic regression. NaN on rows of one class or separated. Harrell, Regression
 * Modeling Strategies, 2nd ed. 2015, §10.9.
 * @throws InputError in the measure, on predictors not finite, flags other than 0 and 1
 */
export function lrmIndexes(event: Numbers): Measure {
  return (eta, rows) => {
    const { y, events } = picked(event, rows);
    const n = y.length;
    const risk = eta.map(expit);
    const known = events > 0 && events < n;
    const fit = known && eta.some((e) => e !== eta[0]) ? smallLogistic([eta], y) : undefined;
    const good = fit?.converged === true ? fit : undefined;
    const empty = known ? bernoulliLogLikelihood(new Float64Array(n).fill(logit(events / n)), y) : NaN;
    const [intercept, slope] = good?.coefficients ?? [NaN, NaN];
    const chi = good === undefined ? NaN : 2 * (good.logLikelihood - empty);
    const gain = good === undefined ? NaN : 2 * (good.logLikelihood - bernoulliLogLikelihood(eta, y));
    const d = (chi - 1) / n;
    const u = (gain - 2) / n;
    return {
      dxy: known ? 2 * auc(eta, y) - 1 : NaN, r2: (1 - exp(-chi / n)) / (1 - exp((2 * empty) / n)),
      intercept, slope, d, u, q: d - u, b: risk.reduce((s, p, i) => s + (p - y[i]) * (p - y[i]), 0) / n,
      g: slope * giniMeanDifference(eta), gp: giniMeanDifference(eta.map((e) => expit(intercept + slope * e))),
    };
  };
}

/** Mean |xᵢ − xⱼ| over all pairs: Gini's mean difference, by ranks in O(n log n). As Hmisc::GiniMd. Gini 1912; David 1968. */
export function giniMeanDifference(x: Numbers): number {
  const s = sorted(x);
  const n = s.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (2 * i - n + 1) * s[i];
  return (2 * sum) / (n * (n - 1));
}

/**
 * Largest |p − expit(intercept + slope·logit p)| over risks .0005, .001, …: the Emax of rms validate.lrm. Harrell, Regression Modeling
 * Strategies, 2nd ed. 2015, §10.9.
 */
export function emaxOfLine(intercept: number, slope: number): number {
  let most = 0;
  for (let k = 1; k < 2000; k++) most = Math.max(most, Math.abs(k / 2000 - expit(intercept + slope * logit(k / 2000))));
  return most;
}
