import type { NomogramData } from "../chartData.js";
import { nomogramLinear, outcomeProbability, type Nomogram, type NomogramAxis } from "../../model/index.js";
import { linearScale, tickTexts, type Scale } from "../axis.js";
import { fixedText } from "../numberText.js";
import { stagger } from "../placeLabels.js";
import { emptyPicture, line, mark, picture, pictureWidth, text, textLines, type ChartOptions } from "../svg.js";
import { fitText, textWidth, wrapText } from "../textWidth.js";
import { stroke, type } from "../theme.js";
import { caseCards, caseStyle, workedCase, type WorkedCase } from "./nomogramCases.js";

const TICK = 3, LEADING = 8.2;
type AxisRow = { name: string; ticks: { at: number; label: string }[]; minor: number[]; title?: boolean; keepAll?: boolean; /** values of evenly spaced ticks: labelled at a round stride */ even?: number[] };

/**
 * Nomogram as R's rms draws it: points above, an axis for each variable, total points, probabilities. Labels that would touch go to
 * further rows (categories) or are left out (numbers: their tick stays). Worked cases are marked on every axis, led up to the points
 * and down from the total, and told below. Its `linearPredictor` adds that axis.
 */
export function nomogramChart(data: NomogramData, options: ChartOptions = {}): string {
  const n = data.nomogram;
  if (n.axes.length === 0) return emptyPicture(options, "The model has no variable");
  const width = pictureWidth(options, "double");
  const named = (key: string) => data.labels?.[key] ?? key;
  const titles = [...n.axes.map((a) => axisTitle(a, named(a.name))), "Points", "Total points", "Linear predictor", ...n.outcomes.map((o) => named(o.label))];
  const labelWidth = Math.min(width * 0.27, Math.max(...titles.map((t) => textWidth(t, type.label, true))) + 4);
  const left = labelWidth + 18, right = width - 18;
  const points = linearScale([0, n.maxPoints], [left, right]);
  const total = linearScale([n.total.ticks[0], n.total.ticks[n.total.ticks.length - 1]], [left, right]);
  const cases = (data.cases ?? []).map((c) => workedCase(n, c));
  let y = 12;
  const places = new Map<string, number>();
  let svg = "";
  const put = (key: string, row: AxisRow, scale: Scale) => {
    const drawn = drawAxis(row, scale, labelWidth, left, right, y, cases.length > 0);
    places.set(key, drawn.y);
    svg += drawn.svg;
    y += drawn.height;
  };
  const round = points.ticks(10);
  put("points", { name: "Points", ticks: labelled(round, tickTexts(round)), minor: points.ticks(50), title: true }, points);
  n.axes.forEach((axis) => put(`axis ${axis.name}`, variableRow(axis, titles[n.axes.indexOf(axis)]), points));
  y += 4;
  put("total", { name: "Total points", ticks: labelled(n.total.ticks, tickTexts(n.total.ticks)), minor: total.ticks(50), title: true }, total);
  const inTotal = ({ at }: { at: number }) => at >= total.domain[0] - 1e-9 && at <= total.domain[1] + 1e-9;
  if (data.linearPredictor === true) put("lp", { name: "Linear predictor", ticks: n.linearPredictor.points.map((at, k) => ({ at, label: tickTexts(n.linearPredictor.ticks)[k] })).filter(inTotal), minor: [] }, total);
  n.outcomes.forEach((o, k) => put(`outcome ${k}`, { name: named(o.label), ticks: probabilityTicks(o), minor: [] }, total));
  const marks = cases.map((_, k) => caseMarks(n, cases, k, places, points, total));
  const cards = caseCards(n, data.cases ?? [], cases, { names: named, width, y: y + 2 });
  return picture(options, width, y + 2 + cards.height, ...marks.map((m) => m.hairs), svg, ...marks.map((m) => m.marks), cards.svg);
}

const labelled = (at: readonly number[], labels: readonly string[]) => at.map((v, k) => ({ at: v, label: labels[k] }));

/** Round probabilities, and between them and beyond the two that the axis ends in: those keep their label. */
function probabilityTicks(o: Nomogram["outcomes"][number]): AxisRow["ticks"] {
  const round = o.points.map((at, i) => ({ at, label: String(o.ticks[i]) }));
  const ends = (o.ends ?? []).filter((e) => round.every((t) => Math.abs(t.at - e.points) > 1e-9)).map((e) => ({ at: e.points, label: endText(e.probability) }));
  return [...round, ...ends].sort((a, b) => a.at - b.at);
}

/** two decimals, three near 0 and 1 */
const endText = (p: number): string => (p < 0.001 ? "< 0.001" : p > 0.999 ? "> 0.999" : fixedText(p, p < 0.01 || p > 0.99 ? 3 : 2));

const axisTitle = (axis: NomogramAxis, name: string): string => (axis.kind === "number" && axis.unit !== undefined && axis.unit !== "" ? `${name} (${axis.unit})` : name);

function variableRow(axis: NomogramAxis, name: string): AxisRow {
  if (axis.kind === "category") return { name, ticks: labelled(axis.points, axis.levels), minor: [], keepAll: true };
  return { name, ticks: labelled(axis.points, tickTexts(axis.ticks)), minor: [], ...(evenly(axis.ticks) ? { even: axis.ticks } : {}) };
}

