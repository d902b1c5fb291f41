import { categoryColumn, describe, numberSummary, selectOutcome, selectRows, withColumns, type CategoryColumn, type Column, type Table } from "../cohort/index.js";
import { InputError, mcnemar, wilcoxonSignedRank } from "../math/index.js";
import type { PairedRow, StudyResults } from "../report/index.js";
import type { CohortData } from "./data.js";
import type { Facts } from "./facts.js";

const GROUP = "group";

/** Table 1 by what the plan names (by outcome where it names nothing): numbers and categories of the patients the study keeps. */
export function baselineTables(facts: Facts): StudyResults["baseline"] {
  const { plan } = facts;
  const wanted = plan.evaluation.baseline.length > 0 ? plan.evaluation.baseline : [{ by: "outcome", percent: "column" as const }];
  return wanted.flatMap(({ by, variables, percent }): StudyResults["baseline"] => {
    const made = groupedTable(facts, by);
    if (made === undefined) return [];
    const names = (variables ?? shownVariables(facts)).filter((n) => Object.hasOwn(made.table.columns, n) && n !== by);
    if (names.length === 0) return [];
    try {
      return [{ title: made.title, description: describe(made.table, { by: GROUP, variables: names }), percent }];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      facts.findings.push({ guard: "baseline", severity: "note", where: "baseline", message: `The table ${made.title.toLowerCase()} was not made: ${error.message}` });
      return [];
    }
  });
}

/** Columns of Table 1 where the plan lists none: the variables it declares and that are known at prediction, at most 40. */
function shownVariables({ plan, data }: Facts): string[] {
  const { columns } = data.development.table;
  const declared = Object.keys(plan.variables).filter((n) => plan.variables[n].available !== false && Object.hasOwn(columns, n));
  return (declared.length > 0 ? declared : Object.keys(columns)).filter((n) => columns[n].kind !== "date").slice(0, 40);
}

function groupedTable(facts: Facts, by: string): { title: string; table: Table } | undefined {
  const { plan, data, training, sets, cut } = facts;
  const { development } = data;
  const own = (labels: (string | null)[], title: string, table = development.table) => ({ title, table: withColumns(table, { [GROUP]: categoryColumn(labels) }) });
  if (by === "outcome") {
    const names = plan.outcome.kind === "binary" ? [plan.outcome.otherName, plan.outcome.eventName] : [`no ${plan.outcome.eventName}`, plan.outcome.eventName];
    return { title: `Patients by ${plan.outcome.name}`, table: withColumns(development.table, { [GROUP]: categoryColumn(Array.from(development.outcome.event, (e) => names[e]), names) }) };
  }
  if (by === "centre") return development.centre === undefined ? undefined : own(development.centre, "Patients by centre");
  if (by === "cohort") return stacked(sets.map((s) => ({ name: s.name, table: selectRows(s.cohort.table, s.rows) })));
  if (by === "risk group") {
    if (cut === undefined) return undefined;
    const linear = sets[0].predictions[cut.model].linear;
    const names = cut.values.length === 1 ? ["low risk", "high risk"] : ["low risk", "middle risk", "high risk"];
    const labels = Array.from(linear, (v) => (Number.isFinite(v) ? names[cut.values.filter((c) => v > c).length] : null));
    return { title: `Patients by risk group (${cut.method} cut)`, table: withColumns(selectRows(development.table, training), { [GROUP]: categoryColumn(labels, names) }) };
  }
  const column = development.table.columns[by];
  return column === undefined ? undefined : { title: `Patients by ${plan.variables[by]?.label ?? by}`, table: withColumns(development.table, { [GROUP]: column }) };
}

