// More marks against values worked by hand, read with the axis's own printed numbers as a ruler.
import { expect, test } from "vitest";
import { drawFigure, type Figure } from "../../src/report/index.js";
import { all, parseXml, pointsOf, readAxis, textsOf, type Node } from "./svgReading.js";

const picture = (data: Pick<Figure, "chart" | "data">): Node => parseXml(drawFigure({ id: "t", title: "t", caption: "c", section: "s", ...data } as Figure));
const near = (a: number, b: number, tolerance = 0.01) => expect(Math.abs(a - b), `${a} is not ${b}`).toBeLessThan(tolerance);
const words = (node: Node) => textsOf(node).map((t) => t.words);
const dots = (node: Node, fill: string) => all(node, "path").filter((p) => p.attributes.stroke === fill && p.attributes["stroke-linecap"] === "round").flatMap((p) => p.attributes.d.match(/M[-\d.]+ [-\d.]+/g)!.map((m) => m.slice(1).split(" ").map(Number)));

test("lasso: means and chosen penalties at log λ, the number of features above, the far end of the path left out and told", () => {
  // λ = e^-1 … e^-9; chosen e^-2: shown from −1 down to −2 − 1.5 = −3.5, where the deviance of 500 does not flatten the rest
  const lambda = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => Math.exp(-k));
  const data = { lambda, mean: [10, 8, 9, 30, 60, 100, 200, 400, 500], se: lambda.map(() => 0.5), nonzero: [0, 3, 7, 20, 40, 60, 70, 80, 90], measure: "Deviance", chosen: [{ label: "λ.min", lambda: Math.exp(-2) }] };
  const node = picture({ chart: "lassoCv", data });
  const texts = textsOf(node), row = Math.max(...texts.filter((t) => t.words === "−2.0").map((t) => t.y));
  const x = readAxis(texts, "x", "−1.0", "−3.0", { near: (t) => t.y === row }), y = readAxis(texts, "y", "8.0", "10.0");
  const points = dots(node, "#D55E00");
  expect(points).toHaveLength(3);
  [[-1, 10], [-2, 8], [-3, 9]].forEach(([l, m], k) => {
    near(x(points[k][0]), l);
    near(y(points[k][1]), m, 0.03);
  });
  const chosen = all(node, "line").find((l) => l.attributes["stroke-dasharray"] === "3 2")!;
  near(x(Number(chosen.attributes.x1)), -2);
  // number above each tick: that of the penalty nearest to it
  const above = new Map(texts.filter((t) => /^\d+$/.test(t.words) && t.y < row - 60 && x(t.x) > -3.6 && x(t.x) < -0.9).map((t) => [x(t.x).toFixed(1), t.words]));
  expect([above.get("-1.0"), above.get("-2.0"), above.get("-3.0")]).toEqual(["0", "3", "7"]);
  expect(words(node)).toContain("log λ, falling (the path goes on to −9.0)");
  const path = picture({ chart: "lassoPath", data: { lambda, nonzero: data.nonzero, chosen: data.chosen, coefficients: [{ name: "kept", values: [0, 0.5, 0.7, 1, 1, 1, 1, 1, 99] }, { name: "later", values: [0, 0, 0, 0, 0, 0, 0, 0, -99] }] } });
  expect(words(path)).toContain("kept");
  expect(words(path)).not.toContain("later");
  expect(words(path).filter((w) => Number(w) > 50)).toEqual([]); // the axis ends with what is shown
});

