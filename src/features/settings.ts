import { didYouMean, InputError } from "../math/index.js";
import type { FilterOptions } from "../prepare/index.js";

/** Every setting of PyRadiomics 3, under its own name and with its own default, and a few of our own. */
export type Settings = FilterOptions & {
  /** the region's label in the mask */
  label: number;
  /** component of a vector mask that holds the labels; null: the first, and in a colour picture each colour is a label */
  label_channel: number | null;
  /** grey levels per bin, in the image's own unit */
  binWidth: number;
  /** number of bins; where given, binWidth is not used */
  binCount: number | null;
  /** 1, 2 or 3: the least number of axes along which the region is longer than one voxel */
  minimumROIDimensions: number;
  /** regions of this many voxels or fewer are refused */
  minimumROISize: number | null;
  /** accepted difference of the grids of image and mask, in voxels; what exceeds 1e-4 is named in the warnings */
  geometryTolerance: number | null;
  correctMask: boolean;
  /** diagnostics_* columns */
  additionalInfo: boolean;
  normalize: boolean;
  /** image: PyRadiomics' z-score; region, percentile, equalize: not in PyRadiomics */
  normalizeMethod: "image" | "region" | "percentile" | "equalize";
  normalizeScale: number;
  /** Gaussian smoothing before everything else, sigma in mm; not in PyRadiomics */
  smoothing: number | null;
  /** in standard deviations */
  removeOutliers: number | null;
  /** mm along x, y, z; 0 keeps an axis */
  resampledPixelSpacing: number[] | null;
  /** null: no resampling */
  interpolator: string | number | null;
  /** voxels around the region kept when cropping (resampling, preCrop) */
  padDistance: number;
  /** Chebyshev distances of neighbours, voxels */
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

/** PyRadiomics 3's default of each of its settings, and ours of those it lacks; the meaning and unit of each stand at `Settings`. */
export const defaultSettings: Settings = {
  label: 1, label_channel: null, binWidth: 25, binCount: null,
  minimumROIDimensions: 2, minimumROISize: null, geometryTolerance: null, correctMask: false, additionalInfo: true,
  smoothing: null, normalize: false, normalizeMethod: "image", normalizeScale: 1, removeOutliers: null,
  resampledPixelSpacing: null, interpolator: "sitkBSpline", padDistance: 5,
  distances: [1], force2D: false, force2Ddimension: 0,
  resegmentRange: null, resegmentMode: "absolute", resegmentShape: false, preCrop: false,
  sigma: [], start_level: 0, level: 1, wavelet: "coif1", gradientUseSpacing: true,
  lbp2DRadius: 1, lbp2DSamples: 8, lbp2DMethod: "uniform",
  lbp3DLevels: 2, lbp3DIcosphereRadius: 1, lbp3DIcosphereSubdivision: 1,
  voxelArrayShift: 0, symmetricalGLCM: true, weightingNorm: null, gldm_a: 0,
  kernelRadius: 1, maskedKernel: true, initValue: 0, voxelBatch: -1,
};

type Rule = { expected: string; ok(value: unknown): boolean };

const isNumber = (v: unknown): v is number => typeof v === "number" && Number.isFinite(v);
const isWhole = (v: unknown): v is number => isNumber(v) && Number.isInteger(v);
const listOf = (v: unknown, ok: (x: number) => boolean, least = 1, most = Infinity) =>
  Array.isArray(v) && v.length >= least && v.length <= most && v.every((x) => isNumber(x) && ok(x));

const flag: Rule = { expected: "true or false", ok: (v) => typeof v === "boolean" };
const positive: Rule = { expected: "a number above 0", ok: (v) => isNumber(v) && v > 0 };
const anyNumber: Rule = { expected: "a number", ok: isNumber };
const wholeFrom = (least: number): Rule => ({ expected: `a whole number, ${least} or more`, ok: (v) => isWhole(v) && v >= least });
const wholeTo = (most: number): Rule => ({ expected: `a whole number from 1 to ${most}`, ok: (v) => isWhole(v) && v >= 1 && v <= most });
const oneOf = (...names: (string | number)[]): Rule => ({ expected: `one of ${names.join(", ")}`, ok: (v) => names.includes(v as string) });
const orNull = (rule: Rule): Rule => ({ expected: `${rule.expected}, or null`, ok: (v) => v === null || rule.ok(v) });

const rules: Record<keyof Settings, Rule> = {
  label: wholeFrom(1), label_channel: orNull(wholeFrom(0)), binWidth: positive, binCount: orNull(wholeFrom(1)),
  minimumROIDimensions: oneOf(1, 2, 3), minimumROISize: orNull(wholeFrom(1)),
  geometryTolerance: orNull(positive), correctMask: flag, additionalInfo: flag,
  smoothing: orNull(positive), normalize: flag, normalizeMethod: oneOf("image", "region", "percentile", "equalize"), normalizeScale: positive, removeOutliers: orNull(positive),
  resampledPixelSpacing: orNull({ expected: "two or three spacings in mm, 0 keeps an axis", ok: (v) => listOf(v, (x) => x >= 0, 2, 3) }),
  interpolator: { expected: "the name of an interpolator, e.g. sitkBSpline, or null", ok: (v) => v === null || typeof v === "number" || typeof v === "string" },
  padDistance: wholeFrom(0),
  // a shell of distance 100 has 240,002 neighbours
  distances: { expected: "a list of whole numbers from 1 to 100", ok: (v) => listOf(v, (x) => Number.isInteger(x) && x >= 1 && x <= 100) },
  force2D: flag, force2Ddimension: oneOf(0, 1, 2),
  resegmentRange: orNull({ expected: "one or two numbers", ok: (v) => listOf(v, () => true, 1, 2) }),
  resegmentMode: oneOf("absolute", "relative", "sigma"), resegmentShape: flag, preCrop: flag,
  sigma: { expected: "a list of numbers above 0 (mm)", ok: (v) => listOf(v, (x) => x > 0) },
  start_level: wholeFrom(0), level: wholeFrom(1),
  wavelet: { expected: "the name of a wavelet, e.g. coif1", ok: (v) => typeof v === "string" }, gradientUseSpacing: flag,
  lbp2DRadius: positive, lbp2DSamples: wholeFrom(1), lbp2DMethod: oneOf("default", "ror", "uniform", "var"),
  lbp3DLevels: wholeTo(50), lbp3DIcosphereRadius: positive, lbp3DIcosphereSubdivision: wholeFrom(0),
  voxelArrayShift: anyNumber, symmetricalGLCM: flag,
  weightingNorm: orNull(oneOf("none", "euclidean", "manhattan", "infinity", "no_weighting")), gldm_a: wholeFrom(0),
  kernelRadius: wholeTo(100), maskedKernel: flag,
  initValue: { expected: "a number or nan", ok: (v) => typeof v === "number" }, voxelBatch: wholeFrom(-1),
};

/** Every setting that a parameter file may name. */
export const settingNames = Object.keys(rules) as (keyof Settings)[];

/** Settings of older parameter files that had no effect on values. */
const retired = ["enableCExtensions", "verbose"];

/** As PyRadiomics' own example MR_2D_extraction.yaml writes it. */
const alsoWritten: Record<string, keyof Settings> = { force2DDimension: "force2Ddimension" };

/**
 * Checks given settings against their names and types; the result holds only what was given.
 * @param who where they stand ("Params.yaml: setting"), for the error
 * @throws InputError unknown name (with the nearest known one) or a value of the wrong kind
 */
export function checkSettings(given: Record<string, unknown>, who: string, further: readonly string[] = []): Partial<Settings> {
  const checked: Record<string, unknown> = {};
  for (const [written, raw] of Object.entries(given)) {
    const name = Object.hasOwn(alsoWritten, written) ? alsoWritten[written] : written;
    if (retired.includes(name)) continue;
    if (further.includes(name)) { checked[name] = raw; continue; }
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof Settings] : undefined;
    if (rule === undefined) throw new InputError(`${who}: there is no setting "${name}". ${didYouMean(name, [...settingNames, ...further])}`);
    const value = asWritten(name, raw);
    if (!rule.ok(value)) throw new InputError(`${who}: ${name} is ${inShort(raw)}; expected ${rule.expected}.`);
    checked[name] = value;
  }
  return checked as Partial<Settings>;
}

/** A value as an error shows it: as JSON, but NaN and infinities by name, and not for ever. */
export function inShort(value: unknown): string {
  if (typeof value === "number") return String(value);
  let text: string | undefined;
  try { text = JSON.stringify(value); } catch { /* holds itself */ }
  text ??= String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** A single number stands for a list of one where a list is meant; "none" for null. */
function asWritten(name: string, value: unknown): unknown {
  if (["sigma", "distances", "resegmentRange"].includes(name) && typeof value === "number") return [value];
  if (name === "resampledPixelSpacing" && typeof value === "number") return [value, value, value];
  if (typeof value === "string" && /^(none|null)$/i.test(value) && name !== "weightingNorm") return null;
  if (name === "initValue" && value === "nan") return NaN;
  return value;
}
