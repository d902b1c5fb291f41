import { InputError } from "./check.js";
import { fCdf, fQuantile } from "./distributions.js";
import { log2, powerOfTwo } from "./elementary.js";
import { confidenceLevel, type Named } from "./testResult.js";

/**
 * Shrout & Fleiss's names: (1, …) one-way random, (2, …) two-way random, absolute agreement, (3, …) two-way mixed, consistency; k: mean of
 * the k raters. Shrout & Fleiss, Psychol Bull 1979;86:420.
 */
export const iccForms = ["ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"] as const;
export type IccForm = (typeof iccForms)[number];

/** One form: F test of ICC = 0 with its df, interval at `level`. */
export type IccEstimate = { form: IccForm; icc: number; f: number; df: [number, number]; p: number; ci: [number, number] };
export type IccResult = {
  estimates: IccEstimate[];
  /** mean squares: between subjects, within subjects, between raters, residual */
  meanSquares: { subjects: number; within: number; raters: number; error: number };
  subjects: number;
  raters: number;
  /** subjects without a complete set of ratings, left out */
  leftOut: number;
  level: number;
  warnings: string[];
};

/**
 * Intraclass correlation in the six forms of Shrout & Fleiss, Psychol Bull 1979;86:420, with F tests and intervals. Agrees with R
 * psych::ICC(lmer = FALSE), and with irr::icc but for two things: irr tests agreement with Satterthwaite's df (here, as in Shrout &
 * Fleiss, F = MSB / MSE on (n − 1)(k − 1)), and takes McGraw & Wong's interval for ICC(2,k) (here ICC(2,1)'s limits through
 * Spearman–Brown). A paper that names no form most often means ICC(2,1).
 * Missing ratings: a subject counts only where all raters rated it (complete cases); the number left out stands in the result.
 * No variation at all: NaN with a warning; raters that agree perfectly: 1 with the interval 1 … 1 and a warning.
 *
 * @param ratings k raters, each with one value for the same n subjects (NaN: missing)
 * @param forms   which to compute, all six when left out
 * @throws InputError on fewer than 2 raters, lengths that differ, infinite ratings, fewer than 2 subjects rated by all, a level outside 0 … 1
 */
export function icc(ratings: ArrayLike<number>[], { forms = iccForms, level = 0.95, name = "ICC" }: Named & { forms?: readonly IccForm[]; level?: number } = {}): IccResult {
  confidenceLevel(level, name);
  const k = ratings.length;
  if (k < 2) throw new InputError(`${name}: ${k} rater${k === 1 ? "" : "s"}, expected at least 2 readings of the same subjects.`);
  const all = ratings[0].length;
  const complete: number[] = [];
  ratings.forEach((r, j) => {
    if (r.length !== all) throw new InputError(`${name}: rater ${j + 1} has ${r.length} ratings, rater 1 has ${all}; expected one for each subject, NaN where missing.`);
    for (let i = 0; i < all; i++) if (Math.abs(r[i]) === Infinity) throw new InputError(`${name}: rating ${i + 1} of rater ${j + 1} is ${r[i]}, expected a finite number or NaN for missing.`);
  });
  for (let i = 0; i < all; i++) if (ratings.every((r) => !Number.isNaN(r[i]))) complete.push(i);
  const n = complete.length;
  if (n < 2) throw new InputError(`${name}: ${n} subject${n === 1 ? "" : "s"} rated by all ${k} raters, expected at least 2; check how the readings were matched.`);
  const warnings = n < all ? [`${name}: ${all - n} of ${all} subjects lack a rating and are left out.`] : [];
  const ms = meanSquares(ratings, complete);
  const flat = !(ms.subjects + ms.raters + ms.error > 0);
  if (flat) warnings.push(`${name}: all ratings are equal, so that the ICC is not defined; a constant feature cannot be judged for reliability.`);
  else if (ms.within === 0) warnings.push(`${name}: the raters agree in every digit; check that the second reading is not a copy of the first.`);
  const tail = 1 - (1 - level) / 2;
  const estimates = forms.map((form) => (flat ? { form, icc: NaN, f: NaN, df: dfOf(form, n, k), p: NaN, ci: [NaN, NaN] as [number, number] } : estimate(form, ms, n, k, tail)));
  const unknown = flat ? [] : estimates.filter((e) => [e.icc, e.f, e.p, ...e.ci].some(Number.isNaN)).map((e) => e.form);
  if (unknown.length > 0) {
    const why = !(ms.subjects < Infinity && ms.within < Infinity) ? "the readings are too large to be squared; give them in another unit"
      : ms.subjects === 0 ? "the subjects' means do not differ; a feature that is the same in everybody cannot be judged for reliability" : "the mean squares leave no F test or interval; give more subjects";
    warnings.push(`${name}: ${unknown.join(", ")} not or not wholly defined: ${why}.`);
  }
  return { estimates, meanSquares: ms, subjects: n, raters: k, leftOut: all - n, level, warnings };
}

