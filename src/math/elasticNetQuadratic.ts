import type { NetFamily } from "./elasticNetFamilies.js";
import type { Prepared } from "./elasticNetPrepare.js";
import { clearFactor, supportFactor, type SupportFactor } from "./elasticNetSupport.js";
import { allocate, roundUp, SCRATCH, type VectorHeap } from "./vectorHeap.js";

/**
 * The quadratic model of the loss on a growing working set of columns: G = X′HX at the η where it was last built. Column j of the
 * set is kept as √w (x − m) (n numbers; m the w-mean where an intercept is fitted) and, for Cox, √D_t x̄_t (one for every event
 * time), so that a new column costs one product with each column of the set. G and these rows lie in the heap.
 */
export type QuadraticModel = {
  heap: VectorHeap;
  /** columns of the set, in order of arrival */
  set: Int32Array; size: number;
  /** place of column j in the set, −1 outside */
  place: Int32Array;
  /** G, row a at gram + a · stride; there is room for `stride` rows, a multiple of 4 */
  gram: number; stride: number;
  /** w-means of the columns of the set */
  means: Float64Array;
  /** row a at rows + a · width, the numbers for event times from `turn` */
  rows: number; turn: number; width: number;
  weight: Float64Array; root: Float64Array; weightTotal: number;
  /** ridge by column that stands on the diagonal of G: (1 − α) f_j times this λ */
  ridge: Float64Array; ridgeLambda: number;
  factor: SupportFactor;
};

/** so many rows stay in the processor's cache while the others pass by */
const BLOCK = 32;

export function quadraticModel(data: Prepared, ridge: Float64Array): QuadraticModel {
  const { p, heap, family, stride: turn } = data;
  const stride = 32;
  const width = turn + roundUp(family.times);
  return {
    heap, set: new Int32Array(p), size: 0, place: new Int32Array(p).fill(-1), gram: allocate(heap, stride * stride), stride,
    means: new Float64Array(p), rows: allocate(heap, stride * width), turn, width,
    weight: new Float64Array(family.n), root: new Float64Array(family.n), weightTotal: 1,
    ridge, ridgeLambda: 0, factor: supportFactor(heap),
  };
}

/** Takes the Hessian at the η last given to the family's loss, and the columns to keep. */
export function rebuild(model: QuadraticModel, data: Prepared, keep: ArrayLike<number>): void {
  const { n, family } = data;
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
  enlarge(model, data, columns);
}

/** Adds columns to the set: their rows, and their products with all that are there. */
export function enlarge(model: QuadraticModel, data: Prepared, columns: ArrayLike<number>): void {
  const old = model.size;
  reserve(model, old + columns.length);
  for (let c = 0; c < columns.length; c++) {
    const a = old + c;
    model.set[a] = columns[c];
    model.place[columns[c]] = a;
    placeRow(model, data.family, a, data.x + columns[c] * data.stride);
  }
  model.size = old + columns.length;
  // whole blocks of four rows: some products with rows already there are made once more, and come out the same
  const from = old & ~3;
  for (let block = from; block < model.size; block += BLOCK) {
    const end = Math.min(block + BLOCK, model.size);
    for (let b = 0; b < end; b += 2) {
      for (let a = Math.max(block, b & ~3); a < end; a += 4) products(model, a, b);
    }
  }
  const { f } = model.heap;
  for (let a = from; a < model.size; a++) f[model.gram + a * (model.stride + 1)] += model.ridge[model.set[a]] * model.ridgeLambda;
}

function placeRow(model: QuadraticModel, family: NetFamily, a: number, from: number): void {
  const { weight, root } = model;
  const { n, times, intercept } = family;
  const { f } = model.heap;
  let mean = 0;
  if (intercept) {
    for (let i = 0; i < n; i++) mean += weight[i] * f[from + i];
    mean /= model.weightTotal;
  }
  model.means[a] = mean;
  const at = model.rows + a * model.width;
  for (let i = 0; i < n; i++) f[at + i] = root[i] * (f[from + i] - mean);
  if (times > 0) family.riskMeans(f, from, f, at + model.turn);
}

/** G between rows a … a + 3 and rows b, b + 1, on both sides of the diagonal. */
function products(model: QuadraticModel, a: number, b: number): void {
  const { heap, rows, turn, width, gram, stride } = model;
  heap.kernels.tile(rows + a * width, rows + b * width, width, turn, width, SCRATCH);
  const { f } = heap;
  for (let i = 0; i < 4; i++) {
    const row = gram + (a + i) * stride + b;
    const column = gram + b * stride + a + i;
    f[row] = f[column] = f[SCRATCH + 2 * i];
    f[row + 1] = f[column + stride] = f[SCRATCH + 2 * i + 1];
  }
}

/** Puts the ridge of another λ on the diagonal. */
export function changeRidge(model: QuadraticModel, lambda: number): void {
  const d = lambda - model.ridgeLambda;
  const { f } = model.heap;
  model.ridgeLambda = lambda;
  for (let a = 0; a < model.size; a++) f[model.gram + a * (model.stride + 1)] += model.ridge[model.set[a]] * d;
  clearFactor(model.factor);
}

function reserve(model: QuadraticModel, size: number): void {
  if (size <= model.stride) return;
  const { heap, width, stride: old } = model;
  const stride = roundUp(Math.max(size, Math.ceil(old * 1.5)));
  const gram = allocate(heap, stride * stride);
  const rows = allocate(heap, stride * width);
  const { f } = heap;
  for (let a = 0; a < model.size; a++) f.copyWithin(gram + a * stride, model.gram + a * old, model.gram + a * old + model.size);
  f.copyWithin(rows, model.rows, model.rows + model.size * width);
  Object.assign(model, { gram, rows, stride });
}
