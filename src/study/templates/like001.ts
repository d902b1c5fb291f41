import type { Template } from "./template.js";

/** Axillary node burden: 1,211 patients of four centres. */
export const like001: Template = {
  paper: "001", outcome: "binary",
  what: "binary, several centres: ComBat, ICC, elastic net, back-propagation network, external centres",
  head: `# After the method of the multi-centre study of axillary node burden: ComBat, ICC, rank-sum tests, correlation, upsampling, elastic net,
# back-propagation network; one centre trains, the others are external. Steps that come later are named where they belong.`,
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
  mri_nodes: { label: Nodes on MRI, levels: { 0: negative, 1: positive } }
  ki67: { label: Ki-67, unit: "%" }

groups:
  clinical: [age, menopause, mri_nodes, ki67]
  radiomics: ["original_*", "wavelet*", "square_*", "exponential_*"]

outcome:
  # high burden: 3 positive nodes or more
  kind: binary
  name: axillary node burden
  column: burden
  event: [1]
  noEvent: [0]
  eventName: high burden
  otherName: low burden
`,
  clinical: ["clinical"],
  method: ({ clinical, readers, centre }) => `scores:
  Radscore:
    from: [radiomics]
    steps:
      - variance
      # "ComBat Tool and z-scores": a centre that training did not have passes as it is; newCentre: transductive (with a reference centre)
      # estimates it from its own rows without outcomes, and is labelled so.
      ${centre ? "" : "# "}- combat: { newCentre: passThrough }
      # "ICC values > 0.75"
      ${readers ? "" : "# "}- icc: { form: "ICC(2,1)", min: 0.75 }
      # "rank-sum tests … between low and high"
      - univariable: { p: 0.05, test: mannWhitney }
      # "|r| > 0.6 … the feature with the higher mean absolute correlation … was eliminated"
      - correlation: { method: spearman, max: 0.6, drop: largerMean }
      - zScore
      # "upsampling": repeated rows train only. Guard: no metric, test or interval ever sees them (the paper's training metrics did);
      # probabilities are set back to the prevalence.
      - upsample: { ratio: 1 }
      # "Elastic-logistic analysis"
      - lasso: { alpha: 0.5, folds: 10, lambda: min }
    # "a backpropagation neural method … the predicted probability was regarded as the radscore"
    learner: { network: { hidden: 3, decay: 0.1 } }

models:
  clinical:
    title: Clinical
    from: [${clinical.join(", ")}]
    steps:
      - impute: { method: median }
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
  ${centre ? "" : "# "}leaveOneCentreOut: true

evaluation:
  # "maximum Youden index … of the training cohort"
  threshold: youden
  # Comes later: survival of the predicted groups by the minimum P value. Guard there: the P of such a cut is corrected.
  # Comes later: immune cell scores and gene sets of the predicted groups. Guard there: false discovery rates, the family named.
`,
};
