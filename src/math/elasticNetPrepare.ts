import { log } from "./elementary.js";
import { allocate, roundUp, type VectorHeap } from "./vectorHeap.js";
import { binomialFamily, coxFamily, gaussianFamily, type NetFamily } from "./elasticNetFamilies.js";

/** What is fitted: y for every row, or follow-up time with event 1 and censored 0. */
export type NetResponse =
  | { family: "gaussian"; y: ArrayLike<number> }
  | { family: "binomial"; y: ArrayLike<number> }
  | { family: "cox"; time: ArrayLike<number>; event: ArrayLike<number> };

/** One fit made ready: columns standardised and in the family's order of rows, column j in the heap at x + j · stride, 0 beyond n. */
export type Prepared = {
  n: number; p: number; heap: VectorHeap; x: number; stride: number; mean: Float64Array; scale: Float64Array;
  /** columns that vary and are not excluded */
  usable: Uint8Array;
  /** penalty factors rescaled to sum to p */
  factor: Float64Array;
  family: NetFamily; offset: Float64Array; start: number;
  /** Gaussian: mean and spread of y, of which the solver sees (y − mean) / spread; else 0 and 1 */
  yMean: number; ySpread: number;
};

/**
 * Weights to sum 1; columns centred (not without an intercept) and, where wanted, divided by their standard deviation with 1/n
 * variance; rows in ascending time for Cox; Gaussian y centred and divided by its spread, as glmnet does before it applies λ.
 */
export function prepareNet(
  heap: VectorHeap, columns: readonly Float64Array[], rows: ArrayLike<number>, response: NetResponse,
  options: { weights?: ArrayLike<number>; offset?: ArrayLike<number>; penaltyFactor?: ArrayLike<number>; standardize: boolean; intercept: boolean },
): Prepared {
  const n = rows.length;
  const p = columns.length;
  const order = Int32Array.from(rows);
  if (response.family === "cox") {
    const { time } = response;
    order.sort((a, b) => time[a] - time[b] || a - b);
  }
  let total = 0;
  for (let i = 0; i < n; i++) total += options.weights ? options.weights[order[i]] : 1;
  const w = Float64Array.from(order, (i) => (options.weights ? options.weights[i] : 1) / total);
  const centred = options.intercept || response.family === "cox";
  const stride = roundUp(n);
  const x = allocate(heap, stride * p);
  const { f } = heap;
  const mean = new Float64Array(p);
  const scale = new Float64Array(p).fill(1);
  const usable = new Uint8Array(p);
  for (let j = 0; j < p; j++) {
    const column = columns[j];
    const own = f.subarray(x + j * stride, x + j * stride + n);
    let m = 0;
    let largest = 0;
    for (let i = 0; i < n; i++) {
      const value = column[order[i]];
      own[i] = value;
      m += w[i] * value;
      const size = Math.abs(value);
      if (size > largest) largest = size;
    }
    let v = 0;
    for (let i = 0; i < n; i++) v += w[i] * (own[i] - m) * (own[i] - m);
    const sd = Math.sqrt(v);
    // an equal value everywhere leaves only rounding
    usable[j] = sd > 1e-14 * largest && (options.penaltyFactor === undefined || options.penaltyFactor[j] !== Infinity) ? 1 : 0;
    if (usable[j] === 0) {
      own.fill(0);
      continue;
    }
    mean[j] = centred ? m : 0;
    scale[j] = options.standardize ? sd : 1;
    for (let i = 0; i < n; i++) own[i] = (own[i] - mean[j]) / scale[j];
  }
  const offset = Float64Array.from(order, (i) => options.offset?.[i] ?? 0);
  const common = { n, p, heap, x, stride, mean, scale, usable, factor: penaltyFactors(p, options.penaltyFactor) };
  if (response.family === "cox") {
    const family = coxFamily(Float64Array.from(order, (i) => response.time[i]), Uint8Array.from(order, (i) => response.event[i]), w, total);
    return { ...common, family, offset, start: 0, yMean: 0, ySpread: 1 };
  }
  const y = Float64Array.from(order, (i) => response.y[i]);
  let yMean = 0;
  if (response.family === "binomial") {
    for (let i = 0; i < n; i++) yMean += w[i] * y[i];
    const start = options.intercept && yMean > 0 && yMean < 1 ? log(yMean / (1 - yMean)) : 0;
    return { ...common, family: binomialFamily(y, w, total, options.intercept), offset, start, yMean: 0, ySpread: 1 };
  }
  let square = 0;
  for (let i = 0; i < n; i++) {
    y[i] -= offset[i];
    yMean += w[i] * y[i];
  }
  for (let i = 0; i < n; i++) square += w[i] * (y[i] - yMean) * (y[i] - yMean);
  const ySpread = square > 0 ? Math.sqrt(square) : 1;
  if (!options.intercept) yMean = 0;
  for (let i = 0; i < n; i++) y[i] = (y[i] - yMean) / ySpread;
  return { ...common, family: gaussianFamily(y, w, total * square, false), offset: new Float64Array(n), start: 0, yMean, ySpread };
}

/** Rescaled to sum to p; infinite factors (excluded columns) count 1 in the sum, as in glmnet. */
function penaltyFactors(p: number, given?: ArrayLike<number>): Float64Array {
  const factor = new Float64Array(p).fill(1);
  if (given === undefined) return factor;
  let sum = 0;
  for (let j = 0; j < p; j++) {
    factor[j] = given[j] === Infinity ? 1 : given[j];
    sum += factor[j];
  }
  for (let j = 0; j < p; j++) factor[j] *= sum > 0 ? p / sum : 0;
  return factor;
}
