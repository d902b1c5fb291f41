// An invented study for the tests of the report: no patient, no measurement and no figure of merit here is real.
import { describe, type Table } from "../../src/cohort/index.js";
import { exp, randomStream } from "../../src/math/index.js";
import type { Estimate, Figure, Finding, Kind, Performance, StudyResults } from "../../src/report/index.js";

const n = 161, events = 43;
const set = "Invented cohort";
const models = ["clinical", "radiomics", "combined"];

/** A table of as many invented patients, for Table 1. */
function patients(): Table {
  const random = randomStream("invented patients");
  const column = (draw: () => number, missing = 0) => Float64Array.from({ length: n }, () => { const value = draw(); return random.next() < missing ? NaN : value; });
  const codes = (shares: number[], missing = 0) => Int32Array.from({ length: n }, () => {
    let u = random.next();
    const at = shares.findIndex((share) => (u -= share) < 0);
    return random.next() < missing ? -1 : at;
  });
  return {
    id: Array.from({ length: n }, (_, k) => `invented ${k + 1}`),
    columns: {
      recurrence: { kind: "category", levels: ["no recurrence", "recurrence"], ordered: false, codes: Int32Array.from({ length: n }, (_, k) => Number(k < events)) },
      age: { kind: "number", unit: "years", values: column(() => 48 + 9 * random.normal()) },
      "MRI LD Baseline": { kind: "number", unit: "mm", values: column(() => Math.round(60 * exp(0.4 * random.normal())), 0.02) },
      "HR Pos": { kind: "category", levels: ["negative", "positive"], ordered: false, codes: codes([0.43, 0.57], 0.02) },
      Her2MostPos: { kind: "category", levels: ["negative", "positive"], ordered: false, codes: codes([0.69, 0.31], 0.03) },
      grade: { kind: "category", levels: ["G1", "G2", "G3"], ordered: true, codes: codes([0.07, 0.42, 0.51], 0.05) },
    },
  };
}

type Value = [value: number, low?: number, high?: number];
function estimate(kind: Kind, [value, low, high]: Value, more: Partial<Estimate> = {}): Estimate {
  const method: Record<string, string> = {
    "nested cross-validation": "5-fold × 20, whole pipeline refitted in each fold, mean of folds",
    "optimism-corrected": "200 bootstrap samples of patients, whole pipeline refitted", apparent: "same patients as the fit", external: "frozen pipeline",
  };
  const interval: Record<string, string> = {
    "nested cross-validation": "influence function of the held-out folds, averaged over repeats", "optimism-corrected": "location-shifted bootstrap", apparent: "influence function", external: "DeLong",
  };
  return {
    value, ...(low !== undefined && high !== undefined ? { low, high, level: 0.95, intervalMethod: interval[kind] ?? "bootstrap percentile" } : {}),
    n, events, set, kind, method: method[kind] ?? kind, ...more,
  };
}

