import { InputError, powerOfTwo } from "../math/index.js";
import type { Voxels } from "./volume.js";

/** A number type as it lies in a file. */
export type Element =
  | "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "int64" | "uint64" | "float32" | "float64";

export const bytesOf: Record<Element, number> = {
  int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, uint64: 8, float32: 4, float64: 8,
};

const arrays = {
  int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, int32: Int32Array, uint32: Uint32Array,
  float32: Float32Array, float64: Float64Array,
};

const hostIsLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * The first `count` numbers of `bytes`. Where order and alignment allow it the result is a view on `bytes`, not a copy.
 * 64-bit integers become Int32Array or Uint32Array where all fit, else Float64Array where all are exact
 * (at most 2^53), else InputError.
 *
 * @param bytes at least count × bytesOf[element] long (the caller has checked)
 * @param who   the file, for the error
 */
export function numbersIn(bytes: Uint8Array, element: Element, count: number, littleEndian: boolean, who: string): Voxels {
  const width = bytesOf[element];
  let own = bytes.subarray(0, count * width);
  if (width > 1 && littleEndian !== hostIsLittle) own = swapped(own, width);
  else if (own.byteOffset % width !== 0) own = new Uint8Array(own);
  if (element === "int64" || element === "uint64") return from64(own, element === "int64", who);
  return new arrays[element](own.buffer as ArrayBuffer, own.byteOffset, count);
}

/** The voxels as little-endian bytes; a view where the machine is little-endian. */
export function littleEndianBytes(data: Voxels): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return hostIsLittle || data.BYTES_PER_ELEMENT === 1 ? bytes : swapped(bytes, data.BYTES_PER_ELEMENT);
}

/** An array of `count` zeros that holds this element; 64-bit integers get Float64Array. */
export function zeros(element: Element, count: number): Voxels {
  return element === "int64" || element === "uint64" ? new Float64Array(count) : new arrays[element](count);
}

/** The element type of a typed array. */
export function elementOf(data: Voxels): Exclude<Element, "int64" | "uint64"> {
  for (const [name, array] of Object.entries(arrays)) if (data instanceof array) return name as keyof typeof arrays;
  throw new TypeError("voxels must be a typed array of 8-, 16-, 32-bit integers or floats");
}

/** Pieces of one image, one after another. */
export function together(pieces: readonly Voxels[]): Voxels {
  if (pieces.length === 1) return pieces[0];
  const element = elementOf(pieces[0]);
  // 64-bit integers may have come out as different types
  const alike = pieces.every((piece) => elementOf(piece) === element);
  const all = zeros(alike ? element : "float64", pieces.reduce((n, piece) => n + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece as never, at);
    at += piece.length;
  }
  return all;
}

/** Refuses a file that holds fewer bytes of voxels than its header promises. */
export function enough(found: number, promised: number, sizes: readonly number[], type: string, who: string): void {
  if (found >= promised) return;
  throw new InputError(`${who}: holds ${Math.max(0, found).toLocaleString("en")} bytes of voxels, but its header promises ` +
    `${promised.toLocaleString("en")} (${sizes.join(" × ")} ${type}); the file is cut short or its header is wrong.`);
}

/** Smallest and largest value an integer element can hold; undefined for floats. */
export function rangeOf(element: Element): [number, number] | undefined {
  if (element.startsWith("float")) return undefined;
  const bits = 8 * bytesOf[element];
  return element.startsWith("u") ? [0, powerOfTwo(bits) - 1] : [-powerOfTwo(bits - 1), powerOfTwo(bits - 1) - 1];
}

/** A copy with the bytes of every number reversed. */
function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(bytes);
  if (width === 2) {
    const words = new Uint16Array(out.buffer);
    for (let i = 0; i < words.length; i++) words[i] = (words[i] << 8) | (words[i] >> 8);
    return out;
  }
  const words = new Uint32Array(out.buffer);
  for (let i = 0; i < words.length; i++) {
    const w = words[i];
    words[i] = (w << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24);
  }
  if (width === 8) {
    for (let i = 0; i < words.length; i += 2) {
      const first = words[i];
      words[i] = words[i + 1];
      words[i + 1] = first;
    }
  }
  return out;
}

function from64(bytes: Uint8Array, signed: boolean, who: string): Voxels {
  const words = new Uint32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / 4);
  const count = words.length / 2;
  const low = hostIsLittle ? 0 : 1;
  const out = new Float64Array(count);
  let least = 0;
  let most = 0;
  for (let i = 0; i < count; i++) {
    const high = words[2 * i + 1 - low];
    const value = (signed ? high | 0 : high) * 4294967296 + words[2 * i + low];
    if (value < least) least = value;
    if (value > most) most = value;
    out[i] = value;
  }
  const exact = Number.MAX_SAFE_INTEGER;
  if (least < -exact || most > exact) {
    throw new InputError(`${who}: holds 64-bit integers up to ${most > exact ? most : least}, but only whole numbers ` +
      `up to 2^53 can be kept exactly; store it as 32-bit integers or as float64.`);
  }
  if (least >= -(2 ** 31) && most < 2 ** 31) return Int32Array.from(out);
  if (least >= 0 && most < 2 ** 32) return Uint32Array.from(out);
  return out;
}
