import { encode } from "fast-png";
import jpegJs from "jpeg-js";
import { constants, gunzipSync, inflateSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { encodeImage, readers, readImage, useInflater, type Inflater, type NamedBytes } from "../../src/image/index.js";
import { bytesOf, concat, file, gzip, metaHeader, nifti1, nifti2, nrrdHeader, raw, seeded, sha1, twelve, zlib } from "./build.js";

const int16 = { dim: [2, 3, 2], code: 4, sform: 1, s: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] };
const rgba = new Uint8Array(4 * 20 * 15).map((_, i) => (i * 7) % 256);

/** One small file of every format and form; the last one is the file that is damaged. */
const samples: Record<string, NamedBytes[]> = {
  "nrrd raw": [file("a.nrrd", nrrdHeader(), raw(twelve))],
  "nrrd gzip": [file("a.nrrd", nrrdHeader({ encoding: "gzip" }), gzip(raw(twelve)))],
  "nrrd gzip, byte skip −1": [file("a.nrrd", nrrdHeader({ encoding: "gzip", "byte skip": "-1" }), gzip(concat(bytesOf("skip"), raw(twelve))))],
  "nrrd ascii": [file("a.nrrd", nrrdHeader({ encoding: "ascii" }), "1 2 3 4 5 6 7 8 9 10 11 1")],
  "nrrd hex": [file("a.nrrd", nrrdHeader({ encoding: "hex" }), "0100".repeat(12))],
  "nrrd int64": [file("a.nrrd", nrrdHeader({ type: "int64", sizes: "1 1 3" }), raw(BigInt64Array.of(1n, -2n, 3n)))],
  "nhdr": [file("a.raw", raw(twelve)), file("a.nhdr", nrrdHeader({ "data file": "a.raw" }))],
  "nhdr's data": [file("a.nhdr", nrrdHeader({ "data file": "a.raw" })), file("a.raw", raw(twelve))],
  "nifti-1": [file("a.nii", nifti1(int16), raw(twelve))],
  "nifti-1 gz": [file("a.nii.gz", gzip(concat(nifti1(int16), raw(twelve))))],
  "nifti-2": [file("a.nii", nifti2(int16), raw(twelve))],
  "hdr": [file("a.img", raw(twelve)), file("a.hdr", nifti1({ ...int16, magic: "ni1", offset: 0 }).subarray(0, 348))],
  "img": [file("a.hdr", nifti1({ ...int16, magic: "ni1", offset: 0 }).subarray(0, 348)), file("a.img", raw(twelve))],
  "mha raw": [file("a.mha", metaHeader(), raw(twelve))],
  "mha zlib": [file("a.mha", metaHeader({ CompressedData: "True" }), zlib(raw(twelve)))],
  "mha text": [file("a.mha", metaHeader({ BinaryData: "False" }), "1 2 3 4 5 6 7 8 9 10 11 1")],
  "mhd": [file("a.raw", raw(twelve)), file("a.mhd", metaHeader({ ElementDataFile: "a.raw" }))],
  "png grey": [{ name: "a.png", bytes: encode({ width: 9, height: 7, channels: 1, data: rgba.subarray(0, 63) }) }],
  "png colour": [{ name: "a.png", bytes: encode({ width: 9, height: 7, channels: 4, data: rgba.subarray(0, 252) }) }],
  "jpeg": [{ name: "a.jpg", bytes: new Uint8Array(jpegJs.encode({ width: 20, height: 15, data: rgba }, 80).data) }],
};

const damaged = (files: NamedBytes[], bytes: Uint8Array): NamedBytes[] => [...files.slice(0, -1), { name: files[files.length - 1].name, bytes }];

/** undefined where the files were read, else the error; anything but an InputError fails the test. */
async function outcome(files: NamedBytes[], what: string): Promise<string | undefined> {
  try {
    await readImage(files);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "InputError") throw new Error(`${what}: ${error instanceof Error ? error.stack : error}`, { cause: error });
    return error.message;
  }
}

test("every sample is whole, and every reader has one", async () => {
  for (const [name, files] of Object.entries(samples)) expect(await outcome(files, name), name).toBeUndefined();
  for (const reader of readers) expect(Object.values(samples).some((files) => files.some(({ bytes, name }) => reader.fits(bytes, name))), reader.name).toBe(true);
});

const zlibOfNode: Inflater = (packed, packing, most, cut) => (packing === "gzip" ? gunzipSync : inflateSync)(packed,
  { maxOutputLength: most, chunkSize: Math.max(64, most), finishFlush: cut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH });

afterEach(() => useInflater(undefined));

describe.each([["DecompressionStream", undefined], ["the door's inflater", zlibOfNode]])("cut short at any byte, %s", (_name, inflater) => {
  for (const [name, files] of Object.entries(samples)) {
    test(name, async () => {
      useInflater(inflater);
      const { bytes } = files[files.length - 1];
      // the last line break of a detached header says nothing
      const last = name === "nhdr" || name === "mhd" ? bytes.length - 2 : bytes.length;
      for (let cut = 0; cut < last; cut++) {
        const message = await outcome(damaged(files, bytes.subarray(0, cut)), `${name} cut at ${cut}`);
        expect(message, `${name} cut at ${cut} of ${bytes.length}`).toMatch(/^[a-z, .]+: /);
      }
    });
  }
});

