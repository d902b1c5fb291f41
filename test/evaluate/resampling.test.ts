import { expect, test } from "vitest";
import {
  bootstrap632, bootstrapAuc, bootstrapAucDifference, calibrationOptimism, learnerFitting, aucDelong, auc, coxIndexes, crossValidate, delongPaired, emaxOfLine, giniMeanDifference, lrmIndexes,
  optimism, riskMeasures, stratifiedFolds, survivalCalibrationCurve, survivalCalibrationOptimism, type Fitting,
} from "../../src/evaluate/index.js";
import { randomStream, rRandom, type Design } from "../../src/math/index.js";
import type { NumberColumn, Table } from "../../src/cohort/index.js";
import { coxFit, coxSurvival, logisticFit, type CoxModel, type Learner } from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("bin_cohort.csv");
const s = data("surv_cohort.csv");

function designOf(table: Record<string, any>, names: string[], rows: ArrayLike<number>): Design {
  return { names, n: rows.length, columns: names.map((name) => Float64Array.from(rows, (i) => table[name][i])) };
}

/** Logistic regression on named columns; predicts the linear predictor, or its probability. */
function logistic(names: string[], risk: boolean): Fitting<number[]> {
  return {
    fit: (rows) => Array.from(logisticFit(designOf(d, names, rows), Float64Array.from(rows, (i) => d.y[i])).coefficient),
    predict: (b, rows) => Float64Array.from(rows, (i) => {
      const eta = names.reduce((sum, name, j) => sum + b[j + 1] * d[name][i], b[0]);
      return risk ? 1 / (1 + Math.exp(-eta)) : eta;
    }),
  };
}

/** Cox regression stopped as rms::cph does, at a relative gain of the log likelihood of 1e-4. */
const cox: Fitting<number[]> = {
  fit: (rows) => {
    const design = designOf(s, ["age", "size", "er", "rad"], rows);
    const followUp = { time: Float64Array.from(rows, (i) => s.time[i]), event: Float64Array.from(rows, (i) => s.status[i]) };
    for (let before = NaN, steps = 0; ; steps++) {
      const fit = coxFit(design, followUp, { baseline: "none", maxIterations: steps });
      if (Math.abs(1 - before / fit.loglik[1]) <= 1e-4) return fit.coefficients;
      before = fit.loglik[1];
    }
  },
  predict: (b, rows) => Float64Array.from(rows, (i) => b[0] * s.age[i] + b[1] * s.size[i] + b[2] * s.er[i] + b[3] * s.rad[i]),
};

// R: glm refitted on 12 given samples; auc, brier, intercept, slope on the sample and on the original rows
test("optimism over given bootstrap samples agrees with R, every sample", () => {
  const { args, result } = reference("optimism_given_indices");
  const indices = args.idx.map((sample: number[]) => sample.map((i) => i - 1));
  const o = optimism(160, logistic(["age", "size", "adc"], true), riskMeasures(d.y), { random: randomStream(1), indices });
  const names = ["auc", "brier", "intercept", "slope"];
  const row = (figures: Record<string, number>) => names.map((name) => figures[name]);
  expect(unequal(row(o.apparent), [result.apparent.auc, result.apparent.brier, result.apparent.int, result.apparent.slope], 1e-8, 1e-3)).toEqual([]);
  expect(unequal(row(o.optimism), result.optimism, 1e-7)).toEqual([]);
  expect(unequal(row(o.corrected), result.corrected, 1e-7)).toEqual([]);
  o.resamples.forEach((r, b) => {
    expect(unequal(row(r.training), result.per_resample[b].train, 1e-7, 1e-2)).toEqual([]);
    expect(unequal(row(r.test), result.per_resample[b].test, 1e-7)).toEqual([]);
  });
});

// rms 6.5: set.seed(1); validate(lrm(y ~ age + size + adc + her2), B = 40)
test("with R's generator, optimism agrees with rms::validate of a logistic model", () => {
  const { result } = reference("lrm_validate_calibrate");
  const o = optimism(160, logistic(["age", "size", "adc", "her2"], false), lrmIndexes(d.y), { random: rRandom(1), resamples: 40 });
  const ours: Record<string, string> = { Dxy: "dxy", R2: "r2", Intercept: "intercept", Slope: "slope", D: "d", U: "u", Q: "q", B: "b", g: "g", gp: "gp" };
  result.validate.rows.forEach((name: string, k: number) => {
    const row = result.validate.values[k];
    if (name === "Emax") {
      expect(emaxOfLine(o.corrected.intercept, o.corrected.slope)).toBeCloseTo(row[4], 6);
      return;
    }
    const key = ours[name];
    expect([name, unequal([o.apparent[key], o.training[key], o.test[key], o.optimism[key], o.corrected[key]], row.slice(0, 5), 1e-6, 1e-2)]).toEqual([name, []]);
    expect(o.used[key]).toBe(row[5]);
  });
});

