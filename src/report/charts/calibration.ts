import type { CalibrationData } from "../chartData.js";
import { bottomAxis, extent, fittingTicks, leftAxis, leftAxisRoom, linearScale, niceDomain, type Scale } from "../axis.js";
import { levelText } from "../numberText.js";
import { band, curve, el, emptyPicture, group, idOf, line, mark, picture, pictureWidth, rect, text, type ChartOptions } from "../svg.js";
import { countsText, flowingLegend, panelPlaces, panelTitle, type LegendItem } from "../placeLabels.js";
import { textWidth } from "../textWidth.js";
import { ink, seriesStyle, stroke, type, type SeriesStyle } from "../theme.js";

type CalibrationPanel = CalibrationData["panels"][number];
const BINS = 60, GAP = 16, STATISTIC = 8.2;

/** Predicted against observed risk: identity, smooth curve with band, corrected curve, groups with intervals, histogram, statistics. */
export function calibrationChart(data: CalibrationData, options: ChartOptions = {}): string {
  const { panels } = data;
  if (panels.length === 0) return emptyPicture(options, "No calibration could be drawn");
  const width = pictureWidth(options, panels.length === 1 ? "single" : "double");
  const places = panelPlaces(panels.length, width, 150, GAP);
  const most = Math.min(1, niceDomain([0, extent(panels.flatMap((p) => [
    ...p.curves.flatMap((c) => [...c.predicted, ...c.observed, ...(c.corrected ?? [])]), ...(p.groups ?? []).flatMap((g) => [g.predicted, g.observed, Math.min(g.high, g.observed * 1.6)]), ...(p.rug ?? []),
  ]))?.[1] ?? 1])[1]);
  const unit = linearScale([0, most], [1, 0]);
  const left = leftAxisRoom(unit, { label: data.yLabel });
  const side = Math.min(places.panelWidth - left - 8, 200);
  const keys = legendItems(data), single = singleNames(data);
  const key = flowingLegend(keys, left, 0, width - left);
  // the upper left corner is free of curves and wide enough only in a wide panel; else the statistics stand under the axis
  const under = side < 170 ? Math.max(0, ...panels.map((p) => p.statistics.length)) * STATISTIC : 0;
  const height = 24 + side + 27 + (under > 0 ? under + 6 : 0);
  const total = places.rows * height + (places.rows - 1) * 12;
  return picture(options, width, total + (key.height > 0 ? key.height + 8 : 0), ...panels.map((panel, k) => {
    const dx = (k % places.columns) * (places.panelWidth + GAP), top = Math.floor(k / places.columns) * (height + 12) + 24;
    const x = linearScale([0, most], [dx + left, dx + left + side]), y = linearScale([0, most], [top + side, top]);
    const clip = idOf(options, `clip${k}`);
    return el("clipPath", { id: clip }, rect(x(0), top, side, side)) + el("clipPath", { id: `${clip}d` }, rect(x(0) - 2.5, top - 2.5, side + 5, side + 5))
      + panelTitle(x(0), top - 15, panel.title, countsText(panel.n, panel.events, panel.kind, panel.by), places.panelWidth - left)
      + line(x(0), y(0), x(most), y(most), { stroke: ink.muted, "stroke-dasharray": "1.5 2" })
      + group({ "clip-path": `url(#${clip})` }, histogram(panel.rug ?? [], x, y), ...panel.curves.map((c, s) => drawCurve(c, styleAt(panel, s, single), x, y))) + group({ "clip-path": `url(#${clip}d)` }, groups(panel, x, y))
      + (under > 0 ? statistics(panel, x(0), top + side + 38, side) : statistics(panel, x(0) + 5, top + 7, side * 0.6))
      + bottomAxis(x, y(0), { label: data.xLabel, ticks: fittingTicks(x, { most: 6 }) }) + leftAxis(y, x(0), { label: data.yLabel, ticks: fittingTicks(x, { most: 6 }) });
  }), group({ transform: `translate(0 ${total + 6})` }, key.svg));
}

type CurveStyle = SeriesStyle & { more?: { "stroke-width": number; "stroke-opacity": number } };
const repeatStyle: CurveStyle = { stroke: "#7d97a8", shape: "circle", more: { "stroke-width": 0.7, "stroke-opacity": 0.75 } };

