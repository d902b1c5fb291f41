/** Lower Cholesky factor of a symmetric positive definite p × p matrix (row by row, lower half read); undefined where it is not. */
export function choleskyFactor(matrix: Float64Array, p: number): Float64Array | undefined {
  const l = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let s = matrix[i * p + j];
      for (let k = 0; k < j; k++) s -= l[i * p + k] * l[j * p + k];
      if (i > j) l[i * p + j] = s / l[j * p + j];
      else if (s > 1e-15 * matrix[i * p + i]) l[i * p + i] = Math.sqrt(s);
      else return undefined;
    }
  }
  return l;
}

/** Solves L Lᵀ x = b. */
export function choleskySolve(l: Float64Array, p: number, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < i; k++) x[i] -= l[i * p + k] * x[k];
    x[i] /= l[i * p + i];
  }
  for (let i = p - 1; i >= 0; i--) {
    for (let k = i + 1; k < p; k++) x[i] -= l[k * p + i] * x[k];
    x[i] /= l[i * p + i];
  }
  return x;
}

/** (L Lᵀ)⁻¹, row by row. */
export function choleskyInverse(l: Float64Array, p: number): Float64Array {
  const inverse = new Float64Array(p * p);
  const unit = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    unit.fill(0)[j] = 1;
    const x = choleskySolve(l, p, unit);
    for (let i = 0; i < p; i++) inverse[i * p + j] = x[i];
  }
  return inverse;
}

/** Xᵀ diag(w) X of columns, both halves filled. */
export function weightedGram(columns: readonly Float64Array[], w: Float64Array): Float64Array {
  const p = columns.length;
  const n = w.length;
  const gram = new Float64Array(p * p);
  const weighted = new Float64Array(n);
  for (let a = 0; a < p; a++) {
    const x = columns[a];
    for (let i = 0; i < n; i++) weighted[i] = x[i] * w[i];
    for (let b = 0; b <= a; b++) {
      const y = columns[b];
      let s = 0;
      for (let i = 0; i < n; i++) s += weighted[i] * y[i];
      gram[a * p + b] = gram[b * p + a] = s;
    }
  }
  return gram;
}

/** Diagonal of W½ X (Xᵀ W X)⁻¹ Xᵀ W½, from the Cholesky factor of Xᵀ W X. */
export function leverages(columns: readonly Float64Array[], factor: Float64Array, w: Float64Array): Float64Array {
  const p = columns.length;
  const n = w.length;
  const h = new Float64Array(n);
  const row = new Float64Array(p);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let a = 0; a < p; a++) {
      let s = columns[a][i];
      for (let k = 0; k < a; k++) s -= factor[a * p + k] * row[k];
      row[a] = s / factor[a * p + a];
      sum += row[a] * row[a];
    }
    h[i] = sum * w[i];
  }
  return h;
}
