import { InputError } from "../math/index.js";
import { elementOf, zeros } from "./elements.js";
import type { Box, Grid, Triple, Volume, Voxels } from "./volume.js";

/** The part of a volume inside a box, with its own origin and in its own number type. InputError where the box leaves the volume. */
export function crop(volume: Volume, box: Box): Volume {
  checkBox(volume, box);
  return { ...cropGrid(volume, box), data: cropped(volume.data, volume.size, box) };
}

/** The voxels of a box, which must lie within `size`. */
export function cropped<T extends Voxels>(voxels: T, size: Triple, box: Box): T {
  const out = zeros(elementOf(voxels), box.size[0] * box.size[1] * box.size[2]) as T;
  forRows({ size }, box, (from, to, n) => out.set(voxels.subarray(from, from + n) as never, to));
  return out;
}

/** The grid of a box of a grid. */
export function cropGrid(of: Grid, { lower, size }: Box): Grid {
  const { spacing, direction } = of;
  const origin = of.origin.map((o, r) => o + direction[3 * r] * spacing[0] * lower[0] +
    direction[3 * r + 1] * spacing[1] * lower[1] + direction[3 * r + 2] * spacing[2] * lower[2]) as Triple;
  return { size: [...size], spacing, origin, direction };
}

/** Calls `row` for every line of the box along x: where it starts in the volume, where in the box, and its length. */
export function forRows(grid: Pick<Grid, "size">, box: Box, row: (from: number, to: number, n: number) => void): void {
  const [nx, ny] = grid.size;
  const [bx, by, bz] = box.size;
  for (let z = 0, to = 0; z < bz; z++) {
    for (let y = 0; y < by; y++, to += bx) row(((box.lower[2] + z) * ny + box.lower[1] + y) * nx + box.lower[0], to, bx);
  }
}

/** InputError where the box is empty or leaves the volume. */
export function checkBox(grid: Grid, box: Box): void {
  for (let axis = 0; axis < 3; axis++) {
    if (!(box.lower[axis] >= 0 && box.size[axis] >= 1 && box.lower[axis] + box.size[axis] <= grid.size[axis])) {
      throw new InputError(`Box at ${box.lower.join(", ")} of ${box.size.join(" × ")} voxels leaves the image of ` +
        `${grid.size.join(" × ")}; the box must lie inside it.`);
    }
  }
}
