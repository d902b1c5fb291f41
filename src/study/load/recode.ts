import { categoryColumn, labelsOf, type CategoryColumn, type Column, type Table } from "../../cohort/index.js";
import { didYouMean, InputError } from "../../math/index.js";
import { codeKey, missingMatcher } from "./codes.js";
import { atPart, PlanError, type Mistake, type Path } from "../plan/planErrors.js";
import type { VariablePlan } from "../plan.js";
import { rowList } from "../rowNumbers.js";

/**
 * The columns as the plan describes them: codes to the names of their levels, codes that mean missing, numbers cut into
 * categories, units. Columns that `variables` does not name stay as they were read.
 * @param rows  number of each row in its file, for messages;  @param who  the cohort
 * @throws InputError every code that no level documents (code, column, rows), cells that are no number or date where one is stated,
 * cut or unit of a column that holds no numbers
 */
export function recode(table: Table, variables: Record<string, VariablePlan>, rows: ArrayLike<number>, who: string): Table {
  const wrong: Mistake[] = [];
  const columns = Object.fromEntries(Object.entries(table.columns).map(([name, column]) => {
    const variable = variables[name];
    if (variable === undefined) return [name, column];
    try {
      return [name, recodeColumn(name, table, variable, rows)];
    } catch (error) {
      if ((error as Error).name !== "InputError") throw error;
      wrong.push(...atPart(["variables", name, partOf(variable)], `${who}: ${(error as Error).message}`).mistakes);
      return [name, column];
    }
  }));
  if (wrong.length > 0) throw new PlanError(wrong);
  return { id: table.id, columns };
}

/** What of a variable's description says what its cells are. */
const partOf = ({ levels, kind, cut }: VariablePlan) => (levels !== undefined ? "levels" : kind !== undefined ? "kind" : cut !== undefined ? "cut" : "unit");

function recodeColumn(name: string, table: Table, variable: VariablePlan, rows: ArrayLike<number>): Column {
  const { levels, kind, cut, unit, ordered = false } = variable;
  const isMissing = missingMatcher(variable);
  const labels = labelsOf(table, name).map((label) => (isMissing(label) ? "" : label));
  const column = table.columns[name];
  if (levels !== undefined) return byLevels(name, labels, variable, rows);
  if (kind === "category") return asCategory(labels);
  if (kind === "date") {
    if (column.kind === "date") return { kind: "date", days: column.days.map((d, r) => (labels[r] === "" ? NaN : d)) };
    throw new InputError(`"${name}" is stated to be a date, but its cells are no dates${cells(labels, rows, () => true)}. Write yyyy-mm-dd, or state the order of day and month with dates: dmy at the table.`);
  }
  if (kind !== "number" && cut === undefined && column.kind !== "number") {
    // a column that was text only because of codes that mean missing
    const freed = variable.missing !== undefined && labels.every((l) => l === "" || isNumber(l)) && labels.some((l) => l !== "");
    if (!freed) {
      if (unit !== undefined) throw new InputError(`"${name}" has the unit ${unit}, but holds ${column.kind === "date" ? "dates" : `text${cells(labels, rows, (l) => !isNumber(l))}`}. Correct the cells, list them under missing, or take the unit out.`);
      return column.kind === "date" ? { kind: "date", days: column.days.map((d, r) => (labels[r] === "" ? NaN : d)) } : asCategory(labels, column as CategoryColumn);
    }
  }
  if (column.kind === "date") throw new InputError(`"${name}" is stated to be a number, but holds dates. Correct kind.`);
  const odd = (label: string) => label !== "" && !isNumber(label);
  if (labels.some(odd)) throw new InputError(`"${name}" is stated to be a number, but some cells are none${cells(labels, rows, odd)}. Correct them or list them under missing.`);
  const values = Float64Array.from(labels, (l) => (l === "" ? NaN : Number(l)));
  if (cut === undefined) return { kind: "number", values, ...(unit === undefined ? {} : { unit }) };
  return { kind: "category", codes: Int32Array.from(values, (v) => (Number.isNaN(v) ? -1 : cut.at.filter((at) => v >= at).length)), levels: [...cut.names], ordered: ordered || cut.names.length > 2 };
}

