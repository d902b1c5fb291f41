import { crossTable, InputError, normalCdf, normalQuantile, type Named } from "../math/index.js";

/** Agreement weights: 1 on the diagonal; "linear" 1 − |i − j| / (k − 1), "quadratic" its square distance, "none" 0 elsewhere. */
export type KappaWeights = "none" | "linear" | "quadratic" | number[][];
export type KappaOptions = Named & { weights?: KappaWeights; level?: number };
export type KappaResult = {
  kappa: number;
  /** standard error of the estimate, and the one under kappa = 0 that z is made with */
  se: number;
  nullSe: number;
  z: number;
  p: number;
  ci: [number, number];
  level: number;
  observed: number;
  expected: number;
  n: number;
  /** subjects without both ratings (all ratings for Fleiss), left out */
  leftOut: number;
  method: string;
  warnings: string[];
};

/**
 * Cohen's kappa of two raters, plain or weighted: (pₒ − pₑ) / (1 − pₑ) with weighted agreement pₒ and pₑ.
 * Cohen, Educ Psychol Meas 1960;20:37, Psychol Bull 1968;70:213; standard errors of Fleiss, Cohen & Everitt, Psychol Bull
 * 1969;72:323. Agrees with R irr::kappa2 (kappa, z, p: null standard error) and psych::cohen.kappa (all kappas, interval of the
 * plain one; psych 2.2.9 has a slip in the variance of a weighted kappa, which can make its interval far too narrow).
 * One category in use: NaN with a warning; one rater with a single category: 0 without test and interval (as irr), with a warning.
 *
 * @param first  codes 0 … k − 1 of the first rater in the order of the categories, n subjects; below 0 is missing
 * @param second the second rater's
 * @param categories k, at most 1000; the largest code + 1 when left out. Weights depend on it.
 * @throws InputError on lists of unequal length, codes that are not whole numbers, no subject rated by both, more than 1000 categories
 */
export function cohenKappa(first: ArrayLike<number>, second: ArrayLike<number>, options: KappaOptions & { categories?: number } = {}): KappaResult {
  const { name = "kappa" } = options;
  if (first.length !== second.length) throw new InputError(`${name}: ${first.length} ratings against ${second.length}, expected both raters to rate the same subjects.`);
  const k = checkedCategories([first, second], options.categories, name);
  const result = kappaOfTable(crossTable(first, second, k, k), options);
  const leftOut = first.length - result.n;
  if (leftOut === 0) return result;
  return { ...result, leftOut, warnings: [...result.warnings, `${name}: ${leftOut} of ${first.length} subjects lack a rating and are left out.`] };
}

/**
 * Cohen's kappa from the square table of counts, rows the first rater: formula, weights, variances and agreement as `cohenKappa`. Cohen
 * 1960, 1968.
 * @throws InputError on a table that is not square, or counts that are not whole numbers
 */
export function kappaOfTable(counts: number[][], { weights = "none", level = 0.95, name = "kappa" }: KappaOptions = {}): KappaResult {
  const k = counts.length;
  if (k < 2 || counts.some((row) => row.length !== k)) throw new InputError(`${name}: a ${k} × ${counts[0]?.length ?? 0} table, expected a square one with the same categories for both raters.`);
  if (!(level > 0 && level < 1)) throw new InputError(`${name}: confidence level ${level}, expected a number between 0 and 1 such as 0.95.`);
  const bad = counts.flat().find((c) => !(Number.isInteger(c) && c >= 0));
  if (bad !== undefined) throw new InputError(`${name}: the table holds ${bad}, expected counts (whole numbers, 0 or more).`);
  const n = counts.flat().reduce((a, b) => a + b, 0);
  if (n === 0) throw new InputError(`${name}: no subject has both ratings; check how the raters' lists were matched.`);
  const w = weightMatrix(weights, k, name);
  const rows = counts.map((row) => row.reduce((a, b) => a + b, 0) / n);
  const columns = counts.map((_, j) => counts.reduce((sum, row) => sum + row[j], 0) / n);
  const rowWeight = w.map((row) => row.reduce((sum, value, j) => sum + value * columns[j], 0));
  const columnWeight = w.map((_, j) => w.reduce((sum, row, i) => sum + row[j] * rows[i], 0));
  let observed = 0, expected = 0;
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) {
    observed += w[i][j] * counts[i][j] / n;
    expected += w[i][j] * rows[i] * columns[j];
  }
  const kappa = (observed - expected) / (1 - expected);
  let spread = 0, nullSpread = 0;
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) {
    const both = rowWeight[i] + columnWeight[j];
    const d = w[i][j] - both * (1 - kappa);
    spread += counts[i][j] / n * d * d;
    nullSpread += rows[i] * columns[j] * (w[i][j] - both) * (w[i][j] - both);
  }
  const shift = kappa - expected * (1 - kappa);
  const scale = Math.sqrt(n) * (1 - expected);
  const se = Math.sqrt(Math.max(0, spread - shift * shift)) / scale;
  const nullSe = Math.sqrt(Math.max(0, nullSpread - expected * expected)) / scale;
  const named = typeof weights === "string" ? { none: "unweighted", linear: "linear weights", quadratic: "quadratic weights" }[weights] : "given weights";
  return concluded({ kappa, se, nullSe, level, observed, expected, n, leftOut: 0, method: `Cohen's Kappa for 2 Raters (${named})` }, name, rows.includes(1) || columns.includes(1));
}