function performance(): Performance[] {
  const c: Record<string, { nested: Value; optimism: Value; apparent: Value; empty: [number, number] }> = {
    clinical: { nested: [0.642, 0.556, 0.728], optimism: [0.651, 0.568, 0.734], apparent: [0.683, 0.6, 0.766], empty: [0, 0] },
    radiomics: { nested: [0.551, 0.459, 0.643], optimism: [0.566, 0.475, 0.657], apparent: [0.721, 0.63, 0.812], empty: [31, 62] },
    combined: { nested: [0.638, 0.549, 0.727], optimism: [0.655, 0.566, 0.744], apparent: [0.752, 0.663, 0.841], empty: [0, 0] },
  };
  return models.flatMap((model): Performance[] => {
    const { nested, optimism, apparent, empty } = c[model];
    const at = (measure: string, estimate: Estimate): Performance => ({ model, measure, estimate });
    return [
      at("C-index", estimate("nested cross-validation", nested, { sd: 0.024, min: 0.58, max: 0.69, count: 20, fits: 100, empty: empty[0], seed: 1211 })),
      at("C-index", estimate("optimism-corrected", optimism, { sd: 0.031, count: 200, empty: empty[1], seed: 1211 })),
      at("C-index", estimate("apparent", apparent)),
      at("AUC(36)", estimate("nested cross-validation", [nested[0] + 0.02, nested[1]! + 0.01, nested[2]! + 0.03], { events: 29, sd: 0.03, count: 98, note: "2 folds without an event by 36 months do not count" })),
      at("AUC(36)", estimate("apparent", [apparent[0] + 0.02, apparent[1]! + 0.01, apparent[2]! + 0.03], { events: 29 })),
      at("Brier(36)", estimate("nested cross-validation", [0.148], { events: 29, sd: 0.011, count: 98 })),
      at("calibration slope", estimate("nested cross-validation", model === "radiomics" ? [0.31, -0.25, 0.87] : [0.79, 0.3, 1.28], { sd: 0.21, min: 0.3, max: 1.2, count: 20 })),
      at("calibration in the large", estimate("nested cross-validation", [-0.04, -0.33, 0.25], { count: 20 })),
    ];
  });
}

const findings: Finding[] = [
  { guard: "scaled upstream", severity: "warning", where: "features", message: "The 370 radiomics features come with mean 0 and standard deviation 1 over all 161 patients: they were scaled before they reached this study, with the patients that cross-validation holds out.", doInstead: "Give features as extracted, and scale them inside the pipeline." },
  { guard: "sample size", severity: "warning", where: "sample size", message: "374 candidates for 43 events: 0.11 events a candidate. Riley's criteria ask for 2,914 patients at a Cox–Snell R² of .15.", doInstead: "Fewer candidates, or a penalised model read with its calibration slope." },
  { guard: "empty selection", severity: "warning", where: "radiomics", message: "LASSO kept no feature in 31 of 100 folds and 62 of 200 bootstrap samples; those count as the null model (C-index 0.5)." },
  { guard: "numbers at risk", severity: "note", where: "timeAuc", message: "At 72 months 9 patients remain at risk; figures beyond 60 months are not to be read." },
  { guard: "uncorrected cut", severity: "warning", where: "survival", message: "The cut was chosen on these patients: no P is given for it. The cross-validated cut has a permuted P of 0.21." },
  { guard: "event counts", severity: "note", where: "Centre B", message: "24 patients with 7 events: intervals of any measure are wide." },
];

