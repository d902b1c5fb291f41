// One small figure of each chart, as a study would hand it to the report: invented patients, seeded.
import type { Figure } from "../../src/report/index.js";
import { correlationMatrix, exp, hierarchicalClustering, log, randomStream, type Random } from "../../src/math/index.js";
import { nomogram } from "../../src/model/index.js";
import { kaplanMeier } from "../../src/evaluate/index.js";

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const normals = (n: number, random: Random, mean = 0, sd = 1) => range(n).map(() => mean + sd * random.normal());
const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
const sd = (v: number[]) => Math.sqrt(v.reduce((a, b) => a + (b - mean(v)) * (b - mean(v)), 0) / (v.length - 1));
const logistic = (x: number) => 1 / (1 + exp(-x));

/** names as the extractor writes them */
export const featureNames = (n: number): string[] => {
  const filters = ["original", "wavelet-LLH", "wavelet-HHL", "log-sigma-3-0-mm", "square"];
  const classes = ["glcm_Correlation", "glszm_ZoneEntropy", "firstorder_Skewness", "shape_Sphericity", "glrlm_RunVariance", "gldm_DependenceEntropy", "ngtdm_Busyness"];
  return range(n).map((i) => `PE${1 + (i % 3)}_${filters[i % filters.length]}_${classes[i % classes.length]}`);
};

function heatmapOf(n: number, random: Random): Figure & { chart: "heatmap" } {
  const rows = 60, groups = 6;
  const factors = range(groups).map(() => normals(rows, random));
  const columns = range(n).map((j) => factors[j % groups].map((v) => v * (j % 2 ? 1 : -1) + 0.8 * random.normal()));
  const r = correlationMatrix(columns.map((c) => Float64Array.from(c)));
  const tree = hierarchicalClustering(Float64Array.from(r, (v, k) => (k % (n + 1) === 0 ? 0 : 1 - Math.abs(v))), n, "average");
  const names = featureNames(n);
  return {
    id: "feature-correlation", title: "Correlation of the features", section: "features", chart: "heatmap",
    caption: "Pearson correlation of the features that passed the variance filter, in the order of average-linkage clustering on 1 − |r|.",
    data: {
      names: tree.order.map((i) => names[i]), values: tree.order.map((i) => tree.order.map((j) => r[i * n + j])),
      label: "Pearson r", domain: [-1, 1],
      dendrogram: { merges: tree.merge.map(([left, right], k) => ({ left, right, height: tree.height[k] })), order: tree.order },
      clusters: tree.order.map((i) => i % groups),
    },
  };
}

function rocCurve(shift: number, random: Random, marked: boolean) {
  const cases = normals(43, random, shift), controls = normals(118, random);
  const cuts = [...cases, ...controls].sort((a, b) => b - a);
  const falsePositive = [0, ...cuts.map((c) => controls.filter((v) => v >= c).length / controls.length)];
  const sensitivity = [0, ...cuts.map((c) => cases.filter((v) => v >= c).length / cases.length)];
  const auc = cases.reduce((s, a) => s + controls.filter((b) => a > b).length, 0) / (43 * 118);
  const half = (s: number) => 1.96 * Math.sqrt(Math.max(s * (1 - s), 0.01) / 43);
  return { falsePositive, sensitivity, low: sensitivity.map((s) => Math.max(0, s - half(s))), high: sensitivity.map((s) => Math.min(1, s + half(s))), auc, aucLow: auc - 0.085, aucHigh: Math.min(1, auc + 0.085), ...(marked ? { point: [falsePositive[50], sensitivity[50]] as [number, number] } : {}) };
}

function survivalGroup(name: string, n: number, rate: number, ticks: number[], random: Random) {
  const time: number[] = [], event: number[] = [];
  for (let i = 0; i < n; i++) {
    const t = -log(1 - random.next()) / rate, c = 20 + 75 * random.next();
    time.push(Math.round(Math.min(t, c) * 10) / 10);
    event.push(t <= c ? 1 : 0);
  }
  const curve = kaplanMeier({ time: Float64Array.from(time), event: Uint8Array.from(event) });
  return {
    name, n, events: curve.eventTotal, time: curve.time, survival: curve.survival, low: curve.lower, high: curve.upper,
    censored: time.filter((_, i) => event[i] === 0).sort((a, b) => a - b), atRisk: ticks.map((t) => time.filter((v) => v >= t).length),
  };
}

