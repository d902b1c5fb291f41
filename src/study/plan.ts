import type { EventType, TimeUnit } from "../cohort/index.js";
import type { DeriveOptions, DeriveRule } from "./plan/derivations.js";

/**
 * A study as the engine runs it: the plan file after reading, with every default filled in. `study.yaml`, JSON and `defineStudy()` are
 * three ways to write a `PlanInput` (planSchema.ts); `readPlan` makes this of it.
 */
export type Plan = {
  radscore: 1;
  title: string; question: string; seed: number;
  order: "honest" | "as-published"; strict: boolean;
  cohorts: CohortPlan[];
  variables: Record<string, VariablePlan>;
  /** variables made from others, each from columns of the tables or from those before it */
  derive?: DerivePlan[];
  /** named groups of columns after patterns ("T1_*") and "!excluded" names were resolved against the development table */
  groups: Record<string, string[]>;
  outcome: OutcomePlan;
  scores: BlockPlan[]; models: BlockPlan[];
  /** the model named beforehand, and the one it is held against (default: the first without a score, if any) */
  final: string; reference?: string;
  validation: ValidationPlan; evaluation: EvaluationPlan; report: ReportPlan;
};

export type CohortPlan = {
  name: string; role: "development" | "external";
  /** external: the models it is scored by, where it lacks the columns of others; all when left out */
  models?: string[];
  tables: TablePlan[];
  /** images and masks in place of (or beside) a table of features; rows are extracted into columns named like the feature */
  images?: ImagesPlan;
  /** column of the centre (ComBat, leave-one-centre-out), of the date of diagnosis, of a second lesion's patient */
  centre?: string; date?: string; patient?: string;
  /** a second reader's features of the same patients, for the ICC */
  readers: { file: string; id: string; name?: string }[];
  /** before the table: where the patients of the table came from */
  flow: { reason: string; removed: number }[]; screened?: number;
  exclude: { column: string; is: Condition; reason: string; kind: string }[];
  /** columns by another name in this cohort: { theirs: ours } */
  rename: Record<string, string>;
};
export type TablePlan = { file: string; /** "": the column called id, patient, case or subject */ id: string; delimiter?: string; decimalComma?: boolean; dates?: "ymd" | "dmy" | "mdy"; missing: string[]; sheet?: string; columns?: string[];
  /** what becomes of patients that this table lacks: "inner" they leave, counted in the flow; "left" they stay, its columns missing */
  join: "inner" | "left" };
export type ImagesPlan = { folder?: string; table?: string; image: string; mask: string; id: string; label?: number; parameters?: string;
  /** pixel size in mm of pictures, which hold none */
  spacing?: number;
  /** where one patient has several masks: one of them all (union), the largest, or an error */
  severalMasks: "union" | "largest" | "error" };
export type Condition = { missing: true } | { equals: (string | number)[] } | { not: (string | number)[] } | { below: number } | { above: number };

export type VariablePlan = {
  label?: string; unit?: string;
  /** code in the file → name of the level, in order */
  levels?: Record<string, string>; ordered?: boolean;
  kind?: "number" | "category" | "date";
  /** levels that count as missing ("indeterminate") */
  missing?: string[];
  /** number → two or more categories; lower bounds of each after the first */
  cut?: { at: number[]; names: string[] };
  /** false: known only after the moment the prediction is made for; may not be a predictor */
  available?: boolean; source?: string;
};

/** A variable made by a rule: which column of the study is which source of it. */
export type DerivePlan = { name: string; rule: DeriveRule; sources: Record<string, string>; options: DeriveOptions };

/** An end-point that is built from dates; `events` are those of which the first counts, `dates` their columns (and those of others that tell of follow-up). */
export type EndpointPlan = {
  endpoint: string; events: EventType[]; origin: string; dates: Partial<Record<EventType, string>>; lastContact: string; landmark: number; competingDeath: boolean; unit: TimeUnit;
};

export type OutcomePlan =
  | { kind: "binary"; name: string; column: string; event: string[]; noEvent: string[]; eventName: string; otherName: string }
  | { kind: "survival"; name: string; time: string; event: string; codes: { event: string[]; censored: string[]; other?: string[] }; unit: string; /** divide times by this, to show them in `unit` */ divide: number; eventName: string; /** built from dates: `time` and `event` are then names that no column has */ built?: EndpointPlan };

/** One step or learner of a block: its name in the list, and options. */
export type Use = { name: string; options: Record<string, unknown> };

/**
 * A score (a column for models to use, such as the Radscore) or a model. `from` names groups, columns, other blocks (their linear
 * predictor becomes a column) and "<block>.selected" (the columns that block kept in the same fit).
 */
export type BlockPlan = { name: string; kind: "score" | "model"; title: string; from: string[]; steps: Use[]; learner: Use };

export type ValidationPlan = {
  crossValidation?: { folds: number; repeats: number };
  bootstrap?: { resamples: number };
  leaveOneCentreOut: boolean;
  split?: { by: "random" | "centre" | "date" | "column"; test: number; column?: string; values?: string[]; from?: string; stratified: boolean };
};
export type EvaluationPlan = {
  /** survival: times at which AUC, Brier, calibration and decision curves stand, and the window of AUC(t) */
  times: number[]; window?: [number, number];
  level: number;
  /**
   * probability at which a binary prediction counts as positive: a number, "prevalence", or chosen inside the training rows: "youden", "closest" to the
   * corner of the ROC curve, the cut that reaches a sensitivity or a specificity
   */
  threshold: number | "youden" | "closest" | "prevalence" | { sensitivity: number } | { specificity: number };
  /** `minimum`: smallest group that a searched cut may leave, as a share of the patients */
  cutpoint: { method: "median" | "youden" | "minimum-p" | "maxstat" | "x-tile"; groups: 2 | 3; minimum?: number };
  thresholds: [number, number];
  comparisons: [string, string][];
  subgroups: { column: string; cut?: number }[];
  associations: { of: string; with: string }[]; changes: { before: string; after: string }[];
  /** pairs of columns shown side by side in Table 1 (primary and recurrence of one patient) */
  paired: { label: string; first: string; second: string; names?: [string, string] }[];
  baseline: { by: "outcome" | "cohort" | "centre" | "risk group" | string; variables?: string[]; percent: "column" | "row" }[];
  cases: { id: string; title: string; course?: string; image?: string }[];
};
export type ReportPlan = { authors?: string; institution?: string; notes: string[]; statements: Record<string, string> };
