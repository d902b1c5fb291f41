import { countText, type Finding } from "../../report/index.js";
import type { Facts } from "../facts.js";
import { few, type Guard } from "./guard.js";

const FEW = 10;

/** Separation and monotone likelihood: coefficients that run away. */
export const separationGuard: Guard = {
  name: "separation",
  after: (facts) => facts.blocks.flatMap((block): Finding[] => {
    const inner = (block.model as { model?: { names?: string[]; se?: (number | null)[]; monotone?: string[] } } | null)?.model;
    const huge = (inner?.names ?? []).filter((_, k) => { const se = inner?.se?.[k]; return se !== undefined && se !== null && se > 50; });
    const names = [...new Set([...(inner?.monotone ?? []), ...huge])];
    // a LASSO path always ends in separation where features outnumber patients; λ is chosen before that
    const told = /^(lasso|elasticNet|ridge)/.test(block.learner.name) ? [] : block.warnings.filter((w) => /separat|monoton/i.test(w));
    if (names.length === 0 && told.length === 0) return [];
    return [{
      guard: "separation", severity: "warning", where: block.name,
      message: names.length > 0 ? `${block.name}: ${few(names)} separates the outcome; its ratio has no finite estimate.` : told[0],
      doInstead: `Take Firth's penalty (learner: ${facts.plan.outcome.kind === "binary" ? "firth" : "firthCox"}), or merge sparse levels.`,
    }];
  }),
};

/** Few events under a figure of merit or a time point. */
export const eventsGuard: Guard = {
  name: "few events",
  after(facts) {
    const found: Finding[] = [];
    for (const set of facts.sets) {
      const outcome = set.cohort.outcome;
      const events = Array.from(set.rows).reduce((s, r) => s + outcome.event[r], 0);
      const others = set.rows.length - events;
      if (Math.min(events, outcome.kind === "binary" ? others : events) < FEW) {
        found.push({ guard: "few events", severity: "warning", where: "performance", message: `${set.name} (${set.kind}): ${countText(events)} events among ${countText(set.rows.length)} patients; figures from fewer than ${FEW} events ${outcome.kind === "binary" ? "or others " : ""}say next to nothing.`, doInstead: "Read their intervals, and do not rank models by them." });
      }
      if (outcome.kind !== "survival") continue;
      for (const time of facts.plan.evaluation.times) {
        const atRisk = Array.from(set.rows).filter((r) => outcome.time[r] >= time).length;
        const before = Array.from(set.rows).filter((r) => outcome.event[r] === 1 && outcome.time[r] <= time).length;
        if (atRisk < FEW || before < FEW) found.push({ guard: "few events", severity: "warning", where: "performance", message: `${set.name} (${set.kind}) at ${time} ${outcome.unit}: ${atRisk} patients still at risk, ${before} events so far.`, doInstead: "Choose an earlier or later time at which at least 10 of both are left." });
      }
    }
    return found;
  },
};

/** DeLong's test between nested models on the patients they were fitted on; corrected figures that beat the apparent ones; accuracy below the no-information rate. */
export const comparisonGuard: Guard = {
  name: "comparisons",
  after(facts) {
    const found: Finding[] = [];
    const apparent = facts.comparisons.filter((c) => c.difference.kind === "apparent" && c.test !== undefined);
    if (apparent.length > 0) {
      found.push({ guard: "nested models on training patients", severity: "warning", where: "comparisons", message: `The P of ${few([...new Set(apparent.map((c) => `${c.first} against ${c.second}`))], 3)} on the patients they were fitted on is not valid: the larger model has been fitted to win (Demler 2012).`, doInstead: `Read the difference on patients left out of the fits${facts.comparisons.some((c) => c.difference.kind === "apparent" && c.measure === "log-likelihood") ? "; the likelihood-ratio test of the fits themselves stands among the comparisons" : ""}.` });
    }
    for (const p of facts.performance) {
      if (p.estimate.kind !== "optimism-corrected" || !/AUC|C-index/.test(p.measure)) continue;
      const own = facts.performance.find((q) => q.model === p.model && q.measure === p.measure && q.estimate.kind === "apparent");
      if (own !== undefined && p.estimate.value > own.estimate.value) found.push({ guard: "optimism", severity: "warning", where: p.model, message: `${p.model}: the corrected ${p.measure} (${p.estimate.value.toFixed(3)}) exceeds the apparent one (${own.estimate.value.toFixed(3)}); optimism should not be negative.`, doInstead: "More bootstrap samples, or look whether a step leaks." });
    }
    for (const model of facts.plan.models) {
      const of = (measure: string) => facts.performance.find((p) => p.model === model.name && p.measure === measure && p.estimate.kind === "nested cross-validation")?.estimate;
      const [accuracy, none] = [of("accuracy"), of("no-information rate")];
      if (accuracy !== undefined && none !== undefined && accuracy.value <= none.value) found.push({ guard: "no-information rate", severity: "note", where: model.name, message: `${model.name}: accuracy ${(100 * accuracy.value).toFixed(1)} % does not exceed the ${(100 * none.value).toFixed(1)} % that always guessing the larger class reaches.`, doInstead: "Judge by discrimination and calibration." });
    }
    return found;
  },
};

