import type { Box, Volume } from "../../image/index.js";
import type { Boundary } from "./boundary.js";
import { convolveAxis, type Kernel, mirrored, reachOf } from "./convolve.js";
import { type Field, fieldOf, grown } from "./field.js";
import { rightAngleRotations } from "./rotations.js";

/** How the responses of a rotated filter become one. */
export type Pooling = "average" | "max" | "min";

/** The ways to pool the responses of a rotated filter, as IBSI 2 (arXiv:2006.05470) names them. */
export const poolings: readonly Pooling[] = ["average", "max", "min"];

/** One separable filter: in each level one kernel for each axis, applied level after level, axis after axis. */
export type Levels = Kernel[][];

export type SeparableOptions = { axes: number[]; boundary: Boundary; rotationInvariant: boolean; pooling: Pooling };

/**
 * Response of a separable filter, or its pooled responses over all right-angle rotations (4 in 2-D, 24 in 3-D).
 * IBSI 2 manual (arXiv:2006.05470)
 *
 * Rotations that share their first passes share the work, and one whose kernels only change sign costs nothing:
 * Laws' 24 rotations take at most 15 passes.
 *
 * @param levels kernels for the axes in `axes`, of every level
 */
export function separable(volume: Volume, box: Box, levels: Levels, options: SeparableOptions): Field {
  const { axes, boundary, rotationInvariant, pooling } = options;
  const all = rightAngleRotations(axes.length);
  const rotations = rotationInvariant ? all : all.slice(0, 1);
  const root: Branch = { kernel: undefined, children: new Map(), plus: 0, minus: 0 };
  for (const { order, sign } of rotations) {
    plant(root, levels.flatMap((kernels) => order.map((from, i) => (sign[i] === 1 ? kernels[from] : mirrored(kernels[from])))));
  }
  const passAxes = levels.flatMap(() => axes);
  const reach = passAxes.map((_, pass) => farthest(root, pass));
  const boxes = [box];
  for (let pass = passAxes.length - 1; pass >= 0; pass--) {
    boxes.unshift(grown(boxes[0], passAxes[pass], reach[pass], volume.size, boundary));
  }
  const pool = poolOf(box, rotations.length, pooling);
  const rooms = boxes.map(({ size }, depth) => (depth === 0 ? new Float64Array(0) : new Float64Array(size[0] * size[1] * size[2])));
  const walk = (branch: Branch, field: Field, depth: number) => {
    for (const child of branch.children.values()) {
      const axis = passAxes[depth];
      const { lower, size } = boxes[depth + 1];
      const next = convolveAxis(field, axis, child.kernel!, boundary, lower[axis], lower[axis] + size[axis], rooms[depth + 1]);
      if (depth + 1 === passAxes.length) pool.add(next.data, child.plus, child.minus);
      else walk(child, next, depth + 1);
    }
  };
  walk(root, fieldOf(volume, boxes[0]), 0);
  return { lower: [...box.lower], size: [...box.size], whole: [...volume.size], data: pool.result() };
}

/** A pass shared by all rotations that begin alike; a leaf counts rotations with this response and with its negative. */
type Branch = { kernel: Kernel | undefined; children: Map<string, Branch>; plus: number; minus: number };

function plant(root: Branch, kernels: Kernel[]): void {
  let branch = root;
  let sign = 1;
  for (const kernel of kernels) {
    const key = keyOf(kernel, 1);
    const opposite = keyOf(kernel, -1);
    let child = branch.children.get(key);
    if (child === undefined && branch.children.has(opposite)) {
      child = branch.children.get(opposite);
      sign = -sign;
    }
    if (child === undefined) branch.children.set(key, (child = { kernel, children: new Map(), plus: 0, minus: 0 }));
    branch = child;
  }
  if (sign === 1) branch.plus++;
  else branch.minus++;
}

const keyOf = ({ taps, offsets }: Kernel, sign: number) => Array.from(taps, (w, t) => `${sign * w}@${offsets[t]}`).join();

function farthest(branch: Branch, pass: number): number {
  let reach = 0;
  for (const child of branch.children.values()) reach = Math.max(reach, pass === 0 ? reachOf(child.kernel!) : farthest(child, pass - 1));
  return reach;
}

/** Pools responses voxel by voxel; `plus` and `minus` say how often a response and its negative occur. */
function poolOf({ size }: { size: Box["size"] }, total: number, pooling: Pooling) {
  const pooled = new Float64Array(size[0] * size[1] * size[2]);
  if (pooling !== "average") pooled.fill(pooling === "max" ? -Infinity : Infinity);
  return {
    add(data: Float64Array, plus: number, minus: number): void {
      if (pooling === "average") {
        const times = plus - minus;
        for (let i = 0; i < pooled.length; i++) pooled[i] += times * data[i];
        return;
      }
      for (const sign of [...(plus > 0 ? [1] : []), ...(minus > 0 ? [-1] : [])]) {
        if (pooling === "max") for (let i = 0; i < pooled.length; i++) pooled[i] = Math.max(pooled[i], sign * data[i]);
        else for (let i = 0; i < pooled.length; i++) pooled[i] = Math.min(pooled[i], sign * data[i]);
      }
    },
    result(): Float64Array {
      if (pooling === "average") for (let i = 0; i < pooled.length; i++) pooled[i] /= total;
      return pooled;
    },
  };
}
