import { cos, log2, powerOfTwo } from "../../math/index.js";
import type { Box, Volume } from "../../image/index.js";
import type { Field } from "./field.js";
import { fourierFilter } from "./fourier.js";
import type { IbsiFilter } from "./ibsiFilter.js";
import { completeOptions, dimensionName, filterAxes, levelOf } from "./options.js";

/**
 * Radial transfer of Simoncelli's wavelet at level j: cos(π/2 · log₂(2ν / ν_j)) for ν_j / 4 < ν <= ν_j with ν_j = 2^(1−j)
 * (1 is the Nyquist frequency), 0 elsewhere. Portilla & Simoncelli, Int J Comput Vis 2000;40:49;
 * IBSI 2 manual (arXiv:2006.05470)
 */
export function simoncelliTransfer(level: number): (x: number, y: number, z: number) => number {
  const top = powerOfTwo(1 - level);
  const from = (top * top) / 16;
  const to = top * top;
  return (x, y, z) => {
    const square = x * x + y * y + z * z;
    return square > from && square <= to ? cos((Math.PI / 2) * log2((2 * Math.sqrt(square)) / top)) : 0;
  };
}

/** Response of the non-separable wavelet at a level (1 is the finest); the image is taken as periodic. */
export function simoncelliFilter(volume: Volume, box: Box, axes: number[], level: number): Field {
  return fourierFilter(volume, box, axes, { h: simoncelliTransfer(level), order: 0 });
}

/** Image name: simoncelli-level-<level>-<2D or 3D>. */
export const simoncelli: IbsiFilter = {
  imageType: "Simoncelli",
  optionNames: [],
  *respond(volume, box, given) {
    completeOptions("Simoncelli", given);
    const level = levelOf("Simoncelli", given);
    const axes = filterAxes(given);
    yield { name: `simoncelli-level-${level}-${dimensionName(axes)}`, field: simoncelliFilter(volume, box, axes, level) };
  },
};
