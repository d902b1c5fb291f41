import { columnOf, labelsOf, type Table } from "../../cohort/index.js";
import { didYouMean, InputError } from "../../math/index.js";
import type { Finding, FlowStep } from "../../report/index.js";
import { cohortOutcome } from "./cohortOutcome.js";
import type { CohortData } from "../data.js";
import { deriveColumns } from "./deriveColumns.js";
import { excludeRows, keepRows, type CohortRows } from "./excludeRows.js";
import { imageFeatures, type ImageFeatures } from "./imageFeatures.js";
import { joinTables, type Part, type Unmatched } from "./joinTables.js";
import { collector, type Mistake, type Path } from "../plan/planErrors.js";
import type { CohortPlan, Plan } from "../plan.js";
import type { CohortFiles } from "./readCohort.js";
import type { ReadTable } from "./readTable.js";
import { checkRenames, recode, renameColumns } from "./recode.js";
import { counted, rowList } from "../rowNumbers.js";
import type { World } from "../world.js";

/** `data` is undefined, and `mistakes` tell why, where something is wrong; `columns` (names) are known from the joined tables on. */
export type LoadedCohort = { data?: CohortData; columns?: string[]; findings: Finding[]; hashes: Record<string, string>; unmatched: Unmatched[]; mistakes: Mistake[] };

/**
 * The c-th cohort of a plan from its files: extract features where there are images, rename, join, exclude, outcome, recode,
 * readers. Every patient that leaves is in the flow. What is wrong is told with the cohort's name and its part of the plan; parts that do not
 * rest on each other are looked at each, whatever is wrong with another. Pictures are opened where nothing is wrong so far alone (`goOn`).
 */
