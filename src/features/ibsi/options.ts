import type { Box, Volume } from "../../image/index.js";
import { didYouMean, InputError } from "../../math/index.js";
import { mostBins, type IbsiBins } from "../../prepare/index.js";
import type { Aggregation } from "./texture.js";

/** Families by the prefix of their tags: morphology, local intensity, statistics, histogram, intensity–volume histogram, textures. */
export const families = ["morph", "loc", "stat", "ih", "ivh", "cm", "rlm", "szm", "dzm", "ngt", "ngl"] as const;
export type Family = (typeof families)[number];

/** How the intensity–volume histogram is binned: as it is (steps of 1), in bins of a size, or in a number of bins. */
export type IvhBins = { asTheyAre: true } | { binSize: number } | { binNumber: number };

/** The image processing scheme of the IBSI reference manual, chapter 2 (arXiv:1612.07003), in its order. */
export type IbsiOptions = {
  /** the region's label in the mask */
  label: number;
  /** Textures by slice and averaged (2D), by slice and merged (2.5D), in the volume (3D). null: 3D, and 2D for a single slice. */
  aggregation: Aggregation[] | null;
  /** Interpolation: voxel spacing in mm, x y z; 0 keeps an axis (2-D interpolation: z = 0). null: none. Grid centres are aligned. */
  spacing: number[] | null;
  /** of intensities: nearest voxel, linear or cubic spline; the mask is always interpolated linearly */
  interpolation: "nearest" | "linear" | "cubic";
  /** A voxel belongs to the region from this share of the interpolated mask on. */
  partialVolumeThreshold: number;
  /** Round interpolated intensities to whole numbers (CT). */
  roundIntensities: boolean;
  /**
   * A filter sees the whole interpolated image and gives its response on a box of it; re-segmentation reads the unfiltered
   * intensities (IBSI 2).
   */
  filter: ((image: Volume, box: Box) => Volume) | null;
  /** Range re-segmentation: intensities to keep, both ends included. */
  resegmentRange: [number, number] | null;
  /** Outlier re-segmentation: keep mean ± this many (population) standard deviations. 3 in the manual. */
  resegmentOutliers: number | null;
  /**
   * Fixed bin number, fixed bin size (bins start at the lower end of the re-segmentation range, without one at the region's
   * minimum, unless an origin is given), or intensities that are grey levels already.
   */
  discretisation: IbsiBins;
  /** null: as they are where all intensities are whole numbers over a range of at most 65,536, else 1,000 bins. */
  ivh: IvhBins | null;
  /** null: all */
  families: Family[] | null;
};

/** Defaults for images in arbitrary units such as MRI: no interpolation, no re-segmentation, 32 bins. */
export const defaultIbsiOptions: IbsiOptions = {
  label: 1, aggregation: null,
  spacing: null, interpolation: "linear", partialVolumeThreshold: 0.5, roundIntensities: false,
  filter: null, resegmentRange: null, resegmentOutliers: null,
  discretisation: { binNumber: 32 }, ivh: null, families: null,
};

const examples = { aggregation: "[3D]", spacing: "[1, 1, 1]", resegmentRange: "[-500, 400]", families: "[stat, cm]" };

/** The options with defaults filled in, checked. */
export function ibsiOptions(given: Partial<IbsiOptions>, who: string): IbsiOptions {
  const refuse = (sentence: string): never => { throw new InputError(`${who}: ${sentence}`); };
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(defaultIbsiOptions, name)) refuse(`unknown option "${name}". ${didYouMean(name, Object.keys(defaultIbsiOptions))}`);
  }
  const options = { ...defaultIbsiOptions, ...given };
  const { spacing, resegmentRange: range, resegmentOutliers: sigma, partialVolumeThreshold: share } = options;
  for (const name of ["aggregation", "spacing", "resegmentRange", "families"] as const) {
    if (options[name] !== null && !Array.isArray(options[name])) refuse(`${name} is ${JSON.stringify(options[name])}, but it must be a list in brackets, e.g. ${name}: ${examples[name]}.`);
  }
  for (const name of ["discretisation", "ivh"] as const) {
    const value: unknown = options[name];
    const isOne = typeof value === "object" && value !== null && ["asTheyAre", "binSize", "binNumber"].some((kind) => Object.hasOwn(value, kind));
    if (!isOne && !(name === "ivh" && value === null)) refuse(`${name} is ${JSON.stringify(value)}, but it must be one of {binNumber: 32}, {binSize: 25} and {asTheyAre: true}.`);
  }
  if (options.filter !== null && typeof options.filter !== "function") refuse("filter is for programs; name filters under imageType.");
  oneOf(options.interpolation, ["nearest", "linear", "cubic"], "interpolation", who);
  options.aggregation?.forEach((a) => oneOf(a, ["2D", "2.5D", "3D"], "aggregation", who));
  options.families?.forEach((f) => oneOf(f, families, "family", who));
  if (spacing !== null && (spacing.length !== 3 || spacing.some((s) => !(s >= 0) || !Number.isFinite(s)))) {
    refuse(`spacing is ${JSON.stringify(spacing)}, but it must be three numbers in mm (x, y, z; 0 keeps an axis).`);
  }
  if (range !== null && !(range.length === 2 && range[0] <= range[1])) {
    refuse(`resegmentRange is ${JSON.stringify(range)}, but it must be two intensities, the lower one first.`);
  }
  if (sigma !== null && !(sigma > 0)) refuse(`resegmentOutliers is ${sigma}, but it must be a number of standard deviations above 0, e.g. 3.`);
  if (!(share > 0 && share <= 1)) refuse(`partialVolumeThreshold is ${share}, but it must be a share above 0 and at most 1, e.g. 0.5.`);
  const ivh = { binSize: 1, binNumber: 1, ...options.ivh };
  if (!(ivh.binSize > 0)) refuse(`ivh's binSize is ${ivh.binSize}, but it must be a number above 0.`);
  if (!(Number.isInteger(ivh.binNumber) && ivh.binNumber >= 1 && ivh.binNumber <= mostBins)) {
    refuse(`ivh's binNumber is ${ivh.binNumber}, but it must be a whole number from 1 to ${mostBins.toLocaleString("en")}.`);
  }
  return options;
}

function oneOf(value: string, known: readonly string[], what: string, who: string): void {
  if (!known.includes(value)) throw new InputError(`${who}: unknown ${what} "${value}". ${didYouMean(value, known)}`);
}
