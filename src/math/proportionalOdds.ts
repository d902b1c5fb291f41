import { concaveNewton, type ConcaveMaximum } from "./concaveNewton.js";
import type { Design } from "./design.js";
import { exp, log } from "./elementary.js";
import { checkClasses, classWarnings, squareOf, type ClassOptions } from "./multinomialLogistic.js";

export type ProportionalOdds = {
  kind: "proportionalOdds"; names: string[]; slopes: number[];
  /** θ of each class but the last, rising */
  cuts: number[];
  /** of the slopes, then the cuts; from the observed information */
  covariance: number[][];
  logLik: number; iterations: number; converged: boolean; warnings: string[];
};

/**
 * Proportional-odds logistic regression of ordered classes: logit P(class ≤ k) = θₖ − Σ βⱼ xⱼ (a slope above 0 means higher classes),
 * by maximum likelihood with Newton's method. McCullagh, J R Stat Soc B 1980;42:109. Agrees with R MASS::polr 7.3 (whose search stops a
 * little before the maximum), standard errors with Hess = TRUE.
 * @param classes  n whole numbers 0 … K − 1 in their order, each met at least once, K ≥ 2
 * @throws InputError on lengths, classes that are missing, values or weights that are not finite
 */
export function proportionalOdds(design: Design, classes: ArrayLike<number>, options: ClassOptions = {}): ProportionalOdds {
  const { count, weights } = checkClasses("proportionalOdds", design, classes, options.weights);
  const fit = proportionalOddsMaximum(design.columns, classes, count, weights, options);
  const p = design.columns.length;
  return {
    kind: "proportionalOdds", names: [...design.names], slopes: [...fit.at.subarray(0, p)], cuts: [...fit.at.subarray(p)],
    covariance: squareOf(fit, p + count - 1), logLik: fit.value, iterations: fit.iterations, converged: fit.converged, warnings: classWarnings(fit),
  };
}

/** The maximum itself, of checked input; parameters: slopes, then cuts. Formula, source and agreement as `proportionalOdds`. */
export function proportionalOddsMaximum(columns: readonly Float64Array[], classes: ArrayLike<number>, count: number, weights: ArrayLike<number>, { ridge = 0, maxIterations = 50 }: ClassOptions): ConcaveMaximum {
  const n = classes.length, p = columns.length, size = p + count - 1;
  // from the classes' own shares
  const start = new Float64Array(size);
  const mass = new Float64Array(count);
  for (let i = 0; i < n; i++) mass[classes[i]] += weights[i];
  const total = mass.reduce((a, b) => a + b, 0);
  for (let k = 0, below = 0; k < count - 1; k++) {
    below += mass[k];
    start[p + k] = log(below / (total - below));
  }
  const derivative = new Float64Array(size);
  return concaveNewton((at) => {
    const gradient = new Float64Array(size), information = new Float64Array(size * size);
    let value = 0;
    for (let i = 0; i < n; i++) {
      const w = weights[i];
      if (w === 0) continue;
      let eta = 0;
      for (let j = 0; j < p; j++) eta += at[j] * columns[j][i];
      const upper = classes[i] < count - 1 ? p + classes[i] : -1, lower = classes[i] > 0 ? p + classes[i] - 1 : -1;
      const a = upper < 0 ? 1 : logistic(at[upper] - eta), b = lower < 0 ? 0 : logistic(at[lower] - eta);
      // 1 − P of the upper one where both are near 1
      const probability = lower < 0 ? a : upper < 0 ? logistic(eta - at[lower]) : a - b;
      if (!(probability > 0)) return { value: -Infinity, gradient, information };
      value += w * log(probability);
      const fa = a * (1 - a), fb = b * (1 - b);
      const ha = fa * (1 - 2 * a), hb = fb * (1 - 2 * b);
      // first derivatives of log P by the cuts and by η; the second are those of P less their product
      const da = fa / probability, db = -fb / probability, dEta = -(fa - fb) / probability;
      const touched = [upper, lower];
      derivative.fill(0);
      if (upper >= 0) derivative[upper] = da;
      if (lower >= 0) derivative[lower] = db;
      for (let j = 0; j < p; j++) derivative[j] = dEta * columns[j][i];
      for (let s = 0; s < p; s++) {
        gradient[s] += w * derivative[s];
        const second = (ha - hb) / probability - dEta * dEta;
        for (let t = 0; t <= s; t++) information[s * size + t] -= w * second * columns[s][i] * columns[t][i];
      }
      touched.forEach((cut, side) => {
        if (cut < 0) return;
        const h = (side === 0 ? ha : -hb) / probability, d = derivative[cut];
        gradient[cut] += w * d;
        information[cut * size + cut] -= w * (h - d * d);
        for (let t = 0; t < p; t++) information[cut * size + t] -= w * (-h - d * dEta) * columns[t][i];
      });
      if (upper >= 0 && lower >= 0) information[upper * size + lower] += w * da * db;
    }
    for (let s = 0; s < size; s++) {
      if (ridge > 0 && s < p) {
        value -= (ridge / 2) * at[s] * at[s];
        gradient[s] -= ridge * at[s];
        information[s * size + s] += ridge;
      }
      for (let t = 0; t < s; t++) information[t * size + s] = information[s * size + t];
    }
    return { value, gradient, information };
  }, start, maxIterations);
}

function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}
