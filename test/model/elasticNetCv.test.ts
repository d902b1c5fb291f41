// Cross-validation as R glmnet 4.1-6 cv.glmnet(foldid = d$foldid, thresh = 1e-14); the calls stand in the reference files.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { stabilitySelection as stabilityStep, type Outcome } from "../../src/cohort/index.js";
import { randomStream, type Design } from "../../src/math/index.js";
import { coefficientsAt, elasticNetCv, elasticNetPath, lassoCoxLearner, lassoLearner, stabilitySelection, type ElasticNetCv, type ElasticNetCvOptions } from "../../src/model/index.js";
import { extendedTest, readJson } from "../data.js";
import { binomialCohort, dense, survivalCohort, wide } from "../netData.js";
import { reference, unequal } from "../stats.js";

type Cohort = ReturnType<typeof wide>;
const design = ({ names, columns }: Cohort): Design => ({ names, columns, n: columns[0].length });
function outcome({ response: r }: Cohort): Outcome {
  if (r.family === "cox") return { kind: "survival", time: Float64Array.from(r.time), event: Uint8Array.from(r.event), unit: "months", name: "time" };
  if (r.family === "binomial") return { kind: "binary", event: Uint8Array.from(r.y), name: "y" };
  return { kind: "continuous", value: Float64Array.from(r.y), name: "y" };
}

function compare(cohort: Cohort, theirs: any, options: ElasticNetCvOptions, relative = 1e-6): ElasticNetCv {
  const ours = elasticNetCv(design(cohort), outcome(cohort), { tolerance: 1e-9, folds: cohort.fold, ...options });
  if (process.env.SHOW) console.log(Math.max(...theirs.cvm.map((c: number, k: number) => Math.abs(ours.cvm[k] / c - 1))), Math.max(...theirs.cvsd.map((c: number, k: number) => Math.abs(ours.cvsd[k] / c - 1))));
  // λmax beside columns without a penalty is that of a fit, which glmnet's threshold ends
  expect(unequal(ours.lambda, theirs.lambda, options.penaltyFactor === undefined ? 1e-10 : 1e-9)).toEqual([]);
  expect(unequal(ours.cvm, theirs.cvm, relative)).toEqual([]);
  expect(unequal(ours.cvsd, theirs.cvsd, 10 * relative)).toEqual([]);
  expect(ours.nzero).toEqual(theirs.nzero);
  expect([ours.indexMin + 1, ours.index1se + 1]).toEqual([theirs.index_min, theirs.index_1se]);
  const b = coefficientsAt(ours.path, ours.lambdaMin);
  const all = [...(cohort.response.family === "cox" ? [] : [b.intercept]), ...dense(b, cohort.columns.length)];
  expect(unequal(all, theirs.coef_min, 1e-4, 1e-3)).toEqual([]);
  return ours;
}

const cohorts = { cox: survivalCohort(), binomial: binomialCohort(), gaussian: wide("gauss.csv") };
for (const family of ["cox", "binomial", "gaussian"] as const) {
  for (const [name, alpha] of [["a1", 1], ["a05", 0.5]] as const) {
    test(`${family}, alpha ${alpha}, as cv.glmnet`, () => { compare(cohorts[family], reference(`glmnet_${family}_${name}`).result.cv, { alpha }); });
  }
  const { result, args } = reference(`glmnet_${family}_options`);
  const { extra } = cohorts[family];
  const options: Record<string, ElasticNetCvOptions> = {
    cv_penalty_factor: { penaltyFactor: args.pf }, cv_ungrouped: { grouped: false }, cv_C: { measure: "C" }, cv_offset: { offset: extra.offset },
    cv_weights: { weights: extra.weights }, cv_auc: { measure: "auc" }, cv_class: { measure: "class" }, cv_mse: { measure: "mse" }, cv_mae: { measure: "mae" },
  };
  for (const name of Object.keys(options).filter((o) => o in result)) {
    test(`${family}, ${name}, as cv.glmnet`, () => { compare(cohorts[family], result[name], { lambdas: 30, ...options[name] }); });
  }
}
for (const [family, file] of [["cox", "surv_hd.csv"], ["binomial", "bin_hd.csv"]] as const) {
  for (const [name, alpha] of [["a1", 1], ["a05", 0.5]] as const) {
    // R at thresh = 1e-22: at 1e-14 it ends short of the minimum where p > n (golden/stats/elasticNetTight.R)
    test(`${family} with more columns than rows, alpha ${alpha}, as cv.glmnet`, () => {
      compare(wide(file), reference(`glmnet_${family}_hd_tight`).result[name].cv, { alpha, ...(family === "cox" ? { lambdas: 50, lambdaRatio: 0.05 } : {}) });
    });
  }
}

