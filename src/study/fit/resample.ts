import { selectOutcome, selectRows, type BinaryOutcome, type Column, type SurvivalOutcome, type Table } from "../../cohort/index.js";
import { lowess, InputError, randomStream } from "../../math/index.js";
import { smoothObservedRisk } from "../../evaluate/index.js";
import { hazardAt } from "./baselineHazard.js";
import { blockOrder, selectComputed, upstream, workingTable, type Computed } from "./blockTable.js";
import type { CohortData } from "../data.js";
import type { Merit } from "../facts.js";
import { fitBlock } from "./fitBlock.js";
import { frozenBlock } from "./frozenBlock.js";
import { trainingOf } from "./fitPipeline.js";
import { meritOf, thresholdOf } from "../estimates/merit.js";
import type { Prediction } from "../pipeline.js";
import type { Plan } from "../plan.js";
import { computeBlock } from "./predictBlock.js";
import { refuseShared } from "../estimates/sealedSets.js";
import { exp } from "../../math/index.js";
import { withoutPatients } from "../withoutPatients.js";

/**
 * One refit of the whole pipeline. `fit` and the rows of `score` are places in `training`, the development rows at hand; a place may stand
 * in `fit` several times (bootstrap). `name` is the stream of chance: the same resample draws the same whatever ran before.
 */
export type Resample = {
  name: string; fit: Int32Array;
  /** `apart`: nobody of this set may have been fitted on, which is checked by patient */
  score: { name: string; places: Int32Array; apart?: true }[];
  /** what is known already of some blocks: they are not fitted again */
  known?: Record<string, BlockResult>;
  /** sets of `score` on which calibration curves are wanted */
  curves?: string[];
};
/** What a refitted block gives for all training places. `hazard`: cumulative baseline hazard at the plan's times. */
export type BlockResult = { kept: string[]; linear: Float64Array; hazard?: number[]; columns?: Record<string, Column>; failed?: string };
export type ResampleResult = {
  blocks: Record<string, BlockResult>;
  /** blocks fitted now, not taken from what was known */
  fitted: string[];
  merit: Record<string, Record<string, Merit>>;
  /** binary: each model's threshold, from the rows fitted on */
  thresholds: Record<string, number>;
  /** by set: distance of the smooth observed from the predicted risk at each grid's risks */
  curves: Record<string, number[][]>;
};
/** What all resamples share; given to each worker once. */
export type ResampleShared = { plan: Plan; cohort: CohortData; training: Int32Array; grids: CurveGrid[] };
export type CurveGrid = { model: string; time?: number; at: number[] };

type Prepared = { shared: ResampleShared; table: Table; outcome: BinaryOutcome | SurvivalOutcome; working: Table; wanted: Set<string> };
let prepared: Prepared | undefined;

/** The tables of a shared study, made once for many resamples. */
function prepare(shared: ResampleShared): Prepared {
  if (prepared?.shared === shared) return prepared;
  const working = workingTable(shared.cohort);
  const selected = new Set([...shared.plan.scores, ...shared.plan.models].flatMap((b) => b.from.filter((f) => f.endsWith(".selected")).map((f) => f.slice(0, -".selected".length))));
  prepared = { shared, working, table: selectRows(working, shared.training), outcome: selectOutcome(shared.cohort.outcome, shared.training), wanted: selected };
  return prepared;
}

/**
 * Refits every block that is not known on the places named and scores the models on each set. A block that cannot be fitted fails alone,
 * and the blocks that read it; the others go on. An empty selection is the null model and counts.
 */