function lasso(random: Random) {
  const lambda = range(60).map((k) => 0.2 * exp(-k * 0.075));
  const names = featureNames(14);
  const coefficients = names.map((name, j) => {
    const entry = 0.2 * exp(-0.3 * j), slope = (j % 2 ? -1 : 1) * (0.9 - 0.05 * j) * (0.6 + 0.8 * random.next());
    return { name, values: lambda.map((l) => (l >= entry ? 0 : slope * (1 - l / entry))) };
  });
  const nonzero = lambda.map((_, k) => coefficients.filter((c) => c.values[k] !== 0).length);
  const chosen = [{ label: "λ.min", lambda: lambda[32] }, { label: "λ.1se", lambda: lambda[17] }];
  const curve = lambda.map((_, k) => 11.2 + 0.0009 * (k - 32) * (k - 32) + 0.02 * random.normal());
  return { lambda, coefficients, nonzero, chosen, mean: curve, se: lambda.map((_, k) => 0.25 + 0.002 * k) };
}

function nomogramFigure(): Figure & { chart: "nomogram" } {
  const n = nomogram({
    variables: [
      { name: "radscore", kind: "number", coefficient: 1.35, low: -1.4, high: 1.3 },
      { name: "HER2", kind: "category", levels: ["positive", "negative"], effects: [0, 0.95] },
      { name: "BPE", kind: "category", levels: ["minimal", "mild", "moderate", "marked"], effects: [0, 0.4, 0.9, 1.5] },
      { name: "age", kind: "number", coefficient: -0.02, low: 27, high: 69, unit: "years" },
    ],
    intercept: 0.1, linearPredictor: [-2.2, 3.1],
    outcomes: [24, 36, 60].map((time, k) => ({ label: `${time}-month survival`, kind: "survival" as const, time, unit: "months", cumulativeHazard: [0.12, 0.2, 0.33][k] })),
  });
  return {
    id: "nomogram", title: "Nomogram of the combined model", section: "use", front: true, chart: "nomogram",
    caption: "Points of each variable are added; the total is read off as the probability of recurrence-free survival. Two worked cases.",
    data: {
      nomogram: n, labels: { radscore: "Radscore", BPE: "Background enhancement", age: "Age" },
      cases: [
        { title: "Case 1", values: { radscore: -0.48, HER2: "positive", BPE: "mild", age: 45 }, course: "No distant metastasis in 54 months of follow-up.", image: grey(24) },
        { title: "Case 2", values: { radscore: 0.44, HER2: "negative", BPE: "moderate", age: 60 }, course: "Bone metastasis 16 months after surgery.", image: grey(40) },
      ],
    },
  };
}

/** an 8 × 8 grey image as a data: URI (BMP, one byte a pixel) */
function grey(level: number): string {
  const bytes = new Uint8Array(54 + 1024 + 64);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  [[2, bytes.length], [10, 54 + 1024], [14, 40], [18, 8], [22, 8]].forEach(([at, value]) => view.setUint32(at, value, true));
  view.setUint16(26, 1, true);
  view.setUint16(28, 8, true);
  for (let i = 0; i < 256; i++) bytes.fill(i, 54 + 4 * i, 54 + 4 * i + 3);
  for (let i = 0; i < 64; i++) bytes[54 + 1024 + i] = level + (Math.abs((i % 8) - 4) + Math.abs((i >> 3) - 3) < 3 ? 150 : 0);
  return `data:image/bmp;base64,${btoa(String.fromCharCode(...bytes))}`;
}

const models = ["Clinical", "Radiomics", "Combined"];