test.each([["survival", survivalCohort], ["binary", binomialCohort]])("%s: glmnet's early end leaves the chosen λ as it is on the whole path", (_, cohort) => {
  const { columns, names, response } = cohort();
  const n = columns[0].length;
  const y: Outcome = response.family === "cox" ? { kind: "survival", name: "y", time: Float64Array.from(response.time), event: Uint8Array.from(response.event), unit: "months" }
    : { kind: "binary", name: "y", event: Uint8Array.from(response.y) };
  for (let seed = 1; seed <= 3; seed++) {
    const [early, whole] = [false, true].map((wholePath) => elasticNetCv({ names, columns, n }, y, { random: randomStream(seed), folds: 5, wholePath }));
    expect(whole.lambda.length).toBe(100);
    expect(early.lambda.length).toBeLessThan(100);
    expect(early.lambdaMin).toBe(whole.lambdaMin);
  }
});

test("noise alone may select nothing, and that is a result", () => {
  const random = randomStream(7);
  const n = 80;
  const columns = Array.from({ length: 20 }, () => Float64Array.from({ length: n }, () => random.normal()));
  const d = { names: columns.map((_, j) => `x${j}`), columns, n };
  const y: Outcome = { kind: "binary", event: Uint8Array.from({ length: n }, () => random.below(2)), name: "y" };
  const cv = elasticNetCv(d, y, { random: randomStream(1), folds: 5 });
  expect(cv.selected1se).toEqual([]);
  expect(JSON.parse(JSON.stringify(cv)).selected1se).toEqual([]);
  const again = elasticNetCv(d, y, { random: randomStream(1), folds: 5 });
  expect(again.cvm).toEqual(cv.cvm);
  const table = { id: Array.from({ length: n }, (_, i) => `P${i}`), columns: Object.fromEntries(d.names.map((name, j) => [name, { kind: "number" as const, values: columns[j] }])) };
  const model = lassoLearner.fit(table, y, { at: "1se", folds: 5 }, randomStream(1));
  expect(model.selected).toEqual([]);
  expect(model.warnings.join()).toContain("No variable was selected");
  const share = y.event.reduce((a, b) => a + b, 0) / n;
  for (const p of lassoLearner.predict(model, table)) expect(p).toBeCloseTo(share, 10);
});

