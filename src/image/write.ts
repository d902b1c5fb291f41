import { InputError } from "../math/index.js";
import type { Image, Volume } from "./volume.js";
import { metaImageBytes } from "./writeMetaImage.js";
import { niftiBytes } from "./writeNifti.js";
import { nrrdBytes } from "./writeNrrd.js";

/**
 * The bytes of an image file; the extension of `name` picks the format: .nrrd, .nii, .nii.gz or .mha.
 * NRRD and MetaImage are packed unless `packed` is false; they keep every number (the directions of an oblique NRRD grid may
 * change in the last digit). NIfTI-1 keeps voxels exactly but spacing, origin and directions in single precision only.
 */
export async function encodeImage(image: Volume | Image, name: string, packed = true): Promise<Uint8Array> {
  const whole: Image = { frames: 1, components: 1, dimension: 3, type: "", ...image };
  if (/\.nrrd$/i.test(name)) return nrrdBytes(whole, packed);
  if (/\.nii$/i.test(name)) return niftiBytes(whole, false, name);
  if (/\.nii\.gz$/i.test(name)) return niftiBytes(whole, true, name);
  if (/\.mha$/i.test(name)) return metaImageBytes(whole, packed);
  throw new InputError(`${name}: no image format goes by this ending; expected .nrrd, .nii, .nii.gz or .mha.`);
}
