import { endpoints, timeUnits } from "../../cohort/index.js";
import { didYouMean } from "../../math/index.js";
import { listOf, type BlockNames, type PartialPlan, type Say } from "./checkPlan.js";
import { derivations } from "./derivations.js";
import { inWords } from "./planDerive.js";

const fromColumns = ["time", "event", "codes"] as const, fromDates = ["origin", "lastContact", "events", "landmark", "competingDeath"] as const;
const expected: Record<string, string> = {
  name: "text (What the outcome is called)", time: "text (Column of the follow-up time)", event: "text (Column of the event code)", codes: "a section of name: value lines (What the codes mean; every code in the file must be named)", unit: "text (Unit in which times are shown (months))",
  origin: "text (Date column that starts the clock)", lastContact: "text (Date column of the last contact)", events: "a section of name: value lines (Date columns by kind of event)",
};

/** Outcome: codes that mean one thing; a survival outcome has columns of time and event, or is built from dates, not both. */
export function checkOutcome(plan: PartialPlan, written: unknown, say: Say): void {
  const { outcome } = plan;
  const given = (key: string) => typeof written === "object" && written !== null && (written as Record<string, unknown>)[key] !== undefined;
  if (outcome?.kind === "binary") return overlap(listOf(outcome.event), listOf(outcome.noEvent), ["outcome", "noEvent"], "noEvent", say);
  if (outcome?.kind !== "survival") return;
  const lacks = (keys: readonly string[]) => { for (const key of keys) if (!given(key)) say(["outcome", key], `is missing; expected ${expected[key]}.`); };
  if (!given("endpoint")) {
    lacks(["name", ...fromColumns, "unit"]);
    for (const key of fromDates) if (given(key)) say(["outcome", key], `${key} belongs to an end-point that is built from dates; name it (endpoint: DFS), or leave ${key} out.`);
  } else {
    lacks(["origin", "lastContact", "events"]);
    for (const key of fromColumns) if (given(key)) say(["outcome", key], `${key} belongs to an outcome with a column of times, but endpoint builds this one from dates; keep one of them.`);
    if (given("divide")) say(["outcome", "divide"], "divide belongs to an outcome with a column of times; times built from dates are in unit already.");
    if (outcome.unit !== undefined && !Object.hasOwn(timeUnits, outcome.unit)) say(["outcome", "unit"], `"${outcome.unit}" is no unit that dates can be counted in; expected ${Object.keys(timeUnits).join(", ")}.`);
    const { endpoint } = outcome;
    const listed: readonly (string | undefined)[] = endpoint === undefined ? [] : typeof endpoint === "string" ? endpoints[endpoint] : endpoint.events ?? [];
    const dated = Object.entries(outcome.events ?? {}).filter(([, column]) => column !== undefined).map(([type]) => type);
    if (outcome.events !== undefined && listed.length > 0 && !dated.some((type) => listed.includes(type))) say(["outcome", "events"], `names no date of what ends this end-point (${listed.filter((t) => t !== undefined).map((t) => `${t}: ${inWords(t)}`).join(", ")}); name one.`);
    const columns = [outcome.origin, outcome.lastContact, ...Object.values(outcome.events ?? {})].filter((c) => c !== undefined);
    columns.forEach((c, k) => { if (columns.indexOf(c) < k) say(["outcome", "events"], `"${c}" is named twice among the dates of the outcome; each date is a column of its own.`); });
  }
  if (outcome.time !== undefined && outcome.time === outcome.event) say(["outcome", "event"], `"${outcome.event}" is the column of the time too; name the column of the event code.`);
  overlap(listOf(outcome.codes?.event), listOf(outcome.codes?.censored), ["outcome", "codes", "censored"], "censored", say);
  overlap([...listOf(outcome.codes?.event), ...listOf(outcome.codes?.censored)], listOf(outcome.codes?.other), ["outcome", "codes", "other"], "other", say);
}

function overlap(taken: string[], codes: string[], path: (string | number)[], what: string, say: Say): void {
  for (const code of codes) if (code !== "undefined" && taken.includes(code)) say(path, `"${code}" has another meaning already; a code of ${what} means one thing.`);
}

/** Derived variables: names of their own, made from what stands before them, from different columns. */
export function checkDerive(plan: PartialPlan, names: BlockNames, say: Say): void {
  const entries = Object.entries(plan.derive ?? {});
  const all = entries.map(([name]) => name);
  entries.forEach(([name, entry], k) => {
    const path = ["derive", name];
    if (names.scores.includes(name) || names.models.includes(name)) say(path, `"${name}" is the name of a ${names.scores.includes(name) ? "score" : "model"} too; give the variable another name.`, true);
    if (entry?.rule === undefined) return;
    const { needs, may = [] } = derivations[entry.rule] as { needs: readonly string[]; may?: readonly string[] };
    for (const source of [...needs, ...may]) {
      const column = (entry as Record<string, unknown>)[source];
      if (column === name) say([...path, source], `"${name}" is made from itself; name the column of the table, and give the derived variable a name of its own.`);
      else if (typeof column === "string" && all.indexOf(column) > k) say([...path, source], `"${column}" is derived after "${name}"; write it before.`);
    }
    const variable = plan.variables?.[name];
    if (variable?.cut !== undefined && "levels" in derivations[entry.rule]) say(["variables", name, "cut"], `"${name}" is derived as categories, and only numbers are cut; leave cut out.`);
    const levels = "levels" in derivations[entry.rule] ? (derivations[entry.rule] as { levels(o: object): readonly string[] }).levels(entry) : undefined;
    if (levels !== undefined && variable?.levels !== undefined) {
      const codes = Array.isArray(variable.levels) ? variable.levels.map(String) : Object.keys(variable.levels);
      const lost = levels.filter((l) => !codes.includes(l));
      if (lost.length > 0) say(["variables", name, "levels"], `says nothing of ${lost.map((l) => `"${l}"`).join(", ")}, which ${entry.rule} gives. ${didYouMean(lost[0], codes)}`);
    }
  });
}
