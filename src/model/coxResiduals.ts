import {
  coxData, coxRiskSets, InputError, log, martingaleResiduals, scoreResiduals,
  type CoxData, type CoxRiskSets, type CoxRows, type Design, type FollowUp,
} from "../math/index.js";
import type { CoxModel } from "./cox.js";
import { coefficient, matched } from "./coxBaseline.js";

/**
 * Residuals of a Cox model. Per row (in the order of the design): martingale, deviance, score (n × p), dfbeta (n × p), dfbetas.
 * Per event, ordered by stratum, time and row: schoenfeld and scaledSchoenfeld (events × p) with `time` and `row`.
 */
export type CoxResiduals = {
  martingale: Float64Array; deviance: Float64Array; score: Float64Array[]; dfbeta: Float64Array[]; dfbetas: Float64Array[];
  schoenfeld: Float64Array[]; scaledSchoenfeld: Float64Array[]; time: Float64Array; row: Int32Array;
};

/**
 * Residuals of a fitted model on the rows it was fitted to (matrices as one array a row):
 *   martingale  δ − e^η H(t);  deviance  sign(M) √(−2 (M + δ log(δ − M)))
 *   score  ∫ (x − x̄) dM;  dfbeta  w·score·V, the change in a coefficient on leaving the row out, to first order;  dfbetas  dfbeta / SE
 *   schoenfeld  x − x̄(t) at events;  scaledSchoenfeld  d·schoenfeld·V + β, d the number of events (Grambsch & Therneau, Biometrika 1994;81:515)
 * Therneau & Grambsch, Modeling Survival Data, 2000. Agree with R residuals(coxph), Efron's and Breslow's ties; V is the
 * model-based covariance. NaN columns where a coefficient has no estimate.
 * @throws InputError for exact ties (R has none either), or rows other than the model's
 */
export function coxResiduals(model: CoxModel, design: Design, followUp: FollowUp, rows: CoxRows = {}): CoxResiduals {
  const { data, sets } = coxAt(model, design, followUp, rows);
  const { n, p, row, scale, deaths, group, event } = data;
  const back = (values: Float64Array) => {
    const result = new Float64Array(n);
    for (let i = 0; i < n; i++) result[row[i]] = values[i];
    return result;
  };
  const martingale = back(martingaleResiduals(data, sets));
  const deviance = martingale.map((m, k) => {
    const d = followUp.event[k];
    return Math.sign(m) * Math.sqrt(Math.max(0, -2 * (m + (d === 1 ? log(d - m) : 0))));
  });
  const flat = scoreResiduals(data, sets);
  const score: Float64Array[] = [];
  const dfbeta: Float64Array[] = [];
  for (let i = 0; i < n; i++) {
    const u = Float64Array.from({ length: p }, (_, j) => flat[i * p + j] * scale[j]);
    score[row[i]] = u;
    dfbeta[row[i]] = timesCovariance(model, u).map((v) => v * data.weight[i]);
  }
  const spread = model.robustSe ?? model.se;
  const schoenfeld: Float64Array[] = [];
  const eventRow: number[] = [];
  for (const g of eventGroups(data)) {
    const positions = Array.from({ length: deaths[g] }, (_, k) => group[g] + k).sort((a, b) => row[a] - row[b]);
    for (const i of positions) {
      eventRow.push(row[i]);
      schoenfeld.push(Float64Array.from({ length: p }, (_, j) => (data.x[i * p + j] - sets.mean[g * p + j]) * scale[j]));
    }
  }
  const d = event.reduce((a, b) => a + b, 0);
  return {
    martingale, deviance, score, dfbeta, dfbetas: dfbeta.map((v) => v.map((b, j) => b / spread[j])), schoenfeld,
    scaledSchoenfeld: schoenfeld.map((s) => timesCovariance(model, s).map((v, j) => d * v + model.coefficients[j])),
    time: Float64Array.from(eventRow, (k) => followUp.time[k]), row: Int32Array.from(eventRow),
  };
}

/** Groups with events, by stratum and then time ascending. Plumbing: no source. */
export function eventGroups(data: CoxData): number[] {
  return Array.from(data.deaths.keys()).filter((g) => data.deaths[g] > 0).sort((a, b) => data.stratum[a] - data.stratum[b] || b - a);
}

/**
 * The model's rows sorted, and its risk sets at its coefficients. Plumbing: no source.
 * @throws InputError where the rows are not those the model was fitted on
 */
export function coxAt(model: CoxModel, design: Design, followUp: FollowUp, rows: CoxRows): { data: CoxData; sets: CoxRiskSets; beta: Float64Array } {
  if (model.ties === "exact") throw new InputError("Residuals and tests of hazards are not defined for exact ties. Fit the model with ties efron.");
  const data = coxData({ names: model.names, columns: matched(model, design), n: design.n }, followUp, rows);
  if (data.n !== model.n || data.events !== model.events) {
    throw new InputError(`The model was fitted to ${model.n} rows with ${model.events} events but is given ${data.n} with ${data.events}. Give the rows of the fit.`);
  }
  const beta = Float64Array.from(model.names, (_, j) => coefficient(model, j) * data.scale[j]);
  return { data, sets: coxRiskSets(data, beta, model.ties), beta };
}

/** v V with V the model-based covariance; NaN where V is. */
function timesCovariance(model: CoxModel, v: ArrayLike<number>): Float64Array {
  const known = model.covariance.map((row, j) => Number.isFinite(row[j] ?? NaN));
  return Float64Array.from(model.covariance, (row, j) => (known[j] ? row.reduce((sum, c, k) => (known[k] ? sum + c * v[k] : sum), 0) : NaN));
}
