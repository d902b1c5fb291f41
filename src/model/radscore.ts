import type { Table } from "../cohort/index.js";
import { didYouMean, InputError, type Design } from "../math/index.js";
import type { CoxModel } from "./cox.js";
import { coefficientsAt, type ElasticNetPath } from "./elasticNet.js";
import type { LogisticFit } from "./logistic.js";

/** A named linear combination of columns: intercept + Σ coefficient · column. JSON. */
export type Radscore = { kind: "radscore"; name: string; intercept: number; terms: { name: string; coefficient: number }[]; warnings: string[] };

/**
 * A score by hand: its terms' columns may be features or other scores (a signature of signatures). Plumbing: no source.
 * @throws InputError for a name that is empty, a repeated term, a score that holds itself, numbers that are not finite
 */
export function radscore(name: string, terms: readonly { name: string; coefficient: number }[], intercept = 0): Radscore {
  if (name.trim() === "") throw new InputError("Radscore: its name is empty; give it one.");
  if (!Number.isFinite(intercept)) throw new InputError(`Radscore "${name}": the intercept is ${intercept}, expected a finite number.`);
  const seen = new Set<string>();
  for (const term of terms) {
    if (term.name === name) throw new InputError(`Radscore "${name}": it holds itself as a term; give score and column different names.`);
    if (seen.has(term.name)) throw new InputError(`Radscore "${name}": "${term.name}" occurs twice; add its coefficients up.`);
    if (!Number.isFinite(term.coefficient)) throw new InputError(`Radscore "${name}": the coefficient of "${term.name}" is ${term.coefficient}, expected a finite number.`);
    seen.add(term.name);
  }
  const warnings = terms.length === 0 ? [`${name}: no column has a coefficient; the score is ${intercept} for every patient. Take a smaller λ or other features.`] : [];
  return { kind: "radscore", name, intercept, terms: terms.map((t) => ({ name: t.name, coefficient: t.coefficient })), warnings };
}

/**
 * The score of an elastic-net path at λ: the columns whose coefficient is not 0, on the scale of the data. Its scores agree with
 * predict(glmnet), as `elasticNetPath`. As R predict(glmnet), whose path `elasticNetPath` agrees with.
 * @throws InputError as radscore; λ that is not above 0
 */
export function radscoreOfNet(name: string, path: ElasticNetPath, lambda: number): Radscore {
  if (!(lambda > 0)) throw new InputError(`Radscore "${name}": λ is ${lambda}, expected a number above 0, such as the path's lambda.min.`);
  const { intercept, index, value } = coefficientsAt(path, lambda);
  return radscore(name, index.map((j, k) => ({ name: path.names[j], coefficient: value[k] })), intercept);
}

/**
 * The linear predictor of a logistic or Cox model (uncentred) as a score. Plumbing of the model's own coefficients.
 * @throws InputError where a coefficient is not to be had
 */
export function radscoreOfModel(name: string, model: LogisticFit | CoxModel): Radscore {
  const b = model.kind === "cox" ? model.coefficients : model.coefficient;
  const aliased = new Set(model.aliased);
  const terms = model.names.map((term, j) => ({ name: term, coefficient: b[j] })).filter((t) => !aliased.has(t.name) && t.name !== "(Intercept)");
  return { ...radscore(name, terms, model.kind === "logistic" && model.intercept ? b[0] : 0), warnings: [...model.warnings] };
}

/**
 * "Radscore = −0.51 + 0.25 × shape_Sphericity − 0.013 × glcm_Contrast"; numbers to `digits` significant digits, or in full. The form in
 * which radiomics articles print it.
 */
export function radscoreFormula(score: Radscore, digits?: number): string {
  const number = (x: number) => {
    const text = digits === undefined ? String(Math.abs(x)) : String(Number(Math.abs(x).toPrecision(digits)));
    return text.replace("e-", "e−");
  };
  const parts = score.terms.map(({ name, coefficient }) => `${coefficient < 0 ? "−" : "+"} ${number(coefficient)} × ${name}`);
  if (score.intercept !== 0 || parts.length === 0) parts.unshift(`${score.intercept < 0 ? "−" : "+"} ${number(score.intercept)}`);
  const body = parts.join(" ");
  return `${score.name} = ${body.startsWith("+ ") ? body.slice(2) : `−${body.slice(2)}`}`;
}

