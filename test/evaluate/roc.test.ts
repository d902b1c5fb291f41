import { expect, test } from "vitest";
import { aucCovariance, aucDelong, auc, bestCut, cutReaching, delongPaired, delongUnpaired, partialAuc, pointAtThreshold, rocCurve, sensitivityAt, specificityAt } from "../../src/evaluate/index.js";
import { randomStream } from "../../src/math/index.js";
import { extendedTest, readJson } from "../data.js";
import { data, reference, unequal } from "../stats.js";

const d = data("bin_cohort.csv");

// pROC 1.18.0 ci.auc, var; the calls stand in the reference files
test("AUC, DeLong variance and intervals agree with pROC", () => {
  const { result } = reference("roc_auc_ci");
  for (const [name, score] of [["p1", d.p1], ["p2", d.p2], ["m1", d.m1], ["m2_ties", d.m2]] as const) {
    const r = result[name];
    const [a95, a90] = [aucDelong(score, d.y), aucDelong(score, d.y, { level: 0.9 })];
    expect(unequal([a95.lower, a95.auc, a95.upper, a90.lower, a90.upper, a95.variance, auc(score, d.y) * 78 * 82],
      [...r.ci95, r.ci90[0], r.ci90[2], r.var, r.wilcox_W], 1e-10)).toEqual([]);
  }
});

test("curve and midpoint thresholds agree with pROC::roc, ties and none", () => {
  const { result } = reference("roc_points");
  for (const [name, score] of [["m2_ties", d.m2], ["p1", d.p1]] as const) {
    const curve = rocCurve(score, d.y);
    expect(unequal(curve.thresholds, result[name].thresholds, 1e-12)).toEqual([]);
    expect(unequal(curve.sensitivity, result[name].sens, 1e-10)).toEqual([]);
    expect(unequal(curve.specificity, result[name].spec, 1e-10)).toEqual([]);
  }
});

test("paired and unpaired DeLong tests agree with pROC::roc.test", () => {
  const { result } = reference("roc_test");
  for (const [name, a, b] of [["p1_p2", d.p1, d.p2], ["m1_m2", d.m1, d.m2], ["p2_m1", d.p2, d.m1]] as const) {
    const t = delongPaired(a, b, d.y);
    const r = result[name];
    expect(unequal([t.statistic, t.p, ...t.auc, t.lower, t.upper, t.covariance], [r.z, r.p, ...r.auc, ...r.ci_diff, r.cov], 1e-9)).toEqual([]);
    expect(unequal([aucCovariance([a, b], d.y).covariance[0][1]], [r.cov], 1e-10)).toEqual([]);
  }
  expect(delongPaired(d.p1, d.p2, d.y, { alternative: "less" }).p).toBeCloseTo(result.less, 12);
  const part = (v: Float64Array, first: boolean) => v.filter((_, i) => i < 90 === first);
  for (const [name, a, b] of [["unpaired_p2_first90_vs_rest", d.p2, d.p2], ["unpaired_p1_p2", d.p1, d.p2]] as const) {
    const t = delongUnpaired({ score: part(a, true), event: part(d.y, true) }, { score: part(b, false), event: part(d.y, false) });
    const r = result[name];
    expect(unequal([t.statistic, t.df, t.p, ...t.auc], [r.D, r.df, r.p, ...r.auc], 1e-9)).toEqual([]);
  }
});

test("partial areas and McClish's correction agree with pROC::auc", () => {
  const { result } = reference("roc_partial_auc");
  for (const [name, score] of [["p2", d.p2], ["m2_ties", d.m2]] as const) {
    const curve = rocCurve(score, d.y);
    const spec = partialAuc(curve, { from: 1, to: 0.8 });
    const sens = partialAuc(curve, { from: 1, to: 0.8, focus: "sensitivity" });
    const r = result[name];
    expect(unequal([spec.area, spec.corrected, partialAuc(curve, { from: 0.95, to: 0.6 }).area, sens.area, sens.corrected],
      [r.spec_1_08, r.spec_1_08_corrected, r.spec_95_60, r.sens_1_08, r.sens_1_08_corrected], 1e-10)).toEqual([]);
    expect(partialAuc(curve, { from: 0, to: 1 }).area).toBeCloseTo(curve.auc, 12);
  }
});

