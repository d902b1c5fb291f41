// Values of the reference files that no method's own test looks at: the same numbers by a second way through the code.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  aucDelong, brierSurvival, cohenKappa, coxIndexes, lrmIndexes, compareConcordance, compareConcordanceSurvcomp, concordance, concordanceSurvcomp, delongPaired, likelihoodRatioTest, reverseKaplanMeier, survivalQuantiles,
} from "../../src/evaluate/index.js";
import { mcnemar, type Design } from "../../src/math/index.js";
import { coxFit, coxLinearPredictor, coxResiduals, coxSurvival, elasticNetCv, logisticFit, logisticGlobalScore, logisticLinear, vif, type CoxModel } from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";
import { extendedTest, readJson } from "../data.js";

const d = data("surv_cohort.csv");
const b = data("bin_cohort.csv");
const all = { time: d.time, event: d.status };
const dummy = (level: string) => Float64Array.from(d.text.grade, (g) => Number(g === level));
const columnOf = (name: string) => (name.startsWith("grade") ? dummy(name.slice(5)) : d[name]);
const designOn = (...names: string[]): Design => ({ names, columns: names.map(columnOf), n: d.time.length });
const eight = ["age", "size", "nodes", "er", "ki67", "rad", "gradeG2", "gradeG3", "meno"];

test("Brier score and its integrals of two Cox models on a fine grid, both rules (score_ibs: M1, M2)", () => {
  const { result: r, args } = reference("score_ibs");
  for (const [marker, theirs] of [["m1", r.M1], ["m2", r.M2]] as const) {
    const model = coxFit(designOn(marker), all);
    const risk = coxSurvival(model, designOn(marker), args.times).survival.map((s) => s.map((v) => 1 - v));
    const ours = brierSurvival(all, risk, args.times);
    // R's fit stops at 1e-9 of the likelihood
    expect(unequal(ours.times.map((x) => x.brier), theirs.brier, 1e-8)).toEqual([]);
    expect(unequal(ours.integratedLeft, theirs.ibs, 1e-8)).toEqual([]);
    expect(unequal([ours.integratedLeft[60], ours.integratedTrapezoid], [theirs.ibs_last, theirs.ibs_trapezoid], 1e-8)).toEqual([]);
  }
});

test("expected events and relative risks (coxph_basehaz_predict)", () => {
  const { result: r } = reference("coxph_basehaz_predict");
  const names = ["age", "size", "er", "rad"];
  const model = coxFit(designOn(...names), all);
  const { martingale } = coxResiduals(model, designOn(...names), all);
  expect(unequal(martingale.map((m, i) => d.status[i] - m), r.expected, 1e-8)).toEqual([]);
  const fresh: Design = { names, n: 3, columns: [[40, 55, 70], [10, 20, 40], [1, 0, 1], [-1, 0, 1.5]].map((c) => Float64Array.from(c)) };
  expect(unequal(coxLinearPredictor(model, fresh).value.map(Math.exp), r.risk_new, 1e-8)).toEqual([]);
});

/** rms fits until a step gains less than 1e-4 of the log likelihood. */
function asRms(design: Design): CoxModel {
  for (let before = NaN, steps = 0; ; steps++) {
    const fit = coxFit(design, all, { maxIterations: steps });
    if (Math.abs(1 - before / fit.loglik[1]) <= 1e-4) return fit;
    before = fit.loglik[1];
  }
}

test("variance inflation of a Cox model as rms::vif of cph (vif: cph_rms)", () => {
  const { cph_rms: theirs } = reference("vif").result;
  expect(unequal(vif(asRms(designOn("age", "size", "nodes", "er", "ki67", "rad"))).map((v) => v.gvif), Object.values(theirs), 1e-8)).toEqual([]);
});

