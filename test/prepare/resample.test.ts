// Resampling as PyRadiomics does it. Expected: PyRadiomics 8ed5793 with ITK 5.2.1 (test/golden/SOURCE.md).
import { expect, test } from "vitest";
import { boundingBox, selectLabel, type Volume } from "../../src/image/index.js";
import { applyZScore, normalizeImage, resampleImage, statistics, zScore } from "../../src/prepare/index.js";
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
