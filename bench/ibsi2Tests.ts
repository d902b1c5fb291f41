// The tests of IBSI 2 (arXiv:2006.05470; Whybra et al., Radiology 2024;310:e231319) as plain data, and what runs one of them.
import type { Box, Volume } from "../src/image/index.js";
import { ibsiFilters, type ConvolutionOptions } from "../src/prepare/ibsi/index.js";

/** A filter with its options, as a parameter file would name them. */
export type Setting = { imageType: string; options: ConvolutionOptions };

/** Phase 1: a phantom, a filter, and the reference response `response_maps/<id>-ValidCRM.nii.gz`. */
export type ResponseTest = Setting & { id: string; phantom: string };

const mean3D = (boundary: "zero" | "nearest" | "periodic" | "mirror"): Setting =>
  ({ imageType: "Mean", options: { support: 15, boundary } });
const invariant = { rotationInvariant: true } as const;
const laws = (kernels: string, options: ConvolutionOptions): Setting => ({ imageType: "Laws", options: { kernels, ...options } });
const gabor = (options: ConvolutionOptions): Setting => ({ imageType: "Gabor", options });
const bands = (wavelet: string, name: string, options: ConvolutionOptions): Setting =>
  ({ imageType: "SeparableWavelet", options: { wavelet, bands: name, ...options } });
const impulseGabor: ConvolutionOptions = { sigma: [10], lambda: 4, gamma: 0.5, boundary: "zero" };
const sphereGabor: ConvolutionOptions = { sigma: [20], lambda: 8, gamma: 2.5, boundary: "mirror" };

/** The 33 response maps of phase 1. A map passes where every voxel is within 1 % of the reference map's range. */
export const responseTests: readonly ResponseTest[] = [
  { id: "1_a_1", phantom: "checkerboard", ...mean3D("zero") },
  { id: "1_a_2", phantom: "checkerboard", ...mean3D("nearest") },
  { id: "1_a_3", phantom: "checkerboard", ...mean3D("periodic") },
  { id: "1_a_4", phantom: "checkerboard", ...mean3D("mirror") },
  { id: "1_b_1", phantom: "impulse", imageType: "Mean", options: { support: 15, boundary: "zero", force2D: true } },
  { id: "2_a", phantom: "impulse", imageType: "IBSILoG", options: { sigma: [3], cutoff: 4, boundary: "zero" } },
  { id: "2_b", phantom: "checkerboard", imageType: "IBSILoG", options: { sigma: [5], cutoff: 4, boundary: "mirror" } },
  { id: "2_c", phantom: "checkerboard", imageType: "IBSILoG", options: { sigma: [5], cutoff: 4, boundary: "mirror", force2D: true } },
  ...laws3("3_a", "impulse", "E5L5S5", { boundary: "zero" }),
  ...laws3("3_b", "checkerboard", "E3W5R5", { boundary: "mirror" }),
  ...laws3("3_c", "checkerboard", "L5S5", { boundary: "mirror", force2D: true }),
  { id: "4_a_1", phantom: "impulse", ...gabor({ ...impulseGabor, theta: 60 }) },
  { id: "4_a_2", phantom: "impulse", ...gabor({ ...impulseGabor, thetaStep: 45, orthogonalPlanes: true }) },
  { id: "4_b_1", phantom: "sphere", ...gabor({ ...sphereGabor, theta: 225 }) },
  { id: "4_b_2", phantom: "sphere", ...gabor({ ...sphereGabor, thetaStep: 22.5, orthogonalPlanes: true }) },
  { id: "5_a_1", phantom: "impulse", ...bands("db2", "LHL", { boundary: "zero" }) },
  { id: "5_a_2", phantom: "impulse", ...bands("db2", "LHL", { boundary: "zero", ...invariant }) },
  { id: "6_a_1", phantom: "sphere", ...bands("coif1", "HHL", { boundary: "periodic" }) },
  { id: "6_a_2", phantom: "sphere", ...bands("coif1", "HHL", { boundary: "periodic", ...invariant }) },
  { id: "7_a_1", phantom: "checkerboard", ...bands("haar", "LLL", { level: 2, boundary: "mirror", ...invariant }) },
  { id: "7_a_2", phantom: "checkerboard", ...bands("haar", "HHH", { level: 2, boundary: "mirror", ...invariant }) },
  ...[1, 2, 3].map((level) => ({ id: `8_a_${level}`, phantom: "checkerboard", imageType: "Simoncelli", options: { level } })),
  { id: "9_a", phantom: "impulse", imageType: "Riesz", options: { order: [1, 0, 0], sigma: [3], cutoff: 4, boundary: "zero" } },
  { id: "9_b_1", phantom: "sphere", imageType: "Riesz", options: { order: [0, 2, 0], sigma: [3], cutoff: 4, boundary: "zero" } },
  { id: "10_b_1", phantom: "pattern_1", imageType: "Riesz", options: { order: [0, 2, 0], base: "Simoncelli", level: 1 } },
];

