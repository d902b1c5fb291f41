import { sha256 } from "@noble/hashes/sha2.js";
import type { Column } from "../cohort/index.js";

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

/** JSON in which NaN, infinities and typed arrays come back as they were. */
export function pack(value: unknown): Uint8Array {
  return text.encode(JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v === "number" && !Number.isFinite(v)) return { $n: String(v) };
    if (v instanceof Float64Array) return { $f: Array.from(v) };
    if (v instanceof Int32Array) return { $i: Array.from(v) };
    if (v instanceof Uint8Array) return { $u: Array.from(v) };
    return v;
  }));
}

export function unpack(bytes: Uint8Array): unknown {
  return JSON.parse(untext.decode(bytes), (_key, v: unknown) => {
    if (typeof v !== "object" || v === null) return v;
    const one = v as Record<string, any>;
    if ("$n" in one) return Number(one["$n"]);
    if ("$f" in one) return Float64Array.from(one["$f"] as number[]);
    if ("$i" in one) return Int32Array.from(one["$i"] as number[]);
    if ("$u" in one) return Uint8Array.from(one["$u"] as number[]);
    return v;
  });
}
