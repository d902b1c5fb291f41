import { expect, test } from "vitest";
import { median, quantile, quantiles, type QuantileType } from "../../src/math/index.js";
import { data, reference, unequal } from "../stats.js";

test("all nine types agree with R quantile()", () => {
  const { args, result } = reference("quantile_types") as any;
  const d = data("surv_cohort.csv");
  // R had 1/3; the file holds its first 15 digits
  const shares = args.probs.map((p: number) => (Math.abs(p - 1 / 3) < 1e-14 ? 1 / 3 : p));
  for (let type = 1; type <= 9; type++) {
    const theirs = result[`type${type}`];
    for (const [name, values] of [["rad23", d.rad.slice(0, 23)], ["size", d.size], ["nodes_ties", d.nodes]] as const) {
      expect(unequal(quantiles(values, shares, type as QuantileType), theirs[name], 1e-12), `type ${type} of ${name}`).toEqual([]);
    }
  }
});

test("one value, none, missing ones; probabilities outside 0 to 1", () => {
  for (let type = 1; type <= 9; type++) expect(quantile([4], 0.3, type as QuantileType)).toBe(4);
  expect(median([3, 1, 2, 10])).toBe(2.5);
  expect(median([])).toBeNaN();
  expect(quantile([1, NaN, 2], 0.5)).toBeNaN();
  expect(quantile([-Infinity, 0, Infinity], 0.5)).toBe(0);
  expect(() => quantile([1, 2], 25)).toThrow(/probability is 25/);
});