test("stability selection finds planted columns among noise and keeps near its bound", () => {
  const random = randomStream(11);
  const n = 160;
  const columns = Array.from({ length: 60 }, () => Float64Array.from({ length: n }, () => random.normal()));
  const time = Float64Array.from({ length: n }, (_, i) => -Math.log(1 - random.next()) / Math.exp(columns[3][i] - columns[7][i]));
  const event = Uint8Array.from({ length: n }, () => (random.next() < 0.8 ? 1 : 0));
  const d = { names: columns.map((_, j) => `x${j}`), columns, n };
  const y: Outcome = { kind: "survival", time, event, unit: "months", name: "OS" };
  const found = stabilitySelection(d, y, randomStream(3), { halves: 40 });
  expect(found.selected).toEqual(expect.arrayContaining(["x3", "x7"]));
  expect(found.selected.length).toBeLessThanOrEqual(2 + Math.ceil(found.falseBound));
  expect(stabilitySelection(d, y, randomStream(3), { halves: 40 }).share).toEqual(found.share);
  // the step over a table of the same patients is the same selection
  const rows = Array.from(time.keys(), (i) => String(i).padStart(9, "0"));
  const whole = { id: rows, columns: Object.fromEntries(d.names.map((name, j) => [name, { kind: "number" as const, values: columns[j] }])) };
  const stepped = stabilityStep.fit(whole, y, { halves: 40 }, randomStream(3));
  expect(stepped.shares.map((s: { share: number }) => s.share)).toEqual(found.share);
  expect(stepped.kept).toEqual(found.selected);
  // bounds by hand: q = ⌊√48⌋ = 6, p = 60, π = .75, 20 pairs; M & B 36/(.5·60); unimodal 36/60 · 1/(2(.5 − 1/40))
  expect(found.falseBound).toBeCloseTo(1.2, 12);
  expect(found.unimodalBound).toBeCloseTo(0.6 / 0.95, 12);
  expect(stabilitySelection(d, y, randomStream(3), { halves: 40, threshold: 0.9 }).unimodalBound).toBeCloseTo((0.6 * 4 * 0.125) / 1.05, 12);
  const halves = stabilitySelection(d, y, randomStream(3), { halves: 25, scheme: "halves" });
  expect(halves.selected).toEqual(expect.arrayContaining(["x3", "x7"]));
  expect(halves.unimodalBound).toBeNull();
  expect(() => stabilitySelection(d, y, randomStream(3), { halves: 25 })).toThrow(/an even number/);
  const table = { id: Array.from(time.keys(), String), columns: Object.fromEntries(d.names.map((name, j) => [name, { kind: "number" as const, values: columns[j] }])) };
  const model = lassoCoxLearner.fit(table, y, {}, randomStream(5));
  expect(model.selected).toEqual(expect.arrayContaining(["x3", "x7"]));
});

test("bad input is named, and what cannot vary is left at 0 with a warning", () => {
  const columns = [Float64Array.of(1, 2, 3, 4, 5, 7), new Float64Array(6).fill(2)];
  const d: Design = { names: ["a", "still"], columns, n: 6 };
  const y: Outcome = { kind: "binary", event: Uint8Array.of(0, 1, 0, 1, 1, 0), name: "pCR" };
  const path = elasticNetPath(d, y);
  expect(path.warnings.join()).toContain("still does not vary");
  expect(path.coefficients.every((c) => !c.index.includes(1))).toBe(true);
  expect(() => elasticNetPath(d, { ...y, event: new Uint8Array(6) })).toThrow(/pCR has one class only in 6 rows/);
  expect(() => elasticNetPath({ ...d, columns: [Float64Array.of(1, 2, NaN, 4, 5, 7), columns[1]] }, y)).toThrow(/a is NaN in row 3/);
  expect(() => elasticNetPath(d, y, { weights: [1, 1, 1, 1, 1, Infinity] })).toThrow(/weight 6 is Infinity/);
  expect(() => elasticNetPath(d, { kind: "survival", time: Float64Array.of(1, 2, 3, 4, 5, 6), event: new Uint8Array(6), unit: "months", name: "OS" })).toThrow(/OS has no event/);
  expect(() => elasticNetCv(d, y)).toThrow(/seeded random stream/);
  expect(() => elasticNetCv(d, y, { folds: [1, 2, 3, 1, 2, 3], measure: "C" })).toThrow(/does not fit a binary outcome/);
});

test("complete separation ends in finite coefficients and a warning", () => {
  const d: Design = { names: ["a"], columns: [Float64Array.of(1, 2, 3, 4, 5, 6)], n: 6 };
  const path = elasticNetPath(d, { kind: "binary", event: Uint8Array.of(0, 0, 0, 1, 1, 1), name: "pCR" });
  expect(path.warnings.join()).toContain("separated");
  for (const { value } of path.coefficients) expect(value.every(Number.isFinite)).toBe(true);
});

