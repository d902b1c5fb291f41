import { InputError } from "../math/index.js";
import { joined } from "./companion.js";
import { bytesOf, elementOf, littleEndianBytes, zeros } from "./elements.js";
import { determinant } from "./grid.js";
import { deflate } from "./inflate.js";
import type { Image, Voxels } from "./volume.js";

const codes: Record<string, number> = { uint8: 2, int16: 4, int32: 8, float32: 16, float64: 64, int8: 256, uint16: 512, uint32: 768 };
const rgb24 = 128;
const headerBytes = 352;

/** A single-file NIfTI-1 image, little-endian, LPS turned to RAS; sform and qform both with code 1 (scanner). */
export async function niftiBytes(image: Image, packed: boolean, who: string): Promise<Uint8Array> {
  const { size, spacing, data, frames, components } = image;
  const colour = components === 3 && image.type === "rgb24";
  const vector = components > 1 && !colour;
  const largest = Math.max(...size, frames, components);
  if (largest > 32767) throw new InputError(`${who}: NIfTI-1 holds at most 32,767 voxels along an axis, but the image has ${largest}; write .nrrd instead.`);
  const head = new Uint8Array(headerBytes);
  const view = new DataView(head.buffer);
  const i16 = (at: number, values: number[]) => values.forEach((v, k) => view.setInt16(at + 2 * k, v, true));
  const f32 = (at: number, values: number[]) => values.forEach((v, k) => view.setFloat32(at + 4 * k, v, true));
  const element = elementOf(data);
  view.setInt32(0, 348, true);
  i16(40, [vector ? 5 : frames > 1 ? 4 : image.dimension === 2 && size[2] === 1 ? 2 : 3, ...size, frames, vector ? components : 1, 1, 1]);
  i16(68, [vector ? 1007 : 0, colour ? rgb24 : codes[element], 8 * bytesOf[element] * (colour ? 3 : 1)]);
  const handed = determinant(image.direction) < 0 ? -1 : 1;
  f32(76, [handed, ...spacing, 1, 1, 1, 1]);
  f32(108, [headerBytes, 1, 0]);
  // lengths in mm, times in s
  head[123] = 2 | 8;
  const ras = image.direction.map((d, k) => (k < 6 ? -d : d) + 0);
  const offset = image.origin.map((o, r) => (r < 2 ? -o : o) + 0);
  i16(252, [1, 1]);
  f32(256, [...quaternion(ras, handed), ...offset]);
  f32(280, [0, 1, 2].flatMap((r) => [0, 1, 2].map((c) => ras[3 * r + c] * spacing[c]).concat(offset[r])));
  head.set([0x6e, 0x2b, 0x31, 0], 344);
  const bytes = joined([head, littleEndianBytes(vector ? planar(data, components) : data)]);
  return packed ? deflate(bytes, "gzip") : bytes;
}

function planar(data: Voxels, components: number): Voxels {
  const out = zeros(elementOf(data), data.length);
  for (let c = 0, i = 0; c < components; c++) for (let v = c; v < data.length; v += components) out[i++] = data[v];
  return out;
}

/**
 * b, c, d of the unit quaternion (a ≥ 0) of a rotation, its third column turned round first where `handed` is −1.
 * Shepperd, J Guidance Control 1978;1:223.
 */
function quaternion(m: readonly number[], handed: number): number[] {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = m.map((v, k) => (k % 3 === 2 ? v * handed : v));
  const squares = [xx + yy + zz, xx - yy - zz, yy - xx - zz, zz - xx - yy];
  const most = squares.indexOf(Math.max(...squares));
  const t = Math.sqrt(1 + squares[most]) / 2;
  const s = 1 / (4 * t);
  const q = [
    [t, (zy - yz) * s, (xz - zx) * s, (yx - xy) * s],
    [(zy - yz) * s, t, (xy + yx) * s, (xz + zx) * s],
    [(xz - zx) * s, (xy + yx) * s, t, (yz + zy) * s],
    [(yx - xy) * s, (xz + zx) * s, (yz + zy) * s, t],
  ][most];
  return q[0] < 0 ? [-q[1], -q[2], -q[3]] : q.slice(1);
}
