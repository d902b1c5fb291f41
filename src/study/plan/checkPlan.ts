import { didYouMean, nearestWord } from "../../math/index.js";
import { inputsOfEntry, orderOf, selectedOf } from "./blockGraph.js";
import { checkCohorts, checkVariables } from "./checkCohorts.js";
import { checkDerive, checkOutcome } from "./checkOutcome.js";
import { checkEvaluation, checkValidation } from "./checkEvaluation.js";
import { isPattern, patternForm } from "./columnPatterns.js";
import type { Mistake } from "./planErrors.js";
import { learnersByName, planLearners, stepsByName, type Method, type OutcomeKind } from "./planMethods.js";
import type { FilledInput } from "./planSchema.js";

/** A plan of which any part may be missing, because it was wrong already; wrong entries of lists are undefined and keep their place. */
export type PartialPlan = Partially<FilledInput>;
type Partially<T> = T extends readonly [infer A, infer B] ? [A, B] : T extends readonly (infer E)[] ? (Partially<E> | undefined)[] : T extends object ? { [Key in keyof T]?: Partially<T[Key]> | undefined } : T;
export type Say = (path: Mistake["path"], message: string, atKey?: true) => void;

type Use = FilledInput["models"][string]["learner"];
type Block = { name: string; section: "scores" | "models"; from: (string | undefined)[]; steps: (Use | undefined)[]; learner?: Use };
/** All groups, scores and models that a file writes, also those whose content is wrong. */
export type BlockNames = { groups: string[]; scores: string[]; models: string[] };

/** Name and options of a step or learner, however it was written. */
export function useOf(use: Use): { name: string; options: Record<string, unknown> } {
  if (typeof use === "string") return { name: use, options: {} };
  const [name, options] = Object.entries(use).find(([, o]) => o !== undefined)!;
  return { name, options: (options ?? {}) as Record<string, unknown> };
}

/** Codes written as one or as several. */
export const listOf = <T>(codes: T | readonly T[]): string[] => (Array.isArray(codes) ? codes : [codes]).map(String);

/**
 * Mistakes in what the parts of a plan say of each other, without any data: names that mean nothing, circles, leakage, methods
 * that do not fit the outcome, settings that need others. `written`: the plan as it stands in the file, to tell what was left out from what is wrong.
 */
export function checkPlan(plan: PartialPlan, names: BlockNames, written?: unknown): Mistake[] {
  const mistakes: Mistake[] = [];
  const say: Say = (path, message, atKey) => { mistakes.push({ path, message, ...(atKey && { atKey }) }); };
  const blocks = (["scores", "models"] as const).flatMap((section) => Object.entries(plan[section] ?? {}).map(([name, b]): Block => (
    { name, section, from: b?.from ?? [], steps: (b?.steps ?? []) as Block["steps"], ...(b?.learner !== undefined && { learner: b.learner as Use }) })));
  checkNames(plan, names, blocks, say);
  const kind = plan.outcome?.kind;
  for (const { section, name, steps, learner } of blocks) {
    steps.forEach((use, k) => { if (use !== undefined) checkUse(use, stepsByName, "step", kind, plan, [section, name, "steps", k], say); });
    if (learner !== undefined) checkUse(learner, learnersByName, "learner", kind, plan, [section, name, "learner"], say);
  }
  checkCohorts(plan, names, say, written);
  checkVariables(plan, say);
  checkOutcome(plan, (written as { outcome?: unknown } | undefined)?.outcome ?? plan.outcome, say);
  checkDerive(plan, names, say);
  checkValidation(plan, say);
  checkEvaluation(plan, names, say);
  return mistakes;
}

