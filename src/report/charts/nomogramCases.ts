import type { NomogramData } from "../chartData.js";
import { nomogramLinear, outcomeProbability, type Nomogram } from "../../model/index.js";
import { fixedText, fullText } from "../numberText.js";
import { el, line, mark, text, textLines } from "../svg.js";
import { textWidth, wrapText } from "../textWidth.js";
import { colour, ink, stroke, type, type Shape } from "../theme.js";

type Case = NonNullable<NomogramData["cases"]>[number];
/** a value beyond its axis has points too, by the same line; `outside` tells it */
export type WorkedCase = { parts: { name: string; shown: string; points: number; outside: boolean }[]; total: number };

/** Points of one patient's values, and their sum: NaN where a value is missing or its category unknown. */
export function workedCase(n: Nomogram, c: Case): WorkedCase {
  const parts = n.axes.map((axis) => {
    const value = c.values[axis.name];
    if (value === undefined || value === "") return { name: axis.name, shown: "missing", points: NaN, outside: false };
    if (axis.kind === "category") {
      const k = axis.levels.indexOf(String(value));
      return { name: axis.name, shown: String(value), points: axis.points[k] ?? NaN, outside: k < 0 };
    }
    const number = Number(value);
    const ends = [Math.min(...axis.ticks), Math.max(...axis.ticks)];
    return { name: axis.name, shown: fullText(number), points: (number * axis.coefficient - axis.zero) * n.scale, outside: number < ends[0] || number > ends[1] };
  });
  return { parts, total: parts.reduce((sum, p) => sum + p.points, 0) };
}

const looks: { stroke: string; shape: Shape }[] = [{ stroke: "#c1121f", shape: "circle" }, { stroke: colour.blue, shape: "diamond" }, { stroke: colour.green, shape: "triangle" }, { stroke: colour.purple, shape: "square" }];
export const caseStyle = (k: number): { stroke: string; shape: Shape } => looks[k % looks.length];

const GAP = 14, LEADING = 8.8, IMAGE = 64;

/** Under the axes: each case with its picture, values and points, total, probabilities and course. Up to three side by side. */
export function caseCards(n: Nomogram, cases: readonly Case[], worked: readonly WorkedCase[], place: { names(key: string): string; width: number; y: number }): { svg: string; height: number } {
  if (cases.length === 0) return { svg: "", height: 0 };
  const columns = Math.min(cases.length, 3), width = (place.width - GAP * (columns - 1)) / columns;
  let svg = "", top = place.y;
  for (let from = 0; from < cases.length; from += columns) {
    let tallest = 0;
    for (let k = from; k < Math.min(from + columns, cases.length); k++) {
      const card = drawCard(n, cases[k], worked[k], k, (k - from) * (width + GAP), top, width, place.names);
      svg += card.svg;
      tallest = Math.max(tallest, card.height);
    }
    top += tallest + 6;
  }
  return { svg, height: top - place.y };
}

function drawCard(n: Nomogram, c: Case, w: WorkedCase, k: number, x: number, top: number, width: number, names: (key: string) => string): { svg: string; height: number } {
  const look = caseStyle(k);
  const image = c.image !== undefined && c.image.startsWith("data:image/") ? c.image : undefined;
  const tx = x + (image === undefined ? 0 : IMAGE + 7), room = x + width - tx, nameWidth = Math.min(room * 0.58, Math.max(...w.parts.map((p) => textWidth(names(p.name), type.tick))) + 8), valueX = tx + nameWidth, end = x + width - 1;
  let y = top + 10;
  let svg = line(x, top, x + width, top, { stroke: look.stroke, "stroke-width": stroke.mark }) + mark(look.shape, tx + 3, y - 2.6, 2.6, look.stroke) + text(tx + 9, y, c.title, { bold: true, width: room - 40 })
    + text(end, y, "points", { size: type.small, fill: ink.muted, anchor: "end" });
  for (const part of w.parts) {
    y += LEADING;
    svg += text(tx, y, names(part.name), { size: type.tick, width: nameWidth - 4 })
      + text(valueX, y, part.outside ? `${part.shown} (off the axis)` : part.shown, { size: type.tick, width: room - nameWidth - 24 })
      + text(end, y, fixedText(part.points, 1), { size: type.tick, anchor: "end" });
  }
  y += 3;
  svg += line(tx, y, end, y, { stroke: ink.rule });
  y += LEADING;
  svg += text(tx, y, "Total points", { size: type.tick, bold: true }) + text(end, y, fixedText(w.total, 1), { size: type.tick, bold: true, anchor: "end" });
  for (const o of n.outcomes) {
    y += LEADING;
    svg += text(tx, y, names(o.label), { size: type.tick, width: room - 34 }) + text(end, y, fixedText(outcomeProbability(o, nomogramLinear(n, w.total)), 2), { size: type.tick, anchor: "end" });
  }
  if (c.course !== undefined && c.course !== "") {
    const lines = wrapText(c.course, room, type.tick, { most: 5 });
    svg += textLines(tx, y + LEADING + 2, lines, LEADING, { size: type.tick, italic: true });
    y += lines.length * LEADING + 2;
  }
  const base = top + 5;
  if (image !== undefined) svg += el("image", { x, y: base, width: IMAGE, height: IMAGE, preserveAspectRatio: "xMidYMid slice", href: image }, el("title", {}, "Image of the case"));
  return { svg, height: Math.max(y - top + 4, image === undefined ? 0 : IMAGE + 8) };
}
