import type { Finding } from "../../report/index.js";
import { openImages, type OpenedImages } from "./imageFeatures.js";
import { collector, type Mistake } from "../plan/planErrors.js";
import type { CohortPlan } from "../plan.js";
import { readTable, type ReadTable } from "./readTable.js";
import type { World } from "../world.js";

/** The files of a cohort as read, pictures not opened yet; `mistakes`: what could not be read, and then some of the files are undefined. */
export type CohortFiles = { tables: (ReadTable | undefined)[]; readings: (ReadTable | undefined)[]; images?: OpenedImages; findings: Finding[]; hashes: Record<string, string>; mistakes: Mistake[] };

/** Tables, list of images, settings and further readings of the c-th cohort of a plan: all of them, whatever is wrong with one. */
export async function readCohort(cohort: CohortPlan, c: number, world: World): Promise<CohortFiles> {
  const files: CohortFiles = { tables: [], readings: [], findings: [], hashes: {}, mistakes: [] };
  const { partLater } = collector(files.mistakes);
  const at = ["cohorts", c];
  for (const [k, table] of cohort.tables.entries()) {
    const read = await partLater([...at, "tables", k], () => readTable(table, world, [...at, "tables", k]));
    files.tables.push(read);
    if (read === undefined) continue;
    files.hashes[read.file] = read.hash;
    for (const message of read.report?.warnings ?? []) files.findings.push({ guard: "reading", severity: "note", where: `${cohort.name}: ${read.file}`, message });
  }
  const { images } = cohort;
  const opened = images === undefined ? undefined : await partLater([...at, "images"], () => openImages(images, cohort.name, world, [...at, "images"]));
  if (opened !== undefined) files.images = opened;
  for (const [k, reader] of cohort.readers.entries()) {
    const read = await partLater([...at, "readers", k], () => readTable({ ...reader, missing: [], join: "inner" }, world, [...at, "readers", k]));
    files.readings.push(read);
    if (read !== undefined) files.hashes[read.file] = read.hash;
  }
  return files;
}
