import { didYouMean, InputError } from "../../math/index.js";
import type { FilterOptions } from "../filter.js";
import { type Boundary, boundaries } from "./boundary.js";
import { type Pooling, poolings } from "./separable.js";

/** Options of IBSI 2's filters beyond FilterOptions; each filter names those it reads. Lengths are mm, angles degrees. */
export type IbsiFilterOptions = {
  /** continuation beyond the border: zero, nearest, periodic, mirror. Fourier filters are always periodic */
  boundary: Boundary;
  /** pool over all right-angle rotations (Mean and IBSILoG need none; Gabor turns by thetaStep) */
  rotationInvariant: boolean;
  pooling: Pooling;
  /** Mean: width in voxels, odd */
  support: number;
  /** Laws: one kernel for each axis x, y(, z), e.g. L5S5E5; several give several images */
  kernels: string | string[];
  /** Laws: mean of the absolute response within this Chebyshev distance in voxels; 0 gives the response itself */
  energy: number;
  /** IBSILoG, Gabor: the kernel ends at this many standard deviations; null: 4 for IBSILoG, 6 for Gabor */
  cutoff: number | null;
  /** Gabor: wavelength */
  lambda: number;
  /** Gabor: the envelope is sigma along the wave and sigma / gamma across */
  gamma: number;
  /** Gabor: orientation in the plane, from the first axis towards the second */
  theta: number;
  /** Gabor: pool over orientations theta, theta + thetaStep, … of a full turn; 0: theta alone */
  thetaStep: number;
  /** Gabor: pool over the planes xy, xz and yz */
  orthogonalPlanes: boolean;
  /** SeparableWavelet: one letter L or H for each axis x, y(, z); "all" or several give several images */
  bands: string | string[];
  /** Riesz: order along x, y, z, sum >= 1 */
  order: number[];
  /** Riesz: the filter it is applied to, IBSILoG (with sigma) or Simoncelli (with level) */
  base: RieszBase;
  /** Riesz: standard deviation (mm) of the structure tensor that directions are steered to; null: along x, y, z */
  steering: number | null;
};

export type RieszBase = "IBSILoG" | "Simoncelli";

/** Options of the IBSI 2 filters (arXiv:2006.05470) where none is given; lengths in mm, angles in degrees. */
export const defaultIbsiFilterOptions: IbsiFilterOptions = {
  boundary: "mirror", rotationInvariant: false, pooling: "average",
  support: 5, kernels: "L5E5E5", energy: 0, cutoff: null,
  lambda: 2, gamma: 1, theta: 0, thetaStep: 0, orthogonalPlanes: false,
  bands: "all", order: [1, 0, 0], base: "IBSILoG", steering: null,
};

/** What a filter of the list is given: PyRadiomics' settings and any of these. */
export type ConvolutionOptions = Partial<FilterOptions> & Partial<IbsiFilterOptions>;

const ok = {
  number: (v: unknown): v is number => typeof v === "number" && Number.isFinite(v),
  whole: (v: unknown, least: number, most: number) => Number.isInteger(v) && (v as number) >= least && (v as number) <= most,
};

