// Printed numbers of five published studies; every figure below is copied from the articles' tables and text, none from this program.
import { expect, test } from "vitest";
import { aucDelong, auditInterval, auditMerit, auditRatio, auditTest, hanleyMcNeil, ratioFromInterval, swappedTests, widthBand, type PrintedMerit } from "../../src/evaluate/index.js";
import { checkCounts } from "../../src/cohort/index.js";
import { randomStream } from "../../src/math/index.js";

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

test("the printed AUC intervals are of copied rows in training, and of patients in the centres outside", () => {
  const printed: [n: number, events: number, auc: string, low: string, high: string, fits: boolean][] = [
    [532, 84, "0.771", "0.741", "0.802", false], [532, 84, "0.856", "0.830", "0.880", false], [532, 84, "0.899", "0.878", "0.920", false],
    [113, 23, "0.689", "0.566", "0.805", true], [113, 23, "0.781", "0.669", "0.870", true], [113, 23, "0.826", "0.732", "0.910", true],
    [185, 36, "0.620", "0.514", "0.718", true], [185, 36, "0.809", "0.733", "0.875", true], [185, 36, "0.812", "0.735", "0.881", true],
    [381, 72, "0.643", "0.572", "0.716", true], [381, 72, "0.783", "0.722", "0.835", true], [381, 72, "0.803", "0.748", "0.852", true],
  ];
  for (const [n, events, auc, aucLow, aucHigh, fits] of printed) {
    const audit = auditInterval({ model: auc, auc, aucLow, aucHigh }, n, { events })!;
    expect([auc, audit.fits, audit.consistent!.includes(events)]).toEqual([auc, fits, fits]);
    if (!fits) expect(audit.stated!.copied!.find((c) => c.of === "events")!.copies).toBe(5);
  }
});

// Triple-negative cancer, Table 2, its AUCs in all sets; internal mammary nodes, text
test("intervals of two other studies are consistent with their events, one of them cut off at 1", () => {
  for (const [n, events, text] of [[223, 90, "0.80 0.75 0.86"], [223, 90, "0.90 0.86 0.94"], [92, 35, "0.74 0.63 0.84"], [92, 35, "0.88 0.81 0.95"], [77, 31, "0.66 0.54 0.78"],
    [69, 21, "0.97 0.94 1.00"], [29, 6, "0.75 0.57 0.93"], [29, 6, "0.93 0.84 1.00"], [124, 21, "0.913 0.862 0.965"], [124, 21, "0.831 0.741 0.921"], [124, 21, "0.964 0.935 0.993"]] as const) {
    const [auc, aucLow, aucHigh] = text.split(" ");
    expect(auditInterval({ model: text, auc, aucLow, aucHigh }, n, { events })!.fits, text).toBe(true);
  }
});

test("an AUC outside its limits, a limit alone, limits upside down; exact binomial limits are known for what they are", () => {
  const of = (auc: string, aucLow?: string, aucHigh?: string) => auditInterval({ model: "A", auc, ...(aucLow && { aucLow }), ...(aucHigh && { aucHigh }) }, 100, { events: 40 })!;
  expect(of("0.93", "0.95", "0.99")).toMatchObject({ ordered: false, fits: false });
  expect(of("0.95", "0.95", "0.99").ordered).toBe(true);
  // by hand: Q1 = 0.9/1.1, Q2 = 1.62/1.9, SE² = (0.09 + 39·0.0081818 + 59·0.0426316)/2400 = 0.00121848
  expect(of("0.9").stated!.limits.map((x) => x.toFixed(3))).toEqual(["0.832", "0.968"]);
  expect(() => of("0.9", "0.8")).toThrow(/only one limit/);
  expect(() => of("0.9", "0.95", "0.8")).toThrow(/lower limit 0.95 is above/);
  expect(() => auditInterval({ model: "A", aucLow: "0.8", aucHigh: "0.9" }, 100)).toThrow(/without the AUC/);
  // binom.test(450, 500)$conf.int, R: 0.8703, 0.9249; five events of 500 allow no such width
  expect(auditInterval({ model: "A", auc: "0.900", aucLow: "0.870", aucHigh: "0.925" }, 500, { events: 5 })).toMatchObject({ binomial: true, fits: true });
  expect(auditInterval({ model: "A", auc: "0.900", aucLow: "0.880", aucHigh: "0.920" }, 500, { events: 5 })).toMatchObject({ binomial: false, fits: false });
});

