import { exp } from "./elementary.js";
import { finiteSample, type Named, type TestResult } from "./testResult.js";

/**
 * One-sample Kolmogorov–Smirnov test against a fully given distribution: D = sup |Fₙ − F|, p from Kolmogorov's limit law of √n D.
 * Kolmogorov 1933. Agrees with R stats::ks.test(exact = FALSE), which R takes from n = 100 on or with ties; below that the limit
 * law is conservative. Parameters estimated from the same sample make p far too large: use `shapiroWilk` for normality.
 *
 * @param cdf distribution function of the null hypothesis
 * @throws InputError on no values, values not finite
 */
export function kolmogorovSmirnov(values: ArrayLike<number>, cdf: (x: number) => number, { name = "Kolmogorov-Smirnov test" }: Named = {}): TestResult {
  finiteSample(values, 1, name);
  const n = values.length;
  const x = Float64Array.from(values).sort();
  let statistic = 0;
  for (let i = 0; i < n; i++) {
    const f = cdf(x[i]);
    statistic = Math.max(statistic, f - i / n, (i + 1) / n - f);
  }
  const warnings = n < 100 ? [`${name}: ${n} values; below 100 the limit law is conservative.`] : [];
  return { method: "Asymptotic one-sample Kolmogorov-Smirnov test", statistic, df: [], p: kolmogorovTail(Math.sqrt(n) * statistic), alternative: "two.sided", n, warnings };
}

/** P(K > x) of Kolmogorov's law: 2 Σ (−1)ᵏ⁻¹ exp(−2 k² x²), below 1 by the series that converges there (Jacobi's transformation). Kolmogorov 1933. */
export function kolmogorovTail(x: number): number {
  if (!(x > 0)) return x <= 0 ? 1 : NaN;
  if (x < 1) {
    const z = -Math.PI * Math.PI / (8 * x * x);
    let sum = 0;
    for (let k = 1; k < 40; k += 2) sum += exp(k * k * z);
    return Math.max(0, 1 - Math.sqrt(2 * Math.PI) / x * sum);
  }
  let sum = 0;
  for (let k = 1; k < 40; k++) sum += (k % 2 === 1 ? 2 : -2) * exp(-2 * k * k * x * x);
  return Math.max(0, Math.min(1, sum));
}
