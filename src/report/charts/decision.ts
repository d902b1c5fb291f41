import type { DecisionData } from "../chartData.js";
import { bottomAxis, extent, leftAxis, leftAxisRoom, linearScale, niceDomain } from "../axis.js";
import { band, curve, el, emptyPicture, group, idOf, line, picture, pictureWidth, rect, type ChartOptions } from "../svg.js";
import { countsText, flowingLegend, panelPlaces, panelTitle, type LegendItem } from "../placeLabels.js";
import { ink, seriesStyle } from "../theme.js";
import { histogram } from "./calibration.js";

const GAP = 16;
const all = { stroke: "#8a8a8a", shape: "circle" } as const, none = { stroke: ink.text, shape: "circle" } as const;

/** Net benefit over the thresholds against treating all and none (Vickers & Elkin, Med Decis Making 2006;26:565). */
export function decisionChart(data: DecisionData, options: ChartOptions = {}): string {
  const { panels } = data;
  const thresholds = extent(panels.flatMap((p) => p.threshold));
  if (panels.length === 0 || thresholds === undefined) return emptyPicture(options, "No decision curve could be drawn");
  const width = pictureWidth(options, panels.length === 1 ? "single" : "double");
  const places = panelPlaces(panels.length, width, 150, GAP);
  const most = extent(panels.flatMap((p) => [...p.all, ...p.curves.flatMap((c) => [...c.netBenefit, ...(c.high ?? [])])]))?.[1] ?? 1;
  const high = niceDomain([0, Math.max(most, 0.01)])[1], low = -0.15 * high;
  const label = "Net benefit", shown = linearScale([low, high], [1, 0]).ticks(6).filter((t) => t >= low);
  const left = leftAxisRoom(linearScale([low, high], [1, 0]), { label, ticks: shown });
  const plotWidth = places.panelWidth - left - 8, plotHeight = Math.min(plotWidth * 0.85, 170), height = 24 + plotHeight + 27;
  const names = [...new Set(panels.flatMap((p) => p.curves.map((c) => c.name)))];
  const items: LegendItem[] = [...names.map((n, k) => ({ label: n, style: seriesStyle(k) })), { label: "treat all", style: all }, { label: "treat none", style: none }];
  const key = flowingLegend(items, left, 0, width - left);
  const total = places.rows * height + (places.rows - 1) * 12;
  return picture(options, width, total + key.height + 6, ...panels.map((panel, k) => {
    const dx = (k % places.columns) * (places.panelWidth + GAP), top = Math.floor(k / places.columns) * (height + 12) + 24;
    const x = linearScale(niceDomain([Math.min(0, thresholds[0]), thresholds[1]], 8), [dx + left, dx + left + plotWidth]), y = linearScale([low, high], [top + plotHeight, top]);
    const clip = idOf(options, `clip${k}`), at = panel.threshold.map(x);
    const styleOf = (name: string) => seriesStyle(names.indexOf(name));
    return el("clipPath", { id: clip }, rect(x.range[0], top, plotWidth, plotHeight))
      + panelTitle(x.range[0], top - 15, panel.title, countsText(panel.n, panel.events, panel.kind, panel.by), places.panelWidth - left)
      + group({ "clip-path": `url(#${clip})` }, histogram(panel.risks ?? [], x, y),
        ...panel.curves.map((c) => (c.low === undefined || c.high === undefined ? "" : band(at, c.low.map(y), c.high.map(y), styleOf(c.name).stroke, { opacity: 0.12 }))),
        curve(panel.all.map((v, i) => [at[i], y(v)] as const), { stroke: all.stroke, "stroke-width": 0.9 }), line(x.range[0], y(0), x.range[1], y(0), { stroke: none.stroke, "stroke-width": 0.9 }),
        ...panel.curves.map((c) => curve(c.netBenefit.map((v, i) => [at[i], y(v)] as const), { stroke: styleOf(c.name).stroke, "stroke-dasharray": styleOf(c.name).dash })))
      + bottomAxis(x, y(low), { label: data.label }) + leftAxis(y, x.range[0], { label, ticks: shown });
  }), group({ transform: `translate(0 ${Math.round(total * 100) / 100 + 4})` }, key.svg));
}
