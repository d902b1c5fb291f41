import { expect, test } from "vitest";
import { InputError, inverseOf, subdistributionData, subdistributionLikelihood, subdistributionScores, type Design } from "../../src/math/index.js";
import { coxFit, fineGray, fineGrayIncidence } from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const column = (name: string): Float64Array =>
  name.startsWith("grade") ? Float64Array.from(d.text.grade, (g) => Number(g === name.slice(5))) : d[name];
const designOn = (...names: string[]): Design => ({ names, columns: names.map(column), n: d.time.length });
const six = ["age", "size", "er", "rad", "gradeG2", "gradeG3"];

// crr stops where max |score|·max(|β|, 1) / |log likelihood| < 1e-6, about 3e-5 from the maximum in small coefficients; what needs no
// maximum is compared at R's coefficients.
test("fineGray agrees with R cmprsk::crr: coefficients, sandwich, baseline, prediction", () => {
  const r = reference("cmprsk_crr").result;
  const model = fineGray(designOn(...six), d.time, d.cause);
  expect(unequal(model.coefficients, six.map((name) => r.event.coef[name]), 4e-5)).toEqual([]);
  expect(unequal(model.se, r.event.se, 1e-5)).toEqual([]);
  expect(unequal(model.loglik, [r.event.loglik_null, r.event.loglik], 1e-10)).toEqual([]);
  expect(model.baseline.time).toEqual(r.event.uftime);
  expect(unequal(model.baseline.hazard.map((h, k) => h - (model.baseline.hazard[k - 1] ?? 0)), r.event.bfitj, 2e-5)).toEqual([]);
  const fresh: Design = { names: six, n: 2, columns: [[50, 60], [15, 30], [1, 0], [0, 1], [0, 0], [0, 1]].map((c) => Float64Array.from(c)) };
  const incidence = fineGrayIncidence(JSON.parse(JSON.stringify(model)), fresh, r.predict.map((row: number[]) => row[0]));
  expect(unequal(incidence.flatMap((row) => [...row]), r.predict.flatMap((row: number[]) => row.slice(1)), 2e-5)).toEqual([]);
});

test.each([["event", 1, six], ["other", 2, ["age", "rad"]]] as const)("at R's coefficients likelihood, information and sandwich are those of crr: %s", (key, cause, names) => {
  const r = reference("cmprsk_crr").result[key];
  const status = d.cause.map((c) => (c === 0 ? 0 : c === cause ? 1 : 2));
  const sorted = subdistributionData(names.map(column), d.time, status, new Int32Array(d.time.length), 1);
  const beta = names.map((name, j) => r.coef[name] * sorted.scale[j]);
  const p = names.length;
  const { value, gradient, information } = subdistributionLikelihood(sorted, beta);
  const scores = subdistributionScores(sorted, beta);
  const inverse = inverseOf(information, names.map((_, j) => j), p);
  const variance = names.map(() => names.map(() => 0));
  for (let i = 0; i < sorted.n; i++) {
    const moved = names.map((_, j) => names.reduce((sum, __, k) => sum + inverse[j * p + k] * scores[i * p + k], 0) / sorted.scale[j]);
    moved.forEach((a, j) => moved.forEach((b, k) => (variance[j][k] += a * b)));
  }
  expect(unequal(variance.flat(), r.var.flat(), 1e-9, 1e-5)).toEqual([]);
  if (key === "other") return;
  expect(value).toBeCloseTo(r.loglik, 9);
  expect(unequal([...information].map((v, a) => v * sorted.scale[Math.floor(a / p)] * sorted.scale[a % p]), r.inv_inf.flat(), 1e-9, 1)).toEqual([]);
  expect(Math.max(...gradient.map((g, j) => Math.abs(g * sorted.scale[j]))) / Math.abs(value)).toBeLessThan(1e-6);
});

