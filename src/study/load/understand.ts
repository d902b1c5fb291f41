import type { Table } from "../../cohort/index.js";
import { blockOrder, inputsOf } from "../plan/blockGraph.js";
import type { CohortData, StudyData } from "../data.js";
import { derivedInWords } from "./deriveColumns.js";
import type { BlockPlan, EndpointPlan, Plan, Use } from "../plan.js";
import { inWords } from "../plan/planDerive.js";
import { planLearners, planSteps, type Method } from "../plan/planMethods.js";
import { counted } from "../rowNumbers.js";
import { planOptions } from "../plan/useOptions.js";
import { thresholdInWords } from "../words.js";

type Understood = StudyData["understood"];

/**
 * What was made of the plan and its files, line by line, for the user to compare with what was meant. Patients are not named.
 * @param training  rows of the development cohort that train: all of them, or one side of the split
 */
export function understand(plan: Plan, data: Omit<StudyData, "understood">, training: Int32Array): Understood {
  const cohorts = [data.development, ...data.external];
  const said: Understood = [{ what: "study", value: plan.title }, ...(plan.question === "" ? [] : [{ what: "question", value: plan.question }])];
  for (const cohort of cohorts) said.push(...ofCohort(cohort, plan));
  const { event } = data.development.outcome, inTraining = (rows: Int32Array) => rows.reduce((sum, r) => sum + event[r], 0);
  const events = inTraining(training), all = training.length === event.length;
  if (!all) said.push({ what: "split", value: `${counted(training.length, "row")} with ${counted(events, "event")} train, ${counted(event.length - training.length, "row")} with ${counted(event.reduce((a, b) => a + b, 0) - events, "event")} test` });
  said.push({ what: "outcome", value: outcomeInWords(plan) });
  const used = new Set(plan.models.flatMap((m) => columnsBefore(plan, m.name)));
  for (const entry of plan.derive ?? []) {
    const made = Object.hasOwn(data.development.table.columns, entry.name) ? variableInWords(data.development.table, entry.name) : "not made";
    const unavailable = plan.variables[entry.name]?.available === false ? "; not available at prediction" : "";
    said.push({ what: `derived ${entry.name}`, value: `${derivedInWords(entry)}; ${made}${unavailable}` });
  }
  for (const [name, column] of Object.entries(data.development.table.columns)) {
    if (plan.derive?.some((d) => d.name === name)) continue;
    const described = Object.hasOwn(plan.variables, name);
    if (!described && !(used.has(name) && column.kind === "category")) continue;
    said.push({ what: `variable ${name}`, value: `${variableInWords(data.development.table, name)}${plan.variables[name]?.available === false ? "; not available at prediction" : used.has(name) ? "" : "; not used by a model"}` });
  }
  said.push(missingValues(data.development.table, used));
  const blocks = new Map([...plan.scores, ...plan.models].map((b) => [b.name, b]));
  for (const name of blockOrder(plan)) said.push({ what: `${blocks.get(name)!.kind} ${name}`, value: blockInWords(plan, blocks.get(name)!, events, all ? "" : " in training") });
  said.push({ what: "final model", value: `${plan.final}${plan.reference === undefined ? "" : `, held against ${plan.reference}`}` }, { what: "validation", value: validationInWords(plan) }, { what: "evaluation", value: evaluationInWords(plan) },
    { what: "order", value: plan.order === "honest" ? "honest: every fit sees training patients only" : "as published: the steps once on all patients, each fault beside the honest number" }, { what: "seed", value: String(plan.seed) });
  return said;
}

