import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "fast-png";
import jpegJs from "jpeg-js";
import { describe, expect, test } from "vitest";
import { asMask, asVolume, channel, labelsIn, readImage, selectLabel, withSpacing, type Image } from "../../src/image/index.js";
import { extendedTest } from "../data.js";
import { concat, seeded, zlib } from "./build.js";

const read = (bytes: Uint8Array, name = "a.png"): Promise<Image> => readImage([{ name, bytes }]);
const random = seeded(7);
const noise = (n: number, top: number) => Array.from({ length: n }, () => Math.floor(random() * top));

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => Array.from({ length: 8 }).reduce<number>((c) => (c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1), n));
const crc = (bytes: Uint8Array) => (bytes.reduce((c, byte) => crcTable[(c ^ byte) & 255] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

function chunk(name: string, data: Uint8Array): Uint8Array {
  const body = concat(new TextEncoder().encode(name), data);
  const out = new Uint8Array(body.length + 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(body, 4);
  view.setUint32(body.length + 4, crc(body));
  return out;
}

/** A PNG written by the book: rows of packed samples, filter 0, interlaced on request. */
function pngOf(width: number, height: number, depth: number, colour: number, n: number, sample: (x: number, y: number, c: number) => number, more: Uint8Array[] = [], interlaced = false): Uint8Array {
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  const passes = interlaced ? [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] : [[0, 0, 1, 1]];
  const rows: Uint8Array[] = [];
  for (const [x0, y0, dx, dy] of passes) {
    const w = Math.ceil((width - x0) / dx);
    if (w <= 0) continue;
    for (let y = y0; y < height; y += dy) {
      const bits: number[] = [];
      for (let x = x0; x < width; x += dx) for (let c = 0; c < n; c++) for (let b = depth - 1; b >= 0; b--) bits.push((sample(x, y, c) >> b) & 1);
      while (bits.length % 8 !== 0) bits.push(0);
      rows.push(Uint8Array.of(0, ...Array.from({ length: bits.length / 8 }, (_, k) => parseInt(bits.slice(8 * k, 8 * k + 8).join(""), 2))));
    }
  }
  const packed = zlib(concat(...rows));
  // the data may lie in several chunks
  return concat(Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10), chunk("IHDR", head), ...more, chunk("IDAT", packed.subarray(0, 5)), chunk("IDAT", packed.subarray(5)), chunk("IEND", new Uint8Array(0)));
}

// Outside reference: files encoded by fast-png 8.0.0, encode({ width, height, data, depth, channels }).
describe("PNG as fast-png writes it", () => {
  for (const channels of [1, 2, 3, 4]) {
    for (const depth of [8, 16] as const) {
      test(`${channels} channels of ${depth} bits`, async () => {
        const [width, height] = [13, 9];
        const values = noise(width * height * channels, 2 ** depth - 1).map((v) => v + 1);
        const data = depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
        const image = await read(encode({ width, height, data, depth, channels }));
        const kept = channels < 3 ? 1 : 3;
        expect(Array.from(image.data)).toEqual(values.filter((_, i) => i % channels < kept));
        expect(image).toMatchObject({ size: [13, 9, 1], spacing: [1, 1, 1], components: kept, dimension: 2, type: kept === 1 ? `uint${depth}` : depth === 8 ? "rgb24" : "rgb48" });
      });
    }
  }
});

test("1, 2 and 4 bits are stretched to 255, interlaced or not", async () => {
  for (const depth of [1, 2, 4, 8, 16]) {
    for (const [w, h] of [[1, 1], [5, 3], [9, 11], [17, 8]]) {
      const values = noise(w * h, 2 ** depth);
      for (const interlaced of [false, true]) {
        const image = await read(pngOf(w, h, depth, 0, 1, (x, y) => values[y * w + x], [], interlaced));
        expect(Array.from(image.data)).toEqual(values.map((v) => (depth < 8 ? (v * 255) / (2 ** depth - 1) : v)));
        expect(image.type).toBe(`uint${depth}`);
      }
    }
  }
});

test("an interlaced colour image", async () => {
  const values = noise(3 * 10 * 7, 256);
  const image = await read(pngOf(10, 7, 8, 2, 3, (x, y, c) => values[3 * (10 * y + x) + c], [], true));
  expect(Array.from(image.data)).toEqual(values);
});

test("a palette becomes its colours; transparent entries, pixels and key colours become 0", async () => {
  const palette = chunk("PLTE", Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 255, 0));
  const three = await read(pngOf(3, 1, 2, 3, 1, (x) => x, [palette]));
  expect(Array.from(three.data)).toEqual([0, 0, 0, 255, 0, 0, 0, 255, 0]);
  const clear = await read(pngOf(3, 1, 2, 3, 1, (x) => x, [palette, chunk("tRNS", Uint8Array.of(255, 0))]));
  expect(Array.from(clear.data)).toEqual([0, 0, 0, 0, 0, 0, 0, 255, 0]);
  expect(Array.from((await read(pngOf(3, 1, 8, 4, 2, (x, _y, c) => (c === 0 ? 9 : x)))).data)).toEqual([0, 9, 9]);
  expect(Array.from((await read(pngOf(3, 1, 8, 0, 1, (x) => x + 5, [chunk("tRNS", Uint8Array.of(0, 6))]))).data)).toEqual([5, 0, 7]);
  await expect(read(pngOf(4, 1, 2, 3, 1, (x) => x, [palette]))).rejects.toThrow("a PNG pixel has colour 3, but the palette holds 3");
});

test("colour becomes grey by BT.601, grey stays what it is", async () => {
  const image = await read(encode({ width: 4, height: 1, channels: 3, data: Uint8Array.of(77, 77, 77, 255, 0, 0, 0, 255, 0, 10, 20, 31) }));
  // 0.299 · 255 = 76.245, 0.587 · 255 = 149.685, 2.99 + 11.74 + 3.534 = 18.264
  expect(Array.from(asVolume(image, "it").data)).toEqual([77, 76, 150, 18]);
  expect(Array.from(channel(image, 2).data)).toEqual([77, 0, 0, 31]);
  for (let v = 0; v < 256; v++) expect(asVolume({ ...image, size: [1, 1, 1], data: Uint8Array.of(v, v, v) }, "it").data[0]).toBe(v);
});

test("every colour of a mask is a label", async () => {
  const image = await read(encode({ width: 5, height: 1, channels: 3, data: Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 0, 0) }));
  const mask = asMask(image, "mask.png");
  expect(labelsIn(mask)).toEqual([{ label: 255, voxels: 1 }, { label: 1000000255, voxels: 1 }, { label: 1255000000, voxels: 2 }]);
  expect(Array.from(selectLabel(mask, 1255000000))).toEqual([0, 0, 1, 0, 1]);
});

