import { anchorId } from "./html.js";
import type { Answer, TopicAnswers } from "./checklistTypes.js";
import type { StudyResults } from "./results.js";
import { centreCount, development, figureWith, filed, listed, measureNames, redundancySteps, scores, selectionSteps, stepsNamed, tooSmall, withoutScores } from "./topicFacts.js";
import { headlineMeasure, kindOf } from "./wording.js";

const user = (sentence: string, toWrite: string): Answer => ({ state: "user", sentence, toWrite });
const honestKinds = (r: StudyResults) => [...new Set(r.performance.filter((p) => kindOf(p.estimate.kind).honest).map((p) => p.estimate.kind))];
const figureHref = (r: StudyResults, charts: readonly string[], otherwise: string) => { const id = figureWith(r, charts); return id === undefined ? otherwise : `figure-${anchorId(id)}`; };
const external = (r: StudyResults) => r.performance.filter((p) => p.estimate.kind === "external");
/** A fault that lets held-out patients inform the fit. */
const leaks = (r: StudyResults) => r.order === "as-published" || r.findings.some((f) => f.severity === "stop" || /leak|scaled upstream|overlap/i.test(f.guard));

const modelText = (r: StudyResults): Answer => filed(`Formulae with all coefficients${r.outcome.kind === "survival" ? " and the baseline hazard at each time" : ""}; model.json scores new patients.`, "models");
const split = (r: StudyResults): Answer => {
  const kinds = honestKinds(r).filter((k) => k !== "optimism-corrected" && k !== "632+");
  if (kinds.length === 0) return user(honestKinds(r).length === 0 ? "Every figure is apparent." : "Optimism was taken off by bootstrap; no patient was held out.", "A split or resampling that holds patients out.");
  return filed(`Patients were held out by ${listed(kinds.map((k) => kindOf(k).name.toLowerCase()))}, and every step was refitted without them; ${r.openings.length} openings of sealed sets are logged.`, "methods", leaks(r) ? "A guard found that held-out patients may have informed the fit: see the remarks." : undefined);
};
const comparison = (r: StudyResults): Answer => {
  const plain = withoutScores(r);
  const held = r.comparisons.filter((c) => kindOf(c.difference.kind).honest);
  return plain.length > 0 && scores(r).length > 0 && held.length > 0 ? filed(`${listed(plain.map((b) => b.title))} without radiomics stands beside the others; ${held.length} differences with intervals.`, "comparisons") : user("", "Compare with a model without radiomics on the same patients.");
};

