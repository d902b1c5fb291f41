import { z } from "zod";
import { InputError } from "../../math/index.js";
import { checkPlan, type PartialPlan } from "./checkPlan.js";
import { inWords, mistakesAt, mistakesOf, parsePlan, placed, type Mistake, type PlanProblem, type PlanText } from "./planErrors.js";
import { planSchema, type PlanInput } from "./planSchema.js";

/**
 * Every mistake of a plan file in one pass, in the order of the text; the plan itself where there is none. Nothing of the data is
 * looked at: `loadStudy` finds what only the tables can show.
 * @param text  YAML or JSON;  @param file  its name, for the messages
 */
export function checkText(text: string, file: string): { input?: PlanInput; problems: PlanProblem[] } {
  const parsed = parsePlan(text, file);
  if (parsed.problems.length > 0) return { problems: parsed.problems };
  const { value } = parsed;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { problems: [{ file, line: 1, column: 1, message: `the plan is ${value === null || value === undefined ? "empty" : "no list of name: value lines"}; start it with radscore: 1, or let radscore init write one.` }] };
  }
  const mistakes = mistakesIn(value);
  if (mistakes.length === 0) return { input: value as PlanInput, problems: [] };
  return { problems: inOrder(mistakes, parsed) };
}

/** Mistakes at their places, in the order of the text, each once. */
function inOrder(mistakes: readonly Mistake[], text: PlanText): PlanProblem[] {
  const problems = mistakes.map((m) => placed(m, text)).sort((a, b) => a.line - b.line || a.column - b.column);
  return problems.filter((p, k) => problems.findIndex((o) => o.line === p.line && o.column === p.column && o.message === p.message) === k);
}

/** What an error of `loadStudy` tells, each mistake at its line of the plan. @throws every error that is not about the user's data */
export function problemsOf(error: unknown, text: string, file: string): PlanProblem[] {
  return inOrder(mistakesAt([], error), parsePlan(text, file));
}

/** A plan file as text; InputError with a line for each mistake, as "study.yaml:14:7: models.combined.from[1]: …". */
export function readPlan(text: string, file: string): PlanInput {
  const { input, problems } = checkText(text, file);
  if (input === undefined) throw new InputError(problemLines(problems));
  return input;
}

/** Mistakes as lines of text. */
export function problemLines(problems: readonly PlanProblem[]): string {
  return problems.map((p) => `${p.file}:${p.line}:${p.column}: ${p.message}`).join("\n");
}

/** A plan written in TypeScript, with completion; InputError names every mistake. */
export function defineStudy(input: PlanInput): PlanInput {
  const mistakes = mistakesIn(input);
  if (mistakes.length > 0) throw new InputError(mistakes.map((m) => inWords(m.path, m.message)).join("\n"));
  return input;
}

function mistakesIn(value: unknown): Mistake[] {
  const names = (section: string) => {
    const part = (value as Record<string, unknown>)[section];
    return typeof part === "object" && part !== null && !Array.isArray(part) ? Object.keys(part) : [];
  };
  const plan = whatHolds(planSchema, value) as PartialPlan;
  const wrong = mistakesOf(planSchema, value);
  const said = new Set(wrong.map((m) => JSON.stringify(m.path)));
  const more = checkPlan(plan, { groups: names("groups"), scores: names("scores"), models: names("models") }, value);
  return [...wrong, ...more.filter((m) => !said.has(JSON.stringify(m.path)))];
}

/** What of a value fits a schema, defaults filled in: wrong entries of sections are left out, those of lists undefined. */
function whatHolds(schema: z.core.$ZodType, value: unknown): unknown {
  const whole = z.safeParse(schema, value);
  if (whole.success) return whole.data;
  const def = schema._zod.def as { type: string; innerType?: z.core.$ZodType; shape?: Record<string, z.core.$ZodType>; element?: z.core.$ZodType; valueType?: z.core.$ZodType };
  const section = typeof value === "object" && value !== null && !Array.isArray(value);
  if (def.innerType !== undefined) return whatHolds(def.innerType, value);
  if (def.type === "object" && section) return Object.fromEntries(Object.entries(def.shape!).map(([key, of]) => [key, whatHolds(of, (value as Record<string, unknown>)[key])]));
  if (def.type === "record" && section) return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, whatHolds(def.valueType!, entry)]));
  if (def.type === "array" && Array.isArray(value)) return value.map((entry) => whatHolds(def.element!, entry));
  return undefined;
}
