import { boundingBox, type Triple, type Volume } from "../../image/index.js";
import { positions, statistics } from "../../prepare/index.js";

/** Image and masks after one step of processing. */
export type Stage = {
  image: Volume;
  /** 1 inside: the region whose intensities count */
  intensityMask: Uint8Array;
  /** 1 inside: the region as delineated */
  morphologicalMask: Uint8Array;
};

/**
 * Dimensions, spacing, voxel counts and intensities of the image (before and after interpolation) and of the masks (before and
 * after interpolation, after re-segmentation), under the tags of IBSI's reference tables: `img_dim_x_init_img`,
 * `int_mask_vox_count_reseg_roi` … What one step leaves as it was is not looked at again.
 */
export function diagnosticsOf(initial: Stage, interpolated: Stage, resegmented: Stage): Record<string, number> {
  const values: Record<string, number> = {};
  let image: Record<string, number> = {};
  let region: Record<string, number> = {};
  for (const [step, stage, before] of [["init", initial], ["interp", interpolated, initial], ["reseg", resegmented, interpolated]] as const) {
    if (stage.image !== before?.image) image = imageNumbers(stage.image);
    if (stage.image !== before?.image || stage.intensityMask !== before.intensityMask) region = regionNumbers(stage, region, before);
    if (step !== "reseg") named(values, image, `${step}_img`);
    named(values, region, `${step}_roi`);
  }
  return values;
}

function named(values: Record<string, number>, numbers: Record<string, number>, suffix: string): void {
  for (const name in numbers) values[`${name}_${suffix}`] = numbers[name];
}

function imageNumbers({ size, spacing, data }: Volume): Record<string, number> {
  const { mean, minimum, maximum } = statistics(data);
  return { ...along("img_dim", size), ...along("vox_dim", spacing), mean_int: mean, min_int: minimum, max_int: maximum };
}

/** `known`: the numbers before this step, of use where the morphological mask is still the same. */
function regionNumbers({ image: { size, data }, intensityMask, morphologicalMask }: Stage, known: Record<string, number>, before?: Stage): Record<string, number> {
  const index = positions(intensityMask);
  const box = boundingBox(intensityMask, size).size;
  const { mean, minimum, maximum } = statistics(data, index);
  const morphological = morphologicalMask === intensityMask ? { ...along("morph_mask_bb_dim", box), morph_mask_vox_count: index.length }
    : morphologicalMask === before?.morphologicalMask ? Object.fromEntries(Object.entries(known).filter(([name]) => name.startsWith("morph_mask")))
    : { ...along("morph_mask_bb_dim", boundingBox(morphologicalMask, size).size), morph_mask_vox_count: positions(morphologicalMask).length };
  return {
    ...along("int_mask_dim", size), ...along("int_mask_bb_dim", box), ...morphological, int_mask_vox_count: index.length,
    int_mask_mean_int: mean, int_mask_min_int: minimum, int_mask_max_int: maximum,
  };
}

function along(what: string, xyz: Triple): Record<string, number> {
  return { [`${what}_x`]: xyz[0], [`${what}_y`]: xyz[1], [`${what}_z`]: xyz[2] };
}