/** Cuts found in the data, and probabilities of models fitted on balanced rows. */
export const cutGuard: Guard = {
  name: "data-driven cuts",
  after(facts) {
    const found: Finding[] = [];
    if (facts.cut !== undefined && !["median", "tertiles"].includes(facts.cut.method) && facts.cut.correctedP === undefined) {
      found.push({ guard: "data-driven cuts", severity: "warning", where: "survival", message: `The risk groups' cut was searched for (${facts.cut.method}) on the patients it is shown on; the distance between their curves is optimistic and has no valid P.`, doInstead: "Read the groups of patients left out, or take the median." });
    }
    for (const block of facts.blocks) {
      const balancing = block.steps.filter((s) => ["smote", "upsample", "undersample"].includes(s.name));
      if (balancing.length > 0) found.push({ guard: "balanced rows", severity: "note", where: block.name, message: `${block.name} was fitted on rows balanced by ${balancing.map((s) => s.name).join(", ")}; all figures are of the patients as they are, and the intercept was moved to their prevalence.`, doInstead: "Look at the calibration curve before using its probabilities." });
    }
    return found;
  },
};

/** Empty selections: a result to be told. */
export const emptyGuard: Guard = {
  name: "empty selection",
  after(facts: Facts) {
    const found: { names: string[]; rest: string; isNull: boolean }[] = [];
    for (const block of facts.blocks) {
      const kept = [...(facts.crossValidation?.results ?? []).map((r) => r.kept[block.name]), ...(facts.bootstrap?.resamples ?? []).map((r) => r.kept[block.name])].filter((k) => k !== undefined);
      const empty = kept.filter((k) => k.length === 0).length;
      if (block.model !== null && empty < 0.2 * kept.length) continue;
      const isNull = block.model === null;
      const resampled = kept.length === 0 ? "" : `${isNull ? " In" : "in"} ${countText(empty)} of ${countText(kept.length)} resampled fits nothing was kept; they are scored as the null model (discrimination 0.5).`;
      const rest = `${isNull ? "nothing was selected in the fit on all patients, which makes the null model." : ""}${resampled}`;
      const same = found.find((f) => f.rest === rest);
      if (same === undefined) found.push({ names: [block.name], rest, isNull });
      else same.names.push(block.name);
    }
    return found.map(({ names, rest, isNull }): Finding => ({
      guard: "empty selection", severity: isNull ? "warning" : "note", where: names[0], message: `${names.join(" and ")}: ${rest}`,
      doInstead: "That is a finding: the candidates hold little that can be found with so many patients.",
    }));
  },
};

/** Other events than the one of interest, in a survival outcome. */
export const competingGuard: Guard = {
  name: "competing risks",
  before: (plan, data) => {
    const { outcome } = data.development;
    if (plan.outcome.kind !== "survival" || outcome.kind !== "survival" || outcome.cause === undefined) return [];
    const other = outcome.cause.filter((c) => c > 1).length;
    const subdistribution = plan.models.some((m) => m.learner.name === "fineGray");
    return other === 0 ? [] : [{ guard: "competing risks", severity: subdistribution ? "warning" : "note", where: data.development.name, message: `${other} patients had another event first (${plan.outcome.codes.other?.join(", ") ?? "other"}); they are censored there in every figure of merit. Curves of risk groups are cumulative incidences; predicted risks by a time, their calibration, Brier scores and decision curves are of a world without the other events, and higher than the cumulative incidence${subdistribution ? ", those of fineGray too" : ""}.`, doInstead: subdistribution ? "Use a Fine–Gray model for its ratios and its order of patients; do not tell its probabilities to anybody." : "Read hazard ratios as cause-specific." }];
  },
};
