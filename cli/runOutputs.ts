import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { calculatorHtml, checklistHtml, drawFigure, methodsMarkdown, reportHtml, resultTables } from "../src/report/index.js";
import { inputRecord, packStudy, type StudyRun, type World } from "../src/study/index.js";
import { calculatorScript } from "./calculatorScript.js";
import { writeTogether } from "./writeTogether.js";

export type Provenance = { started: Date; finished: Date; jobs: number; version: string; planFile: string; /** pack the input files too */ withData?: boolean; /** sealed sets, when this run opened them */ opened?: readonly Opened[] };
type Opened = { set: string; hash: string; at: Date };
/** As provenance.json tells of a sealed set: the first opening of these data by any run into this folder, the last, and how many there were. */
type OpeningRecord = { set: string; sha256: string; first: string; last: string; times: number };

/** Every file that a run makes, by its path in the output folder: the same bytes for the same run, without clock or machine. */
export function outputFiles(run: StudyRun, planText: string): Record<string, string> {
  const script = calculatorScript();
  const files = [["methods.md", "Methods"], ["checklist.html", "Checklists"], ...(script === undefined ? [] : [["calculator.html", "Calculator"]]), ["results.json", "Results"], ["model.json", "Model"], ["plan.yaml", "Plan"]];
  return {
    "plan.yaml": planText,
    "model.json": `${plainJson(run.model)}\n`,
    "results.json": `${plainJson(run.results)}\n`,
    ...Object.fromEntries(run.results.figures.map((figure) => [`figures/${figure.id}.svg`, drawFigure(figure)])),
    ...Object.fromEntries(resultTables(run.results).map(({ name, csv }) => [`tables/${name}`, csv])),
    "methods.md": methodsMarkdown(run.results),
    "checklist.html": checklistHtml(run.results),
    "report.html": reportHtml(run.results, { files: files.map(([href, text]) => ({ href, text })) }),
    // where the command runs unbuilt there is no scoring code to put in
    ...(script !== undefined && { "calculator.html": calculatorHtml(run.model, { scripts: { calculator: script }, results: run.results }) }),
  };
}

/**
 * Writes a run's files into the output folder, with `study.radscore` (plan, hashes of the inputs, results; the inputs only where asked for)
 * and provenance.json, the only file with the clock in it (nothing of it names the machine or a person; pictures, whose names may be patients'
 * numbers, are numbered, but in an archive that holds the data themselves). It tells when sealed sets were first opened. All files appear at once or
 * not at all; figures and tables of an earlier run that are no longer made are taken away.
 * @returns name of the file to look at first
 */
export async function writeOutputs(run: StudyRun, planText: string, world: World, out: string, { started, finished, jobs, version, planFile, withData = false, opened = [] }: Provenance): Promise<string> {
  const files = outputFiles(run, planText);
  const data: Record<string, Uint8Array> = {};
  if (withData) for (const path of Object.keys(run.hashes)) data[path] = await world.read(path);
  const outputs = writeTogether(out);
  for (const [path, content] of Object.entries(files)) outputs.write(path, content);
  const manifest = { version, node: process.versions.node, plan: planFile, seed: run.results.seed, inputs: inputRecord(run.facts.plan, run.hashes) };
  outputs.write("study.radscore", packStudy(withData ? { ...manifest, inputs: run.hashes } : manifest, planText, files, withData ? data : undefined));
  outputs.write("provenance.json", `${JSON.stringify({
    program: "radscore", ...manifest, started: started.toISOString(), finished: finished.toISOString(), jobs, fits: run.fits, ...(opened.length > 0 && { openings: openingRecords(join(out, "provenance.json"), opened) }),
  }, null, 2)}\n`);
  outputs.publish();
  for (const [folder, ending] of [["figures", ".svg"], ["tables", ".csv"]]) {
    const place = join(out, folder);
    if (existsSync(place)) for (const name of readdirSync(place)) if (name.endsWith(ending) && files[`${folder}/${name}`] === undefined) rmSync(join(place, name));
  }
  return "report.html";
}

/** Openings of this run, joined to those of earlier runs into the folder: a set of the same name whose data have another hash is another set. */
function openingRecords(file: string, opened: readonly Opened[]): OpeningRecord[] {
  const earlier = earlierOpenings(file);
  return opened.map(({ set, hash, at }) => {
    const before = earlier.find((o) => o.set === set && o.sha256 === hash), now = at.toISOString();
    return { set, sha256: hash, first: before?.first ?? now, last: now, times: (before?.times ?? 0) + 1 };
  });
}

/** What an earlier run wrote; nothing where there is none, or none that can be read. */
function earlierOpenings(file: string): OpeningRecord[] {
  if (!existsSync(file)) return [];
  try {
    const { openings } = JSON.parse(readFileSync(file, "utf8")) as { openings?: OpeningRecord[] };
    return Array.isArray(openings) ? openings.filter((o) => typeof o?.first === "string" && Number.isInteger(o.times)) : [];
  } catch {
    return [];
  }
}

/** JSON in which typed arrays are arrays, and a number that is not to be had is null. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => (ArrayBuffer.isView(v) && !(v instanceof DataView) ? Array.from(v as unknown as ArrayLike<number>) : v), 1);
}
