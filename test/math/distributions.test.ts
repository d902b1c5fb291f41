// Expected: R 4.2.2 (golden/stats), and mpmath 1.3 at 50 digits (golden/stats/mpmath_distributions.json, made by mpmath_distributions.py).
import { expect, test } from "vitest";
import * as math from "../../src/math/index.js";
import { reference, unequal } from "../stats.js";
import { golden, readJson } from "../data.js";

test("quantiles and upper tails agree with R", () => {
  const { data, result } = reference("distributions_basic") as any;
  const upper = { upper: true };
  const agree = (ours: number[], theirs: number[]) => expect(unequal(ours, theirs, 1e-12)).toEqual([]);
  agree(data.p.map((p: number) => math.normalQuantile(p)), result.qnorm);
  agree(data.p.map((p: number) => math.tQuantile(p, 10)), result.qt_10);
  agree(data.p.map((p: number) => math.chiSquaredQuantile(p, 3)), result.qchisq_3);
  agree([0, 1.96, 6, 12].map((z) => math.normalCdf(z, upper)), result.pnorm_upper);
  agree([0, 2, 8, 20].map((t) => math.tCdf(t, 10, upper)), result.pt_upper_10);
  agree([0.1, 3.84, 30, 200].map((x) => math.chiSquaredCdf(x, 1, upper)), result.pchisq_upper_1);
  agree([0.5, 3, 20].map((x) => math.fCdf(x, 3, 40, upper)), result.pf_upper_3_40);
});

type Case = { of: keyof typeof math; at: number[]; upper?: boolean; value: string };
const cases: Case[] = readJson(golden("stats/mpmath_distributions.json")).cases;

test("functions, both tails, agree with 50-digit arithmetic within 1e-12, also at 1e-300 and at 1e8 degrees of freedom", () => {
  const wrong: string[] = [];
  for (const { of, at, upper, value } of cases) {
    const call = math[of] as (...args: unknown[]) => number;
    const ours = upper === undefined ? call(...at) : call(...at, { upper });
    const theirs = Number(value);
    if (!(Math.abs(ours - theirs) <= 1e-12 * Math.abs(theirs))) wrong.push(`${of}(${at}, ${upper}) = ${ours}, expected ${theirs}`);
  }
  expect(cases.length).toBeGreaterThan(500);
  expect(wrong).toEqual([]);
});

