import type { Answer } from "./checklistTypes.js";
import type { BlockReport, StudyResults } from "./results.js";

// What the checklists ask of a run, found in its results.

/** An answer that the folder holds, whole or, with something left to write, in part. */
export const filed = (sentence: string, where: string, toWrite?: string): Answer => ({ state: toWrite === undefined ? "reported" : "partly", sentence, where, ...(toWrite === undefined ? {} : { toWrite }) });

/** Steps of all blocks whose name is one of these. */
export function stepsNamed(results: StudyResults, names: readonly string[]): { block: string; step: string; before: number; after: number }[] {
  return results.blocks.flatMap((b) => b.steps.filter((s) => names.includes(s.step)).map((s) => ({ block: b.title, step: s.step, before: s.before, after: s.after })));
}

export const selectionSteps = ["variance", "varianceFilter", "correlation", "correlationFilter", "clusterRepresentatives", "vif", "vifRemoval", "mrmr", "boruta", "lasso", "lassoSelect", "stabilitySelection", "univariable", "icc", "iccFilter", "stepwise"];
export const redundancySteps = ["correlation", "correlationFilter", "clusterRepresentatives", "vif", "vifRemoval", "mrmr"];

export function scores(results: StudyResults): BlockReport[] {
  return results.blocks.filter((b) => b.kind === "score");
}

/** Models that hold no score, directly. */
export function withoutScores(results: StudyResults): BlockReport[] {
  const names = new Set(scores(results).map((b) => b.name));
  return results.blocks.filter((b) => b.kind === "model" && !b.inputs.some((i) => names.has(i) || names.has(i.split(".")[0])) && !b.selected.some((s) => names.has(s)));
}

/** Names of columns that look like radiomics features, of inputs, selections and stability lists. */
export function featureNames(results: StudyResults): string[] {
  return [...new Set(results.blocks.flatMap((b) => [...b.selected, ...(b.stability?.kept ?? []).map((k) => k.name), ...b.steps.flatMap((s) => [...(s.kept ?? []), ...(s.removed ?? []).map((r) => r.name)])]))].filter((name) => featureClasses.some((c) => name.toLowerCase().includes(c)));
}
export const featureClasses = ["shape", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm"];
export const imageTypes = ["original", "wavelet", "log-sigma", "square", "squareroot", "logarithm", "exponential", "gradient", "lbp"];

/** The final model's sample size where it is too small: below ten events a candidate, or below what Riley's criteria ask for. */
export function tooSmall(results: StudyResults): StudyResults["sampleSize"][number] | undefined {
  const size = results.sampleSize.find((s) => s.model === results.final), n = development(results)?.n ?? Infinity;
  return size !== undefined && (size.eventsPerCandidate < 10 || (size.needed !== undefined && n < size.needed.n)) ? size : undefined;
}

/** What the run wrote about how images became features, if it did that itself. */
export function extraction(results: StudyResults): string[] {
  return results.parameters.filter((p) => /extract|image|bin ?width|resampl|discretis|mask/i.test(p.what) && !/cross-validation|bootstrap/i.test(p.what)).map((p) => `${p.what}: ${p.value}`);
}

export function measureNames(results: StudyResults): string[] {
  return [...new Set(results.performance.map((p) => p.measure))];
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

export function figureWith(results: StudyResults, charts: readonly string[]): string | undefined {
  const figure = results.figures.find((f) => charts.includes(f.chart));
  return figure?.id;
}

/** Centres of all cohorts, each once: training and test patients of one cohort come from the same ones; a cohort without centres is one. */
export function centreNames(results: StudyResults): string[] {
  return [...new Set(results.cohorts.flatMap((c) => c.centres?.map((x) => x.name) ?? (c.role === "test" ? [] : [c.name])))];
}

export const centreCount = (results: StudyResults): number => centreNames(results).length;

export function development(results: StudyResults): StudyResults["cohorts"][number] | undefined {
  return results.cohorts.find((c) => c.role === "development");
}