function meanSquares(ratings: ArrayLike<number>[], rows: number[]): IccResult["meanSquares"] {
  const k = ratings.length;
  const n = rows.length;
  // about the first value, so that a large common level costs no digits
  const origin = ratings[0][rows[0]];
  const raterMeans = ratings.map((r) => rows.reduce((sum, i) => sum + (r[i] - origin), 0) / n);
  const grand = raterMeans.reduce((a, b) => a + b, 0) / k;
  let subjects = 0, within = 0, error = 0;
  for (const i of rows) {
    let mean = 0;
    for (const r of ratings) mean += (r[i] - origin) / k;
    subjects += k * (mean - grand) * (mean - grand);
    for (let j = 0; j < k; j++) {
      const d = ratings[j][i] - origin - mean;
      within += d * d;
      const rest = d - (raterMeans[j] - grand);
      error += rest * rest;
    }
  }
  const raters = raterMeans.reduce((sum, m) => sum + n * (m - grand) * (m - grand), 0);
  return { subjects: subjects / (n - 1), within: within / (n * (k - 1)), raters: raters / (k - 1), error: error / ((n - 1) * (k - 1)) };
}

function dfOf(form: IccForm, n: number, k: number): [number, number] {
  return [n - 1, form.startsWith("ICC(1") ? n * (k - 1) : (n - 1) * (k - 1)];
}

function estimate(form: IccForm, ms: IccResult["meanSquares"], n: number, k: number, tail: number): IccEstimate {
  const { subjects: b, raters: j, error: e, within: w } = ms;
  const df = dfOf(form, n, k);
  const noise = form.startsWith("ICC(1") ? w : e;
  const f = b / noise;
  const tested = { form, f, df, p: fCdf(f, df[0], df[1], { upper: true }) };
  if (form === "ICC(2,1)" || form === "ICC(2,k)") {
    const single = (b - e) / (b + (k - 1) * e + k * (j - e) / n);
    const average = (b - e) / (b + (j - e) / n);
    const ci = agreementLimits(single, ms, n, k, tail);
    if (form === "ICC(2,1)") return { ...tested, icc: single, ci };
    return { ...tested, icc: average, ci: [k * ci[0] / (1 + (k - 1) * ci[0]), k * ci[1] / (1 + (k - 1) * ci[1])] };
  }
  const low = f / fQuantile(tail, df[0], df[1]);
  const high = f * fQuantile(tail, df[1], df[0]);
  const single = form.endsWith("1)");
  const of = (ratio: number) => (ratio === Infinity ? 1 : single ? (ratio - 1) / (ratio + k - 1) : 1 - 1 / ratio);
  return { ...tested, icc: single ? (b - noise) / (b + (k - 1) * noise) : (b - noise) / b, ci: [of(low), of(high)] };
}

/** Limits of ICC(2,1): Satterthwaite's df for the mixture of rater and error variance (Fleiss & Shrout, Psychometrika 1978;43:259). */
function agreementLimits(r: number, ms: IccResult["meanSquares"], n: number, k: number, tail: number): [number, number] {
  // a power of 2 brings the largest to about 1: no square overflows, no digit changes
  const scale = powerOfTwo(Math.min(1000, -Math.floor(log2(Math.max(ms.subjects, ms.raters, ms.error)))));
  const [b, j, e] = [ms.subjects * scale, ms.raters * scale, ms.error * scale];
  if (j === 0 && e === 0) return [1, 1];
  const c = n * (1 + (k - 1) * r) - k * r;
  const rater = k * r * j;
  const sum = rater + c * e;
  const v = (k - 1) * (n - 1) * sum * sum / ((n - 1) * rater * rater + c * c * e * e);
  const upper = fQuantile(tail, n - 1, v);
  const lower = fQuantile(tail, v, n - 1);
  const rest = k * j + (k * n - k - n) * e;
  // hardly any degrees of freedom: the quantiles run to infinity, the limits to these
  const least = -n * e / rest;
  return [
    upper === Infinity ? least : n * (b - upper * e) / (upper * rest + n * b),
    lower === Infinity ? (b > 0 ? 1 : least) : n * (lower * b - e) / (rest + n * lower * b),
  ];
}
