import { InputError } from "../math/index.js";
import { metaImage } from "./metaImage.js";
import { nifti } from "./nifti.js";
import { nrrd } from "./nrrd.js";
import { jpeg, png } from "./raster.js";
import type { Image, NamedBytes } from "./volume.js";

/** Adding a format is one file and one line in `readers`. */
export type Reader = {
  name: string;
  /** by magic bytes first, by file name where the format has no magic */
  fits(head: Uint8Array, name: string): boolean;
  /** names of further files that belong to this one (detached data), those that may not exist included; [] where it stands alone */
  companions?(head: NamedBytes): string[];
  /** the file that fits comes first, its companions after it */
  read(files: NamedBytes[]): Promise<Image>;
};

/** Every format that can be read. The first that fits reads. */
export const readers: readonly Reader[] = [nrrd, nifti, metaImage, png, jpeg];

/**
 * Reads one image from its file or files (header and detached data, in any order).
 *
 * @throws InputError where no reader knows the file, or the file is damaged
 */
export async function readImage(files: NamedBytes[]): Promise<Image> {
  for (const file of files) {
    const reader = readerOf(file);
    if (reader !== undefined) return reader.read([file, ...files.filter((other) => other !== file)]);
  }
  const name = files.map((file) => file.name).join(", ") || "(no file)";
  const empty = files.length === 1 && files[0].bytes.length === 0;
  throw new InputError(`${name}: ${empty ? "is empty" : "is in no format that is known here"}; expected one of ` +
    `${readers.map((reader) => reader.name).join(", ")}.`);
}

/** Names of the further files that `readImage` wants beside this one where they exist, relative to its folder. */
export function companions(file: NamedBytes): string[] {
  return readerOf(file)?.companions?.(file) ?? [];
}

function readerOf(file: NamedBytes): Reader | undefined {
  return readers.find((reader) => reader.fits(file.bytes, file.name));
}
