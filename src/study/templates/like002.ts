import type { Template } from "./template.js";

/** Triple-negative cancer, pathological complete response: 315 patients with habitats and kinetics. */
export const like002: Template = {
  paper: "002", outcome: "binary",
  what: "binary: radiomics models of regions and of kinetics by one selection twice, both together, pathology, SMOTE in its place",
  head: `# After the method of the study of pathological complete response in triple-negative cancer: two sets of features (subregions and
# rim; kinetics), each reduced by the same selection to a model; pathology on top. What departs from the paper is named, with the reason.`,
  question: "Do multi-regional and kinetic MRI features add to pathology in predicting pathological complete response?",
  data: `cohorts:
  - name: Radiomic development
    tables:
      - { file: clinical.csv, id: patient }
      # Features of subregions (k-means of kinetic maps), rim, and kinetics, as a table.
      - { file: radiomics.csv, id: patient }
    readers:
      - { file: radiomics_reader2.csv, id: patient, name: radiologist 2 }
    exclude:
      # "negative for the estrogen receptor (ER), progesterone receptor (PR) and" HER2: derived below from what was measured
      - { column: subtype, not: triple negative, reason: not triple negative, kind: eligibility }
      - { column: subtype, is: missing, reason: receptors not known, kind: eligibility }
  - name: External validation
    role: external
    tables:
      - { file: external_clinical.csv, id: patient }
      - { file: external_radiomics.csv, id: patient }

variables:
  age: { label: Age, unit: years }
  stage: { label: Clinical T stage, levels: { 1: T1, 2: T2, 3: T3, 4: T4 }, ordered: true }
  ki67: { label: Ki-67, unit: "%" }
  # Guard: lymphovascular invasion (1 of 90 against 61 of 133) separates the classes and is read after surgery: not available before.
  lvi: { label: Lymphovascular invasion, levels: { 0: "no", 1: "yes" }, available: false }

derive:
  ER: { rule: receptorStatus, percent: er_percent }
  PR: { rule: receptorStatus, percent: pr_percent }
  HER2: { rule: her2Status, ihc: her2_ihc, ratio: her2_ratio, copies: her2_copies }
  subtype: { rule: molecularSubtype, er: ER, pr: PR, her2: HER2, ki67: ki67 }
  Ki-67 group: { rule: ki67Status, percent: ki67, cut: 20 }
  # ypT0/is ypN0: known after the operation, and therefore never a predictor.
  pCR: { rule: completeResponse, ypT: ypt, ypN: ypn }

groups:
  pathology: [age, stage, Ki-67 group]
  # Departure: the genomics cohort (98 of the 315) is a plan of its own, with the same split; allele fractions then stand in a group.
  # genomics: ["vaf_*"]
  regions: ["subregion*", "rim_*"]
  kinetics: ["kinetic_*"]

outcome:
  kind: binary
  name: pathological complete response
  column: pCR
  event: [pCR]
  noEvent: [no pCR]
  eventName: pCR
  otherName: no pCR
`,
  clinical: ["pathology"],
  method: ({ clinical, readers, radiomics }) => {
    const block = (name: string, title: string, group: string) => `  ${name}:
    title: ${title}
    from: [${group}]
    steps:
      - variance
      # "ICCs < 0.75 were eliminated"
      ${readers ? "" : "# "}- icc: { form: "ICC(2,1)", min: 0.75 }
      - univariable: { p: 0.05, test: welch }
      # "> 0.9, one of the features was randomly eliminated": by a rule with a seed
      - correlation: { method: pearson, max: 0.9, drop: random }
      # Departure: z-scores of the training patients of each fold; the paper scaled before anything else
      - zScore
      # "LASSO … 10-fold cross-validation"
      - lasso: { folds: 10, lambda: min }
      # "VIFs > 10", and "the independent risk factors"
      - vif: { max: 10 }
      - stepwise: { criterion: p, direction: backward, stay: 0.05 }
      # "SMOTE". Departure: here, after tests and selection. Guard: synthetic rows never enter tests, ICC, correlation or any metric; the
      # paper lists it before them.
      - smote: { neighbours: 5 }
    learner: logistic`;
    const two = radiomics === undefined;
    return `models:
${two ? `  # "Model 1": subregions and peritumoural region; "Model 2": kinetics; the same selection for each
${block("Model 1", "Regions", "regions")}
${block("Model 2", "Kinetics", "kinetics")}
  # "Model 3": the selected features of both
  Model 3: { title: Regions and kinetics, from: [Model 1.selected, Model 2.selected], learner: logistic }` : block("radiomics", "Radiomics", "radiomics")}
  # Guard: 25 final features for 90 events; parameters and candidates are counted for every model.
  clinical:
    title: Pathology
    from: [${clinical.join(", ")}]
    steps:
      - impute: { method: median }
      - univariable: { p: 0.05 }
    learner: logistic
  combined: { title: Pathology-radiomics, from: [clinical.selected, ${two ? "Model 1, Model 2" : "radiomics"}], learner: logistic }
final: combined
reference: clinical

validation:
  # Departure: "randomly divided … 7:3" wastes events; nested folds test every patient. As the paper: take the # away. Guard: split by
  # patient once, and cohorts inside this cohort take the split over (the paper drew twice).
  # split: { by: random, test: 0.3 }
  crossValidation: { folds: 5, repeats: 20 }
  bootstrap: 200

evaluation:
  threshold: youden
  # Guard: the events stand beside every metric, and no DeLong test is made of six events.
  # Departure: "the prognostic implications of the models" are a second plan: outcome { kind: survival, endpoint: DFS, origin: surgery, … }, with the
  # model's score as a column.
`;
  },
};
