// Normalisation, percentiles, smoothing and histograms. Expected: ITK 5.2.1 through PyRadiomics, numpy 2.4.6, scipy 1.17.1,
// with the calls named.
import { expect, test } from "vitest";
import type { Box, Volume } from "../../src/image/index.js";
import { InputError } from "../../src/math/index.js";
import {
  applyCurve, applyZScore, clipRange, equalizationCurve, extremes, matchingCurve, normalizeImage, percentileRange, quantiles,
  rescale, smooth, statistics, wholeBox, zScore,
} from "../../src/prepare/index.js";
import { example, extendedTest, readVolume } from "../data.js";

const volumeOf = (data: Volume["data"], size: Volume["size"] = [data.length, 1, 1], spacing: Volume["spacing"] = [1, 1, 1]): Volume =>
  ({ size, spacing, origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1], data });

// SimpleITK.Normalize(image), stored as float32
extendedTest("breast1 normalised equals ITK", "radiomics/pyradiomics/expected/filter_maps/breast1_normalized.nrrd", async (path) => {
  const found = normalizeImage(await readVolume(example("breast1_image.nrrd")));
  const expected = await readVolume(path);
  expect(found.size).toEqual(expected.size);
  const wrong = Array.from(expected.data).filter((v, i) => Math.abs(Math.fround(found.data[i]) - v) > 0);
  expect(wrong).toEqual([]);
});

test("z-scores have mean 0 and sd 1; clipping comes before the scale", () => {
  const image = volumeOf(Float64Array.from({ length: 999 }, (_, i) => 40 + 25 * Math.sin(i * i)));
  const scored = statistics(normalizeImage(image).data);
  expect(scored.mean).toBeCloseTo(0, 12);
  expect(scored.sd).toBeCloseTo(1, 12);
  const clipped = statistics(normalizeImage(image, { normalizeScale: 100, removeOutliers: 1.2 }).data);
  expect([clipped.minimum, clipped.maximum]).toEqual([-120, 120]);
});

test("a box of z-scores is that part of the whole; statistics may be the region's", () => {
  const image = volumeOf(Int16Array.from({ length: 60 }, (_, i) => (i * 37) % 101), [5, 4, 3]);
  const region = Int32Array.of(3, 17, 29, 31);
  const stats = zScore(image.data, region);
  expect(stats.mean).toBe((image.data[3] + image.data[17] + image.data[29] + image.data[31]) / 4);
  const whole = applyZScore(image, wholeBox(image), stats);
  const box: Box = { lower: [1, 2, 1], size: [3, 2, 2] };
  const part = applyZScore(image, box, stats);
  for (let z = 0, i = 0; z < 2; z++) for (let y = 0; y < 2; y++) for (let x = 0; x < 3; x++, i++) {
    expect(part.data[i]).toBe(whole.data[((z + 1) * 4 + y + 2) * 5 + x + 1]);
  }
  expect(part.origin).toEqual([1, 2, 1]);
});

test("one pass is as accurate as two, far from 0 too", () => {
  const values = Float64Array.from({ length: 200_000 }, (_, i) => 1e9 + Math.sin(i * 1.7));
  let mean = 0;
  for (const v of values) mean += (v - 1e9) / values.length;
  let squares = 0;
  for (const v of values) squares += (v - 1e9 - mean) ** 2;
  const found = statistics(values);
  expect(found.mean).toBe(1e9 + mean);
  expect(found.sd / Math.sqrt(squares / (values.length - 1))).toBeCloseTo(1, 12);
});

test("a constant image, NaN and a single voxel cannot be normalised", () => {
  expect(() => zScore(Int16Array.of(4, 4, 4), undefined, "P017")).toThrow("P017: every voxel is 4, so its standard deviation is 0");
  expect(() => zScore(Float32Array.of(4, NaN))).toThrow(InputError);
  expect(() => zScore(Float32Array.of(4))).toThrow("needs at least 2");
  expect(() => rescale(volumeOf(Int16Array.of(1)), wholeBox({ size: [1, 1, 1] }), extremes(Int16Array.of(5, 5)))).toThrow(InputError);
});

// numpy.percentile(x, q)
test("quantiles agree with numpy.percentile, by counting and by selection", () => {
  const x = [9, -4, 7, 7, 0, 3, 250, 12, 5, -90];
  const q = [0, 0.01, 0.1, 0.37, 0.5, 0.99, 1];
  const expected = [-90, -82.26, -12.599999999999998, 3.66, 6, 228.58000000000004, 250];
  for (const type of [Int16Array, Int32Array, Float32Array, Float64Array]) expect(quantiles(type.from(x), q)).toEqual(expected);
  const y = Float64Array.from({ length: 5000 }, (_, i) => Math.sin(i * 1.7) * 1000);
  const found = quantiles(y, [0.005, 0.01, 0.25, 0.5, 0.733, 0.99]);
  [-999.8759020380488, -999.5079768265668, -706.3476009010185, -0.45915062104639615, 668.2626774577543, 999.482283762046]
    .forEach((v, k) => expect(found[k]).toBeCloseTo(v, 9));
});

