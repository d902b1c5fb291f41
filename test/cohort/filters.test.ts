import { describe, expect, test } from "vitest";
import { correlationMatrix, kendall, InputError, randomStream } from "../../src/math/index.js";
import {
  categoryColumn, correlationFilter, coxCategoryTest, coxVariableTest, findCorrelation, logisticVariableTest, makeTable, minMax, numberColumn, nullMartingale, numbersOf, robust,
  univariable, varianceFilter, vifRemoval, yeoJohnson, zScore, type BinaryOutcome, type SurvivalOutcome,
} from "../../src/cohort/index.js";
import { data, reference, unequal } from "../stats.js";

const centres = data("centres.csv"), surv = data("surv_cohort.csv"), bin = data("bin_cohort.csv");
const features = Array.from({ length: 25 }, (_, j) => `f${j + 1}`);
const featureTable = makeTable(centres.text.id, Object.fromEntries(features.map((f) => [f, numberColumn(centres[f])])));
const survival: SurvivalOutcome = { kind: "survival", name: "DFS", unit: "months", time: surv.time, event: Uint8Array.from(surv.status) };
const response: BinaryOutcome = { kind: "binary", name: "y", event: Uint8Array.from(bin.y) };
const chance = () => randomStream(7);

describe("correlations", () => {
  test("the Spearman matrix agrees with R cor()", () => {
    const { spearman } = reference("hclust_features").result;
    expect(unequal(correlationMatrix(features.map((f) => centres[f]), "spearman"), spearman.flat(), 1e-9, 1e-3)).toEqual([]);
  });
  test("Kendall's τ-b, with ties, agrees with that of two variables", () => {
    const x = ["m1", "m3", "nodes", "ki67", "er"].map((f) => surv[f]);
    const r = correlationMatrix(x, "kendall");
    x.forEach((a, i) => x.forEach((b, j) => { if (i !== j) expect(r[i * 5 + j]).toBeCloseTo(kendall(a, b), 13); }));
    expect(r[0]).toBe(1);
  });
  // Expected: R caret 6.0-93, findCorrelation, in the order it returns
  test.each([["c05_exact", 0.5, true], ["c05_notexact", 0.5, false], ["c03_exact", 0.3, true], ["c03_notexact", 0.3, false], ["c08", 0.8, true]] as const)("%s agrees with caret", (name, cutoff, exact) => {
    const r = correlationMatrix(features.map((f) => centres[f]), "spearman").map((v) => Math.abs(v));
    const theirs = [reference("find_correlation").result[name]].flat().map((j: number) => j - 1);
    const ours = findCorrelation(r, 25, cutoff, exact);
    expect(ours).toEqual(theirs);
  });
  // Expected: R caret 6.0-93, findCorrelation(abs(cor(x, method)), cutoff, exact = TRUE), and with exact = FALSE
  test.each([
    ["columns of equal mean", "pearson", 0.7, [[-1, 2, 0, 2, -1, 3, -1, 2, 1], [0, 1, 1, 1, 0, 2, 0, 1, 2], [-1, 2, 0, 2, -1, 3, -1, 2, 1], [0, 1, 1, 1, 0, 2, 0, 1, 2], [-1, 2, 0, 2, -1, 3, -1, 2, 1], [0, 1, 1, 1, 0, 2, 0, 1, 2]],
      [1, 2, 3, 4, 6], [1, 2, 3, 4, 5]],
    ["a pair at the cutoff itself", "kendall", 0.3, [[1, 0, 2, 0, 1, 1, 2, 0, 0, 0, 2, 1, 2, 1], [0, 2, 1, 1, 2, 1, 2, 2, 1, 1, 1, 0, 0, 1], [1, 2, 0, 1, 0, 0, 2, 0, 0, 0, 2, 2, 1, 2], [1, 1, 2, 0, 0, 1, 0, 2, 0, 0, 2, 2, 0, 2], [2, 2, 1, 0, 2, 0, 2, 1, 0, 0, 1, 0, 1, 0]],
      [5], [5]],
  ] as const)("ties agree with caret: %s", (_, method, cutoff, x, exact, once) => {
    const r = correlationMatrix(x.map((v) => Float64Array.from(v)), method).map((v) => Math.abs(v));
    const dropped = (rule: boolean) => findCorrelation(r, x.length, cutoff, rule).map((j) => j + 1).sort();
    expect(dropped(true)).toEqual(exact);
    expect(dropped(false)).toEqual(once);
  });
  test("of any rule no two kept columns correlate above the cutoff, and weakerOutcome keeps the strongest", () => {
    const y: BinaryOutcome = { kind: "binary", name: "C1", event: Uint8Array.from(centres.text.centre, (c) => (c === "C1" ? 1 : 0)) };
    for (const drop of ["largerMean", "largerMeanOnce", "weakerOutcome", "random"] as const) {
      const { kept } = correlationFilter.fit(featureTable, y, { drop, cutoff: 0.5 }, chance());
      const r = correlationMatrix(kept.map((f) => centres[f]), "spearman");
      r.forEach((v, k) => { if (k % (kept.length + 1) !== 0) expect(Math.abs(v)).toBeLessThanOrEqual(0.5); });
    }
    const { kept } = correlationFilter.fit(featureTable, { kind: "continuous", name: "f8", value: centres.f8 }, { drop: "weakerOutcome", cutoff: 0.3 }, chance());
    expect(kept).toContain("f8");
  });
  test("a constant column stays and is told", () => {
    const t = makeTable(["a", "b", "c"], { x: numberColumn([1, 2, 3]), y: numberColumn([1, 2, 3]), k: numberColumn([5, 5, 5]) });
    const state = correlationFilter.fit(t, { kind: "continuous", name: "", value: new Float64Array(3) }, {}, chance());
    expect(state.kept).toHaveLength(2);
    expect(state.kept).toContain("k");
    expect(state.warnings[0]).toMatch(/k is constant/);
  });
});

