import { InputError } from "./check.js";

const ROUNDING = 2.220446049250313e-16;

export type BrentOptions = { tolerance?: number; maxIterations?: number };
export type Root = { root: number; value: number; iterations: number; converged: boolean };

/**
 * A zero of f between a and b, where f has opposite signs: inverse quadratic interpolation, secant or bisection (Brent, Algorithms for
 * Minimization without Derivatives, 1973, ch. 4). As R uniroot(). Error at most `tolerance` (1e-14) + 2 roundings of the root.
 * InputError where f(a) and f(b) have one sign or are NaN.
 */
export function brentRoot(
  f: (x: number) => number, a: number, b: number, { tolerance = 1e-14, maxIterations = 200 }: BrentOptions = {},
): Root {
  let fa = f(a);
  let fb = f(b);
  if (!(fa * fb <= 0) && !(Math.sign(fa) * Math.sign(fb) <= 0)) {
    throw new InputError(`A zero is sought between ${a} and ${b}, where the function is ${fa} and ${fb}; ` +
      "it must change its sign there: take a wider range.");
  }
  // b is the best point so far, the zero lies between b and c
  let c = a;
  let fc = fa;
  let width = b - a;
  let before = width;
  for (let k = 0; k < maxIterations; k++) {
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const enough = 2 * ROUNDING * Math.abs(b) + 0.5 * tolerance;
    const half = 0.5 * (c - b);
    if (Math.abs(half) <= enough || fb === 0) return { root: b, value: fb, iterations: k, converged: true };
    if (Math.abs(before) >= enough && Math.abs(fa) > Math.abs(fb)) {
      const s = fb / fa;
      let p: number;
      let q: number;
      if (a === c) {
        p = 2 * half * s;
        q = 1 - s;
      } else {
        const r = fb / fc;
        const t = fa / fc;
        p = s * (2 * half * t * (t - r) - (b - a) * (r - 1));
        q = (t - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      else p = -p;
      if (2 * p < Math.min(3 * half * q - Math.abs(enough * q), Math.abs(before * q))) {
        before = width;
        width = p / q;
      } else {
        before = width = half;
      }
    } else {
      before = width = half;
    }
    a = b;
    fa = fb;
    b += Math.abs(width) > enough ? width : half > 0 ? enough : -enough;
    fb = f(b);
    if (fb > 0 === fc > 0) {
      c = a;
      fc = fa;
      before = width = b - a;
    }
  }
  return { root: b, value: fb, iterations: maxIterations, converged: false };
}

export type LeastPoint = { x: number; value: number; iterations: number; converged: boolean };

/**
 * Where f is least between a and b: golden section with parabolas (Brent 1973, ch. 5), a local minimum. As R optimize(). Error about
 * `tolerance` (1e-8; finer than √ε is of no use, f being flat there).
 * @throws InputError where a and b are not finite, or a is not below b
 */
export function brentMinimum(
  f: (x: number) => number, a: number, b: number, { tolerance = 1e-8, maxIterations = 200 }: BrentOptions = {},
): LeastPoint {
  if (!(a < b) || b - a === Infinity) {
    throw new InputError(`A minimum is sought between ${a} and ${b}; the first must be below the second, both finite.`);
  }
  const golden = 0.3819660112501051;
  let x = a + golden * (b - a);
  let [w, v] = [x, x];
  let fx = f(x);
  let [fw, fv] = [fx, fx];
  let step = 0;
  let before = 0;
  for (let k = 0; k < maxIterations; k++) {
    const middle = 0.5 * (a + b);
    const enough = 1.4901161193847656e-8 * Math.abs(x) + tolerance / 3;
    if (Math.abs(x - middle) <= 2 * enough - 0.5 * (b - a)) return { x, value: fx, iterations: k, converged: true };
    let p = 0;
    let q = 0;
    if (Math.abs(before) > enough) {
      // parabola through x, v, w
      const r = (x - w) * (fx - fv);
      const s = (x - v) * (fx - fw);
      p = (x - v) * s - (x - w) * r;
      q = 2 * (s - r);
      if (q > 0) p = -p;
      else q = -q;
    }
    if (q !== 0 && Math.abs(p) < Math.abs(0.5 * q * before) && p > q * (a - x) && p < q * (b - x)) {
      before = step;
      step = p / q;
      const there = x + step;
      if (there - a < 2 * enough || b - there < 2 * enough) step = x < middle ? enough : -enough;
    } else {
      before = x < middle ? b - x : a - x;
      step = golden * before;
    }
    const u = x + (Math.abs(step) >= enough ? step : step > 0 ? enough : -enough);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, w, x] = [w, x, u];
      [fv, fw, fx] = [fw, fx, fu];
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) {
        [v, w] = [w, u];
        [fv, fw] = [fw, fu];
      } else if (fu <= fv || v === x || v === w) {
        v = u;
        fv = fu;
      }
    }
  }
  return { x, value: fx, iterations: maxIterations, converged: false };
}
