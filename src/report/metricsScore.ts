import type { FilledAnswer, MetricsCondition } from "./checklistTypes.js";
import { metrics } from "./checklists/metrics.js";
import type { StudyResults } from "./results.js";
import { featureNames } from "./topicFacts.js";
import { fillAnswer, statementFor } from "./checklistFill.js";

export type MetricsScore = {
  /** percent of the weight of the items that apply */
  score: number; grade: "very low" | "low" | "moderate" | "good" | "excellent";
  items: { no: string; weight: number; applies: boolean; counted: boolean; why: string; answer: FilledAnswer }[];
  assumptions: { condition: MetricsCondition; holds: boolean; why: string }[];
};

/**
 * METRICS of a run: an item counts where the run holds it whole ("reported") or the user's statement claims it; a statement that
 * begins with "no" counts 0, and so does what nothing tells. Items whose condition does not hold leave numerator and denominator. Conditions
 * are assumed as told in `assumptions`; a statement "condition: <name>" with yes or no overrides each. Kocak et al. 2024.
 */
export function metricsScore(results: StudyResults): MetricsScore {
  const assumptions = conditions(results);
  const holds = new Map(assumptions.map((a) => [a.condition, a.holds]));
  const items = metrics.items.map((item) => {
    const answer = fillAnswer(results, metrics, item);
    const { weight, condition } = item;
    const applies = condition === undefined || holds.get(condition) === true;
    const denied = answer.statement !== undefined && /^(no|not|none)\b/i.test(answer.statement.trim());
    const counted = applies && !denied && (answer.state === "reported" || answer.state === "stated");
    const why = !applies ? `does not apply (${condition})` : denied ? "the user's statement denies it" : counted ? (answer.state === "stated" ? "stated by the user" : "found in the run") : "no evidence, counts 0";
    return { no: item.no ?? "", weight, applies, counted, why, answer };
  });
  const all = items.reduce((s, i) => s + (i.applies ? i.weight : 0), 0);
  const score = all === 0 ? NaN : (100 * items.reduce((s, i) => s + (i.counted ? i.weight : 0), 0)) / all;
  return { score, grade: gradeOf(score), items, assumptions };
}

/** Grades of METRICS: below 20 very low, 40 low, 60 moderate, 80 good, else excellent. */
export function gradeOf(score: number): MetricsScore["grade"] {
  return score < 20 ? "very low" : score < 40 ? "low" : score < 60 ? "moderate" : score < 80 ? "good" : "excellent";
}

function conditions(results: StudyResults): MetricsScore["assumptions"] {
  const hand = featureNames(results).length > 0 || results.blocks.some((b) => b.kind === "score");
  const defaults: [MetricsCondition, boolean, string][] = [
    ["segmentation", true, "lesions are taken to be segmented, by whatever means"],
    ["fully automated segmentation", false, "segmentation is taken to be checked by a reader"],
    ["hand-crafted", hand, hand ? "features are hand-crafted" : "no radiomics features were found"],
    ["tabular", true, "the models read a table"],
    ["end-to-end DL", false, "no network reads images here"],
  ];
  return defaults.map(([condition, holds, why]) => {
    const told = statementFor(results, [`condition: ${condition}`, `condition ${condition}`]);
    return told === undefined ? { condition, holds, why: `assumed: ${why}` } : { condition, holds: /^(yes|true)\b/i.test(told.trim()), why: `stated: ${told}` };
  });
}
