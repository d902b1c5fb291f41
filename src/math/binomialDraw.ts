import { InputError } from "./check.js";
import { log } from "./elementary.js";

/**
 * A binomial number from uniform ones, the same that R's rbinom draws. Inversion from 0 upwards where n · min(p, 1 − p) < 30, else BTPE:
 * rejection from a triangle, a parallelogram beside it and two exponential tails that together cover the scaled density.
 * Kachitvichyanukul & Schmeiser, Commun ACM 1988;31:216. Steps and constants are numbered as in the paper.
 * @throws InputError where n is not whole and at least 0, or p is outside 0 … 1
 */
export function binomialDraw(n: number, p: number, next: () => number): number {
  const least = Math.min(p, 1 - p);
  if (!(Number.isInteger(n) && n >= 0 && n <= 2147483647 && least >= 0)) {
    throw new InputError(`A binomial number of R's generator with n = ${n}, p = ${p} was asked; n must be whole, from 0 to 2147483647, and p between 0 and 1.`);
  }
  if (n === 0 || least === 0) return p === 1 ? n : 0;
  const k = n * least < 30 ? inversion(n, least, next) : btpe(n, least, next);
  return p > 0.5 ? n - k : k;
}

function inversion(n: number, p: number, next: () => number): number {
  const q = 1 - p;
  const first = integerPower(q, n);
  const odds = p / q;
  const g = odds * (n + 1);
  for (;;) {
    let f = first;
    let u = next();
    for (let k = 0; k <= 110; k++) {
      if (u < f) return k;
      u -= f;
      f *= g / (k + 1) - odds;
    }
  }
}

function btpe(n: number, p: number, next: () => number): number {
  // step 0: the mode, the parts' borders and their areas
  const q = 1 - p;
  const odds = p / q;
  const g = odds * (n + 1);
  const mean = n * p;
  const middle = mean + p;
  const mode = Math.trunc(middle);
  const variance = mean * q;
  const half = Math.trunc(2.195 * Math.sqrt(variance) - 4.6 * q) + 0.5;
  const centre = mode + 0.5;
  const left = centre - half;
  const right = centre + half;
  const c = 0.134 + 20.5 / (15.3 + mode);
  const leftSlope = (middle - left) / (middle - left * p);
  const rightSlope = (right - middle) / (right * q);
  const leftRate = leftSlope * (1 + 0.5 * leftSlope);
  const rightRate = rightSlope * (1 + 0.5 * rightSlope);
  const p1 = half;
  const p2 = p1 * (1 + 2 * c);
  const p3 = p2 + c / leftRate;
  const p4 = p3 + c / rightRate;
  for (;;) {
    // step 1: the triangle is accepted at once
    const u = next() * p4;
    let v = next();
    if (u <= p1) return Math.trunc(centre - p1 * v + u);
    let k: number;
    if (u <= p2) {
      // step 2: parallelograms
      const x = left + (u - p1) / c;
      v = v * c + 1 - Math.abs(centre - x) / p1;
      if (v > 1 || v <= 0) continue;
      k = Math.trunc(x);
    } else if (u > p3) {
      // step 4: right tail
      k = Math.trunc(right - log(v) / rightRate);
      if (k > n) continue;
      v *= (u - p3) * rightRate;
    } else {
      // step 3: left tail
      k = Math.trunc(left + log(v) / leftRate);
      if (k < 0) continue;
      v *= (u - p2) * leftRate;
    }
    if (accepted(k, v)) return k;
  }

  // step 5: v against f(k) / f(mode)
  function accepted(k: number, v: number): boolean {
    const away = Math.abs(k - mode);
    if (away <= 20 || away >= variance / 2 - 1) {
      let f = 1;
      for (let i = mode + 1; i <= k; i++) f *= g / i - odds;
      for (let i = k + 1; i <= mode; i++) f /= g / i - odds;
      return v <= f;
    }
    // squeeze by bounds of log f(k)
    const amount = (away / variance) * ((away * (away / 3 + 0.625) + 1 / 6) / variance + 0.5);
    const normal = (-away * away) / (2 * variance);
    const a = log(v);
    if (a < normal - amount) return true;
    if (a > normal + amount) return false;
    // Stirling's formula for log f(k) to its fifth term
    const x1 = k + 1, f1 = mode + 1, z = n + 1 - mode, w = n - k + 1;
    return a <= centre * log(f1 / x1) + (n - mode + 0.5) * log(z / w) + (k - mode) * log((w * p) / (x1 * q))
      + stirling(f1) + stirling(z) + stirling(x1) + stirling(w);
  }
}

/** 1/(12x) − 1/(360x³) + … in the paper's form. */
function stirling(x: number): number {
  const s = x * x;
  return (13860 - (462 - (132 - (99 - 140 / s) / s) / s) / s) / x / 166320;
}

function integerPower(x: number, n: number): number {
  let result = 1;
  for (let square = x; n > 0; n = Math.floor(n / 2), square *= square) if (n % 2 === 1) result *= square;
  return result;
}
