import { expect, test } from "vitest";
import { InputError, randomStream, type Design } from "../../src/math/index.js";
import { coxFit, coxLinearPredictor, coxResiduals, coxStepFitter, coxSurvival, coxUnivariable, coxZph, stepwise, type CoxOptions } from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";
import { extendedTest, readJson } from "../data.js";

const design = (columns: Record<string, number[]>): Design =>
  ({ names: Object.keys(columns), columns: Object.values(columns).map((c) => Float64Array.from(c)), n: Object.values(columns)[0].length });
const six = design({ x: [1, 0, 1, 0, 1, 0] });
const time = [1, 2, 3, 4, 5, 6];
const event = [1, 1, 0, 1, 1, 0];

test("what cannot be fitted is named", () => {
  const cases: [() => unknown, RegExp][] = [
    [() => coxFit(six, { time, event: [0, 0, 0, 0, 0, 0] }), /All 6 rows are censored/],
    [() => coxFit(six, { time: [1, 2, -3, 4, 5, 6], event }), /Row 3: time is -3/],
    [() => coxFit(six, { time: [1, NaN, 3, 4, 5, 6], event }), /Row 2: time is NaN/],
    [() => coxFit(six, { time: [1, 2, 3], event }), /time has 3 values but the design has 6 rows/],
    [() => coxFit(six, { time, event: [1, 2, 0, 1, 1, 0] }), /Row 2: event is 2/],
    [() => coxFit(six, { time, event, start: [0, 2, 0, 0, 0, 0] }), /Row 2: start is 2 and time 2/],
    [() => coxFit(six, { time, event, start: [0, 0, 3 - 1e-12, 0, 0, 0] }), /Row 3: start .* equal to rounding/],
    [() => coxFit(design({ x: [1, 0, NaN, 0, 1, 0] }), { time, event }), /Variable "x" is NaN in row 3/],
    [() => coxFit(design({ x: [1, 0, Infinity, 0, 1, 0] }), { time, event }), /Variable "x" is Infinity/],
    [() => coxFit(six, { time, event }, { weights: [1, 1, Infinity, 1, 1, 1] }), /Row 3: weight is Infinity/],
    [() => coxFit(six, { time, event }, { weights: [1, 1, 0, 1, 1, 1] }), /weight is 0.*above 0/],
    [() => coxFit(six, { time, event }, { offset: [1, 1, NaN, 1, 1, 1] }), /offset is NaN/],
    [() => coxFit(six, { time, event }, { strata: ["a"] }), /strata has 1 values/],
    [() => coxFit(six, { time, event }, { ties: "exact", robust: true }), /Exact ties/],
    [() => coxFit(six, { time, event }, { level: 95 }), /level is 95/],
    [() => coxResiduals(coxFit(six, { time, event }, { ties: "exact" }), six, { time, event }), /exact ties/],
    [() => coxZph(coxFit(six, { time, event }), six, { time, event: [1, 1, 1, 1, 1, 1] }), /Give the rows of the fit/],
    [() => coxSurvival(coxFit(six, { time, event }, { baseline: "none" }), six, [3]), /baseline "none"/],
    [() => coxSurvival(coxFit(six, { time, event }, { strata: [1, 1, 1, 2, 2, 2] }), six, [3]), /Stratum "undefined" is not in the model/],
    [() => coxFit({ names: [], columns: [], n: 0 }, { time: [], event: [] }), /needs rows/],
  ];
  for (const [run, message] of cases) {
    expect(run).toThrow(InputError);
    expect(run).toThrow(message);
  }
});

test("constant, repeated and summed columns are aliased and named, the others as without them", () => {
  const a = [3, 4, 1, 2, 5, 4];
  const model = coxFit(design({ x: [1, 0, 1, 0, 1, 0], same: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1], a, both: a.map((v, k) => v + [1, 0, 1, 0, 1, 0][k]) }), { time, event });
  expect(model.aliased).toEqual(["same", "both"]);
  expect(model.converged).toBe(true);
  expect(model.coefficients[1]).toBeNaN();
  expect(model.warnings[0]).toMatch(/"same" is constant \(0.1\)/);
  expect(model.warnings[1]).toMatch(/"both" is determined/);
  const alone = coxFit(design({ x: [1, 0, 1, 0, 1, 0], a }), { time, event });
  expect(unequal([model.coefficients[0], model.coefficients[2], ...model.loglik], [...alone.coefficients, ...alone.loglik], 1e-10)).toEqual([]);
  expect(model.tests.likelihoodRatio.df).toBe(2);
  // NaN becomes null in JSON; predictions stay the same
  const x = design({ x: [1, 0], same: [7, 7], a: [2, 3], both: [5, 5] });
  const back: typeof model = JSON.parse(JSON.stringify(model));
  expect(coxSurvival(back, x, [2, 4])).toEqual(coxSurvival(model, x, [2, 4]));
  expect(coxSurvival(model, x, [4]).lower[0].every(Number.isFinite)).toBe(true);
  const full = design({ x: [1, 0, 1, 0, 1, 0], same: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1], a, both: a });
  expect(coxZph(back, full, { time, event }).warnings[0]).toMatch(/same, both: no finite estimate/);
});

