// Adjusted p-values and q-values: R's p.adjust, Bioconductor's qvalue, hand-worked cases.
import { describe, expect, test } from "vitest";
import { adjustments, adjustP, qvalues, randomStream, smoothingSpline, tTest } from "../../src/math/index.js";
import { data, reference, unequal } from "../stats.js";

describe("p.adjust (R 4.2.2)", () => {
  const toy = reference("p_adjust_toy");
  const high = reference("p_adjust_qvalue").result;
  test.each(adjustments)("%s", (method) => {
    expect(unequal(adjustP((toy.data as any).p, method), toy.result[method], 1e-9)).toEqual([]);
    expect(unequal(adjustP(high.p, method), high.adjusted[method], 1e-9)).toEqual([]);
  });
  test("the p-values are Welch's, one a column", () => {
    const d = data("bin_hd.csv");
    const p = high.p.map((_: number, j: number) => tTest(d[`x${j + 1}`].filter((_, i) => d.y[i] === 1), d[`x${j + 1}`].filter((_, i) => d.y[i] === 0)).p);
    expect(unequal(p, high.p, 1e-9)).toEqual([]);
  });
  test("NaN stays and does not count; a larger family weighs more", () => {
    expect(Array.from(adjustP([0.01, NaN, 0.02], "bonferroni"))).toEqual([0.02, NaN, 0.04]);
    expect(Array.from(adjustP([0.01, 0.02], "holm", 10))).toEqual([0.1, 0.18]);
    // R 4.2.2's rule for absent hypotheses is p = 1: three given of five equals five with two ones
    for (const method of adjustments) {
      expect(unequal(adjustP([0.01, 0.02, 0.03], method, 5), adjustP([0.01, 0.02, 0.03, 1, 1], method).subarray(0, 3), 1e-14), method).toEqual([]);
    }
  });
  test("a p-value above 1 is refused", () => expect(() => adjustP([1.2], "BH")).toThrow(/p-value 1 is 1.2/));
});

describe("Storey's q-values (qvalue 2.30.0)", () => {
  const r = reference("p_adjust_qvalue").result;
  test("smoother", () => {
    const ours = qvalues(r.p);
    expect(unequal(ours.pi0Lambda, r.qvalue_smoother.pi0_lambda, 1e-9)).toEqual([]);
    expect(unequal(ours.pi0Smooth!, r.qvalue_smoother.pi0_smooth, 1e-9)).toEqual([]);
    expect(unequal(ours.q, r.qvalue_smoother.q, 1e-9)).toEqual([]);
  });
  test.each([["bootstrap", { method: "bootstrap" as const }], ["lambda_half", { lambda: [0.5] }], ["pi0_1", { pi0: 1 }]])("%s", (name, options) => {
    const ours = qvalues(r.p, options);
    expect(unequal([ours.pi0], [r[`qvalue_${name}`].pi0], 1e-9)).toEqual([]);
    expect(unequal(ours.q, r[`qvalue_${name}`].q, 1e-9)).toEqual([]);
  });
  test("π₀ = 1 is Benjamini and Hochberg", () => expect(unequal(qvalues(r.p, { pi0: 1 }).q, adjustP(r.p, "BH"), 1e-12)).toEqual([]));
  test("uniform p-values have π₀ near 1", () => {
    const random = randomStream("uniform");
    // 4,000 uniform p: π₀(.95) has standard error √(.05·.95/4000)/.05 = .069
    expect(Math.abs(qvalues(Float64Array.from({ length: 4000 }, () => random.next()), { lambda: [0.95] }).pi0 - 1)).toBeLessThan(3 * 0.069);
  });
  test("small p-values only: π₀ falls to nothing, so 1 with a warning", () => {
    const ours = qvalues([0.001, 0.002, 0.01]);
    expect(ours.pi0).toBe(1);
    expect(ours.warnings[0]).toContain("Benjamini");
  });
  test("a smoothing spline keeps a straight line", () => {
    const x = Float64Array.from({ length: 12 }, (_, i) => i + (i % 3) / 5);
    expect(unequal(smoothingSpline(x, x.map((v) => 2 - 3 * v), 4), x.map((v) => 2 - 3 * v), 1e-9)).toEqual([]);
  });
});
