import { cropGrid, forRows, type Box, type Triple, type Volume } from "../../image/index.js";
import { type Boundary, neededRange } from "./boundary.js";

/** A box of an image of `whole` voxels, in double precision: what a filter's passes hand on to each other. */
export type Field = Box & { whole: Triple; data: Float64Array };

export function fieldOf(volume: Volume, box: Box): Field {
  const data = new Float64Array(box.size[0] * box.size[1] * box.size[2]);
  forRows(volume, box, (from, to, n) => {
    for (let i = 0; i < n; i++) data[to + i] = volume.data[from + i];
  });
  return { lower: [...box.lower], size: [...box.size], whole: [...volume.size], data };
}

/** The field as an image on the volume's grid. */
export function volumeOf(volume: Volume, field: Field): Volume {
  return { ...cropGrid(volume, field), data: field.data };
}

/** The box that a filter reaching `reach` voxels along an axis needs for `box`. */
export function grown(box: Box, axis: number, reach: number, whole: Triple, boundary: Boundary): Box {
  const lower = [...box.lower] as Triple;
  const size = [...box.size] as Triple;
  const [from, to] = neededRange(whole[axis], lower[axis], lower[axis] + size[axis], reach, boundary);
  lower[axis] = from;
  size[axis] = to - from;
  return { lower, size };
}
