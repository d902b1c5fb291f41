import { InputError } from "../../math/index.js";
import type { Finding } from "../../report/index.js";
import { casePictures } from "./casePictures.js";
import { checkAgreement, checkFolds, checkPlaces, checkTimes } from "./checkData.js";
import type { StudyData } from "../data.js";
import type { Unmatched } from "./joinTables.js";
import { loadCohort } from "./loadCohort.js";
import type { Plan } from "../plan.js";
import { checkText, problemLines } from "../plan/readPlan.js";
import { columnsOfModels, resolveColumns, resolvePlan } from "../plan/resolvePlan.js";
import { counted } from "../rowNumbers.js";
import { understand } from "./understand.js";
import type { World } from "../world.js";

/**
 * A study's data, the plan with its groups as columns of the development table (run this one), and for the user's eyes alone the
 * patients that did not match.
 */
export type LoadedStudy = StudyData & { plan: Plan; unmatched: Unmatched[] };

/**
 * Everything that a plan asks for, read and put together: one development cohort, external ones, outcomes, flow, findings.
 * @param plan  from `resolvePlan`, with or without columns
 * @throws InputError what is wrong, in sentences: one line for each mistake of a kind
 */
export async function loadStudy(plan: Plan, world: World): Promise<LoadedStudy> {
  const findings: Finding[] = [], hashes: Record<string, string> = {}, unmatched: Unmatched[] = [];
  const cohorts: StudyData["external"] = [];
  let resolved = plan;
  // the development cohort first: it says what the names of the plan mean
  for (const cohort of [...plan.cohorts].sort((a, b) => Number(a.role === "external") - Number(b.role === "external"))) {
    const loaded = await loadCohort(plan, cohort, world);
    cohorts.push(loaded.data);
    findings.push(...loaded.findings);
    Object.assign(hashes, loaded.hashes);
    unmatched.push(...loaded.unmatched);
    const columns = Object.keys(loaded.data.table.columns);
    if (cohort.role === "development") {
      resolved = resolveColumns(plan, columns);
      checkSteps(resolved, columns);
    } else {
      const models = cohort.models ?? plan.models.map((m) => m.name);
      const lacking = columnsOfModels(resolved, models).filter((name) => !columns.includes(name));
      if (lacking.length > 0) {
        const able = plan.models.map((m) => m.name).filter((name) => columnsOfModels(resolved, [name]).every((c) => columns.includes(c)));
        throw new InputError(`${cohort.name}: lacks ${counted(lacking.length, "column")} that ${models.length === 1 ? `the model ${models[0]}` : "the models"} may need: ${lacking.join(", ")}. Add them, name them under rename ({ theirs: ours })${able.length > 0 ? `, or score it by the models that it has the columns of: models: [${able.join(", ")}]` : ""}.`);
      }
    }
  }
  const [development, ...external] = cohorts;
  checkAgreement(resolved, cohorts);
  checkPlaces(resolved, cohorts);
  findings.push(...checkTimes(resolved, cohorts), ...checkFolds(resolved, development));
  const shown = await casePictures(resolved, world);
  Object.assign(hashes, shown.hashes);
  const data: StudyData = { development, external, findings, hashes, understood: [], ...(Object.keys(shown.pictures).length > 0 && { pictures: shown.pictures }) };
  data.understood = understand(resolved, data);
  return { ...data, plan: resolved, unmatched };
}

/** A plan's text and its data in one go. @throws InputError every mistake of the plan with its line, or what is wrong with the data */
export async function openStudy(text: string, file: string, world: World): Promise<LoadedStudy> {
  const { input, problems } = checkText(text, file);
  if (input === undefined) throw new InputError(problemLines(problems));
  return loadStudy(resolvePlan(input), world);
}

/** Columns named in options of steps (batch, covariates, always, methods). */
function checkSteps(plan: Plan, columns: readonly string[]): void {
  for (const block of [...plan.scores, ...plan.models]) {
    block.steps.forEach((step, k) => {
      const { batch, covariates, always, methods } = step.options as { batch?: string; covariates?: string[]; always?: string[]; methods?: Record<string, string> };
      for (const name of [...(batch === undefined ? [] : [batch]), ...(covariates ?? []), ...(always ?? []), ...Object.keys(methods ?? {})]) {
        if (!columns.includes(name)) throw new InputError(`${block.kind === "score" ? "scores" : "models"}.${block.name}.steps[${k + 1}]: ${step.name} names a column "${name}" that the development cohort lacks.`);
      }
    });
  }
}
