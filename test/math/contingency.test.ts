// Cross-tables: R's results on a generated cohort, hand-worked cases, properties.
import { describe, expect, test } from "vitest";
import {
  InputError, chiSquaredTest, cochranArmitage, crossTable, fisherTest, linearByLinear, mcnemar, randomStream, type TestResult,
} from "../../src/math/index.js";
import { data, reference, unequal } from "../stats.js";

const TOLERANCE = 1e-9;
const r = reference("tests_contingency").result;
const d = data("bin_cohort.csv");
const m2 = crossTable(d.m2, d.y, 7, 2);

function differences(ours: TestResult, theirs: any): string[] {
  const lines = unequal([ours.p], [theirs["p.value"]], TOLERANCE).map((l) => `p ${l}`);
  if (theirs.statistic !== undefined) lines.push(...unequal([ours.statistic, ...ours.df], [theirs.statistic, theirs.parameter], TOLERANCE));
  if (ours.method !== theirs.method) lines.push(`method ${ours.method}, expected ${theirs.method}`);
  return lines;
}

describe("cross-tables agree with R 4.2.2 (tests_contingency)", () => {
  test.each([
    ["yates", () => chiSquaredTest(r.her2_y)],
    ["noyates", () => chiSquaredTest(r.her2_y, { correct: false })],
    ["shape", () => chiSquaredTest(r.shape_y)],
    ["small_yates", () => chiSquaredTest(r.small)],
    ["fisher", () => fisherTest(r.her2_y)],
    ["fisher_less", () => fisherTest(r.her2_y, { alternative: "less" })],
    ["fisher_small", () => fisherTest(r.small)],
    ["fisher_shape", () => fisherTest(r.shape_y)],
    ["fisher_m2", () => fisherTest(m2)],
    ["trend_m2", () => cochranArmitage(m2.map((row) => row[1]), m2.map((row) => row[0] + row[1]))],
  ])("%s", (name, run) => expect(differences(run(), r[name])).toEqual([]));
  test("expected counts and standardised residuals", () => {
    for (const [name, table] of [["yates", r.her2_y], ["shape", r.shape_y], ["small_yates", r.small]] as const) {
      const ours = chiSquaredTest(table);
      expect(unequal(ours.expected.flat(), r[name].expected.flat(), TOLERANCE)).toEqual([]);
      expect(unequal(ours.standardisedResiduals.flat(), r[name].stdres.flat(), TOLERANCE)).toEqual([]);
    }
  });
  // R's fisher.test searches odds ratio and limits with uniroot's default tolerance, 1.2e-4 on the odds ratio or its reciprocal
  test.each([["fisher", {}], ["fisher_less", { alternative: "less" as const }]])("%s: odds ratio and limits as far as R's root search goes", (name, options) => {
    const ours = fisherTest(r.her2_y, options);
    expect(unequal([ours.estimate!, ...ours.ci!], [r[name].estimate, ...r[name]["conf.int"]], 3e-4)).toEqual([]);
  });
  test("fisher_small: odds ratio and limits as far as R's root search goes", () => {
    const ours = fisherTest(r.small);
    const sought = (v: number) => Math.min(v, 1 / v);
    [ours.estimate!, ...ours.ci!].forEach((value, i) => expect(Math.abs(sought(value) - sought([r.fisher_small.estimate, ...r.fisher_small["conf.int"]][i]))).toBeLessThan(1.3e-4));
  });
  test("McNemar and Bowker", () => {
    const t = r.mcnemar.table;
    expect(differences(mcnemar(t), r.mcnemar.corrected)).toEqual([]);
    expect(differences(mcnemar(t, { correct: false }), r.mcnemar.uncorrected)).toEqual([]);
    expect(unequal([mcnemar(t, { exact: true }).p], [r.mcnemar.exact_p], TOLERANCE)).toEqual([]);
    expect(differences(mcnemar(r.bowker.table), r.bowker.test)).toEqual([]);
  });
});

// coin 1.4-2, lbl_test
test.each(["quarters_m2", "m2_y", "m2_y_scores"])("linear-by-linear association agrees with R coin (linear_by_linear: %s)", (name) => {
  const theirs = reference("linear_by_linear").result[name];
  const t = linearByLinear(theirs.table, name === "m2_y_scores" ? { rowScores: [0, 1, 2, 4, 8, 16, 32], columnScores: [0, 1] } : {});
  expect(unequal([t.statistic, t.p], [theirs.chisq, theirs.p], TOLERANCE)).toEqual([]);
});

const tables: { table: number[][]; p: number }[] = reference("fisher_tables").result;
test.each(tables.map(({ table, p }, k) => ({ number: k + 1, table, p })))("Fisher's test of an r × c table agrees with R fisher.test (fisher_tables: $number)", ({ table, p }) => {
  expect(unequal([fisherTest(table).p], [p], TOLERANCE)).toEqual([]);
});

