import type { Box, Volume } from "../../image/index.js";
import type { Boundary } from "./boundary.js";
import { averageAxis } from "./convolve.js";
import { type Field, fieldOf, grown } from "./field.js";
import type { IbsiFilter } from "./ibsiFilter.js";
import { completeOptions, dimensionName, filterAxes } from "./options.js";

/**
 * Mean over a square or cube of `support` voxels (odd) around each voxel.
 * IBSI 2 manual (arXiv:2006.05470)
 */
export function meanFilter(volume: Volume, box: Box, axes: number[], support: number, boundary: Boundary): Field {
  const radius = (support - 1) / 2;
  const needed = axes.reduce((b, axis) => grown(b, axis, radius, volume.size, boundary), box);
  return averageOver(fieldOf(volume, needed), box, axes, radius, boundary);
}

/** Mean over the 2 · radius + 1 voxels around each along every axis of `axes`, one axis after the other. */
export function averageOver(field: Field, box: Box, axes: number[], radius: number, boundary: Boundary): Field {
  return axes.reduce((f, axis) => averageAxis(f, axis, radius, boundary, box.lower[axis], box.lower[axis] + box.size[axis]), field);
}

/** Image name: mean-<support>-<2D or 3D>. */
export const mean: IbsiFilter = {
  imageType: "Mean",
  optionNames: ["support", "boundary"],
  *respond(volume, box, given) {
    const { support, boundary } = completeOptions("Mean", given);
    const axes = filterAxes(given);
    yield { name: `mean-${support}-${dimensionName(axes)}`, field: meanFilter(volume, box, axes, support, boundary) };
  },
};
