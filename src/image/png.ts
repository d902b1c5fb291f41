import { InputError } from "../math/index.js";
import { joined } from "./companion.js";
import { inflate } from "./inflate.js";

/** Pixels of a PNG file: component c of pixel (x, y) is data[(y · width + x) · components + c]. */
export type Pixels = {
  width: number;
  height: number;
  /** 1 grey, 3 colour */
  components: 1 | 3;
  /** bits per component in the file */
  depth: number;
  data: Uint8Array | Uint16Array;
};

const signature = [137, 80, 78, 71, 13, 10, 26, 10];

export const isPng = (head: Uint8Array): boolean => signature.every((byte, k) => head[k] === byte);

/** Components a colour type stores: grey, RGB, palette, grey + alpha, RGB + alpha. */
const stored: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depths: Record<number, number[]> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };

/**
 * Decodes a PNG file (ISO/IEC 15948): every colour type and depth, interlaced or not, check sums verified.
 * Grey of 1, 2 and 4 bits is stretched to 0 … 255 as ITK does; 8 and 16 bits are kept. A palette is replaced by its colours.
 * Alpha is dropped, but wholly transparent pixels become 0.
 */
export async function decodePng(bytes: Uint8Array, who: string): Promise<Pixels> {
  const { header, palette, transparent, packed } = chunks(bytes, who);
  const { width, height, depth, colour, interlaced } = header;
  const n = stored[colour];
  const bits = depth * n;
  const passes = interlaced ? adam7 : [[0, 0, 1, 1]];
  const frames = passes.map(([x0, y0, dx, dy]) => ({ x0, y0, dx, dy, w: Math.ceil((width - x0) / dx), h: Math.ceil((height - y0) / dy) }))
    .filter(({ w, h }) => w > 0 && h > 0);
  const total = frames.reduce((sum, { w, h }) => sum + h * (1 + Math.ceil((w * bits) / 8)), 0);
  const raw = await inflate(packed, "deflate", total, who);
  const samples = depth === 16 ? new Uint16Array(width * height * n) : new Uint8Array(width * height * n);
  let at = 0;
  for (const { x0, y0, dx, dy, w, h } of frames) {
    const line = Math.ceil((w * bits) / 8);
    unfilter(raw.subarray(at, at + h * (line + 1)), line, Math.max(1, bits >> 3), who);
    for (let y = 0; y < h; y++, at += line + 1) {
      unpack(raw, at + 1, w, n, depth, samples, ((y0 + y * dy) * width + x0) * n, dx * n);
    }
  }
  return coloured(samples, header, palette, transparent, who);
}

type Header = { width: number; height: number; depth: number; colour: number; interlaced: boolean };

/** x0, y0, dx, dy of the seven passes */
const adam7 = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

function chunks(bytes: Uint8Array, who: string): { header: Header; palette: Uint8Array; transparent: Uint8Array; packed: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Header | undefined;
  let palette = new Uint8Array(0);
  let transparent = new Uint8Array(0);
  const parts: Uint8Array[] = [];
  for (let at = 8; ; ) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : Infinity;
    if (at + 12 + length > bytes.length) throw new InputError(`${who}: ends inside a PNG chunk at byte ${at}; the file is cut short or damaged.`);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const data = bytes.subarray(at + 8, at + 8 + length) as Uint8Array<ArrayBuffer>;
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) {
      throw new InputError(`${who}: its PNG chunk ${/^\w{4}$/.test(name) ? name : "at byte " + at} does not match its check sum; the file is damaged.`);
    }
    if (name === "IHDR") header = parseHeader(data, who);
    else if (header === undefined) throw new InputError(`${who}: does not begin with a PNG header; the file is damaged.`);
    if (name === "PLTE") palette = data;
    if (name === "tRNS") transparent = data;
    if (name === "IDAT") parts.push(data);
    if (name === "IEND") break;
    at += 12 + length;
  }
  return { header: header as Header, palette, transparent, packed: joined(parts) };
}

function parseHeader(data: Uint8Array, who: string): Header {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length !== 13) throw new InputError(`${who}: its PNG header is ${data.length} bytes long instead of 13; the file is damaged.`);
  const [width, height, depth, colour] = [view.getUint32(0), view.getUint32(4), data[8], data[9]];
  if (width < 1 || height < 1 || width * height >= 2 ** 31) throw new InputError(`${who}: its PNG header declares ${width} × ${height} pixels; the file is damaged.`);
  if (!(depths[colour] ?? []).includes(depth) || data[10] !== 0 || data[11] !== 0 || data[12] > 1) {
    throw new InputError(`${who}: its PNG header declares colour type ${colour} with ${depth} bits, method ${data[10]}, filter ${data[11]} and interlace ${data[12]}, which does not exist; the file is damaged.`);
  }
  return { width, height, depth, colour, interlaced: data[12] === 1 };
}

