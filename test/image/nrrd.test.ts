import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { asVolume, companions, frame, channel, readImage, type Image } from "../../src/image/index.js";
import { example, extendedTest, golden, readJson, readVolume } from "../data.js";
import { bigEndian, bytesOf, concat, file, grid, gzip, nrrdHeader, raw, sha1, twelve } from "./build.js";

const read = (...files: Parameters<typeof file>[]) => readImage(files.map((f) => file(...f)));

// SHA-1 of the voxel buffers: PyRadiomics 8ed5793, diagnostics_Image-original_Hash and _Spacing of its own test cases.
test("the shipped cases hold the voxels that PyRadiomics read", async () => {
  const diagnostics = readJson(golden("pyradiomics/shape2D.json")).runs;
  for (const name of ["brain1", "breast1"]) {
    const volume = await readVolume(example(`${name}_image.nrrd`));
    const expected = diagnostics[name].diagnostics;
    expect(sha1(volume.data)).toBe(expected["diagnostics_Image-original_Hash"]);
    expect(volume.spacing).toEqual(expected["diagnostics_Image-original_Spacing"]);
    expect(volume.size).toEqual(expected["diagnostics_Image-original_Size"]);
  }
});

test("brain1 is mirrored along y, as its header says", async () => {
  const { direction, origin } = await readVolume(example("brain1_image.nrrd"));
  expect(direction).toEqual([1, 0, 0, 0, -1, 0, 0, 0, 1]);
  expect(origin).toEqual([-99.609374999999986, 99.609374999999986, -77.999999999999957]);
});

describe("every number type, either byte order, every encoding", () => {
  const types: [string, Parameters<typeof raw>[0], ArrayLike<number>][] = [
    ["signed char", Int8Array.of(-128, 127, 0, 1), [-128, 127, 0, 1]],
    ["uint8_t", Uint8Array.of(0, 255, 1, 2), [0, 255, 1, 2]],
    ["int16", Int16Array.of(-32768, 32767, 1, 2), [-32768, 32767, 1, 2]],
    ["unsigned short int", Uint16Array.of(0, 65535, 1, 2), [0, 65535, 1, 2]],
    ["int", Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 1, 2), [-(2 ** 31), 2 ** 31 - 1, 1, 2]],
    ["uint32", Uint32Array.of(0, 2 ** 32 - 1, 1, 2), [0, 2 ** 32 - 1, 1, 2]],
    ["long long", BigInt64Array.of(-9007199254740991n, 9007199254740991n, -1n, 2n), [-9007199254740991, 9007199254740991, -1, 2]],
    ["unsigned long long", BigUint64Array.of(0n, 4294967295n, 1n, 2n), [0, 4294967295, 1, 2]],
    ["float", Float32Array.of(-1.5, Infinity, 0, 3e-40), Float32Array.of(-1.5, Infinity, 0, 3e-40)],
    ["double", Float64Array.of(-1.1, 1e300, 0, 5e-324), [-1.1, 1e300, 0, 5e-324]],
  ];
  for (const [type, data, expected] of types) {
    test(type, async () => {
      const fields = { type, dimension: "2", sizes: "2 2", space: undefined, "space directions": undefined, kinds: undefined, "space origin": undefined };
      const hex = (bytes: Uint8Array) => bytesOf(Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("").replace(/(.{14})/g, "$1\n"));
      const forms: [string, Record<string, string>, Uint8Array][] = [
        ["raw", {}, raw(data)], ["big", { endian: "big" }, bigEndian(data)],
        ["gzip", { encoding: "gzip" }, gzip(raw(data))], ["gz", { encoding: "gz", endian: "big" }, gzip(bigEndian(data))],
        ["hex", { encoding: "hex" }, hex(raw(data))], ["ascii", { encoding: "ascii" }, bytesOf(Array.from(expected).join(" \n"))],
      ];
      for (const [name, more, bytes] of forms) {
        // one byte more in the comment: the data begin at an odd place
        for (const odd of ["", "#\n"]) {
          const header = nrrdHeader({ ...fields, ...more }).replace("# made for a test\n", `# made for a test\n${odd}`);
          const image = await read([`${name}.nrrd`, header, bytes]);
          expect(Array.from(image.data)).toEqual(Array.from(expected));
          expect(image.size).toEqual([2, 2, 1]);
          expect(image.dimension).toBe(2);
        }
      }
    });
  }
});

test("a 64-bit integer that is not exact is refused", async () => {
  const header = nrrdHeader({ type: "int64", dimension: "2", sizes: "1 1", space: undefined, "space directions": undefined, kinds: undefined, "space origin": undefined });
  await expect(read(["a.nrrd", header, raw(BigInt64Array.of(9007199254740993n))])).rejects.toThrow(/a\.nrrd: holds 64-bit integers .* 2\^53/);
});

