import { InputError } from "../math/index.js";
import { determinant } from "./grid.js";
import type { Grid, Triple } from "./volume.js";

/** World position (LPS, mm) of a voxel index, which may be fractional. */
export function indexToWorld(grid: Grid, index: readonly number[]): Triple {
  const { spacing: s, origin: o, direction: d } = grid;
  const [x, y, z] = [index[0] * s[0], index[1] * s[1], index[2] * s[2]];
  return [0, 1, 2].map((r) => o[r] + d[3 * r] * x + d[3 * r + 1] * y + d[3 * r + 2] * z) as Triple;
}

/** Voxel index, in general fractional, of a world position (LPS, mm). */
export function worldToIndex(grid: Grid, point: readonly number[]): Triple {
  const inverse = inverted(grid.direction);
  const p = [0, 1, 2].map((r) => point[r] - grid.origin[r]);
  return [0, 1, 2].map((r) =>
    (inverse[3 * r] * p[0] + inverse[3 * r + 1] * p[1] + inverse[3 * r + 2] * p[2]) / grid.spacing[r]) as Triple;
}

/** A grid in words: "448 × 448 × 80 voxels of 0.8 × 0.8 × 2 mm". */
export function describeGrid({ size, spacing }: Grid): string {
  return `${size.join(" × ")} voxels of ${spacing.map(short).join(" × ")} mm`;
}

/** How far two grids lie apart. */
export type GridDifference = {
  /** which of size, spacing, origin, direction, handedness differ */
  differs: string[];
  /** largest distance along an axis between the two positions of a corner of the grid, in voxels of `a`; NaN where sizes differ */
  displacement: number;
};

/** Up to this many voxels two grids are one: rounding in file headers. */
export const gridTolerance = 1e-4;

/**
 * What tells two grids apart, or undefined where no corner of the grid (outer corners of the corner voxels) is
 * displaced by more than 1e-4 voxel along any axis.
 */
export function gridDifference(a: Grid, b: Grid): GridDifference | undefined {
  const sameSize = a.size.every((n, k) => n === b.size[k]);
  const displacement = sameSize ? farthestCorner(a, b) : NaN;
  if (displacement <= gridTolerance) return undefined;
  const differs: string[] = [];
  if (!sameSize) differs.push("size");
  const beyond = (other: Grid) => farthestCorner(a, { ...other, size: a.size }) > gridTolerance;
  if (beyond({ ...a, spacing: b.spacing })) differs.push("spacing");
  if (beyond({ ...a, origin: b.origin })) differs.push("origin");
  if (beyond({ ...a, direction: b.direction })) differs.push("direction");
  if (Math.sign(determinant(a.direction)) !== Math.sign(determinant(b.direction))) differs.push("handedness");
  // each part alone is at rounding level and only their sum is not
  if (differs.length === 0) differs.push("position");
  return { differs, displacement };
}

/**
 * Refuses an image and a mask that do not share a grid: names both grids, what differs and how to repair it.
 *
 * @param who  the mask (or the patient), opens the sentence
 * @param what what the mask is compared with
 */
export function requireSameGrid(image: Grid, mask: Grid, who: string, what = "the image"): void {
  const difference = gridDifference(image, mask);
  if (difference === undefined) return;
  const { differs, displacement } = difference;
  const detail = differs.filter((part) => part !== "size" && part !== "position").map((part) => ({
    spacing: `spacing ${list(mask.spacing)} against ${list(image.spacing)} mm`,
    origin: `origin (${list(mask.origin)}) against (${list(image.origin)}) mm`,
    direction: `direction (${list(mask.direction)}) against (${list(image.direction)})`,
    handedness: "one grid is left-handed and the other right-handed",
  } as Record<string, string>)[part]);
  const apart = Number.isNaN(displacement) ? "" : `${detail.length > 0 ? "; " : ""}${short(displacement)} voxels apart at a corner`;
  const how = detail.length > 0 || apart !== "" ? ` (${detail.join("; ")}${apart})` : "";
  throw new InputError(`${who}: the mask is ${describeGrid(mask)} but ${what} is ${describeGrid(image)}, and they differ in ` +
    `${differs.join(", ")}${how}. They must share one grid: use --correct-mask, or resample the mask to the image first.`);
}

/** Inverse of a 3 × 3 matrix, row by row; it is not singular (checked when the file was read). */
export function inverted(m: readonly number[]): number[] {
  const det = determinant(m);
  return [
    m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
    m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
    m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3],
  ].map((x) => x / det);
}

function farthestCorner(a: Grid, b: Grid): number {
  let farthest = 0;
  for (let corner = 0; corner < 8; corner++) {
    const index = a.size.map((n, k) => ((corner >> k) & 1 ? n - 0.5 : -0.5));
    const there = worldToIndex(a, indexToWorld(b, index));
    for (let k = 0; k < 3; k++) farthest = Math.max(farthest, Math.abs(there[k] - index[k]));
  }
  return farthest;
}

const short = (x: number): string => String(Number(x.toPrecision(7)));
const list = (values: readonly number[]): string => values.map(short).join(", ");
