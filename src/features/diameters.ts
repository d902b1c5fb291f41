import type { Triple } from "../image/index.js";
import { convexHull } from "../math/index.js";
import { outermost, planeHull, type Extremes } from "./extremes.js";

/** Greatest distances between mesh vertices, mm. */
export type Diameters = {
  whole: number;
  /** between vertices of equal z, of equal y, of equal x */
  slice: number; column: number; row: number;
};

/**
 * Greatest distance between any two vertices, and between two in one plane across z, y or x. Exact: the farthest pair are corners
 * of the convex hull, which whole-number coordinates give without rounding.
 */
export function diameters(extremes: Extremes, [sx, sy, sz]: Triple): Diameters {
  const { rowsX, rowsY, rowsZ, minX, maxX, minY, maxY } = extremes;
  const hull = new Int32Array(4 * Math.max(rowsX, rowsY, rowsZ));
  let slice = 0;
  for (let z = 0; z < rowsZ; z++) {
    slice = Math.max(slice, farthestInPlane(hull, planeHull(minX, maxX, z * rowsY, 1, rowsY, hull), sy, sx));
  }
  let column = 0;
  for (let y = 0; y < rowsY; y++) column = Math.max(column, farthestInPlane(hull, planeHull(minX, maxX, y, rowsY, rowsZ, hull), sz, sx));
  let row = 0;
  for (let x = 0; x < rowsX; x++) row = Math.max(row, farthestInPlane(hull, planeHull(minY, maxY, x, rowsX, rowsZ, hull), sz, sy));
  return { whole: farthest(outermost(extremes), sx, sy, sz), slice: Math.sqrt(slice), column: Math.sqrt(column), row: Math.sqrt(row) };
}

/** Square of the greatest distance between corners of a plane's hull; row places lie su / 2 apart, positions sv / 2. */
function farthestInPlane(hull: Int32Array, n: number, su: number, sv: number): number {
  let most = 0;
  for (let i = 0; i < n; i++) {
    const u = hull[2 * i];
    const v = hull[2 * i + 1];
    for (let j = i + 1; j < n; j++) {
      const du = (hull[2 * j] - u) * su / 2;
      const dv = (hull[2 * j + 1] - v) * sv / 2;
      const square = du * du + dv * dv;
      if (square > most) most = square;
    }
  }
  return most;
}

function farthest(corners: number[], sx: number, sy: number, sz: number): number {
  const { vertices } = convexHull(corners);
  const n = vertices.length;
  const x = Float64Array.from(vertices, (k) => corners[3 * k] * sx / 2);
  const y = Float64Array.from(vertices, (k) => corners[3 * k + 1] * sy / 2);
  const z = Float64Array.from(vertices, (k) => corners[3 * k + 2] * sz / 2);
  let most = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const dx = x[j] - x[i];
      const dy = y[j] - y[i];
      const dz = z[j] - z[i];
      const square = dx * dx + dy * dy + dz * dz;
      if (square > most) most = square;
    }
  }
  return Math.sqrt(most);
}
