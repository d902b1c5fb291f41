import { sha256 } from "@noble/hashes/sha2.js";
import type { Column } from "../../cohort/index.js";

const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const text = new TextEncoder(), untext = new TextDecoder();

/** SHA-256 of bytes or text, as 64 letters. */
export function hashOf(...parts: (string | Uint8Array)[]): string {
  const hash = sha256.create();
  for (const part of parts) {
    const bytes = typeof part === "string" ? text.encode(part) : part;
    // the length keeps "ab" + "c" apart from "a" + "bc"
    hash.update(text.encode(`${bytes.length}:`)).update(bytes);
  }
  return hex(hash.digest());
}

/** The memory of typed numbers as bytes (little-endian machines, which all that run this are). */
export function rawBytes(values: Float64Array | Int32Array | Uint8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** What a column holds, as a hash. */
export function hashColumn(column: Column): string {
  switch (column.kind) {
    case "number": return hashOf("number", column.unit ?? "", rawBytes(column.values));
    case "date": return hashOf("date", rawBytes(column.days));
    case "category": return hashOf("category", JSON.stringify([column.levels, column.ordered]), rawBytes(column.codes));
  }
}

/** Numbers from which an array is kept as bytes rather than decimals. */
const MANY = 8;

/**
 * JSON in which NaN and infinities come back as they were, then the typed arrays and long arrays of numbers that stood in it, each as the
 * bytes it holds: exact, and less than half the size of decimals. The first four bytes are the length of the JSON.
 */
export function pack(value: unknown): Uint8Array {
  const arrays: Uint8Array[] = [];
  let at = 0;
  const apart = (kind: "d" | "f" | "i" | "u", values: Float64Array | Int32Array | Uint8Array) => {
    const bytes = rawBytes(values);
    const place = { [`$${kind}`]: [at, values.length] };
    arrays.push(bytes);
    at += bytes.length;
    return place;
  };
  const json = text.encode(JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v === "number" && !Number.isFinite(v)) return { $n: String(v) };
    if (v instanceof Float64Array) return apart("f", v);
    if (v instanceof Int32Array) return apart("i", v);
    if (v instanceof Uint8Array) return apart("u", v);
    if (Array.isArray(v) && v.length >= MANY && v.every((x) => typeof x === "number")) return apart("d", Float64Array.from(v as number[]));
    return v;
  }));
  const packed = new Uint8Array(4 + json.length + at);
  new DataView(packed.buffer).setUint32(0, json.length, true);
  packed.set(json, 4);
  let to = 4 + json.length;
  for (const bytes of arrays) { packed.set(bytes, to); to += bytes.length; }
  return packed;
}

export function unpack(bytes: Uint8Array): unknown {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const start = 4 + length;
  // a copy of its own: slice of a Node Buffer would be a view of a larger memory
  const part = ([at, count]: [number, number], width: number) => Uint8Array.from(bytes.subarray(start + at, start + at + count * width)).buffer;
  return JSON.parse(untext.decode(bytes.subarray(4, start)), (_key, v: unknown) => {
    if (typeof v !== "object" || v === null) return v;
    const one = v as Record<string, any>;
    if ("$n" in one) return Number(one["$n"]);
    if ("$d" in one) return Array.from(new Float64Array(part(one["$d"], 8)));
    if ("$f" in one) return new Float64Array(part(one["$f"], 8));
    if ("$i" in one) return new Int32Array(part(one["$i"], 4));
    if ("$u" in one) return new Uint8Array(part(one["$u"], 1));
    return v;
  });
}
