import type { StudyResults } from "../report/index.js";
import { candidateParameters } from "./blockReports.js";
import { candidatesOf } from "./fit/blockTable.js";
import { derivedInWords } from "./load/deriveColumns.js";
import type { Facts } from "./facts.js";
import type { FittedBlock, FittedStep } from "./pipeline.js";
import { inWords } from "./plan/planDerive.js";
import { endpointInWords } from "./load/understand.js";
import { planOptions } from "./plan/useOptions.js";
import { optionWords, thresholdInWords } from "./words.js";

const stepWords: Record<string, (s: FittedStep) => string> = {
  impute: (s) => `missing values were imputed (${String(s.options["method"] ?? "median")})`,
  zScore: () => "numbers were brought to mean 0 and standard deviation 1", minMax: () => "numbers were brought to 0 … 1", robust: () => "numbers were scaled by median and interquartile range",
  yeoJohnson: () => "numbers were transformed by Yeo and Johnson's power", combat: () => "centres were harmonised by ComBat",
  iccFilter: (s) => `features with an ${String(s.options["form"] ?? "ICC(2,1)")} above ${String(s.options["above"] ?? s.options["min"] ?? 0.75)} between readers were kept (${counts(s)})`,
  variance: (s) => `columns without variation were dropped (${s.before.length - s.after.length} of ${s.before.length})`,
  univariable: (s) => `variables with a univariable P below ${String(s.options["alpha"] ?? s.options["p"] ?? 0.05)}${s.options["adjust"] === undefined || s.options["adjust"] === "none" ? "" : ` (${String(s.options["adjust"])}-adjusted)`} were kept (${counts(s)})`,
  correlation: (s) => `of pairs with a ${capital(String(s.options["method"] ?? "spearman"))} correlation above ${String(s.options["cutoff"] ?? s.options["max"] ?? 0.9)} one was dropped (${counts(s)})`,
  clusterRepresentatives: (s) => `one representative of each cluster of alike features was kept (${counts(s)})`,
  vif: (s) => `columns with a large variance inflation factor were dropped (${counts(s)})`, mrmr: (s) => `features were ranked by minimum redundancy and maximum relevance (${counts(s)})`,
  boruta: (s) => `features that beat their shuffled copies in random forests were kept (${counts(s)})`,
  lasso: (s) => `features with a non-zero LASSO coefficient at the cross-validated λ were kept (${counts(s)})`,
  stabilitySelection: (s) => `features chosen in most random halves of the patients were kept (${counts(s)})`,
  stepwise: (s) => `variables were chosen ${stepwiseWords(String((s.state as { method?: string } | null)?.method ?? optionWords(s.options)))} (${counts(s)})`,
  smote: () => "the smaller class was filled up with synthetic rows (SMOTE) for the learner alone", upsample: () => "rows of the smaller class were repeated for the learner alone", undersample: () => "rows of the larger class were left out for the learner alone",
};
const counts = (s: FittedStep) => (s.before.length === s.after.length ? `all ${s.after.length} remained` : `${s.after.length} of ${s.before.length} remained`);
/** "stepwise, both, AIC" as the method is named: "stepwise in both directions by AIC". */
function stepwiseWords(method: string): string {
  const directions: Record<string, string> = { both: "in both directions", forward: "forwards", backward: "backwards" };
  const parts = method.split(", ");
  const direction = parts.find((p) => directions[p] !== undefined), others = parts.filter((p) => p !== "stepwise" && p !== direction);
  return ["stepwise", ...(direction === undefined ? [] : [directions[direction]]), ...(others.length === 0 ? [] : [`by ${others.join(", ")}`])].join(" ");
}
const capital = (word: string) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

const learnerWords: Record<string, string> = {
  logistic: "logistic regression", firth: "Firth's penalised logistic regression", lasso: "LASSO logistic regression", elasticNet: "elastic-net logistic regression", ridge: "ridge logistic regression",
  network: "a back-propagation network", cox: "Cox proportional-hazards regression", firthCox: "Firth's penalised Cox regression", lassoCox: "LASSO Cox regression", elasticNetCox: "elastic-net Cox regression",
  ridgeCox: "ridge Cox regression", fineGray: "Fine–Gray regression",
};