/** What the run can say to topics of models, validation and merit. */
export const headlineTopics: TopicAnswers = {
  "sample size": (r) => (r.sampleSize.length > 0 ? filed(`Riley's criteria on ${listed(r.sampleSize.map((s) => `${s.candidates} candidates (${s.model})`))}; events per candidate ${listed(r.sampleSize.map((s) => s.eventsPerCandidate.toFixed(2)))}.`, "appendix-models", tooSmall(r) === undefined ? undefined : "How the number of patients was arrived at, and why a model was made of fewer than the criteria ask for.") : user("", "A sample size calculation.")),
  split, model: modelText,
  "dimension reduction": (r) => { const s = stepsNamed(r, selectionSteps); return s.length > 0 ? filed(`${listed(s.map((x) => `${x.step} keeps ${x.after} of ${x.before} (${x.block})`))}.`, "appendix-features") : user("No step reduced the features.", "How dimensions were kept low."); },
  algorithm: (r) => filed(`${listed(r.blocks.map((b) => `${b.title}: ${b.learner}`))}.`, "models"),
  tuning: (r) => filed(`Steps, options and seed (${r.seed}) as executed; internal validation by ${listed(honestKinds(r).map((k) => kindOf(k).name.toLowerCase())) || "nothing"}.`, "appendix-parameters"),
  "model selection": (r) => filed(`${r.blocks.find((b) => b.name === r.final)?.title ?? r.final} was named as the final model beforehand.`, "summary"),
  testing: (r) => (honestKinds(r).length > 0 ? filed(`${listed(honestKinds(r).map((k) => kindOf(k).name))}.`, "performance") : user("Apparent figures alone.", "Test on patients the fit has not seen.")),
  metrics: (r) => {
    const names = measureNames(r);
    const discrimination = names.some((m) => /C-index|AUC/i.test(m)), calibration = names.some((m) => /calibration/i.test(m)) || figureWith(r, ["calibration"]) !== undefined;
    return filed(`Measures: ${listed(names)}.`, "performance", discrimination && calibration ? undefined : `No measure of ${discrimination ? "calibration" : "discrimination"}.`);
  },
  uncertainty: (r) => {
    const honest = r.performance.filter((p) => kindOf(p.estimate.kind).honest && p.measure === headlineMeasure(r));
    const held = honest.filter((p) => p.estimate.low !== undefined);
    return honest.length > 0 && held.length === honest.length ? filed(`Intervals by ${listed([...new Set(held.map((p) => p.estimate.intervalMethod ?? "a method not named"))])}.`, "performance") : user("Some figures have no interval.", "Intervals for every measure.");
  },
  comparison: (r) => (r.comparisons.length > 0 ? filed(`${r.comparisons.length} comparisons of models with intervals${r.comparisons.some((c) => c.test !== undefined) ? " and named tests" : ""}.`, "comparisons") : user("", "A statistical comparison of the models.")),
  "non-radiomic comparison": comparison,
  "simple models": (r) => { const plain = r.blocks.filter((b) => b.kind === "model" && /^(logistic|firth|cox|firthCox|linear)/.test(b.learner)); return plain.length > 0 ? filed(`${listed(plain.map((b) => b.title))}: classical regression.`, "models") : user("", "Compare with a classical regression."); },
  interpretability: (r) => filed(`Formulae${figureWith(r, ["nomogram"]) === undefined ? "" : ", nomogram"} and coefficients of every model.`, figureHref(r, ["nomogram", "bars"], "models")),
  "feature statistics": (r) => { const s = r.blocks.filter((b) => b.stability !== undefined); return s.length > 0 ? filed(`How often each variable was selected in ${listed(s.map((b) => `${b.stability!.fits} fits (${b.title}; ${b.stability!.empty} empty)`))}.`, "appendix-stability") : user("", "Reproducibility and selection of the features."); },
  performance: (r) => (honestKinds(r).length > 0 ? filed(`Performance of ${r.models.length} models with intervals, n and events.`, "performance") : user("Only apparent figures exist.", "Performance on patients the fit has not seen.")),
  calibration: (r) => (measureNames(r).some((m) => /calibration/i.test(m)) || figureWith(r, ["calibration"]) !== undefined ? filed(`Calibration: ${listed([...measureNames(r).filter((m) => /calibration/i.test(m)), ...(figureWith(r, ["calibration"]) === undefined ? [] : ["curve"])])}.`, figureHref(r, ["calibration"], "performance")) : user("", "Calibration curve, slope and calibration in the large.")),
  findings: (r) => filed(r.verdict.sentence, "summary", "Interpretation beside other studies."),
  limitations: (r) => filed(`${r.findings.filter((f) => f.severity !== "note").length} warnings of the guards stand in the report.`, "remarks", "Strengths, limitations and generalisability in the article."),
  "robust features": (r) => { const s = stepsNamed(r, ["icc", "iccFilter"]); return s.length > 0 ? filed(`Features below the limit of the intraclass correlation left; kept: ${listed(s.map((x) => `${x.after} of ${x.before}`))}.`, "appendix-features") : user("No step removed features that do not repeat.", "A second reader's or a repeated measurement's features."); },
  "redundant features": (r) => { const s = stepsNamed(r, redundancySteps); return s.length > 0 ? filed(`${listed(s.map((x) => `${x.step} keeps ${x.after} of ${x.before}`))}.`, "appendix-features") : user("", "Remove features that tell the same."); },
  dimensionality: (r) => {
    const d = development(r), size = r.sampleSize.find((s) => s.model === r.final);
    if (d === undefined || size === undefined) return user("", "Parameters against events.");
    const least = r.outcome.kind === "binary" ? Math.min(d.events, d.n - d.events) : d.events;
    const each = least / Math.max(1, size.parameters);
    return filed(`${least} ${r.outcome.kind === "binary" ? "patients in the smaller class" : "events"} for ${size.parameters} parameters of the final model (${each.toFixed(1)} each) and ${size.candidates} candidates.`, "appendix-models", each < 10 ? "Fewer than 10 for each parameter of the final model." : tooSmall(r) !== undefined ? "Enough for the parameters that were left, too few for the candidates that they were chosen from: see the warning on sample size." : undefined);
  },
  "internal testing": (r) => { const k = honestKinds(r).filter((x) => x !== "external"); return k.length > 0 ? filed(`${listed(k.map((x) => kindOf(x).name))}, every step refitted.`, "performance") : user("", "Internal testing."); },
  "external testing": (r) => {
    const sets = [...new Set(external(r).map((p) => p.estimate.set))];
    const scored = external(r).some((p) => p.model === r.final);
    return sets.length > 0 ? filed(`The frozen pipeline scored ${listed(sets)}.`, "performance", scored ? undefined : "The final model itself was not scored there.") : user("No external cohort was scored.", "An external cohort.");
  },
  heterogeneity: (r) => (r.performance.some((p) => p.estimate.kind === "leave-one-centre-out") ? filed("Each centre was scored by the pipeline fitted without it.", "performance") : centreCount(r) > 1 ? user("Centres are counted, but performance was not judged between them.", "Performance by centre.") : user("", "One centre: not applicable, or say why.")),
  fairness: (r) => { const f = r.figures.find((x) => x.chart === "forest" && /subgroup/i.test(x.id + x.title)); return f === undefined ? user("", "Performance in subgroups that fairness asks for.") : filed("Performance in subgroups is shown.", `figure-${anchorId(f.id)}`, "Whether differences between subgroups matter."); },
  output: (r) => filed(`The models give ${r.outcome.kind === "binary" ? "the probability of the event" : `the probability of the event by ${listed((r.outcome.times ?? []).map(String))} ${r.outcome.unit ?? ""}`}${r.riskGroups === undefined ? "" : `, and ${r.riskGroups.names.length} risk groups (${r.riskGroups.method})`}.`, "models"),
  "set differences": (r) => (r.cohorts.length > 1 || r.baseline.some((b) => b.description.by === "cohort") ? filed("Cohorts are described side by side.", "baseline", "What differs in setting, eligibility, outcome and predictors.") : user("Development and evaluation used the same source of patients.", "Say so.")),
  updating: (r) => (r.performance.some((p) => /recalibrat|updat/i.test(p.measure + p.estimate.method)) ? filed("The model was updated; see methods.", "methods") : filed("No model was updated after evaluation.", "methods")),
  "analysis counts": () => filed("n and events stand beside every figure of merit.", "performance-table"),
};
