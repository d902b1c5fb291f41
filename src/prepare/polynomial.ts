/** Product of two polynomials, coefficients of rising powers. */
export function polynomialProduct(a: readonly number[], b: readonly number[]): number[] {
  const c: number[] = Array.from({ length: a.length + b.length - 1 }, () => 0);
  a.forEach((x, i) => b.forEach((y, j) => { c[i + j] += x * y; }));
  return c;
}
