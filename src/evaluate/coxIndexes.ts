import { coxData, exp, likelihoodAt, newtonMaximise, withLayout, type FollowUp } from "../math/index.js";
import { concordantPairs } from "./concordantPairs.js";
import type { Numbers } from "./binaryInput.js";
import type { Measure } from "./fitting.js";
import { giniMeanDifference } from "./measures.js";

/**
 * Harrell's indexes of a Cox linear predictor for resampling, as rms 6.5 validate.cph: dxy = 2C − 1; of a Cox model (Efron ties) with the
 * predictor as its only covariate: slope, r2 (Nagelkerke), d = (χ² − 1)/L₀, u = (gain of the slope over 1, − 2)/L₀ with L₀ = −2 log
 * likelihood of no covariate, q = d − u, and g = slope · Gini's mean difference. On rows without an event all are NaN.
 * `asRms` also takes over two ways of rms: the refit stops at a relative gain of 1e-4 (a slope that is off in the fifth digit), and u loses
 * its − 2 except where the predictor is judged on the sample that made it. Harrell, Regression Modeling Strategies, 2nd ed. 2015, §20.11.
 * @param time, event follow-up of all patients, any one unit; a high predictor means an early event
 * @throws InputError in the measure, on predictors not finite, times < 0, events other than 0 and 1
 */
export function coxIndexes(time: Numbers, event: Numbers, { asRms = false }: { asRms?: boolean } = {}): Measure {
  return (eta, rows) => {
    const n = rows.length;
    const followUp: FollowUp = { time: Float64Array.from(rows, (i) => time[i]), event: Uint8Array.from(rows, (i) => event[i]) };
    const unknown = { dxy: NaN, r2: NaN, slope: NaN, d: NaN, u: NaN, q: NaN, g: NaN };
    if (!(followUp.event as Uint8Array).some((e) => e === 1) || eta.every((e) => e === eta[0])) return unknown;
    const values = Float64Array.from(eta);
    const data = coxData({ names: ["linear predictor"], columns: [values], n }, followUp);
    const path: Step[] = [];
    const { converged, atOne } = withLayout(data, "efron", (layout) => ({
      converged: newtonMaximise((beta) => {
        const at = likelihoodAt(layout, beta);
        if (path.length === 0 || at.value >= path[path.length - 1].value) path.push({ beta: beta[0], value: at.value });
        return at;
      }, 1, 30),
      // the predictor as it stands: slope 1 on its own scale
      atOne: likelihoodAt(layout, [data.scale[0]]).value,
    }));
    // on its own sample the gain is that of a fit stopped early, and no more
    const own = converged.at.value - atOne < 1e-3;
    const early = asRms && !own;
    const fit: Step = early ? stoppedEarly(path) : { beta: converged.diverging.length > 0 ? NaN : converged.beta[0], value: converged.at.value };
    const [empty, best] = [converged.atNull.value, fit.value];
    const slope = asRms && own ? 1 : fit.beta / data.scale[0];
    const lack = -2 * empty;
    const chi = 2 * (best - empty);
    const d = (chi - 1) / lack;
    const u = (2 * (best - atOne) - (early ? 0 : 2)) / lack;
    return {
      dxy: dxyOf(followUp, eta), r2: (1 - exp(-chi / n)) / (1 - exp((2 * empty) / n)), slope, d, u, q: d - u, g: slope * giniMeanDifference(eta),
    };
  };
}

/** Somers' D of the pairs that can be put in order */
function dxyOf(followUp: FollowUp, eta: Numbers): number {
  const { concordant, discordant, tiedPredictor } = concordantPairs(followUp, eta, new Float64Array(eta.length).fill(1), "n", Infinity, true, false);
  return (concordant - discordant) / (concordant + discordant + tiedPredictor);
}

type Step = { beta: number; value: number };

/** The first of Newton's steps that gains less than 1e-4 of the log likelihood; ten at most. */
function stoppedEarly(path: Step[]): Step {
  for (let k = 1; k < path.length; k++) {
    if (Math.abs(1 - path[k - 1].value / path[k].value) <= 1e-4) return path[k];
    if (k === 10) return { ...path[k], beta: Math.abs(path[k].beta) > 5 ? NaN : path[k].beta };
  }
  return path[path.length - 1];
}
