import { InputError } from "./check.js";
import { acos } from "./circular.js";
import { normalCdf, normalQuantile } from "./distributions.js";
import { exp, log } from "./elementary.js";
import { finiteSample, sampleMean, type Named, type TestResult } from "./testResult.js";

const polynomial = (c: number[], x: number) => c.reduceRight((sum, term) => sum * x + term, 0);

/**
 * Shapiro–Wilk test of normality, 3 <= n <= 5000. Coefficients and p by Royston's approximation (AS R94, Appl Stat 1995;44:547).
 * Shapiro & Wilk, Biometrika 1965;52:591. Agrees with R stats::shapiro.test. A sample that does not vary: NaN with a warning;
 * more than 5000 values: InputError (the approximation is not known to hold).
 */
export function shapiroWilk(values: ArrayLike<number>, { name = "Shapiro-Wilk test" }: Named = {}): TestResult {
  finiteSample(values, 3, name);
  const n = values.length;
  if (n > 5000) throw new InputError(`${name}: ${n} values, expected at most 5000; judge normality by a histogram or the skewness instead.`);
  const x = Float64Array.from(values).sort();
  const base = { method: "Shapiro-Wilk normality test", df: [], alternative: "two.sided" as const, n };
  const range = x[n - 1] - x[0];
  if (!(range > 0)) return { ...base, statistic: NaN, p: NaN, warnings: [`${name}: all values are equal, so that normality cannot be judged.`] };
  const a = coefficients(n);
  // in units of the range, so that neither squares nor differences lose digits
  const scaled = x.map((value) => (value - x[0]) / range);
  const mean = sampleMean(scaled);
  let squares = 0, product = 0, weights = 0;
  for (let i = 0; i < n; i++) {
    squares += (scaled[i] - mean) * (scaled[i] - mean);
    product += a[i] * (scaled[i] - mean);
    weights += a[i] * a[i];
  }
  const root = Math.sqrt(squares * weights);
  const rest = (root - product) * (root + product) / (squares * weights);
  const statistic = 1 - rest;
  return { ...base, statistic, p: tail(statistic, rest, n), warnings: [] };
}

/** Antisymmetric weights of the sorted values. */
function coefficients(n: number): Float64Array {
  const a = new Float64Array(n);
  if (n === 3) {
    a[0] = -Math.SQRT1_2;
    a[2] = Math.SQRT1_2;
    return a;
  }
  const half = n >> 1;
  const m = new Float64Array(half);
  let sum = 0;
  for (let i = 0; i < half; i++) {
    m[i] = normalQuantile((i + 1 - 0.375) / (n + 0.25));
    sum += 2 * m[i] * m[i];
  }
  const u = 1 / Math.sqrt(n);
  const first = polynomial([0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], u) - m[0] / Math.sqrt(sum);
  const weights = new Float64Array(half);
  weights[0] = first;
  let from = 1;
  let scale: number;
  if (n > 5) {
    const second = polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], u) - m[1] / Math.sqrt(sum);
    weights[1] = second;
    from = 2;
    scale = Math.sqrt((sum - 2 * m[0] * m[0] - 2 * m[1] * m[1]) / (1 - 2 * first * first - 2 * second * second));
  } else scale = Math.sqrt((sum - 2 * m[0] * m[0]) / (1 - 2 * first * first));
  for (let i = from; i < half; i++) weights[i] = -m[i] / scale;
  for (let i = 0; i < half; i++) {
    a[i] = -weights[i];
    a[n - 1 - i] = weights[i];
  }
  return a;
}

function tail(w: number, rest: number, n: number): number {
  // n = 3 has a closed form: 6/π (asin √W − asin √(3/4))
  if (n === 3) return Math.max(0, 6 / Math.PI * (Math.PI / 2 - acos(Math.sqrt(w)) - Math.PI / 3));
  let y = log(rest);
  let mean: number, sd: number;
  if (n <= 11) {
    const gamma = polynomial([-2.273, 0.459], n);
    if (y >= gamma) return 1e-99;
    y = -log(gamma - y);
    mean = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], n);
    sd = exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n));
  } else {
    const l = log(n);
    mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], l);
    sd = exp(polynomial([-0.4803, -0.082676, 0.0030302], l));
  }
  return normalCdf((y - mean) / sd, { upper: true });
}
