import type { ComparisonData } from "../chartData.js";
import { fixedText, levelText, measureDecimals, pSentence } from "../numberText.js";
import { emptyPicture, line, picture, pictureWidth, rect, text, textLines, type ChartOptions } from "../svg.js";
import { wrapText } from "../textWidth.js";
import { ink, stroke, type } from "../theme.js";

/** Each model (row) against each later one (column): column's merit minus row's, interval and p; shaded where the interval excludes 0. */
export function comparisonChart(data: ComparisonData, options: ChartOptions = {}): string {
  const n = data.models.length;
  if (n < 2) return emptyPicture(options, "Fewer than two models to compare");
  const digits = measureDecimals(data.measure);
  const least = 78, labelWidth = 76;
  const width = Math.max(pictureWidth(options, n <= 2 ? "single" : "double"), labelWidth + (n - 1) * least);
  const cell = Math.min(120, (width - labelWidth) / (n - 1)), row = 36;
  const heads = data.models.slice(1).map((m) => wrapText(m, cell - 6, type.label, { bold: true, most: 2 }));
  const top = 16 + Math.max(...heads.map((h) => h.length)) * 9;
  let svg = text(0, 7, `${data.measure}: column minus row (${levelText(data.level)})${data.kind === "" ? "" : `; ${data.kind}`}`, { size: type.tick, fill: ink.muted, width });
  heads.forEach((h, c) => { svg += textLines(labelWidth + (c + 0.5) * cell, top - 4 - (h.length - 1) * 9, h, 9, { bold: true, anchor: "middle" }); });
  for (let r = 0; r < n - 1; r++) {
    const y = top + r * row, name = wrapText(data.models[r], labelWidth - 6, type.label, { bold: true, most: 3 });
    svg += textLines(0, y + row / 2 + 2.6 - (name.length - 1) * 4.5, name, 9, { bold: true });
    for (let c = 1; c < n; c++) {
      const x = labelWidth + (c - 1) * cell, middle = x + cell / 2;
      if (c <= r) continue;
      const [d, low, high, p] = [data.difference, data.low, data.high, data.p].map((m) => m[r]?.[c] ?? NaN);
      svg += rect(x, y, cell, row, { fill: low > 0 || high < 0 ? "#dbe8f1" : "none", stroke: ink.rule, "stroke-width": stroke.thin })
        + text(middle, y + (Number.isFinite(low) || Number.isFinite(high) || Number.isFinite(p) ? 12 : 20), !Number.isFinite(d) ? "not compared" : d > 0 ? `+${fixedText(d, digits)}` : fixedText(d, digits), { anchor: "middle", ...(Number.isFinite(d) ? { bold: true } : { size: type.tick, fill: ink.muted }) })
        + (Number.isFinite(low) || Number.isFinite(high) ? text(middle, y + 21.5, intervalOf(low, high, digits), { anchor: "middle", size: type.tick }) : "")
        + (Number.isFinite(p) ? text(middle, y + 30.5, pSentence(p), { anchor: "middle", size: type.tick, fill: ink.muted }) : "");
    }
  }
  return picture(options, width, top + (n - 1) * row + 1, svg, line(labelWidth, top, labelWidth + (n - 1) * cell, top, { stroke: ink.axis }));
}

/** both ends of a difference with their signs */
const intervalOf = (low: number, high: number, digits: number): string => [low, high].map((v) => (v > 0 ? `+${fixedText(v, digits)}` : fixedText(v, digits))).join(" to ");
