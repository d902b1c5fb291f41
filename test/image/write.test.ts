import { describe, expect, test } from "vitest";
import { encodeImage, gridDifference, readImage, type Image, type Triple, type Voxels } from "../../src/image/index.js";
import { example, readVolume } from "../data.js";
import { grid, seeded, sha1 } from "./build.js";

const names = ["a.nrrd", "a.nii", "a.nii.gz", "a.mha"];
const back = async (image: Image, name: string, packed = true) => readImage([{ name, bytes: await encodeImage(image, name, packed) }]);

const random = seeded(3);
const size: Triple = [5, 4, 3];
const plain = { size, spacing: [0.5, 0.75, 2.5] as Triple, origin: [-12.5, 7.25, 1000] as Triple, direction: [1, 0, 0, 0, -1, 0, 0, 0, 1] };
const image = (data: Voxels, more: Partial<Image> = {}): Image => ({ ...plain, data, frames: 1, components: 1, dimension: 3, type: "", ...more });

const kinds: [string, (n: number) => Voxels][] = [
  ["int8", (n) => Int8Array.from({ length: n }, () => random() * 256 - 128)],
  ["uint8", (n) => Uint8Array.from({ length: n }, () => random() * 256)],
  ["int16", (n) => Int16Array.from({ length: n }, () => random() * 65536 - 32768)],
  ["uint16", (n) => Uint16Array.from({ length: n }, () => random() * 65536)],
  ["int32", (n) => Int32Array.from({ length: n }, () => (random() - 0.5) * 2 ** 32)],
  ["uint32", (n) => Uint32Array.from({ length: n }, () => random() * 2 ** 32)],
  ["float32", (n) => Float32Array.from({ length: n }, (_, i) => (i === 3 ? NaN : i === 4 ? -Infinity : random() * 1e-3))],
  ["float64", (n) => Float64Array.from({ length: n }, (_, i) => (i === 3 ? NaN : i === 4 ? Infinity : random() * 1e300))],
];

describe("the same volume written in every format reads back the same voxels and grid", () => {
  for (const [type, make] of kinds) {
    test(type, async () => {
      const volume = image(make(60));
      for (const name of names) {
        for (const packed of [true, false]) {
          const read = await back(volume, name, packed);
          expect(read.data, name).toEqual(volume.data);
          expect(grid(read), name).toEqual(plain);
          expect(read).toMatchObject({ frames: 1, components: 1, dimension: 3, type });
        }
      }
    });
  }
  test("frames, components, both, colours, and one slice of two dimensions", async () => {
    const data = Uint8Array.from({ length: 60 * 6 }, (_, i) => i % 251);
    const forms: Partial<Image>[] = [
      { frames: 6, dimension: 4 }, { components: 6 }, { frames: 2, components: 3, dimension: 4 }, { size: [30, 12, 1] },
      { size: [10, 12, 1], components: 3, type: "rgb24" },
      { size: [30, 12, 1], dimension: 2, spacing: [0.5, 0.75, 1], origin: [1, 2, 0], direction: [0, 1, 0, -1, 0, 0, 0, 0, 1] },
    ];
    for (const form of forms) {
      const whole = image(data, form);
      for (const name of names) {
        const read = await back(whole, name);
        expect(read.data, `${name} ${JSON.stringify(form)}`).toEqual(data);
        expect(grid(read), name).toEqual(grid(whole));
        expect(read, name).toMatchObject({ frames: whole.frames, components: whole.components, dimension: whole.dimension });
        if (form.type !== undefined && name !== "a.mha") expect(read.type).toBe("rgb24");
      }
    }
  });
  test("an oblique grid of either handedness", async () => {
    for (const sign of [1, -1]) {
      for (const [a, b, c] of [[0.3, -0.7, 1.9], [3, 0.1, -2.5], [Math.PI, 0, 0], [0, Math.PI, 0], [0, 0, Math.PI]]) {
        const [ca, sa, cb, sb, cc, sc] = [a, b, c].flatMap((t) => [Math.cos(t), Math.sin(t)]);
        const direction = [ca * cb, ca * sb * sc - sa * cc, sign * (ca * sb * cc + sa * sc), sa * cb, sa * sb * sc + ca * cc, sign * (sa * sb * cc - ca * sc), -sb, cb * sc, sign * cb * cc];
        const volume = image(new Int16Array(60), { direction, spacing: [0.7, 0.9, 3.3], origin: [11.1, -22.2, 33.3] });
        for (const name of names) {
          const read = await back(volume, name);
          // NIfTI-1 keeps geometry in single precision: 2^-24 of the largest coordinate
          expect(gridDifference(volume, read), name).toBeUndefined();
          if (!name.includes("nii")) read.direction.forEach((d, k) => expect(Math.abs(d - direction[k])).toBeLessThan(1e-15));
        }
      }
    }
  });
});

test("the breast case goes through every format unchanged", async () => {
  const volume = await readVolume(example("breast1_image.nrrd"));
  for (const name of names) {
    const read = await back(image(volume.data, grid(volume)), name);
    expect(sha1(read.data)).toBe(sha1(volume.data));
    expect(gridDifference(volume, read)).toBeUndefined();
    if (!name.includes("nii")) expect(grid(read)).toEqual(grid(volume));
  }
});

test("a NIfTI file that only has the qform lies in the same place", async () => {
  const bytes = await encodeImage(image(new Int16Array(60), { direction: [0, 0, -1, 1, 0, 0, 0, 1, 0] }), "a.nii");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const both = await readImage([{ name: "a.nii", bytes }]);
  view.setInt16(254, 0, true);
  expect(gridDifference(both, await readImage([{ name: "a.nii", bytes }]))).toBeUndefined();
});

test("what cannot be written is said", async () => {
  await expect(encodeImage(image(new Int16Array(60)), "a.tif")).rejects.toThrow("a.tif: no image format goes by this ending; expected .nrrd");
  await expect(encodeImage(image(new Int16Array(40000), { size: [40000, 1, 1] }), "a.nii")).rejects.toThrow("at most 32,767 voxels along an axis");
});
