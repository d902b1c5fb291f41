/** A whole plan of a survival study, line by line; tests change one line of it. */
export const survivalPlan = `radscore: 1
title: A study
seed: 7
cohorts:
  - name: A
    tables:
      - { file: clinical.csv, id: id }
      - { file: features.csv, id: id }
    exclude:
      - { column: stage, is: IV, reason: stage IV }
  - name: B
    models: [clinical]
    tables: [{ file: b.csv, id: id }]
    rename: { alter: age }
variables:
  age: { label: Age, unit: years }
  er: { levels: { 0: negative, 1: positive, 9: unknown }, missing: [unknown] }
  late: { available: false }
groups:
  clinical: [age, er]
  radiomics: ["f_*", "!f_bad"]
outcome:
  kind: survival
  name: survival
  time: months
  event: dead
  codes: { event: [1], censored: [0] }
  unit: months
scores:
  Radscore:
    from: [radiomics]
    steps: [variance, { correlation: { max: 0.9 } }, zScore]
    learner: { lassoCox: { folds: 10 } }
models:
  clinical:
    from: [clinical]
    steps:
      - impute
      - univariable: { p: 0.1 }
    learner: cox
  combined:
    from: [clinical.selected, Radscore]
    learner: cox
final: combined
reference: clinical
validation:
  crossValidation: { folds: 5, repeats: 2 }
  bootstrap: 10
evaluation:
  times: [12, 24]
  comparisons: [[clinical, combined]]
`;

/** The plan with one line changed: the line that is `from` (without its indentation) becomes `to` (which may hold several lines). */
export function changed(from: string, to: string, plan: string = survivalPlan): { text: string; line: number } {
  const lines = plan.split("\n");
  const at = lines.findIndex((l) => l.trim() === from);
  if (at < 0) throw new Error(`no line "${from}"`);
  const indent = /^ */.exec(lines[at])![0];
  lines[at] = to.split("\n").map((l) => indent + l).join("\n");
  return { text: lines.join("\n"), line: at + 1 };
}
