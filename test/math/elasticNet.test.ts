// Whole paths as R glmnet 4.1-6 gives them at thresh = 1e-14 (golden/stats; the calls stand in the reference files).
import { expect, test } from "vitest";
import { coxDeviance, elasticNet, type NetOptions, type NetPath, type NetResponse } from "../../src/math/elasticNet.js";
import { binomialCohort, dense, survivalCohort, wide } from "../netData.js";
import { reference } from "../stats.js";

type Rpath = { lambda: number[]; df: number[]; dev_ratio: number[]; nulldev: number; a0: number[] | null; beta_rows_are_variables: number[][] };
const all = (n: number) => Int32Array.from({ length: n }, (_, i) => i);
const spread = (x: Float64Array) => {
  const m = x.reduce((a, b) => a + b, 0) / x.length;
  return Math.sqrt(x.reduce((a, b) => a + (b - m) * (b - m), 0) / x.length);
};

/** Largest disagreement: λ relative, β·sd(x), intercept and deviance ratio absolute. */
function compare(ours: NetPath, theirs: Rpath, columns: Float64Array[]) {
  expect(ours.lambda.length).toBe(theirs.lambda.length);
  const sds = columns.map(spread);
  let [lambda, beta, a0, deviance] = [0, 0, 0, 0];
  theirs.lambda.forEach((l, k) => {
    lambda = Math.max(lambda, Math.abs(ours.lambda[k] / l - 1));
    const b = dense(ours.coefficients[k], columns.length);
    theirs.beta_rows_are_variables.forEach((row, j) => { beta = Math.max(beta, Math.abs(b[j] - row[k]) * sds[j]); });
    if (theirs.a0) a0 = Math.max(a0, Math.abs(ours.coefficients[k].intercept - theirs.a0[k]) / (1 + Math.abs(theirs.a0[k])));
    deviance = Math.max(deviance, Math.abs(ours.devianceRatio[k] - theirs.dev_ratio[k]));
  });
  const nullDeviance = Math.abs(ours.nullDeviance / theirs.nulldev - 1);
  // the first of a ridge path has λ = ∞: R counts coefficients of 1e-39 there
  const df = theirs.df.filter((d, k) => d !== ours.df[k] && !(k === 0 && ours.alpha === 0)).length;
  // with unpenalised columns λmax hangs on how exactly R has fitted them first
  expect(lambda).toBeLessThan(ours.df[0] > 0 ? 1e-9 : 1e-10);
  expect(beta).toBeLessThan(1e-5);
  expect(a0).toBeLessThan(1e-5);
  expect(deviance).toBeLessThan(1e-6);
  expect(nullDeviance).toBeLessThan(1e-10);
  expect(ours.converged.every(Boolean)).toBe(true);
  expect(df).toBe(0);
}

const cohort = { cox: survivalCohort(), binomial: binomialCohort(), gaussian: wide("gauss.csv") };
const run = (name: keyof typeof cohort, options: NetOptions) => {
  const { columns, response } = cohort[name];
  return elasticNet(columns, all(columns[0].length), response as NetResponse, { tolerance: 1e-11, ...options });
};

for (const family of ["cox", "binomial", "gaussian"] as const) {
  for (const [name, alpha] of [["a1", 1], ["a05", 0.5]] as const) {
    test(`${family} path, alpha ${alpha}, as glmnet`, () => {
      compare(run(family, { alpha }), reference(`glmnet_${family}_${name}`).result.path, cohort[family].columns);
    });
  }
  const { result, args } = reference(`glmnet_${family}_options`);
  const { extra } = cohort[family] as { extra: Record<string, Float64Array> };
  const lambdas = 30;
  const options: Record<string, NetOptions> = {
    penalty_factor: { lambdas, penaltyFactor: args.pf }, offset: { lambdas, offset: extra.offset }, weights: { lambdas, weights: extra.weights },
    no_standardize: { lambdas, standardize: false }, nonnegative: { lambdas, nonNegative: true }, user_lambda: { lambda: args.lambda },
    ridge: { lambdas, alpha: 0 }, no_intercept: { lambdas, intercept: false }, naive: { lambdas },
  };
  for (const name of Object.keys(options).filter((o) => o in result)) {
    test(`${family} path with ${name}, as glmnet`, () => {
      compare(run(family, options[name]), result[name], cohort[family].columns);
    });
  }
}

