import { InputError } from "../math/index.js";
import { chiSquaredTail } from "./tails.js";
import { checkTerms, type StepFit, type StepFitter } from "./stepwise.js";

export type ScoreStep = { action: "enter" | "remove"; term: string; test: "score" | "likelihood ratio"; statistic: number; df: number; p: number; terms: string[] };
export type ForwardScoreOptions = {
  /** enter where the score test's p is below, default .05 */
  enter?: number;
  /** remove where the likelihood-ratio test's p is above, default .10 */
  remove?: number;
  start?: readonly string[];
  maxSteps?: number;
};
export type ForwardScoreResult<Fit extends StepFit = StepFit> = { method: string; terms: string[]; path: ScoreStep[]; fit: Fit; converged: boolean; warnings: string[] };

/**
 * Forward selection as SPSS's "Forward: LR" ("forward by partial maximum likelihood"): of the terms outside, the one with the least p of the score
 * test enters if p < .05; then, one at a time, the term inside with the largest p of the likelihood-ratio test leaves if p > .10;
 * repeated until none moves or a set of terms comes back. IBM SPSS Statistics Algorithms, logistic regression and Cox
 * regression, stepwise variable selection. Composed in R of add1(test = "Rao") and drop1(test = "LRT") the steps are the same.
 * P values of the chosen model ignore the search.
 * @throws InputError for thresholds outside 0 … 1, `enter` above `remove` (the search could go round), a fitter without score test
 */
export function forwardScoreLr<Fit extends StepFit>(candidates: readonly string[], fitter: StepFitter<Fit>, options: ForwardScoreOptions = {}): ForwardScoreResult<Fit> {
  const { enter = 0.05, remove = 0.1, start = [], maxSteps = 1000 } = options;
  checkTerms(candidates, start);
  if (!(enter > 0 && enter <= 1 && remove > 0 && remove <= 1)) throw new InputError(`Forward selection: the thresholds are ${enter} and ${remove}, expected numbers between 0 and 1.`);
  if (enter > remove) throw new InputError(`Forward selection: a term enters at p < ${enter} but leaves at p > ${remove} already; the second must be at least the first.`);
  if (fitter.score === undefined) throw new InputError("Forward selection: this kind of model has no score test; use stepwise by AIC or BIC.");
  const path: ScoreStep[] = [];
  const warnings = new Set<string>();
  let terms = [...start];
  let fit = fitter.fit(terms);
  const seen = new Set([setKey(terms)]);
  let converged = false;
  while (path.length < maxSteps) {
    let best: ScoreStep | undefined;
    for (const term of candidates) {
      if (terms.includes(term)) continue;
      const { statistic, df, p } = fitter.score(terms, term);
      if (!(p >= 0)) {
        warnings.add(`${term}: no score test beside ${terms.join(", ") || "no other term"} (constant, a linear combination of them, or a fit at its limit); passed over.`);
        continue;
      }
      // where p underflows to the same 0 the larger statistic decides
      if (best === undefined || p < best.p || (p === best.p && df === best.df && statistic > best.statistic)) {
        best = { action: "enter", term, test: "score", statistic, df, p, terms: [...terms, term] };
      }
    }
    if (best === undefined || !(best.p < enter)) {
      converged = true;
      break;
    }
    path.push(best);
    terms = best.terms;
    fit = fitter.fit(terms);
    for (;;) {
      const worst = weakest(terms, fit, fitter);
      if (worst === undefined || !(worst.step.p > remove)) break;
      path.push(worst.step);
      terms = worst.step.terms;
      fit = worst.fit;
    }
    const key = setKey(terms);
    if (seen.has(key)) {
      converged = true;
      warnings.add(`The search came back to ${terms.join(", ") || "no term"} and ended there.`);
      break;
    }
    seen.add(key);
  }
  if (!converged) warnings.add(`The search stopped after ${maxSteps} steps without coming to rest; raise maxSteps.`);
  return { method: `forward, score test p < ${enter} to enter, likelihood ratio p > ${remove} to leave`, terms, path, fit, converged, warnings: [...warnings, ...(fit.warnings ?? [])] };
}

/** The term whose likelihood-ratio test is least significant, with the fit without it. */
function weakest<Fit extends StepFit>(terms: readonly string[], fit: Fit, fitter: StepFitter<Fit>): { step: ScoreStep; fit: Fit } | undefined {
  let worst: { step: ScoreStep; fit: Fit } | undefined;
  for (const term of terms) {
    const rest = terms.filter((t) => t !== term);
    const less = fitter.fit(rest);
    const [statistic, df] = [Math.max(0, 2 * (fit.logLik - less.logLik)), fit.df - less.df];
    const p = df > 0 ? chiSquaredTail(statistic, df) : 1;
    if (worst === undefined || p > worst.step.p) worst = { step: { action: "remove", term, test: "likelihood ratio", statistic, df, p, terms: rest }, fit: less };
  }
  return worst;
}

function setKey(terms: readonly string[]): string {
  return JSON.stringify([...terms].sort());
}
