import { InputError, normalQuantile, order } from "../math/index.js";
import { coxFit } from "../model/index.js";
import { checkLevel } from "./checkLevel.js";
import { checkFollowUp, type FollowUp } from "./followUp.js";

export type RoystonD = {
  /** log hazard ratio between the halves of low and high predictor, were it normal; standard error and Wald interval */
  d: number; se: number; lower: number; upper: number; level: number; p: number;
  /** explained variation R²_D = (D²/κ²) / (π²/6 + D²/κ²), κ² = 8/π */
  r2: number;
  n: number; events: number; warnings: string[];
};

/**
 * Royston & Sauerbrei's D, Stat Med 2004;23:723: the Cox coefficient (Efron ties) of the predictor's normal scores divided by κ = √(8/π),
 * Φ⁻¹((rank − 3/8)/(n + 1/4)) (Blom), averaged over tied predictors; the larger, the further the risks are apart. R²_D as in the paper, on the
 * scale of the Cox model (π²/6, the variance of the extreme-value distribution). It needs no fitted model: in another cohort it judges the
 * predictor's order, not its calibration. Agrees with D, se(D) and R.D of R survival 3.5-3 `royston(coxph)`; its `adjust` for optimism is
 * not offered (resample the fit).
 *
 * @param linearPredictor  n finite numbers, higher = earlier event
 * @throws InputError on lengths, values not finite, no event
 */
export function roystonD(data: FollowUp, linearPredictor: ArrayLike<number>, options: { level?: number } = {}): RoystonD {
  const { level = 0.95 } = options;
  const n = checkFollowUp("roystonD", data, { "linear predictor": linearPredictor });
  checkLevel("roystonD", level);
  const events = Array.from(data.event).reduce((a, b) => a + b, 0);
  if (events === 0) throw new InputError("roystonD: no patient has the event, so D cannot be estimated. Check the coding of the event.");
  const rising = order(linearPredictor);
  const scores = new Float64Array(n);
  const kappa = Math.sqrt(8 / Math.PI);
  for (let k = 0; k < n; ) {
    let end = k, sum = 0;
    for (; end < n && linearPredictor[rising[end]] === linearPredictor[rising[k]]; end++) sum += normalQuantile((end + 1 - 0.375) / (n + 0.25)) / kappa;
    const mean = sum / (end - k);
    for (; k < end; k++) scores[rising[k]] = mean;
  }
  if (scores[rising[0]] === scores[rising[n - 1]]) {
    return { d: NaN, se: NaN, lower: NaN, upper: NaN, level, p: NaN, r2: NaN, n, events, warnings: ["All linear predictors are equal: the model separates nobody and D is not defined."] };
  }
  const fit = coxFit({ names: ["score"], columns: [scores], n }, data, { baseline: "none", level });
  // where the predictor orders the events perfectly there is no finite D
  const d = fit.monotone.length > 0 ? NaN : fit.coefficients[0];
  const ratio = (d * d) / (kappa * kappa);
  const wide = -normalQuantile((1 - level) / 2) * fit.se[0];
  return {
    d, se: fit.se[0], lower: d - wide, upper: d + wide, level, p: fit.p[0], r2: ratio / ((Math.PI * Math.PI) / 6 + ratio), n, events,
    warnings: fit.monotone.length > 0 ? ["The linear predictor orders the events perfectly (monotone likelihood): D has no finite estimate."] : fit.warnings,
  };
}
