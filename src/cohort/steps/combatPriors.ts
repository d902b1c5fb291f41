import { exp, InputError, log } from "../../math/index.js";
import { meanVariance, meanVarianceAt } from "./stepColumns.js";

export type CentreEffect = { gamma: number[]; delta: number[] };

/** Shrunken shift and variance ratio of one centre (rows) for every standardised feature (standard[feature][row]). */
export function centreEffect(standard: Float64Array[], rows: Int32Array, parametric: boolean, meanOnly: boolean): CentreEffect {
  const n = rows.length;
  const raw = standard.map((s) => meanVarianceAt(s, rows));
  const gamma = raw.map((m) => m.mean);
  const delta = raw.map((m) => (meanOnly ? 1 : m.variance));
  if (!parametric) return byFeatures(standard, rows, gamma, delta);
  const { mean: bar, variance: spread } = meanVariance(gamma);
  // mean only: one step of the posterior mean with n = 1 and delta = 1, as sva
  if (meanOnly) return { gamma: gamma.map((g) => (spread * g + bar) / (spread + 1)), delta };
  const { mean: m, variance: s2 } = meanVariance(delta);
  if (!(s2 > 0)) throw new InputError("All features vary alike in a centre, so their variances have no prior. Choose meanOnly, or name more columns.");
  const shape = (2 * s2 + m * m) / s2, scale = (m * s2 + m * m * m) / s2;
  return iterate(gamma, delta, n, bar, spread, shape, scale);
}

/** Posterior means of gamma (normal prior) and delta (inverse gamma prior) in turn, all features together, until sva's signed rule. */
function iterate(first: number[], variance: number[], n: number, bar: number, spread: number, shape: number, scale: number): CentreEffect {
  const gamma = [...first], delta = [...variance];
  const rounds = 100000;
  for (let round = 0; ; round++) {
    if (round === rounds) throw new InputError(`combat's centre effects did not settle in ${rounds} rounds. Choose parametric: false or meanOnly.`);
    let change = -Infinity;
    for (let j = 0; j < gamma.length; j++) {
      const g = (spread * n * first[j] + delta[j] * bar) / (spread * n + delta[j]);
      const off = first[j] - g;
      const d = (0.5 * ((n - 1) * variance[j] + n * off * off) + scale) / (n / 2 + shape - 1);
      change = Math.max(change, relative(g, gamma[j]), relative(d, delta[j]));
      gamma[j] = g;
      delta[j] = d;
    }
    if (!(change > 1e-4)) return { gamma, delta };
  }
}

/** |new − old| / old: the denominator keeps its sign, as in sva. */
function relative(next: number, old: number): number {
  return next === old ? 0 : Math.abs(next - old) / old;
}

/**
 * Posterior means where the prior is the empirical distribution of the other features' (gamma, delta): weights are the normal
 * likelihoods of this feature's rows, scaled by their largest so that they never all vanish.
 */
function byFeatures(standard: Float64Array[], rows: Int32Array, gamma: number[], delta: number[]): CentreEffect {
  const n = rows.length, p = gamma.length;
  const logDelta = delta.map((d) => log(d));
  const effect: CentreEffect = { gamma: [], delta: [] };
  const likelihood = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    let squares = 0;
    for (const r of rows) squares += (standard[j][r] - gamma[j]) * (standard[j][r] - gamma[j]);
    let top = -Infinity;
    for (let k = 0; k < p; k++) {
      if (k === j) continue;
      const off = gamma[j] - gamma[k];
      likelihood[k] = -0.5 * n * logDelta[k] - (squares + n * off * off) / (2 * delta[k]);
      if (likelihood[k] > top) top = likelihood[k];
    }
    let sum = 0, g = 0, d = 0;
    for (let k = 0; k < p; k++) {
      if (k === j) continue;
      const w = exp(likelihood[k] - top);
      sum += w;
      g += w * gamma[k];
      d += w * delta[k];
    }
    effect.gamma.push(g / sum);
    effect.delta.push(d / sum);
  }
  return effect;
}
