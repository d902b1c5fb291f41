import { coxDeviance, elasticNet, exp, InputError, log, type NetCoefficients, type NetResponse, type Random } from "../../math/index.js";
import type { Outcome } from "../outcome.js";
import type { Step } from "../step.js";
import { checkOutcome } from "./association.js";
import { applyFilter, completeNumbers, filterState, fittedColumns, type ColumnsOption, type FilterState } from "./stepColumns.js";

export type LassoSelectOptions = ColumnsOption & {
  /** 1 LASSO (default) … above 0 */
  alpha?: number;
  folds?: number;
  /** the fold of each training row, 0 … folds − 1, where it is given */
  foldOf?: ArrayLike<number>;
  /** the λ whose non-zero columns stay: smallest cross-validated error (default), or the largest within one standard error of it */
  at?: "min" | "1se";
  /** length of the path (100) and its last value as a share of the first (1e-4 where rows ≥ columns, else .01), as glmnet */
  lambdas?: number;
  lambdaRatio?: number;
  /** largest violation of the optimality conditions allowed (default 1e-5, see math's elasticNet) */
  tolerance?: number;
};
export type LassoSelectState = FilterState & { alpha: number; lambda: number[]; error: number[]; spread: number[]; chosen: number; coefficients: { name: string; value: number }[] };

/**
 * Keeps the columns with a non-zero coefficient in an elastic net at the cross-validated λ. Path, standardisation, cross-validated error
 * (deviance; mean squares for numbers; Cox: (all rows − without the fold) / events) and both λ rules as R cv.glmnet 4.1 (each fold has its own path, read
 * off at the whole path's λ by linear interpolation); the folds are drawn here, patients whole and events spread evenly. `error` is in
 * glmnet's units (cvm), `spread` is cvsd. Tibshirani 1996; Friedman, Hastie & Tibshirani, J Stat Softw 2010;33(1); Simon et al., J Stat
 * Softw 2011;39(5) (Cox).
 */
export const lassoSelect: Step<LassoSelectState> = {
  name: "lasso",
  fit(table, outcome, options: LassoSelectOptions, random) {
    const { alpha = 1, folds = 10, at = "min" } = options;
    if (!(alpha > 0 && alpha <= 1)) throw new InputError(`lasso was given alpha = ${alpha}, but a number above 0 and up to 1 is expected.`);
    const names = fittedColumns("lasso", table, options);
    checkOutcome("lasso", outcome, table.id.length);
    const x = names.map((name) => completeNumbers("lasso", table, name));
    const response = responseOf(outcome);
    const n = table.id.length;
    const fold = options.foldOf ?? patientFolds(table.id, outcome, folds, random);
    if (fold.length !== n) throw new InputError(`foldOf has ${fold.length} rows, but the table given to lasso has ${n}. Give every row its fold.`);
    const all = Array.from(table.id.keys());
    const net = { alpha, ...pick(options, "lambdas"), ...pick(options, "lambdaRatio"), ...pick(options, "tolerance") };
    const path = elasticNet(x, all, response, net);
    const losses: { error: number; weight: number }[][] = [];
    for (let f = 0; f < folds; f++) {
      const training = all.filter((r) => fold[r] !== f), held = all.filter((r) => fold[r] === f);
      const fit = elasticNet(x, training, response, net);
      const etas = fit.coefficients.map((c) => linear(x, c, n));
      losses.push(foldLoss(outcome, path.lambda.map((l) => between(fit.lambda, etas, l)), all, training, held));
    }
    const used = losses.filter((l) => l.every((v) => v.weight > 0));
    const total = used.reduce((a, l) => a + l[0].weight, 0);
    const error = path.lambda.map((_, k) => used.reduce((a, l) => a + l[k].error * l[k].weight, 0) / total);
    const spread = path.lambda.map((_, k) => Math.sqrt(used.reduce((a, l) => a + (l[k].error - error[k]) * (l[k].error - error[k]) * l[k].weight, 0) / total / (used.length - 1)));
    let chosen = 0;
    error.forEach((e, k) => { if (e < error[chosen]) chosen = k; });
    if (at === "1se") chosen = error.findIndex((e) => e <= error[chosen] + spread[chosen]);
    const { index, value } = path.coefficients[chosen];
    const kept = new Set(index);
    const why = new Map(names.flatMap((name, j) => (kept.has(j) ? [] : [[name, "coefficient 0"] as const])));
    const state = filterState(names, why, path.converged[chosen] ? [] : ["The elastic net did not converge at the λ chosen: look for columns that are nearly the same."]);
    return { ...state, alpha, lambda: path.lambda, error, spread, chosen, coefficients: index.map((j, k) => ({ name: names[j], value: value[k] })) };
  },
  apply: applyFilter,
};

