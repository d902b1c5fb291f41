import { InputError } from "../math/index.js";
import { joined } from "./companion.js";

export type Packing = "gzip" | "deflate";

/**
 * Unpacks `packed` into at most `most` bytes; throws whatever it likes where that is not possible.
 * `cut`: these are only the first bytes of a file, so give what comes out of them.
 */
export type Inflater = (packed: Uint8Array, packing: Packing, most: number, cut: boolean) => Uint8Array;

let fast: Inflater | undefined;

/**
 * Gives the room a door's own inflater (Node's zlib is twice as fast as its DecompressionStream). Values and errors stay
 * the same: whatever the inflater refuses is read again by DecompressionStream, which then finds the words.
 */
export function useInflater(inflater: Inflater | undefined): void {
  fast = inflater;
}

/** Deflate gives at most 1,032 bytes for one. */
const ratio = 1032;

/**
 * Unpacks gzip or zlib data, never more than is wanted; surplus is left packed, or refused where the data must be `exact`.
 * The wanted size is checked against what deflate can give before it is allocated.
 *
 * @param want bytes wanted, or a function that says so from the first `headBytes` (fewer where the data end)
 * @param who  the file, for the errors: damaged data, or fewer bytes than wanted
 */
export async function inflate(
  packed: Uint8Array, packing: Packing, want: number | ((head: Uint8Array) => number), who: string,
  { headBytes = 1, exact = false } = {},
): Promise<Uint8Array> {
  const wanted = (head: Uint8Array): number => {
    const bytes = typeof want === "number" ? want : want(head);
    if (bytes <= ratio * packed.length + ratio) return bytes;
    throw new InputError(`${who}: its header promises ${count(bytes)} bytes of data, more than its ${count(packed.length)} ` +
      `compressed bytes can hold; the file is cut short or its header is wrong.`);
  };
  if (typeof want === "number") wanted(packed);
  if (fast !== undefined) {
    const head = typeof want === "number" ? packed : attempt(fast, packed.subarray(0, 1024), packing, 1024 * ratio, true);
    if (head !== undefined && (head === packed || head.length >= headBytes)) {
      const bytes = wanted(head);
      const whole = packing === "gzip" && unpackedSize(packed) !== bytes ? undefined : attempt(fast, packed, packing, bytes, false);
      if (whole?.length === bytes) return whole;
    }
  }
  return streamed(packed, packing, wanted, who, headBytes, exact);
}

/** The unpacked size (modulo 2^32) that ends a gzip file. */
export function unpackedSize(packed: Uint8Array): number {
  return packed.length < 18 ? 0 : new DataView(packed.buffer, packed.byteOffset).getUint32(packed.length - 4, true);
}

function attempt(inflater: Inflater, ...how: Parameters<Inflater>): Uint8Array | undefined {
  try {
    return inflater(...how);
  } catch {
    return undefined;
  }
}

async function streamed(
  packed: Uint8Array, packing: Packing, wanted: (head: Uint8Array) => number, who: string, headBytes: number, exact: boolean,
): Promise<Uint8Array> {
  const reader = through(new DecompressionStream(packing), packed);
  let damage: string | undefined;
  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      const { value, done } = await reader.read();
      return done ? undefined : value;
    } catch (error) {
      damage = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  };
  try {
    const first: Uint8Array[] = [];
    let got = 0;
    for (let chunk; got < headBytes && (chunk = await next()) !== undefined; got += chunk.length) first.push(chunk);
    if (got < headBytes && damage !== undefined) throw damaged(who, damage, got);
    const head = joined(first);
    const bytes = wanted(head);
    if (exact) noSurplus(got, bytes, who);
    if (got > bytes) return head.subarray(0, bytes);
    const out = new Uint8Array(bytes);
    out.set(head);
    for (let chunk; got < bytes && (chunk = await next()) !== undefined; got += chunk.length) {
      out.set(got + chunk.length > bytes ? chunk.subarray(0, bytes - got) : chunk, got);
    }
    // the last bytes are there, but are they right? The check sum follows them
    if (got === bytes) got += (await next())?.length ?? 0;
    if (damage !== undefined) throw damaged(who, damage, got);
    if (exact) noSurplus(got, bytes, who);
    if (got >= bytes) return out;
    throw new InputError(`${who}: its compressed data end after ${count(got)} bytes, but the header promises ${count(bytes)}; ` +
      `the file is cut short or its header is wrong.`);
  } finally {
    reader.cancel().catch(() => {});
  }
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Packs all bytes. */
export async function deflate(bytes: Uint8Array, packing: Packing): Promise<Uint8Array> {
  const reader = through(new CompressionStream(packing), bytes);
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return joined(chunks);
    chunks.push(value);
  }
}

function through(stream: CompressionStream | DecompressionStream, bytes: Uint8Array): ReadableStreamDefaultReader<Uint8Array> {
  const writer = stream.writable.getWriter();
  // The same failure reaches the reader; here it must only not go unhandled.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => {});
  writer.close().catch(() => {});
  return stream.readable.getReader();
}

/** Refuses data that go on after the promised bytes (but for a closing line break): the header does not belong to them. */
export function noSurplus(found: number, promised: number, who: string): void {
  if (found <= promised + 2) return;
  throw new InputError(`${who}: its data go on after the ${count(promised)} bytes that the header promises; correct the sizes, ` +
    `the number type or the number of bytes to skip in the header.`);
}

const count = (n: number): string => n.toLocaleString("en");

function damaged(who: string, damage: string, got: number): InputError {
  return new InputError(`${who}: its compressed data are damaged or cut short after ${count(got)} bytes (${damage}); ` +
    `copy or download the file again.`);
}
