import { InputError, type Design } from "../math/index.js";

/**
 * A design made fit for a solver: columns centred (where there is an intercept) and scaled to standard deviation 1, the
 * intercept (ones) first, constant and dependent columns left out and named. Row k is row `rows[k]` of the design.
 */
export type StandardDesign = {
  n: number;
  columns: Float64Array[];
  /** design columns kept, in order; solver column k + (intercept ? 1 : 0) is design column kept[k] */
  kept: number[];
  mean: number[];
  scale: number[];
  intercept: boolean;
  rows: Int32Array;
  aliased: { column: number; name: string; why: string }[];
};

export type StandardOptions = { intercept: boolean; weights?: ArrayLike<number> | undefined; centre?: boolean };

/** Residual norm, relative to the column's own, below which a column counts as a combination of those before it (as R's lm). */
const DEPENDENT = 1e-7;

/** Checks a design (lengths, finite values, distinct names) and standardises it; rows of weight 0 are left out. `who` begins the errors. */
export function standardDesign(who: string, design: Design, options: StandardOptions): StandardDesign {
  checkDesign(who, design);
  const { intercept, weights } = options;
  const centre = intercept && options.centre !== false;
  const rows = rowsThatCount(design.n, weights);
  const n = rows.length;
  const out: StandardDesign = { n, columns: [], kept: [], mean: [], scale: [], intercept, rows, aliased: [] };
  if (intercept) out.columns.push(new Float64Array(n).fill(1));
  // orthonormal basis of what was kept (without the intercept: columns are centred), for finding dependent columns
  const basis: Float64Array[] = [];
  const triangle: number[][] = [];
  design.columns.forEach((column, j) => {
    const x = new Float64Array(n);
    for (let i = 0; i < n; i++) x[i] = column[rows[i]];
    const name = design.names[j];
    let mean = 0;
    for (const v of x) mean += v / n;
    if (!intercept) mean = 0;
    let square = 0;
    for (const v of x) square += (v - mean) * (v - mean);
    const norm = Math.sqrt(square);
    if (!(norm > 1e-12 * Math.abs(mean) * Math.sqrt(n))) {
      out.aliased.push({ column: j, name, why: `it has the one value ${x[0]} in all ${n} patients` });
      return;
    }
    const v = new Float64Array(n);
    for (let i = 0; i < n; i++) v[i] = (x[i] - mean) / norm;
    const r = basis.map(() => 0);
    let rest = 1;
    // a second pass where the first took most of the column away (Kahan: twice is enough)
    for (let pass = 0; pass < 2 && (pass === 0 || rest < 0.5); pass++) {
      basis.forEach((q, k) => (r[k] += removePart(v, q)));
      let square = 0;
      for (let i = 0; i < n; i++) square += v[i] * v[i];
      rest = Math.sqrt(square);
    }
    if (rest < DEPENDENT) {
      const of = combination(triangle, r).flatMap((c, k) => (Math.abs(c) > 1e-6 ? [design.names[out.kept[k]]] : []));
      out.aliased.push({ column: j, name, why: `it is a linear combination of ${of.join(", ") || "the intercept"}` });
      return;
    }
    for (let i = 0; i < n; i++) v[i] /= rest;
    basis.push(v);
    triangle.push([...r, rest]);
    const scale = norm / Math.sqrt(n);
    const shift = centre ? mean : 0;
    for (let i = 0; i < n; i++) x[i] = (x[i] - shift) / scale;
    out.columns.push(x);
    out.kept.push(j);
    out.mean.push(centre ? mean : 0);
    out.scale.push(scale);
  });
  return out;
}

function rowsThatCount(n: number, weights: ArrayLike<number> | undefined): Int32Array {
  const rows = new Int32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) if (weights === undefined || weights[i] > 0) rows[count++] = i;
  return count === n ? rows : rows.slice(0, count);
}

/** Takes q's part out of v and returns its length. */
function removePart(v: Float64Array, q: Float64Array): number {
  let dot = 0;
  for (let i = 0; i < v.length; i++) dot += v[i] * q[i];
  for (let i = 0; i < v.length; i++) v[i] -= dot * q[i];
  return dot;
}

