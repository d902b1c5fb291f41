import { coxData, coxLikelihood, InputError, inverseForm, type Design, type FollowUp } from "../math/index.js";
import { chiSquared, type ChiSquaredTest } from "./chiSquaredTest.js";
import { coxFit, type CoxModel, type CoxOptions } from "./cox.js";
import { termsOf } from "./coxZph.js";
import type { StepFit, StepFitter, TermTest } from "./stepwise.js";

/** Columns of a design that are one term, by the term's name; a column named nowhere is its own term. */
export type Terms = Record<string, readonly string[]>;

/**
 * Likelihood-ratio test of nested models fitted to the same rows: 2 (l_larger − l_smaller) on the difference in estimated
 * coefficients. Agrees with R anova(coxph, coxph). Wilks, Ann Math Stat 1938;9:60.
 * @throws InputError where rows, events or ties differ, or the smaller model has a column that the larger lacks
 */
export function coxLikelihoodRatio(smaller: CoxModel, larger: CoxModel): ChiSquaredTest {
  if (smaller.n !== larger.n || smaller.events !== larger.events || smaller.ties !== larger.ties || Math.abs(smaller.loglik[0] - larger.loglik[0]) > 1e-8 * Math.abs(larger.loglik[0])) {
    throw new InputError(`The models rest on ${smaller.n} rows with ${smaller.events} events (${smaller.ties}) and ${larger.n} with ${larger.events} (${larger.ties}), ` +
      "or on other strata, weights or offsets. A likelihood-ratio test needs the same rows and ties.");
  }
  const extra = smaller.names.filter((name) => !larger.names.includes(name));
  if (extra.length > 0) throw new InputError(`The models are not nested: the larger lacks ${extra.join(", ")}. Compare them by AIC or by their C.`);
  return chiSquared(2 * (larger.loglik[1] - smaller.loglik[1]), estimated(larger) - estimated(smaller));
}

const estimated = (model: CoxModel) => model.names.length - model.aliased.length;
const columnsOf = (design: Design, columns: readonly number[]): Design =>
  ({ names: columns.map((j) => design.names[j]), columns: columns.map((j) => design.columns[j]), n: design.n });

export type AnovaRow = { term: string; loglik: number } & ChiSquaredTest;

/**
 * Sequential likelihood-ratio tests: terms enter in the design's order. The first row is the null model. Agrees with R anova(coxph).
 * @throws InputError as coxFit; a term that names an unknown column
 */
export function coxAnova(design: Design, followUp: FollowUp, options: CoxOptions & { terms?: Terms } = {}): AnovaRow[] {
  const fit = (columns: number[]) => coxFit(columnsOf(design, columns), followUp, { ...options, baseline: "none" });
  let columns: number[] = [];
  let last = fit([]);
  const rows: AnovaRow[] = [{ term: "NULL", loglik: last.loglik[1], statistic: NaN, df: 0, p: NaN }];
  for (const term of termsOf(design.names, options.terms ?? {})) {
    columns = [...columns, ...term.columns];
    const model = fit(columns);
    rows.push({ term: term.term, loglik: model.loglik[1], ...coxLikelihoodRatio(last, model) });
    last = model;
  }
  return rows;
}

/**
 * Likelihood-ratio test of leaving each term out of the full model, with the AIC without it. Agrees with R drop1(coxph, test = "Chisq").
 * @throws InputError as coxFit; a term that names an unknown column
 */
export function coxDropOne(design: Design, followUp: FollowUp, options: CoxOptions & { terms?: Terms } = {}): ({ term: string; aic: number } & ChiSquaredTest)[] {
  const fit = (columns: number[]) => coxFit(columnsOf(design, columns), followUp, { ...options, baseline: "none" });
  const terms = termsOf(design.names, options.terms ?? {});
  const full = fit(design.names.map((_, j) => j));
  return terms.map(({ term, columns }) => {
    const without = fit(design.names.flatMap((_, j) => (columns.includes(j) ? [] : [j])));
    return { term, aic: without.aic, ...coxLikelihoodRatio(without, full) };
  });
}

/** One coefficient of a table: hazard ratio with interval and Wald p; NaN where there is no estimate. */
export type HazardRatioRow = { term: string; name: string; coefficient: number; se: number; hazardRatio: number; lower: number; upper: number; z: number; p: number };
export type UnivariableTable = {
  /** each term alone, with its likelihood-ratio, Wald and score tests */
  univariable: { rows: HazardRatioRow[]; tests: (Pick<CoxModel["tests"], "likelihoodRatio" | "wald" | "score"> & { term: string })[] };
  /** the terms whose test is below `enter`, together */
  selected: string[]; multivariable: { rows: HazardRatioRow[]; model: CoxModel } | undefined;
  warnings: string[];
};

/**
 * The papers' table: every term alone, then those with p < `enter` (default .05, of the test named: "wald" default,
 * "likelihoodRatio" or "score"; a term of several columns by its joint test; Infinity or 1 takes all) together. Univariable fits agree with R coxph.
 * Selecting by univariable p is biased towards small p in the joint model; the table says what was done, not that it was wise. Cox 1972; on
 * the selection: Sun, Shook & Kay, J Clin Epidemiol 1996;49:907.
 * @throws InputError as coxFit; a term that names an unknown column
 */
