import { labelsOf, type Table } from "../../cohort/index.js";
import { alikeLabels, mergedLevels } from "../load/alikeLevels.js";
import { didYouMean, InputError } from "../../math/index.js";

export type InitTable = { file: string; id: string; table: Table };
/** What a user has said of the own files; the rest is proposed from what they hold. */
export type InitAnswers = {
  title?: string; kind?: "binary" | "survival"; outcome?: string; time?: string; event?: string; eventCodes?: string[]; unit?: string;
};
/** The data part of a plan proposed from tables; every guess is told in a comment. */
export type Proposal = { title: string; kind: "binary" | "survival"; data: string; radiomics: string[]; clinical: string[]; guesses: string[]; /** survival: times within the follow-up, in the unit of the plan */ times?: number[] };

const timeName = /(^|[^a-z])(rfs|dfs|dmfs|pfs|os|ttr|time|surv\w*|follow\w*|months|days|fu)([^a-z]|$)/i;
const eventName = /event|status|_ind$|^ind_|dead|death|died|recur|relapse|progress|metast|pcr|response|malign|outcome|label|class|diagnos|target/i;
const laterName = /surg|postop|post_|^yp|ypt|ypn|rcb|response|^pcr|relapse|recur|death|dead|died|surv|rfs|dfs|dmfs|pfs|follow|sstat|target|_ind$|^time$|^t[._]/i;
const featureName = /^(original|wavelet|log-sigma|lbp|gradient|square|squareroot|exponential|logarithm|diagnostics)[-_.]|firstorder|glcm|glrlm|glszm|gldm|ngtdm/i;

/**
 * Cohort, variables, groups and outcome for the user's own tables (the first is the clinical one). Features: the columns of the second
 * table, else those with names of radiomics, by a pattern where they share a beginning. Codes of few whole numbers are listed to be
 * named; columns whose names speak of a later time are proposed as not available.
 * @throws InputError an outcome that is not there or cannot be told, with what could be it
 */
export function proposePlan(tables: readonly InitTable[], answers: InitAnswers = {}): Proposal {
  const [first, ...others] = tables;
  const guesses: string[] = [];
  const all = tables.flatMap(({ table }) => Object.keys(table.columns).map((name) => ({ name, table })));
  const tableOf = (name: string) => all.find((c) => c.name === name)?.table;
  const outcome = outcomeOf(answers, all, guesses);
  const own = outcome.kind === "binary" ? [outcome.column] : [outcome.time, outcome.event];
  const features = (others.length > 0 ? others.flatMap(({ table }) => numbersOf(table)) : numbersOf(first.table).filter((name) => featureName.test(name))).filter((name) => !own.includes(name) && !laterName.test(name));
  const { entries, caught } = patternsOf(features, all.map((c) => c.name));
  const rest = all.filter(({ name }) => !caught.has(name) && !own.includes(name));
  const later = rest.filter(({ name }) => laterName.test(name)).map((c) => c.name);
  if (later.length > 0) guesses.push(`not available at prediction, by their names: ${later.join(", ")}`);
  const open = rest.filter(({ name }) => !later.includes(name));
  const free = open.filter(({ name, table }) => freeText(table, name)).map((c) => c.name);
  const clinical = open.filter(({ name, table }) => !free.includes(name) && usable(table, name)).map((c) => c.name);
  const skipped = open.filter(({ name }) => !free.includes(name) && !clinical.includes(name)).map((c) => c.name);
  if (free.length > 0) guesses.push(`left out, free text (notes, or nearly every value another): ${free.join(", ")}`);
  if (skipped.length > 0) guesses.push(`left out (one value alone, or dates): ${skipped.join(", ")}`);
  for (const { name, table } of rest.filter(({ name: n }) => clinical.includes(n) || later.includes(n))) for (const group of alikeOf(table, name)) guesses.push(`${name}: ${group.map((l) => JSON.stringify(l)).join(" and ")} may be one category; give them one name under variables`);
  if (features.length === 0) guesses.push("no column was taken for radiomics: put the columns of the features, or a pattern such as \"original_*\", into groups: radiomics");
  const title = answers.title ?? `Prediction of ${outcome.kind === "binary" ? outcome.column : outcome.event}`;
  const variables = [...clinical, ...later].map((name) => `  ${plain(name)}: ${describe(tableOf(name)!, name, later.includes(name))}`);
  return {
    title, kind: outcome.kind, clinical: ["clinical"], radiomics: features, guesses, ...(outcome.kind === "survival" && { times: outcome.times }),
    data: `cohorts:
  - name: Patients
    # Patients before the tables, by reason; the counts must end at the rows of the first table.
    # screened: ${first.table.id.length + 10}
    # flow:
    #   - { reason: no MRI before treatment, removed: 10 }
    tables:
${tables.map((t) => `      - { file: ${plain(t.file)}, id: ${plain(t.id)} }`).join("\n")}
    # exclude:
    #   - { column: ${plain(clinical[0] ?? own[0])}, is: missing, reason: no ${clinical[0] ?? own[0]}, kind: missing }

# Name the levels behind each code, and correct units and what is available at the moment of prediction.
variables:
${variables.length > 0 ? variables.join("\n") : "  {}"}

groups:
  clinical: [${clinical.map(plain).join(", ")}]
  radiomics: [${entries.map((e) => JSON.stringify(e)).join(", ")}]

outcome:
${outcome.text}
`,
  };
}

