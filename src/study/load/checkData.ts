import { labelsOf } from "../../cohort/index.js";
import { didYouMean } from "../../math/index.js";
import type { Finding } from "../../report/index.js";
import type { CohortData, StudyData } from "../data.js";
import { atPart, PlanError } from "../plan/planErrors.js";
import type { Plan } from "../plan.js";
import { columnsOfModels } from "../plan/resolvePlan.js";
import { counted } from "../rowNumbers.js";

/** The development cohort, then the external ones. */
type Cohorts = StudyData["external"];

/**
 * Columns that an external cohort is scored by mean the same as in the development cohort: one kind, and no category that the
 * models cannot have seen. @throws InputError all columns that differ
 */
export function checkAgreement(plan: Plan, [development, ...external]: Cohorts): void {
  for (const other of external) {
    const at = ["cohorts", plan.cohorts.findIndex((c) => c.name === other.name)];
    const models = plan.cohorts.find((c) => c.name === other.name)?.models ?? plan.models.map((m) => m.name);
    const needed = columnsOfModels(plan, models);
    const kinds = needed.flatMap((name) => {
      const [ours, theirs] = [development.table.columns[name].kind, other.table.columns[name].kind];
      return ours === theirs ? [] : [`"${name}" (${ours} in ${development.name}, ${theirs} in ${other.name})`];
    });
    if (kinds.length > 0) throw atPart(at, `${other.name}: ${counted(kinds.length, "column")} of another kind than in the development cohort: ${kinds.slice(0, 12).join("; ")}${kinds.length > 12 ? `; and ${kinds.length - 12} more` : ""}. Describe them under variables (levels, kind), or rename one of them.`);
    const strange = needed.flatMap((name) => {
      const ours = development.table.columns[name];
      if (ours.kind !== "category") return [];
      const known = new Set(ours.levels);
      const labels = labelsOf(other.table, name).filter((l) => l !== "" && !known.has(l));
      return labels.length === 0 ? [] : [`"${name}" is ${[...new Set(labels)].map((l) => `"${l}"`).join(", ")} in ${counted(labels.length, "row")} (known: ${ours.levels.join(", ")})`];
    });
    if (strange.length > 0) throw atPart(at, `${other.name}: has categories that ${development.name} has not: ${strange.join("; ")}. Bring them to the same names under variables (levels), or exclude these patients with a reason.`);
  }
}

/**
 * Two times of one status are told in the same words: else everybody would have changed. @throws PlanError columns of which nothing is in common, and numbers
 * where a status is asked for
 */
export function checkPairs(plan: Plan, { table, name: cohort }: CohortData): void {
  const { changes, paired } = plan.evaluation;
  const pairs = [...changes.map((c, k) => ({ part: "changes", k, second: "after", of: [c.before, c.after] })), ...paired.map((p, k) => ({ part: "paired", k, second: "second", of: [p.first, p.second] }))];
  const wrong = pairs.flatMap(({ part, k, second, of }) => {
    const [a, b] = of.map((column) => (Object.hasOwn(table.columns, column) ? table.columns[column] : undefined));
    if (a === undefined || b === undefined) return [];
    const at = (message: string) => atPart(["evaluation", part, k, second], `evaluation.${part}: ${message}`).mistakes;
    const values = (column: string) => [...new Set(labelsOf(table, column).filter((l) => l !== ""))];
    const many = part === "changes" ? of.find((column) => table.columns[column].kind === "number" && values(column).length > STATES) : undefined;
    if (many !== undefined) return at(`"${many}" holds numbers, and a change is one of a status. Cut it under variables (cut: { at: […], names: […] }), or show both numbers under paired.`);
    if (part === "paired" && a.kind === "number" && b.kind === "number") return [];
    if (a.kind !== b.kind) return at(`"${of[0]}" holds ${kindWords[a.kind]} and "${of[1]}" ${kindWords[b.kind]} in ${cohort}, so they cannot be held together. Describe both alike under variables (levels, kind).`);
    const [first, then] = of.map(values);
    if (first.length === 0 || then.length === 0 || then.some((v) => first.includes(v))) return [];
    return at(`"${of[0]}" is ${first.join(", ")} and "${of[1]}" ${then.join(", ")}: no value is in both, so everybody would have changed. Give both the same names under variables (levels).`);
  });
  if (wrong.length > 0) throw new PlanError(wrong);
}

