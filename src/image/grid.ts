import { InputError } from "../math/index.js";
import type { Grid, Triple } from "./volume.js";

/** Most voxels a file may hold: what one typed array of 8-byte numbers can. */
const mostVoxels = 2 ** 32;

/**
 * Product of sizes, checked: whole numbers of at least 1, fewer than 2^32 in all.
 * It comes before anything is allocated.
 */
export function voxelCount(sizes: readonly number[], who: string): number {
  let count = 1;
  for (const n of sizes) {
    if (!Number.isInteger(n) || n < 1) {
      throw new InputError(`${who}: its sizes are ${sizes.join(" × ")}, but each must be a whole number of at least 1.`);
    }
    count *= n;
  }
  if (count >= mostVoxels) {
    throw new InputError(`${who}: its header declares ${sizes.join(" × ")} voxels, more than 2^32; the header is damaged.`);
  }
  return count;
}

/**
 * A grid from the world step of each index axis. Checks that all is finite, no step is zero and the three steps span space.
 *
 * @param steps three world vectors (LPS, mm): from one voxel to the next along x, y, z
 */
export function gridOf(size: Triple, steps: readonly (readonly number[])[], origin: readonly number[], who: string): Grid {
  const spacing = steps.map((s) => Math.sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2])) as Triple;
  return grid(size, spacing, origin, [0, 1, 2].flatMap((row) => steps.map((s, c) => s[row] / spacing[c])), who);
}

/** A grid from spacing, origin and direction, with the same checks as `gridOf`. */
export function grid(
  size: Triple, spacing: readonly number[], origin: readonly number[], direction: readonly number[], who: string,
): Grid {
  if (spacing.some((s) => !Number.isFinite(s) || s <= 0)) {
    throw new InputError(`${who}: its voxel spacing is ${spacing.join(" × ")}, but each must be a number above 0; ` +
      `correct the file's header.`);
  }
  if (!origin.every(Number.isFinite)) {
    throw new InputError(`${who}: its origin is (${origin.join(", ")}), but each must be a finite number; correct the file's header.`);
  }
  const det = determinant(direction);
  if (!(Math.abs(det) > 1e-6)) {
    throw new InputError(`${who}: its axis directions (${direction.join(", ")}) do not span space (determinant ${det}); ` +
      `correct the file's header.`);
  }
  return {
    size, spacing: [...spacing] as Triple, origin: origin.map((x) => x + 0) as Triple,
    // −0 would print and compare differently from 0
    direction: direction.map((d) => d + 0),
  };
}

/** The grid of an image or volume without its voxels. */
export function gridOnly({ size, spacing, origin, direction }: Grid): Grid {
  return { size, spacing, origin, direction };
}

/** Determinant of a 3 × 3 matrix, row by row. */
export function determinant(m: readonly number[]): number {
  return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
}