/**
 * Reads a printed formula: name = ± number ± number × column …; × may be *, − may be -. Spaces stand around signs and before and after ×, so that
 * names may hold hyphens. The inverse of `radscoreFormula`. The form in which radiomics articles print it.
 * @throws InputError naming the part that cannot be read
 */
export function radscoreFromFormula(text: string): Radscore {
  const [left, ...rest] = text.split(" = ");
  if (rest.length !== 1) throw new InputError(`Formula "${text}": expected "name = number × column + …", with spaces around =.`);
  const body = rest[0].replaceAll("−", "-").replaceAll(" * ", " × ").trim();
  const parts = body.replaceAll(" - ", " + -").split(" + ");
  let intercept = 0;
  const terms: { name: string; coefficient: number }[] = [];
  for (const part of parts) {
    const [number, ...names] = part.trim().split(" × ");
    const value = number.trim() === "" ? NaN : Number(number.replace(/^([+-])\s+/, "$1"));
    if (!Number.isFinite(value) || names.length > 1 || names[0]?.trim() === "") throw new InputError(`Formula of "${left.trim()}": "${part.trim()}" is no "number" or "number × column"; correct it.`);
    if (names.length === 0) intercept += value;
    else terms.push({ name: names[0].trim(), coefficient: value });
  }
  return radscore(left.trim(), terms, intercept);
}

/**
 * Score of each row of a design; it may hold more columns than the score needs. intercept + Σ coefficient · column.
 * @throws InputError for a column it lacks
 */
export function radscoreOf(score: Radscore, design: Design): Float64Array {
  const out = new Float64Array(design.n).fill(score.intercept);
  for (const { name, coefficient } of score.terms) {
    const at = design.names.indexOf(name);
    if (at < 0) throw new InputError(`Radscore "${score.name}": the design lacks "${name}". ${didYouMean(name, design.names)}`);
    const column = design.columns[at];
    for (let i = 0; i < design.n; i++) out[i] += coefficient * column[i];
  }
  return out;
}

/**
 * The table with each score as a number column of its name, in the order given: a later score may hold an earlier one (a gross or
 * multimodal score of scores). A row that lacks a value has NaN (missing). intercept + Σ coefficient · column.
 * @throws InputError for a column that is missing or no number, or a name that the table has already
 */
export function withRadscores(table: Table, scores: readonly Radscore[]): Table {
  const columns = { ...table.columns };
  for (const score of scores) {
    if (Object.hasOwn(columns, score.name)) throw new InputError(`Radscore "${score.name}": the table has a column of that name already; rename one of them.`);
    const values = new Float64Array(table.id.length).fill(score.intercept);
    for (const { name, coefficient } of score.terms) {
      const column = columns[name];
      if (column === undefined) throw new InputError(`Radscore "${score.name}": the table lacks "${name}". ${didYouMean(name, Object.keys(columns))}`);
      if (column.kind !== "number") throw new InputError(`Radscore "${score.name}": "${name}" is a ${column.kind} in the table, expected numbers.`);
      for (let i = 0; i < values.length; i++) values[i] += coefficient * column.values[i];
    }
    columns[score.name] = { kind: "number", values };
  }
  return { id: [...table.id], columns };
}

/**
 * A score of scores written out in the features themselves: each term that is one of `parts` is replaced by its own terms. Plain algebra:
 * no source.
 * @throws InputError for a score that holds itself through others
 */
export function flattenRadscore(score: Radscore, parts: readonly Radscore[]): Radscore {
  const known = new Map(parts.map((part) => [part.name, part]));
  const sum = new Map<string, number>();
  let { intercept } = score;
  const add = (terms: Radscore["terms"], by: number, inside: readonly string[]) => {
    for (const { name, coefficient } of terms) {
      const part = known.get(name);
      if (part === undefined) {
        sum.set(name, (sum.get(name) ?? 0) + by * coefficient);
        continue;
      }
      if (inside.includes(name)) throw new InputError(`Radscore "${name}": it holds itself through ${inside.join(", ")}; break the circle.`);
      intercept += by * coefficient * part.intercept;
      add(part.terms, by * coefficient, [...inside, name]);
    }
  };
  add(score.terms, 1, [score.name]);
  return radscore(score.name, Array.from(sum, ([name, coefficient]) => ({ name, coefficient })), intercept);
}
