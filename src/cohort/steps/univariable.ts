import { adjustP, anova, chiSquaredTest, correlationTest, crossTable, fisherTest, InputError, kruskalWallis, tTest, wilcoxonRankSum, byGroup, type Adjustment } from "../../math/index.js";
import type { Outcome } from "../outcome.js";
import type { Step } from "../step.js";
import type { Column, Table } from "../table.js";
import { checkOutcome, coxCategoryTest, coxVariableTest, logisticScore } from "./association.js";
import { columnOf } from "../columns.js";
import { applyFilter, completeNumbers, filterState, fittedColumns, shown, type ColumnsOption, type FilterState } from "./stepColumns.js";

/** Tests that the univariable filter knows, each math's function of that name ("cox" and "logistic": score tests). */
export const univariableTests = ["welch", "t", "mannWhitney", "logistic", "pearson", "spearman", "cox", "anova", "kruskalWallis", "chiSquared", "fisher"] as const;
export type UnivariableTest = (typeof univariableTests)[number];
export type UnivariableOptions = ColumnsOption & {
  /** for number columns; default: mannWhitney (binary), spearman (continuous), cox (survival) */
  test?: UnivariableTest;
  /** for category columns; default: chiSquared without Yates, or fisher where an expected count is below 5 (binary); anova (continuous); cox (survival), on levels − 1 df */
  categoryTest?: UnivariableTest;
  /** p-values above it go (default .05) */
  alpha?: number;
  /** adjustment of the p-values over all columns tested (default "none"; "BH") */
  adjust?: Adjustment;
};
/** Every column tested, with its p and its adjusted p; null where the test could not be done. */
export type UnivariableState = FilterState & { tests: { name: string; test: UnivariableTest; p: number | null; adjusted: number | null }[]; adjust: Adjustment };

/**
 * Keeps the columns that go with the outcome one by one: p (adjusted where asked) ≤ alpha. Tests as math's functions of the
 * same names, which agree with R; "cox" and "logistic" are the score tests of the model with this variable alone (R coxph's
 * score, Efron, for a category all its levels together; anova(glm, test = "Rao")), which need no fit and do not break under separation. Without `columns` all number
 * columns are tested. A column that cannot be tested (constant) goes.
 */
export const univariable: Step<UnivariableState> = {
  name: "univariable",
  fit(table, outcome, options: UnivariableOptions) {
    const { alpha = 0.05, adjust = "none" } = options;
    if (!(alpha > 0 && alpha <= 1)) throw new InputError(`univariable was given alpha = ${alpha}, but a number above 0 and up to 1 is expected.`);
    const names = options.columns ?? fittedColumns("univariable", table, {});
    checkOutcome("univariable", outcome, table.id.length);
    const cox = outcome.kind === "survival" ? coxVariableTest(outcome) : undefined;
    const results = names.map((name) => {
      const column = columnOf(table, name);
      return column.kind === "category" ? ofCategory(name, column, outcome, options) : ofNumbers(name, table, outcome, options, cox);
    });
    const p = Float64Array.from(results, (r) => r.p);
    const adjusted = adjustP(p, adjust);
    const why = new Map<string, string>();
    names.forEach((name, j) => {
      if (Number.isNaN(p[j])) why.set(name, "not testable (constant)");
      else if (!(adjusted[j] <= alpha)) why.set(name, `${adjust === "none" ? "p" : `p (${adjust})`} ${shown(adjusted[j])}`);
    });
    const plain = (v: number) => (Number.isNaN(v) ? null : v);
    const tests = names.map((name, j) => ({ name, test: results[j].test, p: plain(p[j]), adjusted: plain(adjusted[j]) }));
    return { ...filterState(names, why), tests, adjust };
  },
  apply: applyFilter,
};

type Tested = { test: UnivariableTest; p: number };

function ofNumbers(name: string, table: Table, outcome: Outcome, options: UnivariableOptions, cox: ReturnType<typeof coxVariableTest> | undefined): Tested {
  const x = completeNumbers("univariable", table, name);
  const test = options.test ?? (outcome.kind === "binary" ? "mannWhitney" : outcome.kind === "continuous" ? "spearman" : "cox");
  if (x.every((v) => v === x[0])) return { test, p: NaN };
  if (outcome.kind === "survival") {
    if (test === "cox") return { test, p: cox!(x).p };
  } else if (outcome.kind === "continuous") {
    if (test === "pearson" || test === "spearman") return { test, p: correlationTest(x, outcome.value, { method: test, name }).p };
  } else {
    if (test === "logistic") return { test, p: logisticScore(x, outcome.event).p };
    const [without, having] = byGroup(x, outcome.event, name);
    if (test === "mannWhitney") return { test, p: wilcoxonRankSum(having, without, { name }).p };
    if (test === "anova") return { test, p: anova([without, having], { name }).p };
    if (test === "kruskalWallis") return { test, p: kruskalWallis([without, having], { name }).p };
    if (test === "t" || test === "welch") return { test, p: tTest(having, without, { equalVariances: test === "t", name }).p };
  }
  throw new InputError(`The test "${test}" does not fit numbers and a ${outcome.kind} outcome. Leave test out for the default.`);
}

function ofCategory(name: string, column: Extract<Column, { kind: "category" }>, outcome: Outcome, options: UnivariableOptions): Tested {
  if (column.codes.some((c) => c < 0)) throw new InputError(`${name} has missing values, but univariable expects none. Impute first or leave the column out.`);
  const one = column.codes.every((c) => c === column.codes[0]);
  if (outcome.kind === "binary") {
    const counts = crossTable(column.codes, outcome.event, column.levels.length, 2).filter(([a, b]) => a + b > 0);
    const n = outcome.event.length, events = outcome.event.reduce((a, b) => a + b, 0);
    const sparse = counts.some(([a, b]) => ((a + b) * Math.min(events, n - events)) / n < 5);
    const test = options.categoryTest ?? (sparse ? "fisher" : "chiSquared");
    if (one) return { test, p: NaN };
    // the score test of a logistic model with a category alone is Pearson's chi-squared
    if (test === "chiSquared" || test === "logistic") return { test, p: chiSquaredTest(counts, { correct: false, name }).p };
    if (test === "fisher") return { test, p: fisherTest(counts, { name }).p };
    throw new InputError(`The test "${test}" does not fit categories and a binary outcome. Choose chiSquared, fisher or logistic.`);
  }
  if (outcome.kind === "survival") {
    const test = options.categoryTest ?? "cox";
    if (test === "cox") return { test, p: one ? NaN : coxCategoryTest(column.codes, outcome).p };
    throw new InputError(`The test "${test}" does not fit categories and a survival outcome. Choose cox, or leave categoryTest out.`);
  }
  const test = options.categoryTest ?? "anova";
  if (outcome.kind === "continuous" && (test === "anova" || test === "kruskalWallis")) {
    if (one) return { test, p: NaN };
    const groups = byGroup(outcome.value, column.codes, name);
    return { test, p: (test === "anova" ? anova(groups, { name }) : kruskalWallis(groups, { name })).p };
  }
  throw new InputError(`${name} is a category and cannot be tested against a ${outcome.kind} outcome by "${test}". Code it as numbers first.`);
}
