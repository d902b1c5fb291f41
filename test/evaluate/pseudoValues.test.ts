// Expected: R survival 3.5-3 pseudo (golden/stats/reference/pseudo_values.json).
import { expect, test } from "vitest";
import { kaplanMeier, pseudoValues, survivalAt } from "../../src/evaluate/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const all = { time: d.time, event: d.status };

test("pseudo_values: survival at times and restricted mean", () => {
  const { result: r, args } = reference("pseudo_values");
  const p = pseudoValues(all, args.times);
  p.forEach((column, k) => expect(unequal(column, r.surv.map((row: number[]) => row[k]), 1e-9, 1e-3)).toEqual([]));
  expect(unequal(pseudoValues(all, [36], "restrictedMean")[0], r.rmst36, 1e-9)).toEqual([]);
});

test("their mean is the estimate; without censoring they are the indicators", () => {
  const [p] = pseudoValues(all, [36]);
  expect(p.reduce((a, b) => a + b, 0) / 180).toBeCloseTo(survivalAt(kaplanMeier(all), [36])[0].survival, 12);
  const [q] = pseudoValues({ time: [1, 2, 3, 4], event: [1, 1, 1, 1] }, [2.5]);
  expect(unequal(q, [0, 0, 1, 1], 1e-12, 1)).toEqual([]);
  expect(unequal(pseudoValues({ time: [1, 2], event: [1, 1] }, [3])[0], [0, 0], 0)).toEqual([]);
  expect(unequal(pseudoValues({ time: [1, 2], event: [0, 0] }, [0.5])[0], [1, 1], 0)).toEqual([]);
  expect(() => pseudoValues(all, [-1])).toThrow("cannot be looked at");
});
