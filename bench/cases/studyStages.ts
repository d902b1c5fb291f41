// Where the time of a resample goes, and whether the λ chosen is that of the whole path. One thread.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { selectOutcome } from "../../src/cohort/index.js";
import { designOf, elasticNetCv, learners } from "../../src/model/index.js";
import { blockSteps } from "../../src/study/fit/fitBlock.js";
import { openStudy, mapHere, type World } from "../../src/study/index.js";
import { runResample, type Resample } from "../../src/study/fit/resample.js";
import { bootstrapTasks } from "../../src/study/fit/resampling.js";

/** A world that reads files and does nothing else. */
export const readingWorld = (folder: string): World => ({
  read: async (path) => readFileSync(join(folder, path)), list: async () => [], exists: async () => true, write: async () => {},
  recall: async () => undefined, keep: async () => {}, map: mapHere, progress: () => {}, log: () => {},
});

async function resamplesOf(planFile: string, samples: number): Promise<{ shared: Parameters<typeof runResample>[0]; tasks: Resample[] }> {
  const { plan, development } = await openStudy(readFileSync(planFile, "utf8"), planFile, readingWorld(dirname(planFile)));
  const training = Int32Array.from(development.table.id.keys());
  const tasks = bootstrapTasks({ ...plan, validation: { ...plan.validation, bootstrap: { resamples: samples } } }, development, training);
  const at = Array.from({ length: 25 }, (_, j) => 0.05 + j * 0.03);
  const grids = plan.models.flatMap(({ name }) => (plan.outcome.kind === "binary" ? [{ model: name, at }] : plan.evaluation.times.map((time) => ({ model: name, time, at }))));
  return { shared: { plan, cohort: development, training, grids }, tasks };
}

/** CPU seconds of one resample by stage, warm: each step and learner, the figures of merit and calibration curves, and what is left. */
export async function resampleStages(planFile: string, samples: number, cpuSeconds: () => number): Promise<Record<string, number>> {
  const { shared, tasks } = await resamplesOf(planFile, samples + 5);
  const spent: Record<string, number> = {};
  const timed = <R>(stage: string, run: () => R): R => {
    const begin = cpuSeconds();
    const result = run();
    spent[stage] = (spent[stage] ?? 0) + cpuSeconds() - begin;
    return result;
  };
  for (const one of [...blockSteps, ...learners] as { name: string; fit(...args: any[]): unknown }[]) {
    const { fit } = one;
    one.fit = (...args) => timed(one.name, () => fit(...args));
  }
  for (const task of tasks.slice(0, 5)) runResample(shared, task);
  for (const stage of Object.keys(spent)) delete spent[stage];
  for (const task of tasks.slice(5)) {
    const before = Object.values(spent).reduce((a, b) => a + b, 0), begin = cpuSeconds();
    const { blocks } = runResample(shared, task);
    const all = cpuSeconds() - begin, fits = Object.values(spent).reduce((a, b) => a + b, 0) - before;
    // everything is known: what is left is judging
    const mark = cpuSeconds();
    runResample(shared, { ...task, known: blocks });
    const judged = cpuSeconds() - mark;
    spent["merit and calibration curves"] = (spent["merit and calibration curves"] ?? 0) + judged;
    spent["tables, ranges, predictions"] = (spent["tables, ranges, predictions"] ?? 0) + all - fits - judged;
  }
  return Object.fromEntries(Object.entries(spent).map(([stage, s]) => [stage, s / samples]).sort((a, b) => Number(b[1]) - Number(a[1])));
}

/**
 * λ of the lowest cross-validated deviance, in bootstrap samples, by paths that end where the deviance hardly gains and by all 100 λ.
 * @returns samples where both are the same, where folds fitted at the λ of all rows choose the same too, and how far paths went
 */
export async function wholePath(planFile: string, samples: number): Promise<{ samples: number; same: number; sharedSame: number; shortest: number; farthest: number }> {
  const { shared, tasks } = await resamplesOf(planFile, samples);
  const { outcome } = shared.cohort;
  const found = { samples: 0, same: 0, sharedSame: 0, shortest: 100, farthest: 0 };
  const score = learners.find((l) => l.name === shared.plan.scores[0].learner.name)! as { fit(...args: any[]): unknown };
  const { fit } = score;
  score.fit = (table, y: ReturnType<typeof selectOutcome>, options: { variables: string[]; folds: Int32Array }, random) => {
    const { design } = designOf(table, options.variables);
    const own = elasticNetCv(design, y, { folds: options.folds });
    const whole = elasticNetCv(design, y, { folds: options.folds, wholePath: true });
    const shared = elasticNetCv(design, y, { folds: options.folds, foldLambda: "shared", wholePath: true });
    found.samples++;
    if (own.lambdaMin === whole.lambdaMin) found.same++;
    if (own.lambdaMin === shared.lambdaMin) found.sharedSame++;
    found.shortest = Math.min(found.shortest, own.lambda.length);
    found.farthest = Math.max(found.farthest, whole.indexMin + 1);
    return fit(table, y, options, random);
  };
  for (const task of tasks) runResample({ ...shared, cohort: { ...shared.cohort, outcome } }, { ...task, score: [], curves: [] });
  return found;
}
