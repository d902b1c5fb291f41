import { expect, test } from "vitest";
import {
  brierBinary, calibrationLine, compareBrier, confusion, confusionOf, hosmerLemeshow, integratedDiscrimination, likelihoodRatioTest,
  netReclassification, proportion, recalibrate, recalibration, valProb, wald, wilson,
} from "../../src/evaluate/index.js";
import { lowess, randomStream } from "../../src/math/index.js";
import { extendedTest, readJson } from "../data.js";
import { data, reference, unequal } from "../stats.js";

const d = data("bin_cohort.csv");

// Hmisc 4.8 binconf, R binom.test
test("shares of a 2×2 table with Wilson and exact intervals agree with R", () => {
  const { args, result } = reference("diagnostic_ci");
  const c = confusionOf(args);
  const all = { sens: c.sensitivity, spec: c.specificity, ppv: c.ppv, npv: c.npv, acc: c.accuracy, all_right: proportion(12, 12) };
  for (const [name, p] of Object.entries(all)) {
    const w = wald(p.k, p.n);
    expect(unequal([p.estimate, p.wilson.lower, p.wilson.upper, p.exact.lower, p.exact.upper, w.lower, w.upper],
      [result[name].est, ...result[name].wilson, ...result[name].exact, ...result[name].wald], 1e-10)).toEqual([]);
  }
});

test("hand-worked measures of a 2×2 table", () => {
  // tp 3, fp 1, tn 4, fn 2: MCC (12 − 2)/√(4·5·5·6), F1 6/9, kappa (.7 − .5)/(1 − .5), P(Bin(10, .5) >= 7) = 176/1024
  const c = confusionOf({ tp: 3, fp: 1, tn: 4, fn: 2 });
  expect(c.mcc).toBeCloseTo(10 / Math.sqrt(600), 14);
  expect(c.f1).toBeCloseTo(2 / 3, 14);
  expect(c.kappa).toBeCloseTo(0.4, 14);
  expect(c.balancedAccuracy).toBeCloseTo(0.7, 14);
  expect(c.noInformationRate).toBe(0.5);
  expect(c.pAboveNoInformation).toBeCloseTo(176 / 1024, 13);
  expect(c.positiveLikelihoodRatio.estimate).toBeCloseTo(3, 14);
  expect(c.diagnosticOddsRatio.estimate).toBeCloseTo(6, 14);
});

// 103 of 124 patients without the event: always saying no is right in 83.1 %
test("accuracy is held against the no-information rate", () => {
  const c = confusionOf({ tp: 0, fp: 0, tn: 103, fn: 21 });
  expect(c.accuracy.estimate).toBe(c.noInformationRate);
  expect(c.noInformationRate).toBeCloseTo(0.831, 3);
  expect(c.pAboveNoInformation).toBeGreaterThan(0.5);
  expect(c.ppv.estimate).toBeNaN();
  expect(c.warnings.join(" ")).toContain("Positive predictive value cannot be computed (NaN): no patient is predicted positive");
});

// Hmisc::improveProb
test("NRI and IDI agree with Hmisc::improveProb", () => {
  const { result } = reference("nri_idi");
  const h = result.improveProb;
  const free = netReclassification(d.p1, d.p2, d.y);
  expect(unequal([free.events.up, free.others.up, free.events.down, free.others.down, free.nri.estimate, free.nri.se, free.nri.z, free.nriEvents.estimate, free.nriEvents.se,
    free.nriEvents.z, free.nriOthers.estimate, free.nriOthers.se, free.nriOthers.z],
  [h["pup.ev"], h["pup.ne"], h["pdown.ev"], h["pdown.ne"], h.nri, h["se.nri"], h["z.nri"], h["nri.ev"], h["se.nri.ev"], h["z.nri.ev"], h["nri.ne"], h["se.nri.ne"], h["z.nri.ne"]], 1e-10)).toEqual([]);
  const idi = integratedDiscrimination(d.p1, d.p2, d.y);
  expect(unequal([idi.events, idi.others, idi.idi.estimate, idi.idi.se, idi.idi.z], [h.improveSens, h.improveSpec, h.idi, h["se.idi"], h["z.idi"]], 1e-10)).toEqual([]);
  const classes = netReclassification(d.p1, d.p2, d.y, { cuts: [0.3, 0.6] });
  const c = result.categorical_cuts_30_60;
  expect(unequal([classes.nriEvents.estimate, classes.nriOthers.estimate, classes.nri.estimate], [c.events, c.nonevents, c.nri], 1e-12)).toEqual([]);
  expect([classes.tableEvents, classes.tableOthers]).toEqual([c.table_events, c.table_nonevents]);
});

