// Marks stand where the data say: read with the axis's own printed numbers as a ruler, against values worked by hand.
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { drawFigure, type Figure } from "../../src/report/index.js";
import { nomogram } from "../../src/model/index.js";
import { fittingTicks, linearScale, logScale, logTickTexts, tickTexts } from "../../src/report/axis.js";
import { panelTitle, spreadApart, stagger } from "../../src/report/placeLabels.js";
import { pngDataUri } from "../../src/report/pngImage.js";
import { fitText, textWidth, wrapText } from "../../src/report/textWidth.js";
import { sampleFigures } from "./samples.js";
import { all, parseXml, pointsOf, readAxis, textsOf, type Node } from "./svgReading.js";

const picture = (data: Pick<Figure, "chart" | "data">): Node => parseXml(drawFigure({ id: "t", title: "t", caption: "c", section: "s", ...data } as Figure));
const near = (a: number, b: number, tolerance = 0.01) => expect(Math.abs(a - b), `${a} is not ${b}`).toBeLessThan(tolerance);
/** paths without fill: the curves, in the order drawn */
const curves = (node: Node) => all(node, "path").filter((p) => p.attributes.fill === "none" && p.attributes["stroke-width"] === "1.25").map((p) => pointsOf(p.attributes.d));

test("Kaplan–Meier: steps from 1 at time 0 to the last censored patient, ticks of the censored on the curve, numbers at risk under their times", () => {
  // five patients: events at 2 and 6, censored at 3, 8, 9: S = 4/5 from 2, 4/5 · 2/3 = 8/15 from 6
  const node = picture({ chart: "survival", data: { unit: "months", yLabel: "Survival", kind: "test", ticks: [0, 4, 8], groups: [{ name: "A", n: 5, events: 2, time: [2, 6], survival: [0.8, 8 / 15], low: [0.2, 0.1], high: [0.97, 0.9], censored: [3, 8, 9], atRisk: [5, 3, 2] }] } });
  const texts = textsOf(node);
  const below = Math.max(...texts.filter((t) => t.words === "0.0").map((t) => t.y));
  const x = readAxis(texts, "x", "0", "8", { near: (t) => t.y > below && t.y < below + 20 }), y = readAxis(texts, "y", "0.0", "1.0");
  const steps = curves(node)[0].map(([a, b]) => [x(a), y(b)]);
  [[0, 1], [2, 1], [2, 0.8], [6, 0.8], [6, 8 / 15], [9, 8 / 15]].forEach(([t, s], k) => {
    near(steps[k][0], t);
    near(steps[k][1], s);
  });
  const marks = all(node, "path").find((p) => p.attributes.d.includes("v4.8"))!.attributes.d.match(/M[\d.]+ [\d.]+/g)!.map((m) => m.slice(1).split(" ").map(Number));
  [[3, 0.8], [8, 8 / 15], [9, 8 / 15]].forEach(([t, s], k) => {
    near(x(marks[k][0]), t);
    near(y(marks[k][1] + 2.4), s);
  });
  [["5", 0], ["3", 4], ["2", 8]].forEach(([n, t]) => near(x(texts.find((w) => w.words === n && w.y > below + 30)!.x), Number(t)));
});

test("ROC: the curve's corners, the cut's mark, the area in words", () => {
  // scores 3 2 | 1 0 with events at 3 and 1: corners (0, .5), (.5, .5), (.5, 1); area 3/4
  const node = picture({ chart: "roc", data: { panels: [{ title: "Test", n: 4, events: 2, curves: [{ name: "M", falsePositive: [0, 0, 0.5, 0.5, 1], sensitivity: [0, 0.5, 0.5, 1, 1], auc: 0.75, kind: "test", point: [0.5, 0.5] }] }] } });
  const texts = textsOf(node);
  const floor = Math.max(...texts.filter((t) => t.words === "0.8").map((t) => t.y));
  const x = readAxis(texts, "x", "0.2", "0.8", { near: (t) => t.y === floor }), y = readAxis(texts, "y", "0.2", "0.8", { near: (t) => t.y !== floor });
  [[0, 0], [0, 0.5], [0.5, 0.5], [0.5, 1], [1, 1]].forEach(([f, s], k) => {
    near(x(curves(node)[0][k][0]), f);
    near(y(curves(node)[0][k][1]), s);
  });
  const dot = all(node, "circle")[0].attributes;
  near(x(Number(dot.cx)), 0.5);
  near(y(Number(dot.cy)), 0.5);
  expect(texts.map((t) => t.words)).toContain("M, AUC 0.75");
});

