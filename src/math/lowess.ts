import { InputError } from "./check.js";
import { order } from "./sort.js";

/**
 * Lowess without robustness steps: at each x a line fitted by weighted least squares to its ⌊span·n⌋ nearest points with tricube weights
 * (1 − (d/h)³)³. Points within `delta` of the last fitted one are interpolated. Cleveland, J Am Stat Assoc 1979;74:829; Am Stat 1981;35:54.
 * Agrees with R stats::lowess(x, y, f = 2/3, iter = 0, delta = 0.01 · range).
 *
 * @param x, y n finite numbers
 * @returns x ascending, with the smooth at each
 * @throws InputError on fewer than 2 points, missing numbers, a span outside (0, 1]
 */
export function lowess(
  x: ArrayLike<number>, y: ArrayLike<number>, { span = 2 / 3, delta }: { span?: number; delta?: number } = {},
): { x: Float64Array; y: Float64Array } {
  const n = x.length;
  if (n !== y.length || n < 2) throw new InputError(`Lowess: ${n} and ${y.length} points, expected two lists of the same length with at least 2 points.`);
  if (!(span > 0 && span <= 1)) throw new InputError(`Lowess: the span is ${span}, expected a share in (0, 1] such as 2/3.`);
  const by = order(x);
  const xs = Float64Array.from(by, (i) => x[i]);
  const ys = Float64Array.from(by, (i) => y[i]);
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(xs[i]) || !Number.isFinite(ys[i])) throw new InputError("Lowess: a point has a missing or infinite coordinate; leave it out first.");
  }
  const size = Math.max(2, Math.min(n, Math.floor(span * n + 1e-7)));
  const step = delta ?? 0.01 * (xs[n - 1] - xs[0]);
  const fit = new Float64Array(n);
  let left = 0;
  let last = -1;
  let i = 0;
  for (;;) {
    while (left + size < n && xs[i] - xs[left] > xs[left + size] - xs[i]) left++;
    const at = localLine(xs, ys, xs[i], left, size, xs[n - 1] - xs[0]);
    fit[i] = Number.isNaN(at) ? ys[i] : at;
    for (let j = last + 1; j < i && last >= 0; j++) {
      const share = (xs[j] - xs[last]) / (xs[i] - xs[last]);
      fit[j] = share * fit[i] + (1 - share) * fit[last];
    }
    last = i;
    const cut = xs[last] + step;
    let next = last + 1;
    for (; next < n && xs[next] <= cut; next++) {
      if (xs[next] !== xs[last]) continue;
      fit[next] = fit[last];
      last = next;
    }
    if (last >= n - 1) break;
    i = Math.max(last + 1, next - 1);
  }
  return { x: xs, y: fit };
}

/** The weighted line's value at `at`; NaN where all weights vanish. */
function localLine(x: Float64Array, y: Float64Array, at: number, left: number, size: number, range: number): number {
  const h = Math.max(at - x[left], x[left + size - 1] - at);
  const whole = 0.999 * h;
  const flat = 0.001 * h;
  let [total, sumX, sumY] = [0, 0, 0];
  const weight = new Float64Array(x.length - left);
  let count = 0;
  for (let j = left; j < x.length; j++) {
    const d = Math.abs(x[j] - at);
    if (d <= whole) {
      const q = d / h;
      const c = 1 - q * q * q;
      weight[count] = d <= flat ? 1 : c * c * c;
      total += weight[count];
      sumX += weight[count] * x[j];
      sumY += weight[count] * y[j];
    } else if (x[j] > at) break;
    count++;
  }
  if (total <= 0) return NaN;
  const mx = sumX / total;
  const my = sumY / total;
  let [sxx, sxy] = [0, 0];
  for (let k = 0; k < count; k++) {
    const d = x[left + k] - mx;
    sxx += weight[k] * d * d;
    sxy += weight[k] * d * (y[left + k] - my);
  }
  // too little spread for a slope: the weighted mean
  if (Math.sqrt(sxx / total) <= 0.001 * range) return my;
  return my + (sxy / sxx) * (at - mx);
}
