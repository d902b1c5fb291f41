import type { Table } from "../cohort/index.js";
import { didYouMean, InputError, type Design } from "../math/index.js";

/**
 * How one variable of a table becomes columns of a design; plain JSON, stored in the model. A number is one column of its own
 * name. A category of L levels is L − 1 columns of 0/1, named variable + level ("gradeG2", as R), against `reference`.
 */
export type CodedTerm =
  | { variable: string; kind: "number"; names: string[] }
  | { variable: string; kind: "category"; reference: string; levels: string[]; names: string[] };
export type DesignCoding = { terms: CodedTerm[] };

export type DesignOptions = {
  /** rows with a missing value: "error" (default) names them in an InputError; "leaveOut" lists them in `leftOut` */
  missing?: "error" | "leaveOut";
  /** reference level by variable; else the first level that occurs */
  reference?: Record<string, string>;
};
/** `rows[k]` is the table's row that became row k of the design; `leftOut` says which rows did not, and for which variables. */
export type CodedTable = {
  design: Design; coding: DesignCoding; rows: Int32Array; leftOut: { row: number; id: string; variables: string[] }[];
};

/**
 * Design matrix of the named variables of a table: numbers as they are, categories in treatment (dummy) coding with the first
 * level that occurs as reference (R's contr.treatment, for ordered categories too), levels that no row has left out. No
 * intercept column.
 * @throws InputError on an unknown or repeated variable, a date, an infinite number, a category with one level, a missing value
 * (unless left out), a table of no rows
 */
export function designOf(table: Table, variables: readonly string[], options: DesignOptions = {}): CodedTable {
  const seen = new Set<string>();
  for (const variable of variables) {
    if (seen.has(variable)) throw new InputError(`Variable "${variable}" is named twice. Name each variable once.`);
    seen.add(variable);
    if (!Object.hasOwn(table.columns, variable)) {
      throw new InputError(`The table has no variable "${variable}". ${didYouMean(variable, Object.keys(table.columns))}`);
    }
  }
  const holes = missingBy(table, variables);
  const leftOut = holes.flatMap((names, row) => (names.length > 0 ? [{ row, id: table.id[row], variables: names }] : []));
  if (leftOut.length > 0 && options.missing !== "leaveOut") throw new InputError(holeMessage(leftOut));
  const rows = Int32Array.from(table.id.keys()).filter((row) => holes[row].length === 0);
  if (rows.length === 0) {
    throw new InputError(`No row of ${table.id.length} has all of ${variables.join(", ")}. Impute missing values or drop a variable.`);
  }
  const coding: DesignCoding = { terms: variables.map((variable) => codeTerm(table, variable, rows, options.reference?.[variable])) };
  return { design: build(coding, table, rows), coding, rows, leftOut };
}

/**
 * Columns of another table by the coding of a model, one row for each of the table's. A row with a missing value is an
 * InputError, or all NaN there where `missing` is "NaN". Plumbing: the coding of `designOf`.
 * @throws InputError on a missing variable, a variable of another kind, or a category that the model has not seen (named)
 */
export function applyCoding(coding: DesignCoding, table: Table, options: { missing?: "error" | "NaN" } = {}): Design {
  const variables = coding.terms.map((term) => term.variable);
  for (const { variable, kind } of coding.terms) {
    const column = table.columns[variable];
    if (column === undefined) {
      throw new InputError(`The table lacks "${variable}", which the model needs. ${didYouMean(variable, Object.keys(table.columns))}`);
    }
    if (column.kind !== kind) {
      throw new InputError(`"${variable}" is a ${column.kind} in this table but a ${kind} in the model. Read it as a ${kind}.`);
    }
  }
  const holes = missingBy(table, variables);
  if (options.missing !== "NaN") {
    const bad = holes.flatMap((names, row) => (names.length > 0 ? [{ row, id: table.id[row], variables: names }] : []));
    if (bad.length > 0) throw new InputError(holeMessage(bad));
  }
  const design = build(coding, table, Int32Array.from(table.id.keys()));
  holes.forEach((names, row) => {
    if (names.length > 0) for (const column of design.columns) column[row] = NaN;
  });
  return design;
}

