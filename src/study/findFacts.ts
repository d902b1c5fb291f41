import { selectOutcome, selectRows, splitRows, type Table } from "../cohort/index.js";
import { InputError, quantile, randomStream } from "../math/index.js";
import type { Comparison, Finding, Performance } from "../report/index.js";
import { blockBases } from "./fit/blockKeys.js";
import { chainOf, workingTable } from "./fit/blockTable.js";
import { optimismComparison, optimismPerformance, plus632Performance } from "./estimates/bootstrapEstimates.js";
import { hashOf } from "./fit/bytesOf.js";
import type { Cache } from "./fit/cache.js";
import { centreComparison, centrePerformance } from "./estimates/centreEstimates.js";
import type { CohortData, StudyData } from "./data.js";
import { eventsUnder, type Under } from "./estimates/eventsUnder.js";
import type { BootstrapFacts, CentreFacts, CrossValidationFacts, Facts, Merit, SetFacts } from "./facts.js";
import { fitPipeline } from "./fit/fitPipeline.js";
import { atTime, headline, selectPrediction, thresholdOf, type MeritAt } from "./estimates/merit.js";
import { likelihoodRatio } from "./estimates/nestedModels.js";
import { nestedComparison, nestedPerformance } from "./estimates/nestedEstimates.js";
import type { FittedBlock, Prediction } from "./pipeline.js";
import type { Plan } from "./plan.js";
import { computeBlocks, predictBlocks } from "./fit/predictBlock.js";
import { refitSpread, withoutCovariance } from "./estimates/refitSpread.js";
import { curveDistance, predictionOf, type CurveGrid, type ResampleResult } from "./fit/resample.js";
import { bootstrapTasks, centreTasks, crossValidationTasks, foldsOf, runResamples } from "./fit/resampling.js";
import { foldFindings, sampleFindings } from "./estimates/resampleFindings.js";
import { riskCut } from "./estimates/riskCut.js";
import { hashOfSet, judge, kindOf, open, sealLog, type SealLog } from "./estimates/sealedSets.js";
import { setComparison, setPerformance } from "./estimates/setEstimates.js";
import type { World } from "./world.js";
import { withoutPatients } from "./withoutPatients.js";

export type FactsOptions = { code: string; cache: Cache };
/** The facts of a run, and how often each block was fitted for them now (fits taken from the cache do not count). */
export type Found = { facts: Facts; fits: Record<string, number> };

/**
 * Runs a plan on its data: the pipeline fitted on the training patients, then everything refitted in every fold, sample and centre, and all of it
 * judged. Nothing here sees a sealed set before the pipeline is frozen. Randomness is by name of the resample, so that the result does not
 * depend on workers, cache or order.
 * @throws InputError where the final fit fails, or a figure is asked for patients who were fitted on
 */
