// Grey levels. Expected: numpy 2.4.6 with the calls named, and PyRadiomics 8ed5793 through entropy and uniformity.
import { expect, test } from "vitest";
import { selectLabel, type Voxels } from "../../src/image/index.js";
import { InputError } from "../../src/math/index.js";
import { binEdges, digitize, ibsiLevels, normalizeImage, positions, resampleImage, resegment } from "../../src/prepare/index.js";
import { example, golden, readJson, readVolume, toNumber } from "../data.js";

const all = (values: Voxels) => Int32Array.from(values.keys());
const levelsOf = (values: Voxels, options: { binWidth: number; binCount?: number }) =>
  Array.from(digitize(values, all(values), binEdges(values, all(values), options)).level);

/** A small generator of repeatable numbers in [0, 1). */
function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** np.searchsorted(edges, v, side="right") by counting. */
const counted = (v: number, edges: Float64Array) => edges.reduce((n, e) => n + (e <= v ? 1 : 0), 0);

test("bin width: numpy.arange(low − low % 0.3, high + 0.6, 0.3) and numpy.digitize", () => {
  const v = Float64Array.of(-7.3, -0.3, 0, 0.1, 0.3, 0.6, 0.7, 2.1, 2.4, 2.7);
  const edges = binEdges(v, all(v), { binWidth: 0.3 });
  expect(edges.length).toBe(37);
  expect([edges[0], edges[1], edges[10], edges[36]]).toEqual([-7.5, -7.2, -4.500000000000002, 3.2999999999999936]);
  expect(levelsOf(v, { binWidth: 0.3 })).toEqual([1, 25, 26, 26, 27, 28, 28, 33, 34, 35]);
});

// float32: numpy.linspace(float(v.min()), float(v.max()), 8).astype(float32), what numpy.histogram before 2.0 makes
test("bin count: numpy.histogram(v, 7)[1] with 1 added to the last, in the image's float type", () => {
  const v = Float32Array.of(0.1, 0.25, 0.7, 1.3, 2.9, 3.3);
  expect(Array.from(binEdges(v, all(v), { binWidth: 25, binCount: 7 }))).toEqual([
    0.10000000149011612, 0.5571428537368774, 1.014285683631897, 1.4714285135269165, 1.928571343421936, 2.385714292526245,
    2.8428571224212646, 4.300000190734863]);
  expect(levelsOf(v, { binWidth: 25, binCount: 7 })).toEqual([1, 1, 2, 3, 7, 7]);
  const wide = Float64Array.from(v);
  expect(Array.from(binEdges(wide, all(wide), { binWidth: 25, binCount: 7 }))).toEqual([
    0.10000000149011612, 0.5571428516081401, 1.0142857017261642, 1.471428551844188, 1.9285714019622122, 2.3857142520802364,
    2.84285710219826, 4.299999952316284]);
});

test("a value equal to an edge goes up; negative values too; a flat region is one bin", () => {
  expect(levelsOf(Int16Array.of(-50, -26, -25, -1, 0, 24, 25), { binWidth: 25 })).toEqual([1, 1, 2, 2, 3, 3, 4]);
  expect(levelsOf(Int16Array.of(7, 7, 7), { binWidth: 25 })).toEqual([1, 1, 1]);
  expect(levelsOf(Int16Array.of(7, 7, 7), { binWidth: 25, binCount: 1 })).toEqual([1, 1, 1]);
  // numpy.histogram widens a flat range by 0.5 to both sides, so the value lies in the middle bin
  expect(levelsOf(Int16Array.of(7, 7, 7), { binWidth: 25, binCount: 32 })).toEqual([17, 17, 17]);
});

test("levels are the count of edges not above, whatever the type, width and count", () => {
  const random = chance(7);
  for (const make of [Float64Array, Float32Array, Int16Array]) {
    for (const options of [{ binWidth: 25 }, { binWidth: 0.3 }, { binWidth: 3.5 }, { binWidth: 1e-3 }, { binWidth: 25, binCount: 16 }, { binWidth: 25, binCount: 1 }]) {
      const scale = 10 ** Math.floor(random() * 3);
      const values = make.from(Array.from({ length: 200 }, () => (random() - 0.3) * scale));
      const few = { ...options, binWidth: Math.max(options.binWidth, scale / 3000) };
      // put values on edges and one step to both sides of them
      const edges = binEdges(values, all(values), few);
      for (let k = 0; k < 60; k++) {
        const edge = edges[Math.floor(random() * (edges.length - 2))];
        values[k] = edge >= edges[0] && k % 3 === 0 ? edge : edge * (1 + (k % 3 === 1 ? 1 : -1) * 2 ** -52);
      }
      const now = binEdges(values, all(values), few);
      const { level, highest } = digitize(values, all(values), now);
      const expected = Array.from(values, (v) => counted(v, now));
      expect(Array.from(level)).toEqual(expected);
      expect(highest).toBe(Math.max(...expected));
      expect(Math.min(...expected)).toBeGreaterThanOrEqual(1);
    }
  }
});

