import { boundingBox, type Volume } from "../../image/index.js";

/** Image and masks after one step of processing. */
export type Stage = {
  image: Volume;
  /** 1 inside: the region whose intensities count */
  intensityMask: Uint8Array;
  /** 1 inside: the region as delineated */
  morphologicalMask: Uint8Array;
};

/** Dimensions, voxel spacing and intensities of the image, under IBSI's diagnostic tags: `img_dim_x_init_img` … */
export function imageDiagnostics({ size, spacing, data }: Volume, step: "init" | "interp"): Record<string, number> {
  const { mean, min, max } = intensities(data);
  return {
    ...along("img_dim", size, `${step}_img`), ...along("vox_dim", spacing, `${step}_img`),
    [`mean_int_${step}_img`]: mean, [`min_int_${step}_img`]: min, [`max_int_${step}_img`]: max,
  };
}

/** Dimensions, bounding boxes, voxel counts and intensities of the masks: `int_mask_dim_x_init_roi` … */
export function regionDiagnostics(stage: Stage, step: "init" | "interp" | "reseg"): Record<string, number> {
  const { image: { size, data }, intensityMask, morphologicalMask } = stage;
  const suffix = `${step}_roi`;
  const { mean, min, max } = intensities(data, intensityMask);
  return {
    ...along("int_mask_dim", size, suffix),
    ...along("int_mask_bb_dim", boundingBox(intensityMask, size).size, suffix),
    ...along("morph_mask_bb_dim", boundingBox(morphologicalMask, size).size, suffix),
    [`int_mask_vox_count_${suffix}`]: voxels(intensityMask), [`morph_mask_vox_count_${suffix}`]: voxels(morphologicalMask),
    [`int_mask_mean_int_${suffix}`]: mean, [`int_mask_min_int_${suffix}`]: min, [`int_mask_max_int_${suffix}`]: max,
  };
}

function along(what: string, xyz: readonly number[], suffix: string): Record<string, number> {
  return Object.fromEntries(["x", "y", "z"].map((axis, k) => [`${what}_${axis}_${suffix}`, xyz[k]]));
}

export function voxels(mask: Uint8Array): number {
  let n = 0;
  for (let i = 0; i < mask.length; i++) n += mask[i];
  return n;
}

function intensities(data: Volume["data"], mask?: Uint8Array): { mean: number; min: number; max: number } {
  let sum = 0;
  let n = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < data.length; i++) {
    if (mask !== undefined && mask[i] === 0) continue;
    const x = data[i];
    sum += x;
    n++;
    if (x < min) min = x;
    if (x > max) max = x;
  }
  return n === 0 ? { mean: NaN, min: NaN, max: NaN } : { mean: sum / n, min, max };
}
