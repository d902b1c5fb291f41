// Agreement of readers: ICC, kappa, Bland–Altman against R's psych and irr, hand-worked cases, properties.
import { describe, expect, test } from "vitest";
import { blandAltman, cohenKappa, fleissKappa, icc, iccForms, kappaOfTable } from "../../src/evaluate/index.js";
import { randomStream, tTest } from "../../src/math/index.js";
import { data, reference, unequal } from "../stats.js";

const TOLERANCE = 1e-9;
const psychForms = ["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"];

function asPsych(ratings: Float64Array[], theirs: any[]): string[] {
  const { estimates } = icc(ratings);
  return theirs.flatMap((t) => {
    const ours = estimates[psychForms.indexOf(t.type)];
    return unequal([ours.icc, ours.f, ...ours.df, ...ours.ci, ours.p], [t.ICC, t.F, t.df1, t.df2, t["lower bound"], t["upper bound"], t.p], TOLERANCE, 1e-60).map((l) => `${t.type} ${l}`);
  });
}

describe("ICC", () => {
  const r = reference("icc").result;
  const d = data("raters.csv");
  const sets: Record<string, Float64Array[]> = {
    f1: [d.f1_r1, d.f1_r2], f2: [d.f2_r1, d.f2_r2], f3: [d.f3_r1, d.f3_r2], f1_three_raters: [d.f1_r1, d.f1_r2, d.f1_r3],
  };
  test.each(Object.keys(sets))("%s: six forms, F tests, intervals (psych 2.2.9)", (name) => expect(asPsych(sets[name], r[name].psych)).toEqual([]));
  test.each(Object.keys(sets))("%s: values and the intervals that irr 0.84.1 shares", (name) => {
    const { estimates } = icc(sets[name]);
    const shared: Record<string, number> = { oneway_single: 0, agreement_single: 1, consistency_single: 2, oneway_average: 3, consistency_average: 5 };
    for (const [key, k] of Object.entries(shared)) {
      const t = r[name].irr[key];
      expect(unequal([estimates[k].icc, ...estimates[k].ci], [t.value, t.lower, t.upper], TOLERANCE), key).toEqual([]);
    }
    expect(unequal([estimates[4].icc], [r[name].irr.agreement_average.value], TOLERANCE)).toEqual([]);
    for (const [key, k] of Object.entries({ oneway_single: 0, consistency_single: 2, oneway_average: 3, consistency_average: 5 })) {
      const [t, e] = [r[name].irr[key], estimates[k]];
      expect(unequal([e.f, ...e.df, e.p], [t.F, t.df1, t.df2, t.p], TOLERANCE, 1e-60), key).toEqual([]);
    }
    // of agreement irr tests the same F on Satterthwaite's df
    for (const [key, k] of Object.entries({ agreement_single: 1, agreement_average: 4 })) expect(unequal([estimates[k].f], [r[name].irr[key].F], TOLERANCE), key).toEqual([]);
  });
  test("mean squares", () => {
    const { meanSquares: m } = icc(sets.f1_three_raters);
    const a = r.f1_three_raters.anova;
    expect(unequal([m.subjects, m.raters, m.error, m.within], [a.MSB, a.MSJ, a.MSE, a.MSW], TOLERANCE)).toEqual([]);
  });
  test("Shrout & Fleiss 1979, table 2", () => {
    const toy = reference("icc_shrout_fleiss");
    const four = Object.values(toy.data as any).map((column) => Float64Array.from(column as number[]));
    expect(asPsych(four, toy.result.forms)).toEqual([]);
    // as printed in the paper: .17 .29 .71 .44 .62 .91
    expect(icc(four).estimates.map((e) => e.icc.toFixed(2))).toEqual(["0.17", "0.29", "0.71", "0.44", "0.62", "0.91"]);
  });
  test("a subject without all ratings is left out and counted", () => {
    const [a, b] = [d.f2_r1.slice(), d.f2_r2.slice()];
    a[3] = NaN;
    b[7] = NaN;
    const kept = [a, b].map((c) => c.filter((_, i) => i !== 3 && i !== 7));
    const ours = icc([a, b]);
    expect(ours.leftOut).toBe(2);
    expect(ours.warnings[0]).toContain("2 of 40");
    expect(ours.estimates).toEqual(icc(kept).estimates);
  });
  test("a shift of one rater lowers agreement, not consistency; a common level changes nothing", () => {
    const [a, b] = sets.f2;
    const moved = icc([a, b.map((v) => v + 5)]).estimates, plain = icc([a, b]).estimates, lifted = icc([a.map((v) => v + 1e6), b.map((v) => v + 1e6)]).estimates;
    expect(moved[2].icc).toBeCloseTo(plain[2].icc, 12);
    expect(moved[1].icc).toBeLessThan(plain[1].icc - 0.1);
    lifted.forEach((e, k) => expect(e.icc).toBeCloseTo(plain[k].icc, 8));
  });
  test("perfect agreement is 1 with a warning, a constant feature NaN with one", () => {
    const perfect = icc([[1, 2, 3, 5], [1, 2, 3, 5]]);
    perfect.estimates.forEach((e) => expect([e.icc, ...e.ci, e.p], e.form).toEqual([1, 1, 1, 0]));
    expect(perfect.warnings[0]).toContain("copy");
    const flat = icc([[2, 2, 2], [2, 2, 2]]);
    flat.estimates.forEach((e) => expect(e.icc).toBeNaN());
    expect(flat.warnings.length).toBe(1);
    expect(() => icc([[1, 2, 3]])).toThrow(/1 rater/);
    expect(() => icc([[1, NaN], [NaN, 2]])).toThrow(/0 subjects/);
    expect(iccForms.length).toBe(6);
  });
  // true ICC(1,1) = 1/(1 + 1) = .5: the 95 % interval covers it in .95 of 1,000 samples of 20 × 3, within 3 √(.95·.05/1000)
  test("the interval of ICC(1,1) covers the truth", () => {
    const random = randomStream("icc");
    let covered = 0;
    for (let s = 0; s < 1000; s++) {
      const subject = Float64Array.from({ length: 20 }, () => random.normal());
      const { ci } = icc([0, 1, 2].map(() => subject.map((v) => v + random.normal())), { forms: ["ICC(1,1)"] }).estimates[0];
      if (ci[0] <= 0.5 && 0.5 <= ci[1]) covered++;
    }
    expect(Math.abs(covered / 1000 - 0.95)).toBeLessThan(3 * Math.sqrt(0.95 * 0.05 / 1000));
  });
});

