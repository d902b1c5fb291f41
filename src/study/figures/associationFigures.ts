import { categoryTest, normalInGroups, numberTest, type Column } from "../../cohort/index.js";
import { correlationTest, mcnemar, randomStream } from "../../math/index.js";
import type { Figure } from "../../report/index.js";
import type { Facts } from "../facts.js";
import { labelOf, notDrawn, slug, withUnit } from "./setsOf.js";

const shown = (p: number) => (p < 0.001 ? "P < 0.001" : `P = ${p.toFixed(3)}`);

/** A column of the training rows, or the linear predictor of a block as a number. */
function columnOf(facts: Facts, name: string): Column | undefined {
  const linear = facts.sets[0].predictions[name]?.linear;
  if (linear !== undefined) return { kind: "number", values: linear };
  const column = facts.data.development.table.columns[name];
  switch (column?.kind) {
    case "number": return { ...column, values: Float64Array.from(facts.training, (r) => column.values[r]) };
    case "category": return { ...column, codes: Int32Array.from(facts.training, (r) => column.codes[r]) };
    default: return undefined;
  }
}

/** A number cut at its median becomes two categories. */
function asCategory(column: Column): { levels: string[]; codes: Int32Array; ordered: boolean } | undefined {
  if (column.kind === "category") return column;
  if (column.kind === "date") return undefined;
  const distinct = [...new Set(Array.from(column.values).filter(Number.isFinite))].sort((a, b) => a - b);
  if (distinct.length <= 6) return { levels: distinct.map(String), codes: Int32Array.from(column.values, (v) => distinct.indexOf(v)), ordered: true };
  const known = Array.from(column.values).filter(Number.isFinite).sort((a, b) => a - b);
  const middle = known[Math.floor(known.length / 2)];
  return { levels: [`< ${middle}`, `≥ ${middle}`], codes: Int32Array.from(column.values, (v) => (Number.isNaN(v) ? -1 : Number(v >= middle))), ordered: true };
}

/** Any score or reading against a pathology variable, with the test that Table 1 would choose. */
export function associationFigures(facts: Facts): Figure[] {
  return facts.plan.evaluation.associations.flatMap(({ of, with: other }): Figure[] => {
    const [a, b] = [columnOf(facts, of), columnOf(facts, other)];
    const groups = b === undefined ? undefined : asCategory(b);
    if (a === undefined || groups === undefined || a.kind === "date") return [];
    const base = { id: `association-${slug(of)}-${slug(other)}`, section: "use", title: `${labelOf(facts, of)} and ${labelOf(facts, other)}`, chart: "association" as const };
    const absent = (why: string): Figure[] => [{ ...base, caption: `Not drawn: ${why}.`, data: { kind: "none", why: `Not drawn: ${why}` } }];
    const constant = notDrawn(facts, of) ?? notDrawn(facts, other);
    if (constant !== undefined) return absent(constant);
    if (a.kind === "number" && new Set(a.values).size > 2) {
      const samples = groups.levels.map((_, g) => a.values.filter((v, k) => groups.codes[k] === g && Number.isFinite(v)));
      const named = samples.map((values, g) => ({ name: groups.levels[g], values: Array.from(values, (v) => Number(v.toPrecision(4))) })).filter((g) => g.values.length > 0);
      const usable = samples.filter((s) => s.length > 1);
      let test = "too few patients for a test";
      if (usable.length >= 2) {
        const { normal, why } = normalInGroups(usable);
        const chosen = numberTest(usable, normal, why, {}, of);
        test = `${chosen.name}: ${shown(chosen.p)}`;
      }
      const trend = b!.kind === "number" ? `; Spearman ρ = ${correlationTest(a.values, b!.values, { method: "spearman" }).estimate?.toFixed(2) ?? ""}` : "";
      return [{ ...base, caption: `${labelOf(facts, of)} by ${labelOf(facts, other)}, ${a.values.length} training patients; boxes: quartiles. ${test}${trend}.${Object.hasOwn(facts.sets[0].predictions, of) ? " The score was fitted on these patients." : ""}`, data: { kind: "score", label: withUnit(facts, of), groups: named, test, groupLabel: withUnit(facts, other) } }];
    }
    const rows = asCategory(a)!;
    const used = (codes: Int32Array, other: Int32Array) => new Set(Array.from(codes).filter((c, k) => c >= 0 && other[k] >= 0)).size;
    const single = used(rows.codes, groups.codes) < 2 ? of : used(groups.codes, rows.codes) < 2 ? other : undefined;
    if (single !== undefined) return absent(`all training patients with both values have the same ${labelOf(facts, single)}`);
    const counts = rows.levels.map((_, i) => groups.levels.map((_, j) => rows.codes.reduce((s, c, k) => s + Number(c === i && groups.codes[k] === j), 0)));
    const chosen = categoryTest(rows.codes, groups.codes, rows.levels.length, groups.levels.length, { variable: rows.ordered, groups: groups.ordered }, { random: randomStream(facts.plan.seed).stream("fisher") }, of);
    const test = `${chosen.name}: ${shown(chosen.p)}`;
    return [{ ...base, caption: `${labelOf(facts, of)} by ${labelOf(facts, other)}; ${test}.`, data: { kind: "table", rows: rows.levels, columns: groups.levels, counts, rowLabel: labelOf(facts, of), columnLabel: labelOf(facts, other), test } }];
  });
}

/** A status of the same patients at two time points, McNemar's test where it has two levels. */
export function changeFigures(facts: Facts): Figure[] {
  return facts.plan.evaluation.changes.flatMap(({ before, after }): Figure[] => {
    const [a, b] = [columnOf(facts, before), columnOf(facts, after)].map((c) => (c === undefined ? undefined : asCategory(c)));
    if (a === undefined || b === undefined) return [];
    const levels = [...new Set([...a.levels, ...b.levels])];
    const counts = levels.map((from) => levels.map((to) => a.codes.reduce((s, c, k) => s + Number(c >= 0 && b.codes[k] >= 0 && a.levels[c] === from && b.levels[b.codes[k]] === to), 0)));
    const n = counts.flat().reduce((s, c) => s + c, 0);
    if (n === 0) return [];
    const test = levels.length === 2 ? `McNemar, exact: ${shown(mcnemar(counts, { exact: true }).p)}` : undefined;
    const changed = n - levels.reduce((s, _, k) => s + counts[k][k], 0);
    return [{
      id: `change-${slug(before)}-${slug(after)}`, section: "patients", title: `${labelOf(facts, before)} to ${labelOf(facts, after)}`, chart: "change",
      caption: `${changed} of ${n} patients with both values changed.${test === undefined ? "" : ` ${test}.`}`,
      data: { before: { label: labelOf(facts, before), levels }, after: { label: labelOf(facts, after), levels }, counts, ...(test === undefined ? {} : { test }) },
    }];
  });
}