test("pixels are 1 mm unless given", async () => {
  const image = await read(encode({ width: 1, height: 1, channels: 1, data: Uint8Array.of(3) }));
  expect(withSpacing(image, [0.2, 0.3, 1]).spacing).toEqual([0.2, 0.3, 1]);
  expect(() => withSpacing(image, [0, 1, 1])).toThrow("voxel spacing given is 0 × 1 × 1");
});

// Outside reference: jpeg-js 0.4.4 encode(…, 100); lossy, so within 3 grey levels of what was written.
test("JPEG", async () => {
  const [width, height] = [24, 17];
  const data = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) data.set([i % width * 10, i % width * 10, i % width * 10, 255], 4 * i);
  const bytes = new Uint8Array(jpegJs.encode({ width, height, data }, 100).data);
  const image = await read(bytes, "a.jpg");
  expect(image).toMatchObject({ size: [24, 17, 1], components: 3, type: "rgb24", dimension: 2 });
  asVolume(image, "a.jpg").data.forEach((v, i) => expect(Math.abs(v - i % width * 10)).toBeLessThanOrEqual(3));
  for (const cut of [bytes.length - 1, bytes.length - 40, 700, 300, 20, 3]) {
    await expect(read(bytes.subarray(0, cut), "a.jpg")).rejects.toMatchObject({ name: "InputError", message: expect.stringMatching(/^a\.jpg: /) });
  }
});

test("a damaged PNG is refused at its check sum", async () => {
  const bytes = encode({ width: 20, height: 20, channels: 1, data: Uint8Array.from(noise(400, 256)) });
  const flipped = bytes.slice();
  flipped[60] ^= 1;
  await expect(read(flipped)).rejects.toThrow("does not match its check sum");
  await expect(read(bytes.subarray(0, 60))).rejects.toThrow("a.png: ends inside a PNG chunk");
});

// Outside reference: fast-png's own decoder (8-bit files; it leaves 1-bit ones packed, most significant bit first).
extendedTest("every BUSI image and mask", "us/busi", async (path) => {
  const { decode } = await import("fast-png");
  for (const kind of ["benign", "malignant", "normal"]) {
    for (const name of readdirSync(join(path, kind)).filter((n) => n.endsWith(".png"))) {
      const bytes = new Uint8Array(readFileSync(join(path, kind, name)));
      const image = await read(bytes, name);
      const { width, height, depth, channels, data } = decode(bytes);
      expect(image.size).toEqual([width, height, 1]);
      if (depth === 8 && channels === image.components) expect(Buffer.compare(Buffer.from(image.data), Buffer.from(data))).toBe(0);
      if (depth === 1) {
        const line = Math.ceil(width / 8);
        expect(image.data.every((v, i) => v === 255 * ((data[Math.floor(i / width) * line + ((i % width) >> 3)] >> (7 - ((i % width) & 7))) & 1))).toBe(true);
      }
      if (name.includes("_mask")) {
        const labels = labelsIn(asMask(image, name));
        expect(labels.map((l) => l.label)).toEqual(kind === "normal" ? [] : [255]);
      }
    }
  }
});

extendedTest("MRI slices and their masks share a size", "mri/ispy_slices", async (path) => {
  for (const name of readdirSync(join(path, "masks"))) {
    const load = (folder: string) => read(new Uint8Array(readFileSync(join(path, folder, name))), name);
    const [image, mask] = [await load("images"), await load("masks")];
    expect(mask.size).toEqual(image.size);
    expect(labelsIn(mask).map((l) => l.label)).toEqual([255]);
  }
});
