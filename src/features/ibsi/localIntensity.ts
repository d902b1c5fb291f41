import type { Volume } from "../../image/index.js";
import type { IbsiFeatures } from "./feature.js";

/** Mean intensity of the 1 cm³ spheres around a region's voxels. */
export type Peaks = {
  /** around the brightest voxel; of several equally bright ones the highest */
  local: number;
  /** the highest anywhere in the region */
  global: number;
};

/** Radius of the sphere in mm, as IBSI prints it: (3 / 4π)^⅓ cm ≈ 6.2 mm. */
export const peakRadius = 6.2;

/**
 * Local intensity peaks. A sphere holds the voxels whose centres lie within 6.2 mm, inside the region or not, as far as the
 * image reaches; rows of it are summed at once from running sums along x.
 *
 * @param inside  positions of the region's voxels in the image, ascending
 */
export function intensityPeaks(image: Volume, inside: Int32Array): Peaks {
  const [nx, ny, nz] = image.size;
  const rows = sphereRows(image.spacing);
  const slab = nx * ny;
  // running sums of the rows of voxels that spheres touch, nx + 1 numbers each, made when first needed
  const reach = Math.floor(peakRadius / image.spacing[2]);
  const first = Math.max(Math.floor(inside[0] / slab) - reach, 0);
  const last = Math.min(Math.floor(inside[inside.length - 1] / slab) + reach, nz - 1);
  const running: (Float64Array | undefined)[] = Array.from({ length: (last - first + 1) * ny });
  let brightest = -Infinity;
  let local = NaN;
  let global = NaN;
  for (let k = 0; k < inside.length; k++) {
    const at = inside[k];
    const x = at % nx;
    const y = ((at - x) / nx) % ny;
    const z = Math.floor(at / slab);
    let sum = 0;
    let n = 0;
    for (let r = 0; r < rows.length; r++) {
      const { dy, dz, half } = rows[r];
      const yy = y + dy;
      const zz = z + dz;
      if (yy < 0 || yy >= ny || zz < 0 || zz >= nz) continue;
      const row = (running[(zz - first) * ny + yy] ??= runningSum(image, (zz * ny + yy) * nx));
      const from = x - half < 0 ? 0 : x - half;
      const to = x + half >= nx ? nx : x + half + 1;
      sum += row[to] - row[from];
      n += to - from;
    }
    const peak = sum / n;
    if (!(peak <= global)) global = peak;
    const value = image.data[at];
    if (value > brightest || (value === brightest && peak > local)) {
      brightest = value;
      local = peak;
    }
  }
  return { local, global };
}

function runningSum({ data, size: [nx] }: Volume, start: number): Float64Array {
  const sum = new Float64Array(nx + 1);
  for (let x = 0; x < nx; x++) sum[x + 1] = sum[x] + data[start + x];
  return sum;
}

/** The sphere as rows along x: offset in y and z, and how many voxels it reaches to either side. */
function sphereRows([sx, sy, sz]: number[]): { dy: number; dz: number; half: number }[] {
  const rows: { dy: number; dz: number; half: number }[] = [];
  const ry = Math.floor(peakRadius / sy);
  const rz = Math.floor(peakRadius / sz);
  for (let dz = -rz; dz <= rz; dz++) {
    for (let dy = -ry; dy <= ry; dy++) {
      const left = peakRadius * peakRadius - dy * sy * (dy * sy) - dz * sz * (dz * sz);
      if (left >= 0) rows.push({ dy, dz, half: Math.floor(Math.sqrt(left) / sx) });
    }
  }
  return rows;
}

/** Local intensity (IBSI 9ST6). */
export const localIntensity: IbsiFeatures<Peaks> = {
  peak_loc: { name: "Local intensity peak", ibsi: "VJGA", unit: "I", of: (p) => p.local },
  peak_glob: { name: "Global intensity peak", ibsi: "0F91", unit: "I", of: (p) => p.global },
};
