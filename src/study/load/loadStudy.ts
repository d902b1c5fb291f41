import { InputError } from "../../math/index.js";
import type { Finding } from "../../report/index.js";
import { alikeFindings } from "./alikeLevels.js";
import { casePictures } from "./casePictures.js";
import { checkAgreement, checkCases, checkFolds, checkPairs, checkSplit, checkTimes } from "./checkData.js";
import type { CohortData, StudyData } from "../data.js";
import { sidesOf } from "../findFacts.js";
import type { Unmatched } from "./joinTables.js";
import { loadCohort } from "./loadCohort.js";
import type { BlockPlan, CohortPlan, Plan } from "../plan.js";
import { atPart, collector, onlyName, PlanError, type Mistake, type Path } from "../plan/planErrors.js";
import { checkText, problemLines, problemsOf } from "../plan/readPlan.js";
import { columnsOfModels, resolveColumns, resolvePlan } from "../plan/resolvePlan.js";
import { readCohort, type CohortFiles } from "./readCohort.js";
import { counted } from "../rowNumbers.js";
import { understand } from "./understand.js";
import type { World } from "../world.js";

/**
 * A study's data, the plan with its groups as columns of the development table (run this one) and as it was written, and for the user's eyes alone the
 * patients that did not match.
 */
export type LoadedStudy = StudyData & { plan: Plan; written: Plan; unmatched: Unmatched[] };

/**
 * Everything that a plan asks for, read and put together: one development cohort, external ones, outcomes, flow, findings.
 * @param plan  from `resolvePlan`, with or without columns
 * @throws PlanError what is wrong, in sentences, with the part of the plan of each; all that can be told without guessing
 */
export async function loadStudy(plan: Plan, world: World): Promise<LoadedStudy> {
  const findings: Finding[] = [], hashes: Record<string, string> = {}, unmatched: Unmatched[] = [], mistakes: Mistake[] = [];
  const { part, partLater } = collector(mistakes);
  const cohorts: CohortData[] = [];
  // the development cohort first: it says what the names of the plan mean
  const order = plan.cohorts.map((_, c) => c).sort((a, b) => Number(plan.cohorts[a].role === "external") - Number(plan.cohorts[b].role === "external"));
  // all files before the first picture is opened: what is missing is known at once
  const files: CohortFiles[] = [];
  for (const c of order) files[c] = await readCohort(plan.cohorts[c], c, world);
  const shown = await partLater(["evaluation", "cases"], () => casePictures(plan, world));
  let resolved: Plan | undefined;
  for (const c of order) {
    const cohort = plan.cohorts[c];
    const loaded = await loadCohort(plan, c, files[c], world, mistakes.length === 0 && files.every((f) => f.mistakes.length === 0));
    mistakes.push(...loaded.mistakes);
    if (loaded.data !== undefined) cohorts.push(loaded.data);
    findings.push(...loaded.findings);
    Object.assign(hashes, loaded.hashes);
    unmatched.push(...loaded.unmatched);
    const { columns } = loaded;
    if (columns === undefined) continue;
    if (cohort.role === "development") {
      resolved = part([], () => resolveColumns(plan, columns));
      if (resolved !== undefined) for (const block of [...resolved.scores, ...resolved.models]) part([`${block.kind}s`, block.name], () => checkSteps(block, columns));
    } else if (resolved !== undefined) part(["cohorts", c, "models"], () => checkColumns(resolved!, cohort, columns));
  }
  const [development, ...external] = cohorts;
  const whole = cohorts.length === plan.cohorts.length && resolved !== undefined && mistakes.length === 0;
  let training: Int32Array | undefined;
  if (development?.role === "development") {
    findings.push(...(part(["evaluation", "times"], () => checkTimes(plan, cohorts)) ?? []), ...checkFolds(plan, development));
    part(["validation", "split"], () => { checkSplit(plan, development); training = sidesOf(plan, development).training; });
  }
  if (whole) part(["cohorts"], () => checkAgreement(resolved!, cohorts));
  if (development?.role === "development") part(["evaluation"], () => checkPairs(plan, development));
  if (cohorts.length === plan.cohorts.length) part(["evaluation", "cases"], () => checkCases(plan, cohorts));
  if (mistakes.length > 0 || resolved === undefined || training === undefined) throw new PlanError(mistakes);
  findings.push(...alikeFindings(resolved, development));
  Object.assign(hashes, shown!.hashes);
  const data: StudyData = { development, external, findings, hashes, understood: [], ...(Object.keys(shown!.pictures).length > 0 && { pictures: shown!.pictures }) };
  data.understood = understand(resolved, data, training);
  return { ...data, plan: resolved, written: plan, unmatched };
}

/** A plan's text and its data in one go. @throws InputError every mistake of the plan with its line, or of the data with the line that names them */
export async function openStudy(text: string, file: string, world: World): Promise<LoadedStudy> {
  const { input, problems } = checkText(text, file);
  if (input === undefined) throw new InputError(problemLines(problems));
  try {
    return await loadStudy(resolvePlan(input), world);
  } catch (error) {
    throw error instanceof PlanError ? new InputError(problemLines(problemsOf(error, text, file))) : error;
  }
}

/** An external cohort has the columns of the models that it is scored by. @throws InputError those that it lacks, and what it could be scored by */
function checkColumns(plan: Plan, cohort: CohortPlan, columns: readonly string[]): void {
  const models = cohort.models ?? plan.models.map((m) => m.name);
  const lacking = columnsOfModels(plan, models).filter((name) => !columns.includes(name));
  if (lacking.length === 0) return;
  const able = plan.models.map((m) => m.name).filter((name) => columnsOfModels(plan, [name]).every((c) => columns.includes(c)));
  throw new InputError(`${cohort.name}: lacks ${counted(lacking.length, "column")} that ${models.length === 1 ? `the model ${models[0]}` : "the models"} may need: ${lacking.join(", ")}. Add them, name them under rename ({ theirs: ours })${able.length > 0 ? `, or score it by the models that it has the columns of: models: [${able.join(", ")}]` : ""}.`);
}

/** Columns named in options of steps (batch, covariates, always, methods). @throws PlanError those that the development cohort lacks */
function checkSteps({ kind, name: block, steps }: BlockPlan, columns: readonly string[]): void {
  const wrong = steps.flatMap((step, k) => {
    const { batch, covariates, always, methods } = step.options as { batch?: string; covariates?: string[]; always?: string[]; methods?: Record<string, string> };
    const named: [string, Path][] = [
      ...(batch === undefined ? [] : [[batch, ["batch"]] as [string, Path]]), ...(covariates ?? []).map((n, j): [string, Path] => [n, ["covariates", j]]),
      ...(always ?? []).map((n, j): [string, Path] => [n, ["always", j]]), ...Object.keys(methods ?? {}).map((n): [string, Path] => [n, ["methods", n]]),
    ];
    return named.filter(([name]) => !columns.includes(name)).flatMap(([name, path]) => atPart([`${kind}s`, block, "steps", k, onlyName, ...path], `${kind}s.${block}.steps[${k + 1}]: ${step.name} names a column "${name}" that the development cohort lacks.`).mistakes);
  });
  if (wrong.length > 0) throw new PlanError(wrong);
}
