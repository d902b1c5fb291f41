import type { Template } from "./template.js";

/** Axillary node burden: 1,211 patients of four centres. */
export const like001: Template = {
  paper: "001", outcome: "binary",
  what: "binary, several centres: ComBat, ICC, elastic net, back-propagation network, external centres",
  head: `# After the method of the multi-centre study of axillary node burden: ComBat, ICC, rank-sum tests, correlation, upsampling, elastic net,
# back-propagation network; one centre trains, the others are external. What departs from the paper is named, with the reason.`,
  question: "Does MRI radiomics add to clinical variables in predicting a high axillary node burden?",
  data: `cohorts:
  - name: Centre I
    tables:
      - { file: centre1_clinical.csv, id: patient }
      - { file: centre1_radiomics.csv, id: patient }
    # "reapplied to 50 cases in the cohort after 2 months to assess the ICC"
    readers:
      - { file: centre1_radiomics_again.csv, id: patient, name: second reading }
    # The column of the scanner: ComBat is fitted on the training patients of each scanner.
    centre: scanner
  # Guard: external centres are sealed, and never inform the transform (the paper does not say on whom ComBat and z-scores were fitted).
  - name: Centres II–IV
    role: external
    tables:
      - { file: centres234_clinical.csv, id: patient }
      - { file: centres234_radiomics.csv, id: patient }
    centre: scanner

variables:
  age: { label: Age, unit: years }
  menopause: { label: Menopausal status, levels: { 0: pre, 1: post } }
  grade: { label: Histological grade, levels: { 1: G1, 2: G2, 3: G3 }, ordered: true }
  mri_nodes: { label: Nodes on MRI, levels: { 0: negative, 1: positive } }
  ki67: { label: Ki-67, unit: "%" }
  # Guard: counted after the operation, and the outcome is made of it: naming it, or what is derived from it, in a group stops the run.
  nodes_positive: { label: Positive axillary nodes, available: false }

derive:
  # Receptors, subtype and T from what the laboratory measured, by the rules that check and the methods name.
  ER: { rule: receptorStatus, percent: er_percent }
  PR: { rule: receptorStatus, percent: pr_percent }
  HER2: { rule: her2Status, ihc: her2_ihc, ratio: her2_ratio, copies: her2_copies }
  subtype: { rule: molecularSubtype, er: ER, pr: PR, her2: HER2, ki67: ki67, prPercent: pr_percent }
  T: { rule: tCategory, millimetres: size_mm }
  # "higher ALN burden (≥ 3 metastatic ALNs)"
  burden: { rule: nodeBurden, positiveNodes: nodes_positive }

groups:
  clinical: [age, menopause, grade, mri_nodes, ki67, subtype, T]
  radiomics: ["original_*", "wavelet*", "square_*", "exponential_*"]

outcome:
  kind: binary
  name: axillary node burden
  column: burden
  event: [high]
  noEvent: [low]
  eventName: high burden
  otherName: low burden
`,
  clinical: ["clinical"],
  method: ({ clinical, readers, centre }) => `scores:
  Radscore:
    from: [radiomics]
    steps:
      - variance
      # "ComBat Tool and z-scores". Departure: of the training patients of each fold. A centre that training did not have passes as it is; newCentre: transductive (with a reference centre)
      # estimates it from its own rows without outcomes, and is labelled so.
      ${centre ? "" : "# "}- combat: { newCentre: passThrough }
      # "ICC values > 0.75"
      ${readers ? "" : "# "}- icc: { form: "ICC(2,1)", min: 0.75 }
      # "rank-sum tests … between low and high"
      - univariable: { p: 0.05, test: mannWhitney }
      # "|r| > 0.6 … the feature with the higher mean absolute correlation … was eliminated"
      - correlation: { method: spearman, max: 0.6, drop: largerMean }
      - zScore
      # "Elastic-logistic analysis"
      - lasso: { alpha: 0.5, folds: 10, lambda: min }
      # "upsampling". Departure: it comes last and its repeated rows teach the network alone; the paper upsampled before the elastic net. Guard: no
      # metric, test or interval ever sees them (the paper's training metrics did); probabilities are set back to the prevalence.
      - upsample: { ratio: 1 }
    # "a backpropagation neural method … the predicted probability was regarded as the radscore". The paper does not say how many units.
    # Departure: weight decay, or so few events are learned by heart; the best of several starts, because one start is chance.
    learner: { network: { hidden: 3, decay: 0.1, starts: 3 } }

models:
  clinical:
    title: Clinical
    from: [${clinical.join(", ")}]
    steps:
      - impute: { method: median }
      # "Univariate and multivariate logistic regression", inside the resampling
      - univariable: { p: 0.05 }
      - stepwise: { criterion: p, direction: backward, stay: 0.05 }
    learner: logistic
  radiomics: { title: Radiomics, from: [Radscore], learner: logistic }
  combined: { title: Combined, from: [clinical.selected, Radscore], learner: logistic }
final: combined
reference: clinical

validation:
  crossValidation: { folds: 5, repeats: 20 }
  bootstrap: 200
  # Each scanner left out once; ComBat needs two others, so take it away where there are only two.
  ${centre ? "" : "# "}leaveOneCentreOut: true

evaluation:
  # "maximum Youden index … of the training cohort"
  threshold: youden
  # Departure: "the radscore cutoff value calculated from the minimum log-rank P value" is a second question with an outcome of its own: a second
  # plan, with outcome: { kind: survival, endpoint: DFS, … }, the Radscore as a column, and cutpoint: { method: minimum-p }. Guard there: its P is corrected.
  # Departure: genes and immune cells of the predicted groups are not part of a prediction; they are no part of this plan.
`,
};