const blocks: StudyResults["blocks"] = [
  {
    name: "Radscore", kind: "score", title: "Radscore", learner: "lassoCox", inputs: ["T1_E_*"], candidates: 370, parameters: 3,
    steps: [
      { step: "variance", options: { min: 1e-8 }, before: 370, after: 366, removed: [{ name: "T1_E_original_firstorder_Minimum", why: "constant" }] },
      { step: "correlationFilter", options: { method: "pearson", max: 0.95 }, before: 366, after: 118, note: "of each pair the one of larger mean correlation leaves" },
      { step: "zScore", options: {}, before: 118, after: 118 },
      { step: "lassoCox", options: { folds: 10, lambda: "min" }, before: 118, after: 3, kept: ["T1_E_original_glcm_Imc2", "T1_E_wavelet_LHL_glszm_ZoneEntropy", "T1_E_original_shape_Flatness"] },
    ],
    selected: ["T1_E_original_glcm_Imc2", "T1_E_wavelet_LHL_glszm_ZoneEntropy", "T1_E_original_shape_Flatness"],
    coefficients: [
      { term: "T1_E_original_glcm_Imc2", coefficient: 0.2143 }, { term: "T1_E_wavelet_LHL_glszm_ZoneEntropy", coefficient: 0.0871 }, { term: "T1_E_original_shape_Flatness", coefficient: -0.1312 },
    ],
    formula: "Radscore = 0.2143 × T1_E_original_glcm_Imc2 + 0.0871 × T1_E_wavelet_LHL_glszm_ZoneEntropy − 0.1312 × T1_E_original_shape_Flatness",
    stability: { fits: 300, empty: 93, kept: [{ name: "T1_E_original_glcm_Imc2", share: 0.43 }, { name: "T1_E_original_shape_Flatness", share: 0.31 }, { name: "T1_E_wavelet_LHL_glszm_ZoneEntropy", share: 0.22 }, { name: "T1_E_original_firstorder_Skewness", share: 0.12 }] },
    warnings: [],
  },
  {
    name: "clinical", kind: "model", title: "Clinical model", learner: "cox", inputs: ["age", "HR Pos", "Her2MostPos", "MRI LD Baseline"], candidates: 4, parameters: 2,
    steps: [{ step: "impute", options: { method: "mode" }, before: 4, after: 4 }, { step: "univariable", options: { p: 0.1 }, before: 4, after: 3, removed: [{ name: "age", why: "p 0.42" }] }, { step: "stepwise", options: { criterion: "aic" }, before: 3, after: 2, removed: [{ name: "Her2MostPos", why: "AIC" }] }],
    selected: ["HR Pos", "MRI LD Baseline"],
    coefficients: [
      { term: "HR Pospositive", coefficient: -0.713, ratio: exp(-0.713), low: 0.27, high: 0.89, p: 0.019, intervalMethod: "Wald" },
      { term: "MRI LD Baseline", coefficient: 0.0132, ratio: exp(0.0132), low: 1.003, high: 1.024, p: 0.0097, intervalMethod: "Wald" },
    ],
    formula: "lp = −0.713 × [HR Pos = positive] + 0.0132 × MRI LD Baseline", baseline: [{ time: 36, cumulativeHazard: 0.134 }, { time: 60, cumulativeHazard: 0.221 }],
    stability: { fits: 300, empty: 0, kept: [{ name: "MRI LD Baseline", share: 0.94 }, { name: "HR Pos", share: 0.86 }, { name: "Her2MostPos", share: 0.24 }, { name: "age", share: 0.11 }] },
    univariable: [
      { term: "age", ratio: 0.988, low: 0.955, high: 1.022, p: 0.42, n, events },
      { term: "HR Pos", level: "positive", ratio: 0.52, low: 0.29, high: 0.95, p: 0.033, n: 158, events: 42 },
      { term: "Her2MostPos", level: "positive", ratio: 1.71, low: 0.93, high: 3.15, p: 0.085, n: 156, events: 41 },
      { term: "MRI LD Baseline", ratio: 1.012, low: 1.002, high: 1.022, p: 0.018, n: 158, events: 43 },
    ],
    warnings: [],
  },
  {
    name: "radiomics", kind: "model", title: "Radiomics model", learner: "cox", inputs: ["Radscore"], candidates: 370, parameters: 1, steps: [], selected: ["Radscore"],
    coefficients: [{ term: "Radscore", coefficient: 2.31, ratio: exp(2.31), low: 4.1, high: 24.8, p: 0.00001, intervalMethod: "Wald" }],
    formula: "lp = 2.31 × Radscore", baseline: [{ time: 36, cumulativeHazard: 0.172 }, { time: 60, cumulativeHazard: 0.281 }],
    warnings: ["Interval and p of the Radscore take its features as given; they were chosen on these patients, so that both are too good."],
  },
  {
    name: "combined", kind: "model", title: "Combined model", learner: "cox", inputs: ["clinical.selected", "Radscore"], candidates: 374, parameters: 3, steps: [], selected: ["HR Pos", "MRI LD Baseline", "Radscore"],
    coefficients: [
      { term: "HR Pospositive", coefficient: -0.623, ratio: exp(-0.623), low: 0.29, high: 0.98, p: 0.043, intervalMethod: "Wald" },
      { term: "MRI LD Baseline", coefficient: 0.0108, ratio: exp(0.0108), low: 1, high: 1.022, p: 0.051, intervalMethod: "Wald" },
      { term: "Radscore", coefficient: 2.02, ratio: exp(2.02), low: 3.1, high: 18.4, p: 0.0002, intervalMethod: "Wald" },
    ],
    formula: "lp = −0.623 × [HR Pos = positive] + 0.0108 × MRI LD Baseline + 2.02 × Radscore", baseline: [{ time: 36, cumulativeHazard: 0.131 }, { time: 60, cumulativeHazard: 0.214 }],
    warnings: [],
  },
];

