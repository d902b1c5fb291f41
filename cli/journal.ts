import { closeSync, existsSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, renameSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { createHash } from "node:crypto";
import { InputError } from "../src/math/index.js";
import { errorCode, inWords, writeAll } from "./files.js";
import type { CaseResult, FileState, Value } from "./oneCase.js";

/**
 * Results as they finish, one JSON line each, in a file beside the output. What was written survives the end of the
 * process at any moment: a last line that is cut off is dropped when the journal is opened again.
 *
 *   {"journal":"radscore 1"}                      first line
 *   {"columns":["diagnostics_…","original_…",…]}  names, written when they differ from those before
 *   {"key":"…","columns":0,"values":[…],"notes":{…},"warnings":[…],"files":[[path,size,mtime],…]}
 *   {"key":"…","error":"…"}
 *
 * NaN and infinities are written as {"n":"NaN"}.
 */
export type Journal = {
  /** position of the last result stored under a key; undefined where there is none or a file it read has changed */
  find(key: string): number | undefined;
  append(key: string, result: CaseResult): number;
  read(position: number): CaseResult;
  columnsOf(position: number): readonly string[];
  close(): void;
};

type Entry = { offset: number; length: number; columns: number };

const first = `{"journal":"radscore 1"}\n`;

/** Key of a case: everything that its values depend on except the content of the files, which is checked by size and time. */
export function caseKey(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 24);
}

/** A journal in memory, for output that is not a file. */
export function memoryJournal(): Journal {
  const results: CaseResult[] = [];
  return {
    find: () => undefined,
    append: (_, result) => results.push(result) - 1,
    read: (position) => results[position],
    columnsOf: (position) => { const r = results[position]; return "error" in r ? [] : Object.keys(r.values); },
    close() {},
  };
}

/**
 * Opens or creates the journal at `path`. Without `resume` an older journal is moved aside to `path`.old.
 * @throws InputError where the file cannot be written or is no journal
 */
export function openJournal(path: string, resume: boolean): Journal {
  const entries: Entry[] = [], columnLists: string[][] = [], columnIndex = new Map<string, number>();
  const byKey = new Map<string, number>();
  let end = 0, synced = 0, fd: number;
  const unlock = lock(path);
  try {
    if (!resume && existsSync(path) && statSync(path).size > first.length) renameSync(path, `${path}.old`);
    fd = openSync(path, "a+");
  } catch (error) {
    unlock();
    throw inWords(error, path);
  }

  const addColumns = (names: string[]) => { columnIndex.set(names.join("\n"), columnLists.length); columnLists.push(names); };
  for (const { line, offset, length } of completeLines(fd)) {
    if (offset === 0 && line !== first.trimEnd()) {
      closeSync(fd);
      unlock();
      throw new InputError(`${path}: is no journal of this version of radscore; move it away or choose another --out.`);
    }
    const parsed = parse(line);
    if (parsed === undefined) break;
    if (parsed.key !== undefined) {
      entries.push({ offset, length, columns: parsed.columns ?? -1 });
      // a failed case is tried again; a result counts only while the files it was made from are the same
      if (parsed.error === undefined && (parsed.files as FileState[]).every(unchanged)) byKey.set(parsed.key, entries.length - 1);
    } else if (parsed.columns !== undefined) addColumns(parsed.columns);
    end = offset + length;
  }

  const put = (text: string): { offset: number; length: number } => {
    const bytes = Buffer.from(text), offset = end;
    try {
      writeAll(fd, bytes, path);
    } catch (error) {
      try { ftruncateSync(fd, offset); } catch { /* the cut-off line is dropped on the next opening */ }
      throw error;
    }
    end += bytes.length;
    return { offset, length: bytes.length };
  };
  if (end < fstatSync(fd).size) ftruncateSync(fd, end);
  if (end === 0) try { put(first); } catch (error) { closeSync(fd); unlock(); throw error; }

  return {
    find: (key) => byKey.get(key),
    append(key, result) {
      let columns = -1, line: string;
      if ("error" in result) line = JSON.stringify({ key, error: result.error });
      else {
        const names = Object.keys(result.values);
        if (!columnIndex.has(names.join("\n"))) {
          put(`${JSON.stringify({ columns: names })}\n`);
          addColumns(names);
        }
        columns = columnIndex.get(names.join("\n"))!;
        const { notes, warnings, files } = result;
        line = JSON.stringify({ key, columns, values: Object.values(result.values).map(toJson), notes, warnings, files });
      }
      entries.push({ ...put(`${line}\n`), columns });
      if (performance.now() - synced > 1000) { try { fdatasyncSync(fd); } catch { /* not every file system can */ } synced = performance.now(); }
      return entries.length - 1;
    },
    read(position) {
      const { offset, length, columns } = entries[position];
      const bytes = Buffer.alloc(length);
      for (let at = 0; at < length;) {
        const n = readSync(fd, bytes, at, length - at, offset + at);
        if (n === 0) throw new InputError(`${path}: was cut while in use; run again with --resume.`);
        at += n;
      }
      const parsed = JSON.parse(bytes.toString());
      if (parsed.error !== undefined) return { error: parsed.error };
      const names = columnLists[columns];
      return { ...parsed, values: Object.fromEntries((parsed.values as unknown[]).map((v, k) => [names[k], fromJson(v)])) };
    },
    columnsOf: (position) => (entries[position].columns < 0 ? [] : columnLists[entries[position].columns]),
    close() { closeSync(fd); unlock(); },
  };
}