const rules: { [K in keyof IbsiFilterOptions]: [expected: string, ok: (v: unknown) => boolean] } = {
  boundary: [`one of ${boundaries.join(", ")}`, (v) => boundaries.includes(v as Boundary)],
  rotationInvariant: ["true or false", (v) => typeof v === "boolean"],
  pooling: [`one of ${poolings.join(", ")}`, (v) => poolings.includes(v as Pooling)],
  support: ["an odd whole number of voxels, 1 to 2001", (v) => ok.whole(v, 1, 2001) && (v as number) % 2 === 1],
  kernels: ["a name such as L5S5E5, or a list of them", words],
  energy: ["a whole number of voxels, 0 to 1000", (v) => ok.whole(v, 0, 1000)],
  cutoff: ["a number above 0, or null", (v) => v === null || (ok.number(v) && v > 0)],
  lambda: ["a number above 0 (mm)", (v) => ok.number(v) && v > 0],
  gamma: ["a number above 0", (v) => ok.number(v) && v > 0],
  theta: ["a number (degrees)", ok.number],
  thetaStep: ["0, or a number from 1 to 360 that divides 360 degrees", (v) => v === 0 || (ok.number(v) && v >= 1 && wholeTurn(v))],
  orthogonalPlanes: ["true or false", (v) => typeof v === "boolean"],
  bands: ['"all", bands such as LLH, or a list of them', words],
  order: ["three whole numbers from 0 to 10, not all 0, e.g. [1, 0, 0]", (v) =>
    Array.isArray(v) && v.length === 3 && v.every((l) => ok.whole(l, 0, 10)) && v.some((l) => l > 0)],
  base: ["one of IBSILoG, Simoncelli", (v) => v === "IBSILoG" || v === "Simoncelli"],
  steering: ["a number above 0 (mm), or null", (v) => v === null || (ok.number(v) && v > 0)],
};

function words(v: unknown): boolean {
  return typeof v === "string" || (Array.isArray(v) && v.length > 0 && v.every((w) => typeof w === "string"));
}

function wholeTurn(step: number): boolean {
  return Math.abs(360 / step - Math.round(360 / step)) < 1e-9;
}

/** Options completed with the defaults; InputError on a value of the wrong kind. */
export function completeOptions(who: string, given: ConvolutionOptions): Partial<FilterOptions> & IbsiFilterOptions {
  const options = { ...given } as Record<string, unknown>;
  for (const name of Object.keys(rules) as (keyof IbsiFilterOptions)[]) {
    const value = options[name];
    if (value === undefined) options[name] = defaultIbsiFilterOptions[name];
    else if (!rules[name][1](value)) {
      const near = typeof value === "string" && rules[name][0].startsWith("one of ")
        ? ` ${didYouMean(value, rules[name][0].slice(7).split(", "))}` : "";
      throw new InputError(`${who}: ${name} is ${JSON.stringify(value)}; expected ${rules[name][0]}.${near}`);
    }
  }
  return options as Partial<FilterOptions> & IbsiFilterOptions;
}

/** The axes a filter works on: all three, or with force2D the two that stay when axis force2Ddimension (0: z, 1: y, 2: x) is left out. */
export function filterAxes({ force2D = false, force2Ddimension = 0 }: ConvolutionOptions): number[] {
  return force2D ? [0, 1, 2].filter((axis) => axis !== 2 - force2Ddimension) : [0, 1, 2];
}

/** Standard deviations in mm; a filter that has them must be told. */
export function sigmas(who: string, { sigma }: ConvolutionOptions): number[] {
  const list = typeof sigma === "number" ? [sigma] : (sigma ?? []);
  if (list.length === 0) throw new InputError(`${who}: sigma is missing; give one or several standard deviations in mm, e.g. sigma: [3].`);
  if (!list.every((s) => ok.number(s) && s > 0)) throw new InputError(`${who}: sigma is ${JSON.stringify(sigma)}; expected numbers above 0 (mm).`);
  return list;
}

/** A kernel's radius in voxels, refused before anything of its size is made. */
export function checkRadius(who: string, radius: number): number {
  if (radius <= 2000) return radius;
  throw new InputError(`${who}: its kernel reaches ${radius} voxels to each side, at most 2000 are allowed; choose a smaller sigma (mm) or cutoff.`);
}

/** Level of a wavelet, from 1 (the finest). */
export function levelOf(who: string, { level = 1 }: ConvolutionOptions): number {
  if (!ok.whole(level, 1, 12)) throw new InputError(`${who}: level is ${JSON.stringify(level)}; expected a whole number from 1 to 12.`);
  return level;
}

/** "3-0" for 3, "1-5" for 1.5: numbers inside an image's name, as PyRadiomics writes its sigmas. */
export function inName(x: number): string {
  return (Number.isInteger(x) ? x.toFixed(1) : String(x)).replace(".", "-");
}

export const dimensionName = (axes: number[]) => `${axes.length}D`;
