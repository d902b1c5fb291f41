import type { Template } from "./template.js";

/** Triple-negative cancer, pathological complete response: 315 patients with habitats and kinetics. */
export const like002: Template = {
  paper: "002", outcome: "binary",
  what: "binary: two radiomics scores (regions, kinetics), pathology and genomics models, SMOTE in its place",
  head: `# After the method of the study of pathological complete response in triple-negative cancer: two sets of features (subregions and
# rim; kinetics), each reduced to a score; models of pathology and genomics on top. Steps that come later are named where they belong.`,
  question: "Do multi-regional and kinetic MRI features add to pathology in predicting pathological complete response?",
  data: `cohorts:
  - name: Radiomic development
    tables:
      - { file: clinical.csv, id: patient }
      # Comes later from images: subregions (k-means of kinetic maps), rim, spatial interaction. Now as a table.
      - { file: radiomics.csv, id: patient }
    readers:
      - { file: radiomics_reader2.csv, id: patient, name: radiologist 2 }
  - name: External validation
    role: external
    tables:
      - { file: external_clinical.csv, id: patient }
      - { file: external_radiomics.csv, id: patient }

variables:
  age: { label: Age, unit: years }
  stage: { label: Clinical T stage, levels: { 1: T1, 2: T2, 3: T3, 4: T4 }, ordered: true }
  ki67: { label: Ki-67, unit: "%", cut: { at: [20], names: ["< 20 %", ">= 20 %"] } }
  # Guard: lymphovascular invasion (1 of 90 against 61 of 133) separates the classes and is read after surgery: not available before.
  lvi: { label: Lymphovascular invasion, levels: { 0: "no", 1: "yes" }, available: false }

groups:
  pathology: [age, stage, ki67]
  # Comes later: mutations and allele fractions as tables of genes. Guard there: false discovery rates, selection inside the folds.
  # genomics: ["vaf_*"]
  regions: ["subregion*", "rim_*"]
  kinetics: ["kinetic_*"]

outcome:
  kind: binary
  name: pathological complete response
  column: pcr
  event: [1]
  noEvent: [0]
  eventName: pCR
  otherName: no pCR
`,
  clinical: ["pathology"],
  method: ({ clinical, readers, radiomics }) => {
    const steps = `
      - variance
      # "ICCs < 0.75 were eliminated"
      ${readers ? "" : "# "}- icc: { form: "ICC(2,1)", min: 0.75 }
      - univariable: { p: 0.05, test: welch }
      # "> 0.9, one of the features was randomly eliminated": by a rule with a seed
      - correlation: { method: pearson, max: 0.9, drop: random }
      - zScore
      # "LASSO … 10-fold cross-validation", then the independent ones
      - lasso: { folds: 10, lambda: min }`;
    const end = `
      # "SMOTE": here, after tests and selection. Guard: synthetic rows never enter tests, ICC, correlation or any metric; the paper
      # lists it before them.
      - smote: { neighbours: 5 }
    learner: logistic`;
    const two = radiomics === undefined;
    const score = (name: string, group: string) => `  ${name}:\n    from: [${group}]\n    steps:${steps}${end}`;
    return `scores:
${two ? `${score("Regional score", "regions")}\n${score("Kinetic score", "kinetics")}` : score("Radscore", "radiomics")}

models:
  # Guard: 25 final features for 90 events; parameters and candidates are counted for every model.
  clinical:
    title: Pathology
    from: [${clinical.join(", ")}]
    steps:
      - impute: { method: median }
      - univariable: { p: 0.05 }
    learner: logistic
${two ? `  model 1: { title: Regions, from: [Regional score], learner: logistic }
  model 2: { title: Kinetics, from: [Kinetic score], learner: logistic }
  model 3: { title: Regions and kinetics, from: [Regional score, Kinetic score], learner: logistic }
  combined: { title: Pathology-radiomics, from: [clinical.selected, Regional score, Kinetic score], learner: logistic }` : `  radiomics: { title: Radiomics, from: [Radscore], learner: logistic }
  combined: { title: Pathology-radiomics, from: [clinical.selected, Radscore], learner: logistic }`}
final: combined
reference: clinical

validation:
  # "randomly divided … 7:3". Guard: split by patient once, and cohorts inside this cohort take the split over (the paper drew twice).
  # split: { by: random, test: 0.3 }
  crossValidation: { folds: 5, repeats: 20 }
  bootstrap: 200

evaluation:
  threshold: youden
  # Guard: the events stand beside every metric, and no DeLong test is made of six events.
  # Comes later: disease-free survival of the predicted groups, counted from surgery (a landmark).
`;
  },
};
