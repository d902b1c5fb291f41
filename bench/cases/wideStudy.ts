// A generated study as wide as the largest published ones: plan, clinical table and a table of 11,258 features on disk.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { makeTable, numberColumn, writeParquet } from "../../src/cohort/index.js";
import { randomStream } from "../../src/math/index.js";

export type WideSize = { patients: number; features: number };

/** Column k of a patient: one of 60 hidden factors and noise of its own, so that many are alike; six factors carry the outcome. */
function* features({ patients, features: p }: WideSize, hidden: Float64Array[]): Generator<Float64Array> {
  const random = randomStream(1211).stream("features");
  for (let j = 0; j < p; j++) {
    const share = 0.3 + 0.69 * random.next();
    const factor = hidden[random.below(hidden.length)];
    yield Float64Array.from({ length: patients }, (_, i) => Number((Math.sqrt(share) * factor[i] + Math.sqrt(1 - share) * random.normal()).toPrecision(6)));
  }
}

/**
 * Writes plan.yaml, clinical.csv and features.csv (or .parquet) into a folder: survival of a cohort with age and grade, a wide radiomics
 * table, one pipeline of variance, univariable Cox, correlation and LASSO, one combined model. Seeded: the same bytes every time.
 * @returns path of the plan
 */
export function writeWideStudy(folder: string, size: WideSize, kind: "csv" | "parquet"): string {
  mkdirSync(folder, { recursive: true });
  const { patients: n } = size;
  const random = randomStream(1211).stream("patients");
  const hidden = Array.from({ length: 60 }, () => Float64Array.from({ length: n }, () => random.normal()));
  const id = Array.from({ length: n }, (_, i) => `P${i + 1}`);
  const clinical = ["patient,age,grade,months,relapse"];
  for (let i = 0; i < n; i++) {
    const age = Math.round(55 + 11 * random.normal()), grade = 1 + random.below(3);
    const risk = [0, 1, 2, 3, 4, 5].reduce((s, k) => s + 0.35 * hidden[k][i], 0.3 * (grade - 2));
    const time = (-Math.log(1 - random.next()) * 90) / Math.exp(risk), end = 24 + 60 * random.next();
    clinical.push(`${id[i]},${age},${grade},${Math.min(time, end).toFixed(2)},${time <= end ? 1 : 0}`);
  }
  writeFileSync(join(folder, "clinical.csv"), `${clinical.join("\n")}\n`);
  const columns = [...features(size, hidden)];
  const names = columns.map((_, j) => `wavelet_f${j + 1}`);
  if (kind === "parquet") writeFileSync(join(folder, "features.parquet"), writeParquet(makeTable(id, Object.fromEntries(names.map((name, j) => [name, numberColumn(columns[j])])))));
  else {
    const file = openSync(join(folder, "features.csv"), "w");
    writeSync(file, `patient,${names.join(",")}\n`);
    for (let i = 0; i < n; i++) writeSync(file, `${id[i]},${columns.map((c) => c[i]).join(",")}\n`);
    closeSync(file);
  }
  const plan = join(folder, "plan.yaml");
  writeFileSync(plan, planText(kind));
  return plan;
}

const planText = (kind: string): string => `radscore: 1
title: A wide study
seed: 1211
cohorts:
  - name: generated
    tables:
      - { file: clinical.csv, id: patient }
      - { file: features.${kind}, id: ${kind === "csv" ? "patient" : "id"} }
variables:
  age: { label: Age, unit: years }
  grade: { label: Grade, levels: { 1: G1, 2: G2, 3: G3 } }
groups:
  clinical: [age, grade]
  radiomics: ["wavelet_*"]
outcome:
  kind: survival
  name: relapse-free survival
  time: months
  event: relapse
  codes: { event: [1], censored: [0] }
  unit: months
  eventName: relapse
scores:
  Radscore:
    from: [radiomics]
    steps:
      - variance
      - univariable: { p: 0.05 }
      - correlation: { method: spearman, max: 0.9 }
      - zScore
    learner: { lassoCox: { folds: 10, lambda: min } }
models:
  clinical: { from: [clinical], learner: cox }
  combined: { from: [clinical, Radscore], learner: cox }
final: combined
reference: clinical
validation: { crossValidation: false, bootstrap: false }
evaluation:
  times: [24, 60]
`;
