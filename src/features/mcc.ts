import { dominantEigenvalue, dominantEigenvalueOf } from "../math/index.js";
import type { Cooccurrences } from "./glcmMatrix.js";

/** PyRadiomics adds it to pₓ(i) p_y(k); split between B and Bᵀ it changes the eigenvalues in the same way to first order. */
const epsilon = 2 ** -52;

/** Up to here the whole symmetric matrix is reduced; above, iteration over the occupied cells is cheaper. */
const fewLevels = 20;

/** Up to here the reduction stands in where the iteration does not settle. */
const mostLevels = 2000;

/**
 * Maximal correlation coefficient: square root of the second largest eigenvalue of Q(i, j) = Σₖ p(i, k) p(j, k) / (pₓ(i) p_y(k))
 * (Haralick et al., IEEE Trans SMC 1973;3:610, f14). Q is similar to B Bᵀ with B = Dₓ^−½ P D_y^−½, whose largest singular
 * value is 1 with the known vectors √pₓ, √p_y; that pair is taken out and the largest remaining one is the answer;
 * NaN if the iteration does not settle (not met up to 50,000 levels; reduced as a whole up to 2,000 levels).
 */
export function maximalCorrelation(m: Cooccurrences): number {
  const n = m.level.length;
  const { x, y, total } = margins(m);
  const b = scaledRows(m, x, y, total);
  const top = unitVector(x, total);
  if (m.symmetric) {
    const iterated = n <= fewLevels ? undefined : dominantEigenvalueOf((v, out) => multiplySymmetric(b, top, v, out), n);
    // weights of e^-25 (weightingNorm) make nearly equal eigenvalues that the iteration cannot tell apart
    const value = iterated ?? (n <= mostLevels ? dominantEigenvalue(filledSymmetric(b, top), n) : NaN);
    return Math.abs(value);
  }
  const right = unitVector(y, total);
  const between = new Float64Array(n);
  const value = dominantEigenvalueOf((v, out) => {
    multiplyTransposed(b, v, between);
    takeOut(between, right);
    multiply(b, between, out);
    takeOut(out, top);
  }, n);
  return Math.sqrt(Math.max(0, value ?? NaN));
}

/** A sparse matrix row by row: row i has its entries at starts[i] to starts[i + 1]. */
type Rows = { starts: Int32Array; column: Int32Array; weight: Float64Array };

/** p / √(pₓ p_y). Of a symmetric matrix the lower half is kept, with half the diagonal: the whole is that plus its transpose. */
function scaledRows({ level, row, column, count, symmetric }: Cooccurrences, x: Float64Array, y: Float64Array, total: number): Rows {
  const starts = new Int32Array(level.length + 2);
  for (let k = 0; k < row.length; k++) starts[row[k] + 2]++;
  for (let i = 2; i < starts.length; i++) starts[i] += starts[i - 1];
  const columns = new Int32Array(row.length);
  const weight = new Float64Array(row.length);
  const shift = epsilon * total * total;
  for (let k = 0; k < row.length; k++) {
    const i = row[k], j = column[k];
    const at = starts[i + 1]++;
    columns[at] = j;
    weight[at] = (symmetric && i === j ? 0.5 : 1) * count[k] / Math.sqrt(x[i] * y[j] + shift);
  }
  return { starts, column: columns, weight };
}

function unitVector(counts: Float64Array, total: number): Float64Array {
  const unit = new Float64Array(counts.length);
  for (let i = 0; i < unit.length; i++) unit[i] = Math.sqrt(counts[i] / total);
  return unit;
}

/** The symmetric matrix in full, its known top pair taken out. */
function filledSymmetric({ starts, column, weight }: Rows, top: Float64Array): Float64Array {
  const n = top.length;
  const full = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) full[i * n + j] = -top[i] * top[j];
  }
  for (let i = 0; i < n; i++) for (let k = starts[i]; k < starts[i + 1]; k++) {
    full[i * n + column[k]] += weight[k];
    full[column[k] * n + i] += weight[k];
  }
  return full;
}

function multiplySymmetric({ starts, column, weight }: Rows, top: Float64Array, v: Float64Array, out: Float64Array): void {
  out.fill(0);
  for (let i = 0; i < top.length; i++) {
    const own = v[i];
    let sum = 0;
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const j = column[k], w = weight[k];
      sum += w * v[j];
      out[j] += w * own;
    }
    out[i] += sum;
  }
  takeOut(out, top);
}

function multiply({ starts, column, weight }: Rows, v: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let k = starts[i]; k < starts[i + 1]; k++) sum += weight[k] * v[column[k]];
    out[i] = sum;
  }
}

function multiplyTransposed({ starts, column, weight }: Rows, v: Float64Array, out: Float64Array): void {
  out.fill(0);
  for (let i = 0; i < v.length; i++) for (let k = starts[i]; k < starts[i + 1]; k++) out[column[k]] += weight[k] * v[i];
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