// ResourceSelection 0.3-6 hoslem.test
test("Hosmer–Lemeshow agrees with R, groups and ties included", () => {
  const { result } = reference("hoslem");
  const rounded = d.p2.map((p) => Math.round(p * 10) / 10 + 0.005);
  for (const [name, risk, groups] of [["p1_g10", d.p1, 10], ["p2_g10", d.p2, 10], ["p2_g8", d.p2, 8], ["p2_rounded_ties_g10", rounded, 10]] as const) {
    const h = hosmerLemeshow(risk, d.y, { groups });
    const r = result[name];
    expect(unequal([h.chiSquared, h.df, h.p], [r.stat, r.df, r.p], 1e-9)).toEqual([]);
    expect(h.groups.map((g) => [g.n - g.events, g.events])).toEqual(r.observed);
    expect(unequal(h.groups.map((g) => g.expected), r.expected.map((e: number[]) => e[1]), 1e-9)).toEqual([]);
  }
});

// rms 6.5 val.prob; glm(y ~ qlogis(p)), glm(y ~ offset(qlogis(p))). p2 was fitted on these rows; the other risks are badly calibrated
test.each([["val_prob", () => d.p2], ["val_prob_off", (r: any) => Float64Array.from(r.risk as number[])]])("validation of given risks agrees with rms::val.prob and glm: %s", (name, risks) => {
  const { result } = reference(name);
  const risk = risks(result);
  const v = result.val_prob;
  const ours = valProb(risk, d.y, { binned: true });
  expect(unequal([ours.dxy, ours.c, ours.r2, ours.d, ours.dChiSquared, ours.u, ours.q, ours.brier, ours.slope, ours.emax, ours.e90, ours.eavg, ours.spiegelhalterZ, ours.spiegelhalterP],
    [v.Dxy, v["C (ROC)"], v.R2, v.D, v["D:Chi-sq"], v.U, v.Q, v.Brier, v.Slope, v.Emax, v.E90, v.Eavg, v["S:z"], v["S:p"]], 1e-9)).toEqual([]);
  expect(Math.abs(ours.intercept - v.Intercept)).toBeLessThan(1e-12);
  expect(ours.uP).toBeCloseTo(v["U:p"], 10);
  const line = calibrationLine(risk, d.y);
  expect(unequal([line.slope.estimate], [result.slope], 1e-9)).toEqual([]);
  // glm takes its covariance one step before convergence, hence 1e-6
  expect(unequal([line.slope.se, line.inTheLarge.se], [result.slope_se, result.cal_in_large_se], 1e-6)).toEqual([]);
  expect(line.slope.p).toBeCloseTo(result.p_slope_eq_1, 9);
  expect(Math.abs(line.intercept.estimate - result.intercept) + Math.abs(line.inTheLarge.estimate - result.cal_in_large)).toBeLessThan(1e-12);
  if (result.lowess === undefined) return;
  const smooth = lowess(risk, d.y);
  expect(unequal(smooth.x, result.lowess.x, 1e-14)).toEqual([]);
  expect(unequal(smooth.y, result.lowess.y, 1e-10)).toEqual([]);
});

