import { exp, normalQuantile } from "../math/index.js";
import { applyCoding, coxLinearPredictor, coxSurvival, type CoxTableModel, type FirthLogisticFit, type LogisticFit, type TableModel } from "../model/index.js";
import type { Table } from "../cohort/index.js";
import type { Computed } from "./blockTable.js";
import { hazardAt } from "./baselineHazard.js";
import type { FittedBlock } from "./pipeline.js";

/** Limits of the probability of the event of one row, by each time; `covers` says which uncertainty they hold, `none` why there are none. */
export type ProbabilityIntervals = { level: number; low: number[]; high: number[]; covers: string } | { none: string };

const notCovered = "It does not cover the choice of variables, the coefficients of a score, or patients of another kind.";

/**
 * Interval of a predicted probability by the delta method on the linear predictor, from the stored covariance of the coefficients:
 * logistic and Firth's logistic 1 / (1 + exp(−(lp ± z se))), se² = x'Vx; Cox 1 − exp(−H₀(t) exp(lp ± z se)), se relative to the mean
 * patient, with the baseline hazard's own variance where the model keeps it (Tsiatis 1981; `coxSurvival`). Penalised models and networks
 * store no covariance: none.
 * @param computed  what the block gave, with the columns its model read (`computeBlocks`);  @param row  which row
 */
export function probabilityIntervals(block: FittedBlock, computed: Computed, row: number, times: readonly number[], level = 0.95): ProbabilityIntervals {
  const linear = computed.linear[row];
  const model = block.model as { kind: string } | null;
  if (model === null) return { none: "The model is the null model: it has no coefficients." };
  if (!Number.isFinite(linear)) return { none: "The linear predictor could not be computed." };
  const z = normalQuantile((1 + level) / 2);
  const table: Table = { id: Array.from(computed.linear, (_, k) => String(k)), columns: computed.columns };
  if (model.kind === "logisticTable" || model.kind === "firthTable") {
    const { coding, model: fit } = model as TableModel<LogisticFit | FirthLogisticFit>;
    const design = applyCoding(coding, table);
    const x = [...(fit.intercept ? [1] : []), ...design.columns.map((c) => c[row])];
    const se = Math.sqrt(quadratic(x, fit.covariance));
    if (!Number.isFinite(se)) return { none: "A coefficient has no finite variance (separation)." };
    const probability = (lp: number) => 1 / (1 + exp(-lp));
    return { level, low: [probability(linear - z * se)], high: [probability(linear + z * se)], covers: `The interval covers the uncertainty of the model's coefficients. ${notCovered}` };
  }
  if (model.kind === "coxTable" && block.baseline !== undefined) {
    const { coding, model: fit } = model as unknown as CoxTableModel;
    const design = applyCoding(coding, table);
    const se = coxLinearPredictor(fit, design).se[row];
    if (!Number.isFinite(se)) return { none: "A coefficient has no finite variance (monotone likelihood)." };
    const whole = fit.baseline[0]?.variance !== undefined && fit.baseline.length === 1 ? coxSurvival(fit, design, times) : undefined;
    const spread = times.map((_, k) => {
      // se of log H(t | x) where the baseline's variance is stored: se of S over S · H
      const relative = whole === undefined ? se : whole.se[k][row] / (whole.survival[k][row] * whole.cumulativeHazard[k][row]);
      return Number.isFinite(relative) ? relative : se;
    });
    const risk = (t: number, lp: number) => 1 - exp(-hazardAt(block.baseline!, t) * exp(lp));
    return {
      level, low: times.map((t, k) => risk(t, linear - z * spread[k])), high: times.map((t, k) => risk(t, linear + z * spread[k])),
      covers: whole === undefined ? `The interval covers the uncertainty of the model's coefficients, relative to the mean patient, not that of the baseline hazard. ${notCovered}` : `The interval covers the uncertainty of the model's coefficients and of the baseline hazard. ${notCovered}`,
    };
  }
  return { none: "This kind of model stores no covariance of its coefficients, so that there is no interval." };
}

function quadratic(x: readonly number[], v: readonly (readonly (number | null)[])[]): number {
  let sum = 0;
  x.forEach((a, j) => x.forEach((b, k) => { if (a !== 0 && b !== 0) sum += a * (v[j][k] ?? NaN) * b; }));
  return sum;
}
