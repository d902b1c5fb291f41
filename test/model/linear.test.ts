import { expect, test } from "vitest";
import { designVif, linearFit, logisticFit, logisticInfluence, oddsRatioTable, vif } from "../../src/model/index.js";
import { data, reference, unequal, type Reference } from "../stats.js";
import { extendedTest, readJson } from "../data.js";
import { designFrom } from "./cohorts.js";

const d = data("bin_cohort.csv");

test("linear regression agrees with R lm (glm_weights_offset)", () => {
  const { lm } = reference("glm_weights_offset").result;
  const fit = linearFit(designFrom("bin_cohort.csv", ["age", "size", "adc"]).design, d.m1);
  for (const key of ["coefficient", "se", "t", "p"] as const) expect(unequal(fit[key], Object.values(lm[key === "coefficient" ? "coef" : key]), 1e-9)).toEqual([]);
  expect(unequal([fit.r2, fit.adjustedR2, fit.sigma, fit.f.value, fit.f.df1, fit.f.df2, fit.aic, fit.bic],
    [lm.r2, lm.adj_r2, lm.sigma, lm.f.value, lm.f.numdf, lm.f.dendf, lm.aic, lm.bic], 1e-10)).toEqual([]);
  expect(unequal(fit.lower.flatMap((v, k) => [v, fit.upper[k]]), lm.ci.values.flat(), 1e-9)).toEqual([]);
});

test("leverage and residuals of a logistic regression agree with R (glm_logit)", () => {
  const { result: r } = reference("glm_logit");
  const { design } = designFrom("bin_cohort.csv", ["age", "size", "adc", "her2", "multi", "shape:oval,irregular,round"]);
  const ours = logisticInfluence(design, d.y);
  // R's hat values are those of the last but one iterate
  expect(unequal(ours.leverage, r.hat, 1e-5)).toEqual([]);
  expect(unequal(ours.deviance, r.deviance_resid, 1e-7)).toEqual([]);
  expect(unequal(ours.pearson, r.pearson_resid, 1e-7)).toEqual([]);
  // leverages of a fit sum to its coefficients
  expect(ours.leverage.reduce((a, b) => a + b, 0)).toBeCloseTo(8, 8);
});

test("variance inflation agrees with R car, factors generalised (vif)", () => {
  const { result: r } = reference("vif");
  const { design, terms } = designFrom("bin_cohort.csv", ["age", "size", "adc", "her2", "shape:oval,irregular,round", "m1"]);
  const fit = logisticFit(design, d.y, { informationAt: "glm" });
  const ours = vif(fit, Object.fromEntries(terms.map((t) => [t.variable, t.columns.map((j) => design.names[j])])));
  expect(unequal(ours.flatMap((v) => [v.gvif, v.df, v.perDf]), r.glm_car_gvif.values.flat(), 1e-7)).toEqual([]);
  const lm = designFrom("surv_cohort.csv", ["age", "size", "nodes", "er"]).design;
  expect(unequal(vif(linearFit(lm, data("surv_cohort.csv").m1)).map((v) => v.gvif), Object.values(r.lm_car), 1e-9)).toEqual([]);
  expect(unequal(designVif(lm), Object.values(r.lm_car), 1e-9)).toEqual([]);
});

extendedTest("variance inflation agrees with R car on mtcars (vif_mtcars)", "stats/reference/vif_mtcars.json", (path) => {
  const { data: m, result: r } = readJson(path) as Reference & { data: any };
  const design = (names: string[]) => ({ names, columns: names.map((name) => Float64Array.from(m[name] as number[])), n: 32 });
  expect(unequal(vif(linearFit(design(["disp", "hp", "wt", "qsec"]), m.mpg)).map((v) => v.gvif), Object.values(r.lm), 1e-9)).toEqual([]);
  expect(unequal(vif(logisticFit(design(["mpg", "am"]), m.vs, { informationAt: "glm" })).map((v) => v.gvif), Object.values(r.glm), 1e-7)).toEqual([]);
});

test("a univariable table holds each variable's own fit, and the entered ones together", () => {
  const { design, terms } = designFrom("bin_cohort.csv", ["age", "size", "adc", "shape:oval,irregular,round"]);
  const table = oddsRatioTable(design, d.y, { terms, enter: 0.3 });
  expect(table.univariable.map((row) => row.ratios.length)).toEqual([1, 1, 1, 2]);
  const alone = logisticFit({ names: ["adc"], columns: [design.columns[2]], n: 160 }, d.y);
  expect(table.univariable[2].ratios[0].ratio).toBeCloseTo(Math.exp(alone.coefficient[1]), 10);
  expect(table.univariable[2].p).toBeCloseTo(alone.likelihoodRatio.p, 10);
  expect(table.entered).toEqual(table.univariable.filter((row) => row.p < 0.3).map((row) => row.term));
  expect(oddsRatioTable(design, d.y, { terms, enter: 1 }).multivariable.flatMap((r) => r.ratios.map((x) => x.name))).toEqual(design.names);
});

test("a dependent column has infinite inflation, a constant one none", () => {
  const x = Float64Array.of(1, 2, 4, 8, 16);
  const design = { names: ["x", "twice", "one"], columns: [x, x.map((v) => 2 * v + 1), x.map(() => 3)], n: 5 };
  expect(designVif(design)).toEqual([1, Infinity, NaN]);
});

test("Cook's distance of a linear regression is what leaving the patient out does to the fitted values", () => {
  const { design } = designFrom("bin_cohort.csv", ["age", "size", "adc"]);
  const fit = linearFit(design, d.m1);
  for (const out of [0, 17, 159]) {
    const rest = [...d.y.keys()].filter((i) => i !== out);
    const b = linearFit({ ...design, n: 159, columns: design.columns.map((c) => Float64Array.from(rest, (i) => c[i])) }, rest.map((i) => d.m1[i])).coefficient;
    const moved = fit.fitted.reduce((sum, v, i) => {
      const other = b[0] + design.columns.reduce((s, c, j) => s + b[j + 1] * c[i], 0);
      return sum + (v - other) * (v - other);
    }, 0);
    expect(fit.cook[out]).toBeCloseTo(moved / 4 / (fit.sigma * fit.sigma), 10);
  }
});

test("in a linear regression weight 2 counts twice for the coefficients, and an offset is a coefficient of 1", () => {
  const { design } = designFrom("bin_cohort.csv", ["age", "size", "adc"]);
  const w = Float64Array.from({ length: 160 }, (_, i) => i % 3);
  const rows = [...w.keys()].flatMap((i) => Array.from({ length: w[i] }, () => i));
  const twice = { ...design, columns: design.columns.map((c) => Float64Array.from(rows, (i) => c[i])), n: rows.length };
  expect(unequal(linearFit(design, d.m1, { weights: w }).coefficient, linearFit(twice, rows.map((i) => d.m1[i])).coefficient, 1e-10)).toEqual([]);
  const shifted = linearFit(design, d.m1, { offset: d.off });
  const minus = linearFit(design, d.m1.map((v, i) => v - d.off[i]));
  expect(unequal(shifted.coefficient, minus.coefficient, 1e-12)).toEqual([]);
  expect(unequal(shifted.fitted, minus.fitted.map((v, i) => v + d.off[i]), 1e-12)).toEqual([]);
});
