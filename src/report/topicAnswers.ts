import { anchorId } from "./html.js";
import { headlineTopics } from "./topicAnswersMerit.js";
import type { Answer, TopicAnswers } from "./checklistTypes.js";
import type { StudyResults } from "./results.js";
import { centreCount, centreNames, development, extraction, featureClasses, featureNames, filed, imageTypes, listed, scores, stepsNamed } from "./topicFacts.js";

const user = (toWrite: string) => (): Answer => ({ state: "user", sentence: "", toWrite });
const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;

/** How images became features: known where the run extracted them itself, else the user's to tell. */
const fromImages = (pattern: RegExp, toWrite: string) => (results: StudyResults): Answer => {
  const told = extraction(results).filter((t) => pattern.test(t));
  return told.length > 0 ? filed(`${told.join("; ")}.`, "appendix-parameters") : { state: "user", sentence: "The features came to the study as a table.", toWrite };
};

/** What the run can say to each topic of the standards that concerns patients, data, images and text. */
export const topicAnswers: TopicAnswers = {
  title: (r) => (/radiomic/i.test(r.title) ? filed(`The title is “${r.title}”.`, "summary") : filed(`The report's title is “${r.title}”.`, "summary", "Name the radiomic method, the population and the outcome in the article's title.")),
  abstract: user("A structured summary."),
  keywords: user("Keywords that name radiomics."),
  background: user("The clinical background, the rationale and existing models."),
  rationale: user("Why radiomics is tried for this question."),
  objectives: (r) => filed(`The question was: ${r.question}`, "summary"),
  guidelines: () => filed("CLEAR, METRICS and TRIPOD+AI were filled in beside the report.", "checklist.html"),
  ethics: user("Approval, consent and data protection."),
  funding: user("Funding and the funder's role."), conflicts: user("Conflicts of interest."), protocol: user("Where the protocol can be read."), registration: user("The registration, or that there is none."),
  "patient involvement": user("How patients and the public were involved."), dates: user("Dates of accrual and of the end of follow-up."), treatments: user("Treatments received, and how they were handled."),
  "outcome assessors": user("Who assessed the outcome."), "outcome blinding": user("Whether the outcome was assessed blind to the predictors."), "predictor assessors": user("Who assessed predictors that need judgement, and blind to what."),
  inequalities: user("Known health inequalities in the population."), "user interaction": user("What a user must do and know to use the model."), "next steps": user("What must be done before the model may be used."), "poor input": (r) => filed("Values outside the training range and missing values are named at prediction and in the calculator.", "calculator.html", r.blocks.length === 0 ? undefined : "How poor or missing input is to be handled in practice."),
  design: user("Whether the study is retrospective or prospective."),
  eligibility: (r) => {
    const reasons = r.cohorts.flatMap((c) => c.flow.flatMap((f) => (f.removed !== undefined && f.removed > 0 ? [`${f.removed} ${f.reason ?? "without a reason"}`] : [])));
    return reasons.length > 0 ? filed(`Patients left with these reasons: ${listed(reasons)}.`, "appendix-patients", "The criteria themselves, and whom the study population represents.") : { state: "user", sentence: "No patient was excluded within the run.", where: "appendix-patients", toWrite: "The eligibility criteria, and whom the study population represents." };
  },
  setting: (r) => filed(`${count(r.cohorts.length, "cohort")} from ${count(centreCount(r), "centre")}.`, "appendix-patients", "The setting, and where the centres are."),
  "technical pipeline": (r) => filed(`The steps of ${listed(r.blocks.filter((b) => b.steps.length > 0).map((b) => b.title))} are listed in their order with the columns each left.`, "appendix-features"),
  "data source": (r) => filed(`Cohorts: ${listed(r.cohorts.map((c) => `${c.name} (${c.role}, n ${c.n})`))}.`, "appendix-patients", "Whether the data are public or private, and where they came from."),
  overlap: (r) => {
    const shared = r.overlap.sets.flatMap((a, i) => r.overlap.sets.slice(i + 1).flatMap((b, k) => (r.overlap.shared[i][i + 1 + k] > 0 ? [`${a} and ${b} share ${r.overlap.shared[i][i + 1 + k]} patients`] : [])));
    return filed(shared.length > 0 ? `${listed(shared)}.` : `No patient is in two of the ${count(r.overlap.sets.length, "set")} of this study.`, "appendix-patients", "Overlap with other publications.");
  },
  "imaging protocol": user("Scanners, sequences or transducers, contrast agent and acquisition parameters."),
  predictors: (r) => {
    const names = [...new Set(r.blocks.filter((b) => b.kind === "model").flatMap((b) => b.inputs))].map((n) => r.labels?.[n]?.label ?? n);
    return filed(`Candidates of the models: ${listed(names)}.`, "models", "Why these, and how each was defined and measured.");
  },
  "predictor measurement": (r) => filed(`${count(Object.keys(r.labels ?? {}).length, "variable")} with label and unit in Table 1.`, "baseline", "How and when each predictor was measured."),
  outcome: (r) => filed(`The outcome is ${r.outcome.name} (event: ${r.outcome.event}${r.outcome.times === undefined ? "" : `; judged at ${listed(r.outcome.times.map(String))} ${r.outcome.unit ?? ""}`}).`.replace(/ \)/, ")"), "methods", "The reference standard: definition, who assessed it, how and when."),
  interval: user("The time between imaging and the reference standard."),
  translatability: user("Whether the imaging is that of routine care."),
  segmentation: user("How the lesions were segmented, in which plane and by which tool."), operators: user("Who segmented, with what experience, blind to what."),
  "automated segmentation evaluation": user("Dice and distances of the automatic segmentation against a reader."), "test segmentation": user("Whether the test set's masks come from a single reader or an automatic tool."),
  "segmentation reliability": (r) => {
    const icc = stepsNamed(r, ["icc", "iccFilter"]);
    return icc.length > 0 ? filed(`Features were filtered by the intraclass correlation between readers: ${listed(icc.map((s) => `${s.block} keeps ${s.after} of ${s.before}`))}.`, "appendix-features") : { state: "user", sentence: "No second reader's features were given.", toWrite: "How reliable the segmentation is." };
  },
  "pre-processing": fromImages(/resampl|normali|spacing|filter|bin/i, "Normalisation, resampling and filters before extraction."),
  resampling: fromImages(/resampl|spacing|interpolat/i, "Voxel size and interpolation."), discretisation: fromImages(/bin|discretis/i, "Bin width or number."),
  "image types": (r) => {
    const found = imageTypes.filter((t) => featureNames(r).some((name) => name.toLowerCase().includes(`_${t}`)));
    return found.length > 0 ? filed(`Image types among the names of features: ${listed(found)}.`, "appendix-features", "All image types, also those of which no feature is named.") : user("The image types (original, filtered)")();
  },
  "feature extraction": fromImages(/extract|version|profile/i, "The extraction software, its version, and whether it follows IBSI."),
  "feature classes": (r) => {
    const found = featureClasses.filter((t) => featureNames(r).some((name) => name.toLowerCase().includes(t)));
    return found.length > 0 ? filed(`Feature classes among the names of features: ${listed(found)}.`, "appendix-features", "All feature classes that were extracted.") : user("The feature classes.")();
  },
  "number of features": (r) => (scores(r).length > 0 ? filed(`${listed(scores(r).map((b) => `${b.title}: ${count(b.candidates, "feature")}`))}.`, "appendix-features") : { state: "user", sentence: "", toWrite: "The number of features." }),
  "default configuration": fromImages(/extract|parameter|profile/i, "That all other extraction parameters were left at their defaults, or which were not."),
  "missing data": (r) => {
    const steps = stepsNamed(r, ["impute"]);
    const gaps = r.baseline[0]?.description.variables.filter((v) => v.overall.missing > 0) ?? [];
    const told = gaps.length === 0 ? "No variable of Table 1 has a missing value" : `Missing values: ${listed(gaps.map((v) => `${r.labels?.[v.name]?.label ?? v.name} ${v.overall.missing}`))}`;
    return filed(`${told}; ${steps.length > 0 ? `imputed inside every training set (${listed([...new Set(steps.map((s) => s.block))])})` : "nothing was imputed"}.`, "baseline");
  },
  "class imbalance": (r) => {
    const d = development(r);
    const made = stepsNamed(r, ["smote", "upsample", "undersample"]);
    return filed(`${d === undefined ? "" : `${d.events} of ${d.n} patients had the event. `}${made.length === 0 ? "Classes were not balanced." : `Balanced in the training rows alone by ${listed(made.map((s) => `${s.step} (${s.block})`))}; made rows never reach metrics.`}`, "appendix-features");
  },
  scaling: (r) => {
    const s = stepsNamed(r, ["zScore", "minMax", "robust", "yeoJohnson"]);
    return filed(s.length === 0 ? "Predictors were used on their own scale." : `${listed(s.map((x) => `${x.step} (${x.block})`))}, fitted on the training rows of every fold and resample.`, "appendix-features", r.findings.some((f) => f.guard === "scaled upstream") ? "How, and on which patients, the features were scaled before they reached the study: a guard found that they had been." : undefined);
  },
  "data preparation": (r) => filed(`Recoding and units follow the plan; ${count(r.parameters.length, "parameter")} of the run are listed.`, "appendix-parameters", "What was done to the data before they reached the plan."),
  confounders: (r) => {
    const s = stepsNamed(r, ["combat"]);
    if (s.length > 0) return filed("Features were harmonised between centres by ComBat, fitted on training rows.", "appendix-features");
    const groups = r.figures.find((f) => f.chart === "forest" && /subgroup/i.test(f.id + f.title));
    return groups === undefined ? { state: "user", sentence: "Nothing was harmonised.", toWrite: "Which confounders (scanner, centre, treatment) were considered." } : filed(`Subgroups are shown.`, `figure-${anchorId(groups.id)}`, "Which confounders (scanner, centre, treatment) were considered.");
  },
  baseline: (r) => (r.baseline.length > 0 ? filed(`${count(r.baseline.length, "table")} of patients by ${listed(r.baseline.map((b) => b.description.by ?? "all"))}.`, "baseline") : user("A table of the patients.")()),
  flow: (r) => filed(`Flow of patients with the reason of each exclusion; ${listed(r.cohorts.map((c) => `${c.name} ${c.n} analysed`))}.`, "appendix-patients"),
  "previous work": user("How the findings differ from previous work."), implications: user("Who is to use the model, for whom, at which moment, and what follows."),
  "image sharing": user("Whether images and segmentations are shared, and where."), "data sharing": user("Whether features and clinical data are shared, and where."),
  "pre-processing sharing": () => filed("Settings are in study.radscore (plan and hashes) and methods.md.", "appendix-parameters", "Publish them, and say where."),
  "code sharing": (r) => filed(`Made by ${r.program}, open source (MIT); plan and seed repeat the run.`, "appendix-parameters", "Publish the plan, and say where."),
  "model sharing": () => filed("model.json holds the whole frozen pipeline.", "models", "Publish it, and say where."),
  "ready-to-use system": () => filed("calculator.html scores a patient offline.", "calculator.html", "Publish it, and say where."),
  "multi-centre": (r) => (centreCount(r) > 1 ? filed(`${centreCount(r)} centres: ${listed(centreNames(r))}.`, "appendix-patients") : user("Patients of one centre, or the plan names no centre.")()),
  "deep learning robustness": user("Not used: no end-to-end network was trained."), "uni-parametric": user("A model of one sequence or phase alone, or proof that it is worse."),
  ...headlineTopics,
};
