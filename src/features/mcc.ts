import { dominantEigenvalue, dominantEigenvalueOf } from "../math/index.js";
import type { Cooccurrences } from "./glcmMatrix.js";

/** PyRadiomics adds it to pₓ(i) p_y(k); split between B and Bᵀ it changes the eigenvalues in the same way to first order. */
const epsilon = 2 ** -52;

/** Up to here the whole matrix is reduced; above, iteration over the occupied cells is cheaper. */
const fewLevels = 32;

/**
 * Maximal correlation coefficient: square root of the second largest eigenvalue of Q(i, j) = Σₖ p(i, k) p(j, k) / (pₓ(i) p_y(k))
 * (Haralick et al., IEEE Trans SMC 1973;3:610, f14). Q is similar to B Bᵀ with B = Dₓ^−½ P D_y^−½, whose largest singular
 * value is 1 with the known vectors √pₓ, √p_y; that pair is taken out and the largest remaining one is the answer.
 */
export function maximalCorrelation(m: Cooccurrences): number {
  const n = m.level.length;
  const { x, y, total } = margins(m);
  const { row, column, count, symmetric } = m;
  const weight = new Float64Array(row.length);
  for (let k = 0; k < row.length; k++) {
    const product = x[row[k]] * y[column[k]];
    weight[k] = count[k] / Math.sqrt(product + epsilon * total * total);
    if (symmetric && row[k] === column[k]) weight[k] *= 0.5;
  }
  const top = x.map((count) => Math.sqrt(count / total));
  const right = symmetric ? top : y.map((count) => Math.sqrt(count / total));

  if (n <= fewLevels) {
    const b = new Float64Array(n * n);
    for (let k = 0; k < row.length; k++) {
      b[row[k] * n + column[k]] += weight[k];
      if (symmetric) b[column[k] * n + row[k]] += weight[k];
    }
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) b[i * n + j] -= top[i] * right[j];
    return symmetric ? Math.abs(dominantEigenvalue(b, n)) : Math.sqrt(Math.max(0, dominantEigenvalue(timesTranspose(b, n), n)));
  }

  const between = new Float64Array(n);
  const value = dominantEigenvalueOf(symmetric ? (v, out) => {
    out.fill(0);
    for (let k = 0; k < row.length; k++) {
      const i = row[k], j = column[k], w = weight[k];
      out[i] += w * v[j];
      out[j] += w * v[i];
    }
    takeOut(out, top);
  } : (v, out) => {
    between.fill(0);
    for (let k = 0; k < row.length; k++) between[column[k]] += weight[k] * v[row[k]];
    takeOut(between, right);
    out.fill(0);
    for (let k = 0; k < row.length; k++) out[row[k]] += weight[k] * between[column[k]];
    takeOut(out, top);
  }, n);
  if (value === undefined) throw new Error("the maximal correlation coefficient did not settle");
  return symmetric ? Math.abs(value) : Math.sqrt(Math.max(0, value));
}

/** Row and column sums of a co-occurrence matrix (the same where it is symmetric), and their total. */
export function margins({ level, row, column, count, symmetric }: Cooccurrences): { x: Float64Array; y: Float64Array; total: number } {
  const x = new Float64Array(level.length);
  const y = symmetric ? x : new Float64Array(level.length);
  for (let k = 0; k < row.length; k++) {
    x[row[k]] += count[k];
    if (!symmetric || row[k] !== column[k]) y[column[k]] += count[k];
  }
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i];
  return { x, y, total };
}

/** x − (x · unit) unit */
function takeOut(x: Float64Array, unit: Float64Array): void {
  let along = 0;
  for (let i = 0; i < x.length; i++) along += x[i] * unit[i];
  for (let i = 0; i < x.length; i++) x[i] -= along * unit[i];
}

function timesTranspose(b: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += b[i * n + k] * b[j * n + k];
    product[i * n + j] = sum;
  }
  return product;
}