test("predicted survival and its standard error as rms::survest (survest_groupkm)", () => {
  const { result: r } = reference("survest_groupkm");
  const names = ["age", "size", "er", "rad"];
  const fresh: Design = { names, n: 3, columns: [[40, 55, 70], [10, 20, 40], [1, 0, 1], [-1, 0, 1.5]].map((c) => Float64Array.from(c)) };
  const s = coxSurvival(asRms(designOn(...names)), fresh, [12, 36, 60]);
  const flat = (rows: ArrayLike<number>[]) => [0, 1, 2].flatMap((i) => rows.map((row) => row[i]));
  expect(unequal(flat(s.survival), r.surv.flat(), 1e-9)).toEqual([]);
  // survest's std.err is that of log survival
  expect(unequal(flat(s.se.map((row, k) => row.map((v, i) => v / s.survival[k][i]))), r.std_err.flat(), 1e-7)).toEqual([]);
});

test("concordance that coxph prints, every tie rule, strata, weights and offset, and of each variable alone", () => {
  const full = designOn(...eight);
  const lp = (model: CoxModel, design: Design) => coxLinearPredictor(model, design).value;
  const same = (predictor: ArrayLike<number>, r: any, options = {}) => {
    const c = concordance(all, predictor, options);
    expect(unequal([c.c, c.standardError], [r.concordance, r.concordance_se], 1e-8)).toEqual([]);
  };
  for (const ties of ["efron", "breslow", "exact"] as const) same(lp(coxFit(full, all, { ties }), full), reference(`coxph_${ties}`).result);
  const strata = d.text.centre.map((c) => (c === "A" ? 0 : 1));
  same(lp(coxFit(full, all, { strata }), full), reference("coxph_strata").result, { strata });
  same(lp(coxFit(full, all, { weights: d.w }), full), reference("coxph_weights_robust").result.weighted, { weights: d.w });
  const three = designOn("age", "er", "rad");
  const offset = d.m2.map((m) => m / 2);
  same(lp(coxFit(three, all, { offset }), three).map((v, i) => v + offset[i]), reference("coxph_offset").result);
  const alone = reference("cox_univariable").result;
  for (const name of Object.keys(alone)) {
    const design = name === "grade" ? designOn("gradeG2", "gradeG3") : designOn(name);
    const model = coxFit(design, all);
    same(lp(model, design), alone[name]);
    expect(unequal(model.loglik, [alone[name].loglik].flat().length === 2 ? alone[name].loglik : [model.loglik[0], alone[name].loglik], 1e-10)).toEqual([]);
  }
});

test("nested Cox models: log likelihoods (cox_anova) and the score test for trend (survdiff)", () => {
  const small = coxFit(designOn("age", "size"), all);
  const large = coxFit(designOn("age", "size", "gradeG2", "gradeG3", "rad"), all);
  const { nested } = reference("cox_anova").result;
  expect(unequal([small.loglik[1], large.loglik[1]], nested.loglik, 1e-10)).toEqual([]);
  const t = likelihoodRatioTest({ logLikelihood: small.loglik[1], df: 2 }, { logLikelihood: large.loglik[1], df: 5 });
  expect(unequal([t.chiSquared, t.df, t.p], [nested.chisq, nested.df, nested.p], 1e-8)).toEqual([]);
  const grade: Design = { names: ["grade"], columns: [Float64Array.from(d.text.grade, (g) => Number(g[1]))], n: d.time.length };
  const { trend_cox_score: r } = reference("survdiff").result;
  for (const ties of ["efron", "exact"] as const) expect(unequal([coxFit(grade, all, { ties }).tests.score.statistic], [r[ties]], 1e-10)).toEqual([]);
});

test("C, Dxy and pairs as Hmisc counts them (concordance_compare: rcorr.cens)", () => {
  const { result: r } = reference("concordance_compare");
  const m2 = concordance(all, d.m2);
  const usable = m2.concordant + m2.discordant + m2.tiedPredictor;
  // Hmisc counts a pair from both sides, and a tie in the predictor by halves
  expect(unequal([m2.c, 2 * m2.c - 1, 2 * usable, 2 * m2.concordant + m2.tiedPredictor], [r.hmisc_m2["C Index"], r.hmisc_m2.Dxy, r.hmisc_m2["Relevant Pairs"], r.hmisc_m2.Concordant], 1e-10)).toEqual([]);
  const m3 = concordance(all, d.m3);
  const untied = m3.concordant + m3.discordant;
  expect(unequal([m3.concordant / untied, 2 * untied, 2 * m3.concordant], [r.hmisc_outx_m3["C Index"], r.hmisc_outx_m3["Relevant Pairs"], r.hmisc_outx_m3.Concordant], 1e-10)).toEqual([]);
  expect(unequal([concordance(all, d.m1).c], [r.hmisc_pair_m1_m2["C X1"]], 1e-10)).toEqual([]);
});

