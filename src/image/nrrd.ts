import { hypot, InputError } from "../math/index.js";
import { filesNamed } from "./companion.js";
import { bytesOf, elementOf, enough, numbersIn, together, zeros } from "./elements.js";
import { grid, gridOf, voxelCount } from "./grid.js";
import { inflate, noSurplus, unpackedSize } from "./inflate.js";
import { parseNrrdHeader, type NrrdHeader } from "./nrrdHeader.js";
import type { Reader } from "./reader.js";
import { textNumbers } from "./textNumbers.js";
import type { Grid, Image, NamedBytes, Triple, Voxels } from "./volume.js";

/**
 * NRRD, attached (.nrrd) and detached (.nhdr with one or many data files): raw, gzip, ascii and hex; line and byte skip.
 * Space RAS and LAS are turned into LPS; a space that names no anatomy is taken as it is, as ITK does.
 * Axes that are not of space: kind time gives frames; vector, colour … and any ahead of the space axes give components;
 * a list (or no kind) behind the space axes and a fourth space axis give frames.
 */
export const nrrd: Reader = {
  name: "NRRD (.nrrd, .nhdr)",
  fits: (head) => head[0] === 0x4e && head[1] === 0x52 && head[2] === 0x52 && head[3] === 0x44 && head[4] === 0x30,
  companions: ({ bytes, name }) => parseNrrdHeader(bytes, name).files?.names ?? [],
  read: async (files) => {
    const [{ name, bytes }] = files;
    const header = parseNrrdHeader(bytes, name);
    const count = voxelCount(header.sizes, name);
    const roles = rolesOf(header, name);
    const place = placed(header, roles, name);
    const data = await voxelsOf(header, count, files);
    return arranged(header, roles, place, data);
  },
};

type Role = "space" | "component" | "frame";

const domain = ["domain", "space", "???", "none", "unknown"];

function rolesOf(header: NrrdHeader, who: string): Role[] {
  const { sizes, kinds, directions } = header;
  let spatial = sizes.map((_, axis) =>
    directions !== undefined ? directions[axis] !== undefined : kinds.length === 0 || domain.includes(kinds[axis]));
  // no axis is declared spatial: the axes that are no vectors are
  if (!spatial.includes(true)) spatial = sizes.map((_, axis) => kinds.length === 0 || domain.includes(kinds[axis]));
  const found = spatial.filter(Boolean).length;
  if (found < 2) {
    throw new InputError(`${who}: has ${found === 1 ? "one space axis" : "no space axis"} (sizes ${sizes.join(" × ")}), but an image needs 2 or 3.`);
  }
  const first = spatial.indexOf(true);
  let left = 3;
  return sizes.map((_, axis) => {
    if (spatial[axis]) return left-- > 0 ? "space" : "frame";
    if (kinds[axis] === "time") return "frame";
    return axis < first || !["list", "", "none", "???", undefined].includes(kinds[axis]) ? "component" : "frame";
  });
}

function placed(header: NrrdHeader, roles: Role[], who: string): Grid {
  const axes = roles.flatMap((role, axis) => (role === "space" ? [axis] : []));
  const size = [0, 1, 2].map((k) => (k < axes.length ? header.sizes[axes[k]] : 1)) as Triple;
  const { directions } = header;
  if (directions === undefined || directions[axes[0]] === undefined) {
    const spacing = size.map((n, k) => spacingAlong(header, axes[k], n));
    const origin = size.map((_, k) => originAlong(header, axes[k], spacing[k]));
    const given = header.spaceOrigin?.slice(0, 3).map((x, k) => x * toLps(header.space)[k]);
    return grid(size, spacing.map(Math.abs), given === undefined ? origin : [0, 1, 2].map((k) => given[k] ?? 0),
      [0, 1, 2].flatMap((r) => [0, 1, 2].map((c) => (r === c ? Math.sign(spacing[c]) || 1 : 0))), who);
  }
  const flip = toLps(header.space);
  const lps = (vector: readonly number[]) => [0, 1, 2].map((k) => (vector[k] ?? 0) * flip[k]);
  const steps = axes.map((axis) => {
    const vector = directions[axis] ?? [];
    if (vector.length < 2 || vector.length > 4) {
      throw new InputError(`${who}: its NRRD space directions have ${vector.length} coordinates; expected 2 or 3.`);
    }
    return lps(vector);
  });
  if (steps.length === 2) steps.push(normalOf(steps[0], steps[1]));
  return gridOf(size, steps, lps(header.spaceOrigin ?? [0, 0, 0]), who);
}

function spacingAlong({ spacings, axisMins, axisMaxs, centers }: NrrdHeader, axis: number | undefined, n: number): number {
  if (axis === undefined) return 1;
  const given = spacings?.[axis];
  if (given !== undefined && !Number.isNaN(given)) return given;
  const width = (axisMaxs?.[axis] ?? NaN) - (axisMins?.[axis] ?? NaN);
  if (Number.isNaN(width)) return 1;
  return centers[axis] === "node" ? width / Math.max(1, n - 1) : width / n;
}

function originAlong({ axisMins, centers }: NrrdHeader, axis: number | undefined, spacing: number): number {
  const least = axis === undefined ? NaN : axisMins?.[axis] ?? NaN;
  if (Number.isNaN(least)) return 0;
  return axis !== undefined && centers[axis] === "node" ? least : least + spacing / 2;
}

