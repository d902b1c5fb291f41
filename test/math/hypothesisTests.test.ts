// t, Wilcoxon, k groups, variances, correlations, normality: R's results on generated cohorts, hand-worked cases, properties.
import { describe, expect, test } from "vitest";
import {
  InputError, anova, bartlett, byGroup, chiSquaredTest, fisherTest, kolmogorovSmirnov, kolmogorovTail, normalCdf, correlationMatrix, correlationTest, friedman, kendall, kruskalWallis, levene, midranks,
  adjustP, randomStream, shapiroWilk, spearman, tTest, varianceRatioTest, welchAnova, wilcoxonRankSum, wilcoxonSignedRank, type TestResult,
} from "../../src/math/index.js";
import { extendedTest, readJson } from "../data.js";
import { data, reference, unequal } from "../stats.js";

const TOLERANCE = 1e-9;

/** Differences between our result and R's htest, over what R gives. */
function differences(ours: TestResult, theirs: any): string[] {
  const df = theirs.parameter === null || theirs.parameter === undefined ? [] : typeof theirs.parameter === "number" ? [theirs.parameter] : Object.values(theirs.parameter) as number[];
  const lines = [
    ...unequal([ours.statistic], [theirs.statistic], TOLERANCE).map((l) => `statistic ${l}`),
    ...unequal([ours.p], [theirs["p.value"]], TOLERANCE).map((l) => `p ${l}`),
    ...(df.length > 0 ? unequal(ours.df, df, TOLERANCE).map((l) => `df ${l}`) : []),
  ];
  if (theirs["conf.int"] !== undefined) lines.push(...unequal(ours.ci ?? [], theirs["conf.int"], TOLERANCE).map((l) => `ci ${l}`));
  if (typeof theirs.estimate === "number") lines.push(...unequal([ours.estimate!], [theirs.estimate], TOLERANCE).map((l) => `estimate ${l}`));
  if (ours.method !== theirs.method) lines.push(`method ${ours.method}, expected ${theirs.method}`);
  return lines;
}

describe("t, Wilcoxon and F tests agree with R 4.2.2 (tests_wilcoxon_t)", () => {
  const r = reference("tests_wilcoxon_t").result;
  const d = data("bin_cohort.csv");
  const pick = (column: Float64Array, y: number) => column.filter((_, i) => d.y[i] === y);
  const s1 = pick(d.size, 1), s0 = pick(d.size, 0);
  const a1 = d.adc.slice(0, 9), b1 = d.m1.slice(0, 12), p = d.m1.slice(0, 11), q = d.m1.slice(20, 31);
  const cases: Record<string, () => TestResult> = {
    rank_sum_ties: () => wilcoxonRankSum(s1, s0),
    nocc: () => wilcoxonRankSum(s1, s0, { correct: false }),
    less: () => wilcoxonRankSum(s1, s0, { alternative: "less" }),
    exact: () => wilcoxonRankSum(a1, b1),
    exact_ci: () => wilcoxonRankSum(a1, b1, { level: 0.95 }),
    exact_greater: () => wilcoxonRankSum(a1, b1, { alternative: "greater" }),
    normal: () => wilcoxonRankSum(a1, b1, { exact: false }),
    signed_exact: () => wilcoxonSignedRank(p, q),
    signed_normal: () => wilcoxonSignedRank(p, q, { exact: false }),
    signed_ci: () => wilcoxonSignedRank(p, q, { level: 0.95 }),
    ordinal_ties: () => wilcoxonRankSum(pick(d.m2, 1), pick(d.m2, 0)),
    welch: () => tTest(s1, s0),
    pooled: () => tTest(s1, s0, { equalVariances: true }),
    paired: () => tTest(p, q, { paired: true }),
    one: () => tTest(s1, undefined, { mu: 20 }),
    greater: () => tTest(s1, s0, { alternative: "greater" }),
    vartest: () => varianceRatioTest(s1, s0),
  };
  for (const [name, run] of Object.entries(cases)) test(name, () => expect(differences(run(), r[name])).toEqual([]));
  test("every test of the reference is met", () => expect(Object.keys(cases).sort()).toEqual(Object.keys(r).sort()));
  test("the two means stand beside their difference", () => {
    expect(unequal(tTest(s1, s0).means, Object.values(r.welch.estimate), TOLERANCE)).toEqual([]);
  });
});

