import type { AssociationData } from "../chartData.js";
import { bottomAxis, extent, leftAxis, leftAxisRoom, linearScale, niceDomain } from "../axis.js";
import { quantile } from "../../math/index.js";
import { countText } from "../numberText.js";
import { curve, dotPath, emptyPicture, line, picture, pictureWidth, rect, text, textLines, type ChartOptions } from "../svg.js";
import { flowingLegend, type LegendItem } from "../placeLabels.js";
import { textWidth, wrapText } from "../textWidth.js";
import { ink, orderedFills, stroke, type } from "../theme.js";

/** A score by groups (quartile box and every patient), or a reading as shares with counts; the test is named. */
export function associationChart(data: AssociationData, options: ChartOptions = {}): string {
  if (data.kind === "none") return emptyPicture(options, data.why);
  return data.kind === "score" ? scoreChart(data, options) : tableChart(data, options);
}

function scoreChart(data: AssociationData & { kind: "score" }, options: ChartOptions): string {
  const range = extent(data.groups.flatMap((g) => g.values));
  if (range === undefined) return emptyPicture(options, "No scores to show");
  const many = data.groups.length > 4;
  const width = pictureWidth(options, many ? "double" : "single"), top = 16, bottom = 150;
  const y = linearScale(niceDomain(range), [bottom, top]);
  const left = leftAxisRoom(y, { label: data.label }), right = width - 2;
  const slot = (right - left) / data.groups.length, half = Math.min(22, slot * 0.32);
  const under = data.groupLabel ?? "", leading = 8.5, names = data.groups.map((g) => wrapText(g.name, slot - 4, type.tick, { most: 3 })), deepest = Math.max(...names.map((n) => n.length));
  return picture(options, width, bottom + 8 + (deepest + 1) * leading + (under === "" ? 2 : 12), text(right, top - 7, data.test, { anchor: "end", size: type.tick, width: right - left }),
    leftAxis(y, left, { label: data.label }), line(left, bottom, right, bottom), under === "" ? "" : text((left + right) / 2, bottom + 9 + (deepest + 1) * leading + 3, under, { anchor: "middle", width: right - left }),
    ...data.groups.map((g, k) => {
      const values = g.values.filter(Number.isFinite), x = left + slot * (k + 0.5);
      return dots(values, x, half, y) + box(values, x, half, y) + textLines(x, bottom + 9, names[k], leading, { anchor: "middle", size: type.tick })
        + text(x, bottom + 9 + deepest * leading, `n = ${countText(values.length)}`, { anchor: "middle", size: type.small, fill: ink.muted });
    }));
}

/** box of the quartiles with the median; the patients themselves show the rest */
function box(values: number[], x: number, half: number, y: (v: number) => number): string {
  if (values.length < 5) return values.length === 0 ? "" : line(x - half, y(quantile(values, 0.5)), x + half, y(quantile(values, 0.5)), { stroke: ink.text, "stroke-width": 1.2 });
  const [q1, q2, q3] = [0.25, 0.5, 0.75].map((p) => y(quantile(values, p)));
  return rect(x - half, q3, 2 * half, q1 - q3, { fill: "none", stroke: ink.text, "stroke-width": stroke.axis }) + line(x - half, q2, x + half, q2, { stroke: ink.text, "stroke-width": 1.3 });
}

/** points side by side where they would cover one another */
export function dots(values: readonly number[], x: number, half: number, y: (v: number) => number, r = 1.5): string {
  const placed = swarm(values.map(y), r * 2, half);
  return dotPath(values.map((v, k) => [x + placed[k], y(v)] as const), r, "#6fadd2");
}

/** Offsets to the side so that points of this size hardly overlap: the nearest free place to the middle, within ± half. */
export function swarm(at: readonly number[], size: number, half: number): number[] {
  const out = at.map(() => 0);
  const done: number[] = [];
  for (const k of [...at.keys()].sort((a, b) => at[a] - at[b] || a - b)) {
    const near = done.filter((j) => Math.abs(at[j] - at[k]) < size);
    for (let step = 0; step <= (2 * half) / (size * 0.5); step++) {
      const offset = (step % 2 === 0 ? 1 : -1) * Math.ceil(step / 2) * size * 0.5;
      if (Math.abs(offset) > half) continue;
      out[k] = offset;
      if (near.every((j) => (out[j] - offset) * (out[j] - offset) + (at[j] - at[k]) * (at[j] - at[k]) >= size * size * 0.8)) break;
    }
    done.push(k);
    if (done.length > 400) done.shift();
  }
  return out;
}

function tableChart(data: AssociationData & { kind: "table" }, options: ChartOptions): string {
  if (data.rows.length === 0 || data.columns.length === 0) return emptyPicture(options, "No readings to show");
  const width = pictureWidth(options, "double");
  const fills = orderedFills(data.columns.length);
  const totals = data.counts.map((r) => r.reduce((s, c) => s + (Number.isFinite(c) ? c : 0), 0));
  const names = Math.min(width * 0.3, Math.max(textWidth(data.rowLabel, type.label), ...data.rows.map((r) => textWidth(r, type.label)))) + 8;
  const counted = Math.max(...totals.map((t) => textWidth(`n = ${countText(t)}`, type.tick))) + 8;
  const x = linearScale([0, 100], [names, width - counted - 4]);
  const items: LegendItem[] = data.columns.map((label, k) => ({ label, style: { stroke: fills[k].fill, shape: "square" }, as: "box", fill: fills[k].fill }));
  const testWidth = Math.min(textWidth(data.test, type.tick), (width - names) * 0.5);
  const key = flowingLegend(items, names - 4, 11, width - names);
  const top = 15 + key.height + 3, row = 21, bottom = top + data.rows.length * row + 1;
  return picture(options, width, bottom + 27, text(names - 6, top - 4, data.rowLabel, { anchor: "end", size: type.tick, fill: ink.muted, width: names - 8 }), text(names, 8, data.columnLabel, { size: type.tick, fill: ink.muted, width: Math.max(40, width - names - testWidth - 10) }), text(width - 1, 8, data.test, { size: type.tick, anchor: "end", width: testWidth + 1 }), key.svg,
    ...data.rows.map((name, r) => {
      const y = top + r * row;
      let from = 0;
      const parts = data.columns.map((_, c) => {
        const count = data.counts[r]?.[c] ?? NaN, share = totals[r] > 0 && Number.isFinite(count) ? (100 * count) / totals[r] : 0, a = x(from), b = x(from + share), words = countText(count);
        from += share;
        return share === 0 ? "" : rect(a, y + 2, b - a, row - 6, { fill: fills[c].fill, stroke: ink.paper, "stroke-width": stroke.thin })
          + (b - a > textWidth(words, type.tick) + 3 ? text((a + b) / 2, y + row / 2 + 1.6, words, { anchor: "middle", size: type.tick, fill: fills[c].text }) : "");
      });
      return text(names - 6, y + row / 2 + 1.6, name, { anchor: "end", width: names - 8 }) + parts.join("") + text(width - 1, y + row / 2 + 1.6, `n = ${countText(totals[r])}`, { size: type.tick, anchor: "end", fill: ink.muted });
    }),
    curve([[x(0), top], [x(0), bottom]], { stroke: ink.axis, "stroke-width": stroke.axis }), bottomAxis(x, bottom, { label: "Patients (%)", ticks: [0, 20, 40, 60, 80, 100] }));
}
