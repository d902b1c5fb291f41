import { expect, test } from "vitest";
import { order, randomStream, sorted } from "../../src/math/index.js";

test("order is stable and puts NaN last", () => {
  expect([...order([3, 1, NaN, 2, 1, -Infinity])]).toEqual([5, 1, 4, 3, 0, 2]);
  expect([...order([])]).toEqual([]);
  expect([...sorted([3, NaN, -1, 2])]).toEqual([-1, 2, 3, NaN]);
});

test("order equals a sort by comparison, ties included, at every length up to 200", () => {
  const random = randomStream("order");
  for (let n = 0; n <= 200; n++) {
    const values = Float64Array.from({ length: n }, () => random.below(Math.max(1, n >> 1)));
    const by = Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
    expect([...order(values)]).toEqual(by);
  }
});


test("order of many values: signs, infinities, NaN, both zeros, ties, and values that differ in their last bits only", () => {
  const random = randomStream("many");
  const kinds: ((i: number) => number)[] = [
    () => random.normal(), () => random.below(50) - 25, () => 1 + random.below(5000) * Number.EPSILON, () => -1 - random.below(9) * Number.EPSILON,
    (i) => [NaN, 0, -0, Infinity, -Infinity, 5e-324, -5e-324, random.normal() * 1e300][i % 8], () => 7,
    (i) => (i % 2 === 0 ? 1 + random.below(5000) * Number.EPSILON : random.normal()),
  ];
  for (const kind of kinds) {
    for (const n of [999, 3999, 4000, 6001]) {
      const values = Float64Array.from({ length: n }, (_, i) => kind(i));
      const rank = (a: number, b: number) => (Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a < b ? -1 : a > b ? 1 : 0);
      const by = Array.from({ length: n }, (_, i) => i).sort((a, b) => rank(values[a], values[b]) || a - b);
      expect([...order(values)]).toEqual(by);
      expect([...order([...values])]).toEqual(by);
    }
  }
});
