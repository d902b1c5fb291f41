import { expect, test } from "vitest";
import { decisionCurve, decisionCurvesBySet, decisionCurveSurvival } from "../../src/evaluate/index.js";
import { extendedTest, readJson } from "../data.js";
import { data, reference, unequal } from "../stats.js";

const d = data("bin_cohort.csv");
const s = data("surv_cohort.csv");

// dcurves 0.5.1 dca(y ~ p1 + p2)
test("binary decision curves agree with dcurves, a given prevalence too", () => {
  const { args, result } = reference("dca_binary");
  const c = decisionCurve({ p1: d.p1, p2: d.p2 }, d.y, args);
  for (const name of ["p1", "p2"]) {
    const m = c.models[name];
    expect(unequal(m.netBenefit, result[name].net_benefit, 1e-10, 1e-4)).toEqual([]);
    expect(unequal(m.truePositive, result[name].tp_rate, 1e-10)).toEqual([]);
    expect(unequal(m.falsePositive, result[name].fp_rate, 1e-10)).toEqual([]);
  }
  expect(unequal(c.all, result.all, 1e-10)).toEqual([]);
  const rare = decisionCurve({ p2: d.p2 }, d.y, { ...args, prevalence: 0.2 });
  expect(unequal(rare.models.p2.netBenefit, result.p2_prevalence_20.net_benefit, 1e-10, 1e-4)).toEqual([]);
  expect(unequal(rare.models.p2.truePositive, result.p2_prevalence_20.tp_rate, 1e-10)).toEqual([]);
  expect(unequal(rare.models.p2.falsePositive, result.p2_prevalence_20.fp_rate, 1e-10)).toEqual([]);
});

// dcurves 0.5.1 dca(Surv(time, status) ~ risk1 + risk2, time = 36)
test("survival decision curves agree with dcurves; where dcurves has NA because all treated had the event before, the value stands", () => {
  const { args, result } = reference("dca_survival");
  const c = decisionCurveSurvival({ risk1: s.risk1, risk2: s.risk2 }, { time: s.time, event: s.status }, 36, args);
  let missing = 0;
  for (const name of ["risk1", "risk2"]) {
    const m = c.models[name];
    const r = result[name];
    args.thresholds.forEach((t: number, k: number) => {
      if (Number.isNaN(r.net_benefit[k])) {
        missing++;
        // every patient above these thresholds had the event before 36 months
        const treated = Array.from(s[name]).filter((v) => v >= t).length;
        expect([m.netBenefit[k], m.falsePositive[k]]).toEqual([treated / 180, 0]);
      } else expect(unequal([m.netBenefit[k], m.truePositive[k], m.falsePositive[k]], [r.net_benefit[k], r.tp_rate[k], r.fp_rate[k]], 1e-10, 1e-4)).toEqual([]);
    });
  }
  expect(missing).toBe(9);
  for (const name of ["risk1", "risk2", "all"]) expect(unequal(args.thresholds.map(() => c.prevalence), result[name].pos_rate, 1e-10), name).toEqual([]);
  expect(unequal(c.all, result.all.net_benefit, 1e-10, 1e-4)).toEqual([]);
});

extendedTest("decision curve of the haemorrhage model agrees with dcurves", "stats/reference/dca_aSAH.json", (path) => {
  const { data: x, result } = readJson(path);
  const c = decisionCurve({ p: x.p }, x.y, { thresholds: result.thresholds });
  expect(unequal(c.models.p.netBenefit, result.p, 1e-10)).toEqual([]);
  expect(unequal(c.all, result.all, 1e-10)).toEqual([]);
});

extendedTest("decision curve of the veterans' trial agrees with dcurves", "stats/reference/dca_survival_veteran.json", (path) => {
  const { data: x, result } = readJson(path);
  const c = decisionCurveSurvival({ risk: x.risk }, { time: x.time, event: x.status }, 120, { thresholds: result.thresholds });
  expect(unequal(c.models.risk.netBenefit, result.risk, 1e-10)).toEqual([]);
  expect(unequal(c.all, result.all, 1e-10)).toEqual([]);
});

test("hand-worked: 4 patients, threshold .25 costs a third of a true positive", () => {
  const c = decisionCurve({ m: [0.1, 0.25, 0.6, 0.9] }, [0, 0, 1, 1], { thresholds: [0.25] });
  expect(c.models.m.netBenefit[0]).toBeCloseTo(2 / 4 - (1 / 4) * (1 / 3), 14);
  expect(c.all[0]).toBeCloseTo(2 / 4 - (2 / 4) * (1 / 3), 14);
  // one of four is spared treatment
  expect(c.models.m.avoided[0]).toBeCloseTo(0.25, 14);
});

test("without censoring before τ the survival curve is the binary one", () => {
  const uncensored = new Float64Array(180).fill(1);
  const event = s.time.map((t) => (t <= 20 ? 1 : 0));
  const a = decisionCurveSurvival({ r: s.risk1 }, { time: s.time, event: uncensored }, 20);
  const b = decisionCurve({ r: s.risk1 }, event);
  expect(unequal(a.models.r.netBenefit, b.models.r.netBenefit, 1e-10, 1e-3)).toEqual([]);
});

test("each set gets its own curve", () => {
  const set = Array.from(d.y, (_, i) => (i < 100 ? "training" : "test"));
  const curves = decisionCurvesBySet({ p2: d.p2 }, d.y, set, { thresholds: [0.4, 0.5] });
  expect(Object.keys(curves)).toEqual(["training", "test"]);
  expect(curves.training).toEqual(decisionCurve({ p2: d.p2.slice(0, 100) }, d.y.slice(0, 100), { thresholds: [0.4, 0.5] }));
});

test("bad input ends in a sentence, unknown survival in a warning", () => {
  expect(() => decisionCurve({ m: d.p1 }, d.y, { thresholds: [0.2, 1.5] })).toThrow("threshold 2 is 1.5, expected a probability between 0 and 1");
  expect(() => decisionCurve({ m: [0.2, 3] }, [0, 1])).toThrow("risk of m of row 2 is 3");
  expect(() => decisionCurve({}, d.y)).toThrow("no model's risks");
  expect(() => decisionCurve({ m: [0.2, 0.3] }, [0, 0])).toThrow("both classes");
  expect(() => decisionCurvesBySet({ m: [0.2, 0.3, 0.4] }, [0, 1, 1], ["a", "a", "b"])).toThrow("Set b: ");
  expect(() => decisionCurveSurvival({ m: [0.2, 0.3] }, { time: [1, 2], event: [1, 0] }, 5)).toThrow("no follow-up reaches 5, the longest is 2");
  expect(() => decisionCurveSurvival({ m: [0.2, 0.3] }, { time: [1, -2], event: [1, 0] }, 1)).toThrow("follow-up of row 2 is -2");
  const c = decisionCurveSurvival({ m: [0.2, 0.3, 0.9] }, { time: [10, 10, 2], event: [0, 1, 0] }, 5, { thresholds: [0.1, 0.5, 0.95] });
  expect(Array.from(c.models.m.netBenefit).map(Number.isNaN)).toEqual([false, true, false]);
  expect(c.models.m.netBenefit[2]).toBe(0);
  expect(c.warnings[0]).toContain("at thresholds 0.5 nobody treated is followed up to 5");
});
