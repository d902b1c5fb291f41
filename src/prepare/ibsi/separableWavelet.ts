import { InputError, powerOfTwo } from "../../math/index.js";
import type { Box, Volume } from "../../image/index.js";
import { waveletFilters } from "../waveletCoefficients.js";
import { type Kernel, kernelOf } from "./convolve.js";
import type { Field } from "./field.js";
import type { IbsiFilter } from "./ibsiFilter.js";
import { completeOptions, dimensionName, filterAxes, levelOf } from "./options.js";
import { separable, type SeparableOptions } from "./separable.js";

/**
 * One band of an undecimated separable wavelet (à trous): level j filters the low-pass image of level j − 1 with kernels whose taps
 * are followed by 2^(j−1) − 1 zeros. IBSI 2 manual (arXiv:2006.05470); its alignment (a kernel of n taps, zeros
 * included, is centred on tap ⌊n / 2⌋) differs from that of the Wavelet image type.
 *
 * @param wavelet name, as for waveletFilters
 * @param band    one letter for each axis of options.axes: L low-pass, H high-pass
 * @param level   1 is the finest
 */
export function separableWaveletFilter(
  volume: Volume, box: Box, wavelet: string, band: string, level: number, options: SeparableOptions,
): Field {
  const { lowpass, highpass } = waveletFilters(wavelet);
  const levels = Array.from({ length: level }, (_, j) => Array.from(band, (letter) =>
    dilated(j === level - 1 && letter === "H" ? highpass : lowpass, powerOfTwo(j))));
  return separable(volume, box, levels, options);
}

function dilated(h: Float64Array, step: number): Kernel {
  return kernelOf(h, Math.floor((h.length * step) / 2), step);
}

/** Bands for a number of axes: LL, LH, HL, HH or the eight of 3-D. */
export function bandNames(dimensions: number): string[] {
  return Array.from({ length: powerOfTwo(dimensions) }, (_, bits) =>
    Array.from({ length: dimensions }, (__, i) => ((bits >> (dimensions - 1 - i)) & 1 ? "H" : "L")).join(""));
}

/** Image name: separable-wavelet-<wavelet>-<band>-level-<level>[-<pooling>]-<2D or 3D>. */
export const separableWavelet: IbsiFilter = {
  imageType: "SeparableWavelet",
  optionNames: ["bands", "rotationInvariant", "pooling", "boundary"],
  *respond(volume, box, given) {
    const { bands, boundary, rotationInvariant, pooling } = completeOptions("SeparableWavelet", given);
    const { wavelet = "coif1" } = given;
    const level = levelOf("SeparableWavelet", given);
    const axes = filterAxes(given);
    const known = bandNames(axes.length);
    for (const text of bands === "all" ? known : [bands].flat()) {
      const band = text.toUpperCase();
      if (!known.includes(band)) {
        throw new InputError(`SeparableWavelet: bands has "${text}", but a ${axes.length}-D filter needs ${axes.length} letters, ` +
          `L or H, one for each axis: ${known.join(", ")}.`);
      }
      const name = ["separable-wavelet", wavelet, band, `level-${level}`, ...(rotationInvariant ? [pooling] : []), dimensionName(axes)];
      yield {
        name: name.join("-"),
        field: separableWaveletFilter(volume, box, wavelet, band, level, { axes, boundary, rotationInvariant, pooling }),
      };
    }
  },
};