/** Coefficients of a dependent column on those kept: R c = r, R's columns in `triangle`. */
function combination(triangle: number[][], r: number[]): number[] {
  const c = [...r];
  for (let k = c.length - 1; k >= 0; k--) {
    c[k] /= triangle[k][k];
    for (let i = 0; i < k; i++) c[i] -= triangle[k][i] * c[k];
  }
  return c;
}

function checkDesign(who: string, design: Design): void {
  const { names, columns, n } = design;
  if (names.length !== columns.length) throw new InputError(`${who}: the design has ${columns.length} columns but ${names.length} names; name every column.`);
  if (!(n >= 1)) throw new InputError(`${who}: the design has no patients.`);
  const seen = new Set<string>();
  columns.forEach((column, j) => {
    if (seen.has(names[j])) throw new InputError(`${who}: two columns are named "${names[j]}"; give each its own name.`);
    seen.add(names[j]);
    if (column.length !== n) throw new InputError(`${who}: "${names[j]}" has ${column.length} values but there are ${n} patients.`);
    const bad = column.findIndex((v) => !Number.isFinite(v));
    if (bad >= 0) throw new InputError(`${who}: "${names[j]}" is ${column[bad]} in row ${bad + 1}, expected a finite number; impute or leave out such rows first.`);
  });
}

/** Checks one number a patient (weights, offset): length, finite, not negative where `least` is 0. */
export function checkPerPatient(who: string, what: string, values: ArrayLike<number>, n: number, least = -Infinity): void {
  if (values.length !== n) throw new InputError(`${who}: there are ${values.length} ${what} for ${n} patients; give one each.`);
  let positive = least !== 0;
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(values[i]) || values[i] < least) {
      throw new InputError(`${who}: the ${what} hold ${values[i]} in row ${i + 1}, expected a finite number${least === 0 ? " of at least 0" : ""}; correct it.`);
    }
    if (values[i] > 0) positive = true;
  }
  if (!positive) throw new InputError(`${who}: all ${what} are 0; give at least one patient a weight.`);
}

/** So many NaN. */
export function unknown(length: number): number[] {
  return Array.from({ length }, () => NaN);
}

/** Coefficients of the design's own columns from the standardised ones: the intercept first where there is one; NaN where aliased. */
export function originalCoefficients(s: StandardDesign, gamma: ArrayLike<number>, columns: number): number[] {
  const first = s.intercept ? 1 : 0;
  const beta = unknown(columns + first);
  if (s.intercept) beta[0] = gamma[0];
  s.kept.forEach((j, k) => {
    beta[j + first] = gamma[k + first] / s.scale[k];
    if (s.intercept) beta[0] -= (gamma[k + first] / s.scale[k]) * s.mean[k];
  });
  return beta;
}

/** Covariance (row by row) of the design's own coefficients from that of the standardised ones; NaN where aliased. */
export function originalCovariance(s: StandardDesign, covariance: Float64Array, columns: number): number[][] {
  const first = s.intercept ? 1 : 0;
  const p = s.columns.length;
  // row a of the map T: own coefficient a = Σ T[a][k] gamma[k]
  const map: { at: number; row: Float64Array }[] = [];
  if (s.intercept) map.push({ at: 0, row: Float64Array.from({ length: p }, (_, k) => (k === 0 ? 1 : -s.mean[k - 1] / s.scale[k - 1])) });
  s.kept.forEach((j, k) => map.push({ at: j + first, row: Float64Array.from({ length: p }, (_, c) => (c === k + first ? 1 / s.scale[k] : 0)) }));
  const out = Array.from({ length: columns + first }, () => unknown(columns + first));
  const half = map.map(({ row }) => Float64Array.from({ length: p }, (_, c) => row.reduce((sum, t, k) => sum + t * covariance[k * p + c], 0)));
  map.forEach((a, i) => {
    for (const b of map) out[a.at][b.at] = half[i].reduce((sum, h, k) => sum + h * b.row[k], 0);
  });
  return out;
}
