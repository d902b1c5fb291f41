import { categoryColumn, impute, imputeTraining, nullMartingale, numberColumn, withColumns, type Column, type ImputeOptions, type ImputeState, type Outcome, type Table } from "../cohort/index.js";
import { InputError, poolRubin, poolWald, type Pooled, type PooledWald, type Random } from "../math/index.js";
import type { Learner } from "./learner.js";

export type ImputedFitOptions = {
  /** imputed tables, m (default 20; at least 100 × the share of rows with gaps is advised: White, Royston & Wood, Stat Med 2011;30:377) */
  imputations?: number;
  /** of the step impute, method mice: columns, numbers, methods, rounds, neighbours */
  impute?: Omit<ImputeOptions, "method" | "imputation">;
  /** the outcome helps to impute the rows that are fitted (default true): without it coefficients are too small */
  useOutcome?: boolean;
  /** options of the learner */
  fit?: object;
  /** of the pooled intervals, default .95 */
  level?: number;
};
/** JSON. `models` are the m fits, `states` the m imputations of new rows, which know nothing of their outcome. */
export type ImputedFit<Model = any> = {
  kind: "imputedFit"; learner: string; models: Model[]; states: ImputeState[]; completeDf: number;
  /** by coefficient; `pooled` is null where a fit has no estimate of it, see `warnings` */
  coefficients: { name: string; pooled: Pooled | null }[];
  warnings: string[];
};

/**
 * Fits a learner on each of m tables imputed by chained equations (`impute` with method mice) and pools its coefficients by Rubin's
 * rules, df by Barnard & Rubin (`poolRubin`). The outcome is in the imputation models of the fitted rows: a binary one as a category, a
 * continuous one as a number, survival as event and Nelson–Aalen hazard H(t) (White & Royston, Stat Med 2009;28:1982; Moons et al., J Clin
 * Epidemiol 2006;59:1092). Complete-data df: rows − coefficients, for survival events − coefficients, as R mice::pool.
 * As R with(mice(…), fit) and pool, but for chance. Learners without a covariance (LASSO, network) are fitted, predict, and have no pooled coefficients.
 * @throws InputError as impute and the learner
 */
export function imputedFit<Model>(learner: Learner<Model>, table: Table, outcome: Outcome, options: ImputedFitOptions, random: Random): ImputedFit<Model> {
  const { imputations = 20, useOutcome = true, level = 0.95 } = options;
  if (!(Number.isInteger(imputations) && imputations >= 2)) throw new InputError(`imputedFit was asked for ${imputations} imputations, but a whole number of 2 or more is expected.`);
  const columns = options.impute?.columns ?? Object.keys(table.columns).filter((name) => table.columns[name].kind !== "date");
  const extra = useOutcome ? outcomeColumns(outcome, table) : {};
  const helped = withColumns(table, extra);
  const all = Array.from({ length: imputations }, (_, k) => k + 1);
  const state = (from: Table, names: string[], imputation: number) => impute.fit(from, outcome, { ...options.impute, columns: names, method: "mice", imputation }, random) as ImputeState;
  const states = all.map((k) => state(table, columns, k));
  const models = all.map((k) => {
    const filled = imputeTraining(helped, { ...options.impute, columns: [...columns, ...Object.keys(extra)], imputation: k }, random);
    const own = Object.fromEntries(Object.keys(table.columns).map((name) => [name, filled.columns[name]]));
    return learner.fit({ id: filled.id, columns: own }, outcome, options.fit ?? {}, random.stream(`fit ${k}`));
  });
  const fits = models.map(estimatesOf);
  const warnings = [...new Set([...models.flatMap(warningsOf), ...states[0].warnings])];
  if (fits.some((f) => f === undefined)) {
    return { kind: "imputedFit", learner: learner.name, models, states, completeDf: NaN, coefficients: [], warnings: [...warnings, `${learner.name} has no covariance of its coefficients: they are not pooled.`] };
  }
  const known = fits as Estimates[];
  const { names } = known[0];
  if (known.some((f) => f.names.join("\n") !== names.join("\n"))) throw new InputError("The imputed tables gave models of different coefficients: a category is missing in some. Merge rare categories.");
  const completeDf = known[0].size - names.length;
  const coefficients = names.map((name, j) => {
    const q = known.map((f) => f.coefficient[j]), u = known.map((f) => f.covariance[j][j]);
    const bad = q.filter((v, i) => !(Number.isFinite(v) && Number.isFinite(u[i]))).length;
    if (bad > 0) warnings.push(`"${name}" has no estimate or standard error in ${bad} of ${imputations} fits: not pooled. See the warnings of the models.`);
    return { name, pooled: bad > 0 ? null : poolRubin(q, u, Math.max(1, completeDf), level) };
  });
  return { kind: "imputedFit", learner: learner.name, models, states, completeDf, coefficients, warnings };
}

