import { InputError } from "../../math/index.js";

/** Least-squares fit of centres and covariates: expected value without centre effect = mean + covariates·coefficients. */
export type StandardFit = { mean: number[]; sd: number[]; coefficients: number[][]; standard: Float64Array[] };

/**
 * Standardises features (x[j][row]) as ComBat: the mean is the reference centre's level, or that of all rows; sd is the root
 * mean square residual (divisor n) of the reference centre's rows, or of all. Covariates are centred columns; taking the
 * centres' means out first (Frisch–Waugh) leaves a small system in the covariates alone.
 */
export function standardFit(x: Float64Array[], rows: Int32Array[], covariates: Float64Array[], terms: string[], ref: number): StandardFit {
  const n = x[0].length, q = covariates.length;
  const within = covariates.map((c) => lessCentreMeans(c, rows));
  const normal = within.map((a) => within.map((b) => dot(a.rest, b.rest)));
  const factor = factorise(normal, covariates.map((c) => dot(c, c)), terms);
  const fit: StandardFit = { mean: [], sd: [], coefficients: [], standard: [] };
  const residual = new Float64Array(n);
  for (const values of x) {
    const y = lessCentreMeans(values, rows);
    const beta = substitute(factor, within.map((w) => dot(w.rest, y.rest)));
    let mean = 0;
    const levels = rows.map((_, c) => within.reduce((level, w, k) => level - w.means[c] * beta[k], y.means[c]));
    if (ref >= 0) mean = levels[ref];
    else rows.forEach((r, c) => { mean += (r.length / n) * levels[c]; });
    for (let i = 0; i < n; i++) {
      let e = y.rest[i];
      for (let k = 0; k < q; k++) e -= within[k].rest[i] * beta[k];
      residual[i] = e;
    }
    let squares = 0;
    const counted = ref >= 0 ? rows[ref] : undefined;
    if (counted) for (const i of counted) squares += residual[i] * residual[i];
    else squares = dot(residual, residual);
    const sd = Math.sqrt(squares / (counted?.length ?? n));
    const standard = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let e = mean;
      for (let k = 0; k < q; k++) e += covariates[k][i] * beta[k];
      standard[i] = (values[i] - e) / sd;
    }
    fit.mean.push(mean);
    fit.sd.push(sd);
    fit.coefficients.push(beta);
    fit.standard.push(standard);
  }
  return fit;
}

function lessCentreMeans(values: Float64Array, rows: Int32Array[]): { means: number[]; rest: Float64Array } {
  const rest = new Float64Array(values.length);
  const means = rows.map((r) => {
    let sum = 0;
    for (let k = 0; k < r.length; k++) sum += values[r[k]];
    const mean = sum / r.length;
    for (let k = 0; k < r.length; k++) rest[r[k]] = values[r[k]] - mean;
    return mean;
  });
  return { means, rest };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Cholesky factor (lower, rows); a pivot that vanishes against the term's whole sum of squares is a confounded covariate. */
function factorise(a: number[][], whole: number[], terms: string[]): number[][] {
  const l: number[][] = [];
  for (let i = 0; i < a.length; i++) {
    l.push([]);
    for (let j = 0; j <= i; j++) {
      let s = a[i][j];
      for (let k = 0; k < j; k++) s -= l[i][k] * l[j][k];
      if (i === j && !(s > 1e-10 * whole[i])) {
        throw new InputError(`The covariate ${terms[i]} cannot be told apart from the centres or the covariates before it. Leave it out of combat.`);
      }
      l[i].push(i === j ? Math.sqrt(s) : s / l[j][j]);
    }
  }
  return l;
}

function substitute(l: number[][], b: number[]): number[] {
  const x = [...b];
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i] -= l[i][k] * x[k];
    x[i] /= l[i][i];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= l[k][i] * x[k];
    x[i] /= l[i][i];
  }
  return x;
}
