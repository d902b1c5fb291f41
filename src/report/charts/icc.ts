import type { IccData } from "../chartData.js";
import { bottomAxis, extent, leftAxis, leftAxisRoom, linearScale, niceDomain } from "../axis.js";
import { countText } from "../numberText.js";
import { dotPath, el, emptyPicture, line, picture, pictureWidth, short, text, type ChartOptions } from "../svg.js";
import { colour, ink, stroke, type } from "../theme.js";

/** more features than this share columns: least lower limit, greatest upper limit, middle value of each */
const COLUMNS = 600;

/** Agreement of every feature, best first: point and interval, and the limit of the filter. */
export function iccChart(data: IccData, options: ChartOptions = {}): string {
  const all = data.features.filter((f) => Number.isFinite(f.icc)).sort((a, b) => b.icc - a.icc);
  if (all.length === 0) return emptyPicture(options, "No feature has an ICC");
  const width = pictureWidth(options, "double"), top = 14, bottom = 150;
  const shared = all.length > COLUMNS;
  const points = Array.from({ length: Math.min(all.length, COLUMNS) }, (_, c) => {
    const from = shared ? Math.floor((c * all.length) / COLUMNS) : c;
    const to = shared ? Math.floor(((c + 1) * all.length) / COLUMNS) : c + 1;
    const part = all.slice(from, to);
    return { rank: (from + to + 1) / 2, icc: part[part.length >> 1].icc, low: Math.min(...part.map((f) => f.low)), high: Math.max(...part.map((f) => f.high)) };
  });
  const least = extent([...points.flatMap((p) => [p.low, p.icc]), 0, data.threshold])![0];
  const y = linearScale([Math.max(-1, niceDomain([least, 1])[0]), 1], [bottom, top]);
  const label = data.form;
  const left = leftAxisRoom(y, { label });
  const x = linearScale([0.5, all.length + 0.5], [left, width - 8]);
  const bars = points.filter((p) => Number.isFinite(p.low) && Number.isFinite(p.high)).map((p) => `M${short(x(p.rank))} ${short(y(Math.max(p.low, y.domain[0])))}V${short(y(p.high))}`).join("");
  const r = Math.max(0.6, Math.min(2, (width / points.length) * 0.4));
  const dots = (keep: boolean) => dotPath(points.filter((p) => p.icc >= data.threshold === keep).map((p) => [x(p.rank), y(p.icc)] as const), r, keep ? colour.blue : colour.vermilion);
  const kept = all.filter((f) => f.icc >= data.threshold).length;
  const gaps = data.features.length - all.length;
  const said = `${countText(kept)} of ${countText(all.length)} features at or above ${data.threshold}${gaps > 0 ? `; ${countText(gaps)} without an ICC` : ""}`;
  return picture(options, width, bottom + 27,
    el("path", { d: bars, stroke: "#b9c4cc", "stroke-width": Math.max(0.4, Math.min(1.2, r)), fill: "none" }),
    dots(true), dots(false),
    line(left, y(data.threshold), width - 8, y(data.threshold), { stroke: ink.text, "stroke-dasharray": "3 2", "stroke-width": stroke.axis }),
    all.length === kept ? "" : line(x(kept + 0.5), y(data.threshold), x(kept + 0.5), bottom, { stroke: ink.muted, "stroke-width": stroke.thin, "stroke-dasharray": "1.5 1.5" }),
    text(left + 6, bottom - 8, said, { width: width - left - 10 }),
    text(left + 6, bottom - 17, `${countText(data.readers)} readers, n = ${countText(data.n)}`, { fill: ink.muted, size: type.tick }),
    leftAxis(y, left, { label }), bottomAxis(x, bottom, { ticks: x.ticks(6).filter((t) => Number.isInteger(t) && t > 0), label: "Features by rank" }));
}
