import { powerOfTwo } from "../math/index.js";

/**
 * Numbers with 480 binary places behind the point, held in a BigInt: enough to factorise wavelet polynomials
 * whose coefficients reach 1e22 and cancel, and still round correctly to double.
 */
export type Fixed = bigint;
export type FixedComplex = { re: Fixed; im: Fixed };

const places = 480n;
export const one: Fixed = 1n << places;

/** Exact: every finite double is a multiple of 2^-1074; what lies below 2^-480 is cut. */
export function fixed(x: number): Fixed {
  let exponent = 0;
  while (!Number.isInteger(x)) [x, exponent] = [x * 2, exponent + 1];
  return (BigInt(x) << places) >> BigInt(exponent);
}

/** Nearest double. */
export const nearestDouble = (x: Fixed): number => Number(x) * powerOfTwo(-Number(places));

export const times = (a: Fixed, b: Fixed): Fixed => (a * b) >> places;
export const over = (a: Fixed, b: Fixed): Fixed => (a << places) / b;

/** Square root, by Newton's method on integers; 0 for what rounding left below 0. */
export function root(a: Fixed): Fixed {
  if (a <= 0n) return 0n;
  const n = a << places;
  let x = 1n << BigInt((n.toString(2).length >> 1) + 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

export const complex = (re: number, im: number): FixedComplex => ({ re: fixed(re), im: fixed(im) });
export const plus = (a: FixedComplex, b: FixedComplex): FixedComplex => ({ re: a.re + b.re, im: a.im + b.im });
export const minus = (a: FixedComplex, b: FixedComplex): FixedComplex => ({ re: a.re - b.re, im: a.im - b.im });

export function product(a: FixedComplex, b: FixedComplex): FixedComplex {
  return { re: (a.re * b.re - a.im * b.im) >> places, im: (a.re * b.im + a.im * b.re) >> places };
}

export function quotient(a: FixedComplex, b: FixedComplex): FixedComplex {
  const norm = times(b.re, b.re) + times(b.im, b.im);
  const p = product(a, { re: b.re, im: -b.im });
  return { re: over(p.re, norm), im: over(p.im, norm) };
}

/** Product of two polynomials with complex coefficients, lowest power first. */
export function polynomialProduct(a: FixedComplex[], b: FixedComplex[]): FixedComplex[] {
  const c: FixedComplex[] = Array.from({ length: a.length + b.length - 1 }, () => ({ re: 0n, im: 0n }));
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) c[i + j] = plus(c[i + j], product(a[i], b[j]));
  }
  return c;
}
