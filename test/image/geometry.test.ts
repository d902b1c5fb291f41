import { describe, expect, test } from "vitest";
import { correctMask, describeGrid, gridDifference, indexToWorld, requireSameGrid, worldToIndex, type Grid, type Triple } from "../../src/image/index.js";
import { example, extendedTest, golden, readJson, readVolume } from "../data.js";
import { boundingBox } from "../../src/image/index.js";
import { grid as gridOf, seeded, sha1, sum } from "./build.js";

const a: Grid = { size: [100, 80, 20], spacing: [0.5, 0.5, 2], origin: [10, -20, 30], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
const turned: Grid = { ...a, direction: [0, 0, 1, 1, 0, 0, 0, 1, 0] };

test("index and world turn into each other", () => {
  expect(indexToWorld(a, [2, 4, 1])).toEqual([11, -18, 32]);
  expect(indexToWorld(turned, [2, 4, 1])).toEqual([12, -19, 32]);
  const random = seeded(5);
  for (let k = 0; k < 100; k++) {
    const index = [random() * 100, random() * 80, random() * 20];
    worldToIndex(turned, indexToWorld(turned, index)).forEach((x, i) => expect(x).toBeCloseTo(index[i], 10));
  }
});

// Centre of mass of the region in index and in world coordinates: PyRadiomics 8ed5793 (SimpleITK TransformContinuousIndexToPhysicalPoint).
test("world coordinates agree with PyRadiomics", async () => {
  const { runs } = readJson(golden("pyradiomics/shape2D.json"));
  for (const name of ["lung1", "lung2", "brain1", "brain2", "breast1"]) {
    const mask = await readVolume(golden(`pyradiomics/shape2D_masks/${name}_label_2D.nrrd`));
    const { diagnostics } = runs[name];
    const world = indexToWorld(mask, diagnostics["diagnostics_Mask-original_CenterOfMassIndex"]);
    const expected: number[] = diagnostics["diagnostics_Mask-original_CenterOfMass"];
    world.forEach((x, k) => expect(Math.abs(x - expected[k])).toBeLessThan(1e-9 * Math.abs(expected[k])));
  }
});

describe("what tells two grids apart", () => {
  const differs = (b: Partial<Grid>) => gridDifference(a, { ...a, ...b })?.differs;
  test("nothing up to 1e-4 voxel", () => {
    expect(differs({})).toBeUndefined();
    expect(differs({ origin: [10 + 0.4e-4, -20, 30] })).toBeUndefined();
    expect(differs({ origin: [10 + 0.6e-4, -20, 30] })).toEqual(["origin"]);
    // the last of 100 voxels moves by 100 · 0.9e-6, by 100 · 1.1e-6
    expect(differs({ spacing: [0.5 * (1 + 0.9e-6), 0.5, 2] })).toBeUndefined();
    expect(differs({ spacing: [0.5 * (1 + 1.1e-6), 0.5, 2] })).toEqual(["spacing"]);
  });
  test("each part has its name", () => {
    expect(differs({ size: [100, 80, 21] })).toEqual(["size"]);
    expect(differs({ direction: [0, 1, 0, -1, 0, 0, 0, 0, 1] })).toEqual(["direction"]);
    expect(differs({ direction: [1, 0, 0, 0, 1, 0, 0, 0, -1] })).toEqual(["direction", "handedness"]);
    expect(differs({ size: [50, 40, 20], spacing: [1, 1, 2], origin: [10.25, -19.75, 30] })).toEqual(["size", "spacing", "origin"]);
  });
  test("the spacing across a single slice counts", () => {
    const slice: Grid = { ...a, size: [100, 80, 1] };
    expect(gridDifference(slice, { ...slice, spacing: [0.5, 0.5, 3] })?.differs).toEqual(["spacing"]);
  });
});

test("the error names both grids, what differs and how to repair it", () => {
  expect(describeGrid(a)).toBe("100 × 80 × 20 voxels of 0.5 × 0.5 × 2 mm");
  expect(() => requireSameGrid(a, { ...a }, "P017")).not.toThrow();
  expect(() => requireSameGrid(a, { ...a, origin: [10.02, -20, 30] }, "P017")).toThrow(
    "P017: the mask is 100 × 80 × 20 voxels of 0.5 × 0.5 × 2 mm but the image is 100 × 80 × 20 voxels of 0.5 × 0.5 × 2 mm, and they differ in origin " +
    "(origin (10.02, -20, 30) against (10, -20, 30) mm; 0.04 voxels apart at a corner). " +
    "They must share one grid: use --correct-mask, or resample the mask to the image first.");
  expect(() => requireSameGrid(a, { ...a, size: [100, 80, 10] }, "P017")).toThrow(/is 100 × 80 × 10 .* is 100 × 80 × 20 .* differ in size\. They/);
});

test("PyRadiomics' mismatch case: an error, and the same mask once it is corrected", async () => {
  const image = await readVolume(golden("pyradiomics/degenerate/geometry_mismatch_image.nrrd"));
  const mask = await readVolume(golden("pyradiomics/degenerate/geometry_mismatch_label.nrrd"));
  expect(() => requireSameGrid(image, mask, "mask")).toThrow("differ in origin");
  const corrected = correctMask(mask, image, 1);
  expect(corrected.data).toEqual(mask.data);
  expect(gridOf(corrected)).toEqual(gridOf(image));
});

// diagnostics_Mask-corrected_*: PyRadiomics 8ed5793 with correctMask, one-slice masks on the grid of the whole volume.
test("one-slice masks lie where PyRadiomics puts them", async () => {
  const { runs } = readJson(golden("pyradiomics/shape2D.json"));
  for (const name of ["brain1", "breast1"]) {
    const image = await readVolume(example(`${name}_image.nrrd`));
    const mask = await readVolume(golden(`pyradiomics/shape2D_masks/${name}_label_2D.nrrd`));
    const { diagnostics, label_slice_z } = runs[name];
    const corrected = correctMask(mask, image, 1);
    const box = boundingBox(corrected.data, corrected.size);
    expect([...box.lower, ...box.size]).toEqual(diagnostics["diagnostics_Mask-corrected_BoundingBox"]);
    expect(sum(corrected.data)).toBe(diagnostics["diagnostics_Mask-corrected_VoxelNum"]);
    // and voxel by voxel the slice of the whole label they were cut from
    const label = await readVolume(example(`${name}_label.nrrd`));
    const n = image.size[0] * image.size[1];
    expect(Array.from(corrected.data.subarray(label_slice_z * n, (label_slice_z + 1) * n))).toEqual(Array.from(label.data.subarray(label_slice_z * n, (label_slice_z + 1) * n), (v) => (v === 1 ? 1 : 0)));
  }
});

extendedTest("one-slice lung masks, 512 × 512", "radiomics/pyradiomics/lung1_label.nrrd", async (path) => {
  const { runs } = readJson(golden("pyradiomics/shape2D.json"));
  for (const name of ["lung1", "lung2"]) {
    const image = await readVolume(path.replace("lung1", name));
    const corrected = correctMask(await readVolume(golden(`pyradiomics/shape2D_masks/${name}_label_2D.nrrd`)), image, 1);
    const box = boundingBox(corrected.data, corrected.size);
    expect([...box.lower, ...box.size]).toEqual(runs[name].diagnostics["diagnostics_Mask-corrected_BoundingBox"]);
  }
});

describe("correctMask", () => {
  const mask = (g: Grid, data: Uint8Array) => ({ ...g, data });
  test("equals nearest-neighbour sampling at every image voxel, whatever the two grids", () => {
    const random = seeded(11);
    for (let trial = 0; trial < 8; trial++) {
      const angle = trial % 4 === 0 ? 0 : random() * 6;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const from: Grid = { size: [9, 8, 7], spacing: [1, 1.5, 2], origin: [0, 0, 0], direction: [c, -s, 0, s, c, 0, 0, 0, trial % 2 ? 1 : -1] };
      const to: Grid = { size: [40, 40, 40], spacing: [0.9, 0.7, 1.1], origin: [-18, -14, -22], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
      const labels = mask(from, Uint8Array.from({ length: 504 }, () => (random() < 0.2 ? 1 + Math.floor(random() * 3) : 0)));
      const out = correctMask(labels, to);
      let wrong = 0;
      for (let z = 0, i = 0; z < 40; z++) for (let y = 0; y < 40; y++) for (let x = 0; x < 40; x++, i++) {
        const [p, q, r] = worldToIndex(from, indexToWorld(to, [x, y, z])).map((v) => Math.floor(v + 0.5));
        const inside = p >= 0 && p < 9 && q >= 0 && q < 8 && r >= 0 && r < 7;
        if (out.data[i] !== (inside ? labels.data[(r * 8 + q) * 9 + p] : 0)) wrong++;
      }
      expect(wrong).toBe(0);
    }
  });
  test("on its own grid a mask is unchanged, on a flipped grid it is flipped", () => {
    const labels = mask({ ...a, size: [4, 3, 2] as Triple }, Uint8Array.from({ length: 24 }, (_, i) => i));
    expect(correctMask(labels, labels).data).toEqual(labels.data);
    const flipped: Grid = { ...labels, origin: indexToWorld(labels, [3, 0, 0]), direction: [-1, 0, 0, 0, 1, 0, 0, 0, 1] };
    expect(Array.from(correctMask(labels, flipped).data).slice(0, 4)).toEqual([3, 2, 1, 0]);
    expect(sha1(correctMask(correctMask(labels, flipped), labels).data)).toBe(sha1(labels.data));
  });
  test("a region outside the image is refused; another label may lie outside", () => {
    const labels = mask({ ...a, size: [4, 1, 1] as Triple }, Uint8Array.of(1, 1, 2, 2));
    const half: Grid = { ...labels, size: [2, 1, 1] };
    expect(Array.from(correctMask(labels, half, 1).data)).toEqual([1, 1]);
    expect(() => correctMask(labels, half, 2, "P3")).toThrow("P3: 2 of the 2 voxels of the region (label 2) lie outside the image");
    expect(() => correctMask(labels, half)).toThrow("2 of the 4 voxels of the region (labels 1, 2)");
  });
  test("an empty mask stays empty", () => {
    const empty = mask({ ...a, size: [4, 1, 1] as Triple }, new Uint8Array(4));
    expect(Array.from(correctMask(empty, { ...a, size: [3, 1, 1] }).data)).toEqual([0, 0, 0]);
  });
});
