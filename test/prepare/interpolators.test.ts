// Interpolators. Expected: scipy 1.17.1 for the spline and erf; the sincs and Gaussians have no reference run, so their
// weights are worked out from the formulas of ITK's documentation (numpy 2.4.6).
import { expect, test } from "vitest";
import type { Box, Triple, Volume } from "../../src/image/index.js";
import { interpolatorOf, resampleImage } from "../../src/prepare/index.js";
import { mixAxes, type AxisMix } from "../../src/prepare/axisMix.js";
import { splineCoefficients } from "../../src/prepare/bspline.js";
import { erf } from "../../src/prepare/erf.js";
import { gaussianMix, interpolators, linearMix, mixFor, nearestMix, type Interpolator } from "../../src/prepare/interpolators.js";
import { interpolated } from "../../src/prepare/resample.js";
import { truncated } from "../../src/prepare/truncate.js";

const line = Float64Array.of(1, 5, 2, 8, 3, 9, 4, -2, 6, 0);
const still = Float64Array.of(0);
const alongX = (values: Float64Array, positions: Float64Array, interpolator: Interpolator) =>
  Array.from(interpolated(({ lower, size }) => values.slice(lower[0], lower[0] + size[0]), [values.length, 1, 1], [positions, still, still], interpolator, new Float64Array(0)));

test("names with and without sitk, SimpleITK's numbers, and a hint for the rest", () => {
  expect([interpolatorOf("sitkBSpline"), interpolatorOf("BSpline"), interpolatorOf(3), interpolatorOf("3")]).toEqual(Array.from({ length: 4 }, () => "sitkBSpline"));
  expect([1, 2, 4, 5, 6, 7, 8, 9, 10].map(interpolatorOf)).toEqual(interpolators.filter((name) => name !== "sitkBSpline"));
  expect(() => interpolatorOf("sitkBSplin")).toThrow('interpolator is "sitkBSplin", which is not known. Did you mean "sitkBSpline"?');
  expect(() => interpolatorOf(11)).toThrow("numbers run from 1");
});

// scipy.ndimage.spline_filter1d(line, 3, mode="mirror"); map_coordinates(line, [[0.3, 2.5, 4.75, 8.9]], order=3, mode="mirror")
test("B-spline coefficients and samples agree with scipy", () => {
  const coefficients = splineCoefficients(() => line.slice(), [10, 1, 1], { lower: [0, 0, 0], size: [10, 1, 1] });
  [-2.927759279812554, 8.855518559625109, -2.494314958687878, 13.121741275126405, -1.9926501418177331, 12.848859292144532,
    4.5972129732396105, -7.237711185102972, 12.35363176717228, -6.176815883586139].forEach((c, k) => expect(coefficients[k]).toBeCloseTo(c, 12));
  const samples = alongX(line, Float64Array.of(0.3, 2.5, 4.75, 8.9), "sitkBSpline");
  [1.8503465038845734, 5.235284868664448, 7.592754578246393, 0.1727740288568247].forEach((s, k) => expect(samples[k]).toBeCloseTo(s, 12));
});

test("B-spline coefficients of a part equal those of the whole image", () => {
  const size: Triple = [130, 90, 100];
  const data = Float64Array.from({ length: size[0] * size[1] * size[2] }, (_, i) => ((i * 7919) % 1009) - 300);
  const asked: Box[] = [];
  const read = (box: Box): Float64Array => {
    asked.push(box);
    const out = new Float64Array(box.size[0] * box.size[1] * box.size[2]);
    for (let z = 0, i = 0; z < box.size[2]; z++) for (let y = 0; y < box.size[1]; y++) for (let x = 0; x < box.size[0]; x++, i++) {
      out[i] = data[((z + box.lower[2]) * size[1] + y + box.lower[1]) * size[0] + x + box.lower[0]];
    }
    return out;
  };
  const whole = splineCoefficients(read, size, { lower: [0, 0, 0], size });
  let worst = 0;
  for (const lower of [[60, 45, 48], [0, 3, 85], [125, 86, 0]] as Triple[]) {
    const part = splineCoefficients(read, size, { lower, size: [5, 4, 10] });
    for (let z = 0, i = 0; z < 10; z++) for (let y = 0; y < 4; y++) for (let x = 0; x < 5; x++, i++) {
      worst = Math.max(worst, Math.abs(part[i] - whole[((z + lower[2]) * size[1] + y + lower[1]) * size[0] + x + lower[0]]));
    }
  }
  // coefficients reach some thousands: 1e-12 is about their last bit
  expect(worst).toBeLessThanOrEqual(1e-12);
  expect(asked[1]).toEqual({ lower: [24, 9, 12], size: [77, 76, 82] });
});