type ProposedOutcome = { kind: "binary"; column: string; text: string } | { kind: "survival"; time: string; event: string; times: number[]; text: string };

function outcomeOf(answers: InitAnswers, all: { name: string; table: Table }[], guesses: string[]): ProposedOutcome {
  const names = all.map((c) => c.name);
  const valuesOf = (name: string) => {
    const at = all.find((c) => c.name === name);
    if (at === undefined) throw new InputError(`There is no column "${name}" for the outcome. ${didYouMean(name, names.slice(0, 80))}`);
    return [...new Set(labelsOf(at.table, name).filter((l) => l !== ""))].sort();
  };
  const twoValued = all.filter(({ name, table }) => eventName.test(name) && !featureName.test(name) && new Set(labelsOf(table, name).filter((l) => l !== "")).size === 2).map((c) => c.name);
  // one column that counts time beside one that may be its event is follow-up
  const follow = all.filter(({ name, table }) => timeName.test(name) && table.columns[name].kind === "number" && !twoValued.includes(name));
  const followed = answers.outcome === undefined && follow.length === 1 && (answers.event !== undefined || (twoValued.length === 1 && /event|status|_ind$|^ind_|dea[dt]|died|recur|relapse|progress|metast/i.test(twoValued[0])));
  const kind = answers.kind ?? (answers.time !== undefined || followed ? "survival" : "binary");
  const column = (kind === "binary" ? answers.outcome : answers.event ?? answers.outcome) ?? only(twoValued, kind === "binary" ? "outcome (--outcome COLUMN)" : "event (--event COLUMN)", guesses);
  const values = valuesOf(column);
  const events = answers.eventCodes ?? (values.includes("1") ? ["1"] : values.filter((v) => /^(yes|true|pos|malig|event|dead|pcr)/i.test(v)).slice(0, 1));
  if (events.length === 0) throw new InputError(`Which value of "${column}" is the event? It holds ${values.slice(0, 12).map((v) => `"${v}"`).join(", ")}. Say it with --event-code.`);
  const strange = events.filter((e) => !values.includes(e));
  if (strange.length > 0) throw new InputError(`"${column}" never is "${strange[0]}". ${didYouMean(strange[0], values.slice(0, 20))}`);
  if (answers.eventCodes === undefined) guesses.push(`${column} = ${events.join(", ")} is the event`);
  const none = values.filter((v) => !events.includes(v));
  const list = (codes: string[]) => `[${codes.map(plainCode).join(", ")}]`;
  if (kind === "binary") return { kind, column, text: `  kind: binary\n  name: ${plain(column)}\n  column: ${plain(column)}\n  event: ${list(events)}\n  noEvent: ${list(none)}` };
  const time = answers.time ?? only(all.filter(({ name, table }) => timeName.test(name) && table.columns[name].kind === "number").map((c) => c.name), "follow-up time (--time COLUMN)", guesses);
  const longest = valuesOf(time).map(Number).reduce((a, b) => (b > a ? b : a), 0);
  const given = answers.unit ?? (longest > 400 ? "days" : longest > 15 ? "months" : "years");
  if (answers.unit === undefined) guesses.push(`${time} is in ${given} (it goes up to ${longest})`);
  const end = given === "days" ? longest / 30.4375 : longest;
  // years, or the like, before the last tenth of the follow-up
  const times = (given === "years" ? [1, 2, 3, 5] : given === "weeks" ? [52, 104, 156, 260] : [12, 24, 36, 60]).filter((t) => t < 0.9 * end).slice(-3);
  return { kind, time, event: column, times: times.length > 0 ? times : [Number((end / 2).toPrecision(2))], text: `  kind: survival\n  name: ${plain(`${column} over ${time}`)}\n  time: ${plain(time)}\n  event: ${plain(column)}\n  codes: { event: ${list(events)}, censored: ${list(none)} }\n  unit: ${given === "days" ? "months\n  # days to months\n  divide: 30.4375" : given}` };
}