/** a curve without a name goes on with the name before it: one repeat of many */
const nameAt = (panel: CalibrationPanel, s: number): string => panel.curves.slice(0, s + 1).findLast((c) => c.name !== "")?.name ?? "";

/** names that stand for one curve in every panel; the others are repeats, drawn fine and alike */
function singleNames(data: CalibrationData): string[] {
  const names = [...new Set(data.panels.flatMap((p) => p.curves.map((_, s) => nameAt(p, s))))].filter((n) => n !== "");
  return names.filter((n) => data.panels.every((p) => p.curves.filter((_, s) => nameAt(p, s) === n).length <= 1));
}

function styleAt(panel: CalibrationPanel, s: number, single: string[]): CurveStyle {
  const k = single.indexOf(nameAt(panel, s));
  return k < 0 ? repeatStyle : seriesStyle(k);
}

function drawCurve(c: CalibrationPanel["curves"][number], look: CurveStyle, x: Scale, y: Scale): string {
  const at = c.predicted.map(x);
  return (c.low === undefined || c.high === undefined ? "" : band(at, c.low.map(y), c.high.map(y), look.stroke, { opacity: 0.13 }))
    + curve(c.observed.map((o, i) => [at[i], y(o)] as const), { stroke: look.stroke, "stroke-dasharray": look.dash, ...look.more })
    + (c.corrected === undefined ? "" : curve(c.corrected.map((o, i) => [at[i], y(o)] as const), { stroke: look.stroke, "stroke-dasharray": "2 1.6", "stroke-width": 0.9 }));
}

/** grouped patients: observed share with its interval */
function groups(panel: CalibrationPanel, x: Scale, y: Scale): string {
  return (panel.groups ?? []).map((g) => line(x(g.predicted), y(g.low), x(g.predicted), y(g.high), { stroke: ink.text, "stroke-width": stroke.thin }) + mark("circle", x(g.predicted), y(g.observed), 2.1, ink.text)).join("");
}

/** predictions as fine bars on the axis, the highest a tenth of the plot */
export function histogram(rug: readonly number[], x: Scale, y: Scale): string {
  const counts = Array.from({ length: BINS }, () => 0);
  const [low, high] = x.domain;
  for (const v of rug) if (v >= low && v <= high) counts[Math.min(BINS - 1, Math.floor(((v - low) / (high - low)) * BINS))]++;
  const most = Math.max(...counts);
  if (most === 0) return "";
  const tall = Math.abs(y.range[0] - y.range[1]) * 0.1, wide = (x.range[1] - x.range[0]) / BINS;
  return group({ fill: "#9a9a9a" }, ...counts.map((c, k) => (c === 0 ? "" : rect(x.range[0] + k * wide + wide * 0.15, y.range[0] - (c / most) * tall, wide * 0.7, (c / most) * tall))));
}

function statistics(panel: CalibrationPanel, x: number, y: number, width: number): string {
  const names = Math.min(width * 0.5, Math.max(0, ...panel.statistics.map((s) => textWidth(s.name, type.small))) + 5);
  return panel.statistics.map((s, k) => text(x, y + k * STATISTIC, s.name, { size: type.small, fill: ink.muted, width: names }) + text(x + names, y + k * STATISTIC, s.text, { size: type.small, width: width - names + 20 })).join("");
}

function legendItems(data: CalibrationData): LegendItem[] {
  const single = singleNames(data);
  const items: LegendItem[] = single.map((label, k) => ({ label, style: seriesStyle(k) }));
  const repeated = new Set(data.panels.flatMap((p) => p.curves.map((_, s) => nameAt(p, s)).filter((n) => !single.includes(n))));
  for (const label of repeated) items.push({ label, style: repeatStyle });
  if (data.panels.some((p) => p.curves.some((c) => c.corrected !== undefined))) items.push({ label: "corrected for optimism", style: { ...seriesStyle(0), dash: "2 1.6" } });
  if (data.panels.some((p) => (p.groups ?? []).length > 0)) items.push({ label: `groups of patients, ${levelText(data.level)}`, style: { stroke: ink.text, shape: "circle" }, as: "mark" });
  items.push({ label: "ideal", style: { stroke: ink.muted, shape: "circle", dash: "1.5 2" } });
  return items;
}