describe("group tests and correlations agree with R 4.2.2 (tests_groups_correlation)", () => {
  const r = reference("tests_groups_correlation").result;
  const d = data("surv_cohort.csv");
  const grade = d.text.grade.map((g) => ["G1", "G2", "G3"].indexOf(g));
  const size = byGroup(d.size, grade, "size");
  const order = (v: Float64Array) => {
    const index = Array.from(v, (_, i) => i).sort((a, b) => v[a] - v[b] || a - b);
    const rank = new Float64Array(v.length);
    index.forEach((i, k) => (rank[i] = k + 1));
    return rank;
  };
  const rad30 = order(d.rad.slice(0, 30)), m30 = order(d.m2.slice(0, 30));
  const rad8 = d.rad.slice(0, 8), m8 = d.m2.slice(0, 8);
  const cases: Record<string, () => TestResult> = {
    kruskal: () => kruskalWallis(size),
    kruskal_ties: () => kruskalWallis(byGroup(d.nodes, grade, "nodes")),
    welch: () => welchAnova(size),
    bartlett: () => bartlett(size),
    friedman: () => friedman([d.m1, d.m2, d.rad].map((c) => c.slice(0, 20))),
    pearson: () => correlationTest(d.m1, d.m2),
    spearman_ties: () => correlationTest(d.m1, d.m2, { method: "spearman" }),
    spearman_noties_n30: () => correlationTest(rad30, m30, { method: "spearman" }),
    spearman_exact_n8: () => correlationTest(rad8, m8, { method: "spearman" }),
    kendall_ties: () => correlationTest(d.m1, d.m2, { method: "kendall" }),
    kendall_exact_n8: () => correlationTest(rad8, m8, { method: "kendall" }),
    kendall_n30: () => correlationTest(rad30, m30, { method: "kendall" }),
  };
  for (const [name, run] of Object.entries(cases)) test(name, () => expect(differences(run(), r[name])).toEqual([]));
  test("anova", () => {
    const ours = anova(size);
    expect(unequal([ours.statistic, ours.p, ...ours.table!.ss, ...ours.table!.df], [r.anova.F, r.anova.p, ...r.anova.ss, ...r.anova.df], TOLERANCE)).toEqual([]);
  });
  test("pairwise Wilcoxon tests with BH", () => {
    const pairs = [[1, 0], [2, 0], [2, 1]].map(([a, b]) => wilcoxonRankSum(size[a], size[b], { exact: false }).p);
    const wanted = r.pairwise_wilcox_bh;
    expect(unequal(adjustP(pairs, "BH"), [wanted[0][0], wanted[1][0], wanted[1][1]], TOLERANCE)).toEqual([]);
  });
  test("Shapiro-Wilk", () => {
    const samples: Record<string, Float64Array> = { rad: d.rad, size: d.size, n10: d.rad.slice(0, 10), n3: d.rad.slice(0, 3) };
    for (const [name, sample] of Object.entries(samples)) expect(differences(shapiroWilk(sample), r.shapiro[name]), name).toEqual([]);
  });
});

test("Kolmogorov-Smirnov against the standard normal (R 4.2.2 ks.test); both series of the tail meet at 1", () => {
  const theirs = reference("tests_groups_correlation").result.ks_norm;
  expect(differences(kolmogorovSmirnov(data("surv_cohort.csv").rad, normalCdf), theirs)).toEqual([]);
  expect(kolmogorovTail(1 - 1e-12)).toBeCloseTo(kolmogorovTail(1), 10);
});

