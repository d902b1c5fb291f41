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