test("a monotone likelihood gives no huge hazard ratio but a warning that names the variable; others keep theirs", () => {
  // x = 1 has all events, in either direction; another variable beside it
  for (const sign of [1, -1]) {
    const columns = { x: [1, 1, 1, 0, 0, 0, 1, 0].map((v) => sign * v), age: [5, 3, 8, 6, 2, 7, 1, 4] };
    const model = coxFit(design(columns), { time: [1, 2, 3, 4, 5, 6, 7, 8], event: [1, 1, 1, 0, 0, 0, 1, 0] });
    expect(model.monotone).toEqual(["x"]);
    // predictions carry it on, also from a model read back from JSON
    for (const read of [model, JSON.parse(JSON.stringify(model))]) {
      const predicted = coxLinearPredictor(read, design(columns));
      expect(predicted.warnings.join()).toMatch(/"x" has no finite coefficient.*firthCox/);
      expect(predicted.se.every(Number.isNaN)).toBe(true);
      expect(coxSurvival(read, design(columns), [1]).warnings).toEqual(predicted.warnings);
    }
    expect([model.hazardRatio[0], model.se[0], model.p[0], ...model.ci[0]]).toEqual([NaN, NaN, NaN, NaN, NaN]);
    expect(model.warnings.join()).toMatch(sign > 0 ? /"x".*\+infinity.*firthCox/ : /"x".*−infinity/);
    expect(Number.isFinite(model.hazardRatio[1])).toBe(true);
    expect(model.converged).toBe(false);
    expect(model.iterations).toBeLessThanOrEqual(30);
    expect(model.tests.likelihoodRatio.p).toBeLessThan(0.2);
  }
  const one = coxFit(six, { time, event: [1, 0, 0, 0, 0, 0] });
  expect(one.warnings.join()).toMatch(/Only one event/);
  expect(one.monotone).toEqual(["x"]);
  const table = coxUnivariable(six, { time, event: [1, 0, 0, 0, 0, 0] });
  expect(table.univariable.rows[0].hazardRatio).toBeNaN();
});

test("beside a variable that orders every event the others get no interval of a huge width, but a word", () => {
  const x = Array.from({ length: 20 }, (_, k) => 20 - k);
  const model = coxFit(design({ x, z: x.map((_, k) => ((k * 7) % 20) / 10) }), { time: x.map((_, k) => k + 1), event: x.map(() => 1) });
  expect(model.monotone).toEqual(["x"]);
  expect([model.se[1], model.hazardRatio[1], model.p[1], ...model.ci[1]]).toEqual([NaN, NaN, NaN, NaN, NaN]);
  expect(model.warnings.join()).toMatch(/"z": beside "x" next to nothing is known/);
});

test("proportional hazards cannot be tested on one event: NaN with a warning", () => {
  const x = Array.from({ length: 20 }, (_, k) => (k * 7) % 20);
  const follow = { time: x.map((_, k) => k + 1), event: x.map((_, k) => (k === 8 ? 1 : 0)) };
  const zph = coxZph(coxFit(design({ x }), follow), design({ x }), follow);
  expect(zph.global.p).toBeNaN();
  expect(zph.warnings.join()).toMatch(/x, all together: 1 event at too few times/);
});

