import { correlationMatrix } from "../../math/index.js";
import { countText, type Finding } from "../../report/index.js";
import { candidatesOf } from "../fit/blockTable.js";
import type { StudyData } from "../data.js";
import type { Plan } from "../plan.js";
import { rowList } from "../rowNumbers.js";
import { few, type Guard } from "./guard.js";

const WIDEST = 1500;

/** Number columns among the candidates of any model. */
function numbers(plan: Plan, data: StudyData): { name: string; values: Float64Array }[] {
  const names = [...new Set(plan.models.flatMap((m) => candidatesOf(plan, m.name)))];
  return names.flatMap((name) => {
    const column = data.development.table.columns[name];
    return column?.kind === "number" ? [{ name, values: column.values }] : [];
  });
}

const moments = (values: Float64Array) => {
  const known = values.filter((v) => Number.isFinite(v));
  const mean = known.reduce((s, v) => s + v, 0) / known.length;
  const square = known.reduce((s, v) => s + (v - mean) * (v - mean), 0);
  return { n: known.length, mean, sd: Math.sqrt(square / (known.length - 1)), population: Math.sqrt(square / known.length) };
};

/** Features that came in scaled on all patients: mean 0 and SD 1 of nearly all of them together are no accident. */
export const upstreamGuard: Guard = {
  name: "scaled upstream",
  before(plan, data) {
    const columns = numbers(plan, data);
    const scaled = columns.filter(({ values }) => {
      const { n, mean, sd, population } = moments(values);
      return n > 5 && Math.abs(mean) < 0.05 && (Math.abs(sd - 1) < 0.03 || Math.abs(population - 1) < 0.03);
    });
    if (scaled.length < 5 || scaled.length < 0.5 * columns.length) return [];
    return [{
      guard: "scaled upstream", severity: "note", where: "features",
      message: `${countText(scaled.length)} of ${countText(columns.length)} number candidates have mean 0 and SD 1 over all ${countText(data.development.table.id.length)} patients: they were scaled before the study saw them, with every patient's values. No resampling here can undo that, and new patients must be scaled by the same numbers.`,
      doInstead: "Ask for the features on their own scale; the steps of the plan scale them on training patients alone.",
    }];
  },
};

/** Equal for a column and its multiples: the standardised values of its first rows, to six figures, sign aside. Where pairs are too many to be correlated. */
function signature(values: Float64Array): string {
  const { mean, sd } = moments(values);
  const sign = values[0] < mean ? -1 : 1;
  return Array.from(values.subarray(0, 8), (v) => ((sign * (v - mean)) / sd).toFixed(6)).join("|");
}

/** Candidates that are the same number twice. */
export const duplicateFeatureGuard: Guard = {
  name: "duplicated features",
  before(plan, data) {
    const columns = numbers(plan, data).filter(({ values }) => values.every((v) => Number.isFinite(v)) && moments(values).sd > 0);
    const p = columns.length;
    if (p < 2) return [];
    const pairs: string[] = [], inside = new Set<number>();
    const same = (i: number, j: number) => { pairs.push(`${columns[j].name} and ${columns[i].name}`); inside.add(i); };
    if (p <= WIDEST) {
      const r = correlationMatrix(columns.map((c) => c.values));
      for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) if (Math.abs(r[i * p + j]) > 0.9999) same(i, j);
    } else {
      const first = new Map<string, number>();
      columns.forEach(({ values }, i) => {
        const key = signature(values);
        if (first.has(key)) same(i, first.get(key)!); else first.set(key, i);
      });
    }
    if (pairs.length === 0) return [];
    return [{
      guard: "duplicated features", severity: "note", where: "features",
      message: `${countText(inside.size)} of ${countText(p)} number candidates repeat another one (|r| > 0.9999): ${few(pairs, 3)}.`,
      doInstead: "A correlation step drops them; without one they share a coefficient at random.",
    }];
  },
};

/** Variables of which much is missing, and categories that hardly anybody has. */
export const missingGuard: Guard = {
  name: "missing values",
  before(plan, data) {
    const { table } = data.development;
    const n = table.id.length;
    const found: Finding[] = [];
    const names = [...new Set(plan.models.flatMap((m) => candidatesOf(plan, m.name)))];
    const gone = names.flatMap((name) => {
      const column = table.columns[name];
      if (column === undefined) return [];
      const missing = column.kind === "category" ? column.codes.filter((c) => c < 0).length : (column.kind === "number" ? column.values : column.days).filter((v) => Number.isNaN(v)).length;
      return missing > 0.2 * n ? [`${name} (${countText(missing)} of ${countText(n)})`] : [];
    });
    if (gone.length > 0) found.push({ guard: "missing values", severity: "warning", where: "baseline", message: `More than a fifth of the values are missing in ${few(gone)}.`, doInstead: "Ask why they are missing; multiple imputation inside the resampling at the least." });
    for (const name of names) {
      const column = table.columns[name];
      if (column?.kind !== "category") continue;
      const rare = column.levels.filter((_, level) => { const count = column.codes.filter((c) => c === level).length; return count > 0 && count < 5; });
      if (rare.length > 0) found.push({ guard: "rare categories", severity: "note", where: name, message: `"${name}": fewer than 5 patients have ${few(rare.map((l) => `"${l}"`))}.`, doInstead: "Merge it with a neighbour beforehand; a fold without it cannot learn it." });
    }
    return found;
  },
};

/** Candidates that hold numbers but are read as text because some cells are none: they would count as categories of a few patients each. */
export const mixedGuard: Guard = {
  name: "numbers with text",
  before(plan, data) {
    return [...new Set(plan.models.flatMap((m) => candidatesOf(plan, m.name)))].flatMap((name): Finding[] => {
      const column = data.development.table.columns[name], described = plan.variables[name]?.levels !== undefined || plan.variables[name]?.cut !== undefined;
      if (column?.kind !== "category" || described) return [];
      const odd = new Set(column.levels.flatMap((l, k) => (l.trim() !== "" && Number.isFinite(Number(l)) ? [] : [k]))), known = column.levels.length - odd.size;
      if (odd.size === 0 || known < 5 || odd.size > known / 2) return [];
      const rows = Array.from(column.codes.keys()).filter((r) => odd.has(column.codes[r])).map((r) => r + 1);
      return [{
        guard: "numbers with text", severity: "stop", where: name,
        message: `"${name}" holds numbers, but is read as text because of ${few([...odd].map((k) => `"${column.levels[k]}"`))} (${rowList(rows)} of ${data.development.name}): every number would count as a category of its own.`,
        doInstead: `Correct the cells, or say that they are missing values (variables: "${name}": { missing: [...] }).`,
      }];
    });
  },
};