extendedTest("iris and mtcars (R 4.2.2, tests_iris_mtcars)", "stats/reference/tests_iris_mtcars.json", (path) => {
  const { data: d, result: r } = readJson(path);
  const f = (c: number[]) => Float64Array.from(c);
  const table = [4, 6, 8].map((c) => [0, 1].map((a) => d.cyl.filter((v: number, i: number) => v === c && d.am[i] === a).length));
  const more = [table[0], table[1].map((v, j) => v + table[2][j])];
  const cases: Record<string, TestResult> = {
    welch: tTest(d.a, d.b), pooled: tTest(d.a, d.b, { equalVariances: true }), wilcox_cc: wilcoxonRankSum(d.a, d.b), wilcox_nocc: wilcoxonRankSum(d.a, d.b, { correct: false }),
    chisq: chiSquaredTest(table), fisher: fisherTest(table), chisq_am_22_yates: chiSquaredTest(more), fisher_22: fisherTest(more),
    kruskal: kruskalWallis(byGroup(d.mpg, d.cyl, "mpg")), pearson: correlationTest(f(d.mpg), f(d.wt)), spearman: correlationTest(d.mpg, d.wt, { method: "spearman" }),
    kendall: correlationTest(d.mpg, d.wt, { method: "kendall" }), shapiro: shapiroWilk(d.mpg),
  };
  expect(Object.keys(cases).sort()).toEqual(Object.keys(r).sort());
  for (const [name, ours] of Object.entries(cases)) {
    // Fisher has no statistic in R, and its odds ratio stops at 1e-4
    if (!name.startsWith("fisher")) expect(differences(ours, r[name]), name).toEqual([]);
    else expect(unequal([ours.p], [r[name]["p.value"]], TOLERANCE), name).toEqual([]);
  }
  [fisherTest(more).estimate!, ...fisherTest(more).ci!].forEach((v, i) => expect(Math.abs(v - [r.fisher_22.estimate, ...r.fisher_22["conf.int"]][i])).toBeLessThan(1.3e-4));
});

describe("hand-worked cases", () => {
  // W = 3·2 = 6 pairs x > y of 6: P(W = 6) = 1/C(5, 2) = 1/10 on either side
  test("complete separation of 2 against 3 has two-sided exact p 2/10", () => {
    const r = wilcoxonRankSum([8, 9], [1, 2, 3]);
    expect(r.statistic).toBe(6);
    expect(r.p).toBeCloseTo(0.2, 14);
  });
  test("five positive differences have exact signed-rank p 2/2⁵", () => {
    expect(wilcoxonSignedRank([1, 2, 3, 4, 5]).p).toBeCloseTo(2 / 32, 14);
  });
  test("midranks share ties and count Σ(t³ − t)", () => {
    expect(midranks([10, 20, 20, 5, 20])).toEqual({ ranks: Float64Array.of(2, 4, 4, 1, 4), ties: 24 });
  });
  // Sokal & Rohlf's scheme by hand: groups 1 2 3 | 2 3 4 | 6 7 8: means 2, 3, 7, grand 4; SSB 3(4 + 1 + 9) = 42, SSW 6
  test("F of three groups by hand", () => {
    const r = anova([[1, 2, 3], [2, 3, 4], [6, 7, 8]]);
    expect(r.table!.ss).toEqual([42, 6]);
    expect(r.statistic).toBeCloseTo(21, 12);
  });
  // distances from the medians 2 and 4: 1 0 1 | 2 0 2: means 2/3 and 4/3, SSB 3·2/9 = 2/3, SSW 2/3 + 8/3, F = (2/3)/(10/3/4)
  test("Brown-Forsythe by hand", () => expect(levene([[1, 2, 3], [2, 4, 6]]).statistic).toBeCloseTo(0.8, 12));
  test("Kendall's tau-b of a tied case by hand: 3 concordant, 1 discordant, √(5·5)", () => {
    expect(kendall([1, 2, 2, 3], [1, 2, 3, 2])).toBeCloseTo(2 / 5, 14);
  });
});