test("more variables than events, follow-up of 0, no censoring, ties everywhere", () => {
  const random = randomStream(4);
  const wide = design(Object.fromEntries(Array.from({ length: 8 }, (_, j) => [`v${j}`, Array.from({ length: 6 }, () => random.normal())])));
  expect(coxFit(wide, { time, event }).warnings.join()).toMatch(/8 variables for 4 events/);
  expect(coxFit(six, { time: [0, 2, 3, 4, 5, 6], event }).warnings.join()).toMatch(/Row 1 has follow-up 0/);
  expect(coxFit(six, { time, event: [1, 1, 1, 1, 1, 1] }).warnings).toEqual([]);
  // one time: a conditional likelihood with exact ties; 2 of 3 with x = 1 die, 1 of 3 with x = 0. By hand at β = 0: U = 2 − 3·½ = ½
  const tied = { time: [1, 1, 1, 1, 1, 1], event: [1, 1, 0, 1, 0, 0] };
  const x = design({ x: [1, 1, 1, 0, 0, 0] });
  for (const ties of ["efron", "breslow", "exact"] as const) expect(coxFit(x, tied, { ties }).converged).toBe(true);
  const exact = coxFit(x, tied, { ties: "exact" });
  // variance of a hypergeometric count, 3·½·½·(6 − 3)/(6 − 1) = .45; denominators 20 sets of three at β = 0
  expect(exact.tests.score.statistic).toBeCloseTo(0.25 / 0.45, 12);
  expect(exact.loglik[0]).toBeCloseTo(-Math.log(20), 12);
  // θ = e^β: θ² / (1 + 9θ + 9θ² + θ³) at its maximum
  const at = (b: number) => 2 * b - Math.log(1 + 9 * Math.exp(b) + 9 * Math.exp(2 * b) + Math.exp(3 * b));
  expect(exact.loglik[1]).toBeCloseTo(at(exact.coefficients[0]), 12);
  expect(at(exact.coefficients[0] + 1e-4)).toBeLessThan(exact.loglik[1]);
  expect(at(exact.coefficients[0] - 1e-4)).toBeLessThan(exact.loglik[1]);
});

test("times that differ by rounding are ties, as R's timefix", () => {
  const a = coxFit(six, { time: [1, 0.3, 3, 0.1 + 0.2, 5, 6], event });
  const b = coxFit(six, { time: [1, 0.3, 3, 0.3, 5, 6], event });
  expect(a.coefficients).toEqual(b.coefficients);
});

const cohort = data("surv_cohort.csv");
const twoColumns: Design = { names: ["age", "rad"], columns: [cohort.age, cohort.rad], n: cohort.age.length };

test("splitting follow-up into pieces changes nothing; nor does row order; a weight of 2 is a row twice (Breslow)", () => {
  const { time: t, status } = cohort;
  const cut = Float64Array.from(t, (v, k) => v * (0.3 + 0.05 * (k % 9)));
  const twice = (c: Float64Array) => Float64Array.from([...c, ...c]);
  const split: Design = { names: twoColumns.names, columns: twoColumns.columns.map(twice), n: 2 * t.length };
  const pieces = { time: [...cut, ...t], start: [...cut.map(() => 0), ...cut], event: [...status.map(() => 0), ...status] };
  for (const ties of ["efron", "breslow", "exact"] as const) {
    const whole = coxFit(twoColumns, { time: t, event: status }, { ties });
    const parts = coxFit(split, pieces, { ties });
    expect(unequal([...parts.coefficients, ...parts.se, ...parts.loglik], [...whole.coefficients, ...whole.se, ...whole.loglik], 1e-9)).toEqual([]);
  }
  const reversed: Design = { names: twoColumns.names, columns: twoColumns.columns.map((c) => c.slice().reverse()), n: t.length };
  const a = coxFit(twoColumns, { time: t, event: status });
  const b = coxFit(reversed, { time: t.slice().reverse(), event: status.slice().reverse() });
  expect(unequal(b.coefficients, a.coefficients, 1e-11)).toEqual([]);
  const breslow: CoxOptions = { ties: "breslow" };
  const heavy = coxFit(twoColumns, { time: t, event: status }, { ...breslow, weights: t.map(() => 2) });
  const double = coxFit(split, { time: twice(t), event: twice(status) }, breslow);
  expect(unequal([...heavy.coefficients, ...heavy.se, ...heavy.loglik], [...double.coefficients, ...double.se, ...double.loglik], 1e-10)).toEqual([]);
});

