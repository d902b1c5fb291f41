import { didYouMean, InputError } from "../../math/index.js";
import { columnOf, labelsOf, numbersOf, withColumns } from "../columns.js";
import type { Step } from "../step.js";
import type { NumberColumn, Table } from "../table.js";
import { standardFit } from "./combatDesign.js";
import { centreEffect } from "./combatPriors.js";
import { codeCovariates, covariateValues, type CovariateCoding } from "./covariateCoding.js";
import { completeNumbers, fittedColumns, meanVarianceAt, type ColumnsOption } from "./stepColumns.js";

export type CombatOptions = ColumnsOption & {
  /** the category column that names the centre (scanner, batch) */
  batch: string;
  /** columns whose effect is kept: numbers, or categories against their first level */
  covariates?: string[];
  /** false: gamma and delta by the empirical distribution over the features instead of normal and inverse gamma priors */
  parametric?: boolean;
  /** only the centres' means are adjusted */
  meanOnly?: boolean;
  /** a centre that stays as it is and to which the others are brought */
  reference?: string;
  /** rows of a centre that training did not have; see `combat` */
  newCentre?: "refuse" | "transductive" | "passThrough";
};

/** By centre, then by feature: gamma (shift) and delta (variance ratio) after shrinkage, on the standardised scale. */
export type CombatState = {
  names: string[]; batch: string; centres: string[]; counts: number[]; covariates: CovariateCoding[];
  mean: number[]; sd: number[]; coefficients: number[][]; gamma: number[][]; delta: number[][];
  parametric: boolean; meanOnly: boolean; reference: string | null; newCentre: "refuse" | "transductive" | "passThrough";
  /** features left as they are, because they do not vary within some centre */
  unadjusted: string[];
  warnings: string[];
};

/**
 * ComBat: x = mean + covariates·β + sd·(γ + √δ·ε); the centre's γ and δ are shrunken over the features by empirical Bayes and
 * taken out. Johnson, Li & Rabinovic, Biostatistics 2007;8:118. Agrees with R sva::ComBat 3.46 (parametric, non-parametric,
 * mean only, covariates, reference batch), which stops at max(|new − old| / old) ≤ 1e-4 with the denominator's sign kept.
 *
 * Fitted on training rows and applied to others by their centre; a row's covariates are needed, its outcome never (an outcome
 * among the covariates leaks). Columns: numbers without missing values; without `columns` all that are not covariates. Every
 * centre needs two rows, unless meanOnly. A feature that is constant within a centre is left as it is, with a warning, as sva.
 * A centre that training did not have: "refuse" (default) throws; "passThrough" leaves its rows as they are; "transductive"
 * (needs `reference`) estimates its γ and δ from the rows handed to apply together, against the training's mean and sd:
 * then the result depends on which rows come together, and at least two are needed.
 */
export const combat: Step<CombatState> = { name: "combat", fit, apply };

function fit(table: Table, _outcome: unknown, options: CombatOptions): CombatState {
  if (options.batch === undefined) throw new InputError("combat needs the column that names the centre. State it as batch.");
  const covariateNames = options.covariates ?? [];
  const columns = options.columns ?? Object.keys(table.columns).filter((n) => table.columns[n].kind === "number" && n !== options.batch && !covariateNames.includes(n));
  const names = fittedColumns("combat", table, { columns });
  const { parametric = true, meanOnly = false, reference, newCentre = "refuse" } = options;
  if (newCentre === "transductive" && reference === undefined) throw new InputError("combat takes newCentre \"transductive\" only with a reference centre. State reference, or choose refuse or passThrough.");
  const labels = centreLabels(table, options.batch);
  const centres = [...new Set(labels)].sort();
  if (centres.length < 2) throw new InputError(`${options.batch} has one centre in the training rows (${centres[0]}), but combat needs two. Leave the step out.`);
  const ref = reference === undefined ? -1 : centres.indexOf(reference);
  if (reference !== undefined && ref < 0) throw new InputError(`The reference centre "${reference}" has no training rows. ${didYouMean(reference, centres)}`);
  const rows = centres.map((c) => Int32Array.from(labels.keys()).filter((r) => labels[r] === c));
  rows.forEach((r, c) => {
    if (r.length < 2 && !meanOnly) throw new InputError(`Centre ${centres[c]} has one training row, but combat needs two for a variance. Choose meanOnly or leave the centre out.`);
  });
  const covariates = codeCovariates("combat", table, covariateNames);
  const x = names.map((name) => completeNumbers("combat", table, name));
  const adjusted = names.map((_, j) => rows.every((r) => r.length < 2 || varies(x[j], r)));
  const unadjusted = names.filter((_, j) => !adjusted[j]);
  const warnings = unadjusted.map((n) => `${n} is constant within a centre and is left as it is: drop it with the variance filter.`);
  const used = names.filter((_, j) => adjusted[j]);
  if (used.length < 2) throw new InputError(`combat has ${used.length} columns that vary within every centre, but shrinking over features needs at least 2. Name more columns.`);
  const z = standardFit(x.filter((_, j) => adjusted[j]), rows, covariateValues("combat", table, covariates), covariates.flatMap((c) => c.terms), ref);
  const gamma: number[][] = [], delta: number[][] = [];
  rows.forEach((r, c) => {
    const effect = c === ref ? { gamma: used.map(() => 0), delta: used.map(() => 1) } : centreEffect(z.standard, r, parametric, meanOnly);
    gamma.push(effect.gamma);
    delta.push(effect.delta);
  });
  return {
    names: used, batch: options.batch, centres, counts: rows.map((r) => r.length), covariates, mean: z.mean, sd: z.sd, coefficients: z.coefficients,
    gamma, delta, parametric, meanOnly, reference: reference ?? null, newCentre, unadjusted, warnings,
  };
}

