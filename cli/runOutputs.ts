import { checklistHtml, drawFigure, methodsMarkdown, reportHtml, resultTables } from "../src/report/index.js";
import type { StudyRun, World } from "../src/study/index.js";

export type Provenance = { started: Date; finished: Date; jobs: number; version: string; planFile: string };

/**
 * Writes a run's files into the output folder: results, model, figures, tables, methods, checklists, report; and provenance, the only file
 * with the clock in it (nothing of it names the machine or a person). Figures and tables of an earlier run that are no longer made stay.
 * @returns name of the file to look at first
 */
export async function writeOutputs(run: StudyRun, planText: string, world: World, { started, finished, jobs, version, planFile }: Provenance): Promise<string> {
  await world.write("plan.yaml", planText);
  await world.write("model.json", `${plainJson(run.model)}\n`);
  await world.write("results.json", `${plainJson(run.results)}\n`);
  for (const figure of run.results.figures) await world.write(`figures/${figure.id}.svg`, drawFigure(figure));
  for (const { name, csv } of resultTables(run.results)) await world.write(`tables/${name}`, csv);
  await world.write("methods.md", methodsMarkdown(run.results));
  await world.write("checklist.html", checklistHtml(run.results));
  await world.write("report.html", reportHtml(run.results));
  await world.write("provenance.json", `${JSON.stringify({
    program: "radscore", version, node: process.versions.node, plan: planFile, seed: run.results.seed, inputs: run.hashes,
    started: started.toISOString(), finished: finished.toISOString(), jobs, fits: run.fits,
  }, null, 2)}\n`);
  return "report.html";
}

/** JSON in which typed arrays are arrays, and a number that is not to be had is null. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => (ArrayBuffer.isView(v) && !(v instanceof DataView) ? Array.from(v as unknown as ArrayLike<number>) : v), 1);
}