function weightedKappa(counts: number[][], w: (i: number, j: number) => number): number {
  const n = counts.flat().reduce((a, b) => a + b);
  let observed = 0, expected = 0;
  counts.forEach((row, i) => row.forEach((c, j) => {
    observed += w(i, j) * c / n;
    expected += w(i, j) * row.reduce((a, b) => a + b) * counts.reduce((a, other) => a + other[j], 0) / n / n;
  }));
  return (observed - expected) / (1 - expected);
}

/** psych 2.2.9's variance of a weighted kappa of 4 categories, |i − j|/3 to a power as the weight lost. */
function slipped(counts: number[][], power: number): number {
  const n = counts.flat().reduce((a, b) => a + b);
  const w = counts.map((row, i) => row.map((_, j) => 1 - (Math.abs(i - j) / 3) ** power));
  const r = counts.map((row) => row.reduce((a, b) => a + b) / n);
  const c = counts.map((_, j) => counts.reduce((a, row) => a + row[j], 0) / n);
  let po = 0, pe = 0, sum = 0;
  counts.forEach((row, i) => row.forEach((x, j) => {
    po += w[i][j] * x / n;
    pe += w[i][j] * r[i] * c[j];
  }));
  counts.forEach((row, i) => row.forEach((x, j) => {
    const ofRow = w[i].reduce((s, v, b) => s + v * c[b], 0);
    const ofColumn = r[j] * w[j].reduce((a, b) => a + b);
    sum += x / n * (w[i][j] * (1 - pe) - (ofRow + ofColumn) * (1 - po)) ** 2;
  }));
  return (sum - (po * pe - 2 * pe + po) ** 2) / (n * (1 - pe) ** 4);
}

