import type { FlowData } from "../chartData.js";
import { countText } from "../numberText.js";
import { el, emptyPicture, line, pathOf, picture, pictureWidth, rect, text, textLines, type ChartOptions } from "../svg.js";
import { textWidth, wrapText } from "../textWidth.js";
import { ink, stroke, type } from "../theme.js";

const LEADING = 9.5, PAD = 6;
type Box = { lines: string[]; counts: string; height: number };

/** Flow of patients (CONSORT 2010; TRIPOD+AI): boxes downwards, who leaves to the side with the reason, sets at the end. */
export function flowChart(data: FlowData, options: ChartOptions = {}): string {
  if (data.steps.length === 0) return emptyPicture(options, "No patients to show");
  const width = pictureWidth(options, "double");
  const x = 1, gap = 12, mainWidth = (width - 2 - gap) / 2;
  const sideX = x + mainWidth + gap, sideWidth = width - sideX - 1, centre = x + mainWidth * 0.5;
  const counts = (n: number, events?: number) => `n = ${countText(n)}${events === undefined || !Number.isFinite(events) ? "" : `; ${countText(events)} ${/^events?$/.test(data.eventName) ? "" : "with "}${data.eventName}`}`;
  const boxOf = (label: string, n: number, events: number | undefined, w: number): Box => {
    const lines = wrapText(label, w - 2 * PAD, type.label, { most: 4 });
    return { lines, counts: counts(n, events), height: (lines.length + 1) * LEADING + 2 * PAD - 2 };
  };
  let y = 1, svg = "";
  data.steps.forEach((step, k) => {
    const box = boxOf(step.label, step.n, step.events, mainWidth);
    svg += drawBox(box, x, y, mainWidth, true);
    y += box.height;
    const last = k === data.steps.length - 1;
    const out = (step.out ?? []).filter((o) => o.n !== 0);
    if (last && data.ends.length === 0 && out.length === 0) return;
    const side = sideBox(out, sideX, sideWidth);
    const drop = Math.max(last && data.ends.length === 0 ? 0 : 16, side.height + (out.length > 0 ? 10 : 0));
    const middle = y + drop / 2;
    if (out.length > 0) svg += line(centre, middle, sideX - 4.5, middle, { stroke: ink.axis }) + arrowHead(sideX - 0.5, middle, "right") + side.draw(middle - side.height / 2);
    if (last && data.ends.length === 0) svg += line(centre, y, centre, middle);
    else if (last) svg += line(centre, y, centre, y + drop);
    else svg += line(centre, y, centre, y + drop - 4) + arrowHead(centre, y + drop, "down");
    y += drop;
  });
  if (data.ends.length === 0) return picture(options, width, y + 1, svg);
  if (data.ends.length <= 4) {
    const between = gap, w = data.ends.length === 1 ? mainWidth : (width - 2 - between * (data.ends.length - 1)) / data.ends.length;
    const boxes = data.ends.map((e) => boxOf(e.label, e.n, e.events, w));
    const height = Math.max(...boxes.map((b) => b.height)), bus = y, top = y + 14;
    const middles = boxes.map((_, k) => 1 + k * (w + between) + w / 2), own = middles.filter((_, k) => data.ends[k].apart !== true);
    if (own.length > 0) svg += line(Math.min(centre, ...own), bus, Math.max(centre, ...own), bus);
    boxes.forEach((b, k) => {
      const apart = data.ends[k].apart === true;
      svg += (apart ? "" : line(middles[k], bus, middles[k], top - 4) + arrowHead(middles[k], top, "down")) + drawBox({ ...b, height }, middles[k] - w / 2, top, w, true, apart);
    });
    return picture(options, width, top + height + 1, svg);
  }
  // many sets: a list along a rail
  const rail = 8, listX = 26, w = width - listX - 1;
  const bus = y;
  let lowest = y, joined = y;
  svg += line(rail, y, centre, y);
  y += 6;
  for (const end of data.ends) {
    const box = boxOf(end.label, end.n, end.events, w);
    lowest = y + box.height / 2;
    if (end.apart !== true) { joined = lowest; svg += line(rail, lowest, listX - 4, lowest) + arrowHead(listX, lowest, "right"); }
    svg += drawBox(box, listX, y, w, false, end.apart === true);
    y += box.height + 5;
  }
  svg += line(rail, bus, rail, joined);
  return picture(options, width, y - 4, svg);
}

/** what came by another way is dashed */
function drawBox(box: Box, x: number, y: number, width: number, centred: boolean, apart = false): string {
  const at = centred ? x + width / 2 : x + PAD;
  const how = { anchor: centred ? "middle" : "start", width: width - 2 * PAD } as const;
  return rect(x, y, width, box.height, { fill: ink.paper, stroke: ink.axis, "stroke-width": stroke.axis, ...(apart && { "stroke-dasharray": "3 2" }) })
    + textLines(at, y + PAD + 6, box.lines, LEADING, how) + text(at, y + PAD + 6 + box.lines.length * LEADING, box.counts, { ...how, fill: ink.muted });
}

function sideBox(out: { reason: string; n: number }[], x: number, width: number): { height: number; draw(y: number): string } {
  if (out.length === 0) return { height: 0, draw: () => "" };
  const numbers = Math.max(...out.map((o) => textWidth(countText(o.n), type.tick)));
  const rows = out.map((o) => ({ n: countText(o.n), lines: wrapText(o.reason, width - 2 * PAD - numbers - 5, type.tick, { most: 4 }) }));
  const height = LEADING + rows.reduce((s, r) => s + r.lines.length * 8.5, 0) + 2 * PAD - 1;
  const total = out.reduce((s, o) => s + o.n, 0);
  return {
    height,
    draw: (y) => {
      let at = y + PAD + 6;
      let svg = rect(x, y, width, height, { fill: ink.paper, stroke: ink.axis, "stroke-width": stroke.axis }) + text(x + PAD, at, `Excluded (n = ${countText(total)})`, { width: width - 2 * PAD });
      at += LEADING;
      for (const row of rows) {
        svg += text(x + PAD + numbers, at, row.n, { size: type.tick, anchor: "end" }) + textLines(x + PAD + numbers + 5, at, row.lines, 8.5, { size: type.tick });
        at += row.lines.length * 8.5;
      }
      return svg;
    },
  };
}

function arrowHead(x: number, y: number, to: "down" | "right"): string {
  const corners: [number, number][] = to === "down" ? [[x, y], [x - 2.3, y - 4.5], [x + 2.3, y - 4.5]] : [[x, y], [x - 4.5, y - 2.3], [x - 4.5, y + 2.3]];
  return el("path", { d: `${pathOf(corners)}Z`, fill: ink.axis });
}
