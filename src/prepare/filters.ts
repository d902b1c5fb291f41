import { crop } from "../image/index.js";
import type { Filter } from "./filter.js";
import { gradient } from "./gradient.js";
import { ibsiFilters } from "./ibsi/filters.js";
import { laplacianOfGaussian } from "./laplacianOfGaussian.js";
import { localBinaryPattern2D } from "./localBinaryPattern2D.js";
import { localBinaryPattern3D } from "./localBinaryPattern3D.js";
import { exponential, logarithm, square, squareRoot } from "./pointFilters.js";
import { wavelet } from "./wavelet.js";

/** The image itself, in its own number type. */
export const original: Filter = {
  imageType: "Original",
  *apply(volume, box) {
    yield { name: "original", image: crop(volume, box) };
  },
};

/** Every image type. Adding one is one file and one line here. */
export const filters: readonly Filter[] = [
  original,
  wavelet,
  laplacianOfGaussian,
  square,
  squareRoot,
  logarithm,
  exponential,
  gradient,
  localBinaryPattern2D,
  localBinaryPattern3D,
  ...ibsiFilters,
];
