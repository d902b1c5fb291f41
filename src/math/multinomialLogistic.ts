import { InputError } from "./check.js";
import { concaveNewton, type ConcaveMaximum } from "./concaveNewton.js";
import type { Design } from "./design.js";
import { exp, log } from "./elementary.js";

export type ClassOptions = {
  /** one a row, at least 0 */
  weights?: ArrayLike<number>;
  /** λ of a penalty λ/2 Σ slope², for data that need not determine every slope; default 0 */
  ridge?: number;
  maxIterations?: number;
};
export type MultinomialLogistic = {
  kind: "multinomialLogistic"; names: string[];
  /** a row for each class after the first: intercept, then the slopes */
  coefficients: number[][];
  /** of the coefficients, row after row; NaN where the information is singular */
  covariance: number[][];
  logLik: number; iterations: number; converged: boolean; warnings: string[];
};

/**
 * Multinomial (polytomous) logistic regression: log(P(class k) / P(class 0)) = αₖ + Σ βₖⱼ xⱼ, by maximum likelihood with Newton's
 * method. Agresti, Categorical Data Analysis, 2nd ed. 2002, 7.1. With two classes it is logistic regression. Agrees with R nnet::multinom 7.3 (whose
 * search stops a little before the maximum).
 * @param classes  n whole numbers 0 … K − 1, each met at least once, K ≥ 2
 * @throws InputError on lengths, classes that are missing, values or weights that are not finite
 */
export function multinomialLogistic(design: Design, classes: ArrayLike<number>, options: ClassOptions = {}): MultinomialLogistic {
  const { count, weights } = checkClasses("multinomialLogistic", design, classes, options.weights);
  const fit = multinomialMaximum(design.columns, classes, count, weights, options);
  const p = design.columns.length + 1;
  return {
    kind: "multinomialLogistic", names: ["(Intercept)", ...design.names],
    coefficients: Array.from({ length: count - 1 }, (_, k) => [...fit.at.subarray(k * p, (k + 1) * p)]),
    covariance: squareOf(fit, p * (count - 1)), logLik: fit.value, iterations: fit.iterations, converged: fit.converged, warnings: classWarnings(fit),
  };
}

/** The maximum itself, of checked input; parameters class after class, intercept first. Formula, source and agreement as `multinomialLogistic`. */
export function multinomialMaximum(columns: readonly Float64Array[], classes: ArrayLike<number>, count: number, weights: ArrayLike<number>, { ridge = 0, maxIterations = 50 }: ClassOptions): ConcaveMaximum {
  const n = classes.length, p = columns.length + 1, m = count - 1, size = p * m;
  const row = new Float64Array(p).fill(1), share = new Float64Array(m);
  return concaveNewton((at) => {
    const gradient = new Float64Array(size), information = new Float64Array(size * size);
    let value = 0;
    for (let i = 0; i < n; i++) {
      if (weights[i] === 0) continue;
      for (let j = 1; j < p; j++) row[j] = columns[j - 1][i];
      let most = 0;
      for (let k = 0; k < m; k++) {
        let eta = 0;
        for (let j = 0; j < p; j++) eta += at[k * p + j] * row[j];
        share[k] = eta;
        if (eta > most) most = eta;
      }
      const own = classes[i] === 0 ? 0 : share[classes[i] - 1];
      let total = exp(-most);
      for (let k = 0; k < m; k++) total += share[k] = exp(share[k] - most);
      value += weights[i] * (own - most - log(total));
      for (let k = 0; k < m; k++) share[k] /= total;
      for (let k = 0; k < m; k++) {
        const residual = weights[i] * ((classes[i] === k + 1 ? 1 : 0) - share[k]);
        for (let j = 0; j < p; j++) gradient[k * p + j] += residual * row[j];
        for (let l = 0; l <= k; l++) {
          const w = weights[i] * share[k] * ((k === l ? 1 : 0) - share[l]);
          for (let j = 0; j < p; j++) for (let h = 0; h < p; h++) information[(k * p + j) * size + l * p + h] += w * row[j] * row[h];
        }
      }
    }
    for (let a = 0; a < size; a++) {
      if (ridge > 0 && a % p > 0) {
        value -= (ridge / 2) * at[a] * at[a];
        gradient[a] -= ridge * at[a];
        information[a * size + a] += ridge;
      }
      for (let b = 0; b < a; b++) information[b * size + a] = information[a * size + b];
    }
    return { value, gradient, information };
  }, new Float64Array(size), maxIterations);
}

/** Checked input of a regression on classes: their number, and the weights. */
export function checkClasses(who: string, design: Design, classes: ArrayLike<number>, given?: ArrayLike<number>): { count: number; weights: ArrayLike<number> } {
  const { n, columns, names } = design;
  if (classes.length !== n) throw new InputError(`${who}: there are ${classes.length} classes for ${n} rows; give one a row.`);
  const weights = given ?? new Float64Array(n).fill(1);
  if (weights.length !== n) throw new InputError(`${who}: there are ${weights.length} weights for ${n} rows; give one a row.`);
  const seen = new Set<number>();
  for (let i = 0; i < n; i++) {
    if (!(Number.isInteger(classes[i]) && classes[i] >= 0)) throw new InputError(`${who}: the class of row ${i + 1} is ${classes[i]}; whole numbers 0, 1, … are expected.`);
    if (!(weights[i] >= 0 && weights[i] < Infinity)) throw new InputError(`${who}: the weight of row ${i + 1} is ${weights[i]}; weights must be finite and at least 0.`);
    if (weights[i] > 0) seen.add(classes[i]);
  }
  const count = Math.max(...seen) + 1;
  if (seen.size < 2 || seen.size !== count) throw new InputError(`${who}: ${seen.size} of the classes 0 … ${count - 1} are met; at least two, and each of them, are needed. Number the classes that occur.`);
  columns.forEach((column, j) => {
    if (column.length !== n) throw new InputError(`${who}: "${names[j]}" has ${column.length} values for ${n} rows.`);
    const bad = column.findIndex((v) => !Number.isFinite(v));
    if (bad >= 0) throw new InputError(`${who}: "${names[j]}" is ${column[bad]} in row ${bad + 1}; a finite number is needed. Impute it or leave the row out.`);
  });
  return { count, weights };
}

export function squareOf({ covariance }: ConcaveMaximum, size: number): number[][] {
  return Array.from({ length: size }, (_, a) => Array.from({ length: size }, (__, b) => covariance?.[a * size + b] ?? NaN));
}

export function classWarnings({ converged, iterations }: ConcaveMaximum): string[] {
  return converged ? [] : [`The iteration stopped after ${iterations} steps without coming to rest: variables may separate the classes or depend on one another. Leave one out, merge classes, or give a ridge.`];
}
