import { InputError } from "../math/index.js";
import { checkCounts } from "./checkCounts.js";
import { columnOf } from "./columns.js";
import { categoryTest, normalInGroups, numberTest, type GroupTest, type GroupTestName, type TestChoice } from "./groupTest.js";
import { numberSummary, type NumberSummary } from "./numberSummary.js";
import { standardisedDifference, standardisedDifferenceMultinomial } from "./standardisedDifference.js";
import type { CategoryColumn, Table } from "./table.js";

export type DescribeOptions = TestChoice & {
  /** the column that makes the groups (categories, or whole numbers); without it one column of all patients and no tests */
  by?: string;
  /** columns to describe, in this order; all but `by` when left out */
  variables?: readonly string[];
  /** numbers to be counted as categories; numbers that are only 0 and 1 are anyway */
  categories?: readonly string[];
  /** mean (SD) or median (IQR) for a variable; by normality in every group when left out */
  summary?: "mean" | "median" | Record<string, "mean" | "median">;
  /** a test by name for a variable, against the rule */
  tests?: Record<string, GroupTestName>;
};

/** Percentages: `column` of the patients of the column whose value is known, `row` of the level's patients over all groups. */
export type LevelCount = { level: string; count: number; column: number; row: number };
export type Differences = { pairs: { first: string; second: string; value: number }[]; largest: number };
type Described = { name: string; test?: GroupTest; differences?: Differences; notes: string[] };
export type DescribedNumber = Described & { kind: "number" | "date"; unit?: string; summary: "mean" | "median"; why: string; overall: NumberSummary; groups: NumberSummary[] };
export type DescribedCategory = Described & { kind: "category"; ordered: boolean; overall: CategorySummary; groups: CategorySummary[] };
export type CategorySummary = { n: number; missing: number; levels: LevelCount[] };
export type Description = {
  by?: string;
  /** all patients of the groups, and each group with its number of rows */
  n: number;
  groups: { name: string; n: number }[];
  /** rows without a group, left out of everything */
  withoutGroup: number;
  variables: (DescribedNumber | DescribedCategory)[];
  /** faults of arithmetic found by `checkCounts`; empty */
  faults: string[];
  warnings: string[];
};

/**
 * Table 1: every variable described over all patients and by group, with missing counts, the test that fits and its name, and
 * standardised differences of every pair of groups. JSON. Numbers: mean (SD) and t test / ANOVA (Welch's where variances differ)
 * where Shapiro–Wilk finds every group normal, else median (quartiles) and Mann–Whitney / Kruskal–Wallis; categories: χ², Fisher
 * where an expected count is below 5, trend tests for ordered ones (see `categoryTest`). Agrees with R's tests of the same names.
 * Each row counts once: give a table with one row a patient. Missing values are counted and left out of tests and percentages.
 * A group without a row, a variable of one value: a note and no test. Unknown columns, fewer than one group: InputError. Which test is
 * taken follows no program (R's tableone tests by what it is told): `why` of each says it.
 */
export function describe(table: Table, options: DescribeOptions = {}): Description {
  const { by } = options;
  const warnings: string[] = [];
  const names = options.variables ?? Object.keys(table.columns).filter((name) => name !== by);
  const rows = table.id.length;
  if (rows === 0) throw new InputError("Table 1: the table has no rows; check the file and the filters before it.");
  for (const name of Object.keys(options.tests ?? {})) if (!names.includes(name)) throw new InputError(`Table 1: a test is chosen for "${name}", which is not among the variables described.`);
  const { codes: group, groups, ordered } = by === undefined
    ? { codes: new Int32Array(rows), groups: [{ name: "all", n: rows }], ordered: false } : groupsOf(table, by, warnings);
  const inside = Array.from({ length: rows }, (_, i) => i).filter((i) => group[i] >= 0);
  const n = inside.length;
  if (new Set(table.id).size < rows) warnings.push("Table 1: some patients have several rows, and each row is counted; choose one row a patient first.");
  const context = { table, options, group, groups, groupsOrdered: ordered, inside };
  const variables = names.map((name) => {
    const column = columnOf(table, name);
    if (column.kind === "category") return describeCategory(name, column, context);
    const values = column.kind === "number" ? column.values : column.days;
    if (column.kind === "number" && (options.categories?.includes(name) || onlyZeroOne(values))) return describeCategory(name, asCategory(values), context);
    return describeNumber(name, column.kind, values, column.kind === "number" ? column.unit : undefined, context);
  });
  const result: Description = { ...(by === undefined ? {} : { by }), n, groups, withoutGroup: rows - n, variables, faults: [], warnings };
  return { ...result, faults: checkDescription(result) };
}

type Context = { table: Table; options: DescribeOptions; group: Int32Array; groups: { name: string; n: number }[]; groupsOrdered: boolean; inside: number[] };

/** Numbers as categories, levels in rising order. */
function asCategory(values: Float64Array): CategoryColumn {
  const levels = [...new Set(values)].filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
  const code = new Map(levels.map((v, k) => [v, k]));
  return { kind: "category", codes: Int32Array.from(values, (v) => (Number.isNaN(v) ? -1 : code.get(v)!)), levels: levels.map(String), ordered: levels.length > 2 };
}

function onlyZeroOne(values: Float64Array): boolean {
  return values.every((v) => v === 0 || v === 1 || Number.isNaN(v)) && values.some((v) => !Number.isNaN(v));
}