/** The figures that are given to the sample study where none are handed in: two drawn by hand. */
const plain: Figure[] = [
  { id: "flow", title: "Patients", section: "patients", front: true, chart: "flow", caption: "From the patients screened to those analysed, with the reason of each exclusion.", data: { eventName: "recurrence", steps: [{ label: "Screened", n: 221, out: [{ reason: "no radiomics features in the public release", n: 60 }] }, { label: "Analysed", n, events }], ends: [{ label: "Development", n, events }] } },
  { id: "merit", title: "Performance of the three models", section: "performance", front: true, chart: "merit", caption: "C-index with 95 % confidence intervals by kind of validation; the dashed line is chance.", data: { measure: "C-index", reference: 0.5, rows: performance().filter((p) => p.measure === "C-index").map(({ model, estimate: e }) => ({ model, kind: e.kind, value: e.value, ...(e.low !== undefined && e.high !== undefined ? { low: e.low, high: e.high } : {}), n, events })) } },
];

export function sampleResults(figures: Figure[] = plain): StudyResults {
  const table = patients();
  const difference: Estimate = estimate("nested cross-validation", [-0.004, -0.052, 0.044], { intervalMethod: "influence function of paired folds, averaged over repeats" });
  const apparentDifference: Estimate = estimate("apparent", [0.069, 0.012, 0.126]);
  return {
    format: "radscore results", formatVersion: 1, program: "radscore 0.0.0 (sample)",
    title: "Recurrence-free survival in an invented cohort", question: "Does radiomics of the pre-treatment DCE-MRI add to receptors and tumour size in predicting recurrence-free survival?",
    order: "honest", seed: 1211,
    outcome: { kind: "survival", name: "recurrence-free survival", event: "recurrence or death", unit: "months", times: [36, 60], window: [24, 60] },
    models, final: "combined", reference: "clinical",
    verdict: {
      sentence: "Radiomics adds nothing that this study can show: the combined model's C-index differs from the clinical model's by −0.004 (95 % CI −0.052 to 0.044).", adds: "no",
      comparison: { first: "clinical", second: "combined", measure: "C-index", difference },
    },
    cohorts: [
      {
        name: set, role: "development", n, events, followUp: { median: 64.2, low: 61.0, high: 68.9, unit: "months" },
        flow: [{ n: 221, kind: "before the table" }, { n: 161, removed: 60, reason: "no radiomics features in the public release", kind: "before the table" }, { n: 161, events }],
        centres: [{ name: "Centre A", n: 137, events: 36 }, { name: "Centre B", n: 24, events: 7 }],
      },
    ],
    overlap: { sets: [set], shared: [[n]] },
    baseline: [{ title: "Patients by recurrence", description: describe(table, { by: "recurrence" }) }],
    labels: {
      age: { label: "Age", unit: "years" }, "MRI LD Baseline": { label: "Longest diameter on MRI", unit: "mm" }, "HR Pos": { label: "Hormone receptor" }, Her2MostPos: { label: "HER2" }, grade: { label: "Histological grade" }, recurrence: { label: "Recurrence" },
    },
    blocks, performance: performance(),
    comparisons: [
      { first: "clinical", second: "combined", measure: "C-index", difference },
      { first: "clinical", second: "combined", measure: "C-index", difference: apparentDifference, test: { name: "likelihood-ratio test of nested models", statistic: 14.2, df: 1, p: 0.00016 } },
      { first: "clinical", second: "radiomics", measure: "C-index", difference: estimate("nested cross-validation", [-0.091, -0.203, 0.021]) },
    ],
    sampleSize: [
      { model: "clinical", candidates: 4, parameters: 2, eventsPerCandidate: 43 / 4, needed: { n: 291, events: 78, criterion: "shrinkage of at most 10 %" }, note: "Cox–Snell R² of .15 taken from the plan" },
      { model: "radiomics", candidates: 370, parameters: 1, eventsPerCandidate: 43 / 370, needed: { n: 2882, events: 770, criterion: "shrinkage of at most 10 %" }, note: "Cox–Snell R² of .15 taken from the plan" },
      { model: "combined", candidates: 374, parameters: 3, eventsPerCandidate: 43 / 374, needed: { n: 2914, events: 778, criterion: "shrinkage of at most 10 %" }, note: "Cox–Snell R² of .15 taken from the plan" },
    ],
    findings, faults: [], openings: [],
    riskGroups: { model: "combined", cuts: [0.41], names: ["low risk", "high risk"], method: "median of the training rows", figure: "survival" },
    figures,
    tables: [{ id: "subgroups", title: "Combined model in subgroups", columns: ["Subgroup", "n", "Events", "C-index", "95 % CI"], rows: [["Age below 50", 88, 25, 0.641, "0.52–0.76"], ["Age 50 and over", 73, 18, 0.629, "0.49–0.77"], ["Centre B", 24, 7, null, null]], note: "Nested cross-validation; below 10 events nothing is computed." }],
    parameters: [
      { what: "seed", value: "1211", from: "plan" }, { what: "cross-validation", value: "5 folds × 20 repeats, stratified by event", from: "plan" }, { what: "bootstrap", value: "200 samples of patients", from: "plan" },
      { what: "Radscore: correlation filter", value: "Pearson, |r| at most 0.95", from: "plan" }, { what: "Radscore: λ", value: "10-fold cross-validation, lambda.min", from: "plan" }, { what: "ties (Cox)", value: "Efron", from: "default" },
    ],
    methods: [
      { heading: "Patients and outcome", sentences: ["Of 221 patients screened, 161 had radiomics features; 43 of them had a recurrence or died.", "The outcome is recurrence-free survival in months."] },
      { heading: "Models", sentences: ["The clinical model took variables with p < 0.1 in univariable Cox regression and then backward selection by AIC.", "The Radscore is a LASSO Cox model after removal of constant features and of features correlated above 0.95.", "The combined model holds the clinical model's variables and the Radscore."] },
      { heading: "Validation", sentences: ["The whole pipeline was refitted in each of 100 folds (5-fold cross-validation, 20 repeats) and 200 bootstrap samples; an empty selection counts as the null model."] },
    ],
    report: { authors: "A. Author, B. Author", notes: ["The features were taken from a public release."], statements: { ethics: "The study used public, de-identified data; no approval was needed." } },
  };
}

/** The same study in the order that a paper published: each fault beside the honest figure. */
export function asPublishedResults(figures?: Figure[]): StudyResults {
  const honest = sampleResults(figures);
  const apparent = (value: Value) => estimate("apparent", value);
  const nested = (value: Value) => estimate("nested cross-validation", value);
  return {
    ...honest, order: "as-published",
    faults: [
      { fault: "selection on all patients", what: "Features were selected on all 161 patients before cross-validation.", measure: "C-index", model: "combined", asPublished: estimate("nested cross-validation", [0.748, 0.66, 0.836], { method: "5-fold × 20 of the final formula, selection outside" }), honest: nested([0.638, 0.549, 0.727]) },
      { fault: "cut in its own sample", what: "The cut was chosen by the least log-rank p on the same patients, whose p is printed.", measure: "hazard ratio", model: "combined", asPublished: apparent([3.9, 2.0, 7.6]), honest: nested([1.4, 0.8, 2.5]) },
    ],
  };
}
