import { exp, power } from "../../math/index.js";
import type { Box, Triple, Volume } from "../../image/index.js";
import type { Boundary } from "./boundary.js";
import { convolveAxis, type Kernel, kernelOf } from "./convolve.js";
import { type Field, fieldOf, grown } from "./field.js";
import type { IbsiFilter } from "./ibsiFilter.js";
import { checkRadius, completeOptions, dimensionName, filterAxes, inName, sigmas } from "./options.js";

/**
 * Laplacian of Gaussian, sampled in space and cut off: Σₐ (kₐ² / σₐ⁴ − 1 / σₐ²) Πₐ exp(−kₐ² / 2σₐ²) / (√(2π) σₐ), k in voxels,
 * σₐ = sigma / spacing of axis a. IBSI 2 manual (arXiv:2006.05470), for equal spacings; not scale-normalised,
 * unlike the LoG image type. A sum of separable terms: seven 1-D passes in 3-D.
 *
 * @param sigma  mm
 * @param cutoff the kernel ends at this many standard deviations
 */
export function logFilter(volume: Volume, box: Box, axes: number[], sigma: number, cutoff: number, boundary: Boundary): Field {
  const kernels = axes.map((axis) => gaussianKernels(sigma / volume.spacing[axis], cutoff));
  const needed = axes.reduce((b, axis, i) => grown(b, axis, kernels[i].radius, volume.size, boundary), box);
  const image = fieldOf(volume, needed);
  let smooth = image;
  let curved: Field | undefined;
  for (let i = 0; i < axes.length; i++) {
    const axis = axes[i];
    const pass = (field: Field, kernel: Kernel) =>
      convolveAxis(field, axis, kernel, boundary, box.lower[axis], box.lower[axis] + box.size[axis]);
    const next = pass(smooth, kernels[i].second);
    if (curved !== undefined) {
      const before = pass(curved, kernels[i].gaussian);
      for (let k = 0; k < next.data.length; k++) next.data[k] += before.data[k];
    }
    curved = next;
    if (i < axes.length - 1) smooth = pass(smooth, kernels[i].gaussian);
  }
  return curved!;
}

/** A sampled Gaussian and its second derivative, sigma in voxels. */
export function gaussianKernels(sigma: number, cutoff: number): { radius: number; gaussian: Kernel; second: Kernel } {
  const radius = checkRadius("Gaussian kernel", Math.floor(cutoff * sigma + 0.5));
  const k = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => i - radius);
  const g = k.map((x) => exp((-x * x) / (2 * sigma * sigma)) / (Math.sqrt(2 * Math.PI) * sigma));
  const d2 = k.map((x, i) => g[i] * ((x * x) / power(sigma, 4) - 1 / (sigma * sigma)));
  return { radius, gaussian: kernelOf(g, radius), second: kernelOf(d2, radius) };
}

/** The whole image's response. */
export function wholeLog(volume: Volume, axes: number[], sigma: number, cutoff: number, boundary: Boundary): Field {
  return logFilter(volume, { lower: [0, 0, 0], size: [...volume.size] as Triple }, axes, sigma, cutoff, boundary);
}

export const logCutoff = 4;

/** Image name, once for each sigma: ibsi-log-sigma-<sigma>-mm-<2D or 3D>. */
export const log: IbsiFilter = {
  imageType: "IBSILoG",
  optionNames: ["cutoff", "boundary"],
  *respond(volume, box, given) {
    const { cutoff, boundary } = completeOptions("IBSILoG", given);
    const axes = filterAxes(given);
    for (const sigma of sigmas("IBSILoG", given)) {
      const name = `ibsi-log-sigma-${inName(sigma)}-mm-${dimensionName(axes)}`;
      yield { name, field: logFilter(volume, box, axes, sigma, cutoff ?? logCutoff, boundary) };
    }
  },
};
