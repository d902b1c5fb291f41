import { InputError } from "./check.js";
import { fCdf, tCdf, tQuantile } from "./distributions.js";
import { confidenceLevel } from "./testResult.js";

/** One pooled estimate: mean, within, between and total variance, df, relative increase of variance, fraction of missing information. */
export type Pooled = {
  m: number; estimate: number; within: number; between: number; total: number; se: number; df: number;
  increase: number; missingInformation: number; ci: [number, number]; t: number; p: number;
};

/**
 * Rubin's rules for m estimates Q with variances U: mean Q, T = mean U + (1 + 1/m)·B. df by Barnard & Rubin, Biometrika 1999;86:948,
 * from the complete data's df n − k; without it Rubin's large-sample df (1987). Agrees with R mice::pool.scalar and pool.
 *
 * @param estimates m ≥ 2 estimates, @param variances their squared standard errors
 * @param completeDf df of the complete-data analysis (n − k), Infinity where large
 * @throws InputError on fewer than 2 estimates, another number of variances, numbers not finite, a negative variance, variances that are all 0,
 * completeDf not above 0, a level outside 0 … 1
 */
export function poolRubin(estimates: ArrayLike<number>, variances: ArrayLike<number>, completeDf = Infinity, level = 0.95): Pooled {
  const m = estimates.length;
  confidenceLevel(level, "Rubin's rules");
  checkDf(completeDf);
  if (m < 2 || variances.length !== m) throw new InputError(`Rubin's rules were given ${m} estimates and ${variances.length} variances, but at least two of each, as many, are expected.`);
  for (let i = 0; i < m; i++) if (!Number.isFinite(estimates[i]) || !(variances[i] >= 0 && variances[i] < Infinity)) throw new InputError(`Imputation ${i + 1} has estimate ${estimates[i]} and variance ${variances[i]}, but finite numbers are expected. Look at that fit.`);
  let estimate = 0, within = 0, between = 0;
  for (let i = 0; i < m; i++) {
    estimate += estimates[i] / m;
    within += variances[i] / m;
  }
  if (within === 0) throw new InputError(`All ${m} variances are 0, but Rubin's rules need at least one above 0; give squared standard errors.`);
  for (let i = 0; i < m; i++) between += ((estimates[i] - estimate) * (estimates[i] - estimate)) / (m - 1);
  const total = within + (1 + 1 / m) * between;
  const increase = ((1 + 1 / m) * between) / within;
  const lambda = Math.max(((1 + 1 / m) * between) / total, 1e-4);
  const old = (m - 1) / (lambda * lambda);
  const observed = ((completeDf + 1) / (completeDf + 3)) * completeDf * (1 - lambda);
  const df = completeDf === Infinity ? old : (old * observed) / (old + observed);
  const se = Math.sqrt(total);
  const reach = tQuantile(1 - (1 - level) / 2, df) * se;
  const t = estimate / se;
  return {
    m, estimate, within, between, total, se, df, increase, missingInformation: (increase + 2 / (df + 3)) / (increase + 1),
    ci: [estimate - reach, estimate + reach], t, p: Math.min(1, 2 * tCdf(Math.abs(t), df, { upper: true })),
  };
}

/** Wald test of several coefficients together. */
export type PooledWald = { f: number; df1: number; df2: number; p: number; increase: number };

/**
 * D1 of Li, Raghunathan & Rubin, J Am Stat Assoc 1991;86:1065: all q coefficients are 0. estimates[i] are imputation i's q coefficients,
 * covariances[i] their q × q covariance, row by row. df2 of the small sample by Reiter, Biometrika 2007;94:502 (Barnard & Rubin's 1999 for
 * q > 1), which needs q(m − 1) > 4; without `completeDf` that of Li et al. One coefficient (q = 1) has Barnard & Rubin's df, as `poolRubin`.
 * Agrees with R mice::D1 (mitml::testModels).
 *
 * @param completeDf df of the complete-data analysis (n − k), Infinity where large
 * @throws InputError on fewer than 2 fits, another number of covariances, not q estimates and q × q finite covariances in each, a singular mean covariance,
 * completeDf not above 0
 */