test("windowed sincs weigh as their formulas say half-way between voxels, and pass through the voxels", () => {
  const impulse = new Float64Array(21);
  impulse[10] = 1;
  // window(x) · sinc(x) at 0.5, 1.5, … 4.5 with half-width 5
  const expected: Partial<Record<Interpolator, number[]>> = {
    sitkHammingWindowedSinc: [0.6222869132182558, -0.1719682350985345, 0.06875493541569878, -0.024520664123054915, 0.0072513823265257975],
    sitkCosineWindowedSinc: [0.6287819265597908, -0.1890774568689429, 0.09003163161571061, -0.04128847551446211, 0.011065474836039577],
    sitkWelchWindowedSinc: [0.6302535746439055, -0.19310799761816635, 0.0954929658551372, -0.04638229770106664, 0.013439750749982278],
    sitkLanczosWindowedSinc: [0.6261993527133461, -0.18215679879296934, 0.08105694691387022, -0.033457371206871915, 0.00773085620633761],
    sitkBlackmanWindowedSinc: [0.6113138930346856, -0.14624668495425885, 0.043290144520995534, -0.009220620192474417, 0.0006502789024622315],
  };
  for (const [name, weights] of Object.entries(expected) as [Interpolator, number[]][]) {
    const samples = alongX(impulse, Float64Array.from({ length: 12 }, (_, k) => 4.5 + k), name);
    const symmetric = [0, ...weights.toReversed(), ...weights, 0];
    symmetric.forEach((w, k) => expect(samples[k], name).toBeCloseTo(w, 12));
    expect(alongX(line, Float64Array.from(line.keys()), name)).toEqual(Array.from(line));
    // beyond the border its voxel is repeated
    expect(alongX(Float64Array.of(2, 2, 2), Float64Array.of(-0.4, 2.3), name).every((v) => Math.abs(v - 2) < 0.05)).toBe(true);
  }
});

// scipy.special.erf
test("the Gaussian weighs by integrals over the voxels within 0.8 voxel, scaled to 1", () => {
  [0.1124629160182849, 0.5204998778130465, 0.8427007929497148, 0.999593047982555, 0.9999999971445058, -0.9837904585907745, 0.9999999999999999]
    .forEach((e, k) => expect(erf([0.1, 0.5, 1, 2.5, 4.2, -1.7, 5.9][k])).toBeCloseTo(e, 14));
  expect([erf(0), erf(7), erf(-40)]).toEqual([0, 1, -1]);
  const { source, weight } = gaussianMix(Float64Array.of(2.25), 5, 0.8, 1);
  expect(Array.from(source.subarray(0, 3))).toEqual([1, 2, 3]);
  [0.17257098307010674, 0.48396014140653787, 0.3434688755233555].forEach((w, k) => expect(weight[k]).toBeCloseTo(w, 12));
});

test("weights of linear, spline and Gaussian add up to 1 everywhere, at borders and on short axes too", () => {
  for (const n of [1, 2, 3, 9]) {
    const positions = Float64Array.from({ length: 40 }, (_, k) => -0.5 + (k * n) / 40);
    for (const name of ["sitkLinear", "sitkBSpline", "sitkGaussian", "sitkLabelGaussian"] as const) {
      const { taps, source, weight } = mixFor(name, positions, n);
      positions.forEach((_, k) => expect(weight.subarray(k * taps, (k + 1) * taps).reduce((a, b) => a + b)).toBeCloseTo(1, 13));
      expect(source.every((s) => s >= 0 && s < n)).toBe(true);
    }
  }
});

test("nearest: halves go up", () => {
  expect(Array.from(nearestMix(Float64Array.of(-0.5, 0.49, 0.5, 1.5, 2.4), 3).source)).toEqual([0, 0, 1, 2, 2]);
});

test("label voting makes no new labels and follows the majority", () => {
  const labels = Float64Array.of(7, 7, 7, 3, 3, 9);
  const samples = alongX(labels, Float64Array.from({ length: 60 }, (_, k) => -0.45 + k / 10), "sitkLabelGaussian");
  expect(new Set(samples)).toEqual(new Set([7, 3, 9]));
  expect(samples.slice(0, 29).every((v) => v === 7)).toBe(true);
});

