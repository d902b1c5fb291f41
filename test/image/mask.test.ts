import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { boundingBox, connectedComponents, crop, indexToWorld, labelRegion, labelsIn, mergeMasks, selectLabel, type Mask, type Triple, type Voxels } from "../../src/image/index.js";
import { example, golden, readJson, readVolume } from "../data.js";
import { seeded } from "./build.js";

const mask = (data: Voxels, size: Triple = [data.length, 1, 1]): Mask =>
  ({ size, data, spacing: [1, 1, 1], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] });

test("labels with their voxels", () => {
  expect(labelsIn(mask(Int16Array.of(0, 4, 4, -1, 2, 0, 4)))).toEqual([{ label: -1, voxels: 1 }, { label: 2, voxels: 1 }, { label: 4, voxels: 3 }]);
  expect(labelsIn(mask(Float32Array.of(0, NaN, 1, 1 + 5e-7, 0.5)))).toEqual([{ label: 0.5, voxels: 1 }, { label: 1, voxels: 2 }]);
});

test("one label becomes 0 and 1", () => {
  expect(Array.from(selectLabel(mask(Uint8Array.of(0, 2, 255, 2)), 2))).toEqual([0, 1, 0, 1]);
  // a mask scaled by 1/255 in its file, and one with NaN outside
  expect(Array.from(selectLabel(mask(Float32Array.of(0, 255 * Math.fround(1 / 255), 1)), 1))).toEqual([0, 1, 1]);
  expect(Array.from(selectLabel(mask(Float64Array.of(NaN, 3, 0)), 3))).toEqual([0, 1, 0]);
});

test("what is wrong with a mask is said", () => {
  const fails = (data: Voxels, label: number, who?: string) => { try { selectLabel(mask(data), label, who); } catch (error) { return (error as Error).message; } return ""; };
  expect(fails(Uint8Array.of(0, 255, 255, 3), 1)).toBe("The mask does not hold label 1; it holds 3 (1 voxel), 255 (2 voxels). Choose one of these labels.");
  expect(fails(new Uint8Array(1432), 1, "P1 mask.nii")).toBe("P1 mask.nii is empty: all 1,432 voxels are 0, but label 1 is needed; check that it is the right file.");
  expect(fails(Float32Array.of(0, 0.5, 1), 1)).toBe("The mask holds the value 0.5, but labels are whole numbers; threshold it to 0 and 1 first.");
  expect(fails(Uint16Array.from({ length: 5000 }, (_, i) => i + 2), 1)).toContain("5,000 different values and not label 1, so it looks like an image, not a mask; are image and mask swapped?");
  expect(fails(Float32Array.from({ length: 30000 }, (_, i) => i / 7), 1)).toContain("over 10,000 different values, so it looks like an image");
});

test("image and mask swapped is recognised", async () => {
  const image = await readVolume(example("brain1_image.nrrd"));
  expect(() => selectLabel(image, 100000)).toThrow("are image and mask swapped?");
});

test("the box round a region, and the part inside it", async () => {
  expect(boundingBox(new Uint8Array(24), [4, 3, 2])).toEqual({ lower: [0, 0, 0], size: [0, 0, 0] });
  const random = seeded(2);
  for (let trial = 0; trial < 50; trial++) {
    const size: Triple = [1 + Math.floor(random() * 7), 1 + Math.floor(random() * 7), 1 + Math.floor(random() * 7)];
    const inside = Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => (random() < 0.05 ? 1 : 0));
    const at = [0, 1, 2].map((k) => Array.from(inside.keys()).filter((i) => inside[i]).map((i) => [i % size[0], Math.floor(i / size[0]) % size[1], Math.floor(i / size[0] / size[1])][k]));
    if (at[0].length === 0) continue;
    const lower = at.map((v) => Math.min(...v)) as Triple;
    expect(boundingBox(inside, size)).toEqual({ lower, size: at.map((v, k) => Math.max(...v) - lower[k] + 1) });
  }
  const volume = { ...mask(Int16Array.from({ length: 60 }, (_, i) => i), [5, 4, 3]), spacing: [0.5, 1, 2] as Triple, direction: [0, 1, 0, 1, 0, 0, 0, 0, -1] };
  const part = crop(volume, { lower: [1, 2, 1], size: [3, 2, 2] });
  expect(Array.from(part.data)).toEqual([31, 32, 33, 36, 37, 38, 51, 52, 53, 56, 57, 58]);
  expect(part).toMatchObject({ size: [3, 2, 2], origin: indexToWorld(volume, [1, 2, 1]), spacing: [0.5, 1, 2] });
});

