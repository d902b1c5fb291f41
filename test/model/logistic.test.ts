import { expect, test } from "vitest";
import {
  forwardScoreLr, likelihoodRatioTest, logisticDropTests, logisticFit, logisticInfluence, logisticProbability, logisticProfile, logisticScoreTest, logisticSequentialTests, logisticStepper, stepwise,
} from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";
import { designFrom } from "./cohorts.js";

const d = data("bin_cohort.csv");
// R takes standard errors at the last but one iterate; the exact ones differ in the fifth digit
const glm = { informationAt: "glm" } as const;
const full = ["age", "size", "adc", "her2", "multi", "shape:oval,irregular,round"];

/** `glmout` of helpers.R.txt */
function sameFit(fit: ReturnType<typeof logisticFit>, r: any, names = Object.keys(r.coef)) {
  expect(fit.names).toEqual(names);
  expect(unequal(fit.coefficient, Object.values(r.coef), 1e-8)).toEqual([]);
  expect(unequal(fit.se, Object.values(r.se), 1e-8)).toEqual([]);
  expect(unequal(fit.z, Object.values(r.z), 1e-8)).toEqual([]);
  expect(unequal(fit.p, Object.values(r.p), 1e-7)).toEqual([]);
  expect(unequal(fit.covariance.flat(), r.vcov.flat(), 1e-7)).toEqual([]);
  expect(unequal([fit.deviance, fit.nullDeviance, fit.dfResidual, fit.dfNull, fit.logLik, fit.aic, fit.bic, fit.n],
    [r.deviance, r.null_deviance, r.df_residual, r.df_null, r.loglik, r.aic, r.bic, r.n], 1e-10)).toEqual([]);
}

test("logistic regression agrees with R glm: fit, tests, intervals, probabilities (glm_logit)", () => {
  const { result: r } = reference("glm_logit");
  const { design, terms } = designFrom("bin_cohort.csv", full);
  const fit = logisticFit(design, d.y, glm);
  sameFit(fit, r);
  expect(fit.warnings).toEqual([]);
  const wald = r.ci_wald.values;
  expect(unequal(fit.lower, wald.map((v: number[]) => v[0]), 1e-7)).toEqual([]);
  expect(unequal(fit.upper, wald.map((v: number[]) => v[1]), 1e-7)).toEqual([]);
  expect(unequal(logisticProbability(fit, design), r.fitted, 1e-9)).toEqual([]);
  expect(unequal([fit.likelihoodRatio.statistic, fit.likelihoodRatio.df, fit.likelihoodRatio.p], [r.lr_model.chisq, r.lr_model.df, r.lr_model.p], 1e-9)).toEqual([]);
  // R interpolates its profile by a spline, ours are the roots: 4 digits
  const profile = logisticProfile(design, d.y);
  expect(unequal(profile.lower, r.ci_profile.values.map((v: number[]) => v[0]), 1e-3, 0.1)).toEqual([]);
  expect(unequal(profile.upper, r.ci_profile.values.map((v: number[]) => v[1]), 1e-3, 0.1)).toEqual([]);
  const nested = likelihoodRatioTest(logisticFit(designFrom("bin_cohort.csv", ["age", "size"]).design, d.y), fit);
  expect(unequal([nested.statistic, nested.df, nested.p], [r.lr_nested_age_size.chisq, r.lr_nested_age_size.df, r.lr_nested_age_size.p], 1e-9)).toEqual([]);
  // columns of drop1: Df, Deviance, AIC, LRT, p; of anova: Df, Deviance, Resid. Df, Resid. Dev, p; of add1: Df, Deviance, AIC, Rao, p
  const dropped = logisticDropTests(design, d.y, { terms });
  const rows = (m: any) => m.values.slice(1);
  expect(unequal(dropped.flatMap((t) => [t.df, t.statistic, t.p]), rows(r.drop1_lrt).flatMap((v: number[]) => [v[0], v[3], v[4]]), 1e-8)).toEqual([]);
  const sequence = logisticSequentialTests(design, d.y, { terms });
  expect(unequal(sequence.flatMap((t) => [t.df, t.statistic, t.p]), rows(r.sequential).flatMap((v: number[]) => [v[0], v[1], v[4]]), 1e-8)).toEqual([]);
  const scores = terms.map((term) => logisticScoreTest(design, d.y, [], term));
  expect(unequal(scores.flatMap((t) => [t.df, t.statistic, t.p]), rows(r.add1_score).flatMap((v: number[]) => [v[0], v[3], v[4]]), 1e-6)).toEqual([]);
});

