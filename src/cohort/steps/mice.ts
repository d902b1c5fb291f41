import { InputError, randomStream, type Random } from "../../math/index.js";
import { columnOf } from "../columns.js";
import type { Column, Table } from "../table.js";
import { fitMiceModel, imputedValue, miceMethods, type MiceMethod, type MiceModel } from "./miceModels.js";
import { meanVariance } from "./stepColumns.js";

export type MiceState = {
  names: string[]; levels: string[][]; centre: number[]; scale: number[]; methods: MiceMethod[]; models: MiceModel[];
  rounds: number; imputation: number; seed: string;
};
export type MiceOptions = { donors: number; rounds: number; imputation: number; numbers: "pmm" | "normal"; methods: Readonly<Record<string, MiceMethod>> };

/**
 * Multiple imputation by chained equations. van Buuren & Groothuis-Oudshoorn, J Stat Softw 2011;45(3). Each incomplete column in turn is
 * regressed on all others (numbers scaled, categories as 0/1 terms), the regression's parameters are drawn from their posterior, and the gaps
 * are filled at random from it: numbers by predictive mean matching (that of one of the `donors` training rows whose predicted score is nearest;
 * type 1 matching: donors by the estimate, the row by the draw) or by normal regression, two levels by logistic, more by polytomous
 * and ordered ones by proportional-odds regression: R mice's defaults pmm, logreg, polyreg, polr, and its norm. See `fitMiceModel` for the draws. Chance differs from R's.
 *
 * `training` holds the values that the chain itself comes to, drawn with the parameters of their round: those whose spread between imputations is Rubin's.
 * New rows: their gaps start at the training medians and go through the last round's models `rounds` times, every column that
 * misses values there included; chance is keyed by the patient's id and what is known of the row, so a row is imputed alike
 * alone and among others.
 */
export function fitMice(table: Table, filled: Table, names: string[], options: MiceOptions, random: Random): { state: MiceState; training: Table } {
  if (names.length < 2) throw new InputError(`impute by mice was given ${names.length} column, but needs at least two to predict from. Choose median.`);
  const n = table.id.length;
  if (n < 5) throw new InputError(`impute by mice was given ${n} rows, but needs at least 5. Choose median.`);
  const { rounds, donors, imputation } = options;
  const columns = names.map((name) => columnOf(table, name));
  const levels = columns.map((c) => (c.kind === "category" ? [...c.levels] : []));
  const methods = columns.map((c, j) => methodOf(names[j], c, options));
  for (const name of Object.keys(options.methods)) if (!names.includes(name)) throw new InputError(`impute was given a method for ${name}, which is not among the columns to impute (${names.join(", ")}). Name one of them.`);
  const current = names.map((name) => numeric(columnOf(filled, name)));
  const spread = current.map((v) => meanVariance(v));
  const state: MiceState = {
    names: [...names], levels, centre: spread.map((s, j) => (levels[j].length ? 0 : s.mean)),
    scale: spread.map((s, j) => (levels[j].length || !(s.variance > 0) ? 1 : Math.sqrt(s.variance))),
    methods, models: [], rounds, imputation, seed: "",
  };
  const draw = random.stream(`mice ${imputation}`);
  state.seed = `${draw.below(4294967296)}-${draw.below(4294967296)}`;
  const known = columns.map((c) => Array.from({ length: n }, (_, r) => r).filter((r) => !isMissing(c, r)));
  const gaps = columns.map((c) => Array.from({ length: n }, (_, r) => r).filter((r) => isMissing(c, r)));
  // complete columns need a model too (new rows may miss them), but only once the others have settled
  for (let round = 0; round < rounds; round++) {
    const last = round === rounds - 1;
    for (let j = 0; j < names.length; j++) {
      if (gaps[j].length === 0 && !last) continue;
      const stream = draw.stream(`${names[j]} ${round}`);
      const terms = termsOf(state, current, j);
      const model = fitMiceModel(methods[j], j, terms.map((t) => Float64Array.from(known[j], (r) => t[r])), Float64Array.from(known[j], (r) => current[j][r]), donors, stream);
      for (const r of gaps[j]) current[j][r] = imputedValue(model, terms, r, stream.stream(table.id[r]));
      if (last) state.models.push(model);
    }
  }
  return { state, training: withValues(state, table, filled, current) };
}

