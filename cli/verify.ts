import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../src/math/index.js";
import { compareResults, fileHash, isPicture, openStudy, runOn, unpackStudy, verifySteps, type StudyArchive, type World } from "../src/study/index.js";
import { readBytes } from "./files.js";
import { dataFolder, inputPlace } from "./inputPlace.js";
import { optionsHelp, readOptions, type Option } from "./options.js";
import { codeHash } from "./run.js";
import { outputFiles, plainJson } from "./runOutputs.js";
import { studyWorld } from "./studyWorld.js";
import { version } from "./version.js";

const options: Option[] = [
  { name: "data", value: "DIR", heading: "Options", help: "folder in which the plan's files are looked for first; then in the archive's own folder and up to three folders above it" },
  { name: "jobs", short: "j", value: "N", help: "worker threads (2)" },
  { name: "quiet", short: "q", help: "the answer alone" },
  { name: "help", short: "h", help: "print this help" },
];

const usage = `radscore verify: does a study still give what it says?

  radscore verify results/study.radscore [--data DIR]

Reads the plan and the hashes of the inputs out of the archive, finds the inputs, computes everything anew without a cache, and answers
"same" (every number within 1e-9, every choice exactly, and the same bytes under the same versions) or "differs at step k" with what
differs first.
Exit code 0: same; 2: differs; 1: it could not be run.
`;

/** `radscore verify study.radscore`. */
export async function verifyCommand(args: readonly string[]): Promise<number> {
  const { words, options: given } = readOptions(args, options);
  if (given.has("help")) { process.stdout.write(`${usage}${optionsHelp(options)}\n`); return 0; }
  if (words.length !== 1) throw new InputError(`verify: ${words.length} files were given, expected one study.radscore.`);
  const archive = unpackStudy(readBytes(words[0]), words[0]);
  const last = (name: string) => given.get(name)?.at(-1);
  const jobs = Number(last("jobs") ?? 2);
  if (!(Number.isInteger(jobs) && jobs >= 1)) throw new InputError(`verify: --jobs is "${last("jobs")}"; a whole number of 1 or more is expected.`);
  const data = last("data");
  const folders = inputFoldersOf(archive, words[0], data === undefined ? undefined : dataFolder(data, "verify"));
  const away = mkdtempSync(join(tmpdir(), "radscore-verify-"));
  try {
    const world = studyWorld({ folders, out: away, jobs, quiet: given.has("quiet"), say: () => {} });
    const own: World = { ...world, ...packed(archive, world), read: async (path) => input(archive, path, folders) };
    const loaded = await openStudy(archive.plan, archive.manifest.plan, own);
    requirePictures(archive, loaded.hashes);
    const run = await runOn(loaded.plan, archive.plan, loaded, own, { program: `radscore ${version()}`, code: codeHash(), cache: false });
    world.finish();
    return answer(archive, JSON.parse(plainJson(run.results)), outputFiles(run, archive.plan));
  } finally {
    rmSync(away, { recursive: true, force: true });
  }
}

function answer(archive: StudyArchive, results: unknown, files: Record<string, string>): number {
  const { manifest, altered } = archive;
  const changedSince = `  ${altered.join(", ")} in the archive ${altered.length === 1 ? "is" : "are"} not what the run wrote: damaged, or edited afterwards`;
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const differences = compareResults(archive.results, results);
  if (differences.length > 0) {
    const first = differences[0];
    say(`differs at step ${first.step + 1}, ${verifySteps[first.step].name}`);
    for (const d of differences.slice(0, 5)) say(`  ${d.path}: recorded ${shown(d.recorded)}, now ${shown(d.now)}`);
    if (differences.length > 5) say(`  and ${differences.length >= 20 ? "15 or more others" : `${differences.length - 5} others`}`);
    if (altered.length > 0) say(changedSince);
    if (manifest.version !== version()) say(`  recorded by radscore ${manifest.version}, this is ${version()}`);
    return 2;
  }
  if (altered.length > 0) {
    say(`differs at step ${verifySteps.length + 1}, bytes of the files`);
    say(changedSince);
    return 2;
  }
  const sameVersions = manifest.node === process.versions.node && manifest.version === version();
  const changed = Object.entries(manifest.outputs).filter(([path, hash]) => files[path] === undefined || fileHash(new TextEncoder().encode(files[path])) !== hash).map(([path]) => path);
  if (changed.length > 0 && sameVersions) {
    say(`differs at step ${verifySteps.length + 1}, bytes of the files`);
    say(`  every number and choice is the same, but ${changed.slice(0, 5).join(", ")}${changed.length > 5 ? ` and ${changed.length - 5} more` : ""} came out with other bytes`);
    return 2;
  }
  say(`same: every number within 1e-9, every choice exactly${changed.length === 0 ? `, and the same bytes in ${Object.keys(manifest.outputs).length} files` : `; bytes differ in ${changed.length} files, under other versions (recorded by radscore ${manifest.version}, Node ${manifest.node}; this is ${version()}, Node ${process.versions.node})`}`);
  return 0;
}