// R at thresh = 1e-22: at 1e-14 its coordinate descent ends short of the minimum where p > n (golden/stats/elasticNetTight.R tells by how much).
for (const [family, file] of [["cox", "surv_hd.csv"], ["binomial", "bin_hd.csv"]] as const) {
  const { columns, response } = wide(file);
  for (const [name, alpha] of [["a1", 1], ["a05", 0.5]] as const) {
    test(`${family} path with more columns than rows, alpha ${alpha}, as glmnet`, () => {
      const { result } = reference(`glmnet_${family}_hd_tight`);
      const shape = family === "cox" ? { lambdas: 50, lambdaRatio: 0.05 } : {};
      const ours = elasticNet(columns, all(columns[0].length), response, { alpha, tolerance: 1e-11, ...shape });
      compare(ours, result[name].path, columns);
      // at 1e-14: the same λ and deviances, coefficients short of the minimum
      const loose: Rpath = reference(`glmnet_${family}_hd_${name}`).result.path;
      loose.lambda.forEach((l, k) => {
        expect(Math.abs(ours.lambda[k] / l - 1)).toBeLessThan(1e-9);
        expect(Math.abs(ours.devianceRatio[k] - loose.dev_ratio[k])).toBeLessThan(1e-6);
        const b = dense(ours.coefficients[k], columns.length);
        expect(Math.max(...columns.map((x, j) => Math.abs(b[j] - loose.beta_rows_are_variables[j][k]) * spread(x)))).toBeLessThan(1e-4);
      });
    });
  }
}

// In nearly saturated fits R's criterion (thresh, on the change of coefficients) stops it before the minimum.
test("at thresh = 1e-14 R's coefficients differ by up to 1e-4, and its objective is not below ours", () => {
  const { columns, response } = wide("surv_hd.csv");
  const theirs: Rpath = reference("glmnet_cox_hd_a1").result.path;
  const rows = all(columns[0].length);
  const ours = elasticNet(columns, rows, response, { lambda: theirs.lambda, tolerance: 1e-11 });
  const { time, event } = response as Extract<NetResponse, { family: "cox" }>;
  const deviance = coxDeviance(time, event, rows);
  const sds = columns.map(spread);
  const objective = (b: ArrayLike<number>, lambda: number) => {
    const eta = Array.from(rows, (i) => columns.reduce((sum, x, j) => sum + x[i] * b[j], 0));
    return deviance(eta) / 2 / rows.length + lambda * sds.reduce((sum, sd, j) => sum + Math.abs(b[j]) * sd, 0);
  };
  let above = 0;
  theirs.lambda.forEach((lambda, k) => {
    const difference = objective(theirs.beta_rows_are_variables.map((row) => row[k]), lambda) - objective(dense(ours.coefficients[k], columns.length), lambda);
    expect(difference).toBeGreaterThan(-1e-14);
    above = Math.max(above, difference);
  });
  expect(above).toBeGreaterThan(1e-12);
});

test("two columns never penalised, others doubly, with more columns than rows", () => {
  const { columns, response } = wide("bin_hd.csv");
  const penaltyFactor = columns.map((_, j) => (j < 2 ? 0 : j < 152 ? 1 : 2));
  const path = elasticNet(columns, all(columns[0].length), response, { penaltyFactor, lambdas: 30, tolerance: 1e-11 });
  compare(path, reference("glmnet_hd_penalty_factor").result, columns);
});
