import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../src/math/index.js";
import { openStudy, PlanError, problemLines, problemsOf, runOn, type StudyRun } from "../src/study/index.js";
import { closingLines } from "./closingLines.js";
import { readText } from "./files.js";
import { dataFolder, inputFolders } from "./inputPlace.js";
import { optionsHelp, readOptions } from "./options.js";
import { runOptions, runUsage } from "./runOptions.js";
import { writeOutputs } from "./runOutputs.js";
import { clearCache, hasCache, studyWorld } from "./studyWorld.js";
import { version } from "./version.js";

/** `radscore run`. @returns exit code */
export async function runCommand(args: string[]): Promise<number> {
  const given = readOptions(args, runOptions);
  if (given.options.has("help")) { process.stdout.write(`${runUsage}${optionsHelp(runOptions)}\n`); return 0; }
  if (given.words.length !== 1) throw new InputError(`run: ${given.words.length === 0 ? "no plan is given" : `${given.words.length} plans are given`}; name one plan file, or a folder with plans. See radscore run --help.`);
  const last = (name: string) => given.options.get(name)?.at(-1);
  const jobs = last("jobs") === undefined ? availableParallelism() : Number(last("jobs"));
  if (!(Number.isInteger(jobs) && jobs >= 1)) throw new InputError(`run: --jobs is "${last("jobs")}"; a whole number of 1 or more is expected.`);
  const plans = plansAt(given.words[0]);
  let code = 0;
  for (const [k, plan] of plans.entries()) {
    const name = basename(plan, extname(plan));
    const wanted = last("out");
    const out = wanted === undefined ? join(dirname(plan), "results", name) : plans.length > 1 ? join(wanted, name) : wanted;
    if (plans.length > 1) process.stdout.write(`${k > 0 ? "\n" : ""}${basename(plan)}\n`);
    try {
      await runPlan(plan, out, { jobs, cache: !given.options.has("no-cache"), resume: given.options.has("resume"), quiet: given.options.has("quiet"), withData: given.options.has("with-data"), ...(last("data") !== undefined && { data: dataFolder(last("data")!, "run") }) });
    } catch (error) {
      if ((error as Error).name !== "InputError" || plans.length === 1) throw error;
      process.stderr.write(`radscore: ${(error as Error).message}\n`);
      code = 1;
    }
  }
  return code;
}

export type PlanOptions = { jobs: number; cache: boolean; resume?: boolean; quiet?: boolean; withData?: boolean; /** folder of the plan's files, where they do not stand beside it */ data?: string; script?: URL };

/** One plan from its file to its output folder. */
export async function runPlan(file: string, out: string, { jobs, cache, resume = false, quiet = false, withData = false, data, script }: PlanOptions): Promise<StudyRun> {
  const started = new Date();
  const text = readText(file);
  if (!cache) clearCache(out);
  if (resume && !quiet) process.stderr.write(hasCache(out) ? "Going on from what an earlier run kept.\n" : "There is nothing of an earlier run to go on from; starting at the beginning.\n");
  const world = studyWorld({ folders: inputFolders(dirname(file), data), out, jobs, quiet, code: codeHash(), say: (level, message) => process.stderr.write(`${level === "warning" ? "warning: " : ""}${message}\n`), ...(script && { script }) });
  const opened: { set: string; hash: string; at: Date }[] = [];
  world.opened = ({ set, hash }) => { opened.push({ set, hash, at: new Date() }); };
  const interrupted = () => {
    world.finish();
    process.stderr.write(cache ? "Stopped. What is done is kept; the same command goes on from there.\n" : "Stopped; nothing was kept (--no-cache).\n");
    process.exit(130);
  };
  process.once("SIGINT", interrupted);
  try {
    const loaded = await openStudy(text, file, world);
    const run = await runOn(loaded.plan, text, loaded, world, { program: `radscore ${version()}`, code: `${version()} ${codeHash()}`, cache });
    const report = await writeOutputs(run, text, world, out, { started, finished: new Date(), jobs, version: version(), planFile: basename(file), withData, opened });
    world.finish();
    for (const line of closingLines(run.results)) process.stdout.write(`${line}\n`);
    process.stdout.write(`${join(out, report)}\n`);
    return run;
  } catch (error) {
    throw error instanceof PlanError ? new InputError(problemLines(problemsOf(error, text, file))) : error;
  } finally {
    world.finish();
    process.removeListener("SIGINT", interrupted);
  }
}

/** The plans of a path: the file, or every .yaml, .yml and .json of a folder that is a plan. */
export function plansAt(path: string): string[] {
  if (!existsSync(path)) throw new InputError(`${path}: no such file or folder; check the path.`);
  if (statSync(path).isFile()) return [path];
  const found = readdirSync(path).filter((f) => /\.(ya?ml|json)$/i.test(f)).sort().map((f) => join(path, f))
    .filter((f) => /(^|[\s{,"'])radscore["']?\s*:\s*1\b/m.test(readText(f)));
  if (found.length === 0) throw new InputError(`${path}: holds no plan (a .yaml or .json file that says radscore: 1). radscore init writes one.`);
  return found;
}

let code: string | undefined;
/** Hash of the program's own files, so that results of another program are not taken from the cache. */
export function codeHash(): string {
  if (code !== undefined) return code;
  const here = dirname(fileURLToPath(import.meta.url));
  const hash = createHash("sha256");
  for (const name of readdirSync(here).filter((f) => /\.m?js$/.test(f)).sort()) hash.update(name).update(readFileSync(resolve(here, name)));
  return (code = hash.digest("hex"));
}
