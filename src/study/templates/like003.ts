import type { Template } from "./template.js";

/** Disease-free survival from ultrasound and MRI, three centres, 643 patients. */
export const like003: Template = {
  paper: "003", outcome: "survival",
  what: "survival: ultrasound and MRI signatures of lesion and rim, gross and multi-modal signatures, stepwise BIC, external centres",
  head: `# After the method of the study of disease-free survival from ultrasound and MRI: a signature for each region, signatures of signatures (gross,
# multi-modal), clinical and MRI models by BIC; one centre trains, two are external. What departs from the paper is named, with the reason.`,
  question: "Do ultrasound and MRI signatures add to clinical and MRI variables in predicting disease-free survival?",
  data: `cohorts:
  - name: Centre 1
    tables:
      - { file: centre1_clinical.csv, id: patient }
      # Features of the lesion and of its rim, by radscore extract or another program. Guard: patients who trained the segmentation are
      # named as an overlap; ultrasound without a scale is in pixels, with a warning across machines.
      - { file: centre1_radiomics.csv, id: patient }
  - name: Centres 2 and 3
    role: external
    tables:
      - { file: centres23_clinical.csv, id: patient }
      - { file: centres23_radiomics.csv, id: patient }

variables:
  age: { label: Age, unit: years }
  grade: { label: Histological grade, levels: { 1: G1, 2: G2, 3: G3 }, ordered: true }
  mri_size: { label: Size on MRI, unit: mm }
  mri_margin: { label: Margin on MRI, levels: { 1: circumscribed, 2: irregular, 3: spiculated } }

derive:
  # T and N as the AJCC has them, from what was measured.
  T: { rule: tCategory, millimetres: size_mm }
  N: { rule: nCategory, positiveNodes: nodes_positive }

groups:
  clinical: [age, T, N, grade]
  mri: [mri_size, mri_margin]
  ultrasound lesion: ["us_intra_*"]
  # Departure: one width of the rim named beforehand (6 pixels, 2 mm). Guard: the paper compared seven of each by their merit on the test
  # set, which makes it a tuning set.
  ultrasound rim: ["us_peri6_*"]
  MRI lesion: ["mri_intra_*"]
  MRI rim: ["mri_peri2_*"]

outcome:
  # DFS, built from dates. Guard: events are counted by type; who leaves (no date, event before the operation) is in the flow.
  kind: survival
  endpoint: DFS
  origin: surgery
  lastContact: last_contact
  events: { localRecurrence: local_recurrence, distantMetastasis: metastasis, contralateralCancer: contralateral, death: death }
  unit: months
  eventName: recurrence, second cancer or death
`,
  clinical: ["clinical"],
  method: ({ clinical, radiomics, times = [12, 36, 60] }) => {
    const score = (name: string, group: string) => `  ${name}:
    from: [${group}]
    steps:
      - variance
      # "Spearman correlation coefficients and Ward linkage", one feature for each cluster
      - cluster: { height: 0.5, representative: medoid }
      # Departure: z-scores of the training patients of each fold
      - zScore
    # "LASSO Cox regression"; Rad-score: Σ feature × LASSO coefficient
    learner: { lassoCox: { folds: 10, lambda: min } }`;
    const byBic = (name: string, title: string, from: string) => `  ${name}:
    title: ${title}
    from: [${from}]
    steps:
      - impute: { method: median }
      - univariable: { p: 0.05 }
      # "step-wise manner based on the Bayesian information criterion" (log of the number of events, as R counts a Cox model's)
      - stepwise: { criterion: bic, direction: both }
    learner: cox`;
    const two = radiomics === undefined;
    return `scores:
${two ? `${score("US intra", "ultrasound lesion")}
${score("US peri", "ultrasound rim")}
${score("MRI intra", "MRI lesion")}
${score("MRI peri", "MRI rim")}
  # "the intra- and peri-radiomics signatures were combined to construct the gross-radiomics signature by using cox regression"
  US gross: { from: [US intra, US peri], learner: cox }
  MRI gross: { from: [MRI intra, MRI peri], learner: cox }
  # "combined the US-intra-, US-peri-, MRI-intra-, and MRI-peri-radiomics signatures to construct the multi-modal radiomics signature"
  # Guard: signatures that were fitted on a patient tell that patient too well; the nested folds fit all of them anew.
  Multi-modal: { from: [US intra, US peri, MRI intra, MRI peri], learner: cox }` : score("Radscore", "radiomics")}

models:
${byBic("clinical", "Clinical", clinical.join(", "))}
${two ? `${byBic("MRI", "Traditional MRI", "mri")}
  clinical MRI: { title: Clinical traditional MRI, from: [clinical.selected, MRI.selected], learner: cox }
  US signature: { title: US gross signature, from: [US gross], learner: cox }
  MRI signature: { title: MRI gross signature, from: [MRI gross], learner: cox }
  radiomics: { title: Multi-modal radiomics signature, from: [Multi-modal], learner: cox }
  radiomics model: { title: Multi-modal radiomics model, from: [clinical.selected, Multi-modal], learner: cox }
  # "combined the multi-modal Rad-score and the clinical traditional MRI model-score": two columns
  combined: { title: Multi-modal clinical imaging, from: [clinical MRI, Multi-modal], learner: cox }` : `  radiomics: { title: Signature, from: [Radscore], learner: cox }
  combined: { title: Clinical and signature, from: [clinical.selected, Radscore], learner: cox }`}
final: combined
reference: ${two ? "clinical MRI" : "clinical"}

validation:
  # Departure: training and internal testing sets waste events; nested folds test every patient. As the paper: take the # away.
  # Guard: a test set is opened once, and every set has its own decision curve (the paper merged two).
  # split: { by: random, test: 0.3 }
  crossValidation: { folds: 5, repeats: 20 }
  bootstrap: 200

evaluation:
  # "1-, 3-, and 5-year"
  times: [${times.join(", ")}]
  # "optimal cutoff of Rad-score identified by X-tile". Guard: a corrected P for a cut chosen by the outcome.
  cutpoint: { method: x-tile, groups: 2 }
`;
  },
};