test("AUC, interval and comparison as riskRegression::Score of a binary outcome (score_binary)", () => {
  const { auc, auc_contrasts: [contrast] } = reference("score_binary").result;
  for (const [risk, r] of [[b.p1, auc[0]], [b.p2, auc[1]]]) {
    const a = aucDelong(risk, b.y);
    expect(unequal([a.auc, a.se, a.lower, a.upper], [r.AUC, r.se, r.lower, r.upper], 1e-10)).toEqual([]);
  }
  const c = delongPaired(b.p2, b.p1, b.y);
  expect(unequal([c.difference, c.se, c.lower, c.upper, c.p], [contrast["delta.AUC"], contrast.se, contrast.lower, contrast.upper, contrast.p], 1e-9)).toEqual([]);
});

test("follow-up by reverse Kaplan–Meier with log intervals (km_reverse), linear kappa of psych (kappa)", () => {
  const { table_log: table } = reference("km_reverse").result;
  const median = survivalQuantiles(reverseKaplanMeier(all, { interval: "log" }).curve, [0.5])[0];
  const at = (name: string) => table.values[0][table.cols.indexOf(name)];
  expect(unequal([median.time, median.lower, median.upper], [at("median"), at("0.95LCL"), at("0.95UCL")], 1e-12)).toEqual([]);
  const k = data("raters.csv");
  const { result } = reference("kappa");
  for (const [other, theirs] of [[k.k2, result.k1_k2], [k.k3, result.k1_k3]]) {
    expect(unequal([cohenKappa(k.k1.map((v) => v - 1), other.map((v: number) => v - 1), { weights: "linear", categories: 4 }).kappa], [theirs.psych_linear], 1e-10)).toEqual([]);
  }
});

extendedTest("R's veteran data: a second model, covariance and comparison of the two C (concordance_veteran)", "stats/reference/concordance_veteran.json", (path) => {
  const { data: v, result: r } = JSON.parse(readFileSync(path, "utf8"));
  const out = { time: v.time, event: v.status };
  const lp = (...names: string[]) => {
    const design: Design = { names, columns: names.map((name) => Float64Array.from(v[name])), n: v.time.length };
    return coxLinearPredictor(coxFit(design, out), design).value;
  };
  const [first, second] = [lp("karno"), lp("karno", "age", "trt")];
  const c = compareConcordance(out, first, second);
  expect(unequal([...c.c, ...c.covariance.flat()], [...r.c, ...r.vcov.flat()], 1e-10)).toEqual([]);
  const two = concordance(out, second);
  expect([two.concordant, two.discordant, two.tiedPredictor, two.tiedTime, two.tiedBoth]).toEqual(["concordant", "discordant", "tied.x", "tied.y", "tied.xy"].map((k) => r.count2[k]));
  const s = concordanceSurvcomp(out, second);
  expect(unequal([s.c, s.standardError], [r.survcomp_c[1], r.survcomp_se[1]], 1e-10)).toEqual([]);
  expect(unequal([compareConcordanceSurvcomp(out, second, first).p], [r.survcomp_cindex_comp_p_2gt1], 1e-10)).toEqual([]);
});

extendedTest("McNemar on the approval ratings (mcnemar_toy)", "stats/reference/mcnemar_toy.json", (path) => {
  const { data: { m }, result: r } = readJson(path);
  for (const [ours, theirs] of [[mcnemar(m), r.corrected], [mcnemar(m, { correct: false }), r.uncorrected]]) {
    expect(unequal([ours.statistic, ...ours.df, ours.p], [theirs.statistic, theirs.parameter, theirs["p.value"]], 1e-9)).toEqual([]);
    expect(ours.method).toBe(theirs.method);
  }
  expect(unequal([mcnemar(m, { exact: true }).p], [r.exact_p], 1e-9)).toEqual([]);
});