export function poolWald(estimates: readonly ArrayLike<number>[], covariances: readonly ArrayLike<number>[], completeDf = Infinity): PooledWald {
  const m = estimates.length;
  if (m < 2 || covariances.length !== m) throw new InputError(`Rubin's rules were given ${m} fits and ${covariances.length} covariances, but at least two of each, as many, are expected.`);
  checkDf(completeDf);
  const q = estimates[0].length;
  for (let i = 0; i < m; i++) {
    const [e, c] = [estimates[i], covariances[i]];
    if (q < 1 || e.length !== q || c.length !== q * q) throw new InputError(`Imputation ${i + 1} has ${e.length} estimates and ${c.length} covariances, but ${Math.max(1, q)} and ${Math.max(1, q * q)} are expected; give every fit's coefficients and their whole covariance, row by row.`);
    if (!Array.prototype.every.call(e, Number.isFinite) || !Array.prototype.every.call(c, Number.isFinite)) throw new InputError(`Imputation ${i + 1} has an estimate or a covariance that is no finite number, but finite ones are expected; look at that fit, or leave that coefficient out.`);
  }
  const mean = Array.from({ length: q }, (_, a) => estimates.reduce((s, e) => s + e[a], 0) / m);
  const u: number[][] = mean.map((_, a) => mean.map((__, b) => covariances.reduce((s, c) => s + c[a * q + b], 0) / m));
  const b: number[][] = mean.map((_, a) => mean.map((__, c) => estimates.reduce((s, e) => s + (e[a] - mean[a]) * (e[c] - mean[c]), 0) / (m - 1)));
  // Gauss–Jordan on [U | mean, B]
  const right = mean.map((v, a) => [v, ...b[a]]);
  for (let k = 0; k < q; k++) {
    let pivot = k;
    for (let i = k + 1; i < q; i++) if (Math.abs(u[i][k]) > Math.abs(u[pivot][k])) pivot = i;
    [u[k], u[pivot]] = [u[pivot], u[k]];
    [right[k], right[pivot]] = [right[pivot], right[k]];
    if (!(Math.abs(u[k][k]) > 0)) throw new InputError("The mean covariance of the fits is singular. Leave out coefficients that depend on one another.");
    for (let i = 0; i < q; i++) {
      if (i === k) continue;
      const f = u[i][k] / u[k][k];
      for (let j = k; j < q; j++) u[i][j] -= f * u[k][j];
      for (let j = 0; j <= q; j++) right[i][j] -= f * right[k][j];
    }
  }
  let trace = 0, wald = 0;
  for (let a = 0; a < q; a++) {
    trace += right[a][1 + a] / u[a][a];
    wald += (mean[a] * right[a][0]) / u[a][a];
  }
  const increase = ((1 + 1 / m) * trace) / q;
  const f = wald / (q * (1 + increase));
  const df2 = q === 1
    ? poolRubin(estimates.map((e) => e[0]), covariances.map((c) => c[0]), completeDf).df
    : denominatorDf(q, m, increase, completeDf);
  return { f, df1: q, df2, p: fCdf(f, q, df2, { upper: true }), increase };
}

function checkDf(completeDf: number): void {
  if (!(completeDf > 0)) throw new InputError(`Rubin's rules were given ${completeDf} degrees of freedom of the complete data, but a number above 0 is expected; give n − k, or leave it out where n is large.`);
}

function denominatorDf(q: number, m: number, increase: number, completeDf: number): number {
  const t = q * (m - 1);
  if (t <= 4) return (t * (1 + 1 / q) * (1 + 1 / increase) * (1 + 1 / increase)) / 2;
  if (completeDf === Infinity) {
    const a = 1 + (1 - 2 / t) / increase;
    return 4 + (t - 4) * a * a;
  }
  // in Reiter's letters: a, and ν* of the complete data
  const a = (increase * t) / (t - 2);
  const complete = (completeDf * (completeDf + 1)) / (completeDf + 3);
  const c1 = complete - 2 * (1 + a), c2 = complete - 4 * (1 + a);
  const rest = (a * a * c1) / ((1 + a) * (1 + a) * c2) + (8 * a * a * c1) / ((1 + a) * c2 * c2) + (4 * a * a) / ((1 + a) * c2)
    + (4 * a * a) / (c2 * c1) + (16 * a * a * c1) / (c2 * c2 * c2) + (8 * a * a) / (c2 * c2);
  return 4 + 1 / (1 / c2 + rest / (t - 4));
}
