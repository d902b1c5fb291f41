// Printed numbers of five published studies; every figure below is copied from the articles' tables and text, none from this program.
import { expect, test } from "vitest";
import { auditMerit, auditTest, hanleyMcNeil, ratioFromInterval, type PrintedMerit } from "../../src/evaluate/index.js";
import { checkCounts } from "../../src/cohort/index.js";

const rows = (text: string): PrintedMerit[] => text.trim().split("\n").map((line) => {
  const [model, accuracy, sensitivity, specificity, auc, aucLow, aucHigh] = line.split("|").map((s) => s.trim());
  return { model, accuracy, sensitivity, specificity, ...(auc === undefined ? {} : { auc }), ...(aucLow === undefined ? {} : { aucLow, aucHigh: aucHigh! }) };
});

// Axillary node burden, Table 3: four centres of 532, 113, 185 and 381 patients
const nodes = {
  training: rows(`clinical | 0.715 | 0.595 | 0.828
                  radiomics | 0.791 | 0.964 | 0.629 | 0.856 | 0.830 | 0.880
                  combined | 0.831 | 0.929 | 0.739`),
  II: rows("clinical | 0.752 | 0.435 | 0.833\n radiomics | 0.681 | 0.826 | 0.644\n combined | 0.717 | 0.739 | 0.711"),
  III: rows("clinical | 0.789 | 0.250 | 0.919\n radiomics | 0.686 | 0.806 | 0.658\n combined | 0.762 | 0.694 | 0.779"),
  IV: rows("clinical | 0.756 | 0.444 | 0.828\n radiomics | 0.706 | 0.764 | 0.693\n combined | 0.738 | 0.667 | 0.754"),
};

test("training figures of the node-burden study are of rows copied five times, not of its 84 patients", () => {
  const audit = auditMerit(nodes.training, 532, { events: 84 });
  expect(audit.stated!.models.map((m) => m.accuracy!.fits)).toEqual([false, false, false]);
  // sensitivity and specificity alone do fit 84 and 448: accuracy on patients would have been 0.791, 0.682, 0.769
  expect(audit.stated!.models.map((m) => m.sensitivity && m.specificity)).toEqual([true, true, true]);
  expect(audit.stated!.models[0].accuracy!.possible).toBe("0.791");
  expect(audit.stated!.models[1].accuracy!.possible).toBe("0.682");
  expect(audit.stated!.models[2].accuracy!.possible).toBe("0.769");
  expect(audit.stated!.copies).toBe(5);
  // printed 0.830-0.880: the copies' interval, not the patients'
  const auc = audit.stated!.auc[0];
  expect(auc.honest.map((x) => x.toFixed(3))).toEqual(["0.804", "0.908"]);
  expect(auc.copied!.map((x) => x.toFixed(3))).toEqual(["0.830", "0.882"]);
});

test("all nine external rows of the same study fit whole patients", () => {
  expect(auditMerit(nodes.II, 113, { events: 23 }).stated!.models.every((m) => m.accuracy!.fits)).toBe(true);
  expect(auditMerit(nodes.III, 185, { events: 36 }).stated!.models.every((m) => m.accuracy!.fits)).toBe(true);
  expect(auditMerit(nodes.IV, 381, { events: 72 }).stated!.models.every((m) => m.accuracy!.fits)).toBe(true);
  expect(auditMerit(nodes.II, 113).fits.map((f) => f.events)).toContain(23);
});

// Triple-negative cancer, Table 2
test("29 validation patients of the radiogenomic model can only have been 6 with and 23 without response", () => {
  const audit = auditMerit(rows("radiomic | 0.72 | 1.00 | 0.65\n pathology | 0.83 | 0.83 | 0.83\n radiogenomic | 0.93 | 1.00 | 0.91"), 29);
  expect(audit.fits).toEqual([{ events: 6, others: 23 }]);
});

test("no split of 77 external patients gives the printed row; training and validation have one", () => {
  expect(auditMerit(rows("1 | 0.71 | 0.64 | 0.82\n 2 | 0.66 | 0.60 | 0.74\n 3 | 0.81 | 0.83 | 0.79"), 77).fits).toEqual([]);
  expect(auditMerit(rows("1 | 0.74 | 0.76 | 0.72\n 2 | 0.78 | 0.83 | 0.74\n 3 | 0.78 | 0.92 | 0.68\n p | 0.84 | 0.91 | 0.80"), 223).fits.map((f) => f.events)).toContain(90);
  expect(auditMerit(rows("1 | 0.72 | 0.69 | 0.74\n 2 | 0.66 | 0.86 | 0.54\n 3 | 0.70 | 0.97 | 0.53\n p | 0.83 | 0.97 | 0.74"), 92).fits.map((f) => f.events)).toContain(35);
});