/**
 * Fleiss' kappa of m raters in k unordered categories. Fleiss, Psychol Bull 1971;76:378; standard error under kappa = 0 of Fleiss,
 * Nee & Landis 1979;86:974. Agrees with R irr::kappam.fleiss. `se` is the null one, and the interval made with it is a rough one.
 * Subjects without all ratings are left out.
 *
 * @param raters m lists of codes 0 … k − 1 for the same n subjects; below 0 is missing
 * @throws InputError as cohenKappa
 */
export function fleissKappa(raters: ArrayLike<number>[], { level = 0.95, categories, name = "Fleiss' kappa" }: Named & { level?: number; categories?: number } = {}): KappaResult {
  const m = raters.length;
  if (m < 2) throw new InputError(`${name}: ${m} raters, expected at least 2.`);
  const all = raters[0].length;
  const k = checkedCategories(raters, categories, name);
  const shares = Array.from({ length: k }, () => 0);
  let agreement = 0;
  let n = 0;
  for (let i = 0; i < all; i++) {
    if (raters.some((r) => !(r[i] >= 0))) continue;
    n++;
    const votes = Array.from({ length: k }, () => 0);
    for (const r of raters) votes[r[i]]++;
    votes.forEach((v, c) => (shares[c] += v));
    agreement += votes.reduce((sum, v) => sum + v * (v - 1), 0) / (m * (m - 1));
  }
  if (n === 0) throw new InputError(`${name}: no subject is rated by all ${m} raters; check how their lists were matched.`);
  const p = shares.map((s) => s / (n * m));
  const observed = agreement / n;
  const expected = p.reduce((sum, v) => sum + v * v, 0);
  const pq = p.reduce((sum, v) => sum + v * (1 - v), 0);
  const skew = p.reduce((sum, v) => sum + v * (1 - v) * (1 - 2 * v), 0);
  const nullSe = Math.sqrt(2 * (pq * pq - skew) / (n * m * (m - 1))) / pq;
  const result = concluded({
    kappa: (observed - expected) / (1 - expected), se: nullSe, nullSe, level, observed, expected, n, leftOut: all - n, method: `Fleiss' Kappa for ${m} Raters`,
  }, name);
  if (n < all) result.warnings.push(`${name}: ${all - n} of ${all} subjects lack a rating and are left out.`);
  return result;
}

function concluded(r: Omit<KappaResult, "z" | "p" | "ci" | "warnings">, name: string, single = false): KappaResult {
  if (!(r.expected < 1)) {
    return { ...r, kappa: NaN, se: NaN, nullSe: NaN, z: NaN, p: NaN, ci: [NaN, NaN], warnings: [`${name}: the raters use a single category, so that agreement beyond chance is not defined.`] };
  }
  if (single) {
    const why = `${name}: a rater uses a single category, so that kappa is 0 whatever the other says; there is no test and no interval.`;
    return { ...r, kappa: 0, se: NaN, nullSe: 0, z: NaN, p: NaN, ci: [NaN, NaN], warnings: [why] };
  }
  const z = r.kappa / r.nullSe;
  const half = normalQuantile(1 - (1 - r.level) / 2) * r.se;
  return { ...r, z, p: Math.min(1, 2 * normalCdf(Math.abs(z), { upper: true })), ci: [r.kappa - half, Math.min(1, r.kappa + half)], warnings: [] };
}

function checkedCategories(raters: ArrayLike<number>[], given: number | undefined, name: string): number {
  let most = 1;
  raters.forEach((r, j) => {
    if (r.length !== raters[0].length) throw new InputError(`${name}: rater ${j + 1} has ${r.length} ratings, rater 1 has ${raters[0].length}; expected one for each subject, −1 where missing.`);
    for (let i = 0; i < r.length; i++) {
      if (!Number.isInteger(r[i])) throw new InputError(`${name}: rating ${i + 1} of rater ${j + 1} is ${r[i]}, expected a code 0, 1, 2 … (−1 for missing).`);
      most = Math.max(most, r[i]);
    }
  });
  if (given !== undefined && !(Number.isInteger(given) && given > most)) throw new InputError(`${name}: ${given} categories, but code ${most} occurs; expected at least ${most + 1}.`);
  const k = given ?? most + 1;
  if (k > 1000) throw new InputError(`${name}: ${k} categories (the largest code is ${most}), expected at most 1000; number the categories 0, 1, 2 …, and give measurements to icc.`);
  return k;
}

function weightMatrix(weights: KappaWeights, k: number, name: string): number[][] {
  if (typeof weights !== "string") {
    if (weights.length !== k || weights.some((row) => row.length !== k || row.some((v) => !Number.isFinite(v)))) throw new InputError(`${name}: weights must be ${k} × ${k} finite numbers, 1 on the diagonal for full agreement.`);
    return weights;
  }
  return Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) => {
    const d = Math.abs(i - j) / (k - 1);
    return weights === "linear" ? 1 - d : weights === "quadratic" ? 1 - d * d : i === j ? 1 : 0;
  }));
}
