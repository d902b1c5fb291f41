import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { asVolume, readImage, type Volume } from "../../src/image/index.js";
import { writeMaps } from "../../cli/voxelMaps.js";

const folder = mkdtempSync(join(tmpdir(), "radscore-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const volume: Volume = {
  size: [2, 3, 2], spacing: [0.5, 1.25, 3], origin: [-10, 4, 7.5], direction: [0, -1, 0, 1, 0, 0, 0, 0, 1],
  data: Float64Array.from({ length: 12 }, (_, k) => (k === 5 ? NaN : k / 4)),
};

test.each(["nrrd", "nifti"] as const)("maps in %s lie where the image lies", async (format) => {
  async function* maps() { yield { name: "original_glcm_Contrast", volume }; }
  const paths = await writeMaps(maps(), 3, folder, format);
  const path = paths.original_glcm_Contrast as string;
  expect(path).toBe(join(folder, `Case-3_original_glcm_Contrast.${format === "nrrd" ? "nrrd" : "nii.gz"}`));
  const back = asVolume(await readImage([{ name: path, bytes: readFileSync(path) }]), path);
  expect([...back.data]).toEqual([...volume.data]);
  for (const key of ["size", "spacing", "origin", "direction"] as const) back[key].forEach((x, k) => expect(x).toBeCloseTo(volume[key][k], 6));
});

test("a folder that is not there is one sentence", async () => {
  await expect(writeMaps([{ name: "a", volume }], 1, join(folder, "none"), "nrrd")).rejects.toThrow(/none\/Case-1_a\.nrrd: no such file or folder; check the path/);
});