/** The methods section, from what was executed: numbers and names come from the fitted objects, not from the plan's intention. */
export function methodsOf(facts: Facts): StudyResults["methods"] {
  const { plan, data, blocks, training, crossValidation, bootstrap, centres } = facts;
  const { development, external } = data;
  const events = training.reduce((a, r) => a + development.outcome.event[r], 0);
  const assessed = development.flow[0]?.n ?? development.table.id.length, whole = development.table.id.length;
  const patients = assessed === whole ? [] : [`Of ${assessed} patients of ${development.name} who were assessed, ${whole} could be analysed.`];
  const lost = development.flow.filter((f) => (f.removed ?? 0) > 0);
  for (const remark of development.flow) if (remark.removed === undefined && remark.reason !== undefined) patients.push(`${remark.reason}.`);
  if (lost.length > 0) patients.push(`Left out: ${lost.map((f) => `${f.removed} (${f.reason})`).join("; ")}.`);
  const apart = facts.sets.filter((s) => s.kind === "test" || s.kind === "tuning");
  patients.push(`${training.length} patients${assessed === whole ? ` of ${development.name}` : ""} with ${events} events (${plan.outcome.eventName}) were used for development${apart.map((s) => `, ${s.rows.length} with ${s.rows.reduce((a, r) => a + s.cohort.outcome.event[r], 0)} events were set aside as the ${s.kind} set (${splitInWords(plan)})`).join("")}.`);
  for (const cohort of external) patients.push(`${cohort.name} (${cohort.table.id.length} patients, ${cohort.outcome.event.reduce((a, b) => a + b, 0)} events) was kept aside as an external cohort and scored by ${frozenFor(plan, cohort.name)}.`);
  const outcome = plan.outcome.kind === "survival"
    ? [plan.outcome.built !== undefined ? `The outcome was ${plan.outcome.name}: ${endpointInWords(plan.outcome.built)}${development.endpoint === undefined ? "" : ` (first events: ${Object.entries(development.endpoint.counts).map(([type, n]) => `${inWords(type)} ${n}`).join(", ")})`}.` : `The outcome was ${plan.outcome.name}, in ${plan.outcome.unit}, with ${plan.outcome.eventName} as the event; patients without it were censored at their last follow-up.`]
    : [`The outcome was ${plan.outcome.name} (${plan.outcome.eventName} against ${plan.outcome.otherName}).`];
  const models = [...(plan.derive ?? []).map((d) => `${d.name} was derived ${derivedInWords(d)}.`), ...blocks.map((b) => blockSentence(facts, b))];
  const validation: string[] = [];
  const all = `${refitted(facts)} included`;
  if (facts.sets.some((s) => s.kind === "test")) validation.push(`The patients were split before anything was fitted; the test set was opened once, for the frozen models.`);
  if (crossValidation !== undefined) validation.push(`The whole pipeline, ${all}, was refitted in every fold of ${crossValidation.repeats.length} × ${crossValidation.folds}-fold cross-validation, with folds made by patient and balanced by the event. Figures were computed within each fold and averaged; calibration was taken from a repeat's predictions together. Variances are the sum of that from influence functions by patient within folds, averaged over the repeats, and the corrected resampled one of Nadeau and Bengio; the spread over repeats is given beside them and is no interval.`);
  if (bootstrap !== undefined) validation.push(`Optimism was estimated by refitting the whole pipeline in ${bootstrap.resamples.length} bootstrap samples of patients, a patient's copies staying together in inner folds; corrected figures carry location-shifted bootstrap intervals; .632+ estimates stand beside them.`);
  if (centres !== undefined) validation.push("Each centre was left out once and scored by the pipeline fitted on the others.");
  if (validation.length === 0 && facts.sets.length === 1) validation.push("No validation was asked for; all figures are apparent.");
  const evaluation = plan.outcome.kind === "survival"
    ? [`Discrimination was measured by Harrell's C, Uno's C and the time-dependent AUC at ${plan.evaluation.times.join(", ").replace(/, ([^,]*)$/, " and $1")} ${plan.outcome.unit}, overall performance by the Brier score with inverse probability of censoring weights, calibration by the slope and observed over expected risk.`]
    : [`Discrimination was measured by the area under the ROC curve, overall performance by the Brier score, calibration by slope and calibration in the large; a prediction counted as positive above ${thresholdInWords(plan.evaluation.threshold)}.`];
  const { final, reference } = plan;
  if (plan.models.length > 1) evaluation.push(`The ${final} model was named as the final one before anything was fitted${reference === undefined || reference === final ? "" : `; what it adds is its difference from the ${reference} model on the same patients`}.`);
  if (facts.sets.length > 0) evaluation.push(`Clinical use was judged by net benefit at threshold probabilities from ${plan.evaluation.thresholds[0]} to ${plan.evaluation.thresholds[1]} (decision curves).`);
  if (plan.outcome.kind === "survival" && plan.evaluation.window !== undefined) evaluation.push(`The time-dependent AUC is summed up by its median from ${plan.evaluation.window[0]} to ${plan.evaluation.window[1]} ${plan.outcome.unit}.`);
  if (facts.cut !== undefined) evaluation.push(`Risk groups were cut by the ${facts.cut.method.replace(/^the /, "")}${/^(median|tertiles)$/.test(facts.cut.method) ? " of the linear predictor" : ""} on the training patients${facts.cut.correctedP === undefined ? "" : `; its P is corrected for the search (${facts.cut.correction})`}.`);
  return [
    { heading: "Patients", sentences: patients }, { heading: "Outcome", sentences: outcome }, { heading: "Predictors and models", sentences: models },
    { heading: "Validation", sentences: validation }, { heading: "Evaluation", sentences: evaluation },
    { heading: "Reproducibility", sentences: [`All chance comes from seed ${plan.seed}, by named streams; the same plan, data and program give the same numbers on any number of processors.`] },
  ];
}

