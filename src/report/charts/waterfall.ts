import type { WaterfallData } from "../chartData.js";
import { extent, leftAxis, leftAxisRoom, linearScale, niceDomain } from "../axis.js";
import { countText, fixedText } from "../numberText.js";
import { el, emptyPicture, line, picture, pictureWidth, short, text, type ChartOptions } from "../svg.js";
import { flowingLegend, type LegendItem } from "../placeLabels.js";
import { eventColours, ink, stroke, type } from "../theme.js";

/** Every patient's score, highest first; dark where the event came. */
export function waterfallChart(data: WaterfallData, options: ChartOptions = {}): string {
  const order = [...data.scores.keys()].filter((k) => Number.isFinite(data.scores[k])).sort((a, b) => data.scores[b] - data.scores[a] || a - b);
  if (order.length === 0) return emptyPicture(options, data.why ?? "No scores to show");
  const width = pictureWidth(options, "double"), top = 20, bottom = 150;
  const y = linearScale(niceDomain(extent([...order.map((k) => data.scores[k]), 0, data.cut ?? 0])!), [bottom, top]);
  const left = leftAxisRoom(y, { label: data.label }), right = width - 2;
  const step = (right - left - 4) / order.length, wide = step > 2 ? step - 0.6 : step * 0.85;
  const bars = (event: boolean) => {
    const d = order.map((k, i) => ((data.events[k] === 1) === event ? `M${short(left + 4 + i * step)} ${short(y(0))}h${short(wide)}V${short(y(data.scores[k]))}h${short(-wide)}z` : "")).join("");
    return d === "" ? "" : el("path", { d, fill: event ? eventColours.event : eventColours.other });
  };
  const events = order.filter((k) => data.events[k] === 1).length;
  const items: LegendItem[] = [{ label: `${data.eventName} (${countText(events)})`, style: { stroke: eventColours.event, shape: "square" }, as: "box" }, { label: `${data.otherName} (${countText(order.length - events)})`, style: { stroke: eventColours.other, shape: "square" }, as: "box" }];
  const cut = data.cut !== undefined && Number.isFinite(data.cut) ? data.cut : undefined;
  // the cut's name goes where the bars are on the other side of zero
  const above = cut === undefined ? 0 : order.filter((k) => data.scores[k] >= cut).length;
  const key = flowingLegend(items, left + 4, 0, right - left - 4);
  return picture(options, width, bottom + 16, bars(false), bars(true), line(left, y(0), right, y(0), { "stroke-width": stroke.thin }),
    cut === undefined ? "" : line(left, y(cut), right, y(cut), { stroke: ink.text, "stroke-dasharray": "3 2" })
      + text(cut >= 0 ? right - 2 : left + 6, y(cut) + (cut >= 0 ? -3 : 8.5), `cut ${fixedText(cut, 2)}: ${countText(above)} of ${countText(order.length)} at or above`, { anchor: cut >= 0 ? "end" : "start", size: type.tick }),
    key.svg,
    leftAxis(y, left, { label: data.label }), text((left + right) / 2, bottom + 12, `${countText(order.length)} patients, highest score first`, { anchor: "middle" }));
}
