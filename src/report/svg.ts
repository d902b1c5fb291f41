import { columnWidths, fontStack, ink, POINTS_PER_MM, stroke, type, type Shape } from "./theme.js";
import { fitText } from "./textWidth.js";

// SVG as text, without a DOM: the same bytes in Node and in the browser.

/** What the page around a figure knows: `id` opens every id in the picture, `width` in mm. */
export type ChartOptions = { id?: string; title?: string; caption?: string; width?: number };
export type Attributes = Record<string, string | number | undefined>;
export type TextOptions = {
  size?: number; anchor?: "start" | "middle" | "end"; bold?: boolean; italic?: boolean; fill?: string; rotate?: number;
  /** a white rim that keeps the words legible over lines */
  halo?: boolean;
  /** shortened to this width, the whole text in a tooltip */
  width?: number;
};

/** Text safe between tags and in attributes; control characters, which XML forbids, become spaces. */
export function escapeXml(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, " ").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** A length with two decimals at most: 1/100 pt is finer than any printer. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/** An element. Where a number among its attributes is not finite it has no place and is left out: a gap in the data. */
export function el(name: string, attributes: Attributes, ...children: string[]): string {
  let out = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    if (typeof value === "number" && !Number.isFinite(value)) return "";
    out += ` ${key}="${typeof value === "number" ? short(value) : escapeXml(value)}"`;
  }
  const inside = children.join("");
  return inside === "" ? `${out}/>` : `${out}>${inside}</${name}>`;
}

export const group = (attributes: Attributes, ...children: string[]): string => (children.join("") === "" ? "" : el("g", attributes, ...children));

export function line(x1: number, y1: number, x2: number, y2: number, attributes: Attributes = {}): string {
  return el("line", { x1, y1, x2, y2, stroke: ink.axis, "stroke-width": stroke.axis, ...attributes });
}

export function rect(x: number, y: number, width: number, height: number, attributes: Attributes = {}): string {
  return el("rect", { x, y, width: Math.max(0, width), height: Math.max(0, height), ...attributes });
}

/** One line of text; y is its baseline. */
export function text(x: number, y: number, words: string, options: TextOptions = {}): string {
  const { size = type.label, anchor, bold = false, italic = false, fill, rotate, width, halo = false } = options;
  if (words === "") return "";
  const shown = width === undefined ? words : fitText(words, width, size, bold);
  return el("text", {
    x, y, "font-size": size === type.label ? undefined : size, "text-anchor": anchor === "start" ? undefined : anchor,
    "font-weight": bold ? "bold" : undefined, "font-style": italic ? "italic" : undefined, fill,
    ...(halo ? { stroke: ink.paper, "stroke-width": 2, "stroke-linejoin": "round", "paint-order": "stroke" } : {}),
    transform: rotate === undefined ? undefined : `rotate(${rotate} ${short(x)} ${short(y)})`,
  }, escapeXml(shown), shown === words ? "" : el("title", {}, escapeXml(words)));
}

/** Lines of text under one another; y is the first baseline. */
export function textLines(x: number, y: number, lines: readonly string[], leading: number, options: TextOptions = {}): string {
  return lines.map((words, k) => text(x, y + k * leading, words, options)).join("");
}

/** A straight-line path through points, broken at gaps; with `step` each value holds until the next x. */
export function pathOf(points: readonly (readonly [number, number])[], step = false): string {
  let d = "";
  let pen = false;
  let lastY = "";
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      pen = false;
      continue;
    }
    if (!pen) d += `M${short(x)} ${short(y)}`;
    else if (!step) d += `L${short(x)} ${short(y)}`;
    else d += short(y) === lastY ? `H${short(x)}` : `H${short(x)}V${short(y)}`;
    lastY = short(y);
    pen = true;
  }
  return d;
}

export function curve(points: readonly (readonly [number, number])[], attributes: Attributes, step = false): string {
  const d = pathOf(points, step);
  return d === "" ? "" : el("path", { d, fill: "none", "stroke-width": stroke.curve, "stroke-linejoin": "round", ...attributes });
}

