// The data that break charts: nothing, gaps, one group, 60 rows, labels that are long and full of markup.
import type { Figure, FigureData } from "../../src/report/index.js";
import { nomogram } from "../../src/model/index.js";
import { featureNames, sampleFigures } from "./samples.js";

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
/** longer than any column, with every letter that XML minds, an accent and a control character */
export const longName = (k: number): string => `<b>wavelet-HLH_gldm_LargeDependenceLowGrayLevelEmphasis & "peritumoural ring ${k}"</b> of the naïve\u0007 reader's very long wording ${k}`;

type DataOf<K extends FigureData["chart"]> = Extract<FigureData, { chart: K }>["data"];
type Extremes = { [K in FigureData["chart"]]: Record<string, DataOf<K>> };

const nothing = { predicted: [], observed: [] };
const tree = nomogram({
  variables: [
    ...range(10).map((k) => ({ name: longName(k), kind: "number" as const, coefficient: 0.2 + k * 0.7 * (k % 2 ? -1 : 1), low: k, high: k + 3 + k * 40 })),
    { name: "crowded", kind: "category", levels: range(14).map((k) => `category number ${k}`), effects: range(14).map((k) => 60 + k * 0.35) },
    { name: "flat", kind: "category", levels: ["no", "yes"], effects: [0, 0] },
  ],
  intercept: -3, linearPredictor: [-900, 900], outcomes: [{ label: longName(99), kind: "logistic" }, { label: "out of reach", kind: "survival", time: 60, cumulativeHazard: 0.2 }],
});

