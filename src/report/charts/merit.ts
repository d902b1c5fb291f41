import type { MeritData } from "../chartData.js";
import { bottomAxis, extent, linearScale, niceDomain } from "../axis.js";
import { countText, fixedText, intervalText, levelText, measureDecimals } from "../numberText.js";
import { emptyPicture, line, picture, pictureWidth, text, type ChartOptions } from "../svg.js";
import { textWidth } from "../textWidth.js";
import { colour, ink, stroke, type } from "../theme.js";
import { interval } from "./forest.js";

const ROW = 12;
/** figures on the patients that made the model: shown pale and hollow */
const optimistic = new Set(["apparent", "tuning"]);

/** Merit of each model by kind of validation; what is apparent is pale and hollow, validation dark and filled. */
export function meritChart(data: MeritData, options: ChartOptions = {}): string {
  const { rows } = data;
  if (rows.length === 0) return emptyPicture(options, "No merit was estimated");
  const width = pictureWidth(options, "double");
  const models = [...new Set(rows.map((r) => r.model))];
  const digits = measureDecimals(data.measure);
  const numberOf = (r: (typeof rows)[number]) => (r.low === undefined || r.high === undefined || (Number.isNaN(r.low) && Number.isNaN(r.high)) ? fixedText(r.value, digits) : `${fixedText(r.value, digits)} (${intervalText(r.low, r.high, digits)})`);
  const countOf = (r: (typeof rows)[number]) => `${countText(r.events)}/${countText(r.n)}`;
  const labelWidth = Math.min(width * 0.32, Math.max(...models.map((m) => textWidth(m, type.label, true)), ...rows.map((r) => textWidth(r.kind, type.label) + 8))) + 4;
  const countWidth = Math.max(textWidth("Events/n", type.tick, true), ...rows.map((r) => textWidth(countOf(r), type.tick))) + 12;
  const head = `${data.measure} (${levelText(data.level)})`;
  const numberWidth = Math.min(width * 0.3, Math.max(textWidth(head, type.tick, true), ...rows.map((r) => textWidth(numberOf(r), type.tick))) + 8);
  const left = labelWidth + countWidth, right = width - numberWidth;
  const domain = niceDomain(extent([...rows.flatMap((r) => [r.value, r.low ?? NaN, r.high ?? NaN]), data.reference ?? NaN]) ?? [0, 1]);
  const x = linearScale(domain, [left, right - 6]);
  const top = 13;
  let y = top + 4, svg = line(0, top, width, top, { stroke: ink.axis, "stroke-width": stroke.thin })
    + text(left - 12, top - 4, "Events/n", { size: type.tick, bold: true, anchor: "end" }) + text(right + 4, top - 4, head, { size: type.tick, bold: true, width: numberWidth - 4 });
  const body: string[] = [];
  models.forEach((model, m) => {
    if (m > 0) y += 3;
    body.push(text(0, y + 8.6, model, { bold: true, width: labelWidth }));
    y += ROW;
    for (const r of rows.filter((o) => o.model === model)) {
      const pale = optimistic.has(r.kind), fill = pale ? "#8a8a8a" : colour.blue, words = pale ? ink.muted : ink.text, middle = y + ROW / 2;
      body.push(text(8, middle + 2.6, r.kind, { fill: words, width: labelWidth - 10 }), text(left - 12, middle + 2.6, countOf(r), { size: type.tick, anchor: "end", fill: words }),
        interval({ value: r.value, low: r.low ?? NaN, high: r.high ?? NaN }, x, middle, { fill, hollow: pale }),
        text(right + 4, middle + 2.6, numberOf(r), { size: type.tick, fill: words, width: numberWidth - 4 }));
      y += ROW;
    }
  });
  const bottom = y + 3;
  if (data.reference !== undefined) svg += line(x(data.reference), top, x(data.reference), bottom, { stroke: ink.muted, "stroke-width": stroke.thin, "stroke-dasharray": "3 2" });
  return picture(options, width, bottom + 27, svg, ...body, bottomAxis(x, bottom, { label: data.measure }));
}
