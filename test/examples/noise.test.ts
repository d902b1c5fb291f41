// The lesson of examples/noise over 40 seeded sets: the recipe on pure noise, judged in three ways.
import { expect, test } from "vitest";
// @ts-expect-error an example for readers, plain JavaScript
import { mean, noiseStudy } from "../../examples/noise/noise.mjs";

test("on pure noise apparent and outside-selection AUC are high, and inside it is chance", { timeout: 240_000 }, () => {
  const results: { apparent: number; outside: number; inside: number }[] = Array.from({ length: 40 }, (_, k) => noiseStudy(k + 1));
  expect(mean(results.map((r) => r.apparent))).toBeGreaterThan(0.9);
  expect(mean(results.map((r) => r.outside))).toBeGreaterThan(0.8);
  expect(Math.abs(mean(results.map((r) => r.inside)) - 0.5)).toBeLessThan(0.03);
});
