import { didYouMean, InputError } from "../../math/index.js";
import type { Box, Volume } from "../../image/index.js";
import type { Boundary } from "./boundary.js";
import { type Kernel, kernelOf } from "./convolve.js";
import { type Field, grown } from "./field.js";
import type { IbsiFilter } from "./ibsiFilter.js";
import { averageOver } from "./mean.js";
import { completeOptions, dimensionName, filterAxes } from "./options.js";
import { separable, type SeparableOptions } from "./separable.js";

/** Laws' kernels: level, edge, spot, wave, ripple of 3 or 5 taps, scaled to unit norm. */
export const lawsKernels: Readonly<Record<string, readonly number[]>> = {
  L5: [1, 4, 6, 4, 1], E5: [-1, -2, 0, 2, 1], S5: [-1, 0, 2, 0, -1], W5: [-1, 2, 0, -2, 1], R5: [1, -4, 6, -4, 1],
  L3: [1, 2, 1], E3: [-1, 0, 1], S3: [-1, 2, -1],
};

function lawsKernel(name: string): Kernel {
  const h = lawsKernels[name];
  const norm = Math.sqrt(h.reduce((sum, w) => sum + w * w, 0));
  return kernelOf(h.map((w) => w / norm), (h.length - 1) / 2);
}

/**
 * Laws' texture response: one 1-D kernel along each axis; with rotations pooled, and as an energy map where `energy` > 0:
 * the mean of the absolute response over the voxels within that Chebyshev distance.
 * Laws, Textured image segmentation, 1980; IBSI 2 manual (arXiv:2006.05470)
 *
 * @param kernels names, one for each axis of options.axes
 */
export function lawsFilter(volume: Volume, box: Box, kernels: string[], energy: number, options: SeparableOptions): Field {
  const levels = [kernels.map(lawsKernel)];
  if (energy === 0) return separable(volume, box, levels, options);
  const { axes, boundary } = options;
  const needed = axes.reduce((b, axis) => grown(b, axis, energy, volume.size, boundary as Boundary), box);
  const response = separable(volume, needed, levels, options);
  for (let i = 0; i < response.data.length; i++) response.data[i] = Math.abs(response.data[i]);
  return averageOver(response, box, axes, energy, boundary);
}

/** "L5S5E5" as its kernels, checked against the number of axes. */
function kernelNames(text: string, dimensions: number): string[] {
  const names = text.toUpperCase().match(/.\d?/g) ?? [];
  const known = Object.keys(lawsKernels);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new InputError(`Laws: kernels is "${text}", but there is no kernel "${unknown}". ${didYouMean(unknown, known)}`);
  if (names.length !== dimensions) {
    throw new InputError(`Laws: kernels is "${text}", ${names.length} kernels, but the filter is ${dimensions}-D; ` +
      `give one for each axis${names.length === 2 ? ", or set force2D" : ""}.`);
  }
  return names;
}

/** Image name: laws-<kernels>[-<pooling>][-energy-<distance>]-<2D or 3D>; the pooling stands for rotation invariance. */
export const laws: IbsiFilter = {
  imageType: "Laws",
  optionNames: ["kernels", "rotationInvariant", "pooling", "energy", "boundary"],
  *respond(volume, box, given) {
    const { kernels, energy, boundary, rotationInvariant, pooling } = completeOptions("Laws", given);
    const axes = filterAxes(given);
    for (const text of [kernels].flat()) {
      const names = kernelNames(text, axes.length);
      const name = ["laws", names.join(""), ...(rotationInvariant ? [pooling] : []), ...(energy > 0 ? [`energy-${energy}`] : []), dimensionName(axes)];
      yield { name: name.join("-"), field: lawsFilter(volume, box, names, energy, { axes, boundary, rotationInvariant, pooling }) };
    }
  },
};