// rms 6.5: set.seed(1); validate(cph(Surv(time, status) ~ age + size + er + rad), B = 40, dxy = TRUE)
test("with R's generator, optimism agrees with rms::validate of a Cox model", () => {
  const { result } = reference("cph_validate_calibrate");
  const o = optimism(180, cox, coxIndexes(s.time, s.status, { asRms: true }), { random: rRandom(1), resamples: 40 });
  const ours: Record<string, string> = { Dxy: "dxy", R2: "r2", Slope: "slope", D: "d", U: "u", Q: "q", g: "g" };
  result.validate.rows.forEach((name: string, k: number) => {
    const key = ours[name];
    expect([name, unequal([o.apparent[key], o.training[key], o.test[key], o.optimism[key], o.corrected[key]], result.validate.values[k].slice(0, 5), 1e-6, 1e-2)]).toEqual([name, []]);
  });
  expect(o.corrected.dxy / 2 + 0.5).toBeCloseTo(result.c_corrected, 7);
});

// rms 6.5: set.seed(1); calibrate(lrm(y ~ age + size + adc + her2), B = 40)
test("with R's generator, the corrected calibration curve agrees with rms::calibrate of a logistic model", () => {
  const { values } = reference("lrm_validate_calibrate").result.calibrate;
  const column = (k: number) => values.map((row: number[]) => row[k]);
  const c = calibrationOptimism(logistic(["age", "size", "adc", "her2"], true), d.y, { random: rRandom(1), resamples: 40 });
  expect(unequal(c.points.map((p) => p.risk), column(0), 1e-8)).toEqual([]);
  expect(unequal(c.points.map((p) => p.apparent), column(1), 1e-6)).toEqual([]);
  expect(c.points.map((p) => p.used)).toEqual(column(8));
  expect(unequal(c.points.map((p) => p.corrected), column(2), 1e-6)).toEqual([]);
});

/** Survival at t from the Cox model of `cox`, stopped as rms stops. */
const survivalOf = (t: number): Fitting<CoxModel> => ({
  fit: (rows) => {
    const design = designOf(s, ["age", "size", "er", "rad"], rows);
    const followUp = { time: Float64Array.from(rows, (i) => s.time[i]), event: Float64Array.from(rows, (i) => s.status[i]) };
    for (let before = NaN, steps = 0; ; steps++) {
      const fit = coxFit(design, followUp, { maxIterations: steps });
      if (Math.abs(1 - before / fit.loglik[1]) <= 1e-4) return fit;
      before = fit.loglik[1];
    }
  },
  predict: (fit, rows) => coxSurvival(fit, designOf(s, ["age", "size", "er", "rad"], rows), [t]).survival[0],
});

// rms 6.5: set.seed(k); calibrate(cph(...), cmethod = "KM", u, m or cuts, B); columns index.orig, training, test, optimism, corrected, n, mean.predicted, KM, KM.corrected
test.each([
  ["cph_validate_calibrate", (r: any) => r.calibrate, 1, 36, { size: 45, resamples: 40 }], ["cph_calibrate_more", (r: any) => r.one_sample, 1, 36, { size: 45, resamples: 1 }],
  ["cph_calibrate_more", (r: any) => r.groups60_u24, 7, 24, { size: 60, resamples: 30 }], ["cph_calibrate_more", (r: any) => r.cuts, 2, 36, { cuts: [0, 0.3, 0.5, 0.7, 1], resamples: 30 }],
] as const)("with R's generator, Kaplan–Meier calibration agrees with rms::calibrate of a Cox model (%s, %#)", (name, of, seed, time, options) => {
  const { values } = of(reference(name).result);
  const ours = survivalCalibrationOptimism(survivalOf(time), { time: s.time, event: s.status }, time, { random: rRandom(seed), ...options });
  expect(ours.points.length).toBe(values.length);
  ours.points.forEach((p, k) => expect(unequal([p.observed - p.predicted, p.training, p.test, p.optimism, p.corrected - p.predicted, p.used, p.predicted, p.observed, p.corrected], values[k].slice(0, 9), 1e-6, 1e-1)).toEqual([]));
});

