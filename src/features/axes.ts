import type { Triple } from "../image/index.js";
import { symmetricEigen, type SymmetricEigen } from "../math/index.js";

/** Variances of the voxel centres along the principal axes, mm², descending, with the axes' directions (x, y, z). */
export type PrincipalAxes = SymmetricEigen & {
  /** mean voxel centre, in voxels of the box */
  centre: Triple;
};

/**
 * Principal axes of a region: eigenvalues of the covariance of its voxel centres in mm, divided by the number of voxels.
 * Sums are whole numbers about the box centre, so that nothing is lost to rounding.
 */
export function principalAxes(index: Int32Array, [nx, ny, nz]: Triple, spacing: Triple): PrincipalAxes {
  const [mx, my, mz] = [nx >> 1, ny >> 1, nz >> 1];
  let x1 = 0, y1 = 0, z1 = 0, xx = 0, xy = 0, xz = 0, yy = 0, yz = 0, zz = 0;
  for (let i = 0, row = -1, rowEnd = 0, y = 0, z = 0; i < index.length; i++) {
    const k = index[i];
    if (k >= rowEnd) {
      row = (k / nx) | 0;
      rowEnd = (row + 1) * nx;
      z = ((row / ny) | 0);
      y = row - z * ny - my;
      z -= mz;
    }
    const x = k - row * nx - mx;
    x1 += x; y1 += y; z1 += z;
    xx += x * x; xy += x * y; xz += x * z;
    yy += y * y; yz += y * z; zz += z * z;
  }
  const n = index.length;
  const [sx, sy, sz] = spacing;
  const moment = (product: number, a: number, b: number, sa: number, sb: number) => (product - a * b / n) / n * (sa * sb);
  // axes in the order z, y, x, as the covariance of array coordinates has them
  const cxy = moment(xy, x1, y1, sx, sy), cxz = moment(xz, x1, z1, sx, sz), cyz = moment(yz, y1, z1, sy, sz);
  const { values, vectors } = symmetricEigen([
    moment(zz, z1, z1, sz, sz), cyz, cxz,
    cyz, moment(yy, y1, y1, sy, sy), cxy,
    cxz, cxy, moment(xx, x1, x1, sx, sx),
  ], 3);
  // centres on one line or plane: what is left beside zero is rounding
  for (let k = 1; k < 3; k++) if (values[k] < 1e-14 * values[0]) values[k] = 0;
  return { values, vectors: vectors.map((v) => v.reverse()), centre: [x1 / n + mx, y1 / n + my, z1 / n + mz] };
}