describe("properties", () => {
  const random = randomStream("hypothesis tests");
  const draw = (n: number) => Float64Array.from({ length: n }, () => random.normal());
  test("two groups: F = t², Kruskal-Wallis = squared rank z without correction", () => {
    const [x, y] = [draw(23), draw(31)];
    const t = tTest(x, y, { equalVariances: true });
    expect(anova([x, y]).statistic).toBeCloseTo(t.statistic * t.statistic, 10);
    expect(welchAnova([x, y]).p).toBeCloseTo(tTest(x, y).p, 10);
    expect(kruskalWallis([x, y]).p).toBeCloseTo(wilcoxonRankSum(x, y, { exact: false, correct: false }).p, 10);
  });
  test("exchanging the groups mirrors the test", () => {
    const [x, y] = [draw(7), draw(9)];
    expect(wilcoxonRankSum(x, y, { alternative: "less" }).p).toBeCloseTo(wilcoxonRankSum(y, x, { alternative: "greater" }).p, 13);
    expect(tTest(x, y).ci!.map((v) => -v).reverse()).toEqual(Array.from(tTest(y, x).ci!));
  });
  test("t ignores a large common level", () => {
    const [x, y] = [draw(20), draw(20)];
    const lifted = tTest(x.map((v) => v + 1e6), y.map((v) => v + 1e6));
    expect(lifted.statistic).toBeCloseTo(tTest(x, y).statistic, 8);
  });
  test("a correlation matrix holds every pair's own correlation, at any width", () => {
    const columns = Array.from({ length: 7 }, () => draw(33).map((v) => Math.round(v * 2)));
    for (const method of ["pearson", "spearman", "kendall"] as const) {
      const r = correlationMatrix(columns, method);
      for (let a = 0; a < 7; a++) for (let b = 0; b < 7; b++) {
        expect(r[a * 7 + b]).toBeCloseTo(a === b ? 1 : correlationTest(columns[a], columns[b], { method }).estimate!, 12);
      }
    }
    expect(spearman(columns[0], columns[1])).toBeCloseTo(correlationMatrix(columns, "spearman")[1], 12);
  });
  // under the null hypothesis p is uniform: the share below .05 of 2,000 replicates lies within 3 √(.05·.95/2000)
  test("p below .05 in 5 % of null samples", () => {
    const runs = 2000;
    const shares = { t: 0, wilcoxon: 0, kruskal: 0, shapiro: 0, shapiro8: 0, pearson: 0 };
    for (let k = 0; k < runs; k++) {
      const [x, y, z] = [draw(30), draw(40).map((v) => 2 * v), draw(60)];
      if (tTest(x, y).p < 0.05) shares.t++;
      if (wilcoxonRankSum(z.subarray(0, 25), z.subarray(25), { exact: false }).p < 0.05) shares.wilcoxon++;
      if (kruskalWallis([z.subarray(0, 20), z.subarray(20, 40), z.subarray(40)]).p < 0.05) shares.kruskal++;
      if (shapiroWilk(z).p < 0.05) shares.shapiro++;
      if (shapiroWilk(z.subarray(0, 8)).p < 0.05) shares.shapiro8++;
      if (correlationTest(x, y.subarray(0, 30)).p < 0.05) shares.pearson++;
    }
    const within = 3 * Math.sqrt(0.05 * 0.95 / runs);
    for (const [name, hits] of Object.entries(shares)) {
      expect(hits / runs, name).toBeLessThan(0.05 + within);
      // Kruskal's χ² law and Wilcoxon's normal law with continuity correction are conservative: no exact floor for these two
      if (name !== "kruskal" && name !== "wilcoxon") expect(hits / runs, name).toBeGreaterThan(0.05 - within);
    }
  });
  // shift 1 between groups of unequal spread, correlation .6, variance ratio 4: 95 % intervals hold the truth in .95 ± 3 √(.95·.05/2000)
  test("95 % intervals cover the truth", () => {
    const runs = 2000;
    const covered = { welch: 0, pooled: 0, pearson: 0, ratio: 0, shift: 0 };
    const holds = (ci: [number, number] | undefined, truth: number) => (ci![0] <= truth && truth <= ci![1] ? 1 : 0);
    for (let k = 0; k < runs; k++) {
      const [x, y, z] = [draw(15), draw(25), draw(25)];
      const wide = y.map((v) => 1 + 2 * v);
      covered.welch += holds(tTest(wide, x).ci, 1);
      covered.pooled += holds(tTest(y.map((v) => v + 1), x, { equalVariances: true }).ci, 1);
      covered.pearson += holds(correlationTest(y, y.map((v, i) => 0.6 * v + 0.8 * z[i])).ci, 0.6);
      covered.ratio += holds(varianceRatioTest(wide, x).ci, 4);
      covered.shift += holds(wilcoxonRankSum(y.map((v) => v + 1), x, { level: 0.95 }).ci, 1);
    }
    const within = 3 * Math.sqrt(0.95 * 0.05 / runs);
    for (const [name, hits] of Object.entries(covered)) {
      expect(hits / runs, name).toBeGreaterThan(0.95 - within);
      // the exact rank interval holds at least 95 %: its next level may be higher
      if (name !== "shift") expect(hits / runs, name).toBeLessThan(0.95 + within);
    }
  });
});

