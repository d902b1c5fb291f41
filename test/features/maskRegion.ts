// A region from a mask alone or from image and mask, as the features see it: cropped to its bounding box.
import { boundingBox, crop, type Volume } from "../../src/image/index.js";
import type { Region } from "../../src/features/index.js";

export function regionOf(mask: Volume, label = 1, image?: Volume, keep: (value: number) => boolean = () => true): Region {
  const { data: labels, ...grid } = mask;
  const inside = Uint8Array.from(labels, (l, i) => (l === label && (image === undefined || keep(image.data[i])) ? 1 : 0));
  const box = boundingBox(inside, grid.size);
  const cropped = crop({ ...grid, data: inside }, box);
  const own = cropped.data as Uint8Array;
  const index = Int32Array.from(own.keys()).filter((i) => own[i] === 1);
  return { grid: cropped, values: image === undefined ? own : crop(image, box).data, inside: own, index };
}

/** A mask of 0 and 1 from a rule. */
export function maskWhere(size: [number, number, number], spacing: [number, number, number], rule: (x: number, y: number, z: number) => boolean): Volume {
  const [nx, ny, nz] = size;
  const data = new Uint8Array(nx * ny * nz);
  for (let z = 0, k = 0; z < nz; z++) for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) data[k++] = rule(x, y, z) ? 1 : 0;
  return { size, spacing, origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1], data };
}
