import type { FilterOptions } from "../prepare/index.js";

/** Every setting of PyRadiomics 3, under its own name and with its own default. */
export type Settings = FilterOptions & {
  /** the region's label in the mask */
  label: number;
  /** component of a vector mask that holds the labels */
  label_channel: number;
  /** grey levels per bin, in the image's own unit */
  binWidth: number;
  /** number of bins; where given, binWidth is not used */
  binCount: number | null;
  minimumROIDimensions: number;
  minimumROISize: number | null;
  geometryTolerance: number | null;
  correctMask: boolean;
  additionalInfo: boolean;
  normalize: boolean;
  normalizeScale: number;
  /** in standard deviations */
  removeOutliers: number | null;
  /** mm, x y z; 0 keeps an axis */
  resampledPixelSpacing: number[] | null;
  interpolator: string;
  padDistance: number;
  distances: number[];
  resegmentRange: number[] | null;
  resegmentMode: "absolute" | "relative" | "sigma";
  resegmentShape: boolean;
  preCrop: boolean;
  voxelArrayShift: number;
  symmetricalGLCM: boolean;
  weightingNorm: "none" | "euclidean" | "manhattan" | "infinity" | "no_weighting" | null;
  gldm_a: number;
  kernelRadius: number;
  maskedKernel: boolean;
  initValue: number;
  voxelBatch: number;
};

export const defaultSettings: Settings = {
  label: 1, label_channel: 0, binWidth: 25, binCount: null,
  minimumROIDimensions: 2, minimumROISize: null, geometryTolerance: null, correctMask: false, additionalInfo: true,
  normalize: false, normalizeScale: 1, removeOutliers: null,
  resampledPixelSpacing: null, interpolator: "sitkBSpline", padDistance: 5,
  distances: [1], force2D: false, force2Ddimension: 0,
  resegmentRange: null, resegmentMode: "absolute", resegmentShape: false, preCrop: false,
  sigma: [], start_level: 0, level: 1, wavelet: "coif1", gradientUseSpacing: true,
  lbp2DRadius: 1, lbp2DSamples: 8, lbp2DMethod: "uniform",
  lbp3DLevels: 2, lbp3DIcosphereRadius: 1, lbp3DIcosphereSubdivision: 1,
  voxelArrayShift: 0, symmetricalGLCM: true, weightingNorm: null, gldm_a: 0,
  kernelRadius: 1, maskedKernel: true, initValue: 0, voxelBatch: -1,
};
