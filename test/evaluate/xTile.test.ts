// X-tile has no reference program to run: every tile is compared with our log-rank test (which agrees with R) on the groups written out.
import { expect, test } from "vitest";
import { logRank, minimumPCut, xTile } from "../../src/evaluate/index.js";
import { randomStream } from "../../src/math/index.js";
import { data, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const all = { time: d.time, event: d.status };

test("three groups: every pair of cuts has the log-rank χ² of its three groups", () => {
  const x = xTile(all, d.m2, { groups: 3, minimum: 0.2 });
  const some = x.tiles.filter((_, k) => k % 97 === 0);
  const direct = some.map((t) => logRank(all, Array.from(d.m2, (m) => (m > t.low ? 1 : 0) + (m > t.high ? 1 : 0))).chisq);
  expect(some.length).toBeGreaterThan(20);
  expect(unequal(some.map((t) => t.chisq), direct, 1e-8)).toEqual([]);
  expect(x.chisq).toBe(Math.max(...x.tiles.map((t) => t.chisq)));
  expect(logRank(all, Array.from(d.m2, (m) => x.cuts.filter((c) => m > c).length)).p / x.optimisticP).toBeCloseTo(1, 6);
  expect(Math.min(...[0, 1, 2].map((g) => Array.from(d.m2).filter((m) => x.cuts.filter((c) => m > c).length === g).length))).toBeGreaterThanOrEqual(36);
});

test("two groups on everyone is the minimum-p cut; held out it is tested elsewhere", () => {
  expect(xTile(all, d.m2).cuts).toEqual([minimumPCut(all, d.m2).cut]);
  const x = xTile(all, d.m2, { random: randomStream(7), permutations: 99 });
  expect(x.training.reduce((a, b) => a + b, 0)).toBe(90);
  const held = x.training.map((t, i) => (t === 0 ? i : -1)).filter((i) => i >= 0);
  expect(x.validationP).toBe(logRank({ time: held.map((i) => d.time[i]), event: held.map((i) => d.status[i]) }, held.map((i) => (d.m2[i] > x.cuts[0] ? 1 : 0))).p);
  expect(x.permutationP).toBeLessThan(0.1);
  expect(xTile(all, d.m2, { random: randomStream(7), permutations: 99 })).toEqual(x);
});

// 200 null cohorts of 60: the validation p is uniform although the cut was searched
test("the validation p is honest under the null", () => {
  const random = randomStream("null");
  let below = 0;
  for (let b = 0; b < 200; b++) {
    const time = Array.from({ length: 60 }, () => -Math.log(1 - random.next()));
    const x = xTile({ time, event: time.map(() => (random.next() < 0.8 ? 1 : 0)) }, time.map(() => random.normal()), { random, minimum: 0.2 });
    if (x.validationP <= 0.1) below++;
  }
  expect(Math.abs(below / 200 - 0.1)).toBeLessThan(3 * Math.sqrt((0.1 * 0.9) / 200));
});

test("bad input", () => {
  expect(() => xTile(all, new Float64Array(180))).toThrow("no cut into 2 groups");
  expect(() => xTile(all, d.er, { groups: 3 })).toThrow("no cut into 3 groups");
  expect(() => xTile({ time: [1, 2], event: [1, 1] }, [1, 2])).toThrow("at least four");
  const none = xTile({ time: [1, 2, 3, 4, 5, 6], event: [0, 0, 0, 0, 0, 0] }, [1, 2, 3, 4, 5, 6], { groups: 3, minimum: 0.2 });
  expect(none.chisq).toBe(0);
});