/** The area between low and high along x, one patch for each run without a gap. */
export function band(x: readonly number[], low: readonly number[], high: readonly number[], fill: string, options: { step?: boolean; opacity?: number } = {}): string {
  const { step = false, opacity = 0.14 } = options;
  let d = "";
  for (let from = 0; from < x.length; from++) {
    let to = from;
    while (to < x.length && [x[to], low[to], high[to]].every(Number.isFinite)) to++;
    if (to - from >= 2) {
      const upper: [number, number][] = [], lower: [number, number][] = [];
      for (let k = from; k < to; k++) {
        if (step && k > from) {
          upper.push([x[k], high[k - 1]]);
          lower.push([x[k], low[k - 1]]);
        }
        upper.push([x[k], high[k]]);
        lower.push([x[k], low[k]]);
      }
      d += `${pathOf([...upper, ...lower.reverse()])}Z`;
    }
    from = to;
  }
  return d === "" ? "" : el("path", { d, fill, "fill-opacity": opacity, stroke: "none" });
}

/** Many round dots as one path of points with round caps: a fifth of the bytes of circles. */
export function dotPath(points: readonly (readonly [number, number])[], r: number, fill: string, opacity?: number): string {
  const d = points.map(([x, y]) => (Number.isFinite(x) && Number.isFinite(y) ? `M${short(x)} ${short(y)}h0` : "")).join("");
  return d === "" ? "" : el("path", { d, fill: "none", stroke: fill, "stroke-width": 2 * r, "stroke-linecap": "round", "stroke-opacity": opacity });
}

/** A mark of a series about a point; r is half its width. */
export function mark(shape: Shape, x: number, y: number, r: number, fill: string, attributes: Attributes = {}): string {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return "";
  const d = (points: [number, number][]) => `${pathOf(points.map(([a, b]) => [x + a * r, y + b * r]))}Z`;
  switch (shape) {
    case "circle": return el("circle", { cx: x, cy: y, r, fill, ...attributes });
    case "ring": return el("circle", { cx: x, cy: y, r: r * 0.9, fill: ink.paper, stroke: fill, "stroke-width": r * 0.4, ...attributes });
    case "square": return rect(x - r * 0.9, y - r * 0.9, 1.8 * r, 1.8 * r, { fill, ...attributes });
    case "diamond": return el("path", { d: d([[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]]), fill, ...attributes });
    case "triangle": return el("path", { d: d([[0, -1.2], [1.1, 0.9], [-1.1, 0.9]]), fill, ...attributes });
    case "cross": return el("path", { d: `${pathOf([[x - r, y - r], [x + r, y + r]])}${pathOf([[x - r, y + r], [x + r, y - r]])}`, fill: "none", stroke: fill, "stroke-width": r * 0.6, ...attributes });
  }
}

/** width of the picture in points: the asked one, or a column */
export function pictureWidth(options: ChartOptions, column: keyof typeof columnWidths): number {
  return (options.width ?? columnWidths[column]) * POINTS_PER_MM;
}

/** Start of every id of this figure: many pictures stand in one page. */
export function idOf(options: ChartOptions, part: string): string {
  return `${(options.id ?? "figure").replace(/[^A-Za-z0-9_-]/g, "-").replace(/^(?![A-Za-z_])/, "f")}-${part}`;
}

/** The whole picture: real units for print, a viewBox so that it scales on a screen, title and description for those who listen. */
export function picture(options: ChartOptions, width: number, height: number, ...parts: string[]): string {
  const title = idOf(options, "title"), description = idOf(options, "desc");
  const labelled = [options.title === undefined ? "" : title, options.caption === undefined ? "" : description].filter((s) => s !== "").join(" ");
  return el("svg", {
    xmlns: "http://www.w3.org/2000/svg", width: `${short(width / POINTS_PER_MM)}mm`, height: `${short(height / POINTS_PER_MM)}mm`,
    viewBox: `0 0 ${short(width)} ${short(height)}`, role: "img", "aria-labelledby": labelled === "" ? undefined : labelled,
    "font-family": fontStack, "font-size": type.label, fill: ink.text,
  },
  options.title === undefined ? "" : el("title", { id: title }, escapeXml(options.title)),
  options.caption === undefined ? "" : el("desc", { id: description }, escapeXml(options.caption)),
  ...parts);
}

/** What stands in place of a figure without data. */
export function emptyPicture(options: ChartOptions, words: string): string {
  const width = pictureWidth(options, "single");
  return picture(options, width, 40, rect(0.5, 0.5, width - 1, 39, { fill: "none", stroke: ink.rule, "stroke-width": stroke.thin }),
    text(width / 2, 23, words, { anchor: "middle", fill: ink.muted, width: width - 12 }));
}
