import { expect, test } from "vitest";
import { order, orderWithTies, randomStream, sorted } from "../../src/math/index.js";
import { COUNTS } from "../../src/math/orderKernel.js";
import { allocate, fastHeap, plainHeap, type VectorHeap } from "../../src/math/vectorHeap.js";

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

const random = randomStream("many");
const kinds: ((i: number) => number)[] = [
  () => random.normal(), () => random.below(50) - 25, () => 1 + random.below(5000) * Number.EPSILON, () => -1 - random.below(9) * Number.EPSILON,
  (i) => [NaN, 0, -0, Infinity, -Infinity, 5e-324, -5e-324, random.normal() * 1e300][i % 8], () => 7,
  (i) => (i % 2 === 0 ? 1 + random.below(5000) * Number.EPSILON : random.normal()),
];

test("order of many values: signs, infinities, NaN, both zeros, ties, and values that differ in their last bits only", () => {
  for (const kind of kinds) {
    for (const n of [99, 100, 999, 4000, 6001]) {
      const values = Float64Array.from({ length: n }, (_, i) => kind(i));
      const rank = (a: number, b: number) => (Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a < b ? -1 : a > b ? 1 : 0);
      const by = Array.from({ length: n }, (_, i) => i).sort((a, b) => rank(values[a], values[b]) || a - b);
      expect([...order(values)]).toEqual(by);
      expect([...order([...values])]).toEqual(by);
      const found = orderWithTies(values);
      expect([...found.by]).toEqual(by);
      expect([...found.rises]).toEqual(by.map((i, k) => (k > 0 && values[i] === values[by[k - 1]] ? 0 : 1)));
    }
  }
});

test("WebAssembly and plain code deal out alike", () => {
  const dealt = (heap: VectorHeap, values: Float64Array) => {
    const n = values.length;
    const [counts, keys, from, to, rises] = [COUNTS, n, n, n, n].map((size) => allocate(heap, size));
    heap.f.set(values, keys);
    heap.kernels.dealOut(keys, n, counts, from, to, rises);
    return [new Int32Array(heap.f.buffer, 8 * from, n), new Int32Array(heap.f.buffer, 8 * to, 2 * n), new Uint8Array(heap.f.buffer, 8 * rises, n)].map((x) => [...x]);
  };
  for (const kind of kinds) {
    const values = Float64Array.from({ length: 777 }, (_, i) => kind(i));
    const fast = fastHeap();
    expect(fast.kernels.dealOut.toString()).toContain("native code");
    expect(dealt(fast, values)).toEqual(dealt(plainHeap(), values));
  }
});