test("weights and offset agree with R glm (glm_weights_offset)", () => {
  const { result: r } = reference("glm_weights_offset");
  const { design } = designFrom("bin_cohort.csv", ["size", "adc"]);
  sameFit(logisticFit(design, d.y, { weights: d.w, ...glm }), r.weighted);
  sameFit(logisticFit(design, d.y, { offset: d.off, ...glm }), r.offset);
});

test("stepwise by AIC and BIC takes R step's steps (glm_step)", () => {
  const { result: r } = reference("glm_step");
  const { design, terms } = designFrom("bin_cohort.csv", [...full, "m1"]);
  const candidates = terms.map((t) => t.variable);
  for (const direction of ["backward", "both", "forward"] as const) {
    for (const criterion of ["AIC", "BIC"] as const) {
      const theirs = r[`${direction}_${criterion.toLowerCase()}`];
      const ours = stepwise(candidates, logisticStepper(design, d.y, { terms }), { direction, criterion, ...(direction === "forward" ? {} : { start: candidates }) });
      expect(ours.terms).toEqual([theirs.terms].flat());
      expect(ours.path.map((s) => (s.action === "start" ? "" : `${s.action === "add" ? "+" : "-"} ${s.term}`))).toEqual(theirs.steps.map((s: any) => s.step));
      expect(unequal(ours.path.map((s) => s.criterion), theirs.steps.map((s: any) => s.aic), 1e-10)).toEqual([]);
      expect(unequal(ours.fit.coefficient, Object.values(theirs.coef), 1e-7)).toEqual([]);
    }
  }
});

test("forward selection by score test with removal by likelihood ratio agrees with the composed R search (glm_forward_score_lr)", () => {
  const { result: r } = reference("glm_forward_score_lr");
  const { design, terms } = designFrom("bin_cohort.csv", ["age", "size", "adc", "her2", "multi", "m1", "m2"]);
  const ours = forwardScoreLr(terms.map((t) => t.variable), logisticStepper(design, d.y, glm));
  expect(ours.path.map((s) => [s.action, s.term])).toEqual(r.path.map((s: any) => ["enter", s.enter]));
  expect(unequal(ours.path.flatMap((s) => [s.statistic, s.p]), r.path.flatMap((s: any) => [s.score, s.p]), 1e-6)).toEqual([]);
  expect(ours.terms).toEqual([r.final].flat());
  sameFit(ours.fit, r);
});

// stats::hatvalues, cooks.distance and residuals of glm at epsilon 1e-14
test("leverage, Cook's distance and residuals agree with R glm, weights included (glm_influence)", () => {
  const { result: r } = reference("glm_influence");
  for (const [names, options, theirs] of [[["age", "size", "adc", "her2"], {}, r.plain], [["size", "adc"], { weights: d.w }, r.weighted]] as const) {
    const ours = logisticInfluence({ names: [...names], columns: names.map((v) => d[v]), n: d.y.length }, d.y, options);
    for (const [a, b] of [[ours.leverage, theirs.hat], [ours.cook, theirs.cook], [ours.pearson, theirs.pearson], [ours.deviance, theirs.deviance]]) expect(unequal(a, b, 1e-8)).toEqual([]);
  }
});
