import { selectOutcome } from "../../cohort/index.js";
import { bestCut, maxstatCut, medianCut, minimumPCut, permutationCutP, rocCurve, xTile } from "../../evaluate/index.js";
import { InputError, median, quantile, randomStream } from "../../math/index.js";
import type { Facts, SetFacts } from "../facts.js";
import { scoredRows } from "./merit.js";
import type { Plan } from "../plan.js";

/**
 * Cuts of the final model's linear predictor into risk groups, chosen on the training patients by the plan's method; with the P that the choice
 * itself makes too small, and the one corrected for it (shuffled predictor, cut searched anew; maxstat: the bounds of Lausen).
 * @returns undefined where the predictor is constant, or no cut can be made
 */
export function riskCut(plan: Plan, apparent: SetFacts): Facts["cut"] {
  const { method, groups, minimum } = plan.evaluation.cutpoint;
  const prediction = apparent.predictions[plan.final];
  if (prediction === undefined) return undefined;
  const rows = scoredRows(prediction, apparent.rows.keys());
  const linear = Float64Array.from(rows, (k) => prediction.linear[k]);
  const outcome = selectOutcome(apparent.cohort.outcome, Int32Array.from(rows, (k) => apparent.rows[k]));
  if (linear.every((v) => v === linear[0])) return undefined;
  const random = randomStream(plan.seed).stream("cut");
  const model = plan.final;
  const least = minimum === undefined ? {} : { minimum };
  try {
    if (outcome.kind === "binary") {
      if (method === "youden") return { model, values: [bestCut(rocCurve(linear, outcome.event)).threshold], method: "Youden's index" };
      return { model, values: groups === 3 ? [quantile(linear, 1 / 3), quantile(linear, 2 / 3)] : [median(linear)], method: groups === 3 ? "tertiles" : "median" };
    }
    const follow = { time: outcome.time, event: outcome.event };
    if (method === "x-tile") {
      const found = xTile(follow, linear, { groups, ...least, permutations: groups === 2 ? 999 : 199, random: random.stream("x-tile"), training: new Uint8Array(rows.length).fill(1) });
      return { model, values: found.cuts, method: "X-tile", p: found.optimisticP, ...(found.permutationP !== undefined && { correctedP: found.permutationP, correction: "predictor shuffled, cut searched anew" }) };
    }
    if (groups === 3) return { model, values: [quantile(linear, 1 / 3), quantile(linear, 2 / 3)], method: "tertiles" };
    if (method === "minimum-p") {
      const found = minimumPCut(follow, linear, least);
      return { model, values: [found.cut], method: "minimum P", p: found.optimisticP, correctedP: permutationCutP(follow, linear, random.stream("minimum p"), least).p, correction: "predictor shuffled, cut searched anew" };
    }
    if (method === "maxstat") {
      const found = maxstatCut(follow, linear, minimum === undefined ? {} : { minimum, maximum: 1 - minimum });
      return { model, values: [found.cut], method: "maximally selected rank statistic", p: found.optimisticP, correctedP: found.adjustedP, correction: "smaller bound of Lausen 1992 and 1994" };
    }
    const found = medianCut(follow, linear);
    return { model, values: [found.cut], method: "median", p: found.p };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}
