import { columnOf, labelsOf, type Table } from "../../cohort/index.js";
import { didYouMean, InputError } from "../../math/index.js";
import type { Finding, FlowStep } from "../../report/index.js";
import { cohortOutcome } from "./cohortOutcome.js";
import type { CohortData } from "../data.js";
import { deriveColumns } from "./deriveColumns.js";
import { excludeRows, keepRows, type CohortRows } from "./excludeRows.js";
import { imageFeatures, type ImageFeatures } from "./imageFeatures.js";
import { joinTables, type Part, type Unmatched } from "./joinTables.js";
import type { CohortPlan, Plan } from "../plan.js";
import { readTable, type ReadTable } from "./readTable.js";
import { checkRenames, recode, renameColumns } from "./recode.js";
import { counted, rowList } from "../rowNumbers.js";
import type { World } from "../world.js";

export type LoadedCohort = { data: CohortData; findings: Finding[]; hashes: Record<string, string>; unmatched: Unmatched[] };

/**
 * One cohort of a plan from its files: read, extract features where there are images, rename, join, exclude, outcome, recode,
 * readers. Every patient that leaves is in the flow.
 * @throws InputError what is wrong with a file or its content, with the cohort's name
 */
export async function loadCohort(plan: Plan, cohort: CohortPlan, world: World): Promise<LoadedCohort> {
  const who = cohort.name;
  const findings: Finding[] = [], hashes: Record<string, string> = {};
  const read: ReadTable[] = [];
  for (const table of cohort.tables) read.push(await readTable(table, world));
  const parts: Part[] = [], renamed = new Set<string>();
  const add = (file: string, table: Table, join: "inner" | "left") => {
    const { table: ours, used } = renameColumns(table, cohort.rename, `${who}: ${file}`);
    for (const name of used) renamed.add(name);
    parts.push({ file, table: ours, join });
  };
  read.forEach((r, k) => {
    hashes[r.file] = r.hash;
    for (const message of r.report?.warnings ?? []) findings.push({ guard: "reading", severity: "note", where: `${who}: ${r.file}`, message });
    add(r.file, r.table, cohort.tables[k].join);
  });
  const images = cohort.images === undefined ? undefined : await imageFeatures(cohort.images, who, world);
  if (images !== undefined) {
    Object.assign(hashes, images.hashes);
    findings.push(...images.findings);
    add(images.name, images.table, "inner");
  }
  checkRenames(cohort.rename, renamed, parts.flatMap((p) => Object.keys(p.table.columns)), who);
  const joined = joinTables(parts, who, cohort.patient);
  findings.push(...joined.findings);
  const flow = flowBefore(cohort, parts[0], joined.rows.row.length, joined.flow);
  let rows = joined.rows;
  if (cohort.patient !== undefined) rows = withPatients(rows, cohort.patient, who);
  // variables are derived as late as the conditions allow: rows that leave before need not be readable
  const derive = plan.derive ?? [], madeBy = cohort.exclude.findIndex((rule) => derive.some((d) => d.name === rule.column));
  const early = madeBy < 0 ? cohort.exclude.length : madeBy;
  const excluded = excludeRows(rows, cohort.exclude.slice(0, early), plan.variables, who);
  flow.push(...excluded.flow);
  if (derive.length > 0) {
    const made = deriveColumns(excluded.rows, derive, plan.variables, who, cohort.role === "development" ? "refuse" : "pass");
    if (made.taken.length > 0) findings.push({ guard: "derive", severity: "note", where: who, message: `${made.taken.map((c) => `"${c}"`).join(", ")} ${made.taken.length === 1 ? "is" : "are"} taken from the file as ${made.taken.length === 1 ? "it stands" : "they stand"}, because what ${made.taken.length === 1 ? "it is" : "they are"} derived from is not there.`, doInstead: "Make sure that the same rule was applied." });
    const later = excludeRows({ ...excluded.rows, table: made.table }, cohort.exclude.slice(early), plan.variables, who);
    flow.push(...later.flow);
    excluded.rows = later.rows;
  }
  // whoever left by the plan's own reasons is not counted among the failures of extraction
  if (images !== undefined) excluded.rows = withFeatures(excluded.rows, images, flow, findings, who);
  const found = cohortOutcome(excluded.rows, plan.outcome, plan.variables, who, derive);
  flow.push(...found.flow);
  findings.push(...found.findings);
  rows = found.rows;
  const table = recode(rows.table, plan.variables, rows.row, who);
  const data: CohortData = { name: who, role: cohort.role, table, outcome: found.outcome, readers: [], flow: withEvents(flow, found.outcome.event), ...(found.endpoint && { endpoint: found.endpoint }) };
  if (cohort.centre !== undefined) data.centre = complete(table, cohort.centre, "centre", rows, who);
  if (cohort.date !== undefined) data.date = datesOf(table, cohort.date, who);
  for (const [k, reader] of cohort.readers.entries()) {
    const reading = await readTable({ ...reader, missing: [], join: "inner" }, world);
    hashes[reading.file] = reading.hash;
    const aligned = alignReader(reading, rows, who);
    data.readers.push({ name: reader.name ?? `reader ${k + 2}`, rows: aligned.rows, table: aligned.table });
    findings.push(...aligned.findings);
  }
  return { data, findings, hashes, unmatched: joined.unmatched };
}