test("AUC over time: the curve, the shaded window, numbers under their times", () => {
  const node = picture({ chart: "timeAuc", data: { unit: "months", window: [24, 48], kind: "test", curves: [{ name: "M", time: [12, 36, 60], auc: [0.6, 0.7, 0.8], low: [0.5, 0.6, 0.7], high: [0.7, 0.8, 0.9], median: 0.7 }], atRisk: [{ time: 12, n: 101, events: 3 }, { time: 36, n: 77, events: 9 }] } });
  const texts = textsOf(node), row = texts.find((t) => t.words === "36")!.y;
  const x = readAxis(texts, "x", "12", "36", { near: (t) => t.y === row }), y = readAxis(texts, "y", "0.5", "0.9", { near: (t) => t.y < row });
  const curve = pointsOf(all(node, "path").find((p) => p.attributes["stroke-width"] === "1.25")!.attributes.d);
  [[12, 0.6], [36, 0.7], [60, 0.8]].forEach(([t, a], k) => {
    near(x(curve[k][0]), t, 0.05);
    near(y(curve[k][1]), a, 0.003);
  });
  const shade = all(node, "rect")[0].attributes;
  near(x(Number(shade.x)), 24, 0.05);
  near(x(Number(shade.x) + Number(shade.width)), 48, 0.05);
  near(x(texts.find((t) => t.words === "77")!.x), 36, 0.05);
  expect(words(node)).toContain("M, median 0.70");
});

test("decision curve: treat all crosses treat none at the prevalence", () => {
  const threshold = [0.05, 0.1, 0.2, 0.3, 0.4];
  const all4 = threshold.map((t) => 0.2 - 0.8 * (t / (1 - t)));
  const node = picture({ chart: "decision", data: { label: "Threshold", panels: [{ title: "T", kind: "test", n: 100, events: 20, threshold, all: all4, curves: [{ name: "M", netBenefit: [0.16, 0.15, 0.1, 0.05, 0.02] }] }] } });
  const texts = textsOf(node), row = Math.max(...texts.filter((t) => t.words === "0.40").map((t) => t.y));
  const x = readAxis(texts, "x", "0.10", "0.30", { near: (t) => t.y === row }), y = readAxis(texts, "y", "0.00", "0.10", { near: (t) => t.y !== row });
  const treatAll = pointsOf(all(node, "path").find((p) => p.attributes.stroke === "#8a8a8a")!.attributes.d);
  near(x(treatAll[2][0]), 0.2);
  near(y(treatAll[2][1]), 0);
  const none = all(node, "line").find((l) => l.attributes["stroke-width"] === "0.9")!.attributes;
  near(y(Number(none.y1)), 0, 0.001);
});

test("ICC: sorted, the limit at its height, those below told and in the other colour", () => {
  const node = picture({ chart: "icc", data: { form: "ICC(2,1)", threshold: 0.75, readers: 2, n: 30, features: [{ name: "b", icc: 0.5, low: 0.3, high: 0.7 }, { name: "a", icc: 0.9, low: 0.8, high: 0.95 }, { name: "none", icc: NaN, low: NaN, high: NaN }] } });
  const y = readAxis(textsOf(node), "y", "0.2", "0.8");
  near(y(dots(node, "#0072B2")[0][1]), 0.9);
  near(y(dots(node, "#D55E00")[0][1]), 0.5);
  near(y(Number(all(node, "line").find((l) => l.attributes["stroke-dasharray"] === "3 2")!.attributes.y1)), 0.75);
  expect(words(node)).toContain("1 of 2 features at or above 0.75; 1 without an ICC");
});

test("waterfall: highest first, down from zero where negative; the cut counts those at or above", () => {
  const node = picture({ chart: "waterfall", data: { scores: [-1, 2, 1], events: [0, 1, 0], cut: 1, label: "Score", eventName: "event", otherName: "none" } });
  const y = readAxis(textsOf(node), "y", "−1.0", "2.0");
  const bars = (fill: string) => all(node, "path").filter((p) => p.attributes.fill === fill).flatMap((p) => [...p.attributes.d.matchAll(/M([\d.]+) ([\d.]+)h[\d.]+V([\d.]+)/g)].map((m) => m.slice(1).map(Number)));
  const [event] = bars("#D55E00"), others = bars("#a9c6d9");
  [[event, 2], [others[0], 1], [others[1], -1]].forEach(([bar, score]) => {
    near(y((bar as number[])[1]), 0, 0.02);
    near(y((bar as number[])[2]), score as number, 0.02);
  });
  expect(event[0] < others[0][0] && others[0][0] < others[1][0]).toBe(true);
  expect(words(node)).toContain("cut 1.00: 2 of 3 at or above");
});

