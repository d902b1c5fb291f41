import { expect, test } from "vitest";
import { bootstrapRows, permutation, randomStream } from "../../src/math/index.js";

test("the same seed gives the same numbers, another seed others", () => {
  const draw = (seed: number | string) => { const r = randomStream(seed); return Array.from({ length: 5 }, () => r.next()); };
  expect(draw(7)).toEqual(draw("7"));
  expect(draw(7)).not.toEqual(draw(8));
  expect(() => randomStream(NaN)).toThrow(/random seed is NaN/);
});

test("a named stream does not depend on what was drawn before, and differs from its parent and its siblings", () => {
  const a = randomStream(1);
  const early = a.stream("fold 3").next();
  for (let i = 0; i < 100; i++) a.normal();
  expect(a.stream("fold 3").next()).toBe(early);
  expect(a.stream(3).next()).toBe(a.stream("3").next());
  const path = [a, a.stream("x"), a.stream("y"), a.stream("x").stream("y"), a.stream("y").stream("x"), a.stream(""), a.stream("/")];
  expect(new Set(path.map((r) => r.stream("z").next())).size).toBe(path.length);
});

test("streams of neighbouring seeds and names are uncorrelated and uniform", () => {
  // 20 000 first numbers of streams 0, 1, 2, …: mean, variance and correlation of neighbours within 4 standard errors
  const n = 20000;
  const root = randomStream(42);
  for (const first of [(i: number) => root.stream(i).next(), (i: number) => randomStream(i).next()]) {
    const u = Array.from({ length: n }, (_, i) => first(i) - 0.5);
    const mean = u.reduce((s, x) => s + x, 0) / n;
    const variance = u.reduce((s, x) => s + x * x, 0) / n;
    const lag = u.slice(1).reduce((s, x, i) => s + x * u[i], 0) / n;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n));
    expect(Math.abs(lag)).toBeLessThan(4 / 12 / Math.sqrt(n));
  }
});

test("below is uniform: chi-squared over the cells of small and odd n", () => {
  const random = randomStream("cells");
  for (const n of [2, 3, 7, 100]) {
    const draws = 30000;
    const count = new Float64Array(n);
    for (let i = 0; i < draws; i++) count[random.below(n)]++;
    const chi = count.reduce((s, c) => s + ((c - draws / n) * (c - draws / n)) / (draws / n), 0);
    expect(Math.abs(chi - (n - 1))).toBeLessThan(4 * Math.sqrt(2 * (n - 1)));
  }
  const large = 3e9;
  for (let i = 0; i < 1000; i++) {
    const k = random.below(large);
    expect(Number.isInteger(k) && k >= 0 && k < large).toBe(true);
  }
});

test("normal has mean 0, variance 1, skewness 0, kurtosis 3", () => {
  const random = randomStream("normal");
  const n = 40000;
  const moments = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const z = random.normal();
    moments[0] += z; moments[1] += z * z; moments[2] += z ** 3; moments[3] += z ** 4;
  }
  // variances of z, z², z³, z⁴: 1, 2, 15, 96
  [[0, 1], [1, 2], [0, 15], [3, 96]].forEach(([mean, variance], k) =>
    expect(Math.abs(moments[k] / n - mean)).toBeLessThan(4 * Math.sqrt(variance / n)));
});

test("permutation holds every number once; its prefix is a sample without replacement; bootstrap rows lie in range", () => {
  const random = randomStream(5);
  expect([...permutation(50, random)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(new Set(permutation(50, random, 10)).size).toBe(10);
  // each of the 6 orders of three about equally often
  const count: Record<string, number> = {};
  for (let i = 0; i < 6000; i++) { const p = permutation(3, random).join(); count[p] = (count[p] ?? 0) + 1; }
  expect(Object.keys(count).length).toBe(6);
  for (const c of Object.values(count)) expect(Math.abs(c - 1000)).toBeLessThan(4 * Math.sqrt(1000 * 5 / 6));
  expect(bootstrapRows(30, random).every((r) => r >= 0 && r < 30)).toBe(true);
});
