// Each kernel against sums written out here, and its two forms against each other bit by bit.
import { expect, test } from "vitest";
import { randomStream } from "../../src/math/index.js";
import { addVectors, allocate, dotVectors, fastHeap, plainHeap, SCRATCH, type VectorHeap } from "../../src/math/vectorHeap.js";

const STRIDE = 52;
const ROWS = 9;
const random = randomStream(5);
const numbers = Float64Array.from({ length: ROWS * STRIDE }, () => random.normal());
const row = (k: number) => numbers.subarray(k * STRIDE, (k + 1) * STRIDE);
const product = (a: Float64Array, b: Float64Array, from: number, to: number) => {
  let sum = 0;
  for (let i = from; i < to; i++) sum += a[i] * b[i];
  return sum;
};

/** everything the kernels give for these numbers */
function results(heap: VectorHeap): Record<string, number[]> {
  const x = allocate(heap, numbers.length);
  const y = allocate(heap, STRIDE);
  heap.f.set(numbers, x);
  const at = (k: number) => x + k * STRIDE;
  const scratch = (count: number) => [...heap.f.subarray(SCRATCH, SCRATCH + count)];
  heap.kernels.tile(at(1), at(5), STRIDE, 32, STRIDE, SCRATCH);
  const tile = scratch(8);
  heap.kernels.dots(at(0), at(3), at(1), at(8), at(2), 44, SCRATCH);
  const dots = scratch(4);
  const sums = new Float64Array(ROWS);
  dotVectors(heap, x, STRIDE, [4, 0, 7, 1, 8, 2], 6, at(3), STRIDE, sums);
  addVectors(heap, x, STRIDE, [2, 6, 1, 8, 0], [0.5, -2, 3, 0.1, 1], 5, y, STRIDE);
  const added = [...heap.f.subarray(y, y + STRIDE)];
  heap.f[SCRATCH] = -0.3;
  heap.kernels.addMultiple(SCRATCH, at(4), y, 48);
  return { tile, dots, sums: [...sums], added, multiple: [...heap.f.subarray(y, y + STRIDE)] };
}

test("kernels are the sums they are named after", () => {
  const { tile, dots, sums, added, multiple } = results(plainHeap());
  tile.forEach((v, k) => {
    const [a, b] = [row(1 + (k >> 1)), row(5 + (k & 1))];
    expect(v).toBeCloseTo(product(a, b, 0, 32) - product(a, b, 32, STRIDE), 12);
  });
  [0, 3, 1, 8].forEach((k, q) => expect(dots[q]).toBeCloseTo(product(row(k), row(2), 0, 44), 12));
  [4, 0, 7, 1, 8, 2].forEach((k) => expect(sums[k]).toBeCloseTo(product(row(k), row(3), 0, STRIDE), 12));
  added.forEach((v, i) => expect(v).toBeCloseTo(0.5 * row(2)[i] - 2 * row(6)[i] + 3 * row(1)[i] + 0.1 * row(8)[i] + row(0)[i], 12));
  multiple.forEach((v, i) => expect(v).toBeCloseTo(added[i] - (i < 48 ? 0.3 * row(4)[i] : 0), 12));
});

test("WebAssembly and plain code give the same bits", () => {
  const fast = fastHeap();
  expect(fast.kernels.tile.toString()).toContain("native code");
  expect(results(fast)).toEqual(results(plainHeap()));
});

test("a heap grows, keeps what it holds, and gives out zeros", () => {
  for (const heap of [fastHeap(), plainHeap()]) {
    const first = allocate(heap, 3);
    heap.f[first + 2] = 7;
    const second = allocate(heap, 500_000);
    expect(second % 4).toBe(0);
    expect(heap.f[first + 2]).toBe(7);
    expect(heap.f.subarray(second, second + 500_000).every((v) => v === 0)).toBe(true);
  }
});
