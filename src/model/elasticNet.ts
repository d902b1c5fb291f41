import type { Outcome } from "../cohort/index.js";
import { elasticNet, InputError, log, type Design, type NetCoefficients, type NetOptions, type NetPath, type NetResponse } from "../math/index.js";

/** A fitted path with the names of its columns; JSON. */
export type ElasticNetPath = NetPath & { names: string[]; warnings: string[] };

/**
 * Elastic-net path of a binary (logistic), survival (Cox, Breslow ties) or continuous (linear) outcome over a design: at each λ the
 * minimum of −log L / Σw + λ Σ_j f_j (α |β_j| + (1 − α) β_j² / 2). Friedman, Hastie & Tibshirani, J Stat Softw 2010;33(1);
 * Simon et al., J Stat Softw 2011;39(5). Agrees with R glmnet 4.1-6 at thresh = 1e-14 (p > n: 1e-22): the same λ, early stop, standardisation
 * (1/n variance), rescaled penalty factors; coefficients on the scale of the data. How exactly the minimum is met stands in `kkt`.
 *
 * An empty support is a result. Columns that do not vary stay at 0 and are named in the warnings; so are λ at which the fit did not
 * reach its tolerance, and paths that end in separated groups.
 *
 * @param design  n × p, finite; p may exceed n
 * @throws InputError on missing or infinite numbers, lengths that differ, an outcome of one class or without events, negative
 * weights or penalties, alpha outside 0 … 1
 */
export function elasticNetPath(design: Design, outcome: Outcome, options: NetOptions = {}): ElasticNetPath {
  const response = checkedNet("elasticNetPath", design, outcome, options);
  const path = elasticNet(design.columns, Int32Array.from({ length: design.n }, (_, i) => i), response, options);
  return { ...path, names: [...design.names], warnings: pathWarnings(path, design) };
}

/**
 * Coefficients at any λ between those of the path, linear in λ as glmnet's coef(s =); beyond its ends those of the end. Agrees with coef(s
 * =) of R glmnet 4.1-6.
 */
export function coefficientsAt(path: NetPath, lambda: number): NetCoefficients {
  const { coefficients } = path;
  const last = path.lambda.length - 1;
  const above = path.lambda.findLastIndex((l) => l >= lambda);
  if (above < 0) return coefficients[0];
  if (above === last || path.lambda[above] === lambda) return coefficients[above];
  const share = (lambda - path.lambda[above + 1]) / (path.lambda[above] - path.lambda[above + 1]);
  const [first, second] = [coefficients[above], coefficients[above + 1]];
  const index: number[] = [], value: number[] = [];
  // both lists rise
  for (let a = 0, b = 0; a < first.index.length || b < second.index.length;) {
    const [i, j] = [first.index[a] ?? Infinity, second.index[b] ?? Infinity];
    index.push(Math.min(i, j));
    value.push(i === j ? share * first.value[a] + (1 - share) * second.value[b] : i < j ? share * first.value[a] : (1 - share) * second.value[b]);
    if (i <= j) a++;
    if (j <= i) b++;
  }
  return { intercept: share * first.intercept + (1 - share) * second.intercept, index, value };
}

/**
 * Linear predictor intercept + Σ β x (+ offset) of every row, or of the given rows alone (0 elsewhere). For Cox without an intercept, thus
 * relative to x = 0. As R predict(glmnet, type = "link").
 */
export function netLinear(coefficients: NetCoefficients, columns: readonly ArrayLike<number>[], n: number, offset?: ArrayLike<number>, rows?: Int32Array): Float64Array {
  const eta = new Float64Array(n);
  const { intercept, index, value } = coefficients;
  if (rows === undefined) {
    for (let i = 0; i < n; i++) eta[i] = intercept + (offset ? offset[i] : 0);
    for (let k = 0; k < index.length; k++) addColumn(eta, value[k], columns[index[k]]);
    return eta;
  }
  for (const i of rows) eta[i] = intercept + (offset ? offset[i] : 0);
  for (let k = 0; k < index.length; k++) {
    const column = columns[index[k]];
    const beta = value[k];
    for (let q = 0; q < rows.length; q++) eta[rows[q]] += beta * column[rows[q]];
  }
  return eta;
}

function addColumn(eta: Float64Array, beta: number, column: ArrayLike<number>): void {
  for (let i = 0; i < eta.length; i++) eta[i] += beta * column[i];
}

function pathWarnings(path: NetPath, design: Design): string[] {
  const warnings: string[] = [];
  const still = design.names.filter((_, j) => design.columns[j].every((v) => v === design.columns[j][0]));
  if (still.length > 0) warnings.push(`${list(still)} ${still.length > 1 ? "do" : "does"} not vary and cannot be selected.`);
  const open = path.lambda.filter((_, k) => !path.converged[k]);
  if (open.length > 0) {
    warnings.push(`The fit did not reach its tolerance at ${open.length} of ${path.lambda.length} λ (from ${open[0]} down): raise maxIterations or leave the small λ out.`);
  }
  if (path.family === "binomial" && path.devianceRatio.at(-1)! > 0.99) {
    warnings.push("At the smallest λ the two classes are separated: coefficients there grow without bound as λ falls. Choose λ by cross-validation.");
  }
  return warnings;
}

