import type { FunnelData } from "../chartData.js";
import { countText } from "../numberText.js";
import { linearScale } from "../axis.js";
import { emptyPicture, line, picture, pictureWidth, rect, text, textLines, type ChartOptions } from "../svg.js";
import { fitText, textWidth, wrapText } from "../textWidth.js";
import { colour, ink, type } from "../theme.js";

/** Features left after each step: a bar and the count, how many left, and the names where they are few. */
export function funnelChart(data: FunnelData, options: ChartOptions = {}): string {
  const { stages } = data;
  if (stages.length === 0) return emptyPicture(options, "No selection took place");
  const width = pictureWidth(options, "double");
  const labelWidth = Math.min(width * 0.34, Math.max(...stages.map((s) => textWidth(s.label, type.label))) + 2);
  const barX = labelWidth + 8, most = Math.max(1, ...stages.map((s) => s.left).filter(Number.isFinite));
  const room = textWidth(`${countText(most)}  −${countText(most)}`, type.label) + 16;
  const x = linearScale([0, most], [barX, width - room]);
  let y = 2, axisEnd = 2, svg = "";
  stages.forEach((stage, k) => {
    const lines = wrapText(stage.label, labelWidth, type.label, { most: 3 });
    const height = Math.max(12, lines.length * 9);
    const middle = y + height / 2;
    const gone = k === 0 ? 0 : stages[k - 1].left - stage.left;
    svg += textLines(labelWidth, middle + 2.6 - (lines.length - 1) * 4.5, lines, 9, { anchor: "end" });
    svg += rect(barX, middle - 5, x(stage.left) - barX, 10, { fill: k === stages.length - 1 ? colour.blue : "#9fbfd3" });
    const after = x(stage.left) + 4;
    svg += text(after, middle + 2.6, countText(stage.left), { bold: k === stages.length - 1 });
    if (gone > 0) svg += text(after + textWidth(countText(stage.left), type.label, true) + 6, middle + 2.6, `−${countText(gone)}`, { size: type.small, fill: ink.muted });
    axisEnd = y + height;
    y += height + 3;
    if (stage.names !== undefined && stage.names.length > 0) {
      const names = flowing(stage.names, width - barX - 4);
      svg += textLines(barX + 4, y + 6, names, 8.2, { size: type.small, fill: ink.muted });
      y += names.length * 8.2 + 3;
    }
    y += 2;
  });
  svg += line(barX, 0, barX, axisEnd);
  return picture(options, width, y, svg);
}

/** names separated by commas, lines broken between names only */
function flowing(names: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = "";
  names.forEach((name, k) => {
    const word = fitText(name, width - 4, type.small) + (k < names.length - 1 ? "," : "");
    if (line !== "" && textWidth(`${line} ${word}`, type.small) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  });
  return [...lines, line];
}
