// Worked by hand from Heagerty, Lumley & Pepe (2000).
import { expect, test } from "vitest";
import { timeRocNearest, timeRocNearestWindow } from "../../src/evaluate/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const all = { time: d.time, event: d.status };

// Markers 1 2 3 4, times 4 3 2 1, all events, t = 2.5, span .3: neighbours are those one place apart. S(2.5 | x): x = 1 of {1, 2}: 1; x = 2 of {1, 2, 3}: 2/3;
// x = 3 of {2, 3, 4}: 1/3; x = 4 of {3, 4}: 0. S = 1/2. Threshold 4: TP = (1/4 − 0)/(1/2) = 1/2, FP 0; 3: TP = (1/2 − 1/12)/(1/2) = 5/6, FP 1/6; 2: TP = 1, FP 1/2; 1: 1, 1.
// Trapezoid: 1/6·(1/2 + 5/6)/2 + 1/3·(5/6 + 1)/2 + 1/2 = 1/9 + 11/36 + 1/2 = 11/12.
test("four patients by hand", () => {
  const [r] = timeRocNearest({ time: [4, 3, 2, 1], event: [1, 1, 1, 1] }, [1, 2, 3, 4], [2.5], { span: 0.3 });
  expect(r.survival).toBeCloseTo(0.5, 14);
  r.sensitivity.forEach((s, k) => expect(s).toBeCloseTo([0, 1 / 2, 5 / 6, 1, 1][k], 13));
  r.falsePositive.forEach((s, k) => expect(s).toBeCloseTo([0, 0, 1 / 6, 1 / 2, 1][k], 13));
  expect(r.auc).toBeCloseTo(11 / 12, 13);
});

// With a window of one patient and no censoring the survival is each patient's own: the ordinary AUC of event before t against after.
test("the narrowest window without censoring is the ordinary AUC", () => {
  const time = [1, 2, 3, 4, 5, 6];
  const marker = [6, 2, 5, 4, 1, 3];
  const [r] = timeRocNearest({ time, event: [1, 1, 1, 1, 1, 1] }, marker, [3.5], { span: 0.1 });
  expect(r.auc).toBeCloseTo(7 / 9, 13); // cases 6 2 5 against 4 1 3: 3 + 1 + 3 of 9
});

test("curves are monotone; the widest window separates nobody; a window's median; bad input", () => {
  const [r] = timeRocNearest(all, d.m2, [36]);
  for (const c of [r.sensitivity, r.falsePositive]) c.slice(1).forEach((x, k) => expect(x).toBeGreaterThanOrEqual(c[k] - 1e-12));
  expect(r.auc).toBeGreaterThan(0.6);
  expect(timeRocNearest(all, d.m2, [36], { span: 1 })[0].auc).toBeCloseTo(0.5, 10);
  const w = timeRocNearestWindow(all, d.m2, 24, 60);
  expect(w.median).toBeGreaterThan(Math.min(...w.auc));
  expect(timeRocNearest({ time: [1, 2], event: [0, 0] }, [1, 2], [1])[0].auc).toBeNaN();
  expect(timeRocNearestWindow({ time: [1, 2], event: [0, 0] }, [1, 2], 0, 3).warnings).toHaveLength(1);
  expect(() => timeRocNearest(all, d.m2, [36], { span: 0 })).toThrow("span is 0");
});

// R: the paper's formulas over survival::survfit of the neighbours (survivalROC is not among R's packages of Debian)
test("curve, survival and AUC agree with the paper written out in R (time_roc_nearest)", () => {
  const { result: r, args } = reference("time_roc_nearest");
  for (const [marker, theirs] of [[d.m2, r.m2], [d.m3, r.m3_ties]]) {
    args.span.forEach((span: number, s: number) => timeRocNearest(all, marker, args.times, { span }).forEach((ours, t) => {
      const expected = theirs[t][s];
      expect(unequal([ours.survival, ours.auc], [expected.survival, expected.auc], 1e-10)).toEqual([]);
      if (expected.tp === undefined) return;
      expect(unequal(ours.sensitivity, expected.tp, 1e-10)).toEqual([]);
      expect(unequal(ours.falsePositive, expected.fp, 1e-10)).toEqual([]);
    }));
  }
});
