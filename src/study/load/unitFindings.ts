import type { Finding } from "../../report/index.js";
import type { OutcomePlan } from "../plan.js";

const days = { day: 1, week: 7, month: 30.4375, year: 365.25 };
type Unit = keyof typeof days;
/** Nobody is followed for longer than this many days, and hardly a study for less. */
const LONGEST = 50 * days.year, SHORTEST = days.month;

/** The unit of time that a plan's word means, if it is one. */
const unitOf = (word: string): Unit | undefined => (Object.keys(days) as Unit[]).find((unit) => new RegExp(`^${unit}s?$`, "i").test(word.trim()));

/**
 * A follow-up that no study has: more than 50 years, or less than one month in all. The usual cause is that `divide` was forgotten or the unit is
 * another one; where one unit of the file would give a likely follow-up, the number to divide by is named.
 */
export function unitFindings(time: Float64Array, unit: string, plan: Pick<OutcomePlan & { kind: "survival" }, "divide" | "built">, who: string): Finding[] {
  const own = unitOf(unit);
  const longest = time.reduce((a, b) => Math.max(a, b), 0);
  if (own === undefined || time.length === 0) return [];
  const inDays = longest * days[own];
  if (inDays <= LONGEST && inDays >= SHORTEST) return [];
  const shortest = time.reduce((a, b) => Math.min(a, b), Infinity);
  const inFile = longest * plan.divide;
  // of the units that would be likely, the one by which the longest follow-up comes nearest to ten years
  const likely = (Object.keys(days) as Unit[]).filter((u) => u !== own && inFile * days[u] <= 0.6 * LONGEST && inFile * days[u] >= days.year);
  const [best] = likely.sort((a, b) => away(inFile * days[a]) - away(inFile * days[b]));
  const advice = plan.built !== undefined ? "Check the dates of the origin, of the events and of the last contact."
    : `Check unit and divide${best === undefined || days[best] > days[own] ? "" : `: if the file counts ${best}s, write divide: ${Number((days[own] / days[best]).toPrecision(6))}`}${best !== undefined && days[best] > days[own] ? `: if the file counts ${best}s, write unit: ${best}s` : ""}.`;
  return [{
    guard: "follow-up", severity: "warning", where: who,
    message: `The follow-up goes from ${short(shortest)} to ${short(longest)} ${unit}, which ${inDays > LONGEST ? "is more than 50 years" : "is less than a month in all"}: the unit may be wrong.`,
    doInstead: advice,
  }];
}

const away = (d: number) => Math.abs(d - 10 * days.year);
const short = (v: number) => String(Number(v.toPrecision(4)));
