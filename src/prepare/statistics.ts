import type { Voxels } from "../image/index.js";

/** What a pass over voxels tells. `sd` has N − 1 in its denominator (NaN for one voxel), `populationSd` has N. */
export type Statistics = { count: number; mean: number; sd: number; populationSd: number; minimum: number; maximum: number };

const block = 4096;

/**
 * Mean, standard deviation, least and greatest voxel, of the whole image or of the voxels at `index`.
 * One pass of sums about a pivot near the mean, block by block: as accurate as two passes
 * (Chan, Golub, LeVeque, Am Stat 1983;37:242). NaN voxels make mean and sd NaN.
 */
export function statistics(values: Voxels, index?: Int32Array): Statistics {
  const count = index === undefined ? values.length : index.length;
  const pivot = roughMean(values, index);
  let sum = 0;
  let squares = 0;
  let minimum = Infinity;
  let maximum = -Infinity;
  for (let from = 0; from < count; from += block) {
    const part = index === undefined
      ? sumsOfRun(values, from, Math.min(count, from + block), pivot)
      : sumsOfRun(gather(values, index, from, Math.min(count, from + block)), 0, Math.min(count - from, block), pivot);
    sum += part.sum;
    squares += part.squares;
    if (part.minimum < minimum) minimum = part.minimum;
    if (part.maximum > maximum) maximum = part.maximum;
  }
  const deviation = Math.max(0, squares - (sum * sum) / count);
  return {
    count, mean: pivot + sum / count, minimum, maximum,
    sd: Math.sqrt(deviation / (count - 1)), populationSd: Math.sqrt(deviation / count),
  };
}

/** Mean of about a thousand voxels, as a whole number: sums of integer images about it are then exact. */
function roughMean(values: Voxels, index?: Int32Array): number {
  const count = index === undefined ? values.length : index.length;
  const step = Math.max(1, Math.floor(count / 1024));
  let sum = 0;
  let n = 0;
  for (let k = 0; k < count; k += step, n++) sum += values[index === undefined ? k : index[k]];
  const mean = sum / n;
  return Number.isFinite(mean) ? (values instanceof Float32Array || values instanceof Float64Array ? mean : Math.round(mean)) : 0;
}

/** Four sums side by side: the additions need not wait for each other. */
function sumsOfRun(v: Voxels, from: number, to: number, pivot: number) {
  let [s0, s1, q0, q1] = [0, 0, 0, 0];
  let minimum = Infinity;
  let maximum = -Infinity;
  let i = from;
  for (; i + 1 < to; i += 2) {
    const a = v[i];
    const b = v[i + 1];
    if (a < minimum) minimum = a;
    if (a > maximum) maximum = a;
    if (b < minimum) minimum = b;
    if (b > maximum) maximum = b;
    const da = a - pivot;
    const db = b - pivot;
    s0 += da;
    q0 += da * da;
    s1 += db;
    q1 += db * db;
  }
  if (i < to) {
    const a = v[i];
    if (a < minimum) minimum = a;
    if (a > maximum) maximum = a;
    s0 += a - pivot;
    q0 += (a - pivot) * (a - pivot);
  }
  return { sum: s0 + s1, squares: q0 + q1, minimum, maximum };
}

function gather(values: Voxels, index: Int32Array, from: number, to: number): Float64Array {
  const out = new Float64Array(to - from);
  for (let k = from; k < to; k++) out[k - from] = values[index[k]];
  return out;
}
