import { nomogram, type CoxTableModel, type DesignCoding, type LogisticFit, type NomogramOutcome, type NomogramVariable } from "../../model/index.js";
import type { Figure, NomogramData } from "../../report/index.js";
import type { Facts } from "../facts.js";
import type { FittedBlock } from "../pipeline.js";
import { labelOf } from "./setsOf.js";

type LogisticTable = { kind: string; coding: DesignCoding; model: LogisticFit };

/** Coefficients by design column, intercept and centre of a logistic or Cox block; undefined for models that have no nomogram. */
function linearOf(block: FittedBlock): { coding: DesignCoding; slope: (name: string) => number; intercept: number } | undefined {
  const table = block.model as CoxTableModel | LogisticTable | null;
  if (table === null || !("coding" in table) || !("model" in table)) return undefined;
  if (block.learner.name === "cox" || block.learner.name === "firthCox") {
    const { names, coefficients, means } = (table as CoxTableModel).model;
    const b = names.map((_, j) => coefficients[j] ?? 0);
    return { coding: table.coding, slope: (name) => b[names.indexOf(name)] ?? 0, intercept: means === undefined ? 0 : -b.reduce((s, v, j) => s + v * (means[j] ?? 0), 0) };
  }
  if (block.learner.name !== "logistic" && block.learner.name !== "firth") return undefined;
  const { names, coefficient } = (table as LogisticTable).model;
  const at = (name: string) => coefficient[names.indexOf(name)] ?? 0;
  return { coding: table.coding, slope: at, intercept: names.includes("(Intercept)") ? at("(Intercept)") : 0 };
}

/** The final model as a nomogram, with the plan's worked cases read off it. */
export function nomogramFigure(facts: Facts): Figure[] {
  const { plan } = facts;
  const block = facts.blocks.find((b) => b.name === plan.final);
  const linear = block === undefined ? undefined : linearOf(block);
  if (block === undefined || linear === undefined || linear.coding.terms.length === 0) return [];
  if (block.steps.some((s) => ["zScore", "minMax", "robust", "yeoJohnson", "combat"].includes(s.name))) return [];
  const variables: NomogramVariable[] = [];
  for (const term of linear.coding.terms) {
    const unit = plan.variables[term.variable]?.unit;
    if (term.kind === "category") {
      variables.push({ name: term.variable, kind: "category", levels: [term.reference, ...term.levels], effects: [0, ...term.names.map(linear.slope)] });
      continue;
    }
    const range = block.ranges[term.variable] ?? rangeOfBlock(facts, term.variable);
    if (range === undefined || !("low" in range) || !(range.high > range.low)) return [];
    variables.push({ name: term.variable, kind: "number", coefficient: linear.slope(term.names[0]), low: range.low, high: range.high, ...(unit === undefined ? {} : { unit }) });
  }
  if (variables.every((v) => (v.kind === "number" ? v.coefficient === 0 : v.effects.every((e) => e === 0)))) return [];
  const lp = facts.sets[0].predictions[plan.final].linear;
  const shift = block.recalibration?.intercept ?? 0;
  const outcomes: NomogramOutcome[] = plan.outcome.kind === "binary" ? [{ label: `Probability of ${plan.outcome.eventName}`, kind: "logistic" }]
    : plan.evaluation.times.map((time) => ({
      label: `${survivalName(facts)} at ${time} ${(plan.outcome as { unit: string }).unit}`, kind: "survival", time, unit: (plan.outcome as { unit: string }).unit, cumulativeHazard: hazardAt(block, time),
    }));
  const made = nomogram({ variables, intercept: linear.intercept + shift, linearPredictor: [Math.min(...lp), Math.max(...lp)], outcomes });
  const labels = Object.fromEntries(variables.map((v) => [v.name, labelOf(facts, v.name)]));
  const cases = worked(facts, variables.map((v) => v.name));
  return [{
    id: "nomogram", section: "use", front: true, title: `Nomogram of the ${plan.final} model`, chart: "nomogram",
    caption: `Read the points of each value on the upper axis, add them up, read the ${plan.outcome.kind === "binary" ? "probability" : "survival"} under the total. Axes run over the training patients' range, the ${plan.outcome.kind === "binary" ? "probability" : "survival"} from the least to the most total that they add up to. ${cases.length > 0 ? "Coloured marks: worked cases. " : ""}The model's honest merit stands in the first figures.`,
    data: { nomogram: made, labels, ...(cases.length > 0 ? { cases } : {}) },
  }];
}

/** "Recurrence-free survival", "DFS": the outcome's own name where it says survival; of another event than death, being free of it. */
function survivalName({ plan }: Facts): string {
  const { name, eventName } = plan.outcome;
  if (/survival|S$/.test(name)) return name.charAt(0).toUpperCase() + name.slice(1);
  return /death|dead|died|surviv/i.test(`${name} ${eventName}`) ? "Survival" : /time|interval|free|event/i.test(eventName) ? "Free of the event" : `Free of ${eventName}`;
}

function hazardAt(block: FittedBlock, time: number): number {
  const { time: times, hazard } = block.baseline ?? { time: [], hazard: [] };
  let at = 0;
  for (let k = 0; k < times.length && times[k] <= time; k++) at = hazard[k];
  return at;
}

/** A score among the variables: its range over the training patients. */
function rangeOfBlock(facts: Facts, name: string): { low: number; high: number } | undefined {
  const linear = facts.sets[0].predictions[name]?.linear;
  return linear === undefined ? undefined : { low: Math.min(...linear), high: Math.max(...linear) };
}

/** The plan's cases, of any set that was scored, by their values, numbers rounded to three figures; the patients' names stay in the plan. */
function worked(facts: Facts, variables: readonly string[]): NonNullable<NomogramData["cases"]> {
  return facts.plan.evaluation.cases.flatMap(({ id, title, course, image }) => {
    const left = (why: string) => {
      facts.findings.push({ guard: "worked case", severity: "note", where: "nomogram", message: `${title} is not read off the nomogram: ${why}.` });
      return [];
    };
    const set = facts.sets.find((s) => s.cohort.table.id.indexOf(id) >= 0 && s.rows.includes(s.cohort.table.id.indexOf(id)));
    if (set === undefined) return left("the patient is in no scored set");
    const { table } = set.cohort, row = table.id.indexOf(id), place = set.rows.indexOf(row);
    const values: Record<string, number | string> = {};
    for (const name of variables) {
      const column = table.columns[name];
      const score = column === undefined ? set.predictions[name]?.linear[place] ?? NaN : NaN;
      if (Number.isFinite(score)) values[name] = Number(score.toPrecision(3));
      else if (column?.kind === "category" && column.codes[row] >= 0) values[name] = column.levels[column.codes[row]];
      else if (column?.kind === "number" && Number.isFinite(column.values[row])) values[name] = Number(column.values[row].toPrecision(3));
      else return left(`${labelOf(facts, name)} is missing`);
    }
    const picture = image === undefined ? undefined : facts.data.pictures?.[image];
    return [{ title: set.kind === "apparent" ? title : `${title} (${set.kind} set)`, values, ...(course === undefined ? {} : { course }), ...(picture === undefined ? {} : { image: picture }) }];
  });
}

