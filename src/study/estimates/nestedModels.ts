import { chiSquaredCdf } from "../../math/index.js";
import type { Comparison } from "../../report/index.js";
import type { SetFacts } from "../facts.js";
import type { FittedBlock } from "../pipeline.js";

type Likelihood = { value: number; parameters: number; n: number };

/** Log-likelihood and parameters of a logistic or Cox block, where it was maximised (not penalised, not on balanced rows). */
function likelihoodOf(block: FittedBlock): Likelihood | undefined {
  const fitted = block.model as { kind: string; model: any } | null;
  if (fitted === null || block.steps.some((s) => ["smote", "upsample", "undersample"].includes(s.name))) return undefined;
  if (fitted.kind === "logisticTable") return { value: fitted.model.logLik, parameters: fitted.model.df, n: fitted.model.n };
  if (fitted.kind === "coxTable") return { value: fitted.model.loglik[1], parameters: fitted.model.names.length - fitted.model.aliased.length, n: fitted.model.n };
  return undefined;
}

/**
 * Likelihood-ratio test of nested models on the patients they were fitted on: 2(l₂ − l₁) on the difference in parameters. It is given where every
 * variable of the first is in the second, and named for what it is: selection, and a score fitted on the same patients, make its P too small.
 */
export function likelihoodRatio(blocks: readonly FittedBlock[], set: SetFacts, first: string, second: string, seed: number): Comparison[] {
  const a = blocks.find((b) => b.name === first), b = blocks.find((x) => x.name === second);
  if (set.kind !== "apparent" || a === undefined || b === undefined || !a.selected.every((v) => b.selected.includes(v)) || a.selected.length === 0) return [];
  const x = likelihoodOf(a), y = likelihoodOf(b);
  if (x === undefined || y === undefined || x.n !== y.n) return [];
  const df = y.parameters - x.parameters, statistic = 2 * (y.value - x.value);
  if (!(df > 0) || !Number.isFinite(statistic)) return [];
  const events = set.rows.reduce((sum, r) => sum + set.cohort.outcome.event[r], 0);
  const chosen = b.blocks !== undefined && b.blocks.some((name) => !a.selected.includes(name));
  return [{
    first, second, measure: "log-likelihood",
    difference: {
      value: y.value - x.value, n: y.n, events, set: set.name, kind: "apparent", method: "likelihood-ratio test of nested models on their training patients", seed,
      note: chosen ? `${b.blocks!.filter((name) => !a.selected.includes(name)).join(", ")} was itself fitted on these patients, so that the P is too small.` : "Variables were chosen on these patients, so that the P is too small.",
    },
    test: { name: "likelihood ratio", statistic: Math.max(0, statistic), df, p: chiSquaredCdf(Math.max(0, statistic), df, { upper: true }) },
  }];
}
