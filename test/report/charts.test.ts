// Every chart with typical data, with nothing, with gaps, with long names and 60 rows: well-formed, nothing printed that is no
// number, inside the picture, no words on words, ids of its own, the same bytes again.
import { expect, test } from "vitest";
import { charts, drawFigure } from "../../src/report/index.js";
import { textWidth } from "../../src/report/textWidth.js";
import { allFigures, extremes, longName } from "./extremeFigures.js";
import { sampleFigures, sampleFiguresOf } from "./samples.js";
import { all, parseXml, textsOf, type Words } from "./svgReading.js";

const drawn = allFigures.map((figure) => ({ figure, svg: drawFigure(figure), node: parseXml(drawFigure(figure)) }));

test("samples and extremes cover every chart", () => {
  const named = Object.keys(charts).sort();
  expect([...new Set(sampleFigures.map((f) => f.chart))].sort()).toEqual(named);
  expect(Object.keys(extremes).sort()).toEqual(named);
  for (const [chart, cases] of Object.entries(extremes)) expect(chart === "nomogram" || "empty" in cases, chart).toBe(true);
});

test("no picture says NaN, undefined, null or Infinity", () => {
  for (const { figure, svg } of drawn) expect(svg.replace(/href="data:[^"]*"/g, "").match(/.{30}(?:NaN|undefined|\bnull\b|Infinity).{30}/), figure.id).toBeNull();
});

test("a picture has real units, a viewBox, a title and a description", () => {
  for (const { figure, node } of drawn) {
    const [, , w, h] = node.attributes.viewBox.split(" ").map(Number);
    const mm = Number(node.attributes.width.replace("mm", ""));
    expect(w, figure.id).toBeCloseTo((mm * 72) / 25.4, 1);
    expect(Number(node.attributes.height.replace("mm", "")), figure.id).toBeCloseTo((h * 25.4) / 72, 1);
    // a column of a journal; a matrix of many models alone may be wider
    if (figure.id !== "comparison-many") expect([84, 174], figure.id).toContain(mm);
    expect(node.attributes.role).toBe("img");
    const [title, description] = node.attributes["aria-labelledby"].split(" ").map((id) => node.children.find((c) => c.attributes.id === id));
    expect(title?.words).toBe(figure.title.replace("\u0007", " "));
    expect(description?.words).toBe(figure.caption.replace("\u0007", " "));
  }
});

test("ids are the figure's own, met once, and every reference has its target", () => {
  const seen = new Set<string>();
  for (const { figure, node } of drawn) {
    const ids = all(node).map((n) => n.attributes.id).filter((id) => id !== undefined);
    for (const id of ids) {
      expect(id.startsWith(`${figure.id}-`), id).toBe(true);
      expect(seen.has(id), id).toBe(false);
      seen.add(id);
    }
    for (const n of all(node)) {
      const wanted = /url\(#(.*)\)/.exec(n.attributes["clip-path"] ?? "");
      if (wanted !== null) expect(ids).toContain(wanted[1]);
    }
  }
});

test("an id that XML forbids is made one, and a figure may stand in any page", () => {
  const svg = drawFigure({ ...sampleFigures[0], id: "1 of \"2\" <é>" });
  for (const id of all(parseXml(svg)).map((n) => n.attributes.id).filter((i) => i !== undefined)) expect(id).toMatch(/^[A-Za-z_][\w-]*$/);
});

test("words stay inside the picture", () => {
  const wrong: string[] = [];
  for (const { figure, node } of drawn) {
    const [, , w, h] = node.attributes.viewBox.split(" ").map(Number);
    for (const t of textsOf(node)) {
      if (!(t.left >= -0.6 && t.right <= w + 0.6 && t.top >= -0.6 && t.bottom <= h + 0.6)) wrong.push(`${figure.id}: "${t.words}" ${[t.left, t.top, t.right, t.bottom].map(Math.round).join(" ")} of ${Math.round(w)} × ${Math.round(h)}`);
    }
  }
  expect(wrong).toEqual([]);
});

/** a point each way is forgiven: rims of letters */
const touch = (a: Words, b: Words): boolean => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;

test("no words stand on words", () => {
  const planted = textsOf(parseXml(`<svg><g transform="translate(0 5)"><text x="10" y="10">abc</text></g><text x="14" y="17" text-anchor="middle">abc</text></svg>`));
  expect(touch(planted[0], planted[1])).toBe(true);
  const wrong: string[] = [];
  for (const { figure, node } of drawn) {
    const texts = textsOf(node).filter((t) => t.words.trim() !== "");
    texts.forEach((a, i) => {
      for (const b of texts.slice(i + 1)) if (touch(a, b)) wrong.push(`${figure.id}: "${a.words}" on "${b.words}"`);
    });
  }
  expect(wrong).toEqual([]);
});

test("markup in labels is words", () => {
  const node = parseXml(drawFigure({ id: "x", title: "a < b", caption: "", section: "models", chart: "bars", data: { label: "a & \"b\"", bars: [{ name: "<i>x</i> & y", value: 1 }] } }));
  expect(all(node).map((n) => n.name)).not.toContain("i");
  expect(textsOf(node).map((t) => t.words)).toEqual(expect.arrayContaining(["<i>x</i> & y", "a & \"b\""]));
});

test("a shortened label tells the whole in a tooltip", () => {
  const node = parseXml(drawFigure({ id: "x", title: "", caption: "", section: "models", chart: "bars", data: { label: "b", bars: [{ name: longName(3), value: 1 }] } }));
  const short = all(node, "text").find((n) => n.words.includes("…"))!;
  expect(short.children.find((c) => c.name === "title")?.words).toBe(longName(3).replace("\u0007", " "));
  expect(short.words.endsWith("wording 3")).toBe(true);
});

test("the same figure gives the same bytes, from memory and from JSON with its gaps", () => {
  for (const { figure, svg } of drawn) {
    expect(drawFigure(figure)).toBe(svg);
    // ±Infinity has no JSON and comes back as a gap
    const json = JSON.stringify(figure, (_, v) => (v === undefined ? "undefined" : v));
    const infinite = (v: unknown): boolean => v === Infinity || v === -Infinity || (typeof v === "object" && v !== null && Object.values(v).some(infinite));
    if (!infinite(figure.data)) expect(drawFigure(JSON.parse(json)) === svg, figure.id).toBe(true);
  }
});

test("another width is drawn at that width", () => {
  for (const figure of sampleFigures.filter((f) => ["roc", "calibration", "decision", "survival", "timeAuc", "merit"].includes(f.chart))) {
    const node = parseXml(drawFigure(figure, { width: 100 }));
    expect(node.attributes.width).toBe("100mm");
    for (const t of textsOf(node)) expect(t.right, `${figure.id}: ${t.words}`).toBeLessThanOrEqual(100 * 72 / 25.4 + 0.6);
  }
});

test("a heat map of 370 features stays below 300 KB", () => {
  const figure = sampleFiguresOf(370).find((f) => f.chart === "heatmap")!;
  expect(drawFigure(figure).length).toBeLessThan(300_000);
});

// Adobe's Helvetica.afm and Helvetica-Bold.afm (Core 14 AFM): H 722, a 556, m 833, b 556, u 556, r 333, g 556; bold m 889, b 611, u 611, r 389, g 611
test("widths of words are those of Helvetica's metrics", () => {
  expect(textWidth("Hamburg", 10)).toBeCloseTo(41.12, 10);
  expect(textWidth("Hamburg", 10, true)).toBeCloseTo((722 + 556 + 889 + 611 + 611 + 389 + 611) / 100, 10);
  expect(textWidth("é", 10)).toBeCloseTo(5.56, 10);
});
