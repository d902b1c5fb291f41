import { log } from "./elementary.js";
import { log1p } from "./log1p.js";

export const HALF_LOG_TWO_PI = 0.9189385332046727;
const ONE_MINUS_EULER = 0.42278433509846713;
/** (−1)ᵏ (ζ(k) − 1) / k for k = 2, 3, … */
const series = [
  0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986, 0.0028905103307415234,
  -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-05, -4.492623673813314e-05,
  2.050721277567069e-05, -9.439488275268397e-06, 4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07,
  -4.492469198764566e-07, 2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08,
  -2.2711094608943164e-08, 1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09,
  -1.1921401405860912e-09, 5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
  3.1044247747322276e-11, -1.5021384080754142e-11,
];

/** log Γ(2 + z) for |z| ≤ ½: z (1 − γ) + Σ (−1)ᵏ (ζ(k) − 1) zᵏ / k (Abramowitz & Stegun 6.1.33). */
function nearTwo(z: number): number {
  let sum = 0;
  for (let k = series.length - 1; k >= 0; k--) sum = sum * z + series[k];
  return z * (ONE_MINUS_EULER + z * sum);
}

/**
 * log Γ(x) for x > 0: a series about 2, brought there by the recurrence Γ(x + 1) = x Γ(x), and Stirling's series from 12 on
 * (Abramowitz & Stegun 6.1). Relative error about 1e-15, at the zeros 1 and 2 too. As R lgamma(). Infinity at 0, NaN below.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Infinity : NaN;
  if (x < 0.5) return nearTwo(x) - log1p(x) - log(x);

  if (x < 1.5) return nearTwo(x - 1) - log1p(x - 1);
  if (x <= 2.5) return nearTwo(x - 2);
  if (x < 12) {
    let product = 1;
    while (x > 2.5) {
      x -= 1;
      product *= x;
    }
    return nearTwo(x - 2) + log(product);
  }
  if (x === Infinity) return Infinity;
  return (x - 0.5) * (log(x) - 1) - 0.5 + HALF_LOG_TWO_PI + stirlingSeries(x);
}

/** 1/(12x) − 1/(360x³) + 1/(1260x⁵) − …, for x ≥ 12. */
export function stirlingSeries(x: number): number {
  const q = 1 / (x * x);
  return (1 / 12 - q * (1 / 360 - q * (1 / 1260 - q * (1 / 1680 - q * (1 / 1188 - q * (691 / 360360 - q / 156)))))) / x;
}

/** log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b), a, b > 0; for large a and b without the cancellation. As R lbeta(). */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < 12) return logGamma(small) + logGamma(large) - logGamma(small + large);
  const n = small + large;
  // log Γ(large) − log Γ(n) by Stirling's formula, its large parts taken together
  const ratio = (large - 0.5) * log1p(-small / n) - small * log(n) + small + stirlingSeries(large) - stirlingSeries(n);
  return logGamma(small) + ratio;
}