extendedTest("German breast cancer study: logistic LASSO and elastic net as cv.glmnet (glmnet_binomial_gbsg_grade3)", "stats/reference/glmnet_binomial_gbsg_grade3.json", (path) => {
  const { data: { x, y, foldid }, result } = readJson(path);
  const design: Design = { names: x[0].map((_: number, j: number) => `x${j}`), columns: x[0].map((_: number, j: number) => Float64Array.from(x, (row: number[]) => row[j])), n: x.length };
  for (const [alpha, theirs] of [[1, result.lasso], [0.5, result.enet05]]) {
    const ours = elasticNetCv(design, { kind: "binary", event: Uint8Array.from(y), name: "grade 3" }, { alpha, folds: foldid, tolerance: 1e-9 });
    expect(unequal(ours.lambda, theirs.lambda, 1e-10)).toEqual([]);
    expect(unequal(ours.cvm, theirs.cvm, 1e-6)).toEqual([]);
    expect(unequal(ours.cvsd, theirs.cvsd, 1e-5)).toEqual([]);
    expect(ours.nzero).toEqual(theirs.nzero);
    expect([ours.indexMin + 1, ours.index1se + 1]).toEqual([theirs.index_min, theirs.index_1se]);
  }
});

// rms 6.5-0 lrm and cph $stats. lrm's own C, Dxy, Gamma and Tau-a go by risks rounded to 1/500 and are not compared (Gamma, Tau-a and the further R² are not computed).
test("the figures that rms prints of a logistic and of a Cox model", () => {
  const { stats: s } = reference("lrm_validate_calibrate").result;
  const design: Design = { names: ["age", "size", "adc", "her2"], columns: [b.age, b.size, b.adc, b.her2], n: b.y.length };
  const fit = logisticFit(design, b.y);
  const rows = Int32Array.from(b.y.keys());
  const g = lrmIndexes(b.y)(logisticLinear(fit, design), rows);
  expect(unequal([fit.n, fit.likelihoodRatio.statistic, fit.likelihoodRatio.df, fit.likelihoodRatio.p, g.r2, g.b, g.g, Math.exp(g.g), g.gp],
    [s.Obs, s["Model L.R."], s["d.f."], s.P, s.R2, s.Brier, s.g, s.gr, s.gp], 1e-6)).toEqual([]);
  expect(Math.abs(g.dxy - s.Dxy)).toBeLessThan(1e-3);
  const { stats: c } = reference("cph_validate_calibrate").result;
  const four = designOn("age", "size", "er", "rad");
  const cox = coxFit(four, all);
  const i = coxIndexes(d.time, d.status)(coxLinearPredictor(cox, four).value, Int32Array.from(d.time.keys()));
  const { likelihoodRatio: lr, score } = cox.tests;
  // cph stops at a relative gain of 1e-4: four digits of what depends on the coefficients, more of likelihoods
  expect(unequal([cox.n, cox.events, lr.statistic, lr.df, lr.p, score.statistic, score.p, i.r2, i.dxy], [c.Obs, c.Events, c["Model L.R."], c["d.f."], c.P, c.Score, c["Score P"], c.R2, c.Dxy], 1e-6)).toEqual([]);
  expect(unequal([i.g, Math.exp(i.g)], [c.g, c.gr], 1e-4)).toEqual([]);
});

test("score test of all terms of a logistic model (logistic_global_score: anova(test = \"Rao\"))", () => {
  const { result: r } = reference("logistic_global_score");
  const design: Design = { names: ["age", "size", "adc", "her2"], columns: [b.age, b.size, b.adc, b.her2], n: b.y.length };
  for (const [options, t] of [[{}, r.plain], [{ weights: b.w }, r.weights]] as const) {
    const ours = logisticGlobalScore(design, b.y, options);
    expect(unequal([ours.statistic, ours.df, ours.p], [t.statistic, t.df, t.p], 1e-9)).toEqual([]);
  }
});