function checkNames(plan: PartialPlan, names: BlockNames, blocks: Block[], say: Say): void {
  for (const name of names.models) if (names.scores.includes(name)) say(["models", name], `"${name}" is the name of a score too; give one of them another name.`, true);
  for (const [section, of] of [["scores", names.scores], ["models", names.models]] as const) {
    for (const name of of.filter((n) => n.endsWith(".selected"))) say([section, name], `a name may not end in ".selected", which means the columns that a block kept; choose another.`, true);
  }
  checkGroups(plan, names, say);
  const known = [...new Set([...names.groups, ...names.scores, ...names.models])];
  const blockNames = new Set([...names.scores, ...names.models]);
  const named = {
    groups: Object.fromEntries(names.groups.map((g) => [g, [] as string[]])),
    blocks: [...blockNames].map((name) => ({ name, from: blocks.find((b) => b.name === name)?.from.filter((e) => e !== undefined) ?? [] })),
  };
  const selfish = (name: string, entry: string) => inputsOfEntry(entry, named).some((i) => i.kind !== "column" && i.name === name);
  for (const { name: block, section, from } of blocks) {
    const path = [section, block, "from"];
    from.forEach((entry, k) => {
      if (entry === undefined) return;
      if (from.indexOf(entry) !== k) say([...path, k], `"${entry}" stands twice; name it once.`);
      if (selfish(block, entry)) say([...path, k], `"${block}" is made from itself. Name a group, columns or another block.`);
      if (known.includes(entry) || selectedOf(entry, blockNames) !== undefined) return;
      if (entry.startsWith("!")) return say([...path, k], `"${entry}" leaves something out, which from cannot; make a group under groups and name it here.`);
      if (entry.endsWith(".selected")) {
        const of = entry.slice(0, -".selected".length);
        return say([...path, k], `from names "${entry}", but ${names.groups.includes(of) ? `"${of}" is a group, which selects nothing; a score or model does` : `there is no score or model "${of}"`}. ${didYouMean(of, [...blockNames])}`);
      }
      leak(plan, entry, [], [...path, k], say);
      const near = nearestWord(entry, known);
      if (!isPattern(entry) && near !== undefined && !Object.hasOwn(plan.variables ?? {}, entry) && !Object.hasOwn(plan.derive ?? {}, entry) && !outcomeColumns(plan).includes(entry)) {
        say([...path, k], `from names "${entry}"; did you mean "${near}"? Known: ${known.join(", ")}; a column of this name must be listed under variables or in a group.`);
      }
    });
  }
  const found = orderOf({ ...named, blocks: named.blocks.map((b) => ({ ...b, from: b.from.filter((e) => !selfish(b.name, e)) })) });
  if ("circle" in found) say([names.scores.includes(found.circle[0]) ? "scores" : "models", found.circle[0], "from"], `the blocks go in a circle (${found.circle.join(" ← ")}), so none can be computed first. Take one of them out of a from.`);
  if (plan.final === undefined && names.models.length > 1) say(["final"], `final is missing; name the final model beforehand, as final: ${names.models.at(-1)}. Models: ${names.models.join(", ")}.`);
  for (const key of ["final", "reference"] as const) {
    const name = plan[key];
    if (name === undefined || names.models.includes(name)) continue;
    say([key], names.scores.includes(name) ? `"${name}" is a score; expected a model. Models: ${names.models.join(", ")}.` : `there is no model "${name}". ${didYouMean(name, names.models)}`);
  }
  if (plan.reference !== undefined && plan.reference === plan.final) say(["reference"], `"${plan.reference}" is the final model itself; name the model that it is held against.`);
}

/** What a column is made from, itself included, as far as the plan says. */
function madeFrom(plan: PartialPlan, name: string, open: readonly string[] = []): string[] {
  const entry = plan.derive?.[name];
  if (entry === undefined || open.includes(name)) return [name];
  const { rule: _, ...rest } = entry as Record<string, unknown>;
  return [name, ...Object.values(rest).flatMap((v) => (typeof v === "string" ? madeFrom(plan, v, [...open, name]) : []))];
}

/** The columns of the outcome, and what they are made from. */
function outcomeColumns(plan: PartialPlan): string[] {
  const { outcome } = plan;
  const own = outcome === undefined ? [] : outcome.kind === "binary" ? [outcome.column] : outcome.kind === "survival" ? [outcome.time, outcome.event, outcome.lastContact, ...Object.values(outcome.events ?? {})] : [];
  return [...new Set(own.filter((c) => c !== undefined).flatMap((c) => madeFrom(plan, c)))];
}

function checkGroups(plan: PartialPlan, names: BlockNames, say: Say): void {
  for (const [group, all] of Object.entries(plan.groups ?? {})) {
    const entries = all ?? [];
    const out = entries.filter((e) => e?.startsWith("!")).map((e) => e!.slice(1));
    entries.forEach((entry, k) => {
      if (entry === undefined) return;
      const path = ["groups", group, k];
      if (entries.indexOf(entry) !== k) say(path, `"${entry}" stands twice in this group; name it once.`);
      else if (entry === group) say(path, `the group "${group}" names itself; name columns, patterns or other groups.`);
      else if (!entry.startsWith("!") && !names.groups.includes(entry)) leak(plan, entry, out, path, say);
    });
    if (entries.length > 0 && entries.every((e) => e?.startsWith("!"))) say(["groups", group], `has only names that are left out; name what is in it first, for example "*".`);
  }
}

