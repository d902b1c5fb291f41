import type { SurvivalData } from "../chartData.js";
import { bottomAxis, extent, leftAxis, leftAxisRoom, linearScale } from "../axis.js";
import { countText } from "../numberText.js";
import { band, curve, el, emptyPicture, picture, pictureWidth, short, text, type ChartOptions } from "../svg.js";
import { endLabels } from "../placeLabels.js";
import { textWidth } from "../textWidth.js";
import { ink, seriesStyle, type } from "../theme.js";
import { thin, timeText } from "./timeAuc.js";

/** Kaplan–Meier curves from 1 at time 0 (cumulative incidences from 0, where `rising`): steps, bands, a tick for each censored patient, numbers at risk under the axis's own ticks. */
export function survivalChart(data: SurvivalData, options: ChartOptions = {}): string {
  const { groups } = data, start = data.rising === true ? 0 : 1;
  const last = extent([...groups.flatMap((g) => [...g.time, ...g.censored]), ...data.ticks])?.[1];
  if (groups.length === 0 || last === undefined) return emptyPicture(options, "No survival curve could be drawn");
  const width = pictureWidth(options, "double");
  const label = data.yLabel, ticksY = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const labels = groups.map((g) => `${g.name}, ${countText(g.events)} events, n ${countText(g.n)}`);
  const nameWidth = Math.min(width * 0.2, Math.max(textWidth("At risk", type.tick, true), ...groups.map((g) => textWidth(g.name, type.tick))) + 15);
  const left = Math.max(leftAxisRoom(linearScale([0, 1], [186, 18]), { label, ticks: ticksY }), nameWidth);
  const right = width - Math.min(width * 0.3, Math.max(...labels.map((l) => textWidth(l, type.tick))) + 12);
  const x = linearScale([0, last], [left, right]);
  const curves = groups.map((g) => stepsOf(g, start)), solid = groups.map((g) => g.fewFrom ?? lastOfMany(g));
  const shown = thin(data.ticks.map(x), Math.max(18, ...groups.flatMap((g) => g.atRisk.map((n) => textWidth(countText(n), type.tick) + 6))));
  const remarks = [data.test, data.ratio, data.note].filter((s) => s !== undefined && s !== "") as string[];
  // the lower left corner is free where no curve has come down before the middle of the axis
  const lowest = Math.min(...groups.map((g) => Math.min(1, ...g.survival.filter((s, i) => Number.isFinite(s) && x(g.time[i]) < left + (right - left) * 0.6), ...g.low.filter((s, i) => Number.isFinite(s) && x(g.time[i]) < left + (right - left) * 0.6))));
  const below = start === 1 && remarks.length * 9 + 8 < 168 * lowest;
  // with no free corner they stand above the plot
  const top = 18 + (below || remarks.length === 0 ? 0 : remarks.length * 9 + 2), bottom = top + 168;
  const y = linearScale([0, 1], [bottom, top]);
  const remarkY = below ? bottom - 5 - (remarks.length - 1) * 9 : 18;
  const ends = groups.map((_, k) => ({ text: labels[k], y: y(survivalAt(curves[k], solid[k], start)), fill: seriesStyle(k).stroke }));
  const table = bottom + 38, leading = 9.5;
  return picture(options, width, table + (groups.length + 1) * leading,
    text(left, 9, data.kind, { size: type.small, fill: ink.muted, width: right - left }),
    ...groups.map((_, k) => bandUntil(curves[k], solid[k])).map((c, k) => band(c.time.map(x), c.low.map(y), c.high.map(y), seriesStyle(k).stroke, { step: true, opacity: Math.min(0.14, 0.26 / groups.length) })),
    // where fewer than FEW are left at risk one event moves the curve far: it goes on thin and pale
    ...groups.map((_, k) => [true, false].map((many) => {
      const { time, survival } = curves[k], end = solid[k];
      const own = time.flatMap((t, i) => ((many ? t <= end : t > end) ? [[x(t), y(survival[i])] as const] : []));
      const edge = [x(end), y(survivalAt(curves[k], end, start))] as const;
      const points = many ? [...own, edge] : own.length === 0 ? [] : [edge, ...own];
      return points.length < 2 ? "" : curve(points, { stroke: seriesStyle(k).stroke, "stroke-dasharray": seriesStyle(k).dash, "stroke-linejoin": "miter", ...(many ? {} : { "stroke-width": 0.6, opacity: 0.45 }) }, true);
    }).join("")),
    ...groups.map((g, k) => censorMarks(g, x, y, seriesStyle(k).stroke, start)),
    endLabels(ends, right, width - right, top, bottom),
    remarks.map((r, k) => text(below ? left + 6 : left, remarkY + k * 9, r, { size: type.tick, width: right - left - 12, ...(k === 2 ? { fill: ink.muted } : {}) })).join(""),
    leftAxis(y, left, { label, ticks: ticksY }), bottomAxis(x, bottom, { ticks: shown.map((k) => data.ticks[k]), texts: shown.map((k) => timeText(data.ticks[k])), label: `Time (${data.unit})` }),
    text(0, table, "At risk", { size: type.tick, bold: true }),
    ...groups.map((g, k) => text(0, table + (k + 1) * leading, g.name, { size: type.tick, fill: seriesStyle(k).stroke, width: left - 14 })
      + shown.map((i) => text(x(data.ticks[i]), table + (k + 1) * leading, g.atRisk[i] === undefined ? "" : countText(g.atRisk[i]), { size: type.tick, anchor: "middle" })).join("")));
}