/**
 * Keeps a second run away from the journal: `path`.lock holds the process that writes. The lock of a process that is no
 * longer there (killed) is taken over.
 * @returns what gives the lock back
 */
function lock(path: string): () => void {
  const place = `${path}.lock`, own = `${process.pid} ${hostname()}`;
  const take = () => writeFileSync(place, own, { flag: "wx" });
  try {
    try {
      take();
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
      const [pid, host] = readFileSync(place, "utf8").split(" ");
      if (host !== hostname() || isAlive(Number(pid))) {
        throw new InputError(`${path}: another run (process ${pid} on ${host}) is writing it; wait for its end or choose another --out (if there is none, delete ${place}).`);
      }
      unlinkSync(place);
      take();
    }
  } catch (error) {
    throw inWords(error, path);
  }
  return () => { try { unlinkSync(place); } catch { /* gone already */ } };
}

function isAlive(pid: number): boolean {
  try { process.kill(pid, 0); return true; } catch (error) { return errorCode(error) === "EPERM"; }
}

function unchanged([path, size, time]: FileState): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.size === size && found.mtimeMs === time;
}

const plain = (n: number) => (Number.isFinite(n) ? n : { n: String(n) });
const toJson = (value: Value): unknown => (typeof value === "number" ? plain(value) : Array.isArray(value) ? value.map(plain) : value);
const back = (value: unknown): unknown => (typeof value === "object" && value !== null ? Number((value as { n: string }).n) : value);
const fromJson = (value: unknown): Value => (Array.isArray(value) ? value.map(back) : back(value)) as Value;

/** A line that a failing machine left garbled ends the journal there. */
function parse(line: string): any {
  try { return JSON.parse(line); } catch { return undefined; }
}

/** Lines that end with a line break, read in pieces. Reading at explicit positions leaves the write position alone. */
function* completeLines(fd: number): Generator<{ line: string; offset: number; length: number }> {
  const { size } = fstatSync(fd), piece = Buffer.alloc(1 << 20);
  let held = Buffer.alloc(0), start = 0, at = 0;
  while (at < size) {
    const n = readSync(fd, piece, 0, piece.length, at);
    if (n === 0) return;
    at += n;
    held = Buffer.concat([held, piece.subarray(0, n)]);
    let from = 0;
    for (let stop = held.indexOf(10, from); stop >= 0; stop = held.indexOf(10, from)) {
      yield { line: held.toString("utf8", from, stop), offset: start + from, length: stop + 1 - from };
      from = stop + 1;
    }
    held = held.subarray(from);
    start += from;
  }
}
