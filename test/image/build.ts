// Small image files made byte by byte from the format's own description, for the tests of the readers.
import { createHash } from "node:crypto";
import { deflateSync, gzipSync } from "node:zlib";
import type { Image, NamedBytes, Voxels } from "../../src/image/index.js";

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const concat = (...parts: Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

export const raw = (data: Voxels | BigInt64Array | BigUint64Array): Uint8Array =>
  new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer);

/** The same numbers, most significant byte first. */
export function bigEndian(data: Voxels | BigInt64Array | BigUint64Array): Uint8Array {
  const bytes = raw(data);
  const width = data.BYTES_PER_ELEMENT;
  for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
  return bytes;
}

export const gzip = (bytes: Uint8Array): Uint8Array => new Uint8Array(gzipSync(bytes));
export const zlib = (bytes: Uint8Array): Uint8Array => new Uint8Array(deflateSync(bytes));

export const file = (name: string, ...parts: (Uint8Array | string)[]): NamedBytes =>
  ({ name, bytes: concat(...parts.map((part) => (typeof part === "string" ? bytesOf(part) : part))) });

/** An NRRD header: the fields given over a default of 2 × 3 × 2 int16, raw, little-endian. */
export function nrrdHeader(fields: Record<string, string | undefined> = {}): string {
  const all: Record<string, string | undefined> = {
    type: "short", dimension: "3", space: "left-posterior-superior", sizes: "2 3 2",
    "space directions": "(1,0,0) (0,2,0) (0,0,3)", kinds: "domain domain domain", endian: "little", encoding: "raw",
    "space origin": "(10,20,30)", ...fields,
  };
  return `NRRD0004\n# made for a test\n${Object.entries(all).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\n`).join("")}\n`;
}

export type NiftiFields = {
  dim: number[]; code: number; pixdim?: number[]; qform?: number; sform?: number; q?: number[]; s?: number[];
  slope?: number; inter?: number; units?: number; magic?: string; offset?: number; little?: boolean;
};

/** A NIfTI-1 header of 352 bytes. */
export function nifti1(f: NiftiFields): Uint8Array {
  const head = new Uint8Array(352);
  const view = new DataView(head.buffer);
  const le = f.little ?? true;
  view.setInt32(0, 348, le);
  [f.dim.length, ...f.dim, ...Array(7 - f.dim.length).fill(1)].forEach((v, k) => view.setInt16(40 + 2 * k, v, le));
  view.setInt16(70, f.code, le);
  [1, ...(f.pixdim ?? [1, 1, 1, 1])].forEach((v, k) => view.setFloat32(76 + 4 * k, v, le));
  if (f.pixdim?.length === 8) f.pixdim.forEach((v, k) => view.setFloat32(76 + 4 * k, v, le));
  view.setFloat32(108, f.offset ?? 352, le);
  view.setFloat32(112, f.slope ?? 0, le);
  view.setFloat32(116, f.inter ?? 0, le);
  head[123] = f.units ?? 2;
  view.setInt16(252, f.qform ?? 0, le);
  view.setInt16(254, f.sform ?? 0, le);
  (f.q ?? []).forEach((v, k) => view.setFloat32(256 + 4 * k, v, le));
  (f.s ?? []).forEach((v, k) => view.setFloat32(280 + 4 * k, v, le));
  head.set(bytesOf(`${f.magic ?? "n+1"}\0`), 344);
  return head;
}

/** A NIfTI-2 header of 544 bytes. */
export function nifti2(f: NiftiFields): Uint8Array {
  const head = new Uint8Array(544);
  const view = new DataView(head.buffer);
  const le = f.little ?? true;
  view.setInt32(0, 540, le);
  head.set([0x6e, 0x2b, 0x32, 0, 0x0d, 0x0a, 0x1a, 0x0a], 4);
  view.setInt16(12, f.code, le);
  [f.dim.length, ...f.dim, ...Array(7 - f.dim.length).fill(1)].forEach((v, k) => view.setBigInt64(16 + 8 * k, BigInt(v), le));
  [1, ...(f.pixdim ?? [1, 1, 1, 1])].forEach((v, k) => view.setFloat64(104 + 8 * k, v, le));
  view.setBigInt64(168, 544n, le);
  view.setFloat64(176, f.slope ?? 0, le);
  view.setFloat64(184, f.inter ?? 0, le);
  view.setInt32(344, f.qform ?? 0, le);
  view.setInt32(348, f.sform ?? 0, le);
  (f.q ?? []).forEach((v, k) => view.setFloat64(352 + 8 * k, v, le));
  (f.s ?? []).forEach((v, k) => view.setFloat64(400 + 8 * k, v, le));
  view.setInt32(500, f.units ?? 2, le);
  return head;
}

/** A MetaImage header that ends with its ElementDataFile. */
export function metaHeader(fields: Record<string, string> = {}): string {
  const all: Record<string, string> = {
    ObjectType: "Image", NDims: "3", BinaryData: "True", BinaryDataByteOrderMSB: "False", CompressedData: "False",
    TransformMatrix: "1 0 0 0 1 0 0 0 1", Offset: "10 20 30", ElementSpacing: "1 2 3", DimSize: "2 3 2", ElementType: "MET_SHORT", ...fields,
  };
  return `${Object.entries(all).filter(([name]) => name !== "ElementDataFile").map(([name, value]) => `${name} = ${value}\n`).join("")}` +
    `ElementDataFile = ${fields.ElementDataFile ?? "LOCAL"}\n`;
}

/** Twelve int16 voxels of a 2 × 3 × 2 volume, negative ones and both extremes included. */
export const twelve = Int16Array.of(1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 32767, -32768);

export const sha1 = (data: Voxels): string => createHash("sha1").update(raw(data)).digest("hex");

export function sum(data: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < data.length; i++) total += data[i];
  return total;
}

/** A random number generator with a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const grid = ({ size, spacing, origin, direction }: Pick<Image, "size" | "spacing" | "origin" | "direction">) =>
  ({ size, spacing, origin, direction });