test("the tolerance holds DeLong's intervals of binormal scores whose spread differs up to twofold between the classes", () => {
  const random = randomStream("width band");
  for (const [m, k] of [[6, 23], [21, 103], [84, 448]]) for (const spread of [0.5, 1, 2]) for (const shift of [0.3, 1.3, 2]) {
    let inside = 0, tried = 0;
    for (let s = 0; s < 120; s++) {
      const event = Uint8Array.from({ length: m + k }, (_, i) => Number(i < m));
      const { auc, se } = aucDelong(Float64Array.from(event, (e) => (e === 1 ? shift * Math.sqrt((1 + spread * spread) / 2) + spread * random.normal() : random.normal())), event);
      if (!(se > 0)) continue;
      tried++;
      const ratio = se / hanleyMcNeil(auc, { events: m, others: k }).se, [from, to] = widthBand(auc, { events: m, others: k });
      inside += Number(ratio >= from && ratio <= to);
    }
    // the band is 2.5 to 97.5 % of the widest case; 120 samples of 95 % have a standard error of 2 %
    expect(inside / tried, `${m} and ${k}, spread ${spread}, shift ${shift}`).toBeGreaterThan(0.91);
  }
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

test("two tests that fit with each other's p are told; unrelated ones, and ones that fit, are not", () => {
  const swapped = swappedTests([{ statistic: "9.15", p: "0.006", kind: "z" }, { statistic: "7.47", p: "0.01", kind: "z" }]);
  expect(swapped).toMatchObject([{ first: 0, second: 1, as: [{ kind: "chi-squared", df: 2 }, { kind: "chi-squared", df: 1 }] }]);
  // as printed, with the degrees of freedom of either: 3.84 on 1 df is 0.05, 11.07 on 5 df too; 6.63 on 1 df is 0.01
  expect(swappedTests([{ statistic: "11.07", p: "0.01", kind: "chi-squared", df: 5 }, { statistic: "6.63", p: "0.05", kind: "chi-squared", df: 1 }])).toMatchObject([{ as: [{ df: 5 }, { df: 1 }] }]);
  expect(swappedTests([{ statistic: "1.4996", p: "0.134", kind: "z" }, { statistic: "-2.4294", p: "0.015", kind: "z" }])).toEqual([]);
  expect(swappedTests([{ statistic: "40", p: "0.006", kind: "z" }, { statistic: "7.47", p: "0.01", kind: "z" }])).toEqual([]);
});

// Internal mammary nodes, univariable and multivariable table; triple-negative cancer, Cox models
test("ratios against their intervals: those that fit, one that does not, and separation", () => {
  for (const [ratio, low, high, p] of [["12.14", "1.20", "122.88", "0.035"], ["0.71", "0.05", "10.64", "0.805"], ["0.168", "0.045", "0.626", "0.008"], ["0.171", "0.029", "1.019", "0.052"]]) {
    expect(auditRatio({ name: "A", ratio, low, high, p }), ratio).toMatchObject({ fits: true, separated: false });
  }
  expect(auditRatio({ name: "A", ratio: "12.14", low: "1.20", high: "122.88", p: "0.003" })).toMatchObject({ fits: false, separated: false });
  expect(auditRatio({ name: "A", ratio: "1.50", low: "1.60", high: "2.00" }).fits).toBe(false);
  for (const [ratio, high] of [["2547896", "Infinite"], ["116998231701111", "Infinite"], ["1.00", "Infinite"]]) expect(auditRatio({ name: "A", ratio, low: "0.00", high, p: "0.995" })).toMatchObject({ fits: false, separated: true });
  expect(auditRatio({ name: "A", ratio: "31.52", p: ".034" }).sentences[0]).toContain("no interval is printed");
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
  expect(() => auditMerit([{ model: "A", sensitivity: "120%" }], 20)).toThrow(/more than 100 %/);
  expect(() => auditMerit([{ model: "A", specificity: "83.1" }], 20)).toThrow(/more than 1, expected 0 to 1; write 83\.1%/);
  expect(() => auditMerit([{ model: "A", accuracy: "-0.1" }], 20)).toThrow(/less than 0/);
  expect(() => auditMerit([{ model: "A", sensitivity: "<0.5" }], 20)).toThrow(/a bound/);
  expect(() => auditMerit([{ model: "A" }], 20)).toThrow(/no printed figure/);
  expect(() => auditMerit([{ model: "A", sensitivity: "0.5" }], 20, { events: 20 })).toThrow(/20 events of 20 patients/);
  expect(() => auditTest({ statistic: "3", p: "0.1", kind: "chi-squared" })).toThrow(/degrees of freedom/);
  expect(() => auditTest({ statistic: "3", p: "1.1", kind: "z" })).toThrow(/0 to 1/);
});
