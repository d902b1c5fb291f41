import { hypot } from "../math/index.js";
import type { Triple } from "../image/index.js";
import { outermost, planeHull, type Extremes } from "./extremes.js";

/** Greatest distances between mesh vertices, mm. */
export type Diameters = {
  whole: number;
  /** between vertices of equal z, of equal y, of equal x */
  slice: number; column: number; row: number;
};

/**
 * Greatest distance between any two vertices, and between two in one plane across z, y or x. Exact: of every plane only
 * the corners of its convex hull are looked at, which whole-number coordinates give without rounding.
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

/**
 * Greatest distance among vertices that come plane by plane. Two planes dz apart, whose vertices lie within R and S of a common axis, hold
 * no pair farther apart than √((R + S)² + dz²): most pairs of planes need no look.
 */
function farthest(corners: number[], sx: number, sy: number, sz: number): number {
  const n = corners.length / 3;
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  const z = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    x[k] = corners[3 * k] * sx / 2;
    y[k] = corners[3 * k + 1] * sy / 2;
    z[k] = corners[3 * k + 2] * sz / 2;
  }
  let most = walk(x, y, z);
  const { start, reach } = planes(x, y, z);
  for (let p = 0; p < reach.length; p++) {
    for (let q = p; q < reach.length; q++) {
      const dz = z[start[q]] - z[start[p]];
      // a hair more than the bound, for its rounding
      if (((reach[p] + reach[q]) * (reach[p] + reach[q]) + dz * dz) * (1 + 1e-12) < most) continue;
      most = Math.max(most, between(x, y, start[p], start[p + 1], start[q], start[q + 1], dz * dz));
    }
  }
  return Math.sqrt(most);
}

/** Square of a distance that is often the greatest: from one vertex to the farthest from it, and on from there while it grows. */
function walk(x: Float64Array, y: Float64Array, z: Float64Array): number {
  let from = 0;
  let most = -1;
  for (let grew = true; grew;) {
    grew = false;
    const at = from;
    for (let k = 0; k < x.length; k++) {
      const [dx, dy, dz] = [x[k] - x[at], y[k] - y[at], z[k] - z[at]];
      const square = dx * dx + dy * dy + dz * dz;
      if (square > most) { most = square; from = k; grew = true; }
    }
  }
  return most;
}

/** First vertex of each plane (and one number more, their count), and the plane's greatest distance from the axis through the middle. */
function planes(x: Float64Array, y: Float64Array, z: Float64Array): { start: number[]; reach: number[] } {
  let left = Infinity, right = -Infinity, front = Infinity, back = -Infinity;
  for (let k = 0; k < x.length; k++) {
    if (x[k] < left) left = x[k];
    if (x[k] > right) right = x[k];
    if (y[k] < front) front = y[k];
    if (y[k] > back) back = y[k];
  }
  const start: number[] = [];
  const reach: number[] = [];
  for (let k = 0; k < x.length; k++) {
    if (k === 0 || z[k] !== z[k - 1]) {
      start.push(k);
      reach.push(0);
    }
    const off = hypot(x[k] - (left + right) / 2, y[k] - (front + back) / 2);
    if (off > reach[reach.length - 1]) reach[reach.length - 1] = off;
  }
  start.push(x.length);
  return { start, reach };
}

/** Square of the greatest distance from vertices i0..i1 to j0..j1; z2 is the square of what lies between them along z. */
function between(x: Float64Array, y: Float64Array, i0: number, i1: number, j0: number, j1: number, z2: number): number {
  let most = 0;
  for (let i = i0; i < i1; i++) {
    for (let j = j0; j < j1; j++) {
      const dx = x[j] - x[i];
      const dy = y[j] - y[i];
      const square = dx * dx + dy * dy + z2;
      if (square > most) most = square;
    }
  }
  return most;
}
