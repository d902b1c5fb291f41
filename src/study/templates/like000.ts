import type { Template } from "./template.js";

/** Distant metastasis after ipsilateral recurrence: 47 patients, 15 events, 204 features (Quant Imaging Med Surg 2024;14:4506). */
export const like000: Template = {
  paper: "000", outcome: "survival",
  what: "survival: clinicoradiological, radiomics and combined Cox models, nomogram, risk groups",
  head: `# After the method of the study of distant metastasis after ipsilateral breast tumour recurrence (Quant Imaging Med Surg 2024;14:4506).
# Every step is repeated inside each fold and each bootstrap sample; order: as-published runs the steps once on all patients, as the
# paper did, and shows each fault beside the honest number.`,
  question: "Do quantitative MRI features of the recurrence add to clinical and radiological variables in predicting distant metastasis?",
  data: `cohorts:
  - name: Recurrences
    # Figure 1 of the paper: patients before the table, by reason. Guard: the counts must end at the rows of the table.
    # screened: 183
    # flow:
    #   - { reason: no MRI of the recurrence, removed: 136 }
    tables:
      - { file: clinical.csv, id: patient }
      - { file: radiomics.csv, id: patient }
    # Supplement, reproducibility: the same features from another reader's masks, for the step icc below.
    # readers:
    #   - { file: radiomics_reader2.csv, id: patient, name: reader 2 }

variables:
  # Units and codes of every variable; a code in the file that is not named here is an error.
  age: { label: Age at first diagnosis, unit: years }
  dfi: { label: Disease-free interval }
  size: { label: Size of the recurrence, unit: mm }
  nodes: { label: Lymph nodes of the primary, levels: { 0: negative, 1: positive } }
  her2: { label: HER2 of the recurrence, levels: { 0: negative, 1: positive } }
  bpe: { label: Background parenchymal enhancement, levels: { 1: minimal, 2: mild, 3: moderate, 4: marked }, ordered: true }
  # Known only after the moment of prediction: never a predictor. Guard: naming it in a group stops the run.
  chemotherapy: { label: Chemotherapy after the recurrence, levels: { 0: "no", 1: "yes" }, available: false }

derive:
  # "the DFI was defined as the duration from the initial BCS to the" recurrence: from the dates themselves.
  dfi: { rule: timeBetween, from: first_surgery, to: recurrence, unit: months }

groups:
  clinical: [age, dfi, nodes, size, her2]
  radiological: [bpe]
  radiomics: ["original_*"]

outcome:
  # DMFS, built from dates: from resection of the recurrence to distant metastasis or death of any cause. Guard: events are counted by type, in
  # check and in the report. Departure: for metastasis alone, write endpoint: { name: DM, events: [distantMetastasis] } and
  # competingDeath: true, because a death before it is no end of risk by chance.
  kind: survival
  endpoint: DMFS
  origin: resection
  lastContact: last_contact
  events: { distantMetastasis: metastasis, death: death }
  unit: months
  eventName: distant metastasis or death
`,
  clinical: ["clinical", "radiological"],
  method: ({ clinical, readers, times = [24, 36, 60] }) => `scores:
  Radscore:
    # Guard: 204 features for 15 events; events per candidate are counted, and Riley's sample size is printed before any fit.
    from: [radiomics]
    steps:
      - variance
      # "interclass correlation coefficient < 0.75 were excluded"
      ${readers ? "" : "# "}- icc: { form: "ICC(2,1)", min: 0.75 }
      # "absolute value of the Pearson correlation coefficient >= 0.95 were excluded"
      - correlation: { method: pearson, max: 0.95 }
      # Departure: "standardized with z-scores": of the training patients of each fold, not of all (guard: features scaled upstream)
      - zScore
    # "LASSO Cox regression … 10-fold cross-validation". Guard: an empty selection is a result, counted and shown.
    learner: { lassoCox: { folds: 10, lambda: min } }

models:
  clinical:
    title: Clinicoradiological
    from: [${clinical.join(", ")}]
    steps:
      - impute: { method: median }
      # Departure in its place: "univariate Cox regression result of P < 0.1", then "stepwise regression … Akaike information criterion": inside the
      # resampling, or the choice is not paid for
      - univariable: { p: 0.1 }
      - stepwise: { criterion: aic, direction: both }
    learner: cox
  radiomics:
    title: Radiomics
    from: [Radscore]
    learner: cox
  combined:
    title: Combined
    from: [clinical.selected, Radscore]
    learner: cox
# The model named beforehand, and the one it is held against. Guard: nested models are compared by a likelihood-ratio test too.
final: combined
reference: clinical

validation:
  # Honest merit: the whole pipeline inside repeated folds.
  crossValidation: { folds: 5, repeats: 100 }
  # Departure: "Internal bootstrap resampling", but of the whole pipeline, for its optimism. Guard: a bootstrap of the final formula alone
  # validates nothing; corrected merit above apparent merit is flagged.
  bootstrap: 500

evaluation:
  # "probabilities were calculated at 2, 3, and 5 years"; AUC(t) "between 24 and 60 months". Guard: numbers at risk at every time.
  times: [${times.join(", ")}]
${times.length > 1 ? `  window: [${times[0]}, ${times[times.length - 1]}]\n` : ""}  # "high- and low-risk groups using X-tile". Guard: a cut chosen by the outcome gets a corrected P.
  cutpoint: { method: x-tile, groups: 2 }
`,
};
