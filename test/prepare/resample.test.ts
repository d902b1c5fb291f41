// Resampling as PyRadiomics does it. Expected: PyRadiomics 8ed5793 with ITK 5.2.1 (test/golden/SOURCE.md).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { boundingBox, selectLabel, type Volume } from "../../src/image/index.js";
import { applyZScore, normalizeImage, quantiles, resampleImage, statistics, zScore } from "../../src/prepare/index.js";
import { positions } from "../../src/prepare/resegment.js";
import { example, extended, extendedTest, golden, readJson, readVolume, toNumber } from "../data.js";

type Run = { config: { setting?: Record<string, any> }; diagnostics: Record<string, any> };

/** Image and region after the settings of a run, up to resampling. */
async function prepared(imagePath: string, labelPath: string, setting: Record<string, any>) {
  const image = await readVolume(imagePath);
  const inside = selectLabel(await readVolume(labelPath), setting.label ?? 1);
  const values = setting.normalize ? normalizeImage(image, setting) : image;
  return resampleImage(values, inside, { ...setting, resampledPixelSpacing: setting.resampledPixelSpacing });
}

function expectDiagnostics({ image, inside }: { image: Volume; inside: Uint8Array }, expected: Record<string, any>) {
  const close = (found: number, name: string, tolerance = 1e-12) => {
    const wanted = toNumber(expected[name]);
    expect(Math.abs(found - wanted), `${name}: ${found} against ${wanted}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));
  };
  expect(image.size).toEqual(expected["diagnostics_Image-interpolated_Size"]);
  expect(image.spacing).toEqual(expected["diagnostics_Image-interpolated_Spacing"]);
  const whole = statistics(image.data);
  close(whole.mean, "diagnostics_Image-interpolated_Mean");
  close(whole.minimum, "diagnostics_Image-interpolated_Minimum");
  close(whole.maximum, "diagnostics_Image-interpolated_Maximum");
  const index = positions(inside);
  expect(index.length).toBe(expected["diagnostics_Mask-interpolated_VoxelNum"]);
  const box = boundingBox(inside, image.size);
  expect([...box.lower, ...box.size]).toEqual(expected["diagnostics_Mask-interpolated_BoundingBox"]);
  const region = statistics(image.data, index);
  close(region.mean, "diagnostics_Mask-interpolated_Mean");
  close(region.minimum, "diagnostics_Mask-interpolated_Minimum");
  close(region.maximum, "diagnostics_Mask-interpolated_Maximum");
}

for (const name of ["breast1", "brain1"]) {
  const runs: Record<string, Run> = readJson(golden(`pyradiomics/settings_${name}.json.gz`)).runs;
  for (const [run, { config, diagnostics }] of Object.entries(runs)) {
    if (!diagnostics || config.setting?.resampledPixelSpacing === undefined) continue;
    test(`${name} ${run}: size, spacing, voxels, mean and range as PyRadiomics`, async () => {
      expectDiagnostics(await prepared(example(`${name}_image.nrrd`), example(`${name}_label.nrrd`), config.setting!), diagnostics);
    });
  }
}

for (const name of ["breast1", "brain1"]) {
  test(`${name} norm100_iso1_bw5: z-scores, outliers, 1 mm B-spline as PyRadiomics`, async () => {
    const { config } = readJson(golden(`pyradiomics/${name}.json.gz`)).runs.norm100_iso1_bw5;
    const { [name]: runs } = readJson(golden("pyradiomics/diagnostics.json")).cases;
    expectDiagnostics(await prepared(example(`${name}_image.nrrd`), example(`${name}_label.nrrd`), config.setting), runs.norm100_iso1_bw5);
  });
}

extendedTest("brain2 norm100_iso1_bw5: z-scores, outliers, 1 mm B-spline as PyRadiomics", "radiomics/pyradiomics/expected/brain2.json", async (path) => {
  const { config } = readJson(path).runs.norm100_iso1_bw5;
  const root = extended("radiomics/pyradiomics")!;
  expectDiagnostics(await prepared(`${root}/brain2_image.nrrd`, `${root}/brain2_label.nrrd`, config.setting), readJson(golden("pyradiomics/diagnostics.json")).cases.brain2.norm100_iso1_bw5);
});

// baseline_firstorder.csv, columns *_resampling: resampledPixelSpacing [2, 2, 2], sitkBSpline; PyRadiomics 2.0 with SimpleITK 0.9.1
extendedTest("published baseline at 2 mm: first-order values of brain1, brain2, breast1", "radiomics/pyradiomics/baseline/baseline_firstorder.csv", async (path) => {
  const rows = readFileSync(path, "utf8").trim().split(/\r?\n/).map((row) => row.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/));
  const value = (feature: string, column: number) => Number(rows.find(([name]) => name === `original_firstorder_${feature}`)![column]);
  const root = extended("radiomics/pyradiomics")!;
  for (const name of ["brain1", "brain2", "breast1"]) {
    const column = rows[0].indexOf(`${name}_resampling`);
    const { image, inside } = await prepared(`${root}/${name}_image.nrrd`, `${root}/${name}_label.nrrd`, { resampledPixelSpacing: [2, 2, 2] });
    const index = positions(inside);
    const found = statistics(image.data, index);
    const [p10, p25, median, p75, p90] = quantiles(image.data, [0.1, 0.25, 0.5, 0.75, 0.9], index);
    expect([found.minimum, found.maximum, median, p75 - p25], name).toEqual(["Minimum", "Maximum", "Median", "InterquartileRange"].map((f) => value(f, column)));
    const close = { Mean: found.mean, Variance: found.populationSd ** 2, "10Percentile": p10, "90Percentile": p90 };
    for (const [feature, x] of Object.entries(close)) expect(x / value(feature, column), `${name} ${feature}`).toBeCloseTo(1, 11);
  }
});

const maps = "radiomics/pyradiomics/expected/filter_maps";

// resampleImage(image, mask, resampledPixelSpacing=[1,1,1], interpolator="sitkBSpline"), stored as int16 and uint8
extendedTest("breast1 at 1 mm equals PyRadiomics voxel for voxel, and in place", `${maps}/breast1_resampled_bspline_1mm_image.nrrd`, async (path) => {
  const found = await prepared(example("breast1_image.nrrd"), example("breast1_label.nrrd"), { resampledPixelSpacing: [1, 1, 1] });
  const image = await readVolume(path);
  const label = await readVolume(extended(`${maps}/breast1_resampled_nn_1mm_label.nrrd`)!);
  expect(found.image).toEqual(image);
  expect(Array.from(found.inside)).toEqual(Array.from(label.data));
});

test("z-scores made box by box give what the whole normalised image gives", async () => {
  const image = await readVolume(example("brain1_image.nrrd"));
  const inside = selectLabel(await readVolume(example("brain1_label.nrrd")), 1);
  const settings = { normalizeScale: 100, removeOutliers: 3, resampledPixelSpacing: [1, 1, 1] };
  const stats = zScore(image.data);
  const whole = resampleImage(normalizeImage(image, settings), inside, settings);
  const boxed = resampleImage(image, inside, settings, "brain1", (box) => applyZScore(image, box, stats, settings));
  expect(boxed).toEqual(whole);
});
