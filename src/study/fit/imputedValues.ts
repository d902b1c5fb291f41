import type { Column, Table } from "../../cohort/index.js";
import type { FittedBlock, FittedStep } from "../pipeline.js";

/** What imputation put in place of missing values: by row, by column, each value with the block that put it. */
export type ImputedValues = Map<number, Map<string, { block: string; text: string }[]>>;

/** Steps that change no value, so that what is imputed after them is in the units of the file. */
const filters = new Set(["impute", "variance", "correlationFilter", "iccFilter", "univariable", "lassoSelect", "mrmr", "boruta", "stabilitySelection", "vif", "clusterRepresentatives", "stepwise"]);

/** Collects what the imputing steps of a computation fill in; `watch` of `computeBlocks`. */
export function watchImputation(found: ImputedValues): (block: FittedBlock, step: FittedStep, before: Table, after: Table) => void {
  return (block, step, before, after) => {
    if (step.name !== "impute") return;
    const earlier = block.steps.slice(0, block.steps.indexOf(step)).filter((s) => s.state !== null && !filters.has(s.name)).map((s) => s.name);
    for (const [name, column] of Object.entries(before.columns)) {
      const filled = after.columns[name];
      if (filled === undefined || filled === column) continue;
      const how = words((step.state as { method: string }).method, column.kind);
      for (let row = 0; row < before.id.length; row++) {
        if (cellText(column, row) !== "") continue;
        const value = cellText(filled, row);
        if (value === "") continue;
        const range = block.ranges[name], unit = range !== undefined && "low" in range && range.unit !== undefined && earlier.length === 0 ? ` ${range.unit}` : "";
        const own = found.get(row) ?? new Map<string, { block: string; text: string }[]>();
        own.set(name, [...(own.get(name) ?? []), { block: block.name, text: how(`${value}${unit}${earlier.length > 0 ? ` (after ${earlier.join(", ")})` : ""}`) }]);
        found.set(row, own);
      }
    }
  };
}

/** "the training median 51 years is put in its place", each way once. */
export function imputedText(values: readonly { block: string; text: string }[]): string {
  const texts = [...new Set(values.map((v) => v.text))];
  return texts.map((text) => `${text} is put in its place${texts.length > 1 ? ` by ${values.filter((v) => v.text === text).map((v) => v.block).join(" and ")}` : ""}`).join(", ");
}

function words(method: string, kind: Column["kind"]): (value: string) => string {
  switch (method) {
    case "median": return (value) => (kind === "category" ? `the commonest training value ${value}` : `the training median ${value}`);
    case "mode": return (value) => `the commonest training value ${value}`;
    case "knn": return (value) => `${value}, from the nearest training patients,`;
    default: return (value) => `${value}, by regression on the other values,`;
  }
}

function cellText(column: Column, row: number): string {
  switch (column.kind) {
    case "category": return column.codes[row] < 0 ? "" : column.levels[column.codes[row]];
    case "number": return Number.isNaN(column.values[row]) ? "" : String(Number(column.values[row].toPrecision(4)));
    case "date": return Number.isNaN(column.days[row]) ? "" : String(column.days[row]);
  }
}
