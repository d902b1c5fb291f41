import { inverted, type Grid, type Triple } from "../image/index.js";
import { InputError } from "../math/index.js";

/**
 * Where the samples of `target` lie on the axes of `source`, in voxels from the first centre: one array for x, y, z.
 * The grids must share their axes (directions equal up to rounding). Index to world and back in ITK's order of operations,
 * and along x by interpolation between the ends of the line as its ResampleImageFilter does, because a sample half-way
 * between two voxels falls to one or the other by the last bit.
 */
export function axisPositions(target: Grid, source: Grid): [Float64Array, Float64Array, Float64Array] {
  if (target.direction.some((d, k) => Math.abs(d - source.direction[k]) > 1e-3)) {
    throw new InputError(`The new grid's axes (${target.direction.join(", ")}) are turned against the image's ` +
      `(${source.direction.join(", ")}); axis-by-axis resampling needs the same axes.`);
  }
  const toWorld = stepMatrix(target);
  const toIndex = inverseOf(stepMatrix(source));
  const at = (axis: number, k: number): number => {
    const cell = [0, 1, 2].map((r) => target.origin[r] + toWorld[3 * r + axis] * k - source.origin[r]);
    return toIndex[3 * axis] * cell[0] + toIndex[3 * axis + 1] * cell[1] + toIndex[3 * axis + 2] * cell[2];
  };
  const [nx, ny, nz] = target.size;
  const start = at(0, 0);
  const end = at(0, nx);
  return [
    Float64Array.from({ length: nx }, (_, k) => start + (k / nx) * (end - start)),
    Float64Array.from({ length: ny }, (_, k) => at(1, k)),
    Float64Array.from({ length: nz }, (_, k) => at(2, k)),
  ];
}

/** World position of a fractional index, with ITK's rounding: the sum first, then the origin. */
export function continuousToWorld(grid: Grid, index: readonly number[]): Triple {
  const m = stepMatrix(grid);
  return [0, 1, 2].map((r) => m[3 * r] * index[0] + m[3 * r + 1] * index[1] + m[3 * r + 2] * index[2] + grid.origin[r]) as Triple;
}

/** 1 where a position lies inside an axis of n voxels: from half a voxel before the first centre to half a voxel after the last. */
export function insideAxis(positions: Float64Array, n: number): Uint8Array {
  return Uint8Array.from(positions, (p) => (p >= -0.5 && p < n - 0.5 ? 1 : 0));
}

function stepMatrix({ direction, spacing }: Grid): number[] {
  return direction.map((d, k) => d * spacing[k % 3]);
}

function inverseOf(m: readonly number[]): number[] {
  const oneStepPerRow = [0, 1, 2].every((r) => [0, 1, 2].filter((c) => m[3 * r + c] !== 0).length === 1);
  if (!oneStepPerRow) return inverted(m);
  // axes along the world's: plain reciprocals, without the rounding of cofactors
  const inverse = Array.from({ length: 9 }, () => 0);
  m.forEach((x, k) => { if (x !== 0) inverse[3 * (k % 3) + Math.floor(k / 3)] = 1 / x; });
  return inverse;
}