const shown = (value: unknown) => { const text = value === undefined ? "nothing" : JSON.stringify(value); return text.length > 80 ? `${text.slice(0, 80)}…` : text; };

/** The folders in which inputs are looked for. @throws InputError naming the tables that none of them has */
function inputFoldersOf({ manifest, data }: StudyArchive, path: string, wanted: string | undefined): string[] {
  const here = dirname(resolve(path));
  const above = [here, join(here, ".."), join(here, "..", ".."), join(here, "..", "..", "..")];
  const folders = wanted === undefined ? above : [wanted, ...above];
  const lacking = Object.entries(manifest.inputs).filter(([name, hash]) => data[hash] === undefined && !isPicture(name) && !existsSync(inputPlace(folders, name))).map(([name]) => name);
  if (lacking.length === 0) return folders;
  throw new InputError(`${basename(path)}: the inputs ${lacking.join(", ")} are not in the archive and not ${wanted === undefined ? "beside it" : `in ${wanted}`}. Name their folder: --data DIR (a study packed with --with-data holds them).`);
}

/** Where the data are in the archive, its list of files is theirs. */
function packed({ manifest }: StudyArchive, world: World): Pick<World, "list" | "exists"> {
  if (!manifest.withData) return world;
  const names = Object.keys(manifest.inputs);
  return {
    exists: async (path) => names.includes(path),
    list: async (folder) => names.filter((name) => folder === "." || name.startsWith(`${folder}/`)).map((name) => (folder === "." ? name : name.slice(folder.length + 1))).sort(),
  };
}

/** An input file, from the archive or the disk, only if it is the one that was recorded. */
function input({ manifest, data }: StudyArchive, path: string, folders: readonly string[]): Uint8Array {
  const hash = manifest.inputs[path];
  const kept = hash === undefined ? undefined : data[hash];
  if (kept !== undefined) return kept;
  const bytes = readBytes(inputPlace(folders, path));
  const found = fileHash(bytes);
  if (hash === undefined ? !picturesOf(manifest.inputs).includes(found) : found !== hash) throw new InputError(`${path}: is not the file that the study was made from (its SHA-256 is ${found.slice(0, 12)}…${hash === undefined ? ", which no picture of the study has" : `, recorded ${hash.slice(0, 12)}…`}). Find the original, or run the study anew.`);
  return bytes;
}

const picturesOf = (inputs: Readonly<Record<string, string>>) => Object.entries(inputs).filter(([name]) => isPicture(name)).map(([, hash]) => hash);

/** @throws InputError where pictures of the study were not read */
function requirePictures({ manifest }: StudyArchive, hashes: Readonly<Record<string, string>>): void {
  const left = Object.values(hashes);
  const lacking = picturesOf(manifest.inputs).filter((hash) => { const at = left.indexOf(hash); if (at >= 0) left.splice(at, 1); return at < 0; });
  if (lacking.length > 0) throw new InputError(`${lacking.length} of ${picturesOf(manifest.inputs).length} pictures that the study was made from are not there. Name their folder: --data DIR.`);
}
