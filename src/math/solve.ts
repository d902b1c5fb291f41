import { cholesky, inverseCholesky } from "./cholesky.js";

/** Gaussian elimination with row pivoting: the factors of P A = L U in one matrix, and the rows in their order. */
type Eliminated = { lu: Float64Array; rows: Int32Array };

function eliminate(matrix: ArrayLike<number>, n: number): Eliminated | undefined {
  const lu = Float64Array.from(matrix);
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  let largest = 0;
  for (let i = 0; i < n * n; i++) largest = Math.max(largest, Math.abs(lu[i]));
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]) > Math.abs(lu[best * n + k])) best = i;
    if (!(Math.abs(lu[best * n + k]) > 1e-15 * n * largest)) return undefined;
    if (best !== k) {
      for (let j = 0; j < n; j++) [lu[k * n + j], lu[best * n + j]] = [lu[best * n + j], lu[k * n + j]];
      [rows[k], rows[best]] = [rows[best], rows[k]];
    }
    for (let i = k + 1; i < n; i++) {
      const factor = lu[i * n + k] / lu[k * n + k];
      lu[i * n + k] = factor;
      if (factor !== 0) for (let j = k + 1; j < n; j++) lu[i * n + j] -= factor * lu[k * n + j];
    }
  }
  return { lu, rows };
}

function substitute({ lu, rows }: Eliminated, n: number, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(rows, (row) => b[row]);
  for (let i = 0; i < n; i++) for (let k = 0; k < i; k++) x[i] -= lu[i * n + k] * x[k];
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= lu[i * n + k] * x[k];
    x[i] /= lu[i * n + i];
  }
  return x;
}

/**
 * x with A x = b, A any square matrix (n × n, row by row), by Gaussian elimination with row pivoting (Golub & Van Loan, Matrix
 * Computations, 3.4). Undefined where A is singular to rounding. As R solve(A, b).
 */
export function solve(matrix: ArrayLike<number>, n: number, b: ArrayLike<number>): Float64Array | undefined {
  const eliminated = eliminate(matrix, n);
  return eliminated && substitute(eliminated, n, b);
}

/** A⁻¹ of any square matrix (n × n, row by row); undefined where A is singular to rounding. As R solve(A). */
export function inverse(matrix: ArrayLike<number>, n: number): Float64Array | undefined {
  const eliminated = eliminate(matrix, n);
  if (eliminated === undefined) return undefined;
  const result = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    unit.fill(0)[j] = 1;
    const x = substitute(eliminated, n, unit);
    for (let i = 0; i < n; i++) result[i * n + j] = x[i];
  }
  return result;
}

/**
 * A⁻¹ of a symmetric matrix (n × n, row by row), by Cholesky where it is positive definite, else by elimination, halves averaged;
 * undefined where A is singular to rounding. Golub & Van Loan, Matrix Computations, 4.2.
 */
export function inverseSymmetric(matrix: ArrayLike<number>, n: number): Float64Array | undefined {
  const factor = cholesky(matrix, n);
  if (factor !== undefined) return inverseCholesky(factor, n);
  const result = inverse(matrix, n);
  if (result === undefined) return undefined;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) result[i * n + j] = result[j * n + i] = 0.5 * (result[i * n + j] + result[j * n + i]);
  }
  return result;
}
