// Re-segmentation. Expected: voxel counts and diagnostics of PyRadiomics 8ed5793 (test/golden/SOURCE.md).
import { expect, test } from "vitest";
import { boundingBox, selectLabel } from "../../src/image/index.js";
import { InputError } from "../../src/math/index.js";
import { ibsiResegment, positions, resampleImage, resegment, resegmentMask, statistics } from "../../src/prepare/index.js";
import { example, golden, readJson, readVolume } from "../data.js";

for (const name of ["breast1", "brain1"]) {
  test(`${name}: every re-segmentation keeps PyRadiomics' voxels`, async () => {
    const image = await readVolume(example(`${name}_image.nrrd`));
    const mask = await readVolume(example(`${name}_label.nrrd`));
    let compared = 0;
    for (const [run, { config, diagnostics: d, roi_voxels_after_preprocessing: voxels }] of Object.entries<any>(readJson(golden(`pyradiomics/settings_${name}.json.gz`)).runs)) {
      const setting = config.setting;
      if (setting?.resegmentRange === undefined) continue;
      let values = image;
      let inside = selectLabel(mask, 1);
      if (setting.resampledPixelSpacing) ({ image: values, inside } = resampleImage(image, inside, setting));
      const kept = resegment(values.data, positions(inside), setting);
      expect(kept.length, run).toBe(voxels);
      const { mean, minimum, maximum } = statistics(values.data, kept);
      expect(mean / d["diagnostics_Mask-resegmented_Mean"], run).toBeCloseTo(1, 12);
      expect([minimum, maximum], run).toEqual([d["diagnostics_Mask-resegmented_Minimum"], d["diagnostics_Mask-resegmented_Maximum"]]);
      const now = new Uint8Array(inside.length);
      for (const i of kept) now[i] = 1;
      const box = boundingBox(now, values.size);
      expect([...box.lower, ...box.size], run).toEqual(d["diagnostics_Mask-resegmented_BoundingBox"]);
      compared++;
    }
    expect(compared).toBeGreaterThanOrEqual(8);
  });
}

const values = Int16Array.of(9, 1, 2, 3, 4, 10, 99);
const region = Int32Array.of(1, 2, 3, 4, 5);

test("both thresholds are included, in any order; one threshold is the lower", () => {
  expect(Array.from(resegment(values, region, { resegmentRange: [4, 2] }))).toEqual([2, 3, 4]);
  expect(Array.from(resegment(values, region, { resegmentRange: [4] }))).toEqual([4, 5]);
  expect(Array.from(resegment(values, region, { resegmentRange: [0.2, 0.4], resegmentMode: "relative" }))).toEqual([2, 3, 4]);
  // mean 4, population sd √10
  expect(Array.from(resegment(values, region, { resegmentRange: [-0.7, 1], resegmentMode: "sigma" }))).toEqual([2, 3, 4]);
});

test("a mask keeps its label, its type and nothing else", () => {
  const grid = { size: [7, 1, 1], spacing: [1, 1, 1], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
  const image = { ...structuredClone(grid), data: values } as any;
  const mask = { ...structuredClone(grid), data: Uint16Array.of(2, 5, 5, 5, 5, 5, 0) } as any;
  const { data } = resegmentMask(image, mask, { resegmentRange: [2, 4], label: 5 });
  expect(data).toEqual(Uint16Array.of(0, 0, 5, 5, 5, 0, 0));
});

test("too little left, too many thresholds and unknown modes are refused", () => {
  expect(() => resegment(values, region, { resegmentRange: [10, 20] }, "P017")).toThrow(
    "P017: re-segmentation to 10 … 20 leaves 1 of 5 voxels, but at least 2 are needed; widen resegmentRange (10, 20, mode absolute).");
  expect(() => resegment(values, region, { resegmentRange: [] })).toThrow(InputError);
  expect(() => resegment(values, region, { resegmentRange: [1, 2, 3] })).toThrow("must hold one number (lower) or two");
  expect(() => resegment(values, region, { resegmentRange: [1], resegmentMode: "sigmoid" as never })).toThrow("must be absolute, relative or sigma");
  expect(() => ibsiResegment(values, region, { range: [50, 60] })).toThrow("leaves none of 5 voxels");
});

test("IBSI: range and outliers both apply, each to the region as given", () => {
  expect(Array.from(ibsiResegment(values, region, { range: [2, Infinity] }))).toEqual([2, 3, 4, 5]);
  // 4 ± 1.5 √10 = −0.74 … 8.74
  expect(Array.from(ibsiResegment(values, region, { sigmas: 1.5 }))).toEqual([1, 2, 3, 4]);
  expect(Array.from(ibsiResegment(values, region, { range: [2, 100], sigmas: 1.5 }))).toEqual([2, 3, 4]);
  expect(Array.from(ibsiResegment(values, region, {}))).toEqual(Array.from(region));
});
