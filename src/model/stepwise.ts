import { InputError, didYouMean, log } from "../math/index.js";

/** What a search needs of a fit: maximised log-likelihood (partial, for Cox), number of estimated parameters, patients, events. */
export type StepFit = { logLik: number; df: number; n: number; events?: number; warnings?: string[] };

/** A statistic, its degrees of freedom and p. */
export type TermTest = { statistic: number; df: number; p: number };

/**
 * How a search fits: `fit` the model of these terms (a term may be a factor, several columns), in the order given;
 * `score` the score test of one more term, needed by `forwardScoreLr` only.
 */
export type StepFitter<Fit extends StepFit = StepFit> = {
  fit(terms: readonly string[]): Fit;
  score?(terms: readonly string[], candidate: string): TermTest;
};

export type StepwiseOptions = {
  direction?: "forward" | "backward" | "both";
  /** AIC: 2 a parameter; BIC: log(patients); BIC (events): log(events), what R's BIC of a coxph is */
  criterion?: "AIC" | "BIC" | "BIC (events)";
  /** any other cost a parameter, in place of the criterion's */
  penalty?: number;
  /** terms at the start; default none for forward, all candidates otherwise */
  start?: readonly string[];
  /** terms that never leave (put into every model, first) */
  always?: readonly string[];
  /** bound on the number of steps, default 1000 */
  maxSteps?: number;
};

export type SearchStep = { action: "start" | "add" | "remove"; term: string; terms: string[]; criterion: number; logLik: number; df: number };

export type StepwiseResult<Fit extends StepFit = StepFit> = {
  method: string;
  terms: string[];
  path: SearchStep[];
  fit: Fit;
  penalty: number;
  converged: boolean;
  warnings: string[];
};

/**
 * Stepwise choice of terms by −2 log L + k · parameters: at each step every term that may leave and every one that may enter is
 * tried, the least criterion wins, and the search ends where nothing lowers it by more than 1e-7. Akaike, IEEE Trans Autom
 * Control 1974;19:716; Schwarz, Ann Stat 1978;6:461. The same steps and values as R step() over add1/drop1 (a tie goes to no change,
 * then to leaving, then to the candidates' order). P values and intervals of the chosen model ignore the search: run it inside resampling.
 *
 * @param candidates  names of the terms that may enter or leave
 * @param fitter      fits a list of terms; a fit without a finite log-likelihood is passed over with a warning
 * @throws InputError for an unknown or repeated term, or a criterion that the fit lacks the number for
 */
export function stepwise<Fit extends StepFit>(
  candidates: readonly string[], fitter: StepFitter<Fit>, options: StepwiseOptions = {},
): StepwiseResult<Fit> {
  const { direction = "both", criterion = "AIC", maxSteps = 1000 } = options;
  const always = [...(options.always ?? [])];
  const free = candidates.filter((term) => !always.includes(term));
  const start = options.start ?? (direction === "forward" ? [] : free);
  checkTerms(candidates, start);
  if (!["forward", "backward", "both"].includes(direction)) throw new InputError(`Stepwise: direction is "${direction}", expected forward, backward or both.`);
  const fitted = new Map<string, Fit>();
  const fit = (terms: readonly string[]) => {
    const key = JSON.stringify([...terms].sort());
    let known = fitted.get(key);
    if (known === undefined) fitted.set(key, (known = fitter.fit(terms)));
    return known;
  };
  let terms = [...always, ...start.filter((term) => !always.includes(term))];
  let current = fit(terms);
  if (!Number.isFinite(current.logLik)) throw new InputError(`Stepwise: the model at the start (${terms.join(", ") || "no term"}) has no finite log-likelihood; start from fewer terms.`);
  const penalty = options.penalty ?? costOf(criterion, current);
  if (!(penalty >= 0 && penalty < Infinity)) throw new InputError(`Stepwise: penalty is ${penalty}, expected a number of at least 0.`);
  const value = (f: StepFit) => -2 * f.logLik + penalty * f.df;
  const path: SearchStep[] = [stepOf("start", "", terms, current, value(current))];
  const warnings = new Set<string>();
  let converged = false;
  while (path.length <= maxSteps) {
    let best: { action: "add" | "remove"; term: string; terms: string[]; fit: Fit } | undefined;
    let least = value(current) - 1e-7;
    const consider = (action: "add" | "remove", term: string, tried: string[]) => {
      const candidate = fit(tried);
      if (!Number.isFinite(candidate.logLik)) return void warnings.add(`${term}: the model with it could not be fitted and was passed over.`);
      if (action === "add" && candidate.df <= current.df) return void warnings.add(`${term}: adds nothing to ${terms.join(", ") || "the intercept"} (constant, or a linear combination of them); passed over.`);
      if (value(candidate) < least) [best, least] = [{ action, term, terms: tried, fit: candidate }, value(candidate)];
    };
    if (direction !== "forward") for (const term of terms) if (!always.includes(term)) consider("remove", term, terms.filter((t) => t !== term));
    if (direction !== "backward") for (const term of free) if (!terms.includes(term)) consider("add", term, [...terms, term]);
    if (best === undefined) {
      converged = true;
      break;
    }
    ({ terms, fit: current } = best);
    path.push(stepOf(best.action, best.term, terms, current, least));
  }
  if (!converged) warnings.add(`The search stopped after ${maxSteps} steps without coming to rest; raise maxSteps.`);
  return {
    method: `stepwise, ${direction}, ${options.penalty === undefined ? criterion : `penalty ${penalty}`}`,
    terms, path, fit: current, penalty, converged, warnings: [...warnings, ...(current.warnings ?? [])],
  };
}

function stepOf(action: SearchStep["action"], term: string, terms: string[], fit: StepFit, criterion: number): SearchStep {
  return { action, term, terms: [...terms], criterion, logLik: fit.logLik, df: fit.df };
}

function costOf(criterion: string, fit: StepFit): number {
  if (criterion === "AIC") return 2;
  if (criterion === "BIC") return log(fit.n);
  if (criterion === "BIC (events)" && fit.events !== undefined && fit.events > 0) return log(fit.events);
  if (criterion === "BIC (events)") throw new InputError("Stepwise: BIC (events) needs a model with at least one event; take BIC or AIC.");
  throw new InputError(`Stepwise: unknown criterion "${criterion}". ${didYouMean(criterion, ["AIC", "BIC", "BIC (events)"])}`);
}

/** Throws where a candidate is listed twice or the start names a term that is none. Plumbing: no source. @throws InputError naming the term */
export function checkTerms(candidates: readonly string[], start: readonly string[]): void {
  const seen = new Set<string>();
  for (const term of candidates) {
    if (seen.has(term)) throw new InputError(`Stepwise: the candidate "${term}" is listed twice; list it once.`);
    seen.add(term);
  }
  for (const term of start) {
    if (!seen.has(term)) throw new InputError(`Stepwise: the start names "${term}", which is no candidate. ${didYouMean(term, candidates)}`);
  }
}