test("smooth calibration of survival: apparent is survivalCalibrationCurve's, the correction pulls towards the truth", () => {
  const followUp = { time: s.time, event: s.status };
  const fitting = survivalOf(36);
  const c = survivalCalibrationOptimism(fitting, followUp, 36, { random: randomStream(5), resamples: 20, method: "spline" });
  const rows = Int32Array.from(s.time.keys());
  const own = fitting.predict(fitting.fit(rows, randomStream(1)), rows);
  const curve = survivalCalibrationCurve(followUp, own.map((p) => 1 - p), 36);
  const at = survivalCalibrationOptimism(fitting, followUp, 36, { random: randomStream(5), resamples: 1, method: "spline", at: own });
  expect(unequal(at.points.map((p) => 1 - p.observed), curve.observed, 1e-12)).toEqual([]);
  expect(c.points.length).toBe(50);
  expect(c.points.every((p) => p.used === 20 || p.used >= 10)).toBe(true);
  expect(c.meanError).toBeGreaterThan(0);
  expect(() => survivalCalibrationOptimism({ ...fitting, predict: (_, r) => new Float64Array(r.length).fill(2) }, followUp, 36, { random: randomStream(1) })).toThrow("prediction of row 1 is 2");
  expect(() => survivalCalibrationOptimism(fitting, followUp, 36, { random: randomStream(1), cuts: [0.5, 0.2] })).toThrow("do not ascend");
});

test("Gini's mean difference, by hand: pairs of 1, 2, 4 differ by 1, 3, 2", () => {
  expect(giniMeanDifference([4, 1, 2])).toBeCloseTo(2, 14);
});

test("folds are balanced by the event, patients stay together, the same seed gives the same folds", () => {
  const fold = stratifiedFolds(160, 5, randomStream(3), { classes: d.y });
  const count = (of: (i: number) => boolean) => [0, 1, 2, 3, 4].map((k) => Array.from(fold.keys()).filter((i) => fold[i] === k && of(i)).length);
  expect(count(() => true)).toEqual([32, 32, 32, 32, 32]);
  const events = count((i) => d.y[i] === 1);
  expect(Math.max(...events) - Math.min(...events)).toBeLessThanOrEqual(1);
  expect(stratifiedFolds(160, 5, randomStream(3), { classes: d.y })).toEqual(fold);
  const patients = Array.from({ length: 160 }, (_, i) => `P${i % 70}`);
  const grouped = stratifiedFolds(160, 5, randomStream(3), { classes: d.y, patients });
  patients.forEach((p, i) => expect(grouped[i]).toBe(grouped[patients.indexOf(p)]));
});

test("cross-validation: given folds refit without the fold; spread over folds and repeats", () => {
  const fitting = logistic(["age", "size", "adc"], true);
  const foldOf = [Array.from(d.foldid, (f) => f)];
  const cv = crossValidate(160, fitting, riskMeasures(d.y), { random: randomStream(1), event: d.y, foldOf });
  expect(cv.folds.length).toBe(10);
  // the third fold by hand
  const rows = Int32Array.from(Array.from(d.foldid.keys()).filter((i) => d.foldid[i] !== 3));
  const out = Int32Array.from(Array.from(d.foldid.keys()).filter((i) => d.foldid[i] === 3));
  const risk = fitting.predict(fitting.fit(rows, randomStream(1)), out);
  expect(cv.folds[2].figures.auc).toBe(auc(risk, Float64Array.from(out, (i) => d.y[i])));
  expect(out.every((i, k) => cv.prediction[i] === risk[k])).toBe(true);
  expect(cv.pooled.auc.mean).toBeCloseTo(auc(cv.prediction, d.y), 14);
  const repeated = crossValidate(160, fitting, riskMeasures(d.y), { random: randomStream(2), event: d.y, repeats: 4, folds: 5 });
  const values = repeated.folds.map((f) => f.figures.accuracy);
  expect(values.length).toBe(20);
  expect(repeated.summary.accuracy.min).toBe(Math.min(...values));
  expect(repeated.summary.accuracy.max).toBe(Math.max(...values));
  expect(repeated.summary.accuracy.mean).toBeCloseTo(values.reduce((a, b) => a + b) / 20, 14);
  expect(crossValidate(160, fitting, riskMeasures(d.y), { random: randomStream(2), event: d.y, repeats: 4, folds: 5 })).toEqual(repeated);
});

