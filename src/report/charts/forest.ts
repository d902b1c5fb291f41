import type { ForestData } from "../chartData.js";
import { bottomAxis, extent, fittingTicks, linearScale, logScale, logTickTexts, niceDomain, tickTexts, type Scale } from "../axis.js";
import { countText, intervalText, levelText, measureDecimals, pText, ratioText, fixedText } from "../numberText.js";
import { el, emptyPicture, line, mark, pathOf, picture, pictureWidth, text, textLines, type ChartOptions } from "../svg.js";
import { textWidth, wrapText } from "../textWidth.js";
import { ink, stroke, type } from "../theme.js";

type Cell = ForestData["rows"][number]["panels"][number];
const ROW = 12.5, LEADING = 8.5;

/** Ratios with intervals in rows beside their numbers; an arrow where an interval leaves the axis. One panel or more side by side. */
export function forestChart(data: ForestData, options: ChartOptions = {}): string {
  const { rows, panels } = data;
  if (rows.length === 0 || panels.length === 0) return emptyPicture(options, "No rows to show");
  const width = pictureWidth(options, "double");
  const write = data.log ? ratioText : (v: number) => fixedText(v, measureDecimals(data.measure));
  const numbersOf = (cell: Cell, few?: string): string => (cell !== null && few !== undefined ? `${numbersOf(cell)}, ${few}` : cell === null ? "" : !Number.isFinite(cell.value) ? "–"
    : !Number.isFinite(cell.low) && !Number.isFinite(cell.high) ? `${write(cell.value)}${data.log && cell.value === data.reference ? " (reference)" : ""}` : `${write(cell.value)} (${intervalText(cell.low, cell.high, write)})`);
  const withP = panels.map((_, k) => rows.some((r) => r.panels[k]?.p !== undefined));
  const events = rows.some((r) => r.events !== undefined), counts = rows.some((r) => r.n !== undefined);
  const countOf = (r: ForestData["rows"][number]) => (r.n === undefined ? "" : r.events === undefined ? countText(r.n) : `${countText(r.events)}/${countText(r.n)}`);
  const head = events ? "Events/n" : "n";
  const countWidth = counts ? Math.max(textWidth(head, type.tick, true), ...rows.map((r) => textWidth(countOf(r), type.tick))) + 8 : 0;
  const estimateHeads = panels.map((_, k) => `${data.measure === "difference" ? "Difference" : data.measure} (${levelText(data.levels?.[k] ?? data.level)})`);
  const estimateWidth = panels.map((_, k) => Math.max(textWidth(estimateHeads[k], type.tick, true), ...rows.map((r) => textWidth(numbersOf(r.panels[k] ?? null, r.few), type.tick))) + 6);
  const pWidth: number[] = withP.map((w) => (w ? 30 : 0));
  const fixed = countWidth + estimateWidth.reduce((a, b) => a + b, 0) + pWidth.reduce((a, b) => a + b, 0) + panels.length * 10;
  const wanted = Math.max(...rows.map((r) => textWidth(r.label, type.label, isHeading(r)) + (r.indent ? 8 : 0)));
  const labelWidth = Math.max(60, Math.min(wanted + 4, width - fixed - panels.length * 80, width * 0.4));
  const plotWidth = Math.max(40, (width - fixed - labelWidth) / panels.length);
  const domain = domainOf(data);
  const top = 12 + (panels.length > 1 || panels[0] !== "" ? 11 : 0), first = top + 6;
  const wrapped = rows.map((r) => wrapText(r.label, labelWidth - (r.indent ? 8 : 0) - 2, type.label, { bold: isHeading(r), most: 2 }));
  const middles: number[] = [];
  let y = first;
  for (const lines of wrapped) {
    const height = ROW + (lines.length - 1) * LEADING;
    middles.push(y + height / 2);
    y += height;
  }
  const bottom = y + 2;
  let svg = line(0, top, width, top, { stroke: ink.axis, "stroke-width": stroke.thin });
  rows.forEach((r, k) => {
    svg += textLines(r.indent ? 8 : 0, middles[k] + 2.6 - ((wrapped[k].length - 1) * LEADING) / 2, wrapped[k], LEADING, { bold: isHeading(r) })
      + text(labelWidth + countWidth - 8, middles[k] + 2.6, countOf(r), { anchor: "end", size: type.tick });
  });
  if (counts) svg += text(labelWidth + countWidth - 8, top - 3.5, head, { anchor: "end", size: type.tick, bold: true });
  let left = labelWidth + countWidth;
  panels.forEach((title, k) => {
    const right = left + plotWidth;
    const x = data.log ? logScale(domain, [left + 4, right - 4]) : linearScale(domain, [left + 4, right - 4]);
    const ticks = fittingTicks(x, { texts: data.log ? logTickTexts : tickTexts, most: 6 });
    const estimateX = right + 6, pX = estimateX + estimateWidth[k] + pWidth[k] - 8;
    if (title !== "") svg += text(left + 4, top - 14.5, title, { bold: true, size: type.panel, width: plotWidth + estimateWidth[k] });
    svg += text(estimateX, top - 3.5, estimateHeads[k], { size: type.tick, bold: true }) + (withP[k] ? text(pX, top - 3.5, "P", { size: type.tick, bold: true, anchor: "end" }) : "");
    if (data.reference >= domain[0] && data.reference <= domain[1]) svg += line(x(data.reference), top, x(data.reference), bottom, { stroke: ink.muted, "stroke-width": stroke.thin });
    rows.forEach((r, i) => {
      const cell = r.panels[k] ?? null;
      const shownP = cell?.p === undefined ? "" : pText(cell.p);
      svg += interval(cell, x, middles[i], { hollow: r.few !== undefined }) + text(estimateX, middles[i] + 2.6, numbersOf(cell, r.few), { size: type.tick }) + text(pX, middles[i] + 2.6, shownP, { size: type.tick, anchor: "end" });
    });
    svg += bottomAxis(x, bottom, { ticks, log: data.log, label: axisLabel(data) });
    left = right + 10 + estimateWidth[k] + pWidth[k];
  });
  return picture(options, width, bottom + 27, svg);
}

