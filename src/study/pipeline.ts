import type { Table } from "../cohort/index.js";
import type { DerivePlan } from "./plan.js";

/**
 * The rows a fit has seen, as row numbers of the development cohort (duplicates of a bootstrap kept, made rows of SMOTE not in it)
 * and as patients. The evaluator compares these with the patients it is asked to score.
 */
export type PatientSet = { rows: number[]; patients: number };

export type FittedStep = { name: string; options: Record<string, unknown>; state: unknown; before: string[]; after: string[] };

/**
 * One block after fitting; JSON. `model` null: nothing was selected, the block is the null model (`constant` linear predictor).
 * `baseline` of a survival block: cumulative hazard at lp 0, by Breslow over the original training rows; its last time is the end of
 * follow-up, beyond which no probability is given. `recalibration` of a binary
 * block fitted on balanced rows: intercept moved to the training prevalence.
 */
export type FittedBlock = {
  name: string; kind: "score" | "model"; inputs: string[];
  /** inputs that are linear predictors of other blocks; inputs read as another block's steps left them; columns that steps alone read */
  blocks?: string[]; via?: Record<string, string>; aside?: string[];
  steps: FittedStep[]; selected: string[];
  learner: { name: string; options: Record<string, unknown> }; model: unknown;
  constant: number;
  baseline?: { time: number[]; hazard: number[] };
  recalibration?: { intercept: number; slope: number };
  /** ranges and levels of the inputs among the training rows, for range guards at prediction */
  ranges: Record<string, { low: number; high: number; unit?: string } | { levels: string[] }>;
  trainedOn: PatientSet; warnings: string[];
  /** a model without covariance: how far its bootstrap refits lie apart, or why that is not known (`refitSpread`) */
  refits?: RefitSpread | { none: string };
  /** Firth's Cox model: variance of the log baseline hazard and weighted mean of the columns at risk, by each of the outcome's times (`baselineSpread`) */
  spread?: { variance: number[]; mean: number[][] };
};

/** Covariance by time (binary: one) of 1 and the centred and scaled columns `names`, and the variance that they leave. */
export type RefitSpread = { samples: number; names: string[]; centre: number[]; scale: number[]; covariance: number[][][]; residual: number[] };

/** `model.json`: everything that scores new patients. `blocks` in the order in which they must be computed. */
export type FrozenPipeline = {
  format: "radscore model"; formatVersion: 1; program: string; title: string; plan: string;
  outcome: { kind: "binary" | "survival"; name: string; event: string; unit?: string; times: number[] };
  /** how the raw columns become the columns the blocks read: labels, levels, units, cuts (the plan's `variables`) */
  variables: Record<string, unknown>; /** variables that are made from raw columns where the table has not got them (the plan's `derive`) */ derive?: DerivePlan[]; blocks: FittedBlock[]; models: string[]; final: string;
};

/** Predictions of one block for the rows of a table: linear predictor, and probability of the event (by each time, where survival). */
export type Prediction = { linear: Float64Array; probability: Float64Array[] };

export type { Table };
