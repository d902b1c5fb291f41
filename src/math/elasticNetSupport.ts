import { allocate, roundUp, SCRATCH, type VectorHeap } from "./vectorHeap.js";

/** Cholesky factor L of G on a support that gains and loses members; member k of the support has row k of L, at lower + k · stride in the heap. */
export type SupportFactor = { heap: VectorHeap; members: Int32Array; size: number; lower: number; stride: number; cosine: Float64Array; sine: Float64Array };

export function supportFactor(heap: VectorHeap): SupportFactor {
  return { heap, members: new Int32Array(16), size: 0, lower: allocate(heap, 256), stride: 16, cosine: new Float64Array(16), sine: new Float64Array(16) };
}

export function clearFactor(factor: SupportFactor): void {
  factor.size = 0;
}

/** Adds members, four at a time; those whose column depends on the others are passed over. G has row a at gram + a · gramStride. */
export function addMembers(factor: SupportFactor, wanted: ArrayLike<number>, gram: number, gramStride: number): void {
  for (let k = 0; k < wanted.length; k += 4) {
    addFour(factor, Array.from({ length: Math.min(4, wanted.length - k) }, (_, q) => wanted[k + q]), gram, gramStride);
  }
}

const inner = new Float64Array(16);

function addFour(factor: SupportFactor, wanted: number[], gram: number, gramStride: number): void {
  const m = factor.size;
  while (m + 4 > factor.stride) grow(factor);
  const { heap, members, lower, stride } = factor;
  const { f, kernels } = heap;
  const at = lower + m * stride;
  const [at1, at2, at3] = [at + stride, at + 2 * stride, at + 3 * stride];
  f.fill(0, at, at + 4 * stride);
  for (let from = 0; from < m; from += 4) {
    const row = lower + from * stride;
    kernels.tile(at, row, stride, from, from, SCRATCH);
    kernels.tile(at, row + 2 * stride, stride, from, from, SCRATCH + 8);
    for (let q = 0; q < wanted.length; q++) {
      const own = gram + wanted[q] * gramStride;
      const to = at + q * stride;
      for (let k = from; k < from + 4 && k < m; k++) {
        const c = k - from;
        let v = f[own + members[k]] - f[SCRATCH + 4 * (c & 2) + 2 * q + (c & 1)];
        for (let i = from; i < k; i++) v -= f[to + i] * f[lower + k * stride + i];
        f[to + k] = v / f[lower + k * stride + k];
      }
    }
  }
  const length = roundUp(m);
  for (let q = 0; q < wanted.length; q++) {
    kernels.dots(at, at1, at2, at3, at + q * stride, length, SCRATCH);
    for (let s = 0; s < 4; s++) inner[4 * q + s] = f[SCRATCH + s];
  }
  const taken: number[] = [];
  for (let q = 0; q < wanted.length; q++) {
    const own = gram + wanted[q] * gramStride;
    const to = at + taken.length * stride;
    if (taken.length < q) f.copyWithin(to, at + q * stride, at + q * stride + m);
    let rest = f[own + wanted[q]] - inner[5 * q];
    for (let t = 0; t < taken.length; t++) {
      const row = at + t * stride + m;
      let v = f[own + wanted[taken[t]]] - inner[4 * q + taken[t]];
      for (let u = 0; u < t; u++) v -= f[row + u] * f[to + m + u];
      v /= f[row + t];
      f[to + m + t] = v;
      rest -= v * v;
    }
    if (!(rest > f[own + wanted[q]] * 1e-10)) continue;
    f[to + m + taken.length] = Math.sqrt(rest);
    members[m + taken.length] = wanted[q];
    taken.push(q);
  }
  factor.size = m + taken.length;
}

/** Takes out the member of row k: rows below move up and plane rotations make them triangular again. */
export function removeMember(factor: SupportFactor, k: number): void {
  const { members, lower, stride, cosine, sine } = factor;
  const { f } = factor.heap;
  const m = --factor.size;
  for (let t = k; t < m; t++) {
    members[t] = members[t + 1];
    const from = lower + (t + 1) * stride;
    const to = lower + t * stride;
    f.copyWithin(to, from, from + k);
    let x = f[from + k];
    for (let i = k; i < t; i++) {
      const y = f[from + i + 1];
      f[to + i] = cosine[i] * x + sine[i] * y;
      x = cosine[i] * y - sine[i] * x;
    }
    const y = f[from + t + 1];
    const r = Math.sqrt(x * x + y * y);
    cosine[t] = x / r;
    sine[t] = y / r;
    f[to + t] = r;
  }
}

/** Solves L L′ d = v in place; v lies in the heap with room for `stride` numbers, 0 beyond the size. */
export function solveSupport(factor: SupportFactor, v: number): void {
  const { heap, size, lower, stride } = factor;
  const { f, kernels } = heap;
  for (let from = 0; from < size; from += 4) {
    const row = lower + from * stride;
    kernels.dots(row, row + stride, row + 2 * stride, row + 3 * stride, v, from, SCRATCH);
    for (let k = from; k < from + 4 && k < size; k++) {
      let rest = f[v + k] - f[SCRATCH + k - from];
      for (let i = from; i < k; i++) rest -= f[lower + k * stride + i] * f[v + i];
      f[v + k] = rest / f[lower + k * stride + k];
    }
  }
  for (let from = (size - 1) & ~3; from >= 0; from -= 4) {
    f.fill(0, SCRATCH, SCRATCH + 4);
    for (let k = Math.min(from + 3, size - 1); k >= from; k--) {
      const d = f[v + k] / f[lower + k * stride + k];
      f[v + k] = d;
      f[SCRATCH + k - from] = -d;
      for (let i = from; i < k; i++) f[v + i] -= f[lower + k * stride + i] * d;
    }
    const row = lower + from * stride;
    kernels.combine(SCRATCH, row, row + stride, row + 2 * stride, row + 3 * stride, v, from);
  }
}

function grow(factor: SupportFactor): void {
  const { heap, stride: old } = factor;
  const stride = old * 2;
  const lower = allocate(heap, stride * stride);
  for (let k = 0; k < factor.size; k++) heap.f.copyWithin(lower + k * stride, factor.lower + k * old, factor.lower + k * old + k + 1);
  const members = new Int32Array(stride);
  members.set(factor.members);
  Object.assign(factor, { stride, lower, members, cosine: new Float64Array(stride), sine: new Float64Array(stride) });
}