describe("univariable", () => {
  test("the Cox score test agrees with R coxph", () => {
    const theirs = reference("cox_univariable").result;
    const test1 = coxVariableTest(survival);
    for (const name of ["age", "size", "nodes", "er", "ki67", "rad", "meno"]) {
      const ours = test1(surv[name]);
      expect(unequal([ours.chiSquared], [theirs[name].score_test], 1e-9), name).toEqual([]);
      expect(unequal([ours.p], [theirs[name].p_score], 1e-8), name).toEqual([]);
    }
  });
  // Expected: R survival 3.5-3, coxph(Surv(time, status) ~ factor)$score (makeMethods.R)
  test("categories against survival: the score test on levels − 1 df agrees with R coxph", () => {
    const { grade, nodes_five, centre, null_martingale } = reference("cox_category_score").result;
    const bands = Array.from(surv.nodes, (v) => (v <= 0 ? "0" : v <= 1 ? "1" : v <= 2 ? "2" : v <= 4 ? "3-4" : "more"));
    const t = makeTable(surv.text.id, { grade: categoryColumn(surv.text.grade), bands: categoryColumn(bands), centre: categoryColumn(surv.text.centre), empty: categoryColumn(surv.text.centre, ["A", "B", "C"]), one: categoryColumn(bands.map(() => "x")) });
    const state = univariable.fit(t, survival, { columns: Object.keys(t.columns) }, chance()) as any;
    expect(state.tests.map((x: any) => x.test)).toEqual(["cox", "cox", "cox", "cox", "cox"]);
    expect(unequal(state.tests.slice(0, 4).map((x: any) => x.p), [grade.p, nodes_five.p, centre.p, centre.p], 1e-9)).toEqual([]);
    expect(state.tests[4].p).toBeNull();
    const codes = (t.columns.bands as any).codes;
    expect(unequal([coxCategoryTest(codes, survival).chiSquared, coxCategoryTest(codes, survival).df], [nodes_five.score, 4], 1e-9)).toEqual([]);
    expect(unequal(nullMartingale(survival), null_martingale, 1e-10)).toEqual([]);
    expect(() => univariable.fit(t, survival, { columns: ["grade"], categoryTest: "anova" }, chance())).toThrow(/does not fit categories and a survival outcome/);
  });
  test("the logistic score test is n·r²: hand-worked 2 × 2 table is Pearson's chi-squared", () => {
    // 10 of 20 against 4 of 20: (10·16 − 10·4)²·40 / (20·20·14·26)
    const x = Array.from({ length: 40 }, (_, i) => (i < 20 ? 1 : 0)), y = x.map((_, i) => (i < 10 || (i >= 20 && i < 24) ? 1 : 0));
    expect(logisticVariableTest(x, y).chiSquared).toBeCloseTo((120 * 120 * 40) / (20 * 20 * 14 * 26), 12);
  });
  test("the logistic score test of a category is R's anova(glm(y ~ 1, binomial), glm(y ~ g, binomial), test = \"Rao\"), R 4.2.2 with glm.control(epsilon = 1e-15)", () => {
    const y = [1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0];
    const t = makeTable(y.map((_, i) => `p${i}`), { g: categoryColumn([..."aabbbcccabcaabcbacbc"]) });
    const state = univariable.fit(t, { kind: "binary", name: "y", event: Uint8Array.from(y) }, { columns: ["g"], categoryTest: "logistic" }, chance()) as any;
    expect(state.tests).toEqual([{ name: "g", test: "logistic", p: expect.closeTo(0.02142506365590536, 9), adjusted: expect.closeTo(0.02142506365590536, 9) }]);
  });
  test("numbers and categories are tested as R's functions do, and filtered with and without BH", () => {
    const t = makeTable(bin.text.id, { ...Object.fromEntries(["age", "size", "adc", "m1", "m2"].map((c) => [c, numberColumn(bin[c])])), shape: categoryColumn(bin.text.shape), flat: numberColumn(bin.age.map(() => 3)) });
    const columns = Object.keys(t.columns);
    const plain = univariable.fit(t, response, { columns }, chance()) as any;
    const adjusted = univariable.fit(t, response, { columns, adjust: "BH" }, chance()) as any;
    expect(plain.dropped.find((d: any) => d.name === "flat").why).toMatch(/not testable/);
    expect(plain.tests.map((x: any) => x.test)).toEqual(["mannWhitney", "mannWhitney", "mannWhitney", "mannWhitney", "mannWhitney", "chiSquared", "mannWhitney"]);
    for (const [k, x] of plain.tests.entries()) if (x.p !== null) expect(adjusted.tests[k].adjusted).toBeGreaterThanOrEqual(x.p);
    expect(plain.kept).toEqual(plain.tests.filter((x: any) => x.p !== null && x.p <= 0.05).map((x: any) => x.name));
    expect(() => univariable.fit(t, response, { test: "cox" }, chance())).toThrow(/does not fit numbers and a binary outcome/);
  });
  test("under no effect p is uniform: share below .05 within 3 Monte Carlo standard errors (400 features, 80 rows)", () => {
    const r = chance().stream("null");
    const t = makeTable(bin.text.id.slice(0, 80), Object.fromEntries(Array.from({ length: 400 }, (_, j) => [`x${j}`, numberColumn(Array.from({ length: 80 }, () => r.normal()))])));
    const y: BinaryOutcome = { kind: "binary", name: "y", event: Uint8Array.from({ length: 80 }, (_, i) => i % 2) };
    const share = univariable.fit(t, y, {}, chance()).kept.length / 400;
    expect(Math.abs(share - 0.05)).toBeLessThan(3 * Math.sqrt((0.05 * 0.95) / 400));
  });
});

