import { categoryColumn, labelsOf, type Column, type Table } from "../../cohort/index.js";
import { InputError } from "../../math/index.js";
import { codeKey, missingMatcher } from "../load/codes.js";
import type { FittedBlock } from "../pipeline.js";
import type { VariablePlan } from "../plan.js";
import { rowList } from "../rowNumbers.js";

/** New patients' codes that no level of the study documents, made missing; `remarks` of each row tell which. */
export function documentedCodes(table: Table, variables: Record<string, VariablePlan>): { table: Table; remarks: string[][] } {
  const remarks: string[][] = table.id.map(() => []);
  const columns = { ...table.columns };
  for (const [name, variable] of Object.entries(variables)) {
    if (variable.levels === undefined || columns[name] === undefined) continue;
    const known = new Set(Object.entries(variable.levels).flatMap(([code, level]) => [codeKey(code), codeKey(level)])), missing = missingMatcher(variable);
    const labels = labelsOf(table, name);
    const odd = labels.map((label) => !missing(label) && !known.has(codeKey(label)));
    if (!odd.includes(true)) continue;
    labels.forEach((label, row) => { if (odd[row]) remarks[row].push(`${name} is "${label}", which the study does not know (${[...new Set(Object.values(variable.levels!))].join(", ")}); it counts as missing`); });
    columns[name] = categoryColumn(labels.map((label, row) => (odd[row] ? "" : label)));
  }
  return { table: { id: table.id, columns }, remarks };
}

/**
 * Columns of the kind that training had: how a file's cells are read depends on what else stands in the column, and a new table may hold one
 * patient, no value at all, or codes that look like numbers.
 * @throws InputError text where training had numbers (column, rows)
 */
export function asTrained(table: Table, needed: readonly string[], ranges: FittedBlock["ranges"]): Table {
  const columns: Record<string, Column> = { ...table.columns };
  for (const name of needed) {
    const column = columns[name], range = ranges[name];
    if (column === undefined || range === undefined) continue;
    if ("levels" in range) {
      if (column.kind === "number") columns[name] = categoryColumn(Array.from(column.values, (v) => (Number.isNaN(v) ? "" : range.levels.find((l) => codeKey(l) === String(v)) ?? String(v))));
    } else if (column.kind === "category") {
      const labels = labelsOf(table, name), odd = labels.flatMap((l, r) => (l !== "" && Number.isNaN(Number(l)) ? [r] : []));
      if (odd.length > 0) throw new InputError(`The table: "${name}" holds text ("${labels[odd[0]]}") in ${rowList(odd.map((r) => r + 1), 20)}, expected numbers as in the study. Correct the cells, or leave them empty where the value is missing.`);
      columns[name] = { kind: "number", values: Float64Array.from(labels, (l) => (l === "" ? NaN : Number(l))) };
    }
  }
  return { id: table.id, columns };
}

/**
 * Text or dates in cells where the study has numbers, before the cells are given their units.
 * @throws InputError with column, cells and rows
 */
export function requireNumbers(table: Table, needed: readonly string[], variables: Record<string, VariablePlan>, ranges: FittedBlock["ranges"]): void {
  for (const name of needed) {
    const column = table.columns[name], variable = variables[name], range = ranges[name];
    if (column === undefined || variable === undefined || variable.levels !== undefined || column.kind === "number") continue;
    if (!(variable.kind === "number" || variable.cut !== undefined || (range !== undefined && "low" in range && variable.kind === undefined))) continue;
    const missing = missingMatcher(variable), labels = labelsOf(table, name);
    const odd = labels.flatMap((l, r) => (l !== "" && !missing(l) && Number.isNaN(Number(l)) ? [r] : []));
    if (odd.length === 0) continue;
    throw new InputError(`The table: "${name}" holds ${column.kind === "date" ? "dates" : "text"} ("${labels[odd[0]]}") in ${rowList(odd.map((r) => r + 1), 20)}, expected numbers${variable.unit === undefined ? "" : ` in ${variable.unit}`} as in the study. Correct the cells${variable.unit === undefined ? "" : ", without the unit"}, or leave them empty where the value is missing.`);
  }
}
