import { InputError } from "../math/index.js";
import { cropped } from "./box.js";
import { elementOf, zeros } from "./elements.js";
import { gridOnly } from "./grid.js";
import { requireSameGrid } from "./geometry.js";
import type { Box, Mask, Triple, Voxels } from "./volume.js";

/** A label and the number of voxels that bear it. */
export type LabelCount = { label: number; voxels: number };

/** Float masks are often a scaled integer; this near to a whole number is that number. */
const roundingLevel = 1e-6;

/** More labels than any mask has: counting stops there. */
const mostLabels = 10_000;

/**
 * Labels of a mask other than 0, ascending, with their number of voxels. NaN is background; float values within 1e-6 of
 * a whole number are that number. Stops at 10,000 different values.
 */
export function labelsIn(mask: { data: Voxels }): LabelCount[] {
  const { data } = mask;
  const counts = new Map<number, number>();
  for (let i = 0; i < data.length && counts.size < mostLabels; ) {
    const value = data[i];
    const from = i++;
    while (i < data.length && data[i] === value) i++;
    if (value === 0 || Number.isNaN(value)) continue;
    const label = whole(value);
    counts.set(label, (counts.get(label) ?? 0) + i - from);
  }
  counts.delete(0);
  return [...counts].map(([label, voxels]) => ({ label, voxels })).sort((a, b) => a.label - b.label);
}

/**
 * The region of one label: 1 where the mask bears it, else 0, one entry per voxel.
 *
 * @param who the mask, for the errors: label absent (they name the labels that are there), no label at all,
 *            fractional values, so many values that it looks like an image
 */
export function selectLabel(mask: Mask, label: number, who = "The mask"): Uint8Array {
  const { data } = mask;
  const inside = new Uint8Array(data.length);
  let found = 0;
  if (data instanceof Float32Array || data instanceof Float64Array) {
    for (let i = 0; i < data.length; i++) {
      const value = data[i];
      if (value === 0) continue;
      const near = whole(value);
      if (near === label) {
        inside[i] = 1;
        found++;
      } else if (!Number.isInteger(near) && !Number.isNaN(near)) throw fractional(mask, near, who);
    }
  } else {
    // indexOf passes over background ten times faster than a loop; from a hit on, a loop goes on for a while
    for (let i = data.indexOf(label); i >= 0; i = data.indexOf(label, i)) {
      for (const stop = Math.min(data.length, i + 256); i < stop; i++) {
        if (data[i] !== label) continue;
        inside[i] = 1;
        found++;
      }
    }
  }
  if (found === 0) throw absent(mask, label, who);
  return inside;
}

/** A region cropped to its own box: `inside` has one entry per voxel of `box`. */
export type BoxedRegion = { box: Box; inside: Uint8Array };

/**
 * The region of one label within the smallest box that holds it: the same as `selectLabel`, `boundingBox` and cropping, with the
 * same errors, without touching the background twice.
 */
export function labelRegion(mask: Mask, label: number, who?: string): BoxedRegion {
  const { data, size } = mask;
  const first = data instanceof Float32Array || data instanceof Float64Array ? -1 : data.indexOf(label);
  if (first < 0) {
    const whole = selectLabel(mask, label, who);
    const box = boundingBox(whole, size);
    return { box, inside: cropped(whole, size, box) };
  }
  const box = boxOf(mask, label, first);
  const [nx, ny] = size;
  const { lower: [x0, y0, z0], size: [bx, by, bz] } = box;
  const inside = new Uint8Array(bx * by * bz);
  for (let z = 0, to = 0; z < bz; z++) {
    for (let y = 0; y < by; y++) {
      const row = ((z0 + z) * ny + y0 + y) * nx + x0;
      for (let x = 0; x < bx; x++) inside[to++] = data[row + x] === label ? 1 : 0;
    }
  }
  return { box, inside };
}

