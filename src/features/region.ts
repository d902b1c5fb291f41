import type { Grid, Voxels } from "../image/index.js";

/** A region of interest cropped to its bounding box, with the values of one image type. */
export type Region = {
  /** grid of the box */
  grid: Grid;
  /** all voxels of the box, x fastest */
  values: Voxels;
  /** 1 inside the region, 0 outside; same order as values */
  inside: Uint8Array;
  /** positions of the inside voxels in the box, ascending */
  index: Int32Array;
};

/** A region in grey levels. */
export type Levels = {
  /** of the box, x, y, z */
  size: [number, number, number];
  /** 1..highest inside, 0 outside the region */
  level: Uint16Array | Int32Array;
  /** Ng: the highest level present */
  highest: number;
  /** positions of the inside voxels, ascending */
  index: Int32Array;
};
