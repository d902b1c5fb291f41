import { LineCounter, isMap, isScalar, isSeq, parseDocument, type Document, type Node } from "yaml";
import { z } from "zod";
import { didYouMean, InputError, nearestWord } from "../../math/index.js";

export type Path = readonly PropertyKey[];
/** The one name that an entry holds, in a path: a step or learner, however the plan calls it. */
export const onlyName = Symbol("the only name");
/** A mistake in a plan: where in the plan, what was found, what was expected, what to do. */
export type Mistake = { path: Path; message: string; /** the name of the entry is meant, not its value */ atKey?: true; /** the sentence says by itself what it is about */ whole?: true };
/** The same with its place in the text. */
export type PlanProblem = { file: string; line: number; column: number; message: string };

/** What is wrong with a plan or with the data that it names, each mistake with its part of the plan: `placed` finds the line. */
export class PlanError extends InputError {
  constructor(readonly mistakes: readonly Mistake[]) { super(mistakes.map((m) => m.message).join("\n")); }
}

/** One mistake that the data show; the sentence names the cohort, the file or the column. */
export const atPart = (path: Path, message: string, atKey?: true): PlanError => new PlanError([{ path, message, whole: true, ...(atKey && { atKey }) }]);

/** The mistakes that an error tells, at the parts of the plan that it names, else all at `path`. @throws every error that is not about the user's data */
export function mistakesAt(path: Path, error: unknown): readonly Mistake[] {
  if ((error as Error).name !== "InputError") throw error;
  return error instanceof PlanError ? error.mistakes : (error as Error).message.split("\n").map((message) => ({ path, message, whole: true as const }));
}

/** Runs one part after another, so that mistakes that do not follow from each other are told together. */
export function collector(mistakes: Mistake[]) {
  const said = (path: Path) => (error: unknown) => { mistakes.push(...mistakesAt(path, error)); return undefined; };
  return {
    /** the part's result, or undefined where it failed; mistakes without a place of their own are at `path` */
    part<T>(path: Path, of: () => T): T | undefined { try { return of(); } catch (error) { return said(path)(error); } },
    async partLater<T>(path: Path, of: () => Promise<T>): Promise<T | undefined> { return of().catch(said(path)); },
  };
}

/** A plan's text with the places of its parts. */
export type PlanText = { file: string; yaml: Document; lines: LineCounter; value: unknown; problems: PlanProblem[] };

/** YAML or JSON (which YAML contains); what cannot be read, and names given twice, are problems with their places. */
export function parsePlan(text: string, file: string): PlanText {
  const lines = new LineCounter();
  const yaml = parseDocument(text.replace(/^\uFEFF/, ""), { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const problems = yaml.errors.map(({ pos, message, code }) => {
    const { line, col } = lines.linePos(pos[0]);
    const what = code === "DUPLICATE_KEY" ? `the name "${keyAt(text, pos[0])}" stands twice in one place; give it once`
      : `${message.replace(/\s+/g, " ").replace(/\.$/, "")}${hint(code)}`;
    return { file, line, column: col, message: `${what}.` };
  });
  let value: unknown;
  try { value = yaml.toJS({ maxAliasCount: 100 }); } catch (error) { problems.push({ file, line: 1, column: 1, message: `${(error as Error).message}.` }); }
  return { file, yaml, lines, value, problems };
}

const keyAt = (text: string, at: number) => /^(?:"([^"]*)"|'([^']*)'|([^:\n,}]*))/.exec(text.slice(at))!.slice(1).find((k) => k !== undefined)!.trim();

function hint(code: string): string {
  if (code === "TAB_AS_INDENT") return "; indent with spaces";
  if (code === "BAD_INDENT" || code === "MULTILINE_IMPLICIT_KEY" || code === "BLOCK_AS_IMPLICIT_KEY") return "; check the indentation here, and quote text that holds a colon";
  if (code === "BAD_SCALAR_START") return "; quote the text";
  return "";
}

/** Where a mistake stands: its value, or the name of the entry; the nearest part that exists where it does not. */
export function placed({ path, message, atKey, whole }: Mistake, text: PlanText): PlanProblem {
  let here: unknown = text.yaml.contents;
  let at = start(here);
  path.forEach((part, k) => {
    const last = k === path.length - 1;
    if (isMap(here)) {
      const pair = part === onlyName ? here.items[0] : here.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === String(part));
      if (pair === undefined) { here = undefined; return; }
      const value = start(pair.value);
      at = ((last && atKey) || value === undefined || (last && !isScalar(pair.value)) ? start(pair.key) : value) ?? at;
      here = pair.value;
    } else if (isSeq(here)) {
      here = here.items[Number(part)];
      at = start(here) ?? at;
    } else here = undefined;
  });
  const { line, col } = at === undefined ? { line: 1, col: 1 } : text.lines.linePos(at);
  return { file: text.file, line, column: col, message: whole ? message : inWords(path, message) };
}

