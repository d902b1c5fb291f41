import type { Comparison, Fault, Finding, Kind, Opening, Performance } from "../report/index.js";
import type { CohortData, StudyData } from "./data.js";
import type { FittedBlock, Prediction } from "./pipeline.js";
import type { Plan } from "./plan.js";

/** Figures of merit of one model on one set of patients by measure ("C-index", "AUC(36)", "calibration slope", …); NaN where not to be had. */
export type Merit = Record<string, number>;

/**
 * A set of patients scored by the blocks fitted on all training rows. `rows` are rows of `cohort.table`; row k of every prediction
 * belongs to rows[k]. Only models (and scores) that the cohort has the columns for are among `predictions`.
 */
export type SetFacts = {
  name: string; kind: Extract<Kind, "apparent" | "tuning" | "test" | "external">;
  cohort: CohortData; rows: Int32Array;
  predictions: Record<string, Prediction>;
};

/** One fold: what was fitted without it and how it scored there. `kept`: what each block selected ([]: the null model). */
export type FoldFacts = {
  repeat: number; fold: number; n: number; events: number;
  merit: Record<string, Merit>; kept: Record<string, string[]>;
  /** binary: the probability above which each model's prediction is positive, from the rows of the fit */
  thresholds?: Record<string, number>;
  /** blocks that could not be fitted or read here, and why; their models have then no merit and the fold does not count for them */
  failed?: Record<string, string>;
};

/**
 * Nested cross-validation of the whole pipeline. `fold[k]` and row k of `predictions` belong to `Facts.training[k]`; a prediction
 * is of the fit without the patient's own fold (NaN where that failed). Linear predictors of different folds are on different
 * scales: judge them within their fold; probabilities may be pooled within a repeat.
 */
export type CrossValidationFacts = {
  folds: number;
  repeats: { fold: Int32Array; predictions: Record<string, Prediction> }[];
  results: FoldFacts[];
};

/** The whole pipeline on bootstrap samples of patients: merit on its own sample and on the original training rows. */
export type BootstrapFacts = {
  /** `leftOut`: on the patients that the sample lacks; a failed block's models have no entry */
  resamples: { training: Record<string, Merit>; test: Record<string, Merit>; leftOut: Record<string, Merit>; kept: Record<string, string[]>; failed?: Record<string, string> }[];
  /** by model and (survival) time: the smooth calibration curve of the final fit at `predicted`, and its mean optimism over the resamples */
  calibration: { model: string; time?: number; predicted: number[]; apparent: number[]; optimism: number[]; used: number }[];
};

/** Each centre scored by the pipeline fitted without it; `rows` are development rows. */
export type CentreFacts = { centre: string; rows: Int32Array; predictions: Record<string, Prediction>; merit: Record<string, Merit>; kept: Record<string, string[]>; /** binary: from the other centres */ thresholds?: Record<string, number>; failed?: Record<string, string> };

/**
 * What a run found, before words and pictures: figures, tables and sentences are written from it. `blocks` (scores and models in
 * the order in which they are computed) are fitted on the development rows `training`; `sets[0]` is the apparent one, and the same rows.
 * Survival predictions hold the probability of the event by each of `plan.evaluation.times`, binary ones one probability.
 */
export type Facts = {
  plan: Plan; data: StudyData;
  training: Int32Array;
  blocks: FittedBlock[];
  sets: SetFacts[];
  crossValidation?: CrossValidationFacts;
  bootstrap?: BootstrapFacts;
  centres?: CentreFacts[];
  /** binary: the probability above which a prediction counts as positive, by model, chosen on the training rows alone; and how */
  thresholds: Record<string, { value: number; how: string }>;
  /** risk groups of the final model: cuts of its linear predictor chosen on the training rows, with what is to be said of their P */
  cut?: { model: string; values: number[]; method: string; p?: number; correctedP?: number; correction?: string };
  performance: Performance[]; comparisons: Comparison[];
  findings: Finding[]; faults: Fault[];
  openings: Opening[];
};