test("a flat image stays exactly flat in linear interpolation", () => {
  const flat = Float64Array.from({ length: 8 }, () => 0.1);
  const mixes = [linearMix(Float64Array.from({ length: 30 }, (_, k) => k / 4.3), 8), nearestMix(still, 1), nearestMix(still, 1)] as [AxisMix, AxisMix, AxisMix];
  expect(mixAxes(flat, [8, 1, 1], mixes).every((v) => v === 0.1)).toBe(true);
});

test("integers are cut toward 0 and held in range", () => {
  expect(Array.from(truncated(Float64Array.of(-1.7, 1.7, 300, -40000, 255.9), new Uint8Array(0)))).toEqual([0, 1, 255, 0, 255]);
  expect(Array.from(truncated(Float64Array.of(-1.7, 1.7, 40000, -40000), new Int16Array(0)))).toEqual([-1, 1, 32767, -32768]);
});

const volume = (data: Volume["data"], size: Triple, spacing: Triple, direction = [1, 0, 0, 0, 1, 0, 0, 0, 1]): Volume =>
  ({ size, spacing, origin: [-12.5, 31.1, 4.7], direction, data });
const noise = Int16Array.from({ length: 20 * 18 * 16 }, (_, i) => ((i * 7919) % 601) - 200);
const block = Uint8Array.from(noise, (_, i) => (i % 20 > 4 && i % 20 < 15 && Math.floor(i / 20) % 18 > 5 && i > 360 * 5 && i < 360 * 11 ? 1 : 0));

test("orientation and place of the grid do not change the voxels", () => {
  const settings = { resampledPixelSpacing: [0.83, 1.31, 1.7] };
  const upright = resampleImage(volume(noise, [20, 18, 16], [1, 1, 2]), block, settings);
  const c = Math.cos(0.3), s = Math.sin(0.3);
  for (const direction of [[0, 0, 1, -1, 0, 0, 0, -1, 0], [-1, 0, 0, 0, -1, 0, 0, 0, 1], [c, -s, 0, s, c, 0, 0, 0, 1]]) {
    const turned = resampleImage(volume(noise, [20, 18, 16], [1, 1, 2], direction), block, settings);
    expect(turned.image.data).toEqual(upright.image.data);
    expect(turned.inside).toEqual(upright.inside);
    expect(turned.image.direction).toEqual(direction);
  }
});

test("samples that fall on voxels are those voxels, or one less where the sum rounds below", () => {
  // a third of the spacing: the middle one of three samples is a voxel; only z is changed
  const { image } = resampleImage(volume(noise, [20, 18, 16], [1, 1, 3]), block, { resampledPixelSpacing: [0, 0, 1], padDistance: 100 });
  expect(image.size).toEqual([20, 18, 48]);
  for (let i = 0; i < noise.length; i++) {
    const z = Math.floor(i / 360);
    expect(Math.abs(image.data[(3 * z + 1) * 360 + (i % 360)] - noise[i])).toBeLessThanOrEqual(1);
  }
});

test("a last sample beyond the image is 0, in image and region", () => {
  const line5 = volume(Int16Array.of(5, 5, 5, 5, 5), [5, 1, 1], [1, 1, 1]);
  // ceil(5 / 1.8) = 3 samples of 1.8 mm reach 5.4 mm; their centres 0.4, 2.2, 4.0 lie inside; of 3 mm: 1 and 4
  expect(Array.from(resampleImage(line5, Uint8Array.of(1, 1, 1, 1, 1), { resampledPixelSpacing: [1.8, 0, 0], interpolator: "Linear" }).image.data)).toEqual([5, 5, 5]);
  const two = resampleImage(line5, Uint8Array.of(1, 1, 1, 1, 1), { resampledPixelSpacing: [3.8, 0, 0], interpolator: "Linear" });
  expect([Array.from(two.image.data), Array.from(two.inside)]).toEqual([[5, 0], [1, 0]]);
});

test("spacing, region and size are checked", () => {
  const image = volume(noise, [20, 18, 16], [1, 1, 2]);
  expect(() => resampleImage(image, block, { resampledPixelSpacing: [1, 1] }, "P017")).toThrow("P017: resampledPixelSpacing is [1, 1], but it must hold three numbers");
  expect(() => resampleImage(image, block, { resampledPixelSpacing: [1, -1, 1] })).toThrow("each 0 (keep) or above");
  expect(() => resampleImage(image, block, { resampledPixelSpacing: [1e-4, 1e-4, 1e-4] })).toThrow("more than 2^30");
  expect(() => resampleImage(image, new Uint8Array(block.length), { resampledPixelSpacing: [1, 1, 1] })).toThrow("has no voxel");
});