export async function loadCohort(plan: Plan, c: number, files: CohortFiles, world: World, goOn: boolean): Promise<LoadedCohort> {
  const cohort = plan.cohorts[c], who = cohort.name, at = ["cohorts", c];
  const findings: Finding[] = [...files.findings], hashes: Record<string, string> = { ...files.hashes };
  const mistakes = [...files.mistakes];
  const { part, partLater } = collector(mistakes);
  const loaded: LoadedCohort = { findings, hashes, unmatched: [], mistakes };
  if (mistakes.length > 0 || (!goOn && files.images !== undefined)) return loaded;
  const parts: Part[] = [], renamed = new Set<string>();
  const add = (file: string, table: Table, join: "inner" | "left", place: Path) => part([...at, "rename"], () => {
    const { table: ours, used } = renameColumns(table, cohort.rename, `${who}: ${file}`, [...at, "rename"]);
    for (const name of used) renamed.add(name);
    parts.push({ file, table: ours, join, at: place });
  });
  files.tables.forEach((r, k) => { add(r!.file, r!.table, cohort.tables[k].join, [...at, "tables", k]); });
  const images = files.images === undefined ? undefined : await partLater([...at, "images"], () => imageFeatures(files.images!, who, world));
  if (mistakes.length > 0) return loaded;
  if (images !== undefined) {
    Object.assign(hashes, images.hashes);
    findings.push(...images.findings);
    add(images.name, images.table, "inner", [...at, "images"]);
  }
  part([...at, "rename"], () => checkRenames(cohort.rename, renamed, parts.flatMap((p) => Object.keys(p.table.columns)), who, [...at, "rename"]));
  const joined = mistakes.length > 0 ? undefined : part([...at, "tables"], () => joinTables(parts, who, cohort.patient));
  if (joined === undefined) return loaded;
  loaded.unmatched = joined.unmatched;
  const derive = plan.derive ?? [];
  loaded.columns = [...new Set([...Object.keys(joined.rows.table.columns), ...derive.map((d) => d.name)])];
  findings.push(...joined.findings);
  const before = part([...at, cohort.screened === undefined ? "flow" : "screened"], () => flowBefore(cohort, parts[0], joined.rows.row.length, joined.flow));
  if (before?.declared === true) for (const u of joined.unmatched) u.declared = true;
  const flow = before?.flow ?? [];
  let rows = joined.rows;
  if (cohort.patient !== undefined) rows = part([...at, "patient"], () => withPatients(rows, cohort.patient!, who)) ?? rows;
  // variables are derived as late as the conditions allow: rows that leave before need not be readable
  const madeBy = cohort.exclude.findIndex((rule) => derive.some((d) => d.name === rule.column));
  const early = madeBy < 0 ? cohort.exclude.length : madeBy;
  const ruleAt = (first: number) => (k: number) => [...at, "exclude", first + k];
  const excluded = part([...at, "exclude"], () => excludeRows(rows, cohort.exclude.slice(0, early), plan.variables, who, ruleAt(0)));
  if (excluded === undefined) return loaded;
  flow.push(...excluded.flow);
  if (derive.length > 0) {
    const later = part(["derive"], () => {
      const made = deriveColumns(excluded.rows, derive, plan.variables, who, cohort.role === "development" ? "refuse" : "pass");
      if (made.taken.length > 0) findings.push({ guard: "derive", severity: "note", where: who, message: `${made.taken.map((n) => `"${n}"`).join(", ")} ${made.taken.length === 1 ? "is" : "are"} taken from the file as ${made.taken.length === 1 ? "it stands" : "they stand"}, because what ${made.taken.length === 1 ? "it is" : "they are"} derived from is not there.`, doInstead: "Make sure that the same rule was applied." });
      return excludeRows({ ...excluded.rows, table: made.table }, cohort.exclude.slice(early), plan.variables, who, ruleAt(early));
    });
    if (later === undefined) return loaded;
    flow.push(...later.flow);
    excluded.rows = later.rows;
  }
  // whoever left by the plan's own reasons is not counted among the failures of extraction
  if (images !== undefined) excluded.rows = withFeatures(excluded.rows, images, flow, findings, who);
  const with_ = part(["outcome"], () => cohortOutcome(excluded.rows, plan.outcome, plan.variables, who, derive));
  if (with_ === undefined) return loaded;
  flow.push(...with_.flow);
  rows = with_.rows;
  const found = part(["outcome"], with_.read);
  findings.push(...(found?.findings ?? []));
  const table = part(["variables"], () => recode(rows.table, plan.variables, rows.row, who)) ?? rows.table;
  const data: Omit<CohortData, "outcome"> = { name: who, role: cohort.role, table, readers: [], flow: found === undefined ? flow : withEvents(flow, found.outcome.event), ...(found?.endpoint && { endpoint: found.endpoint }) };
  const { centre, date } = cohort;
  if (centre !== undefined) part([...at, "centre"], () => { data.centre = complete(table, centre, "centre", rows, who); });
  if (date !== undefined) part([...at, "date"], () => { data.date = datesOf(table, date, who); });
  files.readings.forEach((reading, k) => part([...at, "readers", k, "file"], () => {
    const aligned = alignReader(reading!, rows, who);
    data.readers.push({ name: cohort.readers[k].name ?? `reader ${k + 2}`, rows: aligned.rows, table: aligned.table });
    findings.push(...aligned.findings);
  }));
  if (mistakes.length === 0) { loaded.data = { ...data, outcome: found!.outcome }; loaded.columns = Object.keys(table.columns); }
  return loaded;
}

/**
 * The flow down to the joined table. The plan's own counts may end at the first table, or at the joined one (then they tell why
 * patients are in one table and not in the other: `declared`); any other sum is an error.
 */
function flowBefore(cohort: CohortPlan, first: Part, joinedRows: number, join: FlowStep[]): { flow: FlowStep[]; declared: boolean } {
  const removed = cohort.flow.reduce((sum, f) => sum + f.removed, 0);
  const inFirst = first.table.id.length;
  const start = cohort.screened ?? inFirst + removed;
  const end = start - removed;
  if (end !== inFirst && end !== joinedRows) throw new InputError(`${cohort.name}: the flow says ${start} screened − ${removed} removed = ${end} patients, but ${first.file} has ${inFirst}${joinedRows === inFirst ? "" : ` (${joinedRows} after joining the tables)`}. Correct screened and flow, or name those who are lacking.`);
  let n = start;
  const steps: FlowStep[] = [{ n }, ...cohort.flow.map((f) => ({ n: (n -= f.removed), removed: f.removed, reason: f.reason, kind: "before the table" }))];
  return end === inFirst ? { flow: [...steps, ...join], declared: false } : { flow: steps, declared: true };
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