/** Design columns (their numbers) of each variable of a coding, in order. Plumbing: no source. */
export function termColumns(coding: DesignCoding): { variable: string; columns: number[] }[] {
  let at = 0;
  return coding.terms.map(({ variable, names }) => ({ variable, columns: names.map(() => at++) }));
}

function codeTerm(table: Table, variable: string, rows: Int32Array, wanted: string | undefined): CodedTerm {
  const column = table.columns[variable];
  switch (column.kind) {
    case "date":
      throw new InputError(`"${variable}" is a date; a model needs numbers or categories. Turn it into days since an origin.`);
    case "number": {
      const bad = rows.find((row) => !Number.isFinite(column.values[row]));
      if (bad !== undefined) {
        throw new InputError(`${table.id[bad]}: "${variable}" is ${column.values[bad]}; a finite number is needed. Correct it or set it missing.`);
      }
      return { variable, kind: "number", names: [variable] };
    }
    case "category": {
      const used = new Set(Array.from(rows, (row) => column.codes[row]));
      const present = column.levels.filter((_, code) => used.has(code));
      if (wanted !== undefined && !present.includes(wanted)) {
        throw new InputError(`"${variable}" has no row of reference level "${wanted}". ${didYouMean(wanted, present)}`);
      }
      if (present.length < 2) {
        throw new InputError(`"${variable}" has the one category "${present[0]}" in all ${rows.length} rows. Leave it out of the model.`);
      }
      const reference = wanted ?? present[0];
      const levels = present.filter((level) => level !== reference);
      return { variable, kind: "category", reference, levels, names: levels.map((level) => variable + level) };
    }
  }
}

function build(coding: DesignCoding, table: Table, rows: Int32Array): Design {
  const names: string[] = [];
  const columns: Float64Array[] = [];
  for (const term of coding.terms) {
    const column = table.columns[term.variable];
    names.push(...term.names);
    if (term.kind === "number" && column.kind === "number") columns.push(Float64Array.from(rows, (row) => column.values[row]));
    if (term.kind !== "category" || column.kind !== "category") continue;
    // code of this table -> level of the model (0 reference, 1 … others); tables may list their levels differently
    const place = column.levels.map((level) => (level === term.reference ? 0 : term.levels.indexOf(level) + 1 || -1));
    for (const row of rows) {
      if (column.codes[row] >= 0 && place[column.codes[row]] < 0) {
        throw new InputError(`${table.id[row]}: "${term.variable}" is "${column.levels[column.codes[row]]}", which the model has not seen ` +
          `(it knows ${[term.reference, ...term.levels].join(", ")}). Recode it or leave the row out.`);
      }
    }
    term.levels.forEach((_, level) => columns.push(Float64Array.from(rows, (row) => Number(place[column.codes[row]] === level + 1))));
  }
  return { names, columns, n: rows.length };
}

function missingBy(table: Table, variables: readonly string[]): string[][] {
  const holes: string[][] = table.id.map(() => []);
  for (const variable of variables) {
    const column = table.columns[variable];
    holes.forEach((names, row) => {
      const gone = column.kind === "category" ? column.codes[row] < 0 : Number.isNaN(column.kind === "date" ? column.days[row] : column.values[row]);
      if (gone) names.push(variable);
    });
  }
  return holes;
}

function holeMessage(rows: { id: string; variables: string[] }[]): string {
  const shown = rows.slice(0, 3).map(({ id, variables }) => `${id} lacks ${variables.join(", ")}`).join("; ");
  const more = rows.length > 3 ? `; and ${rows.length - 3} more rows` : "";
  return `Missing values: ${shown}${more}. Impute them first or ask for such rows to be left out.`;
}
