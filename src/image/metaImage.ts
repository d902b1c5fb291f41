import { InputError } from "../math/index.js";
import { filesNamed, numberedNames } from "./companion.js";
import { bytesOf, enough, numbersIn, together, type Element } from "./elements.js";
import { grid, voxelCount } from "./grid.js";
import { inflate, isGzip, noSurplus } from "./inflate.js";
import type { Reader } from "./reader.js";
import { textNumbers } from "./textNumbers.js";
import type { Grid, NamedBytes, Triple, Voxels } from "./volume.js";

/**
 * MetaImage, .mha (data follow the header) and .mhd (data in one or many further files): raw, zlib-packed or ASCII, either
 * byte order, several channels. World coordinates are LPS already; TransformMatrix gives the x axis first.
 * https://itk.org/Wiki/ITK/MetaIO/Documentation
 */
export const metaImage: Reader = {
  name: "MetaImage (.mha, .mhd)",
  fits: (head, name) => /\.(mha|mhd)$/i.test(name) || /^\s*(ObjectType|NDims)\s*=/.test(ascii.decode(head.subarray(0, 64))),
  companions: ({ bytes, name }) => parse(bytes, name).names ?? [],
  read: async (files) => {
    const [head, ...others] = files;
    const header = parse(head.bytes, head.name);
    const { sizes, element, channels, place } = header;
    const count = voxelCount([...sizes, channels], head.name);
    return {
      ...place, data: await voxels(header, count, head, others), frames: sizes[3] ?? 1, components: channels,
      dimension: sizes.length, type: element,
    };
  },
};

const ascii = new TextDecoder("latin1");

type Header = {
  sizes: number[];
  element: Element;
  channels: number;
  place: Grid;
  bigEndian: boolean;
  packed: boolean;
  packedSize: number | undefined;
  text: boolean;
  /** bytes to skip in the data file; −1: the data end the file */
  skip: number;
  /** detached data, undefined where they follow the header */
  names: string[] | undefined;
  end: number;
};

const elements: Record<string, Element> = {
  MET_CHAR: "int8", MET_ASCII_CHAR: "int8", MET_UCHAR: "uint8", MET_SHORT: "int16", MET_USHORT: "uint16", MET_INT: "int32", MET_UINT: "uint32",
  // 4 bytes in this format, whatever the machine
  MET_LONG: "int32", MET_ULONG: "uint32", MET_LONG_LONG: "int64", MET_ULONG_LONG: "uint64", MET_FLOAT: "float32", MET_DOUBLE: "float64",
};

function parse(bytes: Uint8Array, who: string): Header {
  const { fields, end, tail } = headerFields(bytes, who);
  const numbers = (names: string[], least: number): number[] | undefined => {
    const name = names.find((n) => fields.has(n));
    if (name === undefined) return undefined;
    const values = (fields.get(name) as string).split(/\s+/).map(Number);
    if (values.length < least || values.some(Number.isNaN)) {
      throw new InputError(`${who}: its MetaImage ${name} is "${fields.get(name)?.slice(0, 60)}", but ${least} numbers are needed.`);
    }
    return values;
  };
  const one = (name: string, otherwise: number) => numbers([name], 1)?.[0] ?? otherwise;
  const flag = (...names: string[]) => names.some((name) => /^(true|t|1|yes|y)$/i.test(fields.get(name) ?? ""));

  const dimension = one("NDims", NaN);
  if (![2, 3, 4].includes(dimension)) throw new InputError(`${who}: its MetaImage NDims is ${fields.get("NDims") ?? "missing"}; expected 2, 3 or 4.`);
  const sizes = numbers(["DimSize"], dimension)?.slice(0, dimension);
  if (sizes === undefined) throw new InputError(`${who}: its MetaImage header has no DimSize, or ends before it.`);
  const type = fields.get("ElementType") ?? "";
  const element = Object.hasOwn(elements, type.replace(/_ARRAY$/, "")) ? elements[type.replace(/_ARRAY$/, "")] : undefined;
  if (element === undefined) {
    throw new InputError(`${who}: its MetaImage ElementType is "${type}"; expected one of ${Object.keys(elements).join(", ")}.`);
  }
  const channels = one("ElementNumberOfChannels", 1);
  const skip = one("HeaderSize", 0);
  const packedSize = fields.has("CompressedDataSize") ? one("CompressedDataSize", 0) : undefined;
  if (!Number.isInteger(skip) || skip < -1) throw new InputError(`${who}: its MetaImage HeaderSize is ${skip}; expected a whole number of at least −1.`);
  const turned = numbers(["TransformMatrix", "Rotation", "Orientation"], dimension * dimension);
  const spacing = numbers(["ElementSpacing", "ElementSize"], dimension) ?? [];
  const origin = numbers(["Offset", "Position", "Origin"], dimension) ?? [];
  const three = <T>(of: (k: number) => T) => [0, 1, 2].map(of) as [T, T, T];
  const direction = [0, 1, 2].flatMap((r) => three((c) =>
    (turned === undefined || r >= dimension || c >= dimension ? (r === c ? 1 : 0) : turned[c * dimension + r])));
  const space = (k: number) => k < Math.min(3, dimension);
  return {
    sizes, element, channels, skip, packedSize, end,
    place: grid(three((k) => sizes[k] ?? 1) as Triple, three((k) => (space(k) ? spacing[k] ?? 1 : 1)), three((k) => (space(k) ? origin[k] ?? 0 : 0)), direction, who),
    bigEndian: flag("BinaryDataByteOrderMSB", "ElementByteOrderMSB"),
    packed: flag("CompressedData"),
    text: fields.has("BinaryData") && !flag("BinaryData"),
    names: dataFiles(fields.get("ElementDataFile") ?? "", tail, who),
  };
}