export function coxUnivariable(
  design: Design, followUp: FollowUp,
  options: CoxOptions & { terms?: Terms; enter?: number; by?: "wald" | "likelihoodRatio" | "score" } = {},
): UnivariableTable {
  const { enter = 0.05, by = "wald" } = options;
  const terms = termsOf(design.names, options.terms ?? {});
  const warnings: string[] = [];
  const table: UnivariableTable = { univariable: { rows: [], tests: [] }, selected: [], multivariable: undefined, warnings };
  const chosen: number[] = [];
  for (const { term, columns } of terms) {
    const model = coxFit(columnsOf(design, columns), followUp, { ...options, baseline: "none" });
    table.univariable.rows.push(...hazardRatios(model, () => term));
    const { likelihoodRatio, wald, score } = model.tests;
    table.univariable.tests.push({ term, likelihoodRatio, wald, score });
    // a monotone likelihood has no Wald p; its likelihood-ratio test stands in
    const p = by === "wald" && Number.isNaN(wald.p) ? likelihoodRatio.p : model.tests[by].p;
    if (p < enter || (enter >= 1 && p <= 1)) {
      table.selected.push(term);
      chosen.push(...columns);
    }
    warnings.push(...model.warnings.map((warning) => `${term} alone: ${warning}`));
  }
  if (chosen.length === 0) return table;
  const model = coxFit(columnsOf(design, chosen), followUp, options);
  const termOf = new Map(terms.flatMap(({ term, columns }) => columns.map((j) => [design.names[j], term] as const)));
  table.multivariable = { rows: hazardRatios(model, (name) => termOf.get(name)!), model };
  warnings.push(...model.warnings);
  return table;
}

function hazardRatios(model: CoxModel, termOf: (name: string) => string): HazardRatioRow[] {
  return model.names.map((name, j) => ({
    term: termOf(name), name, coefficient: model.coefficients[j], se: (model.robustSe ?? model.se)[j],
    hazardRatio: model.hazardRatio[j], lower: model.ci[j][0], upper: model.ci[j][1], z: model.z[j], p: model.p[j],
  }));
}

/**
 * Score test of adding columns `extra` to the model of columns `inside`: U'V U at the restricted maximum, V the block of the joint
 * inverse information. Agrees with the score test of R coxph(init = restricted fit, iter.max = 0), and with SPSS's entry test.
 * @throws InputError as coxFit; a column that the design lacks
 */
export function coxScoreTest(design: Design, inside: readonly string[], extra: readonly string[], followUp: FollowUp, options: CoxOptions = {}): ChiSquaredTest {
  const at = (name: string) => {
    const j = design.names.indexOf(name);
    if (j < 0) throw new InputError(`The design has no column "${name}". It has ${design.names.join(", ")}.`);
    return j;
  };
  const columns = [...inside, ...extra].map(at);
  const restricted = coxFit(columnsOf(design, inside.map(at)), followUp, { ...options, baseline: "none" });
  const data = coxData(columnsOf(design, columns), followUp, options);
  const beta = Float64Array.from(columns, (_, k) => {
    const b = restricted.coefficients[k] ?? 0;
    return Number.isNaN(b) ? 0 : b * data.scale[k];
  });
  const { gradient, information } = coxLikelihood(data, beta, options.ties ?? "efron");
  const p = columns.length;
  // columns that others determine (aliased already, or by those inside) give no test of their own
  const joint = coxFit(columnsOf(design, columns), followUp, { ...options, maxIterations: 0, baseline: "none" });
  const kept = columns.map((_, k) => k).filter((k) => !joint.aliased.includes(design.names[columns[k]]));
  const df = kept.filter((k) => k >= inside.length).length;
  const u = gradient.map((g, k) => (k >= inside.length ? g : 0));
  return chiSquared(df === 0 || restricted.monotone.length > 0 ? NaN : inverseForm(information, kept, p, u), df);
}

/**
 * How stepwise and forwardScoreLr fit Cox models: stepwise(candidates, coxStepFitter(...)) for AIC and both BICs, as R
 * step(coxph); forwardScoreLr for SPSS's Forward: LR. Candidates are names of terms or of columns that are their own term.
 * @throws InputError on a term that names an unknown column; its fits and tests as coxFit, and on an unknown term
 */
export function coxStepFitter(
  design: Design, followUp: FollowUp, options: CoxOptions & { terms?: Terms } = {},
): StepFitter<StepFit & { model: CoxModel }> & { candidates: string[] } {
  const terms = new Map(termsOf(design.names, options.terms ?? {}).map(({ term, columns }) => [term, columns]));
  const columns = (names: readonly string[]) => names.flatMap((name) => {
    const found = terms.get(name);
    if (found === undefined) throw new InputError(`There is no term "${name}". Terms: ${[...terms.keys()].join(", ")}.`);
    return found;
  });
  return {
    candidates: [...terms.keys()],
    fit(names) {
      const model = coxFit(columnsOf(design, columns(names)), followUp, { ...options, baseline: "none" });
      return { logLik: model.loglik[1], df: estimated(model), n: model.n, events: model.events, warnings: model.warnings, model };
    },
    score(names, candidate): TermTest {
      const labels = (list: readonly string[]) => columns(list).map((j) => design.names[j]);
      return coxScoreTest(design, labels(names), labels([candidate]), followUp, options);
    },
  };
}
