import type { RocData } from "../chartData.js";
import { bottomAxis, leftAxis, leftAxisRoom, linearScale } from "../axis.js";
import { fixedText, intervalText } from "../numberText.js";
import { band, curve, emptyPicture, line, mark, picture, pictureWidth, type ChartOptions } from "../svg.js";
import { countsText, legend, legendHeight, legendWidth, panelPlaces, panelTitle, type LegendItem } from "../placeLabels.js";
import { ink, seriesStyle, stroke } from "../theme.js";

type RocPanel = RocData["panels"][number];

/** ROC curve of each set: curves with bands, the cut's point, AUC with its interval. */
export function rocChart(data: RocData, options: ChartOptions = {}): string {
  const { panels } = data;
  if (panels.length === 0) return emptyPicture(options, "No ROC curve could be drawn");
  const width = pictureWidth(options, panels.length === 1 ? "single" : "double");
  // one look a model in all panels
  const names = [...new Set(panels.flatMap((p) => p.curves.map((c) => c.name)))];
  const look = (c: { name: string }) => seriesStyle(names.indexOf(c.name));
  const places = panelPlaces(panels.length, width, 150, 16);
  const y0 = linearScale([0, 1], [1, 0]), label = "Sensitivity", left = leftAxisRoom(y0, { label });
  const side = Math.min(places.panelWidth - left - 8, 200), under = Math.max(...panels.map((p) => (legendInside(p, names, side) ? 0 : legendHeight(items(p, names)) + 6)));
  const height = 24 + side + 27 + under;
  return picture(options, width, places.rows * height + (places.rows - 1) * 12, ...panels.map((panel, k) => {
    const dx = (k % places.columns) * (places.panelWidth + 16), top = Math.floor(k / places.columns) * (height + 12) + 24;
    const x = linearScale([0, 1], [dx + left, dx + left + side]), y = linearScale([0, 1], [top + side, top]);
    const kinds = [...new Set(panel.curves.map((c) => c.kind))].join(", ");
    const keys = items(panel, names);
    const inside = legendInside(panel, names, side);
    return panelTitle(x(0), top - 15, panel.title, countsText(panel.n, panel.events, kinds), places.panelWidth - left)
      + line(x(0), y(0), x(1), y(1), { stroke: ink.rule })
      + panel.curves.map((c) => (c.low === undefined || c.high === undefined ? "" : band(c.falsePositive.map(x), c.low.map(y), c.high.map(y), look(c).stroke, { opacity: Math.min(0.15, 0.28 / panel.curves.length) }))).join("")
      + panel.curves.map((c) => curve(c.falsePositive.map((f, i) => [x(f), y(c.sensitivity[i])] as const), { stroke: look(c).stroke, "stroke-dasharray": look(c).dash })).join("")
      + panel.curves.map((c) => (c.point === undefined ? "" : mark(look(c).shape, x(c.point[0]), y(c.point[1]), 2.8, look(c).stroke, { stroke: ink.paper, "stroke-width": stroke.thin }))).join("")
      + bottomAxis(x, y(0), { label: "1 − specificity", ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] }) + leftAxis(y, x(0), { label, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] })
      + (inside ? legend(keys, x(1) - legendWidth(keys) - 2, y(0) - legendHeight(keys) - 4) : legend(keys, x(0) - left + 6, y(0) + 31, places.panelWidth - 6));
  }));
}

function items(panel: RocPanel, names: readonly string[]): LegendItem[] {
  return panel.curves.map((c) => {
    const interval = c.aucLow === undefined || c.aucHigh === undefined ? (c.none === undefined ? "" : ` (${c.none})`) : ` (${intervalText(c.aucLow, c.aucHigh, 2)})`;
    return { label: `${c.name}, AUC ${fixedText(c.auc, 2)}${interval}`, style: seriesStyle(names.indexOf(c.name)) };
  });
}

const legendInside = (panel: RocPanel, names: readonly string[], side: number): boolean => panel.curves.length <= 3 && legendWidth(items(panel, names)) < side * 0.86;