test("forest: squares and intervals on the log axis, an arrow where the interval leaves it", () => {
  const node = picture({ chart: "forest", data: { measure: "HR", reference: 1, log: true, panels: [""], rows: [{ label: "a", panels: [{ value: 2, low: 1, high: 4, p: 0.05 }] }, { label: "b", panels: [{ value: 4, low: 0.5, high: 4000, p: 0.2 }] }] } });
  const texts = textsOf(node);
  const x = readAxis(texts, "x", "1", "10", { log: true });
  const middle = (r: Node) => Number(r.attributes.x) + Number(r.attributes.width) / 2;
  const squares = all(node, "rect").filter((r) => Math.abs(Number(r.attributes.width) - Number(r.attributes.height)) < 0.02);
  near(x(middle(squares[0])), 2, 0.02);
  near(x(middle(squares[1])), 4, 0.04);
  const bars = all(node, "line").filter((l) => l.attributes["stroke-width"] === "0.9");
  near(x(Number(bars[0].attributes.x1)), 1, 0.02);
  near(x(Number(bars[0].attributes.x2)), 4, 0.04);
  near(x(Number(bars[1].attributes.x1)), 0.5, 0.02);
  expect(all(node, "path").filter((p) => p.attributes.d.endsWith("Z"))).toHaveLength(1); // one arrow, of 4000
  expect(texts.map((t) => t.words)).toContain("2.00 (1.00–4.00)");
});

test("calibration: groups with their intervals and the identity line", () => {
  const node = picture({ chart: "calibration", data: { xLabel: "p", yLabel: "o", panels: [{ title: "T", kind: "test", n: 40, events: 12, curves: [{ name: "M", predicted: [0.1, 0.9], observed: [0.2, 0.8] }], groups: [{ predicted: 0.4, observed: 0.5, low: 0.3, high: 0.7, n: 20 }], statistics: [{ name: "Slope", text: "0.75" }] }] } });
  const texts = textsOf(node);
  const floor = Math.max(...texts.filter((t) => t.words === "0.2").map((t) => t.y));
  const x = readAxis(texts, "x", "0.2", "0.8", { near: (t) => t.y === floor }), y = readAxis(texts, "y", "0.2", "0.8", { near: (t) => t.y !== floor });
  const dot = all(node, "circle")[0].attributes;
  near(x(Number(dot.cx)), 0.4);
  near(y(Number(dot.cy)), 0.5);
  const whisker = all(node, "line").find((l) => l.attributes.x1 === l.attributes.x2 && Math.abs(Number(l.attributes.x1) - Number(dot.cx)) < 0.01)!.attributes;
  expect([Number(whisker.y1), Number(whisker.y2)].map(y).map((v) => Math.round(v * 100) / 100)).toEqual([0.3, 0.7]);
  near(y(curves(node)[0][1][1]), 0.8);
});

test("nomogram: a case's markers, total and probabilities are those of the sums by hand", () => {
  // x: 2 per unit on 0…1, so 50 points a unit; grade adds 4, 100 points; lp = −3 + total / 25
  const n = nomogram({ variables: [{ name: "x", kind: "number", coefficient: 2, low: 0, high: 1 }, { name: "grade", kind: "category", levels: ["low", "high"], effects: [0, 4] }], intercept: -3, linearPredictor: [-3, 3], outcomes: [{ label: "risk", kind: "logistic" }] });
  const node = picture({ chart: "nomogram", data: { nomogram: n, cases: [{ title: "Case", values: { x: 0.5, grade: "high" }, course: "well" }] } });
  const texts = textsOf(node);
  const first = Math.min(...texts.filter((t) => t.words === "100").map((t) => t.y));
  const points = readAxis(texts, "x", "0", "100", { near: (t) => t.y === first });
  const marks = all(node, "circle").filter((c) => c.attributes.r === "2.6").map((c) => Number(c.attributes.cx));
  near(points(marks[0]), 25, 0.05);
  near(points(marks[1]), 100, 0.05);
  const words = texts.map((t) => t.words);
  expect(words.filter((w) => w === "125.0").length).toBe(2); // over the axis and in the card
  expect(words).toContain("0.88"); // 1 / (1 + exp(−2)) = 0.8808
  const totals = texts.filter((t) => t.words === "100" && t.y !== first)[0];
  const total = readAxis(texts, "x", "0", "100", { near: (t) => t.y === totals.y });
  near(total(Number(all(node, "circle").find((c) => c.attributes.r === "2.9")!.attributes.cx)), 125, 0.1);
});

test("bars end at their values, to the left of zero where negative", () => {
  const node = picture({ chart: "bars", data: { label: "b", zero: true, bars: [{ name: "up", value: 0.4 }, { name: "down", value: -0.2 }] } });
  const x = readAxis(textsOf(node), "x", "−0.2", "0.4", { near: (t) => t.y > 28 });
  const [up, down] = all(node, "rect").map((r) => [Number(r.attributes.x), Number(r.attributes.x) + Number(r.attributes.width)].map(x));
  near(up[0], 0);
  near(up[1], 0.4);
  near(down[0], -0.2);
  near(down[1], 0);
});