describe("variance and VIF", () => {
  const t = makeTable(["a", "b", "c", "d"], { k: numberColumn([2, 2, 2, 2]), x: numberColumn([1, 2, 3, 4]), none: numberColumn([NaN, NaN, NaN, NaN]), rare: numberColumn([0, 0, 0, 1]) });
  const y = { kind: "continuous", name: "", value: Float64Array.of(1, 2, 3, 4) } as const;
  test("constant and empty columns go, rare ones where asked", () => {
    expect(varianceFilter.fit(t, y, {}, chance()).kept).toEqual(["x", "rare"]);
    expect(varianceFilter.fit(t, y, { mostShare: 0.7 }, chance()).kept).toEqual(["x"]);
    expect(varianceFilter.fit(t, y, { above: 1 }, chance()).kept).toEqual(["x"]);
  });
  test("VIFs are car::vif's: the limit just below drops, just above keeps", () => {
    const theirs = reference("vif").result.lm_car as Record<string, number>;
    const names = Object.keys(theirs);
    const table = makeTable(surv.text.id, Object.fromEntries(names.map((c) => [c, numberColumn(surv[c])])));
    const [worst, vif] = Object.entries(theirs).sort((a, b) => b[1] - a[1])[0];
    expect(vifRemoval.fit(table, y, { limit: vif * (1 + 1e-9) }, chance()).kept).toEqual(names);
    expect(vifRemoval.fit(table, y, { limit: vif * (1 - 1e-9) }, chance()).dropped[0].name).toBe(worst);
  });
  test("an exact combination goes first", () => {
    const a = centres.f1, b = centres.f2;
    const table = makeTable(centres.text.id, { a: numberColumn(a), b: numberColumn(b), c: numberColumn(a.map((v, i) => v - 2 * b[i])) });
    expect(vifRemoval.fit(table, y, {}, chance()).dropped).toEqual([{ name: "c", why: "a combination of other columns" }]);
  });
});

