import { InputError } from "./check.js";
import { order } from "./sort.js";

/**
 * Local regression on one variable with a direct surface: at every point wanted, a polynomial of `degree` 1 or 2 is fitted by weighted
 * least squares to the q = ⌊span·n⌋ nearest points, with tricube weights over the distance of the q-th (for span > 1, that of the farthest times √span,
 * as R does).
 * Cleveland & Devlin, J Am Stat Assoc 1988;83:596. Agrees with R 4.2's loess(y ~ x, span, degree, family = "gaussian",
 * control = loess.control(surface = "direct")) with R's defaults span .75, degree 2; R's default surface is an interpolation of this one
 * between vertices of a k-d tree and differs from it in about the third digit.
 *
 * @param x, y n points
 * @param at   where the smooth is wanted (m numbers); outside the range of x it is NaN
 * @returns m values. Where the nearest points hold too few distinct x for the degree, a lower degree is fitted.
 * @throws InputError on missing numbers, fewer points than degree + 1, a span that leaves too few
 */
export function loess(
  x: ArrayLike<number>, y: ArrayLike<number>, at: ArrayLike<number>, { span = 0.75, degree = 2 }: { span?: number; degree?: 1 | 2 } = {},
): Float64Array {
  const n = x.length;
  if (n !== y.length || n <= degree) throw new InputError(`Loess: ${n} and ${y.length} points, expected two lists of the same length with more than ${degree} points.`);
  if (degree !== 1 && degree !== 2) throw new InputError(`Loess: the degree is ${degree}, expected 1 or 2.`);
  const q = span > 1 ? n : Math.floor(span * n + 1e-5);
  if (!(q > degree)) throw new InputError(`Loess: span ${span} of ${n} points leaves ${q}, more than ${degree} are needed; widen the span.`);
  const by = order(x);
  const xs = Float64Array.from(by, (i) => x[i]);
  const ys = Float64Array.from(by, (i) => y[i]);
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(xs[i]) || !Number.isFinite(ys[i])) throw new InputError("Loess: a point has a missing or infinite coordinate; leave it out first.");
  }
  const wanted = order(at);
  const result = new Float64Array(at.length);
  let left = 0;
  let previous = NaN;
  let value = NaN;
  for (const k of wanted) {
    const x0 = at[k];
    if (x0 !== previous) {
      previous = x0;
      if (!(x0 >= xs[0] && x0 <= xs[n - 1])) value = NaN;
      else {
        while (left + q < n && x0 - xs[left] > xs[left + q] - x0) left++;
        const reach = Math.max(x0 - xs[left], xs[left + q - 1] - x0) * (span > 1 ? Math.sqrt(span) : 1);
        value = localPolynomial(xs, ys, x0, reach, left, q, degree);
      }
    }
    result[k] = value;
  }
  return result;
}

/** Value at x0 of the weighted polynomial, in powers of (x − x0)/h, by modified Gram–Schmidt; a power without spread of its own drops out. */
function localPolynomial(x: Float64Array, y: Float64Array, x0: number, reach: number, left: number, q: number, degree: number): number {
  // all q nearest points at one place: their mean, with all others at that place
  const h = reach > 0 ? reach : Number.MIN_VALUE;
  let from = left;
  let to = left + q;
  while (from > 0 && x0 - x[from - 1] <= reach) from--;
  while (to < x.length && x[to] - x0 <= reach) to++;
  const m = to - from;
  const basis: Float64Array[] = [];
  /** the basis function's value at x0 */
  const origin: number[] = [];
  const target = new Float64Array(m);
  const root = new Float64Array(m);
  const u = new Float64Array(m);
  for (let j = 0; j < m; j++) {
    u[j] = reach > 0 ? (x[from + j] - x0) / h : 0;
    const d = Math.abs(u[j]);
    const c = d < 1 ? 1 - d * d * d : 0;
    root[j] = c * Math.sqrt(c);
    target[j] = root[j] * y[from + j];
  }
  let fitted = 0;
  for (let power = 0; power <= degree; power++) {
    const column = new Float64Array(m);
    for (let j = 0; j < m; j++) column[j] = root[j] * (power === 0 ? 1 : power === 1 ? u[j] : u[j] * u[j]);
    let atOrigin = power === 0 ? 1 : 0;
    let before = 0;
    for (let j = 0; j < m; j++) before += column[j] * column[j];
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((b, k) => {
        let dot = 0;
        for (let j = 0; j < m; j++) dot += b[j] * column[j];
        for (let j = 0; j < m; j++) column[j] -= dot * b[j];
        atOrigin -= dot * origin[k];
      });
    }
    let length = 0;
    for (let j = 0; j < m; j++) length += column[j] * column[j];
    if (!(length > 1e-14 * before)) continue;
    length = Math.sqrt(length);
    for (let j = 0; j < m; j++) column[j] /= length;
    basis.push(column);
    origin.push(atOrigin / length);
    let coefficient = 0;
    for (let j = 0; j < m; j++) coefficient += column[j] * target[j];
    fitted += coefficient * (atOrigin / length);
  }
  return fitted;
}