test("heat map: equal neighbours are joined, gaps are grey, the tree joins the leaves it names", () => {
  // leaves 2 and 3 (as they stood before) first, then 1; in order 3, 2, 1
  const node = picture({ chart: "heatmap", data: { names: ["c", "b", "a"], values: [[1, 1, NaN], [1, 1, 0], [NaN, 0, 1]], label: "r", domain: [-1, 1], dendrogram: { merges: [{ left: -3, right: -2, height: 0.5 }, { left: -1, right: 1, height: 1 }], order: [2, 1, 0] } } });
  const paths = all(node, "path");
  const grey = paths.find((p) => p.attributes.fill === "#808080")!.attributes.d, dark = paths.find((p) => p.attributes.fill === "#7d0821")!.attributes.d;
  expect(grey.match(/M/g)).toHaveLength(2);
  expect(dark.match(/M/g)).toHaveLength(3); // two runs of two cells, one of one
  const tree = paths.find((p) => p.attributes["stroke-width"] === "0.5")!.attributes.d.split("M").slice(1).map((d) => pointsOf(`M${d}`));
  const cell = 16 * 3 / 3;
  near(tree[0][2][0] - tree[0][0][0], cell, 1); // neighbours, one cell apart
  near(tree[1][0][0] - (tree[0][0][0] + tree[0][2][0]) / 2, 1.5 * cell, 1);
  expect(tree[1][1][1]).toBeLessThan(tree[0][1][1]); // higher up
});

test("a PNG of palette indices reads back as it was", () => {
  const indices = Uint8Array.from({ length: 12 }, (_, k) => k % 3);
  const palette = [[255, 0, 0], [0, 255, 0], [10, 20, 30]] as const;
  const image = decode(Uint8Array.from(atob(pngDataUri(indices, 4, 3, palette).split(",")[1]), (c) => c.charCodeAt(0)), { checkCrc: true });
  expect([image.width, image.height]).toEqual([4, 3]);
  expect([...image.data]).toEqual([...indices]);
  expect(image.palette?.map((c) => [...c].slice(0, 3))).toEqual(palette.map((c) => [...c]));
});

test("ticks: decimals aligned, a true minus, log ticks at 1, 2, 5", () => {
  expect(tickTexts([-0.5, 0, 0.5])).toEqual(["−0.5", "0.0", "0.5"]);
  expect(tickTexts([0.25, 0.5])).toEqual(["0.25", "0.50"]);
  expect(logScale([0.4, 12], [0, 200]).ticks(6)).toEqual([0.5, 1, 2, 5, 10]);
  expect(logScale([0.001, 1000], [0, 200]).ticks(4)).toEqual([0.001, 0.1, 10, 1000]);
  expect(logTickTexts([0.5, 10])).toEqual(["0.5", "10"]);
  const narrow = linearScale([0, 1], [0, 40]);
  const ticks = fittingTicks(narrow);
  ticks.slice(1).forEach((t, k) => expect(narrow(t) - narrow(ticks[k])).toBeGreaterThan(textWidth("0.0", 7) + 3));
  expect(Number.isNaN(narrow(NaN)) && Number.isNaN(logScale([1, 2], [0, 1])(-1))).toBe(true);
});

test("labels are moved apart no further than they must", () => {
  expect(spreadApart([10, 11, 40], 8, 0, 100)).toEqual([6.5, 14.5, 40]);
  expect(spreadApart([99, 98, NaN], 8, 0, 100)[1]).toBe(92);
  expect(spreadApart([99, 98, NaN], 8, 0, 100)[2]).toBeNaN();
  expect(stagger([0, 5, 30], [10, 10, 10])).toEqual([0, 1, 0]);
});

test("names keep both their ends, and lines their width", () => {
  const name = "wavelet-LLH_glszm_SmallAreaLowGrayLevelEmphasis";
  const short = fitText(name, 90, 7.5);
  expect(short).toMatch(/^wavelet.*….*Emphasis$/);
  expect(textWidth(short, 7.5)).toBeLessThanOrEqual(90);
  const lines = wrapText("one two three four five six seven", 40, 7.5, { most: 2 });
  expect(lines).toHaveLength(2);
  for (const l of lines) expect(textWidth(l, 7.5)).toBeLessThanOrEqual(40);
});

test("a black-and-white print tells the curves apart by their dashes", () => {
  const node = parseXml(drawFigure(sampleFigures.find((f) => f.chart === "timeAuc")!));
  const dashes = all(node, "path").filter((p) => p.attributes["stroke-width"] === "1.25").map((p) => p.attributes["stroke-dasharray"] ?? "solid");
  expect(new Set(dashes).size).toBe(3);
});

test("a no-break space keeps a unit with its word", () => {
  expect(wrapText("Longest diameter on MRI, per\u00a0mm", 100, 7.5)).toEqual(["Longest diameter on MRI,", "per\u00a0mm"]);
  expect(wrapText("Longest diameter on MRI, per mm", 100, 7.5)).toEqual(["Longest diameter on MRI, per", "mm"]);
});

test("the head of a narrow panel is told in fewer words before it is cut", () => {
  const head = "nested cross-validation, n = 150, 61 events by 24 months";
  const at = (width: number) => panelTitle(0, 0, "Here", head, width);
  expect(at(300)).toContain(head);
  expect(at(150)).toContain("nested CV, n = 150, 61 events by 24 months");
  expect(at(125)).toContain("nested CV, n = 150, 61 by 24 months");
});
