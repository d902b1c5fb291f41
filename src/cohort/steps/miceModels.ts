import { cholesky, multinomialMaximum, proportionalOddsMaximum, exp, type ConcaveMaximum, type Random } from "../../math/index.js";
import { coefficientDraw, predict } from "./bayesRegression.js";
import { meanVariance } from "./stepColumns.js";

/**
 * How a column is imputed: "pmm" predictive mean matching and "normal" Bayesian normal regression (numbers), "polytomous" logistic
 * regression on unordered levels (two levels: logistic regression), "proportionalOdds" on ordered ones. R mice calls them pmm, norm,
 * logreg/polyreg and polr. van Buuren & Groothuis-Oudshoorn, J Stat Softw 2011;45(3).
 */
export const miceMethods = ["pmm", "normal", "logistic", "polytomous", "proportionalOdds"] as const;
export type MiceMethod = (typeof miceMethods)[number];

/** One column's model with one draw of its parameters: what a gap is filled from. Plain JSON. */
export type MiceModel = { column: number } & (
  /** donors: predicted score (by the estimate) and value of each training row, by score */
  | { method: "pmm"; draw: number[]; scores: number[]; values: number[]; donors: number }
  | { method: "normal"; draw: number[]; sigma: number }
  /** a row of intercept and slopes for each level after the first of those met */
  | { method: "polytomous"; levels: number[]; draw: number[][] }
  | { method: "proportionalOdds"; levels: number[]; slopes: number[]; cuts: number[] }
);

/**
 * Fits a column (y) on terms, all of known rows, and draws the parameters from their posterior:
 * pmm, normal: σ² = RSS / χ²(n − p), β ~ N(estimate, σ² (X'X)⁻¹) (Rubin, Multiple Imputation, 1987, p. 167; R mice norm.draw).
 * polytomous, proportionalOdds: parameters ~ N(estimate, inverse information) (Rubin 1987, p. 169; mice's logreg does so, its polyreg and
 * polr take the estimate itself, which understates the variance). Rows are added as White, Daniel & Royston, Comput Stat Data Anal
 * 2010;54:2267, so that no level is perfectly predicted: for each term and level two, at the term's mean ± SD / 2, the
 * others at their means, in all of weight terms + 1 (R mice adds these rows too, with means and SD over all rows and kept within the terms' ranges).
 */
export function fitMiceModel(method: MiceMethod, column: number, terms: Float64Array[], y: Float64Array, donors: number, random: Random): MiceModel {
  if (method === "pmm" || method === "normal") {
    const { estimate, draw, sigma } = coefficientDraw(terms, y, random);
    if (method === "normal") return { column, method, draw, sigma };
    const pairs = Array.from(y, (value, i) => [predict(estimate, terms, i), value]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return { column, method, draw, scores: pairs.map((p) => p[0]), values: pairs.map((p) => p[1]), donors };
  }
  const levels = [...new Set(y)].sort((a, b) => a - b);
  if (levels.length === 1) return { column, method: "polytomous", levels, draw: [] };
  const { columns, classes, weights } = augmented(terms, Array.from(y, (v) => levels.indexOf(v)), levels.length);
  if (method === "proportionalOdds" && levels.length > 2) {
    const fit = proportionalOddsMaximum(columns, classes, levels.length, weights, { ridge: 1e-5 });
    for (let attempt = 0; attempt < 20; attempt++) {
      const at = posteriorDraw(fit, random);
      const cuts = at.slice(terms.length);
      if (cuts.every((c, k) => k === 0 || c > cuts[k - 1])) return { column, method, levels, slopes: at.slice(0, terms.length), cuts };
    }
    return { column, method, levels, slopes: [...fit.at.subarray(0, terms.length)], cuts: [...fit.at.subarray(terms.length)] };
  }
  const at = posteriorDraw(multinomialMaximum(columns, classes, levels.length, weights, { ridge: 1e-5 }), random);
  const p = terms.length + 1;
  return { column, method: "polytomous", levels, draw: levels.slice(1).map((_, k) => at.slice(k * p, (k + 1) * p)) };
}

/** A value for one row of the terms. */
export function imputedValue(model: MiceModel, terms: Float64Array[], row: number, chance: Random): number {
  switch (model.method) {
    case "pmm": return donor(model, predict(model.draw, terms, row), chance.next());
    case "normal": return predict(model.draw, terms, row) + model.sigma * chance.normal();
    case "polytomous": {
      const eta = [0, ...model.draw.map((b) => predict(b, terms, row))];
      const most = Math.max(...eta);
      return pick(model.levels, eta.map((v) => exp(v - most)), chance.next());
    }
    case "proportionalOdds": {
      const eta = model.slopes.reduce((s, b, j) => s + b * terms[j][row], 0);
      const below = [...model.cuts.map((cut) => 1 / (1 + exp(eta - cut))), 1];
      return pick(model.levels, below.map((b, k) => b - (k === 0 ? 0 : below[k - 1])), chance.next());
    }
  }
}

/** The level in which a uniform number falls, by shares that need not sum to 1. */
function pick(levels: number[], shares: number[], uniform: number): number {
  let left = uniform * shares.reduce((a, b) => a + b, 0);
  for (let k = 0; k < levels.length - 1; k++) {
    left -= shares[k];
    if (left < 0) return levels[k];
  }
  return levels[levels.length - 1];
}

function augmented(terms: Float64Array[], known: number[], count: number): { columns: Float64Array[]; classes: number[]; weights: number[] } {
  const n = known.length, added = 2 * terms.length * count;
  const spread = terms.map((t) => meanVariance(t));
  const columns = terms.map((t, j) => Float64Array.from({ length: n + added }, (_, i) => {
    if (i < n) return t[i];
    const [which, side] = [Math.floor((i - n) / (2 * count)), (i - n) % 2];
    return spread[j].mean + (which === j ? (side === 0 ? 0.5 : -0.5) * Math.sqrt(Math.max(0, spread[j].variance)) : 0);
  }));
  const classes = Array.from({ length: n + added }, (_, i) => (i < n ? known[i] : Math.floor((i - n) / 2) % count));
  const weights = Array.from({ length: n + added }, (_, i) => (i < n ? 1 : (terms.length + 1) / added));
  return { columns, classes, weights };
}

/** estimate + C⁻ᵀ z, C Cᵀ the information. */
function posteriorDraw(fit: ConcaveMaximum, random: Random): number[] {
  const k = fit.at.length;
  const factor = fit.factor ?? cholesky(Float64Array.from({ length: k * k }, (_, a) => (a % (k + 1) === 0 ? 1 : 0)), k)!;
  const z = Array.from({ length: k }, () => random.normal());
  for (let i = k - 1; i >= 0; i--) {
    for (let j = i + 1; j < k; j++) z[i] -= factor[j * k + i] * z[j];
    z[i] /= factor[i * k + i];
  }
  return z.map((v, a) => fit.at[a] + v);
}

/** The value of one of the donors nearest by score, chosen by a uniform number. */
function donor({ scores, values, donors }: Extract<MiceModel, { method: "pmm" }>, score: number, uniform: number): number {
  let low = 0, high = scores.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scores[middle] < score) low = middle + 1;
    else high = middle;
  }
  let first = low, after = low;
  const wanted = Math.min(donors, scores.length);
  while (after - first < wanted) {
    if (first === 0) after++;
    else if (after === scores.length || score - scores[first - 1] <= scores[after] - score) first--;
    else after++;
  }
  return values[first + Math.floor(uniform * wanted)];
}
