import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { channel, companions, readImage, type NamedBytes } from "../../src/image/index.js";
import { extendedTest, golden, readVolume } from "../data.js";
import { bigEndian, file, grid, gzip, nifti1, nifti2, raw, sum, twelve, type NiftiFields } from "./build.js";

const int16: NiftiFields = { dim: [2, 3, 2], code: 4 };
const read = (...files: NamedBytes[]) => readImage(files);
const values = async (...files: NamedBytes[]) => Array.from((await read(...files)).data);

// IBSI digital phantom (CC BY 4.0): 5 × 4 × 4 voxels of 2 mm, 74 in the mask, grey levels 1, 3, 4, 6 (and 9 outside the region).
test("the IBSI phantom", async () => {
  const image = await readVolume(golden("ibsi/phantom.nii.gz"));
  const mask = await readVolume(golden("ibsi/mask.nii.gz"));
  expect(image.size).toEqual([5, 4, 4]);
  expect(image.spacing).toEqual([2, 2, 2]);
  expect(sum(mask.data)).toBe(74);
  const inside = Array.from(image.data).filter((_, i) => mask.data[i] === 1);
  expect([...new Set(inside)].sort()).toEqual([1, 3, 4, 6]);
  // mean intensity 2.15 in the IBSI manual
  expect(inside.reduce((a, b) => a + b) / 74).toBeCloseTo(2.15, 2);
});

test("NIfTI-1 and -2, either byte order, packed or not", async () => {
  for (const header of [nifti1, nifti2]) {
    const little = file("a.nii", header(int16), raw(twelve));
    const big = file("a.nii", header({ ...int16, little: false }), bigEndian(twelve));
    for (const f of [little, big, file("a.nii.gz", gzip(little.bytes)), file("a.nii.gz", gzip(big.bytes))]) {
      const image = await read(f);
      expect(Array.from(image.data)).toEqual(Array.from(twelve));
      expect(image.data).toBeInstanceOf(Int16Array);
      expect(image).toMatchObject({ size: [2, 3, 2], type: "int16", dimension: 3, frames: 1, components: 1 });
    }
  }
});

test("header and voxels in two files", async () => {
  const hdr = file("x/a.hdr", nifti1({ ...int16, magic: "ni1", offset: 0 }).subarray(0, 348));
  const img = file("x/a.img", raw(twelve));
  expect(companions(hdr)).toEqual(["x/a.img", "x/a.img.gz"]);
  expect(companions(img)).toEqual(["x/a.hdr", "x/a.hdr.gz"]);
  for (const files of [[hdr, img], [img, hdr], [hdr, file("a.img.gz", gzip(img.bytes))]]) expect(await values(...files)).toEqual(Array.from(twelve));
  await expect(read(hdr)).rejects.toThrow("x/a.hdr: its voxels lie in x/a.img, which is not at hand");
  await expect(read(img)).rejects.toThrow("x/a.img: holds voxels without a header; give its .hdr file as well.");
});

test("slope and intercept give float64; without a scale the stored type stays", async () => {
  const scaled = async (slope: number, inter: number) => (await read(file("a.nii", nifti1({ ...int16, slope, inter }), raw(twelve)))).data;
  expect(await scaled(1, 0)).toBeInstanceOf(Int16Array);
  expect(await scaled(0, 5)).toBeInstanceOf(Int16Array);
  expect(await scaled(NaN, 5)).toBeInstanceOf(Int16Array);
  expect(await scaled(0.5, -1)).toEqual(Float64Array.from(twelve, (v) => v * 0.5 - 1));
});

