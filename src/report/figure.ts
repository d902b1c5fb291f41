import type * as chart from "./chartData.js";

/** A figure: what a chart draws, with its words. `id` is the file's name (figures/<id>.svg). Data are plain JSON without patients' names. */
export type Figure = {
  id: string; title: string; caption: string;
  /** in front of the appendix */
  front?: boolean;
  /** section of the appendix: "patients", "features", "models", "performance", "calibration", "use", "survival", "stability" */
  section: string;
  /** margin remarks */
  notes?: string[];
} & FigureData;

export type FigureData =
  | { chart: "flow"; data: chart.FlowData }
  | { chart: "funnel"; data: chart.FunnelData }
  | { chart: "icc"; data: chart.IccData }
  | { chart: "heatmap"; data: chart.HeatmapData }
  | { chart: "lassoPath"; data: chart.LassoPathData }
  | { chart: "lassoCv"; data: chart.LassoCvData }
  | { chart: "bars"; data: chart.BarsData }
  | { chart: "forest"; data: chart.ForestData }
  | { chart: "roc"; data: chart.RocData }
  | { chart: "timeAuc"; data: chart.TimeAucData }
  | { chart: "calibration"; data: chart.CalibrationData }
  | { chart: "decision"; data: chart.DecisionData }
  | { chart: "nomogram"; data: chart.NomogramData }
  | { chart: "survival"; data: chart.SurvivalData }
  | { chart: "waterfall"; data: chart.WaterfallData }
  | { chart: "association"; data: chart.AssociationData }
  | { chart: "change"; data: chart.ChangeData }
  | { chart: "merit"; data: chart.MeritData }
  | { chart: "comparison"; data: chart.ComparisonData }
  | { chart: "spread"; data: chart.SpreadData }
  | { chart: "pca"; data: chart.PcaData };
