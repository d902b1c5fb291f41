import { cholesky, InputError, solveCholesky, type Design } from "../math/index.js";
import { weightedGram } from "./weightedGram.js";
import { chiSquared, logisticFit, logisticInput, type LogisticFit, type LogisticOptions } from "./logistic.js";
import { logisticNewton } from "./logisticNewton.js";
import type { StepFitter, TermTest } from "./stepwise.js";

/** A term of a model: its name and the design columns it takes (a factor takes several); `termColumns` of a coding gives them. */
export type Term = { variable: string; columns: number[] };
export type NamedTest = TermTest & { term: string };

/** Each column a term of its own. Plumbing: no source. */
export function columnTerms(design: Design): Term[] {
  return design.names.map((variable, j) => ({ variable, columns: [j] }));
}

/** The design of some of the terms, in their order. Plumbing: no source. */
export function designOfTerms(design: Design, terms: readonly Term[]): Design {
  const columns = terms.flatMap((term) => term.columns);
  return { names: columns.map((j) => design.names[j]), columns: columns.map((j) => design.columns[j]), n: design.n };
}

/**
 * Likelihood-ratio test of nested fits on the same patients: 2 (log L − log L smaller), chi-squared on the difference of
 * parameters. R anova(smaller, larger, test = "LRT"). Wilks, Ann Math Stat 1938;9:60.
 * @throws InputError where the patients differ or the larger model has no more parameters
 */
export function likelihoodRatioTest(smaller: { logLik: number; df: number; n: number }, larger: { logLik: number; df: number; n: number }): TermTest {
  if (smaller.n !== larger.n) throw new InputError(`Likelihood-ratio test: the models were fitted on ${smaller.n} and ${larger.n} patients; fit both on the same.`);
  if (larger.df <= smaller.df) throw new InputError(`Likelihood-ratio test: the larger model has ${larger.df} parameters and the smaller ${smaller.df}; give nested models, the smaller first.`);
  return chiSquared(2 * (larger.logLik - smaller.logLik), larger.df - smaller.df);
}

/** Likelihood-ratio test of each term given all others. R drop1(f, test = "LRT"). Terms default to the columns. @throws InputError as logisticFit */
export function logisticDropTests(design: Design, event: ArrayLike<number>, options: LogisticOptions & { terms?: readonly Term[] } = {}): NamedTest[] {
  const terms = options.terms ?? columnTerms(design);
  const all = logisticFit(designOfTerms(design, terms), event, options);
  return terms.map((term) => {
    const less = logisticFit(designOfTerms(design, terms.filter((t) => t !== term)), event, options);
    return { term: term.variable, ...chiSquared(2 * (all.logLik - less.logLik), all.df - less.df) };
  });
}

/** Likelihood-ratio test of each term given those before it (analysis of deviance). R anova(f, test = "LRT"). @throws InputError as logisticFit */
export function logisticSequentialTests(design: Design, event: ArrayLike<number>, options: LogisticOptions & { terms?: readonly Term[] } = {}): NamedTest[] {
  const terms = options.terms ?? columnTerms(design);
  let before = logisticFit(designOfTerms(design, []), event, options);
  return terms.map((term, k) => {
    const fit = logisticFit(designOfTerms(design, terms.slice(0, k + 1)), event, options);
    const test = chiSquared(2 * (fit.logLik - before.logLik), fit.df - before.df);
    before = fit;
    return { term: term.variable, ...test };
  });
}

/**
 * Rao's score test that the columns of `candidate` add nothing to `terms`: U₂ᵀ (I₂₂ − I₂₁ I₁₁⁻¹ I₁₂)⁻¹ U₂ at the fit of
 * `terms`. Rao, Proc Camb Phil Soc 1948;44:50. R add1(f, test = "Rao"); SPSS's "Score" of variables not in the equation.
 * A candidate that is constant or dependent on the terms has df 0 and p NaN.
 * @throws InputError as logisticFit
 */
export function logisticScoreTest(design: Design, event: ArrayLike<number>, terms: readonly Term[], candidate: Term, options: LogisticOptions = {}): TermTest {
  const inside = terms.flatMap((t) => t.columns).length;
  const { s, y, weights, offset } = logisticInput("Score test", designOfTerms(design, [...terms, candidate]), event, options);
  const first = s.intercept ? 1 : 0;
  const base = s.kept.filter((j) => j < inside).length + first;
  const at = logisticNewton(s.columns.slice(0, base), y, weights, offset);
  const p = s.columns.length;
  if (p === base) return { statistic: 0, df: 0, p: NaN };
  const w = at.mu.map((m, i) => weights[i] * m * (1 - m));
  const factor = cholesky(weightedGram(s.columns, w), p);
  if (factor === undefined) return { statistic: NaN, df: p - base, p: NaN };
  // the score of the terms inside is 0 at their maximum, so Uᵀ I⁻¹ U of all is that of the candidate
  const u = s.columns.map((x, j) => (j < base ? 0 : x.reduce((sum, v, i) => sum + v * weights[i] * (y[i] - at.mu[i]), 0)));
  const solved = solveCholesky(factor, p, u);
  return chiSquared(u.reduce((sum, v, j) => sum + v * solved[j], 0), p - base);
}

/**
 * For `stepwise` and `forwardScoreLr`: logistic fits and score tests of terms of a design. Its fits are `logisticFit`'s, its score tests
 * agree with R add1(test = "Rao").
 * @throws InputError in its fits and tests, as logisticFit; a name that is no term of the design
 */
export function logisticStepper(design: Design, event: ArrayLike<number>, options: LogisticOptions & { terms?: readonly Term[] } = {}): StepFitter<LogisticFit> {
  const terms = options.terms ?? columnTerms(design);
  const named = (name: string) => {
    const term = terms.find((t) => t.variable === name);
    if (term === undefined) throw new InputError(`Logistic regression: "${name}" is no term of the design; its terms are ${terms.map((t) => t.variable).join(", ")}.`);
    return term;
  };
  return {
    fit: (names) => logisticFit(designOfTerms(design, names.map(named)), event, options),
    score: (names, candidate) => logisticScoreTest(design, event, names.map(named), named(candidate), options),
  };
}

/**
 * Score test of all terms at once against the intercept (and offset). Rao 1948: U' I⁻¹ U at the null model. Agrees with R anova(null, full,
 * test = "Rao").
 * @throws InputError as logisticFit
 */
export function logisticGlobalScore(design: Design, event: ArrayLike<number>, options: LogisticOptions = {}): TermTest {
  return logisticScoreTest(design, event, [], { variable: "all", columns: design.columns.map((_, j) => j) }, options);
}