/** "Key = value" lines up to ElementDataFile, which ends the header; what follows it are data or, for LIST, names. */
function headerFields(bytes: Uint8Array, who: string): { fields: Map<string, string>; end: number; tail: Uint8Array } {
  const fields = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at);
    const stop = newline < 0 ? bytes.length : newline;
    const line = ascii.decode(bytes.subarray(at, Math.min(stop, at + 65536))).trim();
    at = Math.min(stop + 1, bytes.length);
    if (line === "") continue;
    const equals = line.indexOf("=");
    if (equals < 0) throw new InputError(`${who}: header line "${line.slice(0, 60)}" is no "Key = value"; the MetaImage header is damaged.`);
    fields.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
    if (fields.has("ElementDataFile")) return { fields, end: at, tail: bytes.subarray(at) };
  }
  throw new InputError(`${who}: its MetaImage header has no ElementDataFile, which must end it; the file is cut short or damaged.`);
}

function dataFiles(value: string, tail: Uint8Array, who: string): string[] | undefined {
  if (/^local$/i.test(value)) return undefined;
  if (/^list(\s|$)/i.test(value)) {
    const names = ascii.decode(tail).split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
    if (names.length === 0) throw new InputError(`${who}: its MetaImage file list is empty; expected one file name a line.`);
    return names;
  }
  if (value === "") throw new InputError(`${who}: its MetaImage ElementDataFile is empty; expected LOCAL or a file name.`);
  return numberedNames(value, who)?.names ?? [value];
}

async function voxels(header: Header, count: number, head: NamedBytes, others: NamedBytes[]): Promise<Voxels> {
  if (header.names === undefined) return decoded(header, count, head.bytes.subarray(header.end), head.name);
  const found = filesNamed(others, header.names, head.name);
  const each = count / found.length;
  if (!Number.isInteger(each)) {
    throw new InputError(`${head.name}: names ${found.length} data files, which cannot share ${header.sizes.join(" × ")} voxels evenly.`);
  }
  const parts: Voxels[] = [];
  for (const file of found) parts.push(await decoded(header, each, file.bytes, file.name));
  return together(parts);
}

async function decoded(header: Header, count: number, stored: Uint8Array, who: string): Promise<Voxels> {
  const { element, packed, packedSize, skip, text, bigEndian } = header;
  if (text) return textNumbers(stored.subarray(Math.max(0, skip)), element, count, who);
  const want = count * bytesOf[element];
  let bytes = stored;
  if (packed) {
    const from = stored.subarray(Math.max(0, skip));
    const whole = packedSize === undefined || packedSize <= 0 ? from : from.subarray(0, packedSize);
    bytes = await inflate(whole, isGzip(whole) ? "gzip" : "deflate", want, who, { exact: true });
  }
  const start = packed ? 0 : skip === -1 ? bytes.length - want : skip;
  enough(bytes.length - Math.max(0, start), want, header.sizes, element, who);
  noSurplus(bytes.length - start, want, who);
  return numbersIn(bytes.subarray(start), element, count, !bigEndian, who);
}
