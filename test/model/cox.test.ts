import { expect, test } from "vitest";
import type { Design } from "../../src/math/index.js";
import { baselineHazard, coxFit, coxLinearPredictor, coxSurvival, type CoxModel } from "../../src/model/index.js";
import { data, reference, unequal } from "../stats.js";

const d = data("surv_cohort.csv");
const column = (name: string): Float64Array =>
  name.startsWith("grade") ? Float64Array.from(d.text.grade, (g) => Number(g === name.slice(5))) : d[name];
const designOn = (...names: string[]): Design => ({ names, columns: names.map(column), n: d.time.length });
const all = ["age", "size", "nodes", "er", "ki67", "rad", "gradeG2", "gradeG3", "meno"];
const followUp = { time: d.time, event: d.status };

/** Every field that coxout() gives. R stops where the log likelihood moves by less than 1e-9 of itself, which leaves 1e-8 in small coefficients. */
function compare(model: CoxModel, r: any): string[] {
  const of = (o: Record<string, number>) => model.names.map((name) => o[name]);
  const { likelihoodRatio, wald, score } = model.tests;
  return [
    ...unequal(model.coefficients, of(r.coef), 1e-8, 1e-2), ...unequal(model.robustSe ?? model.se, of(r.se), 1e-8), ...unequal(model.z, of(r.z), 1e-7, 1e-2),
    ...unequal(model.p, of(r.p), 1e-7), ...unequal(model.hazardRatio, of(r.hr), 1e-8),
    ...unequal(model.ci.flat(), model.names.flatMap((name) => [r.hr_lower95[name], r.hr_upper95[name]]), 1e-8),
    ...unequal(model.covariance.flat(), r.vcov.flat(), 1e-7, 1e-4),
    ...unequal(model.loglik, [r.loglik_null, r.loglik], 1e-12),
    ...unequal([likelihoodRatio.statistic, wald.statistic, score.statistic], [r.lr_test, r.wald_test, r.score_test], 1e-8),
    ...unequal([likelihoodRatio.p, wald.p, score.p], [r.p_lr, r.p_wald, r.p_score], 1e-7),
    ...unequal([model.n, model.events, likelihoodRatio.df, model.aic, model.bicEvents], [r.n, r.nevent, r.df, r.aic, r.bic_nevent], 1e-10),
  ];
}

test.each(["efron", "breslow", "exact"] as const)("coxFit agrees with R coxph, ties %s", (ties) => {
  expect(compare(coxFit(designOn(...all), followUp, { ties }), reference(`coxph_${ties}`).result)).toEqual([]);
});

test("strata, weights and offset agree with R coxph", () => {
  const strata = reference("coxph_strata").result;
  const model = coxFit(designOn(...all), followUp, { strata: d.text.centre });
  expect(compare(model, strata)).toEqual([]);
  const hazards = strata.basehaz0.time.map((t: number, k: number) => baselineHazard(model, [t], { stratum: strata.basehaz0.strata[k], centred: false })[0]);
  expect(unequal(hazards, strata.basehaz0.hazard, 1e-8)).toEqual([]);
  const centred = strata.basehaz0.time.map((t: number, k: number) => baselineHazard(model, [t], { stratum: strata.basehaz0.strata[k] })[0]);
  expect(unequal(centred, strata.basehaz_centered, 1e-8)).toEqual([]);

  const { weighted, weighted_breslow } = reference("coxph_weights_robust").result;
  expect(compare(coxFit(designOn(...all), followUp, { weights: d.w, robust: false }), weighted)).toEqual([]);
  const breslow = coxFit(designOn("age", "size", "er", "rad"), followUp, { weights: d.w, ties: "breslow", robust: false });
  expect(compare(breslow, weighted_breslow)).toEqual([]);

  const offset = coxFit(designOn("age", "er", "rad"), followUp, { offset: d.m2.map((m) => 0.5 * m) });
  expect(compare(offset, reference("coxph_offset").result)).toEqual([]);
});

test("robust variances, by row and by cluster, agree with R coxph", () => {
  const r = reference("coxph_weights_robust").result;
  const models: [CoxModel, any][] = [
    [coxFit(designOn(...all), followUp, { weights: d.w, robust: true }), r.weighted_robust],
    // coxph's own default where weights are no whole numbers
    [coxFit(designOn(...all), followUp, { weights: d.w }), r.weighted_robust],
    [coxFit(designOn(...all), followUp, { robust: true }), r.unweighted_robust],
    [coxFit(designOn("age", "size", "er", "rad"), followUp, { cluster: d.foldid }), r.cluster_foldid],
  ];
  for (const [model, expected] of models) {
    expect(unequal(model.robustCovariance!.flat(), expected.robust_var.flat(), 1e-7, 1e-4)).toEqual([]);
    expect(unequal(model.covariance.flat(), expected.naive_var.flat(), 1e-7, 1e-4)).toEqual([]);
    expect(unequal([model.tests.robustScore!.statistic, model.tests.wald.statistic], [expected.robust_score, expected.wald], 1e-7)).toEqual([]);
  }
});

test("baseline hazard, linear predictors and predicted survival agree with R basehaz, predict, survfit", () => {
  const r = reference("coxph_basehaz_predict");
  const names = ["age", "size", "er", "rad"];
  const model: CoxModel = JSON.parse(JSON.stringify(coxFit(designOn(...names), followUp)));
  const fresh: Design = { names, n: 3, columns: [[40, 55, 70], [10, 20, 40], [1, 0, 1], [-1, 0, 1.5]].map((c) => Float64Array.from(c)) };
  const { result } = r;
  expect(unequal(model.means, names.map((name) => result.means[name]), 1e-12)).toEqual([]);
  expect(unequal(baselineHazard(model, result.basehaz0.time, { centred: false }), result.basehaz0.hazard, 1e-8)).toEqual([]);
  expect(unequal(baselineHazard(model, result.basehaz0.time), result.basehaz_centered, 1e-8)).toEqual([]);
  expect(unequal(coxLinearPredictor(model, designOn(...names)).value, result.lp_centered, 1e-7, 1e-2)).toEqual([]);
  const lp = coxLinearPredictor(model, fresh);
  expect(unequal(lp.value, result.lp_new, 1e-8, 1e-1)).toEqual([]);
  expect(unequal(lp.se, result.lp_new_se, 1e-8)).toEqual([]);
  expect(unequal(coxLinearPredictor(model, fresh, { reference: "zero" }).value, result.lp_zero, 1e-8)).toEqual([]);
  const s = coxSurvival(model, fresh, r.args.times);
  const flat = (rows: Float64Array[]) => rows.flatMap((row) => [...row]);
  expect(unequal(flat(s.survival), result.surv.flat(), 1e-8)).toEqual([]);
  expect(unequal(flat(s.cumulativeHazard), result.cumhaz.flat(), 1e-8)).toEqual([]);
  expect(unequal(flat(s.se), result.se.flat(), 1e-8)).toEqual([]);
  expect(unequal(flat(s.lower), result.lower.flat(), 1e-8)).toEqual([]);
  expect(unequal(flat(s.upper), result.upper.flat(), 1e-8)).toEqual([]);
  const breslow = coxSurvival(coxFit(designOn(...names), followUp, { ties: "breslow" }), fresh, r.args.times);
  expect(unequal(flat(breslow.survival), result.surv_breslow.flat(), 1e-8)).toEqual([]);
});
