import { InputError } from "./check.js";
import { exp, log } from "./elementary.js";

/** R integrates the squared slope of f″ with .333 instead of 1/3; it moves fitted values by about 1e-6, and is kept to agree. */
const THIRD = 0.333;

/**
 * Cubic smoothing spline of y over x with about `df` degrees of freedom (trace of the smoother), fitted values at x.
 * Minimises Σ (y − f)² + λ ∫ f″² over cubic B-splines with a knot at every x (Reinsch 1967; Green & Silverman 1994). As R
 * stats::smooth.spline documents it, λ = r · 256^(3s − 1) with r = trace(XᵀX) / trace(Σ) over x scaled to 0 … 1, and s in
 * −1.5 … 1.5 is found by Brent's minimiser of (df − trace)² to 1e-4 (Brent 1973); the fit is that of the last s tried. Following
 * the same search is what makes the values agree with R to the last digits: with exactly `df` they lie about 2e-5 beside them.
 * Dense algebra, O(n³) for each s: meant for tens of points.
 *
 * @param x strictly rising, n in 4 … 200
 * @throws InputError on fewer than 4 or more than 200 points, lengths that differ, values not finite, x that does not rise, df not above 1 and at most n
 */
export function smoothingSpline(x: Float64Array, y: Float64Array, df: number): Float64Array {
  const n = x.length;
  if (n < 4 || n > 200 || y.length !== n || !(df > 1 && df <= n)) throw new InputError(`smoothing spline: ${n} points and ${df} degrees of freedom, expected 4 to 200 points and more than 1 and at most as many degrees of freedom.`);
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) throw new InputError(`smoothing spline: point ${i + 1} is (${x[i]}, ${y[i]}), expected finite numbers; leave it out.`);
    if (i > 0 && !(x[i] > x[i - 1])) throw new InputError(`smoothing spline: x is ${x[i]} after ${x[i - 1]} at point ${i + 1}, expected rising values; sort the points by x and average those of one x.`);
  }
  const t = x.map((value) => (value - x[0]) / (x[n - 1] - x[0]));
  const size = n + 2;
  const knots = [t[0], t[0], t[0], ...t, t[n - 1], t[n - 1], t[n - 1]];
  /** value (or derivative) of B-spline j of an order at u inside the knot span `span` */
  const spline = (j: number, order: number, u: number, span: number, derivative: number): number => {
    if (order === 1) return derivative === 0 && j === span ? 1 : 0;
    const left = knots[j + order - 1] - knots[j];
    const right = knots[j + order] - knots[j + 1];
    const low = left > 0 ? spline(j, order - 1, u, span, Math.max(0, derivative - 1)) / left : 0;
    const high = right > 0 ? spline(j + 1, order - 1, u, span, Math.max(0, derivative - 1)) / right : 0;
    return derivative > 0 ? (order - 1) * (low - high) : (u - knots[j]) * low + (knots[j + order] - u) * high;
  };
  const basis = Array.from({ length: n }, (_, i) => {
    const span = Math.min(i, n - 2) + 3;
    return Float64Array.from({ length: size }, (_, j) => (j >= span - 3 && j <= span ? spline(j, 4, t[i], span, 0) : 0));
  });
  const gram = new Float64Array(size * size);
  for (const row of basis) for (let a = 0; a < size; a++) if (row[a] !== 0) for (let b = 0; b < size; b++) gram[a * size + b] += row[a] * row[b];
  // f″ is linear between knots
  const rough = new Float64Array(size * size);
  for (let i = 0; i + 1 < n; i++) {
    const span = i + 3;
    const width = t[i + 1] - t[i];
    for (let a = span - 3; a <= span; a++) {
      const a0 = spline(a, 4, t[i], span, 2), a1 = spline(a, 4, t[i + 1], span, 2);
      for (let b = span - 3; b <= span; b++) {
        const b0 = spline(b, 4, t[i], span, 2), b1 = spline(b, 4, t[i + 1], span, 2);
        rough[a * size + b] += width * (a0 * b0 + (a0 * (b1 - b0) + b0 * (a1 - a0)) / 2 + THIRD * (a1 - a0) * (b1 - b0));
      }
    }
  }
  let traceX = 0, traceR = 0;
  // R leaves out two coefficients at the left and three at the right end
  for (let a = 2; a < size - 3; a++) {
    traceX += gram[a * size + a];
    traceR += rough[a * size + a];
  }
  let fit = new Float64Array(n);
  const miss = (s: number): number => {
    const lambda = traceX / traceR * exp((3 * s - 1) * log(256));
    const system = gram.map((value, k) => value + lambda * rough[k]);
    const inverse = inverted(system, size);
    let trace = 0;
    fit = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let h = 0;
        for (let a = 0; a < size; a++) if (basis[i][a] !== 0) for (let b = 0; b < size; b++) h += basis[i][a] * inverse[a * size + b] * basis[j][b];
        fit[i] += h * y[j];
        if (i === j) trace += h;
      }
    }
    return 3 + (df - trace) * (df - trace);
  };
  brentMinimum(miss, -1.5, 1.5, 1e-4);
  return fit;
}

/** Brent's minimiser without derivatives: golden sections, and parabolas where they promise more (Brent 1973, chapter 5). */
function brentMinimum(f: (x: number) => number, from: number, to: number, tolerance: number): void {
  const golden = 0.381966011250105;
  const small = 2e-8;
  let a = from, b = to;
  let x = a + golden * (b - a);
  let w = x, v = x;
  let fx = f(x);
  let fw = fx, fv = fx;
  let step = 0, before = 0;
  for (let iteration = 0; iteration < 500; iteration++) {
    const middle = (a + b) / 2;
    const tol = small * Math.abs(x) + tolerance / 3;
    if (Math.abs(x - middle) <= 2 * tol - (b - a) / 2) return;
    let parabola = false;
    if (Math.abs(before) > tol) {
      const r = (x - w) * (fx - fv);
      let q = (x - v) * (fx - fw);
      let p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      q = Math.abs(q);
      const last = before;
      before = step;
      if (Math.abs(p) < Math.abs(q * last / 2) && q !== 0 && p > q * (a - x) && p < q * (b - x)) {
        parabola = true;
        step = p / q;
        const u = x + step;
        if (u - a < 2 * tol || b - u < 2 * tol) step = middle >= x ? tol : -tol;
      }
    }
    if (!parabola) {
      before = x >= middle ? a - x : b - x;
      step = golden * before;
    }
    const u = x + (Math.abs(step) >= tol ? step : step >= 0 ? tol : -tol);
    const fu = f(u);
    if (fu <= fx) {
      if (u >= x) a = x;
      else b = x;
      [v, w, x] = [w, x, u];
      [fv, fw, fx] = [fw, fx, fu];
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
}

/** Inverse of a positive definite matrix through its Cholesky factor. */
function inverted(matrix: Float64Array, size: number): Float64Array {
  const l = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= l[i * size + k] * l[j * size + k];
      l[i * size + j] = i === j ? Math.sqrt(sum) : sum / l[j * size + j];
    }
  }
  const inverse = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    const column = new Float64Array(size);
    for (let i = c; i < size; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = c; k < i; k++) sum -= l[i * size + k] * column[k];
      column[i] = sum / l[i * size + i];
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = column[i];
      for (let k = i + 1; k < size; k++) sum -= l[k * size + i] * inverse[k * size + c];
      inverse[i * size + c] = sum / l[i * size + i];
    }
  }
  return inverse;
}
