import { chiSquaredCdf, InputError } from "../math/index.js";

export type Fitted = { logLikelihood: number; df: number; n?: number };
export type LikelihoodRatio = { chiSquared: number; df: number; p: number; warnings: string[] };

/**
 * Likelihood ratio test of nested models, χ² = 2 (l₁ − l₀) on the difference of their parameters: whether what the larger model adds
 * predicts. For models fitted to the same rows by (partial) likelihood; not for penalised fits. Wilks, Ann Math Stat 1938;9:60.
 * Agrees with R anova(model0, model1, test = "LRT"). It is the right test of added value on training rows, where DeLong's is not.
 *
 * @param smaller, larger log-likelihood and number of parameters of each; `n`, where both give it, must agree
 * @throws InputError where the larger model has no more parameters, or rows differ
 */
export function likelihoodRatioTest(smaller: Fitted, larger: Fitted): LikelihoodRatio {
  if (!Number.isFinite(smaller.logLikelihood) || !Number.isFinite(larger.logLikelihood)) {
    throw new InputError(`Likelihood ratio test: the log-likelihoods are ${smaller.logLikelihood} and ${larger.logLikelihood}, expected two finite numbers; look at the fits' warnings.`);
  }
  const df = larger.df - smaller.df;
  if (!(Number.isInteger(df) && df > 0)) {
    throw new InputError(`Likelihood ratio test: the models have ${smaller.df} and ${larger.df} parameters, the second must hold the first's and more; check their order.`);
  }
  if (smaller.n !== undefined && larger.n !== undefined && smaller.n !== larger.n) {
    throw new InputError(`Likelihood ratio test: the models were fitted to ${smaller.n} and ${larger.n} rows, both need the same; leave out rows with missing values first.`);
  }
  const raw = 2 * (larger.logLikelihood - smaller.logLikelihood);
  const warnings: string[] = [];
  if (raw < -1e-8 * Math.abs(larger.logLikelihood)) {
    warnings.push(`Likelihood ratio test: the larger model fits worse (χ² ${raw.toPrecision(3)}), so the models are not nested or one did not converge; p is not valid.`);
  }
  const chiSquared = Math.max(0, raw);
  return { chiSquared, df, p: chiSquaredCdf(chiSquared, df, { upper: true }), warnings };
}
