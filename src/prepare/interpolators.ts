import { cos, didYouMean, InputError, sin } from "../math/index.js";
import type { AxisMix } from "./axisMix.js";
import { erf } from "./erf.js";

/** SimpleITK's interpolators that PyRadiomics offers, in the order of SimpleITK's numbers 1 to 10. */
export const interpolators = [
  "sitkNearestNeighbor", "sitkLinear", "sitkBSpline", "sitkGaussian", "sitkLabelGaussian",
  "sitkHammingWindowedSinc", "sitkCosineWindowedSinc", "sitkWelchWindowedSinc", "sitkLanczosWindowedSinc", "sitkBlackmanWindowedSinc",
] as const;
export type Interpolator = (typeof interpolators)[number];

/**
 * The interpolator meant by a name, with or without "sitk", or by SimpleITK's number (1 nearest … 10 Blackman).
 * @throws InputError an unknown one (PyRadiomics would go on with B-spline)
 */
export function interpolatorOf(wanted: string | number): Interpolator {
  if (typeof wanted === "number" || /^\d+$/.test(wanted)) {
    const found = interpolators[Number(wanted) - 1];
    if (found !== undefined) return found;
    throw new InputError(`interpolator is ${wanted}, but SimpleITK's numbers run from 1 (nearest neighbour) to 10 (Blackman sinc).`);
  }
  const found = interpolators.find((name) => name === wanted || name.slice(4) === wanted);
  if (found === undefined) throw new InputError(`interpolator is "${wanted}", which is not known. ${didYouMean(wanted, interpolators)}`);
  return found;
}

/**
 * Nearest voxel: position + ½ rounded down, so halves go up, as ITK does.
 * @param positions where the samples lie on the old axis, in voxels from the first centre
 * @param n         voxels of the old axis
 */
export function nearestMix(positions: Float64Array, n: number): AxisMix {
  const source = Int32Array.from(positions, (p) => clamp(Math.floor(p + 0.5), n));
  return { taps: 1, source, weight: new Float64Array(source.length).fill(1) };
}

/** Linear between the two voxels around the position; beyond the outermost centres their value holds. */
export function linearMix(positions: Float64Array, n: number): AxisMix {
  return mixOf(positions, 2, (p, source, weight) => {
    const base = Math.max(Math.floor(p), 0);
    const share = Math.max(p - base, 0);
    [source[0], source[1], weight[0], weight[1]] = [clamp(base, n), clamp(base + 1, n), 1 - share, share];
  });
}

/**
 * Cubic B-spline: weights of the four coefficients around the position, mirrored at the outermost centres.
 * The data must be B-spline coefficients (see bspline.ts). Thévenaz, Blu, Unser, IEEE Trans Med Imaging 2000;19:739.
 */
export function cubicMix(positions: Float64Array, n: number): AxisMix {
  const period = 2 * (n - 1);
  const mirrored = (i: number) => {
    if (n === 1) return 0;
    const up = Math.abs(i) % period;
    return up >= n ? period - up : up;
  };
  return mixOf(positions, 4, (p, source, weight) => {
    // ITK takes the floor of the single-precision position; it moves the base only where the spline is smooth across it
    const base = Math.floor(Math.fround(p));
    const w = p - base;
    weight[3] = (1 / 6) * w * w * w;
    weight[0] = 1 / 6 + 0.5 * w * (w - 1) - weight[3];
    weight[2] = w + weight[0] - 2 * weight[3];
    weight[1] = 1 - weight[0] - weight[2] - weight[3];
    for (let t = 0; t < 4; t++) source[t] = mirrored(base - 1 + t);
  });
}

/**
 * Gaussian: each voxel weighs by the integral of a normal curve over it, and weights add up to 1; voxels within
 * alpha · sigma take part. ITK's GaussianInterpolateImageFunction. sigma and the cut-off count in voxels.
 */
export function gaussianMix(positions: Float64Array, n: number, sigma: number, alpha: number): AxisMix {
  const scale = 1 / (Math.SQRT2 * sigma);
  const cut = sigma * alpha;
  return mixOf(positions, 2 * Math.ceil(cut) + 2, (p, source, weight) => {
    const from = Math.max(Math.floor(p + 0.5 - cut), 0);
    const to = Math.min(Math.ceil(p + 0.5 + cut), n);
    let total = 0;
    for (let i = from; i < to; i++) {
      source[i - from] = i;
      weight[i - from] = erf((i + 0.5 - p) * scale) - erf((i - 0.5 - p) * scale);
      total += weight[i - from];
    }
    for (let t = 0; t < to - from; t++) weight[t] /= total;
    source.fill(clamp(from, n), Math.max(to - from, 0));
  });
}

/** Windows of half-width m = 5 that taper the sinc. Meijering et al., MICCAI 1999:210; ITK's WindowedSincInterpolateImageFunction. */
const windows: Partial<Record<Interpolator, (x: number, m: number) => number>> = {
  sitkHammingWindowedSinc: (x, m) => 0.54 + 0.46 * cos((Math.PI * x) / m),
  sitkCosineWindowedSinc: (x, m) => cos((Math.PI * x) / (2 * m)),
  sitkWelchWindowedSinc: (x, m) => 1 - (x * x) / (m * m),
  sitkLanczosWindowedSinc: (x, m) => sinc(x / m),
  sitkBlackmanWindowedSinc: (x, m) => 0.42 + 0.5 * cos((Math.PI * x) / m) + 0.08 * cos((2 * Math.PI * x) / m),
};

/** Windowed sinc over the ten voxels around the position, edges replicated; weights are not normalised, as in ITK. */
export function sincMix(positions: Float64Array, n: number, interpolator: Interpolator): AxisMix {
  const window = windows[interpolator]!;
  const m = 5;
  return mixOf(positions, 2 * m, (p, source, weight) => {
    const base = Math.floor(p);
    const rest = p - base;
    for (let t = 0; t < 2 * m; t++) {
      const offset = t + 1 - m;
      source[t] = clamp(base + offset, n);
      const x = rest - offset;
      weight[t] = rest === 0 ? (offset === 0 ? 1 : 0) : window(x, m) * sinc(x);
    }
  });
}

/** The mix of an interpolator; sitkLabelGaussian's one is for its vote (see labelVote). */
export function mixFor(interpolator: Interpolator, positions: Float64Array, n: number): AxisMix {
  switch (interpolator) {
    case "sitkNearestNeighbor": return nearestMix(positions, n);
    case "sitkLinear": return linearMix(positions, n);
    case "sitkBSpline": return cubicMix(positions, n);
    // SimpleITK documents alpha 4 for the first, but leaves ITK's default of 1 in force
    case "sitkGaussian": return gaussianMix(positions, n, 0.8, 1);
    case "sitkLabelGaussian": return gaussianMix(positions, n, 1, 1);
    default: return sincMix(positions, n, interpolator);
  }
}

function mixOf(positions: Float64Array, taps: number, fill: (p: number, source: Int32Array, weight: Float64Array) => void): AxisMix {
  const source = new Int32Array(positions.length * taps);
  const weight = new Float64Array(positions.length * taps);
  positions.forEach((p, k) => fill(p, source.subarray(k * taps, (k + 1) * taps), weight.subarray(k * taps, (k + 1) * taps)));
  return { taps, source, weight };
}

const clamp = (i: number, n: number) => (i < 0 ? 0 : i >= n ? n - 1 : i);
const sinc = (x: number) => (x === 0 ? 1 : sin(Math.PI * x) / (Math.PI * x));