// riskRegression 2022.11.28 Score
test("Brier scores, IPA and their comparison agree with riskRegression::Score", () => {
  const { result } = reference("score_binary");
  const scores = [brierBinary(new Float64Array(160).fill(78 / 160), d.y), brierBinary(d.p1, d.y), brierBinary(d.p2, d.y)];
  for (const [k, s] of scores.entries()) {
    const r = result.brier[k];
    expect(unequal([s.brier, s.se, s.lower, s.upper], [r.Brier, r.se, r.lower, r.upper], 1e-9)).toEqual([]);
    expect(s.ipa).toBeCloseTo(r.IPA, 12);
  }
  const pairs = [compareBrier(d.p1, "null", d.y), compareBrier(d.p2, "null", d.y), compareBrier(d.p2, d.p1, d.y)];
  for (const [k, c] of pairs.entries()) {
    const r = result.brier_contrasts[k];
    expect(unequal([c.difference, c.se, c.lower, c.upper, c.p], [r["delta.Brier"], r.se, r.lower, r.upper, r.p], 1e-9)).toEqual([]);
  }
});

// the χ² values of 7.47 on 1 and 9.15 on 2 degrees of freedom printed for added Radscore and clinical variables have these p
test("likelihood ratio test of nested models", () => {
  expect(likelihoodRatioTest({ logLikelihood: -50, df: 1 }, { logLikelihood: -50 + 7.47 / 2, df: 2 }).p).toBeCloseTo(0.006273, 5);
  expect(likelihoodRatioTest({ logLikelihood: -50, df: 1 }, { logLikelihood: -50 + 9.15 / 2, df: 3 }).p).toBeCloseTo(0.010306, 5);
  expect(likelihoodRatioTest({ logLikelihood: -50, df: 1 }, { logLikelihood: -51, df: 2 }).warnings[0]).toContain("larger model fits worse");
  expect(() => likelihoodRatioTest({ logLikelihood: -50, df: 2 }, { logLikelihood: -49, df: 2 })).toThrow("2 and 2 parameters");
});

test("risks from the model that made the data have slope 1 and intercept 0; distorted ones are put right", () => {
  const random = randomStream("calibration");
  const eta = Float64Array.from({ length: 4000 }, () => random.normal() - 0.5);
  const event = eta.map((e) => (random.next() < 1 / (1 + Math.exp(-e)) ? 1 : 0));
  const risk = eta.map((e) => 1 / (1 + Math.exp(-e)));
  const good = calibrationLine(risk, event);
  expect(Math.abs(good.slope.z)).toBeLessThan(3);
  expect(Math.abs(good.inTheLarge.z)).toBeLessThan(3);
  // logit doubled and moved by 1: slope halves, intercept −slope/2
  const distorted = eta.map((e) => 1 / (1 + Math.exp(-(2 * e + 1))));
  const bad = recalibration(distorted, event, { what: "line" });
  expect(bad.slope).toBeCloseTo(good.slope.estimate / 2, 8);
  expect(bad.intercept).toBeCloseTo(good.intercept.estimate - good.slope.estimate / 2, 8);
  const put = calibrationLine(recalibrate(distorted, bad), event);
  expect(put.slope.estimate).toBeCloseTo(1, 8);
  expect(put.inTheLarge.estimate).toBeCloseTo(0, 8);
  // after recalibration-in-the-large the mean risk is the share of events
  const moved = recalibrate(distorted, recalibration(distorted, event));
  expect(moved.reduce((t, r) => t + r, 0)).toBeCloseTo(event.reduce((t, y) => t + y, 0), 6);
  const { slope, both } = calibrationLine(distorted, event).tests;
  expect(slope.p).toBeLessThan(1e-10);
  expect(both.chiSquared).toBeGreaterThan(slope.chiSquared);
});

extendedTest("Hosmer–Lemeshow of the infertility model agrees with R", "stats/reference/hosmer_lemeshow_infert.json", (path) => {
  const { data: s, result } = readJson(path);
  // the fitted model's risks, from its score equations solved here by Newton's method
  const x = s.case.map((_: number, i: number) => [1, s.age[i], s.parity[i], s.induced[i], s.spontaneous[i]]);
  const beta = [0, 0, 0, 0, 0];
  const risks = () => x.map((r: number[]) => 1 / (1 + Math.exp(-r.reduce((t, v, j) => t + v * beta[j], 0))));
  for (let step = 0; step < 12; step++) {
    const p = risks();
    const a = beta.map((_, j) => [...beta.map((__, k) => x.reduce((t: number, r: number[], i: number) => t + r[j] * r[k] * p[i] * (1 - p[i]), 0)),
      x.reduce((t: number, r: number[], i: number) => t + r[j] * (s.case[i] - p[i]), 0)]);
    for (let k = 0; k < 5; k++) for (let i = 0; i < 5; i++) if (i !== k) { const f = a[i][k] / a[k][k]; for (let j = 0; j < 6; j++) a[i][j] -= f * a[k][j]; }
    a.forEach((row, k) => { beta[k] += row[5] / row[k]; });
  }
  const h = hosmerLemeshow(risks(), s.case);
  expect(unequal([h.chiSquared, h.df, h.p], [result.stat, result.df, result.p], 1e-6)).toEqual([]);
});

