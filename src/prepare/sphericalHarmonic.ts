import { cos, sin } from "../math/index.js";

/**
 * Yₙᵐ = √((2n + 1)/4π · (n − m)!/(n + m)!) Pₙᵐ(cos polar) e^{i m azimuth}, with the Condon–Shortley phase in Pₙᵐ.
 * Agrees with scipy.special.sph_harm(m, n, azimuth, polar), also for a negative `polar`.
 */
export function sphericalHarmonic(n: number, m: number, azimuth: number, polar: number): { re: number; im: number } {
  const k = Math.abs(m);
  let size = Math.sqrt((2 * n + 1) / (4 * Math.PI));
  for (let j = n - k + 1; j <= n + k; j++) size /= Math.sqrt(j);
  size *= legendre(n, k, cos(polar));
  // Y of −m is (−1)ᵐ times the conjugate of Y of m, for the real factor only its sign matters
  if (m < 0 && k % 2 === 1) size = -size;
  return { re: size * cos(m * azimuth), im: size * sin(m * azimuth) };
}

/** Associated Legendre function by the recursion in n from Pₘᵐ = (−1)ᵐ (2m − 1)!! (1 − x²)^{m/2}. */
function legendre(n: number, m: number, x: number): number {
  let current = 1;
  const root = Math.sqrt(1 - x * x);
  for (let k = 1; k <= m; k++) current *= -(2 * k - 1) * root;
  let previous = 0;
  for (let k = m; k < n; k++) [previous, current] = [current, ((2 * k + 1) * x * current - (k + m) * previous) / (k - m + 1)];
  return current;
}
