// Expected: R survival 3.5-3 survdiff at every cut and maxstat 0.7-25 (golden/stats/reference/cutpoint_*.json).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { crossValidatedCut, logRank, maxstatCut, medianCut, minimumPCut, permutationCutP } from "../../src/evaluate/index.js";
import { randomStream } from "../../src/math/index.js";
import { data, reference, unequal } from "../stats.js";
import { extendedTest } from "../data.js";

const d = data("surv_cohort.csv");
const all = { time: d.time, event: d.status };

test("cutpoint_min_logrank: every cut, the best, exactly", () => {
  const { result: r } = reference("cutpoint_min_logrank");
  for (const [marker, minimum, x] of [[d.m2, 0.1, r.m2], [d.nodes, 0.15, r.nodes_ties]] as const) {
    const m = minimumPCut(all, marker, { minimum });
    expect([m.table.cut, m.table.low, m.table.high].map((q) => Array.from(q))).toEqual([x.table.cut, x.table.n_low, x.table.n_high]);
    expect(unequal(m.table.chisq, x.table.chisq, 1e-9)).toEqual([]);
    expect(unequal(m.table.p, x.table.p, 1e-8)).toEqual([]);
    expect([m.cut, m.low, m.high]).toEqual([x.best.cut, x.best.n_low, x.best.n_high]);
    expect(unequal([m.optimisticP], [x.best.p], 1e-8)).toEqual([]);
    expect(m.adjustedP).toBeGreaterThan(m.optimisticP);
  }
});

test("cutpoint_maxstat: statistics, cut, Lausen 92 and 94", () => {
  const { result: r } = reference("cutpoint_maxstat");
  for (const [marker, x] of [[d.m2, r.m2], [d.nodes, r.nodes_ties], [d.age, r.age]] as const) {
    const m = maxstatCut(all, marker);
    expect(m.cuts).toEqual(x.cuts);
    expect(unequal(m.statistics, x.stats, 1e-10)).toEqual([]);
    expect([m.cut]).toEqual([x.cutpoint]);
    expect(unequal([m.statistic, m.lausen92, m.lausen94], [x.statistic, x.p_Lau92, x.p_Lau94], 1e-8)).toEqual([]);
  }
});

test("median cut is the log-rank test at the median", () => {
  const m = medianCut(all, d.m2);
  expect(m.p).toBe(logRank(all, Array.from(d.m2, (v) => (v > m.cut ? 1 : 0))).p);
});

test("strong signal: permutation and cross-validated p are small; the cut is reproducible from its seed", () => {
  const p = permutationCutP(all, d.m2, randomStream(1), { permutations: 199 });
  expect(p.p).toBe(1 / 200);
  const c = crossValidatedCut(all, d.m2, randomStream(2));
  expect(c.permutationP).toBeLessThan(0.05);
  expect(crossValidatedCut(all, d.m2, randomStream(2))).toEqual(c);
  expect(maxstatCut(all, d.m2, { random: randomStream(3), permutations: 199 }).permutationP).toBe(1 / 200);
});

// 200 null cohorts of 50 patients, 80 % events. Permutation p uniform; the corrected p of both bounds at or below .05 not more often than .05 + 2 Monte Carlo SE.
test("under the null: permutation p uniform, Lausen's bounds never anti-conservative", () => {
  const random = randomStream(2025);
  const reps = 200;
  let [perm05, perm50, l92, l94, optimistic, adjusted, crossed] = [0, 0, 0, 0, 0, 0, 0];
  for (let b = 0; b < reps; b++) {
    const time = Array.from({ length: 50 }, () => -Math.log(1 - random.next()));
    const one = { time, event: time.map(() => (random.next() < 0.8 ? 1 : 0)) };
    const marker = time.map(() => random.normal());
    const m = maxstatCut(one, marker, { random, permutations: 99 });
    if (m.permutationP! <= 0.05) perm05++;
    if (m.permutationP! <= 0.5) perm50++;
    if (m.lausen92 <= 0.05) l92++;
    if (m.lausen94 <= 0.05) l94++;
    const least = minimumPCut(one, marker);
    if (least.optimisticP <= 0.05) optimistic++;
    if (least.adjustedP <= 0.05) adjusted++;
    if (crossValidatedCut(one, marker, random, { permutations: 19 }).permutationP! <= 0.05) crossed++;
  }
  const se = Math.sqrt((0.05 * 0.95) / reps);
  expect(Math.abs(perm05 / reps - 0.05)).toBeLessThan(3 * se);
  expect(Math.abs(perm50 / reps - 0.5)).toBeLessThan(3 * Math.sqrt(0.25 / reps));
  expect(l92 / reps).toBeLessThan(0.05 + 2 * se);
  expect(l94 / reps).toBeLessThan(0.05 + 2 * se);
  expect(adjusted / reps).toBeLessThan(0.05 + 2 * se);
  expect(Math.abs(crossed / reps - 0.05)).toBeLessThan(3 * se);
  expect(optimistic / reps).toBeGreaterThan(0.2); // why the plain p must not be reported
});

test("bad input", () => {
  expect(() => minimumPCut(all, new Float64Array(180).fill(3))).toThrow("no cut of the marker");
  expect(() => minimumPCut(all, d.m2, { minimum: 0.6 })).toThrow("minimum is 0.6");
  expect(() => maxstatCut({ time: [1, 2, 3, 4], event: [0, 0, 0, 0] }, [1, 2, 3, 4])).toThrow("same log-rank score");
  const none = minimumPCut({ time: [1, 2, 3, 4], event: [0, 0, 0, 0] }, [1, 2, 3, 4]);
  expect([none.chisq, none.optimisticP]).toEqual([0, 1]);
  const one = minimumPCut({ time: [1, 2, 3, 4], event: [0, 1, 0, 0] }, [1, 2, 3, 4]);
  expect(one.table.chisq.every(Number.isFinite)).toBe(true);
  const tied = minimumPCut({ time: [2, 2, 2, 2], event: [1, 1, 1, 0] }, [1, 2, 3, 4]);
  expect(tied.table.p.every(Number.isFinite)).toBe(true);
  expect(() => crossValidatedCut(all, d.m2, randomStream(1), { folds: 1 })).toThrow("1 folds");
});

extendedTest("R's veteran data, age", "stats/reference/cutpoint_veteran_karno_age.json", (path) => {
  const { data: v, result: r } = JSON.parse(readFileSync(path, "utf8"));
  const m = minimumPCut({ time: v.time, event: v.status }, v.m);
  expect(Array.from(m.table.cut)).toEqual(r.table.cut);
  expect(unequal(m.table.chisq, r.table.chisq, 1e-8)).toEqual([]);
  const s = maxstatCut({ time: v.time, event: v.status }, v.m);
  expect(unequal([s.statistic, s.cut], [r.maxstat, r.maxstat_cut], 1e-10)).toEqual([]);
});
