// Expected: rms 6.5-0 groupkm and calibrate (golden/stats/reference/survest_groupkm.json, cph_validate_calibrate.json); curves by properties that need no oracle.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { survivalCalibrationCurve, survivalCalibrationGroups, survivalFromPredictor, type CalibrationGroup } from "../../src/evaluate/index.js";
import { randomStream } from "../../src/math/index.js";
import { data, reference, unequal } from "../stats.js";
import { extendedTest } from "../data.js";

const d = data("surv_cohort.csv");
const all = { time: d.time, event: d.status };
const flat = (groups: CalibrationGroup[]) => groups.flatMap((g) => [g.predicted, g.n, g.events, g.observed, g.standardErrorOfLog]);

test("survest_groupkm: quartiles and groups of 45", () => {
  const { result: r } = reference("survest_groupkm");
  expect(unequal(flat(survivalCalibrationGroups(all, r.pred36, 36).groups), r.g4.values.flat(), 1e-10)).toEqual([]);
  expect(unequal(flat(survivalCalibrationGroups(all, r.pred36, 36, { size: 45 }).groups), r.m45.values.flat(), 1e-10)).toEqual([]);
});

test("cph_validate_calibrate: the apparent columns of calibrate", () => {
  const { result: r } = reference("cph_validate_calibrate");
  const g = survivalCalibrationGroups(all, r.predicted, 36, { size: 45 }).groups;
  const column = (name: string) => r.calibrate.values.map((row: number[]) => row[r.calibrate.cols.indexOf(name)]);
  expect(unequal(g.map((x) => x.difference), column("index.orig"), 1e-9)).toEqual([]);
  expect(unequal(g.map((x) => x.predicted), column("mean.predicted"), 1e-10)).toEqual([]);
  expect(unequal(g.map((x) => x.standardErrorOfLog), column("std.err"), 1e-10)).toEqual([]);
});

// 3000 patients from an exponential Cox model, uniform censoring: predictions that are true, and the same halved on the log-hazard scale
test("true predictions calibrate; predictions twice too extreme have slope ½ and a large ICI", () => {
  const random = randomStream("calibration");
  const eta = Array.from({ length: 3000 }, () => random.normal());
  const t = eta.map((e) => (-Math.log(1 - random.next()) * 10) / Math.exp(e));
  const c = eta.map(() => 5 + 20 * random.next());
  const cohort = { time: t.map((x, i) => Math.min(x, c[i])), event: t.map((x, i) => (x <= c[i] ? 1 : 0)) };
  const risk = Array.from(survivalFromPredictor(Math.exp(-0.5), eta), (s) => 1 - s); // S0(5) = exp(−.5)
  const extreme = Array.from(survivalFromPredictor(Math.exp(-0.5), eta.map((e) => 2 * e)), (s) => 1 - s);
  for (const method of ["cox spline", "pseudo-values"] as const) {
    const good = survivalCalibrationCurve(cohort, risk, 5, { method });
    expect(good.ici).toBeLessThan(0.02);
    expect(Math.abs(good.slope - 1)).toBeLessThan(3 * good.slopeSe);
    expect(good.e50).toBeLessThanOrEqual(good.e90);
    expect(good.observedOverExpected).toBeCloseTo(1, 1);
    const bad = survivalCalibrationCurve(cohort, extreme, 5, { method });
    expect(bad.ici).toBeGreaterThan(0.08);
    expect(Math.abs(bad.slope - 0.5)).toBeLessThan(3 * bad.slopeSe);
  }
});

test("few distinct predictions, risks of 0 and 1, bad input", () => {
  const two = survivalCalibrationCurve(all, Array.from(d.er, (e) => (e === 1 ? 0.4 : 0.6)), 36);
  expect(two.warnings[0]).toContain("straight line");
  expect(survivalCalibrationCurve(all, Array.from(d.risk2, (r, i) => (i === 0 ? 0 : r)), 36).warnings[0]).toContain("0 or 1");
  expect(() => survivalCalibrationCurve(all, new Float64Array(180).fill(0.3), 36)).toThrow("all predicted risks are equal");
  expect(() => survivalCalibrationCurve({ time: [1, 2, 3], event: [0, 0, 0] }, [0.1, 0.2, 0.3], 2)).toThrow("no event");
  expect(() => survivalCalibrationGroups(all, new Float64Array(180).fill(2), 36)).toThrow("prediction of row 1 is 2");
  expect(survivalCalibrationGroups(all, new Float64Array(180).fill(0.5), 36).warnings[0]).toContain("Only 1 of 4");
});

extendedTest("R's veteran data", "stats/reference/groupkm_veteran.json", (path) => {
  const { data: v, result: r } = JSON.parse(readFileSync(path, "utf8"));
  expect(unequal(flat(survivalCalibrationGroups({ time: v.time, event: v.status }, r.pred, 120).groups), r.groups.values.flat(), 1e-10)).toEqual([]);
});
