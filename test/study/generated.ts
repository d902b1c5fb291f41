// Generated studies with known truths, for tests and the coverage bench.
import { categoryColumn, type Column, type SurvivalOutcome, type BinaryOutcome, type Table } from "../../src/cohort/index.js";
import { exp, log, randomStream } from "../../src/math/index.js";
import type { CohortData, Plan, StudyData, World } from "../../src/study/index.js";
import { mapHere } from "../../src/study/fit/jobs.js";

export type Generated = {
  n: number; noise: number; seed: number | string; outcome: "binary" | "survival";
  /** coefficient of each signal feature s1, s2, … */
  signals?: number[];
  /** of the clinical variable "age" and of the category "grade" */
  age?: number; grade?: number;
  /** share with the event, at the mean */
  intercept?: number; centres?: string[]; shift?: number; name?: string; first?: number;
};

/** A cohort: features s1 … (with signal), f1 … (noise), age, grade (G1, G2, G3). */
export function generatedCohort({ n, noise, seed, outcome, signals = [], age = 0, grade = 0, intercept = -0.5, centres, shift = 0, name = "Generated", first = 1 }: Generated, role: "development" | "external" = "development"): CohortData {
  const random = randomStream(seed);
  const column = (what: string): Float64Array => { const r = random.stream(what); return Float64Array.from({ length: n }, () => r.normal()); };
  const columns: Record<string, Column> = {};
  const centre = centres === undefined ? undefined : Array.from({ length: n }, (_, i) => centres[i % centres.length]);
  const move = (i: number) => (centre === undefined ? 0 : shift * centres!.indexOf(centre[i]));
  const linear = new Float64Array(n).fill(intercept);
  signals.forEach((b, k) => {
    const values = column(`s${k + 1}`);
    values.forEach((v, i) => { linear[i] += b * v; });
    columns[`s${k + 1}`] = { kind: "number", values: values.map((v, i) => v + move(i)) };
  });
  for (let k = 1; k <= noise; k++) columns[`f${k}`] = { kind: "number", values: column(`f${k}`).map((v, i) => v + move(i)) };
  const ages = column("age");
  ages.forEach((v, i) => { linear[i] += age * v; });
  columns["age"] = { kind: "number", values: ages.map((v) => 50 + 10 * v), unit: "years" };
  const grades = random.stream("grade");
  const g = Array.from({ length: n }, () => grades.below(3));
  g.forEach((v, i) => { linear[i] += grade * (v - 1); });
  columns["grade"] = categoryColumn(g.map((v) => `G${v + 1}`), ["G1", "G2", "G3"], true);
  const chance = random.stream("outcome");
  const table: Table = { id: Array.from({ length: n }, (_, i) => `${name}-${first + i}`), columns };
  let made: BinaryOutcome | SurvivalOutcome;
  if (outcome === "binary") made = { kind: "binary", name: "response", event: Uint8Array.from(linear, (l) => (chance.next() < 1 / (1 + exp(-l)) ? 1 : 0)) };
  else {
    const time = new Float64Array(n), event = new Uint8Array(n);
    linear.forEach((l, i) => {
      const t = (-log(1 - chance.next()) * 60) / exp(l), c = 12 + 60 * chance.next();
      event[i] = t <= c ? 1 : 0;
      time[i] = Math.min(t, c);
    });
    made = { kind: "survival", name: "survival", unit: "months", time, event };
  }
  return { name, role, table, outcome: made, ...(centre && { centre }), readers: [], flow: [{ n }] };
}

export const dataOf = (development: CohortData, external: CohortData[] = []): StudyData => ({ development, external, findings: [], hashes: {}, understood: [] });

/** A plan by hand: a LASSO score of the features, a clinical model, a radiomics model and a combined one. */
export function planFor(cohort: CohortData, more: Partial<Plan> & { clinical?: string[] } = {}): Plan {
  const features = Object.keys(cohort.table.columns).filter((c) => /^[sf]\d+$/.test(c));
  const survival = cohort.outcome.kind === "survival";
  const learner = { name: survival ? "cox" : "logistic", options: {} };
  const { clinical = ["age", "grade"], ...rest } = more;
  return {
    radscore: 1, title: "Generated study", question: "Does it work?", seed: 7, order: "honest", strict: false,
    cohorts: [{ name: cohort.name, role: "development", tables: [], readers: [], flow: [], exclude: [], rename: {} }],
    variables: {}, groups: { clinical, radiomics: features },
    outcome: survival
      ? { kind: "survival", name: "survival", time: "time", event: "event", codes: { event: ["1"], censored: ["0"] }, unit: "months", divide: 1, eventName: "death" }
      : { kind: "binary", name: "response", column: "y", event: ["1"], noEvent: ["0"], eventName: "response", otherName: "no response" },
    scores: [{ name: "Radscore", kind: "score", title: "Radscore", from: ["radiomics"], steps: [{ name: "zScore", options: {} }], learner: { name: survival ? "lassoCox" : "lasso", options: { folds: 5 } } }],
    models: [
      { name: "clinical", kind: "model", title: "Clinical", from: ["clinical"], steps: [{ name: "stepwise", options: { criterion: "aic" } }], learner },
      { name: "radiomics", kind: "model", title: "Radiomics", from: ["Radscore"], steps: [], learner },
      { name: "combined", kind: "model", title: "Combined", from: ["clinical.selected", "Radscore"], steps: [], learner },
    ],
    final: "combined", reference: "clinical",
    validation: { leaveOneCentreOut: false },
    evaluation: {
      times: survival ? [24, 48] : [], level: 0.95, threshold: "youden", cutpoint: { method: "median", groups: 2 }, thresholds: [0.05, 0.5], comparisons: [],
      subgroups: [], associations: [], changes: [], paired: [], baseline: [], cases: [],
    },
    report: { notes: [], statements: {} },
    ...rest,
  };
}

/** A world in memory: what is kept can be looked at and spoiled. */
export function memoryWorld(): World & { kept: Map<string, Uint8Array>; said: string[]; written: Map<string, string> } {
  const kept = new Map<string, Uint8Array>(), said: string[] = [], written = new Map<string, string>();
  return {
    kept, said, written,
    read: async (path) => { throw new Error(`no file ${path}`); }, list: async () => [], exists: async () => false,
    write: async (path, bytes) => { written.set(path, String(bytes)); },
    recall: async (key) => kept.get(key), keep: async (key, bytes) => { kept.set(key, bytes.slice()); },
    map: mapHere, progress: () => {}, log: (_level, message) => { said.push(message); },
  };
}
