import { exp, InputError } from "../math/index.js";

export type GonenHeller = { c: number; n: number; warnings: string[] };

/**
 * Gönen–Heller concordance probability of a Cox model, from its linear predictors alone and therefore free of censoring:
 * K = 2/(n(n − 1)) Σ_{i<j} 1/(1 + exp(−|ηᵢ − ηⱼ|)), so pairs with equal η count ½. It presumes proportional hazards and
 * a model fitted to these patients: it cannot see miscalibration, so it is no external validation. Gönen & Heller, Biometrika 2005;92:965.
 * Agrees with C.GH of R survival 3.5-3 `royston(coxph)`. O(n²); no standard error is given here (bootstrap the fit).
 * @throws InputError on fewer than two patients, predictors not finite
 */
export function gonenHeller(linearPredictor: ArrayLike<number>): GonenHeller {
  const n = linearPredictor.length;
  if (n < 2) throw new InputError(`gonenHeller: ${n} linear predictors; at least two patients are needed.`);
  for (let i = 0; i < n; i++) if (!Number.isFinite(linearPredictor[i])) throw new InputError(`gonenHeller: linear predictor of row ${i + 1} is ${linearPredictor[i]}; finite numbers are needed.`);
  let sum = 0;
  let apart = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const gap = Math.abs(linearPredictor[i] - linearPredictor[j]);
      sum += 1 / (1 + exp(-gap));
      if (gap > 0) apart++;
    }
  }
  return { c: apart > 0 ? sum / ((n * (n - 1)) / 2) : NaN, n, warnings: apart > 0 ? [] : ["All linear predictors are equal: the model separates nobody and K is not defined."] };
}