function apply(state: CombatState, table: Table): Table {
  const labels = centreLabels(table, state.batch);
  const of = labels.map((label) => state.centres.indexOf(label));
  const unknown = [...new Set(labels.filter((_, r) => of[r] < 0))].sort();
  if (unknown.length > 0 && state.newCentre === "refuse") {
    throw new InputError(`Centre "${unknown[0]}" was not among the training rows (${state.centres.join(", ")}). Train with some of its rows, or choose a rule in newCentre.`);
  }
  const covariates = covariateValues("combat", table, state.covariates);
  const x = state.names.map((name) => numbersOf(table, name));
  const expected = (j: number, r: number) => {
    let e = state.mean[j];
    for (let k = 0; k < covariates.length; k++) e += covariates[k][r] * state.coefficients[j][k];
    return e;
  };
  const gamma = [...state.gamma], delta = [...state.delta];
  if (state.newCentre === "transductive" && unknown.length > 0) {
    const standard = x.map((values, j) => Float64Array.from(values.keys(), (r) => (values[r] - expected(j, r)) / state.sd[j]));
    for (const centre of unknown) {
      const rows = Int32Array.from(labels.keys()).filter((r) => labels[r] === centre);
      if (rows.length < 2) throw new InputError(`Centre "${centre}" comes with one row, but transductive combat needs at least two at once. Gather its rows or choose passThrough.`);
      for (const name of state.names) completeNumbers("combat", table, name);
      if (!state.meanOnly) for (const [j, name] of state.names.entries()) if (!varies(standard[j], rows)) throw new InputError(`${name} is constant in the new centre "${centre}", so its variance cannot be adjusted. Choose meanOnly or leave the column out.`);
      const effect = centreEffect(standard, rows, state.parametric, state.meanOnly);
      for (const r of rows) of[r] = gamma.length;
      gamma.push(effect.gamma);
      delta.push(effect.delta);
    }
  }
  const ref = state.reference === null ? -2 : state.centres.indexOf(state.reference);
  return withColumns(table, Object.fromEntries(state.names.map((name, j) => {
    const column = columnOf(table, name) as NumberColumn;
    const values = new Float64Array(column.values.length);
    const mean = state.mean[j], sd = state.sd[j];
    const shift = gamma.map((g) => g[j]), scale = delta.map((d) => Math.sqrt(d[j]));
    for (let r = 0; r < values.length; r++) {
      const v = column.values[r], c = of[r];
      if (c < 0 || c === ref) values[r] = v;
      else {
        const e = covariates.length === 0 ? mean : expected(j, r);
        values[r] = e + (sd * ((v - e) / sd - shift[c])) / scale[c];
      }
    }
    return [name, { ...column, values }];
  })));
}

function centreLabels(table: Table, batch: string): string[] {
  const labels = labelsOf(table, batch);
  const missing = labels.indexOf("");
  if (missing >= 0) throw new InputError(`${batch} is missing in row ${missing + 1} (patient ${table.id[missing]}), but combat needs the centre of every row. Fill it or leave the row out.`);
  return labels;
}

function varies(values: Float64Array, rows: Int32Array): boolean {
  const { mean, variance } = meanVarianceAt(values, rows);
  return variance > 1e-28 * mean * mean && variance > 0;
}