/** The table with the gaps of the imputed columns filled, row by row; `filled` has the starting values. */
export function applyMice(state: MiceState, table: Table, filled: Table): Table {
  const columns = state.names.map((name) => columnOf(table, name));
  const current = state.names.map((name, j) => recode(columnOf(filled, name), state.levels[j], name));
  const terms = state.models.map((m) => m.column);
  table.id.forEach((id, r) => {
    const gaps = terms.filter((j) => isMissing(columns[j], r));
    if (gaps.length === 0) return;
    const row = current.map((v) => Float64Array.of(v[r]));
    const stream = randomStream(state.seed).stream(id);
    for (let round = 0; round < state.rounds; round++) {
      for (const model of state.models) {
        if (!gaps.includes(model.column)) continue;
        row[model.column][0] = imputedValue(model, termsOf(state, row, model.column), 0, stream);
      }
    }
    for (const j of gaps) current[j][r] = row[j][0];
  });
  return withValues(state, table, filled, current);
}

/** Values of the imputed columns, categories by the training's level numbers, as a table. */
function withValues(state: MiceState, table: Table, filled: Table, current: Float64Array[]): Table {
  const columns = state.names.map((name) => columnOf(table, name));
  const made: Record<string, Column> = { ...filled.columns };
  state.names.forEach((name, j) => {
    const column = made[name];
    if (column.kind === "number") made[name] = { ...column, values: current[j] };
    else if (column.kind === "category") {
      const code = state.levels[j].map((level) => column.levels.indexOf(level));
      made[name] = { ...column, codes: column.codes.map((c, r) => (isMissing(columns[j], r) ? code[current[j][r]] : c)) };
    }
  });
  return { id: [...table.id], columns: made };
}

function isMissing(column: Column, r: number): boolean {
  return column.kind === "category" ? column.codes[r] < 0 : column.kind === "number" ? Number.isNaN(column.values[r]) : false;
}

function numeric(column: Column): Float64Array {
  return column.kind === "category" ? Float64Array.from(column.codes) : column.kind === "number" ? column.values.slice() : new Float64Array();
}

/** Values, categories by the training's level numbers. */
function recode(column: Column, levels: string[], name: string): Float64Array {
  if (column.kind !== "category") return numeric(column);
  const code = column.levels.map((level) => levels.indexOf(level));
  return Float64Array.from(column.codes, (c) => {
    if (code[c] < 0) throw new InputError(`${name} is "${column.levels[c]}" in a row, which no training row has (${levels.join(", ")}). Correct it or leave the column out.`);
    return code[c];
  });
}

/** All columns but one as terms: scaled numbers, one 0/1 term a level after the first. */
function termsOf(state: MiceState, values: Float64Array[], but: number): Float64Array[] {
  return values.flatMap((v, j) => {
    if (j === but) return [];
    if (state.levels[j].length === 0) return [v.map((x) => (x - state.centre[j]) / state.scale[j])];
    return state.levels[j].slice(1).map((_, k) => v.map((x) => (x === k + 1 ? 1 : 0)));
  });
}

function methodOf(name: string, column: Column, { numbers, methods }: MiceOptions): MiceMethod {
  const wanted = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (wanted !== undefined && !miceMethods.includes(wanted)) throw new InputError(`impute was given the method "${String(wanted)}" for ${name}, but knows ${miceMethods.join(", ")}.`);
  if (column.kind !== "category") {
    const method = wanted ?? numbers;
    if (method !== "pmm" && method !== "normal") throw new InputError(`${name} is a number column, which impute fills by pmm or normal, not by ${method}. Make it a category first.`);
    return method;
  }
  const usual = column.levels.length <= 2 ? "logistic" : column.ordered ? "proportionalOdds" : "polytomous";
  if (wanted === "normal") throw new InputError(`${name} is a category, which impute does not fill by normal. Leave its method out for ${usual}.`);
  if (wanted === "logistic" && column.levels.length > 2) throw new InputError(`${name} has ${column.levels.length} levels, but logistic fills two. Leave its method out for ${usual}.`);
  return wanted ?? usual;
}
