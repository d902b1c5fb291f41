/** Householder's QR of columns, those that depend on earlier ones set aside. */
export type Qr = {
  rank: number;
  /** positions of the independent columns, ascending */
  kept: number[];
  /** positions of the others, ascending */
  aliased: number[];
  /** upper triangle of the kept columns, rank × rank, row by row; the signs of its diagonal are not fixed */
  r: Float64Array;
  /** vectors v of the reflections I − v vᵀ (|v|² = 2), the k-th is 0 before row k */
  reflectors: Float64Array[];
};

/**
 * QR factors by Householder reflections (Golub & Van Loan, Matrix Computations, 5.2), column by column. A column whose part outside
 * the span of the earlier kept ones is shorter than `tolerance` times its length is aliased: the rule of R's lm (qr.default, 1e-7),
 * which keeps the columns' order. `columns` are used up: hand in copies.
 *
 * @param columns  p columns of n numbers
 */
export function qr(columns: Float64Array[], tolerance = 1e-7): Qr {
  const n = columns[0]?.length ?? 0;
  const kept: number[] = [];
  const aliased: number[] = [];
  const reflectors: Float64Array[] = [];
  const heads: Float64Array[] = [];
  columns.forEach((x, j) => {
    const length = norm(x, 0);
    const k = reflectors.length;
    for (let m = 0; m < k; m++) {
      const v = reflectors[m];
      let dot = 0;
      for (let i = m; i < n; i++) dot += v[i] * x[i];
      for (let i = m; i < n; i++) x[i] -= dot * v[i];
    }
    const rest = k < n ? norm(x, k) : 0;
    if (!(rest > 0 && rest >= tolerance * length)) {
      aliased.push(j);
      return;
    }
    kept.push(j);
    // x goes to (…, −sign·rest, 0, …); v = (x − that) scaled to |v|² = 2
    const v = new Float64Array(n);
    const diagonal = x[k] > 0 ? -rest : rest;
    const first = x[k] - diagonal;
    const scale = 1 / Math.sqrt(Math.abs(first) * rest);
    v[k] = first * scale;
    for (let i = k + 1; i < n; i++) v[i] = x[i] * scale;
    reflectors.push(v);
    const head = x.slice(0, k + 1);
    head[k] = diagonal;
    heads.push(head);
  });
  const rank = kept.length;
  const r = new Float64Array(rank * rank);
  heads.forEach((head, j) => head.forEach((value, i) => (r[i * rank + j] = value)));
  return { rank, kept, aliased, r, reflectors };
}

/** Euclidean length from row `from` on, safe from overflow. */
function norm(x: Float64Array, from: number): number {
  let largest = 0;
  for (let i = from; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  if (largest === 0 || !(largest < Infinity)) return largest;
  let squares = 0;
  for (let i = from; i < x.length; i++) squares += (x[i] / largest) * (x[i] / largest);
  return largest * Math.sqrt(squares);
}

/** R⁻¹ of an upper triangle (n × n, row by row). */
export function inverseTriangular(r: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    inverse[j * n + j] = 1 / r[j * n + j];
    for (let i = j - 1; i >= 0; i--) {
      let sum = 0;
      for (let k = i + 1; k <= j; k++) sum -= r[i * n + k] * inverse[k * n + j];
      inverse[i * n + j] = sum / r[i * n + i];
    }
  }
  return inverse;
}
