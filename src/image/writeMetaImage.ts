import { joined } from "./companion.js";
import { elementOf, littleEndianBytes } from "./elements.js";
import { deflate } from "./inflate.js";
import type { Image } from "./volume.js";
import { isFlat } from "./writeNrrd.js";

const names: Record<string, string> = {
  int8: "MET_CHAR", uint8: "MET_UCHAR", int16: "MET_SHORT", uint16: "MET_USHORT", int32: "MET_INT", uint32: "MET_UINT",
  float32: "MET_FLOAT", float64: "MET_DOUBLE",
};

/** A MetaImage file with its data inside (.mha). */
export async function metaImageBytes(image: Image, packed: boolean): Promise<Uint8Array> {
  const { data, components, frames, size, spacing, origin, direction } = image;
  const n = isFlat(image) ? 2 : frames > 1 ? 4 : 3;
  const all = <T>(of: (k: number) => T) => Array.from({ length: n }, (_, k) => of(k)).join(" ");
  const raw = littleEndianBytes(data);
  const bytes = packed ? await deflate(raw, "deflate") : raw;
  const header = [
    "ObjectType = Image",
    `NDims = ${n}`,
    "BinaryData = True",
    "BinaryDataByteOrderMSB = False",
    `CompressedData = ${packed ? "True" : "False"}`,
    ...(packed ? [`CompressedDataSize = ${bytes.length}`] : []),
    // the x axis first
    `TransformMatrix = ${all((c) => all((r) => (r < 3 && c < 3 ? direction[3 * r + c] : r === c ? 1 : 0)))}`,
    `Offset = ${all((k) => origin[k] ?? 0)}`,
    `CenterOfRotation = ${all(() => 0)}`,
    `ElementSpacing = ${all((k) => spacing[k] ?? 1)}`,
    `DimSize = ${all((k) => size[k] ?? frames)}`,
    ...(components > 1 ? [`ElementNumberOfChannels = ${components}`] : []),
    `ElementType = ${names[elementOf(data)]}`,
    "ElementDataFile = LOCAL",
    "",
  ].join("\n");
  return joined([new TextEncoder().encode(header), bytes]);
}
