// Resampling as PyRadiomics does it. Expected: PyRadiomics 8ed5793 with ITK 5.2.1 (test/golden/SOURCE.md).
import { expect, test } from "vitest";
import { boundingBox, selectLabel, type Box, type Volume } from "../../src/image/index.js";
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