/**
 * The flow down to the joined table. The plan's own counts may end at the first table, or at the joined one (then they tell why
 * patients are in one table and not in the other); any other sum is an error.
 */
function flowBefore(cohort: CohortPlan, first: Part, joinedRows: number, join: FlowStep[]): FlowStep[] {
  const removed = cohort.flow.reduce((sum, f) => sum + f.removed, 0);
  const inFirst = first.table.id.length;
  const start = cohort.screened ?? inFirst + removed;
  const end = start - removed;
  if (end !== inFirst && end !== joinedRows) throw new InputError(`${cohort.name}: the flow says ${start} screened − ${removed} removed = ${end} patients, but ${first.file} has ${inFirst}${joinedRows === inFirst ? "" : ` (${joinedRows} after joining the tables)`}. Correct screened and flow, or name those who are lacking.`);
  let n = start;
  const steps: FlowStep[] = [{ n }, ...cohort.flow.map((f) => ({ n: (n -= f.removed), removed: f.removed, reason: f.reason, kind: "before the table" }))];
  return end === inFirst ? [...steps, ...join] : steps;
}

/** Cases without features leave, by reason; what was done where there were several masks is told. */
function withFeatures(rows: CohortRows, { failed, several, rule }: ImageFeatures, flow: FlowStep[], findings: Finding[], who: string): CohortRows {
  let left = rows;
  for (const reason of new Set(failed.values())) {
    const keep = left.key.flatMap((key, r) => (failed.get(key) === reason ? [] : [r]));
    if (keep.length === left.key.length) continue;
    const lost = left.row.filter((_, r) => failed.get(left.key[r]) === reason);
    findings.push({ guard: "images", severity: "warning", where: who, message: `${counted(lost.length, "case")} (${rowList(lost)}) left out: ${reason}.`, doInstead: "Correct the masks, or name these patients under exclude with a reason." });
    flow.push({ n: keep.length, removed: left.key.length - keep.length, reason, kind: "images" });
    left = keepRows(left, keep);
  }
  const many = left.key.filter((key) => several.has(key)).length;
  if (many > 0) flow.push({ n: left.key.length, reason: `${counted(many, "patient")} with several masks: ${rule}`, kind: "images" });
  return left;
}

/** The last step knows its events; those before it saw patients whose outcome may be missing. */
function withEvents(flow: FlowStep[], event: Uint8Array): FlowStep[] {
  const events = event.reduce((a, b) => a + b, 0);
  return flow.map((step, k) => (k === flow.length - 1 ? { ...step, events } : step));
}

/** Rows are lesions: the patient's name becomes the id, so that splits keep a patient's lesions together. */
function withPatients(rows: CohortRows, column: string, who: string): CohortRows {
  return { ...rows, table: { ...rows.table, id: complete(rows.table, column, "patient", rows, who) } };
}

