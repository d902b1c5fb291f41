import { expect, test } from "vitest";
import { cos, exp, log, log2, sin } from "../../src/math/index.js";
import { golden, readJson } from "../data.js";

// Correctly rounded values by Python 3.11 decimal at 80 digits (Decimal.exp, Decimal.ln; Taylor series for sin and cos with Machin's π).
test("within one unit in the last place of the true value", () => {
  const values = readJson(golden("math/elementary.json")) as Record<string, [number, number][]>;
  for (const [name, of] of Object.entries({ exp, log, log2, sin, cos })) {
    for (const [x, expected] of values[name]) {
      expect(Math.abs(of(x) - expected), `${name}(${x})`).toBeLessThanOrEqual(Math.abs(expected) * 2 ** -51 + 5e-324);
    }
  }
});

test("exact where the result is exact", () => {
  for (let k = -1074; k <= 1023; k++) expect(log2(Math.pow(2, k))).toBe(k);
  expect([exp(0), log(1), sin(0), cos(0), exp(-Infinity), log(0), log2(0)]).toEqual([1, 0, 0, 1, 0, -Infinity, -Infinity]);
  expect([exp(1000), log(Infinity), log(-1), exp(NaN), log2(NaN)]).toEqual([Infinity, Infinity, NaN, NaN, NaN]);
});

test("sin² + cos² = 1 and exp(log x) = x to rounding", () => {
  for (let x = -50; x < 50; x += 0.37) expect(sin(x) * sin(x) + cos(x) * cos(x)).toBeCloseTo(1, 14);
  for (let x = 1e-5; x < 1e5; x *= 1.7) expect(exp(log(x)) / x).toBeCloseTo(1, 13);
});
