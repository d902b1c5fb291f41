import { readdirSync } from "node:fs";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { boundingBox, connectedComponents, gridDifference, indexToWorld, labelsIn, readImage, requireSameGrid, selectLabel } from "../../src/image/index.js";
import { extendedTest, readJson, readVolume } from "../data.js";
import { sha1, sum } from "./build.js";

// SHA-1 of voxel buffers (masks as uint32), boxes and counts as PyRadiomics 1.3–2.x published them, baseline_shape.csv.
extendedTest("PyRadiomics' images and masks agree with its published hashes", "radiomics/pyradiomics", async (path) => {
  const rows = csvParse(readFileSync(join(path, "baseline/baseline_shape.csv"), "utf8"));
  const published = (row: string, name: string) => rows.find((r) => r.featureName === `diagnostics_${row}`)?.[name] ?? "";
  for (const name of ["brain1", "brain2", "breast1", "lung1", "lung2"]) {
    const mask = await readVolume(join(path, `${name}_label.nrrd`));
    expect(sha1(Uint32Array.from(mask.data)), name).toBe(published("Mask-original_Hash", name));
    const inside = selectLabel(mask, name === "lung2" ? labelsIn(mask)[0].label : 1, name);
    const box = boundingBox(inside, mask.size);
    expect(`(${[...box.lower, ...box.size].join(", ")})`).toBe(published("Mask-original_BoundingBox", name));
    expect(String(connectedComponents(inside, mask.size, box))).toBe(published("Mask-original_VolumeNum", name));
    expect(String(sum(inside))).toBe(published("Mask-original_VoxelNum", name));
    if (name.startsWith("lung")) continue;
    const image = await readVolume(join(path, `${name}_image.nrrd`));
    expect(sha1(image.data)).toBe(published("Image-original_Hash", name));
    requireSameGrid(image, mask, name);
    const { "diagnostics_Mask-original_CenterOfMassIndex": index, "diagnostics_Mask-original_CenterOfMass": centre } =
      readJson(join(path, "expected/diagnostics.json")).cases[name].bw25_default;
    indexToWorld(mask, index).forEach((x, k) => expect(Math.abs(x - centre[k])).toBeLessThan(1e-9));
  }
  const prostate = await readVolume(join(path, "prostate_phantom_subvolume.nrrd"));
  requireSameGrid(prostate, await readVolume(join(path, "prostate_phantom_subvolume-label.nrrd")), "prostate");
});

// Sizes as the IBSI manuals state them: 64³ phantoms (orientation 32 × 48 × 64), 33 response maps, CT 204 × 201 × 60.
extendedTest("every IBSI phantom and response map", "radiomics/ibsi2", async (path) => {
  const mask = await readVolume(join(path, "phantoms/mask.nii.gz"));
  for (const name of readdirSync(join(path, "phantoms"))) {
    const volume = await readVolume(join(path, "phantoms", name));
    expect(volume.size, name).toEqual(name.startsWith("orientation") ? [32, 48, 64] : [64, 64, 64]);
    if (!name.startsWith("orientation")) expect(gridDifference(mask, volume), name).toBeUndefined();
  }
  expect(sum(mask.data)).toBe(64 ** 3);
  const maps = readdirSync(join(path, "response_maps")).filter((n) => n.endsWith(".nii.gz"));
  expect(maps).toHaveLength(33);
  for (const name of maps) expect((await readVolume(join(path, "response_maps", name))).size, name).toEqual([64, 64, 64]);
});

extendedTest("the IBSI CT phantom and its mask share a grid", "radiomics/ibsi1/ct_phantom", async (path) => {
  const image = await readVolume(join(path, "phantom.nii.gz"));
  expect(image.size).toEqual([204, 201, 60]);
  requireSameGrid(image, await readVolume(join(path, "mask.nii.gz")), "CT phantom");
});

// SOURCE.md of that set: 160 × 208 × 96 voxels of 0.7589 × 0.7589 × 1.1 mm, 6203 voxels in the mask.
extendedTest("five DCE phases and a mask on one grid", "mri/duke153_crop", async (path) => {
  const mask = await readVolume(join(path, "lesion_helper_mask.nii.gz"));
  expect(labelsIn(mask)).toEqual([{ label: 1, voxels: 6203 }]);
  for (let k = 0; k < 5; k++) {
    const phase = await readVolume(join(path, `dce_${k}.nii.gz`));
    expect(phase.size).toEqual([160, 208, 96]);
    phase.spacing.forEach((s, axis) => expect(s).toBeCloseTo([0.7589, 0.7589, 1.1][axis], 4));
    requireSameGrid(phase, mask, `phase ${k}`);
  }
});

// SOURCE.md of that set: 192 × 192 × 1, 25 frames and 10 flip angles.
extendedTest("frames of a dynamic slice", "mri/invivo_slice", async (path) => {
  for (const [name, frames] of [["dce_25x192x192.nii.gz", 25], ["vfa_10x192x192.nii.gz", 10]] as const) {
    expect(await readImage([{ name, bytes: readFileSync(join(path, name)) }])).toMatchObject({ size: [192, 192, 1], frames, dimension: 4, type: "float32" });
  }
});