const isHeading = (r: ForestData["rows"][number]): boolean => r.n === undefined && r.panels.every((c) => c === null);

const axisLabel = (data: ForestData): string => ({ OR: "Odds ratio", HR: "Hazard ratio", "C-index": "C-index", AUC: "AUC", difference: "Difference" })[data.measure];

/** Axis that shows every point; intervals may leave it where they would squeeze the points. */
function domainOf(data: ForestData): [number, number] {
  const cells = data.rows.flatMap((r) => r.panels).filter((c) => c !== null);
  const usable = (v: number) => Number.isFinite(v) && (!data.log || v > 0);
  const values = extent([...cells.map((c) => c.value).filter(usable), data.reference])!;
  const low = Math.min(values[0], ...cells.map((c) => c.low).filter(usable));
  const high = Math.max(values[1], ...cells.map((c) => c.high).filter(usable));
  if (data.log) return [Math.max(low, values[0] / 4) * 0.95, Math.min(high, values[1] * 4) * 1.05];
  const reach = 2 * (values[1] - values[0] || 0.1);
  return niceDomain([Math.max(low, values[0] - reach), Math.min(high, values[1] + reach)]);
}

/** One row: square, interval, arrows. */
export function interval(cell: { value: number; low: number; high: number } | null, x: Scale, y: number, look: { fill?: string; hollow?: boolean } = {}): string {
  if (cell === null || !Number.isFinite(cell.value)) return "";
  const { fill = ink.text, hollow = false } = look;
  const [least, most] = x.domain;
  const put = (v: number) => Math.min(Math.max(x(Math.min(Math.max(v, least), most)), x.range[0]), x.range[1]);
  const leavesLow = cell.low < least, leavesHigh = cell.high > most;
  // 0 and ∞ are ends of an interval too: both leave the axis
  const known = !Number.isNaN(cell.low) && !Number.isNaN(cell.high);
  const arrow = (at: number, to: -1 | 1) => el("path", { d: `${pathOf([[at + 3 * to, y], [at - 1.5 * to, y - 2.2], [at - 1.5 * to, y + 2.2]])}Z`, fill });
  return (known ? line(put(cell.low), y, put(cell.high), y, { stroke: fill, "stroke-width": stroke.mark }) : "")
    + (known && leavesLow ? arrow(put(cell.low), -1) : "") + (known && leavesHigh ? arrow(put(cell.high), 1) : "")
    + (cell.value >= least && cell.value <= most ? mark(hollow ? "ring" : "square", x(cell.value), y, 2.6, fill) : "");
}
