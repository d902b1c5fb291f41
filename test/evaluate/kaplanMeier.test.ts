// Expected: R survival 3.5-3 (calls in golden/stats/reference/km_*.json), and cases worked by hand.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { kaplanMeier, medianSurvival, restrictedMean, restrictedMeanDifference, reverseKaplanMeier, survivalAt, survivalQuantiles, type KaplanMeierOptions, type SurvivalCurve } from "../../src/evaluate/index.js";
import { data, reference, unequal } from "../stats.js";
import { extendedTest } from "../data.js";

const d = data("surv_cohort.csv");
const rowsOf = (values: ArrayLike<unknown>, value: unknown) => Array.from(values, (v, i) => (v === value ? i : -1)).filter((i) => i >= 0);
const pick = (rows: number[]) => ({ time: rows.map((i) => d.time[i]), event: rows.map((i) => d.status[i]) });
const all = { time: d.time, event: d.status };

function agrees(curve: SurvivalCurve, r: any, from = 0): void {
  const to = from + curve.time.length;
  for (const [ours, theirs] of [[curve.time, r.time], [curve.atRisk, r.n_risk], [curve.events, r.n_event], [curve.censored, r.n_censor], [curve.survival, r.surv],
    [curve.standardErrorOfLog, r.std_err_cumhaz_scale], [curve.lower, r.lower], [curve.upper, r.upper]]) expect(unequal(ours, theirs.slice(from, to), 1e-10)).toEqual([]);
}

for (const [name, interval] of [["km_plain", "plain"], ["km_log", "log"], ["km_loglog", "log-log"]] as const) {
  test(`${name}: curves by grade, quantiles, values at times`, () => {
    const { result: r, args } = reference(name);
    let from = 0;
    ["G1", "G2", "G3"].forEach((g, k) => {
      const curve = kaplanMeier(pick(rowsOf(d.text.grade, g)), { interval });
      agrees(curve, r, from);
      from += curve.time.length;
      const q = survivalQuantiles(curve);
      expect(q.map((x) => x.time)).toEqual(r.quantile.values[k]);
      expect(q.map((x) => x.lower)).toEqual(r.q_lower.values[k]);
      expect(q.map((x) => x.upper)).toEqual(r.q_upper.values[k]);
      const m = medianSurvival(curve);
      expect([m.time, m.lower, m.upper]).toEqual(r.table.values[k].slice(6));
      const at = survivalAt(curve, args.times);
      const slice = (key: string) => r.at[key].slice(4 * k, 4 * k + 4);
      expect(unequal(at.map((x) => x.atRisk), slice("n_risk"), 0)).toEqual([]);
      expect(unequal(at.map((x) => x.survival), slice("surv"), 1e-10)).toEqual([]);
      expect(unequal(at.map((x) => x.standardError), slice("std_err"), 1e-10)).toEqual([]);
      expect(unequal(at.map((x) => x.lower), slice("lower"), 1e-10)).toEqual([]);
      expect(unequal(at.map((x) => x.upper), slice("upper"), 1e-10)).toEqual([]);
    });
  });
}

test("km_overall_weighted: weights that are not whole have the infinitesimal jackknife variance", () => {
  const { result: r } = reference("km_overall_weighted");
  agrees(kaplanMeier(all), r.plain);
  const weighted = kaplanMeier(all, { weights: d.w });
  expect(weighted.variance).toBe("robust");
  // survfit keeps the robust standard error on the scale of S, Greenwood's on that of log S
  agrees({ ...weighted, standardErrorOfLog: weighted.standardErrorOfLog.map((x, k) => x * weighted.survival[k]) }, r.weighted);
  // survfit's printed se(rmean) stays Greenwood's under weights; ours is the jackknife, checked against numerical derivatives
  const [row] = r.weighted.table.values;
  const greenwood = restrictedMean(kaplanMeier(all, { weights: d.w, variance: "greenwood" }), 108);
  expect(unequal([greenwood.rmst, greenwood.standardError], [row[4], row[5]], 1e-10)).toEqual([]);
  let sum = 0;
  for (let i = 0; i < 180; i++) {
    const at = (h: number) => restrictedMean(kaplanMeier(all, { weights: d.w.map((x, k) => (k === i ? x + h : x)) }), 60).rmst;
    sum += (d.w[i] * (at(1e-4) - at(-1e-4)) / 2e-4) ** 2;
  }
  expect(restrictedMean(weighted, 60).standardError).toBeCloseTo(Math.sqrt(sum), 6); // finite differences: 1e-6
  expect(medianSurvival(weighted)).toEqual({ probability: 0.5, time: 30, lower: 22, upper: 41 });
});

