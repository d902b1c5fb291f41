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