describe("bad input", () => {
  test("missing values, too few, unequal pairs speak in a sentence with the variable's name", () => {
    expect(() => tTest([1, NaN], [1, 2], { name: "glcm_Contrast" })).toThrow(/glcm_Contrast: value 2 of 2 is NaN.*impute/);
    expect(() => tTest([1], [1, 2])).toThrow(InputError);
    expect(() => wilcoxonSignedRank([1, 2], [1])).toThrow(InputError);
    expect(() => wilcoxonRankSum([], [1])).toThrow(InputError);
    expect(() => anova([[1, 2]])).toThrow(/1 group/);
    expect(() => shapiroWilk([1, 2])).toThrow(InputError);
    expect(() => correlationTest([1, 2, 3], [1, 2, 3], { level: 95 })).toThrow(/between 0 and 1/);
  });
  test("what does not vary gives NaN with a reason", () => {
    const flat = [3, 3, 3, 3];
    const results = [tTest(flat, flat), wilcoxonRankSum(flat, flat), wilcoxonSignedRank(flat, flat), kruskalWallis([flat, flat]), anova([flat, flat]),
      welchAnova([flat, [1, 2, 3]]), bartlett([flat, [1, 2]]), varianceRatioTest(flat, [1, 2]), shapiroWilk(flat), friedman([flat, flat]),
      ...(["pearson", "spearman", "kendall"] as const).map((method) => correlationTest(flat, [1, 2, 3, 4], { method }))];
    for (const r of results) {
      expect(r.p, r.method).toBeNaN();
      expect(r.warnings.length, r.method).toBeGreaterThan(0);
    }
    expect(correlationMatrix([Float64Array.from(flat), Float64Array.of(1, 2, 3, 4)])).toEqual(Float64Array.of(1, NaN, NaN, 1));
  });
});

// car 3.1-1, leveneTest
test("Levene's and Brown–Forsythe's tests agree with R car (levene)", () => {
  const c = data("surv_cohort.csv");
  const groups = (v: Float64Array) => ["G1", "G2", "G3"].map((g) => v.filter((_, i) => c.text.grade[i] === g));
  const { result: r } = reference("levene");
  for (const [ours, theirs] of [
    [levene(groups(c.size)), r.size_median], [levene(groups(c.size), { center: "mean" }), r.size_mean], [levene(groups(c.nodes)), r.nodes_ties_median], [levene(groups(c.rad), { center: "mean" }), r.rad_mean],
  ] as const) expect(unequal([ours.statistic, ...ours.df, ours.p], [theirs.F, ...theirs.df, theirs.p], 1e-9)).toEqual([]);
});
