import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { InputError } from "../src/math/index.js";
import { mapHere, type World } from "../src/study/index.js";
import { errorCode, fileSink, inWords, readBytes } from "./files.js";
import { runPool } from "./pool.js";
import { inputPlace } from "./inputPlace.js";
import { openStages } from "./stages.js";

export type StudyWorldOptions = {
  /** folders in which the plan's files are looked for, in this order (inputFolders), and the folder of the output */
  folders: readonly string[]; out: string;
  jobs: number;
  say(level: "info" | "warning", message: string): void;
  quiet?: boolean;
  /** hash of the program */
  code?: string;
  /** script of a worker thread */
  script?: URL;
};

const CACHE = ".cache";
/** Tasks below which threads cost more than they save. */
const FEW = 3;

/**
 * A study's world on a disk: files of the plan, output and cache in the output folder, worker threads. Every file appears whole or
 * not at all; a full disk or a folder that may not be written is told in one sentence. `finish` wipes the progress line.
 */
export function studyWorld({ folders, out, jobs, say, quiet = false, code, script = new URL("./studyWorker.js", import.meta.url) }: StudyWorldOptions): World & { finish(): void } {
  const stages = openStages(quiet ? undefined : process.stderr);
  const place = (path: string) => inputPlace(folders, path);
  const entry = (key: string) => join(out, CACHE, `${encodeURIComponent(key).replaceAll("*", "%2A")}.bin`);
  return {
    ...(code !== undefined && { code }),
    read: async (path) => readBytes(place(path)),
    async list(path) {
      try {
        return (readdirSync(place(path), { recursive: true, withFileTypes: true }))
          .filter((f) => !f.isDirectory()).map((f) => join(f.parentPath, f.name).slice(place(path).length).split(sep).filter((p) => p !== "").join("/")).sort();
      } catch (error) { throw inWords(error, place(path)); }
    },
    exists: async (path) => existsSync(place(path)),
    write: async (path, bytes) => writeWhole(join(out, ...path.split("/")), bytes),
    async recall(key) {
      try { return readBytes(entry(key)); } catch (error) { if (existsSync(entry(key))) throw error; return undefined; }
    },
    keep: async (key, bytes) => writeWhole(entry(key), bytes),
    async map<Shared, Task, Result>(job: string, shared: Shared, tasks: readonly Task[], done?: (result: Result, index: number) => void): Promise<Result[]> {
      if (jobs < 2 || tasks.length < FEW) return mapHere<Shared, Task, Result>(job, shared, tasks, done);
      type Answer = { result: Result } | { failed: { name: string; message: string; stack?: string } };
      const results: Result[] = Array.from({ length: tasks.length });
      const numbers = new Map(tasks.map((task, index) => [task, index]));
      await runPool<Task, Answer>({
        script, jobs, workerData: { job, shared }, tasks,
        died: (why) => ({ failed: { name: "InputError", message: why === "memory" ? "A worker ran out of memory. Use fewer jobs (--jobs 1), or a larger heap (NODE_OPTIONS=--max-old-space-size=8192)." : `A worker stopped: ${why}.` } }),
        done(task, answer) {
          if ("failed" in answer) throw Object.assign(answer.failed.name === "InputError" ? new InputError(answer.failed.message) : new Error(answer.failed.message), answer.failed.stack === undefined ? {} : { stack: answer.failed.stack });
          const index = numbers.get(task)!;
          results[index] = answer.result;
          done?.(answer.result, index);
        },
      });
      return results;
    },
    progress: stages.show,
    log(level, message) { stages.clear(); say(level, message); },
    finish: stages.clear,
  };
}

/** Writes a file whole, making its folder. */
export function writeWhole(path: string, bytes: Uint8Array | string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw inWords(error, dirname(path));
  }
  const sink = fileSink(path);
  try {
    sink.write(bytes);
    sink.close();
  } catch (error) {
    sink.drop();
    if (errorCode(error) !== "") throw inWords(error, path);
    throw error;
  }
}

/** Forgets what earlier runs kept. */
export function clearCache(out: string): void {
  rmSync(join(out, CACHE), { recursive: true, force: true });
}

/** Whether an earlier run left something to go on from. */
export const hasCache = (out: string): boolean => existsSync(join(out, CACHE)) && readdirSync(join(out, CACHE)).some((f) => f.endsWith(".bin"));
