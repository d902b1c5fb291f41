import type { PcaData } from "../chartData.js";
import { bottomAxis, extent, leftAxis, leftAxisRoom, linearScale, niceDomain } from "../axis.js";
import { cos, sin } from "../../math/index.js";
import { fixedText } from "../numberText.js";
import { el, emptyPicture, group, idOf, mark, pathOf, picture, pictureWidth, rect, text, type ChartOptions } from "../svg.js";
import { flowingLegend, panelPlaces } from "../placeLabels.js";
import { seriesStyle, stroke, type } from "../theme.js";

const GAP = 16;

/** First two components by centre before and after harmonisation, one scale for all panels; ellipses hold about 95% of a normal group. */
export function pcaChart(data: PcaData, options: ChartOptions = {}): string {
  const points = data.panels.flatMap((p) => p.points.filter((q) => Number.isFinite(q.x) && Number.isFinite(q.y)));
  const groups = [...new Set(points.map((p) => p.group))].sort();
  const shown = data.panels.map((p) => p.points.filter((q) => Number.isFinite(q.x) && Number.isFinite(q.y)));
  const rounds = shown.map((list) => groups.map((g) => ellipse(list.filter((p) => p.group === g))));
  const ex = extent([...points, ...rounds.flat(2)].map((p) => p.x)), ey = extent([...points, ...rounds.flat(2)].map((p) => p.y));
  if (ex === undefined || ey === undefined) return emptyPicture(options, "No components to show");
  const width = pictureWidth(options, data.panels.length === 1 ? "single" : "double");
  const places = panelPlaces(data.panels.length, width, 150, GAP);
  const dx0 = niceDomain(ex), dy0 = niceDomain(ey);
  const names = data.panels.map((p) => p.explained.map((e, k) => `PC${k + 1}${Number.isFinite(e) ? ` (${fixedText(100 * e, 0)} % of variance)` : ""}`));
  const left = leftAxisRoom(linearScale(dy0, [1, 0]), { label: names[0][1] });
  const side = Math.min(places.panelWidth - left - 8, 200), height = 14 + side + 27;
  const key = flowingLegend(groups.map((label, k) => ({ label, style: seriesStyle(k), as: "mark" })), left, 0, width - left);
  const total = places.rows * height + (places.rows - 1) * 12;
  return picture(options, width, total + key.height + 6, ...data.panels.map((panel, k) => {
    const from = (k % places.columns) * (places.panelWidth + GAP) + left, top = Math.floor(k / places.columns) * (height + 12) + 14;
    const x = linearScale(dx0, [from, from + side]), y = linearScale(dy0, [top + side, top]), clip = idOf(options, `clip${k}`);
    return text(from, top - 6, panel.title, { bold: true, size: type.panel, width: side }) + el("clipPath", { id: clip }, rect(from, top, side, side))
      + group({ "clip-path": `url(#${clip})` }, ...shown[k].map((p) => mark(seriesStyle(groups.indexOf(p.group)).shape, x(p.x), y(p.y), 1.6, seriesStyle(groups.indexOf(p.group)).stroke, { "fill-opacity": 0.6 })),
        ...rounds[k].map((round, s) => (round.length === 0 ? "" : el("path", { d: `${pathOf(round.map((p) => [x(p.x), y(p.y)] as const))}Z`, fill: "none", stroke: seriesStyle(s).stroke, "stroke-width": stroke.mark, "stroke-dasharray": seriesStyle(s).dash }))))
      + bottomAxis(x, top + side, { label: names[k][0] }) + leftAxis(y, from, { label: names[k][1] });
  }), group({ transform: `translate(0 ${Math.round(total * 100) / 100 + 4})` }, key.svg));
}

type Point = { x: number; y: number };

/** mean + √5.991 · L (cos, sin), L the Cholesky factor of the group's covariance; none for fewer than five points */
function ellipse(points: readonly Point[]): Point[] {
  const n = points.length;
  if (n < 5) return [];
  const mx = points.reduce((s, p) => s + p.x, 0) / n, my = points.reduce((s, p) => s + p.y, 0) / n;
  const cov = (f: (p: Point) => number) => points.reduce((s, p) => s + f(p), 0) / (n - 1);
  const a = Math.sqrt(cov((p) => (p.x - mx) * (p.x - mx)));
  if (!(a > 0)) return [];
  const b = cov((p) => (p.x - mx) * (p.y - my)) / a, c = Math.sqrt(Math.max(0, cov((p) => (p.y - my) * (p.y - my)) - b * b)), r = Math.sqrt(5.991464547107979);
  return Array.from({ length: 61 }, (_, k) => {
    const t = (k / 60) * 2 * Math.PI;
    return { x: mx + r * a * cos(t), y: my + r * (b * cos(t) + c * sin(t)) };
  });
}