export const extremes: Extremes = {
  flow: {
    empty: { steps: [], ends: [], eventName: "events" },
    one: { steps: [{ label: "Everyone", n: 0, events: 0 }], ends: [], eventName: "events" },
    long: { steps: range(8).map((k) => ({ label: longName(k), n: 100000 - k, events: NaN, out: range(k).map((j) => ({ reason: longName(j), n: j + 1 })) })), ends: range(3).map((k) => ({ label: longName(k), n: 33333, events: 12 })), eventName: longName(1) },
    manySets: { steps: [{ label: "Analysed", n: 900, events: 80 }], ends: range(12).map((k) => ({ label: `Centre ${k}`, n: 75, events: k })), eventName: "events" },
  },
  funnel: {
    empty: { stages: [] }, none: { stages: [{ label: "Extracted", left: 12 }, { label: "LASSO", left: 0, names: [] }] },
    long: { stages: range(12).map((k) => ({ label: longName(k), left: 11258 - 900 * k, ...(k > 9 ? { names: range(12).map(longName) } : {}) })) },
  },
  icc: {
    empty: { form: "ICC(2,1)", threshold: 0.75, readers: 2, n: 0, features: [] },
    gaps: { form: longName(1), threshold: 0.75, readers: 2, n: 4, features: [{ name: "a", icc: NaN, low: NaN, high: NaN }, { name: "b", icc: -1, low: -5, high: NaN }, { name: "c", icc: 1, low: 1, high: 1 }] },
    one: { form: "ICC(3,1)", threshold: 0.9, readers: 3, n: 30, features: [{ name: "a", icc: 0.95, low: 0.9, high: 0.97 }] },
    many: { form: "ICC(2,1)", threshold: 0.75, readers: 2, n: 30, features: range(11258).map((k) => ({ name: `f${k}`, icc: 1 - k / 11258, low: 0.8 - k / 11258, high: 1 - k / 12000 })) },
  },
  heatmap: {
    empty: { names: [], values: [], label: "r", domain: [-1, 1] },
    one: { names: ["one"], values: [[1]], label: longName(1), domain: [0, 1] },
    gaps: { names: range(5).map(longName), values: range(5).map((i) => range(5).map((j) => (i === 2 ? NaN : i === j ? 1 : -0.5))), label: "r", domain: [-1, 1], dendrogram: { merges: [], order: [] }, clusters: [1, 1, 2, 2, 2] },
    manyGaps: { names: featureNames(90), values: range(90).map((i) => range(90).map((j) => (j === 7 ? NaN : i === j ? 1 : 0.3))), label: "r", domain: [-1, 1] },
  },
  lassoPath: {
    empty: { lambda: [], coefficients: [], chosen: [], nonzero: [] },
    nothingKept: { lambda: [0.3, 0.2, 0.1], coefficients: [{ name: "a", values: [0, 0, 0] }], chosen: [{ label: "λ.min", lambda: 0.3 }], nonzero: [0, 0, 0] },
    many: { lambda: [0.3, 0.2, 0.1], coefficients: range(60).map((k) => ({ name: longName(k), values: [0, k / 10, k === 3 ? NaN : (k / 5) * (k % 2 ? 1 : -1)] })), chosen: [{ label: "λ.min", lambda: 0.1 }, { label: "λ.1se", lambda: 0.1001 }], nonzero: [0, 60, 60] },
  },
  lassoCv: {
    empty: { lambda: [], mean: [], se: [], nonzero: [], measure: "Deviance", chosen: [] },
    gaps: { lambda: [0.3, 0.2, 0.1, 0], mean: [1, NaN, 0.8, 3], se: [NaN, 0.1, 0.1, 1], nonzero: [0, 2, 5, 9], measure: longName(1), chosen: [{ label: "λ.min", lambda: 0.1 }] },
  },
  bars: {
    empty: { label: "Coefficient", bars: [] },
    gaps: { label: longName(1), zero: true, bars: [{ name: longName(1), value: NaN }, { name: "b", value: -1e-7, low: NaN, high: 2, note: longName(3) }, { name: "c", value: 1234.5, low: -3, high: 5000 }] },
    many: { label: "Share", domain: [0, 1], bars: range(60).map((k) => ({ name: longName(k), value: 1 - k / 60, note: longName(k) })) },
  },
  forest: {
    empty: { measure: "HR", reference: 1, log: true, panels: ["All"], rows: [] },
    gaps: { measure: "OR", reference: 1, log: true, panels: ["a", "b"], rows: [{ label: "nothing", panels: [{ value: NaN, low: NaN, high: NaN, p: NaN }, null] }, { label: "unbounded", n: 3, events: 1, panels: [{ value: 2, low: 0, high: Infinity, p: 0.9999 }, { value: 1e9, low: 1e-9, high: Infinity, p: 1e-30 }] }] },
    many: { measure: "HR", reference: 1, log: true, panels: ["Univariable", "Multivariable"], rows: range(60).map((k) => ({ label: longName(k), indent: k % 3 > 0, n: 161, events: 43, panels: [{ value: 0.2 + k / 10, low: 0.05 + k / 15, high: 1 + k / 3, p: k / 60 }, k % 2 ? null : { value: 1, low: 0.5, high: 2, p: 0.5 }] })) },
    difference: { measure: "difference", reference: 0, log: false, panels: [""], rows: [{ label: "one", panels: [{ value: -0.02, low: -0.1, high: 0.06, p: 0.6 }] }] },
  },
  roc: {
    empty: { panels: [] },
    gaps: { panels: [{ title: longName(1), n: 9, events: 0, curves: [{ name: longName(2), falsePositive: [0, NaN, 1], sensitivity: [0, NaN, 1], low: [NaN, NaN, NaN], high: [NaN, NaN, NaN], auc: NaN, aucLow: NaN, aucHigh: NaN, kind: "test" }] }, { title: "nothing", n: 0, events: 0, curves: [] }] },
    many: { panels: range(5).map((p) => ({ title: `Centre ${p}`, n: 40, events: 9, curves: range(7).map((k) => ({ name: longName(k), falsePositive: [0, 0.1 + k / 20, 1], sensitivity: [0, 0.6, 1], auc: 0.7, kind: "external" })) })) },
  },
  timeAuc: {
    empty: { unit: "months", curves: [], atRisk: [], kind: "apparent" },
    gaps: { unit: longName(1), window: [10, 20], kind: "test", curves: [{ name: longName(1), time: [5, 10, 20], auc: [NaN, 0.5, NaN], low: [NaN, NaN, NaN], high: [1, 1, 1], median: NaN }], atRisk: range(60).map((k) => ({ time: k / 3, n: 1000 - k, events: k })) },
    many: { unit: "days", kind: "test", curves: range(9).map((k) => ({ name: `Model ${k}`, time: [1, 1000, 2000], auc: [0.6, 0.61, 0.62], low: [0.5, 0.5, 0.5], high: [0.7, 0.7, 0.7] })), atRisk: [] },
  },
  calibration: {
    empty: { panels: [], xLabel: "Predicted", yLabel: "Observed" },
    gaps: { xLabel: longName(1), yLabel: longName(2), panels: [{ title: longName(3), kind: "test", n: 3, events: 0, curves: [{ name: longName(4), ...nothing }], groups: [{ predicted: 0.5, observed: NaN, low: NaN, high: NaN, n: 0 }], rug: [NaN, 0.2], statistics: range(9).map((k) => ({ name: longName(k), text: longName(k) })) }] },
    many: { xLabel: "Predicted", yLabel: "Observed", panels: range(7).map((p) => ({ title: `Panel ${p}`, kind: "external", n: 80, events: 9, curves: range(3).map((k) => ({ name: `Model ${k}`, predicted: [0, 0.05], observed: [0.01 * k, 0.04] })), statistics: [] })) },
  },
  decision: {
    empty: { panels: [], label: "Threshold" },
    gaps: { label: longName(1), panels: [{ title: longName(2), kind: "test", n: 9, events: 0, threshold: [0.1, 0.2, 1], all: [-0.1, -0.3, -Infinity], curves: [{ name: longName(3), netBenefit: [0, NaN, -Infinity] }] }] },
    many: { label: "Threshold", panels: range(5).map((k) => ({ title: `Centre ${k}`, kind: "external", n: 90, events: 20, threshold: [0.05, 0.2, 0.5], all: [0.18, 0.02, -0.5], curves: range(8).map((m) => ({ name: longName(m), netBenefit: [0.18, 0.1, 0.01 * m] })) })) },
  },
  nomogram: {
    one: { nomogram: nomogram({ variables: [{ name: "x", kind: "number", coefficient: -2, low: 0, high: 1 }], intercept: 0, linearPredictor: [-2, 0] }), linearPredictor: true },
    long: { nomogram: tree, cases: [{ title: longName(1), values: { crowded: "category number 3", [longName(0)]: 1, [longName(3)]: 900 }, course: longName(7).repeat(4) }, { title: "unknown", values: { crowded: "never seen" } }, { title: "complete", values: { ...Object.fromEntries(range(10).map((k) => [longName(k), k + 1])), crowded: "category number 0", flat: "yes" }, image: "https://example.org/not-kept.png" }, { title: "fourth", values: {} }] },
  },
  survival: {
    empty: { unit: "months", yLabel: "Survival", kind: "test", groups: [], ticks: [] },
    one: { unit: "months", yLabel: longName(1), kind: "test", ticks: [0, 10, 20], groups: [{ name: longName(2), n: 4, events: 4, time: [1, 5, 6, 20], survival: [0.75, 0.5, 0.25, 0], low: [0.1, 0.1, NaN, NaN], high: [0.9, 0.9, NaN, NaN], censored: [], atRisk: [4, 1, 1] }], test: longName(3), ratio: longName(4), note: longName(5) },
    noEvents: { unit: "months", yLabel: "Survival", kind: "test", ticks: [0, 10, 20], groups: [{ name: "a", n: 4, events: 0, time: [], survival: [], low: [], high: [], censored: [3, 9, 12, 20], atRisk: [4, 2, 1] }, { name: "nobody", n: 0, events: 0, time: [], survival: [], low: [], high: [], censored: [], atRisk: [0, 0, 0] }] },
    many: { unit: "days", yLabel: "Survival", kind: "external", ticks: range(60).map((k) => k * 50), groups: range(9).map((k) => ({ name: `Group ${k}`, n: 1000, events: 200, time: [100, 2000], survival: [0.9 - k / 100, 0.8 - k / 100], low: [0.7, 0.6], high: [1, 1], censored: [50, 2500], atRisk: range(60).map((j) => 1000 - j) })) },
  },
  waterfall: {
    empty: { scores: [], events: [], label: "Score", eventName: "event", otherName: "none" },
    gaps: { scores: [NaN, -1, -2], events: [1, 0, 1], cut: NaN, label: longName(1), eventName: longName(2), otherName: longName(3) },
    many: { scores: range(1211).map((k) => 3 - k / 200), events: range(1211).map((k) => (k % 7 === 0 ? 1 : 0)), cut: -1, label: "Score", eventName: "metastasis", otherName: "none" },
  },
  association: {
    empty: { kind: "score", label: "Score", groups: [], test: "" },
    gaps: { kind: "score", label: longName(1), groups: [{ name: longName(2), values: [NaN] }, { name: "one", values: [0.5] }, { name: "none", values: [] }], test: longName(3) },
    many: { kind: "score", label: "Score", groups: range(12).map((k) => ({ name: `Group ${k} of a scale`, values: range(80).map((j) => ((j * 37 + k * 11) % 100) / 25) })), test: "Kruskal–Wallis p = 0.5" },
    table: { kind: "table", rows: range(20).map(longName), columns: range(9).map(longName), counts: range(20).map((r) => range(9).map((c) => (r === 3 ? 0 : r === 4 ? NaN : (r * c) % 5))), rowLabel: longName(1), columnLabel: longName(2), test: longName(3) },
  },
  change: {
    empty: { before: { label: "Before", levels: ["a"] }, after: { label: "After", levels: ["a"] }, counts: [[0]] },
    gaps: { before: { label: longName(1), levels: range(7).map(longName) }, after: { label: longName(2), levels: range(7).map(longName) }, counts: range(7).map((i) => range(7).map((j) => (i === 2 ? NaN : i === j ? 9 : 1))), test: longName(3) },
    oneLost: { before: { label: "Before", levels: ["negative", "low", "positive"] }, after: { label: "After", levels: ["negative"] }, counts: [[900], [1], [2]] },
  },
  merit: {
    empty: { measure: "AUC", rows: [] },
    gaps: { measure: longName(1), reference: 0.5, rows: [{ model: longName(2), kind: longName(3), value: NaN, low: NaN, high: NaN, n: 3, events: 0 }] },
    many: { measure: "AUC", rows: range(60).map((k) => ({ model: longName(k % 12), kind: `kind ${k}`, value: 0.5 + k / 200, low: 0.3, high: 0.99, n: 161, events: 43 })) },
  },
  comparison: {
    empty: { measure: "AUC", kind: "test", models: ["a"], difference: [[NaN]], low: [[NaN]], high: [[NaN]], p: [[NaN]] },
    gaps: { measure: longName(1), kind: "", models: [longName(2), longName(3)], difference: [[NaN, NaN]], low: [], high: [[NaN, Infinity]], p: [[NaN, NaN]] },
    many: { measure: "AUC", kind: "test", models: range(9).map((k) => `Model ${k} of many`), difference: range(9).map((i) => range(9).map((j) => (i - j) / 50)), low: range(9).map((i) => range(9).map((j) => (i - j) / 50 - 0.1)), high: range(9).map((i) => range(9).map((j) => (i - j) / 50 + 0.1)), p: range(9).map(() => range(9).map(() => 0.00001)) },
  },
  spread: {
    empty: { panels: [] },
    gaps: { panels: [{ measure: longName(1), reference: { label: longName(2), value: 1 }, strips: [{ name: longName(3), values: [NaN, NaN], mean: NaN, sd: NaN, min: NaN, max: NaN }, { name: "constant", values: range(100).map(() => 0.5), mean: 0.5, sd: 0, min: 0.5, max: 0.5 }] }] },
    many: { panels: range(3).map((p) => ({ measure: `Measure ${p}`, strips: range(20).map((k) => ({ name: longName(k), values: range(100).map((j) => ((j * 31 + k) % 97) / 97), mean: 0.5, sd: 0.28, min: 0, max: 0.99 })) })) },
  },
  pca: {
    empty: { panels: [] },
    gaps: { panels: [{ title: longName(1), points: [{ x: NaN, y: 1, group: longName(2) }, { x: 1, y: 1, group: "one" }], explained: [NaN, NaN] }] },
    many: { panels: range(4).map((p) => ({ title: `Panel ${p}`, points: range(300).map((k) => ({ x: (k * 37) % 101, y: (k * 53) % 89, group: `Centre ${k % 12} with a long name` })), explained: [0.5, 0.2] as [number, number] })) },
  },
};

/** every extreme as a figure; the typical ones too, so that each chart is met with its plain data */
export const extremeFigures: Figure[] = Object.entries(extremes).flatMap(([chart, cases]) => Object.entries(cases).map(([name, data]) => ({ id: `${chart}-${name}`, title: longName(0), caption: longName(1), section: "test", chart, data }) as Figure));

export const allFigures: Figure[] = [...sampleFigures, ...extremeFigures];
