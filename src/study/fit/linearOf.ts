import type { Table } from "../../cohort/index.js";
import { log } from "../../math/index.js";
import { applyCoding, learners, logisticLinear, netLinear, type DesignCoding, type Learner, type NetModel } from "../../model/index.js";
import type { Plan } from "../plan.js";
import { didYouMean, InputError } from "../../math/index.js";

/** The learner of that name; @throws InputError for a name that is none, or an outcome that it is not for. */
export function learnerOf(name: string, outcome: "binary" | "survival"): Learner {
  const fitting = learners.filter((l) => l.outcome === outcome || (outcome === "survival" && l.outcome === "competing"));
  const found = fitting.find((l) => l.name === name);
  if (found === undefined) throw new InputError(`There is no learner "${name}" for a ${outcome} outcome. ${didYouMean(name, fitting.map((l) => l.name))}`);
  return found;
}

/** Learners whose coefficients have intervals. */
const withIntervals = new Set(["logistic", "firth", "cox", "firthCox", "fineGray"]);
/** Their intervals are at the plan's level, unless the learner names one of its own. */
export const levelOf = (plan: Plan, learner: string): { level?: number } => (withIntervals.has(learner) ? { level: plan.evaluation.level } : {});

/** Linear predictor of each row: log-odds of a binary model (never beyond ±36 for one that gives probabilities alone), Σ β x of a survival model. */
export function linearOf(learner: Learner, model: any, table: Table): Float64Array {
  if (learner.outcome !== "binary") return learner.predict(model, table);
  if (model.kind === "elasticNet") {
    const net = model as NetModel;
    const { names, columns, n } = applyCoding(net.coding, table);
    return netLinear({ intercept: net.intercept, index: net.selected.map((name) => names.indexOf(name)), value: net.coefficients }, columns, n);
  }
  if (model.kind === "logisticTable" || model.kind === "firthTable") return logisticLinear(model.model, applyCoding(model.coding as DesignCoding, table));
  return learner.predict(model, table).map((p) => { const q = Math.min(1 - 1e-15, Math.max(1e-15, p)); return log(q / (1 - q)); });
}

/** Variables of the table whose coefficients are not 0, in the model's order. */
export function variablesOf(model: any, given: readonly string[]): string[] {
  if (model?.kind !== "elasticNet") return [...given];
  const net = model as NetModel;
  const used = new Set(net.selected);
  return net.coding.terms.filter((t) => t.names.some((n) => used.has(n))).map((t) => t.variable);
}
