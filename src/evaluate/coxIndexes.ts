import { coxData, coxMaximise, exp, type CoxData, type CoxMaximum, type FollowUp } from "../math/index.js";
import { concordance } from "./concordance.js";
import type { Numbers } from "./binaryInput.js";
import type { Measure } from "./fitting.js";
import { giniMeanDifference } from "./measures.js";

/**
 * Harrell's indexes of a Cox linear predictor for resampling, as rms 6.5 validate.cph: dxy = 2C − 1; of a Cox model (Efron ties) with the
 * predictor as its only covariate: slope, r2 (Nagelkerke), d = (χ² − 1)/L₀, u = (gain of the slope over 1, − 2)/L₀ with L₀ = −2 log
 * likelihood of no covariate, q = d − u, and g = slope · Gini's mean difference. On rows without an event all are NaN.
 * `asRms` also takes over two ways of rms: the refit stops at a relative gain of 1e-4 (a slope that is off in the fifth digit), and u loses
 * its − 2 except where the predictor is judged on the sample that made it.
 * @param time, event follow-up of all patients, any one unit; a high predictor means an early event
 */
export function coxIndexes(time: Numbers, event: Numbers, { asRms = false }: { asRms?: boolean } = {}): Measure {
  return (eta, rows) => {
    const n = rows.length;
    const followUp: FollowUp = { time: Float64Array.from(rows, (i) => time[i]), event: Uint8Array.from(rows, (i) => event[i]) };
    const unknown = { dxy: NaN, r2: NaN, slope: NaN, d: NaN, u: NaN, q: NaN, g: NaN };
    if (!(followUp.event as Uint8Array).some((e) => e === 1) || eta.every((e) => e === eta[0])) return unknown;
    const values = Float64Array.from(eta);
    const data = coxData({ names: ["linear predictor"], columns: [values], n }, followUp);
    const atOne = coxMaximise(coxData({ names: [], columns: [], n }, followUp, { offset: values }), "efron").atNull.value;
    const converged = coxMaximise(data, "efron");
    // on its own sample the gain is that of a fit stopped early, and no more
    const own = converged.at.value - atOne < 1e-3;
    const fit = asRms && !own ? stoppedEarly(data) : converged;
    const [empty, best] = [fit.atNull.value, fit.at.value];
    const slope = fit.diverging.length > 0 ? NaN : asRms && own ? 1 : fit.beta[0] / data.scale[0];
    const lack = -2 * empty;
    const chi = 2 * (best - empty);
    const d = (chi - 1) / lack;
    const u = (2 * (best - atOne) - (asRms && !own ? 0 : 2)) / lack;
    return {
      dxy: 2 * concordance(followUp, eta).c - 1, r2: (1 - exp(-chi / n)) / (1 - exp((2 * empty) / n)), slope, d, u, q: d - u, g: slope * giniMeanDifference(eta),
    };
  };
}

/** Newton's steps until the log likelihood gains less than 1e-4 of itself. */
function stoppedEarly(data: CoxData): CoxMaximum {
  let before = coxMaximise(data, "efron", 0).at.value;
  for (let steps = 1; ; steps++) {
    const fit = coxMaximise(data, "efron", steps);
    if (Math.abs(1 - before / fit.at.value) <= 1e-4 || steps === 10) return fit;
    before = fit.at.value;
  }
}