test("folds without an event are named and left out of the means; a fit that fails is a failure, not a stop", () => {
  const event = Float64Array.from({ length: 30 }, (_, i) => (i < 3 ? 1 : 0));
  const constant: Fitting<number> = { fit: (rows) => rows.length, predict: (_, rows) => Float64Array.from(rows, (i) => 0.1 + i / 100) };
  const cv = crossValidate(30, constant, riskMeasures(event), { random: randomStream(1), event, folds: 10 });
  expect(cv.withoutEvent.length).toBe(7);
  expect(cv.withoutEvent[0]).toMatch(/^repeat 1, fold \d+: no event in the test part$/);
  expect(cv.summary.auc.count).toBe(3);
  expect(cv.summary.auc.mean).toBe(cv.folds.filter((f) => Number.isFinite(f.figures.auc)).reduce((a, f) => a + f.figures.auc, 0) / 3);
  expect(cv.warnings.join(" ")).toContain("7 folds lack a class");
  const o = optimism(30, { ...constant, fit: (rows) => { auc(rows, Float64Array.from(rows, (i) => event[i])); return 1; } }, riskMeasures(event), { random: randomStream(5), resamples: 60 });
  expect(o.failures.length).toBeGreaterThan(0);
  expect(o.failures[0]).toMatch(/^Sample \d+: AUC: all 30 patients are without the event/);
  expect(o.used.auc).toBe(60 - o.failures.length);
});

// 6 columns of noise, 60 patients: the apparent AUC is high, the truth is .5. 24 data sets
test("optimism takes most of a noise model's apparent AUC away, .632+ and cross-validation all of it", () => {
  const random = randomStream("noise");
  const sets = 24;
  const [apparent, corrected, plus, crossed]: number[][] = [[], [], [], []];
  for (let k = 0; k < sets; k++) {
    const columns = Array.from({ length: 6 }, () => Float64Array.from({ length: 60 }, () => random.normal()));
    const y = Float64Array.from({ length: 60 }, (_, i) => i % 2);
    // weights are the differences of the class means
    const fitting: Fitting<number[]> = {
      fit: (rows) => columns.map((c) => {
        let [a, b, n1] = [0, 0, 0];
        for (const i of rows) if (y[i] === 1) { a += c[i]; n1++; } else b += c[i];
        return a / n1 - b / (rows.length - n1);
      }),
      predict: (w, rows) => Float64Array.from(rows, (i) => 1 / (1 + Math.exp(-w.reduce((t, v, j) => t + v * columns[j][i], 0)))),
    };
    const o = optimism(60, fitting, (p, rows) => ({ auc: auc(p, Float64Array.from(rows, (i) => y[i])) }), { random: random.stream(`o${k}`), resamples: 40 });
    apparent.push(o.apparent.auc);
    corrected.push(o.corrected.auc);
    plus.push(1 - bootstrap632(fitting, y, { random: random.stream(`b${k}`), resamples: 40, loss: "auc" }).error632plus);
    crossed.push(crossValidate(60, fitting, riskMeasures(y), { random: random.stream(`c${k}`), event: y }).summary.auc.mean);
  }
  const mean = (v: number[]) => v.reduce((a, b) => a + b) / sets;
  const error = (v: number[]) => Math.sqrt(v.reduce((t, x) => t + (x - mean(v)) * (x - mean(v)), 0) / (sets - 1) / sets);
  expect(mean(apparent)).toBeGreaterThan(0.62);
  // bootstrap optimism is known to fall short (the sample shares .632 of its rows with the data it is judged on)
  expect(mean(corrected) - 0.5).toBeLessThan(0.6 * (mean(apparent) - 0.5));
  expect(Math.abs(mean(crossed) - 0.5)).toBeLessThan(3 * error(crossed));
  expect(Math.abs(mean(plus) - 0.5)).toBeLessThan(Math.abs(mean(corrected) - 0.5));
});

// one-nearest-neighbour on noise: apparent error 0, left-out error .5 = γ, so R = 1, w = 1 and .632+ is .5 (Efron & Tibshirani 1997, section 3)
test(".632+ of a rule that learns by heart is the no-information error", () => {
  const random = randomStream("heart");
  const x = Float64Array.from({ length: 80 }, () => random.normal());
  const y = Float64Array.from({ length: 80 }, (_, i) => i % 2);
  const nearest: Fitting<Int32Array> = {
    fit: (rows) => rows.slice(),
    predict: (known, rows) => Float64Array.from(rows, (i) => y[known.reduce((best, j) => (Math.abs(x[j] - x[i]) < Math.abs(x[best] - x[i]) ? j : best))]),
  };
  const b = bootstrap632(nearest, y, { random, resamples: 60, loss: "error" });
  expect([b.apparent, b.noInformation]).toEqual([0, 0.5]);
  expect(b.error632).toBeCloseTo(0.632 * b.leftOut, 12);
  if (b.leftOut >= 0.5) expect(b.error632plus).toBeCloseTo(0.5, 12);
  else expect(b.error632plus).toBeCloseTo((0.632 / (1 - 0.368 * 2 * b.leftOut)) * b.leftOut, 12);
});

