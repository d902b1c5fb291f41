// Normalisations and smoothing that PyRadiomics does not have, by what they promise.
import { expect, test } from "vitest";
import { checkParams, extract } from "../../src/features/index.js";
import { example, readVolume } from "../data.js";

const image = await readVolume(example("breast1_image.nrrd")), mask = await readVolume(example("breast1_label.nrrd"));
const values = async (setting: Record<string, unknown>) =>
  (await extract(image, mask, { params: checkParams({ setting: { binCount: 7, ...setting }, featureClass: { firstorder: [], glcm: ["Contrast"] } }, "test") })).values as Record<string, number>;

test("region: the region's mean becomes 0 and its sample sd the scale", async () => {
  const v = await values({ normalize: true, normalizeMethod: "region", normalizeScale: 10 });
  expect(v.original_firstorder_Mean).toBeCloseTo(0, 10);
  expect(v.original_firstorder_Variance).toBeCloseTo(100 * 142 / 143, 9); // population variance of 143 voxels
  expect(v.original_glcm_Contrast).toBeCloseTo((await values({})).original_glcm_Contrast, 12); // 7 bins (no integer on an edge) do not see a linear change
});

test("percentile and equalize lie in 0 to the scale and keep the order of intensities", async () => {
  for (const normalizeMethod of ["percentile", "equalize"]) {
    const v = await values({ normalize: true, normalizeMethod, normalizeScale: 100 });
    expect(v.original_firstorder_Minimum).toBeGreaterThanOrEqual(0);
    expect(v.original_firstorder_Maximum).toBeLessThanOrEqual(100);
    expect(v.original_firstorder_Median).toBeGreaterThan(v.original_firstorder_Minimum);
  }
});

test("smoothing lowers the variance, and a tiny sigma changes nothing", async () => {
  const plain = await values({}), smooth = await values({ smoothing: 2 }), tiny = await values({ smoothing: 0.01 });
  expect(smooth.original_firstorder_Variance).toBeLessThan(plain.original_firstorder_Variance);
  expect(tiny.original_firstorder_Variance).toBeCloseTo(plain.original_firstorder_Variance, 9);
});
