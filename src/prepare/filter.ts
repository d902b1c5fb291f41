import type { Box, Volume } from "../image/index.js";

/** Settings that filters read, under PyRadiomics' own names; each image type may override them. */
export type FilterOptions = {
  force2D: boolean;
  /** 0: z, 1: y, 2: x (PyRadiomics counts array axes) */
  force2Ddimension: number;
  /** mm, LoG */
  sigma: number[];
  wavelet: string;
  start_level: number;
  level: number;
  gradientUseSpacing: boolean;
  lbp2DRadius: number;
  lbp2DSamples: number;
  lbp2DMethod: string;
  lbp3DLevels: number;
  lbp3DIcosphereRadius: number;
  lbp3DIcosphereSubdivision: number;
};

/** A derived image on exactly the box asked for, or a note why there is none. */
export type FilteredImage = { name: string; image: Volume } | { name: string; note: string };

/**
 * An image type: one filter may give several images (eight wavelet bands).
 * It sees the whole volume and returns only `box`, equal there to filtering the whole.
 */
export type Filter = {
  /** as in `imageType:` of a parameter file */
  imageType: string;
  /** options it takes beyond FilterOptions, under which a parameter file may give them */
  optionNames?: readonly string[];
  apply(volume: Volume, box: Box, options: FilterOptions): Iterable<FilteredImage>;
};
