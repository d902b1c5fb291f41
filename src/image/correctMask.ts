import { InputError } from "../math/index.js";
import { elementOf, zeros } from "./elements.js";
import { describeGrid, indexToWorld, inverted, worldToIndex } from "./geometry.js";
import { gridOnly } from "./grid.js";
import { boundingBox, labelsIn } from "./mask.js";
import type { Box, Grid, Mask, Triple } from "./volume.js";

/** How far past the outer face of the image a mask voxel's centre may lie, in voxels: rounding, as in PyRadiomics. */
const outside = 1e-3;

/**
 * The mask on the grid of the image: every image voxel takes the label of the nearest mask voxel, and 0 outside the mask.
 * Equals PyRadiomics' correctMask (SimpleITK Resample, nearest neighbour; a tie goes to the higher index).
 *
 * @param label only this label is looked at when it is checked that the region lies inside the image; default all labels
 * @param who   the mask (or the patient), for the error: part of the region lies outside the image
 */
export function correctMask(mask: Mask, image: Grid, label?: number, who = "The mask"): Mask {
  const box = boundingBox(mask.data, mask.size);
  requireInside(mask, box, image, label, who);
  const data = zeros(elementOf(mask.data), image.size[0] * image.size[1] * image.size[2]);
  const [nx, ny] = image.size;
  const [mx, my, mz] = mask.size;
  const m = indexToIndex(image, mask);
  const { lower, upper } = reach(mask, box, image);
  for (let z = lower[2]; z <= upper[2]; z++) {
    for (let y = lower[1]; y <= upper[1]; y++) {
      const row = (z * ny + y) * nx;
      // half a voxel on, so that rounding down finds the nearest
      const px = m[1] * y + m[2] * z + m[3] + 0.5;
      const py = m[5] * y + m[6] * z + m[7] + 0.5;
      const pz = m[9] * y + m[10] * z + m[11] + 0.5;
      for (let x = lower[0]; x <= upper[0]; x++) {
        const i = Math.floor(px + m[0] * x);
        const j = Math.floor(py + m[4] * x);
        const k = Math.floor(pz + m[8] * x);
        if (i >= 0 && i < mx && j >= 0 && j < my && k >= 0 && k < mz) data[row + x] = mask.data[(k * my + j) * mx + i];
      }
    }
  }
  return { ...gridOnly(image), data };
}

/** 3 × 4 matrix, row by row, that turns an index of one grid into that of another at the same place. */
function indexToIndex(from: Grid, to: Grid): number[] {
  const back = inverted(to.direction);
  const start = worldToIndex(to, from.origin);
  return [0, 1, 2].flatMap((r) => [0, 1, 2].map((c) => {
    let cosine = 0;
    for (let k = 0; k < 3; k++) cosine += back[3 * r + k] * from.direction[3 * k + c];
    return (cosine * from.spacing[c]) / to.spacing[r];
  }).concat(start[r]));
}

/** Image voxels that can take a label: those around the box of the labels. */
function reach(mask: Grid, box: Box, image: Grid): { lower: Triple; upper: Triple } {
  const lower: Triple = [Infinity, Infinity, Infinity];
  const upper: Triple = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const index = box.lower.map((l, k) => ((corner >> k) & 1 ? l + box.size[k] : l - 1));
    worldToIndex(image, indexToWorld(mask, index)).forEach((p, k) => {
      lower[k] = Math.min(lower[k], Math.max(0, Math.floor(p)));
      upper[k] = Math.max(upper[k], Math.min(image.size[k] - 1, Math.ceil(p)));
    });
  }
  return { lower, upper };
}

function requireInside(mask: Mask, { lower, size }: Box, image: Grid, label: number | undefined, who: string): void {
  const [nx, ny] = mask.size;
  const m = indexToIndex(mask, image);
  const least = -0.5 - outside;
  const most = image.size.map((n) => n - 0.5 + outside);
  let lost = 0;
  let all = 0;
  for (let z = lower[2]; z < lower[2] + size[2]; z++) {
    for (let y = lower[1]; y < lower[1] + size[1]; y++) {
      for (let x = lower[0]; x < lower[0] + size[0]; x++) {
        const value = mask.data[(z * ny + y) * nx + x];
        if (label === undefined ? value === 0 || Number.isNaN(value) : value !== label) continue;
        all++;
        const p = m[0] * x + m[1] * y + m[2] * z + m[3];
        const q = m[4] * x + m[5] * y + m[6] * z + m[7];
        const r = m[8] * x + m[9] * y + m[10] * z + m[11];
        if (p < least || p > most[0] || q < least || q > most[1] || r < least || r > most[2]) lost++;
      }
    }
  }
  if (lost === 0) return;
  const region = label === undefined ? `labels ${labelsIn(mask).slice(0, 5).map((l) => l.label).join(", ")}` : `label ${label}`;
  throw new InputError(`${who}: ${lost.toLocaleString("en")} of the ${all.toLocaleString("en")} voxels of the region (${region}) lie outside the image ` +
    `(mask ${describeGrid(mask)}, image ${describeGrid(image)}), so the mask cannot be brought onto it; check that they belong together.`);
}
