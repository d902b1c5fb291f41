import type { BarsData } from "../chartData.js";
import { bottomAxis, extent, linearScale, niceDomain, tickTexts } from "../axis.js";
import { fixedText } from "../numberText.js";
import { emptyPicture, line, picture, pictureWidth, rect, text, type ChartOptions } from "../svg.js";
import { textWidth } from "../textWidth.js";
import { colour, ink, stroke, type } from "../theme.js";

const ROW = 12;

/** Bars in rows: coefficients about zero, or shares; with their interval, their number in a column and a remark. */
export function barsChart(data: BarsData, options: ChartOptions = {}): string {
  const { bars } = data;
  if (bars.length === 0) return emptyPicture(options, "Nothing was selected");
  const width = pictureWidth(options, "double"), top = 3, bottom = top + bars.length * ROW + 2;
  const wanted = data.domain ?? niceDomain(extent([...bars.flatMap((b) => [b.value, b.low ?? NaN, b.high ?? NaN]), 0]) ?? [0, 1]);
  const names = Math.min(width * 0.42, Math.max(...bars.map((b) => textWidth(b.name, type.label))) + 1);
  const digits = data.domain !== undefined && wanted[1] <= 1 ? 2 : decimalsFor(bars.map((b) => Math.abs(b.value)));
  const texts = bars.map((b) => fixedText(b.value, digits));
  const noteWidth = Math.min(width * 0.2, Math.max(0, ...bars.map((b) => (b.note === undefined ? 0 : textWidth(b.note, type.small) + 8))));
  const numberWidth = Math.max(...texts.map((t) => textWidth(t, type.label)));
  const right = width - noteWidth - 1, plotRight = right - numberWidth - 8;
  const x = linearScale(wanted, [names + 8, plotRight]);
  const zero = x(Math.min(Math.max(0, x.domain[0]), x.domain[1]));
  const inside = (v: number) => x(Math.min(Math.max(v, x.domain[0]), x.domain[1]));
  const rows = bars.map((b, k) => {
    const y = top + k * ROW + ROW / 2;
    const end = inside(b.value);
    return text(names, y + 2.6, b.name, { anchor: "end", width: names })
      + (Number.isFinite(end) ? rect(Math.min(zero, end), y - 3.6, Math.abs(end - zero), 7.2, { fill: b.value < 0 ? "#7fb2d3" : colour.blue }) : "")
      + (b.low === undefined || b.high === undefined ? "" : line(inside(b.low), y, inside(b.high), y, { stroke: ink.text, "stroke-width": stroke.mark }))
      + text(right, y + 2.6, texts[k], { anchor: "end" })
      + (b.note === undefined ? "" : text(right + 7, y + 2.4, b.note, { size: type.small, fill: ink.muted, width: noteWidth - 7 }));
  });
  return picture(options, width, bottom + 27, ...rows,
    line(zero, top - 2, zero, bottom, { stroke: ink.text, "stroke-width": stroke.axis }),
    bottomAxis(x, bottom, { label: data.label, texts: tickTexts(x.ticks(5)), ticks: x.ticks(5) }));
}

/** two decimals, up to four where the smallest bar would keep fewer than two digits */
function decimalsFor(sizes: number[]): number {
  const least = extent(sizes.filter((v) => v > 0))?.[0] ?? 1;
  return least >= 0.095 ? 2 : least >= 0.0095 ? 3 : 4;
}