test("best cuts and points at given cuts agree with pROC::coords", () => {
  const { result } = reference("roc_coords");
  const row = (p: any) => [p.threshold, p.sensitivity, p.specificity, p.accuracy, p.ppv, p.npv, p.tp, p.tn, p.fp, p.fn, p["closest.topleft"] ?? p.distance];
  const curve = rocCurve(d.p2, d.y);
  const best = [rocCurve(d.p1, d.y), curve, rocCurve(d.m2, d.y)].map((c) => bestCut(c));
  for (const [k, name] of ["p1", "p2", "m2"].entries()) {
    expect(unequal(row(best[k]), row(result[name]), 1e-10)).toEqual([]);
    expect(best[k].youden + 1).toBeCloseTo(result[name].youden, 12);
  }
  expect(unequal(row(bestCut(curve, { method: "closest" })), row(result.p2_closest), 1e-10)).toEqual([]);
  const weighted = bestCut(curve, { weights: { cost: 2, prevalence: 0.3 } });
  expect(unequal(row(weighted), row(result.weighted), 1e-10)).toEqual([]);
  expect(weighted.youden + 1).toBeCloseTo(result.weighted.youden, 12);
  for (const [k, t] of [0.3, 0.5, 0.7].entries()) {
    const p = pointAtThreshold(curve, t);
    const r = result.at_threshold;
    expect(unequal(row(p), [t, r.sensitivity[k], r.specificity[k], r.accuracy[k], r.ppv[k], r.npv[k], r.tp[k], r.tn[k], r.fp[k], r.fn[k], r["closest.topleft"][k]], 1e-10)).toEqual([]);
  }
  for (const [k, s] of [0.8, 0.9].entries()) {
    expect(sensitivityAt(curve, s)).toBeCloseTo(result.at_spec.sensitivity[k], 12);
    expect(specificityAt(curve, s)).toBeCloseTo(result.at_sens.specificity[k], 12);
    const reaching = cutReaching(curve, { sensitivity: s });
    expect(reaching.sensitivity).toBeGreaterThanOrEqual(s);
    expect(cutReaching(curve, { specificity: s }).specificity).toBeGreaterThanOrEqual(s);
    expect(pointAtThreshold(curve, reaching.threshold)).toEqual(reaching);
  }
});

extendedTest("ROC of subarachnoid haemorrhage markers agrees with pROC", "stats/reference/roc_aSAH.json", (path) => {
  const { data: s, result } = readJson(path);
  for (const name of ["s100b", "ndka", "wfns"]) {
    const a = aucDelong(s[name], s.y);
    const cut = bestCut(rocCurve(s[name], s.y));
    const r = result[name];
    expect(unequal([a.auc, a.lower, a.upper, a.variance, cut.threshold, cut.sensitivity, cut.specificity],
      [r.auc, r.ci[0], r.ci[2], r.var, r.youden.threshold, r.youden.sensitivity, r.youden.specificity], 1e-10)).toEqual([]);
  }
  const [t1, t2] = [delongPaired(s.s100b, s.ndka, s.y), delongPaired(s.wfns, s.ndka, s.y)];
  expect(unequal([t1.statistic, t1.p, t2.statistic, t2.p],
    [result.delong_s100b_ndka.z, result.delong_s100b_ndka.p, result.delong_wfns_ndka.z, result.delong_wfns_ndka.p], 1e-9)).toEqual([]);
});