function ofCohort({ name, role, table, outcome, flow, centre, readers, endpoint }: CohortData, plan: Plan): Understood {
  const events = outcome.event.reduce((a, b) => a + b, 0);
  const patients = new Set(table.id).size;
  const lines: Understood = [{ what: `cohort ${name}`, value: `${role}: ${counted(patients, "patient")}${patients < table.id.length ? ` with ${counted(table.id.length, "lesion")}` : ""}, ${counted(events, "event")} (${plan.outcome.eventName}), ${counted(Object.keys(table.columns).length, "column")}` }];
  if (flow.length > 1) lines.push({ what: `flow ${name}`, value: flow.map((f) => (f.reason === undefined ? `${f.n}` : f.removed === undefined ? `(${f.reason})` : `− ${f.removed} ${f.reason} = ${f.n}`)).join(" ") });
  if (outcome.kind === "survival") {
    const sorted = Float64Array.from(outcome.time).sort();
    lines.push({ what: `follow-up ${name}`, value: `${short(sorted[0])} to ${short(sorted[sorted.length - 1])} ${outcome.unit}, middle ${short(sorted[Math.floor(sorted.length / 2)])}` });
    const { time, event: had, unit } = outcome;
    if (plan.evaluation.times.length > 0) lines.push({ what: `events ${name}`, value: plan.evaluation.times.map((t) => `${Array.from(time).filter((v, r) => had[r] === 1 && v <= t).length} up to ${t} ${unit} (${Array.from(time).filter((v) => v >= t).length} still followed)`).join(", ") });
  }
  if (endpoint !== undefined) {
    const { counts, followUp } = endpoint, known = (v: number | null) => (v === null ? "not reached" : short(v));
    lines.push({ what: `first events ${name}`, value: Object.entries(counts).map(([type, n]) => `${inWords(type)} ${n}`).join(", ") }, { what: `followed ${name}`, value: `median ${known(followUp.median)} ${followUp.unit} (quartiles ${known(followUp.lower)} to ${known(followUp.upper)}), reverse Kaplan–Meier over deaths` });
  }
  if (centre !== undefined) lines.push({ what: `centres ${name}`, value: tally(centre.map((c, r) => [c, outcome.event[r]] as const)) });
  for (const reader of readers) lines.push({ what: `reader ${reader.name}`, value: `${counted(reader.rows.length, "patient")}, ${counted(Object.keys(reader.table.columns).length, "column")}` });
  return lines;
}

function tally(pairs: (readonly [string, number])[]): string {
  const found = new Map<string, [number, number]>();
  for (const [name, event] of pairs) { const [n, e] = found.get(name) ?? [0, 0]; found.set(name, [n + 1, e + event]); }
  return [...found].map(([name, [n, e]]) => `${name} ${n} (${e} events)`).join(", ");
}

const short = (v: number) => String(Number(v.toPrecision(3)));

function outcomeInWords({ outcome }: Plan): string {
  if (outcome.kind === "binary") return `${outcome.name}: ${outcome.column} = ${outcome.event.join(", ")} is ${outcome.eventName}, ${outcome.noEvent.join(", ")} is ${outcome.otherName}`;
  if (outcome.built !== undefined) return `${outcome.name}: ${endpointInWords(outcome.built)}`;
  const { event, censored, other } = outcome.codes;
  return `${outcome.name}: time ${outcome.time}${outcome.divide === 1 ? "" : ` / ${outcome.divide}`} in ${outcome.unit}, ${outcome.event} = ${event.join(", ")} is ${outcome.eventName}, ${censored.join(", ")} censored${other === undefined ? "" : `, ${other.join(", ")} another event`}`;
}

/** How an end-point is made of dates, in words. */
export function endpointInWords({ endpoint, events, origin, dates, lastContact, landmark, competingDeath, unit }: EndpointPlan): string {
  const ends = events.filter((type) => dates[type] !== undefined), undated = events.filter((type) => dates[type] === undefined && !(/death/i.test(type) && ends.some((e) => /death/i.test(e))));
  const others = Object.entries(dates).filter(([type]) => !(events as string[]).includes(type));
  return `${endpoint} in ${unit} from ${origin} to the first of ${ends.map((type) => `${inWords(type)} (${dates[type]})`).join(", ")}, censored at ${lastContact}` +
    `${others.length === 0 ? "" : `; ${others.map(([type, column]) => `${inWords(type)} (${column})`).join(", ")} ${competingDeath ? "competes or tells of follow-up" : "tells of follow-up alone"}`}${landmark > 0 ? `; counted from ${landmark} ${unit} after ${origin}, who had an event or was censored by then is left out` : ""}` +
    `${undated.length === 0 ? "" : `; no date of ${undated.map(inWords).join(", ")} is given`}`;
}

function variableInWords(table: Table, name: string): string {
  const column = table.columns[name];
  if (column.kind === "category") {
    const n = column.levels.map(() => 0);
    let missing = 0;
    for (const c of column.codes) if (c < 0) missing++; else n[c]++;
    if (column.levels.length > 12) return `${column.levels.length} categories${missing > 0 ? `, missing ${missing}` : ""}`;
    return `${column.ordered ? "ordered categories" : "categories"} ${column.levels.map((l, k) => `${l} ${n[k]}`).join(", ")}${missing > 0 ? `, missing ${missing}` : ""}`;
  }
  const values = (column.kind === "number" ? column.values : column.days).filter((v) => !Number.isNaN(v));
  const missing = table.id.length - values.length;
  if (column.kind === "date") return `dates${missing > 0 ? `, missing ${missing}` : ""}`;
  const low = values.reduce((a, b) => Math.min(a, b), Infinity), high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return `number${values.length > 0 ? ` ${short(low)} to ${short(high)}` : ""}${column.unit === undefined ? ", no unit given" : ` ${column.unit}`}${missing > 0 ? `, missing ${missing}` : ""}`;
}

