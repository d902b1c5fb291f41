import { z } from "zod";
import { endpoints, eventTypes, timeUnits } from "../../cohort/index.js";
import { derivations, type DeriveRule } from "./derivations.js";

const column = (what: string) => z.string().min(1).describe(`Column of ${what}.`);
const also = (what: string) => column(what).optional();
const units = Object.keys(timeUnits) as [keyof typeof timeUnits, ...(keyof typeof timeUnits)[]];
const rule = <Name extends DeriveRule, Shape extends z.core.$ZodLooseShape>(name: Name, help: string, shape: Shape) =>
  z.strictObject({ rule: z.literal(name).describe(help), ...shape }).describe(`${help[0].toUpperCase()}${help.slice(1)}: ${derivations[name].is({})}.`);

/** A variable made from others by a rule of the field; sources are columns of the tables, or variables derived before it. */
export const deriveSchema = z.discriminatedUnion("rule", [
  rule("receptorStatus", "ER or PR from the percentage of stained nuclei", { percent: column("the percentage of stained nuclei") }),
  rule("estrogenReceptor2020", "ER with low positive, from the percentage of stained nuclei", { percent: column("the percentage of stained nuclei") }),
  rule("her2Status", "HER2 by immunohistochemistry and in-situ hybridisation", {
    ihc: column("the immunohistochemistry score, 0 to 3 (also 2+, 3+)"), ratio: also("the ratio HER2 : CEP17"), copies: also("the mean HER2 copies a cell"), result: also("the laboratory's own reading of the hybridisation, positive or negative"),
  }),
  rule("ki67Status", "Ki-67 high or low", { percent: column("Ki-67 in percent"), cut: z.union([z.literal(14), z.literal(20)]).optional().describe("High from 14 % (St Gallen 2011, default) or 20 % (St Gallen 2013).") }),
  rule("molecularSubtype", "surrogate molecular subtype", {
    er: column("ER, positive or negative"), pr: column("PR, positive or negative"), her2: column("HER2, positive, negative or equivocal"), ki67: column("Ki-67 in percent"),
    prPercent: also("the percentage of PR-stained nuclei, by which St Gallen 2013 tells luminal A"), edition: z.enum(["St Gallen 2011", "St Gallen 2013"]).optional().describe("Whose rule: St Gallen 2013 (default; Ki-67 20 %, PR 20 %) or St Gallen 2011 (Ki-67 14 %)."),
  }),
  rule("tCategory", "T category from size", { millimetres: column("the largest invasive diameter in mm"), sub: z.boolean().optional().describe("T1mi, T1a, T1b, T1c in place of T1 (false)."), t4: also("T4 (yes or no), which does not follow from size") }),
  rule("nCategory", "pN category from the number of positive nodes", { positiveNodes: column("the number of positive axillary nodes") }),
  rule("nodeBurden", "axillary node burden", { positiveNodes: column("the number of positive axillary nodes") }),
  rule("completeResponse", "pathological complete response", { ypT: column("the ypT category (ypT0, Tis, …)"), ypN: column("the ypN category (ypN0, N0(i+), …)") }),
  rule("timeBetween", "time between two dates", { from: column("the first date"), to: column("the second date"), unit: z.enum(units).optional().describe("Unit: days, weeks, months (default; 30.4375 days) or years (365.25 days).") }),
]).describe("A variable made from others: its rule, and the columns that the rule reads.");

const eventColumns = z.strictObject(Object.fromEntries(eventTypes.map((type) => [type, z.string().min(1).optional().describe(`Date column of ${inWords(type)}; empty where it did not happen.`)])) as Record<(typeof eventTypes)[number], z.ZodOptional<z.ZodString>>)
  .describe("Date columns by kind of event; kinds that the end-point does not list are read too, as far as they tell who was still followed.");

/** What an outcome that is built from dates says in place of time, event and codes. */
export const endpointShape = {
  endpoint: z.union([z.enum(Object.keys(endpoints) as [keyof typeof endpoints, ...(keyof typeof endpoints)[]]), z.strictObject({
    name: z.string().min(1).describe("What the end-point is called."), events: z.array(z.enum(eventTypes)).min(1).describe("The events of which the first counts."),
  })]).optional().describe(`Built from dates: ${Object.entries(endpoints).map(([name, events]) => `${name} (${events.map(inWords).join(", ")})`).join("; ")}; or a name and events of one's own.`),
  origin: z.string().min(1).optional().describe("Built from dates: date column that starts the clock (diagnosis, surgery, resection of the recurrence)."),
  lastContact: z.string().min(1).optional().describe("Built from dates: date column of the last contact."),
  landmark: z.number().positive().optional().describe("Built from dates: the clock starts this long after the origin (in unit); patients with an event or censored up to then leave, counted in the flow."),
  competingDeath: z.boolean().optional().describe("Built from dates: deaths that the end-point does not list compete (cause 2) instead of ending follow-up as censored (false)."),
};
export const eventsSchema = eventColumns;

/** "distantMetastasis" → "distant metastasis". */
export function inWords(type: string): string {
  return type.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