const start = (of: unknown): number | undefined => (of as Node | null | undefined)?.range?.[0];

/** "models.combined.steps[2]: …" */
export function inWords(path: Path, message: string): string {
  const where = path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part + 1}]` : text === "" ? String(part) : `${text}.${String(part)}`), "");
  return where === "" ? message : `${where}: ${message}`;
}

/** What a schema finds wrong, each in one sentence. */
export function mistakesOf(schema: z.ZodType, value: unknown): Mistake[] {
  const result = schema.safeParse(value, { error: sentence });
  return result.success ? [] : result.error.issues.flatMap((issue) => flat(issue, [], value));
}

type Issue = z.core.$ZodIssue;

/** A union's mistakes are those of the form that the value comes nearest to. */
function flat(issue: Issue, above: Path, root: unknown): Mistake[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, issue.message, at(root, path)), atKey: true }));
  }
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ path, message: issue.message }];
  const reach = (branch: Issue[]) => Math.max(...branch.map((b) => b.path.length + (b.code === "unrecognized_keys" ? 1 : b.code === "custom" ? 0.5 : 0)));
  const objects = typeof at(root, path) === "object" && at(root, path) !== null;
  const near = issue.errors.filter((branch) => reach(branch) > 0);
  if (near.length === 0 || !objects) return [{ path, message: issue.errors.length > 1 ? either(issue.errors, at(root, path)) : issue.errors[0][0].message }];
  const best = near.reduce((a, b) => (b.length < a.length || (b.length === a.length && reach(b) > reach(a)) ? b : a));
  return best.flatMap((b) => flat(b, path, root));
}

/** No form fits at all: what was found and what any of them expects. */
function either(branches: Issue[][], value: unknown): string {
  const leaves = (issue: Issue): string[] => ("values" in issue ? [wordList(issue.values)] : "expected" in issue ? [kinds[issue.expected] ?? issue.expected]
    : issue.code === "invalid_union" ? issue.errors.flatMap((b) => leaves(b[0])) : [issue.message]);
  const expected = branches.flatMap((b) => leaves(b[0]));
  const words = branches.flatMap(([issue]) => ("values" in issue ? issue.values.map(String) : []));
  const near = typeof value === "string" ? nearestWord(value, words) : undefined;
  return `is ${shown(value)}; ${near === undefined ? `expected ${anyOf([...new Set(expected)])}` : `did you mean "${near}"?`}${near === undefined ? "." : ""}`;
}

const anyOf = (words: readonly string[]) => (words.length < 3 ? words.join(" or ") : `${words.slice(0, -1).join(", ")}, or ${words.at(-1)!}`);
const wordList = (values: readonly unknown[]) => values.map(String).join(", ");
const at = (value: unknown, path: Path): unknown => path.reduce<unknown>((v, part) => (v as Record<PropertyKey, unknown> | undefined)?.[part], value);

const kinds: Record<string, string> = {
  string: "text", number: "a number", int: "a whole number", boolean: "true or false", object: "a section of name: value lines", record: "a section of name: value lines", array: "a list [a, b]", tuple: "a list of two, [a, b]",
};

/** What a value is, for a sentence; long ones cut. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "empty";
  if (typeof value === "string") return `"${value.length > 60 ? `${value.slice(0, 57)}…` : value}"`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" ? "a section" : String(value);
}

function unknownKey(key: string, known: string, parent: unknown): string {
  const names = known.split("\n");
  // "- correlation:\n  max: 0.9": the options stand beside the step
  if (names.length > 12 && typeof parent === "object" && parent !== null && Object.values(parent).includes(null)) return `stands beside the name it belongs to; indent it by two more spaces, or write { ${Object.keys(parent)[0]}: { ${key}: … } }.`;
  return `there is no "${key}" here. ${didYouMean(key, names)}`;
}

/** One sentence for each kind of mistake; for unknown names the names that are known. */
function sentence(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  const help = (issue.inst as z.ZodType | undefined)?.description;
  switch (issue.code) {
    case "invalid_type": {
      const expected = kinds[issue.expected as string] ?? String(issue.expected);
      if (input === undefined) return `is missing; expected ${expected}${help === undefined ? "" : ` (${help.replace(/\.$/, "")})`}.`;
      return `is ${shown(input)}; expected ${expected}${Array.isArray(input) || input === null || typeof input === "object" || help === undefined ? "" : ` (${help.replace(/\.$/, "")})`}.`;
    }
    case "invalid_value": {
      const words = (issue.values as unknown[]).map(String);
      if (input === undefined) return `is missing; expected ${words.join(", ")}.`;
      const near = typeof input === "string" ? nearestWord(input, words) : undefined;
      return `is ${shown(input)}; ${words.length > 1 ? "expected one of " : "expected "}${words.join(", ")}.${near === undefined ? "" : ` Did you mean "${near}"?`}`;
    }
    case "unrecognized_keys": return Object.keys((issue.inst as unknown as { _zod: { def: { shape?: object } } })._zod.def.shape ?? {}).join("\n");
    case "too_small": return typeof input === "number" ? `is ${input}; expected a number ${issue.inclusive ? "of at least" : "above"} ${issue.minimum}.`
      : `is ${typeof input === "string" ? "empty text" : shown(input)}; expected ${Array.isArray(input) ? `at least ${issue.minimum} ${Number(issue.minimum) === 1 ? "entry" : "entries"}` : "text"}.`;
    case "too_big": return typeof input === "number" ? `is ${input}; expected a number ${issue.inclusive ? "of at most" : "below"} ${issue.maximum}.`
      : `is ${shown(input)}; expected ${Array.isArray(input) ? `at most ${issue.maximum} entries` : `${issue.maximum} character${Number(issue.maximum) === 1 ? "" : "s"}`}.`;
    case "invalid_union": {
      // a section of which one word decides: { kind: … }, { rule: … }
      const of = (issue as { discriminator?: string }).discriminator;
      if (of === undefined) return undefined;
      const words = (issue.inst as unknown as { _zod: { def: { options: { _zod: { propValues: Record<string, Set<unknown>> } }[] } } })._zod.def.options.flatMap((o) => [...(o._zod.propValues[of] ?? [])].map(String));
      const found = (input as Record<string, unknown> | undefined)?.[of];
      const near = words.length > 2 && typeof found === "string" ? nearestWord(found, words) : undefined;
      return `${of} is ${shown(found)}; expected ${words.length > 2 ? `one of ${words.join(", ")}` : words.join(" or ")}.${near === undefined ? "" : ` Did you mean "${near}"?`}`;
    }
    case "invalid_format": return `is ${shown(input)}; ${issue.message ?? "expected another form"}.`;
    default: return issue.message;
  }
}