describe("which form places the voxels, as in ITK", () => {
  const place = async (f: Partial<NiftiFields>) => grid(await read(file("a.nii", nifti1({ ...int16, pixdim: [1, 2, 3], ...f }), raw(twelve))));
  // RAS: x to the right, turned by 90° about z: i runs along +y, j along −x
  const s = [0, -2, 0, 5, 1, 0, 0, 6, 0, 0, 3, 7];
  const turned = { spacing: [1, 2, 3], origin: [-5, -6, 7], direction: [0, 1, 0, -1, 0, 0, 0, 0, 1] };
  const half = Math.SQRT1_2;
  test("sform, RAS turned to LPS", async () => expect(await place({ sform: 1, s })).toMatchObject(turned));
  test("qform: the same place", async () => {
    const { direction, ...rest } = await place({ qform: 1, q: [0, 0, half, 5, 6, 7] });
    expect(rest).toMatchObject({ spacing: [1, 2, 3], origin: [-5, -6, 7] });
    direction.forEach((d, k) => expect(d).toBeCloseTo(turned.direction[k], 6));
  });
  test("pixdim[0] = −1 mirrors the third axis", async () => {
    expect((await place({ qform: 1, q: [0, 0, 0, 0, 0, 0], pixdim: [-1, 1, 2, 3, 1, 1, 1, 1] })).direction).toEqual([-1, 0, 0, 0, -1, 0, 0, 0, -1]);
  });
  test("scanner sform before qform, but a disagreeing sform of another code after it", async () => {
    expect((await place({ qform: 1, q: [0, 0, 0, 1, 1, 1], sform: 1, s })).origin).toEqual([-5, -6, 7]);
    expect((await place({ qform: 1, q: [0, 0, 0, 1, 1, 1], sform: 2, s })).origin).toEqual([-1, -1, 1]);
    expect((await place({ sform: 4, s })).origin).toEqual([-5, -6, 7]);
  });
  test("a sheared sform gives way to the qform, or is refused", async () => {
    const sheared = [1, 0.5, 0, 5, 0, 2, 0, 6, 0, 0, 3, 7];
    expect((await place({ qform: 1, q: [0, 0, 0, 1, 1, 1], sform: 1, s: sheared })).origin).toEqual([-1, -1, 1]);
    await expect(place({ sform: 1, s: sheared })).rejects.toThrow("not at right angles");
  });
  test("without a form: pixdim, origin 0, LPS axes", async () => {
    expect(await place({})).toMatchObject({ spacing: [1, 2, 3], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
  });
  test("lengths in metres and micrometres become mm", async () => {
    expect(await place({ sform: 1, s, units: 1 })).toMatchObject({ spacing: [1000, 2000, 3000], origin: [-5000, -6000, 7000] });
    expect((await place({ units: 3 })).spacing[1]).toBeCloseTo(0.002, 12);
  });
  test("no length at all is refused", async () => {
    await expect(place({ pixdim: [1, 0, 3] })).rejects.toThrow("a.nii: its voxel spacing is 1 × 0 × 3");
    await expect(place({ pixdim: [1, NaN, 3] })).rejects.toThrow("spacing");
    await expect(place({ sform: 1, s: s.map((v, k) => (k === 3 ? Infinity : v)) })).rejects.toThrow("origin");
  });
});

test("frames, vectors and colours", async () => {
  const count = Uint8Array.from({ length: 24 }, (_, i) => i);
  expect(await read(file("a.nii", nifti1({ dim: [2, 3, 2, 2], code: 2 }), count))).toMatchObject({ frames: 2, components: 1, dimension: 4 });
  // one frame in four dimensions is a volume
  expect(await read(file("a.nii", nifti1({ dim: [2, 3, 2, 1], code: 4 }), raw(twelve)))).toMatchObject({ frames: 1, dimension: 3 });
  const vector = await read(file("a.nii", nifti1({ dim: [2, 3, 2, 1, 2], code: 2 }), count));
  expect(vector).toMatchObject({ frames: 1, components: 2 });
  expect(Array.from(channel(vector, 1).data)).toEqual(Array.from({ length: 12 }, (_, i) => 12 + i));
  const colour = await read(file("a.nii", nifti1({ dim: [2, 2, 2], code: 128 }), count));
  expect(colour).toMatchObject({ components: 3, type: "rgb24" });
  expect(Array.from(channel(colour, 2).data)).toEqual([2, 5, 8, 11, 14, 17, 20, 23]);
  expect(await read(file("a.nii", nifti1({ dim: [4, 3], code: 4 }), raw(twelve)))).toMatchObject({ dimension: 2, size: [4, 3, 1] });
});

test("what cannot be read is named", async () => {
  const fails = (f: Partial<NiftiFields>, says: string) => expect(read(file("a.nii", nifti1({ ...int16, ...f }), raw(twelve)))).rejects.toThrow(says);
  await fails({ code: 32 }, "a.nii: its NIfTI datatype is 32 (complex64), which is not read");
  await fails({ code: 7 }, "datatype is 7");
  await fails({ magic: "abc" }, "without the NIfTI mark");
  await fails({ dim: [2, 3, 3] }, "holds 24 bytes of voxels, but its header promises 36 (2 × 3 × 3 int16)");
  await fails({ dim: [2, 3, 0] }, "sizes are 2 × 3 × 0");
  await fails({ dim: [-2, 3, 2] }, "sizes are -2");
  await fails({ dim: [32767, 32767, 32767] }, "more than 2^32");
  await fails({ offset: 1e6 }, "holds 0 bytes of voxels");
});

// Affine of nibabel's example4d.nii.gz as its documentation prints it ("Getting started"), RAS:
// [[-2, 0, 0, 117.86], [0, 1.97, -0.36, -35.72], [0, 0.32, 2.17, -7.25]]; shape (128, 96, 24, 2).
extendedTest("nibabel's files", "formats/nibabel", async (path) => {
  const load = (name: string) => readImage([{ name, bytes: readFileSync(join(path, name)) }]);
  const image = await load("example4d.nii.gz");
  expect(image).toMatchObject({ size: [128, 96, 24], frames: 2, type: "int16" });
  const ras = image.direction.map((d, k) => (k < 6 ? -d : d) * image.spacing[k % 3]);
  [-2, 0, 0, 0, 1.97, -0.36, 0, 0.32, 2.17].forEach((v, k) => expect(Math.abs(ras[k] - v)).toBeLessThan(0.0051));
  [-117.86, 35.72, -7.25].forEach((v, k) => expect(image.origin[k]).toBeCloseTo(v, 2));
  expect(await load("example_nifti2.nii.gz")).toMatchObject({ size: [32, 20, 12], frames: 2 });
  expect(await load("anatomical.nii")).toMatchObject({ size: [33, 41, 25], type: "int16" });
  expect((await load("functional.nii")).data).toBeInstanceOf(Float64Array);
  expect(await load("standard.nii.gz")).toMatchObject({ size: [4, 5, 7], spacing: [1, 3, 2] });
  for (const [name, says] of [["analyze.hdr", "Analyze 7.5"], ["nifti1.hdr", "not at hand"], ["nifti2.hdr", "not at hand"],
    ["row_major.dconn.nii", "axes 6 and 7"], ["test.mgz", "no format that is known"]]) await expect(load(name), name).rejects.toThrow(says);
});

// 104785: numpy.frombuffer(gzip.open(path).read()[352:], '<i4').sum()
extendedTest("an I-SPY 2 mask", "mri/ispy2_masks", async (path) => {
  const { size, data } = await readVolume(join(path, "ISPY2-550421_spy2_vis1_mask.nii.gz"));
  expect(size).toEqual([160, 256, 256]);
  expect(sum(data)).toBe(104785);
});
