import { InputError } from "../math/index.js";
import { numberedNames } from "./companion.js";
import type { Element } from "./elements.js";

/** What an NRRD header says, still in the file's own terms. */
export type NrrdHeader = {
  element: Element;
  sizes: number[];
  encoding: "raw" | "ascii" | "hex" | "gzip";
  littleEndian: boolean;
  lineSkip: number;
  byteSkip: number;
  /** detached data: file names in order, and how many axes each file holds; undefined where the data follow the header */
  files: { names: string[]; axes: number } | undefined;
  kinds: string[];
  space: string;
  /** one vector per axis; undefined is "none" */
  directions: (number[] | undefined)[] | undefined;
  spaceOrigin: number[] | undefined;
  spacings: number[] | undefined;
  axisMins: number[] | undefined;
  axisMaxs: number[] | undefined;
  centers: string[];
  /** where the data begin in an attached file */
  end: number;
};

const types: Record<string, Element> = {};
for (const [element, names] of Object.entries({
  int8: "signed char, int8, int8_t",
  uint8: "uchar, unsigned char, uint8, uint8_t",
  int16: "short, short int, signed short, signed short int, int16, int16_t",
  uint16: "ushort, unsigned short, unsigned short int, uint16, uint16_t",
  int32: "int, signed int, int32, int32_t",
  uint32: "uint, unsigned int, uint32, uint32_t",
  int64: "longlong, long long, long long int, signed long long, signed long long int, int64, int64_t",
  uint64: "ulonglong, unsigned long long, unsigned long long int, uint64, uint64_t",
  float32: "float", float64: "double",
})) for (const name of names.split(", ")) types[name] = element as Element;

const encodings: Record<string, NrrdHeader["encoding"]> = {
  raw: "raw", txt: "ascii", text: "ascii", ascii: "ascii", hex: "hex", gz: "gzip", gzip: "gzip",
};

/**
 * Parses an NRRD header, versions 1 to 5 (http://teem.sourceforge.net/nrrd/format.html). Unknown fields, comments and
 * key/value pairs are passed over.
 */
export function parseNrrdHeader(bytes: Uint8Array, who: string): NrrdHeader {
  const { lines, end } = headerLines(bytes);
  const version = /^NRRD000(\d)$/.exec(lines[0] ?? "");
  if (version === null || Number(version[1]) < 1 || Number(version[1]) > 5) {
    throw new InputError(`${who}: starts with "${(lines[0] ?? "").slice(0, 20)}", but only NRRD versions 1 to 5 can be read.`);
  }
  const fields = new Map<string, string>();
  let list: string[] | undefined;
  for (const line of lines.slice(1)) {
    if (list !== undefined) {
      if (line.trim() !== "") list.push(line.trim());
      continue;
    }
    if (line.startsWith("#") || /^[^:]*:=/.test(line)) continue;
    const colon = line.indexOf(":");
    if (colon < 0) {
      throw new InputError(`${who}: header line "${line.slice(0, 60)}" is neither a field ("name: value") nor a comment; ` +
        `the NRRD header is damaged.`);
    }
    const name = line.slice(0, colon).toLowerCase().replace(/[\s-]/g, "");
    const value = line.slice(colon + 1).trim();
    if (fields.has(name)) throw new InputError(`${who}: its NRRD header gives "${line.slice(0, colon)}" twice; keep one of them.`);
    fields.set(name, value);
    if (name === "datafile" && /^LIST(\s|$)/.test(value)) list = [];
  }
  return read(fields, list, end, who);
}

