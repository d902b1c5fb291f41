import type { Template } from "./template.js";

/** Disease-free survival from ultrasound and MRI, three centres, 643 patients. */
export const like003: Template = {
  paper: "003", outcome: "survival",
  what: "survival: ultrasound and MRI signatures, stepwise BIC, multi-modal ladder, external centres",
  head: `# After the method of the study of disease-free survival from ultrasound and MRI: a signature for each region, clinical and MRI models by
# BIC, multi-modal combinations; one centre trains and tests, two are external. Steps that come later are named where they belong.`,
  question: "Do ultrasound and MRI signatures add to clinical and MRI variables in predicting disease-free survival?",
  data: `cohorts:
  - name: Centre 1
    tables:
      - { file: centre1_clinical.csv, id: patient }
      # Comes later from images: automatic masks and rims of 1 to 7 pixels or mm. Guard: patients who trained the segmentation are
      # named as an overlap; ultrasound without a scale is in pixels, with a warning across machines.
      - { file: centre1_radiomics.csv, id: patient }
  - name: Centres 2 and 3
    role: external
    tables:
      - { file: centres23_clinical.csv, id: patient }
      - { file: centres23_radiomics.csv, id: patient }

variables:
  age: { label: Age, unit: years }
  t_stage: { label: T stage, levels: { 1: T1, 2: T2, 3: T3 }, ordered: true }
  n_stage: { label: N stage, levels: { 0: N0, 1: N1, 2: N2, 3: N3 }, ordered: true }
  mri_size: { label: Size on MRI, unit: mm }
  mri_margin: { label: Margin on MRI, levels: { 1: circumscribed, 2: irregular, 3: spiculated } }

groups:
  clinical: [age, t_stage, n_stage]
  mri: [mri_size, mri_margin]
  ultrasound features: ["us_*"]
  MRI features: ["mri_original_*"]

outcome:
  kind: survival
  name: disease-free survival
  time: dfs_months
  event: dfs_event
  codes: { event: [1], censored: [0] }
  unit: months
  eventName: recurrence or death
`,
  clinical: ["clinical"],
  method: ({ clinical, radiomics, times = [36, 60] }) => {
    const score = (name: string, group: string) => `  ${name}:
    from: [${group}]
    steps:
      - variance
      # "Spearman correlation coefficients and Ward linkage", one feature for each cluster
      - cluster: { height: 0.5, representative: medoid }
      - zScore
    learner: { lassoCox: { folds: 10, lambda: min } }`;
    const byBic = (name: string, title: string, from: string) => `  ${name}:
    title: ${title}
    from: [${from}]
    steps:
      - impute: { method: median }
      - univariable: { p: 0.05 }
      # "step-wise manner based on the Bayesian information criterion"
      - stepwise: { criterion: bic, direction: both }
    learner: cox`;
    const two = radiomics === undefined;
    return `scores:
${two ? `${score("US signature", "ultrasound features")}\n${score("MRI signature", "MRI features")}` : score("Radscore", "radiomics")}
  # Guard: fourteen rims compared by their merit on the test set make it a tuning set. Name one region beforehand, or let the merit inside
  # the training patients choose.

models:
${byBic("clinical", "Clinical", clinical.join(", "))}
${two ? `${byBic("MRI", "Traditional MRI", "mri")}
  clinical MRI: { title: Clinical and MRI, from: [clinical.selected, MRI.selected], learner: cox }
  radiomics: { title: Multi-modal signature, from: [US signature, MRI signature], learner: cox }
  combined: { title: Multi-modal clinical imaging, from: [clinical.selected, MRI.selected, US signature, MRI signature], learner: cox }` : `  radiomics: { title: Signature, from: [Radscore], learner: cox }
  combined: { title: Clinical and signature, from: [clinical.selected, Radscore], learner: cox }`}
final: combined
reference: clinical

validation:
  # Internal test set, opened once. Guard: every set has its own decision curve; merged ones are marked.
  # split: { by: random, test: 0.3 }
  crossValidation: { folds: 5, repeats: 20 }
  bootstrap: 200

evaluation:
  times: [${times.join(", ")}]
  # "optimal cutoff of Rad-score identified by X-tile". Guard: a corrected P for a cut chosen by the outcome.
  cutpoint: { method: x-tile, groups: 2 }
`;
  },
};
