import { didYouMean, InputError } from "../../math/index.js";
import { columnOf, labelsOf } from "../columns.js";
import type { Table } from "../table.js";
import { completeNumbers } from "./stepColumns.js";

/** A covariate as columns of numbers: itself less its training mean, or one 0/1 term (less its mean) for each level but the first. */
export type CovariateCoding = { name: string; kind: "number" | "category"; levels: string[]; terms: string[]; means: number[] };

/** How covariates are coded, from the training rows. Levels that no training row has are left out. */
export function codeCovariates(step: string, table: Table, names: readonly string[]): CovariateCoding[] {
  return names.map((name) => {
    const column = columnOf(table, name);
    if (column.kind === "date") throw new InputError(`${name} is a date, but ${step} expects numbers or categories as covariates. Code it first.`);
    const present = column.kind === "category" ? new Set(labelsOf(table, name)) : new Set<string>();
    const levels = column.kind === "category" ? column.levels.filter((l) => present.has(l)) : [];
    const terms = column.kind === "category" ? levels.slice(1).map((l) => `${name} ${l}`) : [name];
    const coding: CovariateCoding = { name, kind: column.kind, levels, terms, means: terms.map(() => 0) };
    const means = covariateValues(step, table, [coding]).map((v) => v.reduce((a, b) => a + b, 0) / v.length);
    return { ...coding, means };
  });
}

/** The coded terms of a table, one array a term. InputError for missing values and for levels that training did not have. */
export function covariateValues(step: string, table: Table, codings: readonly CovariateCoding[]): Float64Array[] {
  return codings.flatMap((coding) => {
    if (coding.kind === "number") return [completeNumbers(step, table, coding.name).map((v) => v - coding.means[0])];
    const labels = labelsOf(table, coding.name);
    labels.forEach((label, r) => {
      if (label === "") throw new InputError(`${coding.name} is missing in row ${r + 1} (patient ${table.id[r]}), but ${step} expects every covariate. Impute it first.`);
      if (!coding.levels.includes(label)) throw new InputError(`${coding.name} is "${label}" in row ${r + 1}, which no training row has. ${didYouMean(label, coding.levels)}`);
    });
    return coding.levels.slice(1).map((level, k) => Float64Array.from(labels, (l) => (l === level ? 1 : 0) - coding.means[k]));
  });
}