/** How the test set was chosen. */
function splitInWords({ validation: { split }, cohorts }: Facts["plan"]): string {
  if (split === undefined) return "";
  if (split.by === "random") return `${Math.round(100 * split.test)} % at random${split.stratified ? ", events shared evenly" : ""}`;
  if (split.by === "date") return `diagnosed from ${split.from ?? ""} on`;
  return `${split.by === "centre" ? cohorts[0]?.centre ?? "centre" : split.column ?? "column"} ${(split.values ?? []).join(", ")}`;
}

function frozenFor(plan: Facts["plan"], cohort: string): string {
  const models = plan.cohorts.find((c) => c.name === cohort)?.models;
  return models === undefined || models.length === 0 ? "the frozen models" : models.length === 1 ? `the frozen ${models[0]} model` : `the frozen models ${models.join(" and ")}`;
}

/** What the fits of this study make anew in every resample, in words. */
function refitted({ blocks, cut }: Facts): string {
  const used = new Set(blocks.flatMap((b) => b.steps.map((s) => s.name)));
  const has = (...names: string[]) => names.some((name) => used.has(name));
  const words = [
    ...(has("impute") ? ["imputation"] : []), ...(has("combat") ? ["harmonisation"] : []), ...(has("zScore", "minMax", "robust", "yeoJohnson") ? ["scaling"] : []),
    ...(has("variance", "univariable", "correlation", "clusterRepresentatives", "vif", "mrmr", "boruta", "lasso", "stabilitySelection", "stepwise", "iccFilter") || blocks.some((b) => /lasso|elasticNet/i.test(b.learner.name)) ? ["selection"] : []),
    ...(blocks.some((b) => /lasso|elasticNet|ridge/i.test(b.learner.name)) ? ["tuning"] : []), ...(cut !== undefined ? ["cut-points"] : []),
  ];
  return words.length === 0 ? "every fit" : words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} and ${words.at(-1)!}`;
}

function blockSentence({ plan, data }: Facts, block: FittedBlock): string {
  const from = [...plan.scores, ...plan.models].find((b) => b.name === block.name)!.from;
  const steps = block.steps.filter((s) => s.state !== null).map((s) => (stepWords[s.name] ?? ((x: FittedStep) => `${x.name} (${optionWords(x.options)})`))(s));
  const n = candidatesOf(plan, block.name).length, parameters = candidateParameters(plan, data.development.table, block.name);
  const sources = from.map((f) => (f.endsWith(".selected") ? `what ${f.slice(0, -".selected".length)} kept` : f)).join(" and ");
  const start = `${block.kind === "score" ? "The score" : "The model"} ${block.name} was built from ${sources} (${n} candidate variable${n === 1 ? "" : "s"}${parameters === n ? "" : `, ${parameters} parameters`})`;
  const { folds, at, ...others } = block.learner.options;
  const lambda = folds === undefined && at === undefined ? [] : [`λ ${typeof at === "number" ? `= ${at}` : `${at === "1se" ? "one standard error above that" : "of the least error"} in ${folds === undefined ? "" : `${String(folds)}-fold `}cross-validation`}`];
  const options = [...lambda, ...(Object.keys(others).length > 0 ? [optionWords(others)] : [])].join(", ");
  const fitted = `fitted by ${learnerWords[block.learner.name] ?? block.learner.name}${options === "" ? "" : ` (${options})`}`;
  const end = block.selected.length === 0 ? "nothing was selected, so that it is the null model" : `it holds ${block.selected.length} variable${block.selected.length > 1 ? "s" : ""}`;
  return `${start}${steps.length > 0 ? `: ${steps.join("; ")};` : ","} and ${fitted}; ${end}.`;
}

/** Every executed parameter: what, value, where from. */
export function parametersOf({ plan, blocks }: Facts): StudyResults["parameters"] {
  const rows: StudyResults["parameters"] = [{ what: "seed", value: String(plan.seed), from: "plan" }, { what: "order of steps", value: plan.order, from: "plan" }];
  for (const block of blocks) {
    for (const step of block.steps) rows.push({ what: `${block.name}: ${step.name}`, value: optionWords(planOptions(step.name, step.options)) || "no options", from: Object.keys(step.options).length > 0 ? "plan" : "default" });
    rows.push({ what: `${block.name}: learner`, value: `${block.learner.name}${Object.keys(block.learner.options).length > 0 ? ` (${optionWords(planOptions(block.learner.name, block.learner.options))})` : ""}`, from: "plan" });
    const net = block.model as { kind?: string; lambda?: number; alpha?: number } | null;
    if (net?.kind === "elasticNet") rows.push({ what: `${block.name}: λ chosen`, value: String(Number(net.lambda!.toPrecision(6))), from: "cross-validation in the training rows" });
  }
  const { crossValidation, bootstrap, split, leaveOneCentreOut } = plan.validation;
  if (crossValidation) rows.push({ what: "cross-validation", value: `${crossValidation.repeats} × ${crossValidation.folds}-fold`, from: "plan" });
  if (bootstrap) rows.push({ what: "bootstrap samples", value: String(bootstrap.resamples), from: "plan" });
  if (split) rows.push({ what: "split", value: `by ${split.by}`, from: "plan" });
  if (leaveOneCentreOut) rows.push({ what: "leave one centre out", value: "yes", from: "plan" });
  if (plan.evaluation.times.length > 0) rows.push({ what: "times", value: plan.evaluation.times.join(", "), from: "plan" });
  rows.push({ what: "level of intervals", value: String(plan.evaluation.level), from: "plan" }, { what: "cut-point", value: `${plan.evaluation.cutpoint.method}, ${plan.evaluation.cutpoint.groups} groups`, from: "plan" });
  if (plan.outcome.kind === "binary") rows.push({ what: "threshold", value: typeof plan.evaluation.threshold === "object" ? thresholdInWords(plan.evaluation.threshold) : String(plan.evaluation.threshold), from: "plan" });
  return rows;
}
