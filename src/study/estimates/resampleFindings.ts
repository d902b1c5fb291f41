import type { Finding } from "../../report/index.js";
import type { BootstrapFacts, CrossValidationFacts } from "../facts.js";

/** Folds that could not be judged or fitted, in words. */
export function foldFindings(found: CrossValidationFacts, models: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  for (const name of models) {
    let lost = 0, all = 0;
    for (const f of found.results) {
      if (f.failed?.[name] !== undefined) continue;
      const { fold, predictions } = found.repeats[f.repeat - 1];
      fold.forEach((of, k) => { if (of === f.fold - 1) { all++; if (!Number.isFinite(predictions[name].linear[k])) lost++; } });
    }
    if (lost > 0) findings.push({ guard: "folds", severity: "note", where: name, message: `${name}: ${lost} of ${all} predictions of cross-validation could not be made, because a value is missing or a category was not among the rows fitted on; they do not count.`, doInstead: "Impute missing values as a step, and join rare categories." });
  }
  const empty = found.results.filter((f) => f.events === 0 || f.events === f.n);
  if (empty.length > 0) findings.push({
    guard: "folds", severity: "warning", where: "performance",
    message: `${empty.length} of ${found.results.length} folds have no patient ${empty.some((f) => f.events === 0) ? "with" : "without"} the event (${empty.slice(0, 5).map((f) => `repeat ${f.repeat} fold ${f.fold}`).join(", ")}${empty.length > 5 ? ", …" : ""}): they give no AUC or C and do not count for them.`,
    doInstead: "Take fewer folds.",
  });
  const names = new Set(found.results.flatMap((f) => Object.keys(f.failed ?? {})));
  for (const name of names) {
    const failed = found.results.filter((f) => f.failed?.[name] !== undefined);
    findings.push({ guard: "folds", severity: "warning", where: name, message: `${name} could not be fitted in ${failed.length} of ${found.results.length} folds; they do not count for it. First reason: ${failed[0].failed![name]}` });
  }
  return findings;
}

/** Samples in which a block could not be fitted, in words. */
export function sampleFindings({ resamples }: BootstrapFacts): Finding[] {
  return [...new Set(resamples.flatMap((r) => Object.keys(r.failed ?? {})))].map((name) => {
    const failed = resamples.filter((r) => r.failed?.[name] !== undefined);
    return { guard: "bootstrap", severity: "warning", where: name, message: `${name} could not be fitted in ${failed.length} of ${resamples.length} bootstrap samples; they do not count for it. First reason: ${failed[0].failed![name]}` };
  });
}
