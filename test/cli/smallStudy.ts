// A small study on a disk for tests of the whole command: two tables, few features, patients under ids that would be seen in any output.
import { randomStream } from "../../src/math/index.js";
import { file } from "./bin.js";

/** Ids as hospitals write them: comma, quote, letters outside ASCII, a leading zero. */
export const idOf = (i: number): string => [`O'Neil; Żk${i}`, `Żk-0${i}, J."`, `00Żk${i}`, `Żk/${i}#ü`][i % 4];
export const idMark = "Żk";
const quoted = (id: string) => `"${id.replaceAll('"', '""')}"`;

export type Row = { id: string; age: number; grade: string; y: string; f: number[] };
export function rowsOf(n = 60, seed = "small study", first = 0): Row[] {
  const random = randomStream(seed);
  return Array.from({ length: n }, (_, i) => {
    const f = Array.from({ length: 5 }, () => Number(random.normal().toFixed(4)));
    const age = Math.round(50 + 10 * random.normal());
    return { id: idOf(first + i), age, grade: ["G1", "G2", "G3"][random.below(3)], y: random.next() < 1 / (1 + Math.exp(0.4 - 1.2 * f[0] - (age - 50) / 15)) ? "1" : "0", f };
  });
}
export const clinicalCsv = (rows: readonly Row[]) => `id,age,grade,y\n${rows.map((r) => [quoted(r.id), Number.isNaN(r.age) ? "" : r.age, r.grade, r.y].join(",")).join("\n")}\n`;
export const featuresCsv = (rows: readonly Row[]) => `id,f1,f2,f3,f4,f5\n${rows.map((r) => [quoted(r.id), ...r.f].join(",")).join("\n")}\n`;

export const smallPlan = `radscore: 1
title: Small study
seed: 3
cohorts:
  - name: Here
    tables:
      - { file: clinical.csv, id: id }
      - { file: features.csv, id: id }
outcome: { kind: binary, name: response, column: y, event: [1], noEvent: [0] }
variables:
  grade: { levels: [G1, G2, G3] }
groups:
  clinical: [age, grade]
  features: ["f*"]
scores:
  Radscore: { from: [features], steps: [{ impute: { method: median } }, zScore], learner: { lasso: { folds: 3 } } }
models:
  clinical: { from: [clinical], steps: [{ impute: { method: mode } }], learner: firth }
  combined: { from: [clinical, Radscore], steps: [{ impute: { method: mode } }], learner: firth }
final: combined
reference: clinical
validation:
  crossValidation: { folds: 3, repeats: 2 }
  bootstrap: 4
`;

/** Writes the study into a folder; `change` puts one text of the plan in place of another, `files` other tables. @returns the plan's path */
export function smallStudy(folder: string, { change = [], files = {}, rows = rowsOf() }: { change?: [string, string][]; files?: Record<string, string>; rows?: Row[] } = {}): string {
  let plan = smallPlan;
  for (const [from, to] of change) {
    if (!plan.includes(from)) throw new Error(`the plan has no "${from}"`);
    plan = plan.replace(from, to);
  }
  for (const [name, content] of Object.entries({ "clinical.csv": clinicalCsv(rows), "features.csv": featuresCsv(rows), ...files })) file(`${folder}/${name}`, content);
  return file(`${folder}/study.yaml`, plan);
}
