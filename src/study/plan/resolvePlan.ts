import { endpoints, type TimeUnit } from "../../cohort/index.js";
import { didYouMean } from "../../math/index.js";
import { blockOrder, columnsNeeded, inputsOf } from "./blockGraph.js";
import { listOf, useOf } from "./checkPlan.js";
import { columnsOfEntry, entryOf, isPattern, resolveGroup } from "./columnPatterns.js";
import { derivations } from "./derivations.js";
import { derivationOf, derivedInWords, lineage, outcomeLineage } from "../load/deriveColumns.js";
import type { BlockPlan, CohortPlan, DerivePlan, EvaluationPlan, OutcomePlan, Plan, TablePlan, Use, ValidationPlan, VariablePlan } from "../plan.js";
import { atPart, onlyName, PlanError, type Mistake, type Path } from "./planErrors.js";
import { learnersByName, stepsByName, type Method } from "./planMethods.js";
import { planSchema, type FilledInput, type PlanInput } from "./planSchema.js";
import { defineStudy } from "./readPlan.js";

/** A record without the entries that are undefined. */
type Given<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & { [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined> };
export function given<T extends object>(record: T): Given<T> {
  return Object.fromEntries(Object.entries(record).filter(([, v]) => v !== undefined)) as Given<T>;
}

/**
 * The plan as the engine runs it: short forms written out, every default filled in, methods under the engine's own names. With the
 * columns of the development table the groups become lists of columns (`resolveColumns`); without, they stay as written.
 * @throws InputError every mistake of the plan, and entries that mean no column
 */
export function resolvePlan(input: PlanInput, columns?: readonly string[]): Plan {
  defineStudy(input);
  const filled = planSchema.parse(input);
  const models = blocksOf(filled, "models"), scores = blocksOf(filled, "scores");
  const cohorts = filled.cohorts.map(cohortOf);
  const final = filled.final ?? models[0].name;
  const derive = deriveOf(filled.derive);
  const plain: Plan = {
    radscore: 1, title: filled.title, question: filled.question, seed: filled.seed, order: filled.order, strict: filled.strict, cohorts,
    variables: variablesOf(filled, derive), ...(derive.length > 0 && { derive }), groups: filled.groups, outcome: outcomeOf(filled), scores, models, final,
    validation: validationOf(filled), evaluation: evaluationOf(filled, cohorts), report: given(filled.report),
  };
  plain.reference = filled.reference ?? referenceOf(plain)!;
  if (plain.reference === undefined) delete plain.reference;
  if (filled.evaluation.comparisons === undefined) {
    const { reference } = plain;
    const others = models.map((m) => m.name).filter((name) => name !== final && name !== reference);
    plain.evaluation.comparisons = [...(reference === undefined ? [] : [reference]), ...others].map((name) => [name, final]);
  }
  return columns === undefined ? plain : resolveColumns(plain, columns);
}

/**
 * The plan with its groups, patterns in `from`, and columns of steps as lists of columns of the development table.
 * @throws InputError every entry that means no column, every column that the plan asks for and the table lacks, and predictors that
 * are the outcome, the patient's number or not available; each with its part of the plan (PlanError)
 */
export function resolveColumns(plan: Plan, columns: readonly string[]): Plan {
  const wrong: Mistake[] = [];
  const say = (path: Path, message: string) => { wrong.push(...atPart(path, message).mistakes); };
  const groups = Object.fromEntries(Object.keys(plan.groups).map((name) => {
    const { columns: found, lost: all } = resolveGroup(name, plan.groups, columns);
    // what a group of this group lacks is told there
    const lost = all.filter((e) => plan.groups[name].includes(e));
    if (lost.length > 0) say(["groups", name, plan.groups[name].indexOf(lost[0])], `groups.${name}: ${lost.map((e) => `"${e}"`).join(", ")} ${lost.length === 1 ? "means" : "mean"} no column. ${isPattern(lost[0]) ? `Columns are ${some(columns)}` : didYouMean(lost[0].replace(/^!/, ""), columns.length > 60 ? near(lost[0], columns) : columns)}`);
    else if (all.length === 0 && found.length === 0) say(["groups", name], `groups.${name}: has no column left; leave fewer out.`);
    return [name, found];
  }));
  const names = new Set([...plan.scores, ...plan.models].map((b) => b.name));
  for (const name of plan.scores.map((s) => s.name)) if (columns.includes(name)) say(["scores", name], `scores.${name}: a column of the table is called "${name}" too; give the score another name.`);
  const listed = (entries: string[], where: string, path: Path): string[] => entries.flatMap((entry) => {
    if (Object.hasOwn(groups, entry)) return groups[entry];
    if (names.has(entry)) return [entry];
    const found = columnsOfEntry(entry, columns);
    if (found.length === 0) say(path, `${where}: "${entry}" is neither a group nor a block nor a column. ${didYouMean(entry, [...Object.keys(groups), ...names, ...near(entry, columns)])}`);
    return found;
  });
  const block = (b: BlockPlan, section: string): BlockPlan => ({
    ...b, learner: learner(b, section),
    from: b.from.flatMap((entry, k) => (Object.hasOwn(groups, entry) || names.has(entry) || (entry.endsWith(".selected") && names.has(entry.slice(0, -9))) ? [entry] : listed([entry], `${section}.${b.name}.from`, [section, b.name, "from", k]))),
    steps: b.steps.map((step, k) => (Array.isArray(step.options.columns) ? { ...step, options: { ...step.options, columns: listed(step.options.columns as string[], `${section}.${b.name}.steps[${k + 1}].columns`, [section, b.name, "steps", k, onlyName, "columns"]) } } : step)),
  });
  const learner = (b: BlockPlan, section: string): Use => {
    const { penalties } = b.learner.options as { penalties?: Record<string, number> };
    if (penalties === undefined) return b.learner;
    const by = Object.entries(penalties).flatMap(([entry, factor]) => listed([entry], `${section}.${b.name}.learner.penaltyFactor`, [section, b.name, "learner", onlyName, "penaltyFactor", entry]).map((column) => [column, factor] as const));
    return { ...b.learner, options: { ...b.learner.options, penalties: Object.fromEntries(by) } };
  };
  const resolved: Plan = { ...plan, groups, scores: plan.scores.map((b) => block(b, "scores")), models: plan.models.map((b) => block(b, "models")) };
  const asked = (name: string, where: string, path: Path, also: readonly string[] = []) => {
    if (!columns.includes(name) && !also.includes(name)) say([...where.split("."), ...path], `${where}: there is no column "${name}". ${didYouMean(name, [...also, ...near(name, columns)])}`);
  };
  const { evaluation } = plan;
  for (const name of Object.keys(plan.variables)) asked(name, "variables", [name]);
  evaluation.subgroups.forEach(({ column }, k) => asked(column, "evaluation.subgroups", [k, "column"]));
  evaluation.associations.forEach((a, k) => { for (const key of ["of", "with"] as const) asked(a[key], "evaluation.associations", [k, key], [...names]); });
  evaluation.changes.forEach((c, k) => { for (const key of ["before", "after"] as const) asked(c[key], "evaluation.changes", [k, key]); });
  evaluation.paired.forEach((p, k) => { for (const key of ["first", "second"] as const) asked(p[key], "evaluation.paired", [k, key]); });
  resolved.evaluation = { ...evaluation, baseline: evaluation.baseline.map((b, k) => {
    asked(b.by, "evaluation.baseline", [k, "by"], ["outcome", "cohort", "centre", "risk group"]);
    return b.variables === undefined ? b : { ...b, variables: listed(b.variables, "evaluation.baseline", ["evaluation", "baseline", k, "variables"]) };
  }) };
  if (wrong.length === 0) leakage(resolved, plan, say);
  if (wrong.length > 0) throw new PlanError(wrong);
  blockOrder(resolved);
  return resolved;
}

/** Leakage that only the resolved columns show: a pattern may have caught them. `written`: the plan with its groups as they were written. */
function leakage(plan: Plan, written: Plan, say: (path: Path, message: string) => void): void {
  const { outcome, derive } = plan;
  const own = outcome.kind === "binary" ? [outcome.column] : [outcome.time, outcome.event];
  const tells = outcomeLineage(plan);
  const development = plan.cohorts.find((c) => c.role === "development")!;
  const seen = new Set<string>();
  const derivedLeak = (name: string): string | undefined => {
    const from = lineage(name, derive).slice(1);
    const bad = from.find((c) => tells.has(c)) ?? from.find((c) => plan.variables[c]?.available === false);
    return bad === undefined ? undefined : `is derived from the column "${bad}", which ${tells.has(bad) ? "makes the outcome" : "is declared available: false"},`;
  };
  for (const b of [...plan.scores, ...plan.models]) {
    b.steps.forEach((step, k) => {
      const covariates = (step.options["covariates"] as string[] | undefined) ?? [];
      for (const name of covariates.filter((c) => own.includes(c) || lineage(c, derive).some((l) => tells.has(l)))) say([`${b.kind}s`, b.name, "steps", k, onlyName, "covariates"], `${b.kind}s.${b.name}.steps[${k + 1}]: ${step.name} keeps the effect of "${name}", which is the outcome or made of it (leakage). Leave it out of covariates.`);
    });
    for (const input of inputsOf(plan, b.name)) {
      if (input.kind !== "column" || seen.has(input.name)) continue;
      seen.add(input.name);
      const why = own.includes(input.name) ? "is the outcome itself" : tells.has(input.name) ? "is what the outcome is made from" : plan.variables[input.name]?.available === false ? "is declared available: false" : input.name === development.patient ? "is the patient's number" : derivedLeak(input.name);
      if (why !== undefined) say(columnPath(written, b, input.name), `${b.kind}s.${b.name}: "${input.name}" ${why} and may not be a predictor (leakage). Leave it out of the group: "!${input.name}".`);
    }
  }
}

/** Where a column comes into a block: the entry of its `from`, or of the group named there, that means it; the block where none does so by itself. */
export function columnPath({ groups }: Pick<Plan, "groups">, { kind, name, from }: BlockPlan, column: string): Path {
  const own = entryOf(column, from);
  if (own >= 0) return [`${kind}s`, name, "from", own];
  const seen = new Set<string>();
  const inGroup = (group: string): Path | undefined => {
    if (seen.has(group) || !Object.hasOwn(groups, group)) return undefined;
    seen.add(group);
    const at = entryOf(column, groups[group]);
    return at >= 0 ? ["groups", group, at] : groups[group].map(inGroup).find((path) => path !== undefined);
  };
  return from.map(inGroup).find((path) => path !== undefined) ?? [`${kind}s`, name];
}

/** The names nearest in spelling, where a table has hundreds. */
function near(name: string, columns: readonly string[]): string[] {
  if (columns.length <= 60) return [...columns];
  const head = name.replace(/[*?].*$/, "").slice(0, 3).toLowerCase();
  const alike = columns.filter((c) => c.toLowerCase().startsWith(head) || Math.abs(c.length - name.length) <= 2);
  return (alike.length > 0 && alike.length <= 60 ? alike : columns.slice(0, 20)) as string[];
}

const some = (columns: readonly string[]) => `${columns.slice(0, 12).join(", ")}${columns.length > 12 ? `, … (${columns.length} in all)` : ""}.`;

/** The first model in which no score has a part, unless it is the final one. */
function referenceOf(plan: Plan): string | undefined {
  const scores = new Set(plan.scores.map((s) => s.name));
  const blocks = [...plan.scores, ...plan.models];
  const uses = (name: string, open: readonly string[] = []): boolean => scores.has(name) || blocks.find((b) => b.name === name)!.from.some((entry) => {
    const of = entry.endsWith(".selected") ? entry.slice(0, -9) : entry;
    return !Object.hasOwn(plan.groups, entry) && blocks.some((b) => b.name === of) && !open.includes(of) && uses(of, [...open, name]);
  });
  return plan.models.map((m) => m.name).find((name) => name !== plan.final && !uses(name));
}

function blocksOf(filled: FilledInput, section: "scores" | "models"): BlockPlan[] {
  const centre = filled.cohorts.find((c, k) => (c.role ?? (k === 0 ? "development" : "external")) === "development")?.centre;
  return Object.entries(filled[section]).map(([name, b]) => ({
    name, kind: section === "scores" ? "score" : "model", title: b.title ?? name, from: b.from,
    steps: b.steps.map((use) => engineUse(use, stepsByName, centre)), learner: engineUse(b.learner, learnersByName),
  }));
}

/** A method under the engine's name, its options under the engine's names. */
function engineUse(use: FilledInput["models"][string]["learner"], known: ReadonlyMap<string, Method>, centre?: string): Use {
  const { name, options } = useOf(use);
  const method = known.get(name)!;
  const renamed = Object.fromEntries(Object.entries(options).filter(([, v]) => v !== undefined).map(([key, value]) => [method.engineOptions?.[key] ?? key, value]));
  if (method.engine === "combat" && renamed.batch === undefined && centre !== undefined) renamed.batch = centre;
  return { name: method.engine, options: renamed };
}

function cohortOf(c: FilledInput["cohorts"][number], k: number): CohortPlan {
  const { tables, images, readers, exclude, role, ...rest } = c;
  return {
    ...given(rest), role: role ?? (k === 0 ? "development" : "external"),
    tables: tables.map((t): TablePlan => (typeof t === "string" ? { file: t, id: "", missing: [], join: "inner" } : { join: "inner", ...given(t), missing: (t.missing ?? []).map(String) })),
    ...(images !== undefined && { images: given(images) }),
    readers: readers.map((r) => (typeof r === "string" ? { file: r, id: "" } : { ...given(r), id: r.id ?? "" })),
    exclude: exclude.map(({ column, is, not, below, above, reason, kind }) => ({
      column, reason, kind,
      is: is === "missing" ? { missing: true } : is !== undefined ? { equals: listOf(is) } : not !== undefined ? { not: listOf(not) } : below !== undefined ? { below } : { above: above! },
    })),
  };
}

function variableOf({ levels, missing, ...rest }: FilledInput["variables"][string]): VariablePlan {
  return {
    ...given(rest), ...(levels !== undefined && { levels: Array.isArray(levels) ? Object.fromEntries(levels.map((l) => [l, l])) : levels }),
    ...(missing !== undefined && { missing: missing.map(String) }),
  };
}

function outcomeOf({ outcome }: FilledInput): OutcomePlan {
  if (outcome.kind === "binary") {
    const eventName = outcome.eventName ?? outcome.name;
    return { kind: "binary", name: outcome.name, column: outcome.column, event: listOf(outcome.event), noEvent: listOf(outcome.noEvent), eventName, otherName: outcome.otherName ?? `no ${eventName}` };
  }
  const common = { kind: "survival", name: outcome.name ?? "", divide: outcome.divide } as const;
  if (outcome.endpoint !== undefined) {
    const { endpoint, unit = "months" } = outcome;
    const own = typeof endpoint === "string" ? { endpoint, events: [...endpoints[endpoint]] } : { endpoint: endpoint.name, events: endpoint.events };
    const name = outcome.name ?? (typeof endpoint === "string" ? endpointNames[endpoint] : endpoint.name);
    return {
      ...common, name, time: `${own.endpoint} time`, event: `${own.endpoint} event`, unit, eventName: outcome.eventName ?? `${own.endpoint} event`, codes: { event: ["1"], censored: ["0"], ...(outcome.competingDeath === true && { other: ["2"] }) },
      built: { ...own, origin: outcome.origin!, lastContact: outcome.lastContact!, dates: given(outcome.events!), landmark: outcome.landmark ?? 0, competingDeath: outcome.competingDeath ?? false, unit: unit as TimeUnit },
    };
  }
  const { event, censored, other } = outcome.codes!;
  return {
    ...common, time: outcome.time!, event: outcome.event!, unit: outcome.unit!, eventName: outcome.eventName ?? outcome.name!,
    codes: { event: listOf(event), censored: listOf(censored), ...(other !== undefined && { other: listOf(other) }) },
  };
}

const endpointNames = { OS: "overall survival", DFS: "disease-free survival", RFS: "recurrence-free survival", DMFS: "distant metastasis-free survival" } as const;

/** Variables as described; derived ones too, with where they come from, and not available where what they are made from is not. */
function variablesOf({ variables }: FilledInput, derive: DerivePlan[]): Plan["variables"] {
  const described = Object.fromEntries(Object.entries(variables).map(([name, v]) => [name, variableOf(v)]));
  for (const entry of derive) {
    const known = lineage(entry.name, derive).every((name) => described[name]?.available !== false);
    const unit = derivationOf(entry).unit?.(entry.options);
    described[entry.name] = { source: derivedInWords(entry), ...(unit !== undefined && described[entry.name]?.cut === undefined && { unit }), ...(!known && { available: false }), ...described[entry.name] };
  }
  return described;
}

function deriveOf(derive: FilledInput["derive"]): DerivePlan[] {
  return Object.entries(derive).map(([name, { rule, ...rest }]) => {
    const known: readonly string[] = [...derivations[rule].needs, ...((derivations[rule] as { may?: readonly string[] }).may ?? [])];
    const said = Object.entries(given(rest));
    return { name, rule, sources: Object.fromEntries(said.filter(([key]) => known.includes(key)) as [string, string][]), options: Object.fromEntries(said.filter(([key]) => !known.includes(key))) };
  });
}

function validationOf({ validation: { crossValidation, bootstrap, leaveOneCentreOut, split } }: FilledInput): ValidationPlan {
  return {
    ...(crossValidation !== false && { crossValidation: crossValidation ?? { folds: 5, repeats: 100 } }),
    ...(bootstrap !== false && bootstrap !== 0 && { bootstrap: { resamples: bootstrap ?? 1000 } }),
    leaveOneCentreOut, ...(split !== undefined && { split: { ...given(split), ...(split.values !== undefined && { values: split.values.map(String) }) } as NonNullable<ValidationPlan["split"]> }),
  };
}

function evaluationOf({ evaluation: e, outcome }: FilledInput, cohorts: CohortPlan[]): EvaluationPlan {
  const times = e.times ?? [];
  const window = e.window ?? (times.length > 1 ? [times[0], times[times.length - 1]] as [number, number] : undefined);
  const baseline = e.baseline ?? ["outcome", ...(cohorts.length > 1 ? ["cohort"] : []), ...(cohorts.some((c) => c.centre !== undefined) ? ["centre"] : [])];
  return {
    times, ...(window !== undefined && outcome.kind === "survival" && { window }), level: e.level, threshold: e.threshold,
    cutpoint: e.cutpoint !== undefined ? given(e.cutpoint) : { method: "median", groups: 2 }, thresholds: e.thresholds, comparisons: e.comparisons ?? [],
    subgroups: e.subgroups.map((s) => (typeof s === "string" ? { column: s } : given(s))), associations: e.associations, changes: e.changes, paired: e.paired.map((p) => given(p)),
    baseline: baseline.map((b) => (typeof b === "string" ? { by: b, percent: "column" } : given(b))),
    cases: e.cases.map((c) => ({ ...given(c), id: String(c.id) })),
  };
}

/** Columns that the blocks of these models can come to need. */
export function columnsOfModels(plan: Plan, models: readonly string[]): string[] {
  return [...new Set(models.flatMap((name) => columnsNeeded(plan, name)))];
}
