import type { Finding, StudyResults } from "../report/index.js";
import { hashOf } from "./fit/bytesOf.js";
import { cacheOf, noCache, type Cache } from "./fit/cache.js";
import type { StudyData } from "./data.js";
import { figuresOf } from "./figures/figuresOf.js";
import { findFacts } from "./findFacts.js";
import type { Facts } from "./facts.js";
import { guardAfter, guardBefore, judged } from "./guards/guards.js";
import { loadStudy } from "./load/loadStudy.js";
import type { FrozenPipeline } from "./pipeline.js";
import type { Plan } from "./plan.js";
import { findFaults } from "./published.js";
import { frozenPipeline, resultsOf } from "./resultsOf.js";
import { inPlan } from "./remarks.js";
import type { World } from "./world.js";

export type RunOptions = {
  /** name and version of the program, for the files; hash of its code, under which results are kept in the cache */
  program: string; code?: string;
  /** false: nothing is taken from the cache or kept there */
  cache?: boolean;
};
export type StudyRun = {
  results: StudyResults; model: FrozenPipeline; facts: Facts;
  /** how often each block was fitted now; what came from the cache does not count */
  fits: Record<string, number>;
  /** sha-256 of every input file */
  hashes: Record<string, string>;
};

/**
 * A plan from its files to its results: data read and guarded, the pipeline fitted, refitted in every resample and judged, the facts guarded again,
 * and everything put into words and pictures. Same plan, files, program: the same results, whatever the workers or the cache.
 * @throws InputError where plan or data cannot be used or the final fit fails; PlanError, with the part of the plan, where a guard stops the run
 */
export async function runStudy(plan: Plan, planText: string, world: World, options: RunOptions): Promise<StudyRun> {
  const loaded = await loadStudy(plan, world);
  return runOn(loaded.plan, planText, loaded, world, options);
}

/** The same on data that is there already; `written` is the plan before its groups became columns, for the places of what a guard stops. */
export async function runOn(plan: Plan, planText: string, data: StudyData & { written?: Plan }, world: World, options: RunOptions): Promise<StudyRun> {
  const code = hashOf(options.code ?? options.program);
  const cache: Cache = options.cache === false ? noCache : cacheOf(world);
  const written = data.written ?? plan;
  const before: Finding[] = [...data.findings, ...guardBefore(plan, data)];
  judged(plan, inPlan(before, plan, written, data));
  const { facts, fits } = await findFacts(plan, { ...data, findings: before }, world, { code, cache });
  if (plan.order === "as-published") facts.faults.push(...findFaults(facts));
  const after = guardAfter(facts);
  judged(plan, inPlan(after, plan, written, data));
  facts.findings.push(...after);
  const results = resultsOf(facts, options.program);
  const told = facts.findings.length;
  results.figures = figuresOf(facts, results.blocks);
  // what could not be drawn is told too
  results.findings.push(...facts.findings.slice(told).filter((f) => !results.findings.includes(f)));
  return { results, model: frozenPipeline(facts, options.program, planText), facts, fits, hashes: data.hashes };
}
