import type { Description, NumberSummary } from "../cohort/index.js";
import type { Figure } from "./figure.js";

/** Where the patients of a figure of merit stand to those the model was fitted on. Only the last five are validation. */
export type Kind =
  | "apparent" | "tuning"
  | "optimism-corrected" | "632+" | "nested cross-validation" | "leave-one-centre-out" | "test" | "external";

/** One number as the report may print it. NaN (null in JSON) where it could not be computed; `note` says why. */
export type Estimate = {
  value: number; low?: number; high?: number; level?: number;
  /** how the interval was made, "DeLong", "influence function over folds, averaged over repeats", …; a spread is never an interval */
  intervalMethod?: string;
  n: number; events?: number; unit?: string;
  /** survival, figures at one time: patients followed to it or longer; `events` are then those by it */
  atRisk?: number;
  /** name of the set of patients: "I-SPY 1", "test", "Centre B", … */
  set: string; kind: Kind; method: string;
  /** spread over repeats or resamples, and how many counted */
  sd?: number; min?: number; max?: number; count?: number;
  /** fits in which nothing was selected, scored as the null model; and fits in all (folds × repeats, resamples), where `count` counts repeats */
  empty?: number; fits?: number; seed?: number; note?: string;
};

/** `measure`: "C-index", "AUC", "AUC(36)", "Brier", "calibration slope", "calibration in the large", "accuracy", "no-information rate", … */
export type Performance = { model: string; measure: string; estimate: Estimate };
/** `second` against `first`: difference second − first. */
export type Comparison = { first: string; second: string; measure: string; difference: Estimate; test?: { name: string; statistic: number; df?: number; p: number } };

export type FlowStep = { n: number; events?: number; reason?: string; /** patients that left here, and why: "before the table", "eligibility", "outcome", "images", "join", "missing" */ removed?: number; /** a reason without `removed` is a remark: nobody left */ kind?: string };
export type CohortReport = {
  name: string; role: "development" | "test" | "external"; n: number; events: number;
  flow: FlowStep[]; centres?: { name: string; n: number; events: number }[];
  /** survival: median follow-up by reverse Kaplan–Meier, and quartiles */
  followUp?: { median: number; low: number; high: number; unit: string };
};

/** What one step of a block did in the fit on all development patients. */
export type StepReport = { step: string; options: Record<string, unknown>; before: number; after: number; kept?: string[]; removed?: { name: string; why?: string }[]; note?: string };
export type Coefficient = { term: string; coefficient: number; ratio?: number; low?: number; high?: number; /** of the interval, 0.95 when left out */ level?: number; p?: number; intervalMethod?: string };
/** A score or a model as fitted on all development patients, and how often its choices came back in the resamples. */
export type BlockReport = {
  name: string; kind: "score" | "model"; title: string; learner: string; inputs: string[]; candidates: number; parameters: number;
  steps: StepReport[]; selected: string[]; coefficients: Coefficient[]; formula?: string;
  /** survival: cumulative hazard at linear predictor 0 by each time of the outcome, so that the formula scores a patient by hand */
  baseline?: { time: number; cumulativeHazard: number }[];
  /** share of resampled fits that kept each variable (largest first), fits in all, and those that kept none */
  stability?: { fits: number; empty: number; kept: { name: string; share: number }[] };
  /** `level` is the category's; the intervals are at `univariableLevel`, 0.95 when left out */
  univariable?: { term: string; level?: string; ratio: number; low: number; high: number; p: number; n: number; events: number }[];
  univariableLevel?: number;
  warnings: string[];
};

/**
 * One finding of a guard: shown in the margin beside `where`, which is the id of a figure, the name of a block, cohort or column, a
 * section of the appendix ("patients", "features", "models", "performance", "calibration", "use", "survival", "stability") or
 * "baseline", "sample size", "comparisons", "overlap", "sealed sets", "plan". "stop" findings end the run.
 */
export type Finding = { guard: string; severity: "note" | "warning" | "stop"; where: string; message: string; doInstead?: string };
/**
 * A sealed set (test, external) was read: as the how-manieth of this run, for what, and the SHA-256 of its patients, columns and outcome, by which
 * a later opening of other data under the same name is known. When, provenance.json tells.
 */
export type Opening = { set: string; order: number; purpose: string; hash: string };
/** Reproduction mode: what the paper's order made of a number, and what it is honestly. */
export type Fault = { fault: string; what: string; measure: string; model: string; asPublished: Estimate; honest: Estimate };

/** Two columns of one patient side by side (primary and recurrence): the table of the pairs, and its paired test. */
export type PairedRow = { label: string; n: number; missing: number; unit?: string; test?: { name: string; statistic: number; p: number } } & (
  | { kind: "number"; summary: "mean" | "median"; first: NumberSummary; second: NumberSummary }
  | { kind: "category"; levels: { level: string; first: number; second: number }[] });
/** How the final model's linear predictor makes risk groups: cuts in rising order, one name more than cuts. */
export type RiskGroups = {
  model: string; cuts: number[]; names: string[]; method: string; note?: string;
  /** id of the survival figure of these groups */
  figure?: string;
  /** binary outcome: the share with the event in each group */
  observed?: Estimate[];
};

/** Everything that a run found: what report.html, the tables, methods.md and the checklist are written from; `results.json`. */
export type StudyResults = {
  format: "radscore results"; formatVersion: 1; program: string;
  title: string; question: string; order: "honest" | "as-published"; seed: number;
  outcome: { kind: "binary" | "survival"; name: string; event: string; unit?: string; times?: number[]; window?: [number, number] };
  /** models in the plan's order, the one named beforehand as final and the one it is held against */
  models: string[]; final: string; reference?: string;
  /** `comparison`: what it rests on; `further`: the same difference in centres left out, test and external sets, each with its sentence, with which `sentence` ends. "yes" needs all of them to show it */
  verdict: { sentence: string; adds: "yes" | "no" | "uncertain"; comparison?: Comparison; further?: { sentence: string; comparison: Comparison }[] };
  cohorts: CohortReport[];
  /** patients in two sets at once: the overlap matrix */
  overlap: { sets: string[]; shared: number[][] };
  /** `percent`: which percentages Table 1 prints, "column" when left out */
  baseline: { title: string; description: Description; percent?: "column" | "row" }[];
  paired?: { title: string; first: string; second: string; rows: PairedRow[] }[];
  /** column → label and unit, where the plan gives them */
  labels?: Record<string, { label: string; unit?: string }>;
  riskGroups?: RiskGroups;
  /** from the plan's `report`: who, remarks, and what the user states for the checklists */
  report?: { authors?: string; institution?: string; notes?: string[]; statements?: Record<string, string> };
  blocks: BlockReport[];
  performance: Performance[]; comparisons: Comparison[];
  sampleSize: { model: string; candidates: number; parameters: number; eventsPerCandidate: number; needed?: { n: number; events: number; criterion: string }; note: string }[];
  findings: Finding[]; faults: Fault[];
  /** log of sealed sets, in the order in which they were opened */
  openings: Opening[];
  /** in the order of the report; `front` ones stand before the appendix */
  figures: Figure[];
  /** tables for tables/*.csv beyond those of the figures */
  tables: { id: string; title: string; columns: string[]; rows: (string | number | null)[][]; note?: string }[];
  /** executed parameters, for methods.md: what, value, where it came from ("plan", "default") */
  parameters: { what: string; value: string; from: string }[];
  /** methods sentences from the executed graph, by heading */
  methods: { heading: string; sentences: string[] }[];
};
