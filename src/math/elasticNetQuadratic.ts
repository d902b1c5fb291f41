import type { NetFamily } from "./elasticNetFamilies.js";
import { clearFactor, supportFactor, type SupportFactor } from "./elasticNetSupport.js";

/**
 * The quadratic model of the loss on a growing working set of columns: G = X′HX at the η where it was last built. Column j of the
 * set is kept as √w (x − m) (n numbers; m the w-mean where an intercept is fitted) and, for Cox, √D_t x̄_t (one for every event
 * time), so that a new column costs one product with each column of the set.
 */
export type QuadraticModel = {
  /** columns of the set, in order of arrival */
  set: Int32Array; size: number;
  /** place of column j in the set, −1 outside */
  place: Int32Array;
  /** G, row a at a · stride */
  gram: Float64Array; stride: number;
  /** w-means of the columns of the set */
  means: Float64Array;
  rows: Float64Array; width: number;
  weight: Float64Array; root: Float64Array; weightTotal: number;
  /** ridge by column that stands on the diagonal of G: (1 − α) f_j times this λ */
  ridge: Float64Array; ridgeLambda: number;
  factor: SupportFactor;
};

export function quadraticModel(p: number, family: NetFamily, ridge: Float64Array): QuadraticModel {
  const stride = 32;
  const width = family.n + family.times;
  return {
    set: new Int32Array(p), size: 0, place: new Int32Array(p).fill(-1), gram: new Float64Array(stride * stride), stride,
    means: new Float64Array(p), rows: new Float64Array(stride * width), width,
    weight: new Float64Array(family.n), root: new Float64Array(family.n), weightTotal: 1,
    ridge, ridgeLambda: 0, factor: supportFactor(),
  };
}

/** Takes the Hessian at the η last given to the family's loss, and the columns to keep. */
export function rebuild(model: QuadraticModel, x: Float64Array, family: NetFamily, keep: ArrayLike<number>): void {
  const { n } = family;
  family.curvature(model.weight);
  let total = 0;
  for (let i = 0; i < n; i++) {
    total += model.weight[i];
    model.root[i] = Math.sqrt(model.weight[i]);
  }
  model.weightTotal = total;
  const columns = Int32Array.from(keep);
  for (let a = 0; a < model.size; a++) model.place[model.set[a]] = -1;
  model.size = 0;
  clearFactor(model.factor);
  enlarge(model, x, family, columns);
}

/** Adds columns to the set: their rows, and their products with all that are there. */
export function enlarge(model: QuadraticModel, x: Float64Array, family: NetFamily, columns: ArrayLike<number>): void {
  const { n, times, intercept } = family;
  const { width, weight, root } = model;
  const old = model.size;
  reserve(model, old + columns.length);
  const { rows, gram, stride } = model;
  for (let c = 0; c < columns.length; c++) {
    const j = columns[c];
    const a = old + c;
    model.set[a] = j;
    model.place[j] = a;
    const from = j * n;
    let mean = 0;
    if (intercept) {
      for (let i = 0; i < n; i++) mean += weight[i] * x[from + i];
      mean /= model.weightTotal;
    }
    model.means[a] = mean;
    const at = a * width;
    for (let i = 0; i < n; i++) rows[at + i] = root[i] * (x[from + i] - mean);
    if (times > 0) family.riskMeans(x, from, rows, at + n);
  }
  model.size = old + columns.length;
  for (let a = old; a < model.size; a += 2) {
    if (a + 1 < model.size) pairProducts(rows, width, n, a, gram, stride);
    else products(rows, width, n, a, 0, gram, stride);
  }
  for (let a = old; a < model.size; a++) gram[a * stride + a] += model.ridge[model.set[a]] * model.ridgeLambda;
}

/** Puts the ridge of another λ on the diagonal. */
export function changeRidge(model: QuadraticModel, lambda: number): void {
  const d = lambda - model.ridgeLambda;
  model.ridgeLambda = lambda;
  for (let a = 0; a < model.size; a++) model.gram[a * model.stride + a] += model.ridge[model.set[a]] * d;
  clearFactor(model.factor);
}

/** G between row a and rows from … a. */
function products(rows: Float64Array, width: number, n: number, a: number, from: number, gram: Float64Array, stride: number): void {
  const at = a * width;
  for (let b = from; b <= a; b++) {
    const bt = b * width;
    let s = 0;
    for (let i = 0; i < n; i++) s += rows[at + i] * rows[bt + i];
    for (let i = n; i < width; i++) s -= rows[at + i] * rows[bt + i];
    gram[a * stride + b] = gram[b * stride + a] = s;
  }
}

/** G between rows a, a + 1 and rows 0 … a + 1: eight products in one pass, so that every number read serves several times. */
function pairProducts(rows: Float64Array, width: number, n: number, a: number, gram: Float64Array, stride: number): void {
  const at = a * width;
  const bt = at + width;
  let b = 0;
  for (; b + 3 <= a; b += 4) {
    const b0 = b * width, b1 = b0 + width, b2 = b1 + width, b3 = b2 + width;
    let s0 = 0, s1 = 0, s2 = 0, s3 = 0, t0 = 0, t1 = 0, t2 = 0, t3 = 0;
    for (let i = 0; i < n; i++) {
      const v = rows[at + i], w = rows[bt + i];
      const x0 = rows[b0 + i], x1 = rows[b1 + i], x2 = rows[b2 + i], x3 = rows[b3 + i];
      s0 += v * x0; s1 += v * x1; s2 += v * x2; s3 += v * x3;
      t0 += w * x0; t1 += w * x1; t2 += w * x2; t3 += w * x3;
    }
    for (let i = n; i < width; i++) {
      const v = rows[at + i], w = rows[bt + i];
      const x0 = rows[b0 + i], x1 = rows[b1 + i], x2 = rows[b2 + i], x3 = rows[b3 + i];
      s0 -= v * x0; s1 -= v * x1; s2 -= v * x2; s3 -= v * x3;
      t0 -= w * x0; t1 -= w * x1; t2 -= w * x2; t3 -= w * x3;
    }
    const row = a * stride + b;
    gram[row] = s0; gram[row + 1] = s1; gram[row + 2] = s2; gram[row + 3] = s3;
    gram[row + stride] = t0; gram[row + stride + 1] = t1; gram[row + stride + 2] = t2; gram[row + stride + 3] = t3;
    gram[b * stride + a] = s0; gram[(b + 1) * stride + a] = s1; gram[(b + 2) * stride + a] = s2; gram[(b + 3) * stride + a] = s3;
    gram[b * stride + a + 1] = t0; gram[(b + 1) * stride + a + 1] = t1; gram[(b + 2) * stride + a + 1] = t2; gram[(b + 3) * stride + a + 1] = t3;
  }
  products(rows, width, n, a, b, gram, stride);
  products(rows, width, n, a + 1, b, gram, stride);
}

function reserve(model: QuadraticModel, size: number): void {
  if (size <= model.stride) return;
  const stride = Math.max(size, Math.ceil(model.stride * 1.5));
  const gram = new Float64Array(stride * stride);
  for (let a = 0; a < model.size; a++) gram.set(model.gram.subarray(a * model.stride, a * model.stride + model.size), a * stride);
  const rows = new Float64Array(stride * model.width);
  rows.set(model.rows.subarray(0, model.size * model.width));
  model.gram = gram;
  model.rows = rows;
  model.stride = stride;
}