/** Laws' three tests: the response, pooled over rotations by maximum, and the energy of that. */
function laws3(id: string, phantom: string, kernels: string, options: ConvolutionOptions): ResponseTest[] {
  const pooled: ConvolutionOptions = { ...options, ...invariant, pooling: "max" };
  return [options, pooled, { ...pooled, energy: 7 }].map((o, k) => ({ id: `${id}_${k + 1}`, phantom, ...laws(kernels, o) }));
}

/** Phase 2: a filter on the CT phantom, and the reference statistics under `filter_id` <id>. */
export type FeatureTest = Partial<Setting> & { id: string; image: "native" | "resampled" };

/**
 * The settings of phase 2; A filters slices of the native grid, B the volume resampled to 1 mm (tricubic spline, grid centres aligned,
 * intensities rounded, mask trilinear with 0.5). Mirror boundary; intensities outside [−1000, 400] before filtering leave the region.
 */
export const featureTests: readonly FeatureTest[] = ["A", "B"].flatMap((which) => {
  const flat = which === "A";
  const base: ConvolutionOptions = { boundary: "mirror", force2D: flat };
  const setting = (number: number, filter: Partial<Setting>): FeatureTest => ({
    id: `${number}.${which}`, image: flat ? "native" : "resampled",
    ...(filter.imageType === undefined ? {} : { imageType: filter.imageType, options: { ...base, ...filter.options } }),
  });
  return [
    setting(1, {}),
    setting(2, { imageType: "Mean", options: { support: 5 } }),
    setting(3, { imageType: "IBSILoG", options: { sigma: [1.5], cutoff: 4 } }),
    setting(4, laws(flat ? "L5E5" : "L5E5E5", { ...invariant, pooling: "max", energy: 7 })),
    setting(5, gabor({ sigma: [5], lambda: 2, gamma: 1.5, thetaStep: 22.5, orthogonalPlanes: !flat })),
    setting(6, bands("db3", flat ? "LH" : "LLH", invariant)),
    setting(7, bands("db3", flat ? "HH" : "HHH", { level: 2, ...invariant })),
    setting(8, { imageType: "Simoncelli", options: { level: 1 } }),
    setting(9, { imageType: "Simoncelli", options: { level: 2 } }),
  ];
});

export const rangeOfFeatureTests = [-1000, 400] as const;

/** The response of a test's filter on a box of the volume (all of it where none is given). */
export function response(volume: Volume, { imageType, options }: Setting, box: Box = { lower: [0, 0, 0], size: volume.size }): Volume {
  const filter = ibsiFilters.find((f) => f.imageType === imageType)!;
  const images = [...filter.apply(volume, box, options as Parameters<typeof filter.apply>[2])];
  if (images.length !== 1 || !("image" in images[0])) throw new Error(`${imageType} gave ${images.length} images, not one`);
  return images[0].image;
}

/** A setting in words: "Laws, kernels E5L5S5, boundary zero". */
export function about({ imageType, options }: Setting): string {
  return [imageType, ...Object.entries(options).map(([name, value]) => (value === true ? name : `${name} ${[value].flat().join(" ")}`))].join(", ");
}

/** Largest deviation of a response from its reference, as a share of the reference's range; a map passes up to 0.01. */
export function deviation(ours: ArrayLike<number>, reference: ArrayLike<number>): number {
  let [least, most, farthest] = [Infinity, -Infinity, 0];
  for (let i = 0; i < reference.length; i++) {
    least = Math.min(least, reference[i]);
    most = Math.max(most, reference[i]);
    const d = Math.abs(ours[i] - reference[i]);
    if (!(d <= farthest)) farthest = d;
  }
  return ours.length === reference.length ? farthest / (most - least) : NaN;
}