test("outside the region the level is 0; many bins get a wide array", () => {
  const values = Float64Array.of(900000, 5, 1, 70000);
  const index = Int32Array.of(1, 2, 3);
  const { level, highest } = digitize(values, index, binEdges(values, index, { binWidth: 1 }));
  expect([Array.from(level), highest, level.constructor]).toEqual([[0, 5, 1, 70000], 70000, Int32Array]);
});

test("what cannot be binned says who, what and what to do", () => {
  const values = Float64Array.of(0, 1e9, NaN);
  expect(() => binEdges(values, Int32Array.of(0, 1), { binWidth: 0.001 }, "P017, log-sigma-1")).toThrow(
    "P017, log-sigma-1: intensities from 0 to 1000000000 in bins of 0.001 make 1.0e+12 bins, but at most 10,000,000 are possible; choose a larger bin width, or a bin count.");
  expect(() => binEdges(values, all(values), { binWidth: 25 }, "P017")).toThrow("P017: 1 of 3 voxels are NaN or infinite");
  expect(() => binEdges(values, new Int32Array(0), { binWidth: 25 })).toThrow(InputError);
  expect(() => binEdges(values, Int32Array.of(0, 1), { binWidth: 0 })).toThrow("the bin width is 0");
  expect(() => binEdges(values, Int32Array.of(0, 1), { binWidth: 25, binCount: 2.5 })).toThrow("the number of bins is 2.5");
});

// firstorder Entropy and Uniformity are functions of the levels' shares alone
for (const name of ["breast1", "brain1"]) {
  test(`${name}: entropy and uniformity of the levels as PyRadiomics, every setting`, async () => {
    const image = await readVolume(example(`${name}_image.nrrd`));
    const mask = selectLabel(await readVolume(example(`${name}_label.nrrd`)), 1);
    const runs = { ...readJson(golden(`pyradiomics/settings_${name}.json.gz`)).runs, ...readJson(golden(`pyradiomics/${name}.json.gz`)).runs };
    let compared = 0;
    for (const [run, { config, features }] of Object.entries<any>(runs)) {
      if (features?.original_firstorder_Entropy === undefined) continue;
      const setting = { ...config.setting, ...config.imageType.Original };
      let values = setting.normalize ? normalizeImage(image, setting) : image;
      let inside = mask;
      if (setting.resampledPixelSpacing) ({ image: values, inside } = resampleImage(values, inside, setting));
      let index = positions(inside);
      if (setting.resegmentRange) index = resegment(values.data, index, setting);
      const { level, highest } = digitize(values.data, index, binEdges(values.data, index, { binWidth: 25, ...setting }));
      const counts = new Float64Array(highest + 1);
      for (const i of index) counts[level[i]]++;
      const shares = counts.map((c) => c / index.length);
      const entropy = -shares.reduce((sum, p) => sum + p * Math.log2(p + 2 ** -52), 0);
      const uniformity = shares.reduce((sum, p) => sum + p * p, 0);
      expect(entropy / toNumber(features.original_firstorder_Entropy), run).toBeCloseTo(1, 10);
      expect(uniformity / toNumber(features.original_firstorder_Uniformity), run).toBeCloseTo(1, 10);
      compared++;
    }
    expect(compared).toBeGreaterThan(25);
  });
}

test("IBSI: fixed bin number and size, from the region's minimum or a given origin", () => {
  const v = Float64Array.of(-3, 0, 1, 4.9, 5, 7);
  const levels = (bins: Parameters<typeof ibsiLevels>[2]) => Array.from(ibsiLevels(v, all(v), bins).level);
  expect(levels({ binNumber: 5 })).toEqual([1, 2, 3, 4, 5, 5]); // width 2: -3, -1, 1, 3, 5
  expect(levels({ binSize: 4 })).toEqual([1, 1, 2, 2, 3, 3]);
  expect(levels({ binSize: 4, origin: -10 })).toEqual([2, 3, 3, 4, 4, 5]);
  expect(ibsiLevels(Float64Array.of(2, 2), Int32Array.of(0, 1), { binNumber: 8 })).toEqual({ level: Uint16Array.of(1, 1), highest: 1 });
  expect(Array.from(ibsiLevels(Uint8Array.of(0, 6, 1), Int32Array.of(1, 2), { asTheyAre: true }).level)).toEqual([0, 6, 1]);
  expect(() => levels({ binSize: 4, origin: 0 })).toThrow("its least intensity -3 lies below the first bin");
  expect(() => levels({ asTheyAre: true })).toThrow("cannot serve as grey levels");
});

test("IBSI: equal bins of a shifted and scaled image", () => {
  const random = chance(3);
  const values = Float64Array.from({ length: 500 }, () => Math.floor(random() * 512));
  const moved = values.map((v) => 4 * v - 1000);
  expect(ibsiLevels(moved, all(moved), { binNumber: 32 })).toEqual(ibsiLevels(values, all(values), { binNumber: 32 }));
  expect(ibsiLevels(moved, all(moved), { binSize: 100 })).toEqual(ibsiLevels(values, all(values), { binSize: 25 }));
});