// events 3, 5, others 1, 3: of 4 pairs (3>1, 3=3, 5>1, 5>3) 3.5 are won. V10 = {.75, 1}, V01 = {1, .75}: variance .03125/2 + .03125/2
test("a hand-worked case", () => {
  const a = aucDelong([3, 5, 1, 3], [1, 1, 0, 0]);
  expect([a.auc, a.variance]).toEqual([0.875, 0.03125]);
  expect(Array.from(rocCurve([3, 5, 1, 3], [1, 1, 0, 0]).thresholds)).toEqual([-Infinity, 2, 4, Infinity]);
});

test("turning the score turns the AUC; a rising transformation leaves all alone", () => {
  expect(auc(d.m1.map((v) => -v), d.y)).toBeCloseTo(1 - auc(d.m1, d.y), 14);
  expect(aucDelong(d.m1.map((v) => v * v * v + 5 * v), d.y)).toEqual(aucDelong(d.m1, d.y));
});

test("a score below .5 stays below: the direction is not chosen from the data", () => {
  expect(auc([1, 2, 3, 4], [1, 1, 0, 0])).toBe(0);
});

// Replicates 600, n = 80; 3 Monte Carlo standard errors
test("under no association the AUC is .5 on average, p is uniform, and intervals cover; simulated", () => {
  const random = randomStream("roc null");
  const [reps, n] = [600, 80];
  let [sum, squares, small, half, covered] = [0, 0, 0, 0, 0];
  for (let r = 0; r < reps; r++) {
    const event = Float64Array.from({ length: n }, (_, i) => (i < 35 ? 1 : 0));
    const shared = event.map(() => random.normal());
    const noise = (shift: number) => event.map((y, i) => shared[i] + random.normal() + shift * y);
    const value = auc(noise(0), event);
    sum += value;
    squares += (value - 0.5) * (value - 0.5);
    // two equally good markers: P(one above the other) of N(1.2, 4) differences = Φ(.6)
    const [a, b] = [noise(1.2), noise(1.2)];
    const { p } = delongPaired(a, b, event);
    if (p < 0.1) small++;
    if (p < 0.5) half++;
    const interval = aucDelong(a, event);
    if (interval.lower <= 0.7257468822499265 && interval.upper >= 0.7257468822499265) covered++;
  }
  expect(Math.abs(sum / reps - 0.5)).toBeLessThan((3 * Math.sqrt(squares / reps)) / Math.sqrt(reps));
  const within = (count: number, share: number) => expect(Math.abs(count / reps - share)).toBeLessThan(3 * Math.sqrt((share * (1 - share)) / reps));
  within(small, 0.1);
  within(half, 0.5);
  within(covered, 0.95);
});

test("bad input ends in a sentence, thin data in a warning", () => {
  expect(() => auc([1, 2], [1, 1])).toThrow("AUC: all 2 patients are with the event, both classes are needed");
  expect(() => auc([], [])).toThrow("there are no patients");
  expect(() => auc([1, NaN], [1, 0])).toThrow("score of row 2 is NaN");
  expect(() => auc([1, 2, 3], [1, 0])).toThrow("score has 3 rows but outcome has 2");
  expect(() => auc([1, 2], [1, 2])).toThrow("the outcome of row 2 is 2");
  expect(() => aucDelong([1, 2], [1, 0], { level: 95 })).toThrow("confidence level is 95");
  expect(() => partialAuc(rocCurve([1, 2], [1, 0]), { from: 1, to: 1.2 })).toThrow("expected two different ends in 0 … 1");
  const constant = aucDelong([1, 1, 1, 1], [1, 1, 0, 0]);
  expect([constant.auc, constant.variance]).toEqual([0.5, 0]);
  expect(constant.warnings.join()).toContain("variance is 0");
  const one = aucDelong([1, 2, 3], [0, 0, 1]);
  expect(one.variance).toBeNaN();
  expect(one.warnings[0]).toContain("only one patient with the event");
  const same = delongPaired(d.p1, d.p1, d.y);
  expect([same.difference, same.p]).toEqual([0, 1]);
  expect(same.warnings.join()).toContain("no variance");
});