export function runResample(shared: ResampleShared, task: Resample): ResampleResult {
  const { plan, cohort, training } = shared;
  const { table, outcome, wanted, working } = prepare(shared);
  const { times } = plan.evaluation;
  const fitted: string[] = [];
  const blocks: Record<string, BlockResult> = {};
  const order = blockOrder(plan);
  const fitRows = Int32Array.from(task.fit, (k) => training[k]);
  const rows = trainingOf(cohort, fitRows, working);
  const everywhere = new Map<string, Computed>(), here = new Map<string, Computed>();
  const random = randomStream(plan.seed).stream(task.name);
  for (const block of order) {
    let result = task.known?.[block.name];
    if (result === undefined) {
      fitted.push(block.name);
      const lost = upstream(plan, block).find((name) => blocks[name].failed !== undefined);
      if (lost !== undefined) result = { kept: [], linear: new Float64Array(0), failed: `${lost} could not be fitted` };
      else {
        try {
          const one = fitBlock(plan, block, rows, here, random.stream(block.name));
          const all = computeBlock(frozenBlock(one.fitted), table, everywhere, { unseen: "missing" });
          result = {
            kept: one.fitted.selected, linear: all.linear,
            ...(one.fitted.baseline !== undefined && { hazard: times.map((t) => hazardAt(one.fitted.baseline!, t)) }),
            ...(wanted.has(block.name) && { columns: all.columns }),
          };
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          result = { kept: [], linear: new Float64Array(0), failed: withoutPatients(error.message, table.id) };
        }
      }
    }
    blocks[block.name] = result;
    if (result.failed !== undefined) continue;
    everywhere.set(block.name, { linear: result.linear, columns: result.columns ?? {}, selected: result.kept });
    here.set(block.name, selectComputed(new Map([[block.name, everywhere.get(block.name)!]]), task.fit).get(block.name)!);
  }
  const merit: ResampleResult["merit"] = {}, curves: ResampleResult["curves"] = {};
  const thresholds: Record<string, number> = {};
  for (const { name: model } of plan.models) {
    if (blocks[model].failed !== undefined) continue;
    const risk = predictionOf(blocks[model], outcome.kind).probability[0];
    const threshold = thresholdOf(plan, rows.outcome, Float64Array.from(task.fit, (k) => risk?.[k] ?? NaN));
    if (threshold !== undefined) thresholds[model] = threshold;
  }
  for (const { name, places, apart } of task.score) {
    merit[name] = {};
    if (apart) refuseShared(`resample "${task.name}"`, table.id, task.fit, places);
    for (const { name: model } of plan.models) {
      const result = blocks[model];
      if (result.failed !== undefined) continue;
      const prediction = predictionOf(result, outcome.kind);
      merit[name][model] = meritOf(outcome, prediction, places, { times, ...(plan.evaluation.window && { window: plan.evaluation.window }), ...(thresholds[model] !== undefined && { threshold: thresholds[model] }) });
    }
    if (task.curves?.includes(name)) curves[name] = shared.grids.map((grid) => blocks[grid.model].failed === undefined ? curveDistance(outcome, predictionOf(blocks[grid.model], outcome.kind), places, grid, times) : grid.at.map(() => NaN));
  }
  return { blocks, fitted, merit, thresholds, curves };
}

/** A block result as a prediction. */
export function predictionOf(result: BlockResult, kind: "binary" | "survival"): Prediction {
  const { linear, hazard } = result;
  if (kind === "binary") return { linear, probability: [linear.map((v) => 1 / (1 + exp(-v)))] };
  return { linear, probability: (hazard ?? []).map((h) => linear.map((v) => 1 - exp(-h * exp(v)))) };
}

/** Smooth observed minus predicted risk at a grid of risks: lowess (as rms calibrate.lrm), or a Cox model on a spline (Austin et al. 2020); NaN beyond the predictions. */
export function curveDistance(outcome: BinaryOutcome | SurvivalOutcome, prediction: Prediction, places: ArrayLike<number>, grid: CurveGrid, times: readonly number[]): number[] {
  const all = grid.time === undefined ? prediction.probability[0] : prediction.probability[times.indexOf(grid.time)];
  const keep = Array.from(places).filter((k) => Number.isFinite(all[k]));
  const risk = Float64Array.from(keep, (k) => all[k]);
  let x: ArrayLike<number>, y: ArrayLike<number>;
  try {
    if (outcome.kind === "binary") ({ x, y } = lowess(risk, Float64Array.from(keep, (k) => outcome.event[k])));
    else {
      const own = selectOutcome(outcome, keep);
      const { observed } = smoothObservedRisk({ time: own.time, event: own.event }, risk, grid.time!);
      const by = Array.from(risk.keys()).sort((a, b) => risk[a] - risk[b]);
      [x, y] = [by.map((i) => risk[i]), by.map((i) => observed[i])];
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return grid.at.map(() => NaN);
  }
  let k = 0;
  return grid.at.map((r) => {
    while (k + 2 < x.length && x[k + 1] <= r) k++;
    if (x.length < 2 || r < x[0] || r > x[x.length - 1]) return NaN;
    return (x[k + 1] > x[k] ? y[k] + ((y[k + 1] - y[k]) * (r - x[k])) / (x[k + 1] - x[k]) : y[k]) - r;
  });
}