function read(fields: Map<string, string>, list: string[] | undefined, end: number, who: string): NrrdHeader {
  const need = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) throw new InputError(`${who}: its NRRD header has no "${name}" field, or ends before it.`);
    return value;
  };
  const oneOf = <T>(name: string, known: Record<string, T>): T => {
    const value = need(name);
    if (!Object.hasOwn(known, value.toLowerCase())) {
      throw new InputError(`${who}: its NRRD ${name} is "${value.slice(0, 40)}", but only ${Object.keys(known).join(", ")} can be read.`);
    }
    return known[value.toLowerCase()];
  };
  const dimension = Number(need("dimension"));
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > 16) {
    throw new InputError(`${who}: its NRRD dimension is "${need("dimension").slice(0, 40)}", but must be a whole number from 1 to 16.`);
  }
  const perAxis = <T>(name: string, parse: (text: string) => T[]): T[] | undefined => {
    const text = fields.get(name);
    if (text === undefined) return undefined;
    const values = parse(text);
    if (values.length !== dimension) {
      throw new InputError(`${who}: its NRRD "${name}" has ${values.length} entries, but the dimension is ${dimension}.`);
    }
    return values;
  };
  const numbers = (text: string) => words(text).map(number);
  const skip = (name: string, least: number): number => {
    const value = Number(fields.get(name) ?? 0);
    if (!Number.isInteger(value) || value < least) {
      throw new InputError(`${who}: its NRRD "${name}" is "${fields.get(name)}", but must be a whole number of at least ${least}.`);
    }
    return value;
  };
  const element = oneOf("type", types);
  const encoding = oneOf("encoding", encodings);
  const binary = encoding !== "ascii" && element !== "int8" && element !== "uint8";
  const endian = binary ? oneOf("endian", { little: true, big: false }) : true;
  const origin = fields.get("spaceorigin");
  return {
    element, encoding, littleEndian: endian,
    sizes: perAxis("sizes", numbers) ?? (need("sizes"), []),
    lineSkip: skip("lineskip", 0),
    byteSkip: skip("byteskip", -1),
    files: detached(fields.get("datafile"), list, dimension, who),
    kinds: (perAxis("kinds", words) ?? []).map((kind) => kind.toLowerCase()),
    space: (fields.get("space") ?? "").toLowerCase(),
    directions: perAxis("spacedirections", vectors),
    spaceOrigin: origin === undefined ? undefined : vectors(origin)[0],
    spacings: perAxis("spacings", numbers),
    axisMins: perAxis("axismins", numbers),
    axisMaxs: perAxis("axismaxs", numbers),
    centers: perAxis("centers", words) ?? perAxis("centerings", words) ?? [],
    end,
  };
}

/** `data file: name`, `data file: pattern%03d min max step [axes]`, or LIST [axes] with one name a line. */
function detached(field: string | undefined, list: string[] | undefined, dimension: number, who: string): NrrdHeader["files"] {
  if (field === undefined) return undefined;
  const parts = words(field);
  const axesGiven = (text: string | undefined) => {
    const axes = text === undefined ? Math.max(1, dimension - 1) : Number(text);
    if (!Number.isInteger(axes) || axes < 1 || axes > dimension) {
      throw new InputError(`${who}: its NRRD data file line says each file has "${text}" axes, but must say 1 to ${dimension}.`);
    }
    return axes;
  };
  if (list !== undefined) {
    if (list.length === 0) throw new InputError(`${who}: its NRRD data file list is empty; expected one file name a line.`);
    return { names: list, axes: axesGiven(parts[1]) };
  }
  const series = numberedNames(field, who);
  if (series === undefined) return { names: [field], axes: dimension };
  return { names: series.names, axes: axesGiven(series.rest === "" ? undefined : series.rest) };
}

/** Lines up to the first empty one (or the end of the bytes), and where the data begin. */
function headerLines(bytes: Uint8Array): { lines: string[]; end: number } {
  const text = new TextDecoder();
  const lines: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const newline = bytes.indexOf(10, at);
    const stop = newline < 0 ? bytes.length : newline;
    const line = text.decode(bytes.subarray(at, stop > at && bytes[stop - 1] === 13 ? stop - 1 : stop));
    at = Math.min(stop + 1, bytes.length);
    if (line === "") break;
    lines.push(line);
    if (lines.length === 1 && !line.startsWith("NRRD")) break;
  }
  return { lines, end: at };
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "")
  .map((word) => word.replace(/^"(.*)"$/, "$1"));

const number = (text: string): number => (/^[-+]?(inf|infinity)$/i.test(text) ? NaN : Number(text));

/** "(1,0,0) none (0,0,2)": one vector or undefined per entry; all-NaN vectors mean none, as Slicer writes them. */
function vectors(text: string): (number[] | undefined)[] {
  return (text.match(/\([^)]*\)|none|[^\s()]+/gi) ?? []).map((entry) => {
    if (!entry.startsWith("(")) return undefined;
    const values = entry.slice(1, -1).split(",").map((part) => number(part.trim() || "x"));
    return values.every(Number.isNaN) && /nan/i.test(entry) ? undefined : values;
  });
}
