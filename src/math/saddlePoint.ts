import { log } from "./elementary.js";
import { HALF_LOG_TWO_PI, logGamma, stirlingSeries } from "./logGamma.js";

// Loader, Fast and accurate computation of binomial probabilities, 2000: densities as exp(−deviance) times Stirling's corrections,
// so that no large logarithms of factorials are subtracted.

/** log n! − (n + ½) log n + n − ½ log 2π, the error of Stirling's formula, for real n > 0. */
export function stirlingError(n: number): number {
  return n >= 12 ? stirlingSeries(n) : logGamma(n + 1) - (n + 0.5) * log(n) + n - HALF_LOG_TWO_PI;
}

/** The deviance x log(x / m) + m − x ≥ 0, without loss where x is near m, whose difference may be given. */
export function deviance(x: number, m: number, difference = x - m): number {
  if (x === 0) return m;
  if (Math.abs(difference) >= 0.1 * (x + m)) return x * log(x / m) - difference;
  // log(x / m) = 2 (v + v³/3 + v⁵/5 + …)
  const v = difference / (x + m);
  let sum = difference * v;
  let term = 2 * x * v;
  for (let k = 3; k < 100; k += 2) {
    term *= v * v;
    const next = sum + term / k;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
