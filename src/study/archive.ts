import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { InputError } from "../math/index.js";
import { fileHash } from "./load/readTable.js";

/** What `study.radscore` says of itself; `outputs` and `inputs` are SHA-256 by path. */
export type Manifest = {
  format: "radscore study"; formatVersion: 1; version: string; node: string; plan: string; seed: number;
  inputs: Record<string, string>; outputs: Record<string, string>; withData: boolean;
};
/** A study in one file: its plan, the hashes of its inputs (the inputs themselves only where asked for), its results and frozen model. */
export type StudyArchive = { manifest: Manifest; plan: string; results: unknown; model: unknown; /** inputs by SHA-256 */ data: Record<string, Uint8Array>; /** entries that are not what the run wrote */ altered: string[] };

/** Zip files know no date before this; every entry bears it, so that the same study makes the same bytes. */
const DATE = "1980-01-01T00:00:00";

/**
 * Packs a study. `files` are the output files by path (results.json and model.json among them), whose hashes go into the manifest.
 * @param data  input files by their path in the plan, to be taken along; left out, nothing of the patients is in the archive but results
 */
export function packStudy(manifest: Omit<Manifest, "format" | "formatVersion" | "outputs" | "withData">, plan: string, files: Record<string, string | Uint8Array>, data?: Record<string, Uint8Array>): Uint8Array {
  const bytes = (content: string | Uint8Array) => (typeof content === "string" ? strToU8(content) : content);
  const outputs = Object.fromEntries(Object.keys(files).sort().map((path) => [path, fileHash(bytes(files[path]))]));
  const whole: Manifest = { format: "radscore study", formatVersion: 1, ...manifest, outputs, withData: data !== undefined };
  const entries: Record<string, Uint8Array> = { "manifest.json": strToU8(`${JSON.stringify(whole, null, 1)}\n`), "plan.yaml": strToU8(plan) };
  for (const name of ["results.json", "model.json"]) if (files[name] !== undefined) entries[name] = bytes(files[name]);
  for (const path of Object.keys(data ?? {}).sort()) entries[`data/${manifest.inputs[path]}`] = data![path];
  return zipSync(entries, { mtime: DATE, level: 6 });
}

/** Reads what packStudy wrote. @throws InputError a file that is no such archive, is damaged, or whose data do not have their hash */
export function unpackStudy(bytes: Uint8Array, name: string): StudyArchive {
  let entries: Record<string, Uint8Array>;
  try { entries = unzipSync(bytes); } catch { throw new InputError(`${name}: is no readable archive; it is damaged or cut short. Copy it again.`); }
  const text = (entry: string) => {
    if (entries[entry] === undefined) throw new InputError(`${name}: lacks ${entry}; give a study.radscore that radscore run wrote.`);
    return strFromU8(entries[entry]);
  };
  const json = (entry: string): unknown => {
    try { return JSON.parse(text(entry)); } catch (error) { if (error instanceof SyntaxError) throw new InputError(`${name}: its ${entry} is damaged.`); throw error; }
  };
  const manifest = json("manifest.json") as Manifest;
  if (manifest.format !== "radscore study" || manifest.formatVersion !== 1) throw new InputError(`${name}: is no study that this version reads (format "${String(manifest.format)}" ${String(manifest.formatVersion)}).`);
  const data: Record<string, Uint8Array> = {};
  for (const [entry, content] of Object.entries(entries)) {
    if (!entry.startsWith("data/")) continue;
    const hash = entry.slice("data/".length);
    if (fileHash(content) !== hash) throw new InputError(`${name}: an input file in it is not what it was (${entry}).`);
    data[hash] = content;
  }
  const altered = ["plan.yaml", "results.json", "model.json"].filter((entry) => manifest.outputs[entry] !== undefined && entries[entry] !== undefined && fileHash(entries[entry]) !== manifest.outputs[entry]);
  return { manifest, plan: text("plan.yaml"), results: json("results.json"), model: json("model.json"), data, altered };
}