test("whole weights are repeated patients", () => {
  const w = Float64Array.from(d.w, (x) => 2 * x);
  const rows = Array.from(w).flatMap((x, i) => Array.from({ length: x }, () => i));
  const [a, b] = [kaplanMeier(all, { weights: w }), kaplanMeier(pick(rows))];
  expect(unequal(a.survival, b.survival, 1e-12)).toEqual([]);
  expect(unequal(a.lower, b.lower, 1e-12)).toEqual([]);
});

test("km_reverse: follow-up", () => {
  const { result: r } = reference("km_reverse");
  const f = reverseKaplanMeier(all, { interval: "log" });
  expect(f.quartiles.map((q) => q.time)).toEqual(r.quantile);
  expect(f.quartiles.map((q) => q.lower)).toEqual(r.lower);
  expect(f.quartiles.map((q) => q.upper)).toEqual(r.upper);
  const g = reverseKaplanMeier(all).median;
  expect([g.time, g.lower, g.upper]).toEqual(r.table_loglog.values[0].slice(6));
});

test("km_cumhaz: Nelson–Aalen and Fleming–Harrington", () => {
  const { result: r } = reference("km_cumhaz");
  const curve = kaplanMeier(all);
  expect(unequal(curve.cumulativeHazard, r.nelson_aalen, 1e-10)).toEqual([]);
  expect(unequal(curve.cumulativeHazardSe, r.std_chaz, 1e-10)).toEqual([]);
  expect(unequal(kaplanMeier(all, { estimator: "nelsonAalen" }).survival, r.fh_surv_ctype1, 1e-10)).toEqual([]);
  const fh = kaplanMeier(all, { estimator: "flemingHarrington" });
  expect(unequal(fh.cumulativeHazard, r.fh_ctype2_cumhaz, 1e-10)).toEqual([]);
  expect(unequal(fh.survival, r.fh_ctype2_surv, 1e-10)).toEqual([]);
});

test("km_median_plateau: S exactly .5, and times that differ by rounding only", () => {
  const { result: r } = reference("km_median_plateau");
  const o: KaplanMeierOptions = { interval: "log" };
  for (const [name, time, event] of [["exact_half", [1, 2, 3, 4], [1, 1, 1, 1]], ["half_then_censored", [1, 2, 3, 4], [1, 1, 0, 0]],
    ["never_half", [1, 2, 3, 4], [1, 0, 0, 0]], ["near_equal_times", [1, 1 + 1e-10, 2, 3], [1, 1, 1, 1]]] as const) {
    const curve = kaplanMeier({ time, event }, o);
    expect(curve.survival).toEqual(r[name].surv);
    const q = survivalQuantiles(curve);
    expect([q.map((x) => x.time), q.map((x) => x.lower), q.map((x) => x.upper)]).toEqual([r[name].quantile, r[name].lower, r[name].upper]);
    const m = medianSurvival(curve);
    expect([m.time, m.lower, m.upper]).toEqual(r[name].table.values[0].slice(6));
  }
});

test("km_rmst: restricted mean and difference", () => {
  const { result } = reference("km_rmst");
  const [neg, pos] = [pick(rowsOf(d.er, 0)), pick(rowsOf(d.er, 1))];
  for (const r of result) {
    const x = restrictedMeanDifference(neg, pos, r.tau);
    expect(unequal(x.groups.map((g) => g.rmst), r.rmst, 1e-10)).toEqual([]);
    expect(unequal(x.groups.map((g) => g.standardError), r.se, 1e-10)).toEqual([]);
    expect(unequal([x.difference, x.standardError, x.z, x.p], [r.diff, r.diff_se, r.z, r.p], 1e-9)).toEqual([]);
    expect(unequal(x.groups.map((g) => g.timeLost), r.rmtl, 1e-10)).toEqual([]);
  }
});

// 6-MP arm of Freireich 1963, S(t) as printed by Kalbfleisch & Prentice (1980, table 1.1 data) and worked by hand:
// 21 at risk, 3 relapses at 6: 18/21; then 17 at risk at 7: 18/21 · 16/17; …
test("the 6-MP arm by hand", () => {
  const time = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35];
  const event = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0];
  const at = survivalAt(kaplanMeier({ time, event }), [5, 6, 7, 10, 13, 16, 22, 23]);
  const s = [1, 18 / 21, (18 / 21) * (16 / 17), (18 / 21) * (16 / 17) * (14 / 15)];
  s.push(s[3] * (11 / 12)); s.push(s[4] * (10 / 11)); s.push(s[5] * (6 / 7)); s.push(s[6] * (5 / 6));
  expect(unequal(at.map((x) => x.survival), s, 1e-14)).toEqual([]);
  expect(at.map((x) => x.atRisk)).toEqual([21, 21, 17, 15, 12, 11, 7, 6]);
});