/** Box of a label whose first voxel is given; indexOf leaps over rows without it. */
function boxOf({ data, size: [nx, ny] }: Mask, label: number, first: number): Box {
  const slice = nx * ny;
  let [lx, ly, ux, uy] = [nx, ny, -1, -1];
  const last = data.lastIndexOf(label);
  for (let i = first; i >= 0; ) {
    const row = i - (i % nx);
    const y = (row % slice) / nx;
    if (i - row < lx) lx = i - row;
    const end = data.lastIndexOf(label, row + nx - 1) - row;
    if (end > ux) ux = end;
    if (y < ly) ly = y;
    if (y > uy) uy = y;
    i = row + nx > last ? -1 : data.indexOf(label, row + nx);
  }
  const [lz, uz] = [Math.floor(first / slice), Math.floor(last / slice)];
  return { lower: [lx, ly, lz], size: [ux - lx + 1, uy - ly + 1, uz - lz + 1] };
}

/**
 * The smallest box that holds the region; size 0 × 0 × 0 where it is empty.
 * @param inside not 0 in the region, one entry per voxel of `size`
 */
export function boundingBox(inside: Uint8Array | Voxels, size: Triple): Box {
  const [nx, ny, nz] = size;
  let [lx, ly, lz, ux, uy, uz] = [nx, ny, nz, -1, -1, -1];
  for (let z = 0, row = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, row += nx) {
      let x = 0;
      while (x < nx && inside[row + x] === 0) x++;
      if (x === nx) continue;
      if (x < lx) lx = x;
      x = nx - 1;
      while (inside[row + x] === 0) x--;
      if (x > ux) ux = x;
      if (y < ly) ly = y;
      if (y > uy) uy = y;
      if (z < lz) lz = z;
      uz = z;
    }
  }
  if (uz < 0) return { lower: [0, 0, 0], size: [0, 0, 0] };
  return { lower: [lx, ly, lz], size: [ux - lx + 1, uy - ly + 1, uz - lz + 1] };
}

/**
 * One mask of several files of a patient: a voxel bears the label of the first file that marks it.
 * @throws InputError where they do not share one grid
 */
export function mergeMasks(masks: readonly { mask: Mask; name: string }[]): Mask {
  const [first, ...others] = masks;
  if (first === undefined) throw new InputError("No mask was given; expected at least one mask file.");
  if (others.length === 0) return first.mask;
  for (const other of others) requireSameGrid(first.mask, other.mask, other.name, `mask ${first.name}`);
  const element = elementOf(first.mask.data);
  const alike = others.every(({ mask }) => elementOf(mask.data) === element);
  const data = zeros(alike ? element : "float64", first.mask.data.length);
  data.set(first.mask.data);
  for (const { mask } of others) for (let i = 0; i < data.length; i++) if (data[i] === 0) data[i] = mask.data[i];
  return { ...gridOnly(first.mask), data };
}


function whole(value: number): number {
  const near = Math.round(value);
  return Math.abs(value - near) <= roundingLevel * Math.max(1, Math.abs(near)) ? near : value;
}

function absent(mask: Mask, label: number, who: string): InputError {
  const labels = labelsIn(mask);
  if (labels.length === 0) {
    return new InputError(`${who} is empty: all ${mask.data.length.toLocaleString("en")} voxels are 0, but label ${label} is needed; check that it is the right file.`);
  }
  if (labels.length > 1000) return new InputError(likeAnImage(labels.length, label, who));
  const shown = labels.slice(0, 10).map((l) => `${l.label} (${l.voxels.toLocaleString("en")} voxel${l.voxels === 1 ? "" : "s"})`);
  const more = labels.length > 10 ? ` and ${labels.length - 10} more` : "";
  return new InputError(`${who} does not hold label ${label}; it holds ${shown.join(", ")}${more}. Choose one of these labels.`);
}

function fractional(mask: Mask, value: number, who: string): InputError {
  const labels = labelsIn(mask).length;
  return new InputError(labels > 1000 ? likeAnImage(labels, undefined, who)
    : `${who} holds the value ${value}, but labels are whole numbers; threshold it to 0 and 1 first.`);
}

const likeAnImage = (labels: number, label: number | undefined, who: string): string =>
  `${who} holds ${labels >= mostLabels ? "over 10,000" : labels.toLocaleString("en")} different values` +
  `${label === undefined ? "" : ` and not label ${label}`}, so it looks like an image, not a mask; are image and mask swapped?`;
