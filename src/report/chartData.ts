import type { Nomogram } from "../model/index.js";

// What each chart is drawn from: plain numbers and words, nothing fitted here, no patient's name. NaN is a gap.

/** Boxes from top to bottom; what leaves each box to the side with its reason; the last box may split into sets. */
export type FlowData = {
  steps: { label: string; n: number; events?: number; out?: { reason: string; n: number }[] }[];
  ends: { label: string; n: number; events: number; /** came by another way: beside the flow, not out of it */ apart?: boolean }[]; eventName: string;
};
/** How many features each step of selection left; names where they are few. */
export type FunnelData = { stages: { label: string; left: number; names?: string[] }[] };
/** Agreement of each feature between readers, sorted; the limit of the filter. */
export type IccData = { form: string; threshold: number; features: { name: string; icc: number; low: number; high: number }[]; readers: number; n: number };
/** Correlations of the features after reordering; `merges` as hierarchicalClustering gives them (children, height), optional. */
export type HeatmapData = {
  names: string[]; values: number[][]; label: string; domain: [number, number];
  dendrogram?: { merges: { left: number; right: number; height: number }[]; order: number[] }; clusters?: number[];
};
export type LassoPathData = { lambda: number[]; coefficients: { name: string; values: number[] }[]; chosen: { label: string; lambda: number }[]; nonzero: number[] };
export type LassoCvData = { lambda: number[]; mean: number[]; se: number[]; nonzero: number[]; measure: string; chosen: { label: string; lambda: number }[] };
/** Signed bars (coefficients) or shares 0…1 (stability), longest first. */
export type BarsData = { label: string; bars: { name: string; value: number; low?: number; high?: number; note?: string }[]; domain?: [number, number]; zero?: boolean };
/** Ratios with intervals in rows and headed columns of text; log scale; one panel or two (univariable, multivariable). */
export type ForestData = {
  measure: "OR" | "HR" | "C-index" | "AUC" | "difference"; /** of the intervals, 0.95 when left out; of single panels */ level?: number; levels?: number[]; reference: number; log: boolean;
  panels: string[];
  /** `few`: why the row's mark is hollow, in words beside the number ("few events") */
  rows: { label: string; indent?: boolean; n?: number; events?: number; few?: string; panels: ({ value: number; low: number; high: number; p?: number } | null)[] }[];
};
/** One panel a set; bands optional; points mark the cut used. */
export type RocData = {
  panels: { title: string; n: number; events: number; curves: { name: string; falsePositive: number[]; sensitivity: number[]; low?: number[]; high?: number[]; auc: number; aucLow?: number; aucHigh?: number; /** what stands in place of an interval ("no interval") */ none?: string; kind: string; point?: [number, number] }[] }[];
};
/** AUC(t) of each model with its interval, numbers at risk under the axis, the median over the window. */
export type TimeAucData = {
  unit: string; window?: [number, number];
  /** `medianOf`: what the median is of where it is not the table's ("this curve") */
  curves: { name: string; time: number[]; auc: number[]; low: number[]; high: number[]; median?: number; medianOf?: string }[];
  atRisk: { time: number; n: number; events: number }[]; kind: string; n?: number; events?: number;
};
/** Predicted against observed risk; the identity line; the rug of predictions; statistics in the corner. */
export type CalibrationData = {
  panels: {
    title: string; kind: string; n: number; /** those of the time of the figure, which `by` names ("by 24 months") */ events: number; by?: string;
    curves: { name: string; predicted: number[]; observed: number[]; low?: number[]; high?: number[]; corrected?: number[] }[];
    groups?: { predicted: number; observed: number; low: number; high: number; n: number }[];
    rug?: number[]; statistics: { name: string; text: string }[];
  }[];
  xLabel: string; yLabel: string; /** of the groups' intervals, 0.95 when left out */ level?: number;
};
/** `risks`: the predictions, drawn as a histogram over the thresholds. */
export type DecisionData = {
  panels: { title: string; kind: string; n: number; events: number; by?: string; threshold: number[]; all: number[]; curves: { name: string; netBenefit: number[]; low?: number[]; high?: number[] }[]; risks?: number[] }[];
  label: string;
};
/** `linearPredictor` adds its axis. Worked cases: the patient's values are categories or rounded numbers, never a name. `image` a data: URI. */
export type NomogramData = { nomogram: Nomogram; labels?: Record<string, string>; cases?: { title: string; values: Record<string, number | string>; course?: string; image?: string }[]; linearPredictor?: boolean };
export type SurvivalData = {
  unit: string; yLabel: string; kind: string;
  /** `survival` is a cumulative incidence, from 0 at time 0 */
  rising?: boolean;
  /** `fewFrom`: the time after which fewer than 5 of the group are at risk, its curve pale */
  groups: { name: string; n: number; events: number; time: number[]; survival: number[]; low: number[]; high: number[]; censored: number[]; atRisk: number[]; fewFrom?: number }[];
  /** times of the axis at which numbers at risk stand */
  ticks: number[];
  test?: string; ratio?: string; note?: string;
};
/** Patients by score, highest first, coloured by event; the cut. */
export type WaterfallData = { scores: number[]; events: number[]; cut?: number; label: string; eventName: string; otherName: string; /** no scores: why */ why?: string };
/** A score (dots and box by group) or a reading (stacked shares) against a pathology variable, test named; or why neither is drawn. */
export type AssociationData =
  | { kind: "score"; label: string; groups: { name: string; values: number[] }[]; test: string; groupLabel?: string }
  | { kind: "none"; why: string }
  | { kind: "table"; rows: string[]; columns: string[]; counts: number[][]; rowLabel: string; columnLabel: string; test: string };
/** A status at two time points of the same patients: flows between the categories. */
export type ChangeData = { before: { label: string; levels: string[] }; after: { label: string; levels: string[] }; counts: number[][]; test?: string };
/** Merit of every model by kind of validation: points with intervals; the first screen's figure. */
export type MeritData = { measure: string; /** of the intervals, 0.95 when left out */ level?: number; reference?: number; rows: { model: string; kind: string; value: number; low?: number; high?: number; n: number; events: number }[] };
/** Models against models: difference and p in the cells; difference[i][j] is the merit of models[j] minus that of models[i]. */
export type ComparisonData = { measure: string; level?: number; kind: string; models: string[]; difference: number[][]; low: number[][]; high: number[][]; p: number[][] };
/** Distribution over repeats of cross-validation, one strip a model and measure; reference lines (no-information rate, slope 1). */
export type SpreadData = { panels: { measure: string; reference?: { label: string; value: number }; strips: { name: string; values: number[]; mean: number; sd: number; min: number; max: number }[] }[] };
/** First two principal components by centre, before and after harmonisation. */
export type PcaData = { panels: { title: string; points: { x: number; y: number; group: string }[]; explained: [number, number] }[] };