describe("kappa", () => {
  const r = reference("kappa").result;
  const d = data("raters.csv");
  const code = (c: Float64Array) => c.map((v) => v - 1);
  const weights = ["none", "linear", "quadratic"] as const;
  test.each([["k1_k2", "k1", "k2"], ["k1_k3", "k1", "k3"]])("%s: irr 0.84.1 and psych 2.2.9", (name, a, b) => {
    const t = r[name];
    const ours = weights.map((w) => cohenKappa(code(d[a]), code(d[b]), { weights: w, categories: 4 }));
    [t.unweighted, t.linear, t.quadratic].forEach((irr, k) => {
      expect(unequal([ours[k].kappa, ours[k].z], [irr.kappa, irr.z], TOLERANCE), weights[k]).toEqual([]);
      // irr's p is 2 (1 − Φ(z)), cancelled to about 1e-16
      expect(Math.abs(ours[k].p - irr.p)).toBeLessThan(1e-15);
    });
    expect(unequal(ours[0].ci, [t.psych_ci_quadratic.values[0][0], t.psych_ci_quadratic.values[0][2]], TOLERANCE)).toEqual([]);
    expect(unequal([ours[0].se * ours[0].se], [t.psych_var], TOLERANCE)).toEqual([]);
    // psych 2.2.9's weighted variance takes rᵢ Σⱼ wᵢⱼ in place of Fleiss, Cohen & Everitt's mean weight Σᵢ wᵢⱼ rᵢ of column j;
    // with that slip its numbers come out, and without it ours is the delta method's (next test)
    expect(unequal([slipped(t.table, 1), slipped(t.table, 2)], [t.psych_var_linear, t.psych_var_quadratic], TOLERANCE)).toEqual([]);
    expect(kappaOfTable(t.table, { weights: "linear" })).toEqual(ours[1]);
  });
  test.each(weights)("the standard error is the delta method's, by finite differences (%s)", (w) => {
    const table: number[][] = r.k1_k2.table;
    const n = 40;
    const value = (counts: number[][]) => weightedKappa(counts, (i, j) => (w === "none" ? (i === j ? 1 : 0) : 1 - (Math.abs(i - j) / 3) ** (w === "linear" ? 1 : 2)));
    let variance = 0;
    for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) {
      const bent = (h: number) => value(table.map((row, a) => row.map((c, b) => c * (1 - h) + (a === i && b === j ? n * h : 0))));
      const influence = (bent(1e-5) - bent(-1e-5)) / 2e-5;
      variance += table[i][j] / n * influence * influence / n;
    }
    // finite differences of step 1e-5 leave about 1e-9
    expect(unequal([kappaOfTable(table, { weights: w }).se], [Math.sqrt(variance)], 1e-7)).toEqual([]);
  });
  test("toy of three categories (irr 0.84.1)", () => {
    const toy = reference("kappa_toy");
    const { a, b } = toy.data as any;
    [toy.result.unweighted, toy.result.linear, toy.result.quadratic].forEach((irr, k) => {
      const ours = cohenKappa(a.map((v: number) => v - 1), b.map((v: number) => v - 1), { weights: weights[k] });
      expect(unequal([ours.kappa, ours.z, ours.p], [irr.kappa, irr.z, irr.p], TOLERANCE)).toEqual([]);
    });
  });
  test("Fleiss' kappa of three raters (irr 0.84.1)", () => {
    const ours = fleissKappa([d.k1, d.k2, d.k3].map(code));
    expect(unequal([ours.kappa, ours.z], [r.fleiss.kappa, r.fleiss.z], TOLERANCE)).toEqual([]);
    // irr's 2 (1 − Φ(8.5)) is cancelled to 0
    expect(ours.p).toBeLessThan(1e-15);
  });
  // 20 + 15 of 50 agree, margins 25/25 and 30/20: pₒ .7, pₑ .5, kappa .4
  test("2 × 2 by hand", () => expect(kappaOfTable([[20, 5], [10, 15]]).kappa).toBeCloseTo(0.4, 14));
  test("missing ratings, one category, wrong codes", () => {
    expect(cohenKappa([0, 1, 1, -1], [0, 1, 0, 1]).leftOut).toBe(1);
    const single = cohenKappa([0, 0, 0], [0, 0, 0]);
    expect(single.kappa).toBeNaN();
    expect(single.warnings[0]).toContain("single category");
    expect(() => cohenKappa([0, 1.5], [0, 1])).toThrow(/1.5/);
    expect(() => fleissKappa([[0, 1]])).toThrow(/at least 2/);
  });
});

describe("Bland–Altman", () => {
  const d = data("raters.csv");
  test("bias and limits (R: mean and sd of the differences)", () => {
    const ours = blandAltman(d.f2_r1, d.f2_r2);
    const { bias, sd, loa } = reference("icc").result.bland_altman_f2;
    expect(unequal([ours.bias, ours.sd, ...ours.limits], [bias, sd, ...loa], TOLERANCE)).toEqual([]);
  });
  test("the test and interval of the bias are the paired t test's", () => {
    const ours = blandAltman(d.f2_r1, d.f2_r2);
    const t = tTest(d.f2_r1, d.f2_r2, { paired: true });
    expect(unequal([ours.biasTest.t, ours.biasTest.p, ...ours.biasCi], [t.statistic, t.p, ...t.ci!], TOLERANCE)).toEqual([]);
  });
  // first = 1.1 m, second = 0.9 m: difference = 0.2 · mean without error, slope .2
  test("proportional bias of a pure scale", () => {
    const m = [1, 2, 3, 4];
    const { proportional } = blandAltman(m.map((v) => 1.1 * v + 1), m.map((v) => 0.9 * v + 1));
    expect(proportional.slope).toBeCloseTo(0.2, 12);
    expect(proportional.intercept).toBeCloseTo(-0.2, 12);
  });
  // limits' half-width by hand: differences −1 0 1 0: SD √(2/3), n 4; t(.975, 3) = 3.18244630528371 (R qt)
  test("interval of a limit by hand", () => {
    const ours = blandAltman([1, 2, 4, 4], [2, 2, 3, 4]);
    const half = 3.18244630528371 * Math.sqrt(2 / 3) * Math.sqrt(1 / 4 + 1.96 * 1.96 / 6);
    expect(ours.upperCi[1] - ours.limits[1]).toBeCloseTo(half, 12);
  });
  test("missing pairs are counted; too few and constant differences speak", () => {
    expect(blandAltman([1, 2, 3, NaN], [1, 3, 2, 4]).leftOut).toBe(1);
    expect(() => blandAltman([1, 2], [1, 2])).toThrow(/2 complete pairs/);
    expect(blandAltman([1, 2, 3], [2, 3, 4]).warnings[0]).toContain("no spread");
  });
});
