// Expected: R survival 3.5-3 concordance and royston, survcomp 1.45 (golden/stats/reference/concordance*.json, survcomp_cindex.json, cox_gonen_heller.json).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compareConcordance, compareConcordanceSurvcomp, concordance, concordanceSurvcomp, gonenHeller, type Concordance } from "../../src/evaluate/index.js";
import { coxFit } from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";
import { extendedTest } from "../data.js";

const d = data("surv_cohort.csv");
const all = { time: d.time, event: d.status };

function agrees(ours: Concordance, r: any): void {
  const { count: k } = r;
  expect(unequal([ours.c, ours.standardError * ours.standardError], [r.c, r.var], 1e-10)).toEqual([]);
  if (k !== undefined) expect(unequal([ours.concordant, ours.discordant, ours.tiedPredictor, ours.tiedTime, ours.tiedBoth], [k.concordant, k.discordant, k["tied.x"], k["tied.y"], k["tied.xy"]], 1e-10)).toEqual([]);
}

test("Harrell, predictor ties, weights, strata, time weights, tau", () => {
  const { result: r } = reference("concordance");
  agrees(concordance(all, d.m1), r.m1);
  agrees(concordance(all, d.m2), r.m2);
  agrees(concordance(all, d.m3), r.m3_ties);
  agrees(concordance(all, d.er), r.er_binary);
  agrees(concordance(all, d.m2, { weights: d.w }), r.weighted_m2);
  agrees(concordance(all, d.m2, { strata: d.text.centre.map((c) => (c === "A" ? 0 : 1)) }), r.strata_centre);
  for (const timeWeight of ["n", "S", "S/G", "n/G2", "I"] as const) agrees(concordance(all, d.m2, { timeWeight }), r.timewt[timeWeight]);
  agrees(concordance(all, d.m2, { timeWeight: "n/G2", tau: 60 }), r.uno_tau60);
  agrees(concordance(all, d.m2, { tau: 60 }), r.harrell_tau60);
  agrees(concordance(all, d.m1, { timeWeight: "n/G2" }), r.uno_m1);
});

test("comparison of two by the infinitesimal jackknife", () => {
  const { result: r } = reference("concordance_compare");
  for (const [o, x] of [[{}, r.harrell], [{ timeWeight: "n/G2" }, r.uno], [{ tau: 60 }, r.tau60]] as const) {
    const c = compareConcordance(all, d.m1, d.m2, o);
    expect(unequal([...c.c, ...c.covariance.flat(), c.difference, c.standardError, c.z, c.p], [...x.c, ...x.vcov.flat(), x.diff, x.se, x.z, x.p], 1e-10)).toEqual([]);
  }
});

// Hmisc 4.8-0 rcorr.cens, rcorrp.cens: ordered pairs (each unordered one twice), ties of the marker half concordant, S.D. of Dxy = 2 C − 1. With ties left
// out (outx) the product follows survcomp, whose pairs of an event and a censoring at one time differ; rcorrp.cens's own shares are not computed.
test("Hmisc: C, Dxy, its standard error and the pairs", () => {
  const { result: r } = reference("concordance_compare");
  const [m1, m2] = [d.m1, d.m2].map((m) => concordance(all, m));
  const h = r.hmisc_m2;
  expect(unequal([m2.c, 2 * m2.c - 1, 2 * m2.standardError, d.time.length, d.status.reduce((a, b) => a + b, 0)], [h["C Index"], h.Dxy, h["S.D."], h.n, h.uncensored], 1e-10)).toEqual([]);
  const { concordant, discordant, tiedPredictor } = m2;
  expect([2 * (concordant + discordant + tiedPredictor), 2 * concordant + tiedPredictor]).toEqual([h["Relevant Pairs"], h.Concordant]);
  const pair = r.hmisc_pair_m1_m2;
  expect(unequal([m1.c, m2.c, 2 * m1.c - 1, 2 * m2.c - 1, 2 * (concordant + discordant + tiedPredictor)], [pair["C X1"], pair["C X2"], pair["Dxy X1"], pair["Dxy X2"], pair["Relevant Pairs"]], 1e-10)).toEqual([]);
});

test("survcomp's index and its one-sided comparison", () => {
  const { result: r } = reference("survcomp_cindex");
  const same = (o: ReturnType<typeof concordanceSurvcomp>, x: any) =>
    expect(unequal([o.c, o.standardError, o.lower, o.upper, o.p, o.n, o.comparablePairs], [x["c.index"], x.se, x.lower, x.upper, x["p.value"], x.n, x.comppairs], 1e-10)).toEqual([]);
  same(concordanceSurvcomp(all, d.m1), r.m1);
  same(concordanceSurvcomp(all, d.m2), r.m2);
  same(concordanceSurvcomp(all, d.m2, { method: "conservative" }), r.m2_conservative);
  same(concordanceSurvcomp(all, d.m3), r.m3_ties);
  same(concordanceSurvcomp(all, d.m3, { keepTies: true }), r.m3_ties_kept);
  const c = compareConcordanceSurvcomp(all, d.m2, d.m1);
  expect(unequal([c.p, c.spearman, c.t, c.df], [r.comp_m2_m1["p.value"], r.spearman, r.t_m2_minus_m1, r.df], 1e-10)).toEqual([]);
  expect(unequal([compareConcordanceSurvcomp(all, d.m1, d.m2).p], [r.comp_m1_m2["p.value"]], 1e-10)).toEqual([]);
});

