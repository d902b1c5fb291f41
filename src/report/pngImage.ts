import { zlibSync } from "fflate";

// A heat map of hundreds of features has 10⁵ cells. As rectangles or colour paths (noise leaves hardly any runs) it is near a megabyte of
// text; as a PNG of one byte a cell with a small palette it is tens of kilobytes, and a bitmap of cells loses nothing.

/** PNG (ISO/IEC 15948) of palette indices, row by row, as a data: URI. The deflate is fflate's, so the bytes do not depend on where it runs. */
export function pngDataUri(indices: Uint8Array, width: number, height: number, palette: readonly (readonly [number, number, number])[]): string {
  const rows = new Uint8Array(height * (width + 1));
  for (let r = 0; r < height; r++) rows.set(indices.subarray(r * width, (r + 1) * width), r * (width + 1) + 1);
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([8, 3, 0, 0, 0], 8); // 8 bits, palette, deflate, filters by row (0: none), not interlaced
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), chunk("IHDR", head), chunk("PLTE", Uint8Array.from(palette.flat())),
    chunk("IDAT", zlibSync(rows, { level: 9 })), chunk("IEND", new Uint8Array(0)),
  ];
  return dataUri("image/png", ...parts);
}

/** Bytes of a file, one part after another, as an address that holds them: "data:image/png;base64,…" (RFC 2397). */
export function dataUri(type: string, ...parts: readonly Uint8Array[]): string {
  let binary = "";
  for (const part of parts) for (let k = 0; k < part.length; k += 8192) binary += String.fromCharCode(...part.subarray(k, k + 8192));
  return `data:${type};base64,${btoa(binary)}`;
}

function chunk(name: string, body: Uint8Array): Uint8Array {
  const out = new Uint8Array(body.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  for (let k = 0; k < 4; k++) out[4 + k] = name.charCodeAt(k);
  out.set(body, 8);
  view.setUint32(body.length + 8, crc32(out.subarray(4, body.length + 8)));
  return out;
}

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}