function missingValues(table: Table, used: ReadonlySet<string>): { what: string; value: string } {
  const holes = [...used].flatMap((name) => {
    const column = table.columns[name];
    if (column === undefined) return [];
    let n = 0;
    if (column.kind === "category") { for (const c of column.codes) if (c < 0) n++; } else for (const v of column.kind === "number" ? column.values : column.days) if (Number.isNaN(v)) n++;
    return n === 0 ? [] : [{ name, n }];
  }).sort((a, b) => b.n - a.n);
  return { what: "missing values", value: holes.length === 0 ? `none in ${counted(used.size, "predictor")}` : `${holes.slice(0, 30).map(({ name, n }) => `${name} ${n}`).join(", ")}${holes.length > 30 ? ` and ${holes.length - 30} more columns` : ""} (of ${counted(table.id.length, "row")})` };
}

const columnsBefore = (plan: Plan, name: string): string[] => [...new Set(inputsOf(plan, name).flatMap((i) => (i.kind === "column" ? [i.name] : columnsBefore(plan, i.name))))];

/** A step or learner under the names that plans use. */
function written({ name, options }: Use, methods: readonly Method[]): Use {
  return { name: methods.find((m) => m.engine === name)?.name ?? name, options: planOptions(name, options) };
}

function blockInWords(plan: Plan, block: BlockPlan, events: number, where: string): string {
  const own = inputsOf(plan, block.name);
  const candidates = columnsBefore(plan, block.name).length;
  const parts = own.filter((i) => i.kind !== "column").map((i) => (i.kind === "selected" ? `what ${i.name} selects` : i.name));
  const columns = own.length - parts.length;
  const from = [...(columns > 0 ? [counted(columns, "column")] : []), ...parts].join(" + ");
  const steps = [...block.steps.map((u) => written(u, planSteps)), written(block.learner, planLearners)].map(({ name, options }) => `${name}${Object.keys(options).length === 0 ? "" : ` (${Object.entries(options).map(([k, v]) => `${k} ${Array.isArray(v) ? counted(v.length, "column") : typeof v === "object" ? JSON.stringify(v) : String(v)}`).join(", ")})`}`);
  return `${from} → ${steps.join(" → ")}; ${counted(candidates, "candidate")} for ${counted(events, "event")}${where}, ${short(events / candidates)} events per candidate`;
}

function validationInWords({ validation: v, cohorts }: Plan): string {
  const said = [
    ...(v.split === undefined ? [] : [`test set by ${v.split.by}${v.split.by === "random" ? ` (${Math.round(100 * v.split.test)} %)` : ""}, opened once`]),
    ...(v.crossValidation === undefined ? [] : [`nested cross-validation ${v.crossValidation.folds} × ${v.crossValidation.repeats} (${counted(v.crossValidation.folds * v.crossValidation.repeats, "fit")} of every block)`]),
    ...(v.bootstrap === undefined ? [] : [`${counted(v.bootstrap.resamples, "bootstrap sample")} of the whole pipeline`]),
    ...(v.leaveOneCentreOut ? ["each centre left out once"] : []), ...cohorts.filter((c) => c.role === "external").map((c) => `external: ${c.name}${c.models === undefined ? "" : ` (${c.models.join(", ")})`}`),
  ];
  return said.length === 0 ? "none: every figure of merit will be apparent" : said.join("; ");
}

function evaluationInWords({ evaluation: e, outcome }: Plan): string {
  const { window: course } = e;
  const unit = outcome.kind === "survival" ? ` ${outcome.unit}` : "";
  return [...(e.times.length > 0 ? [`at ${e.times.join(", ")}${unit}`] : []), ...(course === undefined ? [] : [`AUC(t) from ${course.join(" to ")}${unit}`]), ...(outcome.kind === "binary" ? [`positive from ${thresholdInWords(e.threshold)}`] : []), `risk groups: ${e.cutpoint.groups} by ${e.cutpoint.method}`,
    `comparisons: ${e.comparisons.map(([a, b]) => `${b} against ${a}`).join(", ") || "none"}`, `intervals ${100 * e.level} %`].join("; ");
}
