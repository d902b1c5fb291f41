import type { Triple } from "../image/index.js";
import { cubeCase, type CubeCase } from "./marchingCubes.js";
import { emptyExtremes, type Extremes } from "./extremes.js";

/** What shape needs of a region's surface. */
export type Mesh = {
  /** mm² */
  area: number;
  /** mm³ */
  volume: number;
  /** vertices that can be far apart */
  extremes: Extremes;
};

/** Cases met so far: PyRadiomics' and those of a closed surface. */
const cases: [CubeCase[], CubeCase[]] = [[], []];

/**
 * Area and enclosed volume of the marching-cubes surface of a 0/1 mask, and its outermost vertices, in one pass over the cubes.
 * A cube's share of both depends on its case only, but for the drift of open seams (PyRadiomics' table leaves some on ambiguous
 * faces): there the volume, Σ det(a, b, c) / 6, takes in the cube's place, counted in a box padded by one voxel.
 *
 * @param inside 1 inside the region, 0 outside, x fastest
 * @param closed without PyRadiomics' open seams, as IBSI wants it
 */
export function surfaceMesh(inside: Uint8Array, size: Triple, spacing: Triple, closed = false): Mesh {
  const [nx, ny, nz] = size;
  const padded = pad(inside, size);
  const px = nx + 2;
  const py = ny + 2;
  const extremes = emptyExtremes(size);
  const { minX, maxX, minY, maxY, rowsY, rowsX } = extremes;
  const count = new Float64Array(256);
  const place = new Float64Array(3 * 256);
  for (let z = 0; z <= nz; z++) {
    for (let y = 0; y <= ny; y++) {
      const r0 = (z * py + y) * px;
      const r1 = r0 + px;
      const r2 = r0 + px * py;
      const r3 = r2 + px;
      // rows of vertices, in half voxels: those on edges along x, along y and along z
      const alongX = (2 * z + 2) * rowsY + 2 * y + 2;
      const alongY = alongX - 1;
      const alongZ = alongX - rowsY;
      const planeX = (2 * z + 2) * rowsX;
      const planeZ = planeX - rowsX;
      let left = 0;
      for (let x = 0; x <= nx; x++) {
        const k = x + 1;
        const right = padded[r0 + k] << 1 | padded[r1 + k] << 3 | padded[r2 + k] << 5 | padded[r3 + k] << 7;
        const code = left | right;
        left = right >> 1;
        if (code === 0 || code === 255) continue;
        count[code]++;
        place[3 * code] += x;
        place[3 * code + 1] += y;
        place[3 * code + 2] += z;
        // the three edges that end in corner 7
        const c = code >> 7;
        const X = 2 * x + 2;
        if ((code >> 6 & 1) !== c) {
          if (minX[alongX] === 0) minX[alongX] = X - 1;
          maxX[alongX] = X - 1;
          if (minY[planeX + X - 1] === 0) minY[planeX + X - 1] = 2 * y + 2;
          maxY[planeX + X - 1] = 2 * y + 2;
        }
        if ((code >> 5 & 1) !== c) {
          if (minX[alongY] === 0) minX[alongY] = X;
          maxX[alongY] = X;
          if (minY[planeX + X] === 0) minY[planeX + X] = 2 * y + 1;
          maxY[planeX + X] = 2 * y + 1;
        }
        if ((code >> 3 & 1) !== c) {
          if (minX[alongZ] === 0) minX[alongZ] = X;
          maxX[alongZ] = X;
          if (minY[planeZ + X] === 0) minY[planeZ + X] = 2 * y + 2;
          maxY[planeZ + X] = 2 * y + 2;
        }
      }
    }
  }
  return { ...measure(count, place, spacing, closed), extremes };
}

/** The mask with one voxel of background on every side. */
export function pad(inside: Uint8Array, [nx, ny, nz]: Triple): Uint8Array {
  const px = nx + 2;
  const padded = new Uint8Array(px * (ny + 2) * (nz + 2));
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const from = (z * ny + y) * nx;
      padded.set(inside.subarray(from, from + nx), ((z + 1) * (ny + 2) + y + 1) * px + 1);
    }
  }
  return padded;
}

/** Area and volume from how often each case occurs and where. */
function measure(count: Float64Array, place: Float64Array, [sx, sy, sz]: Triple, closed: boolean): { area: number; volume: number } {
  const known = cases[closed ? 1 : 0];
  let area = 0;
  let volume = 0;
  for (let code = 1; code < 255; code++) {
    const n = count[code];
    if (n === 0) continue;
    const { triangles, sign } = (known[code] ??= cubeCase(code, closed));
    for (let k = 0; k < triangles.length; k += 9) {
      const ax = triangles[k] * sx / 2, ay = triangles[k + 1] * sy / 2, az = triangles[k + 2] * sz / 2;
      const bx = triangles[k + 3] * sx / 2, by = triangles[k + 4] * sy / 2, bz = triangles[k + 5] * sz / 2;
      const cx = triangles[k + 6] * sx / 2, cy = triangles[k + 7] * sy / 2, cz = triangles[k + 8] * sz / 2;
      // twice the area vector, (b − a) × (c − a)
      const nx = (by - ay) * (cz - az) - (bz - az) * (cy - ay);
      const ny = (bz - az) * (cx - ax) - (bx - ax) * (cz - az);
      const nz = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
      area += n * Math.sqrt(nx * nx + ny * ny + nz * nz) / 2;
      const drift = nx * (n * ax + sx * place[3 * code]) + ny * (n * ay + sy * place[3 * code + 1]) + nz * (n * az + sz * place[3 * code + 2]);
      volume += sign * drift / 6;
    }
  }
  return { area, volume };
}
