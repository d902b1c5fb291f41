import { InputError } from "./check.js";
import type { CorrelationMethod } from "./correlationTest.js";
import { midranks } from "./ranks.js";
import { order } from "./sort.js";

/**
 * Correlations of p columns of n finite numbers, p × p row by row. Pearson; Spearman (Pearson of midranks); Kendall's τ-b by
 * Knight's merge sort (J Am Stat Assoc 1966;61:436), O(n log n) a pair. Agrees with R cor(). A constant column has NaN with
 * every other; the diagonal is 1.
 * @throws InputError where columns differ in length, or a value is missing or infinite
 */
export function correlationMatrix(columns: readonly Float64Array[], kind: CorrelationMethod = "pearson"): Float64Array {
  const p = columns.length;
  const n = p === 0 ? 0 : columns[0].length;
  columns.forEach((c, j) => {
    if (c.length !== n) throw new InputError(`Column ${j + 1} has ${c.length} values, but the first has ${n}. Give every column the same rows.`);
    for (let i = 0; i < n; i++) {
      if (!Number.isFinite(c[i])) throw new InputError(`Column ${j + 1} has ${c[i]} in row ${i + 1}, but correlations need finite numbers; impute it or leave that row or column out.`);
    }
  });
  const r = new Float64Array(p * p);
  for (let j = 0; j < p; j++) r[j * p + j] = 1;
  const put = (i: number, j: number, value: number) => { r[i * p + j] = r[j * p + i] = value; };
  if (kind === "kendall") {
    for (let i = 0; i < p; i++) {
      const first = order(columns[i]);
      for (let j = i + 1; j < p; j++) put(i, j, kendallOfOrder(columns[i], columns[j], first));
    }
    return r;
  }
  const z = columns.map((c) => unit(kind === "spearman" ? midranks(c).ranks : c));
  // two rows at a time over four columns: each number is read half as often, each sum is added up in the order of the rows
  for (let i = 0; i + 1 < p; i += 2) {
    const a1 = z[i], a2 = z[i + 1];
    let own = 0;
    for (let k = 0; k < n; k++) own += a1[k] * a2[k];
    put(i, i + 1, clip(own));
    let j = i + 2;
    for (; j + 3 < p; j += 4) {
      const [b, c, d, e] = [z[j], z[j + 1], z[j + 2], z[j + 3]];
      let b1 = 0, c1 = 0, d1 = 0, e1 = 0, b2 = 0, c2 = 0, d2 = 0, e2 = 0;
      for (let k = 0; k < n; k++) {
        const x = a1[k], y = a2[k], vb = b[k], vc = c[k], vd = d[k], ve = e[k];
        b1 += x * vb;
        b2 += y * vb;
        c1 += x * vc;
        c2 += y * vc;
        d1 += x * vd;
        d2 += y * vd;
        e1 += x * ve;
        e2 += y * ve;
      }
      [b1, c1, d1, e1].forEach((v, m) => put(i, j + m, clip(v)));
      [b2, c2, d2, e2].forEach((v, m) => put(i + 1, j + m, clip(v)));
    }
    for (; j < p; j++) {
      const b = z[j];
      let b1 = 0, b2 = 0;
      for (let k = 0; k < n; k++) {
        b1 += a1[k] * b[k];
        b2 += a2[k] * b[k];
      }
      put(i, j, clip(b1));
      put(i + 1, j, clip(b2));
    }
  }
  return r;
}

const clip = (r: number) => (r > 1 ? 1 : r < -1 ? -1 : r);

/** Centred to length 1; NaN where the column is constant. */
function unit(values: Float64Array): Float64Array {
  let sum = 0;
  for (const v of values) sum += v;
  const mean = sum / values.length;
  let squares = 0;
  for (const v of values) squares += (v - mean) * (v - mean);
  const length = Math.sqrt(squares);
  const flat = !(length > 1e-14 * Math.abs(mean) * Math.sqrt(values.length));
  return values.map((v) => (flat ? NaN : (v - mean) / length));
}

/** τ-b where `first` orders x: discordant pairs are the swaps that sort y, ties of x standing in order of y. */
function kendallOfOrder(x: Float64Array, y: Float64Array, first: Int32Array): number {
  const n = x.length;
  const pairs = (t: number) => (t * (t - 1)) / 2;
  let tiesX = 0, tiesBoth = 0;
  let run = Float64Array.from(first, (k) => y[k]);
  for (let i = 0; i < n; ) {
    let j = i + 1;
    while (j < n && x[first[j]] === x[first[i]]) j++;
    tiesX += pairs(j - i);
    if (j - i > 1) {
      run.subarray(i, j).sort();
      tiesBoth += tiedPairs(run.subarray(i, j));
    }
    i = j;
  }
  let swaps = 0;
  let other = new Float64Array(n);
  for (let width = 1; width < n; width *= 2) {
    for (let from = 0; from < n; from += 2 * width) {
      const middle = Math.min(n, from + width), to = Math.min(n, from + 2 * width);
      let i = from, j = middle;
      for (let k = from; k < to; k++) {
        if (j >= to || (i < middle && run[i] <= run[j])) other[k] = run[i++];
        else {
          swaps += middle - i;
          other[k] = run[j++];
        }
      }
    }
    [run, other] = [other, run];
  }
  const tiesY = tiedPairs(run);
  const all = pairs(n);
  return clip((all - tiesX - tiesY + tiesBoth - 2 * swaps) / (Math.sqrt(all - tiesX) * Math.sqrt(all - tiesY)));
}

/** Pairs of equal neighbours in sorted values. */
function tiedPairs(sorted: Float64Array): number {
  let ties = 0, run = 1;
  for (let i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[i - 1]) run++;
    else {
      ties += (run * (run - 1)) / 2;
      run = 1;
    }
  }
  return ties;
}
