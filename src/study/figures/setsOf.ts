import { selectOutcome, type BinaryOutcome, type SurvivalOutcome } from "../../cohort/index.js";
import { levelText, type Kind } from "../../report/index.js";
import type { Facts, SetFacts } from "../facts.js";

export type Scored = { title: string; kind: SetFacts["kind"]; set: string; outcome: BinaryOutcome | SurvivalOutcome; n: number; events: number; from: SetFacts; /** patients of the set whom a model could not score: they are in no figure */ unscored: number };

/** Patients and events of an outcome. */
export function counts(outcome: BinaryOutcome | SurvivalOutcome): { n: number; events: number } {
  let events = 0;
  for (const e of outcome.event) if (e === 1) events++;
  return { n: outcome.event.length, events };
}

/** The scored sets with the outcome of their rows: apparent first, then tuning, test, external. Rows are those that every model could score. */
export function scoredSets(facts: Facts): Scored[] {
  return facts.sets.map((whole) => {
    const set = scoredRows(facts, whole);
    const outcome = selectOutcome(set.cohort.outcome, set.rows);
    return { title: `${plainSet(set.name)}, ${set.kind}`, kind: set.kind, set: set.name, outcome, ...counts(outcome), from: set, unscored: whole.rows.length - set.rows.length };
  });
}

function scoredRows(facts: Facts, set: SetFacts): SetFacts {
  const models = modelsIn(facts, set.predictions);
  const keep = Array.from(set.rows.keys()).filter((k) => models.every((name) => !Number.isNaN(set.predictions[name].linear[k])));
  if (keep.length === set.rows.length) return set;
  const of = (values: Float64Array) => Float64Array.from(keep, (k) => values[k]);
  return { ...set, rows: Int32Array.from(keep, (k) => set.rows[k]), predictions: Object.fromEntries(Object.entries(set.predictions).map(([name, p]) => [name, { linear: of(p.linear), probability: p.probability.map(of) }])) };
}

/** "Centre A, test" of a test set is Centre A's: what kind it is stands beside it. */
export const plainSet = (set: string): string => set.replace(/, test$/, "");

/** The outcome of the training rows, in their order. */
export const trainingOutcome = (facts: Facts): BinaryOutcome | SurvivalOutcome => selectOutcome(facts.data.development.outcome, facts.training);

/** Models of the plan in its order that were scored in this set. */
export const modelsIn = (facts: Facts, predictions: Record<string, unknown>): string[] => facts.plan.models.map((m) => m.name).filter((name) => Object.hasOwn(predictions, name));

/** "132 training patients, 71 events" */
export function trainingText(facts: Facts): string {
  const { n, events } = counts(trainingOutcome(facts));
  return `${n} training patients, ${events} events`;
}

/** "a", "a and b", "a, b and c" */
export const listed = (words: readonly string[]): string => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)!}`);

/** The label of a column for readers. */
export const labelOf = (facts: Facts, column: string): string => facts.plan.variables[column]?.label ?? column;

/** The same with its unit: "Ki-67, %". */
export function withUnit(facts: Facts, column: string): string {
  const unit = facts.plan.variables[column]?.unit;
  return unit === undefined ? labelOf(facts, column) : `${labelOf(facts, column)}, ${unit}`;
}

/** What one unit of it is: "Age, per year", "Size, per mm"; without a unit the label alone. */
export function perUnit(facts: Facts, column: string): string {
  const unit = facts.plan.variables[column]?.unit;
  return unit === undefined ? labelOf(facts, column) : `${labelOf(facts, column)}, per\u00a0${unit.replace(/^(year|month|week|day|hour|point)s$/, "$1")}`;
}

/** A term of a design in words: "Hormone receptor: positive". */
export function termLabel(facts: Facts, term: string): string {
  const columns = facts.data.development.table.columns;
  if (columns[term] !== undefined) return perUnit(facts, term);
  const name = Object.keys(columns).filter((c) => columns[c].kind === "category" && term.startsWith(c)).sort((a, b) => b.length - a.length)[0];
  return name === undefined ? labelOf(facts, term) : `${labelOf(facts, name)}: ${term.slice(name.length)}`;
}

/** Name of the file of a figure from words. */
export const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

/** Why a figure of a block's linear predictor is not drawn: it is one number for all training patients. */
export function notDrawn(facts: Facts, name: string): string | undefined {
  const linear = facts.sets[0].predictions[name]?.linear;
  if (linear === undefined || linear.some((v) => v !== linear[0])) return undefined;
  return facts.blocks.find((b) => b.name === name)?.model === null ? `${labelOf(facts, name)} is the null model (nothing was selected)` : `${labelOf(facts, name)} predicts all patients alike`;
}

/** The entry of the table of all measures for a model on a set: what a figure says of it is this number. */
export const tableEntry = (facts: Facts, model: string, measure: string, kind: Kind, set: string) => facts.performance.find((p) => p.model === model && p.measure === measure && p.estimate.kind === kind && p.estimate.set === set)?.estimate;

/** "95 %" of the plan's intervals. */
export const percentOf = (facts: Facts): string => levelText(facts.plan.evaluation.level).replace(" CI", "");

/** Each fold of each repeat of the cross-validation: places (in Facts.training) of the patients left out. */
export function foldsOf(facts: Facts): { repeat: number; places: number[] }[] {
  const cv = facts.crossValidation;
  if (cv === undefined) return [];
  return cv.repeats.flatMap(({ fold }, repeat) => {
    const by = new Map<number, number[]>();
    fold.forEach((f, place) => { if (by.has(f)) by.get(f)!.push(place); else by.set(f, [place]); });
    return [...by.keys()].sort((a, b) => a - b).map((f) => ({ repeat, places: by.get(f)! }));
  });
}