export async function findFacts(plan: Plan, data: StudyData, world: World, { code, cache }: FactsOptions): Promise<Found> {
  const cohort = data.development;
  const { training, test } = sidesOf(plan, cohort);
  const fits: Record<string, number> = Object.fromEntries([...plan.scores, ...plan.models].map((b) => [b.name, 0]));
  const bases = blockBases(plan, cohort, training, code);
  world.progress("fitting on all training patients", 0, 1);
  const blocks = await finalFit(plan, cohort, training, cache, hashOf(code, ...Object.values(bases)), fits);
  world.progress("fitting on all training patients", 1, 1);
  const { times, window, level } = plan.evaluation;
  const at: MeritAt = { times, ...(window && { window }) };
  const models = plan.models.map((m) => m.name);
  const log = sealLog();
  const sets = setsOf(plan, data, training, test, blocks, log);
  for (const opening of log.openings) world.opened?.(opening);
  const [apparent] = sets;
  const outcome = selectOutcome(cohort.outcome, training);
  const thresholds: Facts["thresholds"] = {};
  for (const model of models) {
    const risk = apparent.predictions[model].probability[0];
    const value = thresholdOf(plan, outcome, risk ?? new Float64Array(0));
    if (value !== undefined) thresholds[model] = { value, how: typeof plan.evaluation.threshold === "number" ? "given in the plan" : `${plan.evaluation.threshold} of the training patients` };
  }
  const performance: Performance[] = [], comparisons: Comparison[] = [];
  const apparentMerit: Record<string, Merit> = {};
  const pairs = comparisonsOf(plan);
  for (const set of sets) {
    for (const model of models) {
      if (set.predictions[model] === undefined) continue;
      const threshold = thresholds[model]?.value;
      const merit = judge(blocks, model, cohort, set.cohort, set.rows, set.predictions[model], { ...at, ...(threshold !== undefined && { threshold }) }, set.kind);
      if (set === apparent) apparentMerit[model] = merit;
      performance.push(...setPerformance(set, model, merit, { times, level, seed: plan.seed, ...(threshold !== undefined && { threshold }) }));
    }
    for (const [first, second] of pairs) comparisons.push(...setComparison(set, first, second, { times, level, seed: plan.seed }), ...likelihoodRatio(blocks, set, first, second, plan.seed));
  }
  const n = training.length, events = outcome.event.reduce((a, b) => a + b, 0);
  const facts: Facts = { plan, data, training, blocks, sets, thresholds, performance, comparisons, findings: [...data.findings], faults: [], openings: log.openings };
  const cut = riskCut(plan, apparent);
  if (cut !== undefined) facts.cut = cut;
  const grids = gridsOf(plan, apparent);
  const shared = { plan, cohort, training, grids };
  const run = async (stage: string, tasks: Parameters<typeof runResamples>[4]) => {
    const done = await runResamples(world, cache, stage, shared, tasks, code, bases);
    for (const [name, count] of Object.entries(done.fits)) fits[name] += count;
    return done.results;
  };
  const measures = [headline(outcome.kind), "Brier", ...(outcome.kind === "survival" ? times.flatMap((t) => [atTime("AUC", t), atTime("Brier", t)]) : [])];
  const folds = foldsOf(plan, cohort, training);
  const nested = { cohort, training, at, level, seed: plan.seed, set: apparent.name };
  if (folds.length > 0) {
    const tasks = crossValidationTasks(folds);
    const found = crossValidationFacts(plan, cohort, training, folds, tasks, await run("cross-validation", tasks));
    facts.crossValidation = found;
    facts.findings.push(...foldFindings(found, models));
    const { performance: own, means } = nestedPerformance(found, models, nested);
    performance.push(...own);
    for (const [first, second] of pairs) comparisons.push(...nestedComparison(means, first, second, measures, found, nested));
  }
  const samples = bootstrapTasks(plan, cohort, training);
  if (samples.length > 0) {
    const results = await run("bootstrap", samples);
    const found = bootstrapFacts(plan, apparent, training, grids, results);
    facts.bootstrap = found;
    facts.blocks = withRefits(plan, cohort, training, blocks, results);
    facts.findings.push(...sampleFindings(found));
    const context = {
      apparent: apparentMerit, n, events, set: apparent.name, level, seed: plan.seed, under: (measure: string, names: readonly string[]) => scoredUnder(apparent, names, measure, times),
      empty: models.filter((m) => blocks.find((b) => b.name === m)!.model === null), same: samePairs(pairs, apparent),
    };
    performance.push(...optimismPerformance(found.resamples, models, context), ...plus632Performance(found.resamples, models, context));
    for (const [first, second] of pairs) comparisons.push(...optimismComparison(found.resamples, first, second, measures, context));
  }
  if (plan.validation.leaveOneCentreOut) {
    const tasks = centreTasks(cohort, training);
    const results = await run("leave one centre out", tasks);
    facts.centres = tasks.map((task, k) => centreFacts(plan, cohort, training, task, results[k]));
    performance.push(...centrePerformance(facts.centres, plan, cohort, at, level));
    for (const [first, second] of pairs) comparisons.push(...centreComparison(facts.centres, plan, cohort, first, second, level));
    facts.findings.push(...facts.centres.flatMap((c) => Object.entries(c.failed ?? {}).map(([block, why]): Finding => ({ guard: "centres", severity: "warning", where: "performance", message: `Centre ${c.centre} left out: ${block} has no figure there. ${why}` }))));
  }
  return { facts, fits };
}

/** Models that have no covariance of their coefficients get the spread of their refits. */
function withRefits(plan: Plan, cohort: CohortData, training: Int32Array, blocks: readonly FittedBlock[], results: readonly ResampleResult[]): FittedBlock[] {
  if (!blocks.some((b) => b.kind === "model" && withoutCovariance(b.model))) return [...blocks];
  const table = selectRows(workingTable(cohort), training), computed = computeBlocks(blocks, table, { unseen: "missing" });
  return blocks.map((block) => (block.kind !== "model" || !withoutCovariance(block.model) ? block
    : { ...block, refits: refitSpread(block, { id: table.id, columns: computed.get(block.name)!.columns }, results, cohort.outcome.kind, plan.evaluation.times) }));
}

/** Patients of a set whom every one of the models scores, and the events that a measure of them is of. */
function scoredUnder({ cohort, rows, predictions }: SetFacts, models: readonly string[], measure: string, times: number[]): Under & { n: number } {
  const scored = rows.filter((_, k) => models.every((m) => Number.isFinite(predictions[m].linear[k])));
  return { n: scored.length, ...eventsUnder(selectOutcome(cohort.outcome, scored), measure, times) };
}