const isNumber = (label: string) => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(label.trim());

function byLevels(name: string, labels: string[], variable: VariablePlan, rows: ArrayLike<number>): CategoryColumn {
  const isMissing = missingMatcher(variable);
  const entries = Object.entries(variable.levels!).filter(([code, level]) => !isMissing(code) && !isMissing(level));
  const levels = [...new Set(entries.map(([, level]) => level))];
  const place = new Map<string, number>();
  for (const [, level] of entries) place.set(codeKey(level), levels.indexOf(level));
  for (const [code, level] of entries) place.set(codeKey(code), levels.indexOf(level));
  const unknown = new Map<string, number[]>();
  const codes = Int32Array.from(labels, (label, r) => {
    if (label === "") return -1;
    const at = place.get(codeKey(label));
    if (at === undefined) unknown.set(label, [...(unknown.get(label) ?? []), rows[r]]);
    return at ?? -1;
  });
  if (unknown.size > 0) {
    const listed = [...unknown].map(([code, at]) => `"${code}" (${rowList(at)})`).join("; ");
    throw new InputError(`"${name}" has ${unknown.size === 1 ? "a code that no level documents" : "codes that no level documents"}: ${listed}. Documented: ${Object.entries(variable.levels!).map(([code, level]) => (code === level ? code : `${code} = ${level}`)).join(", ")}. ${unknown.size === 1 ? "Add the code" : "Add the codes"} under levels (and under missing, if ${unknown.size === 1 ? "it means" : "they mean"} that), or correct the file.`);
  }
  return { kind: "category", codes, levels, ordered: variable.ordered ?? false };
}

/** Labels as categories: numbers in their order, or the levels that the column had, or by the alphabet. */
function asCategory(labels: string[], column?: CategoryColumn): CategoryColumn {
  const found = [...new Set(labels.filter((l) => l !== ""))];
  const numbers = found.every(isNumber);
  const levels = column !== undefined ? column.levels.filter((l) => found.includes(l)) : numbers ? found.sort((a, b) => Number(a) - Number(b)) : found.sort();
  return categoryColumn(labels, levels, column?.ordered ?? false);
}

function cells(labels: string[], rows: ArrayLike<number>, odd: (label: string) => boolean): string {
  const at = labels.flatMap((l, r) => (l !== "" && odd(l) ? [r] : []));
  const words = [...new Set(at.map((r) => labels[r]))];
  return at.length === 0 ? "" : `: ${words.slice(0, 5).map((w) => `"${w}"`).join(", ")}${words.length > 5 ? ` and ${words.length - 5} other texts` : ""} (${rowList(at.map((r) => rows[r]), 20)})`;
}

/** Columns by the names that the study has for them. @param at  where rename stands in the plan;  @throws InputError a name that would stand twice */
export function renameColumns(table: Table, rename: Record<string, string>, file: string, at: Path): { table: Table; used: string[] } {
  const used = Object.keys(rename).filter((theirs) => Object.hasOwn(table.columns, theirs));
  if (used.length === 0) return { table, used };
  const columns: Record<string, Column> = {};
  for (const [name, column] of Object.entries(table.columns)) {
    const ours = Object.hasOwn(rename, name) ? rename[name] : name;
    if (Object.hasOwn(columns, ours) || (ours !== name && Object.hasOwn(table.columns, ours) && !Object.hasOwn(rename, ours))) throw atPart([...at, name], `${file}: "${name}" is to be renamed "${ours}", but there is a column "${ours}" already. Rename or leave out one of them.`);
    columns[ours] = column;
  }
  return { table: { id: table.id, columns }, used };
}

/** @throws InputError names of `rename` that no table of the cohort has */
export function checkRenames(rename: Record<string, string>, used: ReadonlySet<string>, columns: readonly string[], who: string, at: Path): void {
  const lost = Object.keys(rename).filter((theirs) => !used.has(theirs));
  if (lost.length > 0) throw new PlanError(lost.flatMap((l) => atPart([...at, l], `${who}: rename names "${l}", which no table has. ${didYouMean(l, columns)}`, true).mistakes));
}
