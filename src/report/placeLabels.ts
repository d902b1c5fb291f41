import { line, mark, text } from "./svg.js";
import { fitText, textWidth } from "./textWidth.js";
import { ink, stroke, type, type SeriesStyle } from "./theme.js";

/**
 * Heights of labels moved apart to at least `gap`, order kept, as near to where they belong as that allows (pooled like isotonic
 * regression), inside [low, high] where they have room; NaN stays NaN.
 */
export function spreadApart(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = [...wanted.keys()].filter((k) => Number.isFinite(wanted[k])).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const blocks: { sum: number; count: number }[] = [];
  order.forEach((k, rank) => {
    blocks.push({ sum: wanted[k] - rank * gap, count: 1 });
    while (blocks.length > 1) {
      const last = blocks[blocks.length - 1], before = blocks[blocks.length - 2];
      if (before.sum / before.count <= last.sum / last.count) break;
      before.sum += last.sum;
      before.count += last.count;
      blocks.pop();
    }
  });
  const out = wanted.map(() => NaN);
  const top = Math.max(low, high - (order.length - 1) * gap);
  let rank = 0;
  for (const { sum, count } of blocks) for (let j = 0; j < count; j++, rank++) out[order[rank]] = Math.min(Math.max(sum / count, low), top) + rank * gap;
  return out;
}

/** Rows 0, 1, 2, … for labels along an axis so that none touches another of its row; `half` is half each one's width. */
export function stagger(at: readonly number[], half: readonly number[], gap = 3): number[] {
  const ends: number[] = [];
  const rows = at.map(() => 0);
  for (const k of [...at.keys()].sort((a, b) => at[a] - at[b] || a - b)) {
    let row = ends.findIndex((end) => at[k] - half[k] >= end + gap);
    if (row < 0) row = ends.length;
    ends[row] = at[k] + half[k];
    rows[k] = row;
  }
  return rows;
}

export type LegendItem = { label: string; style: SeriesStyle; /** a line sample, a mark, or a filled box */ as?: "line" | "mark" | "box"; fill?: string };
const SAMPLE = 16, LEADING = 9.5;

export const legendHeight = (items: readonly LegendItem[]): number => items.length * LEADING;
export const legendWidth = (items: readonly LegendItem[]): number => Math.max(0, ...items.map((i) => textWidth(i.label, type.tick))) + SAMPLE + 4;

/** Key, one entry under another; y is its top. */
export function legend(items: readonly LegendItem[], x: number, y: number, width = Infinity): string {
  return items.map((item, k) => sample(item, x, y + k * LEADING + 5) + text(x + SAMPLE + 4, y + k * LEADING + 7.5, item.label, { size: type.tick, ...(width < Infinity ? { width: width - SAMPLE - 4 } : {}) })).join("");
}

function sample({ style, as = "line", fill }: LegendItem, x: number, y: number): string {
  if (as === "mark") return mark(style.shape, x + SAMPLE / 2 + 2, y, 2.4, style.stroke);
  if (as === "box") return `<rect x="${x + 4}" y="${Math.round((y - 3.5) * 100) / 100}" width="11" height="7" fill="${fill ?? style.stroke}"/>`;
  return line(x, y, x + SAMPLE, y, { stroke: style.stroke, "stroke-width": stroke.curve, "stroke-dasharray": style.dash });
}

/** Key in rows from left to right; gives its height too. */
export function flowingLegend(items: readonly LegendItem[], x: number, y: number, width: number): { svg: string; height: number } {
  let svg = "";
  let [left, row] = [0, 0];
  for (const item of items) {
    const label = fitText(item.label, width - SAMPLE - 6, type.tick);
    const wide = SAMPLE + 4 + textWidth(label, type.tick) + 12;
    if (left > 0 && left + wide - 12 > width) [left, row] = [0, row + 1];
    svg += legend([{ ...item, label }], x + left, y + row * LEADING);
    left += wide;
  }
  return { svg, height: items.length === 0 ? 0 : (row + 1) * LEADING };
}

/** Labels right of the ends of curves, moved apart, each with a hairline where it had to move. */
export function endLabels(labels: readonly { text: string; y: number; fill: string }[], x: number, width: number, low: number, high: number, gap = 8.5): string {
  const places = spreadApart(labels.map((l) => l.y), gap, low, high);
  return labels.map((l, k) => (Number.isFinite(places[k])
    ? (Math.abs(places[k] - l.y) > 1 ? line(x + 1, l.y, x + 7, places[k], { stroke: l.fill, "stroke-width": 0.4 }) : "")
      + text(x + 8, places[k] + 2.5, l.text, { fill: l.fill, size: type.tick, width: width - 8 }) : "")).join("");
}

/** Title of a panel with what kind of figure it is, as "nested cross-validation, n = 161, 43 events". */
export function panelTitle(x: number, y: number, title: string, under: string, width: number): string {
  const fits = (line: string) => textWidth(line, type.small) <= width;
  const brief = fits(under) ? under : under.replace("cross-validation", "CV"), short = fits(brief) ? brief : brief.replace(" events by ", " by ");
  return text(x, y, title, { bold: true, size: type.panel, width }) + text(x, y + 9, short, { size: type.small, fill: ink.muted, width });
}

export type Panel = { x: number; y: number; width: number };
/** Places of k panels in rows; `least` is the narrowest a panel may get. */
export function panelPlaces(count: number, width: number, least: number, gap: number): { columns: number; rows: number; panelWidth: number } {
  const columns = Math.max(1, Math.min(count, Math.floor((width + gap) / (least + gap)), count === 4 ? 2 : 3));
  return { columns, rows: Math.ceil(count / columns), panelWidth: (width - gap * (columns - 1)) / columns };
}

/** "n = 161, 43 events", with `by` "n = 161, 24 events by 24 months" */
export const countsText = (n: number, events: number, kind?: string, by?: string): string => [kind ?? "", Number.isFinite(n) ? `n = ${n}` : "", Number.isFinite(events) ? `${events} events${by === undefined ? "" : ` ${by}`}` : ""].filter((s) => s !== "").join(", ");