describe("scaling", () => {
  const t = makeTable(["a", "b", "c", "d", "e"], { x: numberColumn([1, 2, 4, 8, NaN], "mm"), k: numberColumn([3, 3, 3, 3, 3]) });
  const y = { kind: "continuous", name: "", value: new Float64Array(5) } as const;
  const scaled = (step: typeof zScore) => [...numbersOf(step.apply(step.fit(t, y, {}, chance()), t), "x")];
  test("hand-worked: mean 3.75, sd √(28.75/3); range 1…8; median 3, quartiles 1.75 and 5", () => {
    const sd = Math.sqrt(28.75 / 3);
    expect(unequal(scaled(zScore), [1, 2, 4, 8].map((v) => (v - 3.75) / sd).concat(NaN), 1e-14)).toEqual([]);
    expect(unequal(scaled(minMax), [0, 1 / 7, 3 / 7, 1, NaN], 1e-14)).toEqual([]);
    expect(unequal(scaled(robust), [-2, -1, 1, 5].map((v) => v / 3.25).concat(NaN), 1e-14)).toEqual([]);
    const state = zScore.fit(t, y, {}, chance());
    expect(state.constant).toEqual(["k"]);
    expect(state.warnings[0]).toMatch(/k has no spread/);
  });
  // Expected: scipy 1.17.1, scipy.stats.yeojohnson(x)[1] and its transform; columns size and m1 of bin_cohort.csv
  test("Yeo–Johnson agrees with scipy", () => {
    const table = makeTable(bin.text.id, { size: numberColumn(bin.size), m1: numberColumn(bin.m1) });
    const state = yeoJohnson.fit(table, response, { standardize: false }, chance());
    expect(state.lambda[0]).toBeCloseTo(-0.00906640777081989, 6);
    expect(state.lambda[1]).toBeCloseTo(0.984347749852588, 6);
    const made = numbersOf(yeoJohnson.apply(state, table), "m1");
    [2.0476542620838956, -0.694097283674978, -0.6154821189452636].forEach((v, k) => expect(made[k]).toBeCloseTo(v, 6));
  });
  test("infinite values are refused by name", () => {
    expect(() => zScore.fit(makeTable(["a"], { x: numberColumn([Infinity]) }), y, {}, chance())).toThrow(InputError);
  });
});