test("95 % intervals cover the truth, p is uniform under the null: 400 replicates, within 3 Monte Carlo SE", () => {
  const random = randomStream(20);
  const replicates = 400;
  let covered = 0;
  let rejected = 0;
  for (let r = 0; r < replicates; r++) {
    const n = 120;
    const x = Float64Array.from({ length: n }, () => random.normal());
    const noise = Float64Array.from({ length: n }, () => random.normal());
    const fail = x.map((v) => -Math.log(1 - random.next()) / Math.exp(0.7 * v));
    const censor = x.map(() => 3 * random.next());
    const model = coxFit({ names: ["x", "noise"], columns: [x, noise], n }, { time: fail.map((f, k) => Math.min(f, censor[k])), event: fail.map((f, k) => Number(f <= censor[k])) }, { baseline: "none" });
    if (Math.log(model.ci[0][0]) < 0.7 && 0.7 < Math.log(model.ci[0][1])) covered++;
    if (model.p[1] < 0.05) rejected++;
  }
  const se = Math.sqrt((0.95 * 0.05) / replicates);
  expect(Math.abs(covered / replicates - 0.95)).toBeLessThan(3 * se);
  expect(Math.abs(rejected / replicates - 0.05)).toBeLessThan(3 * se);
});

for (const [name, ties] of [["coxph_lung_efron", "efron"], ["coxph_lung_breslow", "breslow"], ["coxph_veteran_factor", "efron"]] as const) {
  extendedTest(`${name}: coefficients, variances and tests of R coxph`, `stats/reference/${name}.json`, (path) => {
    const r = readJson(path);
    const columns: Record<string, number[]> = {};
    for (const key of Object.keys(r.result.coef)) {
      const level = /^celltype(.+)$/.exec(key)?.[1];
      columns[key] = level === undefined ? r.data[key] : r.data.celltype.map((c: string) => Number(c === level));
    }
    const x = design(columns);
    const followUp = { time: r.data.time, event: r.data.status };
    const model = coxFit(x, followUp, { ties });
    expect(unequal(model.coefficients, Object.values(r.result.coef), 1e-7)).toEqual([]);
    expect(unequal(model.se, Object.values(r.result.se), 1e-8)).toEqual([]);
    expect(unequal(model.covariance.flat(), r.result.vcov.flat(), 1e-7, 1e-4)).toEqual([]);
    expect(unequal(model.loglik, [r.result.loglik_null, r.result.loglik], 1e-12)).toEqual([]);
    expect(unequal([model.tests.likelihoodRatio.statistic, model.tests.wald.statistic, model.tests.score.statistic], [r.result.lr_test, r.result.wald_test, r.result.score_test], 1e-7)).toEqual([]);
    if (r.result.zph_km === undefined) return;
    const z = coxZph(model, x, followUp, { terms: { celltype: Object.keys(columns).filter((k) => k.startsWith("celltype")) } });
    expect([...z.tests.map((t) => t.term), "GLOBAL"]).toEqual(r.result.zph_km.rows);
    expect(unequal([...z.tests, z.global].flatMap((t) => [t.statistic, t.df, t.p]), r.result.zph_km.values.flat(), 1e-6)).toEqual([]);
  });
}
extendedTest("cox_step_veteran: the steps of R step(coxph), a factor whole", "stats/reference/cox_step_veteran.json", (path) => {
  const r = readJson(path);
  const columns: Record<string, number[]> = { trt: r.data.trt };
  const levels = ["adeno", "large", "smallcell"];
  for (const level of levels) columns[`celltype${level}`] = r.data.celltype.map((c: string) => Number(c === level));
  for (const name of ["karno", "diagtime", "age", "prior"]) columns[name] = r.data[name];
  const fitter = coxStepFitter(design(columns), { time: r.data.time, event: r.data.status }, { terms: { celltype: levels.map((l) => `celltype${l}`) } });
  for (const [key, criterion] of [["aic", "AIC"], ["bic_events", "BIC (events)"]] as const) {
    const found = stepwise(fitter.candidates, fitter, { direction: "both", criterion });
    expect(found.terms).toEqual(r.result[key].terms);
    expect(unequal(found.path.map((s) => s.criterion), r.result[key].steps.map((s: any) => s.aic), 1e-9)).toEqual([]);
    expect(unequal(found.fit.model.coefficients, Object.values(r.result[key].coef), 1e-7)).toEqual([]);
  }
});

test("a fit without columns is the null model", () => {
  const model = coxFit({ names: [], columns: [], n: 180 }, { time: cohort.time, event: cohort.status });
  expect(unequal(model.loglik, Array.from({ length: 2 }, () => reference("coxph_efron").result.loglik_null), 1e-12)).toEqual([]);
});
