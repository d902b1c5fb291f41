import { expect, test } from "vitest";
import { InputError, poolRubin, poolWald } from "../../src/math/index.js";
import { linearFit, logisticFit } from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";

// Expected: R mice 3.15.0, pool.scalar(Q, U, n, k = 1)
test("scalar pooling agrees with mice, large and small samples", () => {
  const { args, result } = reference("mice_pool_scalar");
  for (const [key, completeDf] of [["large", Infinity], ["n180", 179]] as const) {
    const ours = poolRubin(args.Q, args.U, completeDf), theirs = result[key];
    expect(unequal(
      [ours.estimate, ours.within, ours.between, ours.total, ours.df, ours.increase, ours.missingInformation, ours.se, ...ours.ci, ours.p],
      [theirs.qbar, theirs.ubar, theirs.b, theirs.t, theirs.df, theirs.r, theirs.fmi, theirs.se, ...theirs.ci95, theirs.p], 1e-9), key).toEqual([]);
  }
});

// Expected: R mice 3.15.0, pool and D1 of five logistic fits to given imputations; 1e-5 as R's glm stops at a gain of 1e-8
test("pooled logistic fits agree with mice", () => {
  const { args, result } = reference("mice_pool_glm");
  const d = data("bin_cohort.csv");
  const fits = (args.imputed as number[][]).map((values) => {
    const size = d.size.slice();
    (args.rows as number[]).forEach((r, k) => (size[r - 1] = values[k]));
    return logisticFit({ names: ["age", "size", "adc"], columns: [d.age, size, d.adc], n: size.length }, Uint8Array.from(d.y)) as any;
  });
  const { summary } = result.glm;
  for (let j = 0; j < 4; j++) {
    const pooled = poolRubin(fits.map((f) => f.coefficient[j]), fits.map((f) => f.covariance[j][j]), d.y.length - 4);
    expect(unequal([pooled.estimate, pooled.se, pooled.df, pooled.p, ...pooled.ci], [summary.estimate[j], summary["std.error"][j], summary.df[j], summary["p.value"][j], summary["2.5 %"][j], summary["97.5 %"][j]], 1e-5)).toEqual([]);
  }
  const wald = poolWald(fits.map((f) => [f.coefficient[2], f.coefficient[3]]), fits.map((f) => [2, 3].flatMap((a) => [2, 3].map((b) => f.covariance[a][b]))));
  expect(unequal([wald.f, wald.df1, wald.increase], [result.D1_age_only["F.value"], 2, result.D1_age_only.RIV], 1e-6)).toEqual([]);
});

// Expected: R mice 3.15.0 D1 over mitml 0.4-4 (makeMethods.R); its df2 of 4-coefficient models in 40 rows, and of a logistic fit (1e-5 as above)
test("the pooled Wald test has R's small-sample degrees of freedom", () => {
  const { args, result } = reference("mice_d1");
  const d = data("bin_cohort.csv");
  const tables = (args.imputed as number[][]).map((values) => {
    const size = d.size.slice();
    (args.rows as number[]).forEach((r, k) => (size[r - 1] = values[k]));
    return size;
  });
  const logistic = tables.map((size) => logisticFit({ names: ["age", "size", "adc"], columns: [d.age, size, d.adc], n: size.length }, Uint8Array.from(d.y)));
  const block = (covariance: number[][], of: number[]) => of.flatMap((a) => of.map((b) => covariance[a][b]));
  const one = poolWald(logistic.map((f) => [f.coefficient[2], f.coefficient[3]]), logistic.map((f) => block(f.covariance, [2, 3])), 156);
  expect(unequal([one.f, one.df2, one.p, one.increase], [result.glm_size_adc["F.value"], result.glm_size_adc.df2, result.glm_size_adc["P(>F)"], result.glm_size_adc.RIV], 1e-5)).toEqual([]);
  const linear = tables.map((size) => linearFit({ names: ["age", "size", "adc", "her2"], columns: [d.age, size, d.adc, d.her2].map((c) => c.slice(0, 40)), n: 40 }, d.m1.slice(0, 40)));
  const small = poolWald(linear.map((f) => [1, 2, 3].map((a) => f.coefficient[a])), linear.map((f) => block(f.covariance, [1, 2, 3])), 35);
  expect(unequal([small.f, small.df2, small.p, small.increase], [result.lm40_three["F.value"], result.lm40_three.df2, result.lm40_three["P(>F)"], result.lm40_three.RIV], 1e-9)).toEqual([]);
  // one coefficient: t² on Barnard and Rubin's df
  const alone = poolWald(linear.map((f) => [f.coefficient[2]]), linear.map((f) => block(f.covariance, [2])), 35);
  const pooled = poolRubin(linear.map((f) => f.coefficient[2]), linear.map((f) => f.covariance[2][2]), 35);
  expect(unequal([alone.f, alone.df2, alone.p], [pooled.t * pooled.t, pooled.df, pooled.p], 1e-9)).toEqual([]);
});

test("one imputation cannot be pooled", () => {
  expect(() => poolRubin([1], [1])).toThrow(InputError);
  expect(() => poolRubin([1, NaN], [1, 1])).toThrow(/Imputation 2/);
});