/** Signs that turn the space's axes into left, posterior, superior. */
function toLps(space: string): Triple {
  if (/^(right-anterior-superior|ras)/.test(space)) return [-1, -1, 1];
  if (/^(left-anterior-superior|las)/.test(space)) return [1, -1, 1];
  return [1, 1, 1];
}

function normalOf(a: number[], b: number[]): number[] {
  const n = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const length = hypot(n[0], n[1], n[2]);
  return n.map((x) => x / length);
}

async function voxelsOf(header: NrrdHeader, count: number, files: NamedBytes[]): Promise<Voxels> {
  const [head, ...others] = files;
  if (header.files === undefined) return decoded(header, count, head.bytes.subarray(header.end), head.name);
  const { names, axes } = header.files;
  const found = filesNamed(others, names, head.name);
  const each = count / names.length;
  const inner = header.sizes.slice(0, axes).reduce((a, b) => a * b, 1);
  if (!Number.isInteger(each) || (names.length > 1 && axes < header.sizes.length && each !== inner)) {
    throw new InputError(`${head.name}: lists ${names.length} data files of ${inner} numbers each, but its sizes ` +
      `${header.sizes.join(" × ")} need ${count}.`);
  }
  const parts: Voxels[] = [];
  for (const file of found) parts.push(await decoded(header, each, file.bytes, file.name));
  return together(parts);
}

async function decoded(header: NrrdHeader, count: number, stored: Uint8Array, who: string): Promise<Voxels> {
  const { element, encoding, byteSkip, littleEndian } = header;
  const width = bytesOf[element];
  const bytes = stored.subarray(afterLines(stored, header.lineSkip, who));
  if (encoding === "ascii" || encoding === "hex") {
    const text = bytes.subarray(Math.max(0, byteSkip));
    return encoding === "ascii" ? textNumbers(text, element, count, who)
      : numbersIn(fromHex(text, count * width, who), element, count, littleEndian, who);
  }
  let raw = bytes;
  if (encoding === "gzip") {
    // byte skip −1: the data end the unpacked bytes, whose number ends the gzip file
    const want = byteSkip === -1 ? Math.max(unpackedSize(bytes), count * width) : byteSkip + count * width;
    raw = await inflate(bytes, "gzip", want, who, { exact: true });
  }
  const start = byteSkip === -1 ? raw.length - count * width : byteSkip;
  enough(raw.length - Math.max(0, start), count * width, header.sizes, element, who);
  noSurplus(raw.length - start, count * width, who);
  return numbersIn(raw.subarray(start), element, count, littleEndian, who);
}

function afterLines(bytes: Uint8Array, lines: number, who: string): number {
  let at = 0;
  for (let k = 0; k < lines; k++) {
    at = bytes.indexOf(10, at) + 1;
    if (at === 0) throw new InputError(`${who}: has ${k} lines, but its NRRD header says to skip ${lines}.`);
  }
  return at;
}

function fromHex(text: Uint8Array, want: number, who: string): Uint8Array {
  if (want > text.length / 2) {
    throw new InputError(`${who}: its header promises ${want} bytes, but the hex text is only ${text.length} characters long; the file is cut short.`);
  }
  const out = new Uint8Array(want);
  let digits = 0;
  for (let i = 0; i < text.length && digits < 2 * want; i++) {
    const c = text[i];
    const digit = c >= 48 && c <= 57 ? c - 48 : c >= 65 && c <= 70 ? c - 55 : c >= 97 && c <= 102 ? c - 87 : -1;
    if (digit >= 0) {
      out[digits >> 1] |= digits % 2 === 0 ? digit << 4 : digit;
      digits++;
    } else if (c > 32) {
      throw new InputError(`${who}: its hex data hold the character "${String.fromCharCode(c)}"; the file is damaged.`);
    }
  }
  if (digits < 2 * want) throw new InputError(`${who}: its hex data end after ${digits >> 1} of ${want} bytes; the file is cut short.`);
  return out;
}

/** Brings components to the front and frames to the back where the file has them elsewhere. */
function arranged(header: NrrdHeader, roles: Role[], place: Grid, data: Voxels): Image {
  const { sizes } = header;
  const of = (role: Role) => roles.flatMap((r, axis) => (r === role ? [axis] : []));
  const order = [...of("component"), ...of("space"), ...of("frame")];
  const length = (role: Role) => of(role).reduce((n, axis) => n * sizes[axis], 1);
  const frames = length("frame");
  const isByte = header.element === "uint8" || header.element === "uint16";
  const colour = isByte ? header.kinds.find((kind, axis) => roles[axis] === "component" && /^(rgba?-color|[34]-color)$/.test(kind)) : undefined;
  return {
    ...place, frames, components: length("component"),
    dimension: of("space").length + (frames > 1 || of("frame").length > 0 ? 1 : 0),
    type: colour === undefined ? header.element : header.element === "uint8" ? "rgb24" : "rgb48",
    data: order.every((axis, k) => axis === k) ? data : transposed(data, sizes, order),
  };
}

function transposed(data: Voxels, sizes: number[], order: number[]): Voxels {
  const stride = sizes.map((_, axis) => sizes.slice(0, axis).reduce((a, b) => a * b, 1));
  const out = zeros(elementOf(data), data.length);
  const index = order.map(() => 0);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from];
    for (let k = 0; k < order.length; k++) {
      from += stride[order[k]];
      if (++index[k] < sizes[order[k]]) break;
      from -= stride[order[k]] * sizes[order[k]];
      index[k] = 0;
    }
  }
  return out;
}