/** Distinct numbers that may be the states of something. */
const STATES = 6;
const kindWords = { number: "numbers", category: "categories", date: "dates" } as const;

/** Worked cases are patients of the study. @throws InputError each that is none */
export function checkCases(plan: Plan, cohorts: Cohorts): void {
  const patients = new Set(cohorts.flatMap((c) => c.table.id));
  const lost = plan.evaluation.cases.flatMap((c, k) => (patients.has(c.id) ? [] : atPart(["evaluation", "cases", k, "id"], `evaluation.cases: "${c.id}" is no patient of the study (left out before, or spelled otherwise). Name patients that are in it.`).mistakes));
  if (lost.length > 0) throw new PlanError(lost);
}

/** The values of a split are in the data. @throws InputError */
export function checkSplit(plan: Plan, development: CohortData): void {
  const { split } = plan.validation;
  if (split === undefined || (split.by !== "column" && split.by !== "centre")) return;
  const labels = split.by === "centre" ? development.centre! : columnLabels(development, split.column!);
  const known = [...new Set(labels)].filter((l) => l !== "");
  const unknown = (split.values ?? []).filter((v) => !known.includes(v));
  if (unknown.length > 0) throw atPart(["validation", "split", "values", split.values!.indexOf(unknown[0])], `validation.split: no patient of ${development.name} has ${unknown.map((v) => `"${v}"`).join(", ")} as ${split.by === "centre" ? "centre" : split.column}. ${didYouMean(unknown[0], known)}`);
}

function columnLabels({ table, name }: CohortData, column: string): string[] {
  if (!Object.hasOwn(table.columns, column)) throw atPart(["validation", "split", "column"], `validation.split: ${name} has no column "${column}". ${didYouMean(column, Object.keys(table.columns).slice(0, 60))}`);
  return labelsOf(table, column);
}

/** More folds than events (or than patients without the event): some folds will have none. */
export function checkFolds(plan: Plan, { outcome, name }: CohortData): Finding[] {
  const folds = plan.validation.crossValidation?.folds;
  if (folds === undefined) return [];
  const events = outcome.event.reduce((a, b) => a + b, 0);
  const fewer = outcome.kind === "binary" ? Math.min(events, outcome.event.length - events) : events;
  if (fewer >= folds) return [];
  return [{ guard: "folds", severity: "warning", where: name, message: `${folds} folds for ${counted(fewer, fewer === events ? "event" : "patient without the event", fewer === events ? "events" : "patients without the event")}: some folds have none, and no discrimination can be measured there.`, doInstead: `Use at most ${Math.max(2, fewer)} folds, or leave cross-validation out.` }];
}

/** Times beyond follow-up: an error in the development cohort, a note in an external one. */
export function checkTimes(plan: Plan, cohorts: Cohorts): Finding[] {
  if (plan.outcome.kind !== "survival") return [];
  const { times, window } = plan.evaluation;
  const { unit } = plan.outcome;
  return cohorts.flatMap((cohort): Finding[] => {
    if (cohort.outcome.kind !== "survival") return [];
    const longest = cohort.outcome.time.reduce((a, b) => (b > a ? b : a), 0);
    const beyond = [...new Set([...times, ...(window ?? [])])].filter((t) => t >= longest);
    if (beyond.length === 0) return [];
    const said = `${beyond.join(", ")} ${unit} ${beyond.length === 1 ? "lies" : "lie"} beyond the longest follow-up of ${cohort.name}, ${Number(longest.toPrecision(4))} ${unit}`;
    if (cohort.role === "development") throw atPart(["evaluation", ...(times.includes(beyond[0]) ? ["times", times.indexOf(beyond[0])] : ["window"])], `evaluation.times: ${said}, so nothing can be estimated there. Choose earlier times${plan.outcome.kind === "survival" && plan.outcome.divide === 1 ? `, or check the unit (divide turns the file's times into ${unit})` : ""}.`);
    return [{ guard: "follow-up", severity: "warning", where: cohort.name, message: `${said}; no number is given there.` }];
  });
}
