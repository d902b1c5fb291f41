import { InputError } from "./check.js";
import { inverseTriangular, qr, type Qr } from "./qr.js";

/** A linear least-squares fit. Aliased columns (linear combinations of earlier ones) have coefficient NaN, as R's NA. */
export type LeastSquares = {
  /** one per column, in the given order */
  coefficients: Float64Array;
  /** n: y − X b, not weighted */
  residuals: Float64Array;
  fitted: Float64Array;
  /** Σ w r² */
  residualSquares: number;
  rank: number;
  /** positions of the columns that depend on those before them */
  aliased: number[];
  /** (Xᵀ W X)⁻¹, p × p row by row, NaN in the rows and columns of aliased ones */
  unscaledCovariance: Float64Array;
};

/**
 * b that makes Σ w (y − X b)² least, by Householder's QR with R's rule for collinear columns (tolerance 1e-7). As R lm.fit, lm.wfit. Golub
 * & Van Loan, Matrix Computations, 5.3.
 *
 * @param columns  p columns of n numbers; an intercept is a column of ones
 * @param weights  n weights >= 0, not all 0; all 1 where left out
 * @throws InputError where a column or the weights have not as many rows as y, a value is not finite, a weight is negative, or all are 0
 */
export function leastSquares(
  columns: readonly ArrayLike<number>[], y: ArrayLike<number>, weights?: ArrayLike<number>, tolerance = 1e-7,
): LeastSquares {
  const n = y.length;
  const p = columns.length;
  for (let j = 0; j < p; j++) {
    if (columns[j].length !== n) throw new InputError(`Column ${j + 1} has ${columns[j].length} rows but the response has ${n}; they must have the same rows.`);
    finiteRows(columns[j], `Column ${j + 1}`);
  }
  finiteRows(y, "The response");
  if (weights !== undefined) checkWeights(weights, n);
  const root = weights && Float64Array.from({ length: n }, (_, i) => Math.sqrt(weights[i]));
  const scaled = (x: ArrayLike<number>) => (root ? Float64Array.from(x, (value, i) => value * root[i]) : Float64Array.from(x));
  const factors = qr(columns.map(scaled), tolerance);
  const { rank, kept, r } = factors;
  const rotated = qTransposed(factors, scaled(y));
  const inverse = inverseTriangular(r, rank);
  const coefficients = new Float64Array(p).fill(NaN);
  const unscaledCovariance = new Float64Array(p * p).fill(NaN);
  for (let i = 0; i < rank; i++) {
    let b = 0;
    for (let k = i; k < rank; k++) b += inverse[i * rank + k] * rotated[k];
    coefficients[kept[i]] = b;
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < rank; k++) sum += inverse[i * rank + k] * inverse[j * rank + k];
      unscaledCovariance[kept[i] * p + kept[j]] = unscaledCovariance[kept[j] * p + kept[i]] = sum;
    }
  }
  const fitted = new Float64Array(n);
  for (const j of kept) for (let i = 0; i < n; i++) fitted[i] += coefficients[j] * columns[j][i];
  const residuals = Float64Array.from({ length: n }, (_, i) => y[i] - fitted[i]);
  let residualSquares = 0;
  for (let i = 0; i < n; i++) residualSquares += (weights ? weights[i] : 1) * residuals[i] * residuals[i];
  return { coefficients, residuals, fitted, residualSquares, rank, aliased: factors.aliased, unscaledCovariance };
}

function finiteRows(values: ArrayLike<number>, who: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new InputError(`${who} of the least-squares fit has ${values[i]} in row ${i + 1}, but a finite number was expected; impute it or leave the row out.`);
  }
}

function checkWeights(weights: ArrayLike<number>, n: number): void {
  if (weights.length !== n) throw new InputError(`The least-squares fit has ${weights.length} weights but the response has ${n} rows; give one weight a row.`);
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (!(weights[i] >= 0 && weights[i] < Infinity)) throw new InputError(`The weight of row ${i + 1} of the least-squares fit is ${weights[i]}, but a finite number, 0 or more, was expected; give 0 to leave the row out.`);
    total += weights[i];
  }
  if (n > 0 && total === 0) throw new InputError(`All ${n} weights of the least-squares fit are 0, but at least one above 0 was expected; leave the weights out for equal ones.`);
}

/** Qᵀ y, in place. */
function qTransposed({ reflectors }: Qr, y: Float64Array): Float64Array {
  const n = y.length;
  reflectors.forEach((v, k) => {
    let dot = 0;
    for (let i = k; i < n; i++) dot += v[i] * y[i];
    for (let i = k; i < n; i++) y[i] -= dot * v[i];
  });
  return y;
}
