import { labelsOf } from "../../cohort/index.js";
import type { Finding } from "../../report/index.js";
import type { Facts, SetFacts } from "../facts.js";
import type { Plan } from "../plan.js";
import { counted, rowList } from "../rowNumbers.js";
import type { Guard } from "./guard.js";

/** Centres that a harmonisation refuses, and patients of a test or external set whom a model cannot score, or whom it scores with a category that it does not know taken for missing. */
export const unscoredGuard: Guard = {
  name: "patients not scored",
  before: refused,
  after: (facts) => facts.sets.filter((s) => s.kind !== "apparent").flatMap((set) => [...lost(facts, set), ...unknown(facts, set)]),
};

/** ComBat of a centre that training did not have, where the plan leaves whole centres out. */
function refused({ scores, models, validation: { leaveOneCentreOut } }: Plan): Finding[] {
  if (!leaveOneCentreOut) return [];
  return [...scores, ...models].filter((b) => b.steps.some(({ name, options }) => name === "combat" && options["batch"] === undefined && (options["newCentre"] ?? "refuse") === "refuse")).map((block): Finding => ({
    guard: "patients not scored", severity: "warning", where: block.name,
    message: `${block.name}: combat refuses a centre that training did not have, but the plan leaves each centre out: no model that rests on it can be judged there.`,
    doInstead: "Write combat: { newCentre: passThrough }, or transductive with a reference centre.",
  }));
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