test("bootstrap intervals of AUCs lie near DeLong's", () => {
  const b = bootstrapAuc(d.p2, d.y, { random: randomStream(7), resamples: 1500 });
  const a = aucDelong(d.p2, d.y);
  expect(b.auc).toBe(a.auc);
  // the standard error of a bootstrap standard error of 1500 samples is about 2 %
  expect(Math.abs(b.se / a.se - 1)).toBeLessThan(0.08);
  expect(Math.abs(b.lower - a.lower) + Math.abs(b.upper - a.upper)).toBeLessThan(0.03);
  const two = bootstrapAucDifference(d.p1, d.p2, d.y, { random: randomStream(7), resamples: 1500 });
  const t = delongPaired(d.p1, d.p2, d.y);
  expect(two.difference).toBeCloseTo(t.difference, 14);
  expect(Math.abs(two.se / t.se - 1)).toBeLessThan(0.08);
  expect(bootstrapAuc(d.p2, d.y, { random: randomStream(7), resamples: 1500 })).toEqual(b);
});

test("a learner on a table is resampled with its table and outcome; whole patients are drawn where rows share one", () => {
  // predicts the share of events among training rows with x on the same side of 0
  const sides: Learner<{ below: number; above: number }> = {
    name: "sides", outcome: "binary",
    fit: (table, outcome) => {
      const x = (table.columns.x as NumberColumn).values;
      const event = (outcome as { event: Uint8Array }).event;
      const share = (side: boolean) => {
        const rows = Array.from(x.keys()).filter((i) => x[i] > 0 === side);
        return (rows.reduce((t, i) => t + event[i], 0) + 0.5) / (rows.length + 1);
      };
      return { below: share(false), above: share(true) };
    },
    predict: (model, table) => (table.columns.x as NumberColumn).values.map((v) => (v > 0 ? model.above : model.below)),
  };
  const table: Table = { id: Array.from(d.y, (_, i) => `P${i >> 1}`), columns: { x: { kind: "number", values: d.m1 } } };
  const fitting = learnerFitting(sides, table, { kind: "binary", event: Uint8Array.from(d.y), name: "y" });
  const drawn: number[][] = [];
  const watched: typeof fitting = { ...fitting, fit: (rows, random) => { drawn.push(Array.from(rows)); return fitting.fit(rows, random); } };
  const o = optimism(160, watched, riskMeasures(d.y), { random: randomStream(4), resamples: 5, patients: table.id });
  expect(o.apparent.brier).toBeGreaterThan(0);
  drawn.slice(1).forEach((rows) => rows.forEach((r, k) => { if (k % 2 === 0) expect([r % 2, rows[k + 1]]).toEqual([0, r + 1]); }));
  // the model of the first sample by hand
  const model = fitting.fit(Int32Array.from(drawn[1]), randomStream(1));
  const above = drawn[1].filter((i) => d.m1[i] > 0);
  expect(model.above).toBeCloseTo((above.reduce((t, i) => t + d.y[i], 0) + 0.5) / (above.length + 1), 14);
});

test("bad input ends in a sentence", () => {
  const fitting = logistic(["age"], true);
  expect(() => optimism(160, fitting, riskMeasures(d.y), { random: randomStream(1), indices: [[160]] })).toThrow("given sample 1 holds row 160");
  expect(() => optimism(160, fitting, riskMeasures(d.y), { random: randomStream(1), resamples: 0 })).toThrow("0 bootstrap samples");
  expect(() => crossValidate(160, fitting, riskMeasures(d.y), { random: randomStream(1), folds: 161 })).toThrow("161 folds asked for");
  expect(() => crossValidate(160, fitting, riskMeasures(d.y), { random: randomStream(1), event: [1, 0] })).toThrow("2 outcomes but 160 rows");
  expect(() => bootstrapAuc([1, 2], [1, 1], { random: randomStream(1) })).toThrow("both classes");
  expect(() => bootstrap632(fitting, new Float64Array(160), { random: randomStream(1) })).toThrow("both classes");
});