export function responseOf(outcome: Outcome): NetResponse {
  switch (outcome.kind) {
    case "binary": return { family: "binomial", y: outcome.event };
    case "continuous": return { family: "gaussian", y: outcome.value };
    case "survival": return { family: "cox", time: outcome.time, event: outcome.event };
  }
}

function pick<K extends keyof LassoSelectOptions>(options: LassoSelectOptions, key: K): Pick<LassoSelectOptions, K> | object {
  return options[key] === undefined ? {} : { [key]: options[key] };
}

/** Linear predictors at a λ between two of a falling path, by linear interpolation; beyond its ends those of the end. */
function between(lambda: number[], etas: Float64Array[], at: number): Float64Array {
  const k = lambda.findIndex((l) => l <= at);
  if (k === 0) return etas[0];
  if (k < 0) return etas[etas.length - 1];
  const share = (at - lambda[k]) / (lambda[k - 1] - lambda[k]);
  return etas[k].map((e, i) => share * etas[k - 1][i] + (1 - share) * e);
}

function linear(x: Float64Array[], c: NetCoefficients, n: number): Float64Array {
  const eta = new Float64Array(n).fill(c.intercept);
  c.index.forEach((j, k) => { for (let i = 0; i < n; i++) eta[i] += c.value[k] * x[j][i]; });
  return eta;
}

/** The fold's error at each λ and its weight: rows, or for Cox events. */
function foldLoss(outcome: Outcome, etas: Float64Array[], all: number[], training: number[], held: number[]): { error: number; weight: number }[] {
  if (outcome.kind === "survival") {
    const weight = held.reduce((a, r) => a + outcome.event[r], 0);
    const whole = coxDeviance(outcome.time, outcome.event, all), without = coxDeviance(outcome.time, outcome.event, training);
    return etas.map((eta) => ({ error: weight > 0 ? (whole(eta) - without(eta)) / weight : 0, weight }));
  }
  return etas.map((eta) => {
    let sum = 0;
    for (const r of held) {
      if (outcome.kind === "continuous") sum += (outcome.value[r] - eta[r]) * (outcome.value[r] - eta[r]);
      else {
        // −2 log-likelihood, probabilities held within 1e-5 … 1 − 1e-5 as cv.glmnet
        const p = Math.min(1 - 1e-5, Math.max(1e-5, 1 / (1 + exp(-eta[r]))));
        sum -= 2 * log(outcome.event[r] === 1 ? p : 1 - p);
      }
    }
    return { error: sum / held.length, weight: held.length };
  });
}

/** A fold for each row: patients whole, those with an event dealt out first. Keyed by id, so the order of rows does not matter. */
function patientFolds(id: string[], outcome: Outcome, folds: number, random: Random): Int32Array {
  const event = outcome.kind === "continuous" ? new Uint8Array(id.length) : outcome.event;
  const has = new Map<string, number>();
  id.forEach((p, r) => has.set(p, Math.max(has.get(p) ?? 0, event[r])));
  if (!(Number.isInteger(folds) && folds >= 3 && folds <= has.size)) throw new InputError(`lasso was given ${folds} folds for ${has.size} patients, but 3 to ${has.size} are expected.`);
  const stream = random.stream("folds");
  const patients = [...has.keys()].sort();
  for (let k = patients.length - 1; k > 0; k--) {
    const other = stream.below(k + 1);
    [patients[k], patients[other]] = [patients[other], patients[k]];
  }
  const dealt = [...patients.filter((p) => has.get(p) === 1), ...patients.filter((p) => has.get(p) !== 1)];
  const of = new Map(dealt.map((p, k) => [p, k % folds]));
  return Int32Array.from(id, (p) => of.get(p)!);
}
