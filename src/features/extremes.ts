import type { Triple } from "../image/index.js";

/**
 * The outermost mesh vertices of every row. Coordinates are half voxels in a box padded by one voxel (voxel i at 2i + 2);
 * 0 marks an empty row. A vertex of a convex hull is the first or the last of its row, so these are enough for diameters.
 */
export type Extremes = {
  /** numbers of rows: places along x, y and z, in half voxels */
  rowsX: number; rowsY: number; rowsZ: number;
  /** least and greatest x of the row at (z · rowsY + y) */
  minX: Int32Array; maxX: Int32Array;
  /** least and greatest y of the row at (z · rowsX + x) */
  minY: Int32Array; maxY: Int32Array;
};

export function emptyExtremes([nx, ny, nz]: Triple): Extremes {
  const [rowsX, rowsY, rowsZ] = [2 * nx + 3, 2 * ny + 3, 2 * nz + 3];
  return {
    rowsX, rowsY, rowsZ,
    minX: new Int32Array(rowsY * rowsZ), maxX: new Int32Array(rowsY * rowsZ),
    minY: new Int32Array(rowsX * rowsZ), maxY: new Int32Array(rowsX * rowsZ),
  };
}

/**
 * Convex hull of one plane of rows (monotone chain, Andrew, Inf Process Lett 1979;9:216), strict corners only.
 *
 * @param first, step, n the rows: numbers first + k · step for k < n
 * @param out receives row place k and position of each corner in turn
 * @returns number of corners
 */
export function planeHull(min: Int32Array, max: Int32Array, first: number, step: number, n: number, out: Int32Array): number {
  let count = 0;
  for (const side of [-1, 1]) {
    const edge = side < 0 ? min : max;
    const base = count;
    for (let k = 0; k < n; k++) {
      const at = edge[first + k * step];
      if (at === 0) continue;
      while (count - base >= 2) {
        const k1 = out[2 * count - 2], a1 = out[2 * count - 1];
        const k0 = out[2 * count - 4], a0 = out[2 * count - 3];
        if (side * ((at - a0) * (k1 - k0) - (a1 - a0) * (k - k0)) < 0) break;
        count--;
      }
      out[2 * count] = k;
      out[2 * count + 1] = at;
      count++;
    }
  }
  return count;
}

/** Vertices x, y, z among which are all corners of the mesh's convex hull: the hulls of the planes across z. */
export function outermost({ rowsY, rowsZ, minX, maxX }: Extremes): number[] {
  const corners: number[] = [];
  const hull = new Int32Array(4 * rowsY);
  for (let z = 0; z < rowsZ; z++) {
    const n = planeHull(minX, maxX, z * rowsY, 1, rowsY, hull);
    for (let k = 0; k < n; k++) corners.push(hull[2 * k + 1], hull[2 * k], z);
  }
  return corners;
}
