import type { QuadraticModel } from "./elasticNetQuadratic.js";
import { addMembers, removeMember, solveSupport } from "./elasticNetSupport.js";
import { addVectors, allocate, roundUp, SCRATCH, type VectorHeap } from "./vectorHeap.js";

/** Numbers by column of the working set, kept between steps; g and step are places in the heap. */
export type Workspace = { room: number; b: Float64Array; g: number; l1: Float64Array; residual: Float64Array; step: number; change: Float64Array; stands: Uint8Array; moved: Int32Array };

export function workspace(heap: VectorHeap, size: number): Workspace {
  const room = roundUp(size);
  const make = () => new Float64Array(room);
  return { room, b: make(), g: allocate(heap, room), l1: make(), residual: make(), step: allocate(heap, room), change: make(), stands: new Uint8Array(room), moved: new Int32Array(room) };
}

/**
 * Minimises ½(b − b₀)′G(b − b₀) − g′(b − b₀) + Σ l₁ |b| from b = b₀: the support is solved exactly by its Cholesky factor as far as
 * all signs hold (who reaches 0 first leaves, and so on), then a sweep of coordinate descent lets others in, until it finds nothing
 * to move. Changes b and g (which stays g − G(b − b₀)) in place.
 */
export function descend(model: QuadraticModel, work: Workspace, nonNegative: boolean, tolerance: number, rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    solveOnSupport(model, work);
    if (sweep(model, work, nonNegative, tolerance) <= tolerance) return;
  }
}

/** One coordinate after the other to its minimum, those left alone that are near it; returns the largest change of a gradient. */
function sweep(model: QuadraticModel, work: Workspace, nonNegative: boolean, tolerance: number): number {
  const { heap, size, gram, stride } = model;
  const { b, g, l1 } = work;
  const { f, kernels } = heap;
  const length = roundUp(size);
  let worst = 0;
  for (let a = 0; a < size; a++) {
    const row = gram + a * stride;
    const h = f[row + a];
    const old = b[a];
    const u = old * h + f[g + a];
    const now = u > l1[a] ? (u - l1[a]) / h : u < -l1[a] && !nonNegative ? (u + l1[a]) / h : 0;
    const d = now - old;
    const moved = Math.abs(d) * h;
    if (d === 0 || !(h > 1e-14) || (moved < tolerance / 10 && now !== 0)) continue;
    b[a] = now;
    f[SCRATCH] = -d;
    kernels.addMultiple(SCRATCH, row, g, length);
    if (moved > worst) worst = moved;
  }
  return worst;
}

function solveOnSupport(model: QuadraticModel, work: Workspace): void {
  const { heap, size, gram, stride, factor } = model;
  const { b, g, l1, residual, step, change, stands, moved } = work;
  for (let k = factor.size - 1; k >= 0; k--) if (b[factor.members[k]] === 0) removeMember(factor, k);
  stands.fill(0, 0, size);
  for (let k = 0; k < factor.size; k++) stands[factor.members[k]] = 1;
  const entering: number[] = [];
  for (let a = 0; a < size; a++) if (b[a] !== 0 && stands[a] === 0) entering.push(a);
  addMembers(factor, entering, gram, stride);
  const { members } = factor;
  const { f } = heap;
  for (let k = 0; k < factor.size; k++) {
    const a = members[k];
    residual[k] = f[g + a] - (b[a] > 0 ? l1[a] : -l1[a]);
  }
  change.fill(0, 0, size);
  while (factor.size > 0) {
    const m = factor.size;
    for (let k = 0; k < m; k++) f[step + k] = residual[k];
    f.fill(0, step + m, step + roundUp(m));
    solveSupport(factor, step);
    let t = 1;
    let first = -1;
    for (let k = 0; k < m; k++) {
      const a = members[k];
      if (l1[a] === 0) continue;
      const now = b[a] + change[a];
      const d = f[step + k];
      // now + t · step = 0
      if (now > 0 ? now + t * d < 0 : now + t * d > 0) {
        t = -now / d;
        first = k;
      }
    }
    for (let k = 0; k < m; k++) change[members[k]] += t * f[step + k];
    if (first < 0) break;
    change[members[first]] = -b[members[first]];
    removeMember(factor, first);
    // along the step the residual shrinks evenly
    for (let k = 0; k < factor.size; k++) residual[k] = (1 - t) * residual[k < first ? k : k + 1];
  }
  let count = 0;
  for (let a = 0; a < size; a++) {
    if (change[a] === 0) continue;
    b[a] += change[a];
    residual[count] = -change[a];
    moved[count++] = a;
  }
  addVectors(heap, gram, stride, moved, residual, count, g, roundUp(size));
}
