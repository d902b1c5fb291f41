/** A symmetric tridiagonal matrix: diagonal d of n numbers, beside it e of n − 1 numbers. */
export type Tridiagonal = { d: Float64Array; e: Float64Array };

/**
 * A symmetric matrix (n × n, row by row) brought to tridiagonal form with the same eigenvalues by Householder reflections
 * (Golub & Van Loan, Matrix Computations, 8.3.1). Works on a copy.
 */
export function tridiagonal(matrix: Float64Array, n: number): Tridiagonal {
  const a = matrix.slice();
  const d = new Float64Array(n);
  const e = new Float64Array(Math.max(0, n - 1));
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    d[k] = a[k * n + k];
    let squares = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = a[i * n + k];
      squares += v[i] * v[i];
    }
    const norm = Math.sqrt(squares);
    e[k] = v[k + 1] > 0 ? -norm : norm;
    if (norm === 0) continue;
    // the reflection I − β v vᵀ sends the column below the diagonal to (e, 0, …, 0)
    const beta = 1 / (squares - e[k] * v[k + 1]);
    v[k + 1] -= e[k];
    for (let i = k + 1; i < n; i++) w[i] = 0;
    for (let i = k + 1; i < n; i++) {
      const row = i * n;
      const vi = v[i];
      let sum = a[row + i] * vi;
      for (let j = k + 1; j < i; j++) {
        sum += a[row + j] * v[j];
        w[j] += a[row + j] * vi;
      }
      w[i] += sum;
    }
    let vw = 0;
    for (let i = k + 1; i < n; i++) {
      w[i] *= beta;
      vw += v[i] * w[i];
    }
    const half = 0.5 * beta * vw;
    for (let i = k + 1; i < n; i++) w[i] -= half * v[i];
    for (let i = k + 1; i < n; i++) {
      const row = i * n;
      const vi = v[i];
      const wi = w[i];
      for (let j = k + 1; j <= i; j++) a[row + j] -= vi * w[j] + wi * v[j];
    }
  }
  if (n > 1) {
    d[n - 2] = a[(n - 2) * n + n - 2];
    e[n - 2] = a[(n - 1) * n + n - 2];
  }
  if (n > 0) d[n - 1] = a[n * n - 1];
  return { d, e };
}

/**
 * How many eigenvalues of the leading n × n part are below x: signs of the pivots of T − x (Sturm sequence). Golub & Van Loan, Matrix
 * Computations, 8.4. No program: judged by matrices of known eigenvalues.
 */
export function eigenvaluesBelow({ d, e }: Tridiagonal, x: number, n = d.length): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < n; i++) {
    pivot = d[i] - x - (i === 0 ? 0 : (e[i - 1] * e[i - 1]) / pivot);
    if (pivot === 0) pivot = -1e-300;
    if (pivot < 0) count++;
  }
  return count;
}

/**
 * The eigenvalue of the leading n × n part that has `rank` smaller ones (0: the least), by bisection to rounding. Golub & Van Loan, Matrix
 * Computations, 8.4.
 */
export function eigenvalueOf(t: Tridiagonal, rank: number, n = t.d.length): number {
  const most = gershgorin(t, n);
  let low = -most;
  let high = most;
  while (high - low > 1e-16 * most) {
    const middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (eigenvaluesBelow(t, middle, n) > rank) high = middle;
    else low = middle;
  }
  return 0.5 * (low + high);
}

/** No eigenvalue has a larger magnitude (Gershgorin). Golub & Van Loan, Matrix Computations, 7.2. */
export function gershgorin({ d, e }: Tridiagonal, n: number): number {
  let most = 0;
  for (let i = 0; i < n; i++) {
    most = Math.max(most, Math.abs(d[i]) + (i > 0 ? Math.abs(e[i - 1]) : 0) + (i < n - 1 ? Math.abs(e[i]) : 0));
  }
  return most;
}