test("censoring by centre agrees with R cmprsk::crr", () => {
  const r = reference("cmprsk_crr").result.cengroup_centre;
  const byCentre = fineGray(designOn(...six.slice(0, 4)), d.time, d.cause, { censoringGroups: d.text.centre });
  expect(unequal(byCentre.coefficients, six.slice(0, 4).map((name) => r.coef[name]), 1e-6)).toEqual([]);
  expect(unequal(byCentre.se, [0, 1, 2, 3].map((j) => Math.sqrt(r.var[j][j])), 2e-3)).toEqual([]);
});

// crr iterated to gtol 1e-13
test.each([["event", 1, six, undefined], ["other", 2, ["age", "rad"], undefined], ["one", 1, ["rad"], undefined], ["centre", 1, six.slice(0, 4), d.text.centre], ["centre_one", 1, ["rad"], d.text.centre], ["grade_one", 1, ["rad"], d.text.grade]] as const)(
  "fineGray at crr's tightest: %s (cmprsk_more)", (key, cause, names, groups) => {
    const r = reference("cmprsk_more").result[key];
    const model = fineGray(designOn(...names), d.time, d.cause, { cause, ...(groups === undefined ? {} : { censoringGroups: groups }) });
    expect(unequal(model.coefficients, names.map((name) => r.coef[name]), 1e-8)).toEqual([]);
    expect(unequal(model.loglik, [r.loglik_null, r.loglik], 1e-12)).toEqual([]);
    expect(unequal(model.baseline.hazard.map((h, k) => h - (model.baseline.hazard[k - 1] ?? 0)), r.bfitj, 1e-8)).toEqual([]);
    // with groups crr counts only a group's own events in the group's censoring term (asCrr); ours are the paper's, of all events
    const crr = fineGray(designOn(...names), d.time, d.cause, { cause, asCrr: true, ...(groups === undefined ? {} : { censoringGroups: groups }) });
    const se = [r.var].flat(2).filter((_: number, k: number) => k % (names.length + 1) === 0).map(Math.sqrt);
    expect(unequal(crr.se, se, 1e-8)).toEqual([]);
    expect(unequal(crr.covariance.flat(), [r.var].flat(2), 1e-7, 1e-5)).toEqual([]);
    if (groups === undefined) expect(model).toEqual(crr);
    else expect(unequal(model.se, se, 2e-3)).toEqual([]);
  },
);

test("a group whose follow-up ended weighs nothing any more, as in crr (crr_groups_end)", () => {
  const { result: r, args } = reference("crr_groups_end");
  const model = fineGray({ names: ["x"], columns: [Float64Array.from(args.x as number[])], n: 10 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], args.cause, { censoringGroups: args.group });
  expect(unequal([model.coefficients[0], model.loglik[1]], [r.coef, r.loglik], 1e-8)).toEqual([]);
});

test("without competing events it is Cox regression with Breslow's ties and the robust variance", () => {
  const design = designOn("age", "rad");
  const model = fineGray(design, d.time, d.status);
  const cox = coxFit(design, { time: d.time, event: d.status }, { ties: "breslow", robust: true });
  expect(unequal(model.coefficients, cox.coefficients, 1e-9)).toEqual([]);
  expect(unequal(model.covariance.flat(), cox.robustCovariance!.flat(), 1e-8, 1e-6)).toEqual([]);
});

test("what cannot be fitted is named", () => {
  const design: Design = { names: ["x", "same"], columns: [Float64Array.of(1, 1, 0, 0), Float64Array.of(2, 2, 2, 2)], n: 4 };
  expect(() => fineGray(design, [1, 2, 3, 4], [0, 2, 0, 2])).toThrow(InputError);
  expect(() => fineGray(design, [1, 2, 3, -4], [0, 1, 0, 2])).toThrow(/Row 4: time is -4/);
  expect(() => fineGray(design, [1, 2, 3, 4], [0, 1, 0, NaN])).toThrow(/Row 4: cause/);
  const model = fineGray(design, [1, 2, 3, 4], [1, 1, 2, 0]);
  expect(model.monotone).toEqual(["x"]);
  expect(model.aliased).toEqual(["same"]);
  expect(model.hazardRatio).toEqual([NaN, NaN]);
  expect(model.warnings).toHaveLength(2);
});