function complete(table: Table, column: string, what: string, rows: CohortRows, who: string): string[] {
  if (!Object.hasOwn(table.columns, column)) throw new InputError(`${who}: ${what} names a column "${column}" that is not there. ${didYouMean(column, Object.keys(table.columns).slice(0, 60))}`);
  const labels = labelsOf(table, column);
  const holes = labels.flatMap((l, r) => (l === "" ? [rows.row[r]] : []));
  if (holes.length > 0) throw new InputError(`${who}: the ${what} ("${column}") is missing in ${rowList(holes)}. Fill it, or exclude these patients with a reason.`);
  return labels;
}

function datesOf(table: Table, name: string, who: string): Float64Array {
  if (!Object.hasOwn(table.columns, name)) throw new InputError(`${who}: date names a column "${name}" that is not there. ${didYouMean(name, Object.keys(table.columns).slice(0, 60))}`);
  const column = columnOf(table, name);
  if (column.kind !== "date") throw new InputError(`${who}: "${name}" is to be the date, but holds ${column.kind === "number" ? "numbers" : "text"}. Write yyyy-mm-dd, or state the order of day and month with dates: dmy at the table.`);
  return column.days;
}

/** A reading's rows that belong to the study's patients; `rows[k]` is the row of the cohort that row k of its table is about. */
function alignReader(reading: ReadTable, rows: CohortRows, who: string): { rows: Int32Array; table: Table; findings: Finding[] } {
  const { file, table } = reading;
  const shared = Object.keys(table.columns).filter((name) => Object.hasOwn(rows.table.columns, name));
  if (shared.length === 0) throw new InputError(`${who}: ${file} shares no column with the cohort's tables, so no feature can be compared. Its columns: ${Object.keys(table.columns).slice(0, 10).join(", ")}.`);
  const at = new Map(rows.key.map((key, r) => [key, r]));
  const seen = new Map<string, number[]>();
  table.id.forEach((id, r) => seen.set(id, [...(seen.get(id) ?? []), r + 1]));
  const twice = [...seen].filter(([, r]) => r.length > 1);
  if (twice.length > 0) throw new InputError(`${who}: ${counted(twice.length, "patient")} of ${file} ${twice.length === 1 ? "has" : "have"} several rows: ${twice.map(([id, r]) => `${id} (${rowList(r)})`).join("; ")}. Keep one row a patient; a third reader is a file of its own.`);
  const kept = table.id.flatMap((id, r) => (at.has(id) ? [r] : []));
  if (kept.length < 3) throw new InputError(`${who}: ${file} has ${counted(kept.length, "patient")} of the study, but the ICC needs at least 3. In the file: ${table.id.join(", ")}. In the study: ${rows.key.join(", ")}.`);
  const lacking = Object.keys(rows.table.columns).filter((name) => rows.table.columns[name].kind === "number" && !Object.hasOwn(table.columns, name)).length;
  const findings: Finding[] = [{ guard: "readers", severity: "note", where: who, message: `${file}: a second reading of ${counted(kept.length, "patient")}, ${counted(shared.length, "column")} in common${lacking > 0 ? ` (${lacking} columns of numbers are not read twice)` : ""}${kept.length < table.id.length ? `; ${counted(table.id.length - kept.length, "row")} of it ${table.id.length - kept.length === 1 ? "is" : "are"} of patients not in the study` : ""}.` }];
  const selected: Table = { id: kept.map((r) => table.id[r]), columns: Object.fromEntries(shared.map((name) => [name, takeRows(table, name, kept)])) };
  return { rows: Int32Array.from(kept, (r) => at.get(table.id[r])!), table: { ...selected, id: kept.map((r) => rows.table.id[at.get(table.id[r])!]) }, findings };
}

function takeRows(table: Table, name: string, rows: number[]) {
  const column = table.columns[name];
  switch (column.kind) {
    case "number": return { ...column, values: Float64Array.from(rows, (r) => column.values[r]) };
    case "date": return { ...column, days: Float64Array.from(rows, (r) => column.days[r]) };
    case "category": return { ...column, codes: Int32Array.from(rows, (r) => column.codes[r]) };
  }
}
