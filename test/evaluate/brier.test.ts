// Expected: riskRegression 2022.11.28 Score (golden/stats/reference/score_survival.json, score_ibs.json).
import { expect, test } from "vitest";
import { brierSurvival, compareBrierSurvival, kaplanMeier, survivalAt } from "../../src/evaluate/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const all = { time: d.time, event: d.status };
const { result: r, args } = reference("score_survival");
const columns = (rows: number[][]) => args.times.map((_: number, k: number) => rows.map((x) => x[k]));
const [a, b] = [brierSurvival(all, columns(r.risk_m1), args.times), brierSurvival(all, columns(r.risk_m2), args.times)];

test("score_survival: Brier, standard error, IPA, left-step IBS", () => {
  for (const [ours, model] of [[a, "M1"], [b, "M2"]] as const) {
    const rows = r.brier.filter((x: any) => x.model === model);
    expect(unequal(ours.times.flatMap((x) => [x.brier, x.ipa]), rows.flatMap((x: any) => [x.Brier, x.IPA]), 1e-9)).toEqual([]);
    expect(unequal(ours.times.map((x) => x.standardError), rows.map((x: any) => x.se), 1e-8)).toEqual([]);
    expect(unequal(ours.integratedLeft, rows.map((x: any) => x.IBS), 1e-9)).toEqual([]);
  }
  const none = r.brier.filter((x: any) => x.model === "Null model");
  expect(unequal(a.times.map((x) => x.nullBrier), none.map((x: any) => x.Brier), 1e-10)).toEqual([]);
  expect(unequal(a.nullIntegratedLeft, none.map((x: any) => x.IBS), 1e-10)).toEqual([]);
  const theirs = r.brier_contrasts.filter((x: any) => x.model === "M2" && x.reference === "M1");
  expect(unequal(compareBrierSurvival(a, b).flatMap((x) => [x.difference, x.standardError, x.p]), theirs.flatMap((x: any) => [x["delta.Brier"], x.se, x.p]), 1e-7)).toEqual([]);
});

test("score_ibs: the null model on a fine grid, both ways", () => {
  const { result: ibs, args: grid } = reference("score_ibs");
  const km = survivalAt(kaplanMeier(all), grid.times).map((x) => 1 - x.survival);
  const s = brierSurvival(all, km.map((q) => new Float64Array(180).fill(q)), grid.times);
  expect(unequal(s.times.map((x) => x.brier), ibs["Null model"].brier, 1e-10)).toEqual([]);
  expect(unequal(s.integratedLeft, ibs["Null model"].ibs, 1e-10)).toEqual([]);
  expect(unequal([s.integratedTrapezoid], [ibs["Null model"].ibs_trapezoid], 1e-10)).toEqual([]);
});

test("without censoring it is the mean squared error; bad input", () => {
  const s = brierSurvival({ time: [1, 2, 3, 4], event: [1, 1, 1, 1] }, [[0.9, 0.2, 0.4, 0.1]], [2]);
  expect(s.times[0].brier).toBeCloseTo((0.01 + 0.64 + 0.16 + 0.01) / 4, 14);
  expect(() => brierSurvival(all, [new Float64Array(180).fill(2)], [12])).toThrow("risk of row 1 at time 12 is 2");
  expect(() => brierSurvival(all, [], [])).toThrow("at least one time");
});
