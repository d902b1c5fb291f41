import { checkBox, cropGrid, type Box, type Triple, type Volume } from "../image/index.js";
import { exp, InputError, power } from "../math/index.js";
import { mixAxes, shifted, type AxisMix } from "./axisMix.js";
import { boundaryIndex, type Boundary } from "./ibsi/boundary.js";
import { float64, sourceBox } from "./resample.js";

export type SmoothOptions = {
  /** standard deviation, mm; one for all axes or x, y, z; 0 leaves an axis as it is */
  sigma: number | Triple;
  /** the kernel ends at this many sigma, rounded to whole voxels; 4 where absent */
  truncate?: number;
  /** how the image goes on beyond its border; mirror (the border voxel repeated) where absent */
  boundary?: Boundary;
};

/**
 * Gaussian smoothing on one box, float64: convolution along x, y, z with exp(−i² / 2σ²), |i| <= ⌊truncate · σ + ½⌋ voxels,
 * scaled to sum 1. The result inside the box is that of smoothing the whole image.
 * Agrees with scipy.ndimage.gaussian_filter(v, sigma / spacing, truncate=…, mode="reflect" | "nearest" | "wrap" | "constant").
 * @throws InputError sigma or truncate negative or not finite
 */
export function smooth(volume: Volume, box: Box, { sigma, truncate = 4, boundary = "mirror" }: SmoothOptions): Volume {
  checkBox(volume, box);
  const sigmas = typeof sigma === "number" ? [sigma, sigma, sigma] : sigma;
  if (![...sigmas, truncate].every((s) => s >= 0 && Number.isFinite(s))) {
    throw new InputError(`Gaussian smoothing: sigma is ${sigmas.join(", ")} mm and truncate ${truncate}, but all must be 0 or above.`);
  }
  const mixes = sigmas.map((s, a) =>
    gaussianKernelMix(volume.size[a], box.lower[a], box.size[a], s / volume.spacing[a], truncate, boundary)) as [AxisMix, AxisMix, AxisMix];
  const from = sourceBox(mixes);
  const own = mixes.map((mix, a) => shifted(mix, from.lower[a])) as typeof mixes;
  return { ...cropGrid(volume, box), data: mixAxes(float64(volume, from), from.size, own) };
}

/** Voxels `lower` … `lower + count − 1` of an axis of n voxels, each a Gaussian mean around itself; sigma in voxels. */
function gaussianKernelMix(n: number, lower: number, count: number, sigma: number, truncate: number, boundary: Boundary): AxisMix {
  const radius = Math.floor(truncate * sigma + 0.5);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => (sigma === 0 ? 1 : exp(-0.5 * power((i - radius) / sigma, 2))));
  const total = kernel.reduce((sum, w) => sum + w, 0);
  const taps = kernel.length;
  const source = new Int32Array(count * taps);
  const weight = new Float64Array(count * taps);
  const continued = boundaryIndex(n, lower - radius, lower + count + radius, boundary);
  for (let k = 0, t = 0; k < count; k++) {
    for (let i = 0; i < taps; i++, t++) {
      // a position beyond a zero boundary stays on the voxel itself, with no weight
      source[t] = continued[k + i] < 0 ? lower + k : continued[k + i];
      weight[t] = continued[k + i] < 0 ? 0 : kernel[i] / total;
    }
  }
  return { taps, source, weight };
}