describe("bytes changed at random: an image or an InputError, nothing else", () => {
  for (const [name, files] of Object.entries(samples)) {
    test(name, async () => {
      const random = seeded(name.length * 1000 + name.charCodeAt(1));
      const { bytes } = files[files.length - 1];
      const digits = bytesOf("0123456789-eE.() \n:");
      for (let trial = 0; trial < 400; trial++) {
        const changed = bytes.slice();
        for (let k = 0; k < 1 + trial % 3; k++) {
          const at = Math.floor(random() * Math.min(changed.length, 700));
          changed[at] = trial % 2 === 0 ? Math.floor(random() * 256) : digits[Math.floor(random() * digits.length)];
        }
        await outcome(damaged(files, changed), `${name}, trial ${trial}`);
      }
    });
  }
});

test("PNG chunks changed at random with their check sums put right", async () => {
  const { crc32 } = await import("node:zlib") as { crc32?: (bytes: Uint8Array) => number };
  if (crc32 === undefined) return;
  const random = seeded(99);
  for (const name of ["png grey", "png colour"]) {
    for (let trial = 0; trial < 600; trial++) {
      const changed = samples[name][0].bytes.slice();
      const view = new DataView(changed.buffer);
      // the header of 13 bytes, or anything after it
      const at = trial % 2 === 0 ? 16 + Math.floor(random() * 13) : 41 + Math.floor(random() * (changed.length - 60));
      changed[at] = Math.floor(random() * 256);
      for (let p = 8; p + 12 <= changed.length; ) {
        const length = view.getUint32(p);
        if (p + 12 + length > changed.length) break;
        view.setUint32(p + 8 + length, crc32(changed.subarray(p + 4, p + 8 + length)));
        p += 12 + length;
      }
      await outcome([{ name: "a.png", bytes: changed }], `${name}, trial ${trial}`);
    }
  }
});

test("files that are no image", async () => {
  const says = async (bytes: Uint8Array, name: string) => outcome([{ name, bytes }], name);
  expect(await says(new Uint8Array(0), "a.nrrd")).toBe("a.nrrd: is empty; expected one of " + readers.map((r) => r.name).join(", ") + ".");
  expect(await says(bytesOf("hello"), "a.txt")).toMatch(/^a\.txt: is in no format that is known here; expected one of NRRD/);
  expect(await says(bytesOf("hello"), "a.nii")).toMatch(/^a\.nii: /);
  expect(await says(bytesOf("NRRD0009\n\n"), "a.nrrd")).toMatch('starts with "NRRD0009", but only NRRD versions 1 to 5');
  expect(await says(gzip(bytesOf("hello")), "a.nii.gz")).toMatch(/^a\.nii\.gz: /);
  expect(await outcome([], "nothing")).toMatch("(no file)");
});

test.each([undefined, zlibOfNode])("a gzip file of zeros that unpacks to far more than its header says is not unpacked", async (inflater) => {
  useInflater(inflater);
  const bomb = gzip(new Uint8Array(200_000_000));
  expect(await outcome([file("a.nrrd", nrrdHeader({ encoding: "gzip" }), bomb)], "bomb")).toMatch("its data go on after the 24 bytes");
  const before = process.memoryUsage().arrayBuffers;
  expect(await outcome([{ name: "a.nii.gz", bytes: bomb }], "bomb")).toMatch(/NIfTI/);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
});

test("a door's inflater gives the same bytes, and is asked first", async () => {
  let asked = 0;
  const voxels = Int16Array.from({ length: 300_000 }, (_, i) => i % 777);
  for (const files of [
    [file("a.nrrd", nrrdHeader({ encoding: "gzip", sizes: "300 100 10" }), gzip(raw(voxels)))],
    [file("a.nii.gz", gzip(concat(nifti1({ dim: [300, 100, 10], code: 4, sform: 1, s: int16.s }), raw(voxels))))],
    [file("a.mha", metaHeader({ CompressedData: "True", DimSize: "300 100 10" }), zlib(raw(voxels)))],
  ]) {
    useInflater(undefined);
    const slow = await readImage(files);
    useInflater((...how) => { asked++; return zlibOfNode(...how); });
    const { data, ...rest } = await readImage(files);
    expect(rest).toEqual({ ...slow, data: undefined });
    expect([sha1(data), sha1(slow.data)]).toEqual([sha1(voxels), sha1(voxels)]);
  }
  // NIfTI asks for its header first
  expect(asked).toBe(4);
});

test("NaN and infinite voxels are kept as they are", async () => {
  const data = Float32Array.of(NaN, Infinity, -Infinity, 0);
  const whole = { data, size: [4, 1, 1] as [number, number, number], spacing: [1, 1, 1] as [number, number, number], origin: [0, 0, 0] as [number, number, number], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  for (const name of ["a.nrrd", "a.nii.gz", "a.mha"]) expect((await readImage([{ name, bytes: await encodeImage(whole, name) }])).data).toEqual(data);
});
