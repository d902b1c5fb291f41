import { checkBox, cropGrid, type Box, type Triple, type Volume } from "../image/index.js";
import { InputError } from "../math/index.js";
import type { Filter, FilterOptions, FilteredImage } from "./filter.js";
import { grouped, reach, split, tileOf } from "./stationaryTransform.js";
import type { GroupedFilters, Tile } from "./stationaryTransform.js";
import { waveletFilters } from "./waveletCoefficients.js";

/**
 * Stationary (undecimated) wavelet transform, periodic, one level after the other on the approximation.
 * The first letter of a band is the x axis, L low-pass, H high-pass; the approximation comes last and only for the
 * last level. With force2D the axis left out is not filtered and has no letter. Levels after the first are named
 * wavelet2-…, wavelet3-…; `start_level` levels are only smoothed. An odd axis gets one wrapped sample at its end.
 * float32 images are computed in float32, all others in float64.
 * Unlike the textbook's, the filters are not spread at higher levels: the reference takes each level with the filters of the first.
 * Nason & Silverman, The stationary wavelet transform (1995). Agrees with PyRadiomics on PyWavelets swtn.
 */
export const wavelet: Filter = {
  imageType: "Wavelet",
  *apply(volume, box, options): Iterable<FilteredImage> {
    checkBox(volume, box);
    const { start_level: first, level: count, axes } = checked(options);
    const grid = cropGrid(volume, box);
    const filters = grouped(waveletFilters(options.wavelet));
    const levels = first + count;
    const period = volume.size.map((n) => n + (n % 2)) as Triple;

    /** what each level reads, from the last level back to the image */
    const domains: Box[] = [box];
    for (let i = 0; i < levels; i++) domains.unshift(wider(domains[0], filters, axes, period));

    let tile = tileOf(volume, period, domains[0].lower, domains[0].size);
    for (let i = 0; i < levels; i++) {
      if (i >= first) {
        const last = i === levels - 1;
        const prefix = i === first ? "wavelet-" : `wavelet${i - first + 1}-`;
        yield* bands(tile, axes, filters, period, box, prefix, last, (data) => ({ ...grid, data }));
        if (last) return;
      }
      const next = domains[i + 1];
      for (const axis of axes) [tile] = split(tile, axis, filters, next.lower[axis], next.size[axis], period[axis]);
    }
  },
};

function checked(options: FilterOptions): { start_level: number; level: number; axes: number[] } {
  const { start_level, level, force2D, force2Ddimension } = options;
  if (!Number.isInteger(start_level) || start_level < 0 || !Number.isInteger(level) || level < 1 || start_level + level > 16) {
    throw new InputError(`Wavelet: start_level ${start_level} and level ${level} found; ` +
      "whole numbers from 0 and from 1, together at most 16, are expected.");
  }
  return { start_level, level, axes: [0, 1, 2].filter((axis) => !force2D || axis !== 2 - force2Ddimension) };
}

function wider(box: Box, filters: GroupedFilters, axes: number[], period: Triple): Box {
  const lower: Triple = [...box.lower];
  const size: Triple = [...box.size];
  for (const axis of axes) ({ lower: lower[axis], size: size[axis] } = reach(lower[axis], size[axis], filters, period[axis]));
  return { lower, size };
}

/** The tree of partial passes: 2 tiles after the first axis, 4, then 8 bands, at most one branch of it held at a time. */
function* bands(
  tile: Tile, axes: number[], filters: GroupedFilters, period: Triple, box: Box, prefix: string, approximation: boolean,
  image: (data: Tile["data"]) => Volume,
): Iterable<FilteredImage> {
  let smooth: FilteredImage | undefined;
  function* branch(part: Tile, letters: string): Iterable<FilteredImage> {
    if (letters.length === axes.length) {
      const band = { name: prefix + letters, image: image(part.data) };
      if (letters.includes("H")) yield band;
      else smooth = band;
      return;
    }
    const axis = axes[letters.length];
    const [low, high] = split(part, axis, filters, box.lower[axis], box.size[axis], period[axis]);
    yield* branch(low, `${letters}L`);
    yield* branch(high, `${letters}H`);
  }
  yield* branch(tile, "");
  if (approximation && smooth !== undefined) yield smooth;
}
