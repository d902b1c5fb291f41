import type { TimeAucData } from "../chartData.js";
import { bottomAxis, extent, leftAxis, leftAxisRoom, linearScale, niceDomain } from "../axis.js";
import { countText, fixedText } from "../numberText.js";
import { band, curve, emptyPicture, line, picture, pictureWidth, rect, text, type ChartOptions } from "../svg.js";
import { countsText, endLabels } from "../placeLabels.js";
import { textWidth } from "../textWidth.js";
import { ink, seriesStyle, type } from "../theme.js";

/** AUC(t) of each model with its band over the window; patients at risk and events so far under the axis. */
export function timeAucChart(data: TimeAucData, options: ChartOptions = {}): string {
  const times = extent(data.curves.flatMap((c) => c.time));
  const range = extent(data.curves.flatMap((c) => [...c.auc, ...c.low, ...c.high]));
  if (times === undefined || range === undefined) return emptyPicture(options, "No AUC over time could be estimated");
  const width = pictureWidth(options, "double"), top = 16, bottom = 160;
  const y = linearScale(niceDomain([Math.max(0, Math.min(range[0], 0.5)), Math.min(1, Math.max(range[1], 0.5))]), [bottom, top]);
  const window = data.window ?? times;
  const labels = data.curves.map((c) => (c.median === undefined || !Number.isFinite(c.median) ? c.name : `${c.name}, median ${c.medianOf === undefined ? "" : `of ${c.medianOf} `}${fixedText(c.median, 2)}`));
  const rowNames = Math.max(textWidth("At risk", type.tick), textWidth("Events", type.tick)) + 16;
  const label = "AUC(t)";
  const left = Math.max(leftAxisRoom(y, { label }), data.atRisk.length > 0 ? rowNames : 0);
  const right = width - Math.min(width * 0.36, Math.max(...labels.map((l) => textWidth(l, type.tick))) + 12);
  const x = linearScale([Math.min(times[0], window[0]), Math.max(times[1], window[1])], [left, right]);
  const risk = data.atRisk.filter((r) => r.time >= x.domain[0] && r.time <= x.domain[1]);
  const shown = thin(risk.map((r) => x(r.time)), Math.max(20, ...risk.map((r) => Math.max(textWidth(countText(r.n), type.tick), textWidth(timeText(r.time), type.tick)) + 6)));
  // the axis has a number at each time of the table, and round ones where there is room between
  const told = shown.map((k) => risk[k].time);
  // (whole years where the table has whole years of months)
  const round = told.length > 0 && told.every((t) => t % 12 === 0) ? Array.from({ length: Math.floor(x.domain[1] / 12) + 1 }, (_, k) => 12 * k).filter((t) => t >= x.domain[0]) : x.ticks(6);
  const ticks = [...told, ...round.filter((t) => told.every((o) => Math.abs(x(o) - x(t)) >= 24))].sort((a, b) => a - b);
  const ends = data.curves.map((c, k) => ({ text: labels[k], y: y(c.auc.filter(Number.isFinite).at(-1) ?? NaN), fill: seriesStyle(k).stroke }));
  const table = bottom + 36;
  return picture(options, width, risk.length > 0 ? table + 22 : bottom + 27,
    data.window === undefined || (window[0] <= x.domain[0] && window[1] >= x.domain[1]) ? "" : rect(x(window[0]), top, x(window[1]) - x(window[0]), bottom - top, { fill: "#f4f4f4" }),
    text(left, top - 6, countsText(data.n ?? NaN, data.events ?? NaN, data.kind), { size: type.small, fill: ink.muted, width: right - left }),
    line(left, y(0.5), right, y(0.5), { stroke: ink.muted, "stroke-dasharray": "1.5 2" }),
    ...data.curves.map((c, k) => band(c.time.map(x), c.low.map(y), c.high.map(y), seriesStyle(k).stroke, { opacity: Math.min(0.14, 0.28 / data.curves.length) })),
    ...data.curves.map((c, k) => curve(c.time.map((t, i) => [x(t), y(c.auc[i])] as const), { stroke: seriesStyle(k).stroke, "stroke-dasharray": seriesStyle(k).dash })),
    endLabels(ends, right, width - right, top, bottom),
    leftAxis(y, left, { label }), bottomAxis(x, bottom, { label: `Time (${data.unit})`, ticks, texts: ticks.map(timeText) }),
    risk.length === 0 ? "" : text(0, table + 6, "At risk", { size: type.tick }) + text(0, table + 16, "Events", { size: type.tick })
      + shown.map((k) => text(x(risk[k].time), table + 6, countText(risk[k].n), { size: type.tick, anchor: "middle" }) + text(x(risk[k].time), table + 16, countText(risk[k].events), { size: type.tick, anchor: "middle" })).join(""));
}

/** a time with the decimals it needs, two at most */
export const timeText = (time: number): string => fixedText(time, [0, 1].find((d) => Math.abs(time - Number(time.toFixed(d))) < 1e-9) ?? 2);

/** Which of the places, from the first, keep at least this distance. */
export function thin(places: readonly number[], distance: number): number[] {
  const kept: number[] = [];
  for (const k of [...places.keys()].sort((a, b) => places[a] - places[b])) if (kept.length === 0 || places[k] - places[kept[kept.length - 1]] >= distance) kept.push(k);
  return kept;
}
