import { InputError } from "../math/index.js";

/** Files of a zip archive by name, stored or deflated. InputError for anything else (encrypted, zip64, broken). */
export async function unzip(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = new Map<string, Uint8Array>();
  try {
    let end = bytes.length - 22;
    while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
    if (end < 0) throw new Error("no end record");
    const count = view.getUint16(end + 10, true);
    let at = view.getUint32(end + 16, true);
    for (let k = 0; k < count; k++) {
      if (view.getUint32(at, true) !== 0x02014b50) throw new Error("no directory entry");
      const flags = view.getUint16(at + 8, true), method = view.getUint16(at + 10, true), size = view.getUint32(at + 20, true), full = view.getUint32(at + 24, true);
      const nameLength = view.getUint16(at + 28, true), extra = view.getUint16(at + 30, true), comment = view.getUint16(at + 32, true);
      const local = view.getUint32(at + 42, true);
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
      if (flags & 1) throw new Error("it is encrypted");
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      if (start + size > bytes.length) throw new Error("it is cut short");
      const data = bytes.subarray(start, start + size);
      if (method !== 0 && method !== 8) throw new Error(`compression method ${method}`);
      const plain = method === 0 ? data : await inflateRaw(data);
      if (plain.length !== full) throw new Error(`${name} is damaged`);
      files.set(name, plain);
      at += 46 + nameLength + extra + comment;
    }
  } catch (error) {
    throw new InputError(`The file is no readable workbook (${error instanceof Error ? error.message : String(error)}). Save it again as .xlsx without a password.`);
  }
  return files;
}

async function inflateRaw(data: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([data.slice()]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A zip archive of stored (uncompressed) files. */
export function zipStored(files: readonly (readonly [name: string, text: string])[]): Uint8Array {
  const parts: Uint8Array[] = [], directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const path = new TextEncoder().encode(name), data = new TextEncoder().encode(text);
    const fields = (lead: number[]) => lead.concat([20, 0x0800, 0, 0, 33]);
    const sizes = [crc32(data), data.length, data.length];
    // version, UTF-8 flag, stored, time 0, date 1980-01-01
    const local = record(0x04034b50, fields([]), sizes, [path.length, 0]);
    directory.push(record(0x02014b50, fields([20]), sizes, [path.length, 0, 0, 0, 0], [0, offset]), path);
    parts.push(local, path, data);
    offset += local.length + path.length + data.length;
  }
  const size = directory.reduce((a, d) => a + d.length, 0);
  const end = record(0x06054b50, [0, 0, files.length, files.length], [size, offset], [0]);
  const all = [...parts, ...directory, end];
  const out = new Uint8Array(all.reduce((a, p) => a + p.length, 0));
  let at = 0;
  for (const p of all) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

/** Signature, then 16-bit, 32-bit, 16-bit and 32-bit fields in little-endian order. */
function record(signature: number, shorts: number[], longs: number[], more: number[], last: number[] = []): Uint8Array {
  const bytes: number[] = [];
  const put = (value: number, n: number) => { for (let k = 0; k < n; k++) bytes.push((value >>> (8 * k)) & 255); };
  put(signature, 4);
  shorts.forEach((v) => put(v, 2));
  longs.forEach((v) => put(v, 4));
  more.forEach((v) => put(v, 2));
  last.forEach((v) => put(v, 4));
  return Uint8Array.from(bytes);
}

function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