/** Cohorts one under another, with the columns that all have as the same kind. */
function stacked(parts: { name: string; table: Table }[]): { title: string; table: Table } | undefined {
  if (parts.length < 2) return undefined;
  const shared = Object.keys(parts[0].table.columns).filter((n) => parts.every((p) => p.table.columns[n]?.kind === parts[0].table.columns[n].kind && p.table.columns[n].kind !== "date"));
  const columns: Record<string, Column> = { [GROUP]: categoryColumn(parts.flatMap((p) => p.table.id.map(() => p.name)), parts.map((p) => p.name)) };
  for (const name of shared) {
    if (parts[0].table.columns[name].kind === "number") {
      columns[name] = { kind: "number", values: Float64Array.from(parts.flatMap((p) => Array.from((p.table.columns[name] as { values: Float64Array }).values))) };
      continue;
    }
    const levels = [...new Set(parts.flatMap((p) => (p.table.columns[name] as CategoryColumn).levels))];
    columns[name] = categoryColumn(parts.flatMap((p) => { const c = p.table.columns[name] as CategoryColumn; return Array.from(c.codes, (k) => (k < 0 ? null : c.levels[k])); }), levels);
  }
  // ids may repeat between sets: the rows are patients of their set
  return { title: "Patients by cohort", table: { id: parts.flatMap((p, k) => p.table.id.map((_, i) => `${k} ${i}`)), columns } };
}

/** Two columns of one patient side by side: Wilcoxon's signed ranks for numbers, McNemar's exact test for two categories. */
export function pairedTables({ plan, data, training }: Facts): NonNullable<StudyResults["paired"]> {
  const { paired } = plan.evaluation;
  if (paired.length === 0) return [];
  const table = selectRows(data.development.table, training);
  const rowOf = ({ label, first, second }: (typeof paired)[number]): PairedRow[] => {
    const a = table.columns[first], b = table.columns[second];
    if (a?.kind === "number" && b?.kind === "number") {
      const both = Array.from(a.values.keys()).filter((i) => !Number.isNaN(a.values[i]) && !Number.isNaN(b.values[i]));
      const x = Float64Array.from(both, (i) => a.values[i]), y = Float64Array.from(both, (i) => b.values[i]);
      const test = attempt(() => wilcoxonSignedRank(y, x));
      return [{ label, n: both.length, missing: table.id.length - both.length, ...(a.unit !== undefined && { unit: a.unit }), kind: "number", summary: "median", first: numberSummary(x, first), second: numberSummary(y, second), ...(test && { test: { name: "Wilcoxon signed ranks", statistic: test.statistic, p: test.p } }) }];
    }
    if (a?.kind !== "category" || b?.kind !== "category") return [];
    const levels = [...new Set([...a.levels, ...b.levels])];
    const both = Array.from(a.codes.keys()).filter((i) => a.codes[i] >= 0 && b.codes[i] >= 0);
    const at = (c: CategoryColumn, i: number) => levels.indexOf(c.levels[c.codes[i]]);
    const counts = levels.map((_, r) => levels.map((__, k) => both.filter((i) => at(a, i) === r && at(b, i) === k).length));
    const test = levels.length === 2 ? attempt(() => mcnemar(counts, { exact: true })) : undefined;
    return [{
      label, n: both.length, missing: table.id.length - both.length, kind: "category",
      levels: levels.map((level, k) => ({ level, first: counts[k].reduce((s, v) => s + v, 0), second: counts.reduce((s, row) => s + row[k], 0) })),
      ...(test && { test: { name: "McNemar, exact", statistic: test.statistic, p: test.p } }),
    }];
  };
  // pairs that call their two columns alike stand in one table
  const namesOf = (p: (typeof paired)[number]) => p.names ?? (["first", "second"] as const);
  const heads = [...new Set(paired.map((p) => namesOf(p).join("\n")))];
  return heads.flatMap((head) => {
    const rows = paired.filter((p) => namesOf(p).join("\n") === head).flatMap(rowOf);
    const [first, second] = head.split("\n");
    return rows.length === 0 ? [] : [{ title: heads.length > 1 || first !== "first" ? `Paired characteristics, ${first} and ${second}` : "Paired characteristics", first, second, rows }];
  });
}

function attempt<T>(make: () => T): T | undefined {
  try { return make(); } catch (error) { if (error instanceof InputError) return undefined; throw error; }
}

/** Patients shared between the sets of a study, by id. */
export function overlapMatrix({ sets }: Facts): StudyResults["overlap"] {
  const patients = sets.map((s) => new Set(Array.from(s.rows, (r) => s.cohort.table.id[r])));
  return { sets: sets.map((s) => s.name), shared: patients.map((a) => patients.map((b) => [...a].filter((id) => b.has(id)).length)) };
}

/** Events among rows of a cohort. */
export function eventsAmong(cohort: CohortData, rows: ArrayLike<number>): number {
  return selectOutcome(cohort.outcome, rows).event.reduce((a, b) => a + b, 0);
}