function groupsOf(table: Table, by: string, warnings: string[]): { codes: Int32Array; groups: { name: string; n: number }[]; ordered: boolean } {
  const column = columnOf(table, by);
  if (column.kind === "date") throw new InputError(`Table 1: ${by} is a date, expected a category to group by; make periods of it first.`);
  const category = column.kind === "category" ? column : asCategory(column.values);
  if (column.kind === "number" && category.levels.length > 20) throw new InputError(`Table 1: ${by} has ${category.levels.length} different numbers, expected at most 20 groups; cut it into categories first.`);
  const counts = category.levels.map(() => 0);
  for (const c of category.codes) if (c >= 0) counts[c]++;
  const used = counts.map((_, k) => k).filter((k) => counts[k] > 0);
  if (used.length === 0) throw new InputError(`Table 1: ${by} is missing in every row; choose another column to group by.`);
  if (used.length < counts.length) warnings.push(`Table 1: no patient in ${category.levels.filter((_, k) => counts[k] === 0).join(", ")} of ${by}; left out.`);
  const place = new Map(used.map((k, i) => [k, i]));
  return {
    codes: category.codes.map((c) => place.get(c) ?? -1), ordered: column.kind === "category" && column.ordered,
    groups: used.map((k) => ({ name: category.levels[k], n: counts[k] })),
  };
}

function describeNumber(name: string, kind: "number" | "date", values: Float64Array, unit: string | undefined, context: Context): DescribedNumber {
  const { options, group, groups, inside } = context;
  const all = Float64Array.from(inside, (i) => values[i]);
  const samples = groups.map((_, g) => Float64Array.from(inside.filter((i) => group[i] === g), (i) => values[i]));
  const known = samples.map((s) => s.filter((v) => !Number.isNaN(v)));
  const notes: string[] = [];
  const overall = numberSummary(all, name);
  const summaries = samples.map((s) => numberSummary(s, name));
  const wanted = typeof options.summary === "string" ? options.summary : options.summary?.[name];
  const judged = kind === "date" ? { normal: false, why: "dates" } : wanted !== undefined ? { normal: wanted === "mean", why: `${wanted} by choice` } : normalInGroups(known, options.alpha);
  const result: DescribedNumber = {
    kind, name, ...(unit === undefined ? {} : { unit }), summary: judged.normal ? "mean" : "median", why: judged.why, overall, groups: summaries, notes,
  };
  if (groups.length < 2) return result;
  result.differences = pairwise(groups, (a, b) => standardisedDifference(summaries[a], summaries[b]));
  if (kind === "date") return result;
  const small = known.findIndex((s) => s.length < 2);
  if (small >= 0) notes.push(`${groups[small].name} has ${known[small].length} known values, so that no test is made.`);
  else if (!(overall.sd > 0)) notes.push("All values are equal, so that no test is made.");
  else result.test = numberTest(known, judged.normal, judged.why, options, name, options.tests?.[name]);
  return result;
}

function describeCategory(name: string, column: CategoryColumn, context: Context): DescribedCategory {
  const { options, group, groups, groupsOrdered, inside } = context;
  const { levels, ordered } = column;
  const codes = Int32Array.from(inside, (i) => column.codes[i]);
  const where = Int32Array.from(inside, (i) => group[i]);
  const counts = groups.map(() => levels.map(() => 0));
  codes.forEach((c, i) => { if (c >= 0) counts[where[i]][c]++; });
  const totals = levels.map((_, k) => counts.reduce((sum, row) => sum + row[k], 0));
  const summed = (of: number[], size: number): CategorySummary => {
    const n = of.reduce((a, b) => a + b, 0);
    return { n, missing: size - n, levels: levels.map((level, k) => ({ level, count: of[k], column: 100 * of[k] / n, row: 100 * of[k] / totals[k] })) };
  };
  const notes: string[] = [];
  const result: DescribedCategory = { kind: "category", name, ordered, overall: summed(totals, inside.length), groups: counts.map((of, g) => summed(of, groups[g].n)), notes };
  if (groups.length < 2) return result;
  result.differences = pairwise(groups, (a, b) => standardisedDifferenceMultinomial(counts[a], counts[b]));
  if (totals.filter((t) => t > 0).length < 2) notes.push("All known values are equal, so that no test is made.");
  else if (counts.some((of) => of.every((c) => c === 0))) notes.push("A group has no known value, so that no test is made.");
  else result.test = categoryTest(codes, where, levels.length, groups.length, { variable: ordered, groups: groupsOrdered }, options, name, options.tests?.[name]);
  return result;
}

function pairwise(groups: { name: string }[], value: (a: number, b: number) => number): Differences {
  const pairs: Differences["pairs"] = [];
  for (let a = 0; a < groups.length; a++) for (let b = a + 1; b < groups.length; b++) pairs.push({ first: groups[a].name, second: groups[b].name, value: value(a, b) });
  return { pairs, largest: pairs.reduce((most, p) => (p.value > most ? p.value : most), 0) };
}

/** `checkCounts` over a description: levels and missing sum to each group, groups to all patients. Plain arithmetic: no source. */
export function checkDescription(description: Description): string[] {
  const totals = [description.n, ...description.groups.map((g) => g.n)];
  const blocks = description.variables.map((v) => {
    const columns = [v.overall, ...v.groups];
    const missing = { level: "missing", counts: columns.map((c) => c.missing) };
    if (v.kind !== "category") return { variable: v.name, rows: [{ level: "known", counts: columns.map((c) => c.n) }, missing] };
    const levels = v.overall.levels.map(({ level }, k) => ({ level, counts: v.groups.map((g) => g.levels[k].count), all: v.overall.levels[k].count }));
    return { variable: v.name, rows: [...levels.map(({ level, counts, all }) => ({ level, counts: [all, ...counts] })), missing] };
  });
  const faults = checkCounts(blocks, totals);
  const sum = description.groups.reduce((s, g) => s + g.n, 0);
  if (sum !== description.n) faults.push(`The groups sum to ${sum}, but there are ${description.n} patients.`);
  return faults;
}
