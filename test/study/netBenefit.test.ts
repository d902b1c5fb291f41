// Decision curves of a study by hand: Vickers & Elkin 2006, and with censoring Vickers et al. 2008 (BMC Med Inform Decis Mak 8:53).
import { expect, test } from "vitest";
import type { DecisionData } from "../../src/report/index.js";
import { findFacts, noCache } from "../../src/study/index.js";
import { decisionFigure } from "../../src/study/figures/riskFigures.js";
import { dataOf, generatedCohort, memoryWorld, planFor } from "./generated.js";

/** 1 − Kaplan–Meier at t, patient by patient. */
function eventShare(time: readonly number[], event: readonly number[], t: number): number {
  let survival = 1;
  for (const at of [...new Set(time.filter((x, i) => event[i] === 1 && x <= t))].sort((a, b) => a - b)) {
    const risk = time.filter((x) => x >= at).length, deaths = time.filter((x, i) => x === at && event[i] === 1).length;
    survival *= 1 - deaths / risk;
  }
  return 1 - survival;
}

test.each(["binary", "survival"] as const)("net benefit of a %s study: nested folds pooled within a repeat and averaged over repeats, and the apparent set", async (outcome) => {
  const cohort = generatedCohort({ n: 72, noise: 3, signals: [1.1], age: 0.7, seed: `net ${outcome}`, outcome });
  const plan = planFor(cohort, { validation: { leaveOneCentreOut: false, crossValidation: { folds: 3, repeats: 2 } } });
  const { facts } = await findFacts(plan, dataOf(cohort), memoryWorld(), { code: "t", cache: noCache });
  const { panels } = decisionFigure(facts)[0].data as DecisionData;
  const which = outcome === "binary" ? 0 : 1, t = plan.evaluation.times[which];
  const o = cohort.outcome, event = Array.from(o.event), time = o.kind === "survival" ? Array.from(o.time) : [];
  const benefit = (risk: Float64Array, threshold: number) => {
    const treated = Array.from(risk.keys()).filter((k) => risk[k] >= threshold), share = treated.length / 72;
    if (treated.length === 0) return 0;
    const own = outcome === "binary" ? treated.reduce((s, k) => s + event[k], 0) / treated.length : eventShare(treated.map((k) => time[k]), treated.map((k) => event[k]), t);
    return share * own - (share * (1 - own) * threshold) / (1 - threshold);
  };
  expect(panels.map((p) => p.kind)).toEqual(["nested cross-validation", "apparent"]);
  for (const name of ["clinical", "combined"]) panels[0].threshold.forEach((threshold, k) => {
    const curves = panels.map((p) => p.curves.find((c) => c.name === name)!.netBenefit[k]);
    const repeats = facts.crossValidation!.repeats.map((r) => benefit(r.predictions[name].probability[which], threshold));
    expect(curves[0]).toBeCloseTo((repeats[0] + repeats[1]) / 2, 10);
    expect(curves[1]).toBeCloseTo(benefit(facts.sets[0].predictions[name].probability[which], threshold), 10);
  });
});
