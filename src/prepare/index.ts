export * from "./filter.js";
export * from "./waveletCoefficients.js";
export * from "./filters.js";
export * from "./bins.js";
export * from "./statistics.js";
export * from "./quantiles.js";
export {
  applyZScore, clipRange, extremes, normalizeImage, percentileRange, rescale, wholeBox, zScore,
  type IntensityRange, type ZScore, type ZScoreOptions,
} from "./normalize.js";
export * from "./resegment.js";
export { interpolatorOf, interpolators, type Interpolator } from "./interpolators.js";
export { resampledGrid, resampleImage, type ResampleOptions } from "./resample.js";
export * from "./ibsi/index.js";
export * from "./smooth.js";
export * from "./resampleIbsi.js";
export * from "./histogram.js";
