import { InputError } from "../../src/math/index.js";
import { mapHere, type World } from "../../src/study/index.js";

/** A world of files in memory; what is kept in its cache, which jobs ran and with how many tasks can be looked at. */
export function memoryWorld(files: Record<string, string | Uint8Array>): World & { cache: Map<string, Uint8Array>; ran: { job: string; tasks: number }[] } {
  const cache = new Map<string, Uint8Array>(), ran: { job: string; tasks: number }[] = [];
  return {
    cache, ran,
    async read(path) {
      const found = files[path];
      if (found === undefined) throw new InputError(`${path}: no such file.`);
      return typeof found === "string" ? new TextEncoder().encode(found) : found;
    },
    list: async (folder) => Object.keys(files).filter((f) => folder === "." || f.startsWith(`${folder}/`)).map((f) => (folder === "." ? f : f.slice(folder.length + 1))).sort(),
    exists: async (path) => Object.hasOwn(files, path),
    write: async () => {},
    recall: async (key) => cache.get(key),
    async keep(key, bytes) { cache.set(key, bytes); },
    async map(job, shared, tasks, done) { ran.push({ job, tasks: tasks.length }); return mapHere(job, structuredClone(shared), structuredClone(tasks) as typeof tasks, done); },
    progress: () => {}, log: () => {},
  };
}
