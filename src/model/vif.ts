import { cholesky, exp, InputError, log, type Design } from "../math/index.js";
import { standardDesign } from "./standardDesign.js";

export type Vif = {
  term: string;
  /** generalised variance inflation factor: the VIF where the term is one column */
  gvif: number;
  df: number;
  /** gvif^(1 / (2 df)), comparable between terms of different df: the inflation of a standard error */
  perDf: number;
};

/**
 * Variance inflation factors of a fitted model, generalised for factors: with R the correlation matrix of the coefficients
 * (intercept left out), GVIF = det R₁₁ · det R₂₂ / det R. Fox & Monette, J Am Stat Assoc 1992;87:178. Agrees with R car::vif for
 * lm and glm, and with rms::vif for one-column terms (diagonal of the inverse of R), Cox models included.
 *
 * @param fit    names and covariance of its coefficients, row by row; "(Intercept)" is left out
 * @param terms  names of each term's coefficients; default every coefficient alone
 * @throws InputError for fewer than two coefficients, an unknown one, or a covariance that is not to be had (separation, aliased column: named)
 */
export function vif(fit: { names: string[]; covariance: number[][] }, terms?: Record<string, string[]>): Vif[] {
  const names = fit.names.filter((name) => name !== "(Intercept)");
  const groups = Object.entries(terms ?? Object.fromEntries(names.map((name) => [name, [name]])));
  const at = groups.map(([term, columns]) => columns.map((name) => {
    const j = fit.names.indexOf(name);
    if (j < 0) throw new InputError(`Variance inflation: the term "${term}" names the coefficient "${name}", which the model lacks; its coefficients are ${names.join(", ")}.`);
    if (!(fit.covariance[j][j] > 0)) throw new InputError(`Variance inflation: "${name}" has no standard error (aliased or separated); leave it out of the model first.`);
    return j;
  }));
  const all = at.flat();
  if (groups.length < 2) throw new InputError("Variance inflation: the model has fewer than two terms; it takes two.");
  const whole = logDeterminant(fit.covariance, all);
  return groups.map(([term], g) => {
    const gvif = exp(logDeterminant(fit.covariance, at[g]) + logDeterminant(fit.covariance, all.filter((j) => !at[g].includes(j))) - whole);
    const df = at[g].length;
    return { term, gvif, df, perDf: df === 1 ? Math.sqrt(gvif) : exp(log(gvif) / (2 * df)) };
  });
}

/**
 * Variance inflation factor of each column of a design before any model: 1 / (1 − R²) of the column on the others, the diagonal of
 * the inverse correlation matrix. Infinity for a column that depends on those before it, NaN for a constant one. Belsley, Kuh & Welsch,
 * Regression Diagnostics 1980.
 * @throws InputError on no patients, columns that differ in length, values not finite, a repeated name
 */
export function designVif(design: Design): number[] {
  const s = standardDesign("Variance inflation", design, { intercept: true });
  const out = design.names.map(() => NaN);
  for (const { column, why } of s.aliased) if (why.includes("combination")) out[column] = Infinity;
  const columns = s.columns.slice(1);
  const p = columns.length;
  const correlation = columns.map((a) => columns.map((b) => a.reduce((sum, v, i) => sum + v * b[i], 0) / s.n));
  const all = columns.map((_, j) => j);
  const whole = p > 0 ? logDeterminant(correlation, all) : 0;
  // 1 / (1 − R²) = det of the others / det of all
  s.kept.forEach((j, k) => (out[j] = p === 1 ? 1 : exp(logDeterminant(correlation, all.filter((c) => c !== k)) - whole)));
  return out;
}

/** log determinant of the correlation matrix of these rows and columns of a covariance; 0 for none of them. */
function logDeterminant(covariance: number[][], at: readonly number[]): number {
  const p = at.length;
  const r = Float64Array.from({ length: p * p }, (_, k) => {
    const [a, b] = [at[Math.floor(k / p)], at[k % p]];
    return covariance[a][b] / Math.sqrt(covariance[a][a] * covariance[b][b]);
  });
  const factor = cholesky(r, p);
  if (factor === undefined) return -Infinity;
  let sum = 0;
  for (let j = 0; j < p; j++) sum += 2 * log(factor[j * p + j]);
  return sum;
}
