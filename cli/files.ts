import { closeSync, existsSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, statSync, unlinkSync, writeSync } from "node:fs";
import { dirname, join, basename } from "node:path";
import { InputError } from "../src/math/index.js";

/** What the system says, in words; each ends with what to do. */
const said: Record<string, string> = {
  ENOENT: "no such file or folder; check the path",
  EACCES: "permission denied; check who may use it",
  EPERM: "permission denied; check who may use it",
  EISDIR: "is a folder, expected a file",
  ENOTDIR: "a part of the path is a file, expected a folder; check the path",
  ENOSPC: "the disk is full; free some space",
  EDQUOT: "the disk quota is used up; free some space",
  EROFS: "the disk may only be read; choose another place",
  EFBIG: "the file would be larger than this disk allows; choose another place",
  EMFILE: "too many files are open; lower --jobs",
  ENAMETOOLONG: "the name is too long; choose a shorter one",
  EIO: "the disk reports an error; check it",
  ERR_FS_FILE_TOO_LARGE: "is larger than 2 GiB, more than can be read at once; crop the image",
};

export const errorCode = (error: unknown): string => (error as NodeJS.ErrnoException | undefined)?.code ?? "";

/** A system error about a path as one sentence; every other error as it is. */
export function inWords(error: unknown, path: string): unknown {
  const words = said[errorCode(error)];
  return words === undefined ? error : new InputError(`${path}: ${words}.`);
}

/** Bytes of a file. @throws InputError why it cannot be read */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw inWords(error, path);
  }
}

/** Text of a UTF-8 file, without byte order mark. @throws InputError naming the first byte that is not UTF-8 */
export function readText(path: string): string {
  const bytes = readBytes(path);
  if (bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))) {
    throw new InputError(`${path}: is UTF-16, expected UTF-8; save it as "CSV UTF-8".`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const at = firstBadByte(bytes);
    const line = bytes.subarray(0, at).reduce((n, b) => n + (b === 10 ? 1 : 0), 1);
    throw new InputError(`${path}: byte 0x${bytes[at].toString(16).toUpperCase().padStart(2, "0")} at position ${at} (line ${line}) is not UTF-8; save the file as UTF-8 (in Excel "CSV UTF-8").`);
  }
}

/** The byte at which decoding stops: the first of the character that cannot be read. */
function firstBadByte(bytes: Uint8Array): number {
  const decodes = (end: number, stream: boolean) => {
    try { new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end), { stream }); return true; } catch { return false; }
  };
  let good = 0, bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(middle, true)) good = middle; else bad = middle;
  }
  while (!decodes(good, false)) good--;
  return good;
}

/** Where output goes, piece by piece. Nothing is visible under a file's own name before `close`. */
export type Sink = { write(piece: string | Uint8Array): void; close(): void; drop(): void };

export function isRegularOrNew(path: string): boolean {
  return !existsSync(path) || statSync(path).isFile();
}

/**
 * A file written beside its place and renamed at the end, so that readers see the old content or the new, never half.
 * A device or pipe is written directly.
 */
export function fileSink(path: string): Sink & { /** all bytes are on the disk, not yet under the file's name */ ready(): void; publish(): void } {
  const direct = !isRegularOrNew(path);
  const place = existsSync(path) ? realpathSync(path) : path;
  const part = direct ? path : join(dirname(place), `.${basename(place)}.part`);
  const drop = () => { if (!direct) try { unlinkSync(part); } catch { /* never created */ } };
  let sink: Sink;
  try {
    sink = descriptorSink(openSync(part, "w"), path);
  } catch (error) {
    throw inWords(error, path);
  }
  const ready = () => { try { sink.close(); } catch (error) { drop(); throw inWords(error, path); } };
  const publish = () => { try { if (!direct) renameSync(part, place); } catch (error) { drop(); throw inWords(error, path); } };
  return {
    write(piece) { try { sink.write(piece); } catch (error) { drop(); throw error; } },
    ready,
    publish,
    close() { ready(); publish(); },
    drop() { sink.drop(); drop(); },
  };
}

/** Standard output; its reader going away (`| head`) ends writing quietly. */
export function stdoutSink(): Sink {
  const sink = descriptorSink(1, "standard output");
  const quietly = (act: () => void) => { try { act(); } catch (error) { if (errorCode(error) !== "EPIPE") throw error; } };
  return { write: (piece) => quietly(() => sink.write(piece)), close: () => quietly(() => sink.close()), drop: () => {} };
}

const bufferSize = 1 << 16;

function descriptorSink(fd: number, name: string): Sink {
  let held: (string | Uint8Array)[] = [], size = 0, open = true;
  const flush = () => {
    const bytes = Buffer.concat(held.map((p) => (typeof p === "string" ? Buffer.from(p) : p)));
    held = []; size = 0;
    writeAll(fd, bytes, name);
  };
  const end = () => { if (open && fd !== 1) closeSync(fd); open = false; };
  return {
    write(piece) {
      held.push(piece);
      size += piece.length;
      if (size >= bufferSize) flush();
    },
    close() {
      flush();
      if (fd !== 1) try { fsyncSync(fd); } catch { /* a pipe or device */ }
      end();
    },
    drop: end,
  };
}

/** Writes every byte. @throws InputError where the disk refuses (EPIPE is thrown as it is) */
export function writeAll(fd: number, bytes: Uint8Array, name: string): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (errorCode(error) !== "EAGAIN") throw inWords(error, name);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