/** Pairs of models ("first|second") whose predictions on the patients of a set are one and the same. */
export function samePairs(pairs: readonly [string, string][], { predictions }: SetFacts): Set<string> {
  const same = ([a, b]: [string, string]) => predictions[a] !== undefined && predictions[b] !== undefined && predictions[a].linear.every((v, k) => Object.is(v, predictions[b].linear[k]) || Math.abs(v - predictions[b].linear[k]) < 1e-8);
  return new Set(pairs.filter(same).map(([a, b]) => `${a}|${b}`));
}

/** Rows that train, and the sealed test rows where the plan splits. */
export function sidesOf(plan: Plan, cohort: CohortData): { training: Int32Array; test?: Int32Array } {
  const { split } = plan.validation;
  if (split === undefined) return { training: Int32Array.from(cohort.table.id.keys()) };
  const table: Table = workingTable(cohort);
  const random = randomStream(plan.seed).stream("split");
  const column = split.column ?? (split.by === "centre" ? ".centre" : plan.cohorts[0]?.date ?? "");
  const values = split.values ?? [];
  const found = split.by === "random" ? splitRows(table, { by: "random", share: 1 - split.test, ...(split.stratified && { outcome: cohort.outcome }) }, random)
    : split.by === "date" ? splitRows(table, { by: "date", column, from: split.from ?? "" }, random)
    : splitRows(table, { by: "centre", column, test: values }, random);
  return { training: Int32Array.from(found.training), test: Int32Array.from(found.test) };
}

async function finalFit(plan: Plan, cohort: CohortData, training: Int32Array, cache: Cache, key: string, fits: Record<string, number>): Promise<FittedBlock[]> {
  const entry = (await cache.recall("final")) as { key: string; blocks: FittedBlock[] } | undefined;
  if (entry?.key === key) return entry.blocks;
  const blocks = fitPipeline(plan, cohort, training, randomStream(plan.seed).stream("final"));
  for (const { name } of blocks) fits[name]++;
  cache.keep("final", { key, blocks });
  await cache.settle();
  return blocks;
}

function setsOf(plan: Plan, data: StudyData, training: Int32Array, test: Int32Array | undefined, blocks: FittedBlock[], log: SealLog): SetFacts[] {
  const { times } = plan.evaluation;
  const { development } = data;
  const all = predictBlocks(blocks, workingTable(development), times, { unseen: "missing" });
  const of = (rows: Int32Array) => Object.fromEntries(Object.entries(all).map(([name, p]) => [name, selectPrediction(p, rows)]));
  const sets: SetFacts[] = [{ name: test === undefined ? development.name : `${development.name}, training`, kind: "apparent", cohort: development, rows: training, predictions: of(training) }];
  if (test !== undefined) {
    const name = `${development.name}, test`;
    open(log, name, "the frozen models are scored", hashOfSet(development, test));
    sets.push({ name, kind: kindOf(log, name, "test"), cohort: development, rows: test, predictions: of(test) });
  }
  for (const cohort of data.external) {
    const wanted = plan.cohorts.find((c) => c.name === cohort.name)?.models ?? plan.models.map((m) => m.name);
    const names = new Set(wanted.flatMap((m) => chainOf(plan, m).map((b) => b.name)));
    open(log, cohort.name, `the frozen models are scored: ${wanted.join(", ")}`, hashOfSet(cohort, Int32Array.from(cohort.table.id.keys())));
    let own: Record<string, Prediction>;
    try {
      own = predictBlocks(blocks.filter((b) => names.has(b.name)), workingTable(cohort), times);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const why = withoutPatients(error.message, cohort.table.id);
      throw new InputError(`Cohort ${cohort.name} cannot be scored: ${why} Exclude these patients with a reason, merge categories under levels, or name the models that it can be scored by under models of the cohort.`);
    }
    sets.push({ name: cohort.name, kind: kindOf(log, cohort.name, "external"), cohort, rows: Int32Array.from(cohort.table.id.keys()), predictions: own });
  }
  return sets;
}

/** The plan's comparisons, and always the final model against the reference. */
export function comparisonsOf(plan: Plan): [string, string][] {
  const pairs: [string, string][] = plan.reference !== undefined && plan.reference !== plan.final ? [[plan.reference, plan.final]] : [];
  for (const [first, second] of plan.evaluation.comparisons) if (!pairs.some(([a, b]) => (a === first && b === second))) pairs.push([first, second]);
  return pairs;
}

