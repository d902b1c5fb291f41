import { stratifiedFolds } from "../../evaluate/index.js";
import { bootstrapRows, InputError, randomStream } from "../../math/index.js";
import { blockBases, blockKeys } from "./blockKeys.js";
import { hashOf, rawBytes } from "./bytesOf.js";
import type { Cache } from "./cache.js";
import type { CohortData } from "../data.js";
import type { Plan } from "../plan.js";
import type { Resample, ResampleResult, ResampleShared } from "./resample.js";
import type { World } from "../world.js";

/** Places 0 … n − 1 that have a value. */
const placesWhere = (fold: Int32Array, test: (f: number) => boolean) => Int32Array.from(fold.keys()).filter((k) => test(fold[k]));

/** Folds of each repeat: patients whole, events spread evenly, each repeat by its own stream. */
export function foldsOf(plan: Plan, cohort: CohortData, training: Int32Array): Int32Array[] {
  const wanted = plan.validation.crossValidation;
  if (wanted === undefined) return [];
  const id = Array.from(training, (r) => cohort.table.id[r]), classes = Uint8Array.from(training, (r) => cohort.outcome.event[r]);
  const patients = new Set(id).size;
  if (patients < wanted.folds) throw new InputError(`${wanted.folds} folds are asked for, but there are ${patients} patients. Ask for fewer folds.`);
  const stream = randomStream(plan.seed).stream("cv");
  return Array.from({ length: wanted.repeats }, (_, repeat) => stratifiedFolds(training.length, wanted.folds, stream.stream(`folds ${repeat + 1}`), { classes, patients: id }));
}

/** One refit a fold of every repeat, named by repeat and fold. */
export function crossValidationTasks(folds: readonly Int32Array[]): (Resample & { repeat: number; fold: number })[] {
  return folds.flatMap((fold, r) => [...new Set(fold)].sort((a, b) => a - b).map((f) => ({
    name: `cv ${r + 1} ${f + 1}`, repeat: r + 1, fold: f + 1,
    fit: placesWhere(fold, (x) => x !== f), score: [{ name: "test", places: placesWhere(fold, (x) => x === f), apart: true as const }],
  })));
}

/** Samples of patients with replacement, as many as there are; each by its own stream. */
export function bootstrapTasks(plan: Plan, cohort: CohortData, training: Int32Array): Resample[] {
  const wanted = plan.validation.bootstrap;
  if (wanted === undefined) return [];
  const members = new Map<string, number[]>();
  training.forEach((r, k) => { const id = cohort.table.id[r]; members.set(id, [...(members.get(id) ?? []), k]); });
  const patients = [...members.values()];
  const everyone = Int32Array.from(training.keys());
  const stream = randomStream(plan.seed).stream("bootstrap");
  return Array.from({ length: wanted.resamples }, (_, b) => {
    const fit = Int32Array.from(Array.from(bootstrapRows(patients.length, stream.stream(`sample ${b + 1}`))).flatMap((p) => patients[p]));
    const inside = new Set(fit);
    return {
      name: `bootstrap ${b + 1}`, fit, curves: ["training", "test"],
      score: [{ name: "training", places: fit }, { name: "test", places: everyone }, { name: "left out", places: everyone.filter((k) => !inside.has(k)), apart: true }],
    };
  });
}

/** Each centre left out once. */
export function centreTasks(cohort: CohortData, training: Int32Array): (Resample & { centre: string })[] {
  const centre = cohort.centre;
  if (centre === undefined) throw new InputError("Leave-one-centre-out is asked for, but the development cohort names no centre. Name its column as \"centre\".");
  const names = [...new Set(Array.from(training, (r) => centre[r]))].sort();
  if (names.length < 2) throw new InputError(`Leave-one-centre-out is asked for, but all training patients are of one centre (${names.join()}).`);
  const places = Int32Array.from(training.keys());
  return names.map((name) => ({
    name: `centre ${name}`, centre: name,
    fit: places.filter((k) => centre[training[k]] !== name), score: [{ name: "test", places: places.filter((k) => centre[training[k]] === name), apart: true as const }],
  }));
}

type Entry = { keys: Record<string, string>; meritKey: string; result: ResampleResult };

/**
 * Runs resamples through the world's workers, taking from the cache what an earlier run fitted under the same keys; each is kept as it
 * finishes. The results come in the order of the tasks and do not depend on workers or cache.
 * @returns results, and how often each block was fitted now
 */
export async function runResamples(
  world: World, cache: Cache, stage: string, shared: ResampleShared, tasks: readonly Resample[], code: string, bases = blockBases(shared.plan, shared.cohort, shared.training, code),
): Promise<{ results: ResampleResult[]; fits: Record<string, number> }> {
  const { plan } = shared;
  const results: ResampleResult[] = Array.from({ length: tasks.length });
  const fits: Record<string, number> = Object.fromEntries([...plan.scores, ...plan.models].map((b) => [b.name, 0]));
  const judged = hashOf(code, JSON.stringify([plan.evaluation.times, plan.evaluation.window ?? null, plan.evaluation.threshold, plan.models.map((m) => m.name), shared.grids]));
  const open: { index: number; task: Resample; keys: Record<string, string>; meritKey: string }[] = [];
  for (const [index, task] of tasks.entries()) {
    const keys = blockKeys(plan, bases, task);
    const meritKey = hashOf(judged, ...Object.values(keys), ...task.score.flatMap((s) => [s.name, rawBytes(s.places)]), ...(task.curves ?? []));
    const entry = (await cache.recall(task.name)) as Entry | undefined;
    if (entry?.meritKey === meritKey) { results[index] = entry.result; continue; }
    const known = Object.fromEntries(Object.entries(entry?.keys ?? {}).filter(([name, key]) => keys[name] === key).map(([name]) => [name, entry!.result.blocks[name]]));
    open.push({ index, task: { ...task, ...(Object.keys(known).length > 0 && { known }) }, keys, meritKey });
  }
  let finished = tasks.length - open.length;
  world.progress(stage, finished, tasks.length);
  await world.map<ResampleShared, Resample, ResampleResult>("resample", shared, open.map((o) => o.task), (result, k) => {
    const { index, task, keys, meritKey } = open[k];
    results[index] = result;
    for (const name of result.fitted) fits[name]++;
    cache.keep(task.name, { keys, meritKey, result: { ...result, fitted: [] } } satisfies Entry);
    world.progress(stage, ++finished, tasks.length);
  });
  await cache.settle();
  return { results, fits };
}