/** Undoes the five row filters in place; `unit` is the distance in bytes to the pixel at the left. */
function unfilter(raw: Uint8Array, line: number, unit: number, who: string): void {
  for (let row = 0; row < raw.length; row += line + 1) {
    const filter = raw[row];
    const first = row + 1;
    const end = first + line;
    const above = row === 0 ? 0 : line + 1;
    if (filter > 4) throw new InputError(`${who}: a PNG row has filter ${filter}, which does not exist; the file is damaged.`);
    if (filter === 0 || (filter === 2 && above === 0)) continue;
    if (filter === 1) {
      for (let i = first + unit; i < end; i++) raw[i] += raw[i - unit];
    } else if (filter === 2) {
      for (let i = first; i < end; i++) raw[i] += raw[i - above];
    } else {
      for (let i = first; i < end; i++) {
        const left = i - first >= unit ? raw[i - unit] : 0;
        const up = above === 0 ? 0 : raw[i - above];
        if (filter === 3) raw[i] += (left + up) >> 1;
        else raw[i] += paeth(left, up, above === 0 || i - first < unit ? 0 : raw[i - above - unit]);
      }
    }
  }
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const pa = Math.abs(p - a);
  const pb = Math.abs(p - b);
  const pc = Math.abs(p - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** The samples of one row of `w` pixels of `n` samples, written every `step` samples from `to` on. */
function unpack(raw: Uint8Array, from: number, w: number, n: number, depth: number, out: Uint8Array | Uint16Array, to: number, step: number): void {
  if (depth === 8 && step === n) {
    out.set(raw.subarray(from, from + w * n), to);
    return;
  }
  const mask = (1 << depth) - 1;
  for (let x = 0; x < w; x++, to += step) {
    for (let c = 0; c < n; c++) {
      const k = x * n + c;
      if (depth === 16) out[to + c] = (raw[from + 2 * k] << 8) | raw[from + 2 * k + 1];
      else if (depth === 8) out[to + c] = raw[from + k];
      else out[to + c] = (raw[from + ((k * depth) >> 3)] >> (8 - depth - ((k * depth) & 7))) & mask;
    }
  }
}

function coloured(samples: Uint8Array | Uint16Array, header: Header, palette: Uint8Array, transparent: Uint8Array, who: string): Pixels {
  const { width, height, depth, colour } = header;
  const pixels = width * height;
  const n = stored[colour];
  const components = colour === 0 || colour === 4 ? 1 : 3;
  const stretch = colour === 0 && depth < 8 ? 255 / ((1 << depth) - 1) : 1;
  const key = new DataView(transparent.buffer, transparent.byteOffset, transparent.byteLength);
  const keyed = (colour === 0 && transparent.length >= 2) || (colour === 2 && transparent.length >= 6);
  if (components === n && stretch === 1 && !keyed && colour !== 3) return { width, height, components, depth, data: samples };
  const data = depth === 16 ? new Uint16Array(pixels * components) : new Uint8Array(pixels * components);
  for (let i = 0; i < pixels; i++) {
    const at = i * n;
    if (colour === 3) {
      const entry = samples[at];
      if (3 * entry + 2 >= palette.length) throw new InputError(`${who}: a PNG pixel has colour ${entry}, but the palette holds ${Math.floor(palette.length / 3)}; the file is damaged.`);
      if (transparent[entry] !== 0) for (let c = 0; c < 3; c++) data[3 * i + c] = palette[3 * entry + c];
      continue;
    }
    let seen = n === components ? !keyed : samples[at + n - 1] !== 0;
    for (let c = 0; keyed && c < n; c++) if (samples[at + c] !== key.getUint16(2 * c)) seen = true;
    if (seen) for (let c = 0; c < components; c++) data[i * components + c] = samples[at + c] * stretch;
  }
  return { width, height, components, depth, data };
}

let crcTable: Uint32Array | undefined;

function crc32(bytes: Uint8Array): number {
  crcTable ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    return c;
  });
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = crcTable[(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
