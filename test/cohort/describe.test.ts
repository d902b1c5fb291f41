// Table 1: summaries and tests against R's results on generated cohorts, standardised differences by hand, arithmetic.
import { describe as suite, expect, test } from "vitest";
import {
  categoryColumn, checkCounts, checkDescription, describe, makeTable, numberColumn, numberSummary, standardisedDifference, standardisedDifferenceBinary,
  standardisedDifferenceMultinomial, type DescribedCategory, type DescribedNumber,
} from "../../src/cohort/index.js";
import { InputError, normalQuantile } from "../../src/math/index.js";
import { data, reference, unequal } from "../stats.js";

const bin = data("bin_cohort.csv");
const surv = data("surv_cohort.csv");
const table = makeTable(bin.text.id, {
  y: categoryColumn(bin.text.y.map((v) => (v === "1" ? "pCR" : "no pCR"))),
  size: numberColumn(bin.size, "mm"),
  her2: numberColumn(bin.her2),
  shape: categoryColumn(bin.text.shape),
  score: categoryColumn(bin.text.m2, ["0", "1", "2", "3", "4", "5", "6"], true),
  adc: numberColumn(bin.adc),
});
const variable = (d: ReturnType<typeof describe>, name: string) => d.variables.find((v) => v.name === name)!;

suite("numbers", () => {
  test("mean, SD, median, IQR, MAD, skewness, kurtosis, range (R 4.2.2, e1071 1.7-13)", () => {
    const r = reference("describe").result;
    for (const name of ["age", "size", "nodes", "rad"]) {
      const s = numberSummary(surv[name]);
      expect(unequal([s.mean, s.sd, s.median, s.iqr, s.mad, s.skewness, s.kurtosis, s.min, s.max],
        [r[name].mean, r[name].sd, r[name].median, r[name].iqr, r[name].mad, r[name].skew_t3, r[name].kurt_t3, ...r[name].range], 1e-9), name).toEqual([]);
    }
  });
  test("missing is counted, nothing known is NaN", () => {
    expect(numberSummary([1, NaN, 3])).toMatchObject({ n: 2, missing: 1, mean: 2, median: 2 });
    expect(numberSummary([NaN]).mean).toBeNaN();
    expect(() => numberSummary([Infinity], "ratio")).toThrow(/ratio.*infinite/);
  });
});