describe("hand-worked cases and published examples", () => {
  // Fisher's tea: 3 of 4 right both ways. P(X >= 3) = (16 + 1)/70
  const tea = [[3, 1], [1, 3]];
  test("the lady tasting tea", () => {
    expect(fisherTest(tea, { alternative: "greater" }).p).toBeCloseTo(17 / 70, 14);
    expect(fisherTest(tea).p).toBeCloseTo(34 / 70, 14);
  });
  test("the conditional odds ratio of the tea solves Σ k w ψᵏ = 3 Σ w ψᵏ, limits have 2.5 % beyond them", () => {
    const { estimate, ci } = fisherTest(tea);
    const w = [1, 16, 36, 16, 1];
    const law = (psi: number) => {
      const terms = w.map((c, k) => c * psi ** k);
      const sum = terms.reduce((a, b) => a + b);
      return terms.map((t) => t / sum);
    };
    expect(law(estimate!).reduce((s, p, k) => s + k * p, 0)).toBeCloseTo(3, 12);
    expect(law(ci![0]).slice(3).reduce((a, b) => a + b)).toBeCloseTo(0.025, 12);
    expect(law(ci![1]).slice(0, 4).reduce((a, b) => a + b)).toBeCloseTo(0.025, 12);
  });
  // Agresti, Categorical Data Analysis (2002), section 10.1: approval ratings; R 4.2.2: mcnemar.test 16.818, 17.356; binom.test
  test("approval of the prime minister", () => {
    const m = [[794, 150], [86, 570]];
    expect(mcnemar(m).statistic).toBeCloseTo(16.8177966101695, 10);
    expect(mcnemar(m, { correct: false }).statistic).toBeCloseTo(17.3559322033898, 10);
    expect(unequal([mcnemar(m, { exact: true }).p], [3.71593613957143e-05], TOLERANCE)).toEqual([]);
  });
  // Agresti (2002), table 3.2 has job satisfaction by income; R's help page of fisher.test gives p = 0.7827 for it
  const job = [[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]];
  test("4 x 4 job satisfaction: 0.7827 by enumeration, and by random tables within 3 standard errors", () => {
    const exact = fisherTest(job).p;
    expect(exact).toBeCloseTo(0.7827, 4);
    const simulated = fisherTest(job, { simulate: true, random: randomStream(7), replicates: 4000 });
    expect(Math.abs(simulated.p - exact)).toBeLessThan(3 * Math.sqrt(exact * (1 - exact) / 4000));
    expect(simulated.method).toContain("simulated p-value (based on 4000 replicates)");
  });
  test("r × c enumeration gives the 2 × 2 answer, turned or not, and equals naming every table", () => {
    const t = [[3, 1, 2], [0, 4, 1]];
    const flipped = t[0].map((_, j) => t.map((row) => row[j]));
    expect(fisherTest(t).p).toBeCloseTo(fisherTest(flipped).p, 13);
    // every 2 × 3 table with these margins, by two loops
    const f = (n: number): number => (n < 2 ? 1 : n * f(n - 1));
    const weight = (a: number, b: number) => {
      const cells = [a, b, 6 - a - b, 3 - a, 5 - b, 3 - (6 - a - b)];
      return cells.some((c) => c < 0) ? 0 : 1 / cells.reduce((s, c) => s * f(c), 1);
    };
    let all = 0, extreme = 0;
    for (let a = 0; a <= 3; a++) for (let b = 0; b <= 5; b++) {
      all += weight(a, b);
      if (weight(a, b) <= weight(3, 1) * (1 + 1e-7)) extreme += weight(a, b);
    }
    expect(fisherTest(t).p).toBeCloseTo(extreme / all, 13);
  });
  test("linear by linear = Cochran–Armitage × (n − 1)/n for two columns, = (n − 1) r²", () => {
    const trend = cochranArmitage(m2.map((row) => row[1]), m2.map((row) => row[0] + row[1]));
    const lbl = linearByLinear(m2);
    expect(lbl.statistic).toBeCloseTo(trend.statistic * (lbl.n - 1) / lbl.n, 12);
    expect(lbl.statistic).toBeCloseTo((lbl.n - 1) * lbl.estimate! * lbl.estimate!, 12);
  });
});

describe("bad input", () => {
  test("shares, single categories and oversized tables speak in a sentence", () => {
    expect(() => chiSquaredTest([[0.5, 0.5], [1, 2]])).toThrow(/cell \(1, 1\) is 0.5.*counts, not shares/);
    expect(() => chiSquaredTest([[5, 0], [3, 0]], { name: "HER2" })).toThrow(/HER2: 2 × 1 table/);
    expect(() => fisherTest([[3, 1, 2], [0, 4, 1]], { alternative: "less" })).toThrow(InputError);
    expect(() => fisherTest(Array.from({ length: 5 }, (_, i) => [20 + i, 31, 40, 22, 35]), { budget: 1e5 })).toThrow(/too large to enumerate/);
    expect(() => mcnemar([[1, 2, 3], [1, 2, 3]])).toThrow(/square/);
    expect(() => cochranArmitage([5], [4])).toThrow(InputError);
  });
  test("empty rows are left out with a warning; complete separation has an infinite odds ratio and a finite lower limit", () => {
    const t = chiSquaredTest([[5, 3], [0, 0], [2, 8]]);
    expect(t.df).toEqual([1]);
    expect(t.warnings.join()).toContain("1 of 3 rows");
    const f = fisherTest([[5, 0], [0, 5]]);
    expect([f.estimate, f.ci![1]]).toEqual([Infinity, Infinity]);
    expect(f.ci![0]).toBeGreaterThan(1);
  });
  test("no discordant pair: p 1 and a warning", () => {
    const m = mcnemar([[5, 0], [0, 5]]);
    expect(m.p).toBe(1);
    expect(m.warnings.length).toBe(1);
  });
});