test("line skip comes before unpacking, byte skip after it, and −1 counts from the end", async () => {
  const data = raw(twelve);
  const junk = bytesOf("one\ntwo\n");
  const forms: [Record<string, string>, Uint8Array][] = [
    [{ "line skip": "2" }, concat(junk, data)],
    [{ "byte skip": "8" }, concat(junk, data)],
    [{ "line skip": "1", "byte skip": "4" }, concat(junk, data)],
    [{ "byte skip": "-1" }, concat(junk, data)],
    [{ byteskip: "8", encoding: "gzip" }, gzip(concat(junk, data))],
    [{ "byte skip": "-1", encoding: "gzip" }, gzip(concat(junk, data))],
    [{ lineskip: "2", encoding: "gzip" }, concat(junk, gzip(data))],
  ];
  for (const [fields, bytes] of forms) {
    expect(Array.from((await read(["a.nrrd", nrrdHeader(fields), bytes])).data), JSON.stringify(fields)).toEqual(Array.from(twelve));
  }
});

test("data in one file, a numbered series, and a list", async () => {
  const [a, b] = [raw(twelve.subarray(0, 6)), raw(twelve.subarray(6))];
  const forms: [string, Parameters<typeof file>[]][] = [
    ["all.raw", [["folder/all.raw", concat(a, b)]]],
    ["s%02d.raw 1 3 2", [["s01.raw", a], ["s03.raw", b]]],
    ["LIST\none.raw\ntwo.raw", [["two.raw", b], ["one.raw", a]]],
    // files as deep as the volume itself share the last axis
    ["LIST 3\none.raw\ntwo.raw", [["one.raw", a], ["two.raw", b]]],
  ];
  for (const [value, others] of forms) {
    const header = nrrdHeader({ "data file": value }).replace(/\n\n$/, "\n");
    expect(companions(file("h.nhdr", header))).toHaveLength(others.length);
    // the header need not come first
    expect(Array.from((await read(...others, ["h.nhdr", header])).data), value).toEqual(Array.from(twelve));
  }
  await expect(read(["h.nhdr", nrrdHeader({ "data file": "gone.raw" })])).rejects.toThrow("h.nhdr: its data lie in gone.raw, not at hand");
});

