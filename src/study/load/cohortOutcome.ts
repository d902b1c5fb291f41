import { labelsOf, type BinaryOutcome, type SurvivalOutcome, type Table } from "../../cohort/index.js";
import { didYouMean } from "../../math/index.js";
import type { Finding, FlowStep } from "../../report/index.js";
import { builtOutcome, type BuiltOutcome } from "./builtOutcome.js";
import { codeMatcher, missingMatcher } from "./codes.js";
import { whyUnknown } from "./deriveColumns.js";
import { keepRows, type CohortRows } from "./excludeRows.js";
import { atPart, PlanError } from "../plan/planErrors.js";
import type { DerivePlan, OutcomePlan, VariablePlan } from "../plan.js";
import { counted, rowList } from "../rowNumbers.js";
import { unitFindings } from "./unitFindings.js";

/** Who has an outcome, and what it is: `read` may find that its codes or times are wrong. */
export type WithCohortOutcome = { rows: CohortRows; flow: FlowStep[]; read: () => { outcome: BinaryOutcome | SurvivalOutcome; findings: Finding[]; endpoint?: BuiltOutcome["endpoint"] } };

/**
 * The outcome of a cohort from its raw columns. Rows without it leave, with a step in the flow.
 * @throws InputError columns that are not there, nobody left; and from `read` codes that the plan does not name (code, column, rows), negative or
 * infinite times (rows), one class alone, or no event
 */
export function cohortOutcome(rows: CohortRows, plan: OutcomePlan, variables: Record<string, VariablePlan>, who: string, derive: readonly DerivePlan[] = []): WithCohortOutcome {
  if (plan.kind === "survival" && plan.built !== undefined) {
    const { built } = plan;
    const { rows: kept, flow, outcome, endpoint } = builtOutcome(rows, built, variables, plan.name, who);
    return { rows: kept, flow, read: () => {
      if (!outcome.event.includes(1)) throw atPart(["outcome", "events"], `${who}: none of ${counted(outcome.event.length, "patient")} has an event of ${built.endpoint} after ${built.origin}. Check the columns under outcome: events, and the exclusions.`);
      return { outcome, endpoint, findings: followUpFindings(outcome, plan, kept, who) };
    } };
  }
  const names = Object.keys(rows.table.columns);
  const parts = plan.kind === "binary" ? (["column"] as const) : (["time", "event"] as const);
  const columns = plan.kind === "binary" ? [plan.column] : [plan.time, plan.event];
  const lost = columns.filter((c) => !names.includes(c));
  if (lost.length > 0) throw new PlanError(lost.flatMap((c) => atPart(["outcome", parts[columns.indexOf(c)]], `${who}: the outcome's column "${c}" is not there. ${didYouMean(c, names.slice(0, 60))}`).mistakes));
  const flow: FlowStep[] = [];
  let left = rows;
  for (const [k, column] of columns.entries()) {
    const missing = missingMatcher(variables[column]);
    const labels = labelsOf(left.table, column);
    const keep = labels.flatMap((l, r) => (missing(l) ? [] : [r]));
    if (keep.length === labels.length) continue;
    if (keep.length === 0) throw atPart(["outcome", parts[k]], `${who}: "${column}" is missing for all ${labels.length} patients. Check the column and the codes that mean missing.`);
    const own = derive.find((d) => d.name === column);
    const why = own === undefined || !Object.values(own.sources).every((s) => names.includes(s)) ? undefined : whyUnknown(left.table, own, variables);
    const reasons = new Map<string, number>();
    labels.forEach((l, r) => { if (missing(l)) { const reason = why === undefined ? `${column} missing` : `${column} not known: ${why(r)}`; reasons.set(reason, (reasons.get(reason) ?? 0) + 1); } });
    let n = labels.length;
    for (const [reason, removed] of reasons) flow.push({ n: (n -= removed), removed, reason: `${plan.name}: ${reason}`, kind: "outcome" });
    left = keepRows(left, keep);
  }
  return { rows: left, flow, read: () => (plan.kind === "binary" ? binary(left, plan, variables, who) : survival(left, plan, variables, who)) };
}

function unexpected(rows: CohortRows, column: string, labels: string[], known: (label: string) => boolean, listed: string[], part: "codes" | "event", who: string): void {
  const odd = new Map<string, number[]>();
  labels.forEach((l, r) => { if (!known(l)) odd.set(l, [...(odd.get(l) ?? []), rows.row[r]]); });
  if (odd.size === 0) return;
  throw atPart(["outcome", part], `${who}: the outcome's column "${column}" has ${odd.size === 1 ? "a code" : "codes"} that the plan does not name: ${[...odd].slice(0, 12).map(([code, at]) => `"${code}" (${rowList(at, 20)})`).join("; ")}${odd.size > 12 ? `; and ${odd.size - 12} more` : ""}. ` +
    `Named: ${listed.join(", ")}. Name what ${odd.size === 1 ? "it means" : "they mean"} under outcome, list ${odd.size === 1 ? "it" : "them"} as missing under variables, or exclude these patients with a reason.`);
}