type Study = { rows: Record<string, string>[]; column(name: string): Float64Array };
function breastCancer(path: string): Study {
  const rows = csvParse(readFileSync(join(dirname(path), "../gbsg.csv"), "utf8"));
  return { rows, column: (name) => Float64Array.from(rows, (row) => Number(row[name])) };
}
const everyTenth = (n: number) => Float64Array.from({ length: n }, (_, i) => (i % 10) + 1);

// R glmnet puts censored times after events at the same time by adding 2.2e-14 to them: from 256 days on that is lost in rounding, and some
// rows censored on the day of an event are missing from its risk set. So glmnet(x, Surv(rfstime, status), family = "cox") has λmax
// 0.188657439775004 and null deviance 3492.63; with rfstime / 1e4, or with 1e-4 added to the censored times, it has 0.188648980259169 and
// 3492.80166427977, the Breslow likelihood (and 3492.07 were all such rows missing). The numbers here are those of rfstime / 1e4:
// cv.glmnet(x, Surv(rfstime / 1e4, status), family = "cox", foldid = (row - 1) %% 10 + 1, thresh = 1e-14).
extendedTest("German breast cancer study: Cox LASSO as cv.glmnet", "stats/reference/glmnet_cox_gbsg.json", (path) => {
  const { rows, column } = breastCancer(path);
  const names = ["age", "meno", "size", "grade", "nodes", "pgr", "er", "hormon"];
  const cohort: Cohort = { names, columns: names.map(column), response: { family: "cox", time: column("rfstime"), event: column("status") }, fold: everyTenth(rows.length), extra: {} };
  const cv = elasticNetCv(design(cohort), outcome(cohort), { folds: cohort.fold, tolerance: 1e-9 });
  expect(unequal([cv.path.nullDeviance, cv.lambda.length, cv.lambda[0], cv.lambdaMin, cv.lambda1se], [3492.80166427977, 51, 0.188648980259169, 0.0167938168458859, 0.0983617347190569], 1e-12)).toEqual([]);
  expect(unequal([cv.cvm[0], cv.cvm[cv.indexMin], cv.cvsd[cv.indexMin], cv.cvm[50]], [13.3224896749135, 13.0691734958567, 0.136377891011440, 13.0875988392727], 1e-7)).toEqual([]);
  const b = [0, 0.03696847355034789, 0.00553774923159205, 0.24818219019225751, 0.04874236420298155, -0.00168164048266382, 0, -0.24463729577745097];
  expect(unequal(dense(coefficientsAt(cv.path, cv.lambdaMin), 8), b, 1e-6)).toEqual([]);
  // in days, as R counts them
  const theirs = readJson(path).result;
  expect(unequal([cv.path.nullDeviance], [theirs.path.nulldev], 1e-4)).toEqual([]);
  expect(unequal(cv.lambda, theirs.cv.lambda, 1e-4)).toEqual([]);
  expect(unequal(cv.cvm, theirs.cv.cvm, 1e-3)).toEqual([]);
});

extendedTest("German breast cancer study: grade 3 by logistic LASSO and elastic net as cv.glmnet", "stats/reference/glmnet_binomial_gbsg_grade3.json", (path) => {
  const { rows, column } = breastCancer(path);
  const { result } = readJson(path);
  const names = ["age", "size", "nodes", "pgr", "er", "hormon"];
  const y = column("grade").map((g) => Number(g === 3));
  const cohort: Cohort = { names, columns: names.map(column), response: { family: "binomial", y }, fold: everyTenth(rows.length), extra: {} };
  compare(cohort, result.lasso, { alpha: 1 });
  compare(cohort, result.enet05, { alpha: 0.5 });
});