test("quantiles invert both tails within 1e-11 of the probability, from 1e-250 to 1 − 1e-10", () => {
  const wrong: string[] = [];
  const sizes = [0.1, 0.5, 1, 2.5, 10, 63.5, 4000];
  for (const p of [1e-250, 1e-40, 1e-8, 0.01, 0.2, 0.4999, 0.5, 0.6, 0.99, 1 - 1e-10]) for (const upper of [false, true]) {
    const tail = { upper };
    const back = (name: string, q: number, found: number) => {
      // a quantile whose square leaves the range of doubles has no way back
      if (!(Math.abs(q) > 1e-290 && Math.abs(q) < 1e150)) return;
      if (!(Math.abs(found - p) <= 1e-11 * p)) wrong.push(`${name} p=${p} ${upper}: ${q} gives ${found}`);
    };
    let q = math.normalQuantile(p, tail);
    back("normal", q, p === 0.5 ? p : math.normalCdf(q, tail));
    for (const a of sizes) {
      q = math.gammaQuantile(p, a, 1, tail);
      back(`gamma ${a}`, q, math.gammaCdf(q, a, 1, tail));
      q = math.chiSquaredQuantile(p, a, tail);
      back(`chi ${a}`, q, math.chiSquaredCdf(q, a, tail));
      q = math.tQuantile(p, a, tail);
      back(`t ${a}`, q, p === 0.5 ? p : math.tCdf(q, a, tail));
      for (const b of sizes) {
        q = math.fQuantile(p, a, b, tail);
        back(`f ${a} ${b}`, q, math.fCdf(q, a, b, tail));
        q = math.betaQuantile(p, a, b, tail);
        if (q < 0.9) back(`beta ${a} ${b}`, q, math.betaCdf(q, a, b, tail));
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("discrete quantiles are the least k that reaches p", () => {
  for (const p of [1e-9, 0.025, 0.3, 0.5, 0.975, 1 - 1e-9]) {
    for (const [n, s] of [[1, 0.3], [20, 0.5], [400, 0.01], [1000, 0.9]]) {
      const k = math.binomialQuantile(p, n, s);
      expect(math.binomialCdf(k, n, s)).toBeGreaterThanOrEqual(p * (1 - 1e-13));
      if (k > 0) expect(math.binomialCdf(k - 1, n, s)).toBeLessThan(p);
      expect(math.binomialQuantile(1 - p, n, s, { upper: true })).toBe(k);
    }
    for (const mean of [0.2, 3, 1000]) {
      const k = math.poissonQuantile(p, mean);
      expect(math.poissonCdf(k, mean)).toBeGreaterThanOrEqual(p * (1 - 1e-13));
      if (k > 0) expect(math.poissonCdf(k - 1, mean)).toBeLessThan(p);
    }
  }
});

test("probabilities of all counts sum to 1, and to the distribution function", () => {
  let binomial = 0;
  let poisson = 0;
  for (let k = 0; k <= 60; k++) {
    binomial += math.binomialDensity(k, 60, 0.37);
    poisson += math.poissonDensity(k, 5.5);
    expect(Math.abs(math.binomialCdf(k, 60, 0.37) - binomial)).toBeLessThan(1e-14);
    expect(Math.abs(math.poissonCdf(k, 5.5) - poisson)).toBeLessThan(1e-14);
  }
});

test("ends of the range, and parameters outside it", () => {
  expect(math.normalQuantile(0)).toBe(-Infinity);
  expect(math.normalQuantile(0, { upper: true })).toBe(Infinity);
  expect(math.tQuantile(1, 4)).toBe(Infinity);
  expect(math.chiSquaredQuantile(1, 4)).toBe(Infinity);
  expect(math.chiSquaredCdf(Infinity, 4)).toBe(1);
  expect(math.chiSquaredCdf(-1, 4, { upper: true })).toBe(1);
  expect(math.tCdf(-Infinity, 3)).toBe(0);
  expect(math.tCdf(Infinity, 3)).toBe(1);
  expect(math.tCdf(1.3, Infinity)).toBe(math.normalCdf(1.3));
  expect(math.fCdf(2.4, 3, Infinity)).toBe(math.chiSquaredCdf(7.199999999999999, 3));
  expect(math.betaQuantile(1, 2, 3)).toBe(1);
  expect(math.binomialCdf(5, 5, 0.3)).toBe(1);
  expect(math.binomialDensity(2.5, 5, 0.3)).toBe(0);
  for (const value of [math.normalCdf(NaN), math.normalQuantile(1.1), math.tCdf(1, 0), math.tCdf(NaN, 3), math.chiSquaredCdf(1, -1),
    math.fQuantile(0.5, 0, 1), math.betaCdf(0.5, -1, 1), math.gammaQuantile(NaN, 1), math.poissonCdf(1, -1)]) expect(value).toBeNaN();
});

test("the expansion for huge shapes joins the sums, and infinite parameters end in NaN, not in a hang", () => {
  // P(a, a + z √a) hardly moves from a = 1e9 − 1, the last to be summed, to 1e9
  for (const z of [-6, -1, 0.001, 2, 7]) for (const upper of [false, true]) {
    const [below, above] = [1e9 - 1, 1e9].map((a) => math.incompleteGamma(a, a + z * Math.sqrt(a), upper));
    expect(unequal([above], [below], 1e-10)).toEqual([]);
  }
  expect(math.betaCdf(0.5, Infinity, Infinity)).toBeNaN();
  expect(math.fCdf(2, Infinity, Infinity)).toBeNaN();
  for (const upper of [false, true]) {
    // 1e8 degrees of freedom stand near to infinitely many
    for (const [d1, d2] of [[3, Infinity], [Infinity, 3]]) {
      const [e1, e2] = [Math.min(d1, 1e8), Math.min(d2, 1e8)];
      expect(unequal([math.fCdf(2, d1, d2, { upper })], [math.fCdf(2, e1, e2, { upper })], 1e-7)).toEqual([]);
      expect(unequal([math.fQuantile(0.1, d1, d2, { upper })], [math.fQuantile(0.1, e1, e2, { upper })], 1e-7)).toEqual([]);
      expect(unequal([math.fDensity(2, d1, d2)], [math.fDensity(2, e1, e2)], 1e-7)).toEqual([]);
    }
  }
  expect(math.gammaQuantile(0.3, Infinity)).toBeNaN();
  expect(math.binomialQuantile(0.3, 1e300, 0.5)).toBeGreaterThan(4e299);
  expect(math.poissonQuantile(0.3, 1e20)).toBeGreaterThan(9e19);
});