// n = 40, p = .1: coverage is the sum of the binomial probabilities of the counts whose interval holds .1
test("Wilson's interval covers about 95 %", () => {
  let [coverage, probability] = [0, Math.pow(0.9, 40)];
  for (let k = 0; k <= 40; k++) {
    const w = wilson(k, 40);
    if (w.lower <= 0.1 && w.upper >= 0.1) coverage += probability;
    probability *= ((40 - k) / (k + 1)) * (0.1 / 0.9);
  }
  expect(coverage).toBeGreaterThan(0.92);
  expect(coverage).toBeLessThan(0.98);
});

// 500 cohorts of 200 with the true risks given: χ² on 10 df, so p is uniform; 3 Monte Carlo standard errors
test("of the true risks, Hosmer–Lemeshow's p on new rows and the calibration tests reject at their level; simulated", () => {
  const random = randomStream("true risks");
  const reps = 500;
  const rejected = { hosmerLemeshow: 0, half: 0, both: 0, spiegelhalter: 0 };
  for (let r = 0; r < reps; r++) {
    const risk = Float64Array.from({ length: 200 }, () => 0.15 + 0.7 * random.next());
    const event = risk.map((p) => (random.next() < p ? 1 : 0));
    const { p } = hosmerLemeshow(risk, event, { external: true });
    if (p < 0.1) rejected.hosmerLemeshow++;
    if (p < 0.5) rejected.half++;
    const v = valProb(risk, event);
    if (v.uP < 0.1) rejected.both++;
    if (v.spiegelhalterP < 0.1) rejected.spiegelhalter++;
  }
  const within = (count: number, share: number) => expect(Math.abs(count / reps - share)).toBeLessThan(3 * Math.sqrt((share * (1 - share)) / reps));
  within(rejected.hosmerLemeshow, 0.1);
  within(rejected.half, 0.5);
  within(rejected.both, 0.1);
  within(rejected.spiegelhalter, 0.1);
});

test("bad input ends in a sentence or a warning", () => {
  expect(() => brierBinary([0.2, 1.3], [0, 1])).toThrow("risk of row 2 is 1.3, expected a probability in 0 … 1");
  expect(() => hosmerLemeshow([0.2, 0.2, 0.2], [0, 1, 0])).toThrow("ties in the risks leave");
  expect(() => netReclassification([0.1, 0.2], [0.2, 0.3], [0, 1], { cuts: [0.6, 0.3] })).toThrow("expected rising risks");
  expect(() => confusion([0.1, 0.2], [0, 0])).toThrow("both classes are needed");
  expect(() => confusionOf({ tp: 0, fp: 0, tn: 0, fn: 0 })).toThrow("no patients");
  expect(() => wilson(5, 4)).toThrow("5 of 4");
  const constant = calibrationLine([0.3, 0.3, 0.3, 0.3], [1, 0, 0, 0]);
  expect(constant.slope.estimate).toBeNaN();
  expect(constant.inTheLarge.estimate).toBeCloseTo(Math.log(1 / 3) - Math.log(3 / 7), 10);
  expect(constant.warnings.join()).toContain("same risk");
  const separated = calibrationLine([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]);
  expect(separated.slope.estimate).toBeNaN();
  expect(separated.warnings.join()).toContain("separate events");
  expect(calibrationLine([0, 1, 0.5, 0.5, 1], [0, 1, 0, 1, 0]).warnings[0]).toContain("3 of 5 risks are 0 or 1");
});