/** Says which columns meant by an entry may not be predictors; `out` are names and patterns left out beside it. */
function leak(plan: PartialPlan, entry: string, out: readonly string[], path: Mistake["path"], say: Say): void {
  const fits = (e: string, column: string) => e === column || (isPattern(e) && patternForm(e).test(column));
  const meant = (column: string) => fits(entry, column) && !out.some((e) => fits(e, column));
  const declared = Object.entries(plan.variables ?? {}).filter(([, v]) => v?.available === false).map(([name]) => name);
  const own = outcomeColumns(plan);
  // what is made from the outcome, or from what is known later, is so itself
  const derived = Object.keys(plan.derive ?? {}).filter((name) => !own.includes(name) && !declared.includes(name) && meant(name));
  for (const column of derived) {
    const from = madeFrom(plan, column).slice(1), bad = from.find((c) => own.includes(c)) ?? from.find((c) => declared.includes(c));
    if (bad !== undefined) say(path, `"${column}" is derived from the column "${bad}", which ${own.includes(bad) ? "is (or makes) the outcome itself" : "is declared available: false"}; it may not be a predictor (leakage). Take it out here${isPattern(entry) ? ` (add "!${column}")` : ""}.`);
  }
  const hidden = declared;
  for (const column of hidden.filter(meant)) say(path, `"${column}" is declared available: false: it is not known when the prediction is made and may not be a predictor (leakage). Take it out here${isPattern(entry) ? ` (add "!${column}")` : ""}, or correct the declaration.`);
  const outcome = plan.outcome;
  const itself = outcome?.kind === "binary" ? [outcome.column] : outcome?.kind === "survival" ? [outcome.time, outcome.event] : [];
  for (const column of own.filter((c) => !hidden.includes(c)).filter(meant)) say(path, `"${column}" is ${itself.includes(column) ? "the outcome itself" : "what the outcome is made from"} and may not be a predictor (leakage). Take it out here${isPattern(entry) ? ` (add "!${column}")` : ""}.`);
}

