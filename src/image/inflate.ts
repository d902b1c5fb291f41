import { InputError } from "../math/index.js";

/**
 * Unpacks gzip or zlib data, never more than is wanted: `plan` sees the first bytes that come out (at least
 * `headBytes`, fewer only where the data ends) and says how many bytes are wanted in all; surplus is not unpacked.
 * The size is checked against what deflate can give (1,032 : 1) before it is allocated.
 *
 * @param who the file, for the errors: damaged data, or fewer bytes than wanted
 */
export async function inflate(
  packed: Uint8Array, format: "gzip" | "deflate", headBytes: number, plan: (head: Uint8Array) => number, who: string,
): Promise<Uint8Array> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  // The same failure reaches the reader below; here it must only not go unhandled.
  writer.write(packed as Uint8Array<ArrayBuffer>).catch(() => {});
  writer.close().catch(() => {});
  const reader = stream.readable.getReader();
  let damage = "";
  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      const { value, done } = await reader.read();
      return done ? undefined : value;
    } catch (error) {
      damage = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  };

  const first: Uint8Array[] = [];
  let got = 0;
  while (got < headBytes) {
    const chunk = await next();
    if (chunk === undefined) break;
    first.push(chunk);
    got += chunk.length;
  }
  if (got < headBytes && damage !== "") throw damaged(who, damage, got);
  const head = joined(first, got);
  const want = plan(head);
  if (want > 1032 * packed.length + 1024) {
    await reader.cancel().catch(() => {});
    throw new InputError(`${who}: its header promises ${want.toLocaleString("en")} bytes of data, more than its ` +
      `${packed.length.toLocaleString("en")} compressed bytes can hold; the file is cut short or its header is wrong.`);
  }
  if (got >= want) {
    await reader.cancel().catch(() => {});
    return head.subarray(0, want);
  }
  const out = new Uint8Array(want);
  out.set(head);
  for (;;) {
    const chunk = await next();
    if (chunk === undefined) break;
    if (got + chunk.length > want) {
      out.set(chunk.subarray(0, want - got), got);
      got = want;
      await reader.cancel().catch(() => {});
      return out;
    }
    out.set(chunk, got);
    got += chunk.length;
  }
  if (damage !== "") throw damaged(who, damage, got);
  if (got < want) {
    throw new InputError(`${who}: its compressed data end after ${got.toLocaleString("en")} bytes, but the header promises ` +
      `${want.toLocaleString("en")}; the file is cut short or its header is wrong.`);
  }
  return out;
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** gzip of all bytes. */
export async function deflate(bytes: Uint8Array, format: "gzip" | "deflate"): Promise<Uint8Array> {
  const stream = new CompressionStream(format);
  const writer = stream.writable.getWriter();
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => {});
  writer.close().catch(() => {});
  const reader = stream.readable.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return joined(chunks, length);
    chunks.push(value);
    length += value.length;
  }
}

function joined(chunks: Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1) return chunks[0];
  const out = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

function damaged(who: string, damage: string, got: number): InputError {
  return new InputError(`${who}: its compressed data are damaged or cut short after ${got.toLocaleString("en")} bytes ` +
    `(${damage}); copy or download the file again.`);
}
