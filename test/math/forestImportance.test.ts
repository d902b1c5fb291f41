import { expect, test } from "vitest";
import { forestImportance, InputError, randomStream } from "../../src/math/index.js";
import { data, reference } from "../stats.js";

const bin = data("bin_cohort.csv");
const names = ["age", "size", "adc", "her2", "multi", "m1", "m2"];

// Expected: R randomForest 4.7-1.1, importance(type = 1, scale = FALSE), means of 10 forests of 4000 trees with their standard errors (makeMethods.R).
// Chance differs, so both sides have an error: compared within 4 standard errors of the difference (14 comparisons).
test.each(["classes", "numbers"] as const)("importance agrees with randomForest: %s", (kind) => {
  const { mean, se } = reference("forest_importance").result[kind];
  const runs = [1, 2, 3, 4].map((seed) => forestImportance(names.map((n) => bin[n]), kind === "classes" ? bin.y : bin.p2, kind, { trees: 2000, tries: 2 }, randomStream(seed)).rise);
  names.forEach((name, j) => {
    const ours = runs.reduce((a, r) => a + r[j] / 4, 0);
    const own = Math.sqrt(runs.reduce((a, r) => a + (r[j] - ours) * (r[j] - ours), 0) / 3 / 4);
    // the spread of four runs is itself rough: never taken below twice R's
    expect(Math.abs(ours - mean[name]) / Math.hypot(Math.max(own, 2 * se[name]), se[name]), name).toBeLessThan(4);
  });
});

test("a column that decides has all the importance; a constant one has none; chance is seeded", () => {
  const r = randomStream(1);
  const x = [Float64Array.from({ length: 80 }, () => r.next()), new Float64Array(80).fill(3), Float64Array.from({ length: 80 }, () => r.next())];
  const y = x[0].map((v) => (v > 0.5 ? 1 : 0));
  const fit = (seed: number) => forestImportance(x, y, "classes", { trees: 100, tries: 3 }, randomStream(seed));
  const { rise, z, error } = fit(2);
  expect(rise[0]).toBeGreaterThan(0.3);
  expect([rise[1], z[1]]).toEqual([0, 0]);
  expect(z[0]).toBeGreaterThan(10 * Math.abs(z[2]));
  expect(error).toBeLessThan(0.05);
  expect(fit(2)).toEqual(fit(2));
});

test("rows of one group are in a bag or out of it together", () => {
  const r = randomStream(1);
  const noise = Float64Array.from({ length: 40 }, () => r.next());
  // each patient three times, the outcome a coin toss a patient: only rows of the same patient in the bag could tell it
  const x = Float64Array.from({ length: 120 }, (_, i) => noise[i % 40]), y = x.map((_, i) => ((i % 40) * 7919) % 2);
  const together = forestImportance([x], y, "classes", { trees: 300, group: Array.from(x, (_, i) => i % 40) }, randomStream(3));
  const apart = forestImportance([x], y, "classes", { trees: 300 }, randomStream(3));
  expect(apart.error).toBeLessThan(0.15);
  expect(together.error).toBeGreaterThan(0.35);
});

test("what no forest can be grown of is said", () => {
  expect(() => forestImportance([], [1, 0], "classes", {}, randomStream(1))).toThrow(InputError);
  expect(() => forestImportance([Float64Array.of(1, 2)], [1, 0], "classes", { trees: 1 }, randomStream(1))).toThrow(/1 trees/);
  expect(() => forestImportance([Float64Array.of(1, 2)], [1, 0], "classes", { tries: 2 }, randomStream(1))).toThrow(/2 of 1 columns/);
});
