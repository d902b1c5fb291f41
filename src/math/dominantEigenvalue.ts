import { eigenvaluesBelow, gershgorin, tridiagonal, type Tridiagonal } from "./eigen.js";

/**
 * The eigenvalue of largest magnitude of a symmetric matrix (n × n, row by row); 0 for n = 0. Tridiagonal form, then halvings and Newton's
 * method on its determinant (Golub & Van Loan, Matrix Computations, 8.3–8.4). No program: judged by matrices of known eigenvalues.
 */
export function dominantEigenvalue(matrix: Float64Array, n: number): number {
  return n === 0 ? 0 : dominant(tridiagonal(matrix, n), n, 0);
}

/**
 * Eigenvalue of largest magnitude of the leading n × n part. A few halvings of the range of |λ|, then Newton's method on
 * det(T − x) det(T + x) from above, which cannot overshoot as all its roots are real; further halvings where roots crowd.
 *
 * @param known a magnitude that some eigenvalue is known to reach
 */
function dominant(t: Tridiagonal, n: number, known: number): number {
  let low = known;
  let high = Math.max(known, Number.MIN_VALUE);
  for (let step = 1e-9 * known; outside(t, high, n) > 0; step *= 32) {
    low = high;
    high = known === 0 ? 2 * gershgorin(t, n) : high + step;
  }
  [low, high] = halved(t, n, low, high, 2 ** -6 * high);
  const above = newtonFromAbove(t, n, high);
  const width = 2 ** -50 * above;
  if (outside(t, above - width, n) > 0) low = high = above;
  else [low, high] = halved(t, n, low, Math.min(high, above), width);
  return n - eigenvaluesBelow(t, low - width, n) > 0 ? low : -low;
}

function halved(t: Tridiagonal, n: number, low: number, high: number, width: number): [number, number] {
  while (high - low > width) {
    const middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (outside(t, middle, n) > 0) low = middle;
    else high = middle;
  }
  return [low, high];
}

function newtonFromAbove(t: Tridiagonal, n: number, x: number): number {
  for (let i = 0; i < 16; i++) {
    const step = 1 / logarithmicSlope(t, x, n);
    if (!(step > 0)) break;
    x -= step;
    if (step < 2 ** -52 * x) break;
  }
  return x;
}

/** d/dx log |det(T − x) det(T + x)|: the sum of slope over value of all pivots. */
function logarithmicSlope({ d, e }: Tridiagonal, x: number, n: number): number {
  let share = 0, slope = 0, otherShare = 0, otherSlope = 0, sum = 0;
  for (let i = 0; i < n; i++) {
    const square = i === 0 ? 0 : e[i - 1] * e[i - 1];
    const pivot = d[i] - x - square * share;
    const other = d[i] + x - square * otherShare;
    slope = square * share * share * slope - 1;
    otherSlope = square * otherShare * otherShare * otherSlope + 1;
    share = 1 / pivot;
    otherShare = 1 / other;
    sum += slope * share + otherSlope * otherShare;
  }
  return sum;
}

/** How many eigenvalues have a magnitude above x. The two chains of divisions run side by side. */
function outside({ d, e }: Tridiagonal, x: number, n: number): number {
  let count = 0;
  let above = -1, below = 1;
  for (let i = 0; i < n; i++) {
    const square = i === 0 ? 0 : e[i - 1] * e[i - 1];
    above = d[i] - x - square / above;
    below = d[i] + x - square / below;
    if (above >= 0) {
      if (above === 0) above = -1e-300;
      else count++;
    }
    if (below <= 0) {
      if (below === 0) below = 1e-300;
      else count++;
    }
  }
  return count;
}

/**
 * The same by Lanczos iteration, for a matrix known only through y = A x. Without re-orthogonalisation: rounding then only
 * repeats eigenvalues already found, which leaves the extreme ones right (Paige, IMA J Appl Math 1976;18:341).
 *
 * @param multiply writes A x into y
 * @param tolerance on the residual |A u − λ u|: some eigenvalue lies within it, the dominant one far closer
 * @returns undefined where it has not settled within `most` steps
 */
export function dominantEigenvalueOf(
  multiply: (x: Float64Array, y: Float64Array) => void, n: number, tolerance = 5e-10, most = 4000,
): number | undefined {
  const t: Tridiagonal = { d: new Float64Array(most), e: new Float64Array(most) };
  let x = startVector(n);
  let previous: Float64Array = new Float64Array(n);
  let y: Float64Array = new Float64Array(n);
  let beta = 0;
  let check = 8;
  let value = 0;
  for (let k = 0; k < most; k++) {
    multiply(x, y);
    let alpha = 0;
    for (let i = 0; i < n; i++) alpha += x[i] * y[i];
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const r = y[i] - alpha * x[i] - beta * previous[i];
      y[i] = r;
      squares += r * r;
    }
    beta = Math.sqrt(squares);
    t.d[k] = alpha;
    t.e[k] = beta;
    if (beta < 1e-14) return dominant(t, k + 1, Math.abs(value));
    if (k + 1 === check) {
      value = dominant(t, k + 1, Math.abs(value));
      if (beta * lastShare(t, value, k + 1) <= tolerance) return value;
      check = Math.ceil(check * 1.25);
    }
    for (let i = 0; i < n; i++) y[i] /= beta;
    [previous, x, y] = [x, y, previous];
  }
  return undefined;
}

/** |last component| of the unit eigenvector of the leading n × n part for `value`: backward recurrence, which grows towards the front. */
function lastShare({ d, e }: Tridiagonal, value: number, n: number): number {
  let after = 0;
  let here = 1;
  let squares = 1;
  for (let i = n - 1; i > 0; i--) {
    const before = ((value - d[i]) * here - (i < n - 1 ? e[i] * after : 0)) / e[i - 1];
    after = here;
    here = before;
    squares += here * here;
    if (squares > 1e200) return 1e-100;
  }
  return 1 / Math.sqrt(squares);
}

/** A fixed unit vector without structure (fractions of the golden ratio's multiples), so that no eigenvector is missed. */
function startVector(n: number): Float64Array {
  const x = new Float64Array(n);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    x[i] = 0.25 + ((i + 1) * 0.6180339887498949) % 1 - ((i + 1) * (i + 3) * 0.41421356237309515) % 1;
    squares += x[i] * x[i];
  }
  for (let i = 0; i < n; i++) x[i] /= Math.sqrt(squares);
  return x;
}
