// Expected: R survival 3.5-3 survfit with causes, cmprsk 2.2-11 cuminc (golden/stats/reference/aalen_johansen.json, cmprsk_cuminc.json).
import { expect, test } from "vitest";
import { aalenJohansen, grayTest, incidenceAt, kaplanMeier } from "../../src/evaluate/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const all = { time: d.time, cause: d.cause };
const group = (er: number) => {
  const rows = Array.from(d.er, (v, i) => (v === er ? i : -1)).filter((i) => i >= 0);
  return { time: rows.map((i) => d.time[i]), cause: rows.map((i) => d.cause[i]) };
};

test("aalen_johansen: incidence, infinitesimal jackknife errors, log intervals", () => {
  const { result: r, args } = reference("aalen_johansen");
  let from = 0;
  for (const er of [0, 1]) {
    const a = aalenJohansen(group(er));
    const rows = (key: string) => r[key].slice(from, from + a.time.length);
    expect(a.time).toEqual(rows("time"));
    for (const [c, ours, se] of [[0, a.eventFree, a.eventFreeSe], [1, a.causes[0].incidence, a.causes[0].standardError], [2, a.causes[1].incidence, a.causes[1].standardError]] as const) {
      expect(unequal(ours, rows("pstate").map((x: number[]) => x[c]), 1e-10)).toEqual([]);
      expect(unequal(se, rows("std_err").map((x: number[]) => x[c]), 1e-9)).toEqual([]);
    }
    const positive = a.causes[0].incidence.findIndex((x) => x > 0);
    expect(unequal(a.causes[0].lower.slice(positive), rows("lower").map((x: number[]) => x[1]).slice(positive), 1e-9)).toEqual([]);
    expect(unequal(a.causes[0].upper.slice(positive), rows("upper").map((x: number[]) => x[1]).slice(positive), 1e-9)).toEqual([]);
    expect(unequal(incidenceAt(a, 1, args.times).map((x) => x.incidence), r.at.pstate.slice(3 * er, 3 * er + 3).map((x: number[]) => x[1]), 1e-10)).toEqual([]);
    from += a.time.length;
  }
});

test("cmprsk: Aalen's variance at times", () => {
  const { result: r, args } = reference("cmprsk_cuminc");
  r.est.rows.forEach((name: string, k: number) => {
    const [er, cause] = name.split(" ").map(Number);
    const at = incidenceAt(aalenJohansen(group(er)), cause, args.times);
    expect(unequal(at.map((x) => x.incidence), r.est.values[k], 1e-10)).toEqual([]);
    expect(unequal(at.map((x) => x.aalenVariance), r.var.values[k], 1e-9)).toEqual([]);
  });
});

test("cmprsk: every step of the curves", () => {
  const { result: r } = reference("cmprsk_cuminc");
  for (const [name, curve] of Object.entries<{ time: number[]; est: number[]; var: number[] }>(r.curves)) {
    const [er, cause] = name.split(" ").map(Number);
    // cuminc gives each time twice, before and after its step
    const after = curve.time.map((_, k) => k).filter((k) => k === curve.time.length - 1 || curve.time[k + 1] > curve.time[k]).slice(1);
    expect(after.length).toBeGreaterThan(4);
    const at = incidenceAt(aalenJohansen(group(er)), cause, after.map((k) => curve.time[k]));
    expect(unequal(at.map((x) => x.incidence), after.map((k) => curve.est[k]), 1e-10), name).toEqual([]);
    expect(unequal(at.map((x) => x.aalenVariance), after.map((k) => curve.var[k]), 1e-9), name).toEqual([]);
  }
});

test("cmprsk: Gray's test of two and three groups, rho, strata", () => {
  const { result: r } = reference("cmprsk_cuminc");
  const grade = d.text.grade.map((g) => ["G1", "G2", "G3"].indexOf(g));
  const centre = d.text.centre.map((c) => (c === "A" ? 0 : 1));
  for (const [ours, theirs] of [[(cause: number) => grayTest(all, d.er, { cause }), r.tests_er], [(cause: number) => grayTest(all, grade, { cause, rho: 1 }), r.tests_grade_rho1],
    [(cause: number) => grayTest(all, d.er, { cause, strata: centre }), r.tests_er_strata_centre]] as const) {
    for (const cause of [1, 2]) {
      const t = ours(cause);
      expect(unequal([t.statistic, t.p, t.df], theirs.values[cause - 1], 1e-9)).toEqual([]);
    }
  }
});

test("Gray's test: three and four groups, weights rho −1 and ½, strata (cmprsk_more)", () => {
  const { result: r } = reference("cmprsk_more");
  const grade = d.text.grade.map((g) => ["G1", "G2", "G3"].indexOf(g));
  const centre = d.text.centre.map((c) => (c === "A" ? 0 : 1));
  for (const [group, options, theirs] of [
    [grade, {}, r.tests_grade], [grade, { rho: -1 }, r.tests_grade_rho_minus1], [grade, { rho: 0.5, strata: centre }, r.tests_grade_rho_half_strata], [d.er.map((e, i) => e + 2 * d.meno[i]), {}, r.tests_er_meno],
  ] as const) {
    for (const cause of [1, 2]) {
      const t = grayTest(all, group, { cause, ...options });
      expect(unequal([t.statistic, t.p, t.df], theirs.values[cause - 1], 1e-9)).toEqual([]);
    }
  }
});

test("one cause only is one minus Kaplan–Meier; nothing, everything, empty", () => {
  const a = aalenJohansen({ time: d.time, cause: d.status });
  expect(unequal(a.causes[0].incidence, kaplanMeier({ time: d.time, event: d.status }).survival.map((s) => 1 - s), 1e-12)).toEqual([]);
  expect(aalenJohansen({ time: [1, 2], cause: [0, 0] }).warnings[0]).toContain("never occurs");
  expect(aalenJohansen({ time: [1, 1, 1], cause: [1, 2, 1] }).causes.map((c) => c.incidence[0])).toEqual([2 / 3, 1 / 3]);
  expect(() => aalenJohansen({ time: [1], cause: [0.5] })).toThrow("cause of row 1 is 0.5");
  expect(grayTest({ time: [1, 2, 3], cause: [0, 2, 0] }, [0, 1, 1]).p).toBeNaN();
  expect(() => grayTest({ time: [1, 2], cause: [1, 1] }, [0, 0])).toThrow("at least two groups");
});