suite("the rule picks the test and R agrees with its p", () => {
  const d = describe(table, { by: "y" });
  const c = reference("tests_contingency").result, w = reference("tests_wilcoxon_t").result;
  test.each([
    ["size", "Mann-Whitney U test", w.rank_sum_ties["p.value"]],
    ["her2", "chi-squared test with Yates' correction", c.yates["p.value"]],
    ["shape", "chi-squared test", c.shape["p.value"]],
    ["score", "Cochran-Armitage trend test", c.trend_m2["p.value"]],
  ])("%s: %s", (name, chosen, p) => {
    const t = variable(d, name).test!;
    expect(t.name).toBe(chosen);
    expect(unequal([t.p], [p], 1e-9)).toEqual([]);
  });
  test("a test by choice: Welch, Student, Fisher, no Yates", () => {
    const chosen = describe(table, { by: "y", tests: { size: "Welch's t test", her2: "Fisher's exact test" }, summary: { size: "mean" }, variables: ["size", "her2"] });
    expect(unequal([variable(chosen, "size").test!.p, variable(chosen, "her2").test!.p], [w.welch["p.value"], c.fisher["p.value"]], 1e-9)).toEqual([]);
    const pooled = describe(table, { by: "y", summary: "mean", variances: "equal", yates: false, variables: ["size", "her2"] });
    expect(unequal([variable(pooled, "size").test!.p, variable(pooled, "her2").test!.p], [w.pooled["p.value"], c.noyates["p.value"]], 1e-9)).toEqual([]);
    expect(variable(pooled, "size").test!.name).toBe("Student's t test");
  });
  test("k groups: Kruskal-Wallis, analysis of variance, Welch", () => {
    const r = reference("tests_groups_correlation").result;
    const three = makeTable(surv.text.id, { grade: categoryColumn(surv.text.grade), size: numberColumn(surv.size), nodes: numberColumn(surv.nodes) });
    const byRule = describe(three, { by: "grade" });
    expect([variable(byRule, "size").test!.name, variable(byRule, "nodes").test!.name]).toEqual(["Kruskal-Wallis test", "Kruskal-Wallis test"]);
    expect(unequal([variable(byRule, "size").test!.p, variable(byRule, "nodes").test!.p], [r.kruskal["p.value"], r.kruskal_ties["p.value"]], 1e-9)).toEqual([]);
    const p = (variances: "equal" | "unequal") => variable(describe(three, { by: "grade", summary: "mean", variances, variables: ["size"] }), "size").test!.p;
    expect(unequal([p("equal"), p("unequal")], [r.anova.p, r.welch["p.value"]], 1e-9)).toEqual([]);
  });
  test("an expected count below 5 calls for Fisher (first 18 patients)", () => {
    const few = makeTable(bin.text.id.slice(0, 18), { y: numberColumn(bin.y.slice(0, 18)), her2: numberColumn(bin.her2.slice(0, 18)) });
    const t = variable(describe(few, { by: "y" }), "her2").test!;
    expect(t.name).toBe("Fisher's exact test");
    expect(t.why).toContain("smallest expected count 2.0 < 5");
    expect(unequal([t.p], [c.fisher_small["p.value"]], 1e-9)).toEqual([]);
  });
  test("normal samples of equal and of unequal spread get Student's and Welch's test", () => {
    // normal scores, so that no draw decides
    const draw = (sd: number) => Float64Array.from({ length: 80 }, (_, i) => normalQuantile((i % 40 + 0.5) / 40) * (i < 40 ? 1 : sd));
    const group = categoryColumn(Array.from({ length: 80 }, (_, i) => (i < 40 ? "a" : "b")));
    const d = describe(makeTable(Array.from({ length: 80 }, (_, i) => `P${i}`), { group, same: numberColumn(draw(1)), wide: numberColumn(draw(6)) }), { by: "group" });
    expect(variable(d, "same")).toMatchObject({ summary: "mean", test: { name: "Student's t test" } });
    expect(variable(d, "wide")).toMatchObject({ summary: "mean", test: { name: "Welch's t test" } });
  });
});

suite("counts", () => {
  const d = describe(table, { by: "y" });
  test("levels, percentages by column and row, units", () => {
    const shape = variable(d, "shape") as DescribedCategory;
    expect(shape.groups.map((g) => g.levels.map((l) => l.count))).toEqual([[28, 31, 23], [32, 30, 16]]);
    shape.groups.forEach((g) => expect(g.levels.reduce((s, l) => s + l.column, 0)).toBeCloseTo(100, 10));
    shape.overall.levels.forEach((_, k) => expect(shape.groups.reduce((s, g) => s + g.levels[k].row, 0)).toBeCloseTo(100, 10));
    expect((variable(d, "size") as DescribedNumber).unit).toBe("mm");
    expect(d.groups).toEqual([{ name: "no pCR", n: 82 }, { name: "pCR", n: 78 }]);
    expect(d.faults).toEqual([]);
  });
  test("missing values are counted in their group and stay out of tests; rows without a group are left out", () => {
    const t = makeTable(["a", "b", "c", "d", "e", "f", "g"], {
      g: categoryColumn(["x", "x", "x", "y", "y", "y", null]), v: numberColumn([1, 2, NaN, 4, 5, 7, 9]), k: categoryColumn(["u", "", "v", "u", "v", "v", "u"]),
    });
    const m = describe(t, { by: "g" });
    expect(m.withoutGroup).toBe(1);
    const v = variable(m, "v") as DescribedNumber, k = variable(m, "k") as DescribedCategory;
    expect(v.groups.map((g) => g.missing)).toEqual([1, 0]);
    expect(k.groups.map((g) => [g.n, g.missing])).toEqual([[2, 1], [3, 0]]);
    expect(m.faults).toEqual([]);
    expect(v.test!.name).toBe("Mann-Whitney U test");
  });
  test("without groups: one column, no test", () => {
    const one = describe(table);
    expect(one.groups).toEqual([{ name: "all", n: 160 }]);
    expect(one.variables.every((v) => v.test === undefined)).toBe(true);
  });
  test("a description is JSON and row order does not matter", () => {
    expect(JSON.parse(JSON.stringify(d)).variables.length).toBe(5);
    const order = Array.from({ length: 160 }, (_, i) => (i * 37) % 160);
    const turned = makeTable(order.map((i) => table.id[i]), {
      y: categoryColumn(order.map((i) => (bin.y[i] === 1 ? "pCR" : "no pCR"))), shape: categoryColumn(order.map((i) => bin.text.shape[i])),
    });
    expect(variable(describe(turned, { by: "y" }), "shape")).toEqual(variable(d, "shape"));
  });
  test("checkCounts finds a column that does not sum and a percentage that does not fit", () => {
    // as printed once: 124 patients, the location column sums to 123
    const location = { variable: "location", rows: [{ level: "left", counts: [60], percents: [48.4] }, { level: "right", counts: [63], percents: [51.6] }] };
    expect(checkCounts([location], [124])).toEqual([
      "location: column 1 sums to 123, but has 124 patients (1 not accounted for).", "location, right: column 1 prints 51.6 %, but 63 of 124 is 50.8 %.",
    ]);
    const broken = describe(table, { by: "y" });
    (broken.variables[2] as DescribedCategory).groups[0].levels[0].count++;
    expect(checkDescription(broken).length).toBe(1);
  });
});

