import { InputError } from "../math/index.js";
import type { Element } from "./elements.js";
import { voxelCount } from "./grid.js";
import { niftiGrid } from "./niftiGrid.js";
import type { Grid, Triple } from "./volume.js";

/** What a NIfTI header says, in our terms. */
export type NiftiHeader = {
  /** header and voxels in one file */
  single: boolean;
  littleEndian: boolean;
  /** where the voxels begin, bytes */
  offset: number;
  element: Element;
  /** name of the number type, "rgb24" included */
  type: string;
  /** stored numbers per element: 3 for RGB, 4 for RGBA */
  planes: number;
  dims: number[];
  /** product of dims */
  count: number;
  frames: number;
  components: number;
  /** components are the fifth axis */
  vector: boolean;
  dimension: number;
  slope: number;
  intercept: number;
  grid: Grid;
};

/** Bytes of the longer header, NIfTI-2's. */
export const niftiHeaderBytes = 540;

const types: Record<number, [Element, string, number]> = {
  2: ["uint8", "uint8", 1], 4: ["int16", "int16", 1], 8: ["int32", "int32", 1], 16: ["float32", "float32", 1],
  64: ["float64", "float64", 1], 256: ["int8", "int8", 1], 512: ["uint16", "uint16", 1], 768: ["uint32", "uint32", 1],
  1024: ["int64", "int64", 1], 1280: ["uint64", "uint64", 1], 128: ["uint8", "rgb24", 3], 2304: ["uint8", "rgba32", 4],
};

const unread: Record<number, string> = { 1: "1-bit", 32: "complex64", 1536: "float128", 1792: "complex128", 2048: "complex256" };

/**
 * Parses a NIfTI-1 (348 bytes) or NIfTI-2 (540 bytes) header.
 * https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h and nifti2.h
 */
export function parseNiftiHeader(bytes: Uint8Array, who: string): NiftiHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = bytes.length >= 4 && (view.getInt32(0, true) === 348 || view.getInt32(0, true) === 540);
  const size = bytes.length >= 4 ? view.getInt32(0, littleEndian) : 0;
  if (size !== 348 && size !== 540) throw new InputError(`${who}: does not start with a NIfTI header (348 or 540 bytes); it is no NIfTI file or is damaged.`);
  if (bytes.length < size) throw new InputError(`${who}: ends after ${bytes.length} of its ${size} header bytes; the file is cut short.`);
  const two = size === 540;
  const magic = new TextDecoder("latin1").decode(two ? bytes.subarray(4, 7) : bytes.subarray(344, 347));
  if (magic !== (two ? "n+2" : "n+1") && magic !== (two ? "ni2" : "ni1")) {
    throw new InputError(`${who}: has a ${size}-byte header without the NIfTI mark${two ? "" : " (Analyze 7.5 is not read)"}; convert it to NIfTI.`);
  }
  const i16 = (at: number) => view.getInt16(at, littleEndian);
  const i32 = (at: number) => view.getInt32(at, littleEndian);
  const f32 = (at: number) => view.getFloat32(at, littleEndian);
  const f64 = (at: number) => view.getFloat64(at, littleEndian);
  const i64 = (at: number) => Number(view.getBigInt64(at, littleEndian));
  const eight = (f: (at: number) => number, at: number, step: number) => Array.from({ length: 8 }, (_, k) => f(at + k * step));

  const dim = two ? eight(i64, 16, 8) : eight(i16, 40, 2);
  const code = i16(two ? 12 : 70);
  const pixdim = two ? eight(f64, 104, 8) : eight(f32, 76, 4);
  const voxOffset = two ? i64(168) : f32(108);
  const [slope, intercept] = two ? [f64(176), f64(184)] : [f32(112), f32(116)];
  const [qform, sform] = two ? [i32(344), i32(348)] : [i16(252), i16(254)];
  const q = two ? [0, 1, 2, 3, 4, 5].map((k) => f64(352 + 8 * k)) : [0, 1, 2, 3, 4, 5].map((k) => f32(256 + 4 * k));
  const s = two ? Array.from({ length: 12 }, (_, k) => f64(400 + 8 * k)) : Array.from({ length: 12 }, (_, k) => f32(280 + 4 * k));
  const units = (two ? i32(500) : bytes[123]) & 7;

  const known = types[code];
  if (known === undefined) {
    throw new InputError(`${who}: its NIfTI datatype is ${code}${unread[code] === undefined ? "" : ` (${unread[code]})`}, which is not read; ` +
      `expected integers or floats of 8 to 64 bits, or RGB.`);
  }
  const [element, type, planes] = known;
  const dimension = dim[0];
  if (!(dimension >= 1 && dimension <= 7)) throw new InputError(`${who}: its NIfTI header declares ${dimension} dimensions; expected 1 to 7.`);
  const dims = dim.slice(1, dimension + 1).map((n, k) => (n === 0 && k >= 3 ? 1 : n));
  const count = voxelCount(dims, who);
  if (dims.slice(5).some((n) => n > 1)) throw new InputError(`${who}: has ${dims.join(" × ")} voxels; axes 6 and 7 are not read.`);
  const vector = (dims[4] ?? 1) > 1;
  const single = magic[1] === "+";
  const least = single ? size : 0;
  const offset = Math.max(voxOffset, least);
  if (!Number.isInteger(offset) || offset > 2 ** 40) {
    throw new InputError(`${who}: its NIfTI voxels begin at byte ${voxOffset}; expected a whole number of at least ${least}.`);
  }
  const scaled = Number.isFinite(slope) && Number.isFinite(intercept) && planes === 1;
  const milli = units === 1 ? 1000 : units === 3 ? 0.001 : 1;
  const frames = dims[3] ?? 1;
  return {
    single, littleEndian, offset, element, type, planes, dims, count,
    frames, components: planes * (dims[4] ?? 1), vector, dimension: frames > 1 ? 4 : Math.min(3, Math.max(2, dimension)),
    slope: scaled ? slope : 0, intercept: scaled ? intercept : 0,
    grid: niftiGrid([0, 1, 2].map((k) => dims[k] ?? 1) as Triple, { qform, sform, q, s, pixdim, milli }, who),
  };
}
