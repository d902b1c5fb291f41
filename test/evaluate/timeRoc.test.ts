// Expected: timeROC 0.4.1 and riskRegression 2022.11.28 (golden/stats/reference/timeroc*.json, score_survival.json).
// timeROC takes tied times row by row in its standard error (ties: "byRow"); with ties together it is riskRegression's, up to 2e-4 from timeROC's on these data.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compareTimeRoc, kaplanMeier, survivalAt, timeRoc, timeRocCox, timeRocCurve, timeRocWindow } from "../../src/evaluate/index.js";
import { data, reference, unequal } from "../stats.js";
import { extendedTest } from "../data.js";

const d = data("surv_cohort.csv");
const all = { time: d.time, event: d.status };

for (const name of ["timeroc", "timeroc_on_event_times"]) {
  test(`${name}: AUC(t), counts, incidence, standard error, comparison`, () => {
    const { result: r, args } = reference(name);
    const [a, b, c] = [d.m1, d.m2, d.m3].map((m) => timeRoc(all, m, args.times, { ties: "byRow" }));
    for (const [ours, theirs] of [[a, r.m1], [b, r.m2], [c, r.m3_ties]] as const) {
      expect(unequal(ours.times.map((x) => x.auc), theirs.auc, 1e-10)).toEqual([]);
      expect(unequal(ours.times.map((x) => x.incidence), theirs.cuminc, 1e-10)).toEqual([]);
      expect(ours.times.map((x) => [x.cases, x.controls, x.censored])).toEqual(theirs.stats);
      expect(unequal(ours.times.map((x) => x.standardError), theirs.se, 1e-10)).toEqual([]);
      expect(unequal(survivalAt(kaplanMeier(all), args.times).map((x) => x.survival), theirs.surv, 1e-10)).toEqual([]);
    }
    const x = compareTimeRoc(a, b);
    expect(unequal(x.map((q) => q.difference), r.diff, 1e-9)).toEqual([]);
    expect(unequal(x.map((q) => q.standardError), r.diff_se, 1e-10)).toEqual([]);
    expect(unequal(x.map((q) => q.p), r.compare_p, 1e-9)).toEqual([]);
    const together = timeRoc(all, d.m1, args.times);
    expect(unequal(together.times.map((q) => q.standardError), r.m1.se, 2e-4)).toEqual([]);
    expect(together.times.map((q) => q.auc)).toEqual(a.times.map((q) => q.auc));
  });
}

test("riskRegression: AUC, standard error, interval, contrast", () => {
  const { result: r, args } = reference("score_survival");
  const [a, b] = [timeRoc(all, d.m1, args.times), timeRoc(all, d.m2, args.times)];
  const flat = (x: typeof a) => x.times.flatMap((q) => [q.auc, q.standardError, q.lower, q.upper]);
  expect(unequal([...flat(a), ...flat(b)], r.auc.flatMap((q: any) => [q.AUC, q.se, q.lower, q.upper]), 1e-10)).toEqual([]);
  expect(unequal(compareTimeRoc(a, b).flatMap((q) => [q.difference, q.standardError, q.lower, q.upper, q.p]), r.auc_contrasts.flatMap((q: any) => [q["delta.AUC"], q.se, q.lower, q.upper, q.p]), 1e-9)).toEqual([]);
});

test("curve and competing risks", () => {
  const { result: r } = reference("timeroc_curve_cox_competing");
  const curve = timeRocCurve(all, d.m2, 36.5);
  expect(unequal(curve.sensitivity, r.curve_36.TP, 1e-10)).toEqual([]);
  expect(unequal(curve.falsePositive, r.curve_36.FP, 1e-10)).toEqual([]);
  // the Cox model of the censoring agrees to 1e-6, and so does what is built on it
  expect(unequal(timeRocCox(all, d.m2, [24.5, 36.5]).times.map((x) => x.auc), r.cox_weights_auc, 1e-6)).toEqual([]);
  expect(() => timeRocCox({ time: [1, 2], event: [1, 1] }, [1, 2], [1.5])).toThrow("nobody is censored");
  const one = timeRoc(all, d.m2, [24.5, 36.5], { cause: d.cause });
  const two = timeRoc(all, d.m2, [24.5, 36.5], { cause: d.cause, controls: "eventFreeOrOther" });
  expect(unequal(one.times.map((x) => x.auc), r.competing.AUC_1, 1e-10)).toEqual([]);
  expect(unequal(two.times.map((x) => x.auc), r.competing.AUC_2, 1e-10)).toEqual([]);
  const byRow = (controls: "eventFree" | "eventFreeOrOther") => timeRoc(all, d.m2, [24.5, 36.5], { cause: d.cause, controls, ties: "byRow" }).times.map((x) => x.standardError);
  expect(unequal(byRow("eventFree"), r.competing.se1, 1e-10)).toEqual([]);
  expect(unequal(byRow("eventFreeOrOther"), r.competing.se2, 1e-10)).toEqual([]);
  // ties together: the same to what ties leave open
  expect(unequal(one.times.map((x) => x.standardError), r.competing.se1, 2e-4)).toEqual([]);
  expect(unequal(two.times.map((x) => x.standardError), r.competing.se2, 2e-3)).toEqual([]);
  expect(() => timeRoc(all, d.m2, [24.5], { ties: "first" as never })).toThrow('ties is "first"');
});

