import { categoryColumn, labelsOf, numberColumn, withColumns, type Column, type Table } from "../../cohort/index.js";
import { didYouMean, InputError } from "../../math/index.js";
import { derivations, type Derivation } from "../plan/derivations.js";
import type { CohortRows } from "./excludeRows.js";
import { atPart, PlanError } from "../plan/planErrors.js";
import type { DerivePlan, Plan, VariablePlan } from "../plan.js";
import { recode } from "./recode.js";
import { rowList } from "../rowNumbers.js";

/** The rule of a derived variable. */
export const derivationOf = (entry: DerivePlan): Derivation => derivations[entry.rule];
/** The columns that a derived variable is made from, as the plan wrote them. */
export const sourcesOf = (entry: DerivePlan): string[] => [...new Set(Object.values(entry.sources))];

/** A column and everything that it is made from, through all derivations. */
export function lineage(name: string, derive: readonly DerivePlan[] | undefined): string[] {
  const own = derive?.find((d) => d.name === name);
  return own === undefined ? [name] : [...new Set([name, ...sourcesOf(own).flatMap((s) => lineage(s, derive))])];
}

/** Columns by which the outcome is known: its own, what they are made from, and the dates of an end-point (its origin tells nothing). */
export function outcomeLineage({ outcome, derive }: Pick<Plan, "outcome" | "derive">): Set<string> {
  const own = outcome.kind === "binary" ? [outcome.column] : outcome.built !== undefined ? [...Object.values(outcome.built.dates), outcome.built.lastContact] : [outcome.time, outcome.event];
  return new Set(own.flatMap((name) => lineage(name, derive)));
}

/**
 * The table with the plan's derived variables, made patient by patient from raw columns that are first read as `variables` describes them.
 * Where a cohort has the variable itself and lacks what it is made from, its own column stays (`taken`). `lacking: "pass"`: a variable
 * whose sources are not there is passed over (external cohorts, new patients), else that is an InputError.
 * @throws InputError a variable that is a column already; sources that are not there; cells that the rule cannot read (rows)
 */
export function deriveColumns(rows: Pick<CohortRows, "table" | "row">, derive: readonly DerivePlan[], variables: Record<string, VariablePlan>, who: string, lacking: "refuse" | "pass"): { table: Table; taken: string[] } {
  let { table } = rows;
  const taken: string[] = [];
  for (const entry of derive) {
    const there = Object.hasOwn(table.columns, entry.name);
    const lost = sourcesOf(entry).filter((s) => !Object.hasOwn(table.columns, s));
    if (lost.length > 0) {
      if (lacking === "pass") { if (there) taken.push(entry.name); continue; }
      throw atPart(["derive", entry.name, Object.keys(entry.sources).find((key) => entry.sources[key] === lost[0])!], `${who}: derive.${entry.name} reads ${lost.map((s) => `"${s}"`).join(", ")}, which ${lost.length === 1 ? "is no column" : "are no columns"}. ${didYouMean(lost[0], Object.keys(table.columns).slice(0, 60))}`);
    }
    if (there) throw atPart(["derive", entry.name], `${who}: derive makes "${entry.name}", but a table has a column of that name already. Give the derived variable another name, or leave the column out (columns: […] at the table).`, true);
    table = withColumns(table, { [entry.name]: derived(table, entry, variables, rows.row, who) });
  }
  return { table, taken };
}

function derived(table: Table, entry: DerivePlan, variables: Record<string, VariablePlan>, row: readonly number[], who: string): Column {
  const rule = derivationOf(entry);
  const read = recode({ id: table.id, columns: Object.fromEntries(sourcesOf(entry).map((s) => [s, table.columns[s]])) }, variables, row, `${who}: derive.${entry.name}`);
  const labels = Object.entries(entry.sources).map(([source, name]) => [source, labelled(read, name, rule.dates === true, row, `${who}: derive.${entry.name}`)] as const);
  const wrong = new Map<string, number[]>();
  const values = table.id.map((_, r) => {
    try {
      return rule.of(Object.fromEntries(labels.map(([source, of]) => [source, of[r]])), entry.options);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      wrong.set(error.message, [...(wrong.get(error.message) ?? []), row[r]]);
      return null;
    }
  });
  if (wrong.size > 0) throw new PlanError([...wrong].slice(0, 8).flatMap(([message, at]) => atPart(["derive", entry.name], `${who}: derive.${entry.name}, ${rowList(at, 20)}: ${message.replace(/\.$/, "")}. Correct the cells, list them as missing under variables, or exclude these patients before.`, true).mistakes));
  const levels = rule.levels?.(entry.options);
  return levels === undefined ? numberColumn(values as (number | null)[], rule.unit?.(entry.options)) : categoryColumn(values as (string | null)[], [...levels], rule.ordered ?? false);
}

function labelled(table: Table, name: string, dates: boolean, row: readonly number[], who: string): string[] {
  const column = table.columns[name];
  if (!dates) return labelsOf(table, name);
  return Array.from(daysOrMissing(column, name, row, who), (d) => (Number.isNaN(d) ? "" : String(d)));
}

/** Days of a date column; a column without any value counts as dates that are all missing. @throws InputError a column of another kind */
export function daysOrMissing(column: Column, name: string, row: readonly number[], who: string): Float64Array {
  if (column.kind === "date") return column.days;
  const known = column.kind === "number" ? Array.from(column.values.keys()).filter((r) => !Number.isNaN(column.values[r])) : Array.from(column.codes.keys()).filter((r) => column.codes[r] >= 0);
  if (known.length === 0) return new Float64Array(row.length).fill(NaN);
  throw new InputError(`${who}: "${name}" is to be a date, but holds ${column.kind === "number" ? "numbers" : `"${column.levels[column.codes[known[0]]]}"`} (${rowList(known.slice(0, 3).map((r) => row[r]))}). Write yyyy-mm-dd, or state the order of day and month with dates: dmy at the table.`);
}

/** Why a derived variable has no value in each row: the sources that are missing there, or the rule, which gives none. */
export function whyUnknown(table: Table, entry: DerivePlan, variables: Record<string, VariablePlan>): (row: number) => string {
  const sources = sourcesOf(entry).map((name) => ({ name, labels: labelsOf(table, name), missing: new Set((variables[name]?.missing ?? []).map(String)) }));
  const needed = new Set(derivationOf(entry).needs.map((n) => entry.sources[n]));
  return (r) => {
    const lost = sources.filter((s) => needed.has(s.name) && (s.labels[r] === "" || s.missing.has(s.labels[r]))).map((s) => s.name);
    return lost.length > 0 ? `${lost.join(" and ")} missing` : `not told by ${sources.map((s) => s.name).join(", ")}`;
  };
}

/** "high from 3 positive nodes (…), from nodes_positive": what a variable was made from, by whose rule. */
export function derivedInWords(entry: DerivePlan): string {
  return `from ${sourcesOf(entry).join(", ")}: ${derivationOf(entry).is(entry.options)}`;
}