const list = (names: string[]) => names.slice(0, 5).join(", ") + (names.length > 5 ? ` and ${names.length - 5} more columns` : "");

/** What the solver is given, once everything is checked. */
export function checkedNet(who: string, design: Design, outcome: Outcome, options: NetOptions): NetResponse {
  const { n, names, columns } = design;
  if (columns.length === 0 || columns.length !== names.length) throw new InputError(`${who}: the design has ${columns.length} columns and ${names.length} names. Give at least one column, each with a name.`);
  columns.forEach((column, j) => {
    if (column.length !== n) throw new InputError(`${who}: ${names[j]} has ${column.length} rows, but the design has ${n}. Give every column ${n} rows.`);
    for (let i = 0; i < n; i++) {
      if (!Number.isFinite(column[i])) throw new InputError(`${who}: ${names[j]} is ${column[i]} in row ${i + 1}, but finite numbers are expected. Impute or leave the row out first.`);
    }
  });
  const { alpha = 1, lambda, penaltyFactor, weights, offset } = options;
  if (!(alpha >= 0 && alpha <= 1)) throw new InputError(`${who}: alpha is ${alpha}, but 0 (ridge) to 1 (LASSO) is expected.`);
  if (lambda && (lambda.length === 0 || Array.from(lambda).some((l) => !(l >= 0 && l < Infinity)))) throw new InputError(`${who}: lambda holds ${lambda.length === 0 ? "nothing" : "a negative or infinite number"}; give penalties >= 0.`);
  const each = (name: string, values: ArrayLike<number> | undefined, length: number, fits: (v: number) => boolean, expected: string) => {
    if (values === undefined) return;
    if (values.length !== length) throw new InputError(`${who}: ${name} has ${values.length} numbers, but ${length} are expected.`);
    const bad = Array.from(values).findIndex((v) => !fits(v));
    if (bad >= 0) throw new InputError(`${who}: ${name} ${bad + 1} is ${values[bad]}, but ${expected} is expected.`);
  };
  each("weight", weights, n, (v) => v >= 0 && v < Infinity, "a finite number >= 0");
  each("offset", offset, n, Number.isFinite, "a finite number");
  each("penalty factor", penaltyFactor, columns.length, (v) => v >= 0, "a number >= 0 (Infinity leaves the column out)");
  for (const [name, value] of Object.entries({ lambdas: options.lambdas, maxIterations: options.maxIterations })) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) throw new InputError(`${who}: ${name} is ${value}, but a whole number >= 1 is expected.`);
  }
  for (const [name, value] of Object.entries({ lambdaRatio: options.lambdaRatio, tolerance: options.tolerance })) {
    if (value !== undefined && !(value > 0 && value < 1)) throw new InputError(`${who}: ${name} is ${value}, but a number between 0 and 1 is expected.`);
  }
  const rows = (length: number) => {
    if (length !== n) throw new InputError(`${who}: ${outcome.name} has ${length} rows, but the design has ${n}. Give one outcome a row.`);
  };
  const weight = (i: number) => (weights ? weights[i] : 1);
  switch (outcome.kind) {
    case "binary": {
      rows(outcome.event.length);
      let events = 0, others = 0;
      for (let i = 0; i < n; i++) if (outcome.event[i] === 1) events += weight(i); else others += weight(i);
      if (!(events > 0 && others > 0)) throw new InputError(`${who}: ${outcome.name} has one class only in ${n} rows, but both are needed. Check the coding of the outcome.`);
      return { family: "binomial", y: outcome.event };
    }
    case "survival": {
      rows(outcome.time.length);
      rows(outcome.event.length);
      for (let i = 0; i < n; i++) {
        if (!(outcome.time[i] >= 0 && outcome.time[i] < Infinity)) throw new InputError(`${who}: ${outcome.name} of row ${i + 1} is ${outcome.time[i]} ${outcome.unit}, but a time >= 0 is expected. Leave the row out or correct it.`);
      }
      if (!outcome.event.some((e, i) => e === 1 && weight(i) > 0)) throw new InputError(`${who}: ${outcome.name} has no event in ${n} rows, but at least one is needed. Check the coding of the event.`);
      return { family: "cox", time: outcome.time, event: outcome.event };
    }
    case "continuous": {
      rows(outcome.value.length);
      each(outcome.name, outcome.value, n, Number.isFinite, "a finite number");
      if (outcome.value.every((v) => v === outcome.value[0])) throw new InputError(`${who}: ${outcome.name} is ${outcome.value[0]} in all ${n} rows, but numbers that differ are expected.`);
      return { family: "gaussian", y: outcome.value };
    }
  }
}

/** Deviance of a probability p against y, each kept 1e-5 off 0 and 1, as cv.glmnet. */
export function binomialDeviance(y: number, p: number): number {
  const q = Math.min(Math.max(p, 1e-5), 1 - 1e-5);
  const own = (s: number) => (s > 0 ? s * log(s) : 0);
  return 2 * (own(y) + own(1 - y) - y * log(q) - (1 - y) * log(1 - q));
}