/** the curve from time 0 to the end of the group's follow-up */
function stepsOf(g: SurvivalData["groups"][number], start: number): { time: number[]; survival: number[]; low: number[]; high: number[] } {
  const end = Math.max(0, ...g.time, ...g.censored);
  const n = g.time.length, add = n > 0 && g.time[n - 1] >= end ? 0 : 1;
  const wrap = (v: readonly number[], first: number) => [first, ...v, ...(add === 1 ? [v[n - 1] ?? first] : [])];
  return { time: [0, ...g.time, ...(add === 1 ? [end] : [])], survival: wrap(g.survival, start), low: wrap(g.low, start), high: wrap(g.high, start) };
}

/** the band's part up to a time */
function bandUntil({ time, low, high }: { time: number[]; low: number[]; high: number[] }, end: number): { time: number[]; low: number[]; high: number[] } {
  const kept = time.filter((t) => t < end).length, whole = kept === time.length, last = Math.max(0, kept - 1);
  return whole ? { time, low, high } : { time: [...time.slice(0, kept), end], low: [...low.slice(0, kept), low[last]], high: [...high.slice(0, kept), high[last]] };
}

const FEW = 5;

/** The last time at which FEW patients or more of a group are at risk; the end of its follow-up in a group of fewer than 10, thin throughout. */
function lastOfMany(g: SurvivalData["groups"][number]): number {
  const censored = [...g.censored].sort((a, b) => a - b), end = Math.max(0, ...g.time, ...g.censored);
  let left = g.n, before = 1, c = 0;
  if (left < 2 * FEW) return end;
  for (const [i, t] of g.time.entries()) {
    while (c < censored.length && censored[c] < t) { if (--left < FEW) return censored[c]; c++; }
    left -= before > 0 ? Math.round(left * (1 - g.survival[i] / before)) : 0;
    before = g.survival[i];
    if (left < FEW) return t;
  }
  for (; c < censored.length; c++) if (--left < FEW) return censored[c];
  return end;
}

function survivalAt({ time, survival }: { time: number[]; survival: number[] }, at: number, start: number): number {
  let s = start;
  for (let i = 0; i < time.length && time[i] <= at; i++) if (Number.isFinite(survival[i])) s = survival[i];
  return s;
}

function censorMarks(g: SurvivalData["groups"][number], x: (v: number) => number, y: (v: number) => number, ink: string, start: number): string {
  const d = g.censored.filter(Number.isFinite).map((t) => {
    let s = start;
    for (let i = 0; i < g.time.length && g.time[i] <= t; i++) s = g.survival[i];
    return Number.isFinite(s) ? `M${short(x(t))} ${short(y(s) - 2.4)}v4.8` : "";
  }).join("");
  return d === "" ? "" : el("path", { d, stroke: ink, "stroke-width": 0.7, fill: "none" });
}