/**
 * Joint Wald test (D1, `poolWald`) that the named coefficients of an imputed fit are 0, as the k − 1 of a category. Li, Raghunathan & Rubin
 * 1991; agrees with R mice D1 and mitml through `poolWald`.
 * @throws InputError for a learner without covariance, an unknown coefficient, a singular mean covariance
 */
export function imputedWald(fit: ImputedFit, names: readonly string[]): PooledWald {
  const known = fit.models.map(estimatesOf).filter((f) => f !== undefined);
  if (known.length < fit.models.length) throw new InputError(`${fit.learner} has no covariance of its coefficients, so they cannot be tested together.`);
  const at = names.map((name) => {
    const j = known[0].names.indexOf(name);
    if (j < 0) throw new InputError(`The imputed fit has no coefficient "${name}". It has ${known[0].names.join(", ")}.`);
    return j;
  });
  return poolWald(known.map((f) => at.map((j) => f.coefficient[j])), known.map((f) => at.flatMap((a) => at.map((b) => f.covariance[a][b]))), fit.completeDf);
}

/**
 * Mean of the m models' predictions, each on the rows as its own imputation fills them (Wood et al., Biom J 2015;57:614). No program gives
 * it as one call.
 * @throws InputError for another learner than the fit's; as impute and the learner
 */
export function imputedPredict<Model>(learner: Learner<Model>, fit: ImputedFit<Model>, table: Table): Float64Array {
  if (learner.name !== fit.learner) throw new InputError(`The imputed fit is of ${fit.learner}, but ${learner.name} was given to predict. Give the learner that fitted it.`);
  const mean = new Float64Array(table.id.length);
  fit.models.forEach((model, k) => {
    learner.predict(model, impute.apply(fit.states[k], table)).forEach((v, i) => (mean[i] += v / fit.models.length));
  });
  return mean;
}

function outcomeColumns(outcome: Outcome, table: Table): Record<string, Column> {
  const label = (what: string) => {
    let name = `${outcome.name} (${what})`;
    while (Object.hasOwn(table.columns, name)) name += "'";
    return name;
  };
  switch (outcome.kind) {
    case "binary": return { [label("outcome")]: categoryColumn(Array.from(outcome.event, String)) };
    case "continuous": return { [label("outcome")]: numberColumn(outcome.value) };
    case "survival": {
      const residual = nullMartingale(outcome);
      return { [label("event")]: categoryColumn(Array.from(outcome.cause ?? outcome.event, String)), [label("hazard")]: numberColumn(residual.map((r, i) => outcome.event[i] - r)) };
    }
  }
}

type Estimates = { names: string[]; coefficient: number[]; covariance: number[][]; size: number };

/** Coefficients and covariance of a fitted model, in either of the names they go by; size: rows, or events where time is modelled. */
function estimatesOf(fitted: any): Estimates | undefined {
  const model = fitted?.model ?? fitted;
  const coefficient = model?.coefficient ?? model?.coefficients;
  if (!Array.isArray(model?.covariance) || !Array.isArray(coefficient) || !Array.isArray(model.names)) return undefined;
  const number = (v: number | null) => v ?? NaN;
  return {
    names: model.names, coefficient: coefficient.map(number), covariance: model.covariance.map((row: (number | null)[]) => row.map(number)),
    size: model.coefficients === undefined ? model.n : model.events,
  };
}

function warningsOf(fitted: any): string[] {
  return (fitted?.model ?? fitted)?.warnings ?? [];
}