function crossValidationFacts(plan: Plan, cohort: CohortData, training: Int32Array, folds: Int32Array[], tasks: ReturnType<typeof crossValidationTasks>, results: ResampleResult[]): CrossValidationFacts {
  const n = training.length, kind = cohort.outcome.kind;
  const width = kind === "binary" ? 1 : plan.evaluation.times.length;
  const names = [...plan.scores, ...plan.models].map((b) => b.name);
  const repeats = folds.map((fold) => ({ fold, predictions: Object.fromEntries(names.map((name): [string, Prediction] => [name, {
    linear: new Float64Array(n).fill(NaN), probability: Array.from({ length: width }, () => new Float64Array(n).fill(NaN)),
  }])) }));
  const found = tasks.map((task, k) => {
    const { blocks, merit, thresholds } = results[k];
    const places = task.score[0].places;
    const failed: Record<string, string> = {};
    for (const name of names) {
      if (blocks[name].failed !== undefined) { failed[name] = blocks[name].failed; continue; }
      const from = predictionOf(blocks[name], kind), to = repeats[task.repeat - 1].predictions[name];
      for (const p of places) {
        to.linear[p] = from.linear[p];
        from.probability.forEach((values, j) => { to.probability[j][p] = values[p]; });
      }
    }
    return {
      repeat: task.repeat, fold: task.fold, n: places.length, events: places.reduce((a, p) => a + cohort.outcome.event[training[p]], 0),
      merit: merit["test"], kept: Object.fromEntries(names.map((name) => [name, blocks[name].kept])), thresholds, ...(Object.keys(failed).length > 0 && { failed }),
    };
  });
  return { folds: plan.validation.crossValidation!.folds, repeats, results: found };
}

function bootstrapFacts(plan: Plan, apparent: SetFacts, training: Int32Array, grids: CurveGrid[], results: ResampleResult[]): BootstrapFacts {
  const names = [...plan.scores, ...plan.models].map((b) => b.name);
  const outcome = selectOutcome(apparent.cohort.outcome, training);
  const everyone = Int32Array.from(training.keys());
  return {
    resamples: results.map(({ blocks, merit }) => {
      const failed = Object.fromEntries(names.flatMap((name) => (blocks[name].failed === undefined ? [] : [[name, blocks[name].failed]])));
      return { training: merit["training"], test: merit["test"], leftOut: merit["left out"], kept: Object.fromEntries(names.map((name) => [name, blocks[name].kept])), ...(Object.keys(failed).length > 0 && { failed }) };
    }),
    calibration: grids.map((grid, g) => {
      const own = curveDistance(outcome, apparent.predictions[grid.model], everyone, grid, plan.evaluation.times);
      const optimism = grid.at.map((_, j) => {
        const gaps = results.map((r) => r.curves["training"][g][j] - r.curves["test"][g][j]).filter(Number.isFinite);
        return { mean: gaps.reduce((a, b) => a + b, 0) / gaps.length, count: gaps.length };
      });
      return {
        model: grid.model, ...(grid.time !== undefined && { time: grid.time }), predicted: grid.at, apparent: own.map((d, j) => d + grid.at[j]),
        optimism: optimism.map((o) => o.mean), used: Math.min(...optimism.map((o) => o.count)),
      };
    }),
  };
}

/** Risks at which calibration is corrected: from the fifth to the ninety-fifth percentile of each model's predictions. */
function gridsOf(plan: Plan, apparent: SetFacts): CurveGrid[] {
  const times = apparent.cohort.outcome.kind === "binary" ? [undefined] : plan.evaluation.times;
  return plan.models.flatMap(({ name }) => times.flatMap((time, k): CurveGrid[] => {
    const risk = Array.from(apparent.predictions[name].probability[k]).filter(Number.isFinite);
    if (risk.length < 10) return [];
    const [low, high] = [quantile(risk, 0.05), quantile(risk, 0.95)];
    return high > low ? [{ model: name, ...(time !== undefined && { time }), at: Array.from({ length: 25 }, (_, j) => low + ((high - low) * j) / 24) }] : [];
  }));
}

function centreFacts(plan: Plan, cohort: CohortData, training: Int32Array, task: ReturnType<typeof centreTasks>[number], result: ResampleResult): CentreFacts {
  const places = task.score[0].places;
  const names = [...plan.scores, ...plan.models].map((b) => b.name);
  const failed = Object.fromEntries(names.flatMap((name) => (result.blocks[name].failed === undefined ? [] : [[name, result.blocks[name].failed]])));
  return {
    centre: task.centre, rows: Int32Array.from(places, (p) => training[p]),
    predictions: Object.fromEntries(names.filter((name) => result.blocks[name].failed === undefined).map((name) => {
      const all = predictionOf(result.blocks[name], cohort.outcome.kind);
      return [name, { linear: Float64Array.from(places, (p) => all.linear[p]), probability: all.probability.map((v) => Float64Array.from(places, (p) => v[p])) }];
    })),
    merit: result.merit["test"], kept: Object.fromEntries(names.map((name) => [name, result.blocks[name].kept])), thresholds: result.thresholds, ...(Object.keys(failed).length > 0 && { failed }),
  };
}
