import { elementOf, littleEndianBytes } from "./elements.js";
import { deflate } from "./inflate.js";
import { joined } from "./companion.js";
import type { Image } from "./volume.js";

const names: Record<string, string> = {
  int8: "signed char", uint8: "unsigned char", int16: "short", uint16: "unsigned short", int32: "int", uint32: "unsigned int",
  float32: "float", float64: "double",
};

/** An attached NRRD file, LPS; components are the first axis, frames the last. */
export async function nrrdBytes(image: Image, packed: boolean): Promise<Uint8Array> {
  const { data, components, frames, spacing, direction, type } = image;
  const flat = isFlat(image);
  const space = flat ? 2 : 3;
  const axes = [0, 1, 2].slice(0, space);
  const vector = (values: number[]) => `(${values.map(String).join(",")})`;
  const row = <T>(first: T, of: (axis: number) => T, last: T) =>
    [...(components > 1 ? [first] : []), ...axes.map(of), ...(frames > 1 ? [last] : [])].join(" ");
  const header = [
    "NRRD0004",
    "# http://teem.sourceforge.net/nrrd/format.html",
    `type: ${names[elementOf(data)]}`,
    `dimension: ${space + (components > 1 ? 1 : 0) + (frames > 1 ? 1 : 0)}`,
    flat ? "space dimension: 2" : "space: left-posterior-superior",
    `sizes: ${row(components, (k) => image.size[k], frames)}`,
    `space directions: ${row("none", (c) => vector(axes.map((r) => direction[3 * r + c] * spacing[c])), "none")}`,
    `kinds: ${row(type.startsWith("rgb") ? (components === 3 ? "RGB-color" : "RGBA-color") : "vector", () => "domain", "list")}`,
    "endian: little",
    `encoding: ${packed ? "gzip" : "raw"}`,
    `space origin: ${vector(image.origin.slice(0, space))}`,
    "", "",
  ].join("\n");
  const bytes = littleEndianBytes(data);
  return joined([new TextEncoder().encode(header), packed ? await deflate(bytes, "gzip") : bytes]);
}

/** A 2-D image that lies in the plane z = 0. */
export function isFlat({ dimension, frames, size, spacing, origin, direction: d }: Image): boolean {
  return dimension === 2 && frames === 1 && size[2] === 1 && spacing[2] === 1 && origin[2] === 0 &&
    d[2] === 0 && d[5] === 0 && d[6] === 0 && d[7] === 0 && d[8] === 1;
}
