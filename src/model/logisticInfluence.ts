import { cholesky, type Design } from "../math/index.js";
import { leverages } from "./weightedGram.js";
import { logisticInput, type LogisticOptions } from "./logistic.js";
import { logisticNewton, softplus } from "./logisticNewton.js";

/** One number a patient of weight above 0, in their order (`rows` gives the design's row). */
export type LogisticInfluence = {
  rows: number[]; fitted: number[]; leverage: number[]; pearson: number[]; deviance: number[]; cook: number[];
  warnings: string[];
};

/**
 * Residuals and influence of a logistic regression: Pearson (y − p)/√(p(1 − p)), deviance sign(y − p)·√(2·loss), leverage (diagonal of
 * the weighted hat matrix), Cook's distance pearson²·h / ((1 − h)²·k), k coefficients. Pregibon, Ann Stat 1981;9:705. Agrees with R
 * residuals, hatvalues, cooks.distance of a glm.
 * @throws InputError as logisticFit
 */
export function logisticInfluence(design: Design, event: ArrayLike<number>, options: LogisticOptions = {}): LogisticInfluence {
  const { s, y, weights, offset } = logisticInput("Logistic influence", design, event, options);
  const at = logisticNewton(s.columns, y, weights, offset);
  const p = s.columns.length;
  const w = at.mu.map((m, i) => weights[i] * m * (1 - m));
  const factor = cholesky(at.information, p);
  const leverage = factor === undefined ? w.map(() => NaN) : leverages(s.columns, factor, w);
  const sign = (i: number) => (y[i] ? 1 : -1);
  const pearson = at.mu.map((m, i) => (y[i] - m) * Math.sqrt(weights[i] / (m * (1 - m))));
  const deviance = at.eta.map((e, i) => sign(i) * Math.sqrt(2 * weights[i] * (softplus(e) - (y[i] ? e : 0))));
  const cook = pearson.map((r, i) => (r * r * leverage[i]) / ((1 - leverage[i]) * (1 - leverage[i])) / p);
  const warnings = factor === undefined || !at.converged ? ["The fit did not come to rest (separation?): leverage and distances are not reliable."] : [];
  return { rows: [...s.rows], fitted: [...at.mu], leverage: [...leverage], pearson: [...pearson], deviance: [...deviance], cook: [...cook], warnings };
}
