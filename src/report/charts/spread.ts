import type { SpreadData } from "../chartData.js";
import { bottomAxis, extent, linearScale, niceDomain } from "../axis.js";
import { exp } from "../../math/index.js";
import { fixedText, measureDecimals } from "../numberText.js";
import { dotPath, el, emptyPicture, line, mark, pathOf, picture, pictureWidth, text, type ChartOptions } from "../svg.js";
import { fitText, textWidth } from "../textWidth.js";
import { colour, ink, stroke, type } from "../theme.js";
import { swarm } from "./association.js";

const ROW = 32, MEAN = 12;

/** One figure a repeat: dots over their density, mean and one SD to each side, numbers beside; a spread, not an interval. */
export function spreadChart(data: SpreadData, options: ChartOptions = {}): string {
  const panels = data.panels.filter((p) => p.strips.length > 0);
  if (panels.length === 0) return emptyPicture(options, "No repeats to show");
  const width = pictureWidth(options, "double");
  const names = Math.min(width * 0.28, Math.max(...panels.flatMap((p) => p.strips.map((s) => textWidth(s.name, type.label))))) + 8;
  const column = 30, right = width - 4 * column - 8;
  let y = 0, svg = "";
  for (const panel of panels) {
    const top = y + 24;
    const range = extent([...panel.strips.flatMap((s) => [...s.values, s.min, s.max]), panel.reference?.value ?? NaN]);
    const x = linearScale(niceDomain(range ?? [0, 1]), [names, right]);
    const bottom = top + panel.strips.length * ROW, digits = measureDecimals(panel.measure);
    svg += text(0, y + 8, panel.measure, { bold: true, size: type.panel, width: names + 100 })
      + ["mean", "SD", "min", "max"].map((h, k) => text(width - (3 - k) * column - 1, top - 3, h, { anchor: "end", size: type.tick, fill: ink.muted })).join("");
    const at = panel.reference === undefined ? NaN : x(panel.reference.value);
    if (panel.reference !== undefined) {
      const said = fitText(`${panel.reference.label} ${fixedText(panel.reference.value, digits)}`, right - names, type.tick), half = textWidth(said, type.tick) / 2;
      svg += line(at, top - 2, at, bottom, { stroke: ink.text, "stroke-dasharray": "3 2", "stroke-width": stroke.axis })
        + text(Math.min(Math.max(at, names + half), right - half), top - 5, said, { anchor: "middle", size: type.tick });
    }
    panel.strips.forEach((s, k) => {
      const middle = top + (k + 0.5) * ROW - 2, values = s.values.filter(Number.isFinite);
      const offsets = swarm(values.map(x), 2.2, 8);
      svg += text(names - 8, middle + 2.6, s.name, { anchor: "end", width: names - 8 }) + density(values, s.sd, x, middle)
        + dotPath(values.map((v, i) => [x(v), middle + offsets[i]] as const), 1.1, "#5fa3cd")
        + line(x(s.mean - s.sd), middle + MEAN, x(s.mean + s.sd), middle + MEAN, { stroke: ink.text, "stroke-width": 1.1 }) + mark("diamond", x(s.mean), middle + MEAN, 2.6, ink.text, { stroke: ink.paper, "stroke-width": stroke.thin })
        + [s.mean, s.sd, s.min, s.max].map((v, c) => text(width - (3 - c) * column - 1, middle + 2.6, fixedText(v, digits), { anchor: "end", size: type.tick })).join("");
    });
    svg += bottomAxis(x, bottom, {});
    y = bottom + 24;
  }
  return picture(options, width, y + 4, svg, text(names, y, "dot: one repeat; diamond and line: mean ± SD over the repeats (a spread, not a confidence interval)", { size: type.small, fill: ink.muted, width: width - names }));
}

/** Gaussian kernel density, width by Silverman's rule (1986), mirrored about the row */
function density(values: readonly number[], sd: number, x: { (v: number): number; domain: [number, number] }, middle: number): string {
  if (values.length < 10 || !(sd > 0)) return "";
  const h = 1.06 * sd / root5(values.length);
  const low = Math.max(Math.min(...values) - 2 * h, x.domain[0]), high = Math.min(Math.max(...values) + 2 * h, x.domain[1]);
  const grid = Array.from({ length: 61 }, (_, k) => low + ((high - low) * k) / 60);
  const d = grid.map((g) => values.reduce((s, v) => s + exp(-0.5 * ((g - v) / h) * ((g - v) / h)), 0));
  const most = Math.max(...d), tall = 10;
  const up = grid.map((g, k) => [x(g), middle - (d[k] / most) * tall] as const), down = grid.map((g, k) => [x(g), middle + (d[k] / most) * tall] as const).reverse();
  return el("path", { d: `${pathOf([...up, ...down])}Z`, fill: colour.blue, "fill-opacity": 0.13 });
}

/** fifth root, by Newton's steps from above */
function root5(n: number): number {
  let r = Math.max(1, n / 2);
  for (let k = 0; k < 60; k++) r = (4 * r + n / (r * r * r * r)) / 5;
  return r;
}
