import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { calculatorHtml, checklistHtml, drawFigure, methodsMarkdown, reportHtml, resultTables } from "../src/report/index.js";
import { inputRecord, packStudy, type StudyRun, type World } from "../src/study/index.js";
import { calculatorScript } from "./calculatorScript.js";

export type Provenance = { started: Date; finished: Date; jobs: number; version: string; planFile: string; /** pack the input files too */ withData?: boolean };

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
 * numbers, are numbered, but in an archive that holds the data themselves). Figures and tables of an earlier
 * run that are no longer made are taken away.
 * @returns name of the file to look at first
 */
export async function writeOutputs(run: StudyRun, planText: string, world: World, out: string, { started, finished, jobs, version, planFile, withData = false }: Provenance): Promise<string> {
  const files = outputFiles(run, planText);
  for (const [path, content] of Object.entries(files)) await world.write(path, content);
  const data: Record<string, Uint8Array> = {};
  if (withData) for (const path of Object.keys(run.hashes)) data[path] = await world.read(path);
  const manifest = { version, node: process.versions.node, plan: planFile, seed: run.results.seed, inputs: inputRecord(run.facts.plan, run.hashes) };
  await world.write("study.radscore", packStudy(withData ? { ...manifest, inputs: run.hashes } : manifest, planText, files, withData ? data : undefined));
  await world.write("provenance.json", `${JSON.stringify({
    program: "radscore", ...manifest, started: started.toISOString(), finished: finished.toISOString(), jobs, fits: run.fits,
  }, null, 2)}\n`);
  for (const [folder, ending] of [["figures", ".svg"], ["tables", ".csv"]]) {
    const place = join(out, folder);
    if (existsSync(place)) for (const name of readdirSync(place)) if (name.endsWith(ending) && files[`${folder}/${name}`] === undefined) rmSync(join(place, name));
  }
  return "report.html";
}

/** JSON in which typed arrays are arrays, and a number that is not to be had is null. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => (ArrayBuffer.isView(v) && !(v instanceof DataView) ? Array.from(v as unknown as ArrayLike<number>) : v), 1);
}