function binary(rows: CohortRows, plan: OutcomePlan & { kind: "binary" }, variables: Record<string, VariablePlan>, who: string): { outcome: BinaryOutcome; findings: Finding[] } {
  const labels = labelsOf(rows.table, plan.column);
  const yes = codeMatcher(plan.event, variables[plan.column]), no = codeMatcher(plan.noEvent, variables[plan.column]);
  unexpected(rows, plan.column, labels, (l) => yes(l) || no(l), [...plan.event, ...plan.noEvent], "event", who);
  const event = Uint8Array.from(labels, (l) => Number(yes(l)));
  const events = event.reduce((a, b) => a + b, 0);
  if (events === 0 || events === event.length) throw atPart(["outcome", "event"], `${who}: all ${counted(event.length, "patient")} ${events === 0 ? `have no ${plan.eventName}` : `have ${plan.eventName}`}, so there is one class alone and nothing to predict. Check outcome: event and noEvent (${plan.event.join(", ")} against ${plan.noEvent.join(", ")}) and the exclusions.`);
  return { outcome: { kind: "binary", event, name: plan.name }, findings: [] };
}

function survival(rows: CohortRows, plan: OutcomePlan & { kind: "survival" }, variables: Record<string, VariablePlan>, who: string): { outcome: SurvivalOutcome; findings: Finding[] } {
  const labels = labelsOf(rows.table, plan.event);
  const { event: yes, censored, other = [] } = plan.codes;
  const isEvent = codeMatcher(yes, variables[plan.event]), isCensored = codeMatcher(censored, variables[plan.event]);
  const others = other.map((code) => codeMatcher([code], variables[plan.event]));
  unexpected(rows, plan.event, labels, (l) => isEvent(l) || isCensored(l) || others.some((o) => o(l)), [...yes, ...censored, ...other], "codes", who);
  const time = timesOf(rows.table, plan, rows.row, who);
  const negative = [...time.keys()].filter((r) => !(time[r] >= 0 && time[r] < Infinity));
  if (negative.length > 0) throw atPart(["outcome", "time"], `${who}: "${plan.time}" is negative or infinite in ${rowList(negative.map((r) => rows.row[r]))} (${negative.slice(0, 5).map((r) => time[r] * plan.divide).join(", ")}${negative.length > 5 ? ", …" : ""}). A time runs from the origin to the event or last contact; correct the dates, or exclude these patients with a reason.`);
  const cause = Uint8Array.from(labels, (l) => (isEvent(l) ? 1 : isCensored(l) ? 0 : others.findIndex((o) => o(l)) + 2));
  const event = cause.map((c) => (c === 1 ? 1 : 0));
  if (!event.includes(1)) throw atPart(["outcome", "codes", "event"], `${who}: none of ${counted(event.length, "patient")} has the event (${plan.event} = ${yes.join(", ")}). Check outcome: codes: event, and the exclusions.`);
  const outcome: SurvivalOutcome = { kind: "survival", time, event, unit: plan.unit, name: plan.name, ...(other.length > 0 && { cause }) };
  return { outcome, findings: followUpFindings(outcome, plan, rows, who) };
}

function followUpFindings({ time, event, cause, unit }: SurvivalOutcome, plan: OutcomePlan & { kind: "survival" }, rows: CohortRows, who: string): Finding[] {
  const findings: Finding[] = unitFindings(time, unit, plan, who);
  const zero = [...time.keys()].filter((r) => time[r] === 0);
  if (zero.length > 0) findings.push({ guard: "follow-up", severity: "warning", where: who, message: `${counted(zero.length, "patient")} (${rowList(zero.map((r) => rows.row[r]))}) ${zero.length === 1 ? "has" : "have"} a follow-up of zero: ${counted(zero.filter((r) => event[r] === 1).length, "event")} on the first day; the others tell nothing.`, doInstead: "Check the dates, or exclude them with a reason." });
  if (!event.includes(0) && !(cause?.some((c) => c > 1) ?? false)) findings.push({ guard: "follow-up", severity: "warning", where: who, message: `Every patient has the event: nobody is censored.`, doInstead: "Check outcome: codes." });
  return findings;
}

function timesOf(table: Table, plan: OutcomePlan & { kind: "survival" }, row: readonly number[], who: string): Float64Array {
  const labels = labelsOf(table, plan.time);
  const odd = labels.flatMap((l, r) => (Number.isNaN(Number(l)) ? [r] : []));
  if (odd.length > 0) throw atPart(["outcome", "time"], `${who}: "${plan.time}" holds no number in ${rowList(odd.map((r) => row[r]), 20)} ("${labels[odd[0]]}"). Give times as numbers, in the unit that divide turns into ${plan.unit}.`);
  return Float64Array.from(labels, (l) => Number(l) / plan.divide);
}
