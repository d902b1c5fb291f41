import { plainKernels, vectorModules, type VectorKernels } from "./vectorKernels.js";

/** Memory for the vector kernels: numbers are given out in order and all taken back at once. */
export type VectorHeap = {
  /** all numbers; another array after each call of allocate */
  f: Float64Array;
  kernels: VectorKernels;
  used: number;
  /** makes room for at least so many numbers */
  grow(count: number): void;
};

/** the first numbers of a heap are for passing coefficients and results */
export const SCRATCH = 0;
const SCRATCH_SIZE = 16;
const PAGE = 65536;
/** beyond this much (bytes) memory is not kept for the next caller, and WebAssembly, which ends at 4 GiB, is not asked */
const KEPT = 2 ** 26;
const LARGEST = 2 ** 31;

export const roundUp = (n: number) => (n + 3) & ~3;

/** Place of `count` new numbers, all 0, a multiple of 4 from the start. */
export function allocate(heap: VectorHeap, count: number): number {
  const at = unwritten(heap, count);
  heap.f.fill(0, at, heap.used);
  return at;
}

/** The same, whatever stands there. */
export function unwritten(heap: VectorHeap, count: number): number {
  const at = heap.used;
  heap.used += roundUp(count);
  if (heap.used > heap.f.length) heap.grow(heap.used);
  return at;
}

/** empty where there is no WebAssembly, none with SIMD, or compiling is not allowed */
let compiled: WebAssembly.Module[] | undefined;
/** heaps given back, for the next takers: one may sort while another solves */
const kept: VectorHeap[] = [];

/** An empty heap that will need about `expected` numbers. */
export function takeHeap(expected: number): VectorHeap {
  const fits = 8 * expected < LARGEST;
  const heap = fits ? (kept.pop() ?? fastHeap()) : plainHeap();
  heap.used = SCRATCH_SIZE;
  return heap;
}

/** Gives a heap back for the next taker. */
export function returnHeap(heap: VectorHeap): void {
  if (8 * heap.f.length <= KEPT && kept.length < 2) kept.push(heap);
}

function compile(): WebAssembly.Module[] {
  try {
    return vectorModules().map((bytes) => new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>));
  } catch {
    return [];
  }
}

export function fastHeap(): VectorHeap {
  compiled ??= compile();
  if (compiled.length === 0) return plainHeap();
  const memory = new WebAssembly.Memory({ initial: 16 });
  const heap: VectorHeap = {
    f: new Float64Array(memory.buffer), used: SCRATCH_SIZE,
    kernels: Object.assign({}, ...compiled.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports)) as VectorKernels,
    grow(count) {
      memory.grow(Math.ceil((8 * count - memory.buffer.byteLength) / PAGE));
      heap.f = new Float64Array(memory.buffer);
    },
  };
  return heap;
}

export function plainHeap(): VectorHeap {
  const heap: VectorHeap = {
    f: new Float64Array(PAGE), used: SCRATCH_SIZE, kernels: plainKernels(() => heap.f),
    grow(count) {
      const f = new Float64Array(Math.ceil(1.5 * count));
      f.set(heap.f);
      heap.f = f;
    },
  };
  return heap;
}

/** y += Σ_k coefficient[k] · vector which[k] for the first `count` of them; vector j has n numbers at start + j · stride. */
export function addVectors(heap: VectorHeap, start: number, stride: number, which: ArrayLike<number>, coefficient: ArrayLike<number>, count: number, y: number, n: number): void {
  const { f, kernels } = heap;
  for (let k = 0; k < count; k += 4) {
    for (let q = 0; q < 4; q++) f[SCRATCH + q] = k + q < count ? coefficient[k + q] : 0;
    const at = (q: number) => start + which[k + q < count ? k + q : k] * stride;
    kernels.combine(SCRATCH, at(0), at(1), at(2), at(3), y, n);
  }
}

/** out[which[k]] = vector which[k]′ r for the first `count` of them. */
export function dotVectors(heap: VectorHeap, start: number, stride: number, which: ArrayLike<number>, count: number, r: number, n: number, out: Float64Array): void {
  const { f, kernels } = heap;
  for (let k = 0; k < count; k += 4) {
    const at = (q: number) => start + which[k + q < count ? k + q : k] * stride;
    kernels.dots(at(0), at(1), at(2), at(3), r, n, SCRATCH);
    for (let q = 0; q < 4 && k + q < count; q++) out[which[k + q]] = f[SCRATCH + q];
  }
}