function only(names: string[], what: string, guesses: string[]): string {
  if (names.length === 0) throw new InputError(`No column could be told to be the ${what}. Name it.`);
  if (names.length > 1) throw new InputError(`Several columns may be the ${what}: ${names.join(", ")}. Name one.`);
  guesses.push(`${names[0]} is the ${what.replace(/ \(.*/, "")}`);
  return names[0];
}

const numbersOf = (table: Table) => Object.keys(table.columns).filter((name) => table.columns[name].kind === "number");

/** One pattern for names of one beginning where nothing else begins so; else the names. */
function patternsOf(features: readonly string[], all: readonly string[]): { entries: string[]; caught: Set<string> } {
  const caught = new Set(features);
  const by = new Map<string, string[]>();
  for (const name of features) {
    const head = /^.*?[_.-]/.exec(name)?.[0] ?? name;
    by.set(head, [...(by.get(head) ?? []), name]);
  }
  const entries = [...by].flatMap(([head, names]) => (names.length >= 3 && all.filter((n) => n.startsWith(head)).length === names.length ? [`${head}*`] : names));
  return { entries, caught };
}

/** Text that no code book has: by its name, of more than 12 values, or of values of which nearly every one stands once. */
function freeText(table: Table, name: string): boolean {
  if (table.columns[name].kind !== "category") return false;
  const values = labelsOf(table, name).filter((l) => l !== ""), different = new Set(values).size;
  return /^(free[ _-]?text|notes?|comments?|remarks?|bemerkung(en)?|kommentar)([ _.-]|\d|$)/i.test(name) || different > 12 || (different >= 2 && different > 0.8 * values.length);
}

/** Categories of a column that may be one in several spellings. */
const alikeOf = (table: Table, name: string): string[][] => (table.columns[name].kind === "category" && !freeText(table, name) ? alikeLabels([...new Set(labelsOf(table, name).filter((l) => l !== ""))].sort()) : []);

/** A column that can be a predictor: two values or more, no dates. */
function usable(table: Table, name: string): boolean {
  const column = table.columns[name];
  if (column.kind === "date") return false;
  const values = labelsOf(table, name).filter((l) => l !== "");
  return new Set(values).size >= 2;
}

function describe(table: Table, name: string, later: boolean): string {
  const values = [...new Set(labelsOf(table, name).filter((l) => l !== ""))];
  const column = table.columns[name];
  const parts = [`label: ${plain(name)}`];
  let question = "";
  if (column.kind === "number" && values.length <= 6 && values.every((v) => Number.isInteger(Number(v)))) {
    parts.push(`levels: { ${values.sort((a, b) => Number(a) - Number(b)).map((v) => `${v}: "${v}"`).join(", ")} }`);
    question = "   # what do the codes mean?";
  } else if (column.kind === "category") {
    const alike = alikeOf(table, name);
    parts.push(`levels: [${values.sort().map((v) => JSON.stringify(v)).join(", ")}]`);
    if (alike.length > 0) question = `   # one category in several spellings? then ${mergedLevels(values, alike)}`;
  }
  else if (column.kind === "number") {
    const unit = /age/i.test(name) ? "years" : /size|diam|(^|[^a-z])ld([^a-z]|$)|length/i.test(name) ? "mm" : /ki-?67|percent|%/i.test(name) ? "\"%\"" : undefined;
    if (unit !== undefined) parts.push(`unit: ${unit}`);
    question = unit === undefined ? "   # unit?" : "";
  }
  if (later) { parts.push("available: false"); question += `${question === "" ? "   #" : ";"} known later?`; }
  return `{ ${parts.join(", ")} }${question}`;
}

/** Text for YAML, quoted where it could mean something else. */
export function plain(text: string): string {
  return /^[A-Za-z][\w .+/-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text) && !/\s$/.test(text) ? text : JSON.stringify(text);
}
const plainCode = (code: string) => (/^-?\d+(\.\d+)?$/.test(code) ? code : JSON.stringify(code));
