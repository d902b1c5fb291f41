import type { Image, NamedBytes } from "./volume.js";

/** Adding a format is one file and one line in `readers`. */
export type Reader = {
  name: string;
  /** by magic bytes first, by file name where the format has no magic */
  fits(head: Uint8Array, name: string): boolean;
  /** names of further files that belong to this one (detached data); [] where it stands alone */
  companions?(head: NamedBytes): string[];
  read(files: NamedBytes[]): Promise<Image>;
};
