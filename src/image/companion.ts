import { InputError } from "../math/index.js";
import type { NamedBytes } from "./volume.js";

/** The file of that name among those at hand; folders are not compared where no full name fits. */
export function fileNamed(files: readonly NamedBytes[], name: string): NamedBytes | undefined {
  return files.find((file) => file.name === name) ?? files.find((file) => baseName(file.name) === baseName(name));
}

export const baseName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

/** The data files a header names, all of them or InputError. */
export function filesNamed(files: readonly NamedBytes[], names: readonly string[], who: string): NamedBytes[] {
  const missing = names.filter((name) => fileNamed(files, name) === undefined);
  if (missing.length > 0) {
    throw new InputError(`${who}: its data lie in ${missing[0]}${missing.length > 1 ? ` and ${missing.length - 1} more files` : ""}, ` +
      `not at hand; put ${missing.length > 1 ? "them" : "it"} beside the header.`);
  }
  return names.map((name) => fileNamed(files, name) as NamedBytes);
}

/** A numbered series of files, as NRRD and MetaImage write it: "slice%03d.raw 1 20 1". undefined where the text is none. */
export function numberedNames(text: string, who: string): { names: string[]; rest: string } | undefined {
  const found = /^(.*%0?\d*d\S*)\s+(-?\d+)\s+(-?\d+)(?:\s+(-?\d+))?(?:\s+(\d+))?$/.exec(text);
  if (found === null) return undefined;
  const [first, last] = [Number(found[2]), Number(found[3])];
  const step = Number(found[4] ?? 1);
  const count = Math.floor((last - first) / step) + 1;
  if (step === 0 || !(count >= 1 && count <= 100_000)) {
    throw new InputError(`${who}: its data file numbers run from ${first} to ${last} in steps of ${step}; expected 1 to 100,000 files.`);
  }
  const name = (number: number) => found[1].replace(/%(0?)(\d*)d/, (_all, zero: string, width: string) =>
    String(number).padStart(Math.min(Number(width), 20), zero === "" ? " " : "0"));
  return { names: Array.from({ length: count }, (_, k) => name(first + k * step)), rest: found[5] ?? "" };
}

/** Pieces of bytes one after another. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0];
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
