import { labelsOf, selectRows, type Table } from "../../cohort/index.js";
import { didYouMean } from "../../math/index.js";
import type { FlowStep } from "../../report/index.js";
import { codeMatcher, missingMatcher } from "./codes.js";
import { atPart, PlanError, type Path } from "../plan/planErrors.js";
import type { CohortPlan, Condition, VariablePlan } from "../plan.js";

/** Rows of a cohort on their way from the files to the study: patient's or lesion's key, and its row in the first file. */
export type CohortRows = { table: Table; key: string[]; row: number[] };

/** The rows of these numbers. */
export function keepRows({ table, key, row }: CohortRows, keep: readonly number[]): CohortRows {
  return { table: selectRows(table, keep), key: keep.map((r) => key[r]), row: keep.map((r) => row[r]) };
}

/**
 * Takes out rows by the plan's conditions, one after another; each is a step of the flow, also where nobody leaves. Conditions
 * look at the codes of the file or at the names of levels; "missing" includes codes that the plan calls missing.
 * @param at  where the k-th of these rules stands in the plan
 * @throws InputError a column that is not there (all of them), a condition on numbers where the column holds none, nobody left
 */
export function excludeRows(rows: CohortRows, rules: CohortPlan["exclude"], variables: Record<string, VariablePlan>, who: string, at: (k: number) => Path): { rows: CohortRows; flow: FlowStep[] } {
  const names = Object.keys(rows.table.columns);
  const lost = rules.filter((r) => !names.includes(r.column));
  if (lost.length > 0) throw new PlanError(lost.flatMap((r) => atPart([...at(rules.indexOf(r)), "column"], `${who}: exclude names a column "${r.column}" that is not there. ${didYouMean(r.column, names.slice(0, 60))}`).mistakes));
  const flow: FlowStep[] = [];
  let left = rows;
  for (const [k, rule] of rules.entries()) {
    const leaves = matcher(left.table, rule.column, rule.is, variables[rule.column], who, at(k));
    const keep = left.row.map((_, r) => r).filter((r) => !leaves(r));
    const removed = left.row.length - keep.length;
    if (keep.length === 0) throw atPart(at(k), `${who}: "${rule.reason}" (${rule.column}) takes out all ${left.row.length} patients. Check the condition.`);
    left = keepRows(left, keep);
    flow.push({ n: keep.length, removed, reason: rule.reason, kind: rule.kind });
  }
  return { rows: left, flow };
}

function matcher(table: Table, name: string, is: Condition, variable: VariablePlan | undefined, who: string, at: Path): (row: number) => boolean {
  const labels = labelsOf(table, name);
  const missing = missingMatcher(variable);
  if ("missing" in is) return (r) => missing(labels[r]);
  if ("equals" in is) {
    const fits = codeMatcher(is.equals.map(String), variable);
    return (r) => labels[r] !== "" && fits(labels[r]);
  }
  if ("not" in is) {
    const fits = codeMatcher(is.not.map(String), variable);
    return (r) => !missing(labels[r]) && !fits(labels[r]);
  }
  const column = table.columns[name];
  const odd = column.kind === "number" ? -1 : labels.findIndex((l) => !missing(l) && !Number.isFinite(Number(l)));
  if (odd >= 0) throw atPart([...at, "below" in is ? "below" : "above"], `${who}: exclude asks whether "${name}" is ${"below" in is ? `below ${is.below}` : `above ${is.above}`}, but it holds "${labels[odd]}". Correct the cell, list it under missing, or name values with is.`);
  const value = (r: number) => (missing(labels[r]) ? NaN : Number(labels[r]));
  return "below" in is ? (r) => value(r) < is.below : (r) => value(r) > is.above;
}