// brute force over all pairs, no tree: a property that needs no oracle
test("the tree counts what counting all pairs counts", () => {
  let s = 99;
  const u = () => (s = (48271 * s) % 2147483647) / 2147483647;
  for (let b = 0; b < 20; b++) {
    const n = 25;
    const time = Array.from({ length: n }, () => Math.floor(8 * u()));
    const event = time.map(() => (u() < 0.6 ? 1 : 0));
    const x = time.map(() => Math.floor(5 * u()));
    let [con, dis, tie] = [0, 0, 0];
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
      if (event[i] !== 1 || !(time[i] < time[j] || (time[i] === time[j] && event[j] === 0))) continue;
      if (x[i] > x[j]) con++;
      else if (x[i] < x[j]) dis++;
      else tie++;
    }
    const c = concordance({ time, event }, x);
    expect([c.concordant, c.discordant, c.tiedPredictor]).toEqual([con, dis, tie]);
    expect(c.influence.reduce((a, v) => a + v, 0)).toBeCloseTo(0, 12);
  }
});

test("nothing to compare, perfect order, bad input", () => {
  const none = concordance({ time: [1, 2], event: [0, 0] }, [1, 2]);
  expect(none.c).toBeNaN();
  expect(none.warnings[0]).toContain("No pair");
  expect(concordance({ time: [3, 3, 3], event: [1, 1, 1] }, [1, 2, 3]).c).toBeNaN();
  const perfect = concordance({ time: [1, 2, 3], event: [1, 1, 1] }, [3, 2, 1]);
  expect([perfect.c, perfect.standardError, perfect.warnings.length]).toEqual([1, 0, 1]);
  const constant = concordance({ time: [0, 2, 3], event: [1, 1, 0] }, [1, 1, 1]);
  expect(constant.c).toBe(0.5);
  expect(concordance({ time: [1, 2, 3, 4], event: [1, 0, 0, 0] }, [2, 1, 3, 0]).c).toBeCloseTo(2 / 3, 14);
  expect(() => concordance({ time: [1, 2], event: [1, 1] }, [1, NaN])).toThrow("predictor of row 2 is NaN");
  expect(() => gonenHeller([1])).toThrow("at least two");
  expect(compareConcordance(all, d.m1, d.m1).p).toBeNaN();
});

test("royston's Gönen–Heller, from our own Cox fits", () => {
  const { result: r } = reference("cox_gonen_heller");
  const grade = (g: string) => Float64Array.from(d.text.grade, (x) => (x === g ? 1 : 0));
  const lp = (columns: Record<string, Float64Array>) => {
    const design = { names: Object.keys(columns), columns: Object.values(columns), n: d.time.length };
    const b = coxFit(design, { time: d.time, event: Uint8Array.from(d.status) }).coefficients;
    return Float64Array.from(d.time, (_, i) => design.columns.reduce((s, c, j) => s + c[i] * b[j], 0));
  };
  const full = gonenHeller(lp({ age: d.age, size: d.size, nodes: d.nodes, er: d.er, ki67: d.ki67, rad: d.rad, g2: grade("G2"), g3: grade("G3"), meno: d.meno }));
  expect(unequal([full.c], [r.full["C.GH"]], 1e-7)).toEqual([]); // the fits agree to 1e-6
  expect(unequal([gonenHeller(lp({ er: d.er, g2: grade("G2"), g3: grade("G3") })).c], [r.er_grade_with_ties_in_lp["C.GH"]], 1e-7)).toEqual([]);
});

// 300 null cohorts of 60: the logit interval covers .5
test("the interval of C covers its value", () => {
  let s = 4242;
  const u = () => (s = (48271 * s) % 2147483647) / 2147483647;
  let hits = 0;
  for (let b = 0; b < 300; b++) {
    const time = Array.from({ length: 60 }, () => -Math.log(u()));
    const c = concordance({ time, event: time.map(() => (u() < 0.7 ? 1 : 0)) }, time.map(() => u()));
    if (c.lower <= 0.5 && 0.5 <= c.upper) hits++;
  }
  expect(Math.abs(hits / 300 - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / 300));
});

extendedTest("R's veteran data", "stats/reference/concordance_veteran.json", (path) => {
  const { data: v, result: r } = JSON.parse(readFileSync(path, "utf8"));
  const out = { time: v.time, event: v.status };
  const c = concordance(out, v.karno.map((k: number) => -k));
  expect(unequal([c.c, c.standardError * c.standardError, c.tiedPredictor], [r.c[0], r.vcov[0][0], r.count1["tied.x"]], 1e-10)).toEqual([]);
  const s = concordanceSurvcomp(out, v.karno.map((k: number) => -k));
  expect(unequal([s.c, s.standardError], [r.survcomp_c[0], r.survcomp_se[0]], 1e-10)).toEqual([]);
});
