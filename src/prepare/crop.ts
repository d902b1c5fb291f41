import { InputError } from "../math/index.js";
import type { Box, Grid, Triple, Volume, Voxels } from "../image/index.js";

/** The grid of a box of voxels: same spacing and direction, origin at the box's lower corner. */
export function boxGrid(grid: Grid, box: Box): Grid {
  const { spacing, direction } = grid;
  const origin = [...grid.origin] as Triple;
  for (let row = 0; row < 3; row++) {
    for (let axis = 0; axis < 3; axis++) origin[row] += direction[row * 3 + axis] * spacing[axis] * box.lower[axis];
  }
  return { size: [...box.size], spacing: [...spacing], origin, direction: [...direction] };
}

/** The voxels of a box, in the volume's own number type. InputError where the box leaves the volume. */
export function crop(volume: Volume, box: Box): Volume {
  checkBox(volume, box);
  const data = new (volume.data.constructor as new (n: number) => Voxels)(box.size[0] * box.size[1] * box.size[2]);
  forRows(volume, box, (from, to, n) => {
    for (let i = 0; i < n; i++) data[to + i] = volume.data[from + i];
  });
  return { ...boxGrid(volume, box), data };
}

/** Calls `row` for every line of the box along x: where it starts in the volume, where in the box, and its length. */
export function forRows(grid: Grid, box: Box, row: (from: number, to: number, n: number) => void): void {
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
