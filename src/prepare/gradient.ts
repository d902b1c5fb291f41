import { checkBox, cropGrid } from "../image/index.js";
import type { Filter } from "./filter.js";

/**
 * Magnitude of the gradient: √ Σ ((x₊ − x₋) / (2 · spacing))² over the axes, edge voxels repeated outside the image.
 * Without `gradientUseSpacing` the spacing counts as 1. float32, from float64 sums. Agrees with ITK GradientMagnitude.
 */
export const gradient: Filter = {
  imageType: "Gradient",
  *apply(volume, box, { gradientUseSpacing }) {
    checkBox(volume, box);
    const { data: source, size } = volume;
    const [nx, ny, nz] = size;
    const [bx, by, bz] = box.size;
    const [sx, sy, sz] = gradientUseSpacing ? volume.spacing : [1, 1, 1];
    const [cx, cy, cz] = [0.5 / sx, 0.5 / sy, 0.5 / sz];
    const data = new Float32Array(bx * by * bz);
    for (let z = box.lower[2], to = 0; z < box.lower[2] + bz; z++) {
      const below = (Math.max(z - 1, 0) - z) * ny * nx;
      const above = (Math.min(z + 1, nz - 1) - z) * ny * nx;
      for (let y = box.lower[1]; y < box.lower[1] + by; y++) {
        const front = (Math.max(y - 1, 0) - y) * nx;
        const back = (Math.min(y + 1, ny - 1) - y) * nx;
        const row = (z * ny + y) * nx;
        for (let x = box.lower[0]; x < box.lower[0] + bx; x++, to++) {
          const p = row + x;
          const gx = source[x < nx - 1 ? p + 1 : p] * cx - source[x > 0 ? p - 1 : p] * cx;
          const gy = source[p + back] * cy - source[p + front] * cy;
          const gz = source[p + above] * cz - source[p + below] * cz;
          data[to] = Math.sqrt(gx * gx + gy * gy + gz * gz);
        }
      }
    }
    yield { name: "gradient", image: { ...cropGrid(volume, box), data } };
  },
};
