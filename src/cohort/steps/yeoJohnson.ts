import { exp, InputError, log } from "../../math/index.js";
import type { Step } from "../step.js";
import { fittedColumns, mapNumbers, meanVariance, presentNumbers, withoutUnit, type ColumnsOption } from "./stepColumns.js";

export type YeoJohnsonOptions = ColumnsOption & { /** z-score what was transformed (default true) */ standardize?: boolean };
export type YeoJohnsonState = { names: string[]; lambda: number[]; mean: number[]; sd: number[]; warnings: string[] };

/**
 * Power transform that makes a column nearly normal and takes any sign: ((x + 1)^λ − 1)/λ for x ≥ 0, −((1 − x)^(2−λ) − 1)/(2 − λ)
 * below. λ maximises the normal profile likelihood −n/2·log(σ²(λ)) + (λ − 1)·Σ sign(x)·log(|x| + 1) in −5 … 5.
 * Yeo & Johnson, Biometrika 2000;87:954. The λ agrees with scipy.stats.yeojohnson and car::powerTransform(family = "yjPower").
 */
export const yeoJohnson: Step<YeoJohnsonState> = {
  name: "yeoJohnson",
  fit(table, _outcome, options: YeoJohnsonOptions) {
    const names = fittedColumns("yeoJohnson", table, options);
    const state: YeoJohnsonState = { names, lambda: [], mean: [], sd: [], warnings: [] };
    for (const name of names) {
      const x = presentNumbers("yeoJohnson", table, name);
      if (x.length < 3) throw new InputError(`${name} has ${x.length} values in the training rows, but yeoJohnson needs at least 3. Leave the column out.`);
      const { mean: centre, variance: spread } = meanVariance(x);
      const flat = !(spread > 1e-28 * centre * centre);
      if (flat) state.warnings.push(`${name} has no spread in the training rows and keeps its scale: drop it with the variance filter.`);
      const lambda = flat ? 1 : bestLambda(x);
      if (Math.abs(lambda) > 4.999) state.warnings.push(`${name}: λ lies at the border of −5 … 5. Look at its extremes or transform it by its logarithm first.`);
      const { mean, variance } = meanVariance(x.map((v) => transform(v, lambda)));
      const standardize = options.standardize ?? true;
      state.lambda.push(lambda);
      state.mean.push(standardize ? mean : 0);
      state.sd.push(standardize && !flat ? Math.sqrt(variance) : 1);
    }
    return state;
  },
  apply: (state, table) => withoutUnit(mapNumbers(table, state.names, (x, j) => (transform(x, state.lambda[j]) - state.mean[j]) / state.sd[j]), state.names),
};

/** The transform of one number; near λ = 0 (and 2 below zero) the logarithm. (e^(λ·l) − 1)/λ by a series where λ·l is small. */
function transform(x: number, lambda: number): number {
  return x >= 0 ? boxCox(log(x + 1), lambda) : -boxCox(log(1 - x), 2 - lambda);
}

function boxCox(logarithm: number, lambda: number): number {
  const u = lambda * logarithm;
  if (Math.abs(u) < 1e-4) return logarithm * (1 + (u / 2) * (1 + (u / 3) * (1 + u / 4)));
  return (exp(u) - 1) / lambda;
}

/** Golden section within the best cell of a grid: the likelihood may have a shoulder, so the grid comes first. */
function bestLambda(x: Float64Array): number {
  let slope = 0;
  for (const v of x) slope += v >= 0 ? log(v + 1) : -log(1 - v);
  const y = new Float64Array(x.length);
  const merit = (lambda: number): number => {
    for (let i = 0; i < x.length; i++) y[i] = transform(x[i], lambda);
    const { variance } = meanVariance(y);
    return variance > 0 ? -0.5 * x.length * log((variance * (x.length - 1)) / x.length) + (lambda - 1) * slope : -Infinity;
  };
  let best = -5, top = -Infinity;
  for (let l = -5; l <= 5; l += 0.5) {
    const m = merit(l);
    if (m > top) [best, top] = [l, m];
  }
  let [low, high] = [Math.max(-5, best - 0.5), Math.min(5, best + 0.5)];
  const golden = (Math.sqrt(5) - 1) / 2;
  let a = high - golden * (high - low), b = low + golden * (high - low);
  let fa = merit(a), fb = merit(b);
  while (high - low > 1e-9) {
    if (fa >= fb) {
      [high, b, fb] = [b, a, fa];
      a = high - golden * (high - low);
      fa = merit(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + golden * (high - low);
      fb = merit(b);
    }
  }
  return (low + high) / 2;
}