test("all censored, no censoring, everyone at once, zero times, one patient", () => {
  const censored = kaplanMeier({ time: [1, 2], event: [0, 0] });
  expect([censored.survival, censored.lower, medianSurvival(censored).time]).toEqual([[1, 1], [1, 1], NaN]);
  expect(censored.warnings).toHaveLength(1);
  expect(reverseKaplanMeier({ time: [1, 2], event: [1, 1] }).curve.warnings[0]).toContain("Nobody was censored");
  const full = kaplanMeier({ time: [3, 1, 2, 4], event: [1, 1, 1, 1] });
  expect(full.survival).toEqual([0.75, 0.5, 0.25, 0]);
  expect([full.lower[3], full.upper[3]]).toEqual([NaN, NaN]);
  expect(restrictedMean(full, 4).rmst).toBeCloseTo(2.5, 14);
  expect(kaplanMeier({ time: [5, 5, 5], event: [1, 1, 0] }).survival).toEqual([1 / 3]);
  expect(kaplanMeier({ time: [0, 0, 2], event: [1, 0, 1] }).survival).toEqual([2 / 3, 0]);
  expect(restrictedMean(kaplanMeier({ time: [1], event: [0] }), 3).warnings[0]).toContain("beyond the last follow-up");
});

test("bad input is named", () => {
  expect(() => kaplanMeier({ time: [], event: [] })).toThrow("no patients");
  expect(() => kaplanMeier({ time: [1, -2], event: [1, 1] })).toThrow("time of row 2 is -2");
  expect(() => kaplanMeier({ time: [1, NaN], event: [1, 1] })).toThrow("time of row 2 is NaN");
  expect(() => kaplanMeier({ time: [1, 2], event: [1, 2] })).toThrow("event of row 2 is 2");
  expect(() => kaplanMeier({ time: [1, 2], event: [1] })).toThrow("time has 2 values but event has 1");
  expect(() => kaplanMeier({ time: [1, 2], event: [1, 1] }, { weights: [1, Infinity] })).toThrow("weights of row 2 is Infinity");
  expect(() => restrictedMean(kaplanMeier({ time: [1, 2], event: [1, 1] }), 0)).toThrow("tau is 0");
});

// 400 cohorts of 60 patients, exponential event (mean 10) and uniform(0, 20) censoring; S(5) = e^−.5.
test("log-log intervals cover S(t) nominally, within 3 Monte Carlo standard errors and the interval's own small-sample error", () => {
  let s = 12345;
  const u = () => (s = (48271 * s) % 2147483647) / 2147483647;
  let hits = 0;
  for (let b = 0; b < 400; b++) {
    const time: number[] = [];
    const event: number[] = [];
    for (let i = 0; i < 60; i++) {
      const [t, c] = [-10 * Math.log(u()), 20 * u()];
      time.push(Math.min(t, c));
      event.push(t <= c ? 1 : 0);
    }
    const [at] = survivalAt(kaplanMeier({ time, event }), [5]);
    if (at.lower <= Math.exp(-0.5) && Math.exp(-0.5) <= at.upper) hits++;
  }
  expect(Math.abs(hits / 400 - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / 400));
});

extendedTest("R's lung data by sex", "stats/reference/km_lung_sex.json", (path) => {
  const ref = JSON.parse(readFileSync(path, "utf8"), (_, v) => (v === "NA" || v === "NaN" ? NaN : v));
  const [lung, r] = [ref.data, ref.result];
  let from = 0;
  for (const sex of [1, 2]) {
    const rows = rowsOf(lung.sex, sex);
    const one = { time: rows.map((i) => lung.time[i]), event: rows.map((i) => lung.status[i]) };
    const curve = kaplanMeier(one);
    agrees(curve, r.loglog, from);
    expect(unequal(kaplanMeier(one, { interval: "plain" }).lower, r.plain_lower.slice(from, from + curve.time.length), 1e-10)).toEqual([]);
    from += curve.time.length;
    const m = medianSurvival(curve);
    expect([m.time, m.lower, m.upper]).toEqual(r.loglog.table.values[sex - 1].slice(6));
  }
});