test("the region of a label in its box is what selecting, boxing and cropping give", () => {
  const random = seeded(8);
  for (let trial = 0; trial < 200; trial++) {
    const size: Triple = [1 + Math.floor(random() * 9), 1 + Math.floor(random() * 9), 1 + Math.floor(random() * 9)];
    const dense = random() * 0.3;
    const labels = Array.from({ length: size[0] * size[1] * size[2] }, () => (random() < dense ? 1 + Math.floor(random() * 2) : 0));
    const whole = mask((trial % 3 === 0 ? Float32Array : trial % 3 === 1 ? Int16Array : Uint32Array).from(labels), size);
    if (!labels.includes(2)) {
      expect(() => labelRegion(whole, 2, "P1")).toThrow(/^P1 (is empty|does not hold label 2)/);
      continue;
    }
    const inside = selectLabel(whole, 2);
    expect(Array.from(inside)).toEqual(labels.map((v) => (v === 2 ? 1 : 0)));
    const box = boundingBox(inside, size);
    expect(labelRegion(whole, 2)).toEqual({ box, inside: crop({ ...whole, data: inside }, box).data });
  }
});

test("several files of one patient become one mask", () => {
  const [a, b] = [mask(Uint8Array.of(1, 0, 0, 1)), mask(Int16Array.of(0, 2, 0, 2))];
  expect(Array.from(mergeMasks([{ mask: a, name: "a" }, { mask: b, name: "b" }]).data)).toEqual([1, 2, 0, 1]);
  expect(mergeMasks([{ mask: a, name: "a" }])).toBe(a);
  expect(() => mergeMasks([{ mask: a, name: "a.nii" }, { mask: { ...b, origin: [0, 0, 1] }, name: "b.nii" }])).toThrow(/^b\.nii: the mask is .* but mask a\.nii is .* differ in origin/);
  expect(() => mergeMasks([])).toThrow("No mask was given");
});

/** Parts counted by flood fill over 26 neighbours. */
function floodFill(inside: Uint8Array, [nx, ny, nz]: Triple): number {
  const left = inside.slice();
  let parts = 0;
  for (let i = 0; i < left.length; i++) {
    if (left[i] === 0) continue;
    parts++;
    const stack = [i];
    left[i] = 0;
    while (stack.length > 0) {
      const j = stack.pop() as number;
      const [x, y, z] = [j % nx, Math.floor(j / nx) % ny, Math.floor(j / nx / ny)];
      for (let dz = -1; dz <= 1; dz++) for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) {
        const [p, q, r] = [x + dx, y + dy, z + dz];
        if (p < 0 || p >= nx || q < 0 || q >= ny || r < 0 || r >= nz) continue;
        const k = (r * ny + q) * nx + p;
        if (left[k] !== 0) {
          left[k] = 0;
          stack.push(k);
        }
      }
    }
  }
  return parts;
}

test("connected parts equal those of a flood fill", () => {
  const random = seeded(4);
  for (let trial = 0; trial < 300; trial++) {
    const size: Triple = [1 + Math.floor(random() * 12), 1 + Math.floor(random() * 12), 1 + Math.floor(random() * (trial % 3 ? 6 : 1))];
    const dense = random() * 0.5;
    const inside = Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => (random() < dense ? 1 : 0));
    const expected = floodFill(inside, size);
    expect(connectedComponents(inside, size)).toBe(expected);
    const box = boundingBox(inside, size);
    if (box.size[0] > 0) expect(connectedComponents(inside, size, box)).toBe(expected);
  }
  expect(connectedComponents(new Uint8Array(8), [2, 2, 2])).toBe(0);
});

// diagnostics_Mask-original_VolumeNum, _VoxelNum, _BoundingBox: PyRadiomics 8ed5793 (SimpleITK ConnectedComponent, fully connected).
test("parts, voxels and box agree with PyRadiomics in its degenerate cases", async () => {
  const folder = golden("pyradiomics/degenerate");
  let compared = 0;
  for (const name of readdirSync(folder).filter((n) => /\.json(\.gz)?$/.test(n))) {
    const { runs } = readJson(`${folder}/${name}`);
    const labels = await readVolume(`${folder}/${name.replace(/\.json(\.gz)?$/, "_label.nrrd")}`);
    for (const run of Object.values(runs) as { config: { setting: { label?: number } }; diagnostics?: Record<string, number | number[]> }[]) {
      const d = run.diagnostics;
      if (d?.["diagnostics_Mask-original_VolumeNum"] === undefined) continue;
      const inside = selectLabel(labels, run.config.setting.label ?? 1, name);
      const box = boundingBox(inside, labels.size);
      expect(connectedComponents(inside, labels.size, box), name).toBe(d["diagnostics_Mask-original_VolumeNum"]);
      expect([...box.lower, ...box.size], name).toEqual(d["diagnostics_Mask-original_BoundingBox"]);
      expect(inside.reduce((n, v) => n + v, 0), name).toBe(d["diagnostics_Mask-original_VoxelNum"]);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(10);
});
