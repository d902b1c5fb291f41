import type { Random } from "../../math/index.js";

/** Coefficients by least squares and one draw from their posterior, the intercept first; the residual spread drawn with them. */
export type Regression = { estimate: number[]; draw: number[]; sigma: number };

/**
 * y on an intercept and terms with a ridge of 1e-5 of the diagonal (as mice's default against collinear terms); the draw takes
 * σ² = residual sum of squares / χ²(n − p) and β from N(estimate, σ²·(X′X)⁻¹). Rubin, Multiple Imputation, 1987, p. 167.
 */
export function coefficientDraw(terms: Float64Array[], y: Float64Array, random: Random): Regression {
  const n = y.length, p = terms.length + 1;
  const column = (k: number, i: number) => (k === 0 ? 1 : terms[k - 1][i]);
  const l: number[][] = [];
  const xy: number[] = [];
  for (let a = 0; a < p; a++) {
    l.push([]);
    for (let b = 0; b <= a; b++) {
      let s = 0;
      for (let i = 0; i < n; i++) s += column(a, i) * column(b, i);
      l[a].push(a === b ? s * (1 + 1e-5) + 1e-12 : s);
    }
    let s = 0;
    for (let i = 0; i < n; i++) s += column(a, i) * y[i];
    xy.push(s);
  }
  // Cholesky in place: X′X = L·L′
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let s = l[i][j];
      for (let k = 0; k < j; k++) s -= l[i][k] * l[j][k];
      l[i][j] = i === j ? Math.sqrt(Math.max(s, 1e-12)) : s / l[j][j];
    }
  }
  const forward = [...xy];
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < i; k++) forward[i] -= l[i][k] * forward[k];
    forward[i] /= l[i][i];
  }
  const estimate = backward(l, forward);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    let e = y[i];
    for (let k = 0; k < p; k++) e -= column(k, i) * estimate[k];
    squares += e * e;
  }
  let chi = 0;
  for (let k = 0; k < Math.max(1, n - p); k++) {
    const z = random.normal();
    chi += z * z;
  }
  const sigma = Math.sqrt(squares / Math.max(chi, 1e-12));
  const shift = backward(l, estimate.map(() => random.normal()));
  return { estimate, draw: estimate.map((b, k) => b + sigma * shift[k]), sigma };
}

/** Solves L′·x = b. */
function backward(l: number[][], b: number[]): number[] {
  const x = [...b];
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= l[k][i] * x[k];
    x[i] /= l[i][i];
  }
  return x;
}

/** intercept + Σ coefficient · term at a row. */
export function predict(coefficients: number[], terms: Float64Array[], row: number): number {
  let s = coefficients[0];
  for (let k = 0; k < terms.length; k++) s += coefficients[k + 1] * terms[k][row];
  return s;
}
