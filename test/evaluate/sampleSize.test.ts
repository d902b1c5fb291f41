import { expect, test } from "vitest";
import { eventsPerParameter, sampleSizeBinary, sampleSizeSurvival } from "../../src/evaluate/index.js";

const by = (s: { criteria: { name: string; n: number }[] }) => Object.fromEntries(s.criteria.map((c) => [c.name, c.n]));

// Riley et al., BMJ 2020;368:m441, pre-eclampsia: prevalence .05, 30 candidate parameters, R² 15 % of its largest value .33, hence .05: 5249 patients, 8.75 events per parameter
test("binary outcome: the pre-eclampsia example of BMJ 2020;368:m441", () => {
  const s = sampleSizeBinary({ prevalence: 0.05, parameters: 30, coxSnellR2: 0.05 });
  expect(s.n).toBe(5249);
  expect(s.decides).toBe("shrinkage");
  expect(s.maxR2).toBeCloseTo(0.33, 2);
  expect(s.eventsPerParameter).toBeCloseTo(8.75, 2);
  expect(s.shrinkage).toBeCloseTo(0.9, 4);
  // (1.96/.05)² · .05 · .95 = 72.99
  expect(by(s)["overall risk"]).toBe(73);
  expect(sampleSizeBinary({ prevalence: 0.05, parameters: 30, coxSnellR2: { nagelkerke: 0.15 } }).n).toBeGreaterThan(5249);
});

// Riley et al., Stat Med 2019;38:1276, Chagas disease; R pmsampsize(type = "b", rsquared = .288, parameters = 24, prevalence = .174): 623, 662, 221
test("binary outcome: the Chagas example of Stat Med 2019;38:1276", () => {
  const s = sampleSizeBinary({ prevalence: 0.174, parameters: 24, coxSnellR2: 0.288, meanAbsoluteError: false });
  expect(by(s)).toEqual({ "overall risk": 221, shrinkage: 623, "optimism of R²": 662 });
  expect([s.n, s.decides]).toEqual([662, "optimism of R²"]);
  expect(s.eventsPerParameter).toBeCloseTo(4.8, 2);
});

// R pmsampsize 1.0, tests/testthat/test_surv.R: (R², parameters, rate) with time 2, mean follow-up 2.07 -> patients and events per parameter of criteria 1, 2.
// 30 parameters and R² .051 is the recurrent thromboembolism example of Stat Med 2019;38:1276: 5143 patients
test("survival outcome: the thromboembolism example and R pmsampsize's own checks", () => {
  for (const [r2, parameters, rate, shrink, optimism, epp] of [
    [0.051, 30, 0.065, 5143, 1039, 23.07], [0.051, 25, 0.065, 4286, 866, 23.07], [0.065, 25, 0.065, 3335, 859, 17.95],
    [0.051, 50, 0.065, 8572, 1731, 23.07], [0.051, 25, 0.1, 4286, 731, 35.49],
  ]) {
    const s = sampleSizeSurvival({ coxSnellR2: r2, parameters, rate, meanFollowUp: 2.07, time: 2 });
    expect([by(s).shrinkage, s.n]).toEqual([shrink, shrink]);
    // pmsampsize takes the largest R² from events rounded up to a whole number in 10,000 patients: one patient apart at most
    expect(Math.abs(by(s)["optimism of R²"] - optimism)).toBeLessThanOrEqual(1);
    expect(s.eventsPerParameter).toBeCloseTo(epp, 2);
  }
});

test("the overall risk of a survival outcome: one patient fewer would miss the margin", () => {
  const o = { coxSnellR2: 0.5, parameters: 1, rate: 0.3, meanFollowUp: 2, time: 3, riskMargin: 0.01 };
  const s = sampleSizeSurvival(o);
  expect(s.decides).toBe("overall risk");
  const width = (n: number) => {
    const half = 1.96 * Math.sqrt(0.3 / (n * 2));
    return Math.exp(-(0.3 - half) * 3) - Math.exp(-0.9);
  };
  expect(width(s.n)).toBeLessThanOrEqual(0.01);
  expect(width(s.n - 1)).toBeGreaterThan(0.01);
  expect(s.personTime).toBe(2 * s.n);
});

test("events per parameter warn below ten, counting candidates and not what was kept", () => {
  const e = eventsPerParameter(15, 224, 3);
  expect(e.perCandidate).toBeCloseTo(0.067, 3);
  expect(e.perFinal).toBe(5);
  expect(e.warnings[0]).toContain("15 events for 224 candidate parameters are 0.067 each, below 10");
  expect(eventsPerParameter(100, 10).warnings).toEqual([]);
});

test("bad input ends in a sentence", () => {
  expect(() => sampleSizeBinary({ prevalence: 5, parameters: 10, coxSnellR2: 0.1 })).toThrow("prevalence is 5, expected a number between 0 and 1");
  expect(() => sampleSizeBinary({ prevalence: 0.05, parameters: 10, coxSnellR2: 0.5 })).toThrow("below the largest possible 0.3277");
  expect(() => sampleSizeBinary({ prevalence: 0.5, parameters: 0, coxSnellR2: 0.1 })).toThrow("0 candidate parameters");
  expect(() => sampleSizeSurvival({ coxSnellR2: 0.1, parameters: 10, rate: 6.5, meanFollowUp: 2, time: 2 })).toThrow("expected below 1 event a patient");
  expect(() => eventsPerParameter(10, 0)).toThrow("at least one candidate");
});
