import { hypot, InputError } from "../math/index.js";
import { grid } from "./grid.js";
import type { Grid, Triple } from "./volume.js";

/** The fields of a NIfTI header that place the voxels. */
export type NiftiPlace = {
  qform: number;
  sform: number;
  /** quaternion b, c, d and offset x, y, z */
  q: number[];
  /** sform, 3 × 4, row by row */
  s: number[];
  pixdim: number[];
  /** mm per unit of length */
  milli: number;
};

/** Cosines (or spacings, offsets) that differ by no more than this are the same for ITK. */
const similar = 1e-4;

/**
 * Grid of a NIfTI file, chosen as ITK 5 (SimpleITK 2) does, RAS turned to LPS:
 * - spacing is pixdim, whatever the matrix; where pixdim is 0 it is the matrix' own;
 * - the sform counts if its axes are at right angles and it is the only form, or its code is 1 (scanner), or it agrees
 *   with the qform within 1e-4; otherwise the qform counts; without a qform an sform that is sheared is refused;
 * - without any form the origin is 0 and the directions are the LPS axes.
 */
export function niftiGrid(size: Triple, { qform, sform, q, s, pixdim, milli }: NiftiPlace, who: string): Grid {
  const sheared = sform > 0 && !orthogonal(s);
  const quaternion = qform > 0 ? fromQuaternion(q, pixdim) : undefined;
  let affine = quaternion;
  if (sform > 0 && !sheared && (quaternion === undefined || sform === 1 || alike(s, quaternion))) affine = s;
  if (affine === undefined && sheared) {
    throw new InputError(`${who}: the axes of its sform are not at right angles (${s.filter((_, k) => k % 4 < 3).join(", ")}) and it has no qform; ` +
      `resample it to a grid without shear.`);
  }
  const norms = [0, 1, 2].map((c) => (affine === undefined ? 0 : hypot(affine[c], affine[4 + c], affine[8 + c])));
  const spacing = norms.map((norm, c) => milli * (Math.abs(pixdim[c + 1]) || (size[c] === 1 ? norm || 1 : norm)));
  if (affine === undefined) return grid(size, spacing, [0, 0, 0], [1, 0, 0, 0, 1, 0, 0, 0, 1], who);
  const a = affine;
  const lps = [-1, -1, 1];
  const direction = lps.flatMap((sign, r) => norms.map((norm, c) => (sign * a[4 * r + c]) / norm));
  return grid(size, spacing, lps.map((sign, r) => sign * a[4 * r + 3] * milli), direction, who);
}

function orthogonal(a: readonly number[]): boolean {
  const axes = [0, 1, 2].map((c) => {
    const norm = hypot(a[c], a[4 + c], a[8 + c]);
    return [a[c] / norm, a[4 + c] / norm, a[8 + c] / norm];
  });
  const dot = (p: number[], r: number[]) => p[0] * r[0] + p[1] * r[1] + p[2] * r[2];
  return [[0, 1], [0, 2], [1, 2]].every(([i, j]) => Math.abs(dot(axes[i], axes[j])) <= similar);
}

const alike = (a: readonly number[], b: readonly number[]): boolean => a.every((x, k) => Math.abs(x - b[k]) <= similar);

/** Method 2 of nifti1.h: unit quaternion (b, c, d), offset, and pixdim[0] = ±1 as the handedness; single precision as there. */
function fromQuaternion([b, c, d, x, y, z]: number[], pixdim: number[]): number[] {
  const rest = 1 - (b * b + c * c + d * d);
  const scale = rest < 1e-7 ? 1 / Math.sqrt(b * b + c * c + d * d) : 1;
  const a = rest < 1e-7 ? 0 : Math.sqrt(rest);
  [b, c, d] = [b * scale, c * scale, d * scale];
  const [i, j, k] = pixdim.slice(1, 4).map((p) => Math.abs(p) || 1);
  const h = k * (pixdim[0] < 0 ? -1 : 1);
  return [
    (a * a + b * b - c * c - d * d) * i, 2 * (b * c - a * d) * j, 2 * (b * d + a * c) * h, x,
    2 * (b * c + a * d) * i, (a * a + c * c - b * b - d * d) * j, 2 * (c * d - a * b) * h, y,
    2 * (b * d - a * c) * i, 2 * (c * d + a * b) * j, (a * a + d * d - c * c - b * b) * h, z,
  ].map(Math.fround);
}
