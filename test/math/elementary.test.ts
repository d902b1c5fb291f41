import { expect, test } from "vitest";
import { acos, atan2, cbrt, cos, exp, hypot, log, log2, power, powerOfTwo, sin } from "../../src/math/index.js";
import { golden, readJson } from "../data.js";

// Rows of arguments and the correctly rounded value, float(f(*map(Decimal, arguments))) in Python 3.11 with getcontext().prec = 80:
// x.exp(), x.ln(), x.ln() / Decimal(2).ln(), (x.ln() / 3).exp(), x ** n, (x * x + y * y + z * z).sqrt(); sin, cos and arctan by
// their Taylor series with Machin's π. The bound is in steps from one double
// to the next.
const bounds = { exp: [exp, 1], log: [log, 1], log2: [log2, 1], power: [power, 1], cbrt: [cbrt, 1], hypot: [hypot, 1],
  sin: [sin, 1], cos: [cos, 1], acos: [acos, 2], atan2: [atan2, 2] } as Record<string, [(...x: number[]) => number, number]>;

test.each(Object.keys(bounds))("%s: within its bound of the true value", (name) => {
  const [of, steps] = bounds[name];
  for (const row of (readJson(golden("math/elementary.json")) as Record<string, number[][]>)[name]) {
    const expected = row[row.length - 1];
    const off = Math.abs(of(...row.slice(0, -1)) - expected) / lastPlace(expected);
    expect(off, `${name}(${row.slice(0, -1).join(", ")})`).toBeLessThanOrEqual(steps);
  }
});

/** Distance from |x| to the next larger number. */
function lastPlace(x: number): number {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, Math.abs(x));
  const own = bytes.getBigUint64(0);
  bytes.setBigUint64(0, own + 1n);
  return bytes.getFloat64(0) - Math.abs(x);
}

test("exact where the result is exact", () => {
  for (let k = -1074; k <= 1023; k++) expect([k, log2(powerOfTwo(k))]).toEqual([k, k]);
  expect([powerOfTwo(-1074), powerOfTwo(0), powerOfTwo(1023), powerOfTwo(1024), powerOfTwo(-1075)]).toEqual([5e-324, 1, 2 ** 1023, Infinity, 0]);
  for (let n = -50; n <= 50; n++) expect(cbrt(n * n * n)).toBe(n);
  for (let n = 0; n < 20; n++) expect([power(3, n), power(-2, n), power(10, n)]).toEqual([Number(3n ** BigInt(n)), Number((-2n) ** BigInt(n)), Number(10n ** BigInt(n))]);
  expect([exp(0), log(1), sin(0), cos(0), exp(-Infinity), log(0), log2(0)]).toEqual([1, 0, 0, 1, 0, -Infinity, -Infinity]);
  expect([exp(1000), log(Infinity), log(-1), exp(NaN), log2(NaN)]).toEqual([Infinity, Infinity, NaN, NaN, NaN]);
  expect([cbrt(0), cbrt(-0), cbrt(Infinity), cbrt(NaN), hypot(3, 4), hypot(2, 3, 6)]).toEqual([0, -0, Infinity, NaN, 5, 7]);
  expect([atan2(0, 1), atan2(0, -1), atan2(-0, -1), atan2(1, 0), atan2(-1, 0), atan2(0, 0), atan2(1, 1), acos(1), acos(-1), acos(0)])
    .toEqual([0, Math.PI, -Math.PI, Math.PI / 2, -Math.PI / 2, 0, Math.PI / 4, 0, Math.PI, Math.PI / 2]);
});

test("sin² + cos² = 1, exp(log x) = x, and angles come back from their sine and cosine", () => {
  for (let x = -50; x < 50; x += 0.37) expect(sin(x) * sin(x) + cos(x) * cos(x)).toBeCloseTo(1, 14);
  for (let x = 1e-5; x < 1e5; x *= 1.7) expect(exp(log(x)) / x).toBeCloseTo(1, 13);
  for (let x = -3.1; x < 3.1; x += 0.01) expect(atan2(sin(x), cos(x))).toBeCloseTo(x, 14);
});
