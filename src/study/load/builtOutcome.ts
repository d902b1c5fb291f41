import { buildEndpoint, type Endpoint, type Table } from "../../cohort/index.js";
import { didYouMean } from "../../math/index.js";
import type { FlowStep } from "../../report/index.js";
import { daysOrMissing } from "./deriveColumns.js";
import { keepRows, type CohortRows } from "./excludeRows.js";
import { atPart, mistakesAt, PlanError, type Path } from "../plan/planErrors.js";
import type { EndpointPlan, VariablePlan } from "../plan.js";
import { inWords } from "../plan/planDerive.js";
import { recode } from "./recode.js";

export type BuiltOutcome = { rows: CohortRows; outcome: Endpoint["outcome"]; flow: FlowStep[]; endpoint: Pick<Endpoint, "counts" | "followUp"> };

/**
 * The end-point of a plan from dates of events (`buildEndpoint` of cohort). Whoever leaves is in the flow, by reason: origin missing, neither
 * event nor last contact, before the origin, event or end of follow-up up to the landmark.
 * @throws InputError columns that are not there or hold no dates; nobody left
 */
export function builtOutcome(rows: CohortRows, built: EndpointPlan, variables: Record<string, VariablePlan>, name: string, who: string): BuiltOutcome {
  const wanted = [...new Set([built.origin, built.lastContact, ...Object.values(built.dates)])];
  const names = Object.keys(rows.table.columns);
  const event = (c: string) => Object.keys(built.dates).find((type) => built.dates[type as keyof typeof built.dates] === c);
  const placeOf = (c: string): Path => ["outcome", ...(c === built.origin ? ["origin"] : c === built.lastContact ? ["lastContact"] : ["events", event(c)!])];
  const days = (c: string) => {
    try { return daysOrMissing(read.columns[c], c, rows.row, `${who}: outcome`); } catch (error) { throw new PlanError(mistakesAt(placeOf(c), error)); }
  };
  const lost = wanted.filter((c) => !names.includes(c));
  if (lost.length > 0) throw new PlanError(lost.flatMap((c) => atPart(placeOf(c), `${who}: the outcome's column "${c}" is not there. ${didYouMean(c, names.slice(0, 60))}`).mistakes));
  const read = recode({ id: rows.table.id, columns: Object.fromEntries(wanted.map((c) => [c, rows.table.columns[c]])) }, variables, rows.row, who);
  const dates: Table = { id: rows.table.id, columns: Object.fromEntries(wanted.map((c) => [c, { kind: "date", days: days(c) }])) };
  let found: Endpoint;
  try {
    found = buildEndpoint(dates, {
      endpoint: { name, events: built.events }, origin: built.origin, lastContact: built.lastContact, dates: built.dates,
      competingDeath: built.competingDeath, unit: built.unit, landmark: built.landmark,
    });
  } catch (error) {
    if ((error as Error).name !== "InputError") throw error;
    throw atPart(["outcome"], `${who}: ${(error as Error).message}`);
  }
  const reasons = new Map<string, number>();
  for (const { why } of found.leftOut) reasons.set(reasonOf(why), (reasons.get(reasonOf(why)) ?? 0) + 1);
  let n = rows.row.length;
  const flow = [...reasons].map(([reason, removed]): FlowStep => ({ n: (n -= removed), removed, reason: `${name}: ${reason}`, kind: /landmark/.test(reason) ? "follow-up" : "outcome" }));
  return { rows: keepRows(rows, found.rows), outcome: found.outcome, flow, endpoint: { counts: found.counts, followUp: found.followUp } };
}

/** A reason without the patient's own number of days, its event in words. */
function reasonOf(why: string): string {
  return why.replace(/ is -?[\d.]+ days before /, " before ").replace(/^[a-z]+[A-Z]\w*(?= before | up to )/, inWords);
}
