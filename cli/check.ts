import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { InputError } from "../src/math/index.js";
import { checkText, loadStudy, mapHere, mistakesAmong, PlanError, problemLines, problemsOf, remarks, resolvePlan, type ExtractResult, type ExtractShared, type ExtractTask, type LoadedStudy, type Remark, type World } from "../src/study/index.js";
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
  Without mistakes: cohorts, patients, events, flow, codes, units, missing values, candidates, and the blocks in their order,
  and what a run would remark before it fits anything.
  The tables are read; of images the first case alone is extracted, to learn the names of the features.
${optionsHelp(options)}

Exit code: 0 all good; 1 a mistake was found.
`;

export type Checked = { file: string; problems: string[]; study?: LoadedStudy; /** with their lines in the plan */ remarks?: (Remark & { line?: string })[] };

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
  const text = readText(file), name = basename(file);
  const lines = (error: unknown) => problemLines(problemsOf(error, text, name)).split("\n");
  const { input, problems } = checkText(text, name);
  if (input === undefined) return { file, problems: problemLines(problems).split("\n") };
  const plan = resolvePlan(input);
  if (planOnly) return { file, problems: [] };
  const { world, unread } = firstCaseOnly(readingWorld(inputFolders(dirname(resolve(file)), data)));
  let study: LoadedStudy;
  try { study = await loadStudy(plan, world); } catch (error) { return { file, problems: lines(error) }; }
  const found = remarks(study.plan, plan, study, unread);
  const stops = mistakesAmong(study.plan, found);
  const placed = found.map((f) => {
    const at = f.path === undefined ? undefined : problemsOf(new PlanError([{ path: f.path, message: "" }]), text, name)[0];
    return { ...f, ...(at !== undefined && { line: `${at.file}:${at.line}:${at.column}` }) };
  });
  return { file, problems: stops.length === 0 ? [] : lines(new PlanError(stops)), study, remarks: placed };
}

function report({ file, problems, study, remarks: found = [] }: Checked): string {
  if (problems.length > 0) return `${problems.join("\n")}\n${problems.length} mistake${problems.length === 1 ? "" : "s"} in ${file}.\n`;
  if (study === undefined) return `${file}: the plan has no mistakes.\n`;
  const width = Math.min(28, Math.max(...study.understood.map((u) => u.what.length)));
  const pictures = study.plan.cohorts.some((c) => c.images !== undefined) ? [{ what: "pictures", value: "only the first was extracted, to learn the features' names; ranges of features are its own" }] : [];
  const lines = [...study.understood, ...pictures].map(({ what, value }) => `${what.padEnd(width)}  ${value}`);
  const notes = [...found.filter((f) => f.guard !== "join").map(inLine), ...study.unmatched.flatMap(whoIsLost)];
  return `${file}\n\n${lines.join("\n")}\n${notes.length > 0 ? `\n${notes.join("\n")}\n` : ""}
No mistakes.${found.length === 0 ? "" : ` ${found.length === 1 ? "1 remark stands" : `${found.length} remarks stand`} above.`}
radscore run ${file} writes report.html, results.json, model.json, figures/, tables/, methods.md,
checklist.html, calculator.html, provenance.json and study.radscore.\n`;
}

/** A remark as one line; the cohort is named where the sentence does not. */
function inLine({ severity, where, message, doInstead, line, guard }: Remark & { line?: string }): string {
  const about = ["reading", "follow-up", "times", "categories", "images", "readers", "derive", "folds"].includes(guard) && !message.includes(where) ? `${where}: ` : "";
  return `${severity}${line === undefined ? "" : ` (${line})`}: ${about}${message}${doInstead === undefined ? "" : ` ${doInstead}`}`;
}

const FEW_LISTED = 10;

/** Patients that one table has and the other lacks, by their numbers; few of them where the plan's flow tells that so many are left out. */
function whoIsLost({ cohort, first, second, onlyFirst, onlySecond, stay, declared }: LoadedStudy["unmatched"][number]): string[] {
  const people = (n: number) => `${n} patient${n === 1 ? "" : "s"}`;
  const told = declared === true && stay !== true;
  const shown = told ? onlyFirst.slice(0, FEW_LISTED) : onlyFirst, more = onlyFirst.length - shown.length;
  const spelling = "Compare the spelling of their numbers";
  return [
    ...(onlyFirst.length === 0 ? [] : [
      `note: ${cohort}: ${people(onlyFirst.length)} of ${first} ${onlyFirst.length === 1 ? "is" : "are"} not in ${second}${stay === true ? "; its columns are missing there" : told ? ", as many as the flow of the plan leaves out" : ` and ${onlyFirst.length === 1 ? "leaves" : "leave"} the study`}.${told ? "" : ` ${spelling}:`}`,
      `${cohort}, only in ${first}: ${shown.join(", ")}${more > 0 ? ` and ${more} more (--json lists all)` : ""}`,
    ]),
    ...(onlySecond.length === 0 ? [] : [`note: ${cohort}: ${people(onlySecond.length)} of ${second} ${onlySecond.length === 1 ? "is" : "are"} not in ${first} and not used. ${spelling}:`, `${cohort}, only in ${second}: ${onlySecond.join(", ")}`]),
  ];
}

function forJson({ file, problems, study, remarks: findings }: Checked): object {
  if (study === undefined) return { file, problems };
  const { understood, unmatched, hashes, plan, development, external } = study;
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
function firstCaseOnly(world: World): { world: World; /** features that are not those of their patients */ unread: Set<string> } {
  const unread = new Set<string>();
  return { unread, world: { ...world, map: async (job, shared, tasks, done) => {
    if (job !== "extract") return world.map(job, shared, tasks, done);
    const whole = shared as ExtractShared;
    const quick: ExtractShared = { ...whole, params: { ...whole.params, profile: "pyradiomics", imageType: { Original: {} }, featureClass: { firstorder: ["Mean"] },
      setting: { ...whole.params.setting, resampledPixelSpacing: null, normalize: false } } };
    let first: Record<string, number> | undefined;
    const results: ExtractResult[] = [];
    for (const task of tasks as unknown as readonly ExtractTask[]) {
      const [found] = await mapHere<ExtractShared, ExtractTask, ExtractResult>(job, first === undefined ? whole : quick, [task]);
      if ("values" in found) first ??= found.values;
      for (const name of Object.keys(first ?? {})) unread.add(name);
      results.push("values" in found ? { ...found, values: first! } : found);
    }
    return results as never;
  } } };
}