test("merit: what is apparent is hollow, validation is filled, both at their values", () => {
  const node = picture({ chart: "merit", data: { measure: "AUC", reference: 0.5, rows: [{ model: "M", kind: "apparent", value: 0.9, low: 0.8, high: 1, n: 50, events: 9 }, { model: "M", kind: "external", value: 0.6, low: 0.5, high: 0.7, n: 50, events: 9 }] } });
  const x = readAxis(textsOf(node), "x", "0.50", "0.90");
  const hollow = all(node, "circle")[0].attributes;
  near(x(Number(hollow.cx)), 0.9);
  expect(hollow.fill).toBe("#ffffff");
  const square = all(node, "rect").find((r) => r.attributes.fill === "#0072B2")!.attributes;
  near(x(Number(square.x) + Number(square.width) / 2), 0.6);
  expect(words(node)).toEqual(expect.arrayContaining(["0.900 (0.800–1.000)", "0.600 (0.500–0.700)", "9/50"]));
});

test("change of a status: shares of the whole, widths as the counts, those changed counted", () => {
  const node = picture({ chart: "change", data: { before: { label: "Primary", levels: ["−", "+"] }, after: { label: "Recurrence", levels: ["−", "+"] }, counts: [[29, 4], [1, 13]], test: "McNemar p = 0.37" } });
  expect(words(node)).toEqual(expect.arrayContaining(["33 (70 %)", "14 (30 %)", "30 (64 %)", "17 (36 %)", "5 of 47 changed (10.6 %); McNemar p = 0.37"]));
  const heights = all(node, "rect").map((r) => Number(r.attributes.height));
  [33, 14, 30, 17].forEach((n, k) => near(heights[k] / heights[0], n / 33, 0.001));
});

test("shares: segments as long as their part of the row", () => {
  const node = picture({ chart: "association", data: { kind: "table", rows: ["a"], columns: ["x", "y"], counts: [[1, 3]], rowLabel: "r", columnLabel: "c", test: "" } });
  const scale = readAxis(textsOf(node), "x", "0", "100");
  const [first, second] = all(node, "rect").slice(-2).map((r) => r.attributes);
  near(scale(Number(first.x) + Number(first.width)), 25, 0.1);
  near(scale(Number(second.x) + Number(second.width)), 100, 0.1);
});

test("flow: every exclusion with its reason and their sum", () => {
  const node = picture({ chart: "flow", data: { eventName: "events", steps: [{ label: "Assessed", n: 1200, out: [{ reason: "no image", n: 38 }, { reason: "no outcome", n: 2 }] }, { label: "Analysed", n: 1160, events: 90 }], ends: [{ label: "Training", n: 800, events: 60 }, { label: "Test", n: 360, events: 30 }] } });
  expect(words(node)).toEqual(expect.arrayContaining(["n = 1,200", "Excluded (n = 40)", "38", "no image", "n = 1,160; 90 events", "n = 360; 30 events"]));
});

test("calibration: repeats of one name are one fine look and one entry of the key", () => {
  const curve = (name: string, at: number) => ({ name, predicted: [0.1, 0.5], observed: [at, at + 0.1] });
  const node = picture({ chart: "calibration", data: { xLabel: "p", yLabel: "o", panels: [{ title: "T", kind: "nested cross-validation", n: 40, events: 12, curves: [curve("repeats 1–3", 0.1), curve("", 0.2), curve("", 0.3)], statistics: [] }] } });
  expect(new Set(all(node, "path").filter((p) => p.attributes.fill === "none").map((p) => `${p.attributes.stroke} ${p.attributes["stroke-width"]}`)).size).toBe(1);
  expect(words(node).filter((w) => w.startsWith("repeats"))).toEqual(["repeats 1–3"]);
});
