import { joinByPatient, type Table } from "../../cohort/index.js";
import type { Finding, FlowStep } from "../../report/index.js";
import type { CohortRows } from "./excludeRows.js";
import { atPart, type Path } from "../plan/planErrors.js";
import { counted, rowList } from "../rowNumbers.js";

/** A table of a cohort with the number of each row in its file, what becomes of patients that it lacks, and where it stands in the plan. */
export type Part = { file: string; table: Table; join: "inner" | "left"; at: Path };
/**
 * Patients that one table has and the other lacks, by their names in the files: for the user's own eyes, never for a report. `stay`: those of the
 * first table are kept; `declared`: the plan's own flow tells that so many are left out.
 */
export type Unmatched = { cohort: string; first: string; second: string; onlyFirst: string[]; onlySecond: string[]; stay?: true; declared?: true };
export type JoinedTables = { rows: CohortRows; flow: FlowStep[]; findings: Finding[]; unmatched: Unmatched[] };

/** ranges of rows that a note spells out; `radscore check` lists the patients */
const FEW = 5;

/**
 * The tables of a cohort side by side by patient, in the order of the first. Patients that a later table lacks leave (join: inner),
 * with a step in the flow; patients of a later table alone are a finding.
 * @throws InputError a patient twice in one table (all of them, with rows), columns of two tables, no patient in common (both lists)
 */
export function joinTables(parts: readonly Part[], cohort: string, patientColumn?: string): JoinedTables {
  for (const part of parts) refuseTwice(part, cohort, patientColumn);
  const [first, ...others] = parts;
  const result: JoinedTables = { rows: { table: first.table, key: [...first.table.id], row: first.table.id.map((_, r) => r + 1) }, flow: [], findings: [], unmatched: [] };
  const from = new Map(Object.keys(first.table.columns).map((name) => [name, first.file]));
  for (const { file, table, join, at: place } of others) {
    const { rows } = result;
    const both = Object.keys(table.columns).filter((name) => from.has(name));
    if (both.length > 0) throw atPart(place, `${cohort}: ${both.length === 1 ? "the column" : "the columns"} ${both.slice(0, 20).map((c) => `"${c}"`).join(", ")}${both.length > 20 ? ` and ${both.length - 20} more` : ""} ${both.length === 1 ? "stands" : "stand"} in ${from.get(both[0])} and in ${file}. Take the columns of one table alone (columns: […] at the table), or rename them.`);
    for (const name of Object.keys(table.columns)) from.set(name, file);
    const { table: joined, leftOnly, rightOnly } = joinByPatient(rows.table, table, join);
    if (leftOnly.length === rows.table.id.length) throw atPart(place, nobody(cohort, first.file, rows.table.id, file, table.id));
    if (leftOnly.length > 0 || rightOnly.length > 0) result.unmatched.push({ cohort, first: first.file, second: file, onlyFirst: leftOnly, onlySecond: rightOnly, ...(join === "left" && { stay: true }) });
    const gone = new Set(leftOnly);
    const keep = rows.table.id.flatMap((id, r) => (join === "inner" && gone.has(id) ? [] : [r]));
    if (leftOnly.length > 0) {
      const at = rows.table.id.flatMap((id, r) => (gone.has(id) ? [rows.row[r]] : []));
      if (join === "inner") result.flow.push({ n: keep.length, removed: at.length, reason: `not in ${file}`, kind: "join" });
      result.findings.push({ guard: "join", severity: "note", where: cohort, message: `${counted(at.length, "patient")} of ${first.file} (${rowList(at, FEW)}) ${at.length === 1 ? "is" : "are"} not in ${file}${join === "inner" ? ` and ${at.length === 1 ? "leaves" : "leave"} the study` : "; its columns are missing there"}.`, doInstead: "Compare the spelling of the patients' numbers; radscore check lists them." });
    }
    if (rightOnly.length > 0) {
      const only = new Set(rightOnly);
      result.findings.push({ guard: "join", severity: "note", where: cohort, message: `${counted(rightOnly.length, "patient")} of ${file} (${rowList(table.id.flatMap((id, r) => (only.has(id) ? [r + 1] : [])), FEW)}) ${rightOnly.length === 1 ? "is" : "are"} not in ${first.file} and not used.`, doInstead: "Compare the spelling of the patients' numbers; radscore check lists them." });
    }
    result.rows = { table: joined, key: keep.map((r) => rows.key[r]), row: keep.map((r) => rows.row[r]) };
  }
  return result;
}

function refuseTwice({ file, table, at: place }: Part, cohort: string, patientColumn: string | undefined): void {
  const at = new Map<string, number[]>();
  table.id.forEach((id, r) => at.set(id, [...(at.get(id) ?? []), r + 1]));
  const twice = [...at].filter(([, rows]) => rows.length > 1);
  if (twice.length === 0) return;
  const listed = twice.slice(0, 50).map(([id, rows]) => `${id} (${rowList(rows)})`).join("; ");
  throw atPart(place, `${cohort}: ${counted(twice.length, patientColumn === undefined ? "patient" : "lesion")} of ${file} ${twice.length === 1 ? "has" : "have"} several rows: ${listed}${twice.length > 50 ? `; and ${twice.length - 50} more` : ""}. ` +
    (patientColumn === undefined ? "Keep one row a patient; where a row is a lesion, give every lesion its own id and name the patient's column at the cohort (patient: …)." : "Give every lesion its own id."));
}

function nobody(cohort: string, first: string, a: readonly string[], second: string, b: readonly string[]): string {
  const plain = (id: string) => id.trim().toLowerCase().replace(/\.0+$/, "").replace(/^0+(?=.)/, "").replace(/[\s_-]/g, "");
  const known = new Set(b.map(plain));
  const example = a.find((id) => known.has(plain(id)));
  const hint = example === undefined ? "Check that the id columns hold the same numbers." : `"${example}" and "${b.find((id) => plain(id) === plain(example))}" seem to be one patient: write the numbers alike in both files.`;
  return `${cohort}: no patient of ${first} is in ${second}. Only in ${first}: ${a.join(", ") || "nobody"}. Only in ${second}: ${b.join(", ") || "nobody"}. ${hint}`;
}
