// Expected: R survival 3.5-3 survdiff (golden/stats/reference/survdiff.json).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { logRank, logRankTrend, pairwiseLogRank, type LogRank } from "../../src/evaluate/index.js";
import { data, reference, unequal } from "../stats.js";
import { extendedTest } from "../data.js";

const d = data("surv_cohort.csv");
const all = { time: d.time, event: d.status };
const code = (text: string[], levels: string[]) => text.map((t) => levels.indexOf(t));
const grade = code(d.text.grade, ["G1", "G2", "G3"]);
const { result: r } = reference("survdiff");

function agrees(ours: LogRank, theirs: any): void {
  expect(ours.n).toEqual(theirs.n);
  expect(unequal(ours.observed, theirs.obs, 1e-10)).toEqual([]);
  expect(unequal(ours.expected, theirs.exp, 1e-10)).toEqual([]);
  expect(unequal(ours.variance.flat(), theirs.var.flat(), 1e-10)).toEqual([]);
  expect(unequal([ours.chisq, ours.df, ours.p], [theirs.chisq, theirs.df, theirs.p], 1e-10)).toEqual([]);
}

test("two and three groups, rho, strata", () => {
  const er = logRank(all, d.er);
  agrees(er, r.er);
  expect(er.hazardRatio).toBeCloseTo(r.hr_pike, 12);
  agrees(logRank(all, grade), r.grade);
  agrees(logRank(all, grade, { rho: 1 }), r.grade_peto_rho1);
  agrees(logRank(all, grade, { rho: 0.5 }), r.grade_rho_half);
  agrees(logRank(all, grade, { strata: code(d.text.centre, ["A", "B"]) }), r.grade_strata_centre);
});

test("trend and pairs", () => {
  const t = logRankTrend(logRank(all, grade));
  expect(unequal([t.u, t.variance, t.chisq, t.p], [r.trend.u, r.trend.var, r.trend.chisq, r.trend.p], 1e-10)).toEqual([]);
  const pairs = pairwiseLogRank(all, grade);
  const theirs = r.pairwise_G1G2_G1G3_G2G3;
  expect(unequal(pairs.map((q) => q.p), theirs.p, 1e-10)).toEqual([]);
  expect(unequal(pairs.map((q) => q.adjusted), theirs.bh, 1e-10)).toEqual([]);
  expect(unequal(pairwiseLogRank(all, grade, { adjust: "bonferroni" }).map((q) => q.adjusted), theirs.bonferroni, 1e-10)).toEqual([]);
});

// Times 1 2 3 4, groups A B A B, all events: E_A = 2/4 + 1/3 + 1/2 + 0 = 4/3, V = 1/4 + 2/9 + 1/4 = 13/18.
test("four patients by hand", () => {
  const t = logRank({ time: [1, 2, 3, 4], event: [1, 1, 1, 1] }, [0, 1, 0, 1]);
  expect(t.observed).toEqual([2, 2]);
  expect(t.expected[0]).toBeCloseTo(4 / 3, 14);
  expect(t.chisq).toBeCloseTo(((2 / 3) * (2 / 3)) / (13 / 18), 14);
});

test("bad input", () => {
  expect(() => logRank({ time: [1, 2], event: [1, 1] }, [0, 0])).toThrow("at least two groups");
  expect(() => logRank({ time: [1, 2], event: [1, 1] }, [0, -1])).toThrow("group of row 2 is -1");
  const none = logRank({ time: [1, 2, 3], event: [0, 0, 0] }, [0, 1, 1]);
  expect(none.p).toBeNaN();
  expect(none.warnings[0]).toContain("No event");
  const one = logRank({ time: [3, 2, 1], event: [1, 0, 0] }, [0, 1, 1]);
  expect(one.p).toBeNaN();
  expect(one.warnings[0]).toContain("only one group");
  const tied = logRank({ time: [2, 2, 2, 2], event: [1, 1, 0, 0] }, [0, 1, 0, 1]);
  expect(tied.chisq).toBe(0);
  expect(logRank({ time: [0, 0, 5], event: [1, 1, 0] }, [0, 0, 1]).chisq).toBeGreaterThan(0);
});

// 600 null cohorts of 40 patients: p below .05 in about 5 %.
test("p is uniform under the null", () => {
  let s = 777;
  const u = () => (s = (48271 * s) % 2147483647) / 2147483647;
  let below = 0;
  let half = 0;
  for (let b = 0; b < 600; b++) {
    const time = Array.from({ length: 40 }, () => -Math.log(u()));
    const p = logRank({ time, event: time.map(() => (u() < 0.8 ? 1 : 0)) }, time.map((_, i) => i % 2)).p;
    if (p < 0.05) below++;
    if (p < 0.5) half++;
  }
  expect(Math.abs(below / 600 - 0.05)).toBeLessThan(3 * Math.sqrt((0.05 * 0.95) / 600));
  expect(Math.abs(half / 600 - 0.5)).toBeLessThan(3 * Math.sqrt(0.25 / 600));
});

extendedTest("R's veteran data", "stats/reference/logrank_veteran.json", (path) => {
  const ref = JSON.parse(readFileSync(path, "utf8"));
  const v = { time: ref.data.time, event: ref.data.status };
  const c = logRank(v, code(ref.data.celltype, ["adeno", "large", "smallcell", "squamous"]));
  expect(unequal([...c.observed, ...c.expected, c.chisq, c.p], [...ref.result.celltype.obs, ...ref.result.celltype.exp, ref.result.celltype.chisq, ref.result.celltype.p], 1e-10)).toEqual([]);
  expect(unequal([logRank(v, ref.data.trt).chisq], [ref.result.trt.chisq], 1e-10)).toEqual([]);
});
