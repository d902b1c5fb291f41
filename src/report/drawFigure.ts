import type { Figure, FigureData } from "./figure.js";
import type { ChartOptions } from "./svg.js";
import { associationChart } from "./charts/association.js";
import { barsChart } from "./charts/bars.js";
import { calibrationChart } from "./charts/calibration.js";
import { changeChart } from "./charts/change.js";
import { comparisonChart } from "./charts/comparison.js";
import { decisionChart } from "./charts/decision.js";
import { flowChart } from "./charts/flow.js";
import { forestChart } from "./charts/forest.js";
import { funnelChart } from "./charts/funnel.js";
import { heatmapChart } from "./charts/heatmap.js";
import { iccChart } from "./charts/icc.js";
import { lassoCvChart } from "./charts/lassoCv.js";
import { lassoPathChart } from "./charts/lassoPath.js";
import { meritChart } from "./charts/merit.js";
import { nomogramChart } from "./charts/nomogram.js";
import { pcaChart } from "./charts/pca.js";
import { rocChart } from "./charts/roc.js";
import { spreadChart } from "./charts/spread.js";
import { survivalChart } from "./charts/survival.js";
import { timeAucChart } from "./charts/timeAuc.js";
import { waterfallChart } from "./charts/waterfall.js";

/** Every chart by the name a figure calls it: data and options to SVG text. */
export const charts: { [K in FigureData["chart"]]: (data: Extract<FigureData, { chart: K }>["data"], options?: ChartOptions) => string } = {
  flow: flowChart, funnel: funnelChart, icc: iccChart, heatmap: heatmapChart, lassoPath: lassoPathChart, lassoCv: lassoCvChart,
  bars: barsChart, forest: forestChart, roc: rocChart, timeAuc: timeAucChart, calibration: calibrationChart, decision: decisionChart,
  nomogram: nomogramChart, survival: survivalChart, waterfall: waterfallChart, association: associationChart, change: changeChart,
  merit: meritChart, comparison: comparisonChart, spread: spreadChart, pca: pcaChart,
};

/** JSON keeps a gap (NaN) as null; here it is NaN again. Only a forest's panels have null of their own: nothing to show there. */
function gapsOf(value: unknown, key = ""): unknown {
  if (value === null) return key === "panels" ? null : NaN;
  if (Array.isArray(value)) return value.every((v) => typeof v === "number") ? value : value.map((v) => gapsOf(v, key === "panels" ? key : ""));
  if (typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, gapsOf(v, k)]));
  return value;
}

/**
 * A figure as SVG text: real units (a single or double column; `width` in mm asks for another), a viewBox so that it scales, its title
 * and caption for those who listen, every id opened by the figure's own. The same figure gives the same bytes, in Node and the browser.
 */
export function drawFigure(figure: Figure, options: { width?: number } = {}): string {
  const draw = charts[figure.chart] as (data: Figure["data"], options: ChartOptions) => string;
  return draw(gapsOf(figure.data) as Figure["data"], { id: figure.id, title: figure.title, caption: figure.caption, ...options });
}
