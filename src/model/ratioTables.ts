import { exp, InputError, type Design } from "../math/index.js";
import { INTERCEPT, logisticFit, type LogisticFit, type LogisticOptions } from "./logistic.js";
import { columnTerms, designOfTerms, type Term } from "./logisticTests.js";
import { firthLogistic, firthTermTest } from "./firthLogistic.js";
import { checkTerms } from "./stepwise.js";
import { chiSquaredTail } from "./tails.js";

/** One coefficient as a ratio (odds or hazard) per unit of its column, or of its level against the reference. */
export type Ratio = { name: string; ratio: number; lower: number; upper: number; p: number };
/** What a table needs of a fit. */
export type RatioFit = { ratios: Ratio[]; logLik: number; df: number; n: number; events: number; warnings: string[];
  /** p of each term of the fit in turn, where likelihoods of nested fits do not compare (penalised) */
  termP?: readonly number[];
};
export type RatioRow = { term: string; ratios: Ratio[]; /** likelihood-ratio test of the whole term */ p: number; n: number; events: number; warnings: string[] };
export type RatioTable = { univariable: RatioRow[]; multivariable: RatioRow[]; entered: string[]; rule: string; warnings: string[] };

/**
 * Each term in a model of its own, then those whose likelihood-ratio p is below `enter` (default .05; 1 or more: all) together.
 * `fit([])` is the null model. Ratios are e^β with their interval and p as the fit gives them; a factor has one ratio a level and one
 * test in all. Choosing by univariable p biases the multivariable table (Sun, J Clin Epidemiol 1996;49:907): repeat it inside resampling.
 * @param fit     fits these terms; its ratios in the terms' order
 * @param count   number of ratios of a term
 * @throws InputError for repeated or no terms
 */
export function ratioTable(terms: readonly string[], fit: (terms: readonly string[]) => RatioFit, count: (term: string) => number, options: { enter?: number; always?: readonly string[] } = {}): RatioTable {
  const { enter = 0.05, always = [] } = options;
  checkTerms(terms, always);
  if (terms.length === 0) throw new InputError("Univariable table: no variable is named; name at least one.");
  const none = fit([]);
  const test = (larger: RatioFit, smaller: RatioFit) => (larger.df > smaller.df ? chiSquaredTail(Math.max(0, 2 * (larger.logLik - smaller.logLik)), larger.df - smaller.df) : NaN);
  const univariable = terms.map((term) => {
    const one = fit([term]);
    return { term, ratios: one.ratios, p: test(one, none), n: one.n, events: one.events, warnings: one.warnings };
  });
  const entered = terms.filter((term, k) => always.includes(term) || enter >= 1 || univariable[k].p < enter);
  const all = fit(entered);
  let at = 0;
  const multivariable = entered.map((term, k) => {
    const ratios = all.ratios.slice(at, (at += count(term)));
    const p = all.termP === undefined ? test(all, fit(entered.filter((t) => t !== term))) : all.termP[k];
    const reason = Number.isNaN(p) ? [`${term}: no p of its own in the joint model, since none of its columns can be estimated beside the others or a fit did not come to rest. Leave it out or merge its levels.`] : [];
    return { term, ratios, p, n: all.n, events: all.events, warnings: [...all.warnings, ...reason] };
  });
  return { univariable, multivariable, entered, rule: enter >= 1 ? "all" : `univariable likelihood ratio p < ${enter}`, warnings: [...new Set([...univariable, ...multivariable].flatMap((r) => r.warnings))] };
}

/** Odds ratios of a logistic fit with their Wald intervals, intercept left out. e^β of `logisticFit`, whose agreement with R glm holds. */
export function oddsRatios(fit: Pick<LogisticFit, "names" | "coefficient" | "lower" | "upper" | "p">): Ratio[] {
  return fit.names.flatMap((name, j) => (name === INTERCEPT ? [] : [{ name, ratio: exp(fit.coefficient[j]), lower: exp(fit.lower[j]), upper: exp(fit.upper[j]), p: fit.p[j] }]));
}

/**
 * Univariable and multivariable odds ratios (see `ratioTable`), Wald intervals and p. Where a variable separates the outcome its
 * ratio is withheld (NaN) with a warning; `firth` takes Firth's regression for all, with penalised profile intervals and p (of a factor by
 * `firthTermTest`). Agreement with R as `logisticFit` and `firthLogistic`.
 * @throws InputError as logisticFit and ratioTable
 */
export function oddsRatioTable(
  design: Design, event: ArrayLike<number>, options: LogisticOptions & { terms?: readonly Term[]; enter?: number; always?: readonly string[]; firth?: boolean } = {},
): RatioTable {
  const terms = options.terms ?? columnTerms(design);
  const named = (name: string) => terms.find((t) => t.variable === name)!;
  const fit = (names: readonly string[]): RatioFit => {
    const part = designOfTerms(design, names.map(named));
    if (options.firth) {
      const f = firthLogistic(part, event, options);
      const ratios = oddsRatios({ ...f, lower: f.profile!.lower, upper: f.profile!.upper, p: f.profile!.p });
      // measured from its own null, so that a univariable fit gives its own penalised likelihood-ratio test
      return { ratios, logLik: f.penalizedLogLik - f.nullPenalizedLogLik, df: f.df, n: f.n, events: f.events, warnings: f.warnings, ...(names.length > 1 ? { termP: termTests(part, event, names.map((name) => named(name).columns.length), options) } : {}) };
    }
    const f = logisticFit(part, event, options);
    const ratios = oddsRatios(f).map((r) => (f.separation?.variables.includes(r.name) ? { ...r, ratio: NaN } : r));
    return { ratios, logLik: f.logLik, df: f.df, n: f.n, events: f.events, warnings: f.warnings };
  };
  return ratioTable(terms.map((t) => t.variable), fit, (term) => named(term).columns.length, options);
}

function termTests(design: Design, event: ArrayLike<number>, counts: readonly number[], options: LogisticOptions): number[] {
  let at = 0;
  return counts.map((count) => firthTermTest(design, event, Array.from({ length: count }, () => at++), options).p);
}
