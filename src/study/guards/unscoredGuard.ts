import { labelsOf } from "../../cohort/index.js";
import type { Finding } from "../../report/index.js";
import type { CohortData, StudyData } from "../data.js";
import type { Facts, SetFacts } from "../facts.js";
import { chainOf } from "../fit/blockTable.js";
import type { Plan } from "../plan.js";
import { counted, rowList } from "../rowNumbers.js";
import { few, type Guard } from "./guard.js";

/** Centres that a harmonisation refuses, and patients of a test or external set whom a model cannot score, or whom it scores with a category that it does not know taken for missing. */
export const unscoredGuard: Guard = {
  name: "patients not scored",
  before: refused,
  after: (facts) => facts.sets.filter((s) => s.kind !== "apparent").flatMap((set) => [...lost(facts, set), ...unknown(facts, set)]),
};

const RULE = "Write combat: { newCentre: passThrough }, or transductive with a reference centre.";

/** ComBat of a centre that training did not have: where the plan leaves whole centres out, and in the external cohorts, whose scoring it would end. */
function refused(plan: Plan, { development, external }: StudyData): Finding[] {
  const own = plan.cohorts.find((c) => c.name === development.name)?.centre;
  const blocks = [...plan.scores, ...plan.models].flatMap((block) => block.steps.flatMap(({ name, options }) => {
    const batch = options["batch"] as string | undefined;
    return name === "combat" && (options["newCentre"] ?? "refuse") === "refuse" ? [{ block: block.name, batch: batch === own ? undefined : batch }] : [];
  }));
  const labels = ({ centre, table }: CohortData, batch: string | undefined) => (batch === undefined ? centre ?? [] : Object.hasOwn(table.columns, batch) ? labelsOf(table, batch) : []);
  const leftOut = blocks.filter(({ batch }) => plan.validation.leaveOneCentreOut && batch === undefined).map(({ block }): Finding => ({
    guard: "patients not scored", severity: "warning", where: block,
    message: `${block}: combat refuses a centre that training did not have, but the plan leaves each centre out: no model that rests on it can be judged there.`,
    doInstead: RULE,
  }));
  const elsewhere = external.flatMap((cohort) => {
    const models = plan.cohorts.find((c) => c.name === cohort.name)?.models ?? plan.models.map((m) => m.name);
    const needed = new Set(models.flatMap((m) => chainOf(plan, m).map((b) => b.name)));
    return blocks.filter(({ block }) => needed.has(block)).flatMap(({ block, batch }): Finding[] => {
      const known = new Set(labels(development, batch)), others = [...new Set(labels(cohort, batch))].filter((label) => !known.has(label));
      if (others.length === 0) return [];
      return [{
        guard: "patients not scored", severity: "stop", where: block,
        message: `${block}: combat refuses ${few(others.map((label) => `"${label}"`))} of ${cohort.name}, which no patient of ${development.name} is of (${few([...known])}): the cohort could not be scored.`,
        doInstead: `${RULE.slice(0, -1)}; or name under models of the cohort those that it can be scored by.`,
      }];
    });
  });
  return [...leftOut, ...elsewhere];
}

function lost(facts: Facts, { name, rows, predictions }: SetFacts): Finding[] {
  const by = new Map<string, string[]>();
  for (const { name: model } of facts.plan.models) {
    const at = Array.from(rows).filter((_, k) => predictions[model] !== undefined && Number.isNaN(predictions[model].linear[k]));
    if (at.length > 0) by.set(rowList(at.map((r) => r + 1)), [...(by.get(rowList(at.map((r) => r + 1))) ?? []), model]);
  }
  return [...by].map(([list, models]): Finding => ({
    guard: "patients not scored", severity: "warning", where: name,
    message: `${name}: patients who lack a value that a model needs (${list}) are not scored by ${models.join(", ")} and do not count there.`,
    doInstead: "Add impute to the model's steps, or exclude them with a reason.",
  }));
}

function unknown(facts: Facts, { name, cohort, rows, predictions }: SetFacts): Finding[] {
  const found = new Map<string, number[]>();
  for (const block of facts.blocks) {
    if (predictions[block.name] === undefined) continue;
    for (const [column, range] of Object.entries(block.ranges)) {
      if (!("levels" in range) || cohort.table.columns[column]?.kind !== "category") continue;
      const labels = labelsOf(cohort.table, column);
      for (const row of rows) if (labels[row] !== "" && !range.levels.includes(labels[row])) found.set(`"${column}" is "${labels[row]}"`, [...(found.get(`"${column}" is "${labels[row]}"`) ?? []), row + 1]);
    }
  }
  return [...found].map(([what, at]): Finding => ({
    guard: "patients not scored", severity: "warning", where: name,
    message: `${name}: ${what} for ${counted(new Set(at).size, "patient")} (${rowList(at)}), but no training patient has that category; it counts as missing.`,
    doInstead: "Merge rare categories under levels, or exclude them with a reason.",
  }));
}