suite("standardised differences", () => {
  test("numbers and shares by hand", () => {
    expect(standardisedDifference({ mean: 5, sd: 3 }, { mean: 2, sd: 4 })).toBeCloseTo(3 / Math.sqrt(12.5), 14);
    expect(standardisedDifferenceBinary(0.5, 0.2)).toBeCloseTo(0.3 / Math.sqrt((0.25 + 0.16) / 2), 14);
  });
  // shares (.5 .3 .2) and (.2 .3 .5): d = (.3, 0), S = [[.205, −.105], [−.105, .21]], d² = .09 · .21 / (.205 · .21 − .105²)
  test("three levels by hand (Yang & Dalton 2012), whichever level is dropped; two levels are the binary one", () => {
    const wanted = Math.sqrt(0.09 * 0.21 / (0.205 * 0.21 - 0.105 * 0.105));
    expect(standardisedDifferenceMultinomial([50, 30, 20], [20, 30, 50])).toBeCloseTo(wanted, 12);
    expect(standardisedDifferenceMultinomial([30, 20, 50], [30, 50, 20])).toBeCloseTo(wanted, 12);
    expect(standardisedDifferenceMultinomial([50, 0, 50], [20, 0, 80])).toBeCloseTo(standardisedDifferenceBinary(0.5, 0.2), 12);
  });
  test("equal groups 0, disjoint groups Infinity, an empty group NaN", () => {
    expect(standardisedDifferenceMultinomial([5, 5, 5], [10, 10, 10])).toBeCloseTo(0, 12);
    expect(standardisedDifferenceMultinomial([5, 0], [0, 5])).toBe(Infinity);
    expect(standardisedDifferenceMultinomial([0, 0], [1, 5])).toBeNaN();
  });
});

suite("bad input", () => {
  test("unknown columns, wrong tests and groups without values speak in a sentence", () => {
    expect(() => describe(table, { by: "Y" })).toThrow(InputError);
    expect(() => describe(table, { by: "y", variables: ["sice"] })).toThrow(/size/);
    expect(() => describe(table, { by: "y", tests: { shape: "Welch's t test" } })).toThrow(/shape.*category/);
    expect(() => describe(table, { by: "shape", tests: { size: "Welch's t test" } })).toThrow(/compares two groups/);
    expect(() => describe(makeTable([], {}))).toThrow(/no rows/);
  });
  test("constant variables and groups without a known value get a note and no test", () => {
    const t = makeTable(["a", "b", "c", "d"], { g: categoryColumn(["x", "x", "y", "y"]), v: numberColumn([3, 3, 3, 3]), k: categoryColumn(["u", "u", "u", "u"]), m: numberColumn([1, 2, NaN, NaN]) });
    for (const v of describe(t, { by: "g" }).variables) {
      expect(v.test, v.name).toBeUndefined();
      expect(v.notes.length, v.name).toBe(1);
    }
  });
});