// the generator of bench.R, job timeROC_iid_n480_3times (R check values in the reference data's bench_checks.json); few tied times
test("480 patients of the benchmark's generator", () => {
  const lcg = (seed: number, n: number) => { let s = seed; return Array.from({ length: n }, () => (s = (48271 * s) % 2147483647) / 2147483647); };
  const u = lcg(108, 960);
  const normal = Array.from({ length: 960 }, (_, i) => Math.sqrt(-2 * Math.log(u[i - (i % 2)])) * (i % 2 === 0 ? Math.cos(2 * Math.PI * u[i + 1]) : Math.sin(2 * Math.PI * u[i])));
  const x = Array.from({ length: 480 }, (_, i) => normal[2 * i]);
  const v = lcg(109, 960);
  const t = x.map((m, i) => (-Math.log(v[i]) * 40) / Math.exp(0.7 * m));
  const c = x.map((_, i) => 6 + 90 * v[480 + i]);
  const r = timeRoc({ time: t.map((s, i) => Math.round(Math.min(s, c[i]) * 100) / 100), event: t.map((s, i) => (s <= c[i] ? 1 : 0)) }, x, [12, 36, 60], { ties: "byRow" });
  expect(unequal(r.times.map((q) => q.auc), [0.71002328199372, 0.758101116953357, 0.765911612209946], 1e-10)).toEqual([]);
  expect(unequal([r.times[1].standardError], [0.0249442813492669], 1e-10)).toEqual([]);
});

test("without standard errors the AUC is the same, and cannot be compared", () => {
  const whole = timeRoc(all, d.m2, [12, 24.5, 36.5], { cause: d.cause });
  const bare = timeRoc(all, d.m2, [12, 24.5, 36.5], { cause: d.cause, standardErrors: false });
  expect(bare.times.map((x) => [x.auc, x.cases, x.incidence])).toEqual(whole.times.map((x) => [x.auc, x.cases, x.incidence]));
  expect(bare.times.every((x) => [x.standardError, x.lower, x.upper].every(Number.isNaN) && x.influence.length === 0)).toBe(true);
  expect(() => compareTimeRoc(whole, bare)).toThrow(/standardErrors false/);
});

test("without censoring it is the AUC of the two groups", () => {
  const r = timeRoc({ time: [1, 2, 3, 4, 5], event: [1, 1, 1, 1, 1] }, [5, 1, 4, 2, 3], [2.5]);
  expect(r.times[0].auc).toBeCloseTo(3 / 6, 14);
});

test("a window's median; nothing to compute is said", () => {
  const w = timeRocWindow(all, d.m2, 24, 60);
  const at = timeRoc(all, d.m2, w.curve.map((x) => x.time)).times.map((x) => x.auc).sort((a, b) => a - b);
  expect(w.median).toBeCloseTo(at.length % 2 ? at[(at.length - 1) / 2] : (at[at.length / 2 - 1] + at[at.length / 2]) / 2, 14);
  const none = timeRoc({ time: [1, 2], event: [0, 0] }, [1, 2], [1.5]);
  expect(none.times[0].auc).toBeNaN();
  expect(none.warnings[0]).toContain("no AUC");
  expect(() => timeRoc(all, d.m2, [-1])).toThrow("cannot be looked at");
  expect(() => timeRoc({ time: [1], event: [1] }, [NaN], [1])).toThrow("marker of row 1");
  expect(timeRoc({ time: [0, 0, 5, 5], event: [1, 0, 0, 0] }, [1, 1, 1, 1], [2]).times[0].auc).toBe(0.5);
});

extendedTest("R's veteran data", "stats/reference/timeroc_veteran.json", (path) => {
  const { data: v, args, result: r } = JSON.parse(readFileSync(path, "utf8"));
  const [a, b] = [v.m1, v.m2].map((m) => timeRoc({ time: v.time, event: v.status }, m, args.times, { ties: "byRow" }));
  expect(unequal([...a.times, ...b.times].map((x) => x.auc), [...r.auc1, ...r.auc2], 1e-10)).toEqual([]);
  expect(unequal([...a.times, ...b.times].map((x) => x.standardError), [...r.se1, ...r.se2], 1e-10)).toEqual([]);
  expect(a.times.map((x) => [x.cases, x.controls, x.censored])).toEqual(r.stats);
  expect(unequal(compareTimeRoc(a, b).map((x) => x.p), r.compare_p, 1e-9)).toEqual([]);
});

extendedTest("Score on R's veteran data", "stats/reference/score_veteran.json", (path) => {
  const { data: v, result: r } = JSON.parse(readFileSync(path, "utf8"));
  const a = timeRoc({ time: v.time, event: v.status }, v.m2, [60.5, 120.5]);
  expect(unequal(a.times.flatMap((x) => [x.auc, x.standardError, x.lower, x.upper]), r.auc.flatMap((x: any) => [x.AUC, x.se, x.lower, x.upper]), 1e-9)).toEqual([]);
});
