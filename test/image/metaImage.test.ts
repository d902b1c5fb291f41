import { expect, test } from "vitest";
import { companions, readImage } from "../../src/image/index.js";
import { bigEndian, bytesOf, concat, file, metaHeader, raw, twelve, zlib, gzip } from "./build.js";

const read = (...files: Parameters<typeof file>[]) => readImage(files.map((f) => file(...f)));
const expected = Array.from(twelve);

test("local data: raw, zlib, gzip, text; either byte order", async () => {
  const forms: [Record<string, string>, Uint8Array][] = [
    [{}, raw(twelve)],
    [{ BinaryDataByteOrderMSB: "True" }, bigEndian(twelve)],
    [{ BinaryDataByteOrderMSB: "False", ElementByteOrderMSB: "True" }, bigEndian(twelve)],
    [{ CompressedData: "True" }, zlib(raw(twelve))],
    [{ CompressedData: "True", CompressedDataSize: String(zlib(raw(twelve)).length) }, concat(zlib(raw(twelve)), bytesOf("tail"))],
    [{ CompressedData: "True" }, gzip(raw(twelve))],
    [{ BinaryData: "False" }, bytesOf(expected.join(" "))],
  ];
  for (const [fields, bytes] of forms) {
    const image = await read(["a.mha", metaHeader(fields), bytes]);
    expect(Array.from(image.data), JSON.stringify(fields)).toEqual(expected);
    expect(image).toMatchObject({ size: [2, 3, 2], spacing: [1, 2, 3], origin: [10, 20, 30], type: "int16", dimension: 3 });
  }
});

test("every element type", async () => {
  const types: [string, Parameters<typeof raw>[0]][] = [
    ["MET_CHAR", Int8Array.of(-1, 2)], ["MET_UCHAR", Uint8Array.of(255, 2)], ["MET_SHORT", Int16Array.of(-1, 2)], ["MET_USHORT", Uint16Array.of(65535, 2)],
    ["MET_INT", Int32Array.of(-1, 2)], ["MET_UINT", Uint32Array.of(4294967295, 2)], ["MET_LONG", Int32Array.of(-1, 2)],
    ["MET_LONG_LONG", BigInt64Array.of(-1n, 2n)], ["MET_FLOAT", Float32Array.of(-0.5, 2)], ["MET_DOUBLE", Float64Array.of(-0.1, 2)],
  ];
  for (const [ElementType, data] of types) {
    const image = await read(["a.mha", metaHeader({ ElementType, DimSize: "2 1 1" }), raw(data)]);
    expect(Array.from(image.data), ElementType).toEqual(Array.from(data as ArrayLike<number | bigint>, Number));
  }
});

test("data in another file, in a list, in a numbered series, after a foreign header", async () => {
  const [a, b] = [raw(twelve.subarray(0, 6)), raw(twelve.subarray(6))];
  expect(companions(file("a.mhd", metaHeader({ ElementDataFile: "a.raw" })))).toEqual(["a.raw"]);
  expect(Array.from((await read(["a.mhd", metaHeader({ ElementDataFile: "a.raw" })], ["a.raw", a, b])).data)).toEqual(expected);
  expect(Array.from((await read(["a.mhd", metaHeader({ ElementDataFile: "LIST" }), "p.raw\nq.raw\n"], ["q.raw", b], ["p.raw", a])).data)).toEqual(expected);
  expect(Array.from((await read(["a.mhd", metaHeader({ ElementDataFile: "s%03d.raw 7 8 1" })], ["s007.raw", a], ["s008.raw", b])).data)).toEqual(expected);
  for (const HeaderSize of ["5", "-1"]) {
    expect(Array.from((await read(["a.mhd", metaHeader({ HeaderSize, ElementDataFile: "a.raw" })], ["a.raw", "12345", a, b])).data)).toEqual(expected);
  }
});

test("TransformMatrix gives the x axis first", async () => {
  const image = await read(["a.mha", metaHeader({ TransformMatrix: "0 1 0 0 0 1 1 0 0" }), raw(twelve)]);
  // x runs along P, y along S, z along L
  expect(image.direction).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0]);
});

test("two dimensions, four dimensions, channels", async () => {
  const flat = { NDims: "2", DimSize: "4 3", TransformMatrix: "1 0 0 1", Offset: "1 2", ElementSpacing: "3 4" };
  expect(await read(["a.mha", metaHeader(flat), raw(twelve)])).toMatchObject({ size: [4, 3, 1], spacing: [3, 4, 1], origin: [1, 2, 0], dimension: 2 });
  const four = { NDims: "4", DimSize: "2 3 1 2", TransformMatrix: "1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1", Offset: "1 2 3 0", ElementSpacing: "1 1 1 9" };
  expect(await read(["a.mha", metaHeader(four), raw(twelve)])).toMatchObject({ size: [2, 3, 1], frames: 2, dimension: 4 });
  expect(await read(["a.mha", metaHeader({ DimSize: "2 3 1", ElementNumberOfChannels: "2" }), raw(twelve)])).toMatchObject({ components: 2, frames: 1 });
});

test("what a header lacks or overstates is said", async () => {
  const fails = (fields: Record<string, string>, says: string) => expect(read(["a.mha", metaHeader(fields), raw(twelve)])).rejects.toThrow(says);
  await fails({ ElementType: "MET_NONE" }, 'a.mha: its MetaImage ElementType is "MET_NONE"');
  await fails({ DimSize: "2 3" }, 'DimSize is "2 3", but 3 numbers are needed');
  await fails({ DimSize: "2 3 3" }, "holds 24 bytes of voxels, but its header promises 36");
  await fails({ DimSize: "2 3 1" }, "its data go on after the 12 bytes");
  await fails({ NDims: "9" }, "NDims is 9; expected 2, 3 or 4");
  await fails({ ElementSpacing: "1 0 1" }, "voxel spacing is 1 × 0 × 1");
  await fails({ TransformMatrix: "1 0 0 1 0 0 0 0 1" }, "do not span space");
  await fails({ ElementDataFile: "b.raw" }, "a.mha: its data lie in b.raw, not at hand");
  await expect(read(["a.mha", "ObjectType = Image\nNDims = 3\n"])).rejects.toThrow("has no ElementDataFile");
});
