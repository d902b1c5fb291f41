import { symmetricEigen } from "../../math/index.js";
import { ellipsoid, type Solid } from "./enclosing.js";

/**
 * Ellipsoid of least volume around points, by Khachiyan's algorithm (Math Oper Res 1996;21:307) in the form of Todd & Yıldırım
 * (Discrete Appl Math 2007;155:1731, with away steps), until all points lie within 1 + tolerance of it; then grown to hold them.
 *
 * @param points x, y, z, not all in one plane
 */
export function enclosingEllipsoid(points: Float64Array, tolerance = 1e-4, most = 20_000): Solid {
  const n = points.length / 3;
  const d = 3;
  const weight = new Float64Array(n).fill(1 / n);
  let inverse: number[] = [];
  let farthest = Infinity;
  for (let step = 0; step < most; step++) {
    inverse = inverted(moments(points, weight));
    let out = 0, far = -Infinity, back = -1, near = Infinity;
    for (let k = 0; k < n; k++) {
      const m = form(inverse, points[3 * k], points[3 * k + 1], points[3 * k + 2]);
      if (m > far) { far = m; out = k; }
      if (weight[k] > 1e-12 && m < near) { near = m; back = k; }
    }
    farthest = far;
    const ahead = far / (d + 1) - 1;
    if (ahead <= tolerance) break;
    const behind = 1 - near / (d + 1);
    const [k, m] = ahead >= behind ? [out, far] : [back, near];
    let by = (m - d - 1) / ((d + 1) * (m - 1));
    if (ahead < behind) by = Math.max(by, -weight[k] / (1 - weight[k]));
    for (let j = 0; j < n; j++) weight[j] *= 1 - by;
    weight[k] += by;
  }
  // covariance of the weighted points; {x : (x − c)ᵀ S⁻¹ (x − c) <= farthest − 1} holds every point
  const s = moments(points, weight);
  const [cx, cy, cz] = [s[3], s[7], s[11]];
  const { values } = symmetricEigen([
    s[0] - cx * cx, s[1] - cx * cy, s[2] - cx * cz,
    s[4] - cy * cx, s[5] - cy * cy, s[6] - cy * cz,
    s[8] - cz * cx, s[9] - cz * cy, s[10] - cz * cz,
  ], 3);
  const [a, b, c] = [...values].map((v) => Math.sqrt(v * (farthest - 1)));
  return ellipsoid(a, b, c);
}

/** Σ weight · q qᵀ with q = (x, y, z, 1): 4 × 4, row by row. */
function moments(points: Float64Array, weight: Float64Array): number[] {
  let xx = 0, xy = 0, xz = 0, x1 = 0, yy = 0, yz = 0, y1 = 0, zz = 0, z1 = 0;
  for (let k = 0; k < weight.length; k++) {
    const w = weight[k];
    const x = points[3 * k], y = points[3 * k + 1], z = points[3 * k + 2];
    xx += w * x * x; xy += w * x * y; xz += w * x * z; x1 += w * x;
    yy += w * y * y; yz += w * y * z; y1 += w * y;
    zz += w * z * z; z1 += w * z;
  }
  return [xx, xy, xz, x1, xy, yy, yz, y1, xz, yz, zz, z1, x1, y1, z1, 1];
}

function form(m: number[], x: number, y: number, z: number): number {
  return x * (m[0] * x + 2 * (m[1] * y + m[2] * z + m[3])) + y * (m[5] * y + 2 * (m[6] * z + m[7])) + z * (m[10] * z + 2 * m[11]) + m[15];
}

/** Inverse of a positive definite 4 × 4 matrix by Gauss–Jordan elimination. */
function inverted(m: number[]): number[] {
  const a = m.slice();
  const b = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  for (let p = 0; p < 4; p++) {
    const pivot = a[5 * p];
    for (let c = 0; c < 4; c++) { a[4 * p + c] /= pivot; b[4 * p + c] /= pivot; }
    for (let r = 0; r < 4; r++) {
      if (r === p) continue;
      const factor = a[4 * r + p];
      for (let c = 0; c < 4; c++) { a[4 * r + c] -= factor * a[4 * p + c]; b[4 * r + c] -= factor * b[4 * p + c]; }
    }
  }
  return b;
}