/** A typical figure of every chart, in the report's order; `features` is the heatmap's size. */
export function sampleFiguresOf(features = 40): Figure[] {
  const random = randomStream("samples");
  const l = lasso(random.stream("lasso"));
  const ticks = [0, 12, 24, 36, 48, 60, 72, 84];
  const thresholds = range(50).map((k) => 0.01 + k * 0.014);
  // cases and controls positive at a threshold, the more apart the larger a
  const benefit = (a: number) => thresholds.map((t) => 0.267 * logistic(9 * (0.3 + 0.12 * a - t)) - 0.733 * logistic(9 * (0.3 - 0.12 * a - t)) * (t / (1 - t)));
  const times = range(61).map((k) => 12 + k);
  const auc = (base: number, drift: number, r: Random) => times.map((t) => base + drift * (t - 42) / 36 + 0.006 * r.normal());
  const grid = range(40).map((k) => 0.02 + k * 0.018);
  const smooth = (a: number, b: number) => grid.map((p) => logistic(a + b * log(p / (1 - p))));
  const calibrationPanel = (title: string, kind: string, a: number, b: number, r: Random) => ({
    title, kind, n: 161, events: 43,
    curves: [{ name: "Combined", predicted: grid, observed: smooth(a, b), low: smooth(a - 0.45, b), high: smooth(a + 0.45, b), corrected: smooth(a - 0.12, b * 0.8) }],
    groups: [0.08, 0.16, 0.25, 0.37, 0.58].map((p, k) => {
      const observed = Math.min(0.95, Math.max(0.02, logistic(a + b * log(p / (1 - p))) + 0.04 * r.normal()));
      return { predicted: p, observed, low: Math.max(0, observed - 0.13), high: Math.min(1, observed + 0.14), n: k === 0 ? 33 : 32 };
    }),
    rug: range(161).map(() => logistic(-1.2 + 0.9 * r.normal())),
    statistics: [{ name: "Slope", text: "0.84 (0.55 to 1.13)" }, { name: "Intercept", text: "−0.05 (−0.37 to 0.27)" }, { name: "O/E", text: "0.97 (0.72 to 1.30)" }, { name: "ICI", text: "0.021" }],
  });
  const repeats = (m: number, s: number, r: Random) => {
    const values = normals(100, r, m, s);
    return { values, mean: mean(values), sd: sd(values), min: Math.min(...values), max: Math.max(...values) };
  };
  const decisionPanel = (title: string) => ({
    title, kind: "nested cross-validation", n: 161, events: 43, threshold: thresholds, ...(title === "60 months" ? { risks: range(161).map((k) => logistic(-1.2 + 0.9 * random.stream(`risk ${k}`).normal())) } : {}),
    all: thresholds.map((t) => 0.267 - 0.733 * (t / (1 - t))),
    curves: models.map((name, k) => ({ name, netBenefit: benefit([0.6, 0.8, 1.1][k]), ...(k === 2 ? { low: benefit(0.6), high: benefit(1.6) } : {}) })),
  });
  const kinds = ["apparent", "optimism-corrected", "nested cross-validation"];
  const names = featureNames(370);
  const points = (scatter: number, r: Random) => range(120).map((i) => ({ x: 2.2 * r.normal() + scatter * ((i % 3) - 1) * 4, y: 1.5 * r.normal() + scatter * (i % 3 === 1 ? 2.5 : -1), group: ["Centre A", "Centre B", "Centre C"][i % 3] }));
  return [
    {
      id: "flow", title: "Patients", section: "patients", front: true, chart: "flow", caption: "Patients from the source to the analysis, with every exclusion.",
      data: {
        eventName: "recurrences",
        steps: [
          { label: "Patients registered in I-SPY 1", n: 237, out: [{ reason: "withdrew before surgery", n: 16 }] },
          { label: "Underwent neoadjuvant chemotherapy", n: 221, events: 61, out: [{ reason: "no baseline DCE-MRI in the archive", n: 38 }, { reason: "MRI without post-contrast phases", n: 13 }, { reason: "tumour not segmentable", n: 7 }] },
          { label: "With image features and clinical rows", n: 163, events: 44, out: [{ reason: "recurrence-free survival not recorded", n: 2 }] },
          { label: "Analysed", n: 161, events: 43 },
        ],
        ends: [{ label: "Training", n: 113, events: 30 }, { label: "Test (sealed)", n: 48, events: 13 }],
      },
    },
    {
      id: "funnel", title: "From 370 features to 4", section: "features", front: true, chart: "funnel", caption: "Features left after each step of the fit on all development patients.",
      data: { stages: [{ label: "Extracted", left: 370 }, { label: "Variance above 0", left: 362 }, { label: "ICC ≥ 0.75 (two readers)", left: 281 }, { label: "|Spearman| < 0.9", left: 74 }, { label: "Univariable Cox, p < 0.1", left: 19 }, { label: "LASSO, λ.min", left: 4, names: names.slice(3, 7) }] },
    },
    {
      id: "icc", title: "Agreement of the features between two readers", section: "features", chart: "icc", caption: "ICC(2,1) with 95% confidence intervals, sorted.",
      data: {
        form: "ICC(2,1)", threshold: 0.75, readers: 2, n: 30,
        features: range(180).map((i) => {
          const icc = 0.985 - 0.00000011 * i * i * i - 0.03 * random.next() * (i / 180);
          return { name: names[i], icc, low: icc - 0.22 * (1.1 - icc), high: Math.min(1, icc + 0.15 * (1.05 - icc)) };
        }),
      },
    },
    heatmapOf(features, random.stream("heatmap")),
    { id: "lasso-path", title: "LASSO coefficients", section: "features", chart: "lassoPath", caption: "Coefficients of the standardised features along the path.", data: { lambda: l.lambda, coefficients: l.coefficients, chosen: l.chosen, nonzero: l.nonzero } },
    { id: "lasso-cv", title: "LASSO cross-validation", section: "features", chart: "lassoCv", caption: "Partial likelihood deviance, mean ± SE over 10 folds.", data: { lambda: l.lambda, mean: l.mean, se: l.se, nonzero: l.nonzero, measure: "Partial likelihood deviance", chosen: l.chosen } },
    {
      id: "radscore-coefficients", title: "Coefficients of the Radscore", section: "models", front: true, chart: "bars", caption: "Coefficients per standard deviation.",
      data: { label: "Coefficient (per SD)", zero: true, bars: [0.42, -0.31, 0.18, -0.06].map((value, i) => ({ name: names[i + 3], value })) },
    },
    {
      id: "stability", title: "How often each feature came back", section: "stability", chart: "bars", caption: "Share of 1,000 whole-pipeline bootstraps that kept the feature.",
      data: { label: "Share of bootstraps", domain: [0, 1], bars: range(18).map((i) => ({ name: names[i + 3], value: 0.71 * exp(-0.14 * i), ...(i < 4 ? { note: "in the final model" } : {}) })) },
    },
    {
      id: "univariable-multivariable", title: "Univariable and multivariable Cox regression", section: "models", chart: "forest", caption: "Hazard ratios with 95% confidence intervals.",
      data: {
        measure: "HR", reference: 1, log: true, panels: ["Univariable", "Multivariable"],
        rows: [
          { label: "Age, per 10 years", n: 161, events: 43, panels: [{ value: 0.93, low: 0.67, high: 1.29, p: 0.66 }, null] },
          { label: "Oestrogen receptor", panels: [null, null] },
          { label: "positive", indent: true, n: 92, events: 18, panels: [{ value: 1, low: NaN, high: NaN }, null] },
          { label: "negative", indent: true, n: 69, events: 25, panels: [{ value: 2.14, low: 1.17, high: 3.92, p: 0.013 }, { value: 1.88, low: 1.01, high: 3.5, p: 0.046 }] },
          { label: "Longest diameter, per cm", n: 161, events: 43, panels: [{ value: 1.14, low: 1.03, high: 1.26, p: 0.009 }, { value: 1.09, low: 0.97, high: 1.22, p: 0.14 }] },
          { label: "Clinically inflammatory", n: 161, events: 43, panels: [{ value: 6.4, low: 1.2, high: 48, p: 0.031 }, { value: 4.1, low: 0.5, high: 39, p: 0.19 }] },
          { label: "Radscore, per SD", n: 161, events: 43, panels: [{ value: 1.72, low: 1.29, high: 2.3, p: 0.0002 }, { value: 1.55, low: 1.14, high: 2.11, p: 0.005 }] },
        ],
      },
    },
    {
      id: "roc", title: "Receiver operating characteristic", section: "performance", front: true, chart: "roc", caption: "Curves with 95% confidence bands; the points mark the cut used.",
      data: { panels: ["Training", "Test"].map((title, k) => ({ title, n: 161 - 40 * k, events: 43 - 10 * k, curves: models.map((name, m) => ({ name, kind: k === 0 ? "apparent" : "test", ...rocCurve(0.8 + 0.45 * m - 0.3 * k, random.stream(`roc ${k} ${m}`), m === 2) })) })) },
    },
    {
      id: "auc-of-time", title: "Time-dependent AUC", section: "performance", front: true, chart: "timeAuc", caption: "Cumulative/dynamic AUC with pointwise 95% confidence band of the combined model.",
      data: {
        unit: "months", window: [24, 60], kind: "nested cross-validation",
        curves: models.map((name, m) => {
          const v = auc([0.63, 0.66, 0.71][m], [-0.05, 0.02, -0.03][m], random.stream(`auc ${m}`));
          return { name, time: times, auc: v, low: v.map((a, i) => a - 0.07 - 0.001 * i), high: v.map((a, i) => a + 0.07 + 0.001 * i), median: [0.632, 0.661, 0.708][m] };
        }),
        atRisk: [12, 24, 36, 48, 60, 72].map((time, k) => ({ time, n: 152 - 22 * k, events: 7 + 7 * k })),
      },
    },
    {
      id: "calibration", title: "Calibration of the combined model", section: "calibration", front: true, chart: "calibration", caption: "Smoothed observed against predicted risk.",
      data: { xLabel: "Predicted risk at 36 months", yLabel: "Observed risk", panels: [calibrationPanel("Development", "optimism-corrected", 0.05, 1, random.stream("cal 1")), calibrationPanel("External", "external", -0.35, 0.75, random.stream("cal 2"))] },
    },
    { id: "decision", title: "Decision curves", section: "use", front: true, chart: "decision", caption: "Net benefit against treating all and none.", data: { label: "Risk threshold for intensified follow-up", panels: [decisionPanel("36 months"), decisionPanel("60 months")] } },
    nomogramFigure(),
    {
      id: "survival", title: "Recurrence-free survival by risk group", section: "survival", front: true, chart: "survival", caption: "Kaplan–Meier curves with 95% confidence bands; ticks are censored patients.",
      data: { unit: "months", yLabel: "Recurrence-free survival", kind: "nested cross-validation", ticks, groups: [survivalGroup("Low risk", 106, 0.003, ticks, random.stream("low")), survivalGroup("High risk", 55, 0.011, ticks, random.stream("high"))], test: "Log-rank p = 0.0004", ratio: "HR 3.1 (95% CI 1.7 to 5.7)", note: "cut at the median of the fold's training patients" },
    },
    {
      id: "waterfall", title: "Radscore of every patient", section: "models", chart: "waterfall", caption: "Patients sorted by Radscore; the line is the cut.",
      data: (() => {
        const r = random.stream("waterfall");
        const scores = normals(161, r).sort((a, b) => b - a);
        return { scores, events: scores.map((s) => (r.next() < logistic(-1.2 + 0.9 * s) ? 1 : 0)), cut: 0.25, label: "Radscore", eventName: "recurrence", otherName: "no recurrence" };
      })(),
    },
    {
      id: "radscore-by-grade", title: "Radscore by grade", section: "models", chart: "association", caption: "Median, quartiles, and every patient.",
      data: { kind: "score", label: "Radscore", test: "Kruskal–Wallis p = 0.018", groups: [["Grade 1", 14, -0.5], ["Grade 2", 66, -0.1], ["Grade 3", 75, 0.3]].map(([name, n, m]) => ({ name: name as string, values: normals(n as number, random.stream(name as string), m as number, 0.9) })) },
    },
    {
      id: "bpe-by-receptor", title: "Background enhancement by oestrogen receptor", section: "models", chart: "association", caption: "Shares and counts.",
      data: { kind: "table", rows: ["ER positive", "ER negative"], columns: ["minimal", "mild", "moderate", "marked"], counts: [[12, 30, 34, 16], [21, 27, 15, 6]], rowLabel: "Oestrogen receptor", columnLabel: "Background enhancement", test: "Fisher p = 0.012" },
    },
    {
      id: "her2-change", title: "HER2 from primary to recurrence", section: "patients", chart: "change", caption: "Receptor status of the same patients at two time points.",
      data: { before: { label: "Primary", levels: ["HER2 negative", "HER2 positive"] }, after: { label: "Recurrence", levels: ["HER2 negative", "HER2 positive"] }, counts: [[29, 4], [1, 13]], test: "McNemar p = 0.37" },
    },
    {
      id: "merit", title: "Performance by model and kind of validation", section: "performance", front: true, chart: "merit", caption: "C-index with 95% confidence intervals.",
      data: { measure: "C-index", reference: 0.5, rows: models.flatMap((model, m) => kinds.map((kind, k) => ({ model, kind, value: [0.66, 0.78, 0.81][m] - [0, 0.04, 0.07][k] * (1 + m) * 0.6, ...(k === 1 ? {} : { low: [0.66, 0.78, 0.81][m] - 0.08 - [0, 0.04, 0.07][k] * (1 + m) * 0.6, high: [0.66, 0.78, 0.81][m] + 0.08 - [0, 0.04, 0.07][k] * (1 + m) * 0.6 }), n: 161, events: 43 }))) },
    },
    {
      id: "comparison", title: "Models against each other", section: "performance", chart: "comparison", caption: "Differences of the C-index, column minus row.",
      data: { measure: "C-index", kind: "nested cross-validation", models, difference: [[NaN, 0.031, 0.058], [-0.031, NaN, 0.027], [-0.058, -0.027, NaN]], low: [[NaN, -0.06, 0.004], [-0.122, NaN, -0.03], [-0.112, -0.084, NaN]], high: [[NaN, 0.122, 0.112], [0.06, NaN, 0.084], [-0.004, 0.03, NaN]], p: [[NaN, 0.5, 0.035], [0.5, NaN, 0.35], [0.035, 0.35, NaN]] },
    },
    {
      id: "spread", title: "Spread over 100 repeats of cross-validation", section: "stability", chart: "spread", caption: "One dot a repeat; mean ± SD.",
      data: {
        panels: [
          { measure: "Accuracy", reference: { label: "no-information rate", value: 0.705 }, strips: models.map((name, m) => ({ name, ...repeats(0.7 + 0.02 * m, 0.018, random.stream(`accuracy ${m}`)) })) },
          { measure: "Calibration slope", reference: { label: "ideal", value: 1 }, strips: models.map((name, m) => ({ name, ...repeats(0.9 - 0.15 * m, 0.09, random.stream(`slope ${m}`)) })) },
        ],
      },
    },
    {
      id: "combat", title: "Features before and after ComBat", section: "features", chart: "pca", caption: "First two principal components of the standardised features.",
      data: { panels: [{ title: "Before", points: points(0.6, random.stream("before")), explained: [0.41, 0.17] }, { title: "After ComBat", points: points(0.03, random.stream("after")), explained: [0.33, 0.15] }] },
    },
    {
      id: "subgroups", title: "Subgroups", section: "performance", chart: "forest", caption: "C-index of the combined model in subgroups, nested cross-validation.",
      data: {
        measure: "C-index", reference: 0.5, log: false, panels: ["Combined model"],
        rows: [["All patients", 161, 43, 0.7, 0.04, false], ["Age", 0, 0, 0, 0, false], ["≤ 50 years", 88, 24, 0.72, 0.06, true], ["> 50 years", 73, 19, 0.66, 0.07, true], ["Subtype", 0, 0, 0, 0, false], ["HR+/HER2−", 70, 14, 0.69, 0.08, true], ["HER2+", 46, 11, 0.61, 0.1, true], ["Triple negative", 45, 18, 0.74, 0.07, true]]
          .map(([label, n, events, value, half, indent]) => ({ label: label as string, ...(indent ? { indent: true } : {}), ...(n ? { n: n as number, events: events as number } : {}), panels: [n ? { value: value as number, low: (value as number) - 1.96 * (half as number), high: Math.min(1, (value as number) + 1.96 * (half as number)) } : null] })),
      },
    },
  ];
}

export const sampleFigures: Figure[] = sampleFiguresOf();

