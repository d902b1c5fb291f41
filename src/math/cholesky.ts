/**
 * Lower Cholesky factor L of a symmetric matrix A = L Lᵀ (n × n, row by row; the lower half is read), zeros above the diagonal.
 * Golub & Van Loan, Matrix Computations, 4.2. Undefined where A is not positive definite: where a pivot is at most `tolerance` times
 * its diagonal entry, which tells a row that depends on those before it.
 */
export function cholesky(matrix: ArrayLike<number>, n: number, tolerance = 1e-14): Float64Array | undefined {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      const other = j * n;
      let sum = matrix[row + j];
      for (let k = 0; k < j; k++) sum -= l[row + k] * l[other + k];
      if (j < i) l[row + j] = sum / l[other + j];
      else if (sum > tolerance * matrix[row + i] && sum < Infinity) l[row + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return l;
}

/** x with L Lᵀ x = b, from the factor of `cholesky`. Golub & Van Loan, Matrix Computations, 4.2. */
export function solveCholesky(factor: Float64Array, n: number, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * x[k];
    x[i] = sum / factor[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < n; k++) sum -= factor[k * n + i] * x[k];
    x[i] = sum / factor[i * n + i];
  }
  return x;
}

/** (L Lᵀ)⁻¹, symmetric to the last bit, from the factor of `cholesky`. As R chol2inv(), given the lower factor. */
export function inverseCholesky(factor: Float64Array, n: number): Float64Array {
  // L⁻¹ by columns, then its product with its own transpose
  const m = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    m[j * n + j] = 1 / factor[j * n + j];
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= factor[i * n + k] * m[k * n + j];
      m[i * n + j] = sum / factor[i * n + i];
    }
  }
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += m[k * n + i] * m[k * n + j];
      inverse[i * n + j] = inverse[j * n + i] = sum;
    }
  }
  return inverse;
}