// Local recurrence study: "Z = 9.15; P = 0.006" and "Z = 7.47; P = 0.01"
test("the two Z of the local-recurrence study are no normal deviates; swapped, they are χ² of likelihood-ratio tests", () => {
  const first = auditTest({ statistic: "9.15", p: "0.006", kind: "z" });
  const second = auditTest({ statistic: "7.47", p: "0.01", kind: "z" });
  expect(first.fits || second.fits).toBe(false);
  expect(first.p).toBeLessThan(1e-18);
  // 7.47 on 1 df is the printed 0.006, 9.15 on 2 df the printed 0.01
  expect(auditTest({ statistic: "7.47", p: "0.006", kind: "chi-squared", df: 1 }).fits).toBe(true);
  expect(auditTest({ statistic: "9.15", p: "0.01", kind: "chi-squared", df: 2 }).fits).toBe(true);
});

// Internal mammary nodes: Hosmer-Lemeshow and DeLong are right, the location column is not
test("tests of the internal-mammary-node study fit their p", () => {
  expect(auditTest({ statistic: "2.287", p: "0.971", kind: "chi-squared", df: 8 }).fits).toBe(true);
  for (const [statistic, p] of [["1.4996", "0.134"], ["-2.4294", "0.015"], ["-3.252", "0.001"]]) {
    expect(auditTest({ statistic, p, kind: "z" }).fits, statistic).toBe(true);
  }
  expect(auditTest({ statistic: "2.4294", p: "0.05", kind: "z" }).fits).toBe(false);
});

test("its tumour locations sum to 123 of 124 patients", () => {
  const faults = checkCounts([{ variable: "location", rows: [{ level: "medial", counts: [10, 38, 48] }, { level: "lateral", counts: [8, 60, 67] }, { level: "central", counts: [3, 5, 8] }] }], [21, 103, 124]);
  expect(faults).toEqual([expect.stringContaining("column 3 sums to 123")]);
});

test("its accuracy of 90.23 % stands beside a no-information rate of 83.1 %", () => {
  const audit = auditMerit([{ model: "combined", accuracy: "90.23 %" }], 124, { events: 21 });
  expect(audit.stated!.models[0].noInformationRate).toBeCloseTo(103 / 124, 12);
  // a mean over folds and repeats need not be whole patients; 112 of 124 is 90.32 %, 111.9 is none
  expect(audit.stated!.models[0].accuracy!.fits).toBe(false);
});

// By hand: A = 3/4, 2 events, 3 others: Q1 = 0.6, Q2 = 9/14, SE² = (0.1875 + 0.0375 + 2·0.0803571)/6 = 0.0642857
test("hanleyMcNeil gives a hand-worked case", () => {
  expect(hanleyMcNeil(0.75, { events: 2, others: 3 }).se).toBeCloseTo(Math.sqrt(0.9 / 14), 12);
});

test("a ratio's interval gives back its standard error and z", () => {
  const { se, z, middle } = ratioFromInterval(2, 2 * Math.exp(-1.959963984540054 * 0.25), 2 * Math.exp(1.959963984540054 * 0.25));
  expect(se).toBeCloseTo(0.25, 12);
  expect(z).toBeCloseTo(Math.log(2) / 0.25, 12);
  expect(middle).toBeCloseTo(2, 12);
});

test("what is no printed number is refused by name", () => {
  expect(() => auditMerit([{ model: "A", sensitivity: "high" }], 20)).toThrow(/A: sensitivity is "high"/);
  expect(() => auditMerit([{ model: "A", sensitivity: "0.5" }], 20, { events: 20 })).toThrow(/20 events of 20 patients/);
  expect(() => auditTest({ statistic: "3", p: "0.1", kind: "chi-squared" })).toThrow(/degrees of freedom/);
  expect(() => auditTest({ statistic: "3", p: "1.1", kind: "z" })).toThrow(/0 to 1/);
});
