/** Eigenvalues, descending, and unit eigenvectors: vectors[k] belongs to values[k]. */
export type SymmetricEigen = { values: Float64Array; vectors: Float64Array[] };

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix (n × n, row by row) by cyclic Jacobi rotations
 * (Golub & Van Loan, Matrix Computations, 8.5). Small eigenvalues keep their relative accuracy. Works on a copy.
 */
export function symmetricEigen(matrix: ArrayLike<number>, n: number): SymmetricEigen {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0, turned = true; sweep < 60 && turned; sweep++) {
    turned = false;
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) turned = rotate(a, v, n, p, q) || turned;
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j] - a[i * n + i]);
  return {
    values: Float64Array.from(order, (k) => a[k * n + k]),
    vectors: order.map((k) => Float64Array.from({ length: n }, (_, i) => v[i * n + k])),
  };
}

/** Makes a[p, q] zero; false where it is already as good as that. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): boolean {
  const b = a[p * n + q];
  const app = a[p * n + p];
  const aqq = a[q * n + q];
  if (b === 0 || Math.abs(b) < 1e-18 * Math.sqrt(Math.abs(app * aqq))) return false;
  const half = 0.5 * (app - aqq);
  const root = Math.sqrt(half * half + b * b);
  const t = b / (half >= 0 ? half + root : half - root);
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  a[p * n + p] = app + t * b;
  a[q * n + q] = aqq - t * b;
  a[p * n + q] = a[q * n + p] = 0;
  for (let k = 0; k < n; k++) {
    if (k !== p && k !== q) {
      const kp = a[k * n + p];
      const kq = a[k * n + q];
      a[k * n + p] = a[p * n + k] = c * kp + s * kq;
      a[k * n + q] = a[q * n + k] = c * kq - s * kp;
    }
    const vp = v[k * n + p];
    const vq = v[k * n + q];
    v[k * n + p] = c * vp + s * vq;
    v[k * n + q] = c * vq - s * vp;
  }
  return true;
}
