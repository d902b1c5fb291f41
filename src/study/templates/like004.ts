import type { Template } from "./template.js";

/** Internal mammary node metastasis: 124 patients, 21 events, 850 features (Front Oncol 2025;15:1477866). */
export const like004: Template = {
  paper: "004", outcome: "binary",
  what: "binary: clinical, radiomics and clinical-radiomics logistic models, nomogram, 5-fold × 100",
  head: `# After the method of the study of internal mammary node metastasis (Front Oncol 2025;15:1477866). Every step is repeated inside each
# fold and each bootstrap sample; order: as-published runs the steps once on all patients, as the paper did, and shows each fault
# beside the honest number.`,
  question: "Does radiomics of the pre-operative DCE-MRI add to clinical variables in predicting internal mammary node metastasis?",
  data: `cohorts:
  - name: Patients
    # Inclusion and exclusion, with a typed reason for each; every patient that leaves is in the flow chart.
    # screened: 150
    # flow:
    #   - { reason: neoadjuvant therapy, removed: 20 }
    tables:
      - { file: clinical.csv, id: patient }
      - { file: radiomics.csv, id: patient }
    # exclude:
    #   - { column: stage, is: IV, reason: stage IV, kind: eligibility }

variables:
  # Guard: Table 1 is counted from these rows, so that its columns add up.
  age: { label: Age, unit: years }
  location: { label: Location of the tumour, levels: { 1: medial, 2: lateral, 3: central } }
  grade: { label: Histological grade, levels: { 1: G1, 2: G2, 3: G3 }, ordered: true }
  er: { label: Oestrogen receptor, levels: { 0: negative, 1: positive } }
  her2: { label: HER2, levels: { 0: negative, 1: positive } }
  ki67: { label: Ki-67, unit: "%" }
  # Departure: the number of axillary metastases is known after the operation, not to a model that predicts before it. The paper used it.
  # Guard: naming it in a group stops the run.
  nodes: { label: Axillary metastases, available: false }

groups:
  clinical: [age, location, grade, er, her2, ki67]
  radiomics: ["original_*"]

outcome:
  kind: binary
  name: internal mammary node metastasis
  column: imn
  event: [1]
  noEvent: [0]
  eventName: metastasis
  otherName: no metastasis
`,
  clinical: ["clinical"],
  method: ({ clinical }) => `scores:
  Radscore:
    # Guard: 850 features for 21 events; events per candidate are counted, and Riley's sample size is printed before any fit.
    from: [radiomics]
    steps:
      - variance
      # "the linear correlation between each feature and category label" (the t test of equal variances is its test)
      - univariable: { p: 0.1, test: t }
      # "eliminating variables with strong correlations … and those exhibiting multicollinearity"
      - correlation: { method: pearson, max: 0.9 }
      - vif: { max: 10 }
      # Departure: "[(x-mean)/SD]" of the training patients of each fold, not of all
      - zScore
      # "LASSO logistic regression … followed by the forward method based on partial maximum likelihood estimation"
      - lasso: { folds: 10, lambda: min }
      # (SPSS's Forward: LR: enters by the score test at 0.05, leaves by the likelihood ratio at 0.1)
      - stepwise: { criterion: scoreLR, enter: 0.05, stay: 0.1 }
    # Guard: odds ratios of millions are separation; learner: firth is then offered.
    learner: logistic

models:
  clinical:
    title: Clinical
    from: [${clinical.join(", ")}]
    steps:
      - impute: { method: median }
      # "p-values < 0.1 in the univariate analysis", of these "p-values < 0.05 in the multivariate analysis"
      - univariable: { p: 0.1 }
      - stepwise: { criterion: p, direction: backward, stay: 0.05 }
    learner: logistic
  radiomics:
    title: Radiomics
    from: [Radscore]
    learner: logistic
  combined:
    title: Clinical-radiomics
    from: [clinical.selected, Radscore]
    learner: logistic
final: combined
reference: clinical

validation:
  # Departure: "repeated k-fold CV … k = 5 … 100 replicate", but of the whole pipeline, not of the final model. Guard: accuracy stands beside the
  # no-information rate; the spread over repeats is not a confidence interval.
  crossValidation: { folds: 5, repeats: 100 }
  # Optimism of the whole pipeline: the paper has no test set, and its AUC are apparent.
  bootstrap: 1000

evaluation:
  threshold: youden
  # Guard: DeLong's test of nested models on their training patients is marked; Hosmer–Lemeshow is marked as weak, calibration slope
  # and curve come first.
`,
};