/** One step or learner: fits the outcome, and options that need something else of the plan have it. */
function checkUse(use: Use, known: ReadonlyMap<string, Method>, what: "step" | "learner", kind: OutcomeKind | undefined, plan: PartialPlan, path: Mistake["path"], say: Say): void {
  if (typeof use === "object" && Object.values(use).filter((o) => o !== undefined).length !== 1) {
    say(path, `holds ${Object.keys(use).length === 0 ? "no name" : `several names (${Object.keys(use).join(", ")})`}; expected one ${what}${what === "step" ? " for each line of the list" : ""}.`);
    return;
  }
  const { name, options } = useOf(use);
  const method = known.get(name);
  if (method === undefined) return;
  if (kind !== undefined && method.outcomes !== undefined && !method.outcomes.includes(kind)) {
    const twin = what === "learner" ? planLearners.filter((l) => l.outcomes?.includes(kind)).find((l) => l.name.toLowerCase().includes(method.name.toLowerCase()) || method.name.toLowerCase().replace("cox", "") === l.name.toLowerCase())?.name ?? (kind === "survival" ? (method.name === "firth" ? "firthCox" : "cox") : method.name === "firthCox" ? "firth" : "logistic") : undefined;
    say(path, `"${name}" is for a ${method.outcomes.join(" or ")} outcome, but this one is ${kind}.${twin === undefined ? " Take another step." : ` Did you mean "${twin}"?`}`);
    return;
  }
  const development = plan.cohorts?.find((c, k) => c !== undefined && (c.role ?? (k === 0 ? "development" : "external")) === "development");
  switch (method.engine) {
    case "combat":
      if (options.batch === undefined && development !== undefined && development.centre === undefined) say(path, `combat does not know the centres. Name the cohort's centre column (cohorts: centre: …), or its batch column here.`);
      if (options.batch === undefined && (options.newCentre ?? "refuse") === "refuse" && plan.validation?.split?.by === "centre") say(path, `combat refuses a centre that training did not have, and validation.split tests on centres put aside. Write newCentre: passThrough, or transductive with a reference centre.`);
      if (options.newCentre === "transductive" && options.reference === undefined) say(path, `newCentre: transductive needs a reference centre; name it.`);
      break;
    case "iccFilter":
      if (options.repeats === undefined && development !== undefined && (development.readers ?? []).length === 0) say(path, `icc needs another reading. Name it under the cohort's readers, or its columns in repeats.`);
      break;
    case "stepwise":
      if (options.criterion !== "p" && options.criterion !== "scoreLR" && (options.enter !== undefined || options.stay !== undefined)) say(path, `enter and stay belong to criterion: p (or scoreLR), but the criterion is ${String(options.criterion ?? "aic")}. Set criterion: p, or leave them out.`);
      if (options.criterion === "bicEvents" && kind === "binary") say(path, `bicEvents counts events for Cox models, but the outcome is binary; take bic (log patients).`);
      if (options.penalty !== undefined && options.criterion !== undefined && options.criterion !== "aic") say(path, `penalty is AIC's cost of a parameter, but the criterion is ${String(options.criterion)}; leave one of them out.`);
      if (options.criterion === "scoreLR" && (options.always !== undefined || (options.direction !== undefined && options.direction !== "forward"))) say(path, `scoreLR is SPSS's Forward: LR, which begins with no variable and goes forward; leave direction and always out.`);
      if (typeof options.enter === "number" && typeof options.stay === "number" && options.enter > options.stay) say(path, `a variable enters below p = ${options.enter} but leaves above ${options.stay} already; stay must be at least enter.`);
      break;
    case "univariable": {
      const right = kind === "survival" ? ["cox"] : ["welch", "t", "mannWhitney", "logistic", "anova", "kruskalWallis"];
      if (kind !== undefined && typeof options.test === "string" && !right.includes(options.test)) say([...path, name, "test"], `"${options.test}" does not test numbers against a ${kind} outcome; expected ${right.join(", ")}.`);
      const rightCategory = kind === "survival" ? ["cox"] : ["chiSquared", "fisher", "logistic"];
      if (kind !== undefined && typeof options.categoryTest === "string" && !rightCategory.includes(options.categoryTest)) say([...path, name, "categoryTest"], `"${options.categoryTest}" does not test categories against a ${kind} outcome; expected ${rightCategory.join(", ")}.`);
      break;
    }
    case "impute": {
      const only = { knn: ["neighbours"], mice: ["donors", "rounds", "numbers", "methods", "imputation"] };
      for (const [of, keys] of Object.entries(only)) for (const key of keys) if (options[key] !== undefined && options.method !== of && !(key === "neighbours" && options.method === "mice")) say([...path, name, key], `${key} belongs to method: ${of}, but the method is ${String(options.method ?? "median")}. Set method: ${of}, or leave it out.`);
      if (options.donors !== undefined && options.neighbours !== undefined) say([...path, name, "neighbours"], `donors and neighbours are one number in mice; leave neighbours out.`);
      break;
    }
    case "mrmr":
      if (options.information === "states" && kind === "survival") say([...path, name, "information"], `states are counted against classes, but the outcome is survival; expected ranks.`);
      break;
    case "stabilitySelection":
      if ((options.scheme ?? "pairs") === "pairs" && typeof options.halves === "number" && options.halves % 2 === 1) say([...path, name, "halves"], `${options.halves} halves make no whole number of pairs; give an even number, or scheme: halves.`);
      break;
    case "network":
      if (options.patience !== undefined && options.earlyStopping === undefined) say([...path, name, "patience"], `patience belongs to earlyStopping; name the share of patients to watch, or leave it out.`);
      if (options.learningRate !== undefined && options.optimiser !== "adam") say([...path, name, "learningRate"], `learningRate belongs to optimiser: adam, but the optimiser is ${String(options.optimiser ?? "bfgs")}.`);
      break;
    case "clusterRepresentatives":
      if (options.clusters !== undefined && options.height !== undefined) say(path, `clusters and height both say where the tree is cut; give one of them.`);
      break;
    case "fineGray":
      if (plan.outcome?.kind === "survival" && plan.outcome.endpoint !== undefined && plan.outcome.competingDeath !== true) say(path, `fineGray needs competing events; set outcome: competingDeath: true, so that deaths that the end-point does not list compete.`);
      if (plan.outcome?.kind === "survival" && plan.outcome.codes !== undefined && plan.outcome.codes.other === undefined) say(path, `fineGray needs codes of the competing events; name them in outcome: codes: other.`);
      break;
  }
}
