import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { InputError } from "../src/math/index.js";
import { checkText, loadStudy, mapHere, resolvePlan, type ExtractResult, type ExtractShared, type ExtractTask, type LoadedStudy, type PlanProblem, type World } from "../src/study/index.js";
import { inWords, readBytes, readText } from "./files.js";
import { dataFolder, inputFolders, inputPlace } from "./inputPlace.js";
import { optionsHelp, readOptions, type Option } from "./options.js";

const options: Option[] = [
  { name: "json", help: "what was found and understood as JSON" },
  { name: "data", value: "DIR", help: "folder in which the plan's tables and pictures are looked for first, before the plan's own" },
  { name: "plan-only", help: "check the plan file alone, read no data" },
  { name: "help", short: "h", help: "print this help" },
];

export const checkHelp = `radscore check: every mistake of a study plan, or what was understood of it

  radscore check <plan.yaml or folder> [options]

  A folder stands for all plans in it. Mistakes are printed as file:line:column: what was found, what was expected.
  Without mistakes: cohorts, patients, events, flow, codes, units, missing values, candidates, and the blocks in their order.
  The tables are read; of images the first case alone is extracted, to learn the names of the features.
${optionsHelp(options)}

Exit code: 0 all good; 1 a mistake was found.
`;

export type Checked = { file: string; problems: string[]; study?: LoadedStudy };

/** `radscore check`: exit code 0 all good, 1 a mistake. */
export async function checkCommand(args: readonly string[]): Promise<number> {
  const { words, options: given } = readOptions(args, options);
  if (given.has("help")) { process.stdout.write(checkHelp); return 0; }
  const checked: Checked[] = [];
  const data = given.get("data")?.at(-1);
  if (data !== undefined) dataFolder(data, "check");
  for (const file of plansAt(words[0] ?? ".")) checked.push(await checkFile(file, given.has("plan-only"), data));
  if (given.has("json")) process.stdout.write(`${JSON.stringify(checked.map(forJson), null, 2)}\n`);
  else for (const [k, one] of checked.entries()) process.stdout.write(`${k > 0 ? "\n" : ""}${report(one)}`);
  return checked.some((c) => c.problems.length > 0) ? 1 : 0;
}

/** The plan that a path means, or all plans of a folder. @throws InputError where there is none */
export function plansAt(path: string): string[] {
  if (!existsSync(path)) throw new InputError(`${path}: no such file or folder.`);
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => /\.(ya?ml|json)$/i.test(name)).sort();
  const plans = names.filter((name) => /^\s*["']?radscore["']?\s*:\s*\d/m.test(readText(join(path, name))));
  if (plans.length === 0) throw new InputError(`${path}: holds no study plan (a .yaml or .json file with radscore: 1). radscore init ${path} writes one.`);
  return plans.map((name) => join(path, name));
}

async function checkFile(file: string, planOnly: boolean, data?: string): Promise<Checked> {
  const { input, problems } = checkText(readText(file), basename(file));
  if (input === undefined) return { file, problems: problems.map(line) };
  try {
    const plan = resolvePlan(input);
    return planOnly ? { file, problems: [] } : { file, problems: [], study: await loadStudy(plan, firstCaseOnly(readingWorld(inputFolders(dirname(resolve(file)), data)))) };
  } catch (error) {
    if ((error as Error).name !== "InputError") throw error;
    return { file, problems: (error as Error).message.split("\n").map((m) => `${basename(file)}: ${m}`) };
  }
}

const line = (p: PlanProblem) => `${p.file}:${p.line}:${p.column}: ${p.message}`;

function report({ file, problems, study }: Checked): string {
  if (problems.length > 0) return `${problems.join("\n")}\n${problems.length} mistake${problems.length === 1 ? "" : "s"} in ${file}.\n`;
  if (study === undefined) return `${file}: the plan has no mistakes.\n`;
  const width = Math.min(28, Math.max(...study.understood.map((u) => u.what.length)));
  const pictures = study.plan.cohorts.some((c) => c.images !== undefined) ? [{ what: "pictures", value: "only the first was extracted, to learn the features' names; ranges of features are its own" }] : [];
  const lines = [...study.understood, ...pictures].map(({ what, value }) => `${what.padEnd(width)}  ${value}`);
  const notes = study.findings.map((f) => `${f.severity}: ${f.where}: ${f.message}${f.doInstead === undefined ? "" : ` ${f.doInstead}`}`);
  const lost = study.unmatched.flatMap((u) => [
    ...(u.onlyFirst.length > 0 ? [`${u.cohort}, only in ${u.first}: ${u.onlyFirst.join(", ")}`] : []), ...(u.onlySecond.length > 0 ? [`${u.cohort}, only in ${u.second}: ${u.onlySecond.join(", ")}`] : []),
  ]);
  return `${file}\n\n${lines.join("\n")}\n${[...notes, ...lost].map((n) => `\n${n}`).join("")}${notes.length > 0 ? "\n" : ""}
No mistakes. radscore run ${file} writes report.html, results.json, model.json, figures/, tables/, methods.md, checklist.html,
calculator.html, provenance.json and study.radscore.\n`;
}

function forJson({ file, problems, study }: Checked): object {
  if (study === undefined) return { file, problems };
  const { understood, findings, unmatched, hashes, plan, development, external } = study;
  return { file, problems, understood, findings, unmatched, hashes, plan,
    cohorts: [development, ...external].map(({ name, role, table, outcome, flow }) => ({ name, role, patients: new Set(table.id).size, rows: table.id.length, events: outcome.event.reduce((a, b) => a + b, 0), columns: Object.keys(table.columns).length, flow })) };
}

/** A world that only reads. */
function readingWorld(folders: readonly string[]): World {
  const place = (path: string) => resolve(inputPlace(folders, path));
  return {
    read: async (path) => readBytes(place(path)),
    list: async (path) => {
      try {
        const at = place(path);
        return readdirSync(at, { recursive: true, withFileTypes: true }).filter((f) => !f.isDirectory()).map((f) => relative(at, join(f.parentPath, f.name)).split(sep).join("/")).sort();
      } catch (error) { throw inWords(error, path); }
    },
    exists: async (path) => existsSync(place(path)),
    write: async () => {}, recall: async () => undefined, keep: async () => {},
    map: mapHere, progress: () => {}, log: () => {},
  };
}

/**
 * Extracts the features of one case, for their names; the others are opened with their masks, so that pictures without a region are
 * found, and get the same numbers, which nothing is made of.
 */
function firstCaseOnly(world: World): World {
  return { ...world, map: async (job, shared, tasks, done) => {
    if (job !== "extract") return world.map(job, shared, tasks, done);
    const whole = shared as ExtractShared;
    const quick: ExtractShared = { ...whole, params: { ...whole.params, profile: "pyradiomics", imageType: { Original: {} }, featureClass: { firstorder: ["Mean"] },
      setting: { ...whole.params.setting, resampledPixelSpacing: null, normalize: false } } };
    let first: Record<string, number> | undefined;
    const results: ExtractResult[] = [];
    for (const task of tasks as unknown as readonly ExtractTask[]) {
      const [found] = await mapHere<ExtractShared, ExtractTask, ExtractResult>(job, first === undefined ? whole : quick, [task]);
      if ("values" in found) first ??= found.values;
      results.push("values" in found ? { ...found, values: first! } : found);
    }
    return results as never;
  } };
}