describe("geometry", () => {
  const place = async (fields: Record<string, string | undefined>) => grid(await read(["a.nrrd", nrrdHeader(fields), raw(twelve)]));
  test("RAS and LAS are turned into LPS", async () => {
    expect(await place({ space: "right-anterior-superior" })).toEqual(
      { size: [2, 3, 2], spacing: [1, 2, 3], origin: [-10, -20, 30], direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1] });
    expect((await place({ space: "RAS" })).origin).toEqual([-10, -20, 30]);
    expect(await place({ space: "left-anterior-superior" })).toMatchObject({ origin: [10, -20, 30], direction: [1, 0, 0, 0, -1, 0, 0, 0, 1] });
    expect(await place({ space: "LPS" })).toMatchObject({ origin: [10, 20, 30], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
  });
  test("directions become columns, spacing their length", async () => {
    expect(await place({ "space directions": "(0,0.5,0) (0,0,-2) (3,0,0)" })).toMatchObject(
      { spacing: [0.5, 2, 3], direction: [0, 0, 1, 1, 0, 0, 0, -1, 0] });
  });
  test("spacings alone, and axis mins with cell or node centres", async () => {
    const bare = { space: undefined, "space directions": undefined, "space origin": undefined };
    expect(await place({ ...bare, spacings: "0.5 1 2" })).toMatchObject({ spacing: [0.5, 1, 2], origin: [0, 0, 0] });
    expect(await place({ ...bare, "axis mins": "0 10 20", "axis maxs": "4 40 22", centers: "cell node cell" })).toMatchObject(
      { spacing: [2, 15, 1], origin: [1, 10, 20.5] });
  });
  test("what makes no grid is refused", async () => {
    await expect(place({ "space directions": "(0,0,0) (0,2,0) (0,0,3)" })).rejects.toThrow("voxel spacing is 0 × 2 × 3");
    await expect(place({ "space directions": "(1,0,0) (1,0,0) (0,0,3)" })).rejects.toThrow("do not span space");
    await expect(place({ "space directions": "(1,0,0) (0,inf,0) (0,0,3)" })).rejects.toThrow(/spacing is 1 × NaN × 3/);
    await expect(place({ "space origin": "(1,nan,0)" })).rejects.toThrow("origin is (1, NaN, 0)");
  });
});

describe("axes that are not of space", () => {
  const four = async (fields: Record<string, string>): Promise<Image> =>
    read(["a.nrrd", nrrdHeader({ dimension: "4", ...fields }), raw(Int16Array.from({ length: 24 }, (_, i) => i))]);
  const none = { "space directions": "(1,0,0) (0,1,0) (0,0,1) none", kinds: "domain domain domain list", sizes: "2 3 2 2" };
  test("a list behind the space axes gives frames", async () => {
    const image = await four(none);
    expect(image).toMatchObject({ frames: 2, components: 1, dimension: 4, size: [2, 3, 2] });
    expect(Array.from(asVolume(frame(image, 1), "it").data)).toEqual(Array.from({ length: 12 }, (_, i) => 12 + i));
    expect(() => asVolume(image, "a.nrrd")).toThrow("a.nrrd: holds 2 frames (4-D), but one 3-D volume is needed; choose one frame.");
    expect(() => frame(image, 2)).toThrow("frame 2 does not exist");
  });
  test("a vector ahead of them gives components; a vector behind them too, brought to the front", async () => {
    const ahead = await four({ "space directions": "none (1,0,0) (0,1,0) (0,0,1)", kinds: "vector domain domain domain", sizes: "2 2 3 2" });
    expect(ahead).toMatchObject({ frames: 1, components: 2, size: [2, 3, 2] });
    expect(Array.from(channel(ahead, 1).data)).toEqual(Array.from({ length: 12 }, (_, i) => 2 * i + 1));
    expect(() => asVolume(ahead, "a.nrrd")).toThrow("a.nrrd: holds 2 numbers per voxel, but one is needed; choose one channel.");
    const behind = await four({ ...none, kinds: "domain domain domain vector" });
    expect(Array.from(channel(behind, 1).data)).toEqual(Array.from({ length: 12 }, (_, i) => 12 + i));
  });
  test("time gives frames wherever it stands", async () => {
    const image = await four({ "space directions": "(nan,nan,nan) (1,0,0) (0,1,0) (0,0,1)", kinds: "time domain domain domain", sizes: "2 2 3 2" });
    expect(image).toMatchObject({ frames: 2, components: 1 });
    expect(Array.from(frame(image, 1).data)).toEqual(Array.from({ length: 12 }, (_, i) => 2 * i + 1));
  });
});

test("comments, key/value pairs, CR LF and unknown fields are passed over", async () => {
  const header = nrrdHeader({ "content": "a: b", "my own field": "x" }).replace("# made for a test\n", "# c\nkey:=value: with colon\nSegment0_Name:=tumour\n").replaceAll("\n", "\r\n");
  expect(Array.from((await read(["a.nrrd", header, raw(twelve)])).data)).toEqual(Array.from(twelve));
});

test("what a header lacks or overstates is said", async () => {
  const fails = (fields: Record<string, string | undefined>, says: string | RegExp) =>
    expect(read(["a.nrrd", nrrdHeader(fields), raw(twelve)])).rejects.toThrow(says);
  await fails({ endian: undefined }, 'a.nrrd: its NRRD header has no "endian" field');
  await fails({ encoding: "bzip2" }, 'encoding is "bzip2", but only raw');
  await fails({ type: "block" }, 'type is "block"');
  await fails({ sizes: "2 3" }, '"sizes" has 2 entries, but the dimension is 3');
  await fails({ sizes: "2 3 -2" }, "sizes are 2 × 3 × -2");
  await fails({ sizes: "2 3 3" }, "holds 24 bytes of voxels, but its header promises 36");
  await fails({ sizes: "99999 99999 99999" }, "more than 2^32");
  await fails({ sizes: "99999 9999 3", encoding: "gzip" }, "more than its 24 compressed bytes can hold");
  await fails({ sizes: "2 3 1" }, "its data go on after the 12 bytes");
  await fails({ dimension: "1", sizes: "12", "space directions": undefined, kinds: undefined }, "one space axis");
});

// The same ball written in every form by pynrrd's authors (MIT); the sum was taken from the raw file with numpy.fromfile.
extendedTest("pynrrd's files", "formats/pynrrd", async (path) => {
  const names = readdirSync(path);
  const load = (name: string) => ({ name, bytes: readFileSync(join(path, name)) as Uint8Array });
  const whole = async (name: string) => readImage([load(name), ...companions(load(name)).filter((c) => names.includes(c)).map(load)]);
  const ball = new Int16Array(new Uint8Array(readFileSync(join(path, "BallBinary30x30x30.raw"))).buffer);
  const refused: Record<string, RegExp> = {
    "BallBinary30x30x30_bz2.nrrd": /bzip2/, "BallBinary30x30x30_byteskip_minus_five.nhdr": /at least -1/,
    "BallBinary30x30x30_nifti.nhdr": /go on after the 54,000 bytes/,
  };
  for (const name of names.filter((n) => n.startsWith("Ball") && !n.endsWith(".raw"))) {
    if (refused[name] !== undefined) await expect(whole(name), name).rejects.toThrow(refused[name]);
    else expect(sha1((await whole(name)).data), name).toBe(sha1(ball));
  }
  expect(Array.from((await whole("test2d_ascii.nrrd")).data)).toEqual(Array.from({ length: 27 }, (_, i) => i + 1));
  expect(await whole("test_simple4d_raw.nrrd")).toMatchObject({ dimension: 4, spacing: [1.5, 1.5, 1], data: Float64Array.of(0.76903426) });
});
