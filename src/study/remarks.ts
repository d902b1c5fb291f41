import type { Finding } from "../report/index.js";
import { dropColumns } from "../cohort/index.js";
import { candidatesOf } from "./fit/blockTable.js";
import type { StudyData } from "./data.js";
import { guards } from "./guards/guards.js";
import { columnPath } from "./plan/resolvePlan.js";
import type { Path } from "./plan/planErrors.js";
import type { Plan } from "./plan.js";
import { counted } from "./rowNumbers.js";

export type Remark = Finding & { /** the part of the plan that it is about */ path?: Path };

/** Events, or patients still followed, below which a figure says little. */
const FEW = 10;

/**
 * What a run would remark before it fits anything, and of the times at which it would judge: for `radscore check`.
 * @param written   the plan before its groups became columns: remarks on a column are placed at the entry that means it
 * @param unread    columns without their true values (features of pictures that were not extracted): nothing is said of them
 */
export function remarks(plan: Plan, written: Plan, data: StudyData, unread: ReadonlySet<string> = new Set()): Remark[] {
  const slim = <C extends StudyData["development"]>(cohort: C): C => ({ ...cohort, table: dropColumns(cohort.table, Object.keys(cohort.table.columns).filter((name) => unread.has(name))) });
  const read: StudyData = unread.size === 0 ? data : { ...data, development: slim(data.development), external: data.external.map(slim) };
  // candidates are counted whether their values are known or not
  const found = guards.flatMap((guard) => guard.before?.(plan, guard.name === "sample size" ? data : read) ?? []);
  return inPlan([...data.findings, ...found, ...timeRemarks(plan, data)], plan, written, data);
}

/** Findings with the part of the plan that each is about, where there is one. */
export const inPlan = (found: readonly Finding[], plan: Plan, written: Plan, data: StudyData): Remark[] => found.map((f) => ({ ...f, ...placeOf(f, plan, written, data) }));

function placeOf({ guard, where, message }: Finding, plan: Plan, written: Plan, { development }: StudyData): { path?: Path } {
  if (guard === "times") return { path: ["evaluation", "times"] };
  if (guard === "follow-up") return { path: ["outcome"] };
  if (guard === "folds") return { path: ["validation", "crossValidation"] };
  if (guard === "sample size") return { path: ["models"] };
  if (guard === "overlap" || guard === "duplicated patients") return { path: ["cohorts"] };
  const known = (name: string | undefined) => name !== undefined && Object.hasOwn(development.table.columns, name);
  const column = known(where) ? where : /^"([^"]+)"/.exec(message)?.[1];
  if (column === undefined || !known(column)) {
    const block = [...written.models, ...written.scores].find((b) => b.name === where);
    return block === undefined ? {} : { path: [`${block.kind}s`, block.name] };
  }
  for (const block of [...written.scores, ...written.models]) {
    const path = columnPath(written, block, column);
    if (path.length > 2 && candidatesOf(plan, block.name).includes(column)) return { path };
  }
  return Object.hasOwn(written.variables, column) ? { path: ["variables", column] } : {};
}

/** Times at which nothing, or little, can be told: before the first event, or with few events so far or few patients left. */
function timeRemarks(plan: Plan, { development: { name, outcome } }: StudyData): Finding[] {
  if (outcome.kind !== "survival") return [];
  const { times } = plan.evaluation, { time, event, unit } = outcome;
  const first = time.reduce((least, t, r) => (event[r] === 1 ? Math.min(least, t) : least), Infinity);
  const state = times.map((t) => ({ t, events: time.filter((v, r) => event[r] === 1 && v <= t).length, left: time.filter((v) => v >= t).length }));
  const none = state.filter((s) => s.events === 0), few = state.filter((s) => s.events > 0 && (s.events < FEW || s.left < FEW));
  return [
    ...(none.length === 0 ? [] : [{
      guard: "times", severity: "warning" as const, where: name,
      message: `At ${none.map((s) => s.t).join(", ")} ${unit} nobody has had the event: the first one is at ${Number(first.toPrecision(3))} ${unit}, and no figure can be told of those times.`,
      doInstead: "Name later times, or check unit and divide of the outcome.",
    }]),
    ...(few.length === 0 ? [] : [{
      guard: "times", severity: "note" as const, where: name,
      message: `${few.map((s, k) => `${k === 0 ? "At" : "at"} ${s.t} ${unit} ${counted(s.events, "event")} so far and ${counted(s.left, "patient")} still followed`).join("; ")}: fewer than ${FEW} of either tell little.`,
      doInstead: "Name times at which at least 10 of both are there.",
    }]),
  ];
}
