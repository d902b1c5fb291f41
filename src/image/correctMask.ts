import { InputError } from "../math/index.js";
import { elementOf, zeros } from "./elements.js";
import { gridOnly } from "./grid.js";
import { describeGrid, indexToWorld, inverted, worldToIndex } from "./geometry.js";
import { boundingBox, labelsIn } from "./mask.js";
import type { Grid, Mask, Triple } from "./volume.js";

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
  requireInside(mask, image, label, who);
  const data = zeros(elementOf(mask.data), image.size[0] * image.size[1] * image.size[2]);
  const [nx, ny] = image.size;
  const [mx, my, mz] = mask.size;

  // mask index = step · image index + start
  const start = worldToIndex(mask, image.origin);
  const back = inverted(mask.direction);
  const step = [0, 1, 2].map((r) => [0, 1, 2].map((c) => {
    let cosine = 0;
    for (let k = 0; k < 3; k++) cosine += back[3 * r + k] * image.direction[3 * k + c];
    return (cosine * image.spacing[c]) / mask.spacing[r];
  }));

  const { lower, upper } = reach(mask, image);
  for (let z = lower[2]; z <= upper[2]; z++) {
    for (let y = lower[1]; y <= upper[1]; y++) {
      const row = (z * ny + y) * nx;
      const [px, py, pz] = step.map((s, r) => start[r] + s[1] * y + s[2] * z);
      for (let x = lower[0]; x <= upper[0]; x++) {
        const i = Math.floor(px + step[0][0] * x + 0.5);
        if (i < 0 || i >= mx) continue;
        const j = Math.floor(py + step[1][0] * x + 0.5);
        if (j < 0 || j >= my) continue;
        const k = Math.floor(pz + step[2][0] * x + 0.5);
        if (k < 0 || k >= mz) continue;
        data[row + x] = mask.data[(k * my + j) * mx + i];
      }
    }
  }
  return { ...gridOnly(image), data };
}

/** Image voxels that can take a label: those around the box of the labels. */
function reach(mask: Mask, image: Grid): { lower: Triple; upper: Triple } {
  const box = boundingBox(mask.data, mask.size);
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

function requireInside(mask: Mask, image: Grid, label: number | undefined, who: string): void {
  const [nx, ny] = mask.size;
  const { lower, size } = boundingBox(mask.data, mask.size);
  const inverse = inverted(image.direction);
  const s = mask.spacing;
  let lost = 0;
  let all = 0;
  for (let z = lower[2]; z < lower[2] + size[2]; z++) {
    for (let y = lower[1]; y < lower[1] + size[1]; y++) {
      for (let x = lower[0]; x < lower[0] + size[0]; x++) {
        const value = mask.data[(z * ny + y) * nx + x];
        if (label === undefined ? value === 0 || Number.isNaN(value) : value !== label) continue;
        all++;
        const d = mask.direction;
        const p = [0, 1, 2].map((r) => mask.origin[r] - image.origin[r] + d[3 * r] * s[0] * x + d[3 * r + 1] * s[1] * y + d[3 * r + 2] * s[2] * z);
        for (let r = 0; r < 3; r++) {
          const at = (inverse[3 * r] * p[0] + inverse[3 * r + 1] * p[1] + inverse[3 * r + 2] * p[2]) / image.spacing[r];
          if (at < -0.5 - outside || at > image.size[r] - 0.5 + outside) {
            lost++;
            break;
          }
        }
      }
    }
  }
  if (lost > 0) {
    throw new InputError(`${who}: ${lost.toLocaleString("en")} of the ${all.toLocaleString("en")} voxels of the region ` +
      `(${label === undefined ? `labels ${labelsIn(mask).slice(0, 5).map((l) => l.label).join(", ")}` : `label ${label}`}) lie outside the image ` +
      `(mask ${describeGrid(mask)}, image ${describeGrid(image)}), so the mask cannot be brought onto it; check that they belong together.`);
  }
}