/** An axis in its row; categories are staggered below it and, where two rows are not enough, further below. */
function drawAxis(row: AxisRow, scale: Scale, labelWidth: number, left: number, right: number, y: number, roomy: boolean): { svg: string; height: number; y: number } {
  const size = type.tick;
  const finite = row.ticks.filter((t) => Number.isFinite(t.at));
  const labels = finite.map((t) => fitText(t.label, 120, size));
  const half = labels.map((l) => textWidth(l, size) / 2);
  const at = finite.map((t) => scale(t.at));
  // inside the picture, and never into the names on the left
  const middles = at.map((a, k) => Math.min(Math.max(a, labelWidth + 4 + half[k]), right + 18 - half[k]));
  const rows = row.keepAll ? stagger(middles, half) : row.even !== undefined ? atStride(middles, half, row.even) : thinned(middles, half);
  const depth = Math.max(0, ...rows) + 1;
  const name = wrapText(row.name, labelWidth, type.label, { most: 2, bold: row.title === true });
  const axisY = y + (name.length - 1) * 4.5;
  const places = at.filter((v) => v >= left - 40 && v <= right + 40);
  const svg = textLines(0, axisY + 2.6 - (name.length - 1) * 4.5, name, 9, { bold: row.title === true })
    + (places.length === 0 ? "" : line(Math.min(...places), axisY, Math.max(...places), axisY))
    + row.minor.map((m) => line(scale(m), axisY, scale(m), axisY + TICK * 0.55, { "stroke-width": 0.4 })).join("")
    + finite.map((_, k) => line(at[k], axisY, at[k], axisY + TICK + (rows[k] > 0 ? rows[k] * LEADING : 0), { "stroke-width": rows[k] > 0 ? 0.4 : stroke.axis })
      + (rows[k] < 0 ? "" : text(middles[k], axisY + TICK + 6.5 + rows[k] * LEADING, labels[k], { anchor: "middle", size, halo: roomy }))).join("");
  return { svg, y: axisY, height: (name.length - 1) * 4.5 + TICK + 6.5 + (depth - 1) * LEADING + (roomy ? 13 : 11) };
}

const evenly = (v: readonly number[]): boolean => v.length > 2 && v.every((t, k) => k < 2 || Math.abs(t - 2 * v[k - 1] + v[k - 2]) <= 1e-9 * Math.abs(v[v.length - 1] - v[0]));

/** Every tick, every second, fifth, tenth …: the first stride whose labels keep apart, counted from 0 so that round values stay. */
function atStride(middles: readonly number[], half: readonly number[], values: readonly number[]): number[] {
  const step = values[1] - values[0];
  for (const stride of [1, 2, 5, 10, 20, 50]) {
    const rows = values.map((v) => (Math.round(v / step) % stride === 0 ? 0 : -1));
    const kept = [...middles.keys()].filter((k) => rows[k] === 0).sort((a, b) => middles[a] - middles[b]);
    if (kept.length >= 2 && kept.every((k, i) => i === 0 || middles[k] - half[k] >= middles[kept[i - 1]] + half[kept[i - 1]] + 2.5)) return rows;
  }
  return thinned(middles, half);
}

/** Row 0, or −1 for a label that would touch the one before. The ends of the axis are kept. */
function thinned(middles: readonly number[], half: readonly number[]): number[] {
  const order = [...middles.keys()].sort((a, b) => middles[a] - middles[b]);
  const rows = middles.map(() => -1);
  const last = order[order.length - 1];
  let end = -Infinity;
  for (const k of order) {
    const beforeLast = k === last || middles[k] + half[k] + 2.5 <= middles[last] - half[last];
    if (middles[k] - half[k] >= end + 2.5 && beforeLast) {
      rows[k] = 0;
      end = middles[k] + half[k];
    }
  }
  return rows;
}

/** Markers of one case: on each variable's axis with a hairline up to the points, on the total with a hairline down to the probabilities. */
function caseMarks(n: Nomogram, cases: readonly WorkedCase[], k: number, places: Map<string, number>, points: Scale, total: Scale): { hairs: string; marks: string } {
  const c = cases[k];
  const look = caseStyle(k);
  const hair = { stroke: look.stroke, "stroke-width": 0.45, "stroke-dasharray": "2 1.5" };
  const inside = (scale: Scale, v: number) => scale(Math.min(Math.max(v, scale.domain[0]), scale.domain[1]));
  const top = places.get("points")!;
  let hairs = "", marks = "";
  c.parts.forEach((part) => {
    if (!Number.isFinite(part.points)) return;
    const x = inside(points, part.points), y = places.get(`axis ${part.name}`)!;
    hairs += line(x, y, x, top, hair);
    marks += mark(look.shape, x, y, 2.6, look.stroke) + mark(look.shape, x, top, 1.4, look.stroke);
  });
  if (!Number.isFinite(c.total)) return { hairs, marks };
  const x = inside(total, c.total), totalY = places.get("total")!, last = n.outcomes.length > 0 ? places.get(`outcome ${n.outcomes.length - 1}`)! : places.get("lp") ?? totalY;
  // near another case's total the number stands to the outer side
  const others = cases.filter((o, j) => j !== k && Number.isFinite(o.total) && Math.abs(inside(total, o.total) - x) < 26);
  const side = others.length === 0 ? 0 : others.some((o) => o.total < c.total || (o.total === c.total && cases.indexOf(o) < k)) ? 1 : -1;
  const how = { anchor: side === 0 ? "middle" : side > 0 ? "start" : "end", size: type.small, fill: look.stroke, bold: true, halo: true } as const;
  hairs += line(x, totalY, x, last, hair);
  marks += mark(look.shape, x, totalY, 2.9, look.stroke) + text(x + 2 * side, totalY - 5, fixedText(c.total, 1), how);
  n.outcomes.forEach((o, i) => {
    const y = places.get(`outcome ${i}`)!, p = outcomeProbability(o, nomogramLinear(n, c.total));
    marks += mark(look.shape, x, y, 2.6, look.stroke) + text(x + 2 * side, y - 4.5, fixedText(p, 2), how);
  });
  return { hairs, marks };
}