test("percentile and min–max normalisation", () => {
  const image = volumeOf(Int16Array.from({ length: 101 }, (_, i) => 10 * i));
  expect(percentileRange(image.data, [1, 99])).toEqual({ low: 10, high: 990 });
  const clipped = rescale(image, wholeBox(image), percentileRange(image.data, [1, 99]), { clip: true }).data;
  expect([clipped[0], clipped[1], clipped[50], clipped[99], clipped[100]]).toEqual([0, 0, 0.5, 1, 1]);
  expect(rescale(image, wholeBox(image), percentileRange(image.data, [1, 99])).data[0]).toBe(-10 / 980);
  const full = rescale(image, wholeBox(image), extremes(image.data)).data;
  expect([full[0], full[25], full[100]]).toEqual([0, 0.25, 1]);
  expect(Array.from(clipRange(image, wholeBox(image), { low: 20, high: 980 }).data.slice(0, 4))).toEqual([20, 20, 20, 30]);
});

// scipy.ndimage.gaussian_filter(v.reshape(4, 5, 6), [1.5 / 3, 1.5 / 0.7, 1.5], mode=…, truncate=3), flat [0, 17, 63, 119]
test("Gaussian smoothing agrees with scipy at every boundary, and box by box", () => {
  const image = volumeOf(Float64Array.from({ length: 120 }, (_, i) => 10 * Math.sin(i * 0.9)), [6, 5, 4], [1, 0.7, 3]);
  const expected = {
    mirror: [-0.6304971874647903, 1.929720104945773, -1.1405454475543308, 1.5806553974815694],
    nearest: [0.29255669614630264, 1.2568347839659526, -0.4333292734589767, 0.8769002074434165],
    periodic: [-0.4900299850653199, 0.34619946385838785, -1.0815564161927615, 0.4994298039346924],
    zero: [-0.15804769319242873, 0.9771289298922883, -0.7987433928689998, 0.4515527151840836],
  };
  for (const boundary of ["mirror", "nearest", "periodic", "zero"] as const) {
    const { data } = smooth(image, wholeBox(image), { sigma: 1.5, truncate: 3, boundary });
    [0, 17, 63, 119].forEach((i, k) => expect(data[i]).toBeCloseTo(expected[boundary][k], 12));
    const part = smooth(image, { lower: [2, 3, 1], size: [3, 1, 2] }, { sigma: 1.5, truncate: 3, boundary }).data;
    for (let z = 0, i = 0; z < 2; z++) for (let x = 0; x < 3; x++, i++) expect(part[i]).toBe(data[((z + 1) * 5 + 3) * 6 + x + 2]);
  }
});

test("smoothing keeps a flat image flat, and sigma 0 keeps all", () => {
  const flat = volumeOf(Int16Array.from({ length: 60 }, () => 7), [5, 4, 3]);
  for (const v of smooth(flat, wholeBox(flat), { sigma: 2 }).data) expect(v).toBeCloseTo(7, 13);
  const other = volumeOf(Int16Array.from({ length: 60 }, (_, i) => i * i), [5, 4, 3]);
  expect(Array.from(smooth(other, wholeBox(other), { sigma: 0 }).data)).toEqual(Array.from(other.data));
  expect(() => smooth(other, wholeBox(other), { sigma: -1 })).toThrow("Gaussian smoothing: sigma is -1, -1, -1 mm");
});

// numpy: counts, edges = histogram(v, 4); interp(v, (edges[:-1] + edges[1:]) / 2, cumsum(counts) / 10)
test("histogram equalisation agrees with numpy and spreads ranks evenly", () => {
  const v = Float64Array.of(1, 1, 2, 2, 2, 3, 5, 8, 9, 11);
  const found = applyCurve(volumeOf(v), wholeBox(volumeOf(v)), equalizationCurve(v, { bins: 4 })).data;
  [0.6, 0.6, 0.6, 0.6, 0.6, 0.63, 0.71, 0.86, 0.94, 1].forEach((e, k) => expect(found[k]).toBeCloseTo(e, 14));
  const skewed = volumeOf(Float64Array.from({ length: 10_000 }, (_, i) => (i / 100) ** 3));
  const even = applyCurve(skewed, wholeBox(skewed), equalizationCurve(skewed.data, { bins: 100_000 })).data;
  // a rank is off by no more than the fullest bin's share: the first one holds the 216 voxels below 10
  expect(Math.max(...Array.from(even, (e, i) => Math.abs(e - i / 10_000)))).toBeLessThanOrEqual(0.0216 + 1e-12);
  expect(() => equalizationCurve(Int16Array.of(3, 3))).toThrow("every voxel is 3");
});

// numpy: interp(cumsum(counts) / n, cumsum(reference counts) / m, reference values)[inverse] with numpy.unique's results
test("histogram matching agrees with numpy; a monotone change of intensities is undone", () => {
  const v = Float64Array.of(1, 1, 2, 2, 2, 3, 5, 8, 9, 11);
  const reference = Float64Array.of(10, 20, 20, 40, 80);
  const found = applyCurve(volumeOf(v), wholeBox(volumeOf(v)), matchingCurve(v, reference)).data;
  [10, 10, 17.5, 17.5, 17.5, 20, 30, 40, 60, 80].forEach((e, k) => expect(found[k]).toBeCloseTo(e, 12));
  const original = Int16Array.from({ length: 70_000 }, (_, i) => (i * 7919) % 1000);
  const changed = volumeOf(original.map((x) => 3 * x - 500));
  const back = applyCurve(changed, wholeBox(changed), matchingCurve(changed.data, original)).data;
  expect(Array.from(back, Math.round)).toEqual(Array.from(original));
});
